"""What is peculiar to the page that Foghorn serves itself."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceDraft, MaintenanceStatus
from bot.domain.pages import ComponentStatus
from bot.domain.subjects import Step
from bot.errors import Gone, Rejected, Unavailable
from bot.statuspage.records import components, maintenances, queries
from tests.fakes.vendor import wall_clock
from tests.providers.rigs import (
    EPOCH,
    LocalRig,
    incident_draft,
    local,
    maintenance_draft,
    the_turn_ends,
    update_draft,
    work_update,
)

pytestmark = pytest.mark.anyio

MAJOR = ComponentStatus.MAJOR_OUTAGE
RUNS = MaintenanceStatus.IN_PROGRESS
HOUR = timedelta(hours=1)


@pytest.fixture
async def rig() -> AsyncIterator[LocalRig]:
    async with local() as opened:
        yield opened


async def test_the_page_has_the_name_and_the_address_that_were_set(rig: LocalRig) -> None:
    await rig.store.write(components.rename_page, "Acme")
    [page] = await rig.account.pages()
    assert (page.id, page.name, page.url) == ("local:main", "Acme", "https://status.example.com")
    posted = await rig.page.create_incident(incident_draft(), "key", {})
    incident = await rig.page.incident(posted.remote_id)
    assert incident.url == f"https://status.example.com/incident/{incident.id}"


async def test_archived_components_are_not_offered(rig: LocalRig) -> None:
    api, web = await rig.component("API"), await rig.component("Web")
    await rig.store.write(components.archive, api)
    assert [each.id for each in await rig.page.components()] == [web]


@pytest.mark.parametrize(("begins", "held"), [(-1, True), (1, False), (-3, False)])
async def test_a_maintenance_holds_while_its_time_runs(
    rig: LocalRig, begins: int, *, held: bool
) -> None:
    api = await rig.component("API")
    starts = wall_clock() + begins * HOUR
    ends = starts + 2 * HOUR
    plan = MaintenanceDraft("New disks", "Planned.", (api,), starts, ends, tuple(Step))
    await rig.store.write(maintenances.schedule_maintenance, plan, None, starts)
    assert bool(await rig.page.holds()) is held


async def test_what_is_too_long_is_refused(rig: LocalRig) -> None:
    posted = await rig.page.create_incident(incident_draft(), "key", {})
    incident, long = posted.remote_id, "x" * 20_001
    for refused in (
        rig.page.create_incident(incident_draft(name="N" * 256), "key 2", {}),
        rig.page.create_incident(incident_draft(message=long), "key 3", {}),
        rig.page.post_update(incident, update_draft(IncidentStatus.IDENTIFIED, message=long), {}),
        rig.page.edit_update(incident, posted.update_id or "", long),
        rig.page.rename_incident(incident, "N" * 256),
    ):
        with pytest.raises(Rejected, match="is longer than"):
            await refused
    assert len(await rig.page.open_incidents()) == 1


async def test_the_longest_name_and_message_are_taken(rig: LocalRig) -> None:
    draft = incident_draft(name="N" * 255, message="x" * 20_000)
    posted = await rig.page.create_incident(draft, "key", {})
    assert [each.id for each in await rig.page.find_incidents(draft, EPOCH)] == [posted.remote_id]


async def test_a_write_whose_turn_is_over_does_nothing(rig: LocalRig) -> None:
    with the_turn_ends(time.monotonic()), pytest.raises(Unavailable):
        await rig.page.create_incident(incident_draft(), "key", {})
    assert await rig.page.open_incidents() == ()


async def test_many_tries_with_one_key_at_once_make_one_incident(rig: LocalRig) -> None:
    draft = incident_draft()
    tries = [rig.page.create_incident(draft, "key", {}) for _ in range(8)]
    assert len(set(await asyncio.gather(*tries))) == 1
    assert await rig.store.read(queries.revision) == 1


async def test_the_same_update_twice_is_one(rig: LocalRig) -> None:
    posted = await rig.page.create_incident(incident_draft(), "key", {})
    draft = update_draft(IncidentStatus.IDENTIFIED)
    first = await rig.page.post_update(posted.remote_id, draft, {})
    assert await rig.page.post_update(posted.remote_id, draft, {}) == first
    assert len((await rig.page.incident(posted.remote_id)).updates) == 2


async def test_a_maintenance_too_long_is_refused(rig: LocalRig) -> None:
    draft, long = maintenance_draft(), "x" * 20_001
    work = (await rig.page.schedule_maintenance(draft, "key")).remote_id
    for refused in (
        rig.page.schedule_maintenance(replace(draft, name="N" * 256), "key 2"),
        rig.page.schedule_maintenance(replace(draft, message=long), "key 3"),
        rig.page.post_maintenance_update(work, work_update(draft, RUNS, long), {}),
    ):
        with pytest.raises(Rejected, match="is longer than"):
            await refused
    assert len((await rig.page.maintenance(work)).updates) == 1


async def test_a_maintenance_has_the_address_under_which_the_page_serves_it(rig: LocalRig) -> None:
    posted = await rig.page.schedule_maintenance(maintenance_draft(), "key")
    found = await rig.page.maintenance(posted.remote_id)
    assert found.url == f"https://status.example.com/maintenance/{found.id}"


async def test_a_maintenance_and_an_update_twice_are_one(rig: LocalRig) -> None:
    draft = maintenance_draft()
    tries = [rig.page.schedule_maintenance(draft, "key") for _ in range(4)]
    [posted] = set(await asyncio.gather(*tries))
    update = work_update(draft, RUNS)
    steps = [rig.page.post_maintenance_update(posted.remote_id, update, {}) for _ in range(4)]
    assert len(set(await asyncio.gather(*steps))) == 1
    later = replace(update, at=update.at + HOUR)
    for wanted, found in ((update, 1), (later, 0)):
        updates = rig.page.find_maintenance_updates(posted.remote_id, wanted, EPOCH)
        assert len(await updates) == found
    assert len((await rig.page.maintenance(posted.remote_id)).updates) == 2


async def test_a_maintenance_that_ends_before_it_starts_is_refused(rig: LocalRig) -> None:
    draft = maintenance_draft()
    with pytest.raises(Rejected, match="end after it starts"):
        await rig.page.schedule_maintenance(replace(draft, ends=draft.starts), "key")


async def test_a_maintenance_is_not_written_once_the_turn_is_over(rig: LocalRig) -> None:
    with the_turn_ends(time.monotonic()), pytest.raises(Unavailable):
        await rig.page.schedule_maintenance(maintenance_draft(), "key")
    assert await rig.page.find_maintenances(maintenance_draft(), EPOCH) == ()


async def test_a_deleted_incident_is_gone(rig: LocalRig) -> None:
    posted = await rig.page.create_incident(incident_draft(), "key", {})
    await rig.page.delete_incident(posted.remote_id)
    with pytest.raises(Gone):
        await rig.page.incident(posted.remote_id)
    with pytest.raises(Gone):
        await rig.page.rename_incident(posted.remote_id, "Another name")


async def test_a_database_that_does_not_answer_means_again_later(rig: LocalRig) -> None:
    await rig.store.write(lambda tx: tx.exec_driver_sql("DROP TABLE site_updates"))
    with pytest.raises(Unavailable, match="database did not answer"):
        await rig.page.open_incidents()
