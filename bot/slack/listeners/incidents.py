"""The command `/incident`, the buttons on incidents, and the search for components."""

from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.domain.incidents import Incident, IncidentStatus, PublicationState
from bot.domain.pages import Page
from bot.domain.submissions import Report
from bot.errors import Rejected
from bot.slack import blocks, forms, ids
from bot.slack.front import Front, Payload
from bot.slack.metadata import Carried, carried
from bot.slack.router import Router
from bot.slack.views import forms as form_views
from bot.slack.views import messages, outcomes, words

_DECIDED = {
    "look": "Foghorn looks on the page once more, and says in the thread what it finds.",
    "again": "Foghorn publishes it again.",
    "leave": "Foghorn leaves it as it is on the page and sends nothing more of it.",
}


def register(router: Router, front: Front) -> None:
    """Listen to everything about incidents but their submitted forms."""
    doors = Doors(front)
    router.commands[ids.INCIDENT] = doors.command
    router.shortcuts[ids.REPORT_SHORTCUT] = doors.report_shortcut
    buttons = {
        ids.OPEN_REPORT: doors.report_button,
        ids.UPDATE: doors.update_button,
        ids.RESOLVE: doors.resolve_button,
        ids.REOPEN: doors.reopen_button,
        ids.DECIDE: doors.decide_button,
        ids.PREVIEW: doors.preview_button,
        ids.STATUS: doors.status_changed,
        ids.VIEW_PAGE: doors.nothing_to_do,
    }
    router.actions.update(buttons)
    router.options[ids.COMPONENTS] = doors.search


