"""The calls to incident.io about maintenances.

Source: incident.io API reference, Status Pages V2. Creates take an idempotency key, updates do not.
"""

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
from bot.errors import Gone, Rejected
from bot.providers.http import path
from bot.providers.incidentio import maintenance_bodies, maintenance_wire, wire
from bot.providers.incidentio.reader import Reader
from bot.providers.matching import CLOCK_SLACK, same_plan, same_words
from bot.providers.onward import refuse_over, refuse_return

ALL = "/v2/status_page_maintenances"


class Maintenances(Reader):
    """The half of a page that is about planned work."""

    async def maintenance(self, maintenance_id: str) -> PageMaintenance:
        answer = await self._maintenance(maintenance_id)
        shown = wire.shown(await self.holds())
        return answer.maintenance(shown, (await self._links()).maintenance(answer.id))

    async def schedule_maintenance(self, draft: MaintenanceDraft, key: str) -> PublishResult:
        body = maintenance_bodies.create_body(self._remote_id, draft, key)
        done = await self._publish(ALL, maintenance_wire.MAINTENANCE, body)
        answer = done.answer.status_page_maintenance
        updates = answer.ordered()
        return PublishResult(
            answer.id, updates[0].id if updates else None, done.notified, done.note
        )

    async def find_maintenances(
        self, draft: MaintenanceDraft, since: datetime
    ) -> Sequence[PageMaintenance]:
        """Look for the draft; by its window too, where the page tells it."""
        return tuple(
            answer.maintenance({})
            for answer in await self._maintenances()
            if (answer.published_at or since) >= since - CLOCK_SLACK
            and same_plan(answer.maintenance({}), draft)
        )

    async def post_maintenance_update(
        self,
        maintenance_id: str,
        draft: MaintenanceUpdateDraft,
        held: Mapping[str, ComponentStatus],
    ) -> PublishResult:
        """Post an update; `held` goes unused, as the page itself shows the worst of all."""
        del held
        maintenance_bodies.status_word(draft.status)  # before anything is asked
        now = (await self._maintenance(maintenance_id)).stands
        refuse_return(now, draft.status)
        body = maintenance_bodies.update_body(maintenance_id, draft, now)
        address = "/v2/status_page_maintenance_updates"
        done = await self._publish(address, maintenance_wire.POSTED_UPDATE, body)
        update = done.answer.status_page_maintenance_update
        return PublishResult(maintenance_id, update.id, done.notified, done.note)

    async def find_maintenance_updates(
        self, maintenance_id: str, draft: MaintenanceUpdateDraft, since: datetime
    ) -> Sequence[MaintenanceUpdate]:
        answer = await self._maintenance(maintenance_id)
        updates = (each.update() for each in answer.ordered())
        return tuple(
            update
            for update in updates
            if same_words(update, draft) and update.at >= since - CLOCK_SLACK
        )

    async def move_maintenance(self, maintenance_id: str, window: WindowDraft) -> None:
        """Change the times; the automation cannot be changed so, only an update of ours ends it."""
        refuse_over((await self._maintenance(maintenance_id)).stands)
        body = maintenance_bodies.move_body(window)
        address = path("v2", "status_page_maintenances", maintenance_id)
        await self._api.write("PUT", address, maintenance_wire.MAINTENANCE, body)

    async def delete_maintenance(self, maintenance_id: str) -> None:
        try:
            await self._api.remove(path("v2", "status_page_maintenances", maintenance_id))
        except Gone:
            return

    async def show_components(self, statuses: Mapping[str, ComponentStatus]) -> None:
        del statuses
        raise Rejected(
            "A component at incident.io has no status of its own;"
            " post an update on what affects it."
        )

    async def _maintenance(self, maintenance_id: str) -> maintenance_wire.MaintenanceAnswer:
        address = path("v2", "status_page_maintenances", maintenance_id)
        answer = await self._api.read(address, maintenance_wire.MAINTENANCE)
        return answer.status_page_maintenance
