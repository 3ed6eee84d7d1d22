"""Reaching our own page's records: they are in our database, so its silence is no doubt."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from bot.database import Database, Tx
from bot.errors import Rejected, StoreUnavailable, Unavailable
from bot.ports import WRITE_BEFORE, Clock

P = ParamSpec("P")
T = TypeVar("T")

NAME_LIMIT = 255
MESSAGE_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """Where the records are, and the address under which the page is served."""

    store: Database
    public_url: str


class Access:
    """What both halves of the page need."""

    def __init__(self, settings: LocalSettings, clock: Clock) -> None:
        self._store = settings.store
        self._url = settings.public_url.rstrip("/")
        self._clock = clock

    async def _read(
        self, work: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await answered(self._store.read(work, *args, **kwargs))

    async def _write(
        self, work: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        until = WRITE_BEFORE.get()

        def fenced(tx: Tx) -> T:
            # Here, since the transaction may have waited for its turn.
            if until is not None and time.monotonic() >= until:
                raise Unavailable("Foghorn was held up for too long; it will try again.")
            return work(tx, *args, **kwargs)

        return await answered(self._store.write(fenced))


async def answered(work: Awaitable[T]) -> T:
    """Wait for the database; each of our writes can be repeated, so its silence is no doubt."""
    try:
        return await work
    except StoreUnavailable as error:
        raise Unavailable(str(error)) from error


def refuse_long(name: str, message: str) -> None:
    """Raise `Rejected` when a text is longer than the page takes."""
    for what, text, limit in (("name", name, NAME_LIMIT), ("message", message, MESSAGE_LIMIT)):
        if len(text) > limit:
            raise Rejected(f"The {what} is longer than {limit:,} characters; shorten it.")
