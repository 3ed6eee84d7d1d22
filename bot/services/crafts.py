"""How each sort of thing that is owed to pages is put there, recognised there, and written down."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from bot.domain.deliveries import Delivery, NewDelivery, ReadBack
from bot.domain.pages import ComponentStatus
from bot.domain.receipts import Wanted
from bot.domain.subjects import Posted, Publication
from bot.ports import StatusPage
from bot.services import owing
from bot.store import Tx, audit, subjects, submissions
from bot.store.submissions import Kept

D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Errand(Generic[D]):
    """A draft on its way to a page; `there` is the page's id of its subject, "" before it has one.

    `held` is what others hold components at, where components have one status for all.
    """

    draft: D
    key: str
    there: str
    since: datetime
    held: Mapping[str, ComponentStatus]


@dataclass(frozen=True, slots=True)
class Seen:
    """Something on the page that may be the work of an errand; `link` helps a person to find it."""

    posted: Posted
    link: str


class Craft(ABC, Generic[D]):
    """What one sort of draft needs; what all have in common is with `PageDeliveries`."""

    opens = False
    """Whether everything else about the subject on that page builds on it."""
    repeatable = False
    """Whether sending it twice is the same as sending it once, on any page."""

    @abstractmethod
    def touches(self, draft: D) -> Sequence[str]:
        """Return the components whose status it writes."""

    @abstractmethod
    async def put(self, page: StatusPage, errand: Errand[D]) -> Posted:
        """Put it on the page."""

    @abstractmethod
    async def seen(self, page: StatusPage, errand: Errand[D]) -> Sequence[Seen]:
        """Return what an earlier attempt may have left on the page."""

    async def is_deleted(self, page: StatusPage, there: str) -> bool:
        """Say whether the page can be read and has its subject no longer; False when in doubt."""
        del page, there
        return False

    @abstractmethod
    def keep(self, tx: Tx, delivery: Delivery, draft: D, posted: Posted, now: datetime) -> None:
        """Write down that it is there, and owe what follows from it."""

    def lost(self, tx: Tx, delivery: Delivery, now: datetime) -> None:
        """Do what follows when it will never be there."""


Reach = Callable[[str], StatusPage]
"""Gives the page with our id."""


def told(page: StatusPage, *, asked: bool) -> bool | None:
    """Return whether subscribers heard of what an earlier attempt left on a page.

    None when nobody knows: to a page with a limit it may have gone a second time, quietly.
    """
    return None if asked and page.capabilities.notify_limit else asked


def publication_of(tx: Tx, delivery: Delivery) -> Publication:
    """Return the publication that a delivery belongs to."""
    publication = subjects.publication(tx, delivery.publication_id or "")
    if not publication:
        raise LookupError(delivery.publication_id)
    return publication


def submitted(tx: Tx, delivery: Delivery) -> Kept | None:
    """Return the submission that a delivery comes from; None for what Foghorn does by itself."""
    return submissions.get(tx, delivery.submission_id) if delivery.submission_id else None


def receipt(delivery: Delivery, wanted: Wanted) -> NewDelivery:
    """Return the debt of reading the page back."""
    return NewDelivery(
        key=f"{delivery.key}:receipt",
        lane=f"receipt:{delivery.publication_id}",
        target=delivery.target,
        payload=ReadBack(wanted),
        subject_id=delivery.subject_id,
        publication_id=delivery.publication_id,
        submission_id=delivery.submission_id,
    )


def record(tx: Tx, delivery: Delivery, outcome: str, now: datetime) -> None:
    """Write into the audit log what became of a delivery."""
    kept = submitted(tx, delivery)
    actor = kept.author.id if kept else owing.FOGHORN.lower()
    entry = audit.Entry(now, actor, "deliver", outcome, delivery.subject_id, delivery.target)
    audit.record(tx, entry)
