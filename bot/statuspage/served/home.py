"""The front page: the overall status, what is open and planned, the components, the last week."""

from dataclasses import dataclass
from datetime import UTC, timedelta

from bot.domain.pages import ComponentStatus, worst
from bot.statuspage.model.change_times import last_change
from bot.statuspage.model.overall_status import overall_status
from bot.statuspage.model.site import ComponentRecord
from bot.statuspage.model.site_state import SiteState, worst_now
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
    """A component with its status and its bar of days."""

    component: ComponentRecord
    status: ComponentStatus
    bar: UptimeBar


@dataclass(frozen=True, slots=True)
class GroupSection:
    """A group, or without a name the components that are in none."""

    name: str
    rows: tuple[ComponentRow, ...]
    status: ComponentStatus
    is_open: bool


def home(state: SiteState, *, still: bool = False) -> bytes:
    """Return the front page; `still` is for readers who do not want it to reload."""
    figures = uptimes(state.site, state.at)
    first_day = state.at.astimezone(UTC).date() - timedelta(days=DAYS - 1)
    return render(
        "home.html",
        state,
        here="/",
        still=still,
        overall=overall_status(state),
        lead=_lead(state),
        open=sorted(state.open, key=lambda each: -worst_now(each).severity),
        changed=last_change(state.site, state.at),
        sections=_sections(state, figures),
        legend=_legend(figures),
        first_day=day(first_day),
        recent=ended_since(state, state.at - _WEEK),
    )


def _lead(state: SiteState) -> str:
    components = state.components
    hit = sum(
        state.statuses[component.id] is not ComponentStatus.OPERATIONAL for component in components
    )
    if not components:
        return "No component is listed yet."
    if not hit and state.open:
        return f"{count(len(components), 'component')}, none named as affected."
    if not hit:
        return f"{count(len(components), 'component')}, nothing affected."
    verb = "is" if hit == 1 else "are"
    return f"{hit} of {count(len(components), 'component')} {verb} affected."


def _sections(state: SiteState, figures: dict[str, Uptime]) -> list[GroupSection]:
    groups = [*((group.id, group.name) for group in state.groups), (None, "")]
    few = len(state.components) < _MANY
    sections = []
    for group_id, name in groups:
        members = state.members(group_id)
        rows = tuple(
            ComponentRow(
                component,
                state.statuses[component.id],
                uptime_bar(component.name, figures[component.id]),
            )
            for component in members
        )
        status = worst(row.status for row in rows)
        if rows:
            is_open = few or status is not ComponentStatus.OPERATIONAL
            sections.append(GroupSection(name, rows, status, is_open))
    return sections


def _legend(figures: dict[str, Uptime]) -> list[ComponentStatus]:
    used = {one.status for figure in figures.values() for one in figure.bad_days}
    return sorted(used - {ComponentStatus.UNKNOWN}, key=lambda status: status.severity)
