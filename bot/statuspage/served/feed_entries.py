"""The newest updates as the entries of the feeds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest

from bot.statuspage.model.links import address, host
from bot.statuspage.model.site import IncidentRecord, MaintenanceRecord
from bot.statuspage.model.site_state import SiteState

_NEWEST = 50


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One update as an entry of a feed; `id` never changes, whatever is edited."""

    id: str
    title: str
    link: str
    published: datetime
    updated: datetime
    message: str


def feed_entries(state: SiteState) -> list[FeedEntry]:
    """Return the newest updates, the newest first."""
    return nlargest(_NEWEST, _all(state), key=lambda entry: (entry.published, entry.id))


def _all(state: SiteState) -> Iterator[FeedEntry]:
    site = state.site
    events: tuple[IncidentRecord | MaintenanceRecord, ...] = (*site.incidents, *site.maintenances)
    for event in events:
        link = address(site, event)
        for update in event.updates:
            yield FeedEntry(
                id=f"tag:{host(site)},{update.at:%Y-%m-%d}:{event.id}/{update.id}",
                title=f"[{update.status.label}] {event.name}",
                link=link,
                published=update.at,
                updated=update.edited_at or update.at,
                message=update.message,
            )
