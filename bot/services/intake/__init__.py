"""What people submit becomes owed: one transaction, and the outbox does the rest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.submissions import (
    AnySubmission,
    Form,
    MaintenanceUpdateForm,
    Person,
    ReportForm,
    ScheduleForm,
    Submission,
    UpdateForm,
)
from bot.errors import FormError
from bot.ports import Clock
from bot.services.intake import decisions, incident_updates, incidents, maintenance_updates, series
from bot.services.intake.rules import Rules
from bot.services.ledger import enqueue
from bot.services.ledger.enqueue import Acceptance
from bot.store import Database, Tx

_ACCEPT: Mapping[type[Form], Callable[[Tx, Submission[Any], Rules, datetime], Acceptance]] = {
    ReportForm: incidents.accept,
    UpdateForm: incident_updates.accept,
    ScheduleForm: series.accept,
    MaintenanceUpdateForm: maintenance_updates.accept,
}


@dataclass(frozen=True, slots=True)
class Intake:
    """The door for whatever people submit: checks it and stores what is owed, all at once.

    `wake` is called when something is owed.
    """

    store: Database
    clock: Clock
    rules: Rules
    wake: Callable[[], None]

    async def submit(self, submission: AnySubmission) -> Acceptance:
        """Keep a form and owe it to its pages.

        Raises `FormError` with every bad field, and `StoreUnavailable` when nothing could be kept.
        """
        accepted = await self.store.write(self.accept, submission, self.clock.now())
        self.wake()
        return accepted

    async def check(self, submission: AnySubmission) -> None:
        """Raise what `submit` would raise, and keep nothing."""
        await self.store.dry_run(self.accept, submission, self.clock.now())

    def accept(self, tx: Tx, submission: AnySubmission, now: datetime) -> Acceptance:
        """Do in this transaction what `submit` does."""
        try:
            return _ACCEPT[type(submission.form)](tx, submission, self.rules, now)
        except FormError:
            # The same click may have been accepted while this one waited for its turn.
            if earlier := enqueue.earlier(tx, submission):
                return earlier
            raise

    async def decide(self, delivery_id: int, answer: str, person: Person) -> bool:
        """Do what a person chose for a delivery that is stuck: `look`, `again` or `leave`.

        Returns False when it no longer waits for anyone.
        """
        decided = await self.store.write(
            decisions.decide, delivery_id, answer, person, self.clock.now()
        )
        self.wake()
        return decided
