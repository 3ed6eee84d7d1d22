import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import pytest

from bot.errors import StoreUnavailable
from bot.statuspage.records import queries
from bot.store import Database
from tests.statuspage.records.writing import (
    IDENTIFIED,
    MAJOR,
    NOW,
    component,
    opened,
    posted,
    site,
    spans,
)

pytestmark = pytest.mark.anyio


async def test_one_key_at_once_makes_one_incident(store: Database) -> None:
    made = await asyncio.gather(*(opened(store, {}, "key") for _ in range(8)))
    assert len(set(made)) == 1
    assert await store.read(queries.revision) == 1


async def at_last(change: Callable[[], Awaitable[object]]) -> None:
    """Make a change; who finds the database busy for too long tries again."""
    for _ in range(20):
        with suppress(StoreUnavailable):
            await change()
            return
    raise AssertionError(change)


async def test_changes_at_once_are_all_kept(store: Database) -> None:
    api = await component(store, "API")
    incident = await opened(store, {api: MAJOR})
    before = await store.read(queries.revision)
    posts = [partial(posted, store, incident, at, IDENTIFIED, {}) for at in range(10, 20)]
    more = [partial(component, store, f"C{number}") for number in range(5)]
    await asyncio.gather(*(at_last(change) for change in (*posts, *more)))
    loaded = await site(store, NOW)
    assert len(loaded.incidents[0].updates) == 11
    assert loaded.revision == before + 15
    stored = await store.read(queries.components)
    assert [each.position for each in stored] == [1, 2, 3, 4, 5, 6]
    assert spans(loaded) == [(api, MAJOR, 0, None)]
