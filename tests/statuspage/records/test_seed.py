from datetime import timedelta

import pytest

from bot.statuspage.model.site_state import compute_state
from bot.statuspage.records.seed import seed
from bot.store import Database
from tests.statuspage.records.writing import NOW, site

pytestmark = pytest.mark.anyio


async def test_the_demo_has_a_company_with_a_past_and_plans(store: Database) -> None:
    assert await store.write(seed, NOW)
    loaded = await site(store)
    state = compute_state(loaded, NOW)
    assert loaded.name == "Ternwick"
    assert (len(loaded.groups), len(loaded.components), len(loaded.incidents)) == (4, 13, 10)
    assert (state.open, len(state.running), len(state.upcoming)) == ((), 1, 1)
    assert all(timedelta(days=3) < NOW - each.started < timedelta(90) for each in loaded.incidents)
    assert all(each.updates[-1].at < NOW for each in loaded.incidents)
    severities = {each.status for each in loaded.intervals}
    assert len(severities) == 3


@pytest.mark.parametrize("hour", [0, 5, 12, 23])
async def test_the_demo_is_right_at_every_hour(store: Database, hour: int) -> None:
    now = NOW.replace(hour=hour, minute=59, second=58)
    await store.write(seed, now)
    state = compute_state(await site(store, now), now)
    assert (len(state.running), len(state.upcoming)) == (1, 1)


async def test_the_demo_is_the_same_for_the_same_instant_and_filled_once(store: Database) -> None:
    await store.write(seed, NOW)
    first = await site(store)
    assert not await store.write(seed, NOW)
    assert await site(store) == first
    incidents = {each.id for each in first.incidents}
    assert len(incidents | {each.id for each in first.maintenances}) == 12
    assert first.incidents[0].id == "idbac0846626f"
