"""The Statuspage dialect, `/api/v2/…`: the lists and their envelopes."""

from collections.abc import Callable, Iterable, Mapping

from bot.domain.maintenances import MaintenanceStatus
from bot.statuspage.dialects.json_values import Json, iso_milliseconds
from bot.statuspage.dialects.statuspage_items import component, group, incident, maintenance
from bot.statuspage.model.change_times import last_change
from bot.statuspage.model.links import page_id
from bot.statuspage.model.overall_status import overall_status
from bot.statuspage.model.site import IncidentRecord, MaintenanceRecord
from bot.statuspage.model.site_state import SiteState

_NEWEST = 50
"""How many incidents Statuspage lists, and so how many its readers expect."""


def summary(state: SiteState) -> Json:
    """Return everything at once: what is open and how each component does."""
    return {
        **components(state),
        **unresolved(state),
        "scheduled_maintenances": _maintenances(state, (*state.running, *state.upcoming)),
        **status(state),
    }


def status(state: SiteState) -> Json:
    """Return the overall status."""
    found = overall_status(state)
    return {
        "page": _page(state),
        "status": {"indicator": found.indicator, "description": found.description},
    }


def components(state: SiteState) -> Json:
    """Return the groups and the components."""
    groups = [group(state, one, place) for place, one in enumerate(state.groups, 1)]
    parts = [component(state, one) for one in state.components]
    return {"page": _page(state), "components": [*groups, *parts]}


def incidents(state: SiteState) -> Json:
    """Return the newest incidents, open or not."""
    newest = state.site.incidents[:_NEWEST]
    return {"page": _page(state), "incidents": _incidents(state, newest)}


def unresolved(state: SiteState) -> Json:
    """Return the open incidents."""
    return {"page": _page(state), "incidents": _incidents(state, state.open)}


def scheduled(state: SiteState) -> Json:
    """Return maintenances: those to come, those under way, then the newest that are over."""
    done = [m for m in state.over if state.phase(m) is MaintenanceStatus.COMPLETED]
    listed = (*state.upcoming, *state.running, *done)[:_NEWEST]
    return _envelope(state, listed)


def upcoming(state: SiteState) -> Json:
    """Return the maintenances to come."""
    return _envelope(state, state.upcoming)


def active(state: SiteState) -> Json:
    """Return the maintenances under way."""
    return _envelope(state, state.running)


PATHS: Mapping[str, Callable[[SiteState], Json]] = {
    "/api/v2/summary.json": summary,
    "/api/v2/status.json": status,
    "/api/v2/components.json": components,
    "/api/v2/incidents.json": incidents,
    "/api/v2/incidents/unresolved.json": unresolved,
    "/api/v2/scheduled-maintenances.json": scheduled,
    "/api/v2/scheduled-maintenances/upcoming.json": upcoming,
    "/api/v2/scheduled-maintenances/active.json": active,
}


def _envelope(state: SiteState, listed: Iterable[MaintenanceRecord]) -> Json:
    return {
        "page": _page(state),
        "scheduled_maintenances": _maintenances(state, listed),
    }


def _page(state: SiteState) -> Json:
    return {
        "id": page_id(state.site),
        "name": state.site.name,
        "url": state.site.url,
        "time_zone": "Etc/UTC",
        "updated_at": iso_milliseconds(last_change(state.site, state.at)),
    }


def _incidents(state: SiteState, listed: Iterable[IncidentRecord]) -> list[Json]:
    return [incident(state, one) for one in listed]


def _maintenances(state: SiteState, listed: Iterable[MaintenanceRecord]) -> list[Json]:
    return [maintenance(state, one) for one in listed]
