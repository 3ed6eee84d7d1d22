"""What every provider promises to those who plan work."""

from datetime import timedelta

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import Automation, MaintenanceDraft, MaintenanceStatus, Notice
from bot.domain.pages import ComponentStatus
from bot.domain.subjects import Step
from bot.errors import Gone, Rejected
from tests.providers.rigs import (
    EPOCH,
    HOUR,
    Rig,
    incident_draft,
    maintenance_draft,
    others,
    update_draft,
    window,
    work_update,
)

pytestmark = pytest.mark.anyio

BOTH = (Step.START, Step.FINISH)
SCHEDULED, RUNS = MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS
OVER, CANCELLED = MaintenanceStatus.COMPLETED, MaintenanceStatus.CANCELLED
MAJOR, OPERATIONAL = ComponentStatus.MAJOR_OUTAGE, ComponentStatus.OPERATIONAL
UNDER = ComponentStatus.UNDER_MAINTENANCE
AWKWARD = 'Tag <b> & "quotes" — naïve 日本 > `code`\n\n* one\n* two'


async def statuses(rig: Rig) -> dict[str, ComponentStatus]:
    return {each.id: each.status for each in await rig.page.components()}


async def scheduled(rig: Rig, draft: MaintenanceDraft) -> str:
    return (await rig.page.schedule_maintenance(draft, "key")).remote_id


async def step(
    rig: Rig, work: str, draft: MaintenanceDraft, status: MaintenanceStatus
) -> str | None:
    """Post the step as the services do: with what the others hold."""
    update = work_update(draft, status, f"It is {status.label}.", begun=status is OVER)
    held = await others(rig.page, work)
    return (await rig.page.post_maintenance_update(work, update, held)).update_id


async def test_a_maintenance_reads_back_as_it_was_written(rig: Rig) -> None:
    api, web = await rig.component("API"), await rig.component("Web")
    draft = maintenance_draft((api, web), message=AWKWARD, name="N" * 78 + "&<")
    posted = await rig.page.schedule_maintenance(draft, "key")
    found = await rig.page.maintenance(posted.remote_id)
    assert (found.id, found.name, found.status) == (posted.remote_id, draft.name, SCHEDULED)
    assert (found.starts, found.ends) == (draft.starts, draft.ends)
    assert [(each.id, each.message) for each in found.updates] == [(posted.update_id, AWKWARD)]
    assert found.component_ids == (api, web)
    assert posted.notified
    assert found.shown == await statuses(rig) == {api: OPERATIONAL, web: OPERATIONAL}
    assert await rig.page.holds() == ()


async def test_a_maintenance_without_components_is_a_note_for_the_page(rig: Rig) -> None:
    draft = maintenance_draft()
    work = await scheduled(rig, draft)
    await step(rig, work, draft, RUNS)
    found = await rig.page.maintenance(work)
    assert (found.status, found.component_ids, found.shown) == (RUNS, (), {})


async def test_a_quiet_maintenance_tells_nobody(rig: Rig) -> None:
    draft = maintenance_draft(notices=())
    assert not (await rig.page.schedule_maintenance(draft, "key")).notified
    await rig.page.move_maintenance(await scheduled(rig, draft), window(draft, later=HOUR))
    assert not rig.faults or rig.faults.notifications == []


async def test_its_components_are_under_maintenance_just_while_it_runs(rig: Rig) -> None:
    api, web = await rig.component("API"), await rig.component("Web")
    draft = maintenance_draft((api,))
    work = await scheduled(rig, draft)
    await step(rig, work, draft, RUNS)
    assert (await rig.page.maintenance(work)).status is RUNS
    assert await statuses(rig) == {api: UNDER, web: OPERATIONAL}
    [hold] = await rig.page.holds()
    assert (hold.source_id, hold.source, hold.component_id) == (work, draft.name, api)
    await step(rig, work, draft, OVER)
    assert (await rig.page.maintenance(work)).status is OVER
    assert await statuses(rig) == {api: OPERATIONAL, web: OPERATIONAL}


