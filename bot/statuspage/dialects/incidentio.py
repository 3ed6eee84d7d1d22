"""The incident.io widget's dialect, `/api/v1/summary`: what is open and what it affects."""

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus, worst
from bot.statuspage.dialects.shapes import (
    Json,
    incident_changed,
    known,
    maintenance_changed,
    seconds,
)
from bot.statuspage.links import address
from bot.statuspage.markdown import to_text
from bot.statuspage.model import IncidentRecord, MaintenanceRecord, PageComponent
from bot.statuspage.standing import Standing, worst_ever

_WORDS = {ComponentStatus.MAJOR_OUTAGE: "full_outage"}
_LEAST = ComponentStatus.DEGRADED
_IMPACTS = (_LEAST, ComponentStatus.PARTIAL_OUTAGE, ComponentStatus.MAJOR_OUTAGE)


def summary(standing: Standing) -> Json:
    """Return what is open, what runs and what is to come."""
    return {
        "page_title": standing.site.name,
        "page_url": standing.site.url,
        "ongoing_incidents": [_incident(standing, one) for one in standing.open],
        "in_progress_maintenances": [_running(standing, one) for one in standing.running],
        "scheduled_maintenances": [_scheduled(standing, one) for one in standing.upcoming],
    }


def _incident(standing: Standing, one: IncidentRecord) -> Json:
    unknown = one.status is IncidentStatus.UNKNOWN
    return {
        **_common(standing, one),
        "status": IncidentStatus.INVESTIGATING if unknown else one.status,
        "last_update_at": seconds(incident_changed(one)),
        "current_worst_impact": _impact(one),
    }


def _running(standing: Standing, one: MaintenanceRecord) -> Json:
    return {
        **_common(standing, one),
        "status": "maintenance_in_progress",
        "last_update_at": seconds(maintenance_changed(one, standing.at)),
        "started_at": seconds(one.started or one.starts),
        "scheduled_end_at": seconds(one.ends),
    }


def _scheduled(standing: Standing, one: MaintenanceRecord) -> Json:
    return {
        **_common(standing, one),
        "status": "maintenance_scheduled",
        "last_update_at": seconds(maintenance_changed(one, standing.at)),
        "starts_at": seconds(one.starts),
        "ends_at": seconds(one.ends),
    }


def _common(standing: Standing, one: IncidentRecord | MaintenanceRecord) -> Json:
    affected = standing.named(one.component_ids)
    return {
        "id": one.id,
        "name": one.name,
        "url": address(standing.site, one),
        "last_update_message": to_text(one.updates[-1].message) if one.updates else None,
        "affected_components": [_affected(standing, part) for part in affected],
    }


def _affected(standing: Standing, part: PageComponent) -> Json:
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
    return _WORDS.get(status, known(status))
