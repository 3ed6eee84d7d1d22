"""Whoever a message is for may have left: somebody else gets it, and no text says otherwise."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playground import Message, Workspace
from tests.fakes.instatus import InstatusFake
from tests.fakes.vendor import VendorFake
from tests.whole.rig import COMMANDS, SCOPES, Rig, whole_bot

pytestmark = pytest.mark.anyio

NAME, TEXT, LATER = "Checkout is down", "Cards are refused.", "The bank mends it."
ESCALATION = '[reminders]\nescalation = ["S0OPS"]\n'
REFUSED = {"errors": [{"message": "No colons, please", "source": {"field": "name"}}]}
REOPEN = "Open the form again"


@pytest.fixture
async def vendor() -> AsyncIterator[VendorFake]:
    """One vendor: direct messages do not know which it is."""
    async with InstatusFake() as running:
        yield running


@pytest.fixture
async def rig(vendor: VendorFake, tmp_path: Path) -> AsyncIterator[Rig]:
    """The bot, with an escalation group of two; ben is the admin."""
    workspace = Workspace(scopes=SCOPES, commands=COMMANDS)
    for name in ("cat", "dan", "eve"):
        workspace.add_person(name)
    workspace.groups["S0OPS"] = ("U0CAT", "U0DAN")
    whole = whole_bot(
        [vendor], tmp_path, workspace=workspace, settings=ESCALATION, timing={"lease": "60m"}
    )
    async with whole as running:
        yield running


def has_button(message: Message) -> bool:
    return REOPEN in message.buttons


def held_by(rig: Rig, *names: str) -> list[str]:
    """Return which of these people have the button in their direct messages."""
    return [name for name in names if any(map(has_button, rig.slack.direct(name)))]


async def refused(rig: Rig, *gone: str, status: int = 422) -> Message:
    """Report something that the page refuses, by an author who is gone, and return the parent."""
    rig.vendor.fail_next(status, REFUSED, method="POST")
    form = await rig.form()
    form.fill("Incident name", NAME)
    form.fill("Message", TEXT)
    for name in ("ann", *gone):
        rig.slack.deactivate(name)
    assert (await form.submit()).action == "update"
    await rig.slack.until(lambda: rig.parents() and "Not published" in rig.parents()[0].shown)
    await rig.all_done()
    return rig.parents()[0]


@pytest.mark.parametrize("status", [401, 422])
async def test_where_the_author_is_gone_the_whole_escalation_group_has_the_text_and_the_button(
    rig: Rig, status: int
) -> None:
    parent = await refused(rig, status=status)
    assert "was told" not in parent.shown
    assert held_by(rig, "ann", "ben", "cat", "dan") == ["cat", "dan"]
    told = next(each for each in rig.slack.direct("cat") if has_button(each))
    assert "ann, who cannot be reached: Their Slack account is deactivated." in told.shown
    cat = rig.slack.person("cat")
    await cat.clicks(REOPEN, message=told)
    form = await cat.modal("Report an incident")
    assert (form.value("Incident name"), form.value("Message")) == (NAME, TEXT)
    assert (await form.submit()).action == "update"
    await rig.receipts(1)
    assert len(rig.named(NAME)) == 1


@pytest.mark.parametrize(
    ("gone", "holders"),
    [(("cat",), ["dan"]), (("cat", "dan"), ["ben"])],
)
async def test_whoever_comes_next_gets_it(
    rig: Rig, gone: tuple[str, ...], holders: list[str]
) -> None:
    await refused(rig, *gone)
    assert held_by(rig, "ann", "ben", "cat", "dan") == holders


async def test_an_update_goes_to_the_owner_first(rig: Rig) -> None:
    await rig.report(NAME, TEXT)
    await rig.receipts(1)
    rig.vendor.fail_next(422, REFUSED, method="POST")
    eve = rig.slack.person("eve")
    await eve.clicks("Update", message=rig.parents()[0])
    form = await eve.modal("Post an update")
    form.fill("Message", LATER)
    rig.slack.deactivate("eve")
    assert (await form.submit()).action == "update"
    await rig.soon(lambda: held_by(rig, "ann"), "the message to the owner")
    await rig.all_done()
    assert held_by(rig, "ann", "ben", "cat", "dan", "eve") == ["ann"]


async def test_where_nobody_is_left_the_thread_has_the_text_and_the_button(rig: Rig) -> None:
    parent = await refused(rig, "ben", "cat", "dan")
    [last] = [each for each in rig.replies(parent) if has_button(each)]
    assert "No colons, please" in last.shown
    eve = rig.slack.person("eve")
    await eve.clicks(REOPEN, message=last)
    form = await eve.modal("Report an incident")
    assert form.value("Message") == TEXT
    assert rig.slack.workspace.users["U0ANN"].deleted


async def test_whoever_can_be_reached_decides_what_nobody_knows(rig: Rig) -> None:
    await rig.report(NAME, TEXT)
    await rig.receipts(1)
    rig.vendor.cut_next()
    await rig.ann.clicks("Update", message=rig.parents()[0])
    form = await rig.ann.modal("Post an update")
    form.fill("Message", LATER)
    rig.slack.deactivate("ann")
    assert (await form.submit()).action == "update"
    await rig.soon(lambda: "It is not sent twice." in rig.parents()[0].shown, "the doubt")
    rig.vendor.fail_next(401, times=2, method="GET")

    def asked() -> list[Message]:
        return [each for each in rig.slack.direct("cat") if "Publish again" in each.buttons]

    await rig.soon(asked, "the question to somebody else")
    assert LATER in asked()[0].shown
    assert "author decides" not in rig.parents()[0].shown
    await rig.vendor.accept()
    cat = rig.slack.person("cat")
    await cat.clicks("Publish again", message=asked()[0])
    await rig.soon(lambda: len(rig.replies()) == 2, "the receipt")


async def test_the_thread_of_a_closed_channel_goes_on_with_whoever_can_be_reached(
    rig: Rig,
) -> None:
    await rig.report(NAME, TEXT)
    await rig.receipts(1)
    rig.slack.archive("incidents")
    await rig.ann.clicks("Update", message=rig.parents()[0])
    form = await rig.ann.modal("Post an update")
    form.fill("Message", LATER)
    for name in ("ann", "cat"):
        rig.slack.deactivate(name)
    assert (await form.submit()).action == "update"
    await rig.slack.until(lambda: any(LATER in m.shown for m in rig.slack.direct("dan")))
    await rig.all_done()
    letter = next(m for m in rig.slack.direct("dan") if "cannot post in" in m.shown)
    assert "Ann Ahrens, who owns it, cannot be reached" in letter.shown
    assert "goes on here" in letter.shown
    [parent] = [m for m in rig.slack.direct("dan") if "Resolve" in m.buttons]
    assert any(LATER in m.shown for m in rig.slack.thread(parent))
