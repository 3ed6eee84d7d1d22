from dataclasses import replace

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.domain.pages import ComponentStatus
from bot.statuspage.model.overall_status import overall_status
from bot.statuspage.model.site import MaintenanceRecord
from bot.statuspage.model.site_state import compute_state, phase
from bot.statuspage.served.badge import badge
from bot.statuspage.served.html import STATUS_COLOURS
from tests.statuspage.sites import (
    DEGRADED,
    MAJOR,
    NOW,
    OPERATIONAL,
    PARTIAL,
    UNDER_MAINTENANCE,
    at,
    component_record,
    incident,
    maintenance,
    site,
)

BEFORE, START, WITHIN, END = map(
    at, ("2026-11-20 09:59", "2026-11-20 10:00", "2026-11-20 10:59", "2026-11-20 11:00")
)
SCHEDULED, RUNNING, DONE, CANCELLED = (
    MaintenanceStatus.SCHEDULED,
    MaintenanceStatus.IN_PROGRESS,
    MaintenanceStatus.COMPLETED,
    MaintenanceStatus.CANCELLED,
)


@pytest.mark.parametrize(
    ("now", "expected"),
    [(BEFORE, SCHEDULED), (START, RUNNING), (WITHIN, RUNNING), (END, DONE)],
)
def test_a_window_opens_and_closes_by_itself(now: object, expected: MaintenanceStatus) -> None:
    assert phase(maintenance(), now) is expected  # type: ignore[arg-type]


def test_a_window_waits_for_a_hand_where_it_is_so_set() -> None:
    by_hand = maintenance(auto_start=False, auto_end=False)
    assert phase(by_hand, WITHIN) is SCHEDULED
    assert phase(replace(by_hand, status=RUNNING), END) is RUNNING


@pytest.mark.parametrize("status", [DONE, CANCELLED])
def test_what_is_over_stays_over(status: MaintenanceStatus) -> None:
    assert phase(maintenance(status=status), WITHIN) is status


def test_an_outage_beats_a_maintenance_and_that_beats_nothing() -> None:
    both = site(maintenances=(maintenance(),), incidents=(incident(),))
    assert compute_state(both, START).statuses["api"] is PARTIAL
    assert compute_state(replace(both, incidents=()), START).statuses["api"] is UNDER_MAINTENANCE
    assert compute_state(replace(both, incidents=()), END).statuses["api"] is OPERATIONAL


def test_two_incidents_leave_the_worse_status_and_then_the_milder() -> None:
    worse = incident(id="i2", impacts={"api": MAJOR})
    both = site(incidents=(worse, incident(impacts={"api": DEGRADED})))
    assert compute_state(both, NOW).statuses["api"] is MAJOR
    over = replace(worse, status=IncidentStatus.RESOLVED)
    assert compute_state(replace(both, incidents=(over, *both.incidents[1:])), NOW).statuses[
        "api"
    ] == (DEGRADED)


GOOD, SLOW = "All systems operational", "Degraded performance"


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        ([OPERATIONAL, OPERATIONAL], ("none", "All Systems Operational", GOOD)),
        (
            [UNDER_MAINTENANCE, OPERATIONAL],
            ("maintenance", "Service Under Maintenance", "Under maintenance"),
        ),
        ([DEGRADED, UNDER_MAINTENANCE], ("minor", "Partially Degraded Service", SLOW)),
        ([DEGRADED, DEGRADED], ("minor", "Degraded System Service", SLOW)),
        ([PARTIAL, DEGRADED], ("minor", "Minor Service Outage", "Partial outage")),
        ([PARTIAL, PARTIAL], ("major", "Partial System Outage", "Partial outage")),
        ([MAJOR, OPERATIONAL], ("major", "Partial System Outage", "Major outage")),
        ([MAJOR, MAJOR], ("critical", "Major System Outage", "Major outage")),
        ([], ("none", "All Systems Operational", GOOD)),
    ],
)
def test_readers_get_statuspages_words_and_people_those_of_the_components(
    statuses: list[ComponentStatus], said: tuple[str, str, str]
) -> None:
    parts = [component_record(str(number)) for number in range(len(statuses))]
    shown = {one.id: status for one, status in zip(parts, statuses, strict=True)}
    state = compute_state(replace(site(*parts), components=tuple(parts)), NOW)
    found = overall_status(replace(state, statuses=shown))
    assert (found.indicator, found.description, found.sentence) == said
    assert found.status is max(statuses, key=lambda each: each.severity, default=OPERATIONAL)


def test_an_open_incident_is_said_though_every_component_does_well() -> None:
    watched = incident(status=IncidentStatus.MONITORING, impacts={"api": OPERATIONAL})
    found = overall_status(compute_state(site(incidents=(watched,)), NOW))
    assert (found.indicator, found.sentence) == ("major", "Incident in progress")


@pytest.mark.parametrize("maintenances", [(), (maintenance(status=RUNNING),)])
def test_an_open_incident_without_a_component_is_said_too(
    maintenances: tuple[MaintenanceRecord, ...],
) -> None:
    nameless = incident(updates=(), impacts={})
    state = compute_state(site(incidents=(nameless,), maintenances=maintenances), NOW)
    found = overall_status(state)
    assert (found.indicator, found.description) == ("minor", "Incident in progress")
    assert b"status: incident in progress" in badge(state)
    assert STATUS_COLOURS["o"].encode() not in badge(state)


def test_an_open_incident_does_not_hide_what_is_down() -> None:
    nameless = incident(id="i2", updates=(), impacts={})
    state = compute_state(site(incidents=(nameless, incident(impacts={"api": MAJOR}))), NOW)
    assert overall_status(state).description == "Major System Outage"


def test_an_archived_component_is_not_counted() -> None:
    hidden = site(
        component_record(),
        component_record("Old", archived=True),
        incidents=(incident(impacts={"old": MAJOR}),),
    )
    state = compute_state(hidden, NOW)
    assert [one.id for one in state.components] == ["api"]
    assert state.statuses["api"] is OPERATIONAL
