"""The outbox: sends what is owed, once, in order, whatever goes wrong on the way."""

import asyncio
import random
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.domain.deliveries import Delivery, Lease, Settlement, State
from bot.errors import FoghornError, StoreUnavailable, Unavailable, Uncertain
from bot.ports import WRITE_BEFORE, Clock
from bot.services.delivery import outcomes
from bot.services.delivery.outcomes import AttemptContext, DeliveryHandler, LookResult, Transition
from bot.services.delivery.priority import Priority
from bot.store import Database, Tx, deliveries

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


class Outbox:
    """Claims what is due and hands each delivery to the handler of its kind; owns no state."""

    def __init__(
        self,
        store: Database,
        clock: Clock,
        timing: Timing,
        handlers: Mapping[type, DeliveryHandler],
        priority: Priority | None = None,
    ) -> None:
        self._priority = priority or Priority()
        self._store = store
        self._clock = clock
        self._timing = timing
        self._handlers = handlers
        self._in_hand: dict[asyncio.Task[None], Delivery] = {}
        self._woken = asyncio.Event()
        # One at a time, so that a form that is being submitted waits for one of ours at most.
        self._writing = asyncio.Lock()
        self._stopping = False

    def wake(self) -> None:
        """Say that something may be due."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver whatever is due each time somebody wakes the outbox, until it is drained."""
        while not self._stopping:
            await self._woken.wait()
            self._woken.clear()
            most = _AT_ONCE_PER_TARGET if await self._priority.lull(_PATIENCE) else _IN_A_CROWD
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
        """Claim what is due now, `most` at a time, and start to deliver it."""
        room = min(_AT_ONCE - len(self._in_hand), most)
        if room <= 0 or self._stopping:
            return
        by_target = Counter(delivery.target for delivery in self._in_hand.values())
        busy = [target for target, many in by_target.items() if many >= _AT_ONCE_PER_TARGET]
        async with self._writing:
            taken = await self._store.write(self._claim, room, busy)
        for delivery in taken:
            task = asyncio.create_task(self._deliver(delivery), name=f"delivery {delivery.id}")
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

    async def _deliver(self, delivery: Delivery) -> None:
        handler = self._handlers[type(delivery.payload)]
        around = AttemptContext(
            handler.repeatable(delivery),
            self._timing.quiet,
            random.random(),  # noqa: S311 -- jitter keeps no secret
            person=handler.person_decides,
        )
        try:
            outcome = await self._attempt(handler, delivery)
        except FoghornError as error:
            transition = outcomes.after_error(delivery, error, around)
        else:
            transition = outcomes.after_answer(delivery, outcome, around)
        async with self._writing:
            await self._store.write(self._write_down, handler, delivery, transition)

    async def _attempt(self, handler: DeliveryHandler, delivery: Delivery) -> LookResult:
        """Send or look while the lease holds; whatever ends otherwise may have arrived."""
        until = delivery.lease_until or self._clock.now()
        seconds = (until - self._clock.now() - _TO_WRITE_DOWN).total_seconds()
        WRITE_BEFORE.set(time.monotonic() + seconds)
        try:
            async with asyncio.timeout(seconds):
                if delivery.state is State.LOOKING:
                    return await handler.look(delivery)
                return await handler.send(delivery)
        except FoghornError:
            raise
        except TimeoutError as error:
            raise Uncertain("It did not answer in time.") from error
        except Exception as error:
            # A fault of ours must not lose a delivery, nor repeat it blindly.
            _log.exception("A delivery broke.", delivery=delivery.id)
            raise Uncertain(f"Foghorn itself tripped over it ({type(error).__name__}).") from error

    def _write_down(
        self, tx: Tx, handler: DeliveryHandler, delivery: Delivery, transition: Transition
    ) -> None:
        now = self._clock.now()
        sending = delivery.state is State.SENDING
        # What was in doubt before has been looked for by now, or it would not be refused but stuck.
        refused = transition.state is State.REFUSED
        not_done = isinstance(transition.error, Unavailable) and not delivery.doubts
        how = Settlement(
            state=transition.state,
            due_at=now + transition.pause,
            error=str(transition.error) if transition.error else None,
            remote_id=transition.success.remote_id if transition.success else None,
            doubt=sending and isinstance(transition.error, Uncertain),
            never_sent=sending and (refused or not_done),
        )
        if not deliveries.settle(tx, delivery, how):
            _log.warning("Somebody else holds this delivery now.", delivery=delivery.id)
            return
        # Never the error's words: a provider may repeat in them what somebody wrote.
        reason = type(transition.error).__name__ if transition.error else None
        _log.info(
            "An attempt at a delivery ended.",
            delivery=delivery.id,
            state=how.state.value,
            reason=reason,
        )
        after = how.applied_to(delivery)
        if transition.success:
            transition.success.record(tx, now)
        elif transition.error and transition.state in (State.REFUSED, State.STUCK):
            handler.fails(tx, after, transition.error, now)
        else:
            handler.waits(tx, after, now)
