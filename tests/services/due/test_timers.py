"""Timers that many sweep at once: each fires once, and what it is for is done or it fires again."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest

from bot.database import open_database
from bot.domain.deliveries import Delivery, DirectMessage
from bot.domain.timers import Timer, TimerKind
from bot.services.due.timers import Busy, TimerHandler, Timers
from bot.store import Database, Tx, deliveries, tables, timers
from tests.services.shaky import MovedClock
from tests.waits import patience

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MANY = 1000


@pytest.fixture
async def stores(address: str) -> AsyncIterator[list[Database]]:
    """Two openings of one database, as two instances have them."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(open_database(address)) for _ in range(2)]


def letter(tx: Tx, timer: Timer, now: datetime) -> None:
    """Owe something under a key that can be stored once only."""
    tell = DirectMessage("U0ANN", "It is time", timer.about)
    deliveries.add(tx, [Delivery(f"timer:{timer.id}", timer.about, "slack", tell)], now)


def owed(tx: Tx) -> Counter[str]:
    return Counter(
        tx.scalars(tables.deliveries.select().with_only_columns(tables.deliveries.c.lane))
    )


def due(many: int, at: datetime = NOW) -> list[Timer]:
    return [Timer(TimerKind.START, f"pub{number:04}", at) for number in range(many)]


def sweeper(store: Database, handler: TimerHandler = letter) -> Timers:
    return Timers(store, MovedClock(NOW), {TimerKind.START: handler}, lambda: None)


async def test_of_a_thousand_that_four_sweep_each_fires_once(stores: list[Database]) -> None:
    await stores[0].write(timers.set_timers, due(MANY))
    sweepers = [sweeper(store) for store in stores for _ in range(2)]
    while sum((await stores[0].read(owed)).values()) < MANY:
        async with patience("end of a sweep"):
            await asyncio.gather(*(each.sweep() for each in sweepers), return_exceptions=False)
    assert await stores[1].read(owed) == Counter(timer.about for timer in due(MANY))


async def test_what_is_not_due_waits(stores: list[Database]) -> None:
    await stores[0].write(timers.set_timers, due(3, NOW + SECOND))
    clock = MovedClock(NOW)
    timed = Timers(stores[0], clock, {TimerKind.START: letter}, lambda: None)
    await timed.sweep()
    assert not await stores[0].read(owed)
    clock.move(1)
    await timed.sweep()
    assert len(await stores[0].read(owed)) == 3


async def test_a_crash_on_the_way_leaves_all_as_it_was(stores: list[Database]) -> None:
    class Killed(BaseException):
        pass

    def crash(tx: Tx, timer: Timer, now: datetime) -> None:
        letter(tx, timer, now)
        raise Killed

    await stores[0].write(timers.set_timers, due(3))
    with pytest.raises(Killed):
        await sweeper(stores[0], crash).sweep()
    assert not await stores[1].read(owed)
    await sweeper(stores[1]).sweep()
    assert len(await stores[1].read(owed)) == 3


async def test_a_fault_about_one_is_undone_alone_and_tried_again(stores: list[Database]) -> None:
    def trip(tx: Tx, timer: Timer, now: datetime) -> None:
        letter(tx, timer, now)
        if timer.about == "pub0001":
            raise KeyError(timer.about)

    await stores[0].write(timers.set_timers, due(3))
    await sweeper(stores[0], trip).sweep()
    assert set(await stores[0].read(owed)) == {"pub0000", "pub0002"}
    await sweeper(stores[1]).sweep()
    assert len(await stores[0].read(owed)) == 2
    late = Timers(stores[1], MovedClock(NOW + 61 * SECOND), {TimerKind.START: letter}, lambda: None)
    await late.sweep()
    assert len(await stores[0].read(owed)) == 3


async def test_what_somebody_else_holds_is_left_for_the_next_sweep(stores: list[Database]) -> None:
    def held(tx: Tx, timer: Timer, now: datetime) -> None:
        letter(tx, timer, now)
        raise Busy

    await stores[0].write(timers.set_timers, due(60))
    await sweeper(stores[0], held).sweep()
    assert not await stores[0].read(owed)
    await sweeper(stores[0]).sweep()
    assert len(await stores[0].read(owed)) == 60


async def test_one_of_a_batch_that_trips_holds_up_no_other(stores: list[Database]) -> None:
    def batch(tx: Tx, some: Sequence[Timer], now: datetime) -> Sequence[Timer]:
        for timer in some:
            letter(tx, timer, now)
        if any(timer.about == "pub0001" for timer in some):
            raise KeyError
        return [timer for timer in some if timer.about == "pub0002"]

    await stores[0].write(timers.set_timers, due(4))
    batches = {TimerKind.START: batch}
    await Timers(stores[0], MovedClock(NOW), {}, lambda: None, batches).sweep()
    assert set(await stores[0].read(owed)) == {"pub0000", "pub0003"}
    await sweeper(stores[1]).sweep()
    assert set(await stores[0].read(owed)) == {"pub0000", "pub0002", "pub0003"}


async def test_the_outbox_is_woken_when_something_fired(stores: list[Database]) -> None:
    woken: list[int] = []
    timed = Timers(stores[0], MovedClock(NOW), {TimerKind.START: letter}, lambda: woken.append(1))
    await timed.sweep()
    assert woken == []
    await stores[0].write(timers.set_timers, due(1))
    await timed.sweep()
    assert woken == [1]


async def test_a_kind_that_only_another_version_knows_holds_up_nobody(
    stores: list[Database],
) -> None:
    await stores[0].write(timers.set_timers, [Timer(TimerKind.WINDOW, "series", NOW)])
    await stores[0].write(timers.set_timers, due(2))
    await sweeper(stores[0]).sweep()
    assert len(await stores[0].read(owed)) == 2


async def test_a_database_in_trouble_is_nobodys_fault_but_its_own(stores: list[Database]) -> None:
    def twice(tx: Tx, timer: Timer, now: datetime) -> None:
        letter(tx, timer, now)
        letter(tx, timer, now)

    await stores[0].write(timers.set_timers, due(1))
    await sweeper(stores[0], twice).sweep()
    assert len(await stores[0].read(owed)) == 0
    await sweeper(stores[0]).sweep()
    assert len(await stores[0].read(owed)) == 1
