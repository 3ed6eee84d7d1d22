"""Reminders: who is asked when, and that the asking starts anew whenever customers hear something."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import reminders
from bot.domain.deliveries import Delivery, NewDelivery, Remind, TellDigest
from bot.domain.digests import next_digest
from bot.domain.incidents import Incident, IncidentDraft, UpdateDraft
from bot.domain.ladders import Reminders
from bot.domain.maintenances import Maintenance
from bot.domain.promises import promised
from bot.domain.reminders import Freshness, Reminder
from bot.domain.submissions import Progress, Report
from bot.domain.timers import NewTimer, Timer, TimerKind
from bot.services import crafts, owing
from bot.services.timers import Busy, Handler
from bot.store import Tx, audit, deliveries, subjects, threads, timers, watches
from bot.store.watches import Kept

Renew = Callable[[Tx, Delivery, datetime], None]
"""Starts the watch over a subject anew, since a delivery has changed what customers know of it."""

DIGEST = "digest"
"""What the one timer of the daily digest is about."""


class Reminding:
    """Keeps a watch over everything that is open and public; what is due lies in timers."""

    def __init__(self, settings: Reminders, channel: str | None) -> None:
        """Take what is set about reminders, and the channel of the digest."""
        self._settings = settings
        self._channel = channel

    def handlers(self) -> Mapping[TimerKind, Handler]:
        """Return what to do for the timers of reminders."""
        return {TimerKind.REMIND: self._remind, TimerKind.DIGEST: self._digest}

    def renew(self, tx: Tx, delivery: Delivery, now: datetime) -> None:
        """Start the watch anew: customers heard something, or a window moved."""
        subject = threads.get(tx, delivery.subject_id or "")
        if subject and subject.updated_at:
            self._start(tx, subject, _promise(tx, delivery, now), now)

    def catch_up(self, tx: Tx, now: datetime) -> None:
        """Watch over whatever is open and unwatched, and set the timer of the digest."""
        for subject_id in watches.unwatched(tx):
            if subject := threads.get(tx, subject_id):
                self._start(tx, subject, None, now)
        timers.drop(tx, DIGEST, [TimerKind.DIGEST])
        self._next_digest(tx, now)

    def _start(
        self, tx: Tx, subject: Incident | Maintenance, promise: datetime | None, now: datetime
    ) -> None:
        before = watches.get(tx, subject.id)
        watch = reminders.watch(subject, now, self._settings, promise)
        turn = before.turn + 1 if before else 0
        keep(tx, subject, Kept(watch, turn))
        if isinstance(subject, Incident):
            subjects.change(tx, subject.id, due_at=watch.at)
        if before and before.shown is not Freshness.FRESH:
            deliveries.add(tx, [owing.announcement(subject.id)], now)

    def _remind(self, tx: Tx, timer: Timer, now: datetime) -> None:
        if not subjects.lock_if_free(tx, timer.about):
            raise Busy
        subject, kept = threads.get(tx, timer.about), watches.get(tx, timer.about)
        if not subject or not kept:
            return
        asked = reminders.remind(subject, kept.watch, now, self._settings)
        if not asked:
            keep(tx, subject, kept)
            return
        reminder, following = asked
        shown = reminders.freshness(_due(subject, kept), now, self._settings.ladder)
        keep(tx, subject, replace(kept, watch=following, shown=shown))
        owed = [_question(subject, kept, reminder, timer)]
        if shown is not kept.shown:
            # First, since a parent message that somebody deleted is posted anew by it.
            owed.insert(0, owing.announcement(subject.id))
        deliveries.add(tx, owed, now)
        _record(tx, subject, reminder, timer.due_at, now)

    def _digest(self, tx: Tx, timer: Timer, now: datetime) -> None:
        if self._channel:
            told = NewDelivery(
                key=f"timer:{timer.id}",
                lane=DIGEST,
                target="slack",
                payload=TellDigest(self._channel),
            )
            deliveries.add(tx, [told], now)
        self._next_digest(tx, now)

    def _next_digest(self, tx: Tx, now: datetime) -> None:
        if self._settings.digest:
            at = next_digest(self._settings.digest, now)
            timers.set_timers(tx, [NewTimer(TimerKind.DIGEST, DIGEST, at)])


def keep(tx: Tx, subject: Incident | Maintenance, kept: Kept) -> None:
    """Store the watch over a subject, and set its timer."""
    watches.save(tx, subject.id, kept)
    if not kept.watch.at:
        timers.drop(tx, subject.id, [TimerKind.REMIND])
        return
    rank = reminders.rank(subject)
    wanted = NewTimer(TimerKind.REMIND, subject.id, kept.watch.at, subject.id, rank)
    timers.set_timers(tx, [wanted])


def is_answered(kept: Kept | None, remind: Remind) -> bool:
    """Say whether a question need not be asked any more: it was answered, put off or passed on."""
    if not kept or kept.watch.at is None or kept.turn != remind.turn:
        return True
    return kept.watch.snoozed_by is not None or kept.watch.asked < _asked_after(remind)


def _asked_after(remind: Remind) -> int:
    """Return how far the watch stands at least once this question is asked."""
    return remind.number


def _due(subject: Incident | Maintenance, kept: Kept) -> datetime | None:
    """Return when customers should have heard, snoozes and rungs aside."""
    if isinstance(subject, Maintenance):
        return subject.ends_at
    return kept.watch.promised or subject.due_at


def _promise(tx: Tx, delivery: Delivery, now: datetime) -> datetime | None:
    """Return when customers were told that they hear more: chosen in the form, or in the text."""
    draft = delivery.payload
    kept = crafts.submitted(tx, delivery)
    if not isinstance(draft, IncidentDraft | UpdateDraft) or not kept:
        return None
    if not isinstance(kept.form, Report | Progress):
        return None
    fields = kept.form.fields
    if fields.next_update:
        return now + timedelta(minutes=fields.next_update)
    return promised(draft.message, now, fields.zone)


def _question(
    subject: Incident | Maintenance, kept: Kept, reminder: Reminder, timer: Timer
) -> NewDelivery:
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


def _record(
    tx: Tx, subject: Incident | Maintenance, reminder: Reminder, due_at: datetime, now: datetime
) -> None:
    late = int((now - due_at).total_seconds())
    outcome = f"asked {reminder.rung.value}, {late} s after its time"
    actor = owing.FOGHORN.lower()
    audit.record(tx, audit.Entry(now, actor, f"remind {reminder.kind.value}", outcome, subject.id))
