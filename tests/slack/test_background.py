import asyncio

import pytest
from structlog.testing import capture_logs

from bot.slack.background import Background
from tests.waits import patience

pytestmark = pytest.mark.anyio


async def test_what_goes_on_is_finished_before_the_end() -> None:
    background, done, go_on = Background(), [], asyncio.Event()

    async def work(name: str) -> None:
        await go_on.wait()
        done.append(name)

    for name in ("a", "b"):
        background.start(work(name))
    asyncio.get_running_loop().call_later(0.01, go_on.set)
    await background.drain(5)
    assert done == ["a", "b"]


async def test_what_takes_too_long_is_given_up() -> None:
    background, ended = Background(), asyncio.Event()

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    background.start(endless())
    await background.drain(0.01)
    async with patience("end"):
        await ended.wait()
    await background.drain(0)


async def test_what_breaks_is_logged_and_holds_up_nothing() -> None:
    background = Background()

    async def broken() -> None:
        raise LookupError("nothing there")

    with capture_logs() as lines:
        background.start(broken())
        await background.drain(1)
        await asyncio.sleep(0)
    assert [line["event"] for line in lines] == ["Work behind an answer to Slack broke."]


async def test_of_quick_changes_only_the_last_is_shown() -> None:
    background, done = Background(), []

    async def work(name: str) -> None:
        done.append(name)

    for name in ("a", "b"):
        background.debounce("form", lambda name=name: work(name), 0.01)  # type: ignore[misc]
    background.debounce("other", lambda: work("c"), 0.01)
    await background.drain(5)
    assert sorted(done) == ["b", "c"]


async def test_what_is_forgotten_is_not_done() -> None:
    background, done = Background(), []

    async def work() -> None:
        done.append("a")

    background.debounce("form", work, 0.01)
    background.forget("form")
    background.forget("never asked for")
    await background.drain(5)
    await asyncio.sleep(0.02)
    assert done == []
