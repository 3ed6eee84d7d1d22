"""What the workspace remembers, as values."""

from dataclasses import dataclass, field

from bot.playground.block_kit.blocks import all_elements
from bot.playground.block_kit.displayed_text import unescape
from bot.playground.errors import Json


@dataclass(frozen=True)
class User:
    """A member of the workspace, a guest, a bot or somebody from another organisation."""

    id: str
    name: str
    real_name: str = ""
    display_name: str = ""
    """The name that somebody chose; Slack shows the real one to whoever chose none."""
    tz: str = "Europe/Berlin"
    tz_offset: int = 3600
    team_id: str = "T0001"
    is_restricted: bool = False
    is_bot: bool = False
    deleted: bool = False
    grid_teams: tuple[str, ...] = ()
    """Every workspace that they belong to, where theirs is one of an organisation's."""


@dataclass(frozen=True)
class Command:
    """A slash command as the app's manifest has it."""

    name: str
    description: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Shortcut:
    """An entry of Slack's menus; `on_messages` tells those of messages from global ones."""

    callback_id: str
    name: str
    on_messages: bool = False


@dataclass(frozen=True)
class Offers:
    """What the app's manifest offers people, and the events it subscribes to (None: all)."""

    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    events: frozenset[str] | None = None

    def subscribes(self, event: str) -> bool:
        return self.events is None or event in self.events


@dataclass(frozen=True)
class Channel:
    """A channel, or a direct conversation of the bot with `user`."""

    id: str
    name: str
    members: frozenset[str] = frozenset()
    is_private: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False
    user: str | None = None
    topic: str = ""

    @property
    def kind(self) -> str:
        """The part of the scopes that read this conversation: channels, groups or im."""
        if self.user is not None:
            return "im"
        return "groups" if self.is_private else "channels"


@dataclass(frozen=True)
class Message:
    """A message as it stands now; a later edit makes a new value."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    edited: str | None = None
    ephemeral_to: str | None = None
    pings: frozenset[str] = frozenset()
    shown: str = ""

    @property
    def is_reply(self) -> bool:
        return self.thread_ts not in (None, self.ts)

    @property
    def buttons(self) -> list[str]:
        return [
            unescape(element["text"]["text"])
            for element in all_elements(self.all_blocks)
            if element["type"] == "button"
        ]

    @property
    def menu(self) -> list[str]:
        """The entries of its menus “⋯”."""
        return [
            unescape(option["text"]["text"])
            for element in all_elements(self.all_blocks)
            if element["type"] == "overflow"
            for option in element["options"]
        ]

    @property
    def all_blocks(self) -> list[Json]:
        """Its own blocks and those of its attachments."""
        return self.blocks + [one for part in self.attachments for one in part.get("blocks", [])]


@dataclass(frozen=True)
class Trigger:
    """The right to open one view, for three seconds after an interaction."""

    id: str
    user: str
    made_at: float
    view_id: str | None = None


@dataclass
class OpenView:
    """A view in front of somebody, with what was typed into it so far."""

    id: str
    user: str
    body: Json
    hash: str
    values: dict[str, Json]
    root_id: str
    previous_id: str | None = None

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.body["blocks"]
        return blocks

    @property
    def external_id(self) -> str:
        return str(self.body.get("external_id") or "")

    def is_called(self, view_id: str, external_id: str) -> bool:
        return self.id == view_id or bool(external_id and self.external_id == external_id)
