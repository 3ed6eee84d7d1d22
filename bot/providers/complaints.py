"""What a provider says about a request that it did not serve, in any of the forms it uses."""

import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_REASON = 300
LARGEST_BODY = 64 * 1024
"""Bytes; a longer refusal is no refusal that a person could read."""

_LINK = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
_REQUEST_ID = re.compile(r"[\w.:-]{1,100}", re.ASCII)
_SECONDS = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Complaint:
    """A provider's own words: the reason, the fields it names, and when it wants to be asked."""

    reason: str = ""
    fields: frozenset[str] = frozenset()
    request_id: str | None = None
    retry_at: str | None = None


def read_complaint(content: bytes | None, secret: str | None = None) -> Complaint:
    """Read the body of a refusal; an empty complaint when it says nothing that can be used.

    The forms are those of the Instatus API documentation (`error` as an object or a text,
    `message`) and of incident.io's API reference, "Errors" (`errors`, `request_id`, `rate_limit`).
    """
    body = _as_object(content)
    errors = [error for error in _as_list(body.get("errors")) if isinstance(error, dict)]
    rate_limit = body.get("rate_limit")
    retry_at = rate_limit.get("retry_after") if isinstance(rate_limit, dict) else None
    request_id = body.get("request_id")
    return Complaint(
        reason=_for_a_person(_reason(body, errors), secret),
        fields=frozenset(field for error in errors for field in _fields(error.get("source"))),
        request_id=request_id
        if isinstance(request_id, str) and _REQUEST_ID.fullmatch(request_id)
        else None,
        retry_at=None if retry_at is None else str(retry_at),
    )


def seconds_to_wait(wishes: tuple[str | None, ...], now: datetime) -> float | None:
    """Return how long the first readable of `wishes` asks to wait; never negative.

    Each is seconds, an HTTP date or an RFC 3339 instant: incident.io's documentation shows all
    three, in the header `Retry-After` and in the body's `rate_limit.retry_after`.
    """
    for wish in wishes:
        seconds = _seconds(wish.strip(), now) if wish else None
        if seconds is not None and math.isfinite(seconds):
            return max(0.0, seconds)
    return None


def read_date(text: str | None) -> datetime | None:
    """Read an HTTP date or an RFC 3339 instant; zone-less text is taken as UTC."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            instant = read(text or "")
        except (ValueError, IndexError, OverflowError):
            continue
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return None


def _seconds(wish: str, now: datetime) -> float | None:
    if _SECONDS.fullmatch(wish):
        return float(wish)
    instant = read_date(wish)
    return None if instant is None else (instant - now).total_seconds()


def _as_object(content: bytes | None) -> dict[str, object]:
    if not content or len(content) > LARGEST_BODY:
        return {}
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


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
