"""What happens because its time has come: one sweep takes what is due and owes what it is for."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.domain.timers import Timer, TimerKind
from bot.errors import StoreUnavailable
from bot.ports import Clock
from bot.store import Database, Tx, timers

_log = structlog.get_logger(__name__)

_AT_ONCE = 50
"""Timers in one transaction: forms that are being submitted wait for the same writer."""
_PAUSE, _LONGEST_PAUSE = 3, 0.1
"""For each second of sweeping, and at most: SQLite has no queue for others who want to write."""
_AFTER_A_FAULT = timedelta(minutes=1)

TimerHandler = Callable[[Tx, Timer, datetime], None]
"""Does what a timer is for, in the transaction in which it fires."""

TimerBatchHandler = Callable[[Tx, Sequence[Timer], datetime], Sequence[Timer]]
"""Does what timers of one kind are for, all at once; returns those that somebody else holds up."""


class Busy(Exception):
    """What a timer is about is in somebody else's hands; it is tried again at the next sweep."""


@dataclass(frozen=True, slots=True)
class Timers:
    """Fires what is due, each once, however many sweep; owns no state.

    `wake` is called when something may be owed; `batches` are the kinds of which many are due at
    once.
    """

    store: Database
    clock: Clock
    handlers: Mapping[TimerKind, TimerHandler]
    wake: Callable[[], None]
    batches: Mapping[TimerKind, TimerBatchHandler] = field(default_factory=dict)

    async def sweep(self) -> None:
        """Fire everything that is due now."""
        while True:
            started = time.monotonic()
            try:
                fired, more = await self.store.write(self._fire, self.clock.now())
            except StoreUnavailable as error:
                _log.warning("Could not sweep; what is due waits.", reason=str(error))
                return
            if fired:
                self.wake()
            if not more:
                return
            took = time.monotonic() - started
            await asyncio.sleep(min(_PAUSE * took, _LONGEST_PAUSE))

    def _fire(self, tx: Tx, now: datetime) -> tuple[int, bool]:
        due = timers.claim(tx, now, _AT_ONCE)
        alone = [timer for timer in due if timer.kind not in self.batches]
        fired = sum(self._do(tx, timer, now) for timer in alone)
        for kind in self.batches:
            if some := [timer for timer in due if timer.kind is kind]:
                fired += self._do_together(tx, some, now)
        # What was put back is due still: it waits for the next sweep.
        return fired, fired == _AT_ONCE

    def _do_together(self, tx: Tx, some: Sequence[Timer], now: datetime) -> int:
        held: list[Timer] = []
        batch = self.batches[some[0].kind]
        if timers.attempt(tx, lambda: held.extend(batch(tx, some, now))):
            # One of them trips: each alone, so that it holds up no other.
            return sum(self._do(tx, timer, now) for timer in some)
        for timer in held:
            timers.put_back(tx, timer, timer.due_at)
        return len(some) - len(held)

    def _do(self, tx: Tx, timer: Timer, now: datetime) -> bool:
        def work() -> None:
            if timer.kind not in self.batches:
                self.handlers[timer.kind](tx, timer, now)
            elif self.batches[timer.kind](tx, [timer], now):
                raise Busy

        fault = timers.attempt(tx, work)
        if isinstance(fault, Busy):
            timers.put_back(tx, timer, timer.due_at)
        elif fault:
            # A fault of ours about one maintenance must not hold up all others.
            kind = timer.kind.value
            _log.error("A timer broke.", timer=timer.id, kind=kind, exc_info=fault)
            timers.put_back(tx, timer, now + _AFTER_A_FAULT)
        return fault is None
