"""How fast Slack has its answer, beside a bare Bolt "hello": `python -m bench.ack`.

Server on one core, load and the world outside on the other; variants in turn, medians over rounds.
Ends with 1 when a bar is missed. What the figures mean: docs/performance.md.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvloop

from bench import load, signed
from bench.children import CORES, LOAD_CORE, SERVER_CORE, child, seconds_to_run
from bench.load import Ack
from bench.report import Figures, report
from bench.stage import Bot, Server, Stage, fsync_ms, is_kept, is_ok, offers, stage

ROUNDS = 5
ONE, MANY = 1, 32
POSTERS = 16
BURST = 200


async def main() -> int:
    """Measure, print, and return the exit code."""
    os.sched_setaffinity(0, {LOAD_CORE})
    figures = Figures()
    async with stage() as around:
        for number in range(ROUNDS):
            print(f"round {number + 1} of {ROUNDS} …", file=sys.stderr, flush=True)
            figures.add("fsync", [fsync_ms()])
            await several_at_a_time(around, figures)
            await a_few_a_second(around, figures)
            await many_a_second(around, figures)
            await all_at_once(around, figures)
            await table_of_handlers(around, figures)
            await imports(figures)
    return report(figures, cores=len(CORES), load=os.getloadavg()[0])


async def several_at_a_time(around: Stage, figures: Figures) -> None:
    """One and 32 at a time, each kind of request; then strangers who post large forms."""
    async with fresh(around, figures) as bot:
        search = signed.interaction(bot.form["search"])
        for many, count in ((ONE, 60), (MANY, 192)):
            for variant, server in variants(around, bot).items():
                ours = server is bot
                commands = await around.commands(count)
                acks = await load.at_a_time(server.port, commands, many)
                figures.add(f"command {many} {variant}", load.checked(acks, is_ok))
                acks = await load.at_a_time(server.port, [search] * count, many)
                figures.add(
                    f"search {many} {variant}", load.checked(acks, offers if ours else is_ok)
                )
        figures.add("rss", [bot.process.rss_mb])
        await beside_strangers(around, bot, figures)
        for many, count in ((ONE, 60), (MANY, 192)):
            for variant, server in variants(around, bot).items():
                forms = signed.submissions(bot.form["submit"], count)
                acks = await load.at_a_time(server.port, forms, many)
                note(figures, f"submit {many} {variant}", server, acks)


async def beside_strangers(around: Stage, bot: Bot, figures: Figures) -> None:
    """Valid commands alone, and while strangers post 1 MB bodies, unsigned or with a guess."""
    figures.add("strangers quiet", await commands_a_second(around, bot))
    for kind, name in (("unsigned", "foghorn"), ("forged", "forged")):
        posters = child("bench.posters", str(bot.port), str(POSTERS), kind, core=LOAD_CORE)
        async with posters as strangers:
            await strangers.hears()
            await asyncio.sleep(0.3)
            figures.add(f"strangers {name}", await commands_a_second(around, bot))


async def commands_a_second(around: Stage, bot: Bot) -> list[float]:
    """Return the times of 3 s of commands."""
    return load.checked(await load.a_second(bot.port, await around.commands(150), 50), is_ok)


async def a_few_a_second(around: Stage, figures: Figures) -> None:
    """20 forms a second: bare Bolt as it comes, Foghorn, and Foghorn while the vendor hangs."""
    async with fresh(around, figures) as bot:
        for variant, server in (("default", around.default), ("foghorn", bot)):
            forms = signed.submissions(bot.form["submit"], 80)
            acks = await load.a_second(server.port, forms, 20)
            note(figures, f"submit 20/s {variant}", server, acks)
    async with fresh(around, figures) as bot:
        await around.outside.asks(vendor="hangs")
        acks = await load.a_second(bot.port, signed.submissions(bot.form["submit"], 80), 20)
        note(figures, "submit 20/s hanging", bot, acks)


async def many_a_second(around: Stage, figures: Figures) -> None:
    """200 forms a second."""
    async with fresh(around, figures) as bot:
        for variant, server in (("at once", around.at_once), ("foghorn", bot)):
            forms = signed.submissions(bot.form["submit"], 500)
            acks = await load.a_second(server.port, forms, 200)
            note(figures, f"submit 200/s {variant}", server, acks)


async def all_at_once(around: Stage, figures: Figures) -> None:
    """200 forms at one instant."""
    async with fresh(around, figures) as bot:
        for variant, server in (("at once", around.at_once), ("foghorn", bot)):
            forms = signed.submissions(bot.form["submit"], BURST)
            note(figures, f"burst {variant}", server, await load.at_once(server.port, forms))


async def table_of_handlers(around: Stage, figures: Figures) -> None:
    """CPU time of a command behind a table of one handler, and of 200."""
    for name, door in around.doors.items():
        commands = await around.commands(500)
        before = door.process.cpu_seconds
        load.checked(await load.at_a_time(door.port, commands, MANY), is_ok)
        spent = (door.process.cpu_seconds - before) / len(commands)
        figures.add(f"cpu {name}", [spent * 1e6])


async def imports(figures: Figures) -> None:
    """How long a fresh Python takes for what starts a bot."""
    for name, code in (
        ("python", "pass"),
        ("import bolt", "import slack_bolt.async_app"),
        ("import foghorn", "import bot.app"),
    ):
        figures.add(name, [await seconds_to_run(code, SERVER_CORE)])


@asynccontextmanager
async def fresh(around: Stage, figures: Figures) -> AsyncIterator[Bot]:
    """A new bot, which has every acknowledged form on disk after it is killed."""
    async with around.bot() as bot:
        figures.add("start", [bot.seconds_to_ack])
        yield bot
        await bot.process.kill()
        figures.on_disk += bot.kept()


def note(figures: Figures, name: str, server: Server, acks: list[Ack]) -> None:
    """Write down how long forms took, and how many Foghorn has kept; it says so of each."""
    if isinstance(server, Bot):
        figures.sent += len(acks)
        figures.acknowledged += sum(is_kept(ack) for ack in acks)
    figures.add(name, load.checked(acks, is_ok))


def variants(around: Stage, bot: Bot) -> dict[str, Server]:
    """Return who is compared."""
    return {"default": around.default, "at once": around.at_once, "foghorn": bot}


if __name__ == "__main__":
    sys.exit(uvloop.run(main()))
