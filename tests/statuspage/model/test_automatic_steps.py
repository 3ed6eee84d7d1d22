"""A step that the page takes by itself stands in its timeline like one that somebody posted."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.maintenances import MaintenanceStatus
from bot.statuspage.model.change_times import ChangeTimes
from bot.statuspage.model.site import MaintenanceRecord, MaintenanceUpdateRecord
from bot.statuspage.model.site_state import compute_state
from bot.statuspage.served.catalogue import catalogue
from tests.statuspage.sites import at, maintenance, site

STARTS, ENDS = at("2026-11-20 10:00"), at("2026-11-20 11:00")
LATER = at("2026-11-20 15:00")
MINUTE = timedelta(minutes=1)
SCHEDULED, RUNNING = MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS
COMPLETED, CANCELLED = MaintenanceStatus.COMPLETED, MaintenanceStatus.CANCELLED


def told(work: MaintenanceRecord, now: datetime) -> list[tuple[MaintenanceStatus, datetime]]:
    """Return the timeline as it is served at an instant."""
    [shown] = compute_state(site(maintenances=(work,)), now).site.maintenances
    return [(each.status, each.at) for each in shown.updates]


def with_posts(*posts: tuple[MaintenanceStatus, datetime], **more: object) -> MaintenanceRecord:
    """Return a maintenance on which somebody posted this after it was scheduled."""
    first = maintenance().updates[0]
    found = (
        MaintenanceUpdateRecord(f"p{number}", status, "By hand.", when)
        for number, (status, when) in enumerate(posts)
    )
    return maintenance(updates=(first, *found), **more)


BEGUN, OVER = (RUNNING, STARTS), (COMPLETED, ENDS)
EARLY, SAID, LATE = (RUNNING, STARTS - MINUTE), (RUNNING, STARTS + MINUTE), (COMPLETED, LATER)
MOVED = {"auto_start": False, "status": RUNNING, "started": STARTS}
"""What began by itself, and was given to a person since."""


@pytest.mark.parametrize(
    ("work", "now", "steps"),
    [
        (maintenance(), STARTS - MINUTE, []),
        (maintenance(), STARTS, [BEGUN]),
        (maintenance(), LATER, [BEGUN, OVER]),
        (maintenance(auto_end=False), LATER, [BEGUN]),
        (maintenance(auto_start=False, auto_end=False), LATER, []),
        (maintenance(auto_end=False, **MOVED), LATER, [BEGUN]),
        (with_posts(EARLY, status=RUNNING, started=EARLY[1]), STARTS, [EARLY]),
        (with_posts(SAID, status=RUNNING, started=STARTS), STARTS + MINUTE, [BEGUN, SAID]),
        (with_posts((SCHEDULED, STARTS - MINUTE)), STARTS, [(SCHEDULED, STARTS - MINUTE), BEGUN]),
        (with_posts(LATE, status=COMPLETED, started=STARTS, finished=ENDS), LATER,
         [BEGUN, OVER, LATE]),
        (with_posts((CANCELLED, STARTS - MINUTE), status=CANCELLED, finished=STARTS - MINUTE),
         LATER, [(CANCELLED, STARTS - MINUTE)]),
    ],
)  # fmt: skip
def test_each_step_stands_there_once(
    work: MaintenanceRecord, now: datetime, steps: list[tuple[MaintenanceStatus, datetime]]
) -> None:
    assert told(work, now)[1:] == steps


def test_a_step_of_the_page_is_in_everything_that_it_serves() -> None:
    of = site(maintenances=(maintenance(auto_end=False),))
    before, after = (
        {path: item.make(state).decode() for path, item in catalogue(state).items()}
        for state in (
            compute_state(of, ChangeTimes(of).last(now)) for now in (STARTS - MINUTE, STARTS)
        )
    )
    text = "The maintenance has begun."
    for path in ("/", "/maintenance/m1", "/feed.atom", "/feed.rss", "/api/v1/summary"):
        assert text not in before[path]
        assert text in after[path], path
    [shown] = json.loads(after["/api/v2/summary.json"])["scheduled_maintenances"]
    assert [each["status"] for each in shown["incident_updates"]] == ["in_progress", "scheduled"]
    assert shown["updated_at"] == shown["incident_updates"][0]["created_at"]


def test_a_start_that_was_over_when_it_was_scheduled_is_told_after_the_announcement() -> None:
    created = STARTS + MINUTE
    [first] = maintenance().updates
    work = maintenance(created=created, updates=(replace(first, at=created),))
    assert told(work, created) == [(SCHEDULED, created), (RUNNING, created)]
