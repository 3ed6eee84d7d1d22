import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.database import open_database
from bot.domain.pages import Page
from bot.store import Database, Tx, pages
from tests.databases import new_file
from tests.store.samples import NOW
from tests.waits import SECONDS

pytestmark = pytest.mark.anyio


async def while_the_writer_is_busy(store: Database, *works: Callable[[Tx], object]) -> list[object]:
    """Ask for `works` while another keeps the writer, and return what each gave or raised."""
    go_on = threading.Event()

    async def let_go() -> None:
        go_on.set()

    busy = asyncio.create_task(store.write(lambda _tx: go_on.wait(SECONDS)))
    done = await asyncio.gather(*map(store.write, works), let_go(), return_exceptions=True)
    await busy
    return done[:-1]


def save(name: str) -> Callable[[Tx], object]:
    return lambda tx: pages.save_page(tx, Page(f"instatus:{name}", name), [], NOW)


@pytest.fixture
async def on_sqlite(tmp_path: Path) -> AsyncIterator[Database]:
    """A store with one writer; PostgreSQL has several, and commits together by itself."""
    async with open_database(new_file(tmp_path / "foghorn.db")) as store:
        yield store


async def test_what_waits_is_committed_together(on_sqlite: Database) -> None:
    one, two, three = await while_the_writer_is_busy(on_sqlite, *[lambda tx: tx] * 3)
    assert one is two is three


async def test_one_that_fails_takes_no_other_along(store: Database) -> None:
    def fail(tx: Tx) -> None:
        save("lost")(tx)
        raise LookupError("ours")

    done = await while_the_writer_is_busy(store, save("before"), fail, save("after"))
    assert [type(each) for each in done] == [type(None), LookupError, type(None)]
    assert {page.name for page in await store.read(pages.all_pages)} == {"before", "after"}


async def test_what_nobody_waits_for_any_more_is_left_out(on_sqlite: Database) -> None:
    store = on_sqlite
    go_on = threading.Event()
    busy = asyncio.create_task(store.write(lambda _tx: go_on.wait(SECONDS)))
    given_up = asyncio.create_task(store.write(save("given up")))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.wait([given_up])
    waited_for = asyncio.gather(store.write(save("one")), store.write(save("two")))
    asyncio.get_running_loop().call_soon(go_on.set)
    await asyncio.gather(busy, waited_for)
    assert {page.name for page in await store.read(pages.all_pages)} == {"one", "two"}
