"""The Instatus dialect, `/summary.json`: the page's state and what is active."""

from datetime import timedelta

from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.domain.pages import ComponentStatus
from bot.statuspage.dialects.shapes import (
    Json,
    incident_changed,
    instant,
    known,
    maintenance_changed,
)
from bot.statuspage.links import address
from bot.statuspage.model import IncidentRecord, MaintenanceRecord
from bot.statuspage.rollup import Indicator, answer
from bot.statuspage.standing import Standing, worst_ever

_MINUTE = timedelta(minutes=1)
_PAGE = {Indicator.NONE: "UP", Indicator.MAINTENANCE: "UNDERMAINTENANCE"}
_PHASES = {MaintenanceStatus.IN_PROGRESS: "INPROGRESS"}


def summary(standing: Standing) -> Json:
    """Return the page's state and what is active; lists are never left out."""
    coming = (*standing.running, *standing.upcoming)
    return {
        "page": {
            "name": standing.site.name,
            "url": standing.site.url,
            "status": _PAGE.get(answer(standing).indicator, "HASISSUES"),
        },
        "activeIncidents": [_incident(standing, one) for one in standing.open],
        "activeMaintenances": [_maintenance(standing, one) for one in coming],
    }


def _incident(standing: Standing, one: IncidentRecord) -> Json:
    unknown = one.status is IncidentStatus.UNKNOWN
    return {
        "id": one.id,
        "name": one.name,
        "started": instant(one.started),
        "status": (IncidentStatus.INVESTIGATING if unknown else one.status).upper(),
        "impact": _word(worst_ever(one)),
        "url": address(standing.site, one),
        "updatedAt": instant(incident_changed(one)),
    }


def _maintenance(standing: Standing, one: MaintenanceRecord) -> Json:
    return {
        "id": one.id,
        "name": one.name,
        "start": instant(one.starts),
        "status": _PHASES.get(standing.phase(one), "NOTSTARTEDYET"),
        "duration": (one.ends - one.starts) // _MINUTE,
        "url": address(standing.site, one),
        "updatedAt": instant(maintenance_changed(one, standing.at)),
    }


def _word(status: ComponentStatus) -> str:
    return known(status).replace("_", "").upper()
