"""The services that every listener works with, and how a form or private words reach a person."""

import asyncio
from collections.abc import Awaitable, Callable, Container, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.pages import Capabilities, Page
from bot.domain.subjects import Subject
from bot.domain.submissions import AnySubmission, Person
from bot.errors import FoghornError, FormError, NotAllowed, ProviderError
from bot.ports import Clock
from bot.services.access import Access
from bot.services.delivery.priority import Priority
from bot.services.intake import Intake
from bot.services.intake.reminders import ReminderAnswers
from bot.services.intake.series import Series
from bot.services.ledger.enqueue import Acceptance
from bot.services.queries import Queries
from bot.services.sync import Sync
from bot.slack import payloads
from bot.slack.background import Background
from bot.slack.blocks import Block
from bot.slack.calls import call, permalink, respond
from bot.slack.router import Listener, Payload
from bot.slack.views import lines, messages
from bot.slack.views.fields import PageChoice
from bot.slack.views.lines import Message

_log = structlog.get_logger(__name__)

_FIRST_READ_SECONDS = 1.5
"""Of the three that Slack waits for an answer, and gives for opening a form."""


@dataclass(frozen=True, slots=True)
class ListenerContext:
    """The services and the client that listeners use."""

    client: AsyncWebClient
    intake: Intake
    queries: Queries
    access: Access
    capabilities: Callable[[str], Capabilities]
    background: Background
    priority: Priority
    clock: Clock
    series: Series
    reminder_answers: ReminderAnswers
    sync: Sync

    async def author(self, payload: Payload) -> Person:
        """Return who did `payload`; raises `NotAllowed` when they may not publish."""
        return await self.access.admit(payloads.person(payload))

    async def page_choices(self) -> tuple[PageChoice, ...]:
        """Return the pages to choose from; before the first was read, wait a moment for it."""
        pages = await self.queries.pages()
        if not pages and await self.first_read():
            pages = await self.queries.pages()
        return tuple(PageChoice(page, self.capabilities(page.id)) for page in pages)

    async def first_read(self) -> bool:
        """Wait a moment until pages that were never read are; return whether one was.

        It is the one time that a form waits for a vendor: nothing can be kept for a page that
        nobody knows.
        """
        unread = await self.sync.unread()
        if not unread:
            return False
        reading = self.background.start(self.sync.read_unread())
        await asyncio.wait([reading], timeout=_FIRST_READ_SECONDS)
        return await self.sync.unread() != unread

    async def submit(self, submission: AnySubmission) -> Acceptance:
        """Keep a form; one that came before its page was read for the first time waits for that.

        Raises as `Intake.submit` does.
        """
        try:
            return await self.intake.submit(submission)
        except FormError:
            if not await self.first_read():
                raise
            return await self.intake.submit(submission)

    def pages_of(self, subject: Subject) -> tuple[PageChoice, ...]:
        """Return the pages that a subject is on."""
        pages = [Page(each.page_id, each.page_name, each.url) for each in subject.publications]
        return tuple(PageChoice(page, self.capabilities(page.id)) for page in pages)

    async def open(self, payload: Payload, view: Block) -> None:
        """Open a form for whoever did `payload`."""
        await call(self.client.views_open, trigger_id=payload["trigger_id"], view=view)

    async def push(self, payload: Payload, view: Block) -> None:
        """Put a form on top of the open one."""
        await call(self.client.views_push, trigger_id=payload["trigger_id"], view=view)

    async def update(self, payload: Payload, view: Block) -> None:
        """Change the open form, unless it has changed since `payload` was sent."""
        shown = payload["view"]
        await self.show(shown["id"], view, hash=shown["hash"])

    async def show(self, view_id: str, view: Block, **unless_changed: str) -> None:
        """Show something else in an open form; one that was closed meanwhile is no trouble."""
        try:
            await call(self.client.views_update, view_id=view_id, view=view, **unless_changed)
        except ProviderError as error:
            _log.info("Slack did not take a change to a form.", reason=str(error))

    async def offer(self, payload: Payload, message: Message) -> None:
        """Show a message privately, without buttons to a person who would be refused at them."""
        if lines.has_buttons(message):
            try:
                await self.author(payload)
            except NotAllowed as error:
                message = lines.to_read(message, str(error))
        await self.say(payload, message)

    async def say(self, payload: Payload, message: Message) -> None:
        """Show the person who did `payload` a message that nobody else sees.

        What cannot be shown where they did it comes as a direct message.
        """
        text, parts = message
        person = payloads.person(payload)
        if not await self._answered(payload, message):
            try:
                await call(self.client.chat_postMessage, channel=person.id, text=text, blocks=parts)
            except ProviderError as error:
                _log.error("A person could not be answered.", person=person.id, reason=str(error))
        if payloads.is_broadcast(payload):
            # Nothing tells whether it was tapped in the thread or in the channel's copy.
            here = {"channel": payloads.channel(payload), "user": person.id}
            with suppress(ProviderError):
                await call(self.client.chat_postEphemeral, **here, text=text, blocks=parts)

    async def _answered(self, payload: Payload, message: Message) -> bool:
        """Answer where a person did something; whether Slack took that."""
        url, (text, parts) = payload.get("response_url"), message
        if not url:
            return False
        try:
            await respond(
                self.client,
                url,
                text=text,
                blocks=parts,
                replace_original=False,
                unfurl_links=False,
                thread_ts=payloads.thread(payload),
            )
        except ProviderError as error:
            _log.info("An answer goes as a direct message instead.", reason=str(error))
            return False
        return True

    async def replaced(self, payload: Payload) -> Message | None:
        """Return the answer to a click on a parent message whose place another has taken."""
        subject_id = payloads.parent_of(payload)
        subject = await self.queries.subject(subject_id) if subject_id else None
        clicked = payload.get("container", {}).get("message_ts")
        if not subject or not subject.thread_ts or subject.thread_ts == clicked:
            return None
        if subject.channel != payloads.channel(payload):
            return None  # it goes on where whoever clicked may not be able to read
        link = await permalink(self.client, subject.channel, subject.thread_ts)
        return messages.out_of_date(subject.name, link)

    async def tell(self, payload: Payload, text: str) -> None:
        """Tell the person who did `payload` something that nobody else sees."""
        await self.say(payload, messages.private_text(text))

    async def helped(
        self, payload: Payload, work: Awaitable[None], value: str = "", action_id: str = ""
    ) -> None:
        """Await `work` that opens something; when it fails, tell the person what they can do.

        `action_id` and `value` are the button's that tries once more; without them there is none.
        """
        try:
            await work
        except (FormError, NotAllowed) as error:
            await self.tell(payload, str(error))
        except FoghornError as error:
            _log.warning("Could not open a form.", reason=str(error))
            if action_id:
                await self.say(payload, messages.try_again(str(error), value, action_id))
            else:
                await self.tell(payload, str(error))


Work = Callable[[ListenerContext, Payload, str], Coroutine[Any, Any, None]]
"""What is done for a person with a payload of theirs and what they clicked or typed."""


def at_once(
    context: ListenerContext, work: Work, again: str = "", unless: Container[str] = ()
) -> Listener:
    """Return a listener that answers Slack at once, and does `work` in the background.

    `again` is the action id of the button that tries once more when `work` fails; behind a command
    there is none when its first word is one of `unless`.
    """

    async def listener(body: Payload, ack: AsyncAck) -> None:
        await ack()
        value = payloads.value(body)
        button = "" if payloads.verb(value)[0] in unless else again
        done = context.helped(body, answer(body, value), value, button)
        context.background.start(done)

    async def answer(body: Payload, value: str) -> None:
        if out_of_date := await context.replaced(body):
            await context.say(body, out_of_date)
        else:
            await work(context, body, value)

    return listener
