"""The incident.io widget's dialect, `/api/v1/summary`: what is open and what it affects."""

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus, worst
from bot.statuspage.dialects.json_values import (
    Json,
    incident_last_change,
    iso_seconds,
    known_status,
    maintenance_last_change,
)
from bot.statuspage.model.links import address
from bot.statuspage.model.markdown import to_text
from bot.statuspage.model.site import ComponentRecord, IncidentRecord, MaintenanceRecord
from bot.statuspage.model.site_state import SiteState, worst_ever

_WORDS = {ComponentStatus.MAJOR_OUTAGE: "full_outage"}
_LEAST = ComponentStatus.DEGRADED
_IMPACTS = (_LEAST, ComponentStatus.PARTIAL_OUTAGE, ComponentStatus.MAJOR_OUTAGE)


def summary(standing: SiteState) -> Json:
    """Return what is open, what runs and what is to come."""
    return {
        "page_title": standing.site.name,
        "page_url": standing.site.url,
        "ongoing_incidents": [_incident(standing, one) for one in standing.open],
        "in_progress_maintenances": [_running(standing, one) for one in standing.running],
        "scheduled_maintenances": [_scheduled(standing, one) for one in standing.upcoming],
    }


def _incident(standing: SiteState, one: IncidentRecord) -> Json:
    unknown = one.status is IncidentStatus.UNKNOWN
    return {
        **_common(standing, one),
        "status": IncidentStatus.INVESTIGATING if unknown else one.status,
        "last_update_at": iso_seconds(incident_last_change(one)),
        "current_worst_impact": _impact(one),
    }


def _running(standing: SiteState, one: MaintenanceRecord) -> Json:
    return {
        **_common(standing, one),
        "status": "maintenance_in_progress",
        "last_update_at": iso_seconds(maintenance_last_change(one, standing.at)),
        "started_at": iso_seconds(one.started or one.starts),
        "scheduled_end_at": iso_seconds(one.ends),
    }


def _scheduled(standing: SiteState, one: MaintenanceRecord) -> Json:
    return {
        **_common(standing, one),
        "status": "maintenance_scheduled",
        "last_update_at": iso_seconds(maintenance_last_change(one, standing.at)),
        "starts_at": iso_seconds(one.starts),
        "ends_at": iso_seconds(one.ends),
    }


def _common(standing: SiteState, one: IncidentRecord | MaintenanceRecord) -> Json:
    affected = standing.named(one.component_ids)
    return {
        "id": one.id,
        "name": one.name,
        "url": address(standing.site, one),
        "last_update_message": to_text(one.updates[-1].message) if one.updates else None,
        "affected_components": [_affected(standing, part) for part in affected],
    }


def _affected(standing: SiteState, part: ComponentRecord) -> Json:
    names = {group.id: group.name for group in standing.site.groups}
    return {
        "id": part.id,
        "name": part.name,
        "group_name": names.get(part.group_id or ""),
        "current_status": _word(standing.statuses[part.id]),
    }


def _impact(one: IncidentRecord) -> str:
    """Return one of the widget's three words; its readers know no word for "nothing"."""
    bad = (worst(one.impacts.values()), worst_ever(one))
    return next((_word(status) for status in bad if status in _IMPACTS), _word(_LEAST))


def _word(status: ComponentStatus) -> str:
    return _WORDS.get(status, known_status(status))
