"""The outbox: sends what is owed, once, in order, whatever goes wrong on the way."""

import asyncio
import random
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.domain.deliveries import MOST_DOUBTS, Delivery, State, pause_after
from bot.errors import FoghornError, ProviderError, Rejected, StoreUnavailable, Unauthorized
from bot.errors import Unavailable as NotDone
from bot.ports import WRITE_BEFORE, Clock
from bot.store import Store, Tx, deliveries

_log = structlog.get_logger(__name__)

_AT_ONCE = 64
_AT_ONCE_PER_TARGET = 8


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things take at most.

    `quiet` is how long to wait before looking for what may have arrived: longer than the client
    waits plus the longest time that the outside may still take to finish it.
    """

    lease: timedelta = timedelta(seconds=60)
    quiet: timedelta = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Sent:
    """It is there: under which id, and what to write down in the same transaction."""

    remote_id: str | None = None
    record: Callable[[Tx, datetime], None] = lambda _tx, _now: None


@dataclass(frozen=True, slots=True)
class NotThere:
    """Looked for and not found: it may be sent again."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """Looked for and not clear; `reason` is for the person who has to decide."""

    reason: str


class Carrier(Protocol):
    """Carries one sort of delivery to the outside."""

    async def send(self, delivery: Delivery) -> Sent:
        """Send it; raise one of the `ProviderError` family when that fails."""
        ...

    async def look(self, delivery: Delivery) -> Sent | NotThere | CannotTell:
        """Look whether an earlier attempt arrived."""
        ...

    def repeatable(self, delivery: Delivery) -> bool:
        """Say whether sending it twice is the same as sending it once, so that nobody need look."""
        ...

    def waits(self, tx: Tx, delivery: Delivery, now: datetime) -> None:
        """Write down that it waits (its new state and reason are in `delivery`)."""
        ...

    def fails(self, tx: Tx, delivery: Delivery, error: FoghornError, now: datetime) -> None:
        """Write down that it is refused for good, or stuck until somebody decides."""
        ...


class Outbox:
    """Claims what is due and hands each delivery to the carrier of its kind; owns no state."""

    def __init__(
        self, store: Store, clock: Clock, timing: Timing, carriers: Mapping[type, Carrier]
    ) -> None:
        """Take a carrier for each type of payload."""
        self._store = store
        self._clock = clock
        self._timing = timing
        self._carriers = carriers
        self._in_hand: dict[asyncio.Task[None], str] = {}
        self._woken = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Say that something may be due."""
        self._woken.set()

    async def run(self) -> None:
        """Carry whatever is due each time somebody wakes the outbox, until it is cancelled."""
        while not self._stopping:
            await self._woken.wait()
            self._woken.clear()
            try:
                await self.tick()
            except StoreUnavailable as error:
                _log.warning("Could not claim deliveries.", reason=str(error))
            except Exception:  # A fault of ours at one tick must not end all the later ones.
                _log.exception("Claiming deliveries broke.")

    async def tick(self) -> None:
        """Claim what is due now and start to carry it."""
        now = self._clock.now()
        room = _AT_ONCE - len(self._in_hand)
        if room <= 0 or self._stopping:
            return
        carried = Counter(self._in_hand.values())
        busy = [target for target, many in carried.items() if many >= _AT_ONCE_PER_TARGET]
        taken = await self._store.write(self._claim, now, min(room, _AT_ONCE_PER_TARGET), busy)
        for delivery in taken:
            task = asyncio.create_task(self._carry(delivery), name=f"delivery {delivery.id}")
            self._in_hand[task] = delivery.target
            task.add_done_callback(self._put_down)
        if taken:
            self.wake()

    async def drain(self, within: timedelta) -> None:
        """Take nothing new and finish what is in hand, or leave it to whoever comes next."""
        self._stopping = True
        self._woken.set()
        if self._in_hand:
            _done, late = await asyncio.wait(self._in_hand, timeout=within.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _claim(self, tx: Tx, now: datetime, limit: int, busy: list[str]) -> tuple[Delivery, ...]:
        deliveries.expire(tx, now, self._timing.quiet)
        until = now + self._timing.lease
        taken: tuple[Delivery, ...] = ()
        for state in (State.PENDING, State.UNSURE):
            taken += deliveries.claim(tx, state, uuid.uuid4().hex, now, until, limit, busy)
        return taken

    def _put_down(self, task: asyncio.Task[None]) -> None:
        del self._in_hand[task]
        if not task.cancelled() and (error := task.exception()):
            # Its lease runs out and somebody looks whether it arrived.
            _log.warning("Could not write down how a delivery went.", reason=str(error))
        self.wake()

    async def _carry(self, delivery: Delivery) -> None:
        carrier = self._carriers[type(delivery.payload)]
        # Half a second is kept for writing down how it went while the lease still holds.
        seconds = (delivery.lease_until or self._clock.now()) - self._clock.now()
        left = seconds.total_seconds() - 0.5
        WRITE_BEFORE.set(time.monotonic() + left)
        looks = delivery.state is State.LOOKING
        try:
            async with asyncio.timeout(left):
                outcome = await (carrier.look(delivery) if looks else carrier.send(delivery))
        except FoghornError as error:
            await self._went_wrong(carrier, delivery, error)
        except TimeoutError:
            await self._in_doubt(carrier, delivery, "It did not answer in time.")
        except (
            Exception
        ) as error:  # A fault of ours must not lose a delivery, nor repeat it blindly.
            _log.exception("Carrying a delivery broke.", delivery=delivery.id)
            reason = f"Foghorn itself tripped over it ({type(error).__name__})."
            await self._in_doubt(carrier, delivery, reason)
        else:
            await self._arrived(carrier, delivery, outcome)

    async def _arrived(
        self, carrier: Carrier, delivery: Delivery, outcome: Sent | NotThere | CannotTell
    ) -> None:
        if isinstance(outcome, CannotTell):
            await self._stuck(carrier, delivery, outcome.reason)
        elif isinstance(outcome, Sent):
            await self._store.write(self._done, delivery, outcome)
        elif delivery.doubts >= MOST_DOUBTS:
            reason = (
                f"{delivery.doubts} attempts ended without an answer, and none of them is there."
            )
            await self._stuck(carrier, delivery, reason)
        else:
            await self._settle(carrier, delivery, State.PENDING, timedelta(), delivery.error)

    def _done(self, tx: Tx, delivery: Delivery, outcome: Sent) -> None:
        if deliveries.settle(tx, delivery, State.DONE, remote_id=outcome.remote_id):
            outcome.record(tx, self._clock.now())
            _log.info("Delivered.", delivery=delivery.id, kind=type(delivery.payload).__name__)

    async def _went_wrong(self, carrier: Carrier, delivery: Delivery, error: FoghornError) -> None:
        if isinstance(error, NotDone):
            pause = pause_after(delivery.attempts, error.retry_after, random.random())  # noqa: S311 -- jitter keeps no secret
            state = State.UNSURE if delivery.state is State.LOOKING else State.PENDING
            await self._settle(carrier, delivery, state, pause, str(error))
        elif isinstance(error, Rejected | Unauthorized) or not isinstance(error, ProviderError):
            await self._store.write(self._failed, carrier, delivery, State.REFUSED, error)
        else:
            await self._in_doubt(carrier, delivery, str(error))

    async def _in_doubt(self, carrier: Carrier, delivery: Delivery, reason: str) -> None:
        if carrier.repeatable(delivery):
            pause = pause_after(delivery.attempts, None, random.random())  # noqa: S311 -- jitter keeps no secret
            await self._settle(carrier, delivery, State.PENDING, pause, reason)
        else:
            await self._settle(carrier, delivery, State.UNSURE, self._timing.quiet, reason)

    async def _stuck(self, carrier: Carrier, delivery: Delivery, reason: str) -> None:
        error = FoghornError(reason)
        await self._store.write(self._failed, carrier, delivery, State.STUCK, error)

    async def _settle(
        self,
        carrier: Carrier,
        delivery: Delivery,
        state: State,
        pause: timedelta,
        error: str | None,
    ) -> None:
        await self._store.write(self._postponed, carrier, delivery, state, pause, error)

    def _postponed(
        self,
        tx: Tx,
        carrier: Carrier,
        delivery: Delivery,
        state: State,
        pause: timedelta,
        error: str | None,
    ) -> None:
        now = self._clock.now()
        doubt = state is State.UNSURE and delivery.state is State.SENDING
        never_sent = state is State.PENDING and delivery.attempts == 1 and not delivery.doubts
        if deliveries.settle(
            tx,
            delivery,
            state,
            due_at=now + pause,
            error=error,
            doubt=doubt,
            never_sent=never_sent,
        ):
            carrier.waits(tx, deliveries.get(tx, delivery.id) or delivery, now)
            _log.info("Not delivered yet.", delivery=delivery.id, state=state.value, reason=error)

    def _failed(
        self, tx: Tx, carrier: Carrier, delivery: Delivery, state: State, error: FoghornError
    ) -> None:
        if deliveries.settle(tx, delivery, state, error=str(error)):
            carrier.fails(tx, deliveries.get(tx, delivery.id) or delivery, error, self._clock.now())
            _log.warning(
                "Not delivered.", delivery=delivery.id, state=state.value, reason=str(error)
            )
