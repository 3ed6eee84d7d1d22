"""Reading what people put into the forms of maintenances."""

from datetime import date
from typing import Any

from bot.domain.maintenances import Automation, MaintenanceStatus, Notice
from bot.domain.submissions import MaintenanceUpdateForm, Repeat, Rhythm, ScheduleForm
from bot.slack.forms import ids
from bot.slack.forms.fields import View, chosen, instant, selected, text, value
from bot.slack.forms.metadata import form_metadata

_UTC = "UTC"


def read_schedule(view: View) -> ScheduleForm:
    """Return what *Schedule maintenance* says; what is missing is for the rules to find."""
    metadata = form_metadata(view)
    automation = selected(view, ids.AUTOMATION)
    return ScheduleForm(
        name=text(view, ids.NAME),
        message=text(view, ids.MESSAGE),
        pages=chosen(view, ids.PAGES),
        channel=metadata.channel,
        components=chosen(view, ids.COMPONENTS),
        starts=instant(view, ids.STARTS),
        ends=instant(view, ids.ENDS),
        zone=metadata.zone or _UTC,
        automation=Automation(automation) if automation else Automation.START,
        notices=tuple(Notice(each) for each in chosen(view, ids.NOTIFY)),
        repeat=_repeat(view),
    )


def schedule_problems(view: View) -> dict[str, str]:
    """Return what is wrong with the form itself, before any rule about maintenances."""
    ends = _count(view) is not None or _day(view) is not None
    if ends and not _repeat(view):
        reason = "Choose how it repeats, or leave number and last day empty."
        return {ids.REPEAT: reason}
    return {}


def read_update(view: View) -> MaintenanceUpdateForm:
    """Return what *Update maintenance* says."""
    status = selected(view, ids.STATUS)
    return MaintenanceUpdateForm(
        maintenance_id=form_metadata(view).subject_id,
        status=MaintenanceStatus(status) if status else MaintenanceStatus.UNKNOWN,
        message=text(view, ids.MESSAGE),
        ends=instant(view, ids.ENDS),
        notify=bool(chosen(view, ids.NOTIFY)),
    )


def read_last_day(view: View) -> date | None:
    """Return the day that was picked in *Change end date*."""
    return _day(view)


def _repeat(view: View) -> Repeat | None:
    rhythm = selected(view, ids.REPEAT)
    if rhythm not in {each.value for each in Rhythm}:
        return None
    return Repeat(Rhythm(rhythm), _count(view), _day(view))


def _count(view: View) -> int | None:
    """Return the number of windows; what is no whole number is refused by the rules as none is."""
    typed: Any = value(view, ids.TIMES, "value")
    if not typed:
        return None
    return int(typed) if typed.isascii() and typed.isdigit() else 0


def _day(view: View) -> date | None:
    day = value(view, ids.UNTIL, "selected_date")
    return date.fromisoformat(day) if day else None
