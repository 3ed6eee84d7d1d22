"""When something on a page is what we wrote, so that a lost answer is never a second write."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.domain.maintenances import MaintenanceDraft, PageMaintenance

CLOCK_SLACK = timedelta(minutes=2)
"""How far a provider's clock may be behind ours."""


class Said(Protocol):
    """An update, wanted or shown, of an incident or a maintenance."""

    @property
    def status(self) -> StrEnum: ...
    @property
    def message(self) -> str: ...
    @property
    def at(self) -> datetime: ...


def same_text(one: str, other: str) -> bool:
    """Compare two messages; a page may trim them or change how lines end."""
    return _lines(one) == _lines(other)


def same_instant(one: datetime, other: datetime) -> bool:
    """Compare two instants to the millisecond, which is as exact as pages keep them."""
    return _milliseconds(one) == _milliseconds(other)


def same_update(shown: Said, draft: Said) -> bool:
    """Compare an update with a draft, on a page that keeps the draft's own instant."""
    return same_words(shown, draft) and same_instant(shown.at, draft.at)


def same_words(shown: Said, draft: Said) -> bool:
    """Compare what an update says with what a draft wants it to say, whenever it was said."""
    return shown.status is draft.status and same_text(shown.message, draft.message)


def same_plan(shown: PageMaintenance, draft: MaintenanceDraft) -> bool:
    """Compare a maintenance with a draft, by its window too where the page tells it."""
    times = ((shown.starts, draft.starts), (shown.ends, draft.ends))
    return (
        shown.name == draft.name
        and bool(shown.updates)
        and same_text(shown.updates[0].message, draft.message)
        and all(told is None or same_instant(told, wanted) for told, wanted in times)
    )


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def _milliseconds(instant: datetime) -> datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
