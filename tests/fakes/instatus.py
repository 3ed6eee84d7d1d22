"""Instatus at the wire, as the documents in shared/reference describe it.

It refuses whatever they do not promise to be taken, and says why in `refusals`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette

from tests.fakes import checks
from tests.fakes.instatus_memory import (
    DECOYS,
    STATUSES,
    Entry,
    InstatusMemory,
    KeptComponent,
    KeptIncident,
    iso,
    update_answer,
)
from tests.fakes.vendor import Ask, Clock, KeptUpdate, RefusedError, wall_clock

INCIDENT_WORDS = ("INVESTIGATING", "IDENTIFIED", "MONITORING", "RESOLVED")

_statuses = checks.pairs("id", "status", STATUSES)
_UPDATE_FIELDS = {
    "message": checks.text(),
    "status": checks.one_of(INCIDENT_WORDS),
    "components": checks.ids,
    "statuses": _statuses,
    "started": checks.date,
    "notify": checks.flag,
}
_INCIDENT_FIELDS = {
    "name": checks.text(),
    "status": checks.one_of(INCIDENT_WORDS),
    "components": checks.ids,
    "statuses": _statuses,
    "started": checks.date,
    "notify": checks.flag,
}


class InstatusFake(InstatusMemory):
    """Instatus: bare answers, no keys, and 500 for mistakes too."""

    def __init__(self, key: str = "instatus-key-decoy-5a5a", now: Clock = wall_clock) -> None:
        super().__init__(key, now)
        incidents = "/v1/{page}/incidents"
        one, updates = incidents + "/{incident}", incidents + "/{incident}/incident-updates"
        update = updates + "/{update}"
        lists = (("components", self._components), ("maintenances", self._maintenances))
        self._app = Starlette(
            routes=[
                self.route("GET", "/v2/pages", self._pages),
                *(
                    self.route("GET", f"/{version}/{{page}}/{what}", handler)
                    for version in ("v1", "v2")
                    for what, handler in lists
                ),
                self.route("GET", incidents, self._incidents),
                self.route("POST", incidents, self._create_incident),
                self.route("GET", one, self._incident),
                self.route("PUT", one, self._put_incident),
                self.route("DELETE", one, self._delete_incident),
                self.route("POST", one, self._from_template),
                self.route("POST", updates, self._create_update),
                self.route("GET", update, self._update),
                self.route("PUT", update, self._put_update),
                self.route("DELETE", update, self._delete_update),
            ]
        )

    # --- refusing --------------------------------------------------------------------------------

    def check_key(self, authorization: str) -> None:
        if authorization != f"Bearer {self.key}":
            raise RefusedError(401, self.error_body(401), "the key is not ours")

    def refuse(self, why: str, status: int = 0) -> RefusedError:
        return RefusedError(status or 500, self.error_body(status or 500), why)

    def refuse_empty(self) -> RefusedError:
        return self.refuse("the body is empty", 403)

    def error_body(self, status: int) -> object:
        words = {401: "Invalid API key", 403: "Not authorized", 404: "Not found"}
        message = words.get(status, "Something went wrong")
        return {"error": {"code": message.lower().replace(" ", "_"), "message": message}}

    def _check(
        self,
        ask: Ask,
        required: Mapping[str, checks.Check],
        optional: Mapping[str, checks.Check],
    ) -> None:
        wrong = checks.problems(ask.body, required, optional)
        if wrong:
            raise self.refuse("; ".join(f"{name}: {why}" for name, why in wrong))
        named = ask.body.get("components", [])
        for each in ask.body.get("statuses", []):
            if each["id"] not in named:
                raise self.refuse(f"statuses: {each['id']} does not stand in components")
        for id_ in named:
            kept = self.kept_components.get(id_)
            if kept is None or kept.page != ask.ids["page"] or kept.is_parent or kept.archived:
                raise self.refuse(f"components: {id_} is no component of the page")

    def _window(self, ask: Ask, items: list[Any], filters: tuple[str, ...] = ()) -> list[Any]:
        if not ask.query.keys() <= {"page", "per_page", *filters}:
            raise self.refuse(f"query: {sorted(ask.query)}")
        page, per_page = int(ask.query.get("page", 1)), int(ask.query.get("per_page", 50))
        if page < 1 or not 1 <= per_page <= self.largest_page:
            raise self.refuse("query: page or per_page out of range")
        size = min(per_page, self.most_per_page)
        return items[(page - 1) * size : page * size]

    def _on_page(self, ask: Ask) -> str:
        if ask.ids["page"] not in self.kept_pages:
            raise self.refuse("the page is not known", 404)
        return ask.ids["page"]

    def _known(self, ask: Ask) -> KeptIncident:
        page = self._on_page(ask)
        kept = self.kept_incidents.get(ask.ids["incident"])
        if kept is None or kept.page != page:
            raise self.refuse("the incident is not known")
        return kept

    def _known_update(self, ask: Ask) -> tuple[KeptIncident, KeptUpdate]:
        kept = self._known(ask)
        for update in kept.updates:
            if update.id == ask.ids["update"]:
                return kept, update
        raise self.refuse("the update is not known")

    # --- answering -------------------------------------------------------------------------------

    def _pages(self, ask: Ask) -> object:
        return self._window(ask, list(self.kept_pages.values()))

    def _components(self, ask: Ask) -> object:
        page = self._on_page(ask)
        kept = [each for each in self.kept_components.values() if each.page == page]
        return [self._component_answer(each) for each in self._window(ask, kept)]

    def _maintenances(self, ask: Ask) -> object:
        page = self._on_page(ask)
        kept = [each for each in self.kept_maintenances.values() if each.page == page]
        return [
            {
                "id": each.id,
                "name": each.name,
                "status": each.status,
                "components": self._component_answers(each.components),
                "siteId": page,
            }
            for each in self._window(ask, kept)
        ]

    def _incidents(self, ask: Ask) -> object:
        page = self._on_page(ask)
        kept = [each for each in self.kept_incidents.values() if each.page == page]
        if "status" in ask.query:
            kept = [each for each in kept if each.status in ask.query["status"].split(",")]
        if "!status" in ask.query:
            kept = [each for each in kept if each.status not in ask.query["!status"].split(",")]
        newest_first = kept[::-1]
        window = self._window(ask, newest_first, ("status", "!status"))
        return [self._incident_answer(each) for each in window]

    def _create_incident(self, ask: Ask) -> object:
        page = self._on_page(ask)
        required = {name: _INCIDENT_FIELDS[name] for name in ("name", "status")}
        optional = {**_INCIDENT_FIELDS, "message": checks.text(), "shouldPublish": checks.flag}
        self._check(ask, required, optional)
        incident = self.publish(
            page, ask.body["name"], self._entry_of(ask.body), ask.body.get("components", ())
        )
        return self._incident_answer(incident)

    def _incident(self, ask: Ask) -> object:
        return self._incident_answer(self._known(ask))

    def _put_incident(self, ask: Ask) -> object:
        kept, body = self._known(ask), ask.body
        self._check(ask, _INCIDENT_FIELDS, {})
        kept.name, kept.status = body["name"], body["status"]
        kept.components, kept.started = list(body["components"]), self._started(body)
        self.set_statuses(kept, _statuses_of(body))
        if body["notify"]:
            self.tell(kept, "")
        return self._incident_answer(kept)

    def _delete_incident(self, ask: Ask) -> object:
        kept = self._known(ask)
        self.delete_incident(kept.id)
        return {"id": kept.id}

    def _from_template(self, ask: Ask) -> object:
        del ask
        raise self.refuse("a POST to an incident's address means a template")

    def _create_update(self, ask: Ask) -> object:
        kept, body = self._known(ask), ask.body
        required = {name: _UPDATE_FIELDS[name] for name in ("status", "components", "statuses")}
        self._check(ask, required, _UPDATE_FIELDS)
        kept.components = list(body["components"])
        update = self.post(kept, self._entry_of(body))
        return self._long_update_answer(kept, update)

    def _update(self, ask: Ask) -> object:
        return self._long_update_answer(*self._known_update(ask))

    def _put_update(self, ask: Ask) -> object:
        kept, update = self._known_update(ask)
        self._check(ask, {}, _UPDATE_FIELDS)
        update.message = ask.body.get("message", update.message)
        update.status = ask.body.get("status", update.status)
        if ask.body.get("notify"):
            self.tell(kept, update.message)
        return self._long_update_answer(kept, update)

    def _delete_update(self, ask: Ask) -> object:
        kept, update = self._known_update(ask)
        kept.updates.remove(update)
        return {"id": update.id}

    def _entry_of(self, body: Mapping[str, Any]) -> Entry:
        return Entry(
            body["status"],
            body.get("message", ""),
            _statuses_of(body),
            self._started(body),
            notify=body.get("notify", False),
        )

    def _started(self, body: Mapping[str, Any]) -> datetime:
        text = body.get("started")
        return datetime.fromisoformat(text).astimezone(UTC) if text else self.moment()

    # --- shapes ----------------------------------------------------------------------------------

    def _component_answers(self, ids: list[str]) -> list[object]:
        return [self._component_answer(self.kept_components[id_]) for id_ in ids]

    def _component_answer(self, kept: KeptComponent) -> dict[str, object]:
        parent = self.kept_components.get(kept.group or "")
        return {
            "id": kept.id,
            "name": kept.name,
            "status": kept.status,
            "isParent": kept.is_parent,
            "groupId": kept.group,
            "group": {"id": parent.id, "name": parent.name, "isParent": True} if parent else None,
            "archivedAt": iso(self.moment()) if kept.archived else None,
            "siteId": kept.page,
            "site": {"id": kept.page, "privacyBypass": DECOYS[0], "secureLink": DECOYS[1]},
        }

    def _incident_answer(self, kept: KeptIncident) -> dict[str, object]:
        return {
            "id": kept.id,
            "name": kept.name,
            "status": kept.status,
            "started": iso(kept.started),
            "createdAt": iso(kept.created_at),
            "resolved": None,
            "impact": kept.impact,
            "notify": kept.notify,
            "subscribersNotified": kept.notify,
            "siteId": kept.page,
            # The order of updates is not documented, so it is the inconvenient one here.
            "updates": [update_answer(each) for each in reversed(kept.updates)],
            "components": self._component_answers(kept.components),
            "translations": {"name": {}},
        }

    def _long_update_answer(self, kept: KeptIncident, update: KeptUpdate) -> dict[str, object]:
        private = {"site": {"smsKey": DECOYS[2]}, "subscribers": [{"email": DECOYS[3]}]}
        components = [{**private, "id": id_, "webhook": DECOYS[4]} for id_ in kept.components]
        parent = {"id": kept.id, "name": kept.name, "components": components}
        return {**update_answer(update), "incident": parent}


def _statuses_of(body: Mapping[str, Any]) -> dict[str, str]:
    return {each["id"]: each["status"] for each in body.get("statuses", [])}
