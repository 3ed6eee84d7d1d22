"""How Instatus writes maintenances down.

Source: Instatus API documentation, "Maintenances" and "Maintenance updates".
"""

from pydantic import TypeAdapter

from bot.domain.maintenances import MaintenanceStatus, MaintenanceUpdate, PageMaintenance
from bot.domain.pages import ComponentStatus, Hold
from bot.providers.answers import SILENT, Instant
from bot.providers.instatus.wire import EventAnswer, UpdateAnswer

STATUSES = {
    MaintenanceStatus.SCHEDULED: "NOTSTARTEDYET",
    MaintenanceStatus.IN_PROGRESS: "INPROGRESS",
    MaintenanceStatus.COMPLETED: "COMPLETED",
}
_WORDS = {word: status for status, word in STATUSES.items()}


class MaintenanceAnswer(EventAnswer):
    """A maintenance."""

    start: Instant | None = None
    end: Instant | None = None

    @property
    def stands(self) -> MaintenanceStatus:
        """Where it stands, in our words."""
        return maintenance_status(self.status)

    def ordered(self) -> list[UpdateAnswer]:
        """Its updates in the order of posting: the first has the page's time, the others ours."""
        return sorted(
            self.updates, key=lambda each: (each.created_at or each.started, each.started)
        )

    def maintenance(self, page_url: str | None) -> PageMaintenance:
        return PageMaintenance(
            id=self.id,
            name=self.name,
            status=self.stands,
            starts=self.start,
            ends=self.end,
            updates=tuple(_update(each) for each in self.ordered()),
            component_ids=tuple(self.shown),
            shown=self.shown,
            url=f"{page_url}/maintenance/{self.id}" if page_url else None,
        )

    def holds(self) -> list[Hold]:
        if self.stands is not MaintenanceStatus.IN_PROGRESS:
            return []
        under = ComponentStatus.UNDER_MAINTENANCE
        return [Hold(self.id, self.name, component, under) for component in self.shown]


MAINTENANCE = TypeAdapter(MaintenanceAnswer)
MAINTENANCES = TypeAdapter(list[MaintenanceAnswer], config=SILENT)


def maintenance_status(word: str) -> MaintenanceStatus:
    return _WORDS.get(word.upper(), MaintenanceStatus.UNKNOWN)


def _update(answer: UpdateAnswer) -> MaintenanceUpdate:
    return MaintenanceUpdate(
        answer.id, maintenance_status(answer.status), answer.message, answer.started
    )
