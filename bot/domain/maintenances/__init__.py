"""Maintenances: planned work on components, within a window.

What somebody wants is a draft, what the page shows and what the team knows are the bare nouns.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.pages import Capabilities, ComponentStatus
from bot.domain.subjects import Driver, Step, Subject


class MaintenanceStatus(StrEnum):
    """Where planned work stands; `UNKNOWN` is a word of the page's that we do not know."""

    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The field's own words for a person."""
        return self.value.replace("_", " ").capitalize()

    @property
    def is_over(self) -> bool:
        """Whether nothing follows on it any more."""
        return self in (MaintenanceStatus.COMPLETED, MaintenanceStatus.CANCELLED)

    @property
    def rank(self) -> int:
        """How far it is; a maintenance never goes back. Negative for a word we do not know."""
        return _RANKS.get(self, -1)

    @property
    def following(self) -> tuple["MaintenanceStatus", ...]:
        """The statuses that an update can have, this one first; none once it is over."""
        return _FOLLOWING.get(self, ())

    def furthest(self, other: "MaintenanceStatus") -> "MaintenanceStatus":
        """Return the later of two statuses."""
        return other if other.rank > self.rank else self

    def is_beyond(self, step: Step) -> bool:
        """Say whether a maintenance that stands here has taken the step."""
        return self.rank >= STEP_STATUS[step].rank

    @property
    def steps_to_come(self) -> tuple[Step, ...]:
        """The steps that a maintenance which stands here has not taken yet."""
        return tuple(step for step in Step if not self.is_beyond(step))


_RANKS = {
    MaintenanceStatus.SCHEDULED: 0,
    MaintenanceStatus.IN_PROGRESS: 1,
    MaintenanceStatus.COMPLETED: 2,
    MaintenanceStatus.CANCELLED: 2,
}
_FOLLOWING = {
    MaintenanceStatus.SCHEDULED: (
        MaintenanceStatus.SCHEDULED,
        MaintenanceStatus.IN_PROGRESS,
        MaintenanceStatus.CANCELLED,
    ),
    MaintenanceStatus.IN_PROGRESS: (
        MaintenanceStatus.IN_PROGRESS,
        MaintenanceStatus.COMPLETED,
        MaintenanceStatus.CANCELLED,
    ),
}
STEP_STATUS = {
    Step.START: MaintenanceStatus.IN_PROGRESS,
    Step.FINISH: MaintenanceStatus.COMPLETED,
}
"""The status to which each step leads."""


