"""The Statuspage dialect, `/api/v2/…`: the lists and their envelopes."""

from collections.abc import Callable, Iterable, Mapping

from bot.domain.maintenances import MaintenanceStatus
from bot.statuspage.dialects.json_values import Json, iso_milliseconds
from bot.statuspage.dialects.statuspage_items import component, group, incident, maintenance
from bot.statuspage.model.change_times import last_change
from bot.statuspage.model.overall_status import overall_status
from bot.statuspage.model.site import IncidentRecord, MaintenanceRecord
from bot.statuspage.model.site_state import SiteState

_NEWEST = 50
"""How many incidents Statuspage lists, and so how many its readers expect."""


def summary(state: SiteState) -> Json:
    """Return everything at once: what is open and how each component does."""
    coming = (*state.running, *state.upcoming)
    return {
        **components(state),
        **_incidents(state, state.open),
        **_maintenances(state, coming),
        **status(state),
    }


def status(state: SiteState) -> Json:
    found = overall_status(state)
    return {
        "page": _page(state),
        "status": {"indicator": found.indicator, "description": found.description},
    }


def components(state: SiteState) -> Json:
    groups = [group(state, one, place) for place, one in enumerate(state.groups, 1)]
    parts = [component(state, one) for one in state.components]
    return {"page": _page(state), "components": [*groups, *parts]}


def scheduled(state: SiteState) -> Json:
    """Return maintenances: those to come, those under way, then the newest that are over."""
    done = [m for m in state.over if state.phase(m) is MaintenanceStatus.COMPLETED]
    return _maintenances(state, (*state.upcoming, *state.running, *done)[:_NEWEST])


PATHS: Mapping[str, Callable[[SiteState], Json]] = {
    "/api/v2/summary.json": summary,
    "/api/v2/status.json": status,
    "/api/v2/components.json": components,
    "/api/v2/incidents.json": lambda state: _incidents(state, state.site.incidents[:_NEWEST]),
    "/api/v2/incidents/unresolved.json": lambda state: _incidents(state, state.open),
    "/api/v2/scheduled-maintenances.json": scheduled,
    "/api/v2/scheduled-maintenances/upcoming.json": lambda state: _maintenances(
        state, state.upcoming
    ),
    "/api/v2/scheduled-maintenances/active.json": lambda state: _maintenances(state, state.running),
}


def _page(state: SiteState) -> Json:
    return {
        "id": state.site.uid,
        "name": state.site.name,
        "url": state.site.url,
        "time_zone": "Etc/UTC",
        "updated_at": iso_milliseconds(last_change(state.site, state.at)),
    }


def _incidents(state: SiteState, listed: Iterable[IncidentRecord]) -> Json:
    return {"page": _page(state), "incidents": [incident(state, one) for one in listed]}


def _maintenances(state: SiteState, listed: Iterable[MaintenanceRecord]) -> Json:
    found = [maintenance(state, one) for one in listed]
    return {"page": _page(state), "scheduled_maintenances": found}
