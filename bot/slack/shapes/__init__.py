"""The shapes of what Slack sends: what is of another is refused before anybody reads it."""

from collections.abc import Mapping
from typing import Any

import structlog
from pydantic import ValidationError

from bot.slack.shapes import events, interactions
from bot.slack.shapes.block_kit import Shape

_log = structlog.get_logger(__name__)

_BAD_REQUEST, _NOT_FOUND = 400, 404
_LONGEST = 80

_SHAPES: Mapping[str, type[Shape]] = {
    "block_actions": interactions.Click,
    "view_submission": interactions.ViewSent,
    "view_closed": interactions.ViewSent,
    "block_suggestion": interactions.Search,
    "shortcut": interactions.Shortcut,
    "message_action": interactions.Shortcut,
    "event_callback": events.Event,
}


def refusal(payload: Mapping[str, Any]) -> int | None:
    """Return the HTTP status that refuses `payload`, or None when it may be read."""
    kind = payload.get("type")
    shape = interactions.Command if "command" in payload else _SHAPES.get(str(kind))
    if shape is None:
        _log.warning("Slack sent what Foghorn does not know.", type=str(kind)[:_LONGEST])
        return _NOT_FOUND
    try:
        shape.model_validate(payload)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, wrong["loc"]))[:_LONGEST]
        _log.warning("Slack sent something of another shape.", type=kind, place=place)
        return _BAD_REQUEST
    return None
