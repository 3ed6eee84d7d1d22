import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise

import pytest
from icalendar import Calendar, Event

from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.statuspage.model.site import MaintenanceRecord, Site, UpdateRecord
from bot.statuspage.model.site_state import compute_state
from bot.statuspage.served.calendar import calendar
from bot.statuspage.served.feeds import atom, rss
from tests.statuspage.sites import NOW, SINCE, URL, at, incident, maintenance, outage, quiet, site

ATOM = "{http://www.w3.org/2005/Atom}"


def read(feed: bytes) -> ET.Element:
    return ET.fromstring(feed)  # noqa: S314 -- our own


def events(of: Site) -> list[Event]:
    parsed = Calendar.from_ical(calendar(compute_state(of, NOW)))
    return [event for event in parsed.walk("VEVENT") if isinstance(event, Event)]


def test_every_update_is_an_entry_of_its_own_and_the_newest_comes_first() -> None:
    entries = read(atom(compute_state(outage(), NOW))).findall(f"{ATOM}entry")
    assert len(entries) == len({entry.findtext(f"{ATOM}id") for entry in entries}) == 50
    published = [entry.findtext(f"{ATOM}published", "") for entry in entries]
    assert all(one >= two for one, two in pairwise(published))
    assert entries[0].findtext(f"{ATOM}title") == "[Monitoring] Payments and checkout fail"


def test_both_feeds_say_the_same() -> None:
    state = compute_state(outage(), NOW)
    entries, items = (
        read(atom(state)).findall(f"{ATOM}entry"),
        list(read(rss(state)).iter("item")),
    )
    for entry, item in zip(entries, items, strict=True):
        assert entry.findtext(f"{ATOM}id") == item.findtext("guid")
        assert entry.findtext(f"{ATOM}title") == item.findtext("title")
        assert entry.findtext(f"{ATOM}content") == item.findtext("description")
        assert parsedate_to_datetime(item.findtext("pubDate", "")).tzinfo
        assert item.findtext("link", "").startswith(URL)


def test_an_edit_leaves_the_entry_its_id() -> None:
    [before] = incident().updates
    edited = replace(before, message="Otherwise.", edited_at=NOW)
    ids, changed = [], []
    for update in (before, edited):
        feed = read(atom(compute_state(site(incidents=(incident(updates=(update,)),)), NOW)))
        ids.append(feed.findtext(f"{ATOM}entry/{ATOM}id"))
        changed.append(feed.findtext(f"{ATOM}entry/{ATOM}updated"))
    assert ids[0] == ids[1]
    assert changed[0] != changed[1]


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read(atom(compute_state(site(), NOW))).findtext(f"{ATOM}updated")
    assert read(rss(compute_state(site(), NOW))).find("channel/item") is None


def test_the_calendar_reads_as_one() -> None:
    text = calendar(compute_state(quiet(), NOW))
    assert text.count(b"\n") == text.count(b"\r\n")
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    parsed = Calendar.from_ical(text)
    assert (parsed["METHOD"], parsed["X-WR-CALNAME"]) == ("PUBLISH", "Acme maintenance")
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in text
    assert b"X-PUBLISHED-TTL:PT1H\r\n" in text
    assert b"DTSTART:20261201T020000Z\r\n" in text
    [event] = events(quiet())
    assert event["UID"] == "m7@status.acme.example"
    assert event["URL"] == f"{URL}/maintenance/m7"


def test_the_sequence_grows_when_a_window_moves_and_when_it_is_cancelled() -> None:
    first = maintenance()
    moved = replace(first, starts=first.starts + timedelta(hours=1), revision=1)
    cancelled = replace(moved, status=MaintenanceStatus.CANCELLED)
    found = [events(site(maintenances=(one,)))[0] for one in (first, moved, cancelled)]
    assert [event["SEQUENCE"] for event in found] == [0, 1, 2]
    assert len({event["UID"] for event in found}) == 1
    assert [event["STATUS"] for event in found] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


RUNNING, OVER = MaintenanceStatus.IN_PROGRESS, MaintenanceStatus.COMPLETED
BY_HAND = {"auto_start": False, "auto_end": False}
TEN, ELEVEN, HALF_PAST = (at(f"2026-11-20 {time}") for time in ("10:00", "11:00", "10:30"))
EARLY, LATE = at("2026-11-20 09:20"), at("2026-11-20 11:45")


@pytest.mark.parametrize(
    ("work", "start", "end", "sequence"),
    [
        (maintenance(), TEN, ELEVEN, 0),
        (maintenance(**BY_HAND, status=RUNNING, started=EARLY), EARLY, ELEVEN, 1),
        (maintenance(**BY_HAND, status=RUNNING, started=HALF_PAST), HALF_PAST, ELEVEN, 1),
        (maintenance(**BY_HAND, status=RUNNING, started=LATE), LATE, None, 1),
        (maintenance(status=OVER, started=TEN, finished=HALF_PAST), TEN, HALF_PAST, 1),
        (maintenance(**BY_HAND, status=OVER, started=EARLY, finished=LATE), EARLY, LATE, 2),
        (maintenance(status=OVER, started=TEN, finished=ELEVEN), TEN, ELEVEN, 0),
    ],
)
def test_the_calendar_tells_when_a_maintenance_really_was(
    work: MaintenanceRecord, start: datetime, end: datetime | None, sequence: int
) -> None:
    [event] = events(site(maintenances=(work,)))
    assert event.decoded("DTSTART") == start
    assert event.decoded("DTEND", None) == end
    assert event["SEQUENCE"] == sequence


@pytest.mark.parametrize(("days", "many"), [(90, 1), (92, 0)])
def test_the_calendar_forgets_after_ninety_days(days: int, many: int) -> None:
    ends = NOW - timedelta(days=days)
    old = maintenance(starts=ends - timedelta(hours=1), ends=ends)
    assert len(events(site(maintenances=(old,)))) == many


@pytest.mark.parametrize(
    "of",
    [
        site(),
        site(maintenances=(maintenance(starts=SINCE, ends=SINCE + timedelta(hours=1)),)),
    ],
    ids=["never any", "all long ago"],
)
def test_a_calendar_without_maintenance_has_the_component_that_one_must_have(of: Site) -> None:
    parsed = Calendar.from_ical(calendar(compute_state(of, NOW)))
    [zone] = parsed.subcomponents
    assert (zone.name, zone["TZID"]) == ("VTIMEZONE", "Etc/UTC")
    assert [part.name for part in zone.subcomponents] == ["STANDARD"]


def test_what_xml_cannot_say_is_left_out() -> None:
    update = UpdateRecord("u", IncidentStatus.IDENTIFIED, "a\x00b\x1bc", at("2026-11-20 09:00"))
    feed = atom(compute_state(site(incidents=(incident(updates=(update,), name="x\x08y"),)), NOW))
    assert read(feed).findtext(f"{ATOM}entry/{ATOM}title") == "[Identified] xy"
