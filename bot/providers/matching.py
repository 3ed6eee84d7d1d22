"""When something on a page is what we wrote, so that a lost answer is never a second write."""

from datetime import datetime, timedelta

CLOCK_SLACK = timedelta(minutes=2)
"""How far a provider's clock may be behind ours."""


def same_text(one: str, other: str) -> bool:
    """Compare two messages; a page may trim them or change how lines end."""
    return _lines(one) == _lines(other)


def same_instant(one: datetime, other: datetime) -> bool:
    """Compare two instants to the millisecond, which is as exact as pages keep them."""
    return _milliseconds(one) == _milliseconds(other)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def _milliseconds(instant: datetime) -> datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
