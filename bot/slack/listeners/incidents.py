"""The command `/incident` and the buttons on incidents."""

from dataclasses import dataclass, replace
from functools import partial

from bot.domain.incidents import IncidentStatus
from bot.domain.submissions import IncidentFields
from bot.slack import payloads
from bot.slack.blocks import Block
from bot.slack.context import ListenerContext, at_once
from bot.slack.forms import ids
from bot.slack.forms.metadata import FormMetadata
from bot.slack.router import Payload, Router
from bot.slack.views import incidents, messages, results

# What was about something else than a new incident must not come back as one's name.
_VERBS = ("help", "list", "update", "resolve")


def register(router: Router, context: ListenerContext) -> None:
    """Listen to everything about incidents but their submitted forms."""
    resolve = partial(open_update, status=IncidentStatus.RESOLVED)
    router.commands[ids.INCIDENT] = at_once(context, command, ids.OPEN_REPORT, _VERBS)
    router.shortcuts[ids.REPORT_SHORTCUT] = at_once(context, open_report, ids.OPEN_REPORT)
    router.actions[ids.OPEN_REPORT] = at_once(context, open_report, ids.OPEN_REPORT)
    router.actions[ids.UPDATE] = at_once(context, open_update, ids.UPDATE)
    router.actions[ids.RESOLVE] = at_once(context, resolve, ids.RESOLVE)


async def command(context: ListenerContext, body: Payload, words: str) -> None:
    """`/incident` with whatever was typed behind it."""
    match payloads.verb(words):
        case "help", "":
            await context.say(body, messages.guide(body["command"]))
        case "list", "":
            found = await context.queries.open_incidents()
            shown = await context.queries.shown(found)
            await context.offer(body, messages.listed(found, shown))
        case "update", name:
            await _pick(context, body, name, None)
        case "resolve", name:
            await _pick(context, body, name, IncidentStatus.RESOLVED)
        case _:
            await open_report(context, body, words)


async def _pick(
    context: ListenerContext, body: Payload, name: str, status: IncidentStatus | None
) -> None:
    found = await context.queries.open_incidents(name)
    if not found:
        await context.offer(body, messages.nothing_matches(name, payloads.words_behind(body)))
    elif len(found) == 1:
        await open_update(context, body, found[0].id, status)
    else:
        await context.author(body)
        metadata = FormMetadata(payloads.channel(body), resolves=status is not None)
        await context.open(body, incidents.pick(found, metadata))


async def open_report(context: ListenerContext, body: Payload, name: str) -> None:
    """Open *Report an incident* for whoever did `body`, with the name that was typed before."""
    await context.author(body)
    state = incidents.ReportState(
        pages=await context.page_choices(),
        metadata=FormMetadata(channel=payloads.channel(body)),
        name=name,
    )
    await context.open(body, incidents.report(state))


async def open_update(
    context: ListenerContext, body: Payload, incident_id: str, status: IncidentStatus | None = None
) -> None:
    """Open *Post an update* for whoever did `body`."""
    await context.author(body)
    await context.open(body, await update_view(context, incident_id, status))


@dataclass(frozen=True, slots=True)
class Overtake:
    """A form that was sent too late: what was in it, who was faster, and the view it stands in."""

    fields: IncidentFields
    by: str
    root_view_id: str


async def update_view(
    context: ListenerContext,
    incident_id: str,
    status: IncidentStatus | None,
    overtaken: Overtake | None = None,
) -> Block:
    """Return *Post an update* for an incident, or why there is none.

    It is as the incident stands now, with the text of the form that was `overtaken`, if any.
    """
    outlook = await context.queries.outlook(incident_id, status)
    if not outlook or not outlook.incident.is_open:
        text = "This incident is resolved. If it is back, report a new one: `/incident`"
        return results.notice("Nothing to update", text)
    incident = outlook.incident
    state = incidents.UpdateState(
        incident=incident,
        metadata=FormMetadata(incident.channel, incident.id, seen=outlook.seen),
        fields=outlook.fields,
        pages=context.pages_of(incident),
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
    return incidents.update(state)
