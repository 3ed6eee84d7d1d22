"""How incident.io writes things down: its answers, its words and what it is sent."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Annotated, Generic, TypeVar

from pydantic import AliasChoices, AliasPath, BeforeValidator, Field, TypeAdapter

from bot.domain.incidents import IncidentDraft, IncidentStatus, PageIncident, Update, UpdateDraft
from bot.domain.pages import Component, ComponentStatus, Hold, Page, worst
from bot.providers.answers import Answer, Instant, RefAnswer
from bot.providers.http import Body
from bot.providers.statuses import Statuses, StatusWords, incident_words

INCIDENT_STATUSES = incident_words(
    "incident.io",
    {
        IncidentStatus.INVESTIGATING: "investigating",
        IncidentStatus.IDENTIFIED: "identified",
        IncidentStatus.MONITORING: "monitoring",
        IncidentStatus.RESOLVED: "resolved",
    },
)
COMPONENT_STATUSES = StatusWords(
    {
        ComponentStatus.OPERATIONAL: "operational",
        ComponentStatus.DEGRADED: "degraded_performance",
        ComponentStatus.PARTIAL_OUTAGE: "partial_outage",
        ComponentStatus.MAJOR_OUTAGE: "full_outage",
    },
    ComponentStatus.UNKNOWN,
    "incident.io does not know the status of a component; choose one for it.",
    read_only={ComponentStatus.UNDER_MAINTENANCE: "under_maintenance"},
    refusals={
        ComponentStatus.UNDER_MAINTENANCE: (
            "An incident at incident.io cannot put a component under maintenance;"
            " choose another status, or schedule a maintenance."
        )
    },
)

IncidentWord = Annotated[IncidentStatus, BeforeValidator(INCIDENT_STATUSES.read)]
ComponentWord = Annotated[ComponentStatus, BeforeValidator(COMPONENT_STATUSES.read)]
T = TypeVar("T", bound=RefAnswer)


class ListAnswer(Answer, Generic[T]):
    """One page of a list; `after` says where it goes on, and is missing on its last page."""

    after: str | None = Field(None, validation_alias=AliasPath("pagination_meta", "after"))
    items: tuple[T, ...] = Field(
        (),
        validation_alias=AliasChoices(
            "status_pages", "status_page_incidents", "status_page_maintenances"
        ),
    )


class ItemAnswer(Answer, Generic[T]):
    """The one thing that a call is about: an incident, a maintenance, or an update of either."""

    item: T = Field(
        validation_alias=AliasChoices(
            "status_page_incident",
            "status_page_incident_update",
            "status_page_maintenance",
            "status_page_maintenance_update",
        )
    )


class PageAnswer(RefAnswer):
    """A status page; one that is not live may have no public address."""

    name: str = ""
    public_url: str | None = None

    def page(self, provider: str) -> Page:
        url = self.public_url.rstrip("/") if self.public_url else None
        return Page(f"{provider}:{self.id}", self.name, url)


class ComponentAnswer(Answer):
    """A component where a page places it; one component may stand in several places."""

    component_id: str
    name: str = ""
    hidden: bool = False

    def component(self, group: str | None) -> Component:
        return Component(self.component_id, self.name, group)


class GroupAnswer(Answer):
    """A group of components."""

    name: str = ""
    components: tuple[ComponentAnswer, ...] = ()
    hidden: bool = False


class EntryAnswer(Answer):
    """A component, a group, or a page within the page: the schema does not forbid all at once."""

    component: ComponentAnswer | None = None
    group: GroupAnswer | None = None
    sub_page: "EntriesAnswer | None" = None


class EntriesAnswer(Answer):
    """What a page, or a page within it, places in its order."""

    name: str = ""
    items: tuple[EntryAnswer, ...] = ()

    def shown(self, sub_page: str = "") -> Iterator[Component]:
        """Give the components that are not hidden where they stand, with their group's name."""
        for entry in self.items:
            if entry.component and not entry.component.hidden:
                yield entry.component.component(sub_page or None)
            if entry.group and not entry.group.hidden:
                group = " · ".join(name for name in (sub_page, entry.group.name) if name) or None
                yield from (
                    each.component(group) for each in entry.group.components if not each.hidden
                )
            if entry.sub_page:
                yield from entry.sub_page.shown(entry.sub_page.name)