async def test_updates_read_back_oldest_first_and_those_without_a_step_take_none(rig: Rig) -> None:
    api = await rig.component("API")
    draft = maintenance_draft((api,))
    posted = await rig.page.schedule_maintenance(draft, "key")
    ids = [posted.update_id]
    for status, shown in ((SCHEDULED, OPERATIONAL), (RUNS, UNDER), (RUNS, UNDER)):
        update = work_update(draft, status, f"Number {len(ids)}.", notify=True)
        answer = await rig.page.post_maintenance_update(posted.remote_id, update, {})
        assert answer.notified
        ids.append(answer.update_id)
        assert await statuses(rig) == {api: shown}
    found = await rig.page.maintenance(posted.remote_id)
    assert [each.id for each in found.updates] == ids
    assert [each.status for each in found.updates] == [SCHEDULED, SCHEDULED, RUNS, RUNS]
    assert (found.starts, found.ends) == (draft.starts, draft.ends)


async def test_an_outage_beats_a_maintenance_from_its_start_to_its_end(rig: Rig) -> None:
    api, web = await rig.component("API"), await rig.component("Web")
    draft = maintenance_draft((api, web))
    work = await scheduled(rig, draft)
    incident = await rig.opened_elsewhere("Outage", {api: MAJOR})
    await step(rig, work, draft, RUNS)
    assert await statuses(rig) == {api: MAJOR, web: UNDER}
    await step(rig, work, draft, OVER)
    assert await statuses(rig) == {api: MAJOR, web: OPERATIONAL}
    held = await others(rig.page, incident)
    await rig.page.post_update(incident, update_draft(IncidentStatus.RESOLVED), held)
    assert await statuses(rig) == {api: OPERATIONAL, web: OPERATIONAL}


async def test_an_incident_that_is_resolved_meanwhile_leaves_the_maintenance(rig: Rig) -> None:
    api = await rig.component("API")
    draft = maintenance_draft((api,))
    work = await scheduled(rig, draft)
    await step(rig, work, draft, RUNS)
    held = await others(rig.page, "")
    posted = await rig.page.create_incident(incident_draft({api: MAJOR}), "incident", held)
    assert await statuses(rig) == {api: MAJOR}
    await step(rig, work, draft, RUNS)
    assert await statuses(rig) == {api: MAJOR}
    held = await others(rig.page, posted.remote_id)
    await rig.page.post_update(posted.remote_id, update_draft(IncidentStatus.RESOLVED), held)
    assert await statuses(rig) == {api: UNDER}
    await step(rig, work, draft, OVER)
    assert await statuses(rig) == {api: OPERATIONAL}


async def test_of_two_maintenances_the_second_keeps_what_the_first_lets_go(rig: Rig) -> None:
    api = await rig.component("API")
    draft = maintenance_draft((api,))
    work = await scheduled(rig, draft)
    await rig.maintenance("Another one", [api])
    await step(rig, work, draft, RUNS)
    await step(rig, work, draft, OVER)
    assert await statuses(rig) == {api: UNDER}


async def test_a_window_moves_quietly_and_as_often_as_it_is_asked(rig: Rig) -> None:
    api = await rig.component("API")
    draft = maintenance_draft((api,))
    work = await scheduled(rig, draft)
    before = await rig.page.maintenance(work)
    told = rig.faults and len(rig.faults.notifications)
    for _twice in range(2):
        await rig.page.move_maintenance(work, window(draft, later=HOUR, longer=HOUR))
    moved = await rig.page.maintenance(work)
    assert (moved.starts, moved.ends) == (draft.starts + HOUR, draft.ends + 2 * HOUR)
    assert (moved.name, moved.status, moved.updates) == (before.name, SCHEDULED, before.updates)
    assert moved.shown == {api: OPERATIONAL}
    assert told == (rig.faults and len(rig.faults.notifications))


async def test_the_end_of_running_work_moves_while_its_components_stay(rig: Rig) -> None:
    api, web = await rig.component("API"), await rig.component("Web")
    draft = maintenance_draft((api, web))
    work = await scheduled(rig, draft)
    await rig.opened_elsewhere("Outage", {api: MAJOR})
    await step(rig, work, draft, RUNS)
    await rig.page.move_maintenance(work, window(draft, RUNS, longer=HOUR))
    moved = await rig.page.maintenance(work)
    assert (moved.status, moved.ends) == (RUNS, draft.ends + HOUR)
    assert await statuses(rig) == {api: MAJOR, web: UNDER}


