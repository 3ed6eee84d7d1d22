"""What the fakes of all vendors have in common, so that whole-bot tests run over each of them."""

import json
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Protocol, Self

from starlette.requests import Request as Asked
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.domain.pages import ComponentStatus
from tests.fakes.maintenances import KeptMaintenance, SeenMaintenance
from tests.fakes.server import FaultyServer, Request

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    return datetime.fromtimestamp(time.time(), tz=UTC)


@dataclass(frozen=True)
class SeenUpdate:
    """An update as the public page shows it."""

    id: str
    status: IncidentStatus
    message: str
    notify: bool
    at: datetime


@dataclass(frozen=True)
class SeenIncident:
    """An incident as the public page shows it; `components` is what the page shows of each now."""

    id: str
    name: str
    status: IncidentStatus
    started: datetime
    updates: tuple[SeenUpdate, ...]
    components: Mapping[str, ComponentStatus]

    @property
    def messages(self) -> list[str]:
        return [update.message for update in self.updates]


@dataclass(frozen=True)
class Notification:
    """One message that the subscribers of a page were sent, about `subject_id`.

    What the page says by itself, when a maintenance starts or ends, has no message.
    """

    page: str
    subject_id: str
    name: str
    status: IncidentStatus | MaintenanceStatus
    message: str


@dataclass(frozen=True)
class Refusal:
    """A request that the vendor would not have taken, and why."""

    method: str
    path: str
    why: str
    body: Any


class VendorFake(Protocol):
    """One vendor at the wire, with memory; the same face for every vendor."""

    provider: str
    key: str
    page_id: str
    requests: list[Request]
    refusals: list[Refusal]
    lost: int
    dated: bool
    now: Clock
    most_per_page: int
    takes_create_key: bool
    drives: bool
    """Whether the page takes the steps of a maintenance that it promised to take by itself."""

    @property
    def url(self) -> str: ...
    @property
    def notifications(self) -> list[Notification]: ...

    # Seeds: what is done in the vendor's dashboard.
    def add_page(self, name: str, url: str | None = None) -> str: ...
    def add_component(
        self,
        page: str,
        name: str,
        group: str | None = None,
        status: ComponentStatus = ComponentStatus.OPERATIONAL,
    ) -> str: ...
    def remove_component(self, component_id: str) -> None: ...
    def add_subscribers(self, count: int) -> None: ...
    def open_incident(
        self,
        page: str,
        name: str,
        message: str = "We are looking into it.",
        impacts: Mapping[str, ComponentStatus] | None = None,
        status: IncidentStatus = IncidentStatus.INVESTIGATING,
    ) -> str: ...
    def update_incident(
        self,
        incident_id: str,
        status: IncidentStatus,
        message: str,
        impacts: Mapping[str, ComponentStatus] | None = None,
    ) -> str: ...
    def rename_incident(self, incident_id: str, name: str) -> None: ...
    def delete_incident(self, incident_id: str) -> None: ...
    def start_maintenance(self, page: str, name: str, components: Sequence[str]) -> str: ...
    def complete_maintenance(self, maintenance_id: str) -> None: ...
    def delete_maintenance(self, maintenance_id: str) -> None: ...

    # Reading: what the public sees at the time that `now` tells.
    def incidents(self, page: str | None = None) -> list[SeenIncident]: ...
    def maintenances(self, page: str | None = None) -> list[SeenMaintenance]: ...
    def component_status(self, component_id: str) -> ComponentStatus: ...

    # Control: see tests.fakes.server.FaultyServer.
    def fail_next(  # noqa: PLR0913, PLR0917 (each is one way to fail)
        self,
        status: int = 500,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        times: int = 1,
        path: str | None = None,
        method: str | None = None,
        *,
        after_write: bool = False,
    ) -> None: ...
    def lose_next_answer(
        self, method: str | None = "POST", path: str | None = None, times: int = 1
    ) -> None: ...
    def cut_next(
        self, method: str | None = "POST", path: str | None = None, times: int = 1
    ) -> None: ...
    def late_write(
        self,
        seconds: float,
        method: str | None = "POST",
        path: str | None = None,
        times: int = 1,
    ) -> None: ...
    def slow(self, seconds: float) -> None: ...
    def hang(self) -> None: ...
    async def refuse_connections(self) -> None: ...
    async def accept(self) -> None: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *exception: object) -> None: ...


class RefusedError(Exception):
    """The vendor does not take a request: `status` and `body` are its answer, `why` the reason."""

    def __init__(self, status: int, body: object, why: str) -> None:
        super().__init__(why)
        self.status, self.body, self.why = status, body, why


@dataclass(frozen=True)
class Ask:
    """A request as a vendor's method sees it."""

    ids: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = None


