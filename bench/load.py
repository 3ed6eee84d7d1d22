"""Load over keep-alive connections: so many at a time, so many a second, or all at once."""

import asyncio
import gc
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"content-length:"
_SECONDS_TO_ANSWER = 30


@dataclass(frozen=True, slots=True)
class Ack:
    """An answer and how long it took."""

    status: int
    body: bytes
    seconds: float


class Line(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        """Start without a connection."""
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes, float]] | None = None
        self._buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Collect an answer until it is whole."""
        self._buffer += data
        head = self._buffer.find(_END_OF_HEAD)
        if head < 0:
            return
        lines = bytes(self._buffer[:head]).lower().split(b"\r\n")
        lengths = [int(line[len(_LENGTH) :]) for line in lines if line.startswith(_LENGTH)]
        end = head + len(_END_OF_HEAD) + (lengths[0] if lengths else 0)
        if len(self._buffer) >= end and self._answer and not self._answer.done():
            body = bytes(self._buffer[head + len(_END_OF_HEAD) : end])
            del self._buffer[:end]
            self._answer.set_result((int(lines[0].split()[1]), body, time.perf_counter()))

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits."""
        if self._answer and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("the server hung up"))

    async def ask(self, request: bytes) -> Ack:
        """Send a request and return its answer, timed from the first byte out to the last in."""
        if not self._transport:
            raise ConnectionError("not connected")
        self._answer = asyncio.get_running_loop().create_future()
        started = time.perf_counter()
        self._transport.write(request)
        async with asyncio.timeout(_SECONDS_TO_ANSWER):
            status, body, ended = await self._answer
        return Ack(status, body, ended - started)

    def close(self) -> None:
        """Hang up."""
        if self._transport:
            self._transport.close()


async def connect(port: int) -> Line:
    """Open a connection to a port of this machine."""
    loop = asyncio.get_running_loop()
    _transport, line = await loop.create_connection(Line, "127.0.0.1", port)
    return line


async def at_a_time(port: int, requests: Sequence[bytes], many: int) -> list[Ack]:
    """Send all requests, always `many` of them under way."""
    waiting = iter(requests)
    lines = [await connect(port) for _ in range(many)]

    async def work(line: Line) -> list[Ack]:
        return [await line.ask(request) for request in waiting]

    with _undisturbed():
        acks = await asyncio.gather(*(work(line) for line in lines))
    _hang_up(lines)
    return [ack for each in acks for ack in each]


async def a_second(port: int, requests: Sequence[bytes], many: int) -> list[Ack]:
    """Send `many` requests a second, whether or not the earlier ones are answered."""
    idle = [await connect(port) for _ in range(16)]

    async def work(request: bytes) -> Ack:
        line = idle.pop() if idle else await connect(port)
        try:
            return await line.ask(request)
        finally:
            idle.append(line)

    under_way = []
    with _undisturbed():
        started = time.perf_counter()
        for number, request in enumerate(requests):
            await asyncio.sleep(max(0.0, started + number / many - time.perf_counter()))
            under_way.append(asyncio.create_task(work(request)))
        acks = await asyncio.gather(*under_way)
    _hang_up(idle)
    return acks


async def at_once(port: int, requests: Sequence[bytes]) -> list[Ack]:
    """Send all requests at one instant, each over its own open connection."""
    lines = [await connect(port) for _ in requests]
    with _undisturbed():
        acks = await asyncio.gather(
            *(line.ask(request) for line, request in zip(lines, requests, strict=True))
        )
    _hang_up(lines)
    return acks


def checked(acks: Sequence[Ack], is_right: Callable[[Ack], bool]) -> list[float]:
    """Return the milliseconds of all answers, in order of size; each must be right."""
    wrong = [ack for ack in acks if not is_right(ack)]
    if wrong:
        raise RuntimeError(f"{len(wrong)} of {len(acks)} answers are wrong, such as {wrong[0]}")
    return sorted(ack.seconds * 1000 for ack in acks)


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the smallest value that `share` of all values do not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _hang_up(lines: Sequence[Line]) -> None:
    for line in lines:
        line.close()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the load's own garbage collection out of the figures."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
