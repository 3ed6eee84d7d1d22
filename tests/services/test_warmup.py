"""The rehearsal at the start: it makes the first incident as quick as any, and leaves nothing."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select

from bot.database import open_database
from bot.domain.incidents import IncidentStatus
from bot.domain.reminders.ladders import ReminderSettings
from bot.domain.submissions import IncidentFields, ReportForm
from bot.services.due.reminders import ReminderTimers
from bot.services.warmup import WarmUp
from bot.store import Database, Tx, tables
from tests.databases import newly_written
from tests.dialects import COMPILED
from tests.services.bench import KEY, Bench, new_bench
from tests.services.planned import BARE, NOON, PlannedPage
from tests.services.shaky import MovedClock

pytestmark = pytest.mark.anyio


@pytest.fixture
async def store(address: str) -> AsyncIterator[Database]:
    COMPILED.clear()  # as for a bot that has just started
    async with open_database(address) as opened:
        yield opened


def rehearsal(bench: Bench) -> WarmUp:
    return WarmUp(bench.publishing.accept, ReminderTimers(ReminderSettings(), None).renew)


REPORT = ReportForm(
    IncidentFields(IncidentStatus.INVESTIGATING, "Cards are refused.", (KEY,)),
    "Checkout is down",
    (),
    "C0",
)


async def started(store: Database) -> Bench:
    """A bench whose outbox has looked for something due before, as it does at every start."""
    bench = await new_bench(store, BARE)
    await bench.rest()
    await bench.outbox.tick()
    return bench


async def test_after_it_the_first_incident_writes_nothing_for_the_first_time(
    store: Database,
) -> None:
    bench = await started(store)
    await rehearsal(bench).play(store, bench.clock.now())
    with newly_written() as seen:
        await bench.publishing.submit(bench.submission(REPORT))
        await bench.rest()
    assert bench.team.replies != []
    assert seen == []


async def test_without_it_the_first_incident_does(store: Database) -> None:
    bench = await started(store)
    with newly_written() as seen:
        await bench.publishing.submit(bench.submission(REPORT))
    assert len(seen) > 5


async def test_nothing_of_it_stays_nor_gets_out(store: Database) -> None:
    bench = await started(store)
    before = await store.read(rows)
    await rehearsal(bench).play(store, bench.clock.now())
    await bench.rest()
    assert await store.read(rows) == before
    assert before["deliveries"] == before["submissions"] == before["audit"] == 0
    assert bench.team.parents == []


async def test_while_no_page_is_known_nothing_is_played(store: Database) -> None:
    clock = MovedClock(NOON)
    bench = Bench(store, PlannedPage(clock, "planned:1", BARE), clock=clock)
    with newly_written() as seen:
        await rehearsal(bench).play(store, NOON)
    assert len(seen) == 1


def rows(tx: Tx) -> dict[str, int]:
    return {
        name: tx.scalar(select(func.count()).select_from(table)) or 0
        for name, table in tables.metadata.tables.items()
    }
