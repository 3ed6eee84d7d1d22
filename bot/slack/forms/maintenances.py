"""The forms about maintenances: what people put into them, and what an update is filled in with."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.domain import times
from bot.domain.maintenances import Automation, Maintenance, MaintenanceStatus, Notice, planning
from bot.domain.submissions import MaintenanceUpdateForm, Repeat, Rhythm, ScheduleForm
from bot.errors import Rejected
from bot.slack.forms import ids
from bot.slack.forms.fields import View, chosen, instant, known, selected, text, value
from bot.slack.forms.metadata import form_metadata

_USUAL_EXTENSION = "30m"


class Verb(StrEnum):
    """What somebody wants with a maintenance; the words of the command."""

    UPDATE = "update"
    START = "start"
    COMPLETE = "complete"
    EXTEND = "extend"
    CANCEL = "cancel"


_LEADS_TO = {
    Verb.START: MaintenanceStatus.IN_PROGRESS,
    Verb.COMPLETE: MaintenanceStatus.COMPLETED,
    Verb.CANCEL: MaintenanceStatus.CANCELLED,
}
_TEXTS = {
    Verb.START: planning.BEGUN,
    Verb.COMPLETE: planning.COMPLETE,
    Verb.CANCEL: "The maintenance is cancelled.",
}
_TOO_LATE = {
    Verb.START: "This maintenance is running already.",
    Verb.COMPLETE: "This maintenance has not begun: start it first, or cancel it.",
}


def read_schedule(view: View) -> ScheduleForm:
    """Return what *Schedule maintenance* says; what is missing is for the rules to find."""
    metadata = form_metadata(view)
    automation = selected(view, ids.AUTOMATION) or Automation.START
    return ScheduleForm(
        name=text(view, ids.NAME),
        message=text(view, ids.MESSAGE),
        pages=chosen(view, ids.PAGES),
        channel=metadata.channel,
        components=chosen(view, ids.COMPONENTS),
        starts=instant(view, ids.STARTS),
        ends=instant(view, ids.ENDS),
        zone=metadata.zone or "UTC",
        automation=known(Automation, automation, ids.AUTOMATION),
        notices=tuple(known(Notice, each, ids.NOTIFY) for each in chosen(view, ids.NOTIFY)),
        repeat=_repeat(view),
    )


def schedule_problems(view: View) -> dict[str, str]:
    """Return what is wrong with the form itself, before any rule about maintenances."""
    ends = _count(view) is not None or read_last_day(view) is not None
    if ends and not _repeat(view):
        reason = "Choose how it repeats, or leave number and last day empty."
        return {ids.REPEAT: reason}
    return {}


def read_update(view: View) -> MaintenanceUpdateForm:
    """Return what *Update maintenance* says."""
    status = selected(view, ids.STATUS) or MaintenanceStatus.UNKNOWN
    return MaintenanceUpdateForm(
        maintenance_id=form_metadata(view).subject_id,
        status=known(MaintenanceStatus, status, ids.STATUS),
        message=text(view, ids.MESSAGE),
        ends=instant(view, ids.ENDS),
        notify=bool(chosen(view, ids.NOTIFY)),
    )


def read_last_day(view: View) -> date | None:
    """Return the last day on which a window of a series may start."""
    day = value(view, ids.UNTIL, "selected_date")
    return date.fromisoformat(day) if day else None


def _repeat(view: View) -> Repeat | None:
    rhythm = selected(view, ids.REPEAT)
    if rhythm not in {each.value for each in Rhythm}:
        return None
    return Repeat(Rhythm(rhythm), _count(view), read_last_day(view))


def _count(view: View) -> int | None:
    """Return the number of windows; what is no whole number is refused by the rules as none is."""
    typed: Any = value(view, ids.TIMES, "value")
    if not typed:
        return None
    return int(typed) if typed.isascii() and typed.isdigit() else 0


def fits(maintenance: Maintenance, verb: Verb) -> bool:
    """Say whether this can be done with a maintenance as it stands."""
    if not maintenance.is_open:
        return False
    wanted = _LEADS_TO.get(verb)
    return wanted in maintenance.status.following[1:] if wanted else True


def prefilled(
    maintenance: Maintenance, verb: Verb, end: str, zone: str, now: datetime
) -> MaintenanceUpdateForm:
    """Return the form for `verb`; `end` is what was typed behind *extend*, in the person's zone.

    Raises `Rejected` when the maintenance is past it, and `FormError` for a time that is none.
    """
    if not maintenance.is_open or not maintenance.status.following:
        raise Rejected("This maintenance is over. Schedule another: `/maintenance`")
    if not fits(maintenance, verb):
        raise Rejected(_TOO_LATE[verb])
    ends, message = maintenance.ends_at, _TEXTS.get(verb, "")
    if verb is Verb.EXTEND:
        # A time of day is one of the window, however far ahead that lies.
        running = max(now, maintenance.starts_at)
        ends = times.typed(end or _USUAL_EXTENSION, zone, running, maintenance.ends_at)
        message = _extended(maintenance, ends, now)
    status = _LEADS_TO.get(verb, maintenance.status)
    return MaintenanceUpdateForm(
        maintenance_id=maintenance.id,
        status=status,
        message=message,
        ends=ends,
        notify=maintenance.notifies_of(status),
    )


def _extended(maintenance: Maintenance, ends: datetime, now: datetime) -> str:
    """Return what customers read of another end."""
    until = times.in_utc(ends, now)
    if ends < maintenance.ends_at:
        return f"The maintenance ends earlier than planned, at {until}."
    return f"The maintenance takes longer than planned, until {until}."
