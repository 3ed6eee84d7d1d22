"""How a thing travels through the code of `bot`, seen by Python's profiling hook.

- A file is *entered* when a function of it is called.
- A *crossing* is a call of a function in another file than that of the nearest caller of ours on
  the stack: libraries in between are looked through, and what the event loop or a thread begins
  has no caller. What Python writes for a dataclass belongs to that class's file. It is no call
  when a coroutine or a generator goes on.
- *Types* are our classes of which an instance is an argument (but `self`) or a result at a
  crossing, or lies directly in a list, tuple, set or mapping that is one.
- A type is *worn* when the words of the message show in the `repr` of such an instance.

`bot/playground` is left out, and so is each step (from where the event loop or a thread calls into
our code until it has it back) that is just like one of a tick with nothing to do.
"""

import asyncio
import dis
import functools
import sys
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from inspect import CO_VARARGS, CO_VARKEYWORDS
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import bot

OURS = str(Path(bot.__file__).parent) + "/"
LEFT_OUT = "playground"
REST = 0.7
"""Seconds without anything of ours after which the bot is at rest."""


@dataclass
class Trace:
    """What was seen on one journey."""

    files: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    callees: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    worn: Counter[str] = field(default_factory=Counter)

    @property
    def counters(self) -> tuple[Counter[Any], ...]:
        """Return all that was counted."""
        return self.files, self.pairs, self.callees, self.types, self.worn

    def add(self, step: "Trace") -> None:
        """Count what was seen in a step too."""
        for mine, its in zip(self.counters, step.counters, strict=True):
            mine.update(its)

    def __and__(self, other: "Trace") -> "Trace":
        """Return what was seen on both."""
        return Trace(*(a & b for a, b in zip(self.counters, other.counters, strict=True)))


@dataclass
class Tracer:
    """Python's profiling hook: notes what `bot` does, while there is a trace to note it in."""

    words: tuple[str, ...] = ()
    """By any of which a message is known."""
    trace: Trace = field(default_factory=Trace)
    idle: set[frozenset[object]] = field(default_factory=set)
    """What the steps are like that are left out."""
    steps: list[frozenset[object]] = field(default_factory=list)
    """What the steps since the trace began were like."""
    last: float = 0.0
    """When something of ours was last called, went on or returned."""
    here: threading.local = field(default_factory=threading.local)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch this thread and all that begin meanwhile."""
        threading.setprofile(self)
        sys.setprofile(self)
        yield
        sys.setprofile(None)
        threading.setprofile(None)

    def __call__(self, frame: FrameType, event: str, value: object) -> None:
        """Note a call or a return."""
        if event not in {"call", "return"} or not (file := _file(frame)):
            return
        self.last = time.monotonic()
        caller = _caller(frame)
        if caller is None and event == "call":
            self.here.step = Trace()
        step: Trace = self.here.__dict__.setdefault("step", Trace())
        begins = event == "call" and frame.f_lasti == _start(frame.f_code)
        step.files[file] += begins
        if caller and caller != file:
            if begins:
                step.pairs[caller, file] += 1
                step.callees[f"{file}: {_name(frame)}"] += 1
            for passed in _arguments(frame) if begins else [value]:
                self._see(step, passed)
        elif caller is None and event == "return" and _like(step) not in self.idle:
            self.trace.add(step)
            self.steps.append(_like(step))

    def _see(self, step: Trace, passed: object) -> None:
        for each in _ours(passed):
            kind = _type(each)
            step.types[kind] += 1
            step.worn[kind] += any(words in repr(each) for words in self.words)

    async def leave_out(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do what is done with nothing to do, and leave out such steps from now on."""
        async with self.tracing():
            await work()
        self.idle.update(each for each in self.steps if each)

    async def rest(self) -> None:
        """Wait until nothing of ours has happened for a while."""
        self.last = time.monotonic()
        while time.monotonic() - self.last < REST:  # noqa: ASYNC110 -- nobody tells that it rests
            await asyncio.sleep(REST / 10)

    @asynccontextmanager
    async def tracing(self) -> AsyncIterator[Trace]:
        """Note what happens in the block, and until the bot rests afterwards."""
        self.trace, self.steps = Trace(), []
        yield self.trace
        await self.rest()
        self.trace = Trace()


def _like(step: Trace) -> frozenset[object]:
    return frozenset(step.pairs.items()) | frozenset(step.callees.items())


def _file(frame: FrameType) -> str | None:
    # Of the globals, not of the code: what Python writes for a dataclass has no file of its own.
    name = str(frame.f_globals.get("__file__"))
    inside = name.removeprefix(OURS)
    return None if inside == name or inside.startswith(LEFT_OUT) else inside


def _caller(frame: FrameType) -> str | None:
    above = frame.f_back
    while above and not _file(above):
        above = above.f_back
    return _file(above) if above else None


def _name(frame: FrameType) -> str:
    code = frame.f_code
    written = "<locals>.__" in code.co_qualname and "self" in frame.f_locals
    return f"{type(frame.f_locals['self']).__name__}()" if written else code.co_qualname


@functools.cache
def _start(code: CodeType) -> int:
    """Return where a call begins; what goes on after a `yield` or an `await` is further down."""
    return next(each.offset for each in dis.get_instructions(code) if each.opname == "RESUME")


def _arguments(frame: FrameType) -> list[object]:
    code, values = frame.f_code, frame.f_locals
    stars = bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + stars]
    return [values.get(name) for name in names if name not in {"self", "cls"}]


def _ours(passed: object) -> Iterator[object]:
    inside: list[object] = [passed]
    if isinstance(passed, Mapping):
        inside += [*passed.keys(), *passed.values()]
    elif isinstance(passed, (list, tuple, set, frozenset)):
        inside += passed
    for each in inside:
        package, *rest = type(each).__module__.split(".")
        if package == bot.__name__ and rest[:1] != [LEFT_OUT]:
            yield each


def _type(value: object) -> str:
    kind = type(value)
    return f"{kind.__module__.removeprefix(bot.__name__ + '.')}.{kind.__qualname__}"
