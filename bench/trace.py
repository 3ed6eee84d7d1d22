"""How far a thing travels through the code of `bot/`: `python -m bench.trace`.

The whole bot runs on SQLite, between a look-alike of Slack and a fake of Instatus (one page, so no
code of the embedded page), and is touched through Slack's wire only. A journey goes from the
form's submit, the timer's due moment or the tap on a button until its receipt (or question) stands
in the thread and the bot is at rest again. After a first one to warm up it is made several times,
and what all of them did counts: how often the outbox looks for more hangs on the machine's pace.

The metronome is silent, since its ticks fall where they like; the timer's due moment is one tick of
all that it does every second. What is counted: `bench/tracing.py`.
"""

import argparse
import asyncio
import functools
import gc
import logging
import operator
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bench.tracing import Trace, Tracer
from bot.playground import Modal
from tests.fakes.instatus import InstatusFake
from tests.whole.rig import Rig, whole_bot

ROUNDS = 3
TEXT, PLAN, NO_CHANGE = "Cards are refused.", "Writes wait for a minute.", "still investigating"
"""What is said; the last by the bot, after a tap on *No change*."""
TICK, HOUR = timedelta(seconds=1), timedelta(hours=1)
LINES = 40
"""Of each list of `--by-file`."""


async def report(tracer: Tracer, rig: Rig) -> dict[str, Trace]:
    """Report an incident."""
    await rig.ann.types("/incident")
    form = await rig.ann.modal("Report an incident")
    form.fill("Incident name", "Checkout is down")
    form.fill("Message", TEXT)
    await form.choose("Affected components", "API")
    return {"report": await submitted(tracer, rig, form)}


async def schedule(tracer: Tracer, rig: Rig) -> dict[str, Trace]:
    """Schedule maintenance, which nobody starts and finishes but people."""
    await rig.ann.types("/maintenance")
    form = await rig.ann.modal("Schedule maintenance")
    form.fill("Maintenance name", "Database upgrade")
    form.fill("Message", PLAN)
    await form.choose("Affected components", "API")
    starts = rig.clock.now().replace(second=0, microsecond=0) + HOUR
    await form.pick("Starts at", starts)
    await form.pick("Ends at", starts + HOUR)
    return {"schedule": await submitted(tracer, rig, form)}


async def remind(tracer: Tracer, rig: Rig) -> dict[str, Trace]:
    """Be asked for an update of an incident, answer that nothing has changed, and resolve it."""
    first = await report(tracer, rig)
    rig.clock.ahead += HOUR
    async with tracer.tracing() as reminder:
        await tick()
        [_, question] = await rig.receipts(2)
    async with tracer.tracing() as answer:
        await rig.ann.clicks("No change", message=question)
        await rig.receipts(3)
    await rig.post("Resolve", "It works.")
    await tracer.rest()
    return {**first, "reminder": reminder, "answer": answer}


async def submitted(tracer: Tracer, rig: Rig, form: Modal) -> Trace:
    """Submit a form that opens a thread, and wait for the receipt in it."""
    before = len(rig.parents())
    await tracer.rest()
    async with tracer.tracing() as trace:
        result = await form.submit()
        await rig.slack.until(lambda: len(rig.parents()) > before, what="its thread")
        await rig.receipts(1)
    if result.action != "update":
        raise SystemExit(f"The form was not taken: {result}")
    await form.close(everything=True)
    return trace


def metronome() -> AsyncIOScheduler:
    """Return the scheduler of the bot that runs."""
    [found] = [each for each in gc.get_objects() if type(each) is AsyncIOScheduler]
    return found


async def tick() -> None:
    """Do once what the silent metronome does every second."""
    jobs = [job.func for job in metronome().get_jobs() if job.trigger.interval <= TICK]
    await asyncio.gather(*(asyncio.create_task(work()) for work in jobs))


async def journeys(tracer: Tracer) -> dict[str, Trace]:
    """Make every journey again and again, and return what was seen each time, but the first."""
    seen: defaultdict[str, list[Trace]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="foghorn-bench-") as folder:
        async with InstatusFake() as vendor:
            vendor.add_component(vendor.page_id, "API")
            async with whole_bot([vendor], Path(folder)) as rig:
                metronome().pause()
                await tracer.rest()
                for _ in range(ROUNDS):
                    await tracer.leave_out(tick)
                for journey in (remind, schedule):
                    for _ in range(ROUNDS + 1):
                        for name, trace in (await journey(tracer, rig)).items():
                            seen[name].append(trace)
                if refused := rig.refused():
                    raise SystemExit(f"Slack refused: {refused}")
    return {name: functools.reduce(operator.and_, each[1:]) for name, each in seen.items()}


def show(traces: Mapping[str, Trace], *, by_file: bool, types: bool) -> None:
    """Print the table, and the lists that are wanted."""
    print(f"{'journey':<10}{'files':>8}{'crossings':>12}{'types':>8}{'worn':>8}")
    for name, each in traces.items():
        counts = len(+each.files), each.pairs.total(), len(each.types), len(+each.worn)
        print("{:<10}{:>8}{:>12}{:>8}{:>8}".format(name, *counts))
    for name, each in traces.items():
        if by_file:
            print(f"\n{name}: crossings by files")
            for (caller, file), count in each.pairs.most_common(LINES):
                print(f"{count:>6}  {caller} → {file}")
            print(f"\n{name}: crossings by function")
            for callee, count in each.callees.most_common(LINES):
                print(f"{count:>6}  {callee}")
        if types:
            print(f"\n{name}: types in order of appearance, * if worn")
            for kind in each.types:
                print(f"{'*' if each.worn[kind] else '':>6}  {kind}")


def main() -> None:
    """Trace, and print what is wanted."""
    parser = argparse.ArgumentParser(description="How far a thing travels through bot/.")
    parser.add_argument("--by-file", action="store_true", help="the most crossed, per journey")
    parser.add_argument("--types", action="store_true", help="our types on the way")
    wanted = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    tracer = Tracer((TEXT, PLAN, NO_CHANGE))
    with tracer.watching():
        traces = asyncio.run(journeys(tracer))
    show(traces, by_file=wanted.by_file, types=wanted.types)


if __name__ == "__main__":
    main()
