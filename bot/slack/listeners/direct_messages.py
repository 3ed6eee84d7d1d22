"""The buttons in direct messages: a refused form opened again, a decision on what is stuck."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance
from bot.domain.pages import worst
from bot.domain.submissions import (
    MaintenanceUpdateForm,
    ReportForm,
    ScheduleForm,
    StatusForAll,
    UpdateForm,
)
from bot.errors import Rejected
from bot.services.queries import SubmissionToCorrect
from bot.slack import payloads
from bot.slack.blocks import Block
from bot.slack.context import ListenerContext, at_once
from bot.slack.forms import ids
from bot.slack.forms.metadata import FormMetadata
from bot.slack.router import Payload, Router
from bot.slack.views import incidents, maintenances, results

_DECIDED = {
    "look": "Foghorn looks on the page once more, and publishes it if it is not there.",
    "again": "Foghorn publishes it again.",
    "leave": "Foghorn leaves it as it is on the page and sends nothing more of it.",
}
_NOTE = "This is what was sent. Correct it and publish."


def register(router: Router, context: ListenerContext) -> None:
    """Listen to the buttons in direct messages."""
    router.actions[ids.REOPEN] = at_once(context, _reopen, ids.REOPEN)
    router.actions[ids.DECIDE] = at_once(context, _decide)


async def _reopen(context: ListenerContext, body: Payload, submission_id: str) -> None:
    """Open the form as it was submitted, to be corrected."""
    person = await context.author(body)
    found = await context.queries.submission(submission_id)
    if not found or found.submission.replaced_by:
        raise Rejected("Somebody has corrected and sent this already: see its thread.")
    stored, subject = found.submission, found.subject
    match stored.form, subject:
        case ReportForm() as form, _:
            view = await _report(context, form, stored.id, found.pages)
        case ScheduleForm() as form, _:
            view = await _schedule(context, form, stored.id, found.pages)
        case UpdateForm() as form, Incident() if not subject.is_anywhere:
            view = await _report_anew(context, form, found, subject)
        case UpdateForm() as form, Incident():
            view = await _update(context, form, stored.id, subject)
        case MaintenanceUpdateForm() as form, Maintenance() if subject.status.following:
            zone = context.access.zone(person.id)
            view = await _maintenance_update(context, form, stored.id, subject, zone)
        case _:
            text = "It is over by now, so there is nothing to correct."
            view = results.notice("Nothing to correct", text)
    await context.open(body, view)


async def _report(
    context: ListenerContext, form: ReportForm, submission_id: str, pages: Sequence[str]
) -> Block:
    state = incidents.ReportState(
        pages=await context.page_choices(),
        metadata=FormMetadata(form.channel, replaces=submission_id, turns=form.turns or ""),
        name=form.name,
        fields=form.fields,
        chosen_pages=pages,
        components=await context.queries.components(form.fields.components),
        started=form.started,
        note=_NOTE,
    )
    return incidents.report(state)


async def _report_anew(
    context: ListenerContext, form: UpdateForm, found: SubmissionToCorrect, incident: Incident
) -> Block:
    """Return the form that reports an incident again which no page has any more."""
    fields = form.fields
    if fields.component_status is StatusForAll.KEEP:
        impacts = [each for there in incident.publications for each in there.impacts.values()]
        fields = replace(fields, component_status=worst(impacts))
    again = ReportForm(fields, incident.name, (), incident.channel)
    return await _report(context, again, found.submission.id, found.pages)


async def _schedule(
    context: ListenerContext, form: ScheduleForm, submission_id: str, pages: Sequence[str]
) -> Block:
    # One page may have taken it: then only the others are to be chosen.
    chosen = tuple(pages or form.pages)
    state = maintenances.ScheduleState(
        pages=await context.page_choices(),
        metadata=FormMetadata(form.channel, replaces=submission_id, zone=form.zone),
        form=replace(form, pages=chosen),
        components=await context.queries.components(form.components),
        note=_NOTE,
    )
    return maintenances.schedule(state)


async def _update(
    context: ListenerContext, form: UpdateForm, submission_id: str, incident: Incident
) -> Block:
    state = incidents.UpdateState(
        incident=incident,
        metadata=FormMetadata(incident.channel, incident.id, replaces=submission_id),
        fields=form.fields,
        pages=context.pages_of(incident),
        components=await context.queries.components(form.fields.components),
        note=_NOTE,
    )
    return incidents.update(state)


async def _maintenance_update(
    context: ListenerContext,
    form: MaintenanceUpdateForm,
    submission_id: str,
    maintenance: Maintenance,
    zone: str,
) -> Block:
    state = maintenances.MaintenanceUpdateState(
        maintenance=maintenance,
        metadata=FormMetadata(
            maintenance.channel, maintenance.id, replaces=submission_id, zone=zone
        ),
        form=form,
        statuses=maintenance.status.following,
        pages=context.pages_of(maintenance),
        note=_NOTE,
    )
    return maintenances.update(state)


async def _decide(context: ListenerContext, body: Payload, delivery_id: str) -> None:
    """Do what was decided about something that may or may not be on the page."""
    decision = body["actions"][0]["action_id"].partition(":")[2]
    person = await context.author(body)
    decided = await context.intake.decide(payloads.number(delivery_id), decision, person)
    text = _DECIDED[decision] if decided else "Somebody has decided this already."
    await context.tell(body, text)
