"""How incident.io writes things down: its answers and its words.

Source: incident.io API reference, Status Pages V2 (published OpenAPI schema).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Generic, TypeVar

from pydantic import AliasChoices, BeforeValidator, Field, TypeAdapter

from bot.domain.incidents import IncidentStatus, PageIncident, Update
from bot.domain.pages import Component, ComponentStatus, Hold, Page, worst
from bot.providers.answers import Answer, Instant, RefAnswer
from bot.providers.statuses import StatusWords, incident_words

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
Statuses = Mapping[str, ComponentStatus]
T = TypeVar("T", bound=RefAnswer)


class PaginationAnswer(Answer):
    """Where a list goes on; `after` is missing on its last page."""

    after: str | None = None


class ListAnswer(Answer, Generic[T]):
    """One page of a list."""

    pagination_meta: PaginationAnswer = PaginationAnswer()
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


class GroupAnswer(Answer):
    """A group of components."""

    name: str = ""
    components: tuple[ComponentAnswer, ...] = ()
    hidden: bool = False


class EntryAnswer(Answer):
    """A component or a group: the schema does not forbid both at once."""

    component: ComponentAnswer | None = None
    group: GroupAnswer | None = None

    def shown(self, sub_page: str = "") -> Iterator[Component]:
        """Give the components that are not hidden here, with their group's name."""
        if self.component and not self.component.hidden:
            yield Component(self.component.component_id, self.component.name, sub_page or None)
        if self.group and not self.group.hidden:
            group = " · ".join(name for name in (sub_page, self.group.name) if name) or None
            for each in self.group.components:
                if not each.hidden:
                    yield Component(each.component_id, each.name, group)


class SubPageAnswer(Answer):
    """A page within the page."""

    name: str = ""
    items: tuple[EntryAnswer, ...] = ()


class TopEntryAnswer(EntryAnswer):
    """What stands at the top of a page: any of the three."""

    sub_page: SubPageAnswer | None = None

    def shown(self, sub_page: str = "") -> Iterator[Component]:
        yield from super().shown(sub_page)
        if self.sub_page:
            for entry in self.sub_page.items:
                yield from entry.shown(self.sub_page.name)


class EntriesAnswer(Answer):
    """What a page places, in its order."""

    items: tuple[TopEntryAnswer, ...] = ()


class StructureAnswer(Answer):
    """Answer of ShowStatusPageStructure; it tells no statuses."""

    current_structure: EntriesAnswer

    def components(self, statuses: Statuses) -> tuple[Component, ...]:
        """Return the components that a page shows, in its order, each where it first stands."""
        components: dict[str, Component] = {}
        for entry in self.current_structure.items:
            for shown in entry.shown():
                status = statuses.get(shown.id, ComponentStatus.OPERATIONAL)
                components.setdefault(shown.id, replace(shown, status=status))
        return tuple(components.values())


class ComponentStatusAnswer(Answer):
    """What an update said about a component."""

    component_id: str
    component_status: ComponentWord = ComponentStatus.UNKNOWN


class UpdateAnswer(RefAnswer):
    """One update of an incident or a maintenance."""

    published_at: Instant
    message: str = ""
    component_statuses: tuple[ComponentStatusAnswer, ...] = ()


U = TypeVar("U", bound=UpdateAnswer)


class EventAnswer(RefAnswer, Generic[U]):
    """An incident or a maintenance, with its updates."""

    name: str = ""
    updates: tuple[U, ...] = ()

    def ordered(self) -> list[U]:
        """Its updates, oldest first; the vendor states no order."""
        return sorted(self.updates, key=lambda each: each.published_at)

    @property
    def first_update_id(self) -> str | None:
        return next((each.id for each in self.ordered()), None)


class IncidentUpdateAnswer(UpdateAnswer):
    """One update of an incident."""

    incident_status: IncidentWord = IncidentStatus.UNKNOWN

    def update(self) -> Update:
        return Update(self.id, self.incident_status, self.message, self.published_at)


class ImpactAnswer(ComponentStatusAnswer):
    """What an incident did to a component; without an end it still does."""

    end_at: object = None


class IncidentAnswer(EventAnswer[IncidentUpdateAnswer]):
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
        impacts = dict.fromkeys(named, ComponentStatus.OPERATIONAL)
        for impact in self.component_impacts:
            if impact.end_at is None:
                before = impacts[impact.component_id]
                impacts[impact.component_id] = _graver(before, impact.component_status)
        return impacts

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
            updates=tuple(each.update() for each in self.ordered()),
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
    """Return what a page shows for components: the worst that open things do to each."""
    statuses: dict[str, ComponentStatus] = {}
    for hold in holds:
        before = statuses.get(hold.component_id, ComponentStatus.OPERATIONAL)
        statuses[hold.component_id] = _graver(before, hold.status)
    return statuses


def _graver(one: ComponentStatus, other: ComponentStatus) -> ComponentStatus:
    """Return the worse of two; an unknown word is shown where nothing known is worse than well."""
    return other if one is ComponentStatus.OPERATIONAL else worst((one, other))
