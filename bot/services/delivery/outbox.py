"""The outbox: sends what is owed, once, in order, whatever goes wrong on the way."""

import asyncio
import random
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.domain.deliveries import Delivery, State
from bot.errors import FoghornError, StoreUnavailable, Unavailable, Uncertain
from bot.ports import WRITE_BEFORE, Clock
from bot.services.delivery import outcomes
from bot.services.delivery.outcomes import Ambiguity, AttemptContext, NotFound, Success, Transition
from bot.services.delivery.priority import Priority
from bot.store import Database, Tx, deliveries
from bot.store.deliveries import Lease, Settlement

_log = structlog.get_logger(__name__)

_AT_ONCE = 64
_AT_ONCE_PER_TARGET = 8
_PAUSE = 4
"""For each second of claiming: forms that are being submitted need the same writer and loop."""
_LONGEST_PAUSE = 0.25
_PATIENCE = 0.5
"""Seconds for which those who wait for an answer go first; a page can wait that long."""
_IN_A_CROWD = 1
"""Deliveries to take at a time while somebody always waits."""
_TO_WRITE_DOWN = timedelta(seconds=0.5)
"""What is kept of a lease for writing down how the attempt went."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things take at most.

    `quiet` is how long to wait before looking for what may have arrived: longer than the client
    waits plus the longest time that the outside may still take to finish it.
    """

    lease: timedelta = timedelta(seconds=60)
    quiet: timedelta = timedelta(seconds=20)


