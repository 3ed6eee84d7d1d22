"""The instants at which the page changes, and when it last did.

Everything that is served follows from the site and the last such instant, never from the very
second of a request. So an instant that has passed is all that a cache must know of time.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bot.domain.maintenances import MaintenanceStatus
from bot.statuspage.model.site import IncidentRecord, MaintenanceRecord, Site

SHORTEST_BAD_TIME = timedelta(seconds=60)
"""How long a component must have been worse on a day to colour it."""
_REDRAW_EVERY = timedelta(minutes=5)
"""How often the figures of what still lasts are drawn again."""
_DAY = timedelta(days=1)
_NEVER = datetime.fromtimestamp(0, UTC)


class ChangeTimes:
    """The instants of one site."""

    def __init__(self, site: Site) -> None:
        self._instants = sorted(set(_instants(site)))
        lasting = [i.start for i in site.intervals if i.end is None]
        lasting += [start for start, end in _windows(site) if end is None]
        self._lasts_from = min(lasting, default=None)
        self._windows = [(start, end) for start, end in _windows(site) if end is not None]

    def last(self, now: datetime) -> datetime:
        """Return the last instant that has come by `now`."""
        passed = bisect_right(self._instants, now)
        last = self._instants[passed - 1] if passed else _midnight(now)
        return max(last, _midnight(now), _last_redraw(now) if self._lasts(now) else last)

    def following(self, now: datetime) -> datetime:
        passed = bisect_right(self._instants, now)
        ahead = [_midnight(now) + _DAY, *self._instants[passed : passed + 1]]
        return min(*ahead, _last_redraw(now) + _REDRAW_EVERY) if self._lasts(now) else min(ahead)

    def _lasts(self, now: datetime) -> bool:
        if self._lasts_from is not None and self._lasts_from <= now:
            return True
        return any(start <= now < end for start, end in self._windows)


def last_change(site: Site, at: datetime) -> datetime:
    """Return when the page last changed by the instant `at`, by a hand or by the clock."""
    changed = [component.since for component in site.components]
    for incident in site.incidents:
        changed += (incident.started, incident_last_change(incident))
    changed += (maintenance_last_change(each, at) for each in site.maintenances)
    return max(changed, default=_NEVER)


def incident_last_change(incident: IncidentRecord) -> datetime:
    return max(_incident_changes(incident))


def maintenance_last_change(maintenance: MaintenanceRecord, at: datetime) -> datetime:
    """Return when a maintenance last changed by the instant `at`, by a hand or by the clock."""
    alone = (instant for instant in automatic_changes(maintenance) if instant <= at)
    return max((*_maintenance_changes(maintenance), *alone))


def automatic_changes(maintenance: MaintenanceRecord) -> Iterator[datetime]:
    """Yield when a maintenance starts and ends without anybody writing."""
    if maintenance.status in (MaintenanceStatus.CANCELLED, MaintenanceStatus.COMPLETED):
        return
    if maintenance.auto_start and not maintenance.started:
        yield maintenance.starts
    if maintenance.auto_end:
        yield maintenance.ends


def run_period(maintenance: MaintenanceRecord) -> tuple[datetime, datetime | None] | None:
    """Return when a maintenance really ran, or will by itself; the end is None while unknown."""
    start = maintenance.started
    if start is None and maintenance.auto_start:
        start = maintenance.starts
    end = maintenance.finished
    if end is None and maintenance.auto_end:
        end = maintenance.ends
    if maintenance.status in (MaintenanceStatus.CANCELLED, MaintenanceStatus.COMPLETED):
        end = end or maintenance.ends
        if maintenance.status is MaintenanceStatus.CANCELLED and maintenance.finished is None:
            return None
    if start is None or (end is not None and end <= start):
        return None
    return start, end


def _windows(site: Site) -> Iterator[tuple[datetime, datetime | None]]:
    for maintenance in site.maintenances:
        if (maintenance.auto_start or maintenance.auto_end) and (found := run_period(maintenance)):
            yield found


def _instants(site: Site) -> Iterator[datetime]:
    for component in site.components:
        yield component.since
    for incident in site.incidents:
        yield incident.started
        yield from _incident_changes(incident)
    for interval in site.intervals:
        yield interval.start
        yield interval.start + SHORTEST_BAD_TIME
        if interval.end:
            yield interval.end
    for maintenance in site.maintenances:
        yield from _maintenance_changes(maintenance)
        yield from automatic_changes(maintenance)
    for start, end in _windows(site):
        yield start
        yield start + SHORTEST_BAD_TIME
        if end:
            yield end


def _incident_changes(incident: IncidentRecord) -> Iterator[datetime]:
    """Yield every instant at which somebody wrote something that the page shows."""
    yield incident.resolved or incident.started
    for update in incident.updates:
        yield update.edited_at or update.at


def _maintenance_changes(maintenance: MaintenanceRecord) -> Iterator[datetime]:
    yield maintenance.created
    yield from filter(None, (maintenance.started, maintenance.finished))
    for update in maintenance.updates:
        yield update.edited_at or update.at


def _midnight(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _last_redraw(now: datetime) -> datetime:
    since = now - _midnight(now)
    return _midnight(now) + since // _REDRAW_EVERY * _REDRAW_EVERY
