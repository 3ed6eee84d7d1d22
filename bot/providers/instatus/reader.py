"""Reading a page at Instatus: its lists, and single things, of which an unknown one answers 500."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from bot.domain.pages import Component, ComponentStatus
from bot.errors import Gone, ProviderError, Uncertain
from bot.providers.answers import REF, RefAnswer
from bot.providers.http import Api, ServerError, path
from bot.providers.instatus import wire
from bot.providers.instatus.maintenance_wire import MaintenanceAnswer

PER_PAGE = 100
"""The most that a list answers at once (Instatus API documentation: pagination)."""

T = TypeVar("T", bound=RefAnswer)
E = TypeVar("E", wire.IncidentAnswer, MaintenanceAnswer)


@dataclass(frozen=True, slots=True)
class Endpoint(Generic[E]):
    """Where one sort of event is: its name, how one and many are read, which version lists them."""

    name: str
    one: TypeAdapter[E]
    many: TypeAdapter[list[E]]
    listed_by: str = "v1"

    @property
    def plural(self) -> str:
        return f"{self.name}s"


class Reader:
    """What both halves of a page need: addresses, lists, and single events.

    `url` tells the page's public address, or None while it cannot be learnt.
    """

    def __init__(self, api: Api, remote_id: str, url: Callable[[], Awaitable[str | None]]) -> None:
        self._api = api
        self._remote_id = remote_id
        self._url = url

    async def components(self) -> Sequence[Component]:
        address = path("v2", self._remote_id, "components")
        return wire.listed([each async for each in every(self._api, address, wire.COMPONENTS)])

    def _address(self, endpoint: Endpoint[E], *parts: str) -> str:
        return path("v1", self._remote_id, endpoint.plural, *parts)

    def _list(self, endpoint: Endpoint[E]) -> str:
        return path(endpoint.listed_by, self._remote_id, endpoint.plural)

    async def _all(self, endpoint: Endpoint[E]) -> list[E]:
        return [each async for each in every(self._api, self._list(endpoint), endpoint.many)]

    async def _is_listed(self, endpoint: Endpoint[E], id_: str) -> bool:
        return id_ in {each.id for each in await self._all(endpoint)}

    async def _read(self, endpoint: Endpoint[E], id_: str) -> E:
        try:
            return await self._api.read(self._address(endpoint, id_), endpoint.one)
        except ServerError:
            if await self._is_listed(endpoint, id_):
                raise
            raise Gone(f"Instatus does not list this {endpoint.name} any more.") from None

    async def _look(self, endpoint: Endpoint[E], id_: str, doubt: ProviderError) -> E:
        """Read an event to settle a doubt about a write; the doubt stays when that fails."""
        try:
            return await self._read(endpoint, id_)
        except ProviderError:
            raise doubt from None

    async def _delete(self, endpoint: Endpoint[E], id_: str) -> None:
        """Remove an event; an unknown one answers 500, so a list has to confirm it."""
        try:
            await self._api.write("DELETE", self._address(endpoint, id_), REF)
        except (Gone, Uncertain):
            if await self._is_listed(endpoint, id_):
                raise

    async def _shown(
        self, event: wire.IncidentAnswer | MaintenanceAnswer, named: Iterable[str]
    ) -> Mapping[str, ComponentStatus]:
        """Return what the page shows for the components of the event and for those `named`.

        One that the page does not have any more is left out.
        """
        more = [id_ for id_ in named if id_ not in event.shown]
        if not more:
            return event.shown
        listed = {each.id: each.status for each in await self.components()}
        return event.shown | {id_: listed[id_] for id_ in more if id_ in listed}


async def pages(
    api: Api, address: str, shape: TypeAdapter[list[T]], params: Mapping[str, str] | None = None
) -> AsyncIterator[list[T]]:
    """Read a list until it has nothing new: a short page is not the last one, an empty one is."""
    seen: set[str] = set()
    number = 0
    while True:
        number += 1
        asked: dict[str, str | int] = {"page": number, "per_page": PER_PAGE, **(params or {})}
        answers = await api.read(address, shape, asked)
        fresh = [each for each in answers if each.id not in seen]
        if not fresh:
            return
        seen |= {each.id for each in fresh}
        yield fresh


async def every(
    api: Api, address: str, shape: TypeAdapter[list[T]], params: Mapping[str, str] | None = None
) -> AsyncIterator[T]:
    """Read all items of a list, each once, even when it moves while it is read."""
    async for answers in pages(api, address, shape, params):
        for answer in answers:
            yield answer
