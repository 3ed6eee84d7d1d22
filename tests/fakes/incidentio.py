"""incident.io at the wire, as the documents in shared/reference describe it.

It refuses whatever they do not promise to be taken, and says why in `refusals`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.applications import Starlette

from tests.fakes import checks
from tests.fakes.incidentio_memory import (
    STATUSES,
    Entry,
    IncidentIoMemory,
    KeptIncident,
    KeptMaintenance,
    KeptPage,
    iso,
)
from tests.fakes.vendor import Ask, Clock, KeptUpdate, RefusedError, wall_clock

INCIDENT_WORDS = ("investigating", "identified", "monitoring", "resolved")
MOST_UPDATES = 100
TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "resource_forbidden",
    404: "not_found",
    408: "request_timeout",
    409: "conflict",
    422: "validation_error",
    429: "too_many_requests",
}
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


class IncidentIoFake(IncidentIoMemory):
    """incident.io: wrapped answers, keys for creates, and its own words for every refusal.

    `notify_refusal` is how it refuses to notify a big page, which is not documented.
    """

    def __init__(self, key: str = "incidentio-key-decoy-6b6b", now: Clock = wall_clock) -> None:
        super().__init__(key, now)
        self.most_notified = 1000
        self.notify_refusal: tuple[int, str | None] = (422, "notify_subscribers")
        self.widget_broken = False
        self._first_answers: dict[str, object] = {}
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
                self.route("GET", "/v2/status_page_maintenances", self._maintenances),
                self.route("GET", "/widget/{page}/api/v1/summary", self._widget),
            ]
        )

    @property
    def widget_url(self) -> str:
        """Where the first page's widget answers, without a key."""
        return f"{self.url}/widget/{self.page_id}/api/v1/summary"

    # --- refusing --------------------------------------------------------------------------------

    def check_key(self, authorization: str) -> None:
        # The widget alone is asked without a key.
        if authorization != f"Bearer {self.key}" and "/widget/" not in self.requests[-1].path:
            raise RefusedError(401, self.error_body(401), "the key is not ours")

    def refuse(self, why: str, status: int = 0, fields: Sequence[str] = ()) -> RefusedError:
        return RefusedError(status or 422, self._error(status or 422, why, fields), why)

    def error_body(self, status: int) -> object:
        return self._error(status, TYPES.get(status, "api_error").replace("_", " "), ())

    def _error(self, status: int, why: str, fields: Sequence[str]) -> object:
        source = [{"source": {"field": name, "pointer": f"/{name}"}} for name in fields]
        return {
            "type": TYPES.get(status, "api_error"),
            "status": status,
            "request_id": "3f0c6d1e-7a52-4c1b-9d38-5be2f4a90c17",
            "errors": [{"code": "invalid", "message": why, **extra} for extra in source or [{}]],
        }

    def extra_headers(self) -> Mapping[str, str]:
        return {
            "X-RateLimit-Limit": "60, 1200;window=60, 60;window=60",
            "X-RateLimit-Remaining": "59",
            "X-RateLimit-Used": "1",
            "X-RateLimit-Reset": "1785173199",
        }

    def _check(
        self,
        ask: Ask,
        required: Mapping[str, checks.Check],
        optional: Mapping[str, checks.Check],
    ) -> None:
        wrong = checks.problems(ask.body, required, optional)
        if wrong:
            why = "; ".join(f"{name}: {reason}" for name, reason in wrong)
            raise self.refuse(why, fields=[name for name, _ in wrong])

    def _check_components(self, page: str, body: Mapping[str, Any]) -> None:
        placed = self.kept_pages[page].components
        if any(each["component_id"] not in placed for each in body.get("component_statuses", [])):
            raise self.refuse("A component is not on this page", fields=["component_statuses"])

    def _check_notifying(self, body: Mapping[str, Any]) -> None:
        if body["notify_subscribers"] and self.subscribers > self.most_notified:
            status, name = self.notify_refusal
            fields = [name] if name else []
            raise self.refuse("The page has too many subscribers to notify", status, fields)

    def _known_page(self, id_: str | None) -> KeptPage:
        if id_ not in self.kept_pages:
            raise self.refuse("Status page not found", 404)
        return self.kept_pages[id_]

    def _known(self, id_: str) -> KeptIncident:
        if id_ not in self.kept_incidents:
            raise self.refuse("Status page incident not found", 404)
        return self.kept_incidents[id_]

    def _window(self, ask: Ask, items: list[dict[str, Any]], name: str) -> dict[str, object]:
        size = int(ask.query.get("page_size", 25))
        if not 1 <= size <= self.largest_page:
            raise self.refuse("page_size is out of range", fields=["page_size"])
        size, after = min(size, self.most_per_page), ask.query.get("after")
        ids = [item["id"] for item in items]
        if after and after not in ids:
            raise self.refuse("The cursor is not known", 404)
        start = ids.index(after) + 1 if after else 0
        shown, more = items[start : start + size], len(items) > start + size
        meta = {"page_size": size, **({"after": shown[-1]["id"]} if more else {})}
        return {name: shown, "pagination_meta": meta}

    def _only(self, ask: Ask, *names: str) -> None:
        if not ask.query.keys() <= {*names, "page_size", "after"}:
            raise self.refuse(f"query: {sorted(ask.query)}")

    # --- answering -------------------------------------------------------------------------------

    def _pages(self, ask: Ask) -> object:
        self._only(ask)
        pages = [_page_answer(each) for each in self.kept_pages.values()]
        return self._window(ask, pages, "status_pages")

    def _page(self, ask: Ask) -> object:
        return {"status_page": _page_answer(self._known_page(ask.ids["page"]))}

    def _structure(self, ask: Ask) -> object:
        return {"current_structure": {"items": self._known_page(ask.ids["page"]).items}}

    def _incidents(self, ask: Ask) -> object:
        self._only(ask, "status_page_id")
        page = self._known_page(ask.query.get("status_page_id"))
        kept = [each for each in self.kept_incidents.values() if each.page == page.id]
        return self._window(ask, [_incident_answer(each) for each in kept], "status_page_incidents")

    def _incident(self, ask: Ask) -> object:
        return {"status_page_incident": _incident_answer(self._known(ask.ids["incident"]))}

    def _create_incident(self, ask: Ask) -> object:
        body = ask.body
        if body.get("idempotency_key") in self._first_answers:
            return self._first_answers[body["idempotency_key"]]
        self._check(ask, _CREATE, {"component_statuses": _STATUSES})
        page = self._known_page(body["status_page_id"]).id
        self._check_components(page, body)
        self._check_notifying(body)
        incident = self.publish(page, body["name"], _entry_of(body))
        answer = {"status_page_incident": _incident_answer(incident)}
        self._first_answers[body["idempotency_key"]] = answer
        return answer

    def _rename(self, ask: Ask) -> object:
        kept = self._known(ask.ids["incident"])
        self._check(ask, {"name": checks.text(200)}, {})
        self.rename_incident(kept.id, ask.body["name"])
        return {"status_page_incident": _incident_answer(kept)}

    def _create_update(self, ask: Ask) -> object:
        body = ask.body
        self._check(ask, _UPDATE, _UPDATE_OPTIONAL)
        kept = self._known(body["status_page_incident_id"])
        if body.get("incident_status") == "resolved" and "component_statuses" in body:
            raise self.refuse("Not allowed when resolving", fields=["component_statuses"])
        if len(kept.updates) >= MOST_UPDATES:
            raise self.refuse("An incident can have at most 100 updates")
        self._check_components(kept.page, body)
        self._check_notifying(body)
        update = self.post(kept, _entry_of(body))
        return {"status_page_incident_update": _update_answer(kept, update)}

    def _maintenances(self, ask: Ask) -> object:
        self._only(ask, "status_page_id")
        page = self._known_page(ask.query.get("status_page_id"))
        kept = [each for each in self.kept_maintenances.values() if each.page == page.id]
        answers = [_maintenance_answer(each) for each in kept]
        return self._window(ask, answers, "status_page_maintenances")

    def _widget(self, ask: Ask) -> object:
        if self.widget_broken:
            raise self.refuse("The widget is switched off", 404)
        page = self._known_page(ask.ids["page"])
        ongoing: list[object] = [
            {"id": each.id, "name": each.name, "url": f"{page.public_url}/incidents/w/{each.id}"}
            for each in self.kept_incidents.values()
            if each.page == page.id and each.status != "resolved"
        ]
        return {"page_title": page.name, "ongoing_incidents": ["broken", *ongoing]}


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


def _maintenance_answer(kept: KeptMaintenance) -> dict[str, Any]:
    return {
        "id": kept.id,
        "status_page_id": kept.page,
        "name": kept.name,
        "published_at": iso(kept.published_at),
        "maintenance_status": kept.status,
        "updates": [],
        "component_maintenance_periods": [
            {"component_id": id_, "start_at": iso(kept.published_at)} for id_ in kept.components
        ],
    }
