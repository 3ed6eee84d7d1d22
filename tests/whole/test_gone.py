"""Somebody removed something on the page itself: people are told, and nobody is stuck with it."""

from pathlib import Path

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
from bot.playground import Message
from tests.fakes.instatus import InstatusFake
from tests.fakes.vendor import SeenIncident
from tests.whole.rig import Rig, whole_bot

pytestmark = pytest.mark.anyio

NAME, REPORT = "Checkout is down", "Cards are refused."
UPDATE, LATER = "The bank mends it.", "The bank has mended it."
OPERATIONAL, MAJOR = ComponentStatus.OPERATIONAL, ComponentStatus.MAJOR_OUTAGE


async def opened(rig: Rig, *components: str) -> None:
    await rig.report(NAME, REPORT, *components, status="Major outage" if components else "")
    await rig.receipts(1)


async def posted(rig: Rig, *messages: str) -> Message:
    """Wait for the receipts of these messages, and return the last, which has nothing to say."""
    await rig.soon(lambda: len(rig.replies()) >= len(messages), "the receipts")
    assert only(rig).messages == list(messages)
    assert "The page differs" not in rig.replies()[-1].shown
    assert rig.slack.direct("ann") == []
    return rig.replies()[-1]


def only(rig: Rig) -> SeenIncident:
    [incident] = rig.vendor.incidents()
    return incident


# --- a component ---


@pytest.mark.parametrize("synced", [True, False])
async def test_an_update_leaves_out_a_component_that_the_page_has_no_longer(
    parts: dict[str, str], rig: Rig, *, synced: bool
) -> None:
    await opened(rig, "API · Core", "Mail")
    rig.vendor.remove_component(parts["API"])
    if synced:
        await rig.app.sync.refresh()
    await rig.post("Update", UPDATE, Status="Monitoring")
    assert "API" not in (await posted(rig, REPORT, UPDATE)).shown
    assert rig.vendor.component_status(parts["Mail"]) is MAJOR
    await rig.post("Resolve", LATER)
    await posted(rig, REPORT, UPDATE, LATER)
    assert only(rig).status is IncidentStatus.RESOLVED
    assert rig.vendor.component_status(parts["Mail"]) is OPERATIONAL


@pytest.mark.parametrize("button", ["Update", "Resolve"])
async def test_an_incident_goes_on_without_its_only_component(
    parts: dict[str, str], rig: Rig, button: str
) -> None:
    await opened(rig, "Mail")
    rig.vendor.remove_component(parts["Mail"])
    await rig.app.sync.refresh()
    await rig.ann.clicks(button, message=rig.parents()[-1])
    form = await rig.ann.modal("Post an update")
    assert (form.value("Affected components"), form.value("Component status")) == (
        [],
        "Degraded performance",
    )
    form.fill("Message", UPDATE)
    assert (await form.submit()).action == "update"
    await posted(rig, REPORT, UPDATE)


async def test_an_archived_component_is_left_out_too(tmp_path: Path) -> None:
    async with InstatusFake() as vendor:
        mail = vendor.add_component(vendor.page_id, "Mail")
        async with whole_bot([vendor], tmp_path) as rig:
            await opened(rig, "Mail")
            vendor.kept_components[mail].archived = True
            await rig.post("Update", UPDATE)
            await posted(rig, REPORT, UPDATE)


async def test_a_component_chosen_just_now_must_be_there(parts: dict[str, str], rig: Rig) -> None:
    await opened(rig, "Mail")
    await rig.ann.clicks("Update", message=rig.parents()[-1])
    form = await rig.ann.modal("Post an update")
    form.fill("Message", UPDATE)
    await form.choose("Affected components", "Mail", "API · Core")
    rig.vendor.remove_component(parts["API"])
    await rig.app.sync.refresh()
    result = await form.submit()
    assert "no longer on the chosen page" in result.errors["Affected components"]
    await form.choose("Affected components", "Mail")
    assert (await form.submit()).action == "update"
    await posted(rig, REPORT, UPDATE)


async def test_a_new_component_that_only_the_page_knows_to_be_gone_is_refused(
    parts: dict[str, str], rig: Rig
) -> None:
    await opened(rig, "Mail")
    await rig.ann.clicks("Update", message=rig.parents()[-1])
    form = await rig.ann.modal("Post an update")
    form.fill("Message", UPDATE)
    await form.choose("Affected components", "Mail", "API · Core")
    rig.vendor.remove_component(parts["API"])
    assert (await form.submit()).action == "update"
    await rig.soon(lambda: rig.slack.direct("ann"), "a letter")
    assert "Open the form again" in rig.slack.direct("ann")[0].buttons
    assert only(rig).messages == [REPORT]
