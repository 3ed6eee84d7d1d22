"""Whoever is asked is asked where they can read it, and who is gone is not asked in vain."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.instatus import InstatusFake
from tests.whole.rig import Rig, whole_bot
from tests.whole.test_reminders import (
    ESCALATION,
    HOUR,
    MINUTE,
    NAME,
    new_workspace,
    passes,
    reported,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with (
        InstatusFake() as vendor,
        whole_bot([vendor], tmp_path, workspace=new_workspace(), settings=ESCALATION) as running,
    ):
        yield running


async def test_the_channel_is_archived_so_each_is_asked_where_they_can_read_it(rig: Rig) -> None:
    await reported(rig)
    rig.slack.archive("incidents")
    await passes(rig, HOUR)
    found = rig.slack.direct("ann")
    assert any("That channel is archived." in m.shown for m in found)
    [question] = [m for m in found if "⏰" in m.shown]
    assert NAME in question.shown
    for minutes in (10, 10):
        await passes(rig, minutes * MINUTE)
    assert not any("S0OPS" in m.pings for m in rig.slack.direct("ann"))
    [escalated] = [m for m in rig.slack.direct("ben") if "⏰" in m.shown]
    assert "escalated" in escalated.shown
    await rig.ben.clicks("Take over", message=escalated)
    await rig.slack.until(
        lambda: any("Owner: Ben Brook" in m.shown for m in rig.slack.direct("ben"))
    )
    await rig.all_done()
    [parent] = [m for m in rig.slack.direct("ben") if "View page" in m.buttons]
    assert "took this over" in rig.slack.thread(parent)[0].shown
    assert "Taken over by Ben Brook" in rig.slack.message(escalated).shown
    await rig.ben.clicks("No change", message=rig.slack.message(escalated))
    await rig.incident(NAME)
    await rig.slack.until(lambda: len(rig.named(NAME)[0].messages) == 2, what="the holding text")
    await rig.all_done()
    answered = rig.slack.message(escalated)
    assert (answered.buttons, "Answered by Ben Brook" in answered.shown) == ([], True)


async def test_the_owner_has_left_so_the_group_is_asked_and_told_why(rig: Rig) -> None:
    await reported(rig)
    rig.slack.archive("incidents")
    del rig.slack.workspace.users["U0ANN"]
    await passes(rig, HOUR)
    [question] = [m for m in rig.slack.direct("ben") if "⏰" in m.shown]
    assert "who cannot be reached" in question.shown
    assert "Customers last heard from us 1 h ago." in question.shown
    assert "No change" in question.buttons
