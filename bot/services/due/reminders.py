"""Reminders: who is asked when; the asking starts anew whenever customers hear something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.deliveries import Delivery, DigestPost, StepCheck
from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance, MaintenanceStatus
from bot.domain.reminders.digests import next_digest
from bot.domain.reminders.ladders import Reminder, ReminderSettings
from bot.domain.reminders.promises import chosen
from bot.domain.reminders.watches import Freshness, Watch, freshness, remind, watch
from bot.domain.submissions import ReportForm, UpdateForm
from bot.domain.timers import Timer, TimerKind
from bot.services.due.timers import TimerBatchHandler, TimerHandler
from bot.services.ledger import enqueue, watches
from bot.services.ledger.audit import ACTOR, FOGHORN
from bot.store import Tx, audit, deliveries, subjects, submissions, threads, timers
from bot.store import watches as stored_watches

_BETWEEN_EDITS = timedelta(minutes=1)
"""A parent message is not edited more often than this because an update is due."""

DIGEST = "digest"
"""What the one timer of the daily digest is about."""


@dataclass(frozen=True, slots=True)
class ReminderTimers:
    """Keeps a watch over everything that is open and public; what is due lies in timers.

    `channel` is where the digest goes.
    """

    settings: ReminderSettings
    channel: str | None

    def handlers(self) -> Mapping[TimerKind, TimerHandler]:
        """Return what to do for the timers of reminders."""
        return {TimerKind.DIGEST: self._digest}

    def batches(self) -> Mapping[TimerKind, TimerBatchHandler]:
        """Return what to do for the timers of which many may be due at once."""
        return {TimerKind.REMIND: self._remind}

    def renew(self, tx: Tx, delivery: Delivery, now: datetime) -> None:
        """Start the watch anew: customers heard something, or a window moved."""
        subject = threads.get(tx, delivery.subject_id)
        if subject and subject.updated_at:
            # What was due before is answered by this.
            fresh = replace(subject, due_at=None)
            watches.answer_questions(tx, subject.id, _outcome(tx, subject, delivery), now)
            self._start(tx, fresh, _promise(tx, delivery, now), now)

    def catch_up(self, tx: Tx, now: datetime) -> None:
        """Watch over whatever is open and unwatched, and set the timer of the digest."""
        for subject_id in stored_watches.unwatched(tx):
            if subject := threads.get(tx, subject_id):
                self._start(tx, subject, None, now)
        timers.drop(tx, DIGEST, [TimerKind.DIGEST])
        self._next_digest(tx, now)

    def _start(
        self, tx: Tx, subject: Incident | Maintenance, promise: datetime | None, now: datetime
    ) -> None:
        before = stored_watches.get(tx, subject.id)
        started = watch(subject, now, self.settings, promise)
        watches.save(tx, subject, replace(started, turn=before.turn + 1 if before else 0))
        if isinstance(subject, Incident):
            subjects.change(tx, subject.id, due_at=started.at)
        if before and before.shown is not Freshness.FRESH:
            deliveries.add(tx, [enqueue.parent_message(subject.id)], now)

    def _remind(self, tx: Tx, due: Sequence[Timer], now: datetime) -> Sequence[Timer]:
        # Without waiting: whoever has a subject may be about to drop the timer that we hold.
        free = subjects.lock_those_free(tx, [timer.about for timer in due])
        found, watched = threads.get_many(tx, free), stored_watches.get_many(tx, free)
        round_ = Round()
        for timer in due:
            if timer.about in found and timer.about in watched:
                self._ask(found[timer.about], watched[timer.about], timer, now, round_)
        stored_watches.change(tx, round_.watches)
        timers.set_timers(tx, round_.timers)
        deliveries.add(tx, round_.owed, now)
        audit.record(tx, *round_.entries)
        return [timer for timer in due if timer.about not in free]

    def _ask(
        self,
        subject: Incident | Maintenance,
        before: Watch,
        timer: Timer,
        now: datetime,
        round_: "Round",
    ) -> None:
        asked = remind(subject, before, now, self.settings)
        if not asked:
            round_.keep(subject, before)
            return
        reminder, following = asked
        after = self._shown(subject, following, before, now)
        round_.keep(subject, after)
        if after.shown is not before.shown:
            # First, since a parent message that somebody deleted is posted anew by it.
            round_.owed.append(enqueue.parent_message(subject.id))
        round_.owed.append(enqueue.to_thread(subject.id, reminder, f"timer:{timer.id}"))
        round_.entries.append(_entry(subject, reminder, timer.due_at, now))

    def _shown(
        self, subject: Incident | Maintenance, after: Watch, before: Watch, now: datetime
    ) -> Watch:
        """Return the watch with what the parent message says from now on; edits are not many."""
        shown = freshness(_due(subject, before), now, self.settings.ladder)
        since = before.shown_at
        if shown is before.shown or (since and timedelta() <= now - since < _BETWEEN_EDITS):
            return after
        return replace(after, shown=shown, shown_at=now)

    def _digest(self, tx: Tx, timer: Timer, now: datetime) -> None:
        if self.channel:
            post = DigestPost(self.channel)
            deliveries.add(tx, [Delivery(f"timer:{timer.id}", DIGEST, "slack", post)], now)
        self._next_digest(tx, now)

    def _next_digest(self, tx: Tx, now: datetime) -> None:
        if self.settings.digest:
            at = next_digest(self.settings.digest, now)
            timers.set_timers(tx, [Timer(TimerKind.DIGEST, DIGEST, at)])


@dataclass(slots=True)
class Round:
    """What comes of all that was due at once, to be written in few statements."""

    watches: dict[str, Watch] = field(default_factory=dict)
    timers: list[Timer] = field(default_factory=list)
    owed: list[Delivery] = field(default_factory=list)
    entries: list[audit.Entry] = field(default_factory=list)

    def keep(self, subject: Incident | Maintenance, kept: Watch) -> None:
        """Keep a watch, and set the timer of its next question."""
        self.watches[subject.id] = kept
        if kept.at:
            self.timers.append(watches.question_timer(subject, kept.at))


def _due(subject: Incident | Maintenance, watched: Watch) -> datetime | None:
    """Return when customers should have heard, snoozes and rungs aside."""
    if isinstance(subject, Maintenance):
        is_ahead = subject.status is MaintenanceStatus.SCHEDULED
        return subject.starts_at if is_ahead else subject.ends_at
    return watched.promised or subject.due_at


def _promise(tx: Tx, delivery: Delivery, now: datetime) -> datetime | None:
    """Return when customers were told that they hear more: chosen in the form, or in the text."""
    submission = submissions.of_delivery(tx, delivery)
    if not submission or not isinstance(submission.form, ReportForm | UpdateForm):
        return None
    return chosen(submission.form.fields, now)


def _outcome(tx: Tx, subject: Incident | Maintenance, delivery: Delivery) -> str:
    """Say what answered the questions about a subject, and who did it."""
    if isinstance(subject, Maintenance) and subject.turned_into:
        return "Turned into an incident"
    if not subject.is_anywhere:
        return "No longer public"
    submission = submissions.of_delivery(tx, delivery)
    by_itself = "the page itself" if isinstance(delivery.payload, StepCheck) else FOGHORN
    who = submission.author.name if submission else by_itself
    return f"{'Answered' if subject.is_open else subject.status.label} by {who}"


def _entry(
    subject: Incident | Maintenance, reminder: Reminder, due_at: datetime, now: datetime
) -> audit.Entry:
    late = int((now - due_at).total_seconds())
    outcome = f"asked {reminder.rung.value}, {late} s after its time"
    return audit.Entry(now, ACTOR, f"remind {reminder.kind.value}", outcome, subject.id)
