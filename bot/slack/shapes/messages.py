"""The shapes of messages, and of people and places."""

from typing import Any

from pydantic import Field

from bot.slack.shapes.block_kit import Piece, Shape


class Id(Shape):
    """A person, a team, a channel or an organisation."""

    id: str
    name: str | None = None
    username: str = ""
    domain: str = ""
    team_id: str | None = None
    enterprise_id: str | None = None


class Metadata(Shape):
    """What an app hung onto a message."""

    event_type: str = ""
    event_payload: dict[str, Any] = Field(default_factory=dict)


class Edit(Shape):
    """Who edited a message, and when."""

    user: str = ""
    ts: str = ""


class Attachment(Shape):
    """A part of a message that an app or an unfurled link hung onto it."""

    text: str | None = None
    fallback: str | None = None
    blocks: list[Piece] | None = None


class Message(Shape):
    """A message."""

    type: str = ""
    subtype: str | None = None
    user: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    team: str | None = None
    ts: str = ""
    thread_ts: str | None = None
    text: str | None = None
    blocks: list[Piece] | None = None
    attachments: "list[Attachment] | None" = None
    metadata: Metadata | None = None
    edited: Edit | None = None
    reply_count: int = 0
