"""The buttons that answer reminders, and the form that hands a subject over."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from slack_bolt.async_app import AsyncAck

from bot.domain.submissions import Person
from bot.errors import FormError
from bot.services.intake.reminders import Question
from bot.slack import blocks, payloads
from bot.slack.calls import call
from bot.slack.context import ListenerContext, Payload
from bot.slack.forms import ids, incidents
from bot.slack.forms.metadata import FormMetadata, form_metadata
from bot.slack.router import Router
from bot.slack.views import messages, reminders, results


def register(router: Router, context: ListenerContext) -> None:
    """Listen to everything about reminders."""
    taps = ReminderListeners(context)
    router.actions[ids.NO_CHANGE] = taps.no_change
    router.actions[ids.COMPLETE_NOW] = taps.complete
    router.actions[ids.EXTEND_BY] = taps.extend
    router.actions[ids.SNOOZE] = taps.snooze
    router.actions[ids.TAKE_OVER] = taps.take_over
    router.actions[ids.HAND_OVER] = taps.hand_over_button
    router.submissions[ids.HAND_OVER] = taps.hand_over


class ReminderListeners:
    """Each method answers Slack at once; what came of it is told to whoever tapped."""

    def __init__(self, context: ListenerContext) -> None:
        """Take what listeners work with."""
        self._context = context

    async def no_change(self, body: Payload, ack: AsyncAck) -> None:
        """*No change*: the holding text goes out."""
        await ack()
        asked = _asked(body["actions"][0]["value"])
        self._tell(
            body, lambda: self._context.reminder_answers.no_change(asked, payloads.person(body))
        )

    async def complete(self, body: Payload, ack: AsyncAck) -> None:
        """*Complete*: the maintenance is over."""
        await ack()
        asked = _asked(body["actions"][0]["value"])
        self._tell(
            body, lambda: self._context.reminder_answers.complete(asked, payloads.person(body))
        )

    async def extend(self, body: Payload, ack: AsyncAck) -> None:
        """*Extend 30* or *60*."""
        await ack()
        action = body["actions"][0]
        minutes = int(action["action_id"].partition(":")[2])
        asked, span = _asked(action["value"]), timedelta(minutes=minutes)
        self._tell(
            body, lambda: self._context.reminder_answers.extend(asked, span, payloads.person(body))
        )

    async def snooze(self, body: Payload, ack: AsyncAck) -> None:
        """One of the spans of *Snooze*."""
        await ack()
        subject_id, _, seconds = body["actions"][0]["selected_option"]["value"].rpartition(":")
        span = timedelta(seconds=int(seconds))
        self._tell(
            body,
            lambda: self._context.reminder_answers.snooze(subject_id, span, payloads.person(body)),
        )

    async def take_over(self, body: Payload, ack: AsyncAck) -> None:
        """*Take over*."""
        await ack()
        person = payloads.person(body)
        subject_id = body["actions"][0]["value"]
        self._tell(
            body, lambda: self._context.reminder_answers.hand_over(subject_id, person, person)
        )

    async def hand_over_button(self, body: Payload, ack: AsyncAck) -> None:
        """*Hand over*: ask to whom."""
        await ack()
        subject_id = body["actions"][0]["value"]
        self._context.start(body, self._ask_heir(body, subject_id), subject_id, ids.HAND_OVER)

    async def hand_over(self, body: Payload, ack: AsyncAck) -> None:
        """The new owner was chosen."""
        # Slack is asked for the name only after it has its answer.
        await ack(response_action="update", view=results.notice("Hand over", "Handing over…"))
        self._context.background.start(self._context.helped(body, self._hand_over(body)))

    async def _ask_heir(self, body: Payload, subject_id: str) -> None:
        await self._context.access.check(payloads.person(body).id)
        subject = await self._context.queries.subject(subject_id)
        if not subject or not subject.is_open:
            text = "It is over already, so there is nothing to hand over."
            await self._context.open(body, results.notice("Hand over", text))
            return
        view = reminders.hand_over(subject, FormMetadata(subject.channel, subject.id))
        await self._context.open(body, view)

    async def _hand_over(self, body: Payload) -> None:
        view, person = body["view"], payloads.person(body)
        await self._context.access.check(person.id)
        heir = incidents.heir(view)
        name = await self._context.access.name(heir)
        told = await self._context.reminder_answers.hand_over(
            form_metadata(view).subject_id, Person(heir, name), person
        )
        shown = call(
            self._context.client.views_update,
            view_id=view["id"],
            view=results.notice("Hand over", told),
        )
        await self._context.quietly(shown)

    def _tell(self, body: Payload, work: Callable[[], Awaitable[str]]) -> None:
        self._context.background.start(self._context.helped(body, self._done(body, work)))

    async def _done(self, body: Payload, work: Callable[[], Awaitable[str]]) -> None:
        await self._context.access.check(payloads.person(body).id)
        try:
            told = await work()
        except FormError as error:
            told = f"{error} Nothing was published. Write the update instead."
        await self._context.say(body, messages.said(blocks.escape(told)))


def _asked(value: str) -> Question:
    subject_id, _, turn = value.rpartition(":")
    return Question(subject_id, int(turn))
