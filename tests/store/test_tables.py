from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select

from bot.database import Instant, its_time, open_database
from bot.domain.deliveries import State
from bot.domain.pages import Page
from bot.store import Database, Tx, deliveries, pages
from bot.store.tables import drafts
from bot.store.tables import pages as table
from tests.store.samples import delivery, lease

pytestmark = pytest.mark.anyio

IN_BERLIN = datetime(2026, 10, 25, 2, 30, 15, 123456, tzinfo=ZoneInfo("Europe/Berlin"))
"""An hour that is there twice; this is the first of the two."""


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
        datetime(1, 1, 2, tzinfo=UTC),
        IN_BERLIN,
        IN_BERLIN.replace(fold=1),
        datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=-11, minutes=-30))),
    ],
)
async def test_an_instant_comes_back_in_utc(store: Database, instant: datetime) -> None:
    values = {"view_id": "V", "form": {}, "created_at": instant}
    await store.write(lambda tx: tx.execute(insert(drafts).values(values)).rowcount)
    kept = await store.read(lambda tx: tx.scalar(select(drafts.c.created_at)))
    assert isinstance(kept, datetime)
    assert kept == instant.astimezone(UTC)
    assert kept.tzinfo is UTC


async def test_instants_are_compared_whatever_their_zone(store: Database) -> None:
    await store.write(pages.save_page, Page("p", "P"), [], IN_BERLIN)

    def count(tx: Tx, at: datetime) -> int:
        return len(tx.scalars(select(table.c.id).where(table.c.read_at <= at)).all())

    assert await store.read(count, IN_BERLIN.astimezone(UTC)) == 1
    assert await store.read(count, IN_BERLIN.astimezone(UTC) - timedelta(microseconds=1)) == 0


async def test_a_server_in_another_zone_moves_no_instant(address: str) -> None:
    if address.startswith("postgresql"):
        address += "%20-ctimezone%3DEurope/Berlin"
    for fold in (0, 1):
        at = IN_BERLIN.replace(fold=fold).astimezone(UTC)
        async with open_database(address) as store:
            await store.write(deliveries.add, [delivery(f"k{fold}")], at)
            [held] = await store.write(deliveries.claim, State.PENDING, lease("l", at), 9)
        assert (held.due_at, held.first_sent_at) == (at, at)


def test_nothing_is_no_instant() -> None:
    assert Instant().process_result_value(None, None) is None  # type: ignore[arg-type]


async def test_the_database_tells_its_time_where_several_machines_share_it(
    store: Database, address: str
) -> None:
    told = await store.read(its_time)
    if address.startswith("sqlite"):
        assert told is None
    else:
        assert told is not None
        assert abs(told - datetime.now(UTC)) < timedelta(minutes=1)  # noqa: TID251 -- the server's
        assert told.tzinfo is UTC
