"""`/statuspage`: everything at once, for one person's eyes."""

from datetime import timedelta

import pytest

from bot.playground import Message
from tests.fakes.vendor import VendorFake
from tests.whole.rig import Rig

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)


async def look(rig: Rig, words: str = "") -> Message:
    before = len(rig.slack.private("ann"))
    await rig.ann.types(f"/statuspage {words}".strip())
    shown = await rig.slack.until(lambda: rig.slack.private("ann")[before:], what="the answer")
    return shown[-1]


async def test_with_nothing_open_it_says_so(parts: dict[str, str], rig: Rig) -> None:
    shown = (await look(rig)).shown
    assert f"All {len(parts)} components are operational." in shown
    assert "None that was reported here." in shown
    assert "None that was scheduled here." in shown
    assert rig.refused() == []


async def test_it_shows_what_is_broken_what_is_open_and_what_is_due(
    vendor: VendorFake, parts: dict[str, str], rig: Rig
) -> None:
    del parts
    await rig.report("Checkout is down", "Cards fail.", "API · Core", status="Partial outage")
    await rig.all_done()
    dashboard = await look(rig)
    assert "• API · Core: *Partial outage*" in dashboard.shown
    assert "Web" not in dashboard.shown
    assert "*Checkout is down* · Investigating" in dashboard.shown
    assert "Last public update" in dashboard.shown
    assert "next due" in dashboard.shown
    for minutes, said in ((30, "*update due* since"), (20, "*update overdue* since")):
        rig.skip((minutes * MINUTE).total_seconds())
        await rig.app.timers.sweep()
        await rig.all_done()
        dashboard = await look(rig)
        assert said in dashboard.shown
    await rig.ann.clicks("Resolve", message=dashboard)
    form = await rig.ann.modal("Post an update")
    form.fill("Message", "Cards work.")
    await form.submit()
    await rig.all_done()
    assert [each.messages for each in vendor.incidents()] == [["Cards fail.", "Cards work."]]
    dashboard = await look(rig)
    assert "All 3 components are operational." in dashboard.shown
    assert "Checkout" not in dashboard.shown
    assert rig.refused() == []


async def test_a_planned_maintenance_is_on_it(parts: dict[str, str], rig: Rig) -> None:
    del parts
    await rig.ann.types("/maintenance Database upgrade")
    form = await rig.ann.modal("Schedule maintenance")
    form.fill("Message", "Writes wait.")
    starts = rig.clock.now().replace(microsecond=0) + 60 * MINUTE
    await form.pick("Starts at", starts)
    await form.pick("Ends at", starts + 60 * MINUTE)
    assert (await form.submit()).errors == {}
    await rig.all_done()
    dashboard = await look(rig)
    assert "*Database upgrade* · Scheduled" in dashboard.shown
    assert {"Start now", "Report an incident", "Schedule maintenance"} <= set(dashboard.buttons)


async def test_every_component_is_listed_with_its_status(parts: dict[str, str], rig: Rig) -> None:
    shown = (await look(rig, "components")).shown
    assert [f"• {name}" in shown for name in parts] == [True] * len(parts)
    assert shown.count(": Operational") == len(parts)


@pytest.mark.parametrize("words", ["help", "what is this"])
async def test_other_words_get_help(rig: Rig, words: str) -> None:
    assert "`/statuspage components`" in (await look(rig, words)).shown
