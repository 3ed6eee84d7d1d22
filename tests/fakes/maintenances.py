"""What the vendors' fakes have in common about maintenances, and how the public sees them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.maintenances import MaintenanceStatus
from bot.domain.pages import ComponentStatus


@dataclass(frozen=True)
class SeenMaintenanceUpdate:
    """An update as the public page shows it."""

    id: str
    status: MaintenanceStatus
    message: str
    notify: bool
    at: datetime


@dataclass(frozen=True)
class SeenMaintenance:
    """A maintenance as the public page shows it; `components` is what the page shows of each now.

    `drives` says for its start and its end whether the page is to take that step by itself.
    """

    id: str
    name: str
    status: MaintenanceStatus
    starts: datetime
    ends: datetime
    updates: tuple[SeenMaintenanceUpdate, ...]
    components: Mapping[str, ComponentStatus]
    drives: tuple[bool, bool]

    @property
    def messages(self) -> list[str]:
        return [update.message for update in self.updates]


@dataclass
class KeptMaintenanceUpdate:
    """An update in a vendor's memory; `status` is ours, `statuses` are the vendor's words."""

    id: str
    status: MaintenanceStatus
    message: str
    notify: bool
    at: datetime
    created_at: datetime
    statuses: dict[str, str] = field(default_factory=dict)


@dataclass
class KeptMaintenance:
    """A maintenance in a vendor's memory; what stands last is kept at one vendor alone.

    `planned` are the statuses that its components get at its start, `tells` the steps of the page's
    own that subscribers hear of, `early` the minutes before the start at which they are reminded
    (None: never, or done), and `freed` the components that updates took out of it.
    """

    id: str
    page: str
    name: str
    status: MaintenanceStatus
    starts: datetime
    ends: datetime
    created_at: datetime
    components: list[str]
    auto_start: bool = False
    auto_end: bool = False
    updates: list[KeptMaintenanceUpdate] = field(default_factory=list)
    planned: dict[str, str] = field(default_factory=dict)
    tells: dict[MaintenanceStatus, bool] = field(default_factory=dict)
    early: int | None = None
    freed: set[str] = field(default_factory=set)

    def steps(self) -> Iterator[tuple[datetime, MaintenanceStatus]]:
        """Yield the steps that the page is still to take by itself, each with its time."""
        if self.auto_start and self.status is MaintenanceStatus.SCHEDULED:
            yield self.starts, MaintenanceStatus.IN_PROGRESS
        if self.auto_end and self.status is MaintenanceStatus.IN_PROGRESS:
            yield self.ends, MaintenanceStatus.COMPLETED

    def seen(self, shown: Callable[[str], ComponentStatus]) -> SeenMaintenance:
        return SeenMaintenance(
            id=self.id,
            name=self.name,
            status=self.status,
            starts=self.starts,
            ends=self.ends,
            updates=tuple(
                SeenMaintenanceUpdate(each.id, each.status, each.message, each.notify, each.at)
                for each in self.updates
            ),
            components={id_: shown(id_) for id_ in self.components},
            drives=(self.auto_start, self.auto_end),
        )
