"""Processes of a measurement: each on its core, with its CPU time and memory in sight."""

import asyncio
import json
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]

_LARGEST_LINE = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Child:
    """A process that was started here; those of `bench` talk in lines of JSON."""

    process: asyncio.subprocess.Process

    @property
    def cpu_seconds(self) -> float:
        """Return the CPU time of all its threads so far."""
        # How the C library makes a process's clock of its id: clock_getcpuclockid(3).
        return time.clock_gettime((~self.process.pid << 3) | 2)

    @property
    def rss_mb(self) -> float:
        """Return how much memory is resident, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024

    async def hears(self) -> Any:  # noqa: ANN401 -- whatever JSON holds
        """Return the next line that it says."""
        if not self.process.stdout:
            raise LookupError(self.process.pid)
        if not (line := await self.process.stdout.readline()):
            raise RuntimeError(f"process {self.process.pid} ended before it answered")
        return json.loads(line)

    async def asks(self, **order: object) -> Any:  # noqa: ANN401 -- whatever JSON holds
        """Send it an order and return its answer."""
        if not self.process.stdin:
            raise LookupError(self.process.pid)
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        return await self.hears()

    async def kill(self) -> None:
        """End it at once: what it owes is thrown away, so that no round pays for another."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def child(module: str, *arguments: str, core: int) -> AsyncIterator[Child]:
    """Run a module of the bench on `core`; it is killed on leaving."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        limit=_LARGEST_LINE,
    )
    os.sched_setaffinity(process.pid, {core})
    started = Child(process)
    try:
        yield started
    finally:
        await started.kill()


@asynccontextmanager
async def foghorn(env: Mapping[str, str], cwd: Path, core: int) -> AsyncIterator[Child]:
    """Run `foghorn run` as it is on `core`, with these settings; it is killed on leaving."""
    with (cwd / "foghorn.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"), stdout=log, stderr=log, env=env, cwd=cwd
        )
        os.sched_setaffinity(process.pid, {core})
        started = Child(process)
        try:
            yield started
        finally:
            await started.kill()


async def seconds_to_run(code: str, core: int) -> float:
    """Return how long a fresh Python takes to run `code`."""
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=ROOT)
    os.sched_setaffinity(process.pid, {core})
    await process.wait()
    return time.perf_counter() - started


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
