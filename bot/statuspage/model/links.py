"""Where everything of the page lies; the provider, the pages and the files agree through this."""

from urllib.parse import quote, urlsplit

from bot.statuspage.model.site import IncidentRecord, MaintenanceRecord, Site


def path(event: IncidentRecord | MaintenanceRecord) -> str:
    kind = "incident" if isinstance(event, IncidentRecord) else "maintenance"
    return f"/{kind}/{quote(event.id, safe='')}"


def address(site: Site, event: IncidentRecord | MaintenanceRecord) -> str:
    return site.url + path(event)


def root(site: Site) -> str:
    """Return what goes before every path in a link, for a page that lies in a folder."""
    return urlsplit(site.url).path.rstrip("/")
