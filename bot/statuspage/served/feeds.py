"""RSS and Atom, one entry for each update, so that readers announce every one of them."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from email.utils import format_datetime

from bot.statuspage.dialects.json_values import iso_seconds
from bot.statuspage.model.change_times import last_change
from bot.statuspage.model.links import host
from bot.statuspage.model.markdown import to_html, xml_safe
from bot.statuspage.model.site_state import SiteState
from bot.statuspage.served.feed_entries import FeedEntry, feed_entries

_ATOM = "http://www.w3.org/2005/Atom"
_HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n'

ET.register_namespace("atom", _ATOM)


def rss(state: SiteState) -> bytes:
    """Return the feed as RSS 2.0."""
    site = state.site
    feed = ET.Element("rss", version="2.0")
    channel = ET.SubElement(feed, "channel")
    _leaf(channel, "title", f"{site.name} status")
    _leaf(channel, "link", f"{site.url}/")
    _leaf(channel, "description", f"Every update on incidents and maintenance of {site.name}.")
    _leaf(channel, "language", "en")
    self_link = {"href": f"{site.url}/feed.rss", "rel": "self", "type": "application/rss+xml"}
    ET.SubElement(channel, f"{{{_ATOM}}}link", self_link)
    for entry in feed_entries(state):
        item = ET.SubElement(channel, "item")
        _leaf(item, "title", entry.title)
        _leaf(item, "link", entry.link)
        _leaf(item, "guid", entry.id, isPermaLink="false")
        _leaf(item, "pubDate", _mail_date(entry.published))
        _leaf(item, "description", to_html(entry.message))
    return _written(feed)


def atom(state: SiteState) -> bytes:
    """Return the feed as Atom."""
    site = state.site
    feed = ET.Element("feed", xmlns=_ATOM)
    newest = feed_entries(state)
    _leaf(feed, "id", f"tag:{host(site)},2026:updates")
    _leaf(feed, "title", f"{site.name} status")
    _leaf(feed, "updated", iso_seconds(_updated(newest, state)))
    ET.SubElement(feed, "link", href=f"{site.url}/", rel="alternate", type="text/html")
    ET.SubElement(feed, "link", href=f"{site.url}/feed.atom", rel="self")
    _leaf(ET.SubElement(feed, "author"), "name", site.name)
    for one in newest:
        entry = ET.SubElement(feed, "entry")
        _leaf(entry, "id", one.id)
        _leaf(entry, "title", one.title)
        _leaf(entry, "published", iso_seconds(one.published))
        _leaf(entry, "updated", iso_seconds(one.updated))
        ET.SubElement(entry, "link", href=one.link, rel="alternate", type="text/html")
        _leaf(entry, "content", to_html(one.message), type="html")
    return _written(feed)


def _updated(newest: list[FeedEntry], state: SiteState) -> datetime:
    return max((entry.updated for entry in newest), default=last_change(state.site, state.at))


def _leaf(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = xml_safe(text)


def _written(root: ET.Element) -> bytes:
    written: bytes = ET.tostring(root, encoding="utf-8")
    return _HEAD + written


def _mail_date(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC))