class Automation(StrEnum):
    """Which steps happen by themselves when their time comes."""

    BY_HAND = "by_hand"
    START = "start"
    START_AND_FINISH = "start_and_finish"

    @property
    def label(self) -> str:
        """The form's own words."""
        return _LABELS[self]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that nobody has to take by hand."""
        return _STEPS[self]


_LABELS = {
    Automation.BY_HAND: "By hand",
    Automation.START: "Start automatically",
    Automation.START_AND_FINISH: "Start and finish automatically",
}
_STEPS: dict[Automation, tuple[Step, ...]] = {
    Automation.BY_HAND: (),
    Automation.START: (Step.START,),
    Automation.START_AND_FINISH: (Step.START, Step.FINISH),
}


class Notice(StrEnum):
    """When subscribers hear of a maintenance."""

    NOW = "now"
    BEFORE = "before"
    """An hour before it starts."""
    AT_START = "at_start"
    AT_END = "at_end"


@dataclass(frozen=True, slots=True)
class MaintenanceDraft:
    """A maintenance that somebody wants on a page.

    `message` is Markdown; `starts` and `ends` are aware UTC instants, whole minutes. `driven` are
    the steps that the page takes by itself when their time comes; the others are ours to post.
    """

    name: str
    message: str
    component_ids: tuple[str, ...]
    starts: datetime
    ends: datetime
    driven: tuple[Step, ...] = ()
    notices: tuple[Notice, ...] = (Notice.NOW,)


@dataclass(frozen=True, slots=True)
class MaintenanceUpdateDraft:
    """An update that somebody wants on a maintenance; its status may start or end it.

    `component_ids` names every component of the maintenance. `at` is an aware UTC instant, unique
    to the millisecond among our updates of the maintenance. `ends` is the planned end. `begun` says
    that the maintenance was running by our own record until this update.
    """

    status: MaintenanceStatus
    message: str
    component_ids: tuple[str, ...]
    notify: bool
    at: datetime
    ends: datetime
    begun: bool = False


@dataclass(frozen=True, slots=True)
class WindowDraft:
    """Another window for a maintenance, or another driver of its steps; told to nobody.

    A page may have to be given the whole maintenance again, so its words are here too.
    """

    name: str
    message: str
    component_ids: tuple[str, ...]
    status: MaintenanceStatus
    starts: datetime
    ends: datetime
    driven: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Removal:
    """Take a cancelled maintenance off a page that knows no such status."""


@dataclass(frozen=True, slots=True)
class MaintenanceUpdate:
    """One update as the page shows it; `message` is Markdown, `at` an aware UTC instant."""

    id: str
    status: MaintenanceStatus
    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PageMaintenance:
    """One maintenance as a page shows it, updates oldest first.

    `starts` and `ends` are None where the page does not tell them. `shown` is the status that the
    page shows now for each of its components, whoever caused it.
    """

    id: str
    name: str
    status: MaintenanceStatus
    starts: datetime | None
    ends: datetime | None
    updates: tuple[MaintenanceUpdate, ...]
    component_ids: tuple[str, ...] = ()
    shown: Mapping[str, ComponentStatus] = field(default_factory=dict)
    url: str | None = None

    @property
    def runs(self) -> bool:
        """Whether it does now to components what it is there for."""
        return self.status is MaintenanceStatus.IN_PROGRESS


@dataclass(frozen=True, slots=True)
class Maintenance(Subject):
    """One maintenance as the team knows it: a thread in Slack, on one page or several.

    `series_id` and `number` say which window of which series it is; `turned_into` is the incident
    that took its thread over. `starts_at` and `ends_at` are planned, `began_at` and `ended_at` when
    it really ran.
    """

    status: MaintenanceStatus
    starts_at: datetime
    ends_at: datetime
    automation: Automation
    notices: tuple[Notice, ...]
    series_id: str | None = None
    number: int | None = None
    turned_into: str | None = None
    began_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is planned or running."""
        return not self.status.is_over and self.is_anywhere

    @property
    def start(self) -> datetime:
        """When it really began, or else is planned to."""
        return self.began_at or self.starts_at

    def planned_at(self, step: Step) -> datetime:
        """Return when a step is planned."""
        return self.starts_at if step is Step.START else self.ends_at

    def notifies_of(self, status: MaintenanceStatus) -> bool:
        """Say whether subscribers hear of an update to `status`, unless a person says otherwise.

        Of a step as was planned, of all else as the last time that a person wrote.
        """
        steps = (step for step in self.status.steps_to_come if STEP_STATUS[step] is status)
        step = next(steps, None)
        return self.notifies_at(step) if step else self.notify

    def notifies_at(self, step: Step) -> bool:
        """Say whether subscribers are to hear of a step."""
        return (Notice.AT_START if step is Step.START else Notice.AT_END) in self.notices


def drivers(
    automation: Automation, notices: tuple[Notice, ...], page: Capabilities
) -> dict[Step, Driver]:
    """Return who takes each step on a page, when its time comes.

    The page itself where it can and tells its subscribers just when it is wanted; else Foghorn.
    """
    told = {notice in notices for notice in (Notice.NOW, Notice.AT_START, Notice.AT_END)}
    fits = len(told) == 1 or not page.notices_alike
    automatic = Driver.PAGE if automation.value in page.drives and fits else Driver.FOGHORN
    return {step: automatic if step in automation.steps else Driver.HAND for step in Step}
