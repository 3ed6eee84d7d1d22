"""How incidents and maintenances are told, on the front page, in the history and on their own."""

from collections.abc import Iterator
from datetime import datetime
from xml.etree.ElementTree import Element

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.domain.pages import ComponentStatus
from bot.statuspage.model.site import IncidentRecord, Site, UpdateRecord
from tests.statuspage.served.parsed_pages import SVG, XHTML, front, pages, tree, words
from tests.statuspage.sites import (
    DEGRADED,
    MAJOR,
    OPERATIONAL,
    PARTIAL,
    at,
    component_record,
    incident,
    maintenance,
    site,
)

Statuses = dict[str, ComponentStatus]


def marks(element: Element | None) -> list[str]:
    """Return the letters of the icons within an element."""
    assert element is not None
    return [use.get("href", "") for use in element.iter(SVG + "use")]


def entries(of: Site, path: str) -> Iterator[Element]:
    """Yield the lines of the lists of what was."""
    for line in tree(pages(of)[path]).iter(XHTML + "li"):
        if line.get("class") == "entry":
            yield line


def story(*steps: Statuses) -> IncidentRecord:
    """Return an incident whose updates said `steps`; the last one resolves it when it is empty."""
    kinds = [IncidentStatus.INVESTIGATING if step else IncidentStatus.RESOLVED for step in steps]
    updates = tuple(
        UpdateRecord(f"u{n}", kind, "Sorry.", at(f"2026-11-20 09:1{n}"), step)
        for n, (kind, step) in enumerate(zip(kinds, steps, strict=True))
    )
    now = {id_: status for step in steps for id_, status in step.items() if steps[-1]}
    over = None if steps[-1] else updates[-1].at
    return incident(status=kinds[-1], updates=updates, impacts=now, resolved=over)


def rows(page: Element) -> dict[str, str]:
    """Return the components that a page lists, each with its state in words."""
    found = (row for row in page.iter(XHTML + "div") if row.get("class") == "row")
    return {words(row[0]): words(row[1]) for row in found}


def test_an_open_incident_without_a_component_never_looks_green() -> None:
    of = site(incidents=(incident(updates=(), impacts={}),))
    page = front(of)
    assert words(page.find(f".//{XHTML}h1")) == "Incident in progress"
    assert "1 component, none named as affected." in words(page)
    assert marks(page.find(f".//{XHTML}article")) == ["#d"]
    assert marks(tree(pages(of)["/incident/i1"])) == ["#d"]
    [line] = entries(of, "/history")
    assert marks(line) == ["#d"]
    assert "Degraded" not in words(line)


CANCELLED, COMPLETED = MaintenanceStatus.CANCELLED, MaintenanceStatus.COMPLETED
IN_PROGRESS = MaintenanceStatus.IN_PROGRESS
FUTURE = {"starts": at("2027-03-28 01:30"), "ends": at("2027-03-28 02:30")}
CALLED_OFF = "planned for 28 Mar 2027, 01:30 to 02:30 UTC · 1 h · called off 20 Nov 2026, 09:30 UTC"


@pytest.mark.parametrize("auto", [True, False])
def test_work_called_off_ahead_strikes_its_window_and_says_when(*, auto: bool) -> None:
    off = maintenance(
        status=CANCELLED, finished=at("2026-11-20 09:30"), auto_start=auto, auto_end=auto, **FUTURE
    )
    of = site(maintenances=(off,))
    for path in ("/", "/history", "/history/2026-11"):
        [line] = entries(of, path)
        assert f"Maintenance cancelled · {CALLED_OFF}" in words(line)
        assert words(line.find(f".//{XHTML}s")) == "28 Mar 2027, 01:30 to 02:30 UTC · 1 h"
    assert f"Cancelled · {CALLED_OFF}" in words(tree(pages(of)["/maintenance/m1"]))


def test_work_called_off_while_it_ran_is_told_as_it_was() -> None:
    began, ended = at("2026-11-20 09:00"), at("2026-11-20 09:30")
    off = maintenance(status=CANCELLED, starts=began, started=began, finished=ended)
    [line] = entries(site(maintenances=(off,)), "/")
    said = "Maintenance cancelled · 20 Nov 2026, 09:00 to 09:30 UTC · 30 min"
    assert said in words(line)
    assert not list(line.iter(XHTML + "s"))


