"""What incident.io is sent about maintenances.

Source: incident.io API reference, Status Pages V2 (published OpenAPI schema).
"""

from bot.domain.maintenances import (
    MaintenanceDraft,
    MaintenanceStatus,
    MaintenanceUpdateDraft,
    Notice,
    WindowDraft,
)
from bot.domain.subjects import Step
from bot.providers.http import Body
from bot.providers.incidentio.maintenance_wire import STATUSES
from bot.providers.times import write_instant


def create_body(page_id: str, draft: MaintenanceDraft, key: str) -> Body:
    """Write CreateStatusPageMaintenance; it takes both steps by itself, or none."""
    return {
        "status_page_id": page_id,
        "name": draft.name,
        "message": draft.message,
        "maintenance_status": STATUSES.write(MaintenanceStatus.SCHEDULED),
        "notify_subscribers": Notice.NOW in draft.notices,
        "idempotency_key": key,
        "affected_component_ids": list(draft.component_ids),
        "start_at": write_instant(draft.starts),
        "end_at": write_instant(draft.ends),
        "automate_maintenance_status": set(draft.driven) == set(Step),
    }


def move_body(window: WindowDraft) -> Body:
    """Write UpdateStatusPageMaintenance, which takes no more than this."""
    return {
        "name": window.name,
        "start_at": write_instant(window.starts),
        "end_at": write_instant(window.ends),
    }


def update_body(maintenance_id: str, draft: MaintenanceUpdateDraft, now: MaintenanceStatus) -> Body:
    """Write CreateStatusPageMaintenanceUpdate for a maintenance that stands at `now`.

    A status ends the service's own automation, so one that it has already is left out. Components
    may not be named once it is complete.
    """
    body: Body = {
        "status_page_maintenance_id": maintenance_id,
        "message": draft.message,
        "notify_subscribers": draft.notify,
    }
    if draft.status is not now:
        body["maintenance_status"] = STATUSES.write(draft.status)
    if draft.status is MaintenanceStatus.IN_PROGRESS and draft.component_ids:
        body["component_statuses"] = [
            {"component_id": id_, "component_status": "under_maintenance"}
            for id_ in draft.component_ids
        ]
    return body
