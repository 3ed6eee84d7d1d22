"""What stands below a question once it was answered, and where a late tap is answered."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.whole.rig import Rig, one_page
from tests.whole.taps import taps_late
from tests.whole.test_reminders import HOUR, MINUTE, NAME, TEXT, asked, passes, reported, told
from tests.whole.works import COMPLETED, open_works
from tests.whole.works import MINUTE as ONE_MINUTE

pytestmark = pytest.mark.anyio


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with one_page(tmp_path, "API") as running:
        yield running


async def test_all_questions_say_who_answered_and_lose_their_buttons(rig: Rig) -> None:
    await reported(rig)
    await passes(rig, HOUR)
    await passes(rig, 10 * MINUTE)
    seen = asked(rig)
    assert [each.broadcast for each in seen] == [False, True]
    await rig.ben.clicks("No change", message=seen[1])
    await told(rig, "ben")
    await rig.all_done()
    for after in asked(rig):
        assert after.buttons == []
        assert f"*Answered by Ben Brook* · {rig.clock.now():%H:%M} UTC" in after.shown
        assert "Customers last heard from us" in after.shown
    assert rig.refused() == []

    await taps_late(rig.ann, "No change", seen[1])
    await rig.slack.until(lambda: len(rig.slack.private("ann")) == 2, what="both answers")
    both = rig.slack.private("ann")
    assert all("Ben Brook has answered this already" in each.shown for each in both)
    assert {each.thread_ts for each in both} == {rig.parents()[0].ts, None}
    await taps_late(rig.ann, "No change", seen[0])
    in_thread = await told(rig, "ann", 3)
    assert "Ben Brook has answered this already" in in_thread
    assert rig.slack.private("ann")[-1].thread_ts == rig.parents()[0].ts
    assert len(rig.named(NAME)[0].messages) == 2


async def test_an_update_from_anywhere_and_the_end_answer_a_question(rig: Rig) -> None:
    await reported(rig)
    await passes(rig, HOUR)
    await rig.post("Update", "We found it.")
    await rig.all_done()
    assert "*Answered by Ann Ahrens*" in asked(rig)[0].shown
    await passes(rig, HOUR)
    await rig.post("Resolve", "Fixed.")
    await rig.all_done()
    first, second = asked(rig)
    assert "*Answered by Ann Ahrens*" in first.shown
    assert "*Resolved by Ann Ahrens*" in second.shown
    assert first.buttons == second.buttons == []


async def test_a_snooze_closes_the_question_and_a_new_owner_keeps_it_open(rig: Rig) -> None:
    await reported(rig)
    await passes(rig, HOUR)
    await rig.ben.clicks("Take over", message=asked(rig)[0])
    await told(rig, "ben")
    await rig.all_done()
    [question] = asked(rig)
    assert "*Taken over by Ben Brook* ·" in question.shown
    assert "No change" in question.buttons
    await rig.ben.clicks("30 min", message=question)
    await told(rig, "ben", 2)
    await rig.all_done()
    [question] = asked(rig)
    assert "*Put off until " in question.shown
    assert "by Ben Brook* ·" in question.shown
    assert question.buttons == []


async def test_a_question_that_somebody_deleted_does_not_stop_what_follows(rig: Rig) -> None:
    await reported(rig)
    await passes(rig, HOUR)
    rig.slack.delete_message(asked(rig)[0])
    await rig.post("Resolve", "Fixed.")
    await rig.all_done()
    assert asked(rig) == []
    assert "Fixed." in rig.replies()[-1].shown


async def test_what_happens_by_itself_answers_too(tmp_path: Path) -> None:
    async with open_works("local", tmp_path) as works:
        starts = works.minute(60)
        await works.schedule(starts=starts, automation="Start and finish automatically")
        await works.come(starts + ONE_MINUTE)  # the page starts it by itself
        await works.come(starts + 46 * ONE_MINUTE)
        [question] = asked(works.rig, works.parent)
        assert "On time?" in question.shown
        await works.come(starts + 61 * ONE_MINUTE)
        assert (await works.only()).status is COMPLETED
        [question] = asked(works.rig, works.parent)
        assert "*Completed by the page itself* ·" in question.shown
        assert question.buttons == []


async def test_whoever_answers_a_question_is_told_beside_it(rig: Rig) -> None:
    await reported(rig, TEXT)
    await passes(rig, HOUR)
    await rig.ann.clicks("No change", message=asked(rig)[0])
    assert "Published:" in await told(rig, "ann")
    assert rig.slack.private("ann")[-1].thread_ts == rig.parents()[0].ts
