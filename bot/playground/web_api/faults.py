"""Faults on demand: refusals, delays and lost answers, per method."""

from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one call."""

    kind: str  # "limit", "fail", "lose", "delay" or "hang"
    error: str = ""
    status: int = 200
    after: int = 0  # the Retry-After header, in seconds
    seconds: float = 0.0
    written: bool = False  # whether the wait comes after the write


_AGAIN_SECONDS = 5
"""What Slack asks to wait for while messages are limited by a switch."""


def limit_fault(after: int) -> Fault:
    return Fault("limit", "ratelimited", 429, after=after)


class Faults:
    """Queues faults for methods and paces calls per channel."""

    def __init__(self) -> None:
        self._queues: defaultdict[str, list[Fault]] = defaultdict(list)
        self._closed: dict[tuple[str, str], str] = {}
        self._paces: dict[str, tuple[float, int]] = {}
        self._tokens: dict[tuple[str, str], tuple[float, float]] = {}  # how many, and when
        self._limits_messages = False

    def add(self, method: str, fault: Fault, times: int) -> None:
        self._queues[method] += [fault] * times

    def refuse(self, method: str, channel: str, error: str) -> None:
        """Refuses this in a channel, by its id, from now on."""
        self._closed[method, channel] = error

    def take(self, method: str, channel: str, now: float) -> Fault | None:
        """What this call meets: the next fault of the queue, a refusal, or the limit of a pace."""
        if queue := self._queues[method]:
            return queue.pop(0)
        if self._limits_messages and method.startswith("chat."):
            return limit_fault(_AGAIN_SECONDS)
        if error := self._closed.get((method, channel)):
            return Fault("fail", error)
        wait = self._seconds_to_wait(method, channel, now)
        return limit_fault(wait) if wait else None

    def limit_messages(self, on: bool) -> None:  # noqa: FBT001 - a switch has two sides
        """Answers 429 to whatever is posted or changed, until it is turned off again."""
        self._limits_messages = on

    def pace(
        self, method: str = "chat.postMessage", *, per_second: float = 1, burst: int = 3
    ) -> None:
        """Answers 429 to more than this per channel, from now on."""
        self._paces[method] = (per_second, burst)

    def _seconds_to_wait(self, method: str, channel: str, now: float) -> int:
        if method not in self._paces:
            return 0
        rate, burst = self._paces[method]
        tokens, then = self._tokens.get((method, channel), (burst, now))
        tokens = min(burst, tokens + (now - then) * rate)
        wait = max(1, round((1 - tokens) / rate)) if tokens < 1 else 0
        self._tokens[method, channel] = (tokens if wait else tokens - 1, now)
        return wait
