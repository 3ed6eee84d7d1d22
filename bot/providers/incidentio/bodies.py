"""What incident.io is sent about incidents."""

from bot.domain.incidents import IncidentDraft, IncidentStatus, UpdateDraft
from bot.providers.http import Body
from bot.providers.incidentio.wire import COMPONENT_STATUSES, INCIDENT_STATUSES, Statuses


def create_body(page_id: str, draft: IncidentDraft, key: str) -> Body:
    """Write CreateStatusPageIncident; the service dates it itself, so `started` is not sent."""
    return {
        "status_page_id": page_id,
        "name": draft.name,
        "incident_status": INCIDENT_STATUSES.write(draft.status),
        "message": draft.message,
        "notify_subscribers": draft.notify,
        "idempotency_key": key,
        "component_statuses": statuses_body(draft.impacts),
    }


def update_body(incident_id: str, draft: UpdateDraft) -> Body:
    """Write CreateStatusPageIncidentUpdate; with `resolved` no component may be named."""
    body: Body = {
        "status_page_incident_id": incident_id,
        "message": draft.message,
        "notify_subscribers": draft.notify,
        "incident_status": INCIDENT_STATUSES.write(draft.status),
    }
    if draft.status is not IncidentStatus.RESOLVED:
        body["component_statuses"] = statuses_body(draft.impacts)
    return body


def statuses_body(statuses: Statuses) -> list[dict[str, str]]:
    """Write components' statuses; raise `Rejected` for one that an incident cannot have there."""
    return [
        {"component_id": id_, "component_status": COMPONENT_STATUSES.write(status)}
        for id_, status in statuses.items()
    ]
