"""A page does what it was asked about planned work, and its answer never arrives."""

import pytest

from bot.playground import Message
from tests.whole.works import COMPLETED, MINUTE, NAME, PLAN, RUNS, SCHEDULED, Works

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.parametrize("works", ["instatus", "incidentio"], indirect=True),
]

START = "Start automatically"
DOUBT = "It is not sent twice."


async def found_out(works: Works, word: str, receipts: int) -> str:
    """Wait until the thread has so many receipts, and return the last, which is of `word`."""
    await works.soon(lambda: len(works.receipts()) >= receipts, f"{receipts} receipts")
    await works.rig.all_done()
    assert len(works.receipts()) == receipts
    assert works.rig.vendor.refusals == []
    assert works.rig.slack.direct("ann") == []
    last = works.receipts()[-1]
    assert f"*{word}*" in last
    assert "⚠" not in last
    return last


async def test_a_schedule_whose_answer_is_lost_is_one_maintenance(works: Works) -> None:
    works.rig.vendor.lose_next_answer()
    form = await works.filled("API")
    await form.submit()
    await found_out(works, "Scheduled", 1)
    seen = await works.only()
    assert (seen.name, seen.messages, seen.status) == (NAME, [PLAN], SCHEDULED)
    assert works.rig.vendor.lost == 1
    assert len(works.rig.vendor.notifications) == 1
    assert "*Scheduled*" in works.parent.shown


async def test_a_start_by_hand_whose_answer_is_lost_is_one_start(works: Works) -> None:
    await works.schedule("API")
    works.rig.vendor.lose_next_answer()
    await works.post("Start now", "We begin.")
    await found_out(works, "In progress", 2)
    assert await works.said() == [PLAN, "We begin."]
    assert works.rig.vendor.lost == 1
    await works.stands(RUNS)


async def test_a_start_of_foghorns_whose_answer_is_lost_is_one_start(works: Works) -> None:
    # Foghorn drives what begins at once.
    works.rig.vendor.lose_next_answer(path="update")
    form = await works.filled("API", starts=works.minute(-5), automation=START)
    await form.submit()
    await form.close(everything=True)
    await found_out(works, "In progress", 2)
    assert [each.status for each in (await works.only()).updates] == [SCHEDULED, RUNS]
    assert works.rig.vendor.lost == 1
    await works.stands(RUNS)


@pytest.mark.parametrize("method", ["PUT", "POST"])
async def test_an_extension_whose_answer_is_lost_is_one_extension(
    works: Works, method: str
) -> None:
    await works.schedule("API")
    await works.done("Start now", "We begin.")
    later = (await works.only()).ends + 30 * MINUTE
    works.rig.vendor.lose_next_answer(method)
    await works.post("Extend", "It takes longer.", later)
    await found_out(works, "In progress", 3)
    assert (await works.only()).ends == later
    assert await works.said() == [PLAN, "We begin.", "It takes longer."]
    assert works.rig.vendor.lost == 1
    await works.stands(RUNS)


async def test_a_completion_whose_answer_is_lost_completes_once(works: Works) -> None:
    await works.schedule("API")
    await works.done("Start now", "We begin.")
    works.rig.vendor.lose_next_answer()
    await works.post("Complete", "All is well.")
    await found_out(works, "Completed", 3)
    assert await works.said() == [PLAN, "We begin.", "All is well."]
    assert works.rig.vendor.lost == 1
    await works.stands(COMPLETED)


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_a_cancellation_whose_answer_is_lost_takes_it_off_the_page_once(
    works: Works, method: str
) -> None:
    await works.schedule("API")
    works.rig.vendor.lose_next_answer(method)
    await works.post("Cancel", "The vendor is not ready.")
    await works.soon(lambda: len(works.receipts()) >= 2, "the receipt")
    await works.rig.all_done()
    assert "It is no longer on the page." in works.receipts("Cancelled")[0]
    assert await works.on_page() == []
    assert works.rig.vendor.lost == 1
    told = [each.message for each in works.rig.vendor.notifications]
    assert told == [PLAN, "The vendor is not ready."]


async def test_a_cancellation_while_it_runs_whose_answer_is_lost_completes_it_once(
    works: Works,
) -> None:
    await works.schedule("API")
    await works.done("Start now", "We begin.")
    works.rig.vendor.lose_next_answer()
    await works.post("Cancel", "We go back.")
    await works.soon(lambda: len(works.receipts()) >= 3, "the receipt")
    await works.rig.all_done()
    assert await works.said() == [PLAN, "We begin.", "We go back."]
    assert "*Cancelled*" in works.parent.shown
    assert (await works.only()).status is COMPLETED


async def test_while_nobody_knows_the_parent_says_that_it_is_not_sent_twice(works: Works) -> None:
    await works.schedule("API")
    works.rig.vendor.lose_next_answer()
    await works.post("Start now", "We begin.")

    def parent() -> Message:
        return works.parent

    await works.rig.slack.until(lambda: DOUBT in parent().shown, what="the doubt")
    await found_out(works, "In progress", 2)
    assert DOUBT not in parent().shown
