"""Faults of the demo's page: what a team turns on to see how Foghorn goes on."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from bot.domain.pages import Capabilities, Page
from bot.errors import Unavailable, Uncertain
from bot.ports import Account, StatusPage

P = ParamSpec("P")
T = TypeVar("T")
SLOW_SECONDS = 8.0
"""Less than Foghorn waits for an answer."""
_WRITES = ("create_", "post_", "schedule_", "rename_", "edit_", "delete_", "move_", "show_")


PAGE_FAULTS = {
    "page_down": ("Page down", "The status page takes nothing. Foghorn keeps it and goes on."),
    "page_slow": ("Page slow", f"Each answer of the page takes {SLOW_SECONDS:g} seconds."),
    "page_loses": (
        "Answers lost",
        "The page publishes, and its answers get lost. It is there once all the same.",
    ),
}
"""Each fault by its key: its name, and what somebody will see of it."""


@dataclass
class PageFaults:
    """What goes wrong with each call of the page, by the keys of `PAGE_FAULTS`."""

    delay: float = SLOW_SECONDS
    on: set[str] = field(default_factory=set)

    def turn(self, key: str, on: bool) -> None:  # noqa: FBT001 - a switch has two sides
        """Turn one on or off."""
        (self.on.add if on else self.on.discard)(key)

    def account(self, account: Account) -> Account:
        """Return the account with these faults between it and us."""
        return _FaultyAccount(account, self)

    async def meet(self, name: str, call: Callable[[], Awaitable[T]]) -> T:
        """Do one call of the page, named `name`, with the faults that are on."""
        if "page_down" in self.on:
            raise Unavailable("The status page does not answer: the fault “Page down” is on.")
        if "page_slow" in self.on:
            await asyncio.sleep(self.delay)
        answer = await call()
        if "page_loses" in self.on and name.startswith(_WRITES):
            raise Uncertain("The answer got lost: the fault “Answers lost” is on.")
        return answer


@dataclass(frozen=True)
class _FaultyAccount:
    """An account whose calls meet the faults."""

    inner: Account
    faults: PageFaults

    @property
    def provider(self) -> str:
        return self.inner.provider

    @property
    def capabilities(self) -> Capabilities:
        return self.inner.capabilities

    async def pages(self) -> Sequence[Page]:
        return await self.faults.meet("pages", self.inner.pages)

    def page(self, page_id: str) -> StatusPage:
        return cast("StatusPage", _FaultyPage(self.inner.page(page_id), self.faults))


class _FaultyPage:
    """A page whose every call meets the faults, whatever a page can be asked for."""

    def __init__(self, inner: StatusPage, faults: PageFaults) -> None:
        self._inner = inner
        self._faults = faults

    def __getattr__(self, name: str) -> object:
        found = getattr(self._inner, name)
        return self._meeting(name, found) if callable(found) else found

    def _meeting(self, name: str, call: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        @wraps(call)
        async def met(*args: P.args, **kwargs: P.kwargs) -> T:
            return await self._faults.meet(name, lambda: call(*args, **kwargs))

        return met