@pytest.mark.parametrize(
    "began", [at("2026-11-20 09:00"), at("2026-11-20 09:30")], ids=["early", "late"]
)
def test_running_work_tells_when_it_began_and_its_planned_end(began: datetime) -> None:
    starts, ends = at("2026-11-20 09:15"), at("2026-12-09 11:00")
    runs = maintenance(status=IN_PROGRESS, starts=starts, ends=ends, started=began)
    found = pages(site(maintenances=(runs,)))
    told = f"began 20 Nov 2026, {began:%H:%M} UTC · planned to end 9 Dec 2026, 11:00 UTC"
    for path in ("/", "/maintenance/m1"):
        assert f"In progress · {told}" in words(tree(found[path]))
    assert f"Maintenance in progress · {told}" in words(tree(found["/history"]))


def test_work_that_began_by_itself_tells_so_too() -> None:
    runs = maintenance(starts=at("2026-11-20 09:00"))
    told = "In progress · began 20 Nov 2026, 09:00 UTC · planned to end 20 Nov 2026, 11:00 UTC"
    assert told in words(front(site(maintenances=(runs,))))


@pytest.mark.parametrize(
    ("began", "told"),
    [
        (at("2026-11-20 08:00"), "20 Nov 2026, 08:00 to 08:20 UTC · 20 min"),
        (
            None,
            "planned for 20 Nov 2026, 10:00 to 11:00 UTC · 1 h · ended 20 Nov 2026, 08:20 UTC",
        ),
    ],
)
def test_work_that_ended_early_tells_what_really_was(began: datetime | None, told: str) -> None:
    done = maintenance(status=COMPLETED, started=began, finished=at("2026-11-20 08:20"))
    found = pages(site(maintenances=(done,)))
    assert f"Completed · {told}" in words(tree(found["/maintenance/m1"]))
    for path in ("/", "/history"):
        assert f"Maintenance completed · {told}" in words(tree(found[path]))


SHOP = (
    component_record("API", position=1),
    component_record("Web", position=2),
    component_record("Mail", position=3),
)


def test_a_resolved_incident_names_what_was_affected_and_how_badly_at_worst() -> None:
    over = story({"api": PARTIAL, "web": DEGRADED}, {"api": MAJOR}, {"api": DEGRADED}, {})
    page = tree(pages(site(*SHOP, incidents=(over,)))["/incident/i1"])
    assert "What was affected, at its worst" in words(page)
    assert rows(page) == {"API": "Major outage", "Web": "Degraded performance"}


def test_an_open_incident_names_only_what_it_affects_now() -> None:
    of = site(*SHOP, incidents=(story({"api": MAJOR, "web": MAJOR}, {"web": OPERATIONAL}),))
    page = tree(pages(of)["/incident/i1"])
    assert "What is affected" in words(page)
    assert rows(page) == {"API": "Major outage"}
    card = next(front(of).iter(XHTML + "article"))
    [chips] = (one for one in card.iter(XHTML + "div") if one.get("class") == "chips")
    assert words(chips) == "Affects API"


def test_an_incident_that_affects_nothing_any_more_names_nothing() -> None:
    of = site(*SHOP, incidents=(story({"api": MAJOR}, {"api": OPERATIONAL}),))
    assert "affected" not in words(tree(pages(of)["/incident/i1"]))
    assert "Affects" not in words(front(of))


def test_a_line_tells_the_worst_of_each_component() -> None:
    over = story({"api": PARTIAL, "web": MAJOR, "mail": PARTIAL}, {"web": PARTIAL}, {})
    of = site(*SHOP, incidents=(over,))
    for path in ("/", "/history"):
        [line] = entries(of, path)
        assert words(line).endswith("Major outage: Web · Partial outage: API, Mail")
        assert marks(line) == ["#x"]


def test_a_line_of_a_maintenance_names_its_components() -> None:
    runs = maintenance(status=IN_PROGRESS, component_ids=("web", "api"))
    [line] = entries(site(*SHOP, maintenances=(runs,)), "/history")
    assert words(line).endswith("API, Web")


def test_the_worst_open_incident_comes_first_and_of_equals_the_newest() -> None:
    def open_one(id_: str, hour: int, impacts: Statuses) -> IncidentRecord:
        return incident(id=id_, name=id_, started=at(f"2026-11-20 0{hour}:00"), impacts=impacts)

    unnamed, mild = open_one("unnamed", 9, {}), open_one("mild", 8, {"api": DEGRADED})
    newer, older = open_one("newer", 7, {"api": MAJOR}), open_one("older", 6, {"api": MAJOR})
    partly, calm = (
        open_one("partly", 5, {"api": PARTIAL}),
        open_one("calm", 4, {"api": OPERATIONAL}),
    )
    page = front(site(incidents=(unnamed, mild, newer, older, partly, calm)))
    [section] = (one for one in page.iter(XHTML + "section") if one.get("class") == "open")
    names = [words(one) for one in section.iter(XHTML + "h3")]
    assert names == ["newer", "older", "partly", "unnamed", "mild", "calm"]
