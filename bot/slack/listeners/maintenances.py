"""The command `/maintenance` and the buttons on maintenances."""

from functools import partial

from bot.domain.incidents import IncidentStatus
from bot.domain.submissions import IncidentFields, ScheduleForm
from bot.domain.texts.time_grammar import split_end
from bot.errors import Rejected
from bot.slack import payloads
from bot.slack.blocks import Block
from bot.slack.context import ListenerContext, at_once
from bot.slack.forms import ids
from bot.slack.forms.maintenances import Verb, fits, prefilled
from bot.slack.forms.metadata import FormMetadata
from bot.slack.router import Payload, Router
from bot.slack.views import incidents, maintenance_messages, maintenances, results

_BUTTONS = {
    ids.START_NOW: Verb.START,
    ids.POST_UPDATE: Verb.UPDATE,
    ids.EXTEND: Verb.EXTEND,
    ids.COMPLETE: Verb.COMPLETE,
    ids.CANCEL: Verb.CANCEL,
}
_QUESTIONS = {
    Verb.UPDATE: "Which maintenance has news?",
    Verb.START: "Which maintenance starts now?",
    Verb.COMPLETE: "Which maintenance is complete?",
    Verb.EXTEND: "Which maintenance ends at another time?",
    Verb.CANCEL: "Which maintenance is cancelled?",
}
_THREAD_GOES_ON = "The maintenance ends with this; the incident goes on in its thread."
_SERIES_GOES_ON = (
    "This window ends with this; the incident gets a message of its own, and the series goes on."
)
# As with incidents: what was about another must not come back as the name of a new one.
_VERBS = ("help", "list", *Verb)


def register(router: Router, context: ListenerContext) -> None:
    """Listen to everything about maintenances but their submitted forms and their series."""
    router.commands[ids.MAINTENANCE] = at_once(context, command, ids.OPEN_SCHEDULE, _VERBS)
    router.shortcuts[ids.SCHEDULE_SHORTCUT] = at_once(context, open_schedule, ids.OPEN_SCHEDULE)
    router.actions[ids.OPEN_SCHEDULE] = at_once(context, open_schedule, ids.OPEN_SCHEDULE)
    router.actions[ids.TURN] = at_once(context, _turn_into_incident, ids.TURN)
    for action_id, verb in _BUTTONS.items():
        router.actions[action_id] = at_once(context, partial(open_update, verb=verb), action_id)


async def command(context: ListenerContext, body: Payload, words: str) -> None:
    """`/maintenance` with whatever was typed behind it."""
    match payloads.verb(words):
        case "help", "":
            await context.say(body, maintenance_messages.guide(body["command"]))
        case "list", "":
            found = await context.queries.open_maintenances()
            recurring = await context.queries.running_series()
            late = await context.queries.shown(found)
            now = context.clock.now()
            shown = maintenance_messages.listed(found, recurring, now, late)
            await context.offer(body, shown)
        case verb, rest if verb in list(Verb):
            await _pick(context, body, Verb(verb), rest)
        case _:
            await open_schedule(context, body, words)


async def _pick(context: ListenerContext, body: Payload, verb: Verb, rest: str) -> None:
    name, end = split_end(rest) if verb is Verb.EXTEND else (rest, "")
    listed = await context.queries.open_maintenances(name)
    found = [each for each in listed if fits(each, verb)]
    if not found:
        typed = payloads.words_behind(body)
        shown = maintenance_messages.nothing_matches(name, verb.value, typed)
        await context.offer(body, shown)
    elif len(found) == 1:
        await open_update(context, body, found[0].id, verb, end)
    else:
        zone = await _zone(context, body)
        metadata = FormMetadata(payloads.channel(body), verb=verb.value, end=end, zone=zone)
        await context.open(body, maintenances.pick(found, _QUESTIONS[verb], metadata))


async def open_schedule(context: ListenerContext, body: Payload, name: str) -> None:
    """Open *Schedule maintenance* for whoever did `body`, with the name that was typed before."""
    zone = await _zone(context, body)
    channel = payloads.channel(body)
    state = maintenances.ScheduleState(
        pages=await context.page_choices(),
        metadata=FormMetadata(channel=channel, zone=zone),
        form=ScheduleForm(name, "", (), channel, (), starts=None, ends=None, zone=zone),
    )
    await context.open(body, maintenances.schedule(state))


async def open_update(
    context: ListenerContext, body: Payload, maintenance_id: str, verb: Verb, end: str = ""
) -> None:
    """Open *Update maintenance* for whoever did `body`; `end` is typed behind *extend*."""
    wanted = FormMetadata(verb=verb.value, end=end, zone=await _zone(context, body))
    await context.open(body, await update_view(context, maintenance_id, wanted))


async def _turn_into_incident(context: ListenerContext, body: Payload, maintenance_id: str) -> None:
    await context.author(body)
    prospect = await context.queries.prospect(maintenance_id)
    if not prospect or not prospect.maintenance.is_open:
        text = "This maintenance is over. Report an incident of its own: `/incident`"
        await context.open(body, results.notice("Nothing to turn", text))
        return
    maintenance = prospect.maintenance
    state = incidents.ReportState(
        pages=await context.page_choices(),
        metadata=FormMetadata(maintenance.channel, turns=maintenance.id),
        name=maintenance.name,
        fields=IncidentFields(IncidentStatus.INVESTIGATING, "", tuple(prospect.components)),
        chosen_pages=[each.page_id for each in maintenance.publications],
        components=prospect.components,
        note=_SERIES_GOES_ON if maintenance.series_id else _THREAD_GOES_ON,
    )
    await context.open(body, incidents.report(state))


async def _zone(context: ListenerContext, body: Payload) -> str:
    """Check that this person may publish, and return their time zone."""
    return context.access.zone((await context.author(body)).id)


async def update_view(context: ListenerContext, maintenance_id: str, wanted: FormMetadata) -> Block:
    """Return *Update maintenance* filled in as `wanted`, or why there is none.

    Raises `FormError` for a time that is none.
    """
    prospect = await context.queries.prospect(maintenance_id)
    if not prospect:
        return results.notice("Nothing to update", "Foghorn no longer knows this maintenance.")
    maintenance = prospect.maintenance
    # A form of another version may want what this one does not know.
    verb = Verb(wanted.verb) if wanted.verb in list(Verb) else Verb.UPDATE
    try:
        form = prefilled(maintenance, verb, wanted.end, wanted.zone, context.clock.now())
    except Rejected as error:
        return results.notice("Nothing to do", str(error))
    state = maintenances.MaintenanceUpdateState(
        maintenance=maintenance,
        metadata=FormMetadata(maintenance.channel, maintenance.id, zone=wanted.zone),
        form=form,
        statuses=maintenance.status.following,
        pages=context.pages_of(maintenance),
    )
    return maintenances.update(state)
