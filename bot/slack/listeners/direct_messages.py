"""The buttons in letters: a refused form opened again, and a decision about what is stuck."""

from dataclasses import replace

from slack_bolt.async_app import AsyncAck

from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance
from bot.domain.pages import worst
from bot.domain.subjects import PublicationState, Subject
from bot.domain.submissions import (
    MaintenanceUpdateForm,
    ReportForm,
    ScheduleForm,
    StatusForAll,
    UpdateForm,
)
from bot.errors import Rejected
from bot.slack import payloads
from bot.slack.blocks import Block
from bot.slack.context import ListenerContext, Payload
from bot.slack.forms import ids
from bot.slack.forms.maintenance_steps import FOLLOWING
from bot.slack.forms.metadata import FormMetadata
from bot.slack.router import Router
from bot.slack.views import incidents as form_views
from bot.slack.views import maintenances, messages, results, schedules

_DECIDED = {
    "look": "Foghorn looks on the page once more, and says in the thread what it finds.",
    "again": "Foghorn publishes it again.",
    "leave": "Foghorn leaves it as it is on the page and sends nothing more of it.",
}
_NOTE = "This is what was submitted. Correct it and publish."
_OVER = "It is over by now, so there is nothing to correct."


def register(router: Router, context: ListenerContext) -> None:
    """Listen to the buttons in letters."""
    letters = DirectMessageListeners(context)
    router.actions[ids.REOPEN] = letters.reopen_button
    router.actions[ids.DECIDE] = letters.decide_button


class DirectMessageListeners:
    """Each method answers Slack at once and does the rest in the background."""

    def __init__(self, context: ListenerContext) -> None:
        """Take what listeners work with."""
        self._context = context

    async def reopen_button(self, body: Payload, ack: AsyncAck) -> None:
        """The form as it was submitted, to be corrected."""
        await ack()
        submission_id = body["actions"][0]["value"]
        self._context.start(body, self._reopen(body, submission_id), submission_id, ids.REOPEN)

    async def decide_button(self, body: Payload, ack: AsyncAck) -> None:
        """What to do with something that may or may not be on the page."""
        await ack()
        self._context.start(body, self._decide(body))

    async def _reopen(self, body: Payload, submission_id: str) -> None:
        person = payloads.person(body)
        await self._context.access.check(person.id)
        found = await self._context.queries.submission(submission_id)
        if not found or found[0].replaced_by:
            reason = "Somebody has corrected and sent this already: see its thread."
            raise Rejected(reason)
        kept, subject = found
        match kept.form, subject:
            case ReportForm() as form, _:
                view = await self._report(form, kept.id, subject)
            case ScheduleForm() as form, _:
                view = await self._schedule(form, kept.id, subject)
            case UpdateForm() as form, Incident() if not subject.is_anywhere:
                view = await self._anew(form, kept.id, subject)
            case UpdateForm() as form, Incident():
                view = await self._progress(form, kept.id, subject)
            case MaintenanceUpdateForm() as form, Maintenance():
                zone = self._context.access.zone(person.id)
                view = await self._maintenance_progress(form, kept.id, subject, zone)
            case _:
                view = results.notice("Nothing to correct", _OVER)
        await self._context.open(body, view)

    async def _report(self, form: ReportForm, kept_id: str, subject: Subject | None) -> Block:
        state = form_views.ReportState(
            pages=await self._context.page_choices(),
            metadata=FormMetadata(form.channel, replaces=kept_id, turns=form.turns or ""),
            name=form.name,
            fields=form.fields,
            chosen_pages=_refused_pages(subject),
            components=await self._context.queries.components(form.fields.components),
            started=form.started,
            note=_NOTE,
        )
        return form_views.report(state)

    async def _anew(self, form: UpdateForm, kept_id: str, incident: Incident) -> Block:
        """Return the form that reports an incident again which no page has any more."""
        fields = form.fields
        if fields.component_status is StatusForAll.KEEP:
            impacts = [each for there in incident.publications for each in there.impacts.values()]
            fields = replace(fields, component_status=worst(impacts))
        again = ReportForm(fields, incident.name, (), incident.channel)
        return await self._report(again, kept_id, incident)

    async def _schedule(self, form: ScheduleForm, kept_id: str, subject: Subject | None) -> Block:
        # One page may have taken it: then only the others are to be chosen.
        pages = _refused_pages(subject) or form.pages
        state = schedules.ScheduleState(
            pages=await self._context.page_choices(),
            metadata=FormMetadata(form.channel, replaces=kept_id, zone=form.zone),
            form=replace(form, pages=tuple(pages)),
            components=await self._context.queries.components(form.components),
            note=_NOTE,
        )
        return schedules.schedule(state)

    async def _progress(self, form: UpdateForm, kept_id: str, incident: Incident) -> Block:
        state = form_views.UpdateState(
            incident=incident,
            metadata=FormMetadata(incident.channel, incident.id, replaces=kept_id),
            fields=form.fields,
            pages=await self._context.pages_of(incident),
            components=await self._context.queries.components(form.fields.components),
            note=_NOTE,
        )
        return form_views.update(state)

    async def _maintenance_progress(
        self, form: MaintenanceUpdateForm, kept_id: str, maintenance: Maintenance, zone: str
    ) -> Block:
        if maintenance.status not in FOLLOWING:
            return results.notice("Nothing to correct", _OVER)
        state = maintenances.MaintenanceUpdateState(
            maintenance=maintenance,
            metadata=FormMetadata(maintenance.channel, maintenance.id, replaces=kept_id, zone=zone),
            form=form,
            statuses=FOLLOWING[maintenance.status],
            pages=await self._context.pages_of(maintenance),
            note=_NOTE,
        )
        return maintenances.update(state)

    async def _decide(self, body: Payload) -> None:
        action = body["actions"][0]
        answer = action["action_id"].partition(":")[2]
        person = payloads.person(body)
        await self._context.access.check(person.id)
        decided = await self._context.intake.decide(int(action["value"]), answer, person)
        text = _DECIDED[answer] if decided else "Somebody has decided this already."
        await self._context.say(body, messages.said(text))


def _refused_pages(subject: Subject | None) -> list[str]:
    publications = subject.publications if subject else ()
    return [each.page_id for each in publications if each.state is PublicationState.REFUSED]
