"""Answers to reminders: one tap each, and of two at the same moment only one counts."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance, MaintenanceStatus
from bot.domain.maintenances.planning import COMPLETE
from bot.domain.reminders.ladders import ReminderSettings
from bot.domain.reminders.promises import holding
from bot.domain.reminders.watches import Watch, handed_over, snoozed, usual_silence
from bot.domain.subjects import in_short
from bot.domain.submissions import MaintenanceUpdateForm, Person, Submission, UpdateForm
from bot.domain.times import in_utc
from bot.ports import Clock
from bot.services.intake import Intake
from bot.services.ledger import enqueue, notices
from bot.services.ledger.watches import answer_questions, save
from bot.services.queries import Queries
from bot.store import Database, Tx, audit, deliveries, subjects, submissions, threads, watches

_OVER = "It is over already, so there is nothing more to do."


@dataclass(frozen=True, slots=True)
class Question:
    """A question in somebody's hand: what it is about, and which round of asking it belongs to."""

    subject_id: str
    turn: int


@dataclass(frozen=True, slots=True)
class ReminderAnswers:
    """Does what somebody tapped below a reminder, and returns what to tell them.

    `wake` is called when something is owed to Slack alone.
    """

    store: Database
    clock: Clock
    intake: Intake
    settings: ReminderSettings
    wake: Callable[[], None]

    async def no_change(self, asked: Question, person: Person) -> str:
        """Publish the holding text, with the time of the next update in it.

        Raises `FormError` when it cannot be published as it is.
        """
        subject = await self.store.read(threads.get, asked.subject_id)
        if not subject or not subject.is_open:
            return _OVER
        now = self.clock.now()
        text, due = holding(subject, usual_silence(subject, self.settings), now)
        form = await self._unchanged(subject, text)
        done = f"Published: “{text}” You are asked again at {in_utc(due, now)}."
        return await self._publish(asked, person, form, done)

    async def complete(self, asked: Question, person: Person) -> str:
        """Complete a running maintenance in the standard words; raises as `no_change` does."""
        return await self._step(asked, person, MaintenanceStatus.COMPLETED, COMPLETE)

    async def extend(self, asked: Question, span: timedelta, person: Person) -> str:
        """Give a running maintenance `span` more; raises as `no_change` does."""
        return await self._step(asked, person, MaintenanceStatus.IN_PROGRESS, "", span)

    async def snooze(self, subject_id: str, span: timedelta, person: Person) -> str:
        """Put the next question off, and only that one; the thread says who did."""
        now = self.clock.now()
        told = await self.store.write(_snooze, subject_id, span, person, now)
        self.wake()
        return told

    async def hand_over(self, subject_id: str, new_owner: Person, person: Person) -> str:
        """Make somebody the owner, who is asked from now on; the thread says who did."""
        now = self.clock.now()
        told = await self.store.write(_hand_over, subject_id, new_owner, person, self.settings, now)
        self.wake()
        return told

    async def _step(
        self,
        asked: Question,
        person: Person,
        status: MaintenanceStatus,
        text: str,
        longer: timedelta = timedelta(),
    ) -> str:
        subject = await self.store.read(threads.get, asked.subject_id)
        if not isinstance(subject, Maintenance) or not subject.is_open:
            return _OVER
        now = self.clock.now()
        ends = max(subject.ends_at, now.replace(second=0, microsecond=0)) + longer
        if longer:
            text = f"The maintenance takes longer than planned, until {in_utc(ends, now)}."
        form = await self._update(subject, status, text, ends)
        return await self._publish(asked, person, form, f"Published: “{text}”")

    async def _publish(
        self, asked: Question, person: Person, form: UpdateForm | MaintenanceUpdateForm, done: str
    ) -> str:
        """Publish an answer to this round of asking, unless somebody was faster."""
        key = f"answer:{asked.subject_id}:{asked.turn}"
        if earlier := await self.store.read(_answered, asked, key):
            return earlier
        accepted = await self.intake.submit(Submission(key, person, form))
        if accepted.repeated:
            return await self.store.read(_answered, asked, key) or _OVER
        return done

    async def _update(
        self, stored: Maintenance, status: MaintenanceStatus, text: str, ends: datetime
    ) -> MaintenanceUpdateForm:
        """Return an update that subscribers hear of as they would by the form."""
        outlook = await Queries(self.store, self.clock).prospect(stored.id)
        maintenance = outlook.maintenance if outlook else stored
        return MaintenanceUpdateForm(stored.id, status, text, ends, maintenance.notifies_of(status))

    async def _unchanged(
        self, subject: Incident | Maintenance, text: str
    ) -> UpdateForm | MaintenanceUpdateForm:
        """Return the update that changes nothing but says so."""
        if isinstance(subject, Maintenance):
            return await self._update(subject, subject.status, text, subject.ends_at)
        outlook = await Queries(self.store, self.clock).outlook(subject.id, subject.status)
        if not outlook:
            raise LookupError(subject.id)
        return UpdateForm(replace(outlook.fields, message=text), subject.id)


