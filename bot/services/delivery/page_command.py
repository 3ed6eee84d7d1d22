"""How each sort of thing that is owed to pages is put there, recognised there, and written down."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.deliveries import Delivery
from bot.domain.incidents import PageIncident, Update, UpdateDraft
from bot.domain.maintenances import MaintenanceUpdate, MaintenanceUpdateDraft, PageMaintenance
from bot.domain.pages import ComponentStatus
from bot.domain.subjects import PublishResult
from bot.ports import StatusPage
from bot.store import Tx

Held = Mapping[str, ComponentStatus]
"""What others hold components at, where components have one status for all."""


@dataclass(frozen=True, slots=True)
class PageMatch:
    """Something on the page that may be an earlier attempt's; `link` helps a person to find it.

    `exact` says that it stands at the draft's own instant, which no other draft has.
    """

    result: PublishResult
    link: str
    exact: bool = False


class PageCommand(ABC):
    """What one sort of draft needs; what all have in common is with `PageDelivery`.

    `there` is the page's id of the draft's subject, "" before it has one.
    """

    opens = False
    """Whether everything else about the subject on that page builds on it."""
    repeatable = False
    """Whether sending it twice is the same as sending it once, on any page."""

    def touches(self, delivery: Delivery) -> Iterable[str]:
        """Return the components whose status it writes."""
        return ()

    @abstractmethod
    async def put(
        self, page: StatusPage, delivery: Delivery, there: str, held: Held
    ) -> PublishResult:
        """Put it on the page."""

    async def find(self, page: StatusPage, delivery: Delivery, there: str) -> Sequence[PageMatch]:
        """Return what an earlier attempt may have left on the page."""
        return ()

    async def is_deleted(self, page: StatusPage, there: str) -> bool:
        """Say whether the page can be read and has its subject no longer; False when in doubt."""
        return False

    @abstractmethod
    def record(self, tx: Tx, delivery: Delivery, result: PublishResult, now: datetime) -> None:
        """Write down that it is there, and owe what follows from it."""


PageById = Callable[[str], StatusPage]
"""Gives the page with our id."""


def told(page: StatusPage, *, asked: bool) -> bool | None:
    """Return whether subscribers heard of what an earlier attempt left on a page.

    None when nobody knows: to a page with a limit it may have gone a second time, quietly.
    """
    return None if asked and page.capabilities.notify_limit else asked


def created(
    found: PageIncident | PageMaintenance,
    notified: bool | None,  # noqa: FBT001 -- as it is kept
    *,
    exact: bool = False,
) -> PageMatch:
    """Return what creating it may have answered, from what is found later."""
    first = found.updates[0].id if found.updates else None
    return PageMatch(PublishResult(found.id, first, notified), found.url or found.id, exact)


def posted(
    found: Update | MaintenanceUpdate,
    there: str,
    draft: UpdateDraft | MaintenanceUpdateDraft,
    page: StatusPage,
) -> PageMatch:
    """Return what posting an update may have answered, from what is found later."""
    result = PublishResult(there, found.id, told(page, asked=draft.notify))
    return PageMatch(result, found.id, page.capabilities.backdates and found.at == draft.at)