async def test_what_is_over_cannot_be_moved_or_begun_again(rig: Rig) -> None:
    draft = maintenance_draft((await rig.component("API"),))
    work = await scheduled(rig, draft)
    await step(rig, work, draft, RUNS)
    with pytest.raises(Rejected, match="cannot go back"):
        await step(rig, work, draft, SCHEDULED)
    await step(rig, work, draft, OVER)
    with pytest.raises(Rejected, match="is over; schedule another"):
        await rig.page.move_maintenance(work, window(draft, OVER, longer=HOUR))
    with pytest.raises(Rejected, match="cannot go back"):
        await step(rig, work, draft, RUNS)
    assert set((await statuses(rig)).values()) == {OPERATIONAL}


@pytest.mark.parametrize("automation", list(Automation))
async def test_a_page_takes_the_steps_that_it_drives_and_no_other(
    rig: Rig, automation: Automation
) -> None:
    api = await rig.component("API")
    draft = maintenance_draft((api,), automation.steps, notices=())
    work = await scheduled(rig, draft)
    driven = automation.steps if automation.value in rig.page.capabilities.drives else ()
    waits = (SCHEDULED, OPERATIONAL)
    runs = (RUNS, UNDER) if Step.START in driven else waits
    ended = (OVER, OPERATIONAL) if Step.FINISH in driven else runs
    for ahead, expected in ((0, waits), (1, runs), (2, ended)):
        rig.clock.ahead = ahead * HOUR + timedelta(seconds=1)
        found = await rig.page.maintenance(work)
        assert (found.status, found.shown[api]) == expected


async def test_a_window_that_moved_is_driven_at_its_new_times(rig: Rig) -> None:
    api = await rig.component("API")
    draft = maintenance_draft((api,), BOTH)
    work = await scheduled(rig, draft)
    await rig.page.move_maintenance(work, window(draft, later=3 * HOUR))
    for ahead, status in ((2, SCHEDULED), (4, RUNS), (5, OVER)):
        rig.clock.ahead = ahead * HOUR + timedelta(seconds=1)
        assert (await rig.page.maintenance(work)).status is status


async def test_running_work_that_is_extended_ends_by_itself_at_its_new_end(rig: Rig) -> None:
    api = await rig.component("API")
    draft = maintenance_draft((api,), BOTH)
    work = await scheduled(rig, draft)
    rig.clock.ahead = 1.5 * HOUR
    await rig.page.move_maintenance(work, window(draft, longer=HOUR))
    for ahead, status in ((2.5, UNDER), (3.5, OPERATIONAL)):
        rig.clock.ahead = ahead * HOUR
        assert await statuses(rig) == {api: status}


async def test_work_that_its_page_has_begun_goes_on_when_we_take_it_over(rig: Rig) -> None:
    api = await rig.component("API")
    draft = maintenance_draft((api,), BOTH)
    work = await scheduled(rig, draft)
    rig.clock.ahead = 1.5 * HOUR
    await step(rig, work, draft, RUNS)
    await rig.page.move_maintenance(work, window(draft, RUNS, longer=HOUR, driven=()))
    # Where the automation is all or nothing, only an update that changes the status ends it.
    goes_on = not rig.page.capabilities.notices_alike
    rig.clock.ahead = 9 * HOUR
    found = await rig.page.maintenance(work)
    expected = (RUNS, {api: UNDER}) if goes_on else (OVER, {api: OPERATIONAL})
    assert (found.status, found.shown) == expected


async def test_a_maintenance_is_cancelled_where_the_page_can_and_refused_in_words_where_not(
    rig: Rig,
) -> None:
    api = await rig.component("API")
    draft = maintenance_draft((api,))
    work = await scheduled(rig, draft)
    await step(rig, work, draft, RUNS)
    asked = rig.faults and len(rig.faults.requests)
    cancel = rig.page.post_maintenance_update(work, work_update(draft, CANCELLED), {})
    if rig.page.capabilities.keeps_cancelled:
        await cancel
        assert (await rig.page.maintenance(work)).status is CANCELLED
        assert await statuses(rig) == {api: OPERATIONAL}
    else:
        with pytest.raises(Rejected, match="take the maintenance off the page"):
            await cancel
        assert asked == (rig.faults and len(rig.faults.requests))


