"""The command `/maintenance` and the buttons on maintenances."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.domain.incidents import IncidentStatus
from bot.domain.submissions import IncidentFields, ScheduleForm
from bot.domain.time_grammar import split_end
from bot.errors import Rejected
from bot.slack import payloads
from bot.slack.context import ListenerContext, Payload
from bot.slack.forms import ids
from bot.slack.forms.maintenance_steps import FOLLOWING, Verb, fits, opening
from bot.slack.forms.metadata import FormMetadata
from bot.slack.router import Router
from bot.slack.views import incidents as form_views
from bot.slack.views import maintenance_messages, maintenances, results, schedules

_STEPS = {
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


def register(router: Router, context: ListenerContext) -> None:
    """Listen to everything about maintenances but their submitted forms and their series."""
    doors = MaintenanceListeners(context)
    router.commands[ids.MAINTENANCE] = doors.command
    router.shortcuts[ids.SCHEDULE_SHORTCUT] = doors.schedule_shortcut
    router.actions[ids.OPEN_SCHEDULE] = doors.schedule_button
    router.actions[ids.TURN] = doors.turn_button
    for action_id, verb in _STEPS.items():
        router.actions[action_id] = partial(doors.step_button, verb)


_VERBS = ("help", "list", *Verb)


class MaintenanceListeners:
    """Each method answers Slack at once and does the rest in the background."""

    def __init__(self, context: ListenerContext) -> None:
        """Take what listeners work with."""
        self._context = context

    async def command(self, body: Payload, ack: AsyncAck) -> None:
        """`/maintenance` with whatever was typed behind it."""
        await ack()
        words = payloads.words_behind(body)
        # As with incidents: what was about another must not come back as the name of a new one.
        again = "" if words.partition(" ")[0].casefold() in _VERBS else ids.OPEN_SCHEDULE
        self._context.start(body, self._typed(body), words, again)

    async def schedule_shortcut(self, body: Payload, ack: AsyncAck) -> None:
        """*Schedule maintenance*, from anywhere."""
        await ack()
        self._context.start(body, self.open_schedule(body, ""), "", ids.OPEN_SCHEDULE)

    async def schedule_button(self, body: Payload, ack: AsyncAck) -> None:
        """The form, with the name that was typed before."""
        await ack()
        name = body["actions"][0].get("value") or ""
        self._context.start(body, self.open_schedule(body, name), name, ids.OPEN_SCHEDULE)

    async def step_button(self, verb: Verb, body: Payload, ack: AsyncAck) -> None:
        """One of the buttons that open *Update maintenance*."""
        await ack()
        action = body["actions"][0]
        work = self.open_update(body, action["value"], verb, "")
        self._context.start(body, work, action["value"], action["action_id"])

    async def turn_button(self, body: Payload, ack: AsyncAck) -> None:
        """The button *Turn into incident*."""
        await ack()
        maintenance_id = body["actions"][0]["value"]
        self._context.start(body, self._turn(body, maintenance_id), maintenance_id, ids.TURN)

    async def open_schedule(self, body: Payload, name: str) -> None:
        """Open *Schedule maintenance* for whoever did `body`."""
        zone = await self._zone(body)
        channel = payloads.channel(body)
        form = ScheduleForm(name, "", (), channel, (), starts=None, ends=None, zone=zone)
        state = schedules.ScheduleState(
            pages=await self._context.page_choices(),
            metadata=FormMetadata(channel=channel, zone=zone),
            form=form,
        )
        await self._context.open(body, schedules.schedule(state))

    async def open_update(self, body: Payload, maintenance_id: str, verb: Verb, said: str) -> None:
        """Open *Update maintenance* for whoever did `body`."""
        asked = FormMetadata(verb=verb.value, said=said, zone=await self._zone(body))
        await self._context.open(body, await update_view(self._context, maintenance_id, asked))

    async def _typed(self, body: Payload) -> None:
        text = payloads.words_behind(body)
        word, _space, rest = text.partition(" ")
        word, rest = word.casefold(), rest.strip()  # telephones write the first letter large
        if word == "help" and not rest:
            await self._context.say(body, maintenance_messages.guide(body["command"]))
        elif word == "list" and not rest:
            await self._list(body)
        elif word in list(Verb):
            await self._pick(body, Verb(word), rest)
        else:
            await self.open_schedule(body, text)

    async def _pick(self, body: Payload, verb: Verb, rest: str) -> None:
        words, said = split_end(rest) if verb is Verb.EXTEND else (rest, "")
        listed = await self._context.queries.open_maintenances(words)
        found = [each for each in listed if fits(each, verb)]
        if not found:
            typed = payloads.words_behind(body)
            missing = maintenance_messages.nothing_matches(words, verb.value, typed)
            await self._context.say(body, missing)
        elif len(found) == 1:
            await self.open_update(body, found[0].id, verb, said)
        else:
            zone = await self._zone(body)
            asked = FormMetadata(payloads.channel(body), verb=verb.value, said=said, zone=zone)
            await self._context.open(body, maintenances.pick(found, _QUESTIONS[verb], asked))

    async def _list(self, body: Payload) -> None:
        desk = self._context.queries
        found = await desk.open_maintenances()
        recurring = await desk.running_series()
        now = self._context.clock.now()
        late = await desk.shown(found)
        await self._context.say(body, maintenance_messages.listed(found, recurring, now, late))

    async def _turn(self, body: Payload, maintenance_id: str) -> None:
        await self._context.access.check(payloads.person(body).id)
        prospect = await self._context.queries.prospect(maintenance_id)
        if not prospect or not prospect.maintenance.is_open:
            text = "This maintenance is over. Report an incident of its own: `/incident`"
            await self._context.open(body, results.notice("Nothing to turn", text))
            return
        maintenance = prospect.maintenance
        state = form_views.ReportState(
            pages=await self._context.page_choices(),
            metadata=FormMetadata(maintenance.channel, turns=maintenance.id),
            name=maintenance.name,
            fields=IncidentFields(IncidentStatus.INVESTIGATING, "", tuple(prospect.components)),
            chosen_pages=[each.page_id for each in maintenance.publications],
            components=prospect.components,
            note="The maintenance ends with this; the incident goes on in its thread.",
        )
        await self._context.open(body, form_views.report(state))

    async def _zone(self, body: Payload) -> str:
        """Check that this person may publish, and return their time zone."""
        person = payloads.person(body)
        await self._context.access.check(person.id)
        return self._context.access.zone(person.id)


async def update_view(
    context: ListenerContext, maintenance_id: str, asked: FormMetadata
) -> dict[str, Any]:
    """Return *Update maintenance* as `asked`, or why there is none.

    Raises `FormError` for a time that is none.
    """
    prospect = await context.queries.prospect(maintenance_id)
    if not prospect:
        return results.notice("Nothing to update", "Foghorn no longer knows this maintenance.")
    maintenance = prospect.maintenance
    try:
        form = opening(maintenance, Verb(asked.verb), asked.said, asked.zone, context.clock.now())
    except Rejected as error:
        return results.notice("Nothing to do", str(error))
    state = maintenances.MaintenanceUpdateState(
        maintenance=maintenance,
        metadata=FormMetadata(maintenance.channel, maintenance.id, zone=asked.zone),
        form=form,
        statuses=FOLLOWING[maintenance.status],
        pages=await context.pages_of(maintenance),
    )
    return maintenances.update(state)
