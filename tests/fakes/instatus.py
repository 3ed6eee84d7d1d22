"""Instatus at the wire, as the documents in shared/reference describe it.

It refuses whatever they do not promise to be taken, and says why in `refusals`.
"""

from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette

from tests.fakes import checks
from tests.fakes.instatus_desk import PAIRS, statuses_of
from tests.fakes.instatus_maintenances import InstatusMaintenances
from tests.fakes.instatus_memory import DECOYS, Entry, KeptIncident, iso, update_answer
from tests.fakes.vendor import Ask, Clock, KeptUpdate, wall_clock

INCIDENT_WORDS = ("INVESTIGATING", "IDENTIFIED", "MONITORING", "RESOLVED")

_UPDATE_FIELDS = {
    "message": checks.text(),
    "status": checks.one_of(INCIDENT_WORDS),
    "components": checks.ids,
    "statuses": PAIRS,
    "started": checks.date,
    "notify": checks.flag,
}
_INCIDENT_FIELDS = {
    "name": checks.text(),
    "status": checks.one_of(INCIDENT_WORDS),
    "components": checks.ids,
    "statuses": PAIRS,
    "started": checks.date,
    "notify": checks.flag,
}


class InstatusFake(InstatusMaintenances):
    """Instatus: bare answers, no keys, and 500 for mistakes too."""

    def __init__(self, key: str = "instatus-key-decoy-5a5a", now: Clock = wall_clock) -> None:
        super().__init__(key, now)
        incidents = "/v1/{page}/incidents"
        one, updates = incidents + "/{incident}", incidents + "/{incident}/incident-updates"
        update = updates + "/{update}"
        self._app = Starlette(
            routes=[
                self.route("GET", "/v2/pages", self._pages),
                *(
                    self.route("GET", f"/{version}/{{page}}/components", self._components)
                    for version in ("v1", "v2")
                ),
                *self.maintenance_routes(),
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

    def _known(self, ask: Ask) -> KeptIncident:
        page = self.on_page(ask)
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
        return self.window(ask, list(self.kept_pages.values()))

    def _components(self, ask: Ask) -> object:
        page = self.on_page(ask)
        kept = [each for each in self.kept_components.values() if each.page == page]
        return [self.component_answer(each) for each in self.window(ask, kept)]

    def _incidents(self, ask: Ask) -> object:
        page = self.on_page(ask)
        kept = [each for each in self.kept_incidents.values() if each.page == page]
        if "status" in ask.query:
            kept = [each for each in kept if each.status in ask.query["status"].split(",")]
        if "!status" in ask.query:
            kept = [each for each in kept if each.status not in ask.query["!status"].split(",")]
        newest_first = kept[::-1]
        window = self.window(ask, newest_first, ("status", "!status"))
        return [self._incident_answer(each) for each in window]

    def _create_incident(self, ask: Ask) -> object:
        page = self.on_page(ask)
        required = {name: _INCIDENT_FIELDS[name] for name in ("name", "status")}
        optional = {**_INCIDENT_FIELDS, "message": checks.text(), "shouldPublish": checks.flag}
        self.check_body(ask, required, optional)
        incident = self.publish(
            page, ask.body["name"], self._entry_of(ask.body), ask.body.get("components", ())
        )
        return self._incident_answer(incident)

    def _incident(self, ask: Ask) -> object:
        return self._incident_answer(self._known(ask))

    def _put_incident(self, ask: Ask) -> object:
        kept, body = self._known(ask), ask.body
        self.check_body(ask, _INCIDENT_FIELDS, {})
        kept.name, kept.status = body["name"], body["status"]
        kept.components, kept.started = list(body["components"]), self.instant(body)
        self.set_statuses(kept, statuses_of(body))
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
        self.check_body(ask, required, _UPDATE_FIELDS)
        kept.components = list(body["components"])
        update = self.post(kept, self._entry_of(body))
        return self._long_update_answer(kept, update)

    def _update(self, ask: Ask) -> object:
        return self._long_update_answer(*self._known_update(ask))

    def _put_update(self, ask: Ask) -> object:
        kept, update = self._known_update(ask)
        self.check_body(ask, {}, _UPDATE_FIELDS)
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
            statuses_of(body),
            self.instant(body),
            notify=body.get("notify", False),
        )

    # --- shapes ----------------------------------------------------------------------------------

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
            "components": self.component_answers(kept.components),
            "translations": {"name": {}},
        }

    def _long_update_answer(self, kept: KeptIncident, update: KeptUpdate) -> dict[str, object]:
        private = {"site": {"smsKey": DECOYS[2]}, "subscribers": [{"email": DECOYS[3]}]}
        components = [{**private, "id": id_, "webhook": DECOYS[4]} for id_ in kept.components]
        parent = {"id": kept.id, "name": kept.name, "components": components}
        return {**update_answer(update), "incident": parent}
