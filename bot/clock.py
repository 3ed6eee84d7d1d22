"""The clock that everything goes by: the machine's, or the database's where several share one."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

_log = structlog.get_logger(__name__)

_DRIFT = timedelta(seconds=2)
"""How far the machine's clock may be off before it counts as set to another time."""
_BELIEVED = timedelta(minutes=15)
"""How long another time must last until it is believed: some jumps are taken back."""


def _wall() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 -- the one place that asks the machine


def _elapsed() -> float:
    """Return seconds that only ever count up, also while the machine sleeps where it can tell."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class SystemClock:
    """Tells the time steadily: when the machine's clock jumps, nothing is due early or twice.

    A jump is ridden out for a quarter of an hour, and then believed. Once it is told the database's
    time, it goes by that, so that all instances agree.
    """

    def __init__(
        self, wall: Callable[[], datetime] = _wall, elapsed: Callable[[], float] = _elapsed
    ) -> None:
        self._wall = wall
        self._elapsed = elapsed
        self._anchor = (wall(), elapsed())
        self._jumped_at: float | None = None
        self._led = False

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        steady = self._steady()
        if self._led:
            return steady
        wall = self._wall()
        if abs(wall - steady) < _DRIFT:
            self._jumped_at = None
        elif not self._is_believed(wall - steady):
            return steady
        self._anchor = (wall, self._elapsed())
        return wall

    def follow(self, truth: datetime) -> None:
        """Go by `truth`, which is the present instant by the database, from now on."""
        self._led = True
        self._anchor = (truth, self._elapsed())

    def _steady(self) -> datetime:
        at, since = self._anchor
        return at + timedelta(seconds=self._elapsed() - since)

    def _is_believed(self, jump: timedelta) -> bool:
        """Say whether the machine's clock has shown another time for long enough."""
        elapsed = self._elapsed()
        if self._jumped_at is None:
            self._jumped_at = elapsed
            seconds = round(jump.total_seconds())
            _log.warning("The machine's clock jumped; Foghorn waits and sees.", seconds=seconds)
        if elapsed - self._jumped_at < _BELIEVED.total_seconds():
            return False
        self._jumped_at = None
        return True
