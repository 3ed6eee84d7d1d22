"""Reminders: who is asked when; the asking starts anew whenever customers hear something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.deliveries import Delivery, DigestPost, NewDelivery, Remind
from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance, MaintenanceStatus
from bot.domain.reminders.digests import next_digest
from bot.domain.reminders.ladders import ReminderSettings
from bot.domain.reminders.promises import chosen
from bot.domain.reminders.watches import Freshness, Reminder, Subject, freshness, remind
from bot.domain.reminders.watches import watch as next_watch
from bot.domain.submissions import ReportForm, UpdateForm
from bot.domain.timers import NewTimer, Timer, TimerKind
from bot.services.due.timers import TimerBatchHandler, TimerHandler
from bot.services.ledger import audit as audit_log
from bot.services.ledger import enqueue
from bot.services.ledger import watches as watch_ledger
from bot.services.ledger.watches import question_timer
from bot.store import Tx, audit, deliveries, subjects, submissions, threads, timers, watches
from bot.store.watches import StoredWatch

_BETWEEN_EDITS = timedelta(minutes=1)
"""A parent message is not edited more often than this because an update is due."""

DIGEST = "digest"
"""What the one timer of the daily digest is about."""


class ReminderTimers:
    """Keeps a watch over everything that is open and public; what is due lies in timers."""

    def __init__(self, settings: ReminderSettings, channel: str | None) -> None:
        """Take what is set about reminders, and the channel of the digest."""
        self._settings = settings
        self._channel = channel

    def handlers(self) -> Mapping[TimerKind, TimerHandler]:
        """Return what to do for the timers of reminders."""
        return {TimerKind.DIGEST: self._digest}

    def batches(self) -> Mapping[TimerKind, TimerBatchHandler]:
        """Return what to do for the timers of which many may be due at once."""
        return {TimerKind.REMIND: self._remind}

    def renew(self, tx: Tx, delivery: Delivery, now: datetime) -> None:
        """Start the watch anew: customers heard something, or a window moved."""
        subject = threads.get(tx, delivery.subject_id or "")
        if subject and subject.updated_at:
            # What was due before is answered by this.
            fresh = replace(subject, due_at=None)
            self._start(tx, fresh, _promise(tx, delivery, now), now)

    def catch_up(self, tx: Tx, now: datetime) -> None:
        """Watch over whatever is open and unwatched, and set the timer of the digest."""
        for subject_id in watches.unwatched(tx):
            if subject := threads.get(tx, subject_id):
                self._start(tx, subject, None, now)
        timers.drop(tx, DIGEST, [TimerKind.DIGEST])
        self._next_digest(tx, now)

    def _start(self, tx: Tx, subject: Subject, promise: datetime | None, now: datetime) -> None:
        before = watches.get(tx, subject.id)
        watch = next_watch(subject, now, self._settings, promise)
        turn = before.turn + 1 if before else 0
        watch_ledger.save(tx, subject, StoredWatch(watch, turn))
        if isinstance(subject, Incident):
            subjects.change(tx, subject.id, due_at=watch.at)
        if before and before.shown is not Freshness.FRESH:
            deliveries.add(tx, [enqueue.parent_message(subject.id)], now)

    def _remind(self, tx: Tx, due: Sequence[Timer], now: datetime) -> Sequence[Timer]:
        # Without waiting: whoever has a subject may be about to drop the timer that we hold.
        free = subjects.lock_those_free(tx, [timer.about for timer in due])
        found, kept = threads.get_many(tx, free), watches.get_many(tx, free)
        round_ = Round()
        for timer in due:
            if timer.about in found and timer.about in kept:
                self._ask(found[timer.about], kept[timer.about], timer, now, round_)
        watches.change(tx, round_.watches)
        timers.set_timers(tx, round_.timers)
        deliveries.add(tx, round_.owed, now)
        audit.record(tx, *round_.entries)
        return [timer for timer in due if timer.about not in free]

    def _ask(
        self, subject: Subject, kept: StoredWatch, timer: Timer, now: datetime, round_: "Round"
    ) -> None:
        asked = remind(subject, kept.watch, now, self._settings)
        if not asked:
            round_.keep(subject, kept)
            return
        reminder, following = asked
        after = self._shown(subject, replace(kept, watch=following), kept, now)
        round_.keep(subject, after)
        if after.shown is not kept.shown:
            # First, since a parent message that somebody deleted is posted anew by it.
            round_.owed.append(enqueue.parent_message(subject.id))
        round_.owed.append(_question(subject, kept, reminder, timer))
        round_.entries.append(_entry(subject, reminder, timer.due_at, now))

    def _shown(
        self, subject: Subject, after: StoredWatch, before: StoredWatch, now: datetime
    ) -> StoredWatch:
        """Return the watch with what the parent message says from now on; edits are not many."""
        shown = freshness(_due(subject, before), now, self._settings.ladder)
        since = before.shown_at
        if shown is before.shown or (since and timedelta() <= now - since < _BETWEEN_EDITS):
            return after
        return replace(after, shown=shown, shown_at=now)

    def _digest(self, tx: Tx, timer: Timer, now: datetime) -> None:
        if self._channel:
            told = NewDelivery(
                key=f"timer:{timer.id}",
                lane=DIGEST,
                target="slack",
                payload=DigestPost(self._channel),
            )
            deliveries.add(tx, [told], now)
        self._next_digest(tx, now)

    def _next_digest(self, tx: Tx, now: datetime) -> None:
        if self._settings.digest:
            at = next_digest(self._settings.digest, now)
            timers.set_timers(tx, [NewTimer(TimerKind.DIGEST, DIGEST, at)])


@dataclass(slots=True)
class Round:
    """What comes of all that was due at once, to be written in few statements."""

    watches: dict[str, StoredWatch] = field(default_factory=dict)
    timers: list[NewTimer] = field(default_factory=list)
    owed: list[NewDelivery] = field(default_factory=list)
    entries: list[audit.Entry] = field(default_factory=list)

    def keep(self, subject: Subject, kept: StoredWatch) -> None:
        """Keep a watch, and set the timer of its next question."""
        self.watches[subject.id] = kept
        if kept.watch.at:
            self.timers.append(question_timer(subject, kept.watch.at))


def _due(subject: Subject, kept: StoredWatch) -> datetime | None:
    """Return when customers should have heard, snoozes and rungs aside."""
    if isinstance(subject, Maintenance):
        is_ahead = subject.status is MaintenanceStatus.SCHEDULED
        return subject.starts_at if is_ahead else subject.ends_at
    return kept.watch.promised or subject.due_at


def _promise(tx: Tx, delivery: Delivery, now: datetime) -> datetime | None:
    """Return when customers were told that they hear more: chosen in the form, or in the text."""
    kept = submissions.of_delivery(tx, delivery)
    if not kept or not isinstance(kept.form, ReportForm | UpdateForm):
        return None
    return chosen(kept.form.fields, now)


def _question(subject: Subject, kept: StoredWatch, reminder: Reminder, timer: Timer) -> NewDelivery:
    remind = Remind(
        kind=reminder.kind,
        rung=reminder.rung,
        people=reminder.people,
        text=reminder.text,
        turn=kept.turn,
        number=kept.watch.asked,
    )
    return NewDelivery(
        key=f"timer:{timer.id}",
        lane=f"slack:{subject.id}",
        target="slack",
        payload=remind,
        subject_id=subject.id,
    )


def _entry(subject: Subject, reminder: Reminder, due_at: datetime, now: datetime) -> audit.Entry:
    late = int((now - due_at).total_seconds())
    outcome = f"asked {reminder.rung.value}, {late} s after its time"
    actor = audit_log.ACTOR
    return audit.Entry(now, actor, f"remind {reminder.kind.value}", outcome, subject.id)
