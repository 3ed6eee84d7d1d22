"""How often customers hear from us while something is open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus, worst


@dataclass(frozen=True, slots=True)
class Silence:
    """The longest silence in one status, by the worst component status."""

    major_outage: timedelta
    partial_outage: timedelta
    other: timedelta


def _minutes(major_outage: int, partial_outage: int, other: int) -> Silence:
    spans = (timedelta(minutes=each) for each in (major_outage, partial_outage, other))
    return Silence(*spans)


_DEFAULTS = MappingProxyType(
    {
        IncidentStatus.INVESTIGATING: _minutes(15, 30, 60),
        IncidentStatus.IDENTIFIED: _minutes(30, 60, 60),
        IncidentStatus.MONITORING: _minutes(60, 120, 240),
    }
)


@dataclass(frozen=True, slots=True)
class Cadence:
    """The longest silences for the statuses of an open incident."""

    table: Mapping[IncidentStatus, Silence] = field(default_factory=lambda: _DEFAULTS)


DEFAULT = Cadence()


def cadence(
    status: IncidentStatus, components: Iterable[ComponentStatus], table: Cadence = DEFAULT
) -> timedelta | None:
    """Return the longest silence for an incident in `status`; None once it is resolved.

    A status that only the page knows counts as investigating, so that nobody is forgotten.
    """
    if status is IncidentStatus.RESOLVED:
        return None
    silence = table.table.get(status) or table.table[IncidentStatus.INVESTIGATING]
    match worst(components):
        case ComponentStatus.MAJOR_OUTAGE:
            return silence.major_outage
        case ComponentStatus.PARTIAL_OUTAGE:
            return silence.partial_outage
        case _:
            return silence.other
