from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.cadence import cadence, next_update_due
from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus

INVESTIGATING, IDENTIFIED = IncidentStatus.INVESTIGATING, IncidentStatus.IDENTIFIED
MONITORING, RESOLVED = IncidentStatus.MONITORING, IncidentStatus.RESOLVED
MAJOR, PARTIAL = ComponentStatus.MAJOR_OUTAGE, ComponentStatus.PARTIAL_OUTAGE
DEGRADED = ComponentStatus.DEGRADED
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "minutes"),
    [
        (INVESTIGATING, [15, 30, 60, 60]),
        (IDENTIFIED, [30, 60, 60, 60]),
        (MONITORING, [60, 120, 240, 240]),
    ],
)
def test_the_worse_it_is_the_sooner_customers_hear(
    status: IncidentStatus, minutes: list[int]
) -> None:
    cases = [[DEGRADED, MAJOR, PARTIAL], [PARTIAL, DEGRADED], [DEGRADED], []]
    assert [cadence(status, each) for each in cases] == [timedelta(minutes=m) for m in minutes]


@pytest.mark.parametrize("status", [RESOLVED, IncidentStatus.UNKNOWN])
def test_what_is_over_or_unheard_of_has_no_cadence(status: IncidentStatus) -> None:
    assert cadence(status, [MAJOR]) is None
    assert next_update_due(NOW, status, [MAJOR], None) is None


def test_a_promise_comes_before_the_cadence() -> None:
    assert next_update_due(NOW, INVESTIGATING, [MAJOR], 120) == NOW + timedelta(minutes=120)
    assert next_update_due(NOW, INVESTIGATING, [MAJOR], None) == NOW + timedelta(minutes=15)


def test_a_resolved_incident_promises_nothing() -> None:
    assert next_update_due(NOW, RESOLVED, [MAJOR], 30) is None
