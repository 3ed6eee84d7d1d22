"""Planned work on the page that Foghorn itself serves."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.maintenances import (
    MaintenanceDraft,
    MaintenanceUpdate,
    MaintenanceUpdateDraft,
    PageMaintenance,
    WindowDraft,
)
from bot.domain.pages import ComponentStatus
from bot.domain.subjects import PublishResult
from bot.errors import Rejected
from bot.providers.local import reading
from bot.providers.local.access import Access, refuse_long
from bot.providers.matching import same_maintenance, same_update
from bot.statuspage.records import maintenances


class Maintenances(Access):
    """The half of a page that is about planned work."""

    async def maintenance(self, maintenance_id: str) -> PageMaintenance:
        now = self._clock.now()
        return await self._read(reading.maintenance, maintenance_id, now, self._url)

    async def schedule_maintenance(self, draft: MaintenanceDraft, key: str) -> PublishResult:
        refuse_long(draft.name, draft.message)
        now = self._clock.now()
        return await self._write(maintenances.schedule_maintenance, draft, key, now)

    async def find_maintenances(
        self, draft: MaintenanceDraft, since: datetime
    ) -> Sequence[PageMaintenance]:
        """Look for the draft by its own window, which makes `since` needless here."""
        del since
        now = self._clock.now()
        found = await self._read(reading.maintenances_named, draft.name, now, self._url)
        return tuple(each for each in found if same_maintenance(each, draft))

    async def post_maintenance_update(
        self,
        maintenance_id: str,
        draft: MaintenanceUpdateDraft,
        held: Mapping[str, ComponentStatus],
    ) -> PublishResult:
        """Post an update; `held` goes unused, as the page itself shows the worst of all."""
        del held
        refuse_long("", draft.message)
        return await self._write(maintenances.post_maintenance_update, maintenance_id, draft)

    async def find_maintenance_updates(
        self, maintenance_id: str, draft: MaintenanceUpdateDraft, since: datetime
    ) -> Sequence[MaintenanceUpdate]:
        """Look for the draft by its own instant, which makes `since` needless here."""
        del since
        found = await self.maintenance(maintenance_id)
        return tuple(each for each in found.updates if same_update(each, draft))

    async def move_maintenance(self, maintenance_id: str, window: WindowDraft) -> None:
        now = self._clock.now()
        await self._write(maintenances.change_window, maintenance_id, window, now)

    async def delete_maintenance(self, maintenance_id: str) -> None:
        now = self._clock.now()
        await self._write(maintenances.delete_maintenance, maintenance_id, now)

    async def show_components(self, statuses: Mapping[str, ComponentStatus]) -> None:
        del statuses
        raise Rejected(
            "A component of this page has no status of its own; post an update on what affects it."
        )