async def test_a_maintenance_is_deleted_also_twice(rig: Rig) -> None:
    draft = maintenance_draft((await rig.component("API"),))
    work = await scheduled(rig, draft)
    told = rig.faults and len(rig.faults.notifications)
    for _twice in range(2):
        await rig.page.delete_maintenance(work)
        with pytest.raises(Gone):
            await rig.page.maintenance(work)
    assert await rig.page.find_maintenances(draft, EPOCH) == ()
    assert told == (rig.faults and len(rig.faults.notifications))


async def test_a_maintenance_that_is_not_there_is_gone_for_whoever_writes(rig: Rig) -> None:
    draft = maintenance_draft()
    update = work_update(draft, RUNS)
    for write in (
        rig.page.post_maintenance_update("nothing", update, {}),
        rig.page.move_maintenance("nothing", window(draft)),
        rig.page.find_maintenance_updates("nothing", update, EPOCH),
    ):
        with pytest.raises(Gone):
            await write


async def test_an_unknown_status_is_never_sent(rig: Rig) -> None:
    draft = maintenance_draft()
    work = await scheduled(rig, draft)
    unknown = work_update(draft, MaintenanceStatus.UNKNOWN)
    asked = rig.faults and len(rig.faults.requests)
    with pytest.raises(Rejected, match="does not know the maintenance's status"):
        await rig.page.post_maintenance_update(work, unknown, {})
    assert asked == (rig.faults and len(rig.faults.requests))


async def test_what_was_written_is_found_again_and_what_is_only_like_it_is_not(rig: Rig) -> None:
    draft = maintenance_draft((await rig.component("API"),))
    posted = await rig.page.schedule_maintenance(draft, "key")
    update = work_update(draft, RUNS)
    second = await rig.page.post_maintenance_update(posted.remote_id, update, {})
    likes = (
        maintenance_draft(draft.component_ids, message="Something else."),
        maintenance_draft(draft.component_ids, name="Another"),
    )
    [found] = await rig.page.find_maintenances(draft, EPOCH)
    assert found.id == posted.remote_id
    assert [await rig.page.find_maintenances(each, EPOCH) for each in likes] == [(), ()]
    [known] = await rig.page.find_maintenance_updates(posted.remote_id, update, EPOCH)
    assert (known.id, known.status) == (second.update_id, RUNS)
    other = work_update(draft, OVER)
    assert await rig.page.find_maintenance_updates(posted.remote_id, other, EPOCH) == ()


async def test_a_namesake_at_another_hour_is_another_maintenance(rig: Rig) -> None:
    draft = maintenance_draft((await rig.component("API"),))
    work = await scheduled(rig, draft)
    await rig.page.move_maintenance(work, window(draft, later=7 * 24 * HOUR))
    assert await rig.page.find_maintenances(draft, EPOCH) == ()


async def test_a_key_that_the_page_takes_gives_the_first_answer_again(rig: Rig) -> None:
    draft = maintenance_draft()
    first = await rig.page.schedule_maintenance(draft, "key")
    again = await rig.page.schedule_maintenance(draft, "key")
    other = await rig.page.schedule_maintenance(draft, "key 2")
    assert (first == again) is rig.page.capabilities.takes_create_key
    assert other.remote_id not in {first.remote_id, again.remote_id}


async def test_components_are_shown_by_themselves_only_where_they_have_one_status(
    rig: Rig,
) -> None:
    api, web = await rig.component("API"), await rig.component("Web")
    show = rig.page.show_components({api: MAJOR})
    if rig.page.capabilities.shares_component_status:
        await show
        await rig.page.show_components({api: MAJOR})
        assert await statuses(rig) == {api: MAJOR, web: OPERATIONAL}
    else:
        with pytest.raises(Rejected, match="no status of its own"):
            await show
    assert not rig.faults or rig.faults.notifications == []


async def test_subscribers_hear_of_each_step_as_each_update_says(rig: Rig) -> None:
    draft = maintenance_draft(notices=(Notice.AT_START,))
    work = await scheduled(rig, draft)
    for status, notify in ((RUNS, True), (OVER, False)):
        update = work_update(draft, status, notify=notify)
        posted = await rig.page.post_maintenance_update(work, update, {})
        assert posted.notified is notify
    assert not rig.faults or [each.status for each in rig.faults.notifications] == [RUNS]
