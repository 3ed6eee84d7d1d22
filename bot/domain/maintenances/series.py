"""Series: a maintenance that comes back, each window of it a maintenance of its own."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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

    @property
    def planned(self) -> tuple[SeriesWindow, ...]:
        """The windows that are still to become maintenances."""
        return tuple(each for each in self.windows if each.state is WindowState.PLANNED)
