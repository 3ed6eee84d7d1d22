"""The shapes of blocks, the surfaces where each may stand, and what holds across a list of them.

Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from collections import Counter
from collections.abc import Iterator

from bot.playground.block_kit.composition_objects import mrkdwn, plain, text
from bot.playground.block_kit.elements import ELEMENTS, IN_ACTIONS, IN_INPUT, IN_SECTION
from bot.playground.block_kit.rich_text import RICH_TEXT, TABLE_CELL
from bot.playground.block_kit.rules import (
    Findings,
    Rule,
    anything,
    both,
    by_type,
    either,
    flag,
    items,
    one_of,
    string,
    typed,
)
from bot.playground.errors import Json

_ID: dict[str, Rule] = {"block_id": string(255)}

_TEXTS: dict[str, Rule] = {"plain_text": plain(3000), "mrkdwn": mrkdwn(3000)}
_IN_CONTEXT = by_type({**_TEXTS, "image": ELEMENTS["image"]})


def _text_or_fields(found: Findings, at: str, block: Json) -> None:
    if "text" not in block and "fields" not in block:
        found.add(at, "must have text or fields")


BLOCKS: dict[str, Rule] = {
    "section": both(
        typed(
            {},
            {
                **_ID,
                "text": text(3000),
                "fields": items(text(2000), 10),
                "accessory": by_type(ELEMENTS, IN_SECTION),
                "expand": flag,
            },
        ),
        _text_or_fields,
    ),
    "header": typed({"text": plain(150)}, _ID),
    "divider": typed({}, _ID),
    "context": typed({"elements": items(_IN_CONTEXT, 10)}, _ID),
    "actions": typed({"elements": items(by_type(ELEMENTS, IN_ACTIONS), 25)}, _ID),
    "context_actions": typed(
        {"elements": items(by_type(ELEMENTS, ["feedback_buttons", "icon_button"]), 5)},
        _ID,
    ),
    "input": typed(
        {"label": plain(2000), "element": by_type(ELEMENTS, IN_INPUT)},
        {**_ID, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "image": both(
        typed(
            {"alt_text": string(2000)},
            {**_ID, "image_url": string(3000), "slack_file": anything, "title": plain(2000)},
        ),
        either("image_url", "slack_file"),
    ),
    "rich_text": RICH_TEXT,
    "table": typed(
        {"rows": items(items(TABLE_CELL, 20), 100)},
        {**_ID, "column_settings": items(anything, 20)},
    ),
    "markdown": typed({"text": string(12_000)}, _ID),
    "alert": typed(
        {"text": text(200)},
        {**_ID, "level": one_of("default", "info", "warning", "error", "success")},
    ),
}

_EVERYWHERE = frozenset(
    {"actions", "context", "divider", "header", "image", "input", "rich_text", "section"}
)
SURFACES = {
    "message": _EVERYWHERE | {"context_actions", "markdown", "table"},
    "home": _EVERYWHERE | {"table"},
    "modal": _EVERYWHERE | {"alert"},
}
MOST = {"message": 50, "home": 100, "modal": 100}


def check_blocks(found: Findings, at: str, blocks: object, surface: str) -> None:
    items(by_type(BLOCKS, SURFACES[surface]), MOST[surface], 0)(found, at, blocks)
    if found.messages or not isinstance(blocks, list):
        return
    _unique(found, at, [block.get("block_id") for block in blocks], "block_id")
    for index, block in enumerate(blocks):
        ids = [element.get("action_id") for element in elements_of(block)]
        _unique(found, f"{at}/{index}", ids, "action_id")
    if sum(block["type"] == "table" for block in blocks) > 1:
        found.add(at, "only one table is allowed")
    if sum(bool(element.get("focus_on_load")) for element in all_elements(blocks)) > 1:
        found.add(at, "only one element may set focus_on_load")


def _unique(found: Findings, at: str, ids: list[object], name: str) -> None:
    for value, count in Counter(one for one in ids if one is not None).items():
        if count > 1:
            found.add(at, f"`{name}` {value} is used {count} times, it must be unique")


def elements_of(block: Json) -> Iterator[Json]:
    """The interactive elements of one block."""
    if block.get("type") in {"actions", "context_actions"}:
        yield from block["elements"]
    elif block.get("type") == "input":
        yield block["element"]
    elif block.get("type") == "section" and "accessory" in block:
        yield block["accessory"]


def all_elements(blocks: list[Json]) -> Iterator[Json]:
    for block in blocks:
        yield from elements_of(block)
