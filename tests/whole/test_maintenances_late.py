"""Foghorn or the page was not there at the time of a step: nothing is silent, nothing forgotten."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.whole.works import (
    COMPLETED,
    FINE,
    MINUTE,
    PLAN,
    RUNS,
    SCHEDULED,
    UNDER,
    Place,
    Works,
    place,
)

pytestmark = pytest.mark.anyio

START, FINISH = "Start automatically", "Start and finish automatically"
VENDORS = ["instatus", "incidentio"]


@pytest.fixture(params=["incidentio"])
async def here(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """A page on which Foghorn drives whatever nobody asks to be told of at start and end."""
    async with place(request.param, tmp_path) as built:
        yield built


async def down_until(here: Place, automation: str, minutes: float) -> None:
    """Schedule for an hour from now, for an hour, and be down until so long after the start."""
    async with here.running() as works:
        await works.schedule("API", automation=automation)
        await works.reach((await works.only()).starts + minutes * MINUTE)


async def test_a_start_that_passed_while_foghorn_was_down_comes_late_and_says_so(
    here: Place,
) -> None:
    await down_until(here, START, 14)
    async with here.running() as works:
        await works.swept()
        notes = [each for each in works.thread if "Started 14 min late" in each]
        assert notes == ["Started 14 min late: Foghorn was not running at its time."]
        await works.stands(RUNS)
        assert "Complete" in works.parent.buttons


async def test_a_start_that_is_late_by_seconds_says_nothing_of_it(here: Place) -> None:
    await down_until(here, START, 0.5)
    async with here.running() as works:
        await works.swept()
        await works.stands(RUNS)
        assert not [each for each in works.thread if "late" in each]


async def test_a_window_that_passed_while_foghorn_was_down_is_left_to_a_person(
    here: Place,
) -> None:
    await down_until(here, START, 90)
    async with here.running() as works:
        await works.swept()
        await works.stands(SCHEDULED)
        assert await works.said() == [PLAN]
        [note] = [each for each in works.thread if "Not started" in each]
        assert "Start it with a later end, or cancel it." in note
        [letter] = works.rig.slack.direct("ann")
        assert "has not started" in letter.shown
        assert "Start now" in works.parent.buttons
        assert "Cancel" in works.parent.menu


async def test_what_was_left_to_a_person_starts_with_a_later_end(here: Place) -> None:
    await down_until(here, START, 90)
    async with here.running() as works:
        await works.swept()
        await works.done("Start now", "Late, but now.", works.minute(30))
        await works.stands(RUNS)
        assert (await works.only()).ends > works.now()
        await works.done("Complete")
        await works.stands(COMPLETED)


async def test_a_window_that_was_to_finish_by_itself_is_started_and_completed_late(
    here: Place,
) -> None:
    await down_until(here, FINISH, 90)
    async with here.running() as works:
        await works.swept()
        await works.receipt("Completed")
        assert [each.status for each in (await works.only()).updates] == [
            SCHEDULED,
            RUNS,
            COMPLETED,
        ]
        late = [each.split(" late")[0] for each in works.thread if " late" in each]
        assert late == ["Started 1 h 30 min", "Completed 30 min"]
        await works.stands(COMPLETED)


@pytest.mark.parametrize("here", VENDORS, indirect=True)
async def test_a_window_is_never_completed_silently(here: Place) -> None:
    async with here.running() as works:
        await works.schedule("API", automation=START)
        await works.come((await works.only()).starts)
        await works.receipt("In progress")
        await works.reach((await works.only()).ends + 300 * MINUTE)
    async with here.running() as works:
        await works.swept()
        await works.stands(RUNS)
        assert works.receipts("Completed") == []


@pytest.mark.parametrize("here", VENDORS, indirect=True)
async def test_a_page_that_does_not_start_what_it_drives_is_relieved_of_it(here: Place) -> None:
    [vendor] = here.stage.vendors
    vendor.drives = False
    async with here.running() as works:
        await works.schedule("API", automation=FINISH, notify=("Now", "At start", "At end"))
        starts, ends = (await works.only()).starts, (await works.only()).ends
        await works.come(starts + timedelta(seconds=170))
        assert (await works.only()).status is SCHEDULED
        await works.receipt("In progress")
        assert timedelta(minutes=3) <= (await works.only()).updates[-1].at - starts
        assert works.now() - starts < timedelta(minutes=6)
        [note] = [each for each in works.thread if "so Foghorn does" in each]
        assert f"has not started it by itself at {starts:%H:%M} UTC, so Foghorn does." in note
        assert "Finishes by itself (Foghorn does it)" in works.parent.shown
        vendor.drives = True
        await works.stands(RUNS)
        await works.come(ends)
        await works.page_is(COMPLETED)
        await works.receipt("Completed")
        assert (await works.only()).updates[-1].at - ends < timedelta(seconds=5)


@pytest.mark.parametrize("here", VENDORS, indirect=True)
async def test_a_page_that_does_not_complete_what_it_drives_is_relieved_of_it(
    here: Place,
) -> None:
    [vendor] = here.stage.vendors
    async with here.running() as works:
        await works.schedule("API", automation=FINISH, notify=("Now", "At start", "At end"))
        await works.come((await works.only()).starts)
        await works.receipt("In progress")
        vendor.drives = False
        await works.come((await works.only()).ends + timedelta(seconds=170))
        assert await works.shows("API") is UNDER
        await works.receipt("Completed")
        assert any("has not completed it by itself" in each for each in works.thread)
        await works.stands(COMPLETED)


@pytest.mark.parametrize("works", VENDORS, indirect=True)
async def test_a_page_that_cannot_be_read_at_the_step_is_asked_again(works: Works) -> None:
    await works.schedule("API", automation=FINISH, notify=("Now", "At start", "At end"))
    works.rig.vendor.fail_next(503, method="GET", times=3)
    await works.come((await works.only()).starts)
    await works.receipt("In progress")
    await works.stands(RUNS)


async def test_a_step_that_was_begun_earlier_by_hand_is_not_taken_again(works: Works) -> None:
    await works.schedule("API", automation=FINISH)
    starts, ends = (await works.only()).starts, (await works.only()).ends
    await works.done("Start now", "Early.")
    began = f"began (.*, )?{works.now():%H:%M} UTC"
    await works.stands(RUNS)
    for shown in (works.parent.shown, works.receipts("In progress")[0]):
        assert re.search(began, shown)
    await works.come(starts + MINUTE)
    assert len(works.receipts("In progress")) == 1
    await works.done("Complete", "Early, too.")
    early = f"{began} (.*), ended (.*, )?{works.now():%H:%M} UTC"
    for shown in (works.parent.shown, *works.receipts("Completed")):
        assert re.search(early, shown)
    await works.come(ends + MINUTE)
    assert (await works.said())[-1] == "Early, too."
    assert (len(works.receipts()), await works.shows("API")) == (3, FINE)
