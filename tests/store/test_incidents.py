import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.incidents import Incident, IncidentStatus
from bot.domain.pages import ComponentStatus, Hold
from bot.domain.subjects import PublicationState
from bot.store import Database, Tx, incidents, subjects
from tests.store.samples import MAJOR, NOW, incident, publication

pytestmark = pytest.mark.anyio

LIVE, REFUSED = PublicationState.LIVE, PublicationState.REFUSED


async def test_an_incident_is_given_back_whole(store: Database) -> None:
    pages = (
        publication(1, page_name="B", remote_id="r1", url="https://b.example", state=LIVE),
        publication(2, "incidentio:p2", page_name="A", impacts={}),
    )
    kept = incident(
        name="<!channel> & “Zoë” 🔥",
        thread_ts="1700000000.000100",
        updated_at=NOW,
        due_at=NOW + timedelta(minutes=15),
        publications=pages,
    )
    await store.write(incidents.add, kept)
    by_page_name = replace(kept, publications=(pages[1], pages[0]))
    assert await store.read(incidents.get, "inc1") == by_page_name
    assert await store.write(incidents.lock, "inc1") == by_page_name
    assert await store.read(incidents.get, "inc2") is None
    assert await store.write(incidents.lock, "inc2") is None


async def test_one_incident_and_one_publication_change_alone(store: Database) -> None:
    pages = (publication(1), publication(2, "incidentio:p2"))
    await store.write(incidents.add, incident(publications=pages))
    await store.write(incidents.add, incident(2, publications=()))
    await store.write(lambda tx: subjects.change(tx, "inc1", status="monitoring", updated_at=NOW))
    live = publication(remote_id="r1", state=LIVE, url="https://x.example", impacts={})
    await store.write(subjects.save_publication, live)
    changed = incident(
        status=IncidentStatus.MONITORING, updated_at=NOW, publications=(live, pages[1])
    )
    assert await store.read(incidents.get, "inc1") == changed
    assert await store.read(incidents.get, "inc2") == incident(2, publications=())
    assert await store.read(subjects.publication, "pub1") == live
    assert await store.read(subjects.publication, "pub3") is None


async def several(store: Database) -> None:
    def of(number: int, name: str, **more: object) -> Incident:
        pages = (publication(number, subject_id=f"inc{number}"),)
        values = {"name": name, "publications": pages} | more
        return incident(number, started_at=NOW + timedelta(hours=number), **values)

    refused = (publication(4, subject_id="inc4", state=REFUSED),)
    for one in (
        of(1, "Checkout is SLOW"),
        of(2, "Zahlungen in ÖSTERREICH"),
        of(3, "Checkout was down", status=IncidentStatus.RESOLVED),
        of(4, "Checkout refused", publications=refused),
        of(5, "50% of checkout_2 fails"),
    ):
        await store.write(incidents.add, one)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["inc5", "inc2", "inc1"]),
        ("checkout", ["inc5", "inc1"]),
        ("slow CHECKOUT", ["inc1"]),
        ("österreich", ["inc2"]),
        ("%", ["inc5"]),
        ("_", ["inc5"]),
        ("down", []),
    ],
)
async def test_open_incidents_are_found_by_words_newest_first(
    store: Database, words: str, found: list[str]
) -> None:
    await several(store)
    opened = await store.read(incidents.open_incidents, words)
    assert [each.id for each in opened] == found


async def test_the_pages_ids_of_ours_are_known(store: Database) -> None:
    ours = (
        publication(1, remote_id="r1"),
        publication(2, "instatus:p2", remote_id="r2"),
        publication(3),
    )
    await store.write(incidents.add, incident(publications=ours))
    assert await store.read(subjects.bound_ids, "instatus:p1") == {"r1"}


async def test_a_start_that_is_taken_is_known(store: Database) -> None:
    start, step = NOW.replace(microsecond=123000), timedelta(milliseconds=1)
    await store.write(incidents.add, incident(started_at=start))
    assert await store.read(incidents.starts_between, start, start + step) == {start}
    assert await store.read(incidents.starts_between, start + step, start + 2 * step) == frozenset()


async def test_open_incidents_of_ours_hold_their_components(store: Database) -> None:
    both = {"c1": MAJOR, "c2": ComponentStatus.OPERATIONAL}
    for number, status in ((1, IncidentStatus.MONITORING), (2, IncidentStatus.RESOLVED)):
        page = publication(number, subject_id=f"inc{number}", remote_id=f"r{number}", impacts=both)
        await store.write(incidents.add, incident(number, status=status, publications=(page,)))
    assert await store.read(subjects.our_holds, "instatus:p1") == {
        "r1": (
            Hold("r1", "Checkout is down", "c1", MAJOR),
            Hold("r1", "Checkout is down", "c2", ComponentStatus.OPERATIONAL),
        )
    }


async def test_a_locked_incident_is_changed_by_one_after_the_other(store: Database) -> None:
    await store.write(incidents.add, incident(message=""))

    def write_on(tx: Tx, word: str) -> None:
        locked = incidents.lock(tx, "inc1")
        assert locked
        subjects.change(tx, "inc1", message=locked.message + word)

    await asyncio.gather(*(store.write(write_on, letter) for letter in "abcdefgh"))
    after = await store.read(incidents.get, "inc1")
    assert after
    assert sorted(after.message) == list("abcdefgh")
