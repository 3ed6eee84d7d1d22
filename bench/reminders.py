"""What asking costs, beside APScheduler with its own database: `python -m bench.reminders`.

Medians over rounds, in turn with what they are compared to. Ends with 1 when a bar is missed. What
the figures mean: docs/performance.md.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from sqlalchemy import func, select, text

from bench import asking, rival
from bench.asking import claimer, sweeper
from bench.heart import Heart
from bench.open_incidents import databases, fill, make_due
from bot.clock import SystemClock
from bot.database import Database, Tx, open_database
from bot.logs import configure
from bot.services.due.timers import Timers
from bot.store.tables import deliveries
from tests.services.crowd import Stopwatch, owed, store_open, sweep_in_processes
from tests.store.samples import NOW

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 3
SWEEPS = 30
MANY = 1_000
CROWD, INSTANCES = 5_000, (2, 4)
SERVER = os.environ.get("TEST_POSTGRES_URL", "")  # noqa: TID251 -- the tests' own setting


@dataclass
class Figures:
    """What was measured, by name: one value a round."""

    found: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, value: float) -> None:
        """Keep what one round gave."""
        self.found[name].append(value)

    def of(self, name: str) -> float:
        """Return the median over the rounds."""
        return statistics.median(self.found[name])


async def main() -> int:
    """Measure, print, and return the exit code."""
    configure("plain", "warning")
    figures = Figures()
    kinds = ["sqlite", *(["postgres"] if SERVER else [])]
    with tempfile.TemporaryDirectory(prefix="foghorn-bench-") as made:
        folder = Path(made)
        for kind in kinds:
            print(f"{kind} …", file=sys.stderr, flush=True)
            await sweeps(kind, folder, figures)
        print("at once …", file=sys.stderr, flush=True)
        await all_at_once(folder, figures)
        await lag(folder, figures)
        for kind in kinds:
            await crowd(kind, folder, figures)
        await memory(folder, figures)
        figures.add("disk", await asking.bytes_an_incident(folder))
    if not SERVER:
        print("PostgreSQL is left out: TEST_POSTGRES_URL is not set.")
    return report(figures, kinds)


async def sweeps(kind: str, folder: Path, figures: Figures) -> None:
    """Sweep with 0 and 10 due, of more and more that are open; the sizes in turn."""
    with (
        databases(kind, folder, SERVER) as small,
        databases(kind, folder, SERVER) as middle,
        databases(kind, folder, SERVER) as large,
    ):
        places = dict(zip(SIZES, (small, middle, large), strict=True))
        for size, address in places.items():
            async with open_database(address) as store:
                for first in range(0, size, 20_000):
                    await store.write(fill, first, min(first + 20_000, size))
                await store.write(_analyze)
        for _ in range(ROUNDS):
            for size, address in places.items():
                async with open_database(address) as store:
                    figures.add(f"{kind} 0 of {size}", await a_sweep(store, 0))
                    figures.add(f"{kind} 10 of {size}", await a_sweep(store, 10))


async def a_sweep(store: Database, due: int) -> float:
    """Return how long a sweep takes that finds so many due."""
    timers, spent = sweeper(store), []
    await timers.sweep()
    for _ in range(SWEEPS):
        if due:
            await store.write(make_due, 0, due, SystemClock().now())
        started = time.perf_counter()
        await timers.sweep()
        spent.append(time.perf_counter() - started)
    return statistics.median(spent)


async def all_at_once(folder: Path, figures: Figures) -> None:
    """A thousand are due at one instant, of ten thousand; and a thousand jobs of APScheduler."""
    with (
        databases("sqlite", folder, SERVER) as address,
        databases("sqlite", folder, SERVER) as other,
    ):
        async with open_database(address) as store, open_database(other) as bare:
            await store.write(fill, 0, 10_000)
            await bare.write(fill, 0, 10_000)
            for number in range(ROUNDS):
                await store.write(make_due, 0, MANY, SystemClock().now())
                figures.add("ours", await fired(sweeper, store))
                first = number * MANY
                await bare.write(make_due, first, first + MANY, SystemClock().now())
                figures.add("claim", await fired(claimer, bare))
                await store.write(make_due, 0, MANY, SystemClock().now())
                async with Heart() as heart:
                    await fired(sweeper, store)
                figures.add("our stall", heart.longest)
                place = folder / f"rival{number}"
                place.mkdir()
                each, stall = await rival.add_and_fire(place, MANY)
                figures.add("theirs", each)
                figures.add("their stall", stall)


async def fired(make: Callable[[Database], Timers], store: Database) -> float:
    """Sweep a thousand, and return the seconds for each; every one was asked about once.

    Only what is spent in transactions counts: in between a sweep rests, so that others can write.
    """
    before = await store.read(_questions)
    watch = Stopwatch(store)
    await make(cast("Database", watch)).sweep()
    asked = await store.read(_questions) - before
    if asked != MANY:
        raise RuntimeError(f"asked {asked} times")
    return watch.spent / MANY


async def crowd(kind: str, folder: Path, figures: Figures) -> None:
    """Five thousand are due at one instant, and two and four processes sweep them: each once."""
    for instances in INSTANCES:
        for _ in range(ROUNDS):
            with databases(kind, folder, SERVER) as address:
                async with open_database(address) as store:
                    await store.write(store_open, CROWD, NOW)
                slowest = await asyncio.to_thread(sweep_in_processes, address, CROWD, instances)
                async with open_database(address) as store:
                    asked = await store.read(owed)
                if len(asked) != CROWD or set(asked.values()) != {1}:
                    raise RuntimeError(f"asked {asked.total()} times about {len(asked)}")
                figures.add(f"{kind} crowd {instances}", max(slowest))


async def lag(folder: Path, figures: Figures) -> None:
    """From due to sent with 10,000 open: one a tenth of a second, and a Slack that answers."""
    with databases("sqlite", folder, SERVER) as address:
        async with open_database(address) as store:
            await store.write(fill, 0, 10_000)
            figures.add("lag", max(await asking.lags(store, 50)))


async def memory(folder: Path, figures: Figures) -> None:
    """How much memory a process takes that sweeps, with nothing open and with 10,000."""
    for name, many in (("rss 0", 0), ("rss 10000", 10_000)):
        with databases("sqlite", folder, SERVER) as address:
            async with open_database(address) as store:
                await store.write(fill, 0, many)
            child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bench.asking", address), stdout=asyncio.subprocess.PIPE
            )
            said, _ = await child.communicate()
            first, last = map(float, said.decode().split())
            figures.add(name, first)
            figures.add(f"{name} later", last)


def _questions(tx: Tx) -> int:
    remind = deliveries.c.kind == "remind"
    return tx.scalar(select(func.count()).select_from(deliveries).where(remind)) or 0


def _analyze(tx: Tx) -> None:
    tx.execute(text("ANALYZE"))


def report(figures: Figures, kinds: list[str]) -> int:
    """Print everything, and return the exit code."""
    of, one = figures.of, {name: figures.of(name) * 1e6 for name in ("claim", "ours", "theirs")}
    print(f"\nA sweep in ms, by how many are open; load {os.getloadavg()[0]:.1f}.\n")
    print(f"{'':26}" + "".join(f"{size:>12,}" for size in SIZES))
    for kind in kinds:
        for due in (0, 10):
            cells = [f"{of(f'{kind} {due} of {size}') * 1e3:.2f}" for size in SIZES]
            print(f"{f'{kind}, {due} due':26}" + "".join(f"{cell:>12}" for cell in cells))
    print("\nOf 1,000 due at once: claimed and owed, µs for each   ", f"{one['claim']:10.0f}")
    print("  the whole question, its watch, next timer and audit  ", f"{one['ours']:10.0f}")
    print("  a job of APScheduler on SQLite, added and fired      ", f"{one['theirs']:10.0f}")
    stalls = f"{of('our stall') * 1e3:.1f} and APScheduler's {of('their stall') * 1e3:.1f}"
    print(f"  the event loop stands still for at most, ms: ours {stalls}")
    print(
        f"RSS {of('rss 0'):.1f} MB with none open, {of('rss 10000'):.1f} MB with 10,000; ", end=""
    )
    print(f"{of('rss 10000 later'):.1f} MB after 2,000 questions more.\n")
    passed = [_print_bar(figures, *bar) for bar in _bars(kinds)]
    return 0 if all(passed) else 1


def _bars(kinds: list[str]) -> list[tuple[str, str, str | float, float]]:
    """Return what each bar is about, what is measured against what, and the most it may be."""
    growth = "B6 sweep, 0 due, 100,000 open / 1,000"
    return [
        *((f"{growth}, {kind}", f"{kind} 0 of 100000", f"{kind} 0 of 1000", 1.5) for kind in kinds),
        ("B7 claimed and owed / APScheduler's add and fire", "claim", "theirs", 0.1),
        ("B8 stall while 1,000 fire / APScheduler's", "our stall", "their stall", 0.1),
        ("B9 RSS with 10,000 open / with none", "rss 10000", "rss 0", 1.1),
        ("B9 KB on disk of an incident with 5 updates", "disk", 1024, 4),
        ("T22 RSS after 2,000 questions / before", "rss 10000 later", "rss 10000", 1.1),
        *(
            (
                f"T11 slowest claim of 5,000 due, {n} processes, {kind}, ms",
                f"{kind} crowd {n}",
                1e-3,
                250,
            )
            for kind in kinds
            for n in INSTANCES
        ),
        ("lag from due to sent, 10,000 open, in s", "lag", 1, 2),
    ]


def _print_bar(figures: Figures, what: str, name: str, against: str | float, most: float) -> bool:
    below = figures.of(against) if isinstance(against, str) else against
    value = figures.of(name) / below
    verdict = "pass" if value <= most else "MISSED"
    print(f"{what:60}{value:8.2f}  bar {most:g}  {verdict}")
    return value <= most


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
