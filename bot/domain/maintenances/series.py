"""Series: a maintenance that comes back, each window of it a maintenance of its own."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.maintenances import Maintenance, MaintenanceStatus
from bot.domain.subjects import PublicationState
from bot.domain.submissions import Person, Rhythm, ScheduleForm


class WindowState(StrEnum):
    """What became of a window; stored, so these words never change."""

    PLANNED = "planned"
    SCHEDULED = "scheduled"
    """It is a maintenance by now."""
    SKIPPED = "skipped"
    MISSED = "missed"
    """Its time passed, or its pages could not take it, before it was put there."""
    DROPPED = "dropped"
    """The series ended before it."""


@dataclass(frozen=True, slots=True)
class SeriesWindow:
    """One window of a series, counted from 1; `subject_id` is its maintenance once it is one."""

    number: int
    starts_at: datetime
    ends_at: datetime
    state: WindowState = WindowState.PLANNED
    subject_id: str | None = None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A series with all its windows, the first one first; `form` is what its author submitted."""

    id: str
    form: ScheduleForm
    author: Person
    windows: tuple[SeriesWindow, ...]
    ended: bool = False

    @property
    def name(self) -> str:
        """What each of its maintenances is called."""
        return self.form.name.strip()

    @property
    def rhythm(self) -> Rhythm:
        """How it comes back."""
        return self.form.repeat.rhythm if self.form.repeat else Rhythm.WEEKLY

    def maintenance_id(self, number: int) -> str:
        """Return our id of the maintenance that a window becomes; see `thread_key`."""
        return f"{self.id}.{number}"

    @property
    def planned(self) -> tuple[SeriesWindow, ...]:
        """The windows that are still to become maintenances."""
        return tuple(each for each in self.windows if each.state is WindowState.PLANNED)

    @property
    def kept(self) -> tuple[SeriesWindow, ...]:
        """Its windows without those before which it ended."""
        return tuple(each for each in self.windows if each.state is not WindowState.DROPPED)


@dataclass(frozen=True, slots=True)
class SeriesStanding:
    """A series, each window as it stands on the pages, and the maintenance it is about now."""

    series: Recurrence
    current: Maintenance


def standing(recurrence: Recurrence, found: Collection[Maintenance]) -> SeriesStanding:
    """Return how a series stands; `found` are its maintenances, at least one.

    It is about the one that runs, else the next one, else the last one.
    """
    runs = MaintenanceStatus.IN_PROGRESS
    coming = [each for each in found if each.is_open and not each.turned_into]
    coming.sort(key=lambda each: (each.status is not runs, each.starts_at))
    current = coming[0] if coming else max(found, key=lambda each: each.number or 0)
    live = {
        each.id
        for each in found
        if any(there.state is PublicationState.LIVE for there in each.publications)
    }
    windows = tuple(
        replace(each, state=WindowState.PLANNED)
        if each.state is WindowState.SCHEDULED and each.subject_id not in live
        else each
        for each in recurrence.windows
    )
    return SeriesStanding(replace(recurrence, windows=windows), current)
