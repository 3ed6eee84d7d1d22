"""incident.io at the wire, as the documents in shared/reference describe it.

It refuses whatever they do not promise to be taken, and says why in `refusals`.
"""

from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette

from tests.fakes import checks
from tests.fakes.incidentio_desk import MOST_UPDATES
from tests.fakes.incidentio_maintenances import SCHEDULED, IncidentIoMaintenances
from tests.fakes.incidentio_memory import STATUSES, Entry, KeptIncident, KeptPage, iso
from tests.fakes.vendor import Ask, Clock, KeptUpdate, wall_clock

INCIDENT_WORDS = ("investigating", "identified", "monitoring", "resolved")
_STATUSES = checks.pairs("component_id", "component_status", STATUSES)
_MESSAGE = checks.text(4096)
_CREATE: dict[str, checks.Check] = {
    "status_page_id": checks.text(),
    "name": checks.text(200),
    "incident_status": checks.one_of(INCIDENT_WORDS),
    "message": _MESSAGE,
    "notify_subscribers": checks.flag,
    "idempotency_key": checks.text(),
}
_UPDATE: dict[str, checks.Check] = {
    "status_page_incident_id": checks.text(),
    "message": _MESSAGE,
    "notify_subscribers": checks.flag,
}
_UPDATE_OPTIONAL: dict[str, checks.Check] = {
    "incident_status": checks.one_of(INCIDENT_WORDS),
    "component_statuses": _STATUSES,
}


class IncidentIoFake(IncidentIoMaintenances):
    """incident.io: wrapped answers, keys for creates, and its own words for every refusal."""

    def __init__(self, key: str = "incidentio-key-decoy-6b6b", now: Clock = wall_clock) -> None:
        super().__init__(key, now)
        self.widget_broken = False
        incidents = "/v2/status_page_incidents"
        self._app = Starlette(
            routes=[
                self.route("GET", "/v2/status_pages", self._pages),
                self.route("GET", "/v2/status_pages/{page}", self._page),
                self.route("GET", "/v2/status_page_structures/{page}", self._structure),
                self.route("GET", incidents, self._incidents),
                self.route("POST", incidents, self._create_incident, 201),
                self.route("GET", incidents + "/{incident}", self._incident),
                self.route("PUT", incidents + "/{incident}", self._rename),
                self.route("POST", "/v2/status_page_incident_updates", self._create_update, 201),
                *self.maintenance_routes(),
                self.route("GET", "/widget/{page}/api/v1/summary", self._widget),
                self.route("GET", "/widget/{page}/proxy", self._proxy),
            ]
        )

    @property
    def widget_url(self) -> str:
        """Where the first page's widget answers, without a key."""
        return f"{self.url}/widget/{self.page_id}/api/v1/summary"

    @property
    def proxy_url(self) -> str:
        """Where the first page's own proxy answers, which its widget in the browser asks."""
        return f"{self.url}/widget/{self.page_id}/proxy"

    def _known(self, id_: str) -> KeptIncident:
        if id_ not in self.kept_incidents:
            raise self.refuse("Status page incident not found", 404)
        return self.kept_incidents[id_]

    # --- answering -------------------------------------------------------------------------------

    def _pages(self, ask: Ask) -> object:
        self.only(ask)
        pages = [_page_answer(each) for each in self.kept_pages.values()]
        return self.window(ask, pages, "status_pages")

    def _page(self, ask: Ask) -> object:
        return {"status_page": _page_answer(self.known_page(ask.ids["page"]))}

    def _structure(self, ask: Ask) -> object:
        return {"current_structure": {"items": self.known_page(ask.ids["page"]).items}}

    def _incidents(self, ask: Ask) -> object:
        self.only(ask, "status_page_id")
        page = self.known_page(ask.query.get("status_page_id"))
        kept = [each for each in self.kept_incidents.values() if each.page == page.id]
        return self.window(ask, [_incident_answer(each) for each in kept], "status_page_incidents")

    def _incident(self, ask: Ask) -> object:
        return {"status_page_incident": _incident_answer(self._known(ask.ids["incident"]))}

    def _create_incident(self, ask: Ask) -> object:
        body = ask.body
        if body.get("idempotency_key") in self.first_answers:
            return self.first_answers[body["idempotency_key"]]
        self.check_body(ask, _CREATE, {"component_statuses": _STATUSES})
        page = self.known_page(body["status_page_id"]).id
        self.check_components(page, _named(body), "component_statuses")
        self.check_notifying(body)
        incident = self.publish(page, body["name"], _entry_of(body))
        answer = {"status_page_incident": _incident_answer(incident)}
        self.first_answers[body["idempotency_key"]] = answer
        return answer

    def _rename(self, ask: Ask) -> object:
        kept = self._known(ask.ids["incident"])
        self.check_body(ask, {"name": checks.text(200)}, {})
        self.rename_incident(kept.id, ask.body["name"])
        return {"status_page_incident": _incident_answer(kept)}

    def _create_update(self, ask: Ask) -> object:
        body = ask.body
        self.check_body(ask, _UPDATE, _UPDATE_OPTIONAL)
        kept = self._known(body["status_page_incident_id"])
        if body.get("incident_status") == "resolved" and "component_statuses" in body:
            raise self.refuse("Not allowed when resolving", fields=["component_statuses"])
        if len(kept.updates) >= MOST_UPDATES:
            raise self.refuse("An incident can have at most 100 updates")
        self.check_components(kept.page, _named(body), "component_statuses")
        self.check_notifying(body)
        update = self.post(kept, _entry_of(body))
        return {"status_page_incident_update": _update_answer(kept, update)}

    def _widget(self, ask: Ask) -> object:
        if self.widget_broken:
            raise self.refuse("The widget is switched off", 404)
        page = self.known_page(ask.ids["page"])
        ongoing: list[object] = [
            {"id": each.id, "name": each.name, "url": f"{page.public_url}/incidents/w/{each.id}"}
            for each in self.kept_incidents.values()
            if each.page == page.id and each.status != "resolved"
        ]
        running, planned = self.widget_maintenances(page)
        return {
            "page_title": page.name,
            "ongoing_incidents": ["broken", *ongoing],
            "in_progress_maintenances": running,
            "scheduled_maintenances": planned,
        }

    def _proxy(self, ask: Ask) -> object:
        """As seen of public pages: one key around all, an address of the page, none of events."""
        page = self.known_page(ask.ids["page"])
        ongoing = [
            {"id": each.id, "name": each.name}
            for each in self.kept_incidents.values()
            if each.page == page.id and each.status != "resolved"
        ]
        planned = [
            {"id": each.id, "name": each.name}
            for each in self.kept_maintenances.values()
            if each.page == page.id and each.status is SCHEDULED
        ]
        return {
            "summary": {
                "id": page.id,
                "name": page.name,
                "public_url": f"{page.public_url}/",
                "components": [],
                "affected_components": [],
                "ongoing_incidents": ongoing,
                "scheduled_maintenances": planned,
            }
        }


