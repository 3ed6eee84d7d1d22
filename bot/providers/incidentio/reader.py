"""Reading a page at incident.io, and publishing to it where that may tell subscribers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from pydantic import TypeAdapter

from bot.domain.pages import Hold
from bot.providers.http import Api, Refusal
from bot.providers.incidentio import maintenance_wire, wire
from bot.providers.incidentio.bodies import Body
from bot.providers.incidentio.maintenance_wire import MaintenanceAnswer

PAGE_SIZE = 250
"""The most that a list answers at once (incident.io API reference: pagination)."""
QUIET_NOTE = (
    "Subscribers were not told: incident.io does not let Foghorn notify a page with more than"
    " 1,000 subscribers. Publish from incident.io's dashboard to reach them."
)

T = TypeVar("T")
L = TypeVar("L", bound=wire.ListAnswer)


class Event(Protocol):
    """Something that a list holds."""

    @property
    def id(self) -> str: ...


E = TypeVar("E", bound=Event)


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
class Posting(Generic[T]):
    """What a publication was answered, and whether it told subscribers; `note` says why not."""

    answer: T
    notified: bool
    note: str | None = None


class Reader:
    """What both halves of a page need; `links` never fails, it only knows less."""

    def __init__(self, api: Api, remote_id: str, links: Callable[[], Awaitable[Links]]) -> None:
        self._api = api
        self._remote_id = remote_id
        self._links = links

    async def holds(self) -> Sequence[Hold]:
        return await self._holds(await self._incidents())

    async def _holds(self, incidents: Sequence[wire.IncidentAnswer]) -> tuple[Hold, ...]:
        return (
            *(hold for incident in incidents for hold in incident.holds()),
            *(hold for maintenance in await self._maintenances() for hold in maintenance.holds()),
        )

    async def _incidents(self) -> Sequence[wire.IncidentAnswer]:
        """Read all incidents: the list has no filter by status and states no order."""
        answers = await self._list("/v2/status_page_incidents", wire.INCIDENTS)
        return _each_once([each for answer in answers for each in answer.status_page_incidents])

    async def _maintenances(self) -> Sequence[MaintenanceAnswer]:
        """Read all maintenances, as `_incidents` does."""
        answers = await self._list("/v2/status_page_maintenances", maintenance_wire.MAINTENANCES)
        return _each_once([each for answer in answers for each in answer.status_page_maintenances])

    async def _list(self, address: str, shape: TypeAdapter[L]) -> list[L]:
        return await every(self._api, address, shape, {"status_page_id": self._remote_id})

    async def _publish(self, address: str, shape: TypeAdapter[T], body: Body) -> Posting[T]:
        """Post something, and once more without telling anyone where the page is too big for it."""
        notify = bool(body["notify_subscribers"])
        try:
            return Posting(await self._api.write("POST", address, shape, body), notify)
        except Refusal as refusal:
            # How the refusal of a big page looks is not documented.
            named_others = refusal.fields and "notify_subscribers" not in refusal.fields
            if not notify or named_others:
                raise
        quiet = body | {"notify_subscribers": False}
        if "idempotency_key" in body:
            # The first key may now stand for the refusal, so the quiet try has its own.
            quiet["idempotency_key"] = f"{body['idempotency_key']}-quiet"
        answer = await self._api.write("POST", address, shape, quiet)
        return Posting(answer, notified=False, note=QUIET_NOTE)


async def every(
    api: Api, address: str, shape: TypeAdapter[L], params: Mapping[str, str]
) -> list[L]:
    """Read all pages of a list, as long as each says where it goes on."""
    answers: list[L] = []
    seen: set[str] = set()
    asked: dict[str, str | int] = {**params, "page_size": PAGE_SIZE}
    while True:
        answers.append(await api.read(address, shape, asked))
        after = answers[-1].pagination_meta.after
        if not after or after in seen:
            return answers
        seen.add(after)
        asked["after"] = after


def _each_once(events: Sequence[E]) -> Sequence[E]:
    return tuple({event.id: event for event in events}.values())
