"""What accepting needs to know of the settings and the pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.incident_rules import LONGEST_AGO
from bot.domain.maintenances.recurrence import Planning
from bot.domain.pages import Capabilities


@dataclass(frozen=True, slots=True)
class Rules:
    """What accepting something new needs to know of the settings and the pages."""

    capabilities: Callable[[str], Capabilities]
    channel: Callable[[tuple[str, ...], str], str]
    planning: Planning = field(default_factory=Planning)
    longest_ago: timedelta = LONGEST_AGO
    """How long ago an incident may have started."""


@dataclass(frozen=True, slots=True)
class Channels:
    """Where things are announced: each page's own channel, else the one for all."""

    default: str | None
    by_page: Mapping[str, str]

    def choose(self, page_ids: tuple[str, ...], used: str) -> str:
        """Return the channel for something on these pages, begun in the channel `used`."""
        own = (self.by_page[page_id] for page_id in page_ids if page_id in self.by_page)
        return next(own, self.default or used)
