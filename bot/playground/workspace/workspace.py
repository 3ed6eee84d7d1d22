"""What Slack's look-alike remembers: people, channels, messages, views; the rules of posting."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import count
from typing import Any

from bot.playground.block_kit.displayed_text import (
    attachment_pings,
    attachment_texts,
    block_pings,
    pings_in,
    read,
    shown_texts,
)
from bot.playground.block_kit.element_state import add_missing_ids
from bot.playground.errors import Json, SlackError
from bot.playground.workspace.journal import Journal
from bot.playground.workspace.open_views import OpenViews
from bot.playground.workspace.records import Channel, Message, Offers, OpenView, User
from bot.playground.workspace.response_urls import ResponseUrls
from bot.playground.workspace.socket_tickets import SocketTickets
from bot.playground.workspace.triggers import Triggers

SCOPES = frozenset(
    {
        *("commands", "app_mentions:read", "users:read"),
        *("chat:write", "chat:write.public"),
        *("channels:read", "channels:history", "channels:join"),
        *("groups:read", "groups:history"),
        *("im:read", "im:history", "im:write"),
        "usergroups:read",
    }
)
TEAM = "T0001"
BOT = User("U0BOT", "foghorn", "Foghorn", is_bot=True)
SLACKBOT = "USLACKBOT"
_PEOPLE = (
    User("U0ANN", "ann", "Ann Ahrens"),
    User("U0BEN", "ben", "Ben Brook", tz="America/New_York", tz_offset=-18_000),
    User("U0GUS", "gus", "Gus Guest", is_restricted=True),
    User("U0ZOE", "zoe", "Zoe Zander", team_id="T0002"),
)


class Workspace:
    """One Slack workspace with one bot in it, kept in memory."""

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.time,
        scopes: Iterable[str] = SCOPES,
        commands: Iterable[str] | None = None,
        offers: Offers | None = None,
    ) -> None:
        self.now = now
        self.scopes = set(scopes)
        self.offers = offers or Offers()
        if offers is not None:
            commands = [one.name for one in offers.commands]
        self.commands = None if commands is None else frozenset(commands)
        self.team_id, self.team_domain, self.app_id, self.bot_id = TEAM, "example", "A0FOG", "B0FOG"
        self.bot_user = BOT.id
        self.home_enabled = True
        self.journal = Journal(now)
        self.triggers = Triggers(now)
        self.open_views = OpenViews(self.triggers, now)
        self.response_urls = ResponseUrls(now)
        self.tickets = SocketTickets(now)
        self.users = {user.id: user for user in (BOT, *_PEOPLE)}
        people = frozenset(user.id for user in _PEOPLE)
        self.groups: dict[str, tuple[str, ...]] = {}
        self.channels = {
            "C0INC": Channel("C0INC", "incidents", people | {BOT.id}),
            "C0RAN": Channel("C0RAN", "random", people),
            "C0PRI": Channel("C0PRI", "private", people, is_private=True),
        }
        self.posts: dict[tuple[str, str], Message] = {}
        self._numbers = count(1)
        self._last_ts = 0

    def add_person(self, name: str, **facts: Any) -> User:  # noqa: ANN401 - User's own fields
        user = User(facts.pop("id", f"U0{name.upper()}"), name, **facts)
        self.users[user.id] = user
        public = [c for c in self.channels.values() if c.user is None and not c.is_private]
        for channel in public:
            self._set(replace(channel, members=channel.members | {user.id}))
        return user

    def add_channel(self, name: str, *, bot: bool = True, **facts: Any) -> Channel:  # noqa: ANN401
        people = {user.id for user in self.users.values() if not user.is_bot}
        members = frozenset(facts.pop("members", people)) | ({self.bot_user} if bot else set())
        channel = Channel(facts.pop("id", f"C0{name.upper()}"), name, members, **facts)
        self._set(channel)
        return channel

    def user(self, name: str) -> User:
        """Finds a person by name or id."""
        for user in self.users.values():
            if name in (user.name, user.id):
                return user
        raise LookupError(f"nobody is called {name!r}")

    def channel(self, name: str) -> Channel:
        """Finds a channel by name or id."""
        for channel in self.channels.values():
            if name in (channel.name, channel.id):
                return channel
        raise LookupError(f"no channel is called {name!r}")

    def name_of(self, key: str) -> str:
        if key in self.users:
            return self.users[key].name
        return self.channels[key].name if key in self.channels else key

    def direct_channel(self, user: str) -> Channel:
        """The direct conversation of the bot and this person, made at first use."""
        known = self.channels.get(f"D{user[1:]}")
        if known is None:
            members = frozenset({user, self.bot_user})
            known = Channel(f"D{user[1:]}", self.users[user].name, members, user=user)
            self._set(known)
        return known

    def archive(self, name: str) -> None:
        self._set(replace(self.channel(name), is_archived=True))

    def remove_bot(self, name: str) -> None:
        channel = self.channel(name)
        self._set(replace(channel, members=channel.members - {self.bot_user}))

    def deactivate(self, name: str) -> None:
        """Take a person's account away; nobody can write to them in direct messages any more."""
        user = self.user(name)
        self.users[user.id] = replace(user, deleted=True)

    def join(self, channel: Channel, user: str) -> Channel:
        joined = replace(channel, members=channel.members | {user})
        self._set(joined)
        return joined

    def _set(self, channel: Channel) -> None:
        self.channels[channel.id] = channel
        self.journal.changed()

    def post(self, channel: str, user: str, args: Json, **facts: Any) -> Message:  # noqa: ANN401
        message = Message(channel, self.new_ts(), user, "", **facts)
        return self.rewrite(message, args)

    def rewrite(self, message: Message, args: Json, **facts: Any) -> Message:  # noqa: ANN401
        """Stores the message with the content of `args`; checks stand before this call."""
        text = str(args.get("text") or args.get("markdown_text") or "")
        blocks = add_missing_ids(args.get("blocks") or [], self.new_block_id)
        attachments = [
            {**one, "blocks": add_missing_ids(one.get("blocks") or [], self.new_block_id)}
            for one in args.get("attachments") or []
        ]
        loud = bool(args.get("link_names")) or args.get("parse") == "full"
        pings = pings_in(text, names_count=loud) | block_pings([blocks, attachments])
        written = replace(
            message,
            text=text,
            blocks=blocks,
            attachments=attachments,
            pings=frozenset(pings.union(*map(attachment_pings, attachments))),
            shown=self._shown(text, blocks, attachments),
            **facts,
        )
        self.posts[written.channel, written.ts] = written
        self.journal.changed()
        return written

    def _shown(self, text: str, blocks: list[Json], attachments: list[Json]) -> str:
        own = list(shown_texts(blocks, self.name_of)) or [read(text, self.name_of)]
        more = [line for one in attachments for line in attachment_texts(one, self.name_of)]
        return "\n".join([*own, *more])

    def find(self, channel: str, ts: str) -> Message:
        """The message that everybody sees at `ts`; raises `message_not_found`."""
        message = self.posts.get((channel, ts))
        if message is None or message.ephemeral_to is not None:
            raise SlackError("message_not_found")
        return message

    def delete(self, channel: str, ts: str) -> None:
        self.posts.pop((channel, ts), None)
        self.journal.changed()

    def messages(self, name: str, thread: Message | str | None = None) -> list[Message]:
        """The channel's own messages with broadcast replies, or the replies of one thread."""
        if thread is not None:
            return self.thread(thread, name)
        public = self._public(self.channel(name).id)
        return [one for one in public if not one.is_reply or one.broadcast]

    def thread(self, parent: Message | str, name: str | None = None) -> list[Message]:
        ts = parent if isinstance(parent, str) else parent.ts
        place = parent.channel if isinstance(parent, Message) else self.channel(name or "").id
        return [one for one in self._public(place) if one.is_reply and one.thread_ts == ts]

    def direct(self, name: str) -> list[Message]:
        return self._public(self.direct_channel(self.user(name).id).id)

    def private(self, name: str) -> list[Message]:
        user = self.user(name).id
        return [one for one in self.posts.values() if one.ephemeral_to == user]

    def _public(self, channel: str) -> list[Message]:
        own = [one for one in self.posts.values() if one.channel == channel]
        return [one for one in own if one.ephemeral_to is None]

    def home(self, name: str) -> OpenView | None:
        return self.open_views.homes.get(self.user(name).id)

    def new_ts(self) -> str:
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_block_id(self) -> str:
        return f"m{next(self._numbers):05d}"

    def new_event_id(self) -> str:
        return f"Ev{next(self._numbers):09d}"
