"""The tables of `foghorn.toml` about reminders and maintenances."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, field_validator, model_validator

from bot.config.values import Duration, Mention, TimeOfDay, Zone
from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances.recurrence import Planning
from bot.domain.reminders.cadence import DEFAULT, Cadence, Silence
from bot.domain.reminders.digests import DigestTime
from bot.domain.reminders.ladders import Ladder, MaintenanceLadder, ReminderSettings

MOST_CHOICES = 10


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


class MaintenanceTable(BaseModel):
    """How far maintenances reach."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    longest: Duration = Planning().longest
    """The longest that a maintenance may take."""
    ahead: Duration = Planning().ahead
    """How long before its start the next window of a series is put on the page."""

    def settled(self) -> Planning:
        """Return this as the domain knows it."""
        return Planning(self.longest, self.ahead)


class SilenceTable(BaseModel):
    """The longest silence in one status; what is not set is as by default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    major_outage: Duration | None = None
    partial_outage: Duration | None = None
    other: Duration | None = None

    def settled(self, usual: Silence) -> Silence:
        """Return this as the domain knows it, `usual` where nothing is set."""
        return Silence(
            self.major_outage or usual.major_outage,
            self.partial_outage or usual.partial_outage,
            self.other or usual.other,
        )


class CadenceTable(BaseModel):
    """The longest silence for each status of an open incident, by its worst component status."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    investigating: SilenceTable = SilenceTable()
    identified: SilenceTable = SilenceTable()
    monitoring: SilenceTable = SilenceTable()

    def settled(self) -> Cadence:
        """Return this as the domain knows it."""
        rows: Mapping[str, SilenceTable] = dict(self)
        table = {
            IncidentStatus(name): row.settled(DEFAULT.table[IncidentStatus(name)])
            for name, row in rows.items()
        }
        return Cadence(MappingProxyType(table))


class LadderTable(BaseModel):
    """When the questions after the first one come, counted from it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    again: Duration = Ladder().again
    """The owner again, for the whole channel to see."""
    escalate: Duration = Ladder().escalate
    """The people and groups of `escalation`."""
    every: Duration = Ladder().every
    """How often from then on."""

    @model_validator(mode="after")
    def _rise(self) -> Self:
        if self.escalate <= self.again:
            raise ValueError("escalate must be longer than again; both count from the first time")
        return self

    def settled(self) -> Ladder:
        """Return this as the domain knows it."""
        return Ladder(self.again, self.escalate, self.every)


class MaintenanceLadderTable(BaseModel):
    """When somebody is asked about a maintenance."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    before: tuple[Duration, ...] = MaintenanceLadder().before
    """How long before it starts; none is possible."""
    ending: Duration = MaintenanceLadder().ending
    """How long before its planned end."""
    overrun: Duration = MaintenanceLadder().overrun
    """How often from its planned end on, and when it has not started."""

    def settled(self) -> MaintenanceLadder:
        """Return this as the domain knows it."""
        return MaintenanceLadder(self.before, self.ending, self.overrun)


class DigestTable(BaseModel):
    """When the daily digest is posted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: TimeOfDay
    zone: Zone = "UTC"

    def settled(self) -> DigestTime:
        """Return this as the domain knows it."""
        return DigestTime(self.at, self.zone)


class RemindersTable(BaseModel):
    """Who is asked about what is open, and when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cadence: CadenceTable = CadenceTable()
    ladder: LadderTable = LadderTable()
    maintenance: MaintenanceLadderTable = MaintenanceLadderTable()
    snooze: tuple[Duration, ...] = ReminderSettings().snooze
    """What can be chosen."""
    escalation: Annotated[tuple[Mention, ...], BeforeValidator(_listed)] = ()
    """The people and user groups who are asked when the owner does not answer."""
    digest: DigestTable | None = None
    """None: no digest."""

    @field_validator("snooze")
    @classmethod
    def _rising(cls, value: tuple[timedelta, ...]) -> tuple[timedelta, ...]:
        if not 1 <= len(value) <= MOST_CHOICES:
            raise ValueError(f"has {len(value)} choices; write 1 to {MOST_CHOICES} durations")
        if any(later <= sooner for sooner, later in pairwise(value)):
            raise ValueError("is out of order; write the shortest first, and each once")
        return value

    def settled(self) -> ReminderSettings:
        """Return this as the domain knows it."""
        return ReminderSettings(
            self.cadence.settled(),
            self.ladder.settled(),
            self.maintenance.settled(),
            self.snooze,
            self.escalation,
            self.digest.settled() if self.digest else None,
        )
