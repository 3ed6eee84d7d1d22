"""What the timers of a maintenance are for: its start, its end, and what comes before them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.deliveries import StepCheck
from bot.domain.maintenances import Automation, Maintenance, MaintenanceStatus
from bot.domain.maintenances.planning import ahead_text
from bot.domain.subjects import Driver, Publication, PublicationState, Step, in_short
from bot.domain.timers import Timer, TimerKind
from bot.domain.times import in_words
from bot.services.due.timers import Busy, TimerHandler
from bot.services.ledger import enqueue, maintenance_drivers, notices
from bot.store import Tx, deliveries, maintenances, subjects

_LATE = timedelta(minutes=1)
_WORDS = {Step.START: "Started", Step.FINISH: "Completed"}


def handlers() -> dict[TimerKind, TimerHandler]:
    """Return what to do for each kind of timer that is about a maintenance on a page."""
    return {
        TimerKind.START: _on_page(_start),
        TimerKind.FINISH: _on_page(_finish),
        TimerKind.CHECK_START: _on_page(_check(Step.START)),
        TimerKind.CHECK_FINISH: _on_page(_check(Step.FINISH)),
        TimerKind.NOTICE: _on_page(_notice),
    }


_Act = Callable[[Tx, Timer, Maintenance, Publication, datetime], None]


def _on_page(act: _Act) -> TimerHandler:
    """Return a handler that acts on a maintenance which is not over, kept from others."""

    def handle(tx: Tx, timer: Timer, now: datetime) -> None:
        # Without waiting: whoever has it may be about to drop the timers that we hold.
        if not subjects.lock_if_free(tx, timer.subject_id or ""):
            raise Busy
        stored = maintenances.get(tx, timer.subject_id or "")
        publication = subjects.publication(tx, timer.about)
        if not stored or stored.turned_into or not publication:
            return
        maintenance = maintenance_drivers.on_page(tx, stored, publication)
        if not maintenance.status.is_over and publication.state is not PublicationState.REFUSED:
            act(tx, timer, maintenance, publication, now)

    return handle


def _start(
    tx: Tx, timer: Timer, maintenance: Maintenance, publication: Publication, now: datetime
) -> None:
    missed = now >= maintenance.ends_at
    if missed and maintenance.automation is not Automation.START_AND_FINISH:
        _ask(tx, timer, maintenance, publication, now)
    else:
        _take(tx, timer, (maintenance, publication), Step.START, now)


def _finish(
    tx: Tx, timer: Timer, maintenance: Maintenance, publication: Publication, now: datetime
) -> None:
    _take(tx, timer, (maintenance, publication), Step.FINISH, now)


def _take(
    tx: Tx, timer: Timer, what: tuple[Maintenance, Publication], step: Step, now: datetime
) -> None:
    """Take a step by itself; in the thread it says so when that is late."""
    maintenance, publication = what
    cause = f"timer:{timer.id}"
    draft = maintenance_drivers.step(tx, maintenance, publication, step, now)
    maintenance_drivers.owe(tx, publication, [draft], cause, now)
    if now - timer.due_at > _LATE:
        late = in_words(now - timer.due_at)
        where = _where(maintenance, publication)
        text = f"{_WORDS[step]} {late} late{where}: Foghorn was not running at its time."
        notices.note(tx, maintenance.id, text, cause, now)


def _ask(
    tx: Tx, timer: Timer, maintenance: Maintenance, publication: Publication, now: datetime
) -> None:
    """Leave a maintenance whose whole window passed unseen to a person."""
    text = (
        f"Not started{_where(maintenance, publication)}: its window ended at "
        f"{maintenance.ends_at:%H:%M} UTC, and Foghorn was not running at its start. "
        "Start it with a later end, or cancel it."
    )
    notices.note(tx, maintenance.id, text, f"timer:{timer.id}", now)
    title = f"“{in_short(maintenance.name)}” has not started"
    notices.tell_owner(tx, maintenance, title, text, now)


def _check(step: Step) -> _Act:
    def check(
        tx: Tx, timer: Timer, maintenance: Maintenance, publication: Publication, now: datetime
    ) -> None:
        del maintenance
        if publication.drivers.get(step) is Driver.PAGE:
            look = enqueue.page_delivery(publication, StepCheck(step), f"timer:{timer.id}")
            deliveries.add(tx, [look], now)

    return check


def _notice(
    tx: Tx, timer: Timer, maintenance: Maintenance, publication: Publication, now: datetime
) -> None:
    """Tell subscribers of the start, unless it has come already."""
    if maintenance.status is not MaintenanceStatus.SCHEDULED or now >= maintenance.starts_at:
        return
    said = (MaintenanceStatus.SCHEDULED, ahead_text(maintenance.starts_at), True)
    draft = maintenance_drivers.update(tx, maintenance, publication, said, now)
    maintenance_drivers.owe(tx, publication, [draft], f"timer:{timer.id}", now)


def _where(maintenance: Maintenance, publication: Publication) -> str:
    return f" on {publication.page_name}" if len(maintenance.publications) > 1 else ""
