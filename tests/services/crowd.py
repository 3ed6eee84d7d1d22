"""Many questions due at one instant, and several instances that sweep them at once."""

import asyncio
import multiprocessing
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import select

from bot.database import open_database
from bot.domain.pages import ComponentStatus
from bot.domain.reminders.ladders import ReminderSettings
from bot.domain.reminders.watches import Watch
from bot.domain.subjects import PublicationState
from bot.services.due.reminders import ReminderTimers
from bot.services.due.timers import Timers
from bot.services.ledger.watches import save
from bot.store import Database, Tx, incidents, tables
from tests.services.shaky import MovedClock
from tests.store.samples import NOW, incident, publication

HOUR = timedelta(hours=1)


def store_open(tx: Tx, many: int, due: datetime) -> None:
    for number in range(many):
        mine = publication(
            number,
            subject_id=f"inc{number}",
            state=PublicationState.LIVE,
            remote_id=f"r{number}",
            impacts={"c1": ComponentStatus.DEGRADED},
        )
        each = incident(number, updated_at=NOW, due_at=due, publications=(mine,))
        incidents.add(tx, each)
        save(tx, each, Watch(due))


def owed(tx: Tx) -> Counter[str]:
    query = select(tables.deliveries.c.subject_id).where(tables.deliveries.c.kind == "remind")
    return Counter(tx.scalars(query))


def timed(store: Database, at: datetime) -> Timers:
    batches = ReminderTimers(ReminderSettings(), None).batches()
    return Timers(store, MovedClock(at), {}, lambda: None, batches)


class Stopwatch:
    """Times what is written; all else is the store's."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self.slowest = self.spent = 0.0

    async def write(self, *work: Any) -> Any:  # noqa: ANN401 (whatever the store's takes)
        started = time.monotonic()
        done = await self._store.write(*work)
        took = time.monotonic() - started
        self.slowest, self.spent = max(self.slowest, took), self.spent + took
        return done


async def sweep(address: str, at: datetime, many: int) -> float:
    """Sweep as an instance of its own until `many` are asked; return the slowest claim's seconds.

    A claim has with it all that the questions owe.
    """
    async with open_database(address) as store:
        watch = Stopwatch(store)
        timers = timed(cast("Database", watch), at)
        while sum((await store.read(owed)).values()) < many:
            await timers.sweep()
    return watch.slowest


def sweep_in_process(address: str, many: int) -> float:
    return asyncio.run(sweep(address, NOW + HOUR, many))


def sweep_in_processes(address: str, many: int, instances: int) -> Sequence[float]:
    """Sweep in so many processes at once; return the seconds of the slowest claim of each."""
    with ProcessPoolExecutor(instances, multiprocessing.get_context("spawn")) as processes:
        started = [processes.submit(sweep_in_process, address, many) for _ in range(instances)]
        return [each.result() for each in started]
