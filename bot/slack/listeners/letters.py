"""The buttons in letters: a refused form opened again, and a decision about what is stuck."""

from dataclasses import replace

from slack_bolt.async_app import AsyncAck

from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance
from bot.domain.pages import worst
from bot.domain.subjects import PublicationState, Subject
from bot.domain.submissions import ForAll, MaintenanceProgress, Progress, Report, Schedule
from bot.errors import Rejected
from bot.slack import forms, ids
from bot.slack.blocks import Block
from bot.slack.front import Front, Payload
from bot.slack.metadata import Carried
from bot.slack.openings import FOLLOWING
from bot.slack.router import Router
from bot.slack.views import forms as form_views
from bot.slack.views import maintenances, messages, outcomes, schedules

_DECIDED = {
    "look": "Foghorn looks on the page once more, and says in the thread what it finds.",
    "again": "Foghorn publishes it again.",
    "leave": "Foghorn leaves it as it is on the page and sends nothing more of it.",
}
_NOTE = "This is what was submitted. Correct it and publish."
_OVER = "It is over by now, so there is nothing to correct."


def register(router: Router, front: Front) -> None:
    """Listen to the buttons in letters."""
    letters = Letters(front)
    router.actions[ids.REOPEN] = letters.reopen_button
    router.actions[ids.DECIDE] = letters.decide_button


class Letters:
    """Each method answers Slack at once and does the rest in the background."""

    def __init__(self, front: Front) -> None:
        """Take what listeners work with."""
        self._front = front

    async def reopen_button(self, body: Payload, ack: AsyncAck) -> None:
        """The form as it was submitted, to be corrected."""
        await ack()
        submission_id = body["actions"][0]["value"]
        self._front.start(body, self._reopen(body, submission_id), submission_id, ids.REOPEN)

    async def decide_button(self, body: Payload, ack: AsyncAck) -> None:
        """What to do with something that may or may not be on the page."""
        await ack()
        self._front.start(body, self._decide(body))

    async def _reopen(self, body: Payload, submission_id: str) -> None:
        person = forms.person(body)
        await self._front.access.check(person.id)
        found = await self._front.desk.submission(submission_id)
        if not found or found[0].replaced_by:
            reason = "Somebody has corrected and sent this already: see its thread."
            raise Rejected(reason)
        kept, subject = found
        match kept.form, subject:
            case Report() as form, _:
                view = await self._report(form, kept.id, subject)
            case Schedule() as form, _:
                view = await self._schedule(form, kept.id, subject)
            case Progress() as form, Incident() if not subject.is_anywhere:
                view = await self._anew(form, kept.id, subject)
            case Progress() as form, Incident():
                view = await self._progress(form, kept.id, subject)
            case MaintenanceProgress() as form, Maintenance():
                zone = self._front.access.zone(person.id)
                view = await self._maintenance_progress(form, kept.id, subject, zone)
            case _:
                view = outcomes.notice("Nothing to correct", _OVER)
        await self._front.open(body, view)

    async def _report(self, form: Report, kept_id: str, subject: Subject | None) -> Block:
        state = form_views.ReportState(
            pages=await self._front.page_choices(),
            carried=Carried(form.channel, replaces=kept_id, turns=form.turns or ""),
            name=form.name,
            fields=form.fields,
            chosen_pages=_refused_pages(subject),
            components=await self._front.desk.components(form.fields.components),
            started=form.started,
            note=_NOTE,
        )
        return form_views.report(state)

    async def _anew(self, form: Progress, kept_id: str, incident: Incident) -> Block:
        """Return the form that reports an incident again which no page has any more."""
        fields = form.fields
        if fields.component_status is ForAll.KEEP:
            impacts = [each for there in incident.publications for each in there.impacts.values()]
            fields = replace(fields, component_status=worst(impacts))
        again = Report(fields, incident.name, (), incident.channel)
        return await self._report(again, kept_id, incident)

    async def _schedule(self, form: Schedule, kept_id: str, subject: Subject | None) -> Block:
        # One page may have taken it: then only the others are to be chosen.
        pages = _refused_pages(subject) or form.pages
        state = schedules.ScheduleState(
            pages=await self._front.page_choices(),
            carried=Carried(form.channel, replaces=kept_id, zone=form.zone),
            form=replace(form, pages=tuple(pages)),
            components=await self._front.desk.components(form.components),
            note=_NOTE,
        )
        return schedules.schedule(state)

    async def _progress(self, form: Progress, kept_id: str, incident: Incident) -> Block:
        state = form_views.ProgressState(
            incident=incident,
            carried=Carried(incident.channel, incident.id, replaces=kept_id),
            fields=form.fields,
            pages=await self._front.pages_of(incident),
            components=await self._front.desk.components(form.fields.components),
            note=_NOTE,
        )
        return form_views.progress(state)

    async def _maintenance_progress(
        self, form: MaintenanceProgress, kept_id: str, maintenance: Maintenance, zone: str
    ) -> Block:
        if maintenance.status not in FOLLOWING:
            return outcomes.notice("Nothing to correct", _OVER)
        state = maintenances.MaintenanceState(
            maintenance=maintenance,
            carried=Carried(maintenance.channel, maintenance.id, replaces=kept_id, zone=zone),
            form=form,
            statuses=FOLLOWING[maintenance.status],
            pages=await self._front.pages_of(maintenance),
            note=_NOTE,
        )
        return maintenances.progress(state)

    async def _decide(self, body: Payload) -> None:
        action = body["actions"][0]
        answer = action["action_id"].partition(":")[2]
        person = forms.person(body)
        await self._front.access.check(person.id)
        decided = await self._front.publishing.decide(int(action["value"]), answer, person)
        text = _DECIDED[answer] if decided else "Somebody has decided this already."
        await self._front.say(body, messages.said(text))


def _refused_pages(subject: Subject | None) -> list[str]:
    publications = subject.publications if subject else ()
    return [each.page_id for each in publications if each.state is PublicationState.REFUSED]
