"""The values of a view's or a message's elements, in the shape Slack sends them."""

import copy
from collections.abc import Callable, Iterator

from bot.playground.block_kit.blocks import elements_of
from bot.playground.block_kit.composition_objects import offered, same_option
from bot.playground.errors import Json

# element type -> (name of the value in the state, name of its initial value)
FIELDS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", ""),
}


def value_key(element: Json) -> str:
    return FIELDS[element["type"]][0]


def is_many(element: Json) -> bool:
    return value_key(element).endswith("s")


def initial_value(element: Json) -> Json:
    name, initial = FIELDS[element["type"]]
    empty: object = [] if is_many(element) else None
    value: Json = {"type": element["type"], name: copy.deepcopy(element.get(initial, empty))}
    if element["type"] == "timepicker" and "timezone" in element:
        value["timezone"] = element["timezone"]
    return value


def initial_state(blocks: list[Json]) -> dict[str, Json]:
    state: dict[str, Json] = {}
    for block, element in stateful_elements(blocks):
        state.setdefault(block["block_id"], {})[element["action_id"]] = initial_value(element)
    return state


def stateful_elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks:
        for element in elements_of(block):
            if element["type"] in FIELDS:
                yield block, element


def carry_values_over(old: dict[str, Json], blocks: list[Json]) -> dict[str, Json]:
    """The state after a view's update: values live on by block_id and action_id."""
    state = initial_state(blocks)
    for block, element in stateful_elements(blocks):
        before = old.get(block["block_id"], {}).get(element["action_id"])
        if before is not None and before["type"] == element["type"] and _fits(element, before):
            state[block["block_id"]][element["action_id"]] = before
    return state


def apply_action(state: dict[str, Json], action: Json) -> dict[str, Json]:
    """The state with the value that this action brings; a button brings none."""
    if action["type"] in FIELDS:
        name = FIELDS[action["type"]][0]
        value = {"type": action["type"], name: action[name]}
        state.setdefault(action["block_id"], {})[action["action_id"]] = value
    return state


def _fits(element: Json, value: Json) -> bool:
    options = offered(element)
    if not options:
        return True
    chosen = value[value_key(element)] or []
    listed = chosen if isinstance(chosen, list) else [chosen]
    return all(any(same_option(one, other) for other in options) for one in listed)


def add_missing_ids(blocks: list[Json], new_id: Callable[[], str]) -> list[Json]:
    """A copy of the blocks with the ids that Slack makes up where the bot gives none."""
    copies = copy.deepcopy(blocks)
    for block in copies:
        block.setdefault("block_id", new_id())
        for element in elements_of(block):
            if element["type"] != "image":
                element.setdefault("action_id", new_id())
    return copies
