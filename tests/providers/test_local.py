"""What is peculiar to the page that Foghorn serves itself."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
from bot.errors import Gone, Rejected, Unavailable
from bot.statuspage import components, maintenances, records
from bot.statuspage.maintenances import Plan
from tests.fakes.vendor import wall_clock
from tests.providers.rigs import EPOCH, LocalRig, incident_draft, local, the_turn_ends, update_draft

pytestmark = pytest.mark.anyio

MAJOR = ComponentStatus.MAJOR_OUTAGE
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
    incident = await rig.page.incident(posted.incident_id)
    assert incident.url == f"https://status.example.com/incidents/{incident.id}"


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
    plan = Plan("New disks", "Planned.", starts, starts + 2 * HOUR, (api,), notify=False)
    await rig.store.write(maintenances.schedule_maintenance, plan, None, starts)
    assert bool(await rig.page.holds()) is held


async def test_what_is_too_long_is_refused(rig: LocalRig) -> None:
    posted = await rig.page.create_incident(incident_draft(), "key", {})
    incident, long = posted.incident_id, "x" * 20_001
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
    assert [each.id for each in await rig.page.find_incidents(draft, EPOCH)] == [posted.incident_id]


async def test_a_write_whose_turn_is_over_does_nothing(rig: LocalRig) -> None:
    with the_turn_ends(time.monotonic()), pytest.raises(Unavailable):
        await rig.page.create_incident(incident_draft(), "key", {})
    assert await rig.page.open_incidents() == ()


async def test_many_tries_with_one_key_at_once_make_one_incident(rig: LocalRig) -> None:
    draft = incident_draft()
    tries = [rig.page.create_incident(draft, "key", {}) for _ in range(8)]
    assert len(set(await asyncio.gather(*tries))) == 1
    assert await rig.store.read(records.revision) == 1


async def test_the_same_update_twice_is_one(rig: LocalRig) -> None:
    posted = await rig.page.create_incident(incident_draft(), "key", {})
    draft = update_draft(IncidentStatus.IDENTIFIED)
    first = await rig.page.post_update(posted.incident_id, draft, {})
    assert await rig.page.post_update(posted.incident_id, draft, {}) == first
    assert len((await rig.page.incident(posted.incident_id)).updates) == 2


async def test_a_deleted_incident_is_gone(rig: LocalRig) -> None:
    posted = await rig.page.create_incident(incident_draft(), "key", {})
    await rig.page.delete_incident(posted.incident_id)
    with pytest.raises(Gone):
        await rig.page.incident(posted.incident_id)
    with pytest.raises(Gone):
        await rig.page.rename_incident(posted.incident_id, "Another name")


async def test_a_database_that_does_not_answer_means_again_later(rig: LocalRig) -> None:
    await rig.store.write(lambda tx: tx.exec_driver_sql("DROP TABLE site_updates"))
    with pytest.raises(Unavailable, match="database did not answer"):
        await rig.page.open_incidents()
