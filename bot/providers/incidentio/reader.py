"""Reading a page at incident.io, and publishing to it where that may tell subscribers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from bot.domain.pages import Hold
from bot.providers.answers import RefAnswer
from bot.providers.http import Api, Body, Refusal, path
from bot.providers.incidentio import maintenance_wire, wire
from bot.providers.incidentio.maintenance_wire import MaintenanceAnswer

PAGE_SIZE = 250
"""The most that a list answers at once (incident.io API reference: pagination)."""
QUIET_NOTE = (
    "Subscribers were not told: incident.io does not let Foghorn notify a page with more than"
    " 1,000 subscribers. Publish from incident.io's dashboard to reach them."
)

INCIDENTS = "/v2/status_page_incidents"
MAINTENANCES = "/v2/status_page_maintenances"

T = TypeVar("T", bound=RefAnswer)


@dataclass(frozen=True, slots=True)
class Links:
    """Where events stand in public: those `known` by id, other incidents below `base`."""

    base: str | None = None
    known: Mapping[str, str] = field(default_factory=dict)

    def incident(self, id_: str) -> str | None:
        return self.known.get(id_) or (f"{self.base}/incidents/{id_}" if self.base else None)

    def maintenance(self, id_: str) -> str | None:
        """Return an address that is known: what others look like is documented nowhere."""
        return self.known.get(id_)


@dataclass(frozen=True, slots=True)
class WriteResult(Generic[T]):
    """What was published, and whether subscribers were told; `note` says why not."""

    item: T
    notified: bool
    note: str | None = None


class Reader:
    """What both halves of a page need; `links` never fails, it only knows less."""

    def __init__(
        self, api: Api, id_: str, remote_id: str, links: Callable[[], Awaitable[Links]]
    ) -> None:
        self.id = id_
        self._api = api
        self._remote_id = remote_id
        self._links = links

    async def holds(self) -> Sequence[Hold]:
        return await self._holds(await self._incidents())

    async def _holds(self, incidents: Sequence[wire.IncidentAnswer]) -> Sequence[Hold]:
        maintenances = await self._maintenances()
        events: list[wire.IncidentAnswer | MaintenanceAnswer] = [*incidents, *maintenances]
        return tuple(hold for event in events for hold in event.holds())

    async def _incidents(self) -> Sequence[wire.IncidentAnswer]:
        """Read all incidents: the list has no filter by status and states no order."""
        return await self._list(INCIDENTS, wire.INCIDENTS)

    async def _maintenances(self) -> Sequence[MaintenanceAnswer]:
        """Read all maintenances, as `_incidents` does."""
        return await self._list(MAINTENANCES, maintenance_wire.MAINTENANCES)

    async def _list(self, address: str, shape: TypeAdapter[wire.ListAnswer[T]]) -> Sequence[T]:
        return await every(self._api, address, shape, {"status_page_id": self._remote_id})

    async def _read(self, address: str, id_: str, shape: TypeAdapter[wire.ItemAnswer[T]]) -> T:
        return (await self._api.read(address + path(id_), shape)).item

    async def _publish(
        self, address: str, shape: TypeAdapter[wire.ItemAnswer[T]], body: Body
    ) -> WriteResult[T]:
        """Post something, and once more without telling anyone where the page is too big for it."""
        notify = bool(body["notify_subscribers"])
        try:
            answer = await self._api.write("POST", address, shape, body)
        except Refusal as refusal:
            # How the refusal of a big page looks is not documented.
            named_others = refusal.fields and "notify_subscribers" not in refusal.fields
            if not notify or named_others:
                raise
        else:
            return WriteResult(answer.item, notify)
        quiet = body | {"notify_subscribers": False}
        if "idempotency_key" in body:
            # The first key may now stand for the refusal, so the quiet try has its own.
            quiet["idempotency_key"] = f"{body['idempotency_key']}-quiet"
        answer = await self._api.write("POST", address, shape, quiet)
        return WriteResult(answer.item, notified=False, note=QUIET_NOTE)


async def every(
    api: Api, address: str, shape: TypeAdapter[wire.ListAnswer[T]], params: Mapping[str, str] = {}
) -> Sequence[T]:
    """Read all items of a list, each once, as long as it says where it goes on."""
    found: dict[str, T] = {}
    seen: set[str] = set()
    asked: dict[str, str | int] = {**params, "page_size": PAGE_SIZE}
    while True:
        answer = await api.read(address, shape, asked)
        found |= {each.id: each for each in answer.items}
        after = answer.after
        if not after or after in seen:
            return tuple(found.values())
        seen.add(after)
        asked["after"] = after
