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


def summary(standing: SiteState) -> Json:
    """Return everything at once: what is open and how each component does."""
    return {
        **components(standing),
        **unresolved(standing),
        "scheduled_maintenances": _maintenances(standing, (*standing.running, *standing.upcoming)),
        **status(standing),
    }


def status(standing: SiteState) -> Json:
    """Return the one answer."""
    found = overall_status(standing)
    return {
        "page": _page(standing),
        "status": {"indicator": found.indicator, "description": found.description},
    }


def components(standing: SiteState) -> Json:
    """Return the groups and the components."""
    groups = [group(standing, one, place) for place, one in enumerate(standing.groups, 1)]
    parts = [component(standing, one) for one in standing.components]
    return {"page": _page(standing), "components": [*groups, *parts]}


def incidents(standing: SiteState) -> Json:
    """Return the newest incidents, open or not."""
    newest = standing.site.incidents[:_NEWEST]
    return {"page": _page(standing), "incidents": _incidents(standing, newest)}


def unresolved(standing: SiteState) -> Json:
    """Return the open incidents."""
    return {"page": _page(standing), "incidents": _incidents(standing, standing.open)}


def scheduled(standing: SiteState) -> Json:
    """Return maintenances: those to come, those under way, then the newest that are over."""
    done = [m for m in standing.over if standing.phase(m) is MaintenanceStatus.COMPLETED]
    listed = (*standing.upcoming, *standing.running, *done)[:_NEWEST]
    return _envelope(standing, listed)


def upcoming(standing: SiteState) -> Json:
    """Return the maintenances to come."""
    return _envelope(standing, standing.upcoming)


def active(standing: SiteState) -> Json:
    """Return the maintenances under way."""
    return _envelope(standing, standing.running)


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


def _envelope(standing: SiteState, listed: Iterable[MaintenanceRecord]) -> Json:
    return {
        "page": _page(standing),
        "scheduled_maintenances": _maintenances(standing, listed),
    }


def _page(standing: SiteState) -> Json:
    return {
        "id": page_id(standing.site),
        "name": standing.site.name,
        "url": standing.site.url,
        "time_zone": "Etc/UTC",
        "updated_at": iso_milliseconds(last_change(standing.site, standing.at)),
    }


def _incidents(standing: SiteState, listed: Iterable[IncidentRecord]) -> list[Json]:
    return [incident(standing, one) for one in listed]


def _maintenances(standing: SiteState, listed: Iterable[MaintenanceRecord]) -> list[Json]:
    return [maintenance(standing, one) for one in listed]
