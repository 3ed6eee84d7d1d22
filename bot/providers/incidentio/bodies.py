"""What incident.io is sent, and how a page's structure becomes a list of components.

Source: incident.io API reference, Status Pages V2 (published OpenAPI schema).
"""

from collections.abc import Iterator

from bot.domain.incidents import IncidentDraft, IncidentStatus, UpdateDraft
from bot.domain.pages import Component, ComponentStatus
from bot.errors import Rejected
from bot.providers.incidentio.wire import (
    COMPONENT_STATUSES,
    INCIDENT_STATUSES,
    ItemAnswer,
    PlacedComponentAnswer,
    Statuses,
    StructureAnswer,
)

Body = dict[str, object]
Placed = tuple[PlacedComponentAnswer, str | None]


def create_body(page_id: str, draft: IncidentDraft, key: str) -> Body:
    """Write CreateStatusPageIncident; the service dates it itself, so `started` is not sent."""
    return {
        "status_page_id": page_id,
        "name": draft.name,
        "incident_status": status_word(draft.status),
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
        "incident_status": status_word(draft.status),
    }
    if draft.status is not IncidentStatus.RESOLVED:
        body["component_statuses"] = statuses_body(draft.impacts)
    return body


def statuses_body(statuses: Statuses) -> list[dict[str, str]]:
    """Write components' statuses; raise `Rejected` for one that an incident cannot have there."""
    if ComponentStatus.UNDER_MAINTENANCE in statuses.values():
        raise Rejected(
            "An incident at incident.io cannot put a component under maintenance;"
            " choose another status, or schedule a maintenance."
        )
    if ComponentStatus.UNKNOWN in statuses.values():
        raise Rejected("incident.io does not know the status of a component; choose one for it.")
    return [
        {"component_id": id_, "component_status": COMPONENT_STATUSES[status]}
        for id_, status in statuses.items()
    ]


def status_word(status: IncidentStatus) -> str:
    """Return incident.io's word for `status`; raise `Rejected` for one that was only read."""
    if status not in INCIDENT_STATUSES:
        raise Rejected("incident.io does not know the incident's status; choose another.")
    return INCIDENT_STATUSES[status]


def listed(answer: StructureAnswer, statuses: Statuses) -> tuple[Component, ...]:
    """Return the components that a page shows, in its order, each where it first stands."""
    components: dict[str, Component] = {}
    for placed, group in _placed(answer):
        if not placed.hidden and placed.component_id not in components:
            id_ = placed.component_id
            status = statuses.get(id_, ComponentStatus.OPERATIONAL)
            components[id_] = Component(id_, placed.name, group, status)
    return tuple(components.values())


def _placed(answer: StructureAnswer) -> Iterator[Placed]:
    for item in answer.current_structure.items:
        yield from _within(item, None)
        if item.sub_page:
            for inner in item.sub_page.items:
                yield from _within(inner, item.sub_page.name or None)


def _within(item: ItemAnswer, above: str | None) -> Iterator[Placed]:
    if item.component:
        yield item.component, above
    if item.group and not item.group.hidden:
        group = " · ".join(name for name in (above, item.group.name) if name) or None
        for component in item.group.components:
            yield component, group
