"""What every listener works with, and how a form or a few private words reach a person."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.pages import Capabilities, Page
from bot.domain.subjects import Subject
from bot.errors import FoghornError, FormError, NotAllowed, ProviderError
from bot.ports import Clock
from bot.services.access import Access
from bot.services.delivery.priority import Priority
from bot.services.intake import Intake
from bot.services.intake.reminders import ReminderAnswers
from bot.services.intake.series import Series
from bot.services.queries import Queries
from bot.slack.background import Background
from bot.slack.blocks import Block, escape
from bot.slack.calls import call
from bot.slack.views import messages, results
from bot.slack.views.fields import PageChoice
from bot.slack.views.lines import Message

_log = structlog.get_logger(__name__)

Payload = dict[str, Any]


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

    async def page_choices(self, pages: Sequence[Page] | None = None) -> tuple[PageChoice, ...]:
        """Return the pages to choose from, all we know unless some are given."""
        known = await self.queries.pages() if pages is None else pages
        return tuple(PageChoice(page, self.capabilities(page.id)) for page in known)

    async def pages_of(self, subject: Subject) -> tuple[PageChoice, ...]:
        """Return the pages that a subject is on."""
        found = [Page(each.page_id, each.page_name, each.url) for each in subject.publications]
        return await self.page_choices(found)

    async def open(self, payload: Payload, view: Block) -> None:
        """Open a form for whoever did `payload`."""
        await call(self.client.views_open, trigger_id=payload["trigger_id"], view=view)

    async def push(self, payload: Payload, view: Block) -> None:
        """Put a form on top of the open one."""
        await call(self.client.views_push, trigger_id=payload["trigger_id"], view=view)

    async def update(self, payload: Payload, view: Block) -> None:
        """Change the open form, unless it has changed since `payload` was sent."""
        shown = payload["view"]
        changed = call(self.client.views_update, view_id=shown["id"], hash=shown["hash"], view=view)
        await self.quietly(changed)

    async def say(self, payload: Payload, message: Message) -> None:
        """Tell the person who did `payload` something that nobody else sees."""
        text, parts = message
        if url := payload.get("response_url"):
            respond = AsyncRespond(response_url=url)
            await respond(text=text, blocks=parts, replace_original=False, unfurl_links=False)
            return
        user = payload["user"]["id"] if "user" in payload else payload["user_id"]
        await call(self.client.chat_postMessage, channel=user, text=text, blocks=parts)

    async def quietly(self, work: Awaitable[object]) -> None:
        """Await something that is nice to have."""
        try:
            await work
        except ProviderError as error:
            _log.info("Slack did not take a change to a form.", reason=str(error))

    def start(
        self,
        payload: Payload,
        work: Coroutine[Any, Any, None],
        value: str = "",
        action_id: str = "",
    ) -> None:
        """Do `work` that opens something, after Slack has its answer; see `helped`."""
        self.background.start(self.helped(payload, work, value, action_id))

    async def helped(
        self,
        payload: Payload,
        work: Awaitable[None],
        value: str = "",
        action_id: str = "",
    ) -> None:
        """Await `work` that opens something; when it fails, tell the person what they can do.

        `action_id` and `value` are the button's that tries once more; without them there is none.
        """
        try:
            await work
        except NotAllowed as error:
            text = str(error)
            await self.say(payload, (text, results.notice("Not allowed", text)["blocks"]))
        except FormError as error:
            await self.say(payload, messages.said(escape(str(error))))
        except FoghornError as error:
            _log.warning("Could not open a form.", reason=str(error))
            reason = str(error)
            again = messages.try_again(reason, value, action_id)
            await self.say(payload, again if action_id else messages.said(escape(reason)))
