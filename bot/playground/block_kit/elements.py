"""The shapes of block elements and the places where each may stand.

Limits: https://docs.slack.dev/reference/block-kit/block-elements
"""

from bot.playground.block_kit.composition_objects import (
    CONFIRM,
    DISPATCH,
    FILTER,
    GROUP,
    OPTION,
    OVERFLOW_OPTION,
    RICH_OPTION,
    initials_are_offered,
    options_or_groups,
    plain,
)
from bot.playground.block_kit.rules import (
    Findings,
    Rule,
    anything,
    both,
    calendar_day,
    flag,
    items,
    matching,
    number,
    one_of,
    string,
    typed,
)
from bot.playground.errors import Json

_ACTION: dict[str, Rule] = {"action_id": string(255)}
_FIELD: dict[str, Rule] = {**_ACTION, "focus_on_load": flag}
_CHOICES: dict[str, Rule] = {**_FIELD, "confirm": CONFIRM}
_PICKER: dict[str, Rule] = {**_CHOICES, "placeholder": plain(150)}
_TYPED = {**_FIELD, "placeholder": plain(150), "dispatch_action_config": DISPATCH}
_MANY: dict[str, Rule] = {"max_selected_items": number(1, 1000)}
_OPTIONS: dict[str, Rule] = {"options": items(OPTION, 100), "option_groups": items(GROUP, 100)}
_CONVERSATIONS: dict[str, Rule] = {"default_to_current_conversation": flag, "filter": FILTER}
_SEARCH: dict[str, Rule] = {"min_query_length": number(0, 1000)}
_ID: Rule = string(64)
_LENGTHS: dict[str, Rule] = {"min_length": number(0, 3000), "max_length": number(1, 3000)}
_DECIMAL = matching(r"-?\d+(\.\d+)?", "a number written as a string")


def _select(extra: dict[str, Rule]) -> Rule:
    return typed({}, {**_PICKER, **extra})


def _static(extra: dict[str, Rule]) -> Rule:
    return both(_select({**_OPTIONS, **extra}), options_or_groups, initials_are_offered)


def _choices(options: Rule, extra: dict[str, Rule]) -> Rule:
    fields = typed({"options": options}, {**_CHOICES, **extra})
    return both(fields, initials_are_offered)


def _text_input(extra: dict[str, Rule]) -> Rule:
    return typed({}, {**_TYPED, **extra})


def _initial_fits(found: Findings, at: str, element: Json) -> None:
    value = element.get("initial_value")
    most = element.get("max_length", 3000)
    if isinstance(value, str) and isinstance(most, int) and len(value) > most:
        found.add(f"{at}/initial_value", f"must be less than {most + 1} characters")
    if element.get("min_length", 0) > most:
        found.add(f"{at}/min_length", "must not be greater than max_length")


_BUTTON: dict[str, Rule] = {
    **_ACTION,
    "value": string(2000),
    "style": one_of("primary", "danger"),
    "accessibility_label": string(75),
}

ELEMENTS: dict[str, Rule] = {
    "button": typed({"text": plain(75)}, {**_BUTTON, "url": string(3000), "confirm": CONFIRM}),
    "workflow_button": typed({"text": plain(75), "workflow": anything}, _BUTTON),
    "image": typed({"alt_text": string(2000)}, {"image_url": string(3000), "slack_file": anything}),
    "overflow": typed({"options": items(OVERFLOW_OPTION, 5)}, {**_ACTION, "confirm": CONFIRM}),
    "static_select": _static({"initial_option": OPTION}),
    "multi_static_select": _static({"initial_options": items(OPTION, 100), **_MANY}),
    "external_select": _select({"initial_option": OPTION, **_SEARCH}),
    "multi_external_select": _select({"initial_options": items(OPTION, 100), **_SEARCH, **_MANY}),
    "users_select": _select({"initial_user": _ID}),
    "multi_users_select": _select({"initial_users": items(_ID, 100), **_MANY}),
    "conversations_select": _select(
        {**_CONVERSATIONS, "initial_conversation": _ID, "response_url_enabled": flag}
    ),
    "multi_conversations_select": _select(
        {**_CONVERSATIONS, "initial_conversations": items(_ID, 100), **_MANY}
    ),
    "channels_select": _select({"initial_channel": _ID, "response_url_enabled": flag}),
    "multi_channels_select": _select({"initial_channels": items(_ID, 100), **_MANY}),
    "datepicker": _select({"initial_date": calendar_day}),
    "timepicker": _select(
        {
            "initial_time": matching(r"([01]\d|2[0-3]):[0-5]\d", "a time like HH:mm"),
            "timezone": matching(r"[A-Za-z]+(/[A-Za-z0-9_+\-]+)*", "an IANA time zone"),
        }
    ),
    "datetimepicker": typed(
        {}, {**_CHOICES, "initial_date_time": number(1_000_000_000, 9_999_999_999)}
    ),
    "checkboxes": _choices(items(RICH_OPTION, 10), {"initial_options": items(RICH_OPTION, 10)}),
    "radio_buttons": _choices(items(RICH_OPTION, 10), {"initial_option": RICH_OPTION}),
    "plain_text_input": both(
        _text_input({"initial_value": string(3000, 0), "multiline": flag, **_LENGTHS}),
        _initial_fits,
    ),
    "email_text_input": _text_input({"initial_value": string(3000, 0)}),
    "url_text_input": _text_input({"initial_value": string(3000, 0)}),
    "number_input": typed(
        {"is_decimal_allowed": flag},
        {**_TYPED, "initial_value": _DECIMAL, "min_value": _DECIMAL, "max_value": _DECIMAL},
    ),
    "rich_text_input": _text_input(
        {"initial_value": anything, "min_lines": number(1, 100), "max_lines": number(1, 100)}
    ),
    "file_input": typed(
        {}, {**_ACTION, "filetypes": items(string(20), 100), "max_files": number(1, 10)}
    ),
    "feedback_buttons": typed({"positive_button": anything, "negative_button": anything}),
    "icon_button": typed({"icon": anything, "text": plain(75)}, _BUTTON),
}

SELECTS = frozenset(name for name in ELEMENTS if name.endswith("_select"))
CHOICES = frozenset({"checkboxes", "radio_buttons"})
_TEXT_INPUTS = frozenset(name for name in ELEMENTS if name.endswith("_input"))

IN_SECTION = (
    SELECTS
    | CHOICES
    | {"button", "workflow_button", "image", "overflow", "datepicker", "timepicker"}
)
IN_ACTIONS = (IN_SECTION - {"image"}) | {"datetimepicker"}
IN_INPUT = SELECTS | CHOICES | _TEXT_INPUTS | {"datepicker", "timepicker", "datetimepicker"}
