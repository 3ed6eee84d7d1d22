"""Arguments as the bot sends them, form-encoded or JSON, checked against a method's list."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from bot.playground.errors import Json, SlackError

_TRUE, _FALSE = {"1", "true", "True"}, {"0", "false", "False", ""}
_BAD_JSON = {"blocks": "invalid_blocks_format", "metadata": "invalid_metadata_format"}

ArgumentReader = Callable[[str, Any], object]


def text(name: str, value: object) -> object:
    if not isinstance(value, str):
        raise _wrong(name, "must be a string")
    return value


def flag(name: str, value: object) -> object:
    if isinstance(value, bool):
        return value
    if str(value) not in _TRUE | _FALSE:
        raise _wrong(name, "must be a boolean")
    return str(value) in _TRUE


def number(name: str, value: object) -> object:
    if isinstance(value, bool) or not str(value).isdecimal():
        raise _wrong(name, "must be an integer")
    return int(str(value))


def structure(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        if name in _BAD_JSON:
            raise SlackError(_BAD_JSON[name]) from None
        raise _wrong(name, "must be JSON") from None


def read_arguments(takes: Mapping[str, ArgumentReader], raw: Json) -> Json:
    """Returns the arguments with their types; unknown ones raise `invalid_arguments`."""
    unknown = [f"[ERROR] unknown argument: {name}" for name in raw if name not in takes]
    if unknown:
        raise SlackError("invalid_arguments", *unknown)
    return {name: takes[name](name, value) for name, value in raw.items() if value is not None}


def require(args: Json, *names: str) -> None:
    missing = [
        f"[ERROR] missing required field: {name} [json-pointer:/{name}]"
        for name in names
        if args.get(name) in (None, "")
    ]
    if missing:
        raise SlackError("invalid_arguments", *missing)


def _wrong(name: str, complaint: str) -> SlackError:
    return SlackError("invalid_arguments", f"[ERROR] {complaint} [json-pointer:/{name}]")
