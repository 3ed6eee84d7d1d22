"""What Slack refuses under whatever name: the thread goes on elsewhere, and people are told."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playground import Message
from tests.whole.rig import Rig, one_page

pytestmark = pytest.mark.anyio

POST, EDIT = "chat.postMessage", "chat.update"
CHANNEL = "C0INC"


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    """One vendor: Slack does not know which it is."""
    async with one_page(tmp_path) as running:
        yield running


async def in_direct_messages(rig: Rig) -> tuple[Message, Message]:
    """Return the parent message and the letter that says why it is there."""

    def found() -> list[Message]:
        told = [each for each in rig.slack.direct("ann") if not each.is_reply]
        return sorted(told, key=lambda each: "Foghorn cannot post" in each.shown)

    await rig.slack.until(lambda: len(found()) == 2, what="parent and letter")
    parent, letter = found()
    assert "Foghorn cannot post in the channel" in letter.shown
    return parent, letter


async def answer(rig: Rig, before: int) -> Message:
    """Return what Ann alone is shown beyond what she was shown before."""
    await rig.slack.until(lambda: len(rig.slack.private("ann")) > before, what="an answer")
    return rig.slack.private("ann")[-1]


@pytest.mark.parametrize(
    "error",
    [
        "restricted_action_non_threadable_channel",
        "ekm_access_denied",
        "team_added_to_org",
        "a_name_of_tomorrow",
    ],
)
async def test_a_channel_that_refuses_posts_is_replaced_by_direct_messages(
    rig: Rig, error: str
) -> None:
    rig.slack.refuse(POST, CHANNEL, error)
    await rig.report("Checkout is down", "Cards are refused.")
    parent, letter = await in_direct_messages(rig)
    assert {"Update", "Resolve"} <= set(parent.buttons)
    assert "“Checkout is down” goes on here" in letter.shown
    (receipt,) = await rig.receipts(1, parent)
    assert "Cards are refused." in receipt.shown
    await rig.post("Resolve", "Fixed.", parent=parent)
    assert "Fixed." in (await rig.receipts(2, parent))[-1].shown
    assert rig.parents() == []


@pytest.mark.parametrize("error", ["restricted_action_thread_locked", "a_name_of_tomorrow"])
async def test_a_thread_that_refuses_replies_goes_on_in_direct_messages(
    rig: Rig, error: str
) -> None:
    await rig.report("Checkout is down", "Cards are refused.")
    await rig.receipts(1)
    rig.slack.refuse(POST, CHANNEL, error)
    await rig.post("Update", "Found it.")
    parent, _letter = await in_direct_messages(rig)
    assert {"Update", "Resolve"} <= set(parent.buttons)
    (receipt,) = await rig.receipts(1, parent)
    assert "Found it." in receipt.shown
    await rig.all_done()
    (old,) = rig.parents()
    assert "goes on in direct messages" in old.shown
    assert old.buttons == []
    await rig.post("Resolve", "Fixed.", parent=parent)
    await rig.receipts(2, parent)
    assert len(rig.slack.direct("ann")) == 4


@pytest.mark.parametrize("error", ["edit_window_closed", "cant_update_message", "of_tomorrow"])
async def test_a_parent_that_cannot_be_edited_is_replaced_and_its_buttons_say_so(
    rig: Rig, error: str
) -> None:
    await rig.report("Checkout is down", "Cards are refused.")
    await rig.receipts(1)
    (old,) = rig.parents()
    rig.slack.fail_next(EDIT, error=error)
    await rig.post("Update", "Found it.", Status="Identified")
    await rig.slack.until(lambda: len(rig.parents()) == 2, what="a new parent message")
    new = rig.parents()[-1]
    (receipt,) = await rig.receipts(1, new)
    assert "Found it." in receipt.shown
    await rig.slack.until(lambda: len(rig.slack.thread(old)) == 2, what="a pointer in the thread")
    assert new.ts.replace(".", "") in str(rig.slack.thread(old)[-1].blocks)
    for button in ("Update", "Resolve", "Hand over"):
        before = len(rig.slack.private("ann"))
        await rig.ann.clicks(button, message=old)
        told = await answer(rig, before)
        assert "This message is out of date" in told.shown
        assert new.ts.replace(".", "") in str(told.blocks)
    assert rig.slack.workspace.open_views.top("U0ANN") is None
    await rig.post("Resolve", "Fixed.", parent=new)
    await rig.receipts(2, new)
    assert rig.slack.direct("ann") == []
    assert len(rig.parents()) == 2


async def test_a_new_parent_whose_answer_was_lost_is_not_posted_twice(rig: Rig) -> None:
    await rig.report("Checkout is down", "Cards are refused.")
    await rig.receipts(1)
    await rig.all_done()
    rig.slack.fail_next(EDIT, error="edit_window_closed")
    rig.slack.lose_next_answer(POST)
    await rig.post("Update", "Found it.")
    await rig.soon(lambda: len(rig.parents()) == 2, "a new parent message")
    await rig.soon(lambda: rig.replies(rig.parents()[-1]), "a receipt")
    await rig.all_done()
    assert len(rig.parents()) == 2
