"""The incident.io widget's dialect, `/api/v1/summary`: what is open and what it affects."""

from bot.domain.pages import ComponentStatus, worst
from bot.statuspage.dialects.json_values import Json, iso_seconds, known_phase, known_status
from bot.statuspage.model.change_times import incident_last_change, maintenance_last_change
from bot.statuspage.model.links import address
from bot.statuspage.model.markdown import to_text
from bot.statuspage.model.site import ComponentRecord, IncidentRecord, MaintenanceRecord
from bot.statuspage.model.site_state import SiteState, incident_severity

_WORDS = {
    ComponentStatus.MAJOR_OUTAGE: "full_outage",
    ComponentStatus.UNDER_MAINTENANCE: ComponentStatus.OPERATIONAL,
}
"""The words that differ; readers know none for maintenance, which has lists of its own here."""
_IMPACTS = (
    ComponentStatus.DEGRADED,
    ComponentStatus.PARTIAL_OUTAGE,
    ComponentStatus.MAJOR_OUTAGE,
)


def summary(state: SiteState) -> Json:
    """Return what is open, what runs and what is to come."""
    return {
        "page_title": state.site.name,
        "page_url": state.site.url,
        "ongoing_incidents": [_incident(state, one) for one in state.open],
        "in_progress_maintenances": [_running(state, one) for one in state.running],
        "scheduled_maintenances": [_scheduled(state, one) for one in state.upcoming],
    }


def _incident(state: SiteState, one: IncidentRecord) -> Json:
    return {
        **_common(state, one),
        "status": known_phase(one.status),
        "last_update_at": iso_seconds(incident_last_change(one)),
        "current_worst_impact": _impact(one),
    }


def _running(state: SiteState, one: MaintenanceRecord) -> Json:
    return {
        **_common(state, one),
        "status": "maintenance_in_progress",
        "last_update_at": iso_seconds(maintenance_last_change(one, state.at)),
        "started_at": iso_seconds(one.started or one.starts),
        "scheduled_end_at": iso_seconds(one.ends),
    }


def _scheduled(state: SiteState, one: MaintenanceRecord) -> Json:
    return {
        **_common(state, one),
        "status": "maintenance_scheduled",
        "last_update_at": iso_seconds(maintenance_last_change(one, state.at)),
        "starts_at": iso_seconds(one.starts),
        "ends_at": iso_seconds(one.ends),
    }


def _common(state: SiteState, one: IncidentRecord | MaintenanceRecord) -> Json:
    affected = state.components_with(one.component_ids)
    return {
        "id": one.id,
        "name": one.name,
        "url": address(state.site, one),
        "last_update_message": to_text(one.updates[-1].message) if one.updates else "",
        "affected_components": [_affected(state, component) for component in affected],
    }


def _affected(state: SiteState, component: ComponentRecord) -> Json:
    """Return a component; `group_name` is left out without a group, as readers take no null."""
    group_name = state.group_name(component)
    return {
        "id": component.id,
        "name": component.name,
        **({"group_name": group_name} if group_name is not None else {}),
        "current_status": _word(state.statuses[component.id]),
    }


def _impact(one: IncidentRecord) -> str:
    """Return one of the widget's three words; its readers know no word for "nothing"."""
    now = worst(one.impacts.values())
    return _word(now if now in _IMPACTS else incident_severity(one))


def _word(status: ComponentStatus) -> str:
    return _WORDS.get(status, known_status(status))
