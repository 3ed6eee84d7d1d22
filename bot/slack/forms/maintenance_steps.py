"""What *Update maintenance* is filled in with when it was opened for a step."""

from datetime import datetime
from enum import StrEnum

from bot.domain import times
from bot.domain.maintenances import Maintenance, MaintenanceStatus, Notice, planning
from bot.domain.submissions import MaintenanceUpdateForm
from bot.errors import Rejected

USUAL_EXTENSION = "30m"


class Verb(StrEnum):
    """What somebody wants with a maintenance; the words of the command."""

    UPDATE = "update"
    START = "start"
    COMPLETE = "complete"
    EXTEND = "extend"
    CANCEL = "cancel"


FOLLOWING: dict[MaintenanceStatus, tuple[MaintenanceStatus, ...]] = {
    MaintenanceStatus.SCHEDULED: (
        MaintenanceStatus.SCHEDULED,
        MaintenanceStatus.IN_PROGRESS,
        MaintenanceStatus.CANCELLED,
    ),
    MaintenanceStatus.IN_PROGRESS: (
        MaintenanceStatus.IN_PROGRESS,
        MaintenanceStatus.COMPLETED,
        MaintenanceStatus.CANCELLED,
    ),
}
"""The statuses that an update can have, the present one first."""

_ASKED = {
    Verb.START: MaintenanceStatus.IN_PROGRESS,
    Verb.COMPLETE: MaintenanceStatus.COMPLETED,
    Verb.CANCEL: MaintenanceStatus.CANCELLED,
}
_TEXTS = {
    Verb.START: planning.BEGUN,
    Verb.COMPLETE: planning.COMPLETE,
    Verb.CANCEL: "The maintenance is cancelled.",
}
_NOTICES = {Verb.START: Notice.AT_START, Verb.COMPLETE: Notice.AT_END}
_TOO_LATE = {
    Verb.START: "This maintenance is running already.",
    Verb.COMPLETE: "This maintenance has not begun: start it first, or cancel it.",
}


def fits(maintenance: Maintenance, verb: Verb) -> bool:
    """Say whether this can be done with a maintenance as it stands."""
    if not maintenance.is_open:
        return False
    asked = _ASKED.get(verb)
    return asked in FOLLOWING[maintenance.status][1:] if asked else True


def opening(
    maintenance: Maintenance, verb: Verb, said: str, zone: str, now: datetime
) -> MaintenanceUpdateForm:
    """Return the form for `verb`; `said` is what was typed behind *extend*, in the person's zone.

    Raises `Rejected` when the maintenance is past it, and `FormError` for a time that is none.
    """
    if not maintenance.is_open or maintenance.status not in FOLLOWING:
        over = "This maintenance is over. Schedule another: `/maintenance`"
        raise Rejected(over)
    if not fits(maintenance, verb):
        raise Rejected(_TOO_LATE[verb])
    ends, message = maintenance.ends_at, _TEXTS.get(verb, "")
    if verb is Verb.EXTEND:
        # A time of day is one of the window, however far ahead that lies.
        running = max(now, maintenance.starts_at)
        ends = times.typed(said or USUAL_EXTENSION, zone, running, maintenance.ends_at)
        message = extended(maintenance, ends, now)
    notice = _NOTICES.get(verb)
    return MaintenanceUpdateForm(
        maintenance_id=maintenance.id,
        status=_ASKED.get(verb, maintenance.status),
        message=message,
        ends=ends,
        notify=notice in maintenance.notices if notice else maintenance.notify,
    )


def extended(maintenance: Maintenance, ends: datetime, now: datetime) -> str:
    """Return what customers read of another end."""
    until = times.in_utc(ends, now)
    if ends < maintenance.ends_at:
        return f"The maintenance ends earlier than planned, at {until}."
    return f"The maintenance takes longer than planned, until {until}."
