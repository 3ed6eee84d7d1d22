"""Filling an empty page with the demo's company, always the same for the same `now`."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.database import Tx
from bot.domain.incidents import IncidentDraft, UpdateDraft
from bot.domain.maintenances import MaintenanceDraft, MaintenanceStatus, MaintenanceUpdateDraft
from bot.domain.subjects import Step
from bot.statuspage.records import components, incidents, maintenances, queries
from bot.statuspage.records.seed_data import COMPONENTS, INCIDENTS, NAME, DemoIncident

_AGE = timedelta(days=430)
_HOUR = timedelta(hours=1)


def seed(tx: Tx, now: datetime) -> bool:
    """Fill the page, unless it has components already; tell whether it was filled."""
    if queries.components(tx):
        return False
    components.rename_page(tx, NAME)
    ids = _components(tx, now - _AGE)
    for incident in INCIDENTS:
        _incident(tx, incident, ids, now)
    _running(tx, ids, now)
    _planned(tx, ids, now)
    return True


def _components(tx: Tx, since: datetime) -> dict[str, str]:
    ids = {}
    for group_name, members in COMPONENTS.items():
        group = components.add_group(tx, group_name)
        for name, description in members.items():
            added = components.add_component(
                tx, name, since, group_id=group.id, description=description
            )
            ids[name] = added.id
    return ids


def _incident(tx: Tx, incident: DemoIncident, ids: Mapping[str, str], now: datetime) -> None:
    began = (now - timedelta(days=incident.days)).replace(
        hour=incident.hour, minute=incident.minute, second=0, microsecond=0
    )
    incident_id = ""
    for update in incident.updates:
        at = began + timedelta(minutes=update.minutes)
        impacts = {ids[name]: status for name, status in update.statuses.items()}
        if incident_id:
            post = UpdateDraft(update.status, update.message, impacts, notify=True, at=at)
            incidents.post_update(tx, incident_id, post)
        else:
            draft = IncidentDraft(
                incident.name, update.status, update.message, impacts, notify=True, started=began
            )
            incident_id = incidents.open_incident(tx, draft, None, at).remote_id


def _running(tx: Tx, ids: Mapping[str, str], now: datetime) -> None:
    starts = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0) - _HOUR / 2
    draft = MaintenanceDraft(
        name="New storage for tracking events",
        message="We move tracking events to faster storage. Events may show up a few minutes late "
        "while we do; nothing is lost.",
        starts=starts,
        ends=starts + 2 * _HOUR,
        component_ids=(ids["Tracking"],),
        driven=tuple(Step),
    )
    work = maintenances.schedule_maintenance(tx, draft, None, starts - 72 * _HOUR).remote_id
    message = "The move has begun and goes as planned."
    begun = MaintenanceUpdateDraft(
        MaintenanceStatus.IN_PROGRESS,
        message,
        draft.component_ids,
        notify=True,
        at=starts,
        ends=draft.ends,
    )
    maintenances.post_maintenance_update(tx, work, begun)


def _planned(tx: Tx, ids: Mapping[str, str], now: datetime) -> None:
    starts = (now + timedelta(days=4)).replace(hour=2, minute=0, second=0, microsecond=0)
    draft = MaintenanceDraft(
        name="Database upgrade",
        message="The dashboard and the API are read-only for up to ten minutes within this window. "
        "Labels can be printed throughout.",
        starts=starts,
        ends=starts + 1.5 * _HOUR,
        component_ids=(ids["Dashboard"], ids["REST API"]),
        driven=tuple(Step),
    )
    maintenances.schedule_maintenance(tx, draft, None, now - 20 * _HOUR)
