"""Watches over what is open: written down with the timer of the next question."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.deliveries import Delivery, Remind
from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance
from bot.domain.reminders.watches import rank
from bot.domain.timers import NewTimer, TimerKind
from bot.store import Tx, timers, watches
from bot.store.watches import StoredWatch

Renew = Callable[[Tx, Delivery, datetime], None]
"""Starts the watch over a subject anew, since a delivery has changed what customers know of it."""


def save(tx: Tx, subject: Incident | Maintenance, kept: StoredWatch) -> None:
    """Store the watch over a subject, and set its timer."""
    watches.save(tx, subject.id, kept)
    if kept.watch.at:
        timers.set_timers(tx, [question_timer(subject, kept.watch.at)])
    else:
        timers.drop(tx, subject.id, [TimerKind.REMIND])


def is_answered(kept: StoredWatch | None, remind: Remind) -> bool:
    """Say whether a question need not be asked any more: it was answered, put off or passed on."""
    if not kept or kept.watch.at is None or kept.turn != remind.turn:
        return True
    return kept.watch.snoozed_by is not None or kept.watch.asked < remind.number


def question_timer(subject: Incident | Maintenance, at: datetime) -> NewTimer:
    """Return the timer of the next question about a subject."""
    return NewTimer(TimerKind.REMIND, subject.id, at, subject.id, rank(subject))
