"""How incident.io writes maintenances down.

A window has no times of its own: they come back with its components, and without any they cannot
be read.
"""

from typing import Annotated

from pydantic import BeforeValidator, TypeAdapter

from bot.domain.maintenances import (
    MaintenanceDraft,
    MaintenanceStatus,
    MaintenanceUpdate,
    MaintenanceUpdateDraft,
    Notice,
    PageMaintenance,
    WindowDraft,
)
from bot.domain.pages import ComponentStatus, Hold
from bot.domain.subjects import Step
from bot.providers.answers import Answer, Instant
from bot.providers.http import Body
from bot.providers.incidentio.wire import EventAnswer, ItemAnswer, ListAnswer
from bot.providers.statuses import Statuses, maintenance_words
from bot.providers.times import write_instant

STATUSES = maintenance_words(
    "incident.io",
    {
        MaintenanceStatus.SCHEDULED: "maintenance_scheduled",
        MaintenanceStatus.IN_PROGRESS: "maintenance_in_progress",
        MaintenanceStatus.COMPLETED: "maintenance_complete",
    },
)

MaintenanceWord = Annotated[MaintenanceStatus, BeforeValidator(STATUSES.read)]


class PeriodAnswer(Answer):
    """When a maintenance affects a component."""

    component_id: str
    start_at: Instant | None = None
    end_at: Instant | None = None


class MaintenanceAnswer(EventAnswer):
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
        runs = self.maintenance_status is MaintenanceStatus.IN_PROGRESS
        return [
            Hold(self.id, self.name, component, status)
            for component, status in self.statuses().items()
            if runs and status is ComponentStatus.UNDER_MAINTENANCE
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
            updates=tuple(
                MaintenanceUpdate(each.id, STATUSES.read(each.status), each.message, each.at)
                for each in self.ordered()
            ),
            component_ids=named,
            shown={id_: shown.get(id_, ComponentStatus.OPERATIONAL) for id_ in named},
            url=url,
        )


MAINTENANCE = TypeAdapter(ItemAnswer[MaintenanceAnswer])
MAINTENANCES = TypeAdapter(ListAnswer[MaintenanceAnswer])


def create_body(page_id: str, draft: MaintenanceDraft, key: str) -> Body:
    """Write CreateStatusPageMaintenance; it takes both steps by itself, or none."""
    return {
        "status_page_id": page_id,
        "name": draft.name,
        "message": draft.message,
        "maintenance_status": STATUSES.write(MaintenanceStatus.SCHEDULED),
        "notify_subscribers": Notice.NOW in draft.notices,
        "idempotency_key": key,
        "affected_component_ids": list(draft.component_ids),
        "start_at": write_instant(draft.starts),
        "end_at": write_instant(draft.ends),
        "automate_maintenance_status": set(draft.driven) == set(Step),
    }


def move_body(window: WindowDraft) -> Body:
    """Write UpdateStatusPageMaintenance, which takes no more than this."""
    return {
        "name": window.name,
        "start_at": write_instant(window.starts),
        "end_at": write_instant(window.ends),
    }


def update_body(maintenance_id: str, draft: MaintenanceUpdateDraft, now: MaintenanceStatus) -> Body:
    """Write CreateStatusPageMaintenanceUpdate for a maintenance that stands at `now`.

    A status ends the service's own automation, so one that it has already is left out. Components
    may not be named once it is complete.
    """
    body: Body = {
        "status_page_maintenance_id": maintenance_id,
        "message": draft.message,
        "notify_subscribers": draft.notify,
    }
    if draft.status is not now:
        body["maintenance_status"] = STATUSES.write(draft.status)
    if draft.status is MaintenanceStatus.IN_PROGRESS and draft.component_ids:
        body["component_statuses"] = [
            {"component_id": id_, "component_status": "under_maintenance"}
            for id_ in draft.component_ids
        ]
    return body
