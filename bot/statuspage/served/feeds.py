"""RSS and Atom, one entry for each update, so that readers announce every one of them."""

import xml.etree.ElementTree as ET
from datetime import UTC
from email.utils import format_datetime
from heapq import nlargest

from bot.statuspage.dialects.json_values import iso_seconds
from bot.statuspage.model.change_times import last_change
from bot.statuspage.model.links import address
from bot.statuspage.model.markdown import to_html, xml_safe
from bot.statuspage.model.site import (
    IncidentRecord,
    MaintenanceRecord,
    MaintenanceUpdateRecord,
    Site,
    UpdateRecord,
)
from bot.statuspage.model.site_state import SiteState

Event = IncidentRecord | MaintenanceRecord
Update = UpdateRecord | MaintenanceUpdateRecord
Post = tuple[Event, Update]

_NEWEST = 50
_ATOM = "http://www.w3.org/2005/Atom"
_HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n'

ET.register_namespace("atom", _ATOM)


def rss(state: SiteState) -> bytes:
    site = state.site
    feed = ET.Element("rss", version="2.0")
    channel = ET.SubElement(feed, "channel")
    _leaf(channel, "title", f"{site.name} status")
    _leaf(channel, "link", f"{site.url}/")
    _leaf(channel, "description", f"Every update on incidents and maintenance of {site.name}.")
    _leaf(channel, "language", "en")
    self_link = {"href": f"{site.url}/feed.rss", "rel": "self", "type": "application/rss+xml"}
    ET.SubElement(channel, f"{{{_ATOM}}}link", self_link)
    for event, update in _newest(site):
        item = ET.SubElement(channel, "item")
        _leaf(item, "title", _title(event, update))
        _leaf(item, "link", address(site, event))
        _leaf(item, "guid", _id(site, event, update), isPermaLink="false")
        _leaf(item, "pubDate", format_datetime(update.at.astimezone(UTC)))
        _leaf(item, "description", to_html(update.message))
    return _written(feed)


def atom(state: SiteState) -> bytes:
    site = state.site
    feed = ET.Element("feed", xmlns=_ATOM)
    newest = _newest(site)
    changed = (update.edited_at or update.at for _, update in newest)
    updated = max(changed, default=last_change(site, state.at))
    _leaf(feed, "id", f"tag:{site.authority},2026:updates")
    _leaf(feed, "title", f"{site.name} status")
    _leaf(feed, "updated", iso_seconds(updated))
    ET.SubElement(feed, "link", href=f"{site.url}/", rel="alternate", type="text/html")
    ET.SubElement(feed, "link", href=f"{site.url}/feed.atom", rel="self")
    _leaf(ET.SubElement(feed, "author"), "name", site.name)
    for event, update in newest:
        entry = ET.SubElement(feed, "entry")
        _leaf(entry, "id", _id(site, event, update))
        _leaf(entry, "title", _title(event, update))
        _leaf(entry, "published", iso_seconds(update.at))
        _leaf(entry, "updated", iso_seconds(update.edited_at or update.at))
        link = address(site, event)
        ET.SubElement(entry, "link", href=link, rel="alternate", type="text/html")
        _leaf(entry, "content", to_html(update.message), type="html")
    return _written(feed)


def _newest(site: Site) -> list[Post]:
    events: tuple[Event, ...] = (*site.incidents, *site.maintenances)
    posts = ((event, update) for event in events for update in event.updates)
    return nlargest(_NEWEST, posts, key=lambda post: (post[1].at, _id(site, *post)))


def _id(site: Site, event: Event, update: Update) -> str:
    """Return what never changes, whatever is edited."""
    return f"tag:{site.authority},{update.at:%Y-%m-%d}:{event.id}/{update.id}"


def _title(event: Event, update: Update) -> str:
    return f"[{update.status.label}] {event.name}"


def _leaf(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = xml_safe(text)


def _written(root: ET.Element) -> bytes:
    written: bytes = ET.tostring(root, encoding="utf-8")
    return _HEAD + written
