"""What readers know things of the page by: the database's own, whatever address it has."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
from icalendar import Calendar
from sqlalchemy import text

from bot.statuspage.model.site import Site
from bot.statuspage.model.site_state import compute_state
from bot.statuspage.records import queries
from bot.statuspage.records.identity import keep_identity
from bot.statuspage.served.catalogue import catalogue
from bot.store import Database
from bot.store.opening import open_migrated
from tests.statuspage.records.writing import DEGRADED, NOW, component, opened, planned

pytestmark = pytest.mark.anyio

HERE, THERE = "https://status.example.com", "https://elsewhere.example.org/status"
ATOM = "{http://www.w3.org/2005/Atom}"


async def at(store: Database, url: str) -> Site:
    """The page as it is served at an address, after a start there."""
    await store.write(keep_identity, url)
    return await store.read(queries.load_site, NOW, url)


def ids(site: Site) -> set[str]:
    """Everything by which readers know the page, its posts and its maintenances."""
    state = compute_state(site, NOW)
    atom, rss, calendar, summary = (
        catalogue(state)[path].make(state)
        for path in ("/feed.atom", "/feed.rss", "/calendar.ics", "/api/v2/summary.json")
    )
    feed = ET.fromstring(atom)  # noqa: S314 -- our own
    found = {each.text or "" for each in feed.iter(f"{ATOM}id")}
    assert len(found) == 3
    guids = {each.text for each in ET.fromstring(rss).iter("guid")}  # noqa: S314 -- our own
    assert guids < found
    answer = json.loads(summary)
    assert {each["page_id"] for each in answer["incidents"]} == {answer["page"]["id"]}
    [event] = Calendar.from_ical(calendar).walk("VEVENT")
    return {*found, str(event["UID"]), answer["page"]["id"]}


async def written(store: Database) -> None:
    api = await component(store, "API")
    await opened(store, {api: DEGRADED})
    await planned(store, (api,))


async def test_a_page_that_moves_keeps_its_ids_and_its_links_follow(store: Database) -> None:
    await written(store)
    before, after = await at(store, HERE), await at(store, THERE)
    assert ids(before) == ids(after)
    feed = catalogue(state := compute_state(after, NOW))["/feed.atom"].make(state).decode()
    assert HERE not in feed
    assert f'href="{THERE}/incident/' in feed


async def test_a_page_has_its_ids_before_it_has_anything_else(store: Database) -> None:
    before = (await at(store, HERE)).uid
    await written(store)
    assert (await at(store, THERE)).uid == before


async def test_two_pages_at_one_address_have_ids_of_their_own(
    new_database: Callable[[], str],
) -> None:
    found = []
    for _ in range(2):
        async with open_migrated(new_database()) as store:
            await written(store)
            found.append(ids(await at(store, "http://127.0.0.1:3000")))
    assert not found[0] & found[1]


async def test_a_page_of_an_earlier_foghorn_keeps_the_ids_that_its_readers_know(
    new_database: Callable[[], str],
) -> None:
    earlier = text("INSERT INTO site_page (id, name, revision) VALUES (1, 'Acme', 0)")
    async with open_migrated(new_database()) as store:
        await store.write(lambda tx: tx.execute(earlier))
        await written(store)
        known = ids(await store.read(queries.load_site, NOW, HERE))
        assert "tag:status.example.com,2026:updates" in known
        assert ids(await at(store, HERE)) == ids(await at(store, THERE)) == known
