"""Maintenances at Instatus: what it keeps, what it takes, and what it does by itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from starlette.routing import Route

from bot.domain.maintenances import MaintenanceStatus
from tests.fakes import checks
from tests.fakes.instatus_desk import PAIRS, InstatusDesk, statuses_of
from tests.fakes.instatus_memory import DECOYS, RANKS, iso
from tests.fakes.maintenances import KeptMaintenance, KeptMaintenanceUpdate
from tests.fakes.vendor import Ask, Clock, Notification, Step, wall_clock

SCHEDULED, RUNS = MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS
OVER = MaintenanceStatus.COMPLETED
WORDS = {SCHEDULED: "NOTSTARTEDYET", RUNS: "INPROGRESS", OVER: "COMPLETED"}
STATUSES = {word: status for status, word in WORDS.items()}
MINUTE = timedelta(minutes=1)

_BOTH: dict[str, checks.Check] = {
    "name": checks.text(),
    "message": checks.text(),
    "components": checks.ids,
    "start": checks.date,
    "end": checks.date,
    "duration": checks.minutes,
    "status": checks.one_of(STATUSES),
    "notify": checks.flag,
    "autoStart": checks.flag,
    "autoEnd": checks.flag,
    "statuses": PAIRS,
}
_CREATE_ONLY: dict[str, checks.Check] = {
    "notifyStart": checks.flag,
    "notifyEnd": checks.flag,
    "notifyEarly": checks.flag,
    "notifyMinutes": checks.minutes,
    "isCollapsed": checks.flag,
    "expandAt": checks.date,
}
_CREATE_OPTIONAL = ("message", "duration", "statuses", "notifyMinutes", "isCollapsed", "expandAt")
_CREATE = {
    name: check for name, check in {**_BOTH, **_CREATE_ONLY}.items() if name not in _CREATE_OPTIONAL
}
_PUT = {name: check for name, check in _BOTH.items() if name != "name"}
_UPDATE = {
    "status": _BOTH["status"],
    "components": checks.ids,
    "statuses": PAIRS,
}
_UPDATE_OPTIONAL: dict[str, checks.Check] = {
    "message": checks.text(),
    "started": checks.date,
    "end": checks.date,
    "notify": checks.flag,
}


class InstatusMaintenances(InstatusDesk):
    """Instatus's maintenances; `resets` says whether it puts components back when it ends one."""

    def __init__(self, key: str = "instatus-key-decoy-5a5a", now: Clock = wall_clock) -> None:
        super().__init__(key, now)
        self.resets = True

    def maintenance_routes(self) -> Iterator[Route]:
        for version in ("v1", "v2"):
            yield self.route("GET", f"/{version}/{{page}}/maintenances", self._list_all)
            part = f"/{version}/{{page}}/components/{{component}}"
            yield self.route("PUT", part, self._put_component)
        every, one = "/v1/{page}/maintenances", "/v1/{page}/maintenances/{maintenance}"
        yield self.route("POST", every, self._create)
        yield self.route("GET", one, self._show)
        yield self.route("PUT", one, self._put)
        yield self.route("DELETE", one, self._delete)
        yield self.route("POST", one + "/maintenance-updates", self._post)

    # --- seeds, and what the public sees ---------------------------------------------------------

    def start_maintenance(self, page: str, name: str, components: Sequence[str]) -> str:
        self.catch_up()
        now = self.moment()
        kept = self.keep(self._new_id(), page, name, (now, now + 60 * MINUTE), components)
        self._say(kept, {"message": "Planned."}, now)
        kept.planned = dict.fromkeys(components, "UNDERMAINTENANCE")
        self.turn(kept, RUNS, now)
        return kept.id

    # --- what the page does by itself ------------------------------------------------------------

    def steps(self) -> Iterator[Step]:
        yield from super().steps()
        for kept in self.kept_maintenances.values():
            if kept.early is not None and kept.status is SCHEDULED:
                yield Step(kept.starts - kept.early * MINUTE, partial(self._remind, kept))

    def turn(self, kept: KeptMaintenance, status: MaintenanceStatus, at: datetime) -> None:
        """Flip the status; the components' own statuses are overwritten, whatever they were."""
        del at
        kept.status = status
        if status is RUNS:
            self._set(kept.planned)
        elif self.resets:
            self._set(dict.fromkeys(kept.planned, "OPERATIONAL"))
        if kept.tells.get(status):
            self._tell(kept, "")

    def _remind(self, kept: KeptMaintenance) -> None:
        kept.early = None
        self._tell(kept, "")

    def _set(self, words: Mapping[str, str]) -> None:
        for id_, word in words.items():
            self.kept_components[id_].status = word

    def _tell(self, kept: KeptMaintenance, message: str) -> None:
        about = (kept.page, kept.id, kept.name, kept.status)
        self.sent.append(Notification(*about, message))

    # --- answering -------------------------------------------------------------------------------

    def _list_all(self, ask: Ask) -> object:
        page = self.on_page(ask)
        kept = [each for each in self.kept_maintenances.values() if each.page == page]
        # Their order is not documented.
        return [self._answer_of(each) for each in self.window(ask, kept)]

    def _show(self, ask: Ask) -> object:
        return self._answer_of(self._known_work(ask))

    def _create(self, ask: Ask) -> object:
        page, body = self.on_page(ask), ask.body
        self.check_body(ask, _CREATE, {**_BOTH, **_CREATE_ONLY})
        self._check_duration(body)
        times = (self.instant(body, "start"), self.instant(body, "end"))
        kept = self.keep(self._new_id(), page, body["name"], times, body["components"])
        kept.auto_start, kept.auto_end = body["autoStart"], body["autoEnd"]
        kept.tells = {RUNS: body["notifyStart"], OVER: body["notifyEnd"]}
        kept.early = body.get("notifyMinutes", 60) if body["notifyEarly"] else None
        self._change(kept, body)
        self._say(kept, body, kept.created_at)
        return self._answer_of(kept)

    def _put(self, ask: Ask) -> object:
        kept, body = self._known_work(ask), ask.body
        self.check_body(ask, _PUT, _BOTH)
        self._check_duration(body)
        kept.name = body.get("name", kept.name)
        kept.components = list(body["components"])
        kept.starts, kept.ends = self.instant(body, "start"), self.instant(body, "end")
        kept.auto_start, kept.auto_end = body["autoStart"], body["autoEnd"]
        kept.updates[0] = replace(kept.updates[0], message=body["message"])
        self._change(kept, body)
        if body["notify"]:
            self._tell(kept, body["message"])
        return self._answer_of(kept)

    def _post(self, ask: Ask) -> object:
        kept, body = self._known_work(ask), ask.body
        self.check_body(ask, _UPDATE, _UPDATE_OPTIONAL)
        kept.components = list(body["components"])
        if "end" in body:
            kept.ends = self.instant(body, "end")
        kept.status = STATUSES[body["status"]]
        self._set(statuses_of(body))
        update = self._say(kept, body, self.instant(body))
        private = {"site": {"smsKey": DECOYS[2]}, "subscribers": [{"email": DECOYS[3]}]}
        components = [{**private, "id": id_, "webhook": DECOYS[4]} for id_ in kept.components]
        parent = {"id": kept.id, "name": kept.name, "components": components}
        return {**_update_answer(update), "maintenance": parent}

    def _delete(self, ask: Ask) -> object:
        kept = self._known_work(ask)
        self.delete_maintenance(kept.id)
        return {"id": kept.id}

    def _put_component(self, ask: Ask) -> object:
        page = self.on_page(ask)
        kept = self.kept_components.get(ask.ids["component"])
        if kept is None or kept.page != page:
            raise self.refuse("the component is not known")
        self.check_body(ask, {}, {"status": checks.one_of(RANKS)})
        kept.status = ask.body.get("status", kept.status)
        return self.component_answer(kept)

    # --- what writing does -----------------------------------------------------------------------

    def _new_id(self) -> str:
        return f"clw5main{self.number():04}qr"

    def _change(self, kept: KeptMaintenance, body: Mapping[str, Any]) -> None:
        """Take the statuses: what they do to components before the start, they do at the start."""
        kept.status = STATUSES[body["status"]]
        words = statuses_of(body)
        if kept.status is SCHEDULED:
            kept.planned = words
        else:
            self._set(words)

    def _say(
        self, kept: KeptMaintenance, body: Mapping[str, Any], at: datetime
    ) -> KeptMaintenanceUpdate:
        id_, notify = f"clw5mupd{self.number():04}tu", body.get("notify", False)
        message = body.get("message", "")
        update = KeptMaintenanceUpdate(id_, kept.status, message, notify, at, self.moment())
        kept.updates.append(update)
        if notify:
            self._tell(kept, message)
        return update

    # --- refusing --------------------------------------------------------------------------------

    def _known_work(self, ask: Ask) -> KeptMaintenance:
        page = self.on_page(ask)
        kept = self.kept_maintenances.get(ask.ids["maintenance"])
        if kept is None or kept.page != page:
            raise self.refuse("the maintenance is not known")
        return kept

    def _check_duration(self, body: Mapping[str, Any]) -> None:
        """Refuse a duration that does not reach from start to end: with `autoEnd` it decides."""
        span = self.instant(body, "end") - self.instant(body, "start")
        if body.get("duration", span // MINUTE) * MINUTE != span:
            raise self.refuse("duration: is not true to end")

    def _answer_of(self, kept: KeptMaintenance) -> dict[str, object]:
        return {
            "id": kept.id,
            "name": kept.name,
            "status": WORDS[kept.status],
            "start": iso(kept.starts),
            "end": iso(kept.ends),
            "duration": (kept.ends - kept.starts) // MINUTE,
            "notify": any(each.notify for each in kept.updates[:1]),
            "notifyStart": kept.tells.get(RUNS, False),
            "notifyEnd": kept.tells.get(OVER, False),
            "notifyMinutes": None,
            "autoStart": kept.auto_start,
            "autoEnd": kept.auto_end,
            "impact": "UNDERMAINTENANCE",
            "resolved": None,
            "createdAt": iso(kept.created_at),
            "siteId": kept.page,
            # The order of updates is not documented, so it is the inconvenient one here.
            "updates": [_update_answer(each) for each in reversed(kept.updates)],
            "components": self.component_answers(kept.components),
            "translations": {"name": {}},
        }


def _update_answer(update: KeptMaintenanceUpdate) -> dict[str, object]:
    return {
        "id": update.id,
        "message": update.message,
        "messageHtml": f"<p>{update.message}</p>",
        "status": WORDS[update.status],
        "notify": update.notify,
        "started": iso(update.at),
        "ended": None,
        "createdAt": iso(update.created_at),
        "translations": {"message": {}},
    }