class StructureAnswer(Answer):
    """Answer of ShowStatusPageStructure; it tells no statuses."""

    current_structure: EntriesAnswer

    def components(self, statuses: Statuses) -> tuple[Component, ...]:
        """Return the components that a page shows, in its order, each where it first stands."""
        components: dict[str, Component] = {}
        for shown in self.current_structure.shown():
            status = statuses.get(shown.id, ComponentStatus.OPERATIONAL)
            components.setdefault(shown.id, replace(shown, status=status))
        return tuple(components.values())


class ComponentStatusAnswer(Answer):
    """What an update said about a component."""

    component_id: str
    component_status: ComponentWord = ComponentStatus.UNKNOWN


class UpdateAnswer(RefAnswer):
    """One update of an incident or a maintenance."""

    at: Instant = Field(validation_alias="published_at")
    message: str = ""
    status: str = Field("", validation_alias=AliasChoices("incident_status", "maintenance_status"))
    component_statuses: tuple[ComponentStatusAnswer, ...] = ()


class EventAnswer(RefAnswer):
    """An incident or a maintenance, with its updates."""

    name: str = ""
    updates: tuple[UpdateAnswer, ...] = ()

    def ordered(self) -> list[UpdateAnswer]:
        """Its updates, oldest first; the vendor states no order."""
        return sorted(self.updates, key=lambda each: each.at)

    @property
    def first_update_id(self) -> str | None:
        return next((each.id for each in self.ordered()), None)


class ImpactAnswer(ComponentStatusAnswer):
    """What an incident did to a component; without an end it still does."""

    end_at: object = None


class IncidentAnswer(EventAnswer):
    """An incident with its updates and impacts."""

    published_at: Instant
    incident_status: IncidentWord = IncidentStatus.UNKNOWN
    component_impacts: tuple[ImpactAnswer, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.incident_status is not IncidentStatus.RESOLVED

    def impacts(self) -> dict[str, ComponentStatus]:
        """What the incident does now to every component that it ever named."""
        said = [each for update in self.ordered() for each in update.component_statuses]
        named = (each.component_id for each in (*said, *self.component_impacts))
        now = (
            Hold(self.id, self.name, each.component_id, each.component_status)
            for each in self.component_impacts
            if each.end_at is None
        )
        return dict.fromkeys(named, ComponentStatus.OPERATIONAL) | shown(now)

    def holds(self) -> list[Hold]:
        return [
            Hold(self.id, self.name, component, status)
            for component, status in self.impacts().items()
            if self.is_open and status is not ComponentStatus.OPERATIONAL
        ]

    def incident(self, shown: Statuses | None = None, url: str | None = None) -> PageIncident:
        """Return the incident; without `shown` it says nothing of what the page shows."""
        impacts = self.impacts()
        named = impacts if shown is not None else ()
        return PageIncident(
            id=self.id,
            name=self.name,
            status=self.incident_status,
            started=self.published_at,
            updates=tuple(
                Update(each.id, INCIDENT_STATUSES.read(each.status), each.message, each.at)
                for each in self.ordered()
            ),
            impacts=impacts,
            shown={id_: (shown or {}).get(id_, ComponentStatus.OPERATIONAL) for id_ in named},
            url=url,
        )


PAGES = TypeAdapter(ListAnswer[PageAnswer])
STRUCTURE = TypeAdapter(StructureAnswer)
INCIDENT = TypeAdapter(ItemAnswer[IncidentAnswer])
INCIDENTS = TypeAdapter(ListAnswer[IncidentAnswer])
UPDATE = TypeAdapter(ItemAnswer[RefAnswer])


def shown(holds: Iterable[Hold]) -> dict[str, ComponentStatus]:
    """Return what a page shows for components: the worst that open things do to each.

    An unknown word is shown where nothing known is worse than well.
    """
    operational = ComponentStatus.OPERATIONAL
    statuses: dict[str, ComponentStatus] = {}
    for hold in holds:
        before = statuses.get(hold.component_id, operational)
        known = before is not operational
        statuses[hold.component_id] = worst((before, hold.status)) if known else hold.status
    return statuses


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