def _named(body: Mapping[str, Any]) -> list[str]:
    return [each["component_id"] for each in body.get("component_statuses", [])]


def _entry_of(body: Mapping[str, Any]) -> Entry:
    said = body.get("component_statuses", [])
    statuses = {each["component_id"]: each["component_status"] for each in said}
    notify = body["notify_subscribers"]
    return Entry(body.get("incident_status"), body["message"], statuses, notify)


def _page_answer(kept: KeptPage) -> dict[str, Any]:
    public = {"public_url": kept.public_url} if kept.public_url else {}
    return {"id": kept.id, "name": kept.name, **public}


def _update_answer(kept: KeptIncident, update: KeptUpdate) -> dict[str, object]:
    return {
        "id": update.id,
        "status_page_incident_id": kept.id,
        "published_at": iso(update.at),
        "message": update.message,
        "incident_status": update.status,
        "component_statuses": [
            {"component_id": id_, "component_status": word} for id_, word in update.statuses.items()
        ],
    }


def _incident_answer(kept: KeptIncident) -> dict[str, Any]:
    return {
        "id": kept.id,
        "status_page_id": kept.page,
        "name": kept.name,
        "published_at": iso(kept.published_at),
        "incident_status": kept.status,
        # The order of updates is not documented, so it is the inconvenient one here.
        "updates": [_update_answer(kept, each) for each in reversed(kept.updates)],
        "component_impacts": [
            {
                "component_id": each.component,
                "component_status": each.status,
                "start_at": iso(each.start),
                **({"end_at": iso(each.end)} if each.end else {}),
            }
            for each in kept.impacts
        ],
    }
