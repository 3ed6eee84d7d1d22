"""Random histories of a page, such as its records could hold."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import strategies as st

from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.domain.pages import ComponentStatus
from bot.statuspage.model.site import (
    Group,
    IncidentRecord,
    Interval,
    MaintenanceRecord,
    MaintenanceUpdateRecord,
    Site,
    UpdateRecord,
)
from tests.statuspage.sites import (
    DEGRADED,
    MAJOR,
    NOW,
    OPERATIONAL,
    PARTIAL,
    component_record,
    site,
)

NASTY = st.text(st.characters(codec="utf-8"), max_size=12)
STATUSES = st.sampled_from([OPERATIONAL, DEGRADED, PARTIAL, MAJOR])
PARTS = (
    component_record("API", position=1, group_id="g1"),
    component_record("Web", position=2, group_id="g1"),
    component_record("Mail", position=3),
    component_record("Old", position=4, archived=True),
)
_IDS = [one.id for one in PARTS]
_HITS = st.dictionaries(st.sampled_from(_IDS), STATUSES, max_size=3)

instants = st.integers(-3 * 86_400, 3 * 86_400).map(lambda after: NOW + timedelta(seconds=after))


@st.composite
def incidents(draw: st.DrawFn, number: int) -> IncidentRecord:
    started = draw(instants.filter(lambda instant: instant <= NOW))
    kinds = draw(st.lists(st.sampled_from(list(IncidentStatus)[:3]), min_size=1, max_size=3))
    if draw(st.booleans()):
        kinds.append(IncidentStatus.RESOLVED)
    updates = tuple(
        UpdateRecord(
            f"i{number}u{place}", kind, draw(NASTY), started + timedelta(minutes=place), draw(_HITS)
        )
        for place, kind in enumerate(kinds)
    )
    over = kinds[-1] is IncidentStatus.RESOLVED
    known: dict[str, ComponentStatus] = {}
    for update in updates:
        known.update(update.statuses)
    return IncidentRecord(
        id=f"i{number}",
        name=draw(NASTY),
        status=kinds[-1],
        started=started,
        updates=updates,
        impacts={} if over else known,
        resolved=updates[-1].at if over else None,
    )


@st.composite
def maintenances(draw: st.DrawFn, number: int) -> MaintenanceRecord:
    starts = draw(instants)
    ends = starts + timedelta(minutes=draw(st.integers(1, 600)))
    status = draw(st.sampled_from(list(MaintenanceStatus)[:4]))
    ran = status in (MaintenanceStatus.IN_PROGRESS, MaintenanceStatus.COMPLETED)
    created = min(starts, NOW) - timedelta(days=1)
    return MaintenanceRecord(
        id=f"m{number}",
        name=draw(NASTY),
        status=status,
        starts=starts,
        ends=ends,
        component_ids=tuple(draw(st.lists(st.sampled_from(_IDS), unique=True, max_size=2))),
        updates=(MaintenanceUpdateRecord(f"m{number}u", status, draw(NASTY), created),),
        created=created,
        auto_start=draw(st.booleans()),
        auto_end=draw(st.booleans()),
        started=starts if ran else None,
        finished=ends if status is MaintenanceStatus.COMPLETED else None,
    )


@st.composite
def sites(draw: st.DrawFn) -> Site:
    happened = [draw(incidents(number)) for number in range(draw(st.integers(0, 3)))]
    planned = [draw(maintenances(number)) for number in range(draw(st.integers(0, 3)))]
    return replace(
        site(*PARTS),
        groups=(Group("g1", "Core", 1),),
        incidents=tuple(sorted(happened, key=lambda one: one.started, reverse=True)),
        maintenances=tuple(sorted(planned, key=lambda one: one.starts)),
        intervals=tuple(interval for one in happened for interval in _intervals(one)),
    )


def _intervals(one: IncidentRecord) -> list[Interval]:
    """Return what the incident did, as its updates say."""
    found: list[Interval] = []
    for component_id in one.component_ids:
        since, now = one.started, OPERATIONAL
        for update in one.updates:
            if (after := update.statuses.get(component_id, now)) is not now:
                found += _span(component_id, now, since, update.at, one.id)
                since, now = update.at, after
        found += _span(component_id, now, since, one.resolved, one.id)
    return found


def _span(
    component_id: str,
    status: ComponentStatus,
    start: datetime,
    end: datetime | None,
    source_id: str,
) -> list[Interval]:
    if status is OPERATIONAL or start == end:
        return []
    return [Interval(component_id, status, start, end, source_id)]
