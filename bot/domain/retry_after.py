"""How long somebody outside asks us to wait, in whatever form they say it."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 3600.0
"""Seconds; whoever asks for more is asked once an hour, since it may be a slip of theirs."""

_SECONDS = re.compile(r"\d+(\.\d*)?|\.\d+", re.ASCII)


def read_date(text: str | None) -> datetime | None:
    """Read an HTTP date (RFC 9110 §5.6.7) or an RFC 3339 instant; without a zone it is in UTC."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            instant = read(text or "")
            return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
        except (ValueError, IndexError, OverflowError):
            continue
    return None


def seconds_to_wait(wishes: Iterable[str | None], now: datetime | None) -> float | None:
    """Return how long the first readable of `wishes` asks to wait: never negative, nor too long.

    Each is seconds, an HTTP date or an RFC 3339 instant: incident.io's documentation shows all
    three, in the header `Retry-After` and in the body's `rate_limit.retry_after`. None when nothing
    can be read; `now` is the present by the clock of whoever asks, None when that is not known.
    """
    for wish in (each.strip() for each in wishes if each):
        if _SECONDS.fullmatch(wish):
            return min(float(wish), LONGEST_WAIT)
        if now and (instant := read_date(wish)):
            return min(max(0.0, (instant - now).total_seconds()), LONGEST_WAIT)
    return None