class DeliveryHandler(Protocol):
    """Carries one sort of delivery to the outside."""

    @property
    def most_doubts(self) -> int | None:
        """After how many attempts without an answer a person decides; None when nobody has to."""
        ...

    async def send(self, delivery: Delivery) -> Success:
        """Send it; raise one of the `ProviderError` family when that fails."""
        ...

    async def look(self, delivery: Delivery) -> Success | NotFound | Ambiguity:
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
        self,
        store: Database,
        clock: Clock,
        timing: Timing,
        carriers: Mapping[type, DeliveryHandler],
        courtesy: Priority | None = None,
    ) -> None:
        """Take a carrier for each type of payload, and who knows whether somebody waits."""
        self._courtesy = courtesy or Priority()
        self._store = store
        self._clock = clock
        self._timing = timing
        self._carriers = carriers
        self._in_hand: dict[asyncio.Task[None], Delivery] = {}
        self._woken = asyncio.Event()
        # One at a time, so that a form that is being submitted waits for one of ours at most.
        self._writing = asyncio.Lock()
        self._stopping = False

    def wake(self) -> None:
        """Say that something may be due."""
        self._woken.set()

    async def run(self) -> None:
        """Carry whatever is due each time somebody wakes the outbox, until it is drained."""
        while not self._stopping:
            await self._woken.wait()
            self._woken.clear()
            most = _AT_ONCE_PER_TARGET if await self._courtesy.lull(_PATIENCE) else _IN_A_CROWD
            started = time.monotonic()
            try:
                await self.tick(most)
            except StoreUnavailable as error:
                _log.warning("Could not claim deliveries.", reason=str(error))
            except Exception:  # noqa: BLE001 -- a fault of ours at one tick must not end all later ones
                _log.exception("Claiming deliveries broke.")
            took = time.monotonic() - started
            await asyncio.sleep(min(_PAUSE * took, _LONGEST_PAUSE))

    async def tick(self, most: int = _AT_ONCE_PER_TARGET) -> None:
        """Claim what is due now, `most` at a time, and start to carry it."""
        room = min(_AT_ONCE - len(self._in_hand), most)
        if room <= 0 or self._stopping:
            return
        carried = Counter(delivery.target for delivery in self._in_hand.values())
        busy = [target for target, many in carried.items() if many >= _AT_ONCE_PER_TARGET]
        async with self._writing:
            taken = await self._store.write(self._claim, room, busy)
        for delivery in taken:
            task = asyncio.create_task(self._carry(delivery), name=f"delivery {delivery.id}")
            self._in_hand[task] = delivery
            task.add_done_callback(self._put_down)
        if taken:
            self.wake()

    async def drain(self, within: timedelta) -> None:
        """Take nothing new and finish what is in hand, or hand it back to whoever comes next."""
        self._stopping = True
        self.wake()
        async with self._writing:
            pass  # what is being claimed at this moment is in hand afterwards
        if not self._in_hand:
            return
        in_hand = dict(self._in_hand)
        _done, late = await asyncio.wait(in_hand, timeout=within.total_seconds())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        due_at = self._clock.now() + self._timing.quiet
        unfinished = [in_hand[task] for task in late]
        await self._store.write(deliveries.hand_back, unfinished, due_at)

    def _claim(self, tx: Tx, limit: int, busy: list[str]) -> tuple[Delivery, ...]:
        now = self._clock.now()
        deliveries.expire(tx, now, self._timing.quiet)
        lease = Lease(uuid.uuid4().hex, now, now + self._timing.lease)
        taken = deliveries.claim(tx, State.PENDING, lease, limit, busy)
        return taken + deliveries.claim(tx, State.UNSURE, lease, limit, busy)

    def _put_down(self, task: asyncio.Task[None]) -> None:
        del self._in_hand[task]
        if not task.cancelled() and (error := task.exception()):
            # Its lease runs out, and then somebody looks whether it arrived.
            _log.warning("Could not write down how a delivery went.", reason=str(error))
        self.wake()

    async def _carry(self, delivery: Delivery) -> None:
        carrier = self._carriers[type(delivery.payload)]
        try:
            outcome = await self._attempt(carrier, delivery)
        except FoghornError as error:
            around = AttemptContext(
                carrier.repeatable(delivery),
                self._timing.quiet,
                random.random(),  # noqa: S311 -- jitter keeps no secret
                person=carrier.most_doubts is not None,
            )
            verdict = outcomes.after_error(delivery, error, around)
        else:
            most = None if carrier.repeatable(delivery) else carrier.most_doubts
            verdict = outcomes.after_answer(delivery, outcome, most)
        async with self._writing:
            await self._store.write(self._write_down, carrier, delivery, verdict)

    async def _attempt(
        self, carrier: DeliveryHandler, delivery: Delivery
    ) -> Success | NotFound | Ambiguity:
        """Send or look while the lease holds; whatever ends otherwise may have arrived."""
        until = delivery.lease_until or self._clock.now()
        seconds = (until - self._clock.now() - _TO_WRITE_DOWN).total_seconds()
        WRITE_BEFORE.set(time.monotonic() + seconds)
        try:
            async with asyncio.timeout(seconds):
                if delivery.state is State.LOOKING:
                    return await carrier.look(delivery)
                return await carrier.send(delivery)
        except FoghornError:
            raise
        except TimeoutError as error:
            raise Uncertain("It did not answer in time.") from error
        except Exception as error:
            # A fault of ours must not lose a delivery, nor repeat it blindly.
            _log.exception("Carrying a delivery broke.", delivery=delivery.id)
            raise Uncertain(f"Foghorn itself tripped over it ({type(error).__name__}).") from error

    def _write_down(
        self, tx: Tx, carrier: DeliveryHandler, delivery: Delivery, verdict: Transition
    ) -> None:
        now = self._clock.now()
        sending = delivery.state is State.SENDING
        how = Settlement(
            state=verdict.state,
            due_at=now + verdict.pause,
            error=str(verdict.error) if verdict.error else None,
            remote_id=verdict.sent.remote_id if verdict.sent else None,
            doubt=sending and isinstance(verdict.error, Uncertain),
            never_sent=sending and not delivery.doubts and isinstance(verdict.error, Unavailable),
        )
        if not deliveries.settle(tx, delivery, how):
            _log.warning("Somebody else carries this delivery now.", delivery=delivery.id)
            return
        # Never the error's words: a provider may repeat in them what somebody wrote.
        reason = type(verdict.error).__name__ if verdict.error else None
        _log.info("Carried.", delivery=delivery.id, state=how.state.value, reason=reason)
        after = deliveries.get(tx, delivery.id) or delivery
        if verdict.sent:
            verdict.sent.record(tx, now)
        elif verdict.error and verdict.state in (State.REFUSED, State.STUCK):
            carrier.fails(tx, after, verdict.error, now)
        else:
            carrier.waits(tx, after, now)
