"""How incident.io writes things down: its answers and its words.

Source: incident.io API reference, Status Pages V2 (published OpenAPI schema).
"""

from collections.abc import Iterable, Mapping

from pydantic import TypeAdapter

from bot.domain.incidents import IncidentStatus, PageIncident, Update
from bot.domain.pages import ComponentStatus, Hold, Page, worst
from bot.providers.answers import Answer, Instant

INCIDENT_STATUSES = {
    IncidentStatus.INVESTIGATING: "investigating",
    IncidentStatus.IDENTIFIED: "identified",
    IncidentStatus.MONITORING: "monitoring",
    IncidentStatus.RESOLVED: "resolved",
}
COMPONENT_STATUSES = {
    ComponentStatus.OPERATIONAL: "operational",
    ComponentStatus.DEGRADED: "degraded_performance",
    ComponentStatus.PARTIAL_OUTAGE: "partial_outage",
    ComponentStatus.MAJOR_OUTAGE: "full_outage",
}
_INCIDENT_WORDS = {word: status for status, word in INCIDENT_STATUSES.items()}
_COMPONENT_WORDS = {word: status for status, word in COMPONENT_STATUSES.items()} | {
    "under_maintenance": ComponentStatus.UNDER_MAINTENANCE
}

Statuses = Mapping[str, ComponentStatus]


class PaginationAnswer(Answer):
    """Where a list goes on; `after` is missing on its last page."""

    after: str | None = None


class ListAnswer(Answer):
    """One page of a list."""

    pagination_meta: PaginationAnswer = PaginationAnswer()


class PageAnswer(Answer):
    """A status page; one that is not live may have no public address."""

    id: str
    name: str = ""
    public_url: str | None = None

    @property
    def url(self) -> str | None:
        return self.public_url.rstrip("/") if self.public_url else None

    def page(self, provider: str) -> Page:
        return Page(f"{provider}:{self.id}", self.name, self.url)


class PagesAnswer(ListAnswer):
    """One page of the list of status pages."""

    status_pages: tuple[PageAnswer, ...] = ()


class PlacedComponentAnswer(Answer):
    """A component where a page places it; one component may stand in several places."""

    component_id: str
    name: str = ""
    hidden: bool = False


class GroupAnswer(Answer):
    """A group of components."""

    name: str = ""
    components: tuple[PlacedComponentAnswer, ...] = ()
    hidden: bool = False


class ItemAnswer(Answer):
    """A component or a group: the schema does not forbid both at once."""

    component: PlacedComponentAnswer | None = None
    group: GroupAnswer | None = None


class SubPageAnswer(Answer):
    """A page within the page."""

    name: str = ""
    items: tuple[ItemAnswer, ...] = ()


class TopItemAnswer(ItemAnswer):
    """What stands at the top of a page: any of the three."""

    sub_page: SubPageAnswer | None = None


class ItemsAnswer(Answer):
    """What a page places, in its order."""

    items: tuple[TopItemAnswer, ...] = ()


class StructureAnswer(Answer):
    """Answer of ShowStatusPageStructure; it tells no statuses."""

    current_structure: ItemsAnswer


class ComponentStatusAnswer(Answer):
    """What an update said about a component."""

    component_id: str
    component_status: str = ""


class UpdateAnswer(Answer):
    """One update of an incident."""

    id: str
    published_at: Instant
    message: str = ""
    incident_status: str = ""
    component_statuses: tuple[ComponentStatusAnswer, ...] = ()

    def update(self) -> Update:
        status = incident_status(self.incident_status)
        return Update(self.id, status, self.message, self.published_at)


class ImpactAnswer(Answer):
    """What an incident did to a component; without an end it still does."""

    component_id: str
    component_status: str = ""
    end_at: object = None


class IncidentAnswer(Answer):
    """An incident with its updates and impacts."""

    id: str
    name: str = ""
    published_at: Instant
    incident_status: str = ""
    updates: tuple[UpdateAnswer, ...] = ()
    component_impacts: tuple[ImpactAnswer, ...] = ()

    @property
    def is_open(self) -> bool:
        return incident_status(self.incident_status) is not IncidentStatus.RESOLVED

    def ordered(self) -> list[UpdateAnswer]:
        """Its updates, oldest first; the vendor states no order."""
        return sorted(self.updates, key=lambda each: each.published_at)

    def impacts(self) -> dict[str, ComponentStatus]:
        """What the incident does now to every component that it ever named."""
        said = [
            entry.component_id for update in self.ordered() for entry in update.component_statuses
        ]
        named = (*said, *(impact.component_id for impact in self.component_impacts))
        impacts = dict.fromkeys(named, ComponentStatus.OPERATIONAL)
        for impact in self.component_impacts:
            if impact.end_at is None:
                impacts[impact.component_id] = _graver(
                    impacts[impact.component_id], component_status(impact.component_status)
                )
        return impacts

    def holds(self) -> list[Hold]:
        operational = ComponentStatus.OPERATIONAL
        return [
            Hold(self.id, self.name, component, status)
            for component, status in (self.impacts() if self.is_open else {}).items()
            if status is not operational
        ]

    def incident(self, shown: Statuses | None = None, url: str | None = None) -> PageIncident:
        """Return the incident; without `shown` it says nothing of what the page shows."""
        impacts = self.impacts()
        named = impacts if shown is not None else ()
        return PageIncident(
            id=self.id,
            name=self.name,
            status=incident_status(self.incident_status),
            started=self.published_at,
            updates=tuple(each.update() for each in self.ordered()),
            impacts=impacts,
            shown={id_: (shown or {}).get(id_, ComponentStatus.OPERATIONAL) for id_ in named},
            url=url,
        )


class IncidentsAnswer(ListAnswer):
    """One page of the list of incidents."""

    status_page_incidents: tuple[IncidentAnswer, ...] = ()


class OneIncidentAnswer(Answer):
    """Answer of the calls about one incident."""

    status_page_incident: IncidentAnswer


class RefAnswer(Answer):
    """Something of which only the id matters."""

    id: str


class PostedUpdateAnswer(Answer):
    """Answer of CreateStatusPageIncidentUpdate: the update alone."""

    status_page_incident_update: RefAnswer


PAGES = TypeAdapter(PagesAnswer)
STRUCTURE = TypeAdapter(StructureAnswer)
INCIDENT = TypeAdapter(OneIncidentAnswer)
INCIDENTS = TypeAdapter(IncidentsAnswer)
POSTED_UPDATE = TypeAdapter(PostedUpdateAnswer)


def incident_status(word: str) -> IncidentStatus:
    return _INCIDENT_WORDS.get(word.lower(), IncidentStatus.UNKNOWN)


def component_status(word: str) -> ComponentStatus:
    return _COMPONENT_WORDS.get(word.lower(), ComponentStatus.UNKNOWN)


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
