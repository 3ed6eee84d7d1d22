"""What Slack sends, from raw bytes to a dict, in one strict step."""

import binascii
import string
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from pydantic_core import from_json

from bot.errors import FoghornError

FIELD_LIMIT = 100
"""Fields of a form; a slash command has about fifteen."""

_LONE = b"payload="
_IN_A_VALUE = f"{string.ascii_letters}{string.digits}%+*._~-".encode()
_TO_QUOTED_PRINTABLE = bytes.maketrans(b"+%", b" =")


class MalformedError(FoghornError):
    """Slack's signature is right, but the body is nothing that Slack sends."""


def parse(raw: bytes, content_type: str) -> dict[str, Any]:
    """Return the payload of an event, an interaction or a command; raise `MalformedError`."""
    readers: dict[str, Callable[[bytes], dict[str, Any]]] = {
        "application/json": _from_json,
        "application/x-www-form-urlencoded": _from_form,
    }
    reader = readers.get(content_type.partition(";")[0].strip().lower())
    if reader is None:
        raise MalformedError("The content type is neither JSON nor a form.")
    try:
        return reader(raw)
    except ValueError as error:
        raise MalformedError("The body cannot be read.") from error


def _from_json(text: str | bytes) -> dict[str, Any]:
    # Twice as fast as Python's own, and it refuses what nobody can store: half a surrogate pair.
    payload = from_json(text, allow_inf_nan=False)
    if not isinstance(payload, dict) or not isinstance(payload.get("type"), str):
        raise MalformedError("The JSON is no object with a type.")
    if payload["type"] == "url_verification" and not isinstance(payload.get("challenge"), str):
        raise MalformedError("The challenge is missing.")
    return payload


def _from_form(raw: bytes) -> dict[str, Any]:
    if (payload := _lone_payload(raw)) is not None:
        return _from_json(payload)
    pairs = parse_qsl(
        raw.decode(),
        keep_blank_values=True,
        strict_parsing=True,
        errors="strict",
        max_num_fields=FIELD_LIMIT,
    )
    form = dict(pairs)
    if len(form) != len(pairs):
        raise MalformedError("A field comes twice.")
    if "payload" in form:
        return _from_json(form["payload"])
    if not form.get("command", "").startswith("/") and form.get("ssl_check") != "1":
        raise MalformedError("The form is neither a command nor an interaction.")
    return {**form}


def _lone_payload(raw: bytes) -> bytes | None:
    """Return the payload of a plain interaction; None leaves it to `parse_qsl`.

    `parse_qsl` reads the same, but takes a fifth of all the work behind the answer to a form.
    """
    value = raw.removeprefix(_LONE)
    if len(value) == len(raw) or value.translate(None, delete=_IN_A_VALUE):
        return None
    # But for one letter this is quoted-printable, which the library reads in C.
    read = binascii.a2b_qp(value.translate(_TO_QUOTED_PRINTABLE))
    all_are_escapes = len(read) == len(value) - 2 * value.count(b"%")
    return read if all_are_escapes else None
