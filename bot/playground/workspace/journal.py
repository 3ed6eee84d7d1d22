"""The journal: every call of the bot and every payload sent to it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.playground.errors import Json


@dataclass(frozen=True)
class ApiCall:
    """One call of the Web API (or of a response URL) and its answer."""

    method: str
    args: Json
    at: float
    status: int = 0
    answer: Json | None = None
    fault: str | None = None

    @property
    def error(self) -> str | None:
        return None if self.answer is None else self.answer.get("error")


@dataclass(frozen=True)
class Ack:
    """The bot's answer to one payload; `seconds` is wall time until it came."""

    kind: str
    status: int
    body: Json | None
    text: str | None
    seconds: float
    trouble: str | None = None
    at: float = 0.0
    payload: Json | None = None

    @property
    def timed_out(self) -> bool:
        return self.trouble == "operation_timeout"

    @property
    def ok(self) -> bool:
        return self.trouble is None


class Journal:
    """Keeps calls and acks in order and tells listeners about each change."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.calls: list[ApiCall] = []
        self.acks: list[Ack] = []
        self._order: list[tuple[str, int]] = []
        self.lines: list[str] = []
        self.listeners: list[Callable[[], None]] = []

    def changed(self) -> None:
        for listener in list(self.listeners):
            listener()

    def note(self, line: str) -> None:
        self.lines.append(f"{self._now():.3f} {line}")
        self.changed()

    def begin(self, method: str, args: Json) -> int:
        self.calls.append(ApiCall(method, args, self._now()))
        self._order.append(("call", len(self.calls) - 1))
        return len(self.calls) - 1

    def finish(self, number: int, **outcome: Any) -> None:  # noqa: ANN401 - ApiCall's own fields
        call = replace(self.calls[number], **outcome)
        self.calls[number] = call
        verdict = call.fault or call.error or "ok"
        self.note(f"bot > {call.method} {_short(call.args)} -> {call.status} {verdict}")

    def acked(self, ack: Ack) -> Ack:
        ack = replace(ack, at=self._now())
        self._order.append(("ack", len(self.acks)))
        self.acks.append(ack)
        verdict = ack.trouble or f"{ack.status} {_short(ack.body or ack.text or '')}"
        self.note(f"bot < {ack.kind} -> {verdict} in {ack.seconds:.3f} s")
        return ack

    def both_ways(self, count: int = 200) -> list[tuple[int, ApiCall | Ack]]:
        """The newest calls and acks, each with its number, in the order in which they began."""
        first = max(0, len(self._order) - count)
        return [(number, self.entry(number)) for number in range(first, len(self._order))]

    def entry(self, number: int) -> ApiCall | Ack:
        kind, index = self._order[number]
        return self.calls[index] if kind == "call" else self.acks[index]

    def tail(self, count: int = 25) -> str:
        return "\n".join(self.lines[-count:])


def _short(value: object, most: int = 160) -> str:
    text = str(value)
    return text if len(text) <= most else f"{text[:most]}…"
