"""Instatus may not keep the instants that it is sent: what we wrote is known by its words then."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.errors import Uncertain
from tests.fakes.vendor import wall_clock
from tests.providers import rigs
from tests.providers.rigs import (
    HOUR,
    FakeRig,
    incident_draft,
    maintenance_draft,
    update_draft,
    work_update,
)
from tests.providers.test_instatus import fake_of

pytestmark = pytest.mark.anyio

MONITORING, RUNS = IncidentStatus.MONITORING, MaintenanceStatus.IN_PROGRESS
ITS_OWN = None


@pytest.fixture(params=[ITS_OWN, timedelta(seconds=1), timedelta(minutes=1)], ids=str)
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[FakeRig]:
    async with rigs.instatus() as running:
        fake_of(running).keeps_instants = request.param
        yield running


async def test_an_incident_is_found_by_its_words(rig: FakeRig) -> None:
    since, draft = wall_clock(), incident_draft()
    draft = replace(draft, started=draft.started - HOUR)
    rig.vendor.lose_next_answer()
    with pytest.raises(Uncertain):
        await rig.page.create_incident(draft, "key", {})
    [found] = await rig.page.find_incidents(draft, since)
    assert found.id == rig.vendor.incidents()[0].id


async def test_an_update_that_waited_for_an_hour_is_found_by_its_words(rig: FakeRig) -> None:
    there = (await rig.page.create_incident(incident_draft(), "key", {})).remote_id
    since, draft = wall_clock(), update_draft(MONITORING)
    draft = replace(draft, at=draft.at - HOUR)
    assert await rig.page.find_updates(there, draft, since) == ()
    rig.vendor.lose_next_answer()
    with pytest.raises(Uncertain):
        await rig.page.post_update(there, draft, {})
    [found] = await rig.page.find_updates(there, draft, since)
    assert found.id == rig.vendor.incidents()[0].updates[1].id


async def test_an_update_of_a_maintenance_is_found_by_its_words(rig: FakeRig) -> None:
    plan = maintenance_draft()
    there = (await rig.page.schedule_maintenance(plan, "key")).remote_id
    since, draft = wall_clock(), work_update(plan, RUNS)
    draft = replace(draft, at=draft.at - HOUR)
    rig.vendor.lose_next_answer()
    with pytest.raises(Uncertain):
        await rig.page.post_maintenance_update(there, draft, {})
    assert len(await rig.page.find_maintenance_updates(there, draft, since)) == 1


async def test_a_maintenance_is_found_by_its_window_to_the_minute(rig: FakeRig) -> None:
    since, draft = wall_clock(), maintenance_draft()
    span = timedelta(seconds=20, milliseconds=5)
    draft = replace(draft, starts=draft.starts + span, ends=draft.ends + span)
    rig.vendor.lose_next_answer()
    with pytest.raises(Uncertain):
        await rig.page.schedule_maintenance(draft, "key")
    assert len(await rig.page.find_maintenances(draft, since)) == 1
    later = replace(draft, starts=draft.starts + HOUR, ends=draft.ends + HOUR)
    assert await rig.page.find_maintenances(later, since) == ()


async def test_the_same_words_from_before_the_first_attempt_are_not_ours(rig: FakeRig) -> None:
    incident, plan = incident_draft(), maintenance_draft()
    there = (await rig.page.create_incident(incident, "key", {})).remote_id
    work = (await rig.page.schedule_maintenance(plan, "key")).remote_id
    await rig.page.post_update(there, update_draft(MONITORING), {})
    await rig.page.post_maintenance_update(work, work_update(plan, RUNS), {})
    later = wall_clock() + HOUR
    again = replace(incident, started=later)
    assert await rig.page.find_incidents(again, later) == ()
    update = replace(update_draft(MONITORING), at=later)
    assert await rig.page.find_updates(there, update, later) == ()
    step = replace(work_update(plan, RUNS), at=later)
    assert await rig.page.find_maintenance_updates(work, step, later) == ()