class Doors:
    """Each method answers Slack at once and does the rest in the background."""

    def __init__(self, front: Front) -> None:
        """Take what listeners work with."""
        self._front = front

    async def command(self, body: Payload, ack: AsyncAck) -> None:
        """`/incident` with whatever was typed behind it."""
        await ack()
        self._front.background.start(self._front.helped(body, self._typed(body), _text(body)))

    async def report_shortcut(self, body: Payload, ack: AsyncAck) -> None:
        """*Report an incident*, from anywhere."""
        await ack()
        self._front.background.start(self._front.helped(body, self.open_report(body, "")))

    async def report_button(self, body: Payload, ack: AsyncAck) -> None:
        """The form, with the name that was typed before."""
        await ack()
        name = body["actions"][0].get("value") or ""
        self._front.background.start(self._front.helped(body, self.open_report(body, name), name))

    async def update_button(self, body: Payload, ack: AsyncAck) -> None:
        """The button *Update*."""
        await ack()
        work = self.open_progress(body, body["actions"][0]["value"], None)
        self._front.background.start(self._front.helped(body, work))

    async def resolve_button(self, body: Payload, ack: AsyncAck) -> None:
        """The button *Resolve*."""
        await ack()
        work = self.open_progress(body, body["actions"][0]["value"], IncidentStatus.RESOLVED)
        self._front.background.start(self._front.helped(body, work))

    async def reopen_button(self, body: Payload, ack: AsyncAck) -> None:
        """The form as it was submitted, to be corrected."""
        await ack()
        work = self._reopen(body, body["actions"][0]["value"])
        self._front.background.start(self._front.helped(body, work))

    async def decide_button(self, body: Payload, ack: AsyncAck) -> None:
        """What to do with something that may or may not be on the page."""
        await ack()
        self._front.background.start(self._decide(body))

    async def preview_button(self, body: Payload, ack: AsyncAck) -> None:
        """What customers would see of the form as it is filled in now."""
        await ack()
        view = body["view"]
        fields = forms.read_fields(view)
        name = forms.read_report(view).name if view["callback_id"] == ids.REPORT else ""
        shown = outcomes.preview(name, fields.status.label, fields.message)
        self._front.background.start(self._front.helped(body, self._front.push(body, shown)))

    async def status_changed(self, body: Payload, ack: AsyncAck) -> None:
        """The form's button says what it does: Publish, or Resolve."""
        await ack()
        status = IncidentStatus(body["actions"][0]["selected_option"]["value"])
        view = form_views.relabelled(body["view"], status)
        if view["submit"]["text"] != body["view"]["submit"]["text"]:
            self._front.background.start(self._front.update(body, view))

    async def nothing_to_do(self, body: Payload, ack: AsyncAck) -> None:
        """A link was clicked; Slack wants to hear that we know."""
        del body
        await ack()

    async def search(self, body: Payload, ack: AsyncAck) -> None:
        """Components with what was typed in their name or group, from the store's snapshot."""
        view = body.get("view") or {}
        typed = blocks.cut(forms.typed(body.get("value")), 200)
        pages = forms.chosen_pages(view)
        incident_id = carried(view).incident_id
        if incident_id and (outlook := await self._front.desk.outlook(incident_id, None)):
            pages = tuple(each.page_id for each in outlook.incident.publications)
        found = await self._front.desk.search(typed, pages, blocks.OPTIONS_LIMIT)
        several = len(found.page_names) > 1
        choices = [
            (
                choice.key,
                choice.component,
                found.page_names.get(choice.page_id) if several else None,
            )
            for choice in found.choices
        ]
        groups = words.component_options(choices, found.total)
        await (ack(option_groups=groups) if groups else ack(options=[]))

    async def open_report(self, body: Payload, name: str) -> None:
        """Open *Report an incident* for whoever did `body`."""
        await self._front.access.check(forms.person(body).id)
        state = form_views.ReportState(
            pages=await self._front.page_choices(),
            carried=Carried(channel=_channel(body)),
            name=name,
        )
        await self._front.open(body, form_views.report(state))

    async def open_progress(
        self, body: Payload, incident_id: str, status: IncidentStatus | None
    ) -> None:
        """Open *Post an update* for whoever did `body`."""
        await self._front.access.check(forms.person(body).id)
        view = await progress_view(self._front, incident_id, status)
        await self._front.open(body, view)

    async def _typed(self, body: Payload) -> None:
        text = _text(body)
        verb, _space, rest = text.partition(" ")
        verb = verb.casefold()  # telephones write the first letter large
        if verb == "help" and not rest:
            await self._front.say(body, messages.guide(body["command"]))
        elif verb == "list" and not rest:
            await self._front.say(body, messages.listed(await self._front.desk.open_incidents()))
        elif verb in ("update", "resolve"):
            status = IncidentStatus.RESOLVED if verb == "resolve" else None
            await self._pick(body, rest.strip(), status)
        else:
            await self.open_report(body, text)

    async def _pick(self, body: Payload, said: str, status: IncidentStatus | None) -> None:
        found = await self._front.desk.open_incidents(said)
        if not found:
            await self._front.say(body, messages.nothing_matches(said, _text(body)))
        elif len(found) == 1:
            await self.open_progress(body, found[0].id, status)
        else:
            await self._front.access.check(forms.person(body).id)
            origin = Carried(channel=_channel(body), resolves=status is IncidentStatus.RESOLVED)
            await self._front.open(body, form_views.pick(found, origin))

    async def _reopen(self, body: Payload, submission_id: str) -> None:
        await self._front.access.check(forms.person(body).id)
        found = await self._front.desk.submission(submission_id)
        if not found or found[0].replaced_by:
            reason = "Somebody has corrected and sent this already: see its thread."
            raise Rejected(reason)
        kept, incident = found
        note = "This is what was submitted. Correct it and publish."
        components = await self._front.desk.components(kept.form.fields.components)
        if isinstance(kept.form, Report):
            state = form_views.ReportState(
                pages=await self._front.page_choices(),
                carried=Carried(kept.form.channel, replaces=kept.id),
                name=kept.form.name,
                fields=kept.form.fields,
                chosen_pages=_refused_pages(incident),
                components=components,
                started=kept.form.started,
                note=note,
            )
            await self._front.open(body, form_views.report(state))
        elif incident:
            progress = form_views.ProgressState(
                incident=incident,
                carried=Carried(incident.channel, incident.id, replaces=kept.id),
                fields=kept.form.fields,
                pages=await self._front.page_choices(_pages(incident)),
                components=components,
                note=note,
            )
            await self._front.open(body, form_views.progress(progress))

    async def _decide(self, body: Payload) -> None:
        action = body["actions"][0]
        answer = action["action_id"].partition(":")[2]
        person = forms.person(body)
        decided = await self._front.publishing.decide(int(action["value"]), answer, person)
        text = _DECIDED[answer] if decided else "Somebody has decided this already."
        await self._front.say(body, (text, [blocks.section(text)]))


async def progress_view(
    front: Front, incident_id: str, status: IncidentStatus | None
) -> dict[str, Any]:
    """Return *Post an update* for an incident, or why there is none."""
    outlook = await front.desk.outlook(incident_id, status)
    if not outlook or not outlook.incident.is_open:
        text = "This incident is resolved. If it is back, report a new one: `/incident`"
        return outcomes.notice("Nothing to update", text)
    incident = outlook.incident
    state = form_views.ProgressState(
        incident=incident,
        carried=Carried(incident.channel, incident.id),
        fields=outlook.fields,
        pages=await front.page_choices(_pages(incident)),
        components=outlook.components,
    )
    return form_views.progress(state)


def _pages(incident: Incident) -> list[Page]:
    return [Page(each.page_id, each.page_name, each.url) for each in incident.publications]


def _refused_pages(incident: Incident | None) -> list[str]:
    publications = incident.publications if incident else ()
    return [each.page_id for each in publications if each.state is PublicationState.REFUSED]


def _text(body: Payload) -> str:
    """Return what was typed behind the command, without Slack's escapes."""
    text = forms.typed(body.get("text")).replace("\u00a0", " ").strip()
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _channel(body: Payload) -> str:
    if "channel_id" in body:
        return str(body["channel_id"])
    channel = body.get("channel") or {}
    return str(channel.get("id") or body.get("user", {}).get("id", ""))
