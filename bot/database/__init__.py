"""The database: opened once, worked on in threads, one plain function a transaction."""

import asyncio
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, DateTime, Engine, create_engine, event, exc, func, select
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.types import TypeDecorator

from bot.errors import StoreUnavailable

P = ParamSpec("P")
T = TypeVar("T")

Tx = Connection
"""A transaction: begun before the function that gets it, committed when that function returns."""

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""What indexes and constraints are called."""

_OUR_FAULTS = (exc.DataError, exc.ProgrammingError, exc.NotSupportedError)
"""What the database answers to statements and values that it will never take."""

_SQLITE_BEGINS = {"write": "BEGIN IMMEDIATE", "read": "BEGIN"}
"""A writer takes SQLite's lock at once: taken later, it is refused when another was faster."""

_BUDGET = 2.0
"""Seconds for which a transaction is tried again: a form is answered inside Slack's three."""
_MOST_TOGETHER = 16
"""Transactions that are committed as one: more would keep the first of them waiting."""


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant, also on SQLite, which forgets zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store the instant in UTC."""
        del dialect
        return value and value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401 -- SQLAlchemy's own signature
        """Give the instant back with its zone."""
        del dialect
        if not isinstance(value, datetime):
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class _TakenBack(Exception):
    """Ends a transaction that was only a rehearsal."""


@dataclass(eq=False, slots=True)
class _Job:
    """A transaction that somebody waits for, until `give_up`; once done, its result is kept."""

    work: Callable[[Tx], Any]
    give_up: float
    awaited: bool = True
    results: list[Any] = field(default_factory=list)


class Database:
    """The database behind two small crews of threads: those that write and those that read.

    SQLite has one writer thread, so that connections never fight for its lock; PostgreSQL a few.
    That one thread commits what waits for it together, as PostgreSQL does by itself.
    """

    def __init__(
        self, writer: Engine, reader: Engine, writers: int, begins: Mapping[str, str] | None = None
    ) -> None:
        """Take the engines; `writers` is the number of transactions that may write at a time.

        `begins` is what begins a transaction where the driver does not do it by itself.
        """
        self._engines = {"write": writer, "read": reader}
        self._begins = begins or {}
        self._waiting: deque[_Job] | None = deque() if writers == 1 else None
        self._crews = {
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

    async def rehearse(
        self, work: Callable[Concatenate[Tx, P], object], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Run `work(tx, …)` as `write` does, and take back all that it did."""

        def taken_back(tx: Tx) -> None:
            work(tx, *args, **kwargs)
            raise _TakenBack

        with suppress(_TakenBack):
            await self._run("write", taken_back)

    async def _run(self, crew: str, work: Callable[[Tx], T]) -> T:
        loop = asyncio.get_running_loop()
        # Whoever asks waits in the queue too, so that time counts.
        job = _Job(work, time.monotonic() + _BUDGET)
        if crew == "write" and self._waiting is not None:
            self._waiting.append(job)
        try:
            result: T = await loop.run_in_executor(self._crews[crew], self._transact, crew, job)
        finally:
            job.awaited = False
        return result

    def _transact(self, crew: str, job: _Job) -> Any:  # noqa: ANN401 -- what the work returns
        if self._waiting and job in self._waiting:
            self._commit_together(self._waiting)
        if job.results:
            return job.results[0]
        if time.monotonic() > job.give_up:
            raise StoreUnavailable("Foghorn's database did not get round to it in time.")
        pause = 0.005
        while True:
            try:
                with self._begun(crew) as tx:
                    return job.work(tx)
            except _OUR_FAULTS:
                raise
            except exc.DBAPIError as error:
                # Two that store the same at once: the second finds it when it runs again.
                if time.monotonic() + pause > job.give_up:
                    raise StoreUnavailable(sentence(error)) from error
                # At random, or of several that wait for SQLite's lock one may never get it.
                time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 -- no secret
                pause = min(pause * 2, 0.02)

    def _commit_together(self, waiting: deque[_Job]) -> None:
        """Run what waits in one transaction, since every commit waits for the disk.

        When one of them fails none is done, and each runs alone in its turn.
        """
        first = [waiting.popleft() for _ in range(min(len(waiting), _MOST_TOGETHER))]
        now = time.monotonic()
        jobs = [job for job in first if job.awaited and now <= job.give_up]
        if len(jobs) > 1:
            with suppress(Exception):  # whose fault it was shows when they run alone
                with self._begun("write") as tx:
                    results = [job.work(tx) for job in jobs]
                for job, result in zip(jobs, results, strict=True):
                    job.results.append(result)

    @contextmanager
    def _begun(self, crew: str) -> Iterator[Tx]:
        with self._engines[crew].begin() as tx:
            # Not by an event of the engine's: one listener makes every statement dearer.
            if begin := self._begins.get(crew):
                tx.exec_driver_sql(begin)
            yield tx

    def close(self) -> None:
        """Finish what is in hand and close every connection."""
        for crew in self._crews.values():
            crew.shutdown()
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


def database_url(text: str) -> URL:
    """Return the address as SQLAlchemy wants it, with the drivers that we use.

    Accepts `sqlite:///…`, `postgres://…` and `postgresql://…`.
    """
    url = make_url(text)
    return url.set(drivername="sqlite" if url.drivername == "sqlite" else "postgresql+psycopg")


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url, pool_size=2, max_overflow=0, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 -- the driver's own type
        # Without this the driver begins transactions by itself, too late to hold the lock.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        # Short, since `_transact` tries again for as long as there is time.
        connection.execute("PRAGMA busy_timeout=10")

    return engine


def _postgres_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_size=6,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": 2},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 -- the driver's own type
        # Twice at most in `_BUDGET`: whoever holds a row for longer must not hold up a form.
        connection.execute(f"SET lock_timeout = {int(_BUDGET * 450)}")
        connection.commit()

    return engine


@asynccontextmanager
async def open_database(address: str) -> AsyncIterator[Database]:
    """Open the database at `address`; it is closed on leaving.

    The tables must be there already: `bot.store.migrations.upgrade` makes them.
    """
    url = database_url(address)
    if url.drivername == "sqlite":
        store = Database(_sqlite_engine(url), _sqlite_engine(url), 1, _SQLITE_BEGINS)
    else:
        engine = _postgres_engine(url)
        store = Database(engine, engine, 4)
    try:
        yield store
    finally:
        await asyncio.to_thread(store.close)
