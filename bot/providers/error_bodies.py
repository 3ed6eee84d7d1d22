"""What a provider says about a request that it did not serve, in any of the forms it uses."""

import json
import re
from dataclasses import dataclass

LONGEST_REASON = 300
LARGEST_BODY = 64 * 1024
"""Bytes; a longer refusal is no refusal that a person could read."""

_LINK = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
_REQUEST_ID = re.compile(r"[\w.:-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """Why, of which fields, the id of the request, and when the provider wants to be asked."""

    reason: str = ""
    fields: frozenset[str] = frozenset()
    request_id: str | None = None
    retry_at: str | None = None


def read_error_body(content: bytes | None, secret: str | None = None) -> ErrorBody:
    """Read the body of a refusal; an empty one when it says nothing that can be used.

    The forms are those of the Instatus API documentation (`error` as an object or a text,
    `message`) and of incident.io's API reference, "Errors" (`errors`, `request_id`, `rate_limit`).
    """
    body = _as_object(content)
    listed = body.get("errors")
    errors = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    rate_limit = body.get("rate_limit")
    retry_at = rate_limit.get("retry_after") if isinstance(rate_limit, dict) else None
    request_id = body.get("request_id")
    return ErrorBody(
        reason=_for_a_person(_reason(body, errors), secret),
        fields=frozenset(field for error in errors for field in _fields(error.get("source"))),
        request_id=request_id
        if isinstance(request_id, str) and _REQUEST_ID.fullmatch(request_id)
        else None,
        retry_at=None if retry_at is None else str(retry_at),
    )


def _as_object(content: bytes | None) -> dict[str, object]:
    if not content or len(content) > LARGEST_BODY:
        return {}
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _reason(body: dict[str, object], errors: list[dict[str, object]]) -> str:
    error = body.get("error")
    said = [
        *(each.get("message") or each.get("code") for each in errors),
        *((error.get("message"), error.get("code")) if isinstance(error, dict) else (error,)),
        body.get("message"),
        body.get("type"),
    ]
    texts = [text for text in said if isinstance(text, str) and text.strip()]
    return "; ".join(texts[: max(1, len(errors))])


def _fields(source: object) -> set[str]:
    if not isinstance(source, dict):
        return set()
    named = f"{source.get('field') or ''}/{source.get('pointer') or ''}"
    return {part for part in re.split(r"[/.]", named) if part and not part.isdigit()}


def _for_a_person(text: str, secret: str | None) -> str:
    """Keep it to one short line without links, which may hold secrets, and without our key."""
    if secret:
        text = text.replace(secret, "…")
    text = " ".join(_LINK.sub("(link)", text[: LONGEST_REASON * 10]).split())
    text = "".join(character for character in text if character.isprintable())
    return text if len(text) <= LONGEST_REASON else text[: LONGEST_REASON - 1].rstrip() + "…"
