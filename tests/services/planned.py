"""A status page in memory that plans work, and drives it where a test says that it can."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.domain.incidents import IncidentDraft, PageIncident, Update, UpdateDraft
from bot.domain.maintenances import (
    MaintenanceDraft,
    MaintenanceStatus,
    MaintenanceUpdate,
    MaintenanceUpdateDraft,
    PageMaintenance,
    WindowDraft,
)
from bot.domain.pages import (
    Capabilities,
    Component,
    ComponentStatus,
    Hold,
    component_statuses,
    held,
)
from bot.domain.subjects import PublishResult, Step
from bot.errors import Gone, Rejected, Uncertain
from tests.services.shaky import MovedClock

PAGE = "planned:1"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
RUNNING = MaintenanceStatus.IN_PROGRESS
OPERATIONAL, UNDER = ComponentStatus.OPERATIONAL, ComponentStatus.UNDER_MAINTENANCE

BARE = Capabilities(
    name_limit=50,
    message_limit=200,
    backdates=True,
    edits_updates=False,
    deletes_updates=False,
    deletes_incidents=False,
    shares_component_status=False,
    takes_create_key=True,
    keeps_cancelled=True,
)
"""A page that drives nothing and remembers all."""


@dataclass
class Planned:
    """A maintenance on the page, and what it takes by itself."""

    kept: PageMaintenance
    driven: tuple[Step, ...]


class PlannedPage:
    """The page: whatever is written is in `written`, in order, as it arrived."""

    def __init__(self, clock: MovedClock, page_id: str, capabilities: Capabilities) -> None:
        self.id = page_id
        self.capabilities = capabilities
        self.works: dict[str, Planned] = {}
        self.opened: dict[str, PageIncident] = {}
        self.components_set: list[Mapping[str, ComponentStatus]] = []
        self.own: dict[str, ComponentStatus] = {}
        self.written: list[object] = []
        self.lost: list[type] = []
        self.drives = True
        self.frees = True
        self.refuses: str | None = None
        self.refuses_incidents = False
        self._keys: dict[str, PublishResult] = {}
        self._clock = clock

    def _arrives(self, draft: object) -> None:
        """Take a write, unless the test wants it refused."""
        if self.refuses or (self.refuses_incidents and isinstance(draft, IncidentDraft)):
            raise Rejected(self.refuses or "No incidents.")
        self.written.append(draft)

    def _answer(self, draft: object) -> None:
        """Lose the answer to what is done, when the test wants that."""
        if type(draft) in self.lost:
            self.lost.remove(type(draft))
            raise Uncertain("Cut.")

    def passes(self) -> None:
        """Take the steps that the page drives and whose time has come."""
        for id_, work in self.works.items():
            for step, at, status in (
                (Step.START, work.kept.starts, RUNNING),
                (Step.FINISH, work.kept.ends, MaintenanceStatus.COMPLETED),
            ):
                due = self.drives and at and at <= self._clock.now() and step in work.driven
                if due and not work.kept.status.is_over and work.kept.status is not status:
                    self._add(id_, status, "By itself.", at or NOON)
                    own = UNDER if status is RUNNING else OPERATIONAL
                    if self.frees or status is RUNNING:
                        self.own |= dict.fromkeys(work.kept.component_ids, own)

    def _add(self, id_: str, status: MaintenanceStatus, text: str, at: datetime) -> str:
        work = self.works[id_]
        posted = MaintenanceUpdate(f"{id_}-{len(work.kept.updates)}", status, text, at)
        work.kept = replace(work.kept, status=status, updates=(*work.kept.updates, posted))
        return posted.id

    async def components(self) -> Sequence[Component]:
        return (Component("c1", "API"),)

    async def holds(self) -> Sequence[Hold]:
        self.passes()
        return [
            Hold(id_, work.kept.name, component_id, UNDER)
            for id_, work in self.works.items()
            for component_id in work.kept.component_ids
            if work.kept.status is RUNNING
        ] + [
            Hold(each.id, each.name, component_id, impact)
            for each in self.opened.values()
            for component_id, impact in each.impacts.items()
            if each.is_open
        ]

    def _shown(self, holds: Sequence[Hold], ids: Sequence[str]) -> dict[str, ComponentStatus]:
        if self.capabilities.shares_component_status:
            return {id_: self.own.get(id_, OPERATIONAL) for id_ in ids}
        statuses = held(holds)
        return {id_: statuses.get(id_, OPERATIONAL) for id_ in ids}

    async def open_incidents(self) -> Sequence[PageIncident]:
        return tuple(each for each in self.opened.values() if each.is_open)

    async def incident(self, incident_id: str) -> PageIncident:
        found = self.opened[incident_id]
        return replace(found, shown=self._shown(await self.holds(), tuple(found.impacts)))

    async def create_incident(
        self, draft: IncidentDraft, key: str, held: Mapping[str, ComponentStatus]
    ) -> PublishResult:
        del key
        self._arrives(draft)
        number = f"i{len(self.opened) + 1}"
        update = Update(f"{number}-1", draft.status, draft.message, draft.started)
        self.opened[number] = PageIncident(
            number, draft.name, draft.status, draft.started, (update,), draft.impacts
        )
        self.own |= component_statuses(draft.impacts, held)
        return PublishResult(number, update.id, notified=draft.notify)

    async def post_update(
        self, incident_id: str, draft: UpdateDraft, held: Mapping[str, ComponentStatus]
    ) -> PublishResult:
        self._arrives(draft)
        before = self.opened[incident_id]
        update = Update(f"u{len(self.written)}", draft.status, draft.message, draft.at)
        self.opened[incident_id] = replace(
            before, status=draft.status, updates=(*before.updates, update), impacts=draft.impacts
        )
        self.own |= component_statuses(draft.impacts, held)
        return PublishResult(incident_id, update.id, notified=draft.notify)

    async def maintenance(self, maintenance_id: str) -> PageMaintenance:
        self.passes()
        if maintenance_id not in self.works:
            raise Gone("It is not there.")
        kept = self.works[maintenance_id].kept
        return replace(kept, shown=self._shown(await self.holds(), kept.component_ids))

    async def schedule_maintenance(self, draft: MaintenanceDraft, key: str) -> PublishResult:
        self._arrives(draft)
        if not (posted := self._keys.get(key)):
            id_ = f"m{len(self.works) + 1}"
            scheduled = MaintenanceStatus.SCHEDULED
            kept = PageMaintenance(
                id_, draft.name, scheduled, draft.starts, draft.ends, (), draft.component_ids
            )
            self.works[id_] = Planned(kept, draft.driven)
            update_id = self._add(id_, scheduled, draft.message, self._clock.now())
            posted = PublishResult(id_, update_id, notified=True)
            if self.capabilities.takes_create_key:
                self._keys[key] = posted
        self._answer(draft)
        return posted

    async def find_maintenances(
        self, draft: MaintenanceDraft, since: datetime
    ) -> Sequence[PageMaintenance]:
        del since
        return [work.kept for work in self.works.values() if work.kept.name == draft.name]

    async def post_maintenance_update(
        self,
        maintenance_id: str,
        draft: MaintenanceUpdateDraft,
        held: Mapping[str, ComponentStatus],
    ) -> PublishResult:
        self._arrives(draft)
        update_id = self._add(maintenance_id, draft.status, draft.message, draft.at)
        own = UNDER if draft.status is RUNNING else OPERATIONAL
        self.own |= component_statuses(dict.fromkeys(draft.component_ids, own), held)
        self._answer(draft)
        return PublishResult(maintenance_id, update_id, notified=draft.notify)

    async def find_maintenance_updates(
        self, maintenance_id: str, draft: MaintenanceUpdateDraft, since: datetime
    ) -> Sequence[MaintenanceUpdate]:
        del since
        updates = self.works[maintenance_id].kept.updates
        return [each for each in updates if (each.message, each.at) == (draft.message, draft.at)]

    async def move_maintenance(self, maintenance_id: str, window: WindowDraft) -> None:
        self._arrives(window)
        work = self.works[maintenance_id]
        work.kept = replace(work.kept, starts=window.starts, ends=window.ends)
        work.driven = window.driven
        self._answer(window)

    async def delete_maintenance(self, maintenance_id: str) -> None:
        self._arrives(maintenance_id)
        self.works.pop(maintenance_id, None)

    async def show_components(self, statuses: Mapping[str, ComponentStatus]) -> None:
        self.components_set.append(statuses)
        self.own |= statuses

    async def find_incidents(self, draft: IncidentDraft, since: datetime) -> Sequence[PageIncident]:
        raise NotImplementedError

    async def find_updates(
        self, incident_id: str, draft: UpdateDraft, since: datetime
    ) -> Sequence[Update]:
        raise NotImplementedError

    async def rename_incident(self, incident_id: str, name: str) -> None:
        raise NotImplementedError

    async def edit_update(self, incident_id: str, update_id: str, message: str) -> None:
        raise NotImplementedError

    async def delete_update(self, incident_id: str, update_id: str) -> None:
        raise NotImplementedError

    async def delete_incident(self, incident_id: str) -> None:
        raise NotImplementedError
