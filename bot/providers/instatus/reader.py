"""Reading a page at Instatus: its lists, and single things, of which an unknown one answers 500."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from bot.domain.pages import Component
from bot.errors import Gone, ProviderError, Uncertain
from bot.providers.answers import REF, RefAnswer
from bot.providers.http import Api, ServerError, path
from bot.providers.instatus import wire
from bot.providers.instatus.maintenance_wire import MaintenanceAnswer
from bot.providers.statuses import Statuses

PER_PAGE = 100
"""The most that a list answers at once (Instatus API documentation: pagination)."""

T = TypeVar("T", bound=RefAnswer)
L = TypeVar("L")
E = TypeVar("E", wire.IncidentAnswer, MaintenanceAnswer)


@dataclass(frozen=True, slots=True)
class Endpoint(Generic[E]):
    """Where one sort of event is: its name, how one and many are read, which version lists them."""

    name: str
    one: TypeAdapter[E]
    many: TypeAdapter[list[E]]
    listed_by: str = "v1"


class Reader:
    """What both halves of a page need: addresses, lists, and single events.

    `url` tells the page's public address, or None while it cannot be learnt.
    """

    def __init__(
        self, api: Api, id_: str, remote_id: str, url: Callable[[], Awaitable[str | None]]
    ) -> None:
        self.id = id_
        self._api = api
        self._remote_id = remote_id
        self._url = url

    async def components(self) -> Sequence[Component]:
        address = path("v2", self._remote_id, "components")
        return wire.listed(await every(self._api, address, wire.COMPONENTS))

    def _address(self, endpoint: Endpoint[E], *parts: str) -> str:
        return path("v1", self._remote_id, f"{endpoint.name}s", *parts)

    async def _all(self, endpoint: Endpoint[E], params: Mapping[str, str] = {}) -> list[E]:
        address = path(endpoint.listed_by, self._remote_id, f"{endpoint.name}s")
        return await every(self._api, address, endpoint.many, params)

    async def _is_listed(self, endpoint: Endpoint[E], id_: str) -> bool:
        return id_ in {each.id for each in await self._all(endpoint)}

    async def _read(self, endpoint: Endpoint[E], id_: str) -> E:
        try:
            return await self._api.read(self._address(endpoint, id_), endpoint.one)
        except ServerError:
            if await self._is_listed(endpoint, id_):
                raise
            raise Gone(f"Instatus does not list this {endpoint.name} any more.") from None

    async def _delete(self, endpoint: Endpoint[E], id_: str) -> None:
        """Remove an event; an unknown one answers 500, so a list has to confirm it."""
        try:
            await self._api.write("DELETE", self._address(endpoint, id_), REF)
        except (Gone, Uncertain):
            if await self._is_listed(endpoint, id_):
                raise

    async def _component_statuses(self) -> Statuses:
        return {each.id: each.status for each in await self.components()}

    async def _shown(
        self, event: wire.IncidentAnswer | MaintenanceAnswer, named: Iterable[str]
    ) -> Statuses:
        """Return what the page shows for the components of the event and for those `named`.

        One that the page does not have any more is left out.
        """
        more = [id_ for id_ in named if id_ not in event.shown]
        if not more:
            return event.shown
        listed = await self._component_statuses()
        return event.shown | {id_: listed[id_] for id_ in more if id_ in listed}


async def pages(
    api: Api, address: str, shape: TypeAdapter[list[T]], params: Mapping[str, str] = {}
) -> AsyncIterator[list[T]]:
    """Read a list until it has nothing new: a short page is not the last one, an empty one is."""
    seen: set[str] = set()
    for number in count(1):
        asked: dict[str, str | int] = {"page": number, "per_page": PER_PAGE, **params}
        answers = await api.read(address, shape, asked)
        fresh = [each for each in answers if each.id not in seen]
        if not fresh:
            return
        seen |= {each.id for each in fresh}
        yield fresh


async def every(
    api: Api, address: str, shape: TypeAdapter[list[T]], params: Mapping[str, str] = {}
) -> list[T]:
    """Read all items of a list, each once, even when it moves while it is read."""
    return [each async for answers in pages(api, address, shape, params) for each in answers]


async def settle(doubt: ProviderError, look: Awaitable[L]) -> L:
    """Look at the page to settle a doubt about a write; the doubt stays when that fails."""
    try:
        return await look
    except ProviderError:
        raise doubt from None
