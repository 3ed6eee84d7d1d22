"""The calls to incident.io about maintenances."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from bot.domain.maintenances import (
    MaintenanceDraft,
    MaintenanceUpdate,
    MaintenanceUpdateDraft,
    PageMaintenance,
    WindowDraft,
)
from bot.domain.subjects import PublishResult
from bot.errors import Gone, Rejected
from bot.providers.http import path
from bot.providers.incidentio import maintenance_wire, wire
from bot.providers.incidentio.reader import MAINTENANCES, Reader
from bot.providers.matching import is_since, same_maintenance, same_update
from bot.providers.statuses import Statuses, refuse_over, refuse_return


class Maintenances(Reader):
    """The half of a page that is about planned work."""

    async def maintenance(self, maintenance_id: str) -> PageMaintenance:
        answer = await self._maintenance(maintenance_id)
        shown = wire.shown(await self.holds())
        return answer.maintenance(shown, (await self._links()).maintenance(answer.id))

    async def schedule_maintenance(self, draft: MaintenanceDraft, key: str) -> PublishResult:
        body = maintenance_wire.create_body(self._remote_id, draft, key)
        done = await self._publish(MAINTENANCES, maintenance_wire.MAINTENANCE, body)
        return PublishResult(done.item.id, done.item.first_update_id, done.notified, done.note)

    async def find_maintenances(
        self, draft: MaintenanceDraft, since: datetime
    ) -> Sequence[PageMaintenance]:
        """Look for the draft; by its window too, where the page tells it."""
        answers = await self._maintenances()
        recent = (each for each in answers if is_since(each.published_at or since, since))
        found = (each.maintenance({}) for each in recent)
        return tuple(each for each in found if same_maintenance(each, draft))

    async def post_maintenance_update(
        self, maintenance_id: str, draft: MaintenanceUpdateDraft, held: Statuses
    ) -> PublishResult:
        """Post an update; `held` goes unused, as the page itself shows the worst of all."""
        del held
        maintenance_wire.STATUSES.write(draft.status)  # before anything is asked
        now = (await self._maintenance(maintenance_id)).maintenance_status
        refuse_return(now, draft.status)
        body = maintenance_wire.update_body(maintenance_id, draft, now)
        address = "/v2/status_page_maintenance_updates"
        done = await self._publish(address, wire.UPDATE, body)
        return PublishResult(maintenance_id, done.item.id, done.notified, done.note)

    async def find_maintenance_updates(
        self, maintenance_id: str, draft: MaintenanceUpdateDraft, since: datetime
    ) -> Sequence[MaintenanceUpdate]:
        found = (await self._maintenance(maintenance_id)).maintenance({})
        return tuple(each for each in found.updates if same_update(each, draft, since))

    async def move_maintenance(self, maintenance_id: str, window: WindowDraft) -> None:
        """Change the times; the automation cannot be changed so, only an update of ours ends it."""
        refuse_over((await self._maintenance(maintenance_id)).maintenance_status)
        body = maintenance_wire.move_body(window)
        address = MAINTENANCES + path(maintenance_id)
        await self._api.write("PUT", address, maintenance_wire.MAINTENANCE, body)

    async def delete_maintenance(self, maintenance_id: str) -> None:
        with suppress(Gone):
            await self._api.remove(MAINTENANCES + path(maintenance_id))

    async def show_components(self, statuses: Statuses) -> None:
        del statuses
        raise Rejected(
            "A component at incident.io has no status of its own;"
            " post an update on what affects it."
        )

    async def _maintenance(self, maintenance_id: str) -> maintenance_wire.MaintenanceAnswer:
        return await self._read(MAINTENANCES, maintenance_id, maintenance_wire.MAINTENANCE)
