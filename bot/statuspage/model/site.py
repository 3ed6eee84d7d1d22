"""The page as plain values; everything served is a pure function of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.domain.pages import ComponentStatus


@dataclass(frozen=True, slots=True)
class Group:
    """Components that are shown together."""

    id: str
    name: str
    position: int


@dataclass(frozen=True, slots=True)
class ComponentRecord:
    """A component of the page; `since` is the instant from which its uptime counts."""

    id: str
    name: str
    group_id: str | None
    position: int
    since: datetime
    description: str = ""
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """A span in which something kept a component from being operational; `end` None: it still does.

    `source_id` is the incident or maintenance that does; an incident's id and a maintenance's never
    agree.
    """

    component_id: str
    status: ComponentStatus
    start: datetime
    end: datetime | None
    source_id: str


@dataclass(frozen=True, slots=True)
class UpdateRecord:
    """One public post on an incident; `message` is Markdown, `statuses` what it set."""

    id: str
    status: IncidentStatus
    message: str
    at: datetime
    statuses: Mapping[str, ComponentStatus] = field(default_factory=dict)
    notified: bool = False
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IncidentRecord:
    """An incident, updates oldest first; `impacts` is what it does to components now."""

    id: str
    name: str
    status: IncidentStatus
    started: datetime
    updates: tuple[UpdateRecord, ...]
    impacts: Mapping[str, ComponentStatus]
    resolved: datetime | None = None

    @property
    def component_ids(self) -> tuple[str, ...]:
        """Every component that it ever affected, in the order in which it did."""
        named = [component_id for update in self.updates for component_id in update.statuses]
        return tuple(dict.fromkeys((*self.impacts, *named)))


@dataclass(frozen=True, slots=True)
class MaintenanceUpdateRecord:
    """One public post on a maintenance; `message` is Markdown."""

    id: str
    status: MaintenanceStatus
    message: str
    at: datetime
    notified: bool = False
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MaintenanceRecord:
    """Planned work, updates oldest first.

    `starts` and `ends` are the planned window. With `auto_start` (`auto_end`) it counts as running
    (completed) once its time has come, without anybody writing anything. `revision` grows with each
    change of the window.
    """

    id: str
    name: str
    status: MaintenanceStatus
    starts: datetime
    ends: datetime
    component_ids: tuple[str, ...]
    updates: tuple[MaintenanceUpdateRecord, ...]
    created: datetime
    auto_start: bool = False
    auto_end: bool = False
    started: datetime | None = None
    finished: datetime | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Site:
    """The whole page at one revision; incidents newest first, maintenances by start.

    `url` is the public address without a slash at its end. `uid` and `authority` are what all ids
    of the page are made of; they stay when the address changes. `revision` grows with every change
    that can be seen. Intervals of maintenances that start or end by themselves are not stored: they
    follow from their windows.
    """

    name: str
    url: str
    groups: tuple[Group, ...]
    components: tuple[ComponentRecord, ...]
    intervals: tuple[Interval, ...]
    incidents: tuple[IncidentRecord, ...]
    maintenances: tuple[MaintenanceRecord, ...]
    revision: int
    uid: str
    authority: str
