"""The bot with the page that it serves itself, and no vendor at all."""

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
from bot.statuspage.model.site import IncidentRecord, Site
from bot.statuspage.model.site_state import compute_state
from bot.statuspage.records import queries
from tests.databases import new_file
from tests.fakes.vendor import wall_clock
from tests.whole.rig import Rig, whole_bot

pytestmark = pytest.mark.anyio

MAJOR, PARTIAL = ComponentStatus.MAJOR_OUTAGE, ComponentStatus.PARTIAL_OUTAGE
URL = "https://status.acme.example"
PAGE = """
[page]
name = "Acme"
components = ["Mail"]
[[page.groups]]
name = "Core"
components = ["API", { name = "Web", description = "The shop" }]
"""


@pytest.fixture
async def rig(transport: str, tmp_path: Path) -> AsyncIterator[Rig]:
    variables = {"FOGHORN_PUBLIC_URL": URL}
    async with whole_bot(
        [], tmp_path, transport=transport, settings=PAGE, variables=variables
    ) as running:
        yield running


async def site(rig: Rig) -> Site:
    return await rig.app.resources.database.read(queries.load_site, wall_clock(), URL)


async def only(rig: Rig) -> tuple[IncidentRecord, dict[str, ComponentStatus]]:
    """The one incident of the page, and how its components do."""
    loaded = await site(rig)
    [incident] = loaded.incidents
    statuses = compute_state(loaded, wall_clock()).statuses
    return incident, {each.name: statuses[each.id] for each in loaded.components}


def said(incident: IncidentRecord) -> Sequence[str]:
    return [update.message for update in incident.updates]


async def test_an_incident_goes_to_our_own_page_and_back(rig: Rig) -> None:
    await rig.report("Checkout is down", "Cards fail.", "API · Core", status="Major outage")
    [receipt] = await rig.receipts(1)
    incident, statuses = await only(rig)
    assert (incident.status, said(incident)) == (IncidentStatus.INVESTIGATING, ["Cards fail."])
    assert statuses == {"API": MAJOR, "Web": ComponentStatus.OPERATIONAL, "Mail": statuses["Web"]}
    assert "read back from the page" in receipt.shown
    assert f"{URL}/incident/{incident.id}" in json.dumps(receipt.blocks)
    await rig.post("Update", "A fix is live.", Status="Monitoring")
    await rig.receipts(2)
    await rig.post("Resolve", "Fixed.")
    await rig.receipts(3)
    incident, statuses = await only(rig)
    assert said(incident) == ["Cards fail.", "A fix is live.", "Fixed."]
    assert incident.resolved
    assert set(statuses.values()) == {ComponentStatus.OPERATIONAL}
    [interval] = (await site(rig)).intervals
    assert (interval.start, interval.end) == (incident.started, incident.resolved)
    assert rig.refused() == []


async def test_a_page_without_subscribers_is_never_said_to_tell_them(rig: Rig) -> None:
    truth = "in the feeds; this page has no subscribers"
    form = await rig.form()
    assert truth in json.dumps(form.open_view.body)
    assert "hear of it" not in json.dumps(form.open_view.body)
    await form.close(everything=True)
    await rig.report("Checkout is down", "Cards fail.")
    await rig.receipts(1)
    await rig.post("Update", "A fix is live.", Status="Monitoring")
    for receipt in await rig.receipts(2):
        assert truth in receipt.shown
        assert "notified" not in receipt.shown


async def test_a_page_that_moves_keeps_its_ids(tmp_path: Path) -> None:
    database, found = new_file(tmp_path / "page.db"), []
    for url in (URL, "https://moved.example.org"):
        variables = {"FOGHORN_PUBLIC_URL": url}
        async with whole_bot(
            [], tmp_path, database=database, settings=PAGE, variables=variables
        ) as rig:
            found.append(
                await rig.app.resources.database.read(queries.load_site, wall_clock(), url)
            )
    assert found[0].uid == found[1].uid
    assert found[0].authority == found[1].authority


async def test_of_two_incidents_the_worse_shows_until_it_is_resolved(rig: Rig) -> None:
    await rig.report("First", "One.", "API · Core", status="Partial outage")
    await rig.receipts(1)
    await rig.report("Second", "Two.", "API · Core", status="Major outage")
    await rig.slack.until(lambda: len(rig.parents()) == 2, what="the second parent")
    await rig.receipts(1)
    await rig.post("Resolve", "Fixed.")
    await rig.receipts(2)
    loaded = await site(rig)
    [api] = [each.id for each in loaded.components if each.name == "API"]
    assert compute_state(loaded, wall_clock()).statuses[api] is PARTIAL
