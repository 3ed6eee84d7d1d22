"""The shapes of Block Kit: views and their blocks as Slack sends them back."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Seconds = Annotated[int, Field(ge=0, lt=10**11)]
"""An instant, in seconds since 1970."""


class Shape(BaseModel):
    """Something that Slack sends, judged by types alone; a key not named here may hold anything."""

    model_config = ConfigDict(strict=True)


class Option(Shape):
    """One choice of a menu."""

    text: "Piece | None" = None
    value: str
    description: "Piece | None" = None


class Piece(Shape):
    """A block, an element, a text, an option, or what somebody did to one of them."""

    type: str = ""
    block_id: str = ""
    action_id: str = ""
    action_ts: str = ""
    text: "str | Piece | None" = None
    title: "str | Piece | None" = None
    label: "str | Piece | None" = None
    hint: "str | Piece | None" = None
    placeholder: "str | Piece | None" = None
    description: "str | Piece | None" = None
    confirm: "str | Piece | None" = None
    deny: "Piece | None" = None
    accessory: "Piece | None" = None
    element: "Piece | None" = None
    elements: "list[Piece]" = []
    fields: "list[Piece] | None" = None
    options: "list[Option] | None" = None
    option_groups: "list[Piece] | None" = None
    initial_option: Option | None = None
    initial_options: list[Option] | None = None
    selected_option: Option | None = None
    selected_options: list[Option] | None = None
    selected_date: str | None = None
    selected_time: str | None = None
    selected_date_time: Seconds | None = None
    selected_user: str | None = None
    selected_conversation: str | None = None
    selected_channel: str | None = None
    initial_date: str | None = None
    initial_date_time: Seconds | None = None
    initial_value: str | None = None
    value: str | None = None
    min_value: str | None = None
    max_value: str | None = None
    url: str | None = None
    style: str | dict[str, Any] | None = None
    emoji: bool = False
    verbatim: bool = False
    multiline: bool = False
    optional: bool = False
    dispatch_action: bool = False
    focus_on_load: bool = False
    is_decimal_allowed: bool = False
    min_length: int | None = None
    max_length: int | None = None
    min_query_length: int | None = None
    max_selected_items: int | None = None


class Block(Piece):
    """A block of a view."""

    type: str
    block_id: str


class Action(Piece):
    """What somebody did to an element."""

    action_id: str

    @model_validator(mode="after")
    def _has_its_choice(self) -> Self:
        if self.type in {"static_select", "overflow"} and not self.selected_option:
            raise ValueError("nothing is selected")
        return self


class State(Shape):
    """What the fields of a view hold."""

    values: dict[str, dict[str, Piece]] = {}


class View(Shape):
    """A view as it stands in front of somebody."""

    id: str
    type: str
    callback_id: str
    hash: str
    blocks: list[Block]
    state: State = State()
    private_metadata: str
    title: Piece
    close: Piece | None
    submit: Piece | None = None
    clear_on_close: bool = False
    notify_on_close: bool = False
    root_view_id: str | None = None
    previous_view_id: str | None = None
    external_id: str | None = None
    team_id: str | None = None
    app_installed_team_id: str | None = None
    app_id: str = ""
    bot_id: str = ""
