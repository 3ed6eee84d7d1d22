"""Many instances sweep many questions at once: each is asked once, in threads and in processes."""

import asyncio
import multiprocessing
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import select

from bot.database import open_store
from bot.domain.ladders import Reminders
from bot.domain.pages import ComponentStatus
from bot.domain.reminders import Watch
from bot.domain.subjects import PublicationState
from bot.services.reminders import Reminding, keep
from bot.services.timers import Timers
from bot.store import Store, Tx, incidents, tables
from bot.store.watches import Kept
from tests.services.shaky import MovedClock
from tests.store.samples import NOW, incident, publication

pytestmark = pytest.mark.anyio

MANY = 1000
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
        keep(tx, each, Kept(Watch(due)))


def owed(tx: Tx) -> Counter[str]:
    query = select(tables.deliveries.c.subject_id).where(tables.deliveries.c.kind == "remind")
    return Counter(tx.scalars(query))


def timed(store: Store, at: datetime) -> Timers:
    batches = Reminding(Reminders(), None).batches()
    return Timers(store, MovedClock(at), {}, lambda: None, batches)


class Stopwatch:
    """Times what is written; all else is the store's."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.slowest = 0.0

    async def write(self, *work: Any) -> Any:  # noqa: ANN401 (whatever the store's takes)
        started = time.monotonic()
        done = await self._store.write(*work)
        self.slowest = max(self.slowest, time.monotonic() - started)
        return done


async def sweep(address: str, at: datetime) -> float:
    """Sweep as an instance of its own until all is asked; return how long the slowest claim took.

    A claim has with it all that the questions owe.
    """
    async with open_store(address) as store:
        watch = Stopwatch(store)
        timers = timed(cast("Store", watch), at)
        while sum((await store.read(owed)).values()) < MANY:
            await timers.sweep()
    return watch.slowest


def sweep_in_process(address: str) -> float:
    return asyncio.run(sweep(address, NOW + HOUR))


@pytest.mark.parametrize("instances", [2, 4])
async def test_of_a_thousand_due_at_once_each_is_asked_once_however_many_instances_there_are(
    address: str, instances: int
) -> None:
    async with open_store(address) as store:
        await store.write(store_open, MANY, NOW)
    with ProcessPoolExecutor(instances, multiprocessing.get_context("spawn")) as processes:
        slowest = await asyncio.to_thread(
            lambda: list(processes.map(sweep_in_process, [address] * instances, chunksize=1))
        )
    async with open_store(address) as store:
        assert await store.read(owed) == {f"inc{number}": 1 for number in range(MANY)}
    print(f"{instances} instances, slowest claim {max(slowest) * 1000:.0f} ms")  # noqa: T201


async def test_five_hundred_due_during_an_hour_down_are_asked_about_once_each(address: str) -> None:
    async with open_store(address) as store:
        await store.write(store_open, 500, NOW + timedelta(minutes=1))
        await timed(store, NOW).sweep()
        assert not await store.read(owed)
        back = NOW + HOUR
        await timed(store, back).sweep()
        await timed(store, back + timedelta(seconds=1)).sweep()
        assert await store.read(owed) == {f"inc{number}": 1 for number in range(500)}


async def test_a_clock_that_jumps_an_hour_either_way_neither_skips_nor_doubles(
    address: str,
) -> None:
    async with open_store(address) as store:
        await store.write(store_open, 1, NOW)
        for hours in (0, 1, 0, 1):
            await timed(store, NOW + hours * HOUR).sweep()
        assert (await store.read(owed))["inc0"] == 2  # at its time, and once the clock was ahead
        for minutes in (89, 90, 30, 90):
            await timed(store, NOW + minutes * timedelta(minutes=1)).sweep()
        assert (await store.read(owed))["inc0"] == 3  # half an hour later by the same clock
