"""What a human does in Slack: types, clicks, uses shortcuts, opens the Home tab."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from bot.playground.block_kit.displayed_text import escape
from bot.playground.errors import PATIENCE, ClientRefusal, Json
from bot.playground.people.clicks import find_click
from bot.playground.people.interactions import Interactions
from bot.playground.people.surfaces import Home, Modal
from bot.playground.workspace.journal import Ack
from bot.playground.workspace.records import Message, User

_TOKEN = re.compile(r"&lt;([@#!][^&]*|https?:[^&]*)&gt;")
Until = Callable[..., Awaitable[Any]]


class Person:
    """Somebody at the keyboard, in one channel."""

    def __init__(self, user: User, channel: str, interactions: Interactions, until: Until) -> None:
        self.user = user
        self.channel = channel
        self._interactions = interactions
        self._until = until

    async def types(self, line: str) -> Ack:
        """Types a slash command."""
        workspace = self._interactions.workspace
        name = "".join(line.split(maxsplit=1)[:1])
        if not name.startswith("/"):
            raise ClientRefusal(f"{line!r} is no command; use says()")
        if workspace.commands is not None and name not in workspace.commands:
            raise ClientRefusal(f"{name} is not a valid command")
        return await self._interactions.command(self.user, workspace.channels[self.channel], line)

    async def says(self, text: str, thread: Message | None = None) -> Message:
        """Writes a message; naming the bot sends it `app_mention`."""
        workspace = self._interactions.workspace
        mention = f"<@{workspace.bot_user}>"
        text = _TOKEN.sub(r"<\1>", escape(text))
        text = text.replace(f"@{workspace.users[workspace.bot_user].real_name}", mention)
        thread_ts = None if thread is None else (thread.thread_ts or thread.ts)
        message = workspace.post(self.channel, self.user.id, {"text": text}, thread_ts=thread_ts)
        if mention in text:
            await self._interactions.event(self._said("app_mention", message))
        elif workspace.channels[self.channel].user:
            await self._interactions.event({**self._said("message", message), "channel_type": "im"})
        return message

    def _said(self, kind: str, message: Message) -> Json:
        event: Json = {
            "type": kind,
            "user": self.user.id,
            "text": message.text,
            "ts": message.ts,
            "channel": message.channel,
            "event_ts": message.ts,
            "team": self.user.team_id,
        }
        return {**event, "thread_ts": message.thread_ts} if message.thread_ts else event

    async def uses_shortcut(self, callback_id: str) -> Ack:
        return await self._interactions.shortcut(self.user, callback_id)

    async def uses_message_shortcut(self, callback_id: str, message: Message) -> Ack:
        if message.ephemeral_to:
            raise ClientRefusal("Slack offers no shortcuts on messages that only one person sees")
        return await self._interactions.message_shortcut(self.user, callback_id, message)

    async def enters_home(self) -> Ack:
        """Opens the Home tab, whatever is on it."""
        workspace = self._interactions.workspace
        event = {
            "type": "app_home_opened",
            "user": self.user.id,
            "channel": workspace.direct_channel(self.user.id).id,
            "tab": "home",
            "event_ts": workspace.new_ts(),
        }
        return await self._interactions.event(event)

    async def opens_home(self, timeout: float = PATIENCE) -> Home:  # noqa: ASYNC109 - as in the server
        """Opens the Home tab and waits until the bot has published it."""
        await self.enters_home()
        homes = self._interactions.workspace.open_views.homes
        await self._until(lambda: self.user.id in homes, timeout, f"Home tab of {self.user.name}")
        return self.home()

    def home(self) -> Home:
        return Home(self.user, self._interactions)

    async def modal(self, title: str | None = None, timeout: float = PATIENCE) -> Modal:  # noqa: ASYNC109
        """Waits until a modal is open for this person, with this title if one is given."""
        modal = Modal(self.user, self._interactions)
        what = f"modal {title or ''} for {self.user.name}"
        await self._until(lambda: modal.is_open and title in (None, modal.title), timeout, what)
        return modal

    async def clicks(self, text: str, message: Message | None = None) -> Ack:
        """Clicks a button, or an entry of a menu, on this message or the newest that has one."""
        posts = self._interactions.workspace.posts
        seen = self._visible() if message is None else [posts[message.channel, message.ts]]
        for one in seen:
            action = find_click(one.all_blocks, text)
            if action is not None:
                return await self._interactions.click_on_message(self.user, one, action)
        raise ClientRefusal(f"{self.user.name} sees no button {text!r}")

    def _visible(self) -> list[Message]:
        """The messages of the channel, newest first, then those of the direct conversation."""
        workspace = self._interactions.workspace
        direct = workspace.direct_channel(self.user.id).id
        newest = list(reversed(workspace.posts.values()))
        seen = [one for one in newest if one.ephemeral_to in (None, self.user.id)]
        here = [one for one in seen if one.channel == self.channel]
        return here + [one for one in seen if one.channel == direct != self.channel]
