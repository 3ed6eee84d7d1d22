"""Taking what people submit: one transaction, and the outbox does the rest."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.deliveries import State
from bot.domain.submissions import (
    MaintenanceUpdateForm,
    Person,
    ReportForm,
    ScheduleForm,
    Submission,
    UpdateForm,
)
from bot.errors import FormError
from bot.ports import Clock
from bot.services.intake import (
    incident_updates,
    incidents,
    maintenance_updates,
    maintenances,
    series,
)
from bot.services.intake.rules import Rules
from bot.services.ledger import enqueue, notices, refusals
from bot.services.ledger.enqueue import Acceptance
from bot.store import Database, Tx, audit, deliveries

_ANSWERS = {"look": State.UNSURE, "again": State.PENDING, "leave": State.REFUSED}


class Intake:
    """Accepts reports, updates and decisions: checks them and stores what is owed, all at once."""

    def __init__(
        self, store: Database, clock: Clock, rules: Rules, wake: Callable[[], None]
    ) -> None:
        """Take the rules for what is new, and what to call when something is owed."""
        self._store = store
        self._clock = clock
        self._rules = rules
        self._wake = wake

    async def submit(self, submission: Submission) -> Acceptance:
        """Keep a form and owe it to its pages.

        Raises `FormError` with every bad field, and `StoreUnavailable` when nothing could be kept.
        """
        accepted = await self._store.write(self.accept, submission, self._clock.now())
        self._wake()
        return accepted

    async def check(self, submission: Submission) -> None:
        """Raise what `submit` would raise, and keep nothing."""
        await self._store.rehearse(self.accept, submission, self._clock.now())

    def accept(self, tx: Tx, submission: Submission, now: datetime) -> Acceptance:
        """Do in this transaction what `submit` does."""
        try:
            return self._judge(tx, submission, now)
        except FormError:
            # The same click may have been accepted while this one waited for its turn.
            if earlier := enqueue.earlier(tx, submission):
                return earlier
            raise

    def _judge(self, tx: Tx, submission: Submission, now: datetime) -> Acceptance:
        match submission.form:
            case ReportForm():
                return incidents.accept(tx, submission, self._rules, now)
            case UpdateForm():
                return incident_updates.accept(tx, submission, self._rules.capabilities, now)
            case ScheduleForm(repeat=None):
                return maintenances.accept(tx, submission, self._rules, now)
            case ScheduleForm():
                return series.accept(tx, submission, self._rules, now)
            case MaintenanceUpdateForm():
                return maintenance_updates.accept(tx, submission, self._rules, now)

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
        notices.tell_author(tx, delivery, notices.left(tx, delivery, person.name), now)
        refusals.give_up_rest(tx, delivery, now)
    notices.show_progress(tx, delivery, now)
    return True
