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
    return next((action for name, action in _clickable(blocks) if name == text), None)


def find_click_at(blocks: list[Json], place: tuple[str, str], value: str | None) -> Json | None:
    """The same by block and action; `value` tells the entries of a menu apart."""
    for _, action in _clickable(blocks):
        if (action["block_id"], action["action_id"]) == place and (
            value is None or action.get("selected_option", {}).get("value") == value
        ):
            return action
    return None


def _clickable(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    for block in blocks:
        for element in elements_of(block) if block["type"] != "input" else ():
            place: Json = {"block_id": block["block_id"], "action_id": element.get("action_id")}
            for name, content in _clicks(element):
                yield name, place | content


def _clicks(element: Json) -> Iterator[tuple[str, Json]]:
    if element["type"] == "button":
        extra: Json = {name: element[name] for name in _SENT if name in element}
        content: Json = {"type": "button", "text": element["text"], **extra}
        yield unescape(element["text"]["text"]), content
    elif element["type"] in _MENUS:
        for option in options_in(element):
            yield option.text, {"type": element["type"], "selected_option": option.raw}
