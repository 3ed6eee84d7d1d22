"""What leaves at once for one page: its components end up as all of it together makes them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
from tests.databases import new_schema
from tests.fakes.instatus import InstatusFake
from tests.whole.rig import Rig, staged

pytestmark = pytest.mark.anyio

OPEN, RESOLVED = IncidentStatus.INVESTIGATING, IncidentStatus.RESOLVED
MAJOR, OPERATIONAL = ComponentStatus.MAJOR_OUTAGE, ComponentStatus.OPERATIONAL


@pytest.fixture(
    params=[
        (1, "sqlite"),
        (2, "sqlite"),
        pytest.param((2, "postgres"), marks=pytest.mark.postgres),
    ],
    ids=["one process", "two on SQLite", "two on PostgreSQL"],
)
async def rig(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_url: str
) -> AsyncIterator[Rig]:
    """So many bots on one database, with one page where a component has one status for all."""
    bots, database = request.param
    async with AsyncExitStack() as stack:
        vendor = await stack.enter_async_context(InstatusFake())
        vendor.add_component(vendor.page_id, "API")
        address = stack.enter_context(new_schema(postgres_url)) if database == "postgres" else ""
        around = staged([vendor], tmp_path, database=address, timing={"lease": "60m"})
        stage = await stack.enter_async_context(around)
        running = [await stack.enter_async_context(stage.running()) for _ in range(bots)]
        yield running[-1]


async def all_leaves(rig: Rig, **ends: IncidentStatus) -> ComponentStatus:
    """Bring the page back; return what the component shows once nothing is owed any more."""
    await rig.vendor.accept()
    rig.vendor.slow(0.05)
    rig.skip(60)  # so that all of it is due
    await shows(rig, **ends)
    return component(rig)


async def shows(rig: Rig, **ends: IncidentStatus) -> None:
    """Wait until the page shows incidents with these statuses, and nothing is owed any more."""

    def there() -> bool:
        return {seen.name: seen.status for seen in rig.vendor.incidents()} == ends

    await rig.soon(there, f"{ends} on the page")
    await rig.all_done()


def component(rig: Rig) -> ComponentStatus:
    [status] = rig.named("First")[0].components.values()
    return status


@pytest.mark.parametrize("order", ["resolve first", "report first"])
async def test_an_incident_keeps_its_component_down_while_another_is_resolved(
    rig: Rig, order: str
) -> None:
    await rig.report("First", "We look.", "API", status="Partial outage")
    await rig.receipts(1)
    await rig.all_done()
    [parent] = rig.parents()
    await rig.vendor.refuse_connections()
    if order == "resolve first":
        await rig.post("Resolve", "It works.", parent=parent)
    await rig.report("Second", "Broken again.", "API", status="Major outage")
    if order == "report first":
        await rig.post("Resolve", "It works.", parent=parent)
    assert await all_leaves(rig, First=RESOLVED, Second=OPEN) is MAJOR
    receipts = [reply.shown for each in rig.parents() for reply in rig.replies(each)]
    assert len(receipts) == 3
    assert [shown for shown in receipts if "differs" in shown] == []
    await rig.post("Resolve", "Now it works.")
    await shows(rig, First=RESOLVED, Second=RESOLVED)
    assert component(rig) is OPERATIONAL
    assert rig.vendor.refusals == []


async def test_incidents_that_are_resolved_at_once_leave_their_component_well(rig: Rig) -> None:
    await rig.report("First", "We look.", "API", status="Partial outage")
    await rig.report("Second", "Broken too.", "API", status="Major outage")
    await rig.all_done()
    await rig.vendor.refuse_connections()
    for parent in rig.parents():
        await rig.post("Resolve", "It works.", parent=parent)
    assert await all_leaves(rig, First=RESOLVED, Second=RESOLVED) is OPERATIONAL
