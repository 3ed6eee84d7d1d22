"""A maintenance goes from Slack to the page and through its steps, whoever takes them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.whole.works import (
    CANCELLED,
    COMPLETED,
    FINE,
    MINUTE,
    NAME,
    PLAN,
    RUNS,
    SCHEDULED,
    UNDER,
    Works,
    open_works,
)

pytestmark = pytest.mark.anyio

START, FINISH = "Start automatically", "Start and finish automatically"
EVERY_STEP = ("Now", "At start", "At end")
PROMPT = timedelta(seconds=5)


async def through(works: Works) -> None:
    """Update, extend and complete what runs."""
    await works.done("Post update", "Half of it is done.")
    await works.stands(RUNS)
    later = (await works.only()).ends + 30 * MINUTE
    await works.done("Extend", "It takes longer.", later)
    await works.stands(RUNS)
    assert (await works.only()).ends == later
    assert f"to {later:%H:%M} UTC" in works.parent.shown
    await works.done("Complete", "All is well.")
    await works.stands(COMPLETED)
    words = ["Half of it is done.", "It takes longer.", "All is well."]
    assert (await works.said())[-3:] == words
    shown = zip(words, works.receipts()[-3:], strict=True)
    assert all(f"> {word}" in receipt for word, receipt in shown)


async def test_by_hand_it_is_scheduled_started_updated_extended_and_completed(works: Works) -> None:
    await works.schedule("API")
    await works.stands(SCHEDULED)
    assert "Starts by hand · Finishes by hand" in works.parent.shown
    assert (await works.only()).drives == (False, False)
    await works.done("Start now", "We begin.")
    await works.stands(RUNS)
    assert "> We begin." in works.thread[-1]
    assert "API: *Under maintenance*" in works.thread[-1]
    await through(works)
    assert (await works.said())[:2] == [PLAN, "We begin."]
    assert "API: *Operational*" in works.thread[-1]
    assert len(works.receipts()) == 5


async def test_it_starts_automatically_and_is_completed_by_hand(works: Works) -> None:
    await works.schedule("API", automation=START)
    itself = works.provider != "incidentio"
    driver = "the page" if itself else "Foghorn"
    assert f"Starts by itself ({driver} does it) · Finishes by hand" in works.parent.shown
    assert (await works.only()).drives == (itself, False)
    starts = (await works.only()).starts
    await works.reach(starts - timedelta(seconds=1))
    await works.stands(SCHEDULED)
    await works.page_is(RUNS)
    assert works.now() - starts < PROMPT
    author = "the page itself" if itself else "Foghorn"
    assert f"posted by {author}" in await works.receipt("In progress")
    await works.stands(RUNS)
    assert "began" not in works.parent.shown
    await works.come((await works.only()).ends + 10 * MINUTE)
    await works.stands(RUNS)
    await through(works)


async def test_it_starts_and_finishes_automatically_however_it_was_extended(works: Works) -> None:
    await works.schedule("API", automation=FINISH, notify=EVERY_STEP)
    assert (await works.only()).drives == (True, True)
    await works.reach((await works.only()).starts)
    await works.receipt("In progress")
    await works.stands(RUNS)
    later = (await works.only()).ends + 30 * MINUTE
    await works.done("Extend", "It takes longer.", later)
    await works.reach(later - timedelta(seconds=2))
    await works.stands(RUNS)
    await works.page_is(COMPLETED)
    assert works.now() - later < PROMPT
    assert "API: *Operational*" in await works.receipt("Completed")
    await works.stands(COMPLETED)
    assert len(works.receipts("Completed")) == 1


async def test_started_early_by_hand_it_is_no_longer_the_pages_to_finish(works: Works) -> None:
    await works.schedule("API", automation=FINISH, notify=EVERY_STEP)
    ends = (await works.only()).ends
    await works.done("Start now", "We begin early.")
    assert (await works.only()).drives == (False, False)
    assert "Finishes by itself (Foghorn does it)" in works.parent.shown
    await works.done("Extend", "It takes longer.", ends + 30 * MINUTE)
    await works.come(ends + 29 * MINUTE)
    await works.stands(RUNS)
    await works.come(ends + 30 * MINUTE)
    assert "posted by Foghorn" in await works.receipt("Completed")
    told = [each.status for each in (await works.only()).updates]
    assert told == [SCHEDULED, RUNS, RUNS, COMPLETED]
    await works.stands(COMPLETED)


async def test_subscribers_hear_of_it_an_hour_before_its_start(works: Works) -> None:
    starts = works.minute(180)
    await works.schedule("API", starts=starts, notify=("1 hour before",))
    await works.come(starts - 61 * MINUTE)
    assert await works.said() == [PLAN]
    await works.come(starts - 60 * MINUTE)
    ours = (
        [] if works.provider == "instatus" else [f"This maintenance starts at {starts:%H:%M} UTC."]
    )
    assert await works.said() == [PLAN, *ours]
    assert [len(each.notifications) for each in works.rig.vendors] in ([], [1])
    await works.stands(SCHEDULED)


async def test_cancelled_before_its_start_it_never_runs(works: Works) -> None:
    await works.schedule("API", automation=START)
    ends = (await works.only()).ends
    await works.done("Cancel", "The vendor is not ready.")
    seen = await works.on_page()
    assert [each.status for each in seen] == [CANCELLED] * (works.provider == "local")
    assert "*Cancelled*" in works.parent.shown
    assert len(works.receipts("Cancelled")) == 1
    await works.come(ends)
    assert await works.shows("API") is FINE
    assert (len(works.receipts()), works.rig.refused()) == (2, [])


async def test_cancelled_while_it_runs_it_frees_its_components(works: Works) -> None:
    await works.schedule("API", "Mail")
    await works.done("Start now")
    assert (await works.shows("API"), await works.shows("Mail")) == (UNDER, UNDER)
    await works.done("Cancel", "We go back.")
    assert (await works.only()).status is (CANCELLED if works.provider == "local" else COMPLETED)
    assert (await works.shows("API"), await works.shows("Mail")) == (FINE, FINE)
    assert (await works.said())[-1] == "We go back."
    assert "*Cancelled*" in works.parent.shown
    assert "> We go back." in works.thread[-1]
    assert works.clean


async def test_the_parent_is_edited_in_place_and_offers_what_can_be_done(works: Works) -> None:
    await works.schedule("API")
    [parent] = works.rig.parents()
    link = [] if works.provider == "incidentio" else ["View page"]
    assert parent.buttons == ["Start now", "Post update", *link]
    assert parent.menu == ["Extend", "Cancel", "Hand over", "Snooze"]
    await works.done("Start now")
    assert works.parent.buttons == ["Complete", "Post update", *link]
    running = ["Extend", "Turn into incident", "Cancel", "Hand over", "Snooze"]
    assert works.parent.menu == running
    await works.done("Complete")
    assert works.parent.buttons == link
    assert works.parent.menu == []
    assert [each.ts for each in works.rig.parents()] == [parent.ts]


@pytest.fixture(params=["instatus", "incidentio", "local"])
async def by_socket(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Works]:
    async with open_works(request.param, tmp_path, transport="socket") as running:
        yield running


async def test_over_socket_mode_it_goes_the_same_way(by_socket: Works) -> None:
    await by_socket.schedule("API", name=NAME)
    assert (await by_socket.only()).name == NAME
    await by_socket.done("Start now", "We begin.")
    await by_socket.stands(RUNS)
    await through(by_socket)


async def test_the_same_form_delivered_twice_is_one_maintenance_and_one_start(works: Works) -> None:
    form = await works.filled("API")
    await form.submit(times=2)
    await works.rig.slack.replay(3)
    await works.rig.all_done()
    await form.close(everything=True)
    starting = await works.opened("Start now")
    await starting.submit(times=2)
    await works.rig.slack.replay(3)
    await works.rig.all_done()
    assert [each.status for each in (await works.only()).updates] == [SCHEDULED, RUNS]
    assert (len(works.rig.parents()), len(works.receipts())) == (1, 2)
