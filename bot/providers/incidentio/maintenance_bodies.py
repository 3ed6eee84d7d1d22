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
from bot.providers import onward
from bot.providers.incidentio.bodies import Body
from bot.providers.incidentio.maintenance_wire import STATUSES
from bot.providers.instants import instant


def create_body(page_id: str, draft: MaintenanceDraft, key: str) -> Body:
    """Write CreateStatusPageMaintenance; it takes both steps by itself, or none."""
    return {
        "status_page_id": page_id,
        "name": draft.name,
        "message": draft.message,
        "maintenance_status": STATUSES[MaintenanceStatus.SCHEDULED],
        "notify_subscribers": Notice.NOW in draft.notices,
        "idempotency_key": key,
        "affected_component_ids": list(draft.component_ids),
        "start_at": instant(draft.starts),
        "end_at": instant(draft.ends),
        "automate_maintenance_status": set(draft.driven) == set(Step),
    }


def move_body(window: WindowDraft) -> Body:
    """Write UpdateStatusPageMaintenance, which takes no more than this."""
    return {
        "name": window.name,
        "start_at": instant(window.starts),
        "end_at": instant(window.ends),
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
        body["maintenance_status"] = status_word(draft.status)
    if draft.status is MaintenanceStatus.IN_PROGRESS and draft.component_ids:
        body["component_statuses"] = [
            {"component_id": id_, "component_status": "under_maintenance"}
            for id_ in draft.component_ids
        ]
    return body


def status_word(status: MaintenanceStatus) -> str:
    """Return incident.io's word for `status`; raise `Rejected` for one that it does not have."""
    return onward.status_word(status, STATUSES, "incident.io")
