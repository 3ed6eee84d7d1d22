"""The preview: all that customers will see and hear, before anything is published."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.playground import Modal
from tests.fakes.instatus import InstatusFake
from tests.fakes.vendor import VendorFake
from tests.whole.rig import Rig, whole_bot

pytestmark = pytest.mark.anyio

NAME = "Checkout is *really* _down_"


@pytest.fixture
async def vendor() -> AsyncIterator[VendorFake]:
    """One vendor: the forms do not know which it is."""
    async with InstatusFake() as running:
        yield running


async def preview(rig: Rig, form: Modal) -> str:
    await form.click("Preview")
    shown = await rig.ann.modal("Preview")
    text = shown.text
    await shown.close()
    return text


async def test_the_preview_of_an_incident_says_what_becomes_of_everything(
    parts: dict[str, str], rig: Rig
) -> None:
    assert parts
    form = await rig.form(words=NAME)
    form.fill("Message", "# What we know\nCards fail.\n\n> said")
    await form.choose("Affected components", "API · Core", "Web · Core")
    await form.choose("Component status", "Major outage")
    shown = await preview(rig, form)
    assert NAME in shown
    assert "*Investigating*" in shown
    assert "• API · Core: *Major outage (now Operational)*" in shown
    assert "Subscribers of the page hear of it at once." in shown
    assert "may show a heading, a quote otherwise" in shown
    form.fill("Message", "Cards fail.")
    await form.tick("Notify subscribers", on=False)
    assert "may show" not in (shown := await preview(rig, form))
    assert "Subscribers are not told" in shown
    await form.submit()
    await rig.receipts(1)
    await form.close()
    await rig.ann.clicks("Update")
    update = await rig.ann.modal("Post an update")
    assert NAME in [block["text"]["text"] for block in update.view["blocks"] if "text" in block]
    update.fill("Message", "The web works.")
    await update.choose("Affected components", "API · Core", "Mail")
    shown = await preview(rig, update)
    assert "• API · Core: *Major outage*" in shown
    assert "• Mail: *still to be chosen*" in shown
    assert "• Web · Core: *Operational (now Major outage)*" in shown


async def test_the_preview_of_a_series_shows_its_windows(tmp_path: Path) -> None:
    page = '[page]\nname = "Acme"\ncomponents = ["API"]\n'
    async with whole_bot([], tmp_path, settings=page) as rig:
        await rig.ann.types("/maintenance Upgrade")
        form = await rig.ann.modal("Schedule maintenance")
        form.fill("Message", "# We upgrade.")
        await form.choose("Affected components", "API")
        await form.pick("Starts at", datetime(2030, 1, 7, 21, 0, tzinfo=UTC))
        await form.pick("Ends at", datetime(2030, 1, 7, 23, 30, tzinfo=UTC))
        await form.choose("Repeats", "Every week")
        form.fill("Number of windows", "3")
        shown = await preview(rig, form)
        assert "1 of 3: 7 Jan 2030, 21:00 to 23:30 UTC" in shown
        assert "3 of 3: 21 Jan 2030, 21:00 to 23:30 UTC" in shown
        assert "• API: *Under maintenance while it runs*" in shown
        assert "Publishes to <" in shown or "Publishes to Acme" in shown
        assert "may show" not in shown
