"""The shapes of composition objects: texts, options, groups, confirmations.

Limits: https://docs.slack.dev/reference/block-kit/composition-objects
"""

from bot.playground.block_kit.rules import (
    Findings,
    Rule,
    anything,
    by_type,
    either,
    flag,
    items,
    one_of,
    shape,
    string,
)
from bot.playground.errors import Json


def plain(most: int) -> Rule:
    return by_type(_texts(most), ["plain_text"])


def text(most: int) -> Rule:
    return by_type(_texts(most))


def mrkdwn(most: int) -> Rule:
    return by_type(_texts(most), ["mrkdwn"])


def _texts(most: int) -> dict[str, Rule]:
    required = {"type": anything, "text": string(most)}
    return {
        "plain_text": shape(required, {"emoji": flag}),
        "mrkdwn": shape(required, {"verbatim": flag}),
    }


def _option(label: Rule, description: Rule) -> Rule:
    return shape({"text": label, "value": string(150)}, {"description": description})


OPTION = _option(plain(75), plain(75))
RICH_OPTION = _option(text(75), text(75))
OVERFLOW_OPTION = shape(
    {"text": plain(75), "value": string(150)},
    {"description": plain(75), "url": string(3000)},
)
GROUP = shape({"label": plain(75), "options": items(OPTION, 100)})
CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
DISPATCH = shape(
    {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)}
)
FILTER = shape(
    {},
    {
        "include": items(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)


def offered(element: Json) -> list[Json]:
    """All options of a select or list of choices, inside groups or not."""
    found = [option for option in _list(element, "options") if isinstance(option, dict)]
    for group in _list(element, "option_groups"):
        if isinstance(group, dict):
            found += [option for option in _list(group, "options") if isinstance(option, dict)]
    return found


def same_option(left: object, right: object) -> bool:
    return _identity(left) == _identity(right)


def _identity(option: object) -> tuple[object, object]:
    if not isinstance(option, dict):
        return (None, option)
    label = option.get("text")
    return (label.get("text") if isinstance(label, dict) else None, option.get("value"))


def _list(holder: Json, name: str) -> list[object]:
    value = holder.get(name)
    return value if isinstance(value, list) else []


def initials_are_offered(found: Findings, at: str, element: Json) -> None:
    options = offered(element)
    for name in ("initial_option", "initial_options"):
        chosen = element.get(name, [])
        for option in chosen if isinstance(chosen, list) else [chosen]:
            if not any(same_option(option, other) for other in options):
                found.add(f"{at}/{name}", "must be one of the options")


options_or_groups = either("options", "option_groups")
