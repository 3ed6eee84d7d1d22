import asyncio
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import ProgrammingError

from bot.database import open_database
from bot.domain.pages import Page
from bot.errors import StoreUnavailable
from bot.store import Database, Tx, incidents, pages, subjects
from tests.databases import new_file
from tests.store.conftest import Schemas
from tests.store.samples import NOW, incident
from tests.waits import SECONDS

pytestmark = pytest.mark.anyio

SECRET = "Kleopatra's outage"


async def save(store: Database, name: str = SECRET) -> None:
    await store.write(pages.save_page, Page("instatus:p1", name), [], NOW)


async def names(store: Database) -> list[str]:
    return [page.name for page in await store.read(pages.all_pages)]


async def complaint(store: Database) -> str:
    """What a write says that fails: one sentence, with nothing of the statement in it."""
    started = time.monotonic()
    with pytest.raises(StoreUnavailable) as caught:
        await save(store)
    assert time.monotonic() - started < 2.5
    said = str(caught.value)
    assert said.startswith("Foghorn's database did not answer (")
    assert "\n" not in said
    for private in (SECRET, "INSERT", "SELECT", "pages", "[SQL", "sqlite3", "psycopg"):
        assert private not in said
    return said


@pytest.fixture
def file(tmp_path: Path) -> Path:
    new_file(path := tmp_path / "foghorn.db")
    return path


@contextmanager
def locked(file: Path) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_what_breaks_off_leaves_nothing_behind(store: Database) -> None:
    def half(tx: Tx) -> None:
        pages.save_page(tx, Page("p", "Half"), [], NOW)
        raise LookupError

    with pytest.raises(LookupError):
        await store.write(half)
    assert await names(store) == []


async def test_a_locked_database_is_waited_for(file: Path) -> None:
    async with open_database(f"sqlite:///{file}") as store:
        assert await names(store) == []
        with locked(file):
            saving = asyncio.create_task(save(store, "Patient"))
            await asyncio.wait([saving], timeout=0.3)
            assert not saving.done()
            assert await names(store) == []
        await saving
        assert await names(store) == ["Patient"]


async def test_a_database_that_stays_locked_fails_inside_slacks_three_seconds(file: Path) -> None:
    async with open_database(f"sqlite:///{file}") as store:
        with locked(file):
            started = time.monotonic()
            with pytest.raises(StoreUnavailable, match=r"database is locked\)\.$"):
                await save(store)
            assert time.monotonic() - started < 2.8
        await save(store, "Afterwards")
        assert await names(store) == ["Afterwards"]


async def test_a_read_only_database_is_said_and_can_still_be_read(address: str) -> None:
    async with open_database(address) as store:
        await save(store, "Before")
    if address.startswith("sqlite"):
        read_only = f"sqlite:///file:{address.removeprefix('sqlite:///')}?mode=ro&uri=true"
    else:
        read_only = f"{address}%20-cdefault_transaction_read_only%3Don"
    async with open_database(read_only) as store:
        assert "read" in await complaint(store)
        assert await names(store) == ["Before"]


async def test_a_full_disk_is_said_and_recovered_from(file: Path) -> None:
    async with open_database(f"sqlite:///{file}") as store:

        def room(tx: Tx, pages: int) -> int:
            return int(tx.exec_driver_sql(f"PRAGMA max_page_count={pages}").scalar_one())

        least = await store.write(room, 1)
        with pytest.raises(StoreUnavailable, match=r"database or disk is full\)\.$"):
            await save(store, "x" * 50_000)
        await store.write(room, least + 1000)
        await save(store, "x" * 50_000)
        assert len((await names(store))[0]) == 50_000


async def test_a_file_that_is_damaged_is_said(file: Path) -> None:
    async with open_database(f"sqlite:///{file}") as store:
        await asyncio.to_thread(file.write_bytes, b"Dear diary, " * 5000)
        assert "database" in await complaint(store)


async def test_a_mistake_of_ours_is_raised_at_once(store: Database) -> None:
    def ask_nonsense(tx: Tx) -> None:
        tx.exec_driver_sql("SELECT ?")

    started = time.monotonic()
    with pytest.raises(ProgrammingError):
        await store.read(ask_nonsense)
    assert time.monotonic() - started < 1


async def test_writers_do_not_hold_up_readers(store: Database) -> None:
    go_on = threading.Event()

    def dawdle(tx: Tx) -> None:
        pages.save_page(tx, Page("p", "Slow"), [], NOW)
        assert go_on.wait(SECONDS)

    writing = asyncio.create_task(store.write(dawdle))
    assert [await names(store) for _ in range(5)] == [[]] * 5
    go_on.set()
    await writing
    assert await names(store) == ["Slow"]


async def test_closing_waits_for_what_is_in_hand(address: str) -> None:
    def dawdle(tx: Tx) -> None:
        time.sleep(0.1)  # in the store's own thread, as a slow disk would
        pages.save_page(tx, Page("p", "Slow"), [], NOW)

    async with open_database(address) as store:
        writing = asyncio.create_task(store.write(dawdle))
        await asyncio.sleep(0)
    await writing
    async with open_database(address) as store:
        assert await names(store) == ["Slow"]


@pytest.mark.postgres
async def test_a_server_that_throws_us_out_is_used_again(schemas: Schemas) -> None:
    ours = f"test {uuid.uuid4().hex}"
    async with open_database(f"{schemas.emptied()}&application_name={ours}") as store:
        await save(store, "Before")
        schemas.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
            ours,
        )
        await save(store, "Afterwards")
        assert await names(store) == ["Afterwards"]


@pytest.mark.postgres
async def test_a_row_that_somebody_holds_for_long_does_not_hold_up_a_form(schemas: Schemas) -> None:
    address = schemas.emptied()
    async with open_database(address) as store:
        await store.write(incidents.add, incident())
        with psycopg.connect(address) as other:
            other.execute("SELECT 1 FROM subjects FOR UPDATE")
            started = time.monotonic()
            with pytest.raises(StoreUnavailable):
                await store.write(incidents.lock, "inc1")
            assert time.monotonic() - started < 2.9
        assert await store.write(incidents.lock, "inc1")


@pytest.mark.postgres
async def test_a_subject_in_hand_can_be_pointed_at_meanwhile(schemas: Schemas) -> None:
    address = schemas.emptied()
    async with open_database(address) as store:
        await store.write(incidents.add, incident())

        def lock_while_another_owes(tx: Tx) -> None:
            subjects.lock(tx, "inc1")
            with psycopg.connect(address) as other:
                other.execute("SET lock_timeout = 500")
                other.execute(
                    "INSERT INTO watches (subject_id, asked, turn, shown) "
                    "VALUES ('inc1', 0, 0, 'fresh')"
                )

        await store.write(lock_while_another_owes)
