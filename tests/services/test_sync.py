from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from bot.domain.pages import ComponentStatus
from bot.services.sync import Sync
from bot.store import Database, pages
from tests.providers.rigs import FakeRig, WallClock, incidentio, instatus

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Pages:
    """A page of each vendor, and what keeps our snapshot of them."""

    one: FakeRig
    other: FakeRig
    sync: Sync
    store: Database

    async def names(self) -> list[str]:
        return [page.name for page in await self.store.read(pages.all_pages)]

    async def components(self) -> list[tuple[str, ComponentStatus]]:
        found, _total = await self.store.read(pages.search, "", [], 100)
        return [(choice.component.name, choice.component.status) for choice in found]


@pytest.fixture
async def both(store: Database) -> AsyncIterator[Pages]:
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(instatus())
        other = await stack.enter_async_context(incidentio())
        await one.component("API")
        await other.component("Mail")
        yield Pages(one, other, Sync(store, WallClock(), [one.account, other.account]), store)


async def test_every_page_and_component_is_read(both: Pages) -> None:
    await both.sync.refresh()
    assert await both.names() == ["Example Corp", "Northwind"]
    assert sorted(name for name, _ in await both.components()) == ["API", "Mail"]
    assert both.sync.troubles == {}


async def test_a_later_reading_takes_the_place_of_the_earlier(both: Pages) -> None:
    await both.sync.refresh()
    await both.one.component("Web")
    vendor = both.one.vendor
    vendor.open_incident(vendor.page_id, "Slow", impacts={})
    await both.sync.refresh()
    assert sorted(name for name, _ in await both.components()) == ["API", "Mail", "Web"]


async def test_one_page_in_trouble_keeps_no_other_from_being_read(both: Pages) -> None:
    await both.one.vendor.refuse_connections()
    await both.sync.refresh()
    assert await both.names() == ["Northwind"]
    assert "could not be reached" in both.sync.troubles["instatus"]
    await both.one.vendor.accept()
    await both.sync.refresh()
    assert both.sync.troubles == {}
    assert await both.names() == ["Example Corp", "Northwind"]


async def test_a_page_that_cannot_be_read_is_kept_as_it_was(both: Pages) -> None:
    await both.sync.refresh()
    both.one.vendor.fail_next(503, method="GET", path="components")
    await both.sync.refresh()
    assert "Example Corp" in both.sync.troubles
    assert sorted(name for name, _ in await both.components()) == ["API", "Mail"]


async def test_pages_of_a_provider_whose_key_was_taken_away_are_forgotten(both: Pages) -> None:
    await both.sync.refresh()
    await Sync(both.store, WallClock(), [both.other.account]).refresh()
    assert await both.names() == ["Northwind"]
    assert [name for name, _ in await both.components()] == ["Mail"]
    await Sync(both.store, WallClock(), []).refresh()
    assert await both.names() == []


async def test_a_page_that_the_key_no_longer_reaches_is_forgotten(both: Pages) -> None:
    await both.sync.refresh()
    both.one.vendor.fail_next(200, [], method="GET", path="/pages")
    await both.sync.refresh()
    assert await both.names() == ["Northwind"]
    assert [name for name, _ in await both.components()] == ["Mail"]


async def test_the_trouble_of_a_page_ends_when_it_has_another_name_or_is_gone(both: Pages) -> None:
    await both.sync.refresh()
    both.one.vendor.fail_next(503, method="GET", path="components")
    await both.sync.refresh()
    assert "Example Corp" in both.sync.troubles
    both.one.vendor.fail_next(200, [], method="GET", path="/pages")
    await both.sync.refresh()
    assert both.sync.troubles == {}
