"""What the timers of a maintenance are for: its start, its end, and what comes before them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.deliveries import StepCheck
from bot.domain.maintenances import Automation, MaintenanceStatus
from bot.domain.maintenances.planning import ahead_text
from bot.domain.subjects import Driver, PublicationState, Step, in_short
from bot.domain.timers import Timer, TimerKind
from bot.domain.times import in_words
from bot.services.due.timers import Busy, TimerHandler
from bot.services.ledger import enqueue, notices
from bot.services.ledger.maintenance_drivers import MaintenanceOnPage
from bot.store import Tx, deliveries, maintenances, subjects

_LATE = timedelta(minutes=1)
_WORDS = {Step.START: "Started", Step.FINISH: "Completed"}


def handlers() -> dict[TimerKind, TimerHandler]:
    """Return what to do for each kind of timer that is about a maintenance on a page."""
    return {
        TimerKind.START: _on_page(_start),
        TimerKind.FINISH: _on_page(_take(Step.FINISH)),
        TimerKind.CHECK_START: _on_page(_check(Step.START)),
        TimerKind.CHECK_FINISH: _on_page(_check(Step.FINISH)),
        TimerKind.NOTICE: _on_page(_notice),
    }


_Act = Callable[[Tx, Timer, MaintenanceOnPage, datetime], None]


def _on_page(act: _Act) -> TimerHandler:
    """Return a handler that acts on a maintenance which is not over, kept from others."""

    def handle(tx: Tx, timer: Timer, now: datetime) -> None:
        # Without waiting: whoever has it may be about to drop the timers that we hold.
        if not subjects.lock_if_free(tx, timer.subject_id):
            raise Busy
        stored = maintenances.get(tx, timer.subject_id)
        publication = subjects.publication(tx, timer.about)
        if not stored or stored.turned_into or not publication:
            return
        there = MaintenanceOnPage.read(tx, stored, publication)
        if not there.status.is_over and publication.state is not PublicationState.REFUSED:
            act(tx, timer, there, now)

    return handle


def _start(tx: Tx, timer: Timer, there: MaintenanceOnPage, now: datetime) -> None:
    missed = now >= there.maintenance.ends_at
    if missed and there.maintenance.automation is not Automation.START_AND_FINISH:
        _ask(tx, timer, there, now)
    else:
        _take(Step.START)(tx, timer, there, now)


def _take(step: Step) -> _Act:
    """Return what takes a step by itself; in the thread it says so when that is late."""

    def take(tx: Tx, timer: Timer, there: MaintenanceOnPage, now: datetime) -> None:
        cause = f"timer:{timer.id}"
        there.enqueue(tx, [there.step(tx, step, now)], cause, now)
        if now - timer.due_at > _LATE:
            late = in_words(now - timer.due_at)
            text = f"{_WORDS[step]} {late} late{there.where}: Foghorn was not running at its time."
            notices.note(tx, there.maintenance.id, text, cause, now)

    return take


def _ask(tx: Tx, timer: Timer, there: MaintenanceOnPage, now: datetime) -> None:
    """Leave a maintenance whose whole window passed unseen to a person."""
    maintenance = there.maintenance
    text = (
        f"Not started{there.where}: its window ended at "
        f"{maintenance.ends_at:%H:%M} UTC, and Foghorn was not running at its start. "
        "Start it with a later end, or cancel it."
    )
    notices.note(tx, maintenance.id, text, f"timer:{timer.id}", now)
    title = f"“{in_short(maintenance.name)}” has not started"
    notices.tell_owner(tx, maintenance, title, text, now)


def _check(step: Step) -> _Act:
    def check(tx: Tx, timer: Timer, there: MaintenanceOnPage, now: datetime) -> None:
        if there.publication.drivers.get(step) is Driver.PAGE:
            look = enqueue.to_page(there.publication, StepCheck(step), f"timer:{timer.id}")
            deliveries.add(tx, [look], now)

    return check


def _notice(tx: Tx, timer: Timer, there: MaintenanceOnPage, now: datetime) -> None:
    """Tell subscribers of the start, unless it has come already."""
    starts = there.maintenance.starts_at
    if there.status is MaintenanceStatus.SCHEDULED and now < starts:
        update = replace(there.update(tx, ahead_text(starts), now), notify=True)
        there.enqueue(tx, [update], f"timer:{timer.id}", now)
