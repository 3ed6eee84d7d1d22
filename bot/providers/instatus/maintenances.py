"""The calls to Instatus about maintenances."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.maintenances import (
    MaintenanceDraft,
    MaintenanceStatus,
    MaintenanceUpdate,
    MaintenanceUpdateDraft,
    Notice,
    PageMaintenance,
    WindowDraft,
)
from bot.domain.subjects import PublishResult
from bot.errors import Gone, Uncertain
from bot.providers.answers import REF
from bot.providers.http import path
from bot.providers.instatus import maintenance_wire, wire
from bot.providers.instatus.reader import Endpoint, Reader, settle
from bot.providers.matching import same_maintenance, same_update
from bot.providers.statuses import Statuses, refuse_over, refuse_return

MAINTENANCES = Endpoint(
    "maintenance", maintenance_wire.MAINTENANCE, maintenance_wire.MAINTENANCES, listed_by="v2"
)


class Maintenances(Reader):
    """The half of a page that is about planned work."""

    async def maintenance(self, maintenance_id: str) -> PageMaintenance:
        """Read one; one that was deleted answers 500, so a list tells whether it is."""
        return (await self._read(MAINTENANCES, maintenance_id)).maintenance(await self._url())

    async def schedule_maintenance(self, draft: MaintenanceDraft, key: str) -> PublishResult:
        """Publish a maintenance; `key` goes unused, as Instatus takes none: look before a retry."""
        del key
        body = maintenance_wire.create_body(draft)
        address = self._address(MAINTENANCES)
        answer = await self._api.write("POST", address, MAINTENANCES.one, body)
        return answer.result(notify=Notice.NOW in draft.notices)

    async def find_maintenances(
        self, draft: MaintenanceDraft, since: datetime
    ) -> Sequence[PageMaintenance]:
        """Look for the draft by its own window, which makes `since` needless here."""
        del since
        url = await self._url()
        found = (each.maintenance(url) for each in await self._all(MAINTENANCES))
        return tuple(each for each in found if same_maintenance(each, draft))

    async def post_maintenance_update(
        self, maintenance_id: str, draft: MaintenanceUpdateDraft, held: Statuses
    ) -> PublishResult:
        """Post an update; it repeats every component, since one left out would be detached."""
        maintenance_wire.STATUSES.write(draft.status)  # before anything is asked
        answer = await self._read(MAINTENANCES, maintenance_id)
        refuse_return(answer.status, draft.status)
        shown = await self._shown(answer, draft.component_ids)
        changes = maintenance_wire.changes(answer, draft, shown, held)
        ends = answer.end or draft.ends
        body = maintenance_wire.update_body(draft, shown, ends, changes)
        address = self._address(MAINTENANCES, maintenance_id, "maintenance-updates")
        posted = await self._api.write("POST", address, wire.POSTED_UPDATE, body)
        told = draft.notify and posted.notify is not False
        return PublishResult(maintenance_id, posted.id, told)

    async def find_maintenance_updates(
        self, maintenance_id: str, draft: MaintenanceUpdateDraft, since: datetime
    ) -> Sequence[MaintenanceUpdate]:
        """Look for the draft by its own instant, and by its words where that was not kept."""
        answers = (await self._read(MAINTENANCES, maintenance_id)).ordered()
        found = ((maintenance_wire.update(each), each.created_at) for each in answers)
        return tuple(each for each, taken in found if same_update(each, draft, since, taken))

    async def move_maintenance(self, maintenance_id: str, window: WindowDraft) -> None:
        """Send the whole maintenance again, since the service asks for all of it.

        It keeps the status that the page has, which may be a step ahead of ours.
        """
        answer = await self._read(MAINTENANCES, maintenance_id)
        refuse_over(answer.status)
        status = window.status if answer.status is MaintenanceStatus.UNKNOWN else answer.status
        shown = await self._shown(answer, window.component_ids)
        body = maintenance_wire.move_body(window, status, shown)
        address = self._address(MAINTENANCES, maintenance_id)
        await self._api.write("PUT", address, REF, body)

    async def delete_maintenance(self, maintenance_id: str) -> None:
        await self._delete(MAINTENANCES, maintenance_id)

    async def show_components(self, statuses: Statuses) -> None:
        """Set each component; one that is not there any more has nothing to show."""
        for id_, status in wire.sendable(statuses).items():
            address = path("v2", self._remote_id, "components", id_)
            word = wire.COMPONENT_STATUSES.write(status)
            try:
                await self._api.write("PUT", address, REF, {"status": word})
            except (Gone, Uncertain) as doubt:
                # An unknown component answers 500 like any trouble.
                shown = await settle(doubt, self._component_statuses())
                if shown.get(id_, status) is not status:
                    raise
