"""What happens because its time has come happens once: with two instances, and after a restart."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from tests.databases import new_schema
from tests.whole.works import COMPLETED, MINUTE, RUNS, SCHEDULED, Place, Works, place

pytestmark = pytest.mark.anyio

START, FINISH = "Start automatically", "Start and finish automatically"
PROVIDERS = ("instatus", "incidentio", "local")
PROMPT = timedelta(seconds=5)


@pytest.fixture(
    params=[
        *(pytest.param((each, "postgres"), marks=pytest.mark.postgres) for each in PROVIDERS),
        *((each, "sqlite") for each in PROVIDERS),
    ],
    ids=" ".join,
)
async def here(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_url: str
) -> AsyncIterator[Place]:
    provider, kind = request.param
    async with AsyncExitStack() as stack:
        database = stack.enter_context(new_schema(postgres_url)) if kind == "postgres" else ""
        yield await stack.enter_async_context(place(provider, tmp_path, database=database))


def steps(works: Works) -> list[str]:
    """Return the steps of which the thread has proof."""
    words = ("Scheduled", "In progress", "Completed")
    return [word for word in words for _ in works.receipts(word)]


async def passed_once(works: Works, told: int = 1) -> None:
    """The maintenance went through its steps, each once on the page, to subscribers and here."""
    shown = [each.status for each in (await works.only()).updates]
    # The steps that it takes by itself are no updates on one of the pages.
    every_step = [SCHEDULED, RUNS, COMPLETED]
    assert shown == ([SCHEDULED] if works.provider == "instatus" else every_step)
    assert (await works.only()).status is COMPLETED
    assert all(len(each.notifications) == told for each in works.rig.vendors)
    assert steps(works) == ["Scheduled", "In progress", "Completed"]
    assert len(works.rig.parents()) == 1
    assert works.clean


@pytest.mark.parametrize(
    "here",
    [pytest.param((each, "postgres"), marks=pytest.mark.postgres) for each in PROVIDERS],
    indirect=True,
    ids=PROVIDERS,
)
@pytest.mark.parametrize("notify", [("Now",), ("Now", "At start", "At end")], ids=len)
async def test_two_instances_start_it_once_and_complete_it_once(
    here: Place, notify: tuple[str, ...]
) -> None:
    async with here.running() as works, here.running() as other:
        await works.schedule("API", automation=FINISH, notify=notify)
        window = (await works.only()).starts, (await works.only()).ends
        for instant, status in zip(window, (RUNS, COMPLETED), strict=True):
            await works.reach(instant)
            await asyncio.gather(*(each.rig.app.timers.sweep() for each in (works, other) * 3))
            await works.page_is(status)
            assert works.now() - instant < PROMPT
            await works.receipt(status.label)
            await works.stands(status)
        await other.swept()
        await passed_once(works, told=len(notify))


@pytest.mark.parametrize(
    "here", [pytest.param(("incidentio", "postgres"), marks=pytest.mark.postgres)], indirect=True
)
async def test_two_instances_that_both_slept_through_it_post_each_step_once(here: Place) -> None:
    async with here.running() as works, here.running() as other:
        await works.schedule("API", automation=FINISH)
        await works.reach((await works.only()).ends + MINUTE)
        await asyncio.gather(*(each.rig.app.timers.sweep() for each in (works, other) * 3))
        await works.receipt("Completed")
        await passed_once(works)


async def test_a_restart_before_each_step_changes_nothing(here: Place) -> None:
    async with here.running() as works:
        await works.schedule("API", automation=FINISH)
        starts, ends = (await works.only()).starts, (await works.only()).ends
        await works.reach(starts - timedelta(seconds=1))
    async with here.running() as works:
        await works.page_is(RUNS)
        assert works.now() - starts < timedelta(seconds=20)
        await works.receipt("In progress")
        await works.reach(ends - timedelta(seconds=1))
    async with here.running() as works:
        await works.page_is(COMPLETED)
        await works.receipt("Completed")
        await passed_once(works)


async def test_a_restart_right_after_each_step_does_not_take_it_again(here: Place) -> None:
    async with here.running() as works:
        await works.schedule("API", automation=FINISH)
        starts, ends = (await works.only()).starts, (await works.only()).ends
        await works.reach(starts)
        await works.rig.app.timers.sweep()
    async with here.running() as works:
        await works.receipt("In progress")
        await works.reach(ends)
        await works.rig.app.timers.sweep()
    async with here.running() as works:
        await works.receipt("Completed")
        await works.swept()
        await passed_once(works)
