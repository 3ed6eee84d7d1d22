"""What one person sees of everything at once: pages, what is not operational, what is open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance
from bot.domain.pages import Component, Page
from bot.domain.reminders.watches import Freshness


@dataclass(frozen=True, slots=True)
class PageOverview:
    """A page as it was last read: how many components it has, and those to be shown of them."""

    page: Page
    read_at: datetime
    total: int
    shown: Sequence[Component]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Pages with what is not operational, open incidents, running and coming maintenances.

    `freshness` says of each, by our ids, what its parent message says of the next update.
    """

    pages: Sequence[PageOverview]
    incidents: Sequence[Incident] = ()
    maintenances: Sequence[Maintenance] = ()
    freshness: Mapping[str, Freshness] = field(default_factory=dict)
