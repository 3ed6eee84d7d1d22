"""How Instatus writes maintenances down.

Source: Instatus API documentation, "Maintenances" and "Maintenance updates".
"""

from typing import Annotated

from pydantic import BeforeValidator, TypeAdapter

from bot.domain.maintenances import MaintenanceStatus, MaintenanceUpdate, PageMaintenance
from bot.domain.pages import ComponentStatus, Hold
from bot.providers.answers import SILENT, Instant
from bot.providers.instatus.wire import EventAnswer, UpdateAnswer
from bot.providers.statuses import maintenance_words

STATUSES = maintenance_words(
    "Instatus",
    {
        MaintenanceStatus.SCHEDULED: "NOTSTARTEDYET",
        MaintenanceStatus.IN_PROGRESS: "INPROGRESS",
        MaintenanceStatus.COMPLETED: "COMPLETED",
    },
)

MaintenanceWord = Annotated[MaintenanceStatus, BeforeValidator(STATUSES.read)]


class MaintenanceUpdateAnswer(UpdateAnswer):
    """One update of a maintenance."""

    status: MaintenanceWord = MaintenanceStatus.UNKNOWN

    def update(self) -> MaintenanceUpdate:
        return MaintenanceUpdate(self.id, self.status, self.message, self.started)


class MaintenanceAnswer(EventAnswer[MaintenanceUpdateAnswer]):
    """A maintenance."""

    status: MaintenanceWord = MaintenanceStatus.UNKNOWN
    start: Instant | None = None
    end: Instant | None = None

    def ordered(self) -> list[MaintenanceUpdateAnswer]:
        """Its updates in the order of posting: the first has the page's time, the others ours."""
        return sorted(
            self.updates, key=lambda each: (each.created_at or each.started, each.started)
        )

    def maintenance(self, page_url: str | None) -> PageMaintenance:
        return PageMaintenance(
            id=self.id,
            name=self.name,
            status=self.status,
            starts=self.start,
            ends=self.end,
            updates=tuple(each.update() for each in self.ordered()),
            component_ids=tuple(self.shown),
            shown=self.shown,
            url=f"{page_url}/maintenance/{self.id}" if page_url else None,
        )

    def holds(self) -> list[Hold]:
        if self.status is not MaintenanceStatus.IN_PROGRESS:
            return []
        under = ComponentStatus.UNDER_MAINTENANCE
        return [Hold(self.id, self.name, component, under) for component in self.shown]


MAINTENANCE = TypeAdapter(MaintenanceAnswer)
MAINTENANCES = TypeAdapter(list[MaintenanceAnswer], config=SILENT)
