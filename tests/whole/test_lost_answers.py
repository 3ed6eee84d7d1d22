"""The outside does what it was asked, and its answer never arrives."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
from bot.playground import Message
from tests.fakes.vendor import VendorFake
from tests.whole.rig import Rig, whole_bot

pytestmark = pytest.mark.anyio

NAME, REPORT = "Checkout is down", "Cards are refused."
UPDATE, RESOLVED = "The bank mends it.", "Cards work again."


@pytest.fixture
async def rig(vendor: VendorFake, parts: dict[str, str], tmp_path: Path) -> AsyncIterator[Rig]:
    assert parts
    # Nobody dies here, so nobody's lease may run out while the clock hurries.
    async with whole_bot([vendor], tmp_path, timing={"lease": "60m"}) as running:
        yield running


async def report(rig: Rig) -> None:
    await rig.report(NAME, REPORT, "Mail", status="Major outage")


async def published_once(rig: Rig, *messages: str) -> list[Message]:
    """Wait for the receipts of these messages, each of them on the page and told once."""
    await rig.soon(lambda: len(rig.replies()) >= len(messages), "the receipts")
    [seen] = rig.vendor.incidents()
    assert seen.messages == list(messages)
    assert [each.message for each in rig.vendor.notifications] == list(messages)
    receipts = rig.replies()
    for message, receipt in zip(messages, receipts, strict=True):
        assert message in receipt.shown
        assert "read back from the page" in receipt.shown
        # What was only found later may have gone to incident.io a second time, quietly.
        unknown = "nobody knows whether subscribers were notified" in receipt.shown
        assert "subscribers notified" in receipt.shown or (unknown and rig.vendor.lost)
        assert not unknown or rig.vendor.takes_create_key
    assert len(rig.parents()) == 1
    assert rig.vendor.refusals == []
    return receipts


async def test_a_report_whose_answer_is_lost_is_one_incident(rig: Rig) -> None:
    rig.vendor.lose_next_answer()
    await report(rig)
    [receipt] = await published_once(rig, REPORT)
    assert rig.vendor.lost == 1
    assert "Mail: *Major outage*" in receipt.shown
    await rig.slack.until(lambda: "Investigating" in rig.parents()[0].shown)
    assert rig.slack.direct("ann") == []


async def test_an_update_whose_answer_is_lost_is_one_update(rig: Rig) -> None:
    await report(rig)
    await rig.receipts(1)
    rig.vendor.lose_next_answer()
    await rig.post("Update", UPDATE, Component_status="Partial outage")
    receipts = await published_once(rig, REPORT, UPDATE)
    assert rig.vendor.lost == 1
    assert "Mail: *Partial outage*" in receipts[1].shown
    await rig.slack.until(lambda: "Identified" in rig.parents()[0].shown)


async def test_a_resolve_whose_answer_is_lost_resolves_once(
    rig: Rig, parts: dict[str, str]
) -> None:
    await report(rig)
    await rig.receipts(1)
    rig.vendor.lose_next_answer()
    await rig.post("Resolve", RESOLVED)
    receipts = await published_once(rig, REPORT, RESOLVED)
    assert rig.vendor.lost == 1
    assert receipts[1].broadcast
    assert rig.vendor.incidents()[0].status is IncidentStatus.RESOLVED
    assert rig.vendor.component_status(parts["Mail"]) is ComponentStatus.OPERATIONAL
    await rig.slack.until(lambda: "Update" not in rig.parents()[0].buttons)


async def test_while_nobody_knows_the_thread_says_that_it_is_not_sent_twice(rig: Rig) -> None:
    await report(rig)
    await rig.receipts(1)
    rig.vendor.lose_next_answer()
    await rig.post("Update", UPDATE)
    await rig.slack.until(lambda: "It is not sent twice." in rig.parents()[0].shown)
    await published_once(rig, REPORT, UPDATE)
    await rig.slack.until(lambda: "It is not sent twice." not in rig.parents()[0].shown)


async def test_what_was_cut_before_the_vendor_wrote_is_sent_again(rig: Rig) -> None:
    rig.vendor.cut_next(times=1)
    await report(rig)
    await published_once(rig, REPORT)
    rig.vendor.cut_next(times=1)
    await rig.post("Update", UPDATE)
    await published_once(rig, REPORT, UPDATE)
    assert rig.vendor.lost == 0


async def test_what_the_vendor_writes_late_is_waited_for(rig: Rig) -> None:
    # Two seconds of quiet: the vendor writes within them, after our client has given up.
    rig.vendor.late_write(0.6)
    await report(rig)
    await rig.slack.until(lambda: rig.vendor.lost == 1)
    await published_once(rig, REPORT)
    rig.vendor.late_write(0.6)
    await rig.post("Update", UPDATE)
    await rig.slack.until(lambda: rig.vendor.lost == 2)
    await published_once(rig, REPORT, UPDATE)


async def test_losing_every_answer_still_publishes_each_thing_once(rig: Rig) -> None:
    rig.vendor.lose_next_answer(times=3)
    await report(rig)
    await rig.slack.until(lambda: rig.parents() != [])
    await rig.post("Update", UPDATE)
    await rig.post("Resolve", RESOLVED)
    await published_once(rig, REPORT, UPDATE, RESOLVED)
    assert rig.vendor.lost == 3


async def test_two_equal_updates_are_two_although_one_answer_was_lost(rig: Rig) -> None:
    await report(rig)
    await rig.receipts(1)
    rig.vendor.lose_next_answer(times=2)
    await rig.post("Update", UPDATE, Status="Investigating")
    await rig.post("Update", UPDATE, Status="Investigating")
    await published_once(rig, REPORT, UPDATE, UPDATE)


def lost(rig: Rig) -> int:
    return [call.fault for call in rig.slack.calls("chat.postMessage")].count("lose")


async def held_back(rig: Rig) -> None:
    """Report something that the page takes only in five seconds, and wait for its parent."""
    rig.vendor.fail_next(429, headers={"Retry-After": "5"}, method="POST")
    await report(rig)
    await rig.slack.until(lambda: "tried again" in "".join(m.shown for m in rig.parents()))


async def test_a_parent_message_whose_answer_is_lost_is_posted_once(rig: Rig) -> None:
    rig.slack.lose_next_answer("chat.postMessage")
    await report(rig)
    await published_once(rig, REPORT)
    assert lost(rig) == 1
    assert rig.replies()[0].thread_ts == rig.parents()[0].ts


async def test_a_receipt_whose_answer_is_lost_is_posted_once(rig: Rig) -> None:
    await held_back(rig)
    rig.slack.lose_next_answer("chat.postMessage")
    await rig.soon(lambda: rig.slack.calls("conversations.replies") != [], "a look at the thread")
    await rig.post("Update", UPDATE)
    await published_once(rig, REPORT, UPDATE)
    assert lost(rig) == 1


async def test_a_letter_whose_answer_is_lost_is_posted_once(rig: Rig) -> None:
    await held_back(rig)
    rig.vendor.fail_next(401, method="POST")
    rig.slack.lose_next_answer("chat.postMessage", times=2)
    await rig.soon(lambda: len(rig.slack.calls("conversations.history")) == 2, "two looks")
    assert lost(rig) == 2
    [to_author], [to_admin] = rig.slack.direct("ann"), rig.slack.direct("ben")
    assert "Open the form again" in to_author.buttons
    assert "key" in to_admin.shown
