import asyncio
from datetime import timedelta

import pytest

from bot.database import open_database
from tests.services.crowd import HOUR, owed, store_open, sweep_in_processes, timed
from tests.store.samples import NOW

pytestmark = pytest.mark.anyio

MANY = 1000


@pytest.mark.parametrize("instances", [2, 4])
async def test_of_a_thousand_due_at_once_each_is_asked_once_however_many_instances_there_are(
    address: str, instances: int
) -> None:
    async with open_database(address) as store:
        await store.write(store_open, MANY, NOW)
    await asyncio.to_thread(sweep_in_processes, address, MANY, instances)
    async with open_database(address) as store:
        assert await store.read(owed) == {f"inc{number}": 1 for number in range(MANY)}


async def test_five_hundred_due_during_an_hour_down_are_asked_about_once_each(address: str) -> None:
    async with open_database(address) as store:
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
    async with open_database(address) as store:
        await store.write(store_open, 1, NOW)
        for hours in (0, 1, 0, 1):
            await timed(store, NOW + hours * HOUR).sweep()
        assert (await store.read(owed))["inc0"] == 2  # at its time, and once the clock was ahead
        for minutes in (89, 90, 30, 90):
            await timed(store, NOW + minutes * timedelta(minutes=1)).sweep()
        assert (await store.read(owed))["inc0"] == 3  # half an hour later by the same clock
