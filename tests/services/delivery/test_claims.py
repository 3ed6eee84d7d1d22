"""Many claim at the same time, in threads and in processes: each delivery goes to one of them."""

import asyncio
import multiprocessing
import uuid
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest

from bot.database import open_database
from bot.domain.deliveries import Delivery, DirectMessage, Lease, State
from bot.store import deliveries

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
KEYS = [f"key {number:03}" for number in range(200)]


@pytest.fixture
async def owed(address: str) -> str:
    """The address of a database where two hundred deliveries are due, each in a lane of its own."""
    letter = DirectMessage("U0ANN", "Hello", "There is news.")
    made = [Delivery(key=key, lane=key, target="slack", payload=letter) for key in KEYS]
    async with open_database(address) as store:
        await store.write(deliveries.add, made, NOW)
    return address


async def claim_all(address: str) -> list[str]:
    """Claim three at a time, as a worker of its own, until nothing is left."""
    claimed: list[str] = []
    async with open_database(address) as store:
        while True:
            lease = Lease(uuid.uuid4().hex, NOW, NOW + timedelta(minutes=1))
            taken = await store.write(deliveries.claim, State.PENDING, lease, 3)
            if not taken:
                return claimed
            claimed += [delivery.key for delivery in taken]


def claim_in_process(address: str) -> list[str]:
    return asyncio.run(claim_all(address))


async def test_of_eight_who_claim_at_once_each_delivery_goes_to_one(owed: str) -> None:
    claims = await asyncio.gather(*(claim_all(owed) for _ in range(8)))
    assert sorted(chain(*claims)) == KEYS


async def test_of_three_processes_that_claim_at_once_each_delivery_goes_to_one(owed: str) -> None:
    with ProcessPoolExecutor(3, multiprocessing.get_context("spawn")) as processes:
        claims = await asyncio.to_thread(
            lambda: list(processes.map(claim_in_process, [owed] * 3, chunksize=1))
        )
    assert sorted(chain(*claims)) == KEYS