@dataclass
class KeptUpdate:
    """An update in a vendor's memory; `status` is the vendor's word."""

    id: str
    status: str
    message: str
    notify: bool
    at: datetime
    created_at: datetime
    statuses: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """Something that a page does by itself when its time comes."""

    at: datetime
    take: Callable[[], None]


class Vendor(FaultyServer):
    """A faulty server with a vendor's pages behind it."""

    provider: str
    largest_page = 100

    def __init__(self, key: str, now: Clock = wall_clock) -> None:
        super().__init__()
        self.key = key
        self.now = now
        self.page_id = ""
        self.subscribers = 3
        self.most_per_page = self.largest_page
        self.drives = True
        self.refusals: list[Refusal] = []
        self.sent: list[Notification] = []
        self.kept_maintenances: dict[str, KeptMaintenance] = {}
        self._numbers = 0
        self._last = datetime.min.replace(tzinfo=UTC)

    @property
    def notifications(self) -> list[Notification]:
        """What the subscribers were sent by now."""
        self.catch_up()
        return self.sent

    def add_subscribers(self, count: int) -> None:
        self.subscribers += count

    def catch_up(self) -> None:
        """Do what the page does by itself, up to now and in the order of time."""
        while self.drives and (due := [each for each in self.steps() if each.at <= self.now()]):
            min(due, key=lambda each: each.at).take()

    def steps(self) -> Iterator[Step]:
        """Yield what the page is still to do by itself."""
        for kept in self.kept_maintenances.values():
            for at, status in kept.steps():
                yield Step(at, partial(self.turn, kept, status, at))

    def turn(self, kept: KeptMaintenance, status: MaintenanceStatus, at: datetime) -> None:
        """Take a step of a maintenance that the page takes by itself."""
        raise NotImplementedError

    def complete_maintenance(self, maintenance_id: str) -> None:
        self.catch_up()
        self.kept_maintenances[maintenance_id].status = MaintenanceStatus.COMPLETED

    def delete_maintenance(self, maintenance_id: str) -> None:
        del self.kept_maintenances[maintenance_id]

    def maintenances(self, page: str | None = None) -> list[SeenMaintenance]:
        self.catch_up()
        kept = self.kept_maintenances.values()
        here = [each for each in kept if each.page == (page or self.page_id)]
        return [each.seen(self.component_status) for each in here]

    def component_status(self, component_id: str) -> ComponentStatus:
        raise NotImplementedError

    def keep(
        self,
        id_: str,
        page: str,
        name: str,
        times: tuple[datetime, datetime],
        components: Sequence[str],
    ) -> KeptMaintenance:
        """Remember a maintenance that is planned from the first to the second of `times`."""
        status = MaintenanceStatus.SCHEDULED
        kept = KeptMaintenance(id_, page, name, status, *times, self.moment(), list(components))
        self.kept_maintenances[id_] = kept
        return kept

    def moment(self) -> datetime:
        """Return the time, later by a millisecond at least than any moment before."""
        self._last = max(self.now(), self._last + timedelta(milliseconds=1))
        return self._last

    def number(self) -> int:
        self._numbers += 1
        return self._numbers

    def route(
        self, method: str, path: str, handler: Callable[[Ask], object], status: int = 200
    ) -> Route:
        """Return the route on which `handler` answers, its key and body checked before."""

        async def endpoint(asked: Asked) -> Response:
            content = await asked.body()
            self.catch_up()
            try:
                self.check_key(asked.headers.get("authorization", ""))
                ask = Ask(asked.path_params, asked.query_params, self.read(asked, content))
                answer = handler(ask)
            except RefusedError as refused:
                why = Refusal(method, asked.url.path, refused.why, content.decode())
                self.refusals.append(why)
                return JSONResponse(refused.body, refused.status, self.extra_headers())
            if status == 204:
                return Response(status_code=status, headers=self.extra_headers())
            return JSONResponse(answer, status, self.extra_headers())

        typed: Callable[[Asked], Awaitable[Response]] = endpoint
        return Route(path, typed, methods=[method])

    def read(self, asked: Asked, content: bytes) -> Any:  # noqa: ANN401 (whatever JSON holds)
        """Read a body, which has to be a JSON object of that content type, or return None."""
        if asked.method in {"GET", "DELETE"}:
            return None
        if not content:
            raise self.refuse_empty()
        if "application/json" not in asked.headers.get("content-type", ""):
            raise self.refuse("the content type is not application/json")
        body = json.loads(content)
        if not isinstance(body, dict):
            raise self.refuse("the body is not an object")
        return body

    def extra_headers(self) -> Mapping[str, str]:
        return {}

    def check_key(self, authorization: str) -> None:
        raise NotImplementedError

    def refuse(self, why: str, status: int = 0) -> RefusedError:
        raise NotImplementedError

    def refuse_empty(self) -> RefusedError:
        return self.refuse("the body is empty")
