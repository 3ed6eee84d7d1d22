"""A long queue makes no look for what is due dearer; counted in steps of SQLite, not in time."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.database import open_database
from bot.domain.deliveries import Delivery, State
from bot.store import Database, Tx, deliveries
from tests.databases import new_file
from tests.store.samples import NOW, delivery, lease

pytestmark = pytest.mark.anyio

MANY = 3000
STEP = 10


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(new_file(tmp_path / "foghorn.db")) as opened:
        yield opened


def steps(tx: Tx) -> int:
    """Look for what is due, as the outbox does, and return how many steps that took."""
    counted = 0

    def count() -> None:
        nonlocal counted
        counted += STEP

    driver = tx.connection.dbapi_connection
    assert driver
    driver.set_progress_handler(count, STEP)
    deliveries.expire(tx, NOW, timedelta(seconds=20))
    taken: list[Delivery] = []
    for state in (State.PENDING, State.UNSURE):
        taken += deliveries.claim(tx, state, lease("ours"), 1)
    driver.set_progress_handler(None, STEP)
    assert len(taken) == 1
    return counted


async def test_a_long_queue_makes_no_claim_dearer(store: Database) -> None:
    queue = [delivery(f"k{number}", f"lane {number}") for number in range(MANY)]
    await store.write(deliveries.add, queue[:2], NOW)
    few = await store.write(steps)
    await store.write(deliveries.add, queue[2:], NOW)
    many = await store.write(steps)
    assert few > 0
    assert many < 3 * few
