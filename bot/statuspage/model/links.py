"""Where everything of the page lies; the provider, the pages and the files agree through this."""

import hashlib
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


def host(site: Site) -> str:
    """Return the name under which the page's ids are unique in the world."""
    return urlsplit(site.url).hostname or "localhost"


def page_id(site: Site) -> str:
    """Return an opaque id of the page, the same as long as its address is."""
    return hashlib.sha256(site.url.encode()).hexdigest()[:12]
