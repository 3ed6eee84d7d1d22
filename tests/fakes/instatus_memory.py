"""What Instatus remembers: one status per component, which the last writer sets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
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
    ComponentStatus.OPERATIONAL: "OPERATIONAL",
    ComponentStatus.UNDER_MAINTENANCE: "UNDERMAINTENANCE",
    ComponentStatus.DEGRADED: "DEGRADEDPERFORMANCE",
    ComponentStatus.PARTIAL_OUTAGE: "PARTIALOUTAGE",
    ComponentStatus.MAJOR_OUTAGE: "MAJOROUTAGE",
}
STATUSES = {word: status for status, word in WORDS.items()}
RANKS = {word: rank for rank, word in enumerate(WORDS.values())}
INCIDENT_WORDS = ("INVESTIGATING", "IDENTIFIED", "MONITORING", "RESOLVED")
DECOYS = (
    "decoy-privacy-bypass-7f3a",
    "decoy-secure-link-91bc",
    "decoy-sms-provider-key-44d0",
    "decoy-subscriber@customer.example",
    "https://hooks.slack.example/decoy-webhook-token",
)
"""Private data as live answers carry it (instatus.md 4.9); none of it may reach a log or a text."""


@dataclass
class KeptComponent:
    """A component in memory; a group is one too, with `is_parent`."""

    id: str
    page: str
    name: str
    status: str | None
    group: str | None = None
    is_parent: bool = False
    archived: bool = False


@dataclass(frozen=True)
class Entry:
    """What somebody says about an incident, in the vendor's words."""

    status: str
    message: str
    statuses: Mapping[str, str]
    at: datetime
    notify: bool


@dataclass
class KeptIncident:
    """An incident in memory; `impact` is the worst that any of its writes set."""

    id: str
    page: str
    name: str
    status: str
    started: datetime
    created_at: datetime
    notify: bool
    components: list[str]
    impact: str = "OPERATIONAL"
    updates: list[KeptUpdate] = field(default_factory=list)


class InstatusMemory(Vendor):
    """Pages, components and incidents, and what is done to them in the dashboard.

    `keeps_instants` is how exactly it keeps the instants that it is sent; None when it takes its
    own time instead, which no document rules out.
    """

    provider = "instatus"
    takes_create_key = False
    decoys = DECOYS

    def __init__(self, key: str = "instatus-key-decoy-5a5a", now: Clock = wall_clock) -> None:
        super().__init__(key, now)
        self.kept_pages: dict[str, dict[str, object]] = {}
        self.kept_components: dict[str, KeptComponent] = {}
        self.kept_incidents: dict[str, KeptIncident] = {}
        self.keeps_instants: timedelta | None = timedelta(milliseconds=1)
        self.page_id = self.add_page("Example Corp")

    # --- seeds -----------------------------------------------------------------------------------

    def add_page(self, name: str, url: str | None = None) -> str:
        id_ = f"clw5page{self.number():04}hq"
        domain = url.removeprefix("https://") if url else None
        slug = "".join(character for character in name.lower() if character.isalnum())
        self.kept_pages[id_] = {"id": id_, "name": name, "subdomain": slug, "customDomain": domain}
        return id_

    def add_component(
        self,
        page: str,
        name: str,
        group: str | None = None,
        status: ComponentStatus = ComponentStatus.OPERATIONAL,
        *,
        archived: bool = False,
    ) -> str:
        parent = self._group(page, group) if group else None
        id_ = f"clw5comp{self.number():04}ap"
        self.kept_components[id_] = KeptComponent(
            id_, page, name, WORDS[status], parent, archived=archived
        )
        return id_

    def remove_component(self, component_id: str) -> None:
        """Delete a component, also from every incident that names it."""
        del self.kept_components[component_id]
        for each in self.kept_incidents.values():
            each.components = [id_ for id_ in each.components if id_ != component_id]

    def set_component_status(self, component_id: str, status: ComponentStatus | str) -> None:
        """Set it by hand in the dashboard, also to a word that nobody has heard of."""
        self.catch_up()
        word = WORDS[status] if isinstance(status, ComponentStatus) else status
        self.kept_components[component_id].status = word

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

    def kept_instant(self, instant: datetime) -> datetime:
        """Return an instant as exactly as it is kept."""
        exactly = self.keeps_instants or timedelta(milliseconds=1)
        return instant - (instant - datetime.min.replace(tzinfo=UTC)) % exactly

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
        word = self.kept_components[component_id].status or ""
        return STATUSES.get(word, ComponentStatus.UNKNOWN)

    def _seen(self, kept: KeptIncident) -> SeenIncident:
        return SeenIncident(
            id=kept.id,
            name=kept.name,
            status=IncidentStatus(kept.status.lower()),
            started=kept.started,
            updates=tuple(
                SeenUpdate(
                    each.id, IncidentStatus(each.status.lower()), each.message, each.notify, each.at
                )
                for each in kept.updates
            ),
            components={id_: self.component_status(id_) for id_ in kept.components},
        )

    # --- what writing does -----------------------------------------------------------------------

    def publish(
        self, page: str, name: str, entry: Entry, components: Sequence[str] = ()
    ) -> KeptIncident:
        """Put an incident on the page, with its first update."""
        id_ = f"clw5inci{self.number():04}zk"
        named = list(dict.fromkeys((*components, *entry.statuses)))
        incident = KeptIncident(
            id_, page, name, entry.status, entry.at, self.moment(), entry.notify, named
        )
        self.kept_incidents[id_] = incident
        self.post(incident, entry)
        return incident

    def post(self, incident: KeptIncident, entry: Entry) -> KeptUpdate:
        """Add an update, which moves the incident and sets components."""
        self.catch_up()
        id_ = f"clw5iupd{self.number():04}ab"
        update = KeptUpdate(id_, entry.status, entry.message, entry.notify, entry.at, self.moment())
        incident.updates.append(update)
        incident.status = entry.status
        self.set_statuses(incident, entry.statuses)
        if entry.notify:
            self.tell(incident, entry.message)
        return update

    def set_statuses(self, incident: KeptIncident, statuses: Mapping[str, str]) -> None:
        for id_, word in statuses.items():
            self.kept_components[id_].status = word
            incident.impact = max(incident.impact, word, key=lambda each: RANKS[each])

    def tell(self, incident: KeptIncident, message: str) -> None:
        status = IncidentStatus(incident.status.lower())
        self.sent.append(Notification(incident.page, incident.id, incident.name, status, message))

    def _entry(
        self,
        status: IncidentStatus,
        message: str,
        impacts: Mapping[str, ComponentStatus] | None,
    ) -> Entry:
        words = {id_: WORDS[each] for id_, each in (impacts or {}).items()}
        return Entry(status.value.upper(), message, words, self.moment(), notify=True)

    def _group(self, page: str, name: str) -> str:
        for each in self.kept_components.values():
            if each.is_parent and each.page == page and each.name == name:
                return each.id
        id_ = f"clw5comp{self.number():04}gr"
        self.kept_components[id_] = KeptComponent(id_, page, name, None, is_parent=True)
        return id_


def update_answer(update: KeptUpdate) -> dict[str, object]:
    return {
        "id": update.id,
        "message": update.message,
        "messageHtml": f"<p>{update.message}</p>",
        "status": update.status,
        "notify": update.notify,
        "started": iso(update.at),
        "ended": None,
        "createdAt": iso(update.created_at),
        "translations": {"message": {}},
    }


def iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
