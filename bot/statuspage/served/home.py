"""The front page: the answer, what is open, what is planned, the components, the last week."""

from dataclasses import dataclass
from datetime import UTC, timedelta

from bot.domain.pages import ComponentStatus, worst
from bot.statuspage.model.change_times import last_change
from bot.statuspage.model.overall_status import overall_status
from bot.statuspage.model.site import ComponentRecord
from bot.statuspage.model.site_state import SiteState
from bot.statuspage.model.uptime import DAYS, Uptime, uptimes
from bot.statuspage.served.formatting import count, day
from bot.statuspage.served.history_entries import ended_since
from bot.statuspage.served.html import render
from bot.statuspage.served.uptime_bars import UptimeBar, uptime_bar

_MANY = 40
"""From so many components on, groups in which all is well are folded."""
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ComponentRow:
    """A component with its status and its strip of days."""

    part: ComponentRecord
    status: ComponentStatus
    bar: UptimeBar


@dataclass(frozen=True, slots=True)
class GroupSection:
    """A group, or without a name the components that are in none."""

    name: str
    rows: tuple[ComponentRow, ...]
    status: ComponentStatus
    is_open: bool


def home(standing: SiteState, *, still: bool = False) -> bytes:
    """Return the front page; `still` is for readers who do not want it to reload."""
    figures = uptimes(standing.site, standing.at)
    first_day = standing.at.astimezone(UTC).date() - timedelta(days=DAYS - 1)
    return render(
        "home.html",
        standing,
        here="/",
        still=still,
        answer=overall_status(standing),
        lead=_lead(standing),
        changed=last_change(standing.site, standing.at),
        listed=_listed(standing, figures),
        legend=_legend(figures),
        first_day=day(first_day),
        recent=ended_since(standing, standing.at - _WEEK),
    )


def _lead(standing: SiteState) -> str:
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


def _listed(standing: SiteState, figures: dict[str, Uptime]) -> list[GroupSection]:
    groups = [*((group.id, group.name) for group in standing.groups), (None, "")]
    few = len(standing.components) < _MANY
    listed = []
    for group_id, name in groups:
        members = standing.members(group_id)
        rows = tuple(
            ComponentRow(part, standing.statuses[part.id], uptime_bar(part.name, figures[part.id]))
            for part in members
        )
        status = worst(row.status for row in rows)
        if rows:
            is_open = few or status is not ComponentStatus.OPERATIONAL
            listed.append(GroupSection(name, rows, status, is_open))
    return listed


def _legend(figures: dict[str, Uptime]) -> list[ComponentStatus]:
    used = {one.status for figure in figures.values() for one in figure.bad}
    return sorted(used - {ComponentStatus.UNKNOWN}, key=lambda status: status.severity)
