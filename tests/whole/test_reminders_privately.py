"""Whoever is asked is asked where they can read it, and who is gone is not asked in vain."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.instatus import InstatusFake
from tests.whole.rig import Rig, one_page, whole_bot
from tests.whole.test_reminders import (
    ESCALATION,
    HOUR,
    MINUTE,
    NAME,
    asked,
    new_workspace,
    passes,
    reported,
    told,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with one_page(tmp_path, workspace=new_workspace(), settings=ESCALATION) as running:
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
    assert "Ann Ahrens cannot be asked any more." in question.shown
    assert "Customers last heard from us 1 h ago." in question.shown
    assert "No change" in question.buttons


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"deleted": True}, "Ann Ahrens is deactivated in Slack."),
        ({"is_restricted": True}, "Ann Ahrens is a guest and may not publish."),
        (None, "Ann Ahrens cannot be asked any more. Slack knows no such person (user_not_found)."),
    ],
)
async def test_an_owner_who_can_act_no_longer_is_not_asked_in_vain(
    rig: Rig, change: dict[str, bool] | None, why: str
) -> None:
    await reported(rig)
    people = rig.slack.workspace.users
    ann = people.pop("U0ANN")
    if change:
        people["U0ANN"] = replace(ann, **change)  # type: ignore[arg-type]
    await passes(rig, HOUR)
    [first] = asked(rig)
    assert first.pings == {"S0OPS"}
    assert first.broadcast
    assert f"{why} You are asked instead." in first.shown
    for minutes in (10, 10):
        await passes(rig, minutes * MINUTE)
    assert [each.pings for each in asked(rig)] == [{"S0OPS"}] * 3
    await rig.ben.clicks("Take over", message=first)
    await told(rig, "ben")
    await rig.all_done()
    assert "Taken over by Ben Brook" in rig.slack.message(first).shown
    assert why in rig.slack.message(first).shown
    await passes(rig, 10 * MINUTE)
    assert asked(rig)[-1].pings == {"U0BEN"}


async def test_while_slack_does_not_say_the_owner_is_asked(rig: Rig) -> None:
    await reported(rig)
    rig.slack.fail_next("users.info", status=503, times=5)
    await passes(rig, HOUR)
    assert asked(rig)[0].pings == {"U0ANN"}
    rig.slack.rate_limit("users.info", retry_after=30, times=5)
    await passes(rig, 10 * MINUTE)
    assert asked(rig)[1].pings == {"U0ANN"}


async def test_without_a_group_the_admins_are_asked_for_an_owner_who_is_gone(
    tmp_path: Path,
) -> None:
    async with InstatusFake() as vendor, whole_bot([vendor], tmp_path) as rig:
        await reported(rig)
        rig.slack.deactivate("ann")
        await passes(rig, HOUR)
        assert asked(rig)[0].pings == {"U0BEN"}
