"""The journal: every call of the bot and every payload sent to it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from bot.playground.errors import Json


@dataclass
class ApiCall:
    """One call of the Web API (or of a response URL) and, once it came, its answer."""

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
    status: int = 0
    body: Json | None = None
    text: str | None = None
    seconds: float = 0.0
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
    """Keeps calls and acks in the order in which they began; tells listeners about each change."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.entries: list[ApiCall | Ack] = []
        self.lines: list[str] = []
        self.listeners: list[Callable[[], None]] = []

    def changed(self) -> None:
        for listener in list(self.listeners):
            listener()

    @contextmanager
    def watched(self) -> Iterator[asyncio.Event]:
        """An event that every change sets, while the block lasts."""
        happened = asyncio.Event()
        self.listeners.append(happened.set)
        try:
            yield happened
        finally:
            self.listeners.remove(happened.set)

    def note(self, line: str) -> None:
        self.lines.append(f"{self._now():.3f} {line}")
        self.changed()

    @property
    def calls(self) -> list[ApiCall]:
        return [one for one in self.entries if isinstance(one, ApiCall)]

    @property
    def acks(self) -> list[Ack]:
        return [one for one in self.entries if isinstance(one, Ack)]

    def begin(self, method: str, args: Json) -> ApiCall:
        call = ApiCall(method, args, self._now())
        self.entries.append(call)
        return call

    def finish(
        self, call: ApiCall, status: int = 0, answer: Json | None = None, fault: str | None = None
    ) -> None:
        call.status, call.answer, call.fault = status, answer, fault
        verdict = call.fault or call.error or "ok"
        self.note(f"bot > {call.method} {_short(call.args)} -> {call.status} {verdict}")

    def acked(self, ack: Ack) -> Ack:
        ack = replace(ack, at=self._now())
        self.entries.append(ack)
        verdict = ack.trouble or f"{ack.status} {_short(ack.body or ack.text or '')}"
        self.note(f"bot < {ack.kind} -> {verdict} in {ack.seconds:.3f} s")
        return ack

    def tail(self, count: int = 25) -> str:
        return "\n".join(self.lines[-count:])


def _short(value: object, most: int = 160) -> str:
    text = str(value)
    return text if len(text) <= most else f"{text[:most]}…"
