"""Watches over what is open: written down with the timer of the next question."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.deliveries import Delivery
from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance
from bot.domain.reminders.watches import Watch, rank
from bot.domain.timers import Timer, TimerKind
from bot.store import Tx, timers, watches

Renew = Callable[[Tx, Delivery, datetime], None]
"""Starts the watch over a subject anew, since a delivery has changed what customers know of it."""


def save(tx: Tx, subject: Incident | Maintenance, watch: Watch) -> None:
    """Store the watch over a subject, and set its timer."""
    watches.save(tx, subject.id, watch)
    if watch.at:
        timers.set_timers(tx, [question_timer(subject, watch.at)])
    else:
        timers.drop(tx, subject.id, [TimerKind.REMIND])


def question_timer(subject: Incident | Maintenance, at: datetime) -> Timer:
    """Return the timer of the next question about a subject."""
    return Timer(TimerKind.REMIND, subject.id, at, subject.id, rank(subject))
