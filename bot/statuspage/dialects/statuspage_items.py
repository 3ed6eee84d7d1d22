"""The Statuspage dialect, item by item: every key always there, unknown times null."""

from datetime import UTC, datetime

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus, worst
from bot.statuspage.dialects.json_values import Json, iso_milliseconds, known_phase, known_status
from bot.statuspage.model.change_times import incident_last_change, maintenance_last_change
from bot.statuspage.model.links import address
from bot.statuspage.model.overall_status import impact
from bot.statuspage.model.site import (
    ComponentRecord,
    Group,
    IncidentRecord,
    MaintenanceRecord,
    MaintenanceUpdateRecord,
    UpdateRecord,
)
from bot.statuspage.model.site_state import SiteState


def component(state: SiteState, part: ComponentRecord) -> Json:
    known_groups = {group.id for group in state.site.groups}
    return {
        "id": part.id,
        "name": part.name,
        "status": known_status(state.statuses[part.id]),
        "created_at": iso_milliseconds(part.since),
        "updated_at": iso_milliseconds(state.last_mentioned[part.id]),
        "position": part.position,
        "description": part.description or None,
        "showcase": True,
        "start_date": part.since.astimezone(UTC).date().isoformat(),
        "group_id": part.group_id if part.group_id in known_groups else None,
        "page_id": state.site.uid,
        "group": False,
        "only_show_if_degraded": False,
    }


def group(state: SiteState, one: Group, place: int) -> Json:
    """Return a group: to Statuspage, a component with components."""
    members = state.members(one.id)
    return {
        "id": one.id,
        "name": one.name,
        "status": known_status(worst(state.statuses[part.id] for part in members)),
        "created_at": iso_milliseconds(min(part.since for part in members)),
        "updated_at": iso_milliseconds(max(state.last_mentioned[part.id] for part in members)),
        "position": place,
        "description": None,
        "showcase": False,
        "start_date": None,
        "group_id": None,
        "page_id": state.site.uid,
        "group": True,
        "only_show_if_degraded": False,
        "components": [part.id for part in members],
    }


def incident(state: SiteState, one: IncidentRecord) -> Json:
    """Return an incident with its updates, newest first, and its components, always filled."""
    monitoring = (u.at for u in one.updates if u.status is IncidentStatus.MONITORING)
    before: dict[str, ComponentStatus] = {}
    updates: list[Json] = []
    for update in one.updates:
        affected = [
            _affected(state, part, before.get(part.id), update.statuses[part.id])
            for part in state.components_with(update.statuses)
        ]
        before.update(update.statuses)
        updates.append(_update(one.id, update, known_phase(update.status), affected))
    return {
        "id": one.id,
        "name": one.name,
        "status": known_phase(one.status),
        "created_at": iso_milliseconds(one.updates[0].at if one.updates else one.started),
        "updated_at": iso_milliseconds(incident_last_change(one)),
        "monitoring_at": _or_null(max(monitoring, default=None)),
        "resolved_at": _or_null(one.resolved),
        "impact": impact(one),
        "shortlink": address(state.site, one),
        "started_at": iso_milliseconds(one.started),
        "page_id": state.site.uid,
        "incident_updates": updates[::-1],
        "components": [component(state, part) for part in state.components_with(one.component_ids)],
        "reminder_intervals": None,
    }


def maintenance(state: SiteState, one: MaintenanceRecord) -> Json:
    """Return a maintenance: to Statuspage, an incident with a window."""
    finished = one.finished or (one.ends if state.at >= one.ends and one.auto_end else None)
    return {
        "id": one.id,
        "name": one.name,
        "status": state.phase(one),
        "created_at": iso_milliseconds(one.created),
        "updated_at": iso_milliseconds(maintenance_last_change(one, state.at)),
        "monitoring_at": None,
        "resolved_at": _or_null(finished),
        "impact": "maintenance",
        "shortlink": address(state.site, one),
        "started_at": iso_milliseconds(one.created),
        "page_id": state.site.uid,
        "incident_updates": [_update(one.id, post, post.status, []) for post in one.updates[::-1]],
        "components": [component(state, part) for part in state.components_with(one.component_ids)],
        "scheduled_for": iso_milliseconds(one.starts),
        "scheduled_until": iso_milliseconds(one.ends),
    }


def _update(
    parent: str, update: UpdateRecord | MaintenanceUpdateRecord, status: str, affected: list[Json]
) -> Json:
    return {
        "id": update.id,
        "status": status,
        "body": update.message,
        "incident_id": parent,
        "created_at": iso_milliseconds(update.at),
        "updated_at": iso_milliseconds(update.edited_at or update.at),
        "display_at": iso_milliseconds(update.at),
        "affected_components": affected,
        "deliver_notifications": update.notified,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _affected(
    state: SiteState, part: ComponentRecord, old: ComponentStatus | None, new: ComponentStatus
) -> Json:
    group_name = state.group_name(part)
    return {
        "code": part.id,
        "name": f"{group_name} - {part.name}" if group_name else part.name,
        "old_status": known_status(old or ComponentStatus.OPERATIONAL),
        "new_status": known_status(new),
    }


def _or_null(at: datetime | None) -> str | None:
    return iso_milliseconds(at) if at else None
