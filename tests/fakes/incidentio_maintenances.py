"""Maintenances at incident.io: what it keeps, what it takes, and what it does by itself."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.routing import Route

from bot.domain.maintenances import MaintenanceStatus
from bot.domain.pages import ComponentStatus
from tests.fakes import checks
from tests.fakes.incidentio_desk import MOST_UPDATES, IncidentIoDesk
from tests.fakes.incidentio_memory import KeptPage, iso
from tests.fakes.maintenances import KeptMaintenance, KeptMaintenanceUpdate
from tests.fakes.vendor import Ask, Notification

SCHEDULED, RUNS = MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS
OVER = MaintenanceStatus.COMPLETED
WORDS = {
    SCHEDULED: "maintenance_scheduled",
    RUNS: "maintenance_in_progress",
    OVER: "maintenance_complete",
}
STATUSES = {word: status for status, word in WORDS.items()}
HOUR = timedelta(hours=1)
BY_ITSELF = {RUNS: "The maintenance has started.", OVER: "The maintenance is complete."}
"""What the page says when it takes a step by itself; its real words are not documented."""

_MOVE: dict[str, checks.Check] = {
    "name": checks.text(200),
    "start_at": checks.date,
    "end_at": checks.date,
}
_CREATE: dict[str, checks.Check] = {
    **_MOVE,
    "status_page_id": checks.text(),
    "message": checks.text(4096),
    "maintenance_status": checks.one_of(STATUSES),
    "notify_subscribers": checks.flag,
    "idempotency_key": checks.text(),
    "affected_component_ids": checks.ids,
}
_UPDATE: dict[str, checks.Check] = {
    "status_page_maintenance_id": checks.text(),
    "message": checks.text(4096),
    "notify_subscribers": checks.flag,
}
_UPDATE_OPTIONAL: dict[str, checks.Check] = {
    "maintenance_status": checks.one_of(STATUSES),
    "component_statuses": checks.pairs(
        "component_id", "component_status", ("operational", "under_maintenance")
    ),
}


class IncidentIoMaintenances(IncidentIoDesk):
    """incident.io's maintenances."""

    def maintenance_routes(self) -> Iterator[Route]:
        every, one = "/v2/status_page_maintenances", "/v2/status_page_maintenances/{maintenance}"
        yield self.route("GET", every, self._list_all)
        yield self.route("POST", every, self._create, 201)
        yield self.route("GET", one, self._show)
        yield self.route("PUT", one, self._move)
        yield self.route("DELETE", one, self._delete, 204)
        yield self.route("POST", "/v2/status_page_maintenance_updates", self._post, 201)

    # --- seeds, and what the public sees ---------------------------------------------------------

    def start_maintenance(self, page: str, name: str, components: Sequence[str]) -> str:
        self.catch_up()
        now = self.moment()
        kept = self.keep(self.ulid("MNT"), page, name, (now, now + HOUR), components)
        self._say(kept, "Planned.", RUNS, notify=False)
        return kept.id

    def works_on(self, component_id: str) -> Iterator[ComponentStatus]:
        for kept in self.kept_maintenances.values():
            if kept.status is RUNS and component_id in {*kept.components} - kept.freed:
                yield ComponentStatus.UNDER_MAINTENANCE

    def widget_maintenances(self, page: KeptPage) -> tuple[list[object], list[object]]:
        """Return what the widget shows of those that run, and of those that are planned."""
        kept = [each for each in self.kept_maintenances.values() if each.page == page.id]

        def shown(status: MaintenanceStatus) -> list[object]:
            base = f"{page.public_url}/maintenances/w"
            return [
                {"id": each.id, "name": each.name, "url": f"{base}/{each.id}"}
                for each in kept
                if each.status is status
            ]

        return shown(RUNS), shown(SCHEDULED)

    # --- what the page does by itself ------------------------------------------------------------

    def turn(self, kept: KeptMaintenance, status: MaintenanceStatus, at: datetime) -> None:
        self._say(kept, BY_ITSELF[status], status, notify=kept.tells.get(status, False), at=at)

    # --- answering -------------------------------------------------------------------------------

    def _list_all(self, ask: Ask) -> object:
        self.only(ask, "status_page_id")
        page = self.known_page(ask.query.get("status_page_id"))
        kept = [each for each in self.kept_maintenances.values() if each.page == page.id]
        return self.window(ask, [_answer_of(each) for each in kept], "status_page_maintenances")

    def _show(self, ask: Ask) -> object:
        return {"status_page_maintenance": _answer_of(self._known_work(ask.ids["maintenance"]))}

    def _create(self, ask: Ask) -> object:
        body = ask.body
        if body.get("idempotency_key") in self.first_answers:
            return self.first_answers[body["idempotency_key"]]
        self.check_body(ask, _CREATE, {"automate_maintenance_status": checks.flag})
        page = self.known_page(body["status_page_id"]).id
        named = body["affected_component_ids"]
        self.check_components(page, named, "affected_component_ids")
        self.check_notifying(body)
        kept = self.keep(self.ulid("MNT"), page, body["name"], _times(body), named)
        kept.auto_start = kept.auto_end = body.get("automate_maintenance_status", False)
        notify = body["notify_subscribers"]
        kept.tells = {RUNS: notify, OVER: notify}
        status = STATUSES[body["maintenance_status"]]
        self._say(kept, body["message"], status, notify=notify)
        answer = {"status_page_maintenance": _answer_of(kept)}
        self.first_answers[body["idempotency_key"]] = answer
        return answer

    def _move(self, ask: Ask) -> object:
        kept = self._known_work(ask.ids["maintenance"])
        self.check_body(ask, _MOVE, {})
        kept.name = ask.body["name"]
        kept.starts, kept.ends = _times(ask.body)
        return {"status_page_maintenance": _answer_of(kept)}

    def _delete(self, ask: Ask) -> object:
        self.delete_maintenance(self._known_work(ask.ids["maintenance"]).id)
        return None

    def _post(self, ask: Ask) -> object:
        """Take an update; its own status ends the page's automation."""
        body = ask.body
        self.check_body(ask, _UPDATE, _UPDATE_OPTIONAL)
        kept = self._known_work(body["status_page_maintenance_id"])
        status = STATUSES[body["maintenance_status"]] if "maintenance_status" in body else None
        if status is OVER and "component_statuses" in body:
            raise self.refuse("Not allowed when completing", fields=["component_statuses"])
        if len(kept.updates) >= MOST_UPDATES:
            raise self.refuse("A maintenance can have at most 100 updates")
        said = {
            e["component_id"]: e["component_status"] for e in body.get("component_statuses", [])
        }
        self.check_components(kept.page, said, "component_statuses")
        self.check_notifying(body)
        if status:
            kept.auto_start = kept.auto_end = False
        notify = body["notify_subscribers"]
        update = self._say(kept, body["message"], status or kept.status, notify=notify)
        update.statuses = said
        for id_, word in said.items():
            (kept.freed.add if word == "operational" else kept.freed.discard)(id_)
        return {"status_page_maintenance_update": _update_answer(kept, update)}

    # --- what writing does -----------------------------------------------------------------------

    def _say(
        self,
        kept: KeptMaintenance,
        message: str,
        status: MaintenanceStatus,
        *,
        notify: bool,
        at: datetime | None = None,
    ) -> KeptMaintenanceUpdate:
        """Add an update, which moves the maintenance."""
        kept.status, now = status, at or self.moment()
        update = KeptMaintenanceUpdate(self.ulid("MUP"), status, message, notify, now, now)
        kept.updates.append(update)
        if notify:
            self.sent.append(Notification(kept.page, kept.id, kept.name, status, message))
        return update

    def _known_work(self, id_: str) -> KeptMaintenance:
        if id_ not in self.kept_maintenances:
            raise self.refuse("Status page maintenance not found", 404)
        return self.kept_maintenances[id_]


