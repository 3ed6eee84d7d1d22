"""The bar of 90 days under a component: a base of good days, and the others on top of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.statuspage.model.uptime import DAYS, Day, Uptime
from bot.statuspage.served.formatting import LETTERS, count, day, duration, label

DAY_WIDTH = 4
"""How wide a day is in the drawing's own units, its gap included."""
HEIGHT = 32
GOOD = 20
"""How high a good day is; worse ones are higher, since colour alone tells not everybody."""
_HEIGHTS = {"m": 20, "d": 24, "p": 28, "x": HEIGHT}


@dataclass(frozen=True, slots=True)
class DayMark:
    """A day that was not plainly good: where it stands in the bar, and what to say of it."""

    x: int
    height: int
    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class UptimeBar:
    """One component's bar; days before `start` have no data."""

    sentence: str
    start: int
    marks: tuple[DayMark, ...]
    percent: str | None
    note: str


def uptime_bar(name: str, uptime: Uptime) -> UptimeBar:
    first = uptime.today - timedelta(days=DAYS - 1)
    return UptimeBar(
        sentence=f"{name}: {_sentence(uptime)}",
        start=(uptime.first - first).days * DAY_WIDTH,
        marks=tuple(_mark(one, first) for one in uptime.bad_days),
        percent=uptime.percent,
        note=", ".join(_notes(uptime)),
    )


def _sentence(uptime: Uptime) -> str:
    figure = f"{uptime.percent} % over {count(uptime.days, 'day')}" if uptime.percent else "no data"
    return ", ".join([figure, *(_notes(uptime) or ["no day with problems"])])


def _notes(uptime: Uptime) -> list[str]:
    notes = []
    if uptime.problem_days:
        notes.append(f"{count(uptime.problem_days, 'day')} with problems")
    if uptime.maintenance_days:
        notes.append(f"{count(uptime.maintenance_days, 'day')} with maintenance")
    return notes


def _mark(one: Day, first: date) -> DayMark:
    return DayMark(
        x=(one.day - first).days * DAY_WIDTH,
        height=_HEIGHTS[LETTERS[one.status]],
        letter=LETTERS[one.status],
        text=f"{day(one.day)}: {', '.join(_lasted(one))}",
    )


def _lasted(one: Day) -> Iterator[str]:
    for status, span in sorted(one.lasted.items(), key=lambda pair: -pair[0].severity):
        yield f"{label(status).lower()} {duration(span)}"
