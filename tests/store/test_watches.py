from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.reminders.watches import Freshness, Watch
from bot.store import Database, incidents, watches
from tests.store.samples import NOW, incident

pytestmark = pytest.mark.anyio

WATCH = Watch(NOW, 2, NOW + timedelta(hours=1), "Ben")
KEPT = replace(WATCH, turn=3, shown=Freshness.DUE, shown_at=NOW - timedelta(minutes=1))


async def test_a_watch_comes_back_as_it_was_kept(store: Database) -> None:
    await store.write(incidents.add, incident(updated_at=NOW))
    assert await store.read(watches.get, "inc1") is None
    await store.write(watches.save, "inc1", KEPT)
    assert await store.read(watches.get, "inc1") == KEPT


async def test_a_watch_is_kept_over_the_one_before(store: Database) -> None:
    await store.write(incidents.add, incident(updated_at=NOW))
    await store.write(watches.save, "inc1", KEPT)
    await store.write(watches.save, "inc1", Watch(None))
    assert await store.read(watches.get, "inc1") == Watch(None)


async def test_many_change_at_once_and_each_as_it_should(store: Database) -> None:
    for number in (1, 2, 3):
        await store.write(incidents.add, incident(number, updated_at=NOW))
        await store.write(watches.save, f"inc{number}", KEPT)
    changed = {f"inc{number}": replace(KEPT, turn=number * 10) for number in (1, 3)}
    await store.write(watches.change, changed)
    await store.write(watches.change, {})
    found = await store.read(watches.get_many, ["inc1", "inc2", "inc3", "inc4"])
    assert {key: each.turn for key, each in found.items()} == {"inc1": 10, "inc2": 3, "inc3": 30}


async def test_what_is_open_and_public_and_unwatched_is_found(store: Database) -> None:
    await store.write(incidents.add, incident(1, updated_at=NOW))
    await store.write(incidents.add, incident(2, updated_at=None))
    await store.write(incidents.add, incident(3, updated_at=NOW, status=IncidentStatus.RESOLVED))
    await store.write(incidents.add, incident(4, updated_at=NOW))
    await store.write(watches.save, "inc4", KEPT)
    assert await store.read(watches.unwatched) == ("inc1",)
