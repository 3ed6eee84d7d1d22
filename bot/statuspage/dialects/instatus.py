"""The Instatus dialect, `/summary.json`: the page's state and what is active."""

from datetime import timedelta

from bot.domain.maintenances import MaintenanceStatus
from bot.domain.pages import ComponentStatus
from bot.statuspage.dialects.json_values import Json, iso_milliseconds, known_phase, known_status
from bot.statuspage.model.change_times import incident_last_change, maintenance_last_change
from bot.statuspage.model.links import address
from bot.statuspage.model.overall_status import Indicator, overall_status
from bot.statuspage.model.site import IncidentRecord, MaintenanceRecord
from bot.statuspage.model.site_state import SiteState, incident_severity

_MINUTE = timedelta(minutes=1)
_PAGE = {Indicator.NONE: "UP", Indicator.MAINTENANCE: "UNDERMAINTENANCE"}
_PHASES = {MaintenanceStatus.IN_PROGRESS: "INPROGRESS"}


def summary(state: SiteState) -> Json:
    """Return the page's state and what is active; lists are never left out."""
    coming = (*state.running, *state.upcoming)
    return {
        "page": {
            "name": state.site.name,
            "url": state.site.url,
            "status": _PAGE.get(overall_status(state).indicator, "HASISSUES"),
        },
        "activeIncidents": [_incident(state, one) for one in state.open],
        "activeMaintenances": [_maintenance(state, one) for one in coming],
    }


def _incident(state: SiteState, one: IncidentRecord) -> Json:
    return {
        "id": one.id,
        "name": one.name,
        "started": iso_milliseconds(one.started),
        "status": known_phase(one.status).upper(),
        "impact": _word(incident_severity(one)),
        "url": address(state.site, one),
        "updatedAt": iso_milliseconds(incident_last_change(one)),
    }


def _maintenance(state: SiteState, one: MaintenanceRecord) -> Json:
    start = (one.started or one.starts).replace(second=0, microsecond=0)
    return {
        "id": one.id,
        "name": one.name,
        "start": iso_milliseconds(start),
        "status": _PHASES.get(state.phase(one), "NOTSTARTEDYET"),
        "duration": max(one.ends - start, _MINUTE) // _MINUTE,
        "url": address(state.site, one),
        "updatedAt": iso_milliseconds(maintenance_last_change(one, state.at)),
    }


def _word(status: ComponentStatus) -> str:
    return known_status(status).replace("_", "").upper()
