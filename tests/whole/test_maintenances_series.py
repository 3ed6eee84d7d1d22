"""A series of windows, each of them a maintenance of its own, through weeks and restarts."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.playground import Message
from tests.whole.works import CANCELLED, NAME, RUNS, SCHEDULED, Place, Works, place

pytestmark = pytest.mark.anyio

WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
FIRST = datetime(2027, 5, 3, 20, 0, tzinfo=UTC)


@pytest.fixture(params=["instatus", "incidentio", "local"])
async def here(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    async with place(request.param, tmp_path) as built:
        yield built


async def begun(works: Works) -> None:
    """Plan ten weeks of a window, from a day before the first one on."""
    await works.reach(FIRST - DAY)
    await works.schedule("API", starts=FIRST, ends=FIRST + timedelta(hours=1), times=10)


async def weeks(works: Works) -> list[int]:
    """Return which weeks of the series the page has, the first one being 1.

    In their own order: two windows that are due at once may come to the page in any.
    """
    seen = await works.on_page()
    assert {each.name for each in seen} == {NAME}
    return sorted((each.starts - FIRST) // WEEK + 1 for each in seen)


def message(works: Works) -> Message:
    """Return the one message of the series."""
    [found] = works.rig.parents()
    return found


def listing(works: Works) -> Message:
    return works.rig.slack.private("ann")[-1]


async def listed(works: Works) -> str:
    """Type `/maintenance list` and return what it shows."""
    before = len(works.rig.slack.private("ann"))
    await works.rig.ann.types("/maintenance list")
    await works.rig.slack.until(
        lambda: len(works.rig.slack.private("ann")) > before, what="the list"
    )
    return listing(works).shown


async def planned(works: Works) -> list[int]:
    """Return which weeks the page has as scheduled."""
    seen = [each.starts for each in await works.on_page() if each.status is SCHEDULED]
    return sorted((starts - FIRST) // WEEK + 1 for starts in seen)


async def clicked(works: Works, button: str, message: Message | None = None) -> str:
    """Click on a button of a message, or of the list, and return what it says then."""
    await listed(works)
    before = len(works.rig.slack.private("ann"))
    await works.rig.ann.clicks(button, message=message or listing(works))
    await works.rig.slack.until(
        lambda: len(works.rig.slack.private("ann")) > before, what="an answer"
    )
    await works.rig.all_done()
    return listing(works).shown


async def ends_on(works: Works, day: datetime) -> str:
    """Give the series another last day."""
    await listed(works)
    await works.rig.ann.clicks("Change end date", message=listing(works))
    form = await works.rig.ann.modal("Change end date")
    await form.pick("Until", day.date())
    await form.submit()
    shown = form.text
    await form.close(everything=True)
    await works.rig.all_done()
    return shown


async def test_each_window_comes_to_the_page_two_weeks_ahead(here: Place) -> None:
    async with here.running() as works:
        await begun(works)
        assert await weeks(works) == [1, 2]
        await works.come(FIRST + WEEK - timedelta(seconds=20))
        assert await weeks(works) == [1, 2, 3]
        await works.come(FIRST + WEEK)
        assert await weeks(works) == [1, 2, 3, 4]
        shown = message(works).shown
        assert "Window 1 of 10" in shown
        assert "• 4 of 10: 24 May 2027, 20:00 to 21:00 UTC" in shown
        assert "• 5 of 10: 31 May 2027, 20:00 to 21:00 UTC" in shown
        assert (await works.on_page())[-1].status is SCHEDULED
        assert works.clean


@pytest.mark.parametrize("here", ["local"], indirect=True)
async def test_ten_windows_are_ten_maintenances_whenever_foghorn_restarts(here: Place) -> None:
    async with here.running() as works:
        await begun(works)
    for day in (13, 27, 41, 55):
        here.stage.clock.ahead += FIRST + day * DAY - here.stage.clock.now()
        async with here.running() as works:
            await works.swept()
    async with here.running() as works:
        assert sorted(await weeks(works)) == list(range(1, 11))
        assert "Window 1 of 10" in message(works).shown


@pytest.mark.parametrize("here", ["instatus", "local"], indirect=True)
async def test_a_series_of_ten_survives_restarts_a_skip_and_another_end(here: Place) -> None:
    async with here.running() as works:
        await begun(works)
        asked = await clicked(works, "Skip next", message(works))
        assert "Window 2 is skipped." in asked
        await works.reach(FIRST + 13 * DAY)
    async with here.running() as works:
        await works.swept()
        assert await planned(works) == [1, 3, 4]
        shown = await ends_on(works, FIRST + 5 * WEEK)
        assert "The last window starts on 2027-06-07 at the latest." in shown
        await works.reach(FIRST + 27 * DAY)
    async with here.running() as works:
        for day in (27, 41, 55):
            await works.come(FIRST + day * DAY)
        assert await planned(works) == [1, 3, 4, 5, 6]
        assert works.rig.refused() == []


async def test_what_is_skipped_is_cancelled_where_it_was_on_the_page(here: Place) -> None:
    async with here.running() as works:
        await begun(works)
        assert "Window 1 is skipped." in await clicked(works, "Skip next")
        assert await planned(works) == [2]
        thread = works.rig.replies(message(works))
        assert "*Cancelled*" in thread[-1].shown
        assert "1 of 10" in (text := await listed(works))
        assert "skipped" in text


async def test_a_series_that_is_ended_puts_nothing_more_on_the_page(here: Place) -> None:
    async with here.running() as works:
        await begun(works)
        assert "The series has ended" in await clicked(works, "End series")
        assert await planned(works) == []
        assert "*Cancelled*" in message(works).shown
        assert not {"Skip next", "End series"} & set(message(works).buttons)
        await works.come(FIRST + 8 * WEEK)
        assert await planned(works) == []
        assert works.rig.refused() == []


@pytest.mark.parametrize("here", ["local"], indirect=True)
async def test_a_series_has_one_message_which_goes_on_to_the_next_window(here: Place) -> None:
    async with here.running() as works:
        await begun(works)
        first = message(works)
        assert first.buttons[:2] == ["Start now", "Post update"]
        assert first.buttons[-3:] == ["Skip next", "End series", "Change end date"]
        assert "• 2 of 10: " in first.shown
        assert "· on the page" in first.shown
        await works.come(FIRST)
        await works.done("Start now")
        assert "*In progress*" in message(works).shown
        await works.done("Complete")
        assert "*Scheduled*" in message(works).shown
        assert "Window 2 of 10" in message(works).shown
        assert message(works).ts == first.ts
        said = [each.shown for each in works.rig.replies(first)]
        assert sum("*Scheduled* · posted by" in each for each in said) == 3
        assert works.clean


@pytest.mark.parametrize("here", ["local"], indirect=True)
async def test_the_end_of_a_series_and_an_earlier_last_day_leave_what_runs(here: Place) -> None:
    async with here.running() as works:
        await begun(works)
        await works.come(FIRST)
        await works.done("Start now")
        await ends_on(works, FIRST)
        assert [each.status for each in await works.on_page()] == [RUNS, CANCELLED, CANCELLED]
        assert message(works).shown.count("· skipped") == 2
        assert "Skip next" not in message(works).buttons
        await clicked(works, "End series", message(works))
        assert [each.status for each in await works.on_page()] == [RUNS, CANCELLED, CANCELLED]
        assert "*In progress*" in message(works).shown
        assert "Complete" in message(works).buttons


@pytest.mark.parametrize("here", ["local"], indirect=True)
async def test_a_window_that_turns_into_an_incident_leaves_the_message_to_the_series(
    here: Place,
) -> None:
    async with here.running() as works:
        await begun(works)
        await works.come(FIRST)
        await works.done("Start now")
        await works.rig.ann.clicks("Turn into incident", message=message(works))
        form = await works.rig.ann.modal("Report an incident")
        assert "the series goes on" in form.text
        form.fill("Message", "It does not come back.")
        await form.submit()
        await form.close(everything=True)
        await works.rig.all_done()
        of_series, of_incident = works.rig.parents()
        assert "*Investigating*" in of_incident.shown
        assert "Window 2 of 10" in of_series.shown
        assert "*Scheduled*" in of_series.shown


@pytest.mark.parametrize("here", ["local"], indirect=True)
async def test_windows_that_passed_while_foghorn_was_down_are_told_and_not_scheduled(
    here: Place,
) -> None:
    async with here.running() as works:
        await begun(works)
        await works.reach(FIRST + 4 * WEEK + DAY)
    async with here.running() as works:
        await works.swept()
        assert await planned(works) == [1, 2, 6, 7]
        letters = [each.shown for each in works.rig.slack.direct("ann")]
        missed = [f"window {n} is not on its page" for n in (3, 4, 5)]
        assert [each for each in missed if not any(each in shown for shown in letters)] == []
