"""The database: runs transactions in threads, again if need be, and commits together what waits."""

import asyncio
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, exc, func, select

from bot.database.engines import database_url, postgres_engine, sqlite_engine
from bot.database.types import Instant, Tx
from bot.errors import StoreUnavailable

P = ParamSpec("P")
T = TypeVar("T")

_OUR_FAULTS = (exc.DataError, exc.ProgrammingError, exc.NotSupportedError)
"""What the database answers to statements and values that it will never take."""

_SQLITE_BEGINS = {"write": "BEGIN IMMEDIATE", "read": "BEGIN"}
"""A writer takes SQLite's lock at once: taken later, it is refused when another was faster."""

_BUDGET = 2.0
"""Seconds for which a transaction is tried again: a form is answered inside Slack's three."""
_LOCK_SECONDS = 0.45 * _BUDGET
"""Twice at most in the budget: whoever holds a row for longer must not hold up a form."""
_MOST_TOGETHER = 16
"""Transactions that are committed as one: more would keep the first of them waiting."""


class _RolledBack(Exception):
    """Ends a transaction that was only a dry run."""


@dataclass(eq=False, slots=True)
class _Request:
    """A transaction that somebody waits for, until `give_up`; once done, its result is kept."""

    work: Callable[[Tx], Any]
    give_up: float
    awaited: bool = True
    results: list[Any] = field(default_factory=list)


class Database:
    """The database behind two small pools of threads: those that write and those that read.

    SQLite has one writer thread, so that connections never fight for its lock; PostgreSQL a few.
    That one thread commits what waits for it together, as PostgreSQL does by itself. `begins` is
    what begins a transaction where the driver does not do it by itself.
    """

    def __init__(
        self, writer: Engine, reader: Engine, writers: int, begins: Mapping[str, str] | None = None
    ) -> None:
        self._engines = {"write": writer, "read": reader}
        self._begins = begins or {}
        self._waiting: deque[_Request] | None = deque() if writers == 1 else None
        self._pools = {
            "write": ThreadPoolExecutor(writers, thread_name_prefix="store-write"),
            "read": ThreadPoolExecutor(2, thread_name_prefix="store-read"),
        }

    async def write(
        self, work: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(tx, …)` in a transaction that may write.

        `work` may run more than once when the database stumbles, so it must do nothing but use the
        transaction. Raises `StoreUnavailable` when the database is not back within two seconds.
        """
        return await self._run("write", lambda tx: work(tx, *args, **kwargs))

    async def read(
        self, work: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(tx, …)` in a transaction that only reads; raises as `write` does."""
        return await self._run("read", lambda tx: work(tx, *args, **kwargs))

    async def dry_run(
        self, work: Callable[Concatenate[Tx, P], object], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Run `work(tx, …)` as `write` does, and take back all that it did."""

        def rolled_back(tx: Tx) -> None:
            work(tx, *args, **kwargs)
            raise _RolledBack

        with suppress(_RolledBack):
            await self._run("write", rolled_back)

    async def _run(self, kind: str, work: Callable[[Tx], T]) -> T:
        loop = asyncio.get_running_loop()
        # Whoever asks waits in the queue too, so that time counts.
        request = _Request(work, time.monotonic() + _BUDGET)
        if kind == "write" and self._waiting is not None:
            self._waiting.append(request)
        try:
            result: T = await loop.run_in_executor(self._pools[kind], self._transact, kind, request)
        finally:
            request.awaited = False
        return result

    def _transact(self, kind: str, request: _Request) -> Any:  # noqa: ANN401 -- what the work returns
        if self._waiting and request in self._waiting:
            self._commit_together(self._waiting)
        if request.results:
            return request.results[0]
        if time.monotonic() > request.give_up:
            raise StoreUnavailable("Foghorn's database did not get round to it in time.")
        pause = 0.005
        while True:
            try:
                with self._begun(kind) as tx:
                    return request.work(tx)
            except _OUR_FAULTS:
                raise
            except exc.DBAPIError as error:
                # Two that store the same at once: the second finds it when it runs again.
                if time.monotonic() + pause > request.give_up:
                    raise StoreUnavailable(sentence(error)) from error
                # At random, or of several that wait for SQLite's lock one may never get it.
                time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 -- no secret
                pause = min(pause * 2, 0.02)

    def _commit_together(self, waiting: deque[_Request]) -> None:
        """Run what waits in one transaction, since every commit waits for the disk.

        When one of them fails none is done, and each runs alone in its turn.
        """
        first = [waiting.popleft() for _ in range(min(len(waiting), _MOST_TOGETHER))]
        now = time.monotonic()
        together = [request for request in first if request.awaited and now <= request.give_up]
        if len(together) > 1:
            with suppress(Exception):  # whose fault it was shows when they run alone
                with self._begun("write") as tx:
                    results = [request.work(tx) for request in together]
                for request, result in zip(together, results, strict=True):
                    request.results.append(result)

    @contextmanager
    def _begun(self, kind: str) -> Iterator[Tx]:
        with self._engines[kind].begin() as tx:
            # Not by an event of the engine's: one listener makes every statement dearer.
            if begin := self._begins.get(kind):
                tx.exec_driver_sql(begin)
            yield tx

    def close(self) -> None:
        """Finish what is in hand and close every connection."""
        for pool in self._pools.values():
            pool.shutdown()
        for engine in self._engines.values():
            engine.dispose()


def its_time(tx: Tx) -> datetime | None:
    """Return the present instant by the database; None on SQLite, whose time is the machine's."""
    if tx.dialect.name == "sqlite":
        return None
    return tx.scalar(select(func.clock_timestamp(type_=Instant())))


def sentence(error: exc.DBAPIError) -> str:
    """Say what the database said, without the statement and its values."""
    first_line = str(error.orig).strip().splitlines()[:1]
    return f"Foghorn's database did not answer ({first_line[0] if first_line else 'no reason'})."


@asynccontextmanager
async def open_database(address: str) -> AsyncIterator[Database]:
    """Open the database at `address`; it is closed on leaving.

    The tables must be there already: `bot.store.migrations.upgrade` makes them.
    """
    url = database_url(address)
    if url.drivername == "sqlite":
        database = Database(sqlite_engine(url), sqlite_engine(url), 1, _SQLITE_BEGINS)
    else:
        engine = postgres_engine(url, _LOCK_SECONDS)
        database = Database(engine, engine, 4)
    try:
        yield database
    finally:
        await asyncio.to_thread(database.close)
