"""The command `/incident` and the buttons on incidents."""

from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.domain.incidents import IncidentStatus
from bot.domain.submissions import IncidentFields
from bot.slack import payloads
from bot.slack.context import ListenerContext, Payload
from bot.slack.forms import ids
from bot.slack.forms.metadata import FormMetadata
from bot.slack.router import Router
from bot.slack.views import incidents as form_views
from bot.slack.views import messages, results


def register(router: Router, context: ListenerContext) -> None:
    """Listen to everything about incidents but their submitted forms."""
    doors = IncidentListeners(context)
    router.commands[ids.INCIDENT] = doors.command
    router.shortcuts[ids.REPORT_SHORTCUT] = doors.report_shortcut
    router.actions[ids.OPEN_REPORT] = doors.report_button
    router.actions[ids.UPDATE] = doors.update_button
    router.actions[ids.RESOLVE] = doors.resolve_button


@dataclass(frozen=True, slots=True)
class Overtake:
    """A form that was sent too late: what was in it, who was faster, and the view it stands in."""

    fields: IncidentFields
    by: str
    root_view_id: str


_VERBS = ("help", "list", "update", "resolve")


class IncidentListeners:
    """Each method answers Slack at once and does the rest in the background."""

    def __init__(self, context: ListenerContext) -> None:
        """Take what listeners work with."""
        self._context = context

    async def command(self, body: Payload, ack: AsyncAck) -> None:
        """`/incident` with whatever was typed behind it."""
        await ack()
        words = payloads.words_behind(body)
        # What was about something else than a new incident must not come back as one's name.
        again = "" if words.partition(" ")[0].casefold() in _VERBS else ids.OPEN_REPORT
        self._context.start(body, self._typed(body), words, again)

    async def report_shortcut(self, body: Payload, ack: AsyncAck) -> None:
        """*Report an incident*, from anywhere."""
        await ack()
        self._context.start(body, self.open_report(body, ""), "", ids.OPEN_REPORT)

    async def report_button(self, body: Payload, ack: AsyncAck) -> None:
        """The form, with the name that was typed before."""
        await ack()
        name = body["actions"][0].get("value") or ""
        self._context.start(body, self.open_report(body, name), name, ids.OPEN_REPORT)

    async def update_button(self, body: Payload, ack: AsyncAck) -> None:
        """The button *Update*."""
        await ack()
        self._start_update(body, None)

    async def resolve_button(self, body: Payload, ack: AsyncAck) -> None:
        """The button *Resolve*."""
        await ack()
        self._start_update(body, IncidentStatus.RESOLVED)

    def _start_update(self, body: Payload, status: IncidentStatus | None) -> None:
        action = body["actions"][0]
        work = self.open_update(body, action["value"], status)
        self._context.start(body, work, action["value"], action["action_id"])

    async def open_report(self, body: Payload, name: str) -> None:
        """Open *Report an incident* for whoever did `body`."""
        await self._context.access.check(payloads.person(body).id)
        state = form_views.ReportState(
            pages=await self._context.page_choices(),
            metadata=FormMetadata(channel=payloads.channel(body)),
            name=name,
        )
        await self._context.open(body, form_views.report(state))

    async def open_update(
        self, body: Payload, incident_id: str, status: IncidentStatus | None
    ) -> None:
        """Open *Post an update* for whoever did `body`."""
        await self._context.access.check(payloads.person(body).id)
        view = await update_view(self._context, incident_id, status)
        await self._context.open(body, view)

    async def _typed(self, body: Payload) -> None:
        text = payloads.words_behind(body)
        verb, _space, rest = text.partition(" ")
        verb = verb.casefold()  # telephones write the first letter large
        if verb == "help" and not rest:
            await self._context.say(body, messages.guide(body["command"]))
        elif verb == "list" and not rest:
            found = await self._context.queries.open_incidents()
            shown = await self._context.queries.shown(found)
            await self._context.say(body, messages.listed(found, shown))
        elif verb in ("update", "resolve"):
            status = IncidentStatus.RESOLVED if verb == "resolve" else None
            await self._pick(body, rest.strip(), status)
        else:
            await self.open_report(body, text)

    async def _pick(self, body: Payload, said: str, status: IncidentStatus | None) -> None:
        found = await self._context.queries.open_incidents(said)
        if not found:
            typed = payloads.words_behind(body)
            await self._context.say(body, messages.nothing_matches(said, typed))
        elif len(found) == 1:
            await self.open_update(body, found[0].id, status)
        else:
            await self._context.access.check(payloads.person(body).id)
            resolves = status is IncidentStatus.RESOLVED
            metadata = FormMetadata(channel=payloads.channel(body), resolves=resolves)
            await self._context.open(body, form_views.pick(found, metadata))


async def update_view(
    context: ListenerContext,
    incident_id: str,
    status: IncidentStatus | None,
    overtaken: Overtake | None = None,
) -> dict[str, Any]:
    """Return *Post an update* for an incident, or why there is none.

    It is as the incident stands now, with the text of the form that was `overtaken`, if any.
    """
    outlook = await context.queries.outlook(incident_id, status)
    if not outlook or not outlook.incident.is_open:
        text = "This incident is resolved. If it is back, report a new one: `/incident`"
        return results.notice("Nothing to update", text)
    incident = outlook.incident
    state = form_views.UpdateState(
        incident=incident,
        metadata=FormMetadata(incident.channel, incident.id, seen=outlook.seen),
        fields=outlook.fields,
        pages=await context.pages_of(incident),
        components=outlook.components,
    )
    if overtaken:
        now = outlook.fields
        state = replace(
            state,
            metadata=replace(state.metadata, root_view_id=overtaken.root_view_id),
            fields=replace(
                overtaken.fields,
                status=now.status,
                components=now.components,
                component_status=now.component_status,
                each=now.each,
            ),
            note=f"{overtaken.by} posted an update meanwhile. Status and components are as they "
            "are now, the text is yours: check all three, and publish.",
        )
    return form_views.update(state)
