from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.incidents import Incident, IncidentStatus, PageIncident
from bot.domain.subjects import Publication, PublicationState, in_short

INVESTIGATING, IDENTIFIED = IncidentStatus.INVESTIGATING, IncidentStatus.IDENTIFIED
MONITORING, RESOLVED = IncidentStatus.MONITORING, IncidentStatus.RESOLVED
OWED, LIVE, REFUSED = PublicationState.OWED, PublicationState.LIVE, PublicationState.REFUSED
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "following"),
    [
        (INVESTIGATING, IDENTIFIED),
        (IDENTIFIED, MONITORING),
        (MONITORING, MONITORING),
        (RESOLVED, RESOLVED),
        (IncidentStatus.UNKNOWN, MONITORING),
    ],
)
def test_the_likely_next_status_never_resolves_by_itself(
    now: IncidentStatus, following: IncidentStatus
) -> None:
    assert now.likely_next is following


def test_a_status_reads_as_on_the_page() -> None:
    labels = [status.label for status in IncidentStatus]
    assert labels == ["Investigating", "Identified", "Monitoring", "Resolved", "Unknown"]


def incident(status: IncidentStatus, *states: PublicationState) -> Incident:
    pages = tuple(
        Publication(f"p{n}", "i", f"instatus:{n}", "Page", state, {})
        for n, state in enumerate(states)
    )
    return Incident(
        id="i",
        name="N",
        status=status,
        message="M",
        owner_id="U",
        owner_name="Ann",
        channel="C",
        thread_ts=None,
        notify=True,
        started_at=NOW,
        updated_at=None,
        due_at=None,
        publications=pages,
    )


@pytest.mark.parametrize(
    ("status", "states", "is_open"),
    [
        (INVESTIGATING, [OWED], True),
        (MONITORING, [LIVE, REFUSED], True),
        (MONITORING, [REFUSED, REFUSED], False),
        (RESOLVED, [LIVE], False),
    ],
)
def test_an_incident_is_open_until_it_is_resolved_or_no_page_took_it(
    status: IncidentStatus, states: list[PublicationState], *, is_open: bool
) -> None:
    assert incident(status, *states).is_open is is_open


def test_a_name_without_end_is_cut_to_fit_into_a_sentence() -> None:
    assert in_short("N" * 100) == "N" * 100
    assert in_short("N" * 98 + "  " + "N" * 900) == "N" * 98 + "…"


def test_on_a_page_only_resolved_is_closed() -> None:
    shown = PageIncident("r1", "N", INVESTIGATING, NOW, ())
    assert shown.is_open
    assert replace(shown, status=IncidentStatus.UNKNOWN).is_open
    assert not replace(shown, status=RESOLVED).is_open
