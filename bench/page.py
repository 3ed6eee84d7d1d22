"""How fast the public page is, beside a bare Starlette "hello" on the same core: `make bench-page`.

Each figure is the median of many short rounds, in which the servers take turns; what is said of
the bare one is the median of what each round said.
"""

import asyncio
import statistics
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.children import SERVER_CORE, Child, child
from bench.load import Ack, at_a_time, checked, percentile
from bench.past import fill

ROUNDS = 15
REQUESTS = 1500
AT_A_TIME = 16
SIZES = {"20 components": (20, 100), "200 components": (200, 1000)}
"""How many components and incidents each page has, over two years."""
PATHS = ("/", "/history", "/api/v2/summary.json", "/api/v2/incidents.json", "/feed.atom")


@dataclass
class Figure:
    """One row of the table: what is asked of which server, and what every round measured."""

    name: str
    port: int
    request: bytes
    status: int
    server: Child
    rates: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    body: int = 0

    async def measure(self) -> None:
        """Run one round; the rate is by the server's own CPU time, so one core's worth."""
        before = self.server.cpu_seconds
        acks = await at_a_time(self.port, [self.request] * REQUESTS, AT_A_TIME)
        spent = self.server.cpu_seconds - before
        self.waits += checked(acks, self._is_right)
        self.rates.append(REQUESTS / spent)
        self.body = len(acks[0].body)

    def _is_right(self, ack: Ack) -> bool:
        return ack.status == self.status

    @property
    def rate(self) -> float:
        """Requests per second of one core."""
        return statistics.median(self.rates)


def share(one: Figure, bare: Figure) -> float:
    """Return how fast one is, the other being 1."""
    pairs = zip(one.rates, bare.rates, strict=True)
    return statistics.median(rate / beside for rate, beside in pairs)


def request(path: str, *headers: str) -> bytes:
    """Return a request as a browser sends it."""
    lines = (f"GET {path} HTTP/1.1", "Host: page", "Accept-Encoding: gzip", *headers)
    return "\r\n".join((*lines, "", "")).encode()


async def main() -> None:
    """Measure, and say what was found."""
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            bare = await stack.enter_async_context(child("bench.public", "hello", core=SERVER_CORE))
            figures = [Figure("bare hello", await bare.hears(), request("/"), 200, bare)]
            for name, (components, incidents) in SIZES.items():
                address = fill(Path(folder) / f"{components}.db", components, incidents)
                started = child("bench.public", address, core=SERVER_CORE)
                server = await stack.enter_async_context(started)
                figures += await _figures(name, server)
            for _ in range(ROUNDS):
                for figure in figures:
                    await figure.measure()
            _say(figures)


async def _figures(name: str, server: Child) -> list[Figure]:
    port = await server.hears()
    for path in PATHS:  # Each is made once; what follows is the crowd.
        await at_a_time(port, [request(path)], 1)
    tag = await _tag(port)
    again = request("/", f"If-None-Match: {tag}")
    return [
        Figure(f"{name}, 304", port, again, 304, server),
        Figure(f"{name}, 200", port, request("/"), 200, server),
    ]


async def _tag(port: int) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request("/"))
    head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    lines = head.decode().split("\r\n")
    return next(line.split(" ", 1)[1] for line in lines if line.lower().startswith("etag:"))


def _say(figures: Sequence[Figure]) -> None:
    bare = figures[0]
    print(f"{'':22}{'a second':>10}{'of bare':>9}{'p99 ms':>8}{'bytes':>8}{'RSS MB':>8}")
    for one in figures:
        wait = percentile(sorted(one.waits), 0.99)
        print(
            f"{one.name:22}{one.rate:10.0f}{share(one, bare):9.2f}{wait:8.1f}"
            f"{one.body:8}{one.server.rss_mb:8.0f}"
        )


if __name__ == "__main__":
    asyncio.run(main())
