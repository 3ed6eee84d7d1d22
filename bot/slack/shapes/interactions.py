"""The shapes of what people do: commands, clicks, forms, shortcuts.

Source: https://docs.slack.dev/reference/interaction-payloads
"""

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from bot.slack.shapes.block_kit import Action, Shape, State, View
from bot.slack.shapes.messages import Id, Message


class Container(Shape):
    """Where an element stands that somebody used."""

    type: str = ""
    view_id: str = ""
    message_ts: str = ""
    channel_id: str = ""
    thread_ts: str | None = None
    attachment_id: int | None = None
    is_ephemeral: bool = False
    is_app_unfurl: bool = False


class Interaction(Shape):
    """What everything that somebody does has in common."""

    user: Id
    team: Id | None = None
    enterprise: Id | None = None
    is_enterprise_install: bool = False
    token: str = ""
    api_app_id: str = ""
    trigger_id: str = ""
    action_ts: str = ""
    response_url: str = ""
    channel: Id | None = None
    container: Container = Container()
    message: Message | None = None
    message_ts: str = ""
    view: View | None = None
    state: State | None = None


class Click(Interaction):
    """`block_actions`: somebody used an element."""

    actions: Annotated[list[Action], Field(min_length=1)]
    trigger_id: str

    @model_validator(mode="after")
    def _has_its_view(self) -> Self:
        if self.container.type == "view" and not self.view:
            raise ValueError("the view is missing")
        return self


class ViewSent(Interaction):
    """`view_submission` and `view_closed`."""

    view: View
    is_cleared: bool = False
    response_urls: list[dict[str, Any]] = Field(default_factory=list)


class Search(Interaction):
    """`block_suggestion`: somebody types into a search."""

    block_id: str = ""
    action_id: str
    value: str | None = None


class Shortcut(Interaction):
    """`shortcut` and `message_action`."""

    callback_id: str
    trigger_id: str


class Command(Shape):
    """A slash command, which comes as a form: texts and nothing else."""

    command: str
    user_id: str
    trigger_id: str
    text: str = ""
    user_name: str = ""
    channel_id: str = ""
    channel_name: str = ""
    team_id: str = ""
    team_domain: str = ""
    enterprise_id: str = ""
    enterprise_name: str = ""
    response_url: str = ""
    token: str = ""
    api_app_id: str = ""
    is_enterprise_install: str = ""
