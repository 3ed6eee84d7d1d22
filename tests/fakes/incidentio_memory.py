"""What incident.io remembers: each incident has its own impacts, a page shows the worst of all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus, worst
from tests.fakes.vendor import (
    Clock,
    KeptUpdate,
    Notification,
    SeenIncident,
    SeenUpdate,
    Vendor,
    wall_clock,
)

WORDS = {
    ComponentStatus.OPERATIONAL: "operational",
    ComponentStatus.DEGRADED: "degraded_performance",
    ComponentStatus.PARTIAL_OUTAGE: "partial_outage",
    ComponentStatus.MAJOR_OUTAGE: "full_outage",
}
STATUSES = {word: status for status, word in WORDS.items()}


@dataclass(frozen=True)
class Entry:
    """What somebody says about an incident, in the vendor's words; no status leaves it."""

    status: str | None
    message: str
    statuses: Mapping[str, str]
    notify: bool


@dataclass
class KeptPage:
    """A status page in memory; `items` is its structure, placed components by name of group."""

    id: str
    name: str
    public_url: str | None
    items: list[dict[str, object]] = field(default_factory=list)
    components: list[str] = field(default_factory=list)


@dataclass
class Impact:
    """What an incident did to a component, from one instant to another or until now."""

    component: str
    status: str
    start: datetime
    end: datetime | None = None


@dataclass
class KeptIncident:
    """An incident in memory."""

    id: str
    page: str
    name: str
    status: str
    published_at: datetime
    updates: list[KeptUpdate] = field(default_factory=list)
    impacts: list[Impact] = field(default_factory=list)

    def current(self) -> dict[str, str]:
        return {each.component: each.status for each in self.impacts if each.end is None}

    def named(self) -> list[str]:
        said = [id_ for update in self.updates for id_ in update.statuses]
        return list(dict.fromkeys((*said, *(each.component for each in self.impacts))))


