"""What a form carries along, also when another version of Foghorn opened it."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.playground import Modal
from bot.slack.forms.metadata import FormMetadata, form_metadata
from tests.fakes.instatus import InstatusFake
from tests.whole.rig import Rig, whole_bot

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
LATER = {"colour": "red", "priority": {"level": 1}, "turns": ["m1"], "seen": 7, "resolves": "no"}
"""What a later version may carry, and what it may carry in another way."""
EARLIER = {"said": "1h 30m"}
"""What an earlier version carried under a name that is no more."""


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with InstatusFake() as vendor, whole_bot([vendor], tmp_path) as running:
        yield running


def carry(form: Modal, more: dict[str, Any], *, without: tuple[str, ...] = ()) -> None:
    """Let the open form carry what another version would have it carry."""
    carried = json.loads(form.open_view.body["private_metadata"]) | more
    kept = {name: value for name, value in carried.items() if name not in without}
    form.open_view.body["private_metadata"] = json.dumps(kept)


def test_what_another_version_carries_is_left_out() -> None:
    view = {"private_metadata": json.dumps({"channel": "C0INC", "subject_id": None, **LATER})}
    assert form_metadata(view) == FormMetadata("C0INC")


@pytest.mark.parametrize("unreadable", ["", "v2:abc", "[]", "7", "null"])
def test_what_cannot_be_read_carries_nothing(unreadable: str) -> None:
    assert form_metadata({"private_metadata": unreadable}) == FormMetadata()


@pytest.mark.parametrize("more", [LATER, EARLIER], ids=["later", "earlier"])
async def test_forms_of_another_version_are_published(rig: Rig, more: dict[str, Any]) -> None:
    form = await rig.form(words="Checkout is down")
    carry(form, more)
    form.fill("Message", "Cards are refused.")
    assert (await form.submit()).action == "update"
    await rig.receipts(1)
    await form.close()
    await rig.ann.clicks("Update", message=rig.parents()[-1])
    update = await rig.ann.modal("Post an update")
    carry(update, more, without=("seen",))
    update.fill("Message", "We found it.")
    assert (await update.submit()).action == "update"
    await rig.receipts(2)
    [incident] = rig.vendor.incidents()
    assert incident.messages == ["Cards are refused.", "We found it."]


async def test_a_choice_of_another_version_opens_a_plain_update(rig: Rig) -> None:
    for name in ("Database move", "Cache move"):
        await rig.ann.types(f"/maintenance {name}")
        form = await rig.ann.modal("Schedule maintenance")
        form.fill("Message", "We move.")
        await form.pick("Starts at", rig.clock.now().replace(second=0, microsecond=0) + DAY)
        await form.pick("Ends at", rig.clock.now().replace(second=0, microsecond=0) + 2 * DAY)
        assert (await form.submit()).action == "update"
        await form.close()
    await rig.slack.until(lambda: len(rig.parents()) == 2, what="both parents")
    await rig.ann.types("/maintenance start")
    choice = await rig.ann.modal("Choose a maintenance")
    carry(choice, {"verb": "postpone"})
    await choice.submit()
    opened = await rig.ann.modal("Update maintenance")
    assert (opened.value("Status"), opened.submit_label) == ("Scheduled", "Publish")


async def test_every_later_step_of_another_version_is_taken(tmp_path: Path) -> None:
    async with InstatusFake() as vendor:
        vendor.add_component(vendor.page_id, "API")
        async with whole_bot([vendor], tmp_path) as rig:
            form = await rig.form(words="Checkout is down")
            form.fill("Message", "Cards are refused.")
            await form.choose("Affected components", "API")
            await form.choose("Component status", "Set each…")
            assert (await form.submit()).action == "push"
            second = await rig.ann.modal("Component status")
            carry(second, {"colour": "red"} | EARLIER)
            assert (await second.submit()).action == "update"
            await rig.receipts(1)
            await rig.all_done()
            await form.close(everything=True)
            for entry, label in (("Hand over", "New owner"), ("Snooze", "")):
                await rig.ann.clicks(entry, message=rig.parents()[-1])
                asked = await rig.ann.modal(entry)
                carry(asked, {"colour": "red"} | EARLIER)
                if label:
                    await asked.choose(label, "ben")
                assert (await asked.submit()).action == "update"
                await asked.close()
            assert rig.refused() == []


async def test_a_choice_that_only_another_version_offers_is_named_and_keeps_the_text(
    rig: Rig,
) -> None:
    form = await rig.form(words="Checkout is down")
    form.fill("Message", "Cards are refused.")
    for field, label in (("status", "Status"), ("component_status", "Component status")):
        state = form.open_view.values[field][field]
        offered = state["selected_option"]
        state["selected_option"] = {**offered, "value": "postponed"}
        assert "Another version of Foghorn" in (await form.submit()).errors[label]
        state["selected_option"] = offered
    assert form.value("Message") == "Cards are refused."
    assert (await form.submit()).action == "update"


async def test_a_second_step_whose_first_is_not_there_says_so(rig: Rig) -> None:
    await rig.report("Checkout is down", "Cards are refused.")
    assert rig.vendor.add_component(rig.vendor.page_id, "API")
    await rig.app.sync.refresh()
    form = await rig.form(words="Mail is late")
    form.fill("Message", "It queues.")
    await form.choose("Affected components", "API")
    await form.choose("Component status", "Set each…")
    await form.submit()
    second = await rig.ann.modal("Component status")
    carry(second, {}, without=("root_view_id",))
    [said] = (await second.submit()).errors.values()
    assert "no longer has the first step" in said
