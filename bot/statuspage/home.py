"""The front page: the answer, what is open, what is planned, the components, the last week."""

from dataclasses import dataclass
from datetime import UTC, timedelta

from bot.domain.pages import ComponentStatus, worst
from bot.statuspage.bars import Bar, bar
from bot.statuspage.entries import ended_since
from bot.statuspage.html import render
from bot.statuspage.model import PageComponent
from bot.statuspage.moments import changed
from bot.statuspage.rollup import answer
from bot.statuspage.standing import Standing
from bot.statuspage.uptime import DAYS, Uptime, uptimes
from bot.statuspage.words import count, day

_MANY = 40
"""From so many components on, groups in which all is well are folded."""
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Row:
    """A component with its status and its strip of days."""

    part: PageComponent
    status: ComponentStatus
    bar: Bar


@dataclass(frozen=True, slots=True)
class Listed:
    """A group, or without a name the components that are in none."""

    name: str
    rows: tuple[Row, ...]
    status: ComponentStatus
    is_open: bool


def home(standing: Standing, *, still: bool = False) -> bytes:
    """Return the front page; `still` is for readers who do not want it to reload."""
    figures = uptimes(standing.site, standing.at)
    first_day = standing.at.astimezone(UTC).date() - timedelta(days=DAYS - 1)
    return render(
        "home.html",
        standing,
        here="/",
        still=still,
        answer=answer(standing),
        lead=_lead(standing),
        changed=changed(standing.site, standing.at),
        listed=_listed(standing, figures),
        legend=_legend(figures),
        first_day=day(first_day),
        recent=ended_since(standing, standing.at - _WEEK),
    )


def _lead(standing: Standing) -> str:
    parts = standing.components
    hit = sum(standing.statuses[part.id] is not ComponentStatus.OPERATIONAL for part in parts)
    if not parts:
        return "No component is listed yet."
    if not hit and standing.open:
        return f"{count(len(parts), 'component')}, none named as affected."
    if not hit:
        return f"{count(len(parts), 'component')}, nothing affected."
    verb = "is" if hit == 1 else "are"
    return f"{hit} of {count(len(parts), 'component')} {verb} affected."


def _listed(standing: Standing, figures: dict[str, Uptime]) -> list[Listed]:
    groups = [*((group.id, group.name) for group in standing.groups), (None, "")]
    few = len(standing.components) < _MANY
    listed = []
    for group_id, name in groups:
        members = standing.members(group_id)
        rows = tuple(
            Row(part, standing.statuses[part.id], bar(part.name, figures[part.id]))
            for part in members
        )
        status = worst(row.status for row in rows)
        if rows:
            is_open = few or status is not ComponentStatus.OPERATIONAL
            listed.append(Listed(name, rows, status, is_open))
    return listed


def _legend(figures: dict[str, Uptime]) -> list[ComponentStatus]:
    used = {one.status for figure in figures.values() for one in figure.bad}
    return sorted(used - {ComponentStatus.UNKNOWN}, key=lambda status: status.severity)
