"""The menu “⋯” of what is done less often, on the message of an incident and in private lists."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.whole.rig import Rig, one_page
from tests.whole.test_reminders import HOUR, MINUTE, asked, passes, reported, told

pytestmark = pytest.mark.anyio


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with one_page(tmp_path, "API") as running:
        yield running


async def test_the_next_reminder_is_put_off_from_the_menu(rig: Rig) -> None:
    parent = await reported(rig)
    assert parent.buttons == ["Update", "Resolve", "View page"]
    assert parent.menu == ["Hand over", "Snooze"]
    await passes(rig, HOUR)
    await rig.ben.clicks("Snooze", message=rig.parents()[0])
    form = await rig.ben.modal("Snooze")
    assert form.value("Snooze for") == "15 min"
    await form.choose("Snooze for", "1 h")
    await form.submit()
    assert "The next reminder about “Checkout is down” comes at" in form.text
    await form.close()
    await rig.all_done()
    assert "Ben Brook put the next reminder off until" in rig.replies()[-1].shown
    await passes(rig, 59 * MINUTE)
    assert len(asked(rig)) == 1
    await passes(rig, MINUTE)
    assert len(asked(rig)) == 2
    assert rig.refused() == []


async def test_a_menu_stands_in_lists_and_refuses_whoever_may_not(rig: Rig) -> None:
    parent = await reported(rig)
    gus = rig.slack.person("gus")
    await gus.clicks("Snooze", message=parent)
    assert "Guests may not" in await told(rig, "gus")
    await rig.ann.types("/incident list")
    await told(rig, "ann")
    await rig.ann.clicks("Hand over", message=rig.slack.private("ann")[-1])
    await rig.ann.modal("Hand over")
    await rig.post("Resolve", "Fixed.")
    await rig.all_done()
    assert rig.parents()[0].menu == []
    await rig.ann.clicks("Snooze", message=rig.slack.private("ann")[-1])
    form = await rig.ann.modal("Snooze")
    assert "It is over already" in form.text
