"""The outbox with a carrier that does as it is told; what it does in trouble, the machine plays."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.deliveries import Delivery, DirectMessage, State
from bot.errors import FoghornError, StoreUnavailable, Unavailable
from bot.ports import WRITE_BEFORE
from bot.services.delivery.outbox import Outbox, Timing
from bot.services.delivery.outcomes import DeliveryHandler, NotFound, Success
from bot.services.delivery.priority import Priority
from bot.store import Database, Tx, deliveries
from tests.services.shaky import MovedClock
from tests.waits import patience

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)
TIMING = Timing(lease=60 * SECOND, quiet=20 * SECOND)
Work = Callable[[Delivery], Coroutine[Any, Any, Success]]


class Errand(DeliveryHandler):
    """Carries every delivery by the same piece of work."""

    person_decides = True

    def __init__(self, work: Work) -> None:
        self.work = work
        self.waited: list[State] = []
        self.failed: list[State] = []

    async def send(self, delivery: Delivery) -> Success:
        return await self.work(delivery)

    async def look(self, delivery: Delivery) -> NotFound:
        del delivery
        return NotFound()

    def repeatable(self, delivery: Delivery) -> bool:
        del delivery
        return False

    def waits(self, tx: Tx, delivery: Delivery, now: datetime) -> None:
        del tx, now
        self.waited.append(delivery.state)

    def fails(self, tx: Tx, delivery: Delivery, error: FoghornError, now: datetime) -> None:
        del tx, error, now
        self.failed.append(delivery.state)


class Bench:
    """An outbox whose ticks the test makes, and what stands in its store."""

    def __init__(self, store: Database, work: Work, timing: Timing = TIMING) -> None:
        self.courtesy = Priority()
        self.store = store
        self.clock = MovedClock(datetime(2026, 11, 20, 12, tzinfo=UTC))
        self.errand = Errand(work)
        self.outbox = Outbox(store, self.clock, timing, {DirectMessage: self.errand}, self.courtesy)

    async def owe(self, *keys: str, target: str = "slack") -> None:
        letter = DirectMessage("U0ANN", "Hello", "There is news.")
        owed = [Delivery(key=key, lane=key, target=target, payload=letter) for key in keys]
        await self.store.write(deliveries.add, owed, self.clock.now())

    async def stored(self, number: int = 1) -> Delivery:
        found = await self.store.read(deliveries.get, number)
        assert found
        return found

    async def at_rest(self) -> None:
        """Wait until nobody looks for the first delivery any more."""
        async with patience("rest"):
            while (await self.stored()).state is State.LOOKING:  # noqa: ASYNC110 (as below)
                await asyncio.sleep(0.01)

    async def settled(self, *states: State, first: int = 1) -> None:
        """Wait until the deliveries from number `first` on stand so."""
        numbers = range(first, first + len(states))
        async with patience(f"deliveries that stand as {states}"):
            while [(await self.stored(n)).state for n in numbers] != list(states):  # noqa: ASYNC110 (nobody tells of changes in the store)
                await asyncio.sleep(0.01)


@asynccontextmanager
async def running(outbox: Outbox) -> AsyncIterator[None]:
    task = asyncio.create_task(outbox.run())
    yield
    await outbox.drain(SECOND)
    await task


async def at_once(_delivery: Delivery) -> Success:
    return Success("there")


async def never(_delivery: Delivery) -> Success:
    await asyncio.Event().wait()
    raise AssertionError


async def test_whoever_wakes_it_gets_everything_carried(store: Database) -> None:
    bench = Bench(store, at_once)
    await bench.owe(*(f"key {number}" for number in range(20)))
    async with running(bench.outbox):
        bench.outbox.wake()
        await bench.settled(*[State.DONE] * 20)


async def test_while_somebody_always_waits_it_takes_one_at_a_time(store: Database) -> None:
    bench = Bench(store, never)
    await bench.owe("a", "b", "c")
    carrying = asyncio.create_task(bench.outbox.run())
    with bench.courtesy.serving():
        bench.outbox.wake()
        await bench.settled(State.SENDING)
        assert (await bench.stored(2)).state is State.PENDING
    await bench.settled(State.SENDING, State.SENDING, State.SENDING)
    await bench.outbox.drain(0 * SECOND)
    await carrying


async def test_a_fault_of_ours_is_no_reason_to_send_twice_nor_never(store: Database) -> None:
    async def trip(_delivery: Delivery) -> Success:
        raise KeyError("of ours")

    bench = Bench(store, trip)
    await bench.owe("key")
    await bench.outbox.tick()
    await bench.settled(State.UNSURE)
    assert (await bench.stored()).doubts == 1
    assert "KeyError" in str((await bench.stored()).error)
    bench.clock.move(21)
    await bench.outbox.tick()
    await bench.settled(State.PENDING)


async def test_an_attempt_ends_before_its_lease(store: Database) -> None:
    bench = Bench(store, never, Timing(lease=0.6 * SECOND, quiet=20 * SECOND))
    await bench.owe("key")
    await bench.outbox.tick()
    await bench.settled(State.UNSURE)
    assert (await bench.stored()).error == "It did not answer in time."
    assert bench.errand.waited == [State.UNSURE]


async def test_no_write_may_leave_after_the_lease(store: Database) -> None:
    left: list[float] = []

    async def note(_delivery: Delivery) -> Success:
        left.append((WRITE_BEFORE.get() or 0) - time.monotonic())
        return Success()

    bench = Bench(store, note)
    await bench.owe("key")
    await bench.outbox.tick()
    await bench.settled(State.DONE)
    assert 55 < left[0] < 60


async def test_our_database_in_trouble_postpones_and_refuses_nothing(store: Database) -> None:
    async def unreadable(_delivery: Delivery) -> Success:
        raise StoreUnavailable("It is locked.")

    bench = Bench(store, unreadable)
    await bench.owe("key")
    await bench.outbox.tick()
    await bench.settled(State.PENDING)
    assert bench.errand.failed == []
    assert (await bench.stored()).due_at >= bench.clock.now() + 2 * SECOND


async def test_a_target_that_hangs_does_not_hold_up_another(store: Database) -> None:
    async def by_target(delivery: Delivery) -> Success:
        return await (never if delivery.target == "hangs" else at_once)(delivery)

    bench = Bench(store, by_target)
    await bench.owe(*(f"hanging {number}" for number in range(30)), target="hangs")
    await bench.owe("key", target="works")
    async with running(bench.outbox):
        bench.outbox.wake()
        await bench.settled(State.DONE, first=31)


async def test_asked_to_stop_it_finishes_what_is_nearly_done(store: Database) -> None:
    goes_on = asyncio.Event()

    async def wait(_delivery: Delivery) -> Success:
        await goes_on.wait()
        return Success()

    bench = Bench(store, wait)
    await bench.owe("key")
    await bench.outbox.tick()
    asyncio.get_running_loop().call_later(0.05, goes_on.set)
    await bench.outbox.drain(5 * SECOND)
    assert (await bench.stored()).state is State.DONE
    await bench.owe("later")
    await bench.outbox.tick()
    assert (await bench.stored(2)).state is State.PENDING


async def test_asked_to_stop_while_it_claims_it_finishes_that_too(store: Database) -> None:
    bench = Bench(store, at_once)
    await bench.owe("key")
    claiming = asyncio.create_task(bench.outbox.tick())
    await asyncio.sleep(0)
    await bench.outbox.drain(5 * SECOND)
    claiming.cancel()
    assert (await bench.stored()).state is State.DONE


async def test_asked_to_stop_it_hands_back_what_hangs(store: Database) -> None:
    bench = Bench(store, never)
    await bench.owe("key")
    await bench.outbox.tick()
    await bench.outbox.drain(0.05 * SECOND)
    stored = await bench.stored()
    assert (stored.state, stored.doubts, stored.lease) == (State.UNSURE, 1, None)
    assert stored.due_at == bench.clock.now() + 20 * SECOND


async def test_the_dead_leave_a_doubt_and_their_lease_runs_out(store: Database) -> None:
    dead, alive = Bench(store, never), Bench(store, at_once)
    await dead.owe("key")
    await dead.outbox.tick()
    alive.clock.move(61)
    await alive.outbox.tick()
    stored = await alive.stored()
    assert (stored.state, stored.doubts) == (State.UNSURE, 1)
    alive.clock.move(21)
    async with running(alive.outbox):
        alive.outbox.wake()
        await alive.settled(State.DONE)
    await dead.outbox.drain(0 * SECOND)
    assert (await dead.stored()).state is State.DONE


async def test_who_was_paused_past_its_lease_changes_nothing(store: Database) -> None:
    goes_on = asyncio.Event()

    async def paused(_delivery: Delivery) -> Success:
        await goes_on.wait()
        raise Unavailable("Its time had passed.")

    late, alive = Bench(store, paused), Bench(store, never)
    await late.owe("key")
    await late.outbox.tick()
    for seconds in (61, 21, 0):  # the lease runs out, then it is looked for, then sent again
        alive.clock.move(seconds)
        await alive.outbox.tick()
        await alive.at_rest()
    held = await alive.stored()
    goes_on.set()
    await late.outbox.drain(5 * SECOND)
    assert held.state is State.SENDING
    assert await alive.stored() == held
    await alive.outbox.drain(0 * SECOND)
