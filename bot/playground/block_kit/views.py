"""The rules of modals and of the Home tab.

Source: https://docs.slack.dev/reference/views/modal-views
"""

import json

from bot.playground.block_kit.blocks import check_blocks
from bot.playground.block_kit.composition_objects import plain
from bot.playground.block_kit.rules import Findings, anything, flag, one_of, shape, string
from bot.playground.errors import Json, SlackError

LARGEST = 250_000

_COMMON = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_SHAPES = {
    "modal": shape(
        {"type": anything, "title": plain(24), "blocks": anything},
        {
            **_COMMON,
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": flag,
            "notify_on_close": flag,
        },
    ),
    "home": shape({"type": anything, "blocks": anything}, _COMMON),
}


def check_view(view: object, surface: str) -> Json:
    """Returns the view when Slack takes it; raises `invalid_arguments` or `view_too_large`."""
    found = Findings()
    one_of(surface)(found, "/view/type", view.get("type") if isinstance(view, dict) else None)
    if not isinstance(view, dict) or found.messages:
        raise SlackError("invalid_arguments", *found.messages)
    if len(json.dumps(view, ensure_ascii=False).encode()) > LARGEST:
        raise SlackError("view_too_large")
    _SHAPES[surface](found, "/view", view)
    check_blocks(found, "/view/blocks", view.get("blocks", []), surface)
    if not found.messages:
        _check_submit(found, view)
    if found.messages:
        raise SlackError("invalid_arguments", *found.messages)
    return view


def _check_submit(found: Findings, view: Json) -> None:
    has_input = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and has_input and "submit" not in view:
        found.add("/view", "missing required field: submit (the view has an input block)")