class IncidentIoMemory(Vendor):
    """Pages, components and incidents, and what is done to them in the dashboard."""

    provider = "incidentio"
    takes_create_key = True
    largest_page = 250

    def __init__(self, key: str = "incidentio-key-decoy-6b6b", now: Clock = wall_clock) -> None:
        super().__init__(key, now)
        self.kept_pages: dict[str, KeptPage] = {}
        self.kept_incidents: dict[str, KeptIncident] = {}
        self.page_id = self.add_page("Northwind", "https://status.northwind.example")

    # --- seeds -----------------------------------------------------------------------------------

    def add_page(self, name: str, url: str | None = None) -> str:
        id_ = self.ulid("PAGE")
        self.kept_pages[id_] = KeptPage(id_, name, url)
        return id_

    def add_component(
        self,
        page: str,
        name: str,
        group: str | None = None,
        status: ComponentStatus = ComponentStatus.OPERATIONAL,
        *,
        hidden: bool = False,
    ) -> str:
        """Place a component; only incidents and maintenances can give it another status."""
        assert status is ComponentStatus.OPERATIONAL, "components have no status of their own here"
        id_ = self.ulid("CMP")
        placed = {"component_id": id_, "name": name, "hidden": hidden, "display_uptime": True}
        self.place(page, placed, group)
        self.kept_pages[page].components.append(id_)
        return id_

    def remove_component(self, component_id: str) -> None:
        """Take a component off every page; what incidents said of it stays."""
        for page in self.kept_pages.values():
            page.components = [id_ for id_ in page.components if id_ != component_id]
            page.items = [each for each in page.items if not _is(each, component_id)]
            for item in page.items:
                if isinstance(group := item.get("group"), dict):
                    kept = [each for each in group["components"] if not _is(each, component_id)]
                    group["components"] = kept

    def place(self, page: str, placed: dict[str, object], group: str | None = None) -> None:
        """Put a component into the structure, also one that stands elsewhere already."""
        items = self.kept_pages[page].items
        if group is None:
            items.append({"component": placed})
            return
        for item in items:
            found = item.get("group")
            if isinstance(found, dict) and found["name"] == group:
                found["components"].append(placed)
                return
        made = {"id": self.ulid("GRP"), "name": group, "components": [placed], "hidden": False}
        items.append({"group": made})

    def open_incident(
        self,
        page: str,
        name: str,
        message: str = "We are looking into it.",
        impacts: Mapping[str, ComponentStatus] | None = None,
        status: IncidentStatus = IncidentStatus.INVESTIGATING,
    ) -> str:
        return self.publish(page, name, self._entry(status, message, impacts)).id

    def update_incident(
        self,
        incident_id: str,
        status: IncidentStatus,
        message: str,
        impacts: Mapping[str, ComponentStatus] | None = None,
    ) -> str:
        entry = self._entry(status, message, impacts)
        return self.post(self.kept_incidents[incident_id], entry).id

    def rename_incident(self, incident_id: str, name: str) -> None:
        self.kept_incidents[incident_id].name = name

    def delete_incident(self, incident_id: str) -> None:
        del self.kept_incidents[incident_id]

    # --- what the public sees --------------------------------------------------------------------

    def incidents(self, page: str | None = None) -> list[SeenIncident]:
        self.catch_up()
        return [
            self._seen(kept)
            for kept in self.kept_incidents.values()
            if kept.page == (page or self.page_id)
        ]

    def component_status(self, component_id: str) -> ComponentStatus:
        self.catch_up()
        impacts = [
            STATUSES[incident.current()[component_id]]
            for incident in self.kept_incidents.values()
            if component_id in incident.current()
        ]
        return worst((*impacts, *self.works_on(component_id)))

    def works_on(self, component_id: str) -> Iterator[ComponentStatus]:
        """Yield what each running maintenance does to a component."""
        raise NotImplementedError

    def _seen(self, kept: KeptIncident) -> SeenIncident:
        return SeenIncident(
            id=kept.id,
            name=kept.name,
            status=IncidentStatus(kept.status),
            started=kept.published_at,
            updates=tuple(
                SeenUpdate(each.id, IncidentStatus(each.status), each.message, each.notify, each.at)
                for each in kept.updates
            ),
            components={id_: self.component_status(id_) for id_ in kept.named()},
        )

    # --- what writing does -----------------------------------------------------------------------

    def publish(self, page: str, name: str, entry: Entry) -> KeptIncident:
        """Put an incident on the page, with its first update."""
        status = entry.status or "investigating"
        incident = KeptIncident(self.ulid("INC"), page, name, status, self.moment())
        self.kept_incidents[incident.id] = incident
        self.post(incident, entry)
        return incident

    def post(self, incident: KeptIncident, entry: Entry) -> KeptUpdate:
        """Add an update, which moves the incident and its impacts; `resolved` ends them all."""
        at = self.moment()
        incident.status = entry.status or incident.status
        update = KeptUpdate(self.ulid("UPD"), incident.status, entry.message, entry.notify, at, at)
        update.statuses = dict(entry.statuses)
        incident.updates.append(update)
        ended = incident.current() if incident.status == "resolved" else {}
        for component, word in {**entry.statuses, **dict.fromkeys(ended, "operational")}.items():
            self._impact(incident, component, word, at)
        if entry.notify:
            self.sent.append(
                Notification(
                    incident.page,
                    incident.id,
                    incident.name,
                    IncidentStatus(incident.status),
                    entry.message,
                )
            )
        return update

    def _impact(self, incident: KeptIncident, component: str, word: str, at: datetime) -> None:
        if incident.current().get(component, "operational") == word:
            return
        for impact in incident.impacts:
            if impact.component == component and impact.end is None:
                impact.end = at
        if word != "operational":
            incident.impacts.append(Impact(component, word, at))

    def _entry(
        self,
        status: IncidentStatus,
        message: str,
        impacts: Mapping[str, ComponentStatus] | None,
    ) -> Entry:
        words = {id_: WORDS[each] for id_, each in (impacts or {}).items()}
        return Entry(status.value, message, words, notify=True)

    def ulid(self, kind: str) -> str:
        """Return an id of 26 characters, as the vendor's are today."""
        return f"01JC{kind}{self.number():0{22 - len(kind)}}"


def _is(item: Mapping[str, object], component_id: str) -> bool:
    placed = item.get("component", item)
    return isinstance(placed, dict) and placed.get("component_id") == component_id


def iso(instant: datetime) -> str:
    """Write an instant as the vendor answers them: RFC 3339 with microseconds and `Z`."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
