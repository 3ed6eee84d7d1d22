"""Where the team hears of an incident, and who may open the forms."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playground import Message, Workspace
from tests.fakes.instatus import InstatusFake
from tests.fakes.vendor import VendorFake
from tests.whole.rig import COMMANDS, SCOPES, Rig, whole_bot

pytestmark = pytest.mark.anyio

RANDOM = {"FOGHORN_CHANNEL": "C0RAN"}


@pytest.fixture
async def vendor() -> AsyncIterator[VendorFake]:
    """One vendor: Slack does not know which it is."""
    async with InstatusFake() as running:
        yield running


async def test_the_channel_of_the_settings_hears_of_every_incident(
    vendor: VendorFake, tmp_path: Path
) -> None:
    async with whole_bot([vendor], tmp_path, variables=RANDOM) as rig:
        await rig.report("Checkout is down", "Cards are refused.")
        parent = await _parent(rig, "random")
        await rig.receipts(1, parent)
        assert [" opened “" in each.shown for each in rig.parents()] == [True]


async def test_a_pages_own_channel_goes_before_the_one_for_all(
    vendor: VendorFake, tmp_path: Path
) -> None:
    workspace = _workspace()
    workspace.add_channel("ops")
    own = f'[pages."instatus:{vendor.page_id}"]\nchannel = "C0OPS"\n'
    async with whole_bot(
        [vendor], tmp_path, workspace=workspace, settings=own, variables=RANDOM
    ) as rig:
        await rig.report("Checkout is down", "Cards are refused.")
        await rig.receipts(1, await _parent(rig, "ops"))
        assert rig.slack.messages("random") == []


async def test_what_is_reported_elsewhere_leaves_a_pointer_there_and_the_window_leads_on(
    vendor: VendorFake, tmp_path: Path
) -> None:
    workspace = Workspace(scopes=SCOPES, commands=COMMANDS)
    workspace.add_channel("ops")
    variables = {"FOGHORN_CHANNEL": "C0OPS"}
    async with whole_bot([vendor], tmp_path, workspace=workspace, variables=variables) as rig:
        form = await rig.form(words="Checkout is down")
        form.fill("Message", "Cards are refused.")
        rig.slack.delay("chat.postMessage", 2)  # so that the page has it before the thread is there
        await form.submit()
        await rig.slack.until(lambda: form.text.startswith("Published\n"), what="the outcome")
        assert rig.parents("ops") == []
        await rig.slack.until(lambda: "Go to the thread" in str(form.view), what="the link")
        (pointer,) = await rig.slack.until(rig.parents, what="the pointer")
        assert "opened “Checkout is down” here. It goes on in its thread." in pointer.shown
        await form.close()
        await rig.post("Update", "Found it.", parent=rig.parents("ops")[0])
        await rig.all_done()
        assert len(rig.parents()) == 1
        assert rig.refused() == []


async def test_a_public_channel_is_joined(rig: Rig) -> None:
    ann = rig.slack.person("ann", "random")
    await ann.types("/incident Checkout is down")
    form = await ann.modal("Report an incident")
    form.fill("Message", "Cards are refused.")
    await form.submit()
    await rig.receipts(1, await _parent(rig, "random"))
    assert [call.error for call in rig.slack.calls("conversations.join")] == [None]
    assert rig.slack.direct("ann") == []


async def test_a_private_channel_without_us_is_replaced_by_direct_messages(rig: Rig) -> None:
    ann = rig.slack.person("ann", "private")
    await ann.types("/incident Checkout is down")
    form = await ann.modal("Report an incident")
    form.fill("Message", "Cards are refused.")
    await form.submit()
    parent, letter = await _in_direct_messages(rig)
    assert "Foghorn cannot see that channel; invite it with /invite." in letter.shown
    await rig.receipts(1, parent)
    await ann.clicks("Resolve", message=parent)
    form = await ann.modal("Post an update")
    form.fill("Message", "Fixed.")
    await form.submit()
    assert "*Resolved*" in (await rig.receipts(2, parent))[-1].shown


async def test_what_is_reported_from_direct_messages_is_told_there(rig: Rig) -> None:
    ann = rig.slack.person("ann", None)
    await ann.types("/incident Checkout is down")
    form = await ann.modal("Report an incident")
    form.fill("Message", "Cards are refused.")
    await form.submit()
    await rig.slack.until(lambda: len(rig.slack.direct("ann")) == 2, what="parent and receipt")
    parent, receipt = rig.slack.direct("ann")
    assert receipt.thread_ts == parent.ts
    assert rig.refused() == []


async def test_the_thread_of_an_archived_channel_goes_on_in_direct_messages(rig: Rig) -> None:
    await rig.report("Checkout is down", "Cards are refused.")
    await rig.receipts(1)
    rig.slack.archive("incidents")
    await rig.post("Update", "Found it.")
    parent, letter = await _in_direct_messages(rig)
    assert "That channel is archived." in letter.shown
    assert "“Checkout is down” goes on here" in letter.shown
    (receipt,) = await rig.receipts(1, parent)
    assert "Found it." in receipt.shown
    assert parent.buttons == ["Update", "Resolve", "View page"]
    assert parent.menu == ["Hand over", "Snooze"]
    assert len(rig.slack.thread(rig.parents()[0])) == 1


@pytest.mark.parametrize("private", [False, True])
async def test_the_thread_of_a_channel_that_put_us_out_goes_on_in_direct_messages(
    vendor: VendorFake, tmp_path: Path, *, private: bool
) -> None:
    workspace = _workspace()
    workspace.add_channel("ops", is_private=private)
    ops = {"FOGHORN_CHANNEL": "C0OPS"}
    async with whole_bot([vendor], tmp_path, workspace=workspace, variables=ops) as rig:
        await rig.report("Checkout is down", "Cards are refused.")
        first = await _parent(rig, "ops")
        await rig.receipts(1, first)
        rig.slack.remove_bot("ops")
        await rig.post("Update", "Found it.", parent=first)
        parent, letter = await _in_direct_messages(rig)
        assert "invite it with /invite." in letter.shown
        assert "Found it." in (await rig.receipts(1, parent))[0].shown
        assert rig.slack.calls("conversations.join") == []


async def test_a_deleted_parent_is_posted_anew_and_the_thread_goes_on_under_it(rig: Rig) -> None:
    await rig.report("Checkout is down", "Cards are refused.")
    await rig.receipts(1)
    await rig.ann.clicks("Update")
    rig.slack.delete_message(rig.parents()[0])
    form = await rig.ann.modal("Post an update")
    form.fill("Message", "Found it.")
    await form.submit()
    parent = await _parent(rig, "incidents")
    (receipt,) = await rig.receipts(1, parent)
    assert "Found it." in receipt.shown
    assert "Checkout is down" in parent.shown
    await rig.post("Resolve", "Fixed.", parent=parent)
    await rig.receipts(2, parent)
    assert len(rig.parents()) == 1


@pytest.mark.parametrize(("name", "reason"), [("gus", "Guests may not"), ("zoe", "another organi")])
@pytest.mark.parametrize("typed", ["/incident", "/incident Mail is slow", "/incident resolve"])
async def test_who_may_not_publish_is_told_so_privately(
    rig: Rig, name: str, reason: str, typed: str
) -> None:
    await rig.report("Checkout is down", "Cards are refused.")
    await rig.receipts(1)
    person = rig.slack.person(name)
    await person.types(typed)
    (told,) = await rig.slack.until(lambda: rig.slack.private(name), what="refusal")
    assert reason in told.shown
    assert rig.slack.workspace.open_views.top(person.user.id) is None


@pytest.mark.parametrize("button", ["Update", "Resolve"])
async def test_a_guest_cannot_use_the_buttons_either(rig: Rig, button: str) -> None:
    await rig.report("Checkout is down", "Cards are refused.")
    await rig.receipts(1)
    gus = rig.slack.person("gus")
    await gus.clicks(button)
    (told,) = await rig.slack.until(lambda: rig.slack.private("gus"), what="refusal")
    assert "Guests may not publish" in told.shown
    assert rig.slack.workspace.open_views.top(gus.user.id) is None


async def _parent(rig: Rig, channel: str) -> Message:
    await rig.slack.until(lambda: rig.parents(channel), what=f"parent in {channel}")
    return rig.parents(channel)[0]


async def _in_direct_messages(rig: Rig) -> tuple[Message, Message]:
    """Return the parent message and the letter that says why it is here."""

    def both() -> list[Message]:
        found = [m for m in rig.slack.direct("ann") if not m.is_reply]
        return sorted(found, key=lambda m: "Foghorn cannot post" in m.shown)

    await rig.slack.until(lambda: len(both()) == 2, what="parent and letter")
    parent, letter = both()
    assert "Foghorn cannot post in the channel" in letter.shown
    return parent, letter


def _workspace() -> Workspace:
    return Workspace(scopes=SCOPES, commands=COMMANDS)
