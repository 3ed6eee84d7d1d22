"""Somebody is asked when an update is due, answers with one tap, and nobody is forgotten."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.playground import Message, Workspace
from tests.fakes.instatus import InstatusFake
from tests.fakes.vendor import VendorFake
from tests.whole.rig import COMMANDS, SCOPES, Rig, whole_bot
from tests.whole.taps import taps_late

pytestmark = pytest.mark.anyio

NAME, TEXT = "Checkout is down", "Cards are refused."
MINUTE, HOUR = 60.0, 3600.0
ESCALATION = '[reminders]\nescalation = ["S0OPS"]\n'


@pytest.fixture
async def vendor() -> AsyncIterator[VendorFake]:
    """One vendor: reminders do not know which it is."""
    async with InstatusFake() as running:
        yield running


def new_workspace() -> Workspace:
    workspace = Workspace(scopes=SCOPES, commands=COMMANDS)
    workspace.groups["S0OPS"] = ("U0BEN",)
    return workspace


@pytest.fixture
async def rig(vendor: VendorFake, tmp_path: Path) -> AsyncIterator[Rig]:
    vendor.add_component(vendor.page_id, "API")
    async with whole_bot(
        [vendor], tmp_path, workspace=new_workspace(), settings=ESCALATION
    ) as running:
        yield running


async def reported(rig: Rig, message: str = TEXT, **choices: str) -> Message:
    """Report an incident of which customers should hear again within an hour."""
    await rig.report(NAME, message, **choices)
    await rig.receipts(1)
    await rig.all_done()
    return rig.parents()[0]


async def passes(rig: Rig, seconds: float) -> None:
    """Let time pass, and wait until all is said that is due then."""
    rig.skip(seconds)
    await rig.app.timers.sweep()
    rig.app.outbox.wake()
    await rig.all_done()


def asked(rig: Rig, parent: Message | None = None) -> list[Message]:
    return [m for m in rig.slack.thread(parent or rig.parents()[0]) if "⏰" in m.shown]


def is_broadcast(message: Message) -> bool:
    return message.broadcast


async def told(rig: Rig, name: str, count: int = 1) -> str:
    """Wait for what only this person sees, and return the last of it."""
    await rig.slack.until(lambda: len(rig.slack.private(name)) >= count, what=f"word to {name}")
    return rig.slack.private(name)[-1].shown


async def test_the_owner_is_asked_then_the_channel_then_the_group(rig: Rig) -> None:
    await reported(rig)
    await passes(rig, 59 * MINUTE)
    assert asked(rig) == []
    for minutes in (1, 10, 10, 30):
        await passes(rig, minutes * MINUTE)
    first, second, third, fourth = asked(rig)
    assert first.pings == second.pings == {"U0ANN"}
    assert third.pings == fourth.pings == {"S0OPS"}
    assert [m.broadcast for m in (first, second, third)] == [False, True, True]
    assert "Customers last heard from us 1 h ago." in first.shown
    assert "The next update was due at" in first.shown
    assert "Nobody has answered yet." in second.shown
    assert rig.refused() == []


async def test_no_change_publishes_a_time_resets_the_clock_and_silences(rig: Rig) -> None:
    await reported(rig)
    await passes(rig, HOUR)
    quoted = "*No change* publishes “We are still investigating this. Next update by "
    assert quoted in asked(rig)[0].shown
    await rig.ann.clicks("No change", message=asked(rig)[0])
    answer = await told(rig, "ann")
    await rig.receipts(3)
    seen = (await rig.incident(NAME)).messages
    assert re.fullmatch(
        r"We are still investigating this\. Next update by \d\d:\d[05] UTC( on .*)?\.", seen[-1]
    )
    assert f"Published: “{seen[-1]}”" in answer
    await rig.all_done()
    await passes(rig, 58 * MINUTE)
    assert len(asked(rig)) == 1
    await passes(rig, 10 * MINUTE)
    assert "They were promised more by" in asked(rig)[1].shown
    assert "Next update promised for" in rig.replies()[2].shown


async def test_of_two_who_tap_no_change_at_once_one_publishes(rig: Rig) -> None:
    await reported(rig)
    await passes(rig, HOUR)
    [question] = asked(rig)
    await asyncio.gather(
        rig.ann.clicks("No change", message=question), rig.ben.clicks("No change", message=question)
    )
    words = [await told(rig, name) for name in ("ann", "ben")]
    await rig.all_done()
    assert len((await rig.incident(NAME)).messages) == 2
    assert len(rig.vendor.notifications) == 2
    assert sorted("Published:" in each for each in words) == [False, True]
    assert sum("has answered this already" in each for each in words) == 1


async def test_an_old_question_cannot_be_answered_twice(rig: Rig) -> None:
    await reported(rig)
    await passes(rig, HOUR)
    [seen] = asked(rig)
    await rig.post("Update", "We found it.")
    await rig.all_done()
    await taps_late(rig.ben, "No change", seen)
    assert "Customers have heard from us since" in await told(rig, "ben")
    assert (await rig.incident(NAME)).messages == [TEXT, "We found it."]
    await passes(rig, 59 * MINUTE)
    assert len(asked(rig)) == 1
    await passes(rig, 2 * MINUTE)
    assert len(asked(rig)) == 2


async def test_snooze_moves_the_next_question_only_and_says_who(rig: Rig) -> None:
    await reported(rig)
    await passes(rig, HOUR)
    await rig.ben.clicks("30 min", message=asked(rig)[0])
    assert "The next reminder about “Checkout is down” comes at" in await told(rig, "ben")
    await rig.all_done()
    assert "put the next reminder off until" in rig.replies()[-1].shown
    await passes(rig, 29 * MINUTE)
    assert len(asked(rig)) == 1
    await passes(rig, MINUTE)
    assert "had put it off until now." in asked(rig)[1].shown
    await passes(rig, 10 * MINUTE)
    assert "had put it off" not in asked(rig)[2].shown


async def test_who_takes_over_is_asked_from_then_on(rig: Rig) -> None:
    parent = await reported(rig)
    await passes(rig, HOUR)
    await rig.ben.clicks("Take over", message=asked(rig)[0])
    assert "You own “Checkout is down” now." in await told(rig, "ben")
    await rig.all_done()
    assert "took this over, from" in rig.replies()[-1].shown
    assert "Owner: Ben Brook" in rig.slack.message(parent).shown
    await passes(rig, 10 * MINUTE)
    question = asked(rig)[-1]
    assert question.pings == {"U0BEN"}
    assert not question.broadcast


async def test_a_subject_is_handed_over_in_a_form(rig: Rig) -> None:
    parent = await reported(rig)
    await rig.ann.clicks("Hand over", message=rig.slack.message(parent))
    form = await rig.ann.modal("Hand over")
    await form.choose("New owner", "ben")
    await form.submit()
    await rig.slack.until(lambda: "Ben Brook owns" in form.text, what="the answer in the form")
    await rig.all_done()
    assert "handed this over to Ben Brook, from" in rig.replies()[-1].shown
    await passes(rig, HOUR)
    assert asked(rig)[0].pings == {"U0BEN"}


async def test_a_guest_answers_nothing(rig: Rig) -> None:
    await reported(rig)
    await passes(rig, HOUR)
    gus = rig.slack.person("gus")
    for button in ("No change", "Take over", "Hand over", "15 min"):
        await gus.clicks(button)
    await told(rig, "gus", 4)
    assert all("Guests may not" in each.shown for each in rig.slack.private("gus"))
    await rig.all_done()
    assert len((await rig.incident(NAME)).messages) == 1
    assert len(rig.replies()) == 2


async def test_a_resolved_incident_is_silent(rig: Rig) -> None:
    await reported(rig)
    await passes(rig, HOUR)
    [seen] = asked(rig)
    await rig.post("Resolve", "Fixed.")
    await rig.all_done()
    await passes(rig, 24 * HOUR)
    assert len(asked(rig)) == 1
    await taps_late(rig.ann, "No change", seen)
    assert "It is over already" in await told(rig, "ann")


async def test_a_question_that_was_answered_on_its_way_is_not_asked(rig: Rig) -> None:
    await reported(rig)
    rig.slack.rate_limit("chat.update", retry_after=2)
    rig.skip(HOUR)
    await rig.app.timers.sweep()  # the question waits behind the edit of the parent message
    await rig.post("Update", "We found it.")
    await rig.receipts(2)
    await rig.soon(lambda: "We found it." in rig.replies()[-1].shown, "the receipt")
    await rig.all_done()
    assert asked(rig) == []


async def test_the_parent_message_turns_due_and_overdue_and_fresh_again(rig: Rig) -> None:
    parent = await reported(rig)
    assert "next due" in rig.slack.message(parent).shown
    edits = []
    for minutes in (60, 10, 10, 30):
        before = len(rig.slack.calls("chat.update"))
        await passes(rig, minutes * MINUTE)
        edits.append(len(rig.slack.calls("chat.update")) - before)
        said = rig.slack.message(parent).shown
        assert ("*update due* since" in said) == (minutes == 60)
        assert ("*update overdue* since" in said) == (minutes != 60)
    assert edits == [1, 1, 0, 0]
    await rig.ann.types("/incident list")
    assert "*update overdue* since" in await told(rig, "ann")
    await rig.post("Update", "We found it.")
    await rig.all_done()
    assert "next due" in rig.slack.message(parent).shown


async def test_a_promise_in_the_text_is_when_the_owner_is_asked(rig: Rig) -> None:
    form = await rig.form()
    form.fill("Incident name", NAME)
    form.fill("Message", f"{TEXT} Next update in 20 minutes.")
    await form.click("Preview")
    preview = await rig.ann.modal("Preview")
    assert "Next update promised for" in preview.text
    await preview.close()
    await form.submit()
    assert "Next update promised for" in (await rig.receipts(1))[0].shown
    await rig.all_done()
    await passes(rig, 19 * MINUTE)
    assert asked(rig) == []
    await passes(rig, MINUTE)
    assert "They were promised more by" in asked(rig)[0].shown


async def test_a_promised_time_of_day_is_one_where_its_author_is(rig: Rig) -> None:
    ben = rig.ben  # in New York
    await ben.types(f"/incident {NAME}")
    form = await ben.modal("Report an incident")
    here = (rig.clock.now() + timedelta(hours=3)).astimezone(ZoneInfo("America/New_York"))
    form.fill("Message", f"{TEXT} Next update by {here:%H:%M}.")
    await form.submit()
    [receipt] = await rig.receipts(1)
    assert f"Next update promised for {here.astimezone(UTC):%H:%M} UTC" in receipt.shown


async def test_the_parent_is_deleted_so_there_is_a_new_one_above_the_question(rig: Rig) -> None:
    parent = await reported(rig)
    rig.slack.delete_message(parent)
    await passes(rig, HOUR)
    [anew] = rig.parents()
    assert anew.ts != parent.ts
    assert len(asked(rig, anew)) == 1
