"""Filling an empty page with the demo's company, always the same for the same `now`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from importlib import resources

from pydantic import TypeAdapter

from bot.database import Tx
from bot.domain.incidents import IncidentDraft, IncidentStatus, UpdateDraft
from bot.domain.maintenances import MaintenanceDraft, MaintenanceStatus, MaintenanceUpdateDraft
from bot.domain.pages import ComponentStatus
from bot.domain.subjects import Step
from bot.statuspage.records import components, incidents, maintenances, queries

_AGE = timedelta(days=430)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DemoUpdate:
    """One post, so many minutes after the trouble began, and what it set."""

    minutes: int
    status: IncidentStatus
    message: str
    statuses: Mapping[str, ComponentStatus] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DemoIncident:
    """One incident: so many days ago, at this time of day in UTC."""

    name: str
    days: int
    at: time
    updates: tuple[DemoUpdate, ...]


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """What is in `seed.toml`: descriptions of components by group and name, and incidents."""

    name: str
    components: Mapping[str, Mapping[str, str]]
    incidents: tuple[DemoIncident, ...]


def company() -> DemoCompany:
    """Return the demo's company."""
    file = resources.files("bot.statuspage.records") / "seed.toml"
    return TypeAdapter(DemoCompany).validate_python(tomllib.loads(file.read_text("utf-8")))


def seed(tx: Tx, now: datetime) -> bool:
    """Fill the page, unless it has components already; tell whether it was filled."""
    if queries.components(tx):
        return False
    ternwick = company()
    components.rename_page(tx, ternwick.name)
    ids = _components(tx, ternwick.components, now - _AGE)
    for incident in ternwick.incidents:
        _incident(tx, incident, ids, now)
    _running(tx, ids, now)
    _planned(tx, ids, now)
    return True


def _components(tx: Tx, groups: Mapping[str, Mapping[str, str]], since: datetime) -> dict[str, str]:
    ids = {}
    for group_name, members in groups.items():
        group = components.add_group(tx, group_name)
        for name, description in members.items():
            added = components.add_component(
                tx, name, since, group_id=group.id, description=description
            )
            ids[name] = added.id
    return ids


def _incident(tx: Tx, incident: DemoIncident, ids: Mapping[str, str], now: datetime) -> None:
    began = (now - timedelta(days=incident.days)).replace(
        hour=incident.at.hour, minute=incident.at.minute, second=0, microsecond=0
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
