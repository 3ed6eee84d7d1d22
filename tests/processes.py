"""Programs that run beside a test: no wait for one is endless, and none of them outlives its test.

What a program says goes to files, so that nobody waits for a pipe. When a test fails while one
runs, it is killed first, and what it said is told with the failure.
"""

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.waits import SECONDS, GaveUp

T = TypeVar("T")

_STEP = 0.02


@dataclass(frozen=True)
class Program:
    """A program that runs, and what it has said so far."""

    process: subprocess.Popen[str]
    folder: Path

    @property
    def stdout(self) -> str:
        return (self.folder / "stdout").read_text(encoding="utf-8")

    @property
    def stderr(self) -> str:
        return (self.folder / "stderr").read_text(encoding="utf-8")

    @property
    def lines(self) -> list[str]:
        return [*self.stdout.splitlines(), *self.stderr.splitlines()]

    @property
    def said(self) -> str:
        return f"on stdout:\n{self.stdout}\non stderr:\n{self.stderr}"

    def until(self, happened: Callable[[], T], what: str) -> T:
        """Return the first true value; raise `GaveUp` when the program ends without one."""
        give_up = time.monotonic() + SECONDS
        while not (value := happened()):
            if time.monotonic() > give_up:
                raise GaveUp(f"no {what} within {SECONDS:g} s")
            if self.process.poll() is not None and not (value := happened()):
                raise GaveUp(f"no {what}, and it ended with {self.process.returncode}")
            time.sleep(_STEP)
        return value

    def send(self, text: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def ended(self) -> int:
        """Wait for the end; return with what status it came."""
        try:
            return self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            raise GaveUp(f"no end within {SECONDS:g} s") from None


@contextmanager
def running(
    *command: str, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> Iterator[Program]:
    """Run a program until the block is left, where it is killed if it has not ended."""
    with (
        tempfile.TemporaryDirectory() as name,
        (Path(name) / "stdout").open("wb") as out,
        (Path(name) / "stderr").open("wb") as err,
        subprocess.Popen(  # noqa: S603 -- our own command
            command, cwd=cwd, env=env, text=True, stdin=subprocess.PIPE, stdout=out, stderr=err
        ) as process,
    ):
        program = Program(process, Path(name))
        try:
            yield program
        except BaseException as error:
            process.kill()
            process.wait()
            error.add_note(f"{' '.join(command)} said {program.said}")
            raise
        finally:
            process.kill()


def run(*command: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """Run a program to its good end; return what it wrote."""
    with running(*command, cwd=cwd, env=env) as program:
        assert program.ended() == 0
        return program.stdout
