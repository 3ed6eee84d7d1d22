"""Incidents and maintenances that are over, or at least begun, as lines of a list."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from bot.domain.pages import ComponentStatus
from bot.statuspage.model.links import path
from bot.statuspage.model.site import IncidentRecord, MaintenanceRecord
from bot.statuspage.model.site_state import SiteState, incident_severity, worst_each
from bot.statuspage.served.formatting import when
from bot.statuspage.served.maintenance_times import (
    describe_period,
    describe_times,
    end_instant,
    run_so_far,
)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line; `end` is None while it lasts, `effects` are what it did at worst to what, in words.

    `times` are its start and end as people read them. `status` gives the line its colour: that of
    the worst, and never of all well.
    """

    name: str
    path: str
    state: str
    times: Markup
    status: ComponentStatus
    effects: tuple[str, ...]
    start: datetime
    end: datetime | None


def history_entries(state: SiteState) -> Iterator[HistoryEntry]:
    """Yield everything that is not still to come."""
    for incident in (*state.open, *state.resolved):
        yield _incident(state, incident)
    for maintenance in (*state.running, *state.over):
        yield _maintenance(state, maintenance)


def ended_since(state: SiteState, since: datetime) -> list[HistoryEntry]:
    """Return what ended after `since`, the newest first."""
    return newest_first(
        one for one in history_entries(state) if one.end and since <= one.end <= state.at
    )


def newest_first(listed: Iterable[HistoryEntry]) -> list[HistoryEntry]:
    """Return entries in the order of their beginnings, the newest first."""
    return sorted(listed, key=lambda one: (one.start, one.path), reverse=True)


def _incident(state: SiteState, one: IncidentRecord) -> HistoryEntry:
    return HistoryEntry(
        name=one.name,
        path=path(one),
        state=one.status.label,
        times=describe_period(one.started, one.resolved) if one.resolved else when(one.started),
        status=incident_severity(one),
        effects=tuple(_effects(state, worst_each(one))),
        start=one.started,
        end=one.resolved,
    )


def _effects(state: SiteState, did: Mapping[str, ComponentStatus]) -> Iterator[str]:
    """Yield each status with the components that had it at worst, the worst first."""
    for status in sorted(set(did.values()), key=lambda status: -status.severity):
        names = _names(state, (id_ for id_, found in did.items() if found is status))
        yield f"{status.label}: {names}" if names else status.label


def _maintenance(state: SiteState, one: MaintenanceRecord) -> HistoryEntry:
    """Return the line of a maintenance; one that never ran stands where it was called off."""
    names = _names(state, one.component_ids)
    start, end = run_so_far(state, one) or (end_instant(one), end_instant(one))
    return HistoryEntry(
        name=one.name,
        path=path(one),
        state=f"Maintenance {state.phase(one).label.lower()}",
        times=describe_times(state, one),
        status=ComponentStatus.UNDER_MAINTENANCE,
        effects=(names,) if names else (),
        start=start,
        end=end,
    )


def _names(state: SiteState, component_ids: Iterable[str]) -> str:
    return ", ".join(component.name for component in state.components_with(component_ids))
