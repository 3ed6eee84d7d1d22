"""Uptime from intervals: a bar for each of 90 days, and one figure.

A major outage counts whole, a partial one three tenths, anything milder not at all.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.pages import ComponentStatus
from bot.statuspage.model.change_times import SHORTEST_BAD_TIME, run_period
from bot.statuspage.model.site import ComponentRecord, Site

DAYS = 90
_WEIGHTS = {ComponentStatus.MAJOR_OUTAGE: 10, ComponentStatus.PARTIAL_OUTAGE: 3}
"""In tenths, so that all is counted in whole numbers."""
_PROBLEMS = (ComponentStatus.DEGRADED, *_WEIGHTS)
_MICROSECOND = timedelta(microseconds=1)

Span = tuple[datetime, datetime, ComponentStatus]


@dataclass(frozen=True, slots=True)
class Day:
    """A day (UTC) of a component: how long each status lasted, and the worst that was worth it."""

    day: date
    lasted: Mapping[ComponentStatus, timedelta]

    @property
    def status(self) -> ComponentStatus:
        """The worst status that lasted for at least a minute."""
        counted = (status for status, lasted in self.lasted.items() if lasted >= SHORTEST_BAD_TIME)
        return max(counted, key=lambda status: status.severity, default=ComponentStatus.OPERATIONAL)


@dataclass(frozen=True, slots=True)
class Uptime:
    """The last `DAYS` days of a component.

    `first` is the day from which there is data. `bad_days` are the days that are not plainly
    operational, oldest first. `percent` is rounded down: 100 is said only of 100.
    """

    first: date
    today: date
    bad_days: tuple[Day, ...]
    percent: str | None

    @property
    def days(self) -> int:
        return (self.today - self.first).days + 1

    @property
    def problem_days(self) -> int:
        """On how many days something was wrong; planned work is not wrong."""
        return sum(day.status in _PROBLEMS for day in self.bad_days)

    @property
    def maintenance_days(self) -> int:
        """On how many days there was planned work and nothing worse."""
        return sum(day.status is ComponentStatus.UNDER_MAINTENANCE for day in self.bad_days)


def uptimes(site: Site, at: datetime) -> dict[str, Uptime]:
    """Return the uptime of every component that is not archived, as of the instant `at`."""
    begin = _start_of(at.astimezone(UTC).date() - timedelta(days=DAYS - 1))
    spans = _spans(site, begin, at)
    return {
        component.id: _uptime(component, begin, at, spans.get(component.id, ()))
        for component in site.components
        if not component.archived
    }


def _spans(site: Site, begin: datetime, at: datetime) -> dict[str, list[Span]]:
    """Return by component what happened between `begin` and `at`, also by the clock alone."""
    found: dict[str, list[Span]] = defaultdict(list)
    for interval in site.intervals:
        end = min(interval.end or at, at)
        if end > max(interval.start, begin):
            found[interval.component_id].append((interval.start, end, interval.status))
    for maintenance in site.maintenances:
        ran = run_period(maintenance) if maintenance.auto_start or maintenance.auto_end else None
        if ran and (end := min(ran[1] or at, at)) > max(ran[0], begin):
            for component_id in maintenance.component_ids:
                found[component_id].append((ran[0], end, ComponentStatus.UNDER_MAINTENANCE))
    return found


def _uptime(
    component: ComponentRecord, begin: datetime, at: datetime, spans: Iterable[Span]
) -> Uptime:
    begin = max(begin, component.since)
    lasted: dict[date, Counter[ComponentStatus]] = defaultdict(Counter)
    for start, end, status in _worst_of(spans):
        for day, piece in _by_day(max(start, begin), end):
            lasted[day][status] += piece // _MICROSECOND
    today = at.astimezone(UTC).date()
    days = (
        Day(day, {status: micro * _MICROSECOND for status, micro in lasted[day].items()})
        for day in sorted(lasted)
    )
    return Uptime(
        first=min(begin.astimezone(UTC).date(), today),
        today=today,
        bad_days=tuple(day for day in days if day.status is not ComponentStatus.OPERATIONAL),
        percent=_percent(sum(lasted.values(), Counter()), at - begin),
    )


def _percent(lasted: Mapping[ComponentStatus, int], whole: timedelta) -> str | None:
    total = whole // _MICROSECOND * 10
    if total <= 0:
        return None
    down = sum(weight * lasted.get(status, 0) for status, weight in _WEIGHTS.items())
    hundredths = (total - down) * 10_000 // total
    return "100" if down == 0 else f"{hundredths // 100}.{hundredths % 100:02}"


def _worst_of(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the same time without overlaps, the worst of what was at each instant."""
    edges: list[tuple[datetime, int, ComponentStatus]] = []
    for start, end, status in spans:
        edges += [(start, 1, status), (end, -1, status)]
    edges.sort(key=lambda edge: edge[0])
    current: Counter[ComponentStatus] = Counter()
    since: datetime | None = None
    for instant, change, status in edges:
        here = [known for known, many in current.items() if many > 0]
        if here and since and instant > since:
            yield since, instant, max(here, key=lambda known: known.severity)
        current[status] += change
        since = instant


def _by_day(start: datetime, end: datetime) -> Iterator[tuple[date, timedelta]]:
    while start < end:
        day = start.astimezone(UTC).date()
        until = min(end, _start_of(day + timedelta(days=1)))
        yield day, until - start
        start = until


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