def _times(body: Mapping[str, Any]) -> tuple[datetime, datetime]:
    start, end = (datetime.fromisoformat(body[name]) for name in ("start_at", "end_at"))
    return start.astimezone(UTC), end.astimezone(UTC)


def _update_answer(kept: KeptMaintenance, update: KeptMaintenanceUpdate) -> dict[str, object]:
    return {
        "id": update.id,
        "status_page_maintenance_id": kept.id,
        "published_at": iso(update.at),
        "message": update.message,
        "maintenance_status": WORDS[update.status],
        "component_statuses": [
            {"component_id": id_, "component_status": word} for id_, word in update.statuses.items()
        ],
    }


def _answer_of(kept: KeptMaintenance) -> dict[str, Any]:
    """Answer a window, whose times stand with its components alone."""
    return {
        "id": kept.id,
        "status_page_id": kept.page,
        "name": kept.name,
        "published_at": iso(kept.created_at),
        "maintenance_status": WORDS[kept.status],
        "automate_maintenance_status": kept.auto_start,
        # The order of updates is not documented, so it is the inconvenient one here.
        "updates": [_update_answer(kept, each) for each in reversed(kept.updates)],
        "component_maintenance_periods": [
            {"component_id": id_, "start_at": iso(kept.starts), "end_at": iso(kept.ends)}
            for id_ in kept.components
        ],
    }
