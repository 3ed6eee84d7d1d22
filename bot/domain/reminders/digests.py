"""The daily digest: what has been open for long, and what starts tomorrow."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance, MaintenanceStatus
from bot.domain.times import daily, wall_time

LONG = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DigestTime:
    """When the digest is posted: a time of day in an IANA zone."""

    at: time
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Digest:
    """What one digest says: open for longer than a day, longest first, and starting tomorrow."""

    open_long: tuple[Incident | Maintenance, ...]
    starting: tuple[Maintenance, ...]

    def __bool__(self) -> bool:
        return bool(self.open_long or self.starting)


def next_digest(when: DigestTime, now: datetime) -> datetime:
    """Return when the next digest after `now` is due: one a day, whatever clocks do."""
    return daily(when.at, when.zone, now)


def digest(subjects: Iterable[Incident | Maintenance], when: DigestTime, now: datetime) -> Digest:
    """Return what to tell the team at `now`; tomorrow is the next day in the digest's zone."""
    open_ones = sorted((each for each in subjects if each.is_open), key=_began)
    tomorrow = wall_time(now, when.zone).date() + timedelta(days=1)
    planned = [each for each in open_ones if isinstance(each, Maintenance) and _is_planned(each)]
    return Digest(
        tuple(each for each in open_ones if now - _began(each) > LONG),
        tuple(each for each in planned if wall_time(each.starts_at, when.zone).date() == tomorrow),
    )


def _is_planned(maintenance: Maintenance) -> bool:
    return maintenance.status is MaintenanceStatus.SCHEDULED


def _began(subject: Incident | Maintenance) -> datetime:
    return subject.start if isinstance(subject, Maintenance) else subject.started_at
