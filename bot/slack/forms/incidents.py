"""What people put into the forms about incidents."""

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
from bot.domain.submissions import IncidentFields, ReportForm, StatusForAll, UpdateForm
from bot.errors import FormError
from bot.slack.forms import ids
from bot.slack.forms.fields import View, chosen, instant, known, selected, text, value, values
from bot.slack.forms.metadata import form_metadata


def read_report(view: View) -> ReportForm:
    """Return what *Report an incident* says; what is missing is for the rules to find."""
    metadata = form_metadata(view)
    return ReportForm(
        fields=read_fields(view),
        name=text(view, ids.NAME),
        pages=chosen(view, ids.PAGES),
        channel=metadata.channel,
        started=instant(view, ids.STARTED),
        turns=metadata.turns or None,
    )


def read_update(view: View) -> UpdateForm:
    """Return what *Post an update* says."""
    metadata = form_metadata(view)
    return UpdateForm(read_fields(view), metadata.subject_id, seen=metadata.seen or None)


def read_fields(view: View) -> IncidentFields:
    """Return the fields that both forms have."""
    promised = selected(view, ids.NEXT_UPDATE)
    status = selected(view, ids.STATUS) or IncidentStatus.INVESTIGATING
    return IncidentFields(
        status=known(IncidentStatus, status, ids.STATUS),
        message=text(view, ids.MESSAGE),
        components=chosen(view, ids.COMPONENTS),
        component_status=_component_status(selected(view, ids.COMPONENT_STATUS)),
        notify=bool(chosen(view, ids.NOTIFY)),
        next_update=int(promised) if promised and promised.isdigit() else None,
        by_text=promised != ids.AS_USUAL,
    )


def new_owner(view: View) -> str:
    """Return the Slack id of the new owner that was chosen."""
    return str(value(view, ids.NEW_OWNER, "selected_user") or "")


def read_span(view: View) -> tuple[str, int]:
    """Return our id of the subject whose next reminder is put off, and for how many seconds.

    Raises `FormError` when nothing was chosen.
    """
    subject_id, _colon, seconds = (selected(view, ids.SPAN) or "").rpartition(":")
    if not seconds.isdecimal():
        raise FormError({ids.SPAN: "Choose for how long."})
    return subject_id, int(seconds)


def read_each(view: View) -> dict[str, ComponentStatus]:
    """Return the status that the second step gives each component, by its key."""
    return {
        key: known(ComponentStatus, status, key)
        for key in values(view)
        if (status := selected(view, key))
    }


def read_picked(view: View) -> str:
    """Return our id of the subject that was chosen."""
    return selected(view, ids.PICKED) or ""


def _component_status(selected: str | None) -> ComponentStatus | StatusForAll:
    if selected in list(StatusForAll):
        return StatusForAll(selected)
    return known(ComponentStatus, selected or ComponentStatus.DEGRADED, ids.COMPONENT_STATUS)
