"""Recurring maintenances: when each window of a series starts and ends."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice, pairwise

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

from bot.domain.submissions import Repeat, Rhythm
from bot.domain.times import instant, wall_time, zone_named
from bot.errors import FormError

MOST_WINDOWS = 104
"""Two years of weeks."""
_TOO_MANY = MOST_WINDOWS + 1
_WEEK = timedelta(weeks=1)
_ORDINALS = ("first", "second", "third", "fourth", "last")
_LAST = len(_ORDINALS) - 1


@dataclass(frozen=True, slots=True)
class Planning:
    """How far maintenances reach: the longest window, and how long ahead a series' next is put up.

    A page has the next window `ahead` of its start.
    """

    longest: timedelta = timedelta(days=30)
    ahead: timedelta = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Window:
    """One window of a series: its number, from 1, and its aware UTC instants."""

    number: int
    starts: datetime
    ends: datetime


def windows(starts: datetime, ends: datetime, repeat: Repeat, zone: str) -> tuple[Window, ...]:
    """Return every window of a series whose first one is `starts` to `ends`.

    All have the first one's times of day in `zone`, so that a night from 22:00 to 02:00 stays one
    when clocks change, and is an hour longer or shorter then. A monthly series keeps its weekday:
    the last one of the month when the first window is on the last, even if that is also the fourth;
    else the first, second, third or fourth. `until` is a day in `zone` and counts. With a count and
    a last day, whichever comes first ends the series.

    Raise FormError with every field that is wrong; a time that some day does not have, or has
    twice, is named with its window's number.
    """
    first, last = wall_time(starts, zone), wall_time(ends, zone)
    if wrong := repeat_problems(repeat, first.date()) or _too_long(first, last, repeat):
        raise FormError(wrong)
    days = _days(first.date(), repeat)
    if len(days) > MOST_WINDOWS:
        raise FormError({"until": f"More than {MOST_WINDOWS} windows. Choose an earlier last day."})
    found, wrong = [Window(1, starts, ends)], dict[str, str]()
    for number, day in enumerate(days[1:], start=2):
        moved = day - first.date()
        try:
            start = instant(first + moved, zone, "starts")
            found.append(Window(number, start, instant(last + moved, zone, "ends")))
        except FormError as error:
            for field, reason in error.fields.items():
                wrong.setdefault(field, f"Window {number}: {reason}")
    if wrong := wrong or _overlap(found):
        raise FormError(wrong)
    return tuple(found)


def in_words(rhythm: Rhythm, starts: datetime, zone: str) -> str:
    """Return how often a series comes back: "on the second Tuesday of every month at 22:00"."""
    first = wall_time(starts, zone)
    when = f"{first:%A}"
    if rhythm is Rhythm.MONTHLY:
        when = f"on the {_ORDINALS[_place(first.date())]} {when} of every month"
    else:
        when = f"every {when}"
    return f"{when} at {first:%H:%M} ({zone_named(zone).key})"


def repeat_problems(repeat: Repeat, first: date | None) -> dict[str, str]:
    """Return what is wrong with the end of a series; `first` is the day on which it begins."""
    if repeat.count is None and repeat.until is None:
        return {"times": "Say how many windows there are, or choose a last day."}
    wrong = {}
    if repeat.count is not None and not 1 <= repeat.count <= MOST_WINDOWS:
        wrong["times"] = f"Write a number from 1 to {MOST_WINDOWS}."
    if repeat.until is not None and first is not None and repeat.until < first:
        wrong["until"] = "The last day is before the first window. Choose a later one."
    return wrong


def _too_long(first: datetime, last: datetime, repeat: Repeat) -> dict[str, str]:
    if last <= first:
        return {
            "ends": "Clocks go back between start and end, so that no other day has these times. "
            "Schedule this window alone, and the series from the next one on."
        }
    if repeat.rhythm is Rhythm.WEEKLY and last - first > _WEEK and repeat.count != 1:
        return {"ends": "A window of a weekly maintenance cannot be longer than a week."}
    return {}


def _overlap(found: list[Window]) -> dict[str, str]:
    for one, other in pairwise(found):
        if other.starts < one.ends:
            return {"ends": f"Window {other.number} would start before window {one.number} ends."}
    return {}


def _days(first: date, repeat: Repeat) -> list[date]:
    """Return the days on which the windows start; of too many, one more than there may be."""
    last = repeat.until or date.max
    if repeat.rhythm is Rhythm.WEEKLY:
        rule = rrule(WEEKLY, dtstart=first, until=last)
    else:
        place = _place(first)
        nth = -1 if place == _LAST else place + 1
        rule = rrule(MONTHLY, dtstart=first, until=last, byweekday=weekday(first.weekday(), nth))
    return [day.date() for day in islice(rule, min(repeat.count or _TOO_MANY, _TOO_MANY))]


def _place(day: date) -> int:
    """Return which of its weekday in the month `day` is, from 0; the last one is the fifth."""
    is_last = (day + _WEEK).month != day.month
    return _LAST if is_last else (day.day - 1) // 7
