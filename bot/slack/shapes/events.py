"""The shapes of events.

Source: https://docs.slack.dev/apis/events-api
"""

from typing import Any

from bot.slack.shapes.block_kit import Shape
from bot.slack.shapes.messages import Id, Message


class Installation(Shape):
    """For whom an event was sent."""

    enterprise_id: str | None = None
    team_id: str | None = None
    user_id: str | None = None
    is_bot: bool = False
    is_enterprise_install: bool = False


class EventBody(Message):
    """What happened."""

    user: "str | Id | None" = None  # type: ignore[assignment]  # a whole person in some events
    channel: str | Id | None = None
    channel_type: str = ""
    event_ts: str = ""
    tab: str = ""
    team_id: str | None = None
    view: dict[str, Any] | None = None
    message: Message | None = None
    previous_message: Message | None = None


class Event(Shape):
    """`event_callback`."""

    event: EventBody
    event_id: str = ""
    event_time: int = 0
    event_context: str = ""
    token: str = ""
    api_app_id: str = ""
    team_id: str | None = None
    enterprise_id: str | None = None
    context_team_id: str | None = None
    context_enterprise_id: str | None = None
    authorizations: list[Installation] | None = None
    is_ext_shared_channel: bool = False