def _answered(tx: Tx, asked: Question, key: str) -> str | None:
    """Say who answered this round of asking, if anybody did."""
    if earlier := submissions.by_key(tx, key):
        return f"{earlier.author.name} has answered this already. Nothing more was published."
    watch, subject = watches.get(tx, asked.subject_id), threads.get(tx, asked.subject_id)
    if watch and watch.turn == asked.turn:
        return None
    heard = subject.updated_at if subject else None
    since = f", at {heard:%H:%M} UTC" if heard else ""
    return f"Customers have heard from us since{since}. Nothing more was published."


def _snooze(tx: Tx, subject_id: str, span: timedelta, person: Person, now: datetime) -> str:
    subject, watch = _locked(tx, subject_id)
    if not subject or not watch or not watch.at or not subject.is_open:
        return _OVER
    ahead = isinstance(subject, Incident) and not watch.asked
    if ahead and watch.at >= now + span:
        # Put off from now it would come earlier than without.
        due = in_utc(watch.at, now)
        return f"Nobody is asked about “{in_short(subject.name)}” before {due} anyway."
    until = in_utc(now + span, now)
    answer_questions(tx, subject.id, f"Put off until {until} by {person.name}", now)
    save(tx, subject, snoozed(watch, now, span, person.name))
    _note(tx, subject, f"{person.name} put the next reminder off until {until}.", now)
    outcome = f"until {until}{person.caveat}"
    audit.record(tx, audit.Entry(now, person.id, "snooze", outcome, subject.id))
    return f"The next reminder about “{in_short(subject.name)}” comes at {until}."


def _hand_over(  # noqa: PLR0913, PLR0917 -- who, to whom, by whom, when
    tx: Tx,
    subject_id: str,
    new_owner: Person,
    person: Person,
    settings: ReminderSettings,
    now: datetime,
) -> str:
    subject, watch = _locked(tx, subject_id)
    if not subject or not subject.is_open:
        return _OVER
    if subject.owner_id == new_owner.id:
        return f"{new_owner.name} owns “{in_short(subject.name)}” already."
    subjects.change(tx, subject.id, owner_id=new_owner.id, owner_name=new_owner.name)
    if subject.in_direct_messages:
        threads.move(tx, subject, new_owner.id, None)
    deliveries.add(tx, [enqueue.parent_message(subject.id)], now)
    taken = new_owner.id == person.id
    passed_on = f"Handed over to {new_owner.name} by {person.name}"
    answer = f"Taken over by {person.name}" if taken else passed_on
    answer_questions(tx, subject.id, answer, now, is_open=True)
    if watch:
        save(tx, subject, handed_over(watch, now, settings))
    did = "took this over" if taken else f"handed this over to {new_owner.name}"
    _note(tx, subject, f"{person.name} {did}, from {subject.owner_name}.", now)
    action, outcome = "take over" if taken else "hand over", f"to {new_owner.id}{person.caveat}"
    audit.record(tx, audit.Entry(now, person.id, action, outcome, subject.id))
    return f"{'You own' if taken else f'{new_owner.name} owns'} “{in_short(subject.name)}” now."


def _locked(tx: Tx, subject_id: str) -> tuple[Incident | Maintenance | None, Watch | None]:
    subjects.lock(tx, subject_id)
    return threads.get(tx, subject_id), watches.get(tx, subject_id)


def _note(tx: Tx, subject: Incident | Maintenance, text: str, now: datetime) -> None:
    notices.note(tx, subject.id, text, f"note:{subject.id}:{now.timestamp()}", now)
