from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
from bot.domain.reminders.cadence import DEFAULT, Cadence, Silence, cadence

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


def test_what_is_over_has_no_cadence() -> None:
    assert cadence(RESOLVED, [MAJOR]) is None


@pytest.mark.parametrize("worst", [MAJOR, PARTIAL, DEGRADED])
def test_a_status_that_only_the_page_knows_is_not_forgotten(worst: ComponentStatus) -> None:
    assert cadence(IncidentStatus.UNKNOWN, [worst]) == cadence(INVESTIGATING, [worst])


def test_the_table_is_a_setting() -> None:
    quick = Silence(*(timedelta(seconds=each) for each in (1, 2, 3)))
    table = Cadence({INVESTIGATING: quick, MONITORING: DEFAULT.table[MONITORING]})
    assert cadence(INVESTIGATING, [PARTIAL], table) == timedelta(seconds=2)
    assert cadence(INVESTIGATING, [], table) == timedelta(seconds=3)
    assert cadence(MONITORING, [MAJOR], table) == timedelta(hours=1)
