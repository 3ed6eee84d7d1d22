"""Instants, spans, counts and days as people read them: with their zone, never relative to now."""

from datetime import UTC, date, datetime, timedelta

from markupsafe import Markup

from bot.domain.pages import ComponentStatus
from bot.statuspage.dialects.json_values import known_status

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


LETTERS = {
    ComponentStatus.OPERATIONAL: "o",
    ComponentStatus.UNDER_MAINTENANCE: "m",
    ComponentStatus.DEGRADED: "d",
    ComponentStatus.PARTIAL_OUTAGE: "p",
    ComponentStatus.MAJOR_OUTAGE: "x",
    ComponentStatus.UNKNOWN: "o",
}
"""One letter for each status: the name of its icon and its colour in markup and style."""


def label(status: ComponentStatus) -> str:
    """Return the words for a status; one that we do not know is no bad news."""
    return known_status(status).label


def day(day: date) -> str:
    """Return a day such as "20 Nov 2026"."""
    return f"{day.day} {day:%b %Y}"


def month(day: date) -> str:
    """Return a month such as "November 2026"."""
    return f"{day:%B %Y}"


def when(at: datetime) -> Markup:
    """Return an instant such as "20 Nov 2026, 09:31 UTC", also for machines to read."""
    at = at.astimezone(UTC)
    return _time(at, f"{day(at.date())}, {at:%H:%M} UTC")


def time_of_day(at: datetime) -> Markup:
    """Return an instant of a day that is known from elsewhere, such as "09:31 UTC"."""
    at = at.astimezone(UTC)
    return _time(at, f"{at:%H:%M} UTC")


def between(start: datetime, end: datetime) -> Markup:
    """Return a span such as "1 Dec 2026, 02:00 to 03:30 UTC"."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    first = _time(start, f"{day(start.date())}, {start:%H:%M}")
    same_day = start.date() == end.date()
    return first + " to " + (time_of_day(end) if same_day else when(end))


def duration(span: timedelta) -> str:
    """Return a length such as "2 h 5 min"; less than a minute counts as one."""
    days, rest = divmod(max(span, _MINUTE), _DAY)
    hours, rest = divmod(rest, _HOUR)
    parts = [(days, "d"), (hours, "h"), (rest // _MINUTE, "min")]
    return " ".join(f"{many} {unit}" for many, unit in parts if many)


def count(many: int, noun: str) -> str:
    """Return a number with its noun, such as "3 days"."""
    return f"{many} {noun}" if many == 1 else f"{many} {noun}s"


def _time(at: datetime, text: str) -> Markup:
    stamp = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    return Markup('<time datetime="{}">{}</time>').format(stamp, text)
