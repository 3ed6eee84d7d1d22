"""How incident.io writes maintenances down.

Source: incident.io API reference, Status Pages V2 (published OpenAPI schema). A window has no times
of its own: they come back with its components, and without any they cannot be read.
"""

from typing import Annotated

from pydantic import BeforeValidator, TypeAdapter

from bot.domain.maintenances import MaintenanceStatus, MaintenanceUpdate, PageMaintenance
from bot.domain.pages import ComponentStatus, Hold
from bot.providers.answers import Answer, Instant
from bot.providers.incidentio.wire import (
    EventAnswer,
    ItemAnswer,
    ListAnswer,
    Statuses,
    UpdateAnswer,
)
from bot.providers.statuses import maintenance_words

STATUSES = maintenance_words(
    "incident.io",
    {
        MaintenanceStatus.SCHEDULED: "maintenance_scheduled",
        MaintenanceStatus.IN_PROGRESS: "maintenance_in_progress",
        MaintenanceStatus.COMPLETED: "maintenance_complete",
    },
)

MaintenanceWord = Annotated[MaintenanceStatus, BeforeValidator(STATUSES.read)]


class MaintenanceUpdateAnswer(UpdateAnswer):
    """One update of a maintenance."""

    maintenance_status: MaintenanceWord = MaintenanceStatus.UNKNOWN

    def update(self) -> MaintenanceUpdate:
        return MaintenanceUpdate(self.id, self.maintenance_status, self.message, self.published_at)


class PeriodAnswer(Answer):
    """When a maintenance affects a component."""

    component_id: str
    start_at: Instant | None = None
    end_at: Instant | None = None


class MaintenanceAnswer(EventAnswer[MaintenanceUpdateAnswer]):
    """A maintenance window."""

    published_at: Instant | None = None
    maintenance_status: MaintenanceWord = MaintenanceStatus.UNKNOWN
    component_maintenance_periods: tuple[PeriodAnswer, ...] = ()

    def statuses(self) -> dict[str, ComponentStatus]:
        """What it does, while it runs, to every component that it ever named."""
        under = ComponentStatus.UNDER_MAINTENANCE
        statuses = {each.component_id: under for each in self.component_maintenance_periods}
        for update in self.ordered():
            for said in update.component_statuses:
                statuses[said.component_id] = said.component_status
        return statuses

    def holds(self) -> list[Hold]:
        if self.maintenance_status is not MaintenanceStatus.IN_PROGRESS:
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
            status=self.maintenance_status,
            starts=min((each.start_at for each in periods if each.start_at), default=None),
            ends=max(ends) if ends and len(ends) == len(periods) else None,
            updates=tuple(each.update() for each in self.ordered()),
            component_ids=named,
            shown={id_: shown.get(id_, ComponentStatus.OPERATIONAL) for id_ in named},
            url=url,
        )


MAINTENANCE = TypeAdapter(ItemAnswer[MaintenanceAnswer])
MAINTENANCES = TypeAdapter(ListAnswer[MaintenanceAnswer])
