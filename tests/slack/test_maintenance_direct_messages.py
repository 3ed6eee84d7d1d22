"""Forms of maintenances that a page refused, opened again from the direct message that says so."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.playground import Message
from tests.fakes.instatus import InstatusFake
from tests.whole.rig import Rig, whole_bot

pytestmark = pytest.mark.anyio

REFUSAL = {"errors": [{"message": "No colons, please", "source": {"field": "name"}}]}


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with InstatusFake() as vendor:
        vendor.add_component(vendor.page_id, "API", "Core")
        async with whole_bot([vendor], tmp_path) as running:
            yield running


async def refused(rig: Rig) -> Message:
    """Schedule a maintenance that the page does not take; return the direct message about it."""
    rig.vendor.fail_next(422, REFUSAL, method="POST")
    await rig.ann.types("/maintenance Move: database")
    form = await rig.ann.modal("Schedule maintenance")
    starts = rig.clock.now().replace(second=0, microsecond=0) + timedelta(hours=24)
    form.fill("Message", "We move.")
    await form.choose("Affected components", "API · Core")
    await form.choose("Start and finish", "Start and finish automatically")
    await form.pick("Starts at", starts)
    await form.pick("Ends at", starts + timedelta(hours=2))
    assert (await form.submit()).action == "update"
    await form.close()
    return await direct_message(rig)


async def direct_message(rig: Rig) -> Message:
    def found() -> list[Message]:
        return [one for one in rig.slack.direct("ann") if "No colons, please" in one.shown]

    return (await rig.slack.until(found, what="the direct message"))[-1]


def scheduled(rig: Rig) -> bool:
    return ["*Scheduled*" in parent.shown for parent in rig.parents()] == [True]


async def test_a_refused_schedule_reopens_filled_in_and_goes_on_in_its_thread(rig: Rig) -> None:
    await rig.ann.clicks("Open the form again", message=await refused(rig))
    form = await rig.ann.modal("Schedule maintenance")
    assert form.value("Maintenance name") == "Move: database"
    assert form.value("Message") == "We move."
    assert form.value("Affected components") == ["API · Core"]
    assert form.value("Start and finish") == "Start and finish automatically"
    assert " UTC (" in form.text
    form.fill("Maintenance name", "Move of the database")
    assert (await form.submit()).action == "update"
    await rig.slack.until(lambda: scheduled(rig), what="scheduled")
    assert "Move of the database" in rig.parents()[0].shown


async def test_a_refused_update_reopens_filled_in(rig: Rig) -> None:
    await rig.ann.clicks("Open the form again", message=await refused(rig))
    form = await rig.ann.modal("Schedule maintenance")
    await form.submit()
    await form.close()
    await rig.slack.until(lambda: scheduled(rig), what="scheduled")
    rig.vendor.fail_next(422, REFUSAL)
    await rig.ann.clicks("Start now", message=rig.parents()[-1])
    update = await rig.ann.modal("Update maintenance")
    update.fill("Message", "We: begin.")
    await update.submit()
    await update.close()
    await rig.slack.until(lambda: len(rig.slack.direct("ann")) > 1, what="a second direct message")
    await rig.ann.clicks("Open the form again", message=await direct_message(rig))
    again = await rig.ann.modal("Update maintenance")
    assert again.value("Message") == "We: begin."
    assert again.value("Status") == "In progress"
