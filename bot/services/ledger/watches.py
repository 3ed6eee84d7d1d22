"""Watches over what is open: written down with the timer of the next question."""

import uuid
from collections.abc import Callable
from datetime import datetime

from bot.domain.deliveries import Delivery, DirectMessage
from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance
from bot.domain.reminders.ladders import Reminder, ReminderOutcome, Rung
from bot.domain.reminders.watches import Watch, is_answered, rank
from bot.domain.timers import Timer, TimerKind
from bot.services.ledger import enqueue
from bot.store import Tx, deliveries, threads, timers, watches

_EDITED = 10
"""So many questions of a round are edited; a tap on an older one is answered in words."""

Renew = Callable[[Tx, Delivery, datetime], None]
"""Starts the watch over a subject anew, since a delivery has changed what customers know of it."""


def save(tx: Tx, subject: Incident | Maintenance, watch: Watch) -> None:
    """Store the watch over a subject, and set its timer."""
    watches.save(tx, subject.id, watch)
    if watch.at:
        timers.set_timers(tx, [question_timer(subject, watch.at)])
    else:
        timers.drop(tx, subject.id, [TimerKind.REMIND])


def is_unanswered(tx: Tx, subject_id: str, reminder: Reminder) -> bool:
    """Say whether a question still has to be asked: it was not answered, put off or passed on."""
    subject = threads.get(tx, subject_id)
    if not subject or not subject.is_open or is_answered(watches.get(tx, subject_id), reminder):
        return False
    return reminder.rung is not Rung.OWNER or subject.owner_id in reminder.people


def question_timer(subject: Incident | Maintenance, at: datetime) -> Timer:
    """Return the timer of the next question about a subject."""
    return Timer(TimerKind.REMIND, subject.id, at, subject.id, rank(subject))


def answer_questions(
    tx: Tx, subject_id: str, text: str, now: datetime, *, is_open: bool = False
) -> None:
    """Owe to the questions of this round what came of them; see `ReminderOutcome`."""
    watch = watches.get(tx, subject_id)
    if not watch:
        return
    owed = [
        enqueue.to_thread(
            subject_id,
            ReminderOutcome(asked.id, text, now, is_open),
            f"{asked.key}:outcome:{uuid.uuid4().hex}",
        )
        for asked in deliveries.questions(tx, subject_id, _EDITED)
        if _turn(asked) == watch.turn
    ]
    deliveries.add(tx, owed, now)


def _turn(asked: Delivery) -> int | None:
    """Return the round of asking to which a question belongs, in the thread or privately."""
    payload = asked.payload
    question = payload.question if isinstance(payload, DirectMessage) else payload
    return question.turn if isinstance(question, Reminder) else None
