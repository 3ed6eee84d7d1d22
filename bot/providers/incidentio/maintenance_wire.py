"""How incident.io writes maintenances down.

Source: incident.io API reference, Status Pages V2 (published OpenAPI schema). A window has no times
of its own: they come back with its components, and without any they cannot be read.
"""

from pydantic import TypeAdapter

from bot.domain.maintenances import MaintenanceStatus, MaintenanceUpdate, PageMaintenance
from bot.domain.pages import ComponentStatus, Hold
from bot.providers.answers import Answer, Instant
from bot.providers.incidentio.wire import (
    ComponentStatusAnswer,
    ListAnswer,
    RefAnswer,
    Statuses,
    component_status,
)

STATUSES = {
    MaintenanceStatus.SCHEDULED: "maintenance_scheduled",
    MaintenanceStatus.IN_PROGRESS: "maintenance_in_progress",
    MaintenanceStatus.COMPLETED: "maintenance_complete",
}
_WORDS = {word: status for status, word in STATUSES.items()}


class UpdateAnswer(Answer):
    """One update of a maintenance."""

    id: str
    published_at: Instant
    message: str = ""
    maintenance_status: str = ""
    component_statuses: tuple[ComponentStatusAnswer, ...] = ()

    def update(self) -> MaintenanceUpdate:
        status = maintenance_status(self.maintenance_status)
        return MaintenanceUpdate(self.id, status, self.message, self.published_at)


class PeriodAnswer(Answer):
    """When a maintenance affects a component."""

    component_id: str
    start_at: Instant | None = None
    end_at: Instant | None = None


class MaintenanceAnswer(Answer):
    """A maintenance window."""

    id: str
    name: str = ""
    published_at: Instant | None = None
    maintenance_status: str = ""
    updates: tuple[UpdateAnswer, ...] = ()
    component_maintenance_periods: tuple[PeriodAnswer, ...] = ()

    @property
    def stands(self) -> MaintenanceStatus:
        """Where it stands, in our words."""
        return maintenance_status(self.maintenance_status)

    def ordered(self) -> list[UpdateAnswer]:
        """Its updates, oldest first; the vendor states no order."""
        return sorted(self.updates, key=lambda each: each.published_at)

    def statuses(self) -> dict[str, ComponentStatus]:
        """What it does, while it runs, to every component that it ever named."""
        under = ComponentStatus.UNDER_MAINTENANCE
        statuses = {each.component_id: under for each in self.component_maintenance_periods}
        for update in self.ordered():
            for said in update.component_statuses:
                statuses[said.component_id] = component_status(said.component_status)
        return statuses

    def holds(self) -> list[Hold]:
        if self.stands is not MaintenanceStatus.IN_PROGRESS:
            return []
        under = ComponentStatus.UNDER_MAINTENANCE
        return [
            Hold(self.id, self.name, component, status)
            for component, status in self.statuses().items()
            if status is under
        ]

    def maintenance(self, shown: Statuses, url: str | None = None) -> PageMaintenance:
        named = tuple(self.statuses())
        periods = self.component_maintenance_periods
        ends = [each.end_at for each in periods if each.end_at]
        return PageMaintenance(
            id=self.id,
            name=self.name,
            status=self.stands,
            starts=min((each.start_at for each in periods if each.start_at), default=None),
            ends=max(ends) if ends and len(ends) == len(periods) else None,
            updates=tuple(each.update() for each in self.ordered()),
            component_ids=named,
            shown={id_: shown.get(id_, ComponentStatus.OPERATIONAL) for id_ in named},
            url=url,
        )


class MaintenancesAnswer(ListAnswer):
    """One page of the list of maintenances."""

    status_page_maintenances: tuple[MaintenanceAnswer, ...] = ()


class OneMaintenanceAnswer(Answer):
    """Answer of the calls about one maintenance."""

    status_page_maintenance: MaintenanceAnswer


class PostedUpdateAnswer(Answer):
    """Answer of CreateStatusPageMaintenanceUpdate: the update alone."""

    status_page_maintenance_update: RefAnswer


MAINTENANCE = TypeAdapter(OneMaintenanceAnswer)
MAINTENANCES = TypeAdapter(MaintenancesAnswer)
POSTED_UPDATE = TypeAdapter(PostedUpdateAnswer)


def maintenance_status(word: str) -> MaintenanceStatus:
    return _WORDS.get(word.lower(), MaintenanceStatus.UNKNOWN)
