"""Steps that the page took by itself, as posts in the timeline that nobody wrote."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.domain.maintenances import STEP_STATUS, MaintenanceStatus
from bot.domain.maintenances.planning import STEP_TEXT
from bot.domain.subjects import Step
from bot.statuspage.model.site import MaintenanceRecord, MaintenanceUpdateRecord


def with_automatic_steps(work: MaintenanceRecord, at: datetime) -> MaintenanceRecord:
    """Return a maintenance with a post for each step that the page took by itself by `at`."""
    updates = list(work.updates)
    for step, taken in _taken(work, at):
        status = STEP_STATUS[step]
        by_hand = (each.status.is_beyond(step) and each.at <= taken for each in work.updates)
        if not any(by_hand):
            when = max(taken, work.created)
            post = MaintenanceUpdateRecord(f"{work.id}-{step.value}", status, STEP_TEXT[step], when)
            later = (number for number, each in enumerate(updates) if each.at > when)
            updates.insert(next(later, len(updates)), post)
    return replace(work, updates=tuple(updates))


def _taken(work: MaintenanceRecord, at: datetime) -> Iterator[tuple[Step, datetime]]:
    """Yield the steps that were taken by `at`, by whom ever, and when."""
    over, cancelled = work.status.is_over, work.status is MaintenanceStatus.CANCELLED
    start = work.started or (work.starts if work.auto_start and not over else None)
    finish = work.finished or (work.ends if work.auto_end and not over else None)
    if start and start <= at:
        yield Step.START, start
    if finish and finish <= at and not cancelled:
        yield Step.FINISH, finish
