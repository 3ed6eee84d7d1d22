"""Taking what people submit: one transaction, and the outbox does the rest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.deliveries import State
from bot.domain.submissions import (
    MaintenanceProgress,
    Person,
    Progress,
    Report,
    Schedule,
    Submission,
)
from bot.errors import FormError
from bot.ports import Clock
from bot.services import (
    maintenance_progresses,
    news,
    owing,
    page_deliveries,
    progresses,
    reports,
    schedules,
    series,
)
from bot.services.owing import Accepted
from bot.services.reports import Rules
from bot.store import Store, Tx, audit, deliveries

_ANSWERS = {"look": State.UNSURE, "again": State.PENDING, "leave": State.REFUSED}


@dataclass(frozen=True, slots=True)
class Channels:
    """Where things are announced: each page's own channel, else the one for all."""

    default: str | None
    by_page: Mapping[str, str]

    def choose(self, page_ids: tuple[str, ...], used: str) -> str:
        """Return the channel for something on these pages, begun in the channel `used`."""
        own = (self.by_page[page_id] for page_id in page_ids if page_id in self.by_page)
        return next(own, self.default or used)


class Publishing:
    """Accepts reports, updates and decisions: checks them and stores what is owed, all at once."""

    def __init__(self, store: Store, clock: Clock, rules: Rules, wake: Callable[[], None]) -> None:
        """Take the rules for what is new, and what to call when something is owed."""
        self._store = store
        self._clock = clock
        self._rules = rules
        self._wake = wake

    async def submit(self, submission: Submission) -> Accepted:
        """Keep a form and owe it to its pages.

        Raises `FormError` with every bad field, and `StoreUnavailable` when nothing could be kept.
        """
        accepted = await self._store.write(self.accept, submission, self._clock.now())
        self._wake()
        return accepted

    async def check(self, submission: Submission) -> None:
        """Raise what `submit` would raise, and keep nothing."""
        await self._store.rehearse(self.accept, submission, self._clock.now())

    def accept(self, tx: Tx, submission: Submission, now: datetime) -> Accepted:
        """Do in this transaction what `submit` does."""
        try:
            return self._judge(tx, submission, now)
        except FormError:
            # The same click may have been accepted while this one waited for its turn.
            if earlier := owing.earlier(tx, submission):
                return earlier
            raise

    def _judge(self, tx: Tx, submission: Submission, now: datetime) -> Accepted:
        match submission.form:
            case Report():
                return reports.accept(tx, submission, self._rules, now)
            case Progress():
                return progresses.accept(tx, submission, self._rules.capabilities, now)
            case Schedule(repeat=None):
                return schedules.accept(tx, submission, self._rules, now)
            case Schedule():
                return series.accept(tx, submission, self._rules, now)
            case MaintenanceProgress():
                return maintenance_progresses.accept(tx, submission, self._rules, now)

    async def decide(self, delivery_id: int, answer: str, person: Person) -> bool:
        """Do what a person chose for a delivery that is stuck: `look`, `again` or `leave`.

        Returns False when it no longer waits for anyone.
        """
        decided = await self._store.write(_decide, delivery_id, answer, person, self._clock.now())
        self._wake()
        return decided


def _decide(tx: Tx, delivery_id: int, answer: str, person: Person, now: datetime) -> bool:
    delivery = deliveries.get(tx, delivery_id)
    if not delivery or not deliveries.decide(tx, delivery_id, _ANSWERS[answer], now):
        return False
    audit.record(
        tx, audit.Entry(now, person.id, f"decide {answer}", "accepted", delivery.subject_id)
    )
    if answer == "leave":
        news.tell_author(tx, delivery, news.left(tx, delivery, person.name), now)
        page_deliveries.give_up_rest(tx, delivery, now)
    news.show_progress(tx, delivery, now)
    return True
