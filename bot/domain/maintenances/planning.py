"""From the forms of a maintenance to what is planned: the rules that need no page and no store."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.incident_rules import name_problems, text_problems
from bot.domain.maintenances import Maintenance, MaintenanceStatus
from bot.domain.pages import Capabilities
from bot.domain.subjects import Step
from bot.domain.submissions import MaintenanceUpdateForm, ScheduleForm
from bot.domain.times import in_words

BEGUN = "The maintenance has begun."
COMPLETE = "The maintenance is complete."
TURNED = "The maintenance has ended early. We look into a problem that came with it."
SKIPPED = "This maintenance will not take place."

NOTICE_AHEAD = timedelta(hours=1)
"""How long before the start subscribers are told, where Foghorn tells them."""
_MEANS_NOW = timedelta(minutes=15)
_BEFORE_START = "The end must be after the start."
_PASSED = "This has passed. Choose a later end."

STEP_TEXT = {Step.START: BEGUN, Step.FINISH: COMPLETE}


def ahead_text(starts: datetime) -> str:
    """Return what subscribers are told shortly before the start."""
    return f"This maintenance starts at {starts:%H:%M} UTC."


def meant_start(starts: datetime, now: datetime) -> datetime:
    """Return the start that is meant: a moment ago means this minute."""
    recent = now - _MEANS_NOW <= starts < now
    return now.replace(second=0, microsecond=0) if recent else starts


def schedule_problems(
    schedule: ScheduleForm, pages: Iterable[Capabilities], longest: timedelta, now: datetime
) -> dict[str, str]:
    """Return every bad field of a schedule with its reason."""
    pages = tuple(pages)
    problems = text_problems(schedule.message, pages)
    problems |= name_problems("maintenance", schedule.name, pages)
    return problems | _window_problems(schedule, longest, now)


def _window_problems(schedule: ScheduleForm, longest: timedelta, now: datetime) -> dict[str, str]:
    problems = {}
    if not schedule.starts:
        problems["starts"] = "Say when it starts."
    elif schedule.starts < now - _MEANS_NOW:
        problems["starts"] = "This is more than 15 minutes ago. Choose a later start."
    if not schedule.ends:
        problems["ends"] = "Say when it ends."
    elif reason := _end_of_window_problem(schedule.starts, schedule.ends, longest, now):
        problems["ends"] = reason
    return problems


def _end_of_window_problem(
    starts: datetime | None, ends: datetime, longest: timedelta, now: datetime
) -> str | None:
    """Say what is wrong with an end whatever the start may still become."""
    start = meant_start(starts, now) if starts else None
    if start and ends <= start:
        return _BEFORE_START
    if ends <= now:
        return _PASSED
    return _end_problem(start, ends, longest) if start and start >= now - _MEANS_NOW else None


def _end_problem(starts: datetime, ends: datetime, longest: timedelta) -> str | None:
    if ends <= starts:
        return _BEFORE_START
    if ends - starts > longest:
        return f"A maintenance may last {in_words(longest)} at most. Choose an earlier end."
    return None


def update_problems(
    progress: MaintenanceUpdateForm,
    maintenance: Maintenance,
    pages: Iterable[Capabilities],
    longest: timedelta,
    now: datetime,
) -> dict[str, str]:
    """Return every bad field of an update with its reason.

    `maintenance` stands as it will once all is there that is owed to its pages already.
    """
    if maintenance.status.is_over:
        return {"message": "This maintenance is over. Schedule another: /maintenance"}
    problems = text_problems(progress.message, pages)
    if reason := _status_problem(maintenance.status, progress.status):
        problems["status"] = reason
    if not progress.status.is_over and progress.ends != maintenance.ends_at:
        if not progress.ends:
            problems["ends"] = "Say when it ends."
        elif progress.ends <= now:
            problems["ends"] = _PASSED
        elif reason := _end_problem(maintenance.starts_at, progress.ends, longest):
            problems["ends"] = reason
    return problems


def _status_problem(now: MaintenanceStatus, wanted: MaintenanceStatus) -> str | None:
    if wanted.rank < 0:
        return "Choose a status."
    if wanted is MaintenanceStatus.COMPLETED and now is MaintenanceStatus.SCHEDULED:
        return "It has not begun, so it cannot be completed. Cancel it instead."
    if wanted.rank < now.rank:
        return f"It is {now.label.lower()} already, and there is no way back."
    return None
