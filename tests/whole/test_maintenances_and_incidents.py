"""Planned work and an outage on the same component: the outage beats the maintenance."""

import pytest

from tests.fakes.instatus import InstatusFake
from tests.whole.works import COMPLETED, FINE, MAJOR, RUNS, UNDER, Works

pytestmark = pytest.mark.anyio

START, FINISH = "Start automatically", "Start and finish automatically"
EVERY_STEP = ("Now", "At start", "At end")


async def both(works: Works) -> tuple[object, object]:
    return await works.shows("API"), await works.shows("Web")


async def test_an_outage_beats_a_maintenance_that_is_started_by_hand(works: Works) -> None:
    await works.breaks("API")
    await works.schedule("API", "Web")
    assert await both(works) == (MAJOR, FINE)
    await works.done("Start now")
    assert await both(works) == (MAJOR, UNDER)
    [started] = works.receipts("In progress")
    assert "API: *Major outage* (held by “Checkout is down”)" in started
    await works.done("Complete")
    assert await both(works) == (MAJOR, FINE)
    assert "API: *Major outage* (held by “Checkout is down”)" in works.receipts("Completed")[0]
    await works.resolves()
    assert await both(works) == (FINE, FINE)


async def test_resolving_during_a_maintenance_leaves_it_under_maintenance(works: Works) -> None:
    await works.breaks("API")
    await works.schedule("API")
    await works.done("Start now")
    await works.resolves()
    assert await works.shows("API") is UNDER
    receipt = works.rig.replies(works.incident)[-1].shown
    assert "API: *Under maintenance* (held by “Database upgrade”)" in receipt
    await works.done("Complete")
    assert await works.shows("API") is FINE
    assert works.clean


async def test_what_breaks_during_a_maintenance_stays_broken_after_it(works: Works) -> None:
    await works.schedule("API", "Web")
    await works.done("Start now")
    await works.breaks("API")
    assert await both(works) == (MAJOR, UNDER)
    await works.done("Complete")
    assert await both(works) == (MAJOR, FINE)
    await works.resolves()
    assert await both(works) == (FINE, FINE)
    assert works.clean


@pytest.mark.parametrize("automation", [START, FINISH])
async def test_an_outage_beats_a_maintenance_that_starts_by_itself(
    works: Works, automation: str
) -> None:
    await works.breaks("API")
    await works.schedule("API", "Web", automation=automation, notify=EVERY_STEP)
    await works.come((await works.only()).starts)
    started = await works.receipt("In progress")
    assert await both(works) == (MAJOR, UNDER)
    assert "API: *Major outage* (held by “Checkout is down”)" in started
    assert "⚠" not in started
    assert (await works.only()).status is RUNS
    assert works.clean


async def test_an_outage_beats_a_maintenance_that_ends_by_itself(works: Works) -> None:
    await works.schedule("API", "Web", automation=FINISH, notify=EVERY_STEP)
    await works.come((await works.only()).starts)
    await works.receipt("In progress")
    await works.breaks("API")
    assert await both(works) == (MAJOR, UNDER)
    await works.come((await works.only()).ends)
    await works.receipt("Completed")
    assert (await works.only()).status is COMPLETED
    assert await both(works) == (MAJOR, FINE)
    await works.resolves()
    assert await both(works) == (FINE, FINE)


async def test_resolving_before_a_page_ends_its_own_maintenance_keeps_it_until_then(
    works: Works,
) -> None:
    await works.breaks("API")
    await works.schedule("API", automation=FINISH, notify=EVERY_STEP)
    await works.come((await works.only()).starts)
    await works.receipt("In progress")
    await works.resolves()
    assert await works.shows("API") is UNDER
    await works.come((await works.only()).ends)
    await works.receipt("Completed")
    assert await works.shows("API") is FINE


@pytest.mark.parametrize("works", ["instatus"], indirect=True)
async def test_a_page_that_leaves_components_behind_is_put_right(works: Works) -> None:
    vendor = works.rig.vendor
    assert isinstance(vendor, InstatusFake)
    vendor.resets = False
    await works.schedule("API", automation=FINISH)
    await works.come((await works.only()).starts)
    await works.receipt("In progress")
    await works.come((await works.only()).ends)
    await works.receipt("Completed")
    await works.stands(COMPLETED)


async def test_of_two_maintenances_the_one_that_ends_leaves_the_other_its_component(
    works: Works,
) -> None:
    await works.schedule("API", "Web", name="First work")
    await works.done("Start now")
    await works.schedule("API", name="Second work")
    await works.done("Start now")
    await works.done("Complete")
    assert await both(works) == (UNDER, UNDER)
    assert {each.name: each.status for each in await works.on_page()} == {
        "First work": RUNS,
        "Second work": COMPLETED,
    }


# --- a maintenance that becomes an incident ----------------------------------------------------


async def turned(works: Works) -> None:
    """Start work on API and Web, and make an incident of it."""
    await works.schedule("API", "Web")
    await works.done("Start now")
    await works.rig.ann.clicks("Turn into incident", message=works.parent)
    form = await works.rig.ann.modal("Report an incident")
    assert form.value("Incident name") == "Database upgrade"
    chosen = form.value("Affected components")
    assert isinstance(chosen, list)
    assert sorted(chosen) == ["API", "Web"]
    form.fill("Message", "Writes fail.")
    await form.choose("Component status", "Major outage")
    result = await form.submit()
    assert result.action == "update", result
    await form.close(everything=True)
    await works.rig.all_done()


async def test_turned_into_an_incident_it_keeps_thread_and_components(works: Works) -> None:
    await turned(works)
    [parent] = works.rig.parents()
    assert "*Investigating*" in parent.shown
    assert {"Update", "Resolve"} <= set(parent.buttons)
    assert "Complete" not in parent.buttons
    assert parent.menu == ["Hand over", "Snooze"]
    assert await both(works) == (MAJOR, MAJOR)
    assert (await works.only()).status is COMPLETED
    replies = [reply.shown for reply in works.rig.replies(parent)]
    assert [each.splitlines()[0].split("*")[1] for each in replies[:2]] == [
        "Scheduled",
        "In progress",
    ]
    assert any("> Writes fail." in each for each in replies)
    assert any("The maintenance has ended early." in each for each in replies)
    assert works.clean


async def test_the_incident_that_it_became_is_resolved_in_the_same_thread(works: Works) -> None:
    await turned(works)
    [parent] = works.rig.parents()
    await works.rig.post("Resolve", "Writes work.", parent=parent)
    await works.rig.all_done()
    assert await both(works) == (FINE, FINE)
    [parent] = works.rig.parents()
    assert "*Resolved*" in parent.shown
    assert "> Writes work." in works.rig.replies(parent)[-1].shown
