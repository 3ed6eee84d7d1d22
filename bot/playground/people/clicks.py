"""Finds what a person clicks, by its text on the screen."""

from collections.abc import Iterator

from bot.playground.block_kit.blocks import elements_of
from bot.playground.block_kit.displayed_text import unescape
from bot.playground.errors import Json
from bot.playground.people.fields import options_in

_SENT = ("value", "style", "url")
_MENUS = {"overflow", "static_select", "radio_buttons"}


def find_click(blocks: list[Json], text: str) -> Json | None:
    """The entry of `actions` that this click sends; None when nothing has that text."""
    for name, action in clickable(blocks):
        if name == text:
            return action
    return None


def find_click_at(
    blocks: list[Json], block_id: str, action_id: str, value: str | None
) -> Json | None:
    """The same by place; `value` tells the entries of a menu apart."""
    for _, action in clickable(blocks):
        if (action["block_id"], action["action_id"]) == (block_id, action_id) and (
            value is None or action.get("selected_option", {}).get("value") == value
        ):
            return action
    return None


def clickable(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    for block in blocks:
        if block["type"] == "input":
            continue
        for element in elements_of(block):
            for name, content in _clicks(element):
                yield name, _at(block, element) | content


def _at(block: Json, element: Json) -> Json:
    return {"block_id": block["block_id"], "action_id": element.get("action_id")}


def _clicks(element: Json) -> Iterator[tuple[str, Json]]:
    if element["type"] == "button":
        extra: Json = {name: element[name] for name in _SENT if name in element}
        content: Json = {"type": "button", "text": element["text"], **extra}
        yield unescape(element["text"]["text"]), content
    elif element["type"] in _MENUS:
        for option in options_in(element):
            yield option.text, {"type": element["type"], "selected_option": option.raw}
