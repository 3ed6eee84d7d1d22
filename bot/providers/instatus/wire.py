"""How Instatus writes things down, and which component statuses an update has to change."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, TypeAdapter
from pydantic.alias_generators import to_camel

from bot.domain.incidents import IncidentDraft, IncidentStatus, PageIncident, Update, UpdateDraft
from bot.domain.pages import Component, ComponentStatus, Hold, Page, component_statuses, worst
from bot.domain.subjects import PublishResult
from bot.providers.answers import SILENT, Answer, Instant, RefAnswer, Text
from bot.providers.http import Body
from bot.providers.statuses import Statuses, StatusWords, incident_words
from bot.providers.times import write_instant

INCIDENT_STATUSES = incident_words(
    "Instatus",
    {
        IncidentStatus.INVESTIGATING: "INVESTIGATING",
        IncidentStatus.IDENTIFIED: "IDENTIFIED",
        IncidentStatus.MONITORING: "MONITORING",
        IncidentStatus.RESOLVED: "RESOLVED",
    },
)
COMPONENT_STATUSES = StatusWords(
    {
        ComponentStatus.OPERATIONAL: "OPERATIONAL",
        ComponentStatus.UNDER_MAINTENANCE: "UNDERMAINTENANCE",
        ComponentStatus.DEGRADED: "DEGRADEDPERFORMANCE",
        ComponentStatus.PARTIAL_OUTAGE: "PARTIALOUTAGE",
        ComponentStatus.MAJOR_OUTAGE: "MAJOROUTAGE",
    },
    ComponentStatus.UNKNOWN,
    "Instatus does not know the status of a component; choose one for it.",
    # Superseded documents and the webhook page still list it: read it, never send it.
    read_only={ComponentStatus.PARTIAL_OUTAGE: "MINOROUTAGE"},
)

IncidentWord = Annotated[IncidentStatus, BeforeValidator(INCIDENT_STATUSES.read)]
ComponentWord = Annotated[ComponentStatus, BeforeValidator(COMPONENT_STATUSES.read)]


class InstatusAnswer(RefAnswer):
    """Part of an answer of Instatus, whose keys are written inCamelCase."""

    model_config = ConfigDict(alias_generator=to_camel)


class PageAnswer(InstatusAnswer):
    """A status page in the list of pages."""

    name: Text = ""
    subdomain: str = ""
    custom_domain: str = ""
    created_at: Instant | None = None

    def page(self, provider: str) -> Page:
        """Return the page with its public address, as "Status pages" in the documentation says."""
        domain = self.custom_domain or (self.subdomain and f"{self.subdomain}.instatus.com")
        url = f"https://{domain}" if domain else None
        return Page(f"{provider}:{self.id}", self.name, url, self.created_at)


class GroupAnswer(Answer):
    """The group that a component stands in."""

    name: Text = ""


class ComponentAnswer(InstatusAnswer):
    """A component, or a group of components: groups stand in the same list (`isParent`)."""

    name: Text = ""
    status: ComponentWord = ComponentStatus.UNKNOWN
    is_parent: bool = False
    archived_at: object = None
    group_id: str | None = None
    group: GroupAnswer | None = None

    def group_name(self, groups: Mapping[str, str]) -> str | None:
        """Return its group's name, from `groups` by their ids where it does not say it itself."""
        return (self.group and self.group.name) or groups.get(self.group_id or "") or None


class UpdateAnswer(InstatusAnswer):
    """One entry of an event's `updates`."""

    message: str = ""
    status: str = ""
    started: Instant
    created_at: Instant | None = None

    def update(self) -> Update:
        """Return it as an update of an incident."""
        status = INCIDENT_STATUSES.read(self.status)
        return Update(self.id, status, self.message, self.started)


class EventAnswer(InstatusAnswer):
    """An incident or a maintenance, with its updates and the whole components it affects."""

    name: Text = ""
    created_at: Instant | None = None
    notify: bool | None = None
    subscribers_notified: bool | None = None
    updates: tuple[UpdateAnswer, ...] = ()
    components: tuple[ComponentAnswer, ...] = ()

    @property
    def shown(self) -> dict[str, ComponentStatus]:
        """What the page shows for each of its components; an archived one is shown no more."""
        return {each.id: each.status for each in self.components if each.archived_at is None}

    def result(self, *, notify: bool) -> PublishResult:
        """Return what publishing it came to; whether subscribers heard, as far as it says."""
        told = notify and bool(self.notify) and self.subscribers_notified is not False
        return PublishResult(self.id, next((each.id for each in self.ordered()), None), told)

    def ordered(self) -> list[UpdateAnswer]:
        """Its updates, oldest first; the vendor states no order."""
        return sorted(
            self.updates, key=lambda each: (each.started, each.created_at or each.started)
        )


class IncidentAnswer(EventAnswer):
    """An incident; `impact` is the worst it did to any component, None when it is not told."""

    status: IncidentWord = IncidentStatus.UNKNOWN
    started: Instant
    impact: ComponentWord | None = None

    def incident(self, page_url: str | None) -> PageIncident:
        return PageIncident(
            id=self.id,
            name=self.name,
            status=self.status,
            started=self.started,
            updates=tuple(each.update() for each in self.ordered()),
            impacts=dict.fromkeys(self.shown, self.impact or ComponentStatus.UNKNOWN),
            shown=self.shown,
            url=f"{page_url}/incident/{self.id}" if page_url else None,
        )

    def holds(self) -> list[Hold]:
        """What it does to its components; all share the incident's worst, which is all we learn."""
        impact = self.impact or ComponentStatus.UNKNOWN
        if impact is ComponentStatus.OPERATIONAL:
            return []
        return [Hold(self.id, self.name, component, impact) for component in self.shown]


class PostedUpdateAnswer(InstatusAnswer):
    """What posting or editing an update answers."""

    notify: bool | None = None


PAGES = TypeAdapter(list[PageAnswer], config=SILENT)
COMPONENTS = TypeAdapter(list[ComponentAnswer], config=SILENT)
INCIDENT = TypeAdapter(IncidentAnswer)
INCIDENTS = TypeAdapter(list[IncidentAnswer], config=SILENT)
POSTED_UPDATE = TypeAdapter(PostedUpdateAnswer)


def listed(answers: Iterable[ComponentAnswer]) -> tuple[Component, ...]:
    """Return the components an incident may affect: no groups, nothing archived, each once."""
    answers = list(answers)
    groups = {each.id: each.name for each in answers if each.is_parent}
    components = {
        each.id: Component(each.id, each.name, each.group_name(groups), each.status)
        for each in answers
        if not each.is_parent and each.archived_at is None
    }
    return tuple(components.values())


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
