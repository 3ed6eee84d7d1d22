"""What Instatus is sent, and which component statuses an update has to change."""

from collections.abc import Iterable, Mapping

from bot.domain.incidents import IncidentDraft, IncidentStatus, UpdateDraft
from bot.domain.pages import ComponentStatus, component_statuses, worst
from bot.providers.http import Body
from bot.providers.instatus.wire import COMPONENT_STATUSES, INCIDENT_STATUSES, IncidentAnswer
from bot.providers.times import write_instant

Statuses = Mapping[str, ComponentStatus]


def create_body(draft: IncidentDraft, held: Statuses) -> Body:
    """Write a new incident (Instatus API documentation: incidents)."""
    return {
        "name": draft.name,
        "message": draft.message,
        "components": list(draft.impacts),
        "started": write_instant(draft.started),
        "status": INCIDENT_STATUSES.write(draft.status),
        "notify": draft.notify,
        "shouldPublish": True,
        "statuses": statuses_body(component_statuses(sendable(draft.impacts), held)),
    }


def update_body(draft: UpdateDraft, components: Iterable[str], changes: Statuses) -> Body:
    """Write an update (Instatus API documentation: incident updates); `components` is required."""
    return {
        "message": draft.message,
        "components": list(components),
        "started": write_instant(draft.at),
        "status": INCIDENT_STATUSES.write(draft.status),
        "notify": draft.notify,
        "statuses": statuses_body(changes),
    }


def rename_body(incident: IncidentAnswer, name: str) -> Body:
    """Write the whole incident again under another name: the service validates all of it."""
    return {
        "name": name,
        "components": list(incident.shown),
        "started": write_instant(incident.started),
        "status": INCIDENT_STATUSES.write(incident.status),
        "notify": False,
        "statuses": statuses_body(known(incident.shown)),
    }


def changes(
    incident: IncidentAnswer, draft: UpdateDraft, shown: Statuses, held: Statuses
) -> Statuses:
    """Return the component statuses that an update has to write, since they are to be others.

    A component's status is one value for all, the last writer wins. So a component gets the worst
    of what the draft and others say, and of its own state: when the page shows it worse than this
    incident (by the page or by our record) and the others explain, somebody set it by hand, and it
    is left at least as bad.
    """
    impacts = dict(sendable(draft.impacts))
    if draft.status is IncidentStatus.RESOLVED:
        impacts = dict.fromkeys((*incident.shown, *impacts), ComponentStatus.OPERATIONAL)
    targets = {}
    for id_, impact in impacts.items():
        others = held.get(id_, ComponentStatus.OPERATIONAL)
        before = draft.before.get(id_, ComponentStatus.OPERATIONAL)
        own = _own_state(incident, shown[id_], worst((others, before)))
        targets[id_] = worst((impact, others, own))
    return {id_: target for id_, target in targets.items() if target is not shown[id_]}


def _own_state(
    incident: IncidentAnswer, shown: ComponentStatus, known: ComponentStatus
) -> ComponentStatus:
    # Whether the incident's impact rises with later updates is documented nowhere, so `known`
    # holds what we ourselves set.
    if incident.impact in {None, ComponentStatus.UNKNOWN}:
        return ComponentStatus.OPERATIONAL  # the incident may explain anything
    explained = worst((incident.impact or ComponentStatus.UNKNOWN, known))
    return shown if shown.severity > explained.severity else ComponentStatus.OPERATIONAL


def statuses_body(statuses: Statuses) -> list[dict[str, str]]:
    return [{"id": id_, "status": COMPONENT_STATUSES.write(each)} for id_, each in statuses.items()]


def sendable(statuses: Statuses) -> Statuses:
    """Return `statuses`; raise `Rejected` when one of them is no word of Instatus's."""
    statuses_body(statuses)
    return statuses


def known(statuses: Statuses) -> Statuses:
    """Return those of `statuses` whose word we know."""
    return {id_: each for id_, each in statuses.items() if each is not ComponentStatus.UNKNOWN}
