"""The buttons that answer reminders, and the form that hands a subject over."""

import asyncio
from datetime import timedelta
from functools import partial

from slack_bolt.async_app import AsyncAck

from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance
from bot.errors import FormError, NotAllowed, StoreUnavailable
from bot.services.intake.reminders import Question
from bot.slack import payloads
from bot.slack.context import ListenerContext, at_once
from bot.slack.forms import ids, incidents
from bot.slack.forms.metadata import FormMetadata, form_metadata
from bot.slack.router import Payload, Router
from bot.slack.views import reminders, results

_ANSWERS = (ids.NO_CHANGE, ids.COMPLETE_NOW, ids.EXTEND_BY, ids.SNOOZE, ids.TAKE_OVER)


def register(router: Router, context: ListenerContext) -> None:
    """Listen to everything about reminders."""
    router.actions.update(dict.fromkeys(_ANSWERS, at_once(context, _answer)))
    router.actions[ids.HAND_OVER] = at_once(context, _ask_to_whom, ids.HAND_OVER)
    router.actions[ids.SNOOZE_FORM] = at_once(context, _ask_how_long, ids.SNOOZE_FORM)
    router.submissions[ids.HAND_OVER] = partial(hand_over, context)
    router.submissions[ids.SNOOZE] = partial(snooze, context)


async def _answer(context: ListenerContext, body: Payload, value: str) -> None:
    """Do what was tapped below a reminder, and tell whoever tapped what came of it."""
    person = await context.author(body)
    answers = context.reminder_answers
    button, _colon, minutes = body["actions"][0]["action_id"].partition(":")
    subject_id, _colon, digits = value.rpartition(":")
    number = payloads.number(digits)
    match button:
        case ids.NO_CHANGE:
            done = answers.no_change(Question(subject_id, number), person)
        case ids.COMPLETE_NOW:
            done = answers.complete(Question(subject_id, number), person)
        case ids.EXTEND_BY:
            longer = timedelta(minutes=int(minutes))
            done = answers.extend(Question(subject_id, number), longer, person)
        case ids.SNOOZE:
            done = answers.snooze(subject_id, timedelta(seconds=number), person)
        case _:
            done = answers.hand_over(value, person, person)
    try:
        await context.tell(body, await done)
    except FormError as error:
        reason = f"{error} Nothing was published. Write the update instead."
        await context.tell(body, reason)


async def _ask_to_whom(context: ListenerContext, body: Payload, subject_id: str) -> None:
    if subject := await _open_subject(context, body, subject_id, "Hand over"):
        metadata = FormMetadata(subject.channel, subject.id)
        await context.open(body, reminders.hand_over(subject, metadata))


async def _ask_how_long(context: ListenerContext, body: Payload, subject_id: str) -> None:
    if subject := await _open_subject(context, body, subject_id, "Snooze"):
        metadata = FormMetadata(subject.channel, subject.id)
        spans = context.reminder_answers.settings.snooze
        await context.open(body, reminders.snooze(subject, spans, metadata))


async def _open_subject(
    context: ListenerContext, body: Payload, subject_id: str, title: str
) -> Incident | Maintenance | None:
    """Return what a form is to be about; say so in the form's place when it is over already."""
    await context.author(body)
    subject = await context.queries.subject(subject_id)
    if subject and subject.is_open:
        return subject
    text = "It is over already, so nobody is asked about it any more."
    await context.open(body, results.notice(title, text))
    return None


async def snooze(context: ListenerContext, body: Payload, ack: AsyncAck) -> None:
    """How long the next reminder is put off was chosen."""
    try:
        person = await context.author(body)
        subject_id, seconds = incidents.read_span(body["view"])
        span = timedelta(seconds=seconds)
        told = await context.reminder_answers.snooze(subject_id, span, person)
    except (FormError, NotAllowed, StoreUnavailable) as error:
        await ack(response_action="errors", errors={ids.SPAN: str(error)})
    else:
        await ack(response_action="update", view=results.notice("Snooze", told))


async def hand_over(context: ListenerContext, body: Payload, ack: AsyncAck) -> None:
    """The new owner was chosen."""
    try:
        answer = await _hand_over(context, body)
    except (NotAllowed, StoreUnavailable) as error:
        await ack(response_action="errors", errors={ids.NEW_OWNER: str(error)})
    else:
        await ack(response_action="update", view=results.notice("Hand over", answer))


async def _hand_over(context: ListenerContext, body: Payload) -> str:
    view = body["view"]
    person, new_owner = await asyncio.gather(
        context.author(body), context.access.owner(incidents.new_owner(view))
    )
    subject_id = form_metadata(view).subject_id
    return await context.reminder_answers.hand_over(subject_id, new_owner, person)
