"""How providers write times, and how long they ask to wait."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)


def write_instant(at: datetime) -> str:
    """Write an instant in RFC 3339, in UTC with milliseconds and `Z`, as Instatus answers them."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def in_utc(instant: datetime) -> datetime:
    """Return an instant in UTC; zone-less text is taken as UTC."""
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)


def read_date(text: str | None) -> datetime | None:
    """Read an HTTP date or an RFC 3339 instant; zone-less text is taken as UTC."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return in_utc(read(text or ""))
        except (ValueError, IndexError, OverflowError):
            continue
    return None


def seconds_to_wait(wishes: Iterable[str | None], now: datetime) -> float | None:
    """Return how long the first readable of `wishes` asks to wait; never negative.

    Each is seconds, an HTTP date or an RFC 3339 instant: incident.io's documentation shows all
    three, in the header `Retry-After` and in the body's `rate_limit.retry_after`.
    """
    for wish in (each.strip() for each in wishes if each):
        if _SECONDS.fullmatch(wish):
            return float(wish)
        if instant := read_date(wish):
            return max(0.0, (instant - now).total_seconds())
    return None
