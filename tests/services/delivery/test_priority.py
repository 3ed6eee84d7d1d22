import asyncio
import time

import pytest

from bot.services.delivery.priority import Priority

pytestmark = pytest.mark.anyio


async def test_nobody_waits_when_nobody_is_served() -> None:
    assert await Priority().lull(0)


async def test_whoever_is_served_goes_first_but_not_for_ever() -> None:
    courtesy = Priority()
    with courtesy.serving():
        began = time.monotonic()
        assert not await courtesy.lull(0.1)
    assert time.monotonic() - began >= 0.1


async def test_a_lull_comes_a_moment_after_the_last_was_served() -> None:
    courtesy = Priority()

    async def serve() -> float:
        with courtesy.serving():
            await asyncio.sleep(0.05)
        return time.monotonic()

    serving = asyncio.create_task(serve())
    await asyncio.sleep(0)
    assert await courtesy.lull(5)
    assert time.monotonic() - await serving >= 0.01


async def test_of_two_who_are_served_the_last_counts() -> None:
    courtesy = Priority()
    with courtesy.serving():
        with courtesy.serving():
            pass
        assert not await courtesy.lull(0.05)
