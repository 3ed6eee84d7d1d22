"""How Instatus writes things down: its answers and its words.

Source: Instatus API documentation (instatus.com/help/api and the official OpenAPI file).
"""

from collections.abc import Iterable, Mapping

from pydantic import ConfigDict, TypeAdapter
from pydantic.alias_generators import to_camel

from bot.domain.incidents import IncidentStatus, PageIncident, Update
from bot.domain.pages import Component, ComponentStatus, Hold, Page
from bot.providers.answers import SILENT, Answer, Instant, Text

INCIDENT_STATUSES = {
    IncidentStatus.INVESTIGATING: "INVESTIGATING",
    IncidentStatus.IDENTIFIED: "IDENTIFIED",
    IncidentStatus.MONITORING: "MONITORING",
    IncidentStatus.RESOLVED: "RESOLVED",
}
COMPONENT_STATUSES = {
    ComponentStatus.OPERATIONAL: "OPERATIONAL",
    ComponentStatus.UNDER_MAINTENANCE: "UNDERMAINTENANCE",
    ComponentStatus.DEGRADED: "DEGRADEDPERFORMANCE",
    ComponentStatus.PARTIAL_OUTAGE: "PARTIALOUTAGE",
    ComponentStatus.MAJOR_OUTAGE: "MAJOROUTAGE",
}
_INCIDENT_WORDS = {word: status for status, word in INCIDENT_STATUSES.items()}
_COMPONENT_WORDS = {word: status for status, word in COMPONENT_STATUSES.items()} | {
    # Superseded documents and the webhook page still list it: read it, never send it.
    "MINOROUTAGE": ComponentStatus.PARTIAL_OUTAGE
}


class InstatusAnswer(Answer):
    """Part of an answer of Instatus, whose keys are written inCamelCase."""

    model_config = ConfigDict(alias_generator=to_camel)

    id: str


class RefAnswer(InstatusAnswer):
    """What is only known to be there, as after a DELETE."""


class PageAnswer(InstatusAnswer):
    """A status page in the list of pages."""

    name: Text = ""
    subdomain: str = ""
    custom_domain: str = ""

    def page(self, provider: str) -> Page:
        return Page(f"{provider}:{self.id}", self.name, self.url)

    @property
    def url(self) -> str | None:
        """The public address, as the documentation's "Status pages" gives it."""
        if self.custom_domain:
            return f"https://{self.custom_domain}"
        return f"https://{self.subdomain}.instatus.com" if self.subdomain else None


class GroupAnswer(Answer):
    """The group that a component stands in."""

    name: Text = ""


class ComponentAnswer(InstatusAnswer):
    """A component, or a group of components: groups stand in the same list (`isParent`)."""

    name: Text = ""
    status: str = ""
    is_parent: bool = False
    archived_at: object = None
    group_id: str | None = None
    group: GroupAnswer | None = None

    @property
    def shown(self) -> ComponentStatus:
        return component_status(self.status)


class UpdateAnswer(InstatusAnswer):
    """One entry of an event's `updates`."""

    message: str = ""
    status: str = ""
    started: Instant
    created_at: Instant | None = None

    def update(self) -> Update:
        return Update(self.id, incident_status(self.status), self.message, self.started)


class EventAnswer(InstatusAnswer):
    """An incident or a maintenance, with its updates and the whole components it affects."""

    name: Text = ""
    status: str = ""
    created_at: Instant | None = None
    notify: bool | None = None
    subscribers_notified: bool | None = None
    updates: tuple[UpdateAnswer, ...] = ()
    components: tuple[ComponentAnswer, ...] = ()

    @property
    def shown(self) -> dict[str, ComponentStatus]:
        """What the page shows for each of its components; an archived one is shown no more."""
        return {each.id: each.shown for each in self.components if each.archived_at is None}

    @property
    def told(self) -> bool:
        """Whether subscribers heard of it, as far as the answer says."""
        return bool(self.notify) and self.subscribers_notified is not False

    def ordered(self) -> list[UpdateAnswer]:
        """Its updates, oldest first; the vendor states no order."""
        return sorted(
            self.updates, key=lambda each: (each.started, each.created_at or each.started)
        )


class IncidentAnswer(EventAnswer):
    """An incident."""

    started: Instant
    impact: str | None = None

    @property
    def worst_impact(self) -> ComponentStatus | None:
        """The worst this incident did to any component; None when the answer does not say."""
        return None if self.impact is None else component_status(self.impact)

    def incident(self, page_url: str | None) -> PageIncident:
        impact = self.worst_impact or ComponentStatus.UNKNOWN
        return PageIncident(
            id=self.id,
            name=self.name,
            status=incident_status(self.status),
            started=self.started,
            updates=tuple(each.update() for each in self.ordered()),
            impacts=dict.fromkeys(self.shown, impact),
            shown=self.shown,
            url=f"{page_url}/incident/{self.id}" if page_url else None,
        )

    def holds(self) -> list[Hold]:
        """What it does to its components; all share the incident's worst, which is all we learn."""
        impact = self.worst_impact or ComponentStatus.UNKNOWN
        if impact is ComponentStatus.OPERATIONAL:
            return []
        return [Hold(self.id, self.name, component, impact) for component in self.shown]


class PostedUpdateAnswer(InstatusAnswer):
    """What posting or editing an update answers."""

    notify: bool | None = None


REF = TypeAdapter(RefAnswer)
PAGES = TypeAdapter(list[PageAnswer], config=SILENT)
COMPONENTS = TypeAdapter(list[ComponentAnswer], config=SILENT)
INCIDENT = TypeAdapter(IncidentAnswer)
INCIDENTS = TypeAdapter(list[IncidentAnswer], config=SILENT)
POSTED_UPDATE = TypeAdapter(PostedUpdateAnswer)


def incident_status(word: str) -> IncidentStatus:
    return _INCIDENT_WORDS.get(word.upper(), IncidentStatus.UNKNOWN)


def component_status(word: str) -> ComponentStatus:
    return _COMPONENT_WORDS.get(word.upper(), ComponentStatus.UNKNOWN)


def listed(answers: Iterable[ComponentAnswer]) -> tuple[Component, ...]:
    """Return the components an incident may affect: no groups, nothing archived, each once."""
    answers = list(answers)
    groups = {each.id: each.name for each in answers if each.is_parent}
    components = {
        each.id: Component(each.id, each.name, _group_name(each, groups), each.shown)
        for each in answers
        if not each.is_parent and each.archived_at is None
    }
    return tuple(components.values())


def _group_name(component: ComponentAnswer, groups: Mapping[str, str]) -> str | None:
    if component.group and component.group.name:
        return component.group.name
    return groups.get(component.group_id or "") or None
