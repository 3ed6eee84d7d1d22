"""The calls to Instatus about pages and incidents.

It has no idempotency key, and answers 500 to plain mistakes and unknown ids too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot.domain.incidents import IncidentDraft, IncidentStatus, PageIncident, Update, UpdateDraft
from bot.domain.maintenances import Automation
from bot.domain.pages import Capabilities, Hold, Page
from bot.domain.subjects import PublishResult
from bot.errors import Gone, Rejected, Uncertain
from bot.ports import Clock
from bot.providers.account import VendorAccount
from bot.providers.answers import REF
from bot.providers.http import Api, Client
from bot.providers.instatus import wire
from bot.providers.instatus.maintenance_wire import MaintenanceAnswer
from bot.providers.instatus.maintenances import MAINTENANCES, Maintenances
from bot.providers.instatus.reader import Endpoint, every, pages, settle
from bot.providers.matching import same_incident, same_update
from bot.providers.statuses import Statuses

INCIDENTS = Endpoint("incident", wire.INCIDENT, wire.INCIDENTS)
ORDER_SLACK = timedelta(days=1)
"""How far a list, which is said to be newest first, may be out of order."""

CAPABILITIES = Capabilities(
    name_limit=None,
    message_limit=None,
    backdates=True,
    edits_updates=True,
    deletes_updates=True,
    deletes_incidents=True,
    shares_component_status=True,
    takes_create_key=False,
    drives=frozenset({Automation.START, Automation.START_AND_FINISH}),
    notices_ahead=True,
)


@dataclass(frozen=True, slots=True)
class InstatusSettings:
    """How to reach Instatus; `page_ids` narrow the pages of the key, none means all."""

    api_key: str = field(repr=False)
    api_url: str = "https://api.instatus.com"
    page_ids: Sequence[str] = ()

    def open(self, client: Client, clock: Clock) -> "InstatusAccount":
        api = Api(client, "Instatus", self.api_url, clock, self.api_key)
        return InstatusAccount(api, self.page_ids)


class InstatusAccount(VendorAccount):
    """One Instatus key and the pages its owner reaches."""

    provider = "instatus"
    capabilities = CAPABILITIES

    def page(self, page_id: str) -> "InstatusPage":
        remote_id = self._remote_id(page_id)
        return InstatusPage(self._api, page_id, remote_id, partial(self.url, page_id))

    async def _all_pages(self) -> Sequence[Page]:
        """Ask which pages the key reaches (Instatus API documentation: `GET /v2/pages`)."""
        pages = await every(self._api, "/v2/pages", wire.PAGES)
        return [page.page(self.provider) for page in pages]


class InstatusPage(Maintenances):
    """One status page at Instatus, where a component has one status for all."""

    capabilities = CAPABILITIES

    async def open_incidents(self) -> Sequence[PageIncident]:
        incidents = await self._open()
        url = await self._url()
        return tuple(incident.incident(url) for incident in incidents)

    async def holds(self) -> Sequence[Hold]:
        maintenances = await self._all(MAINTENANCES)
        incidents = await self._open()
        events: list[wire.IncidentAnswer | MaintenanceAnswer] = [*incidents, *maintenances]
        return tuple(hold for event in events for hold in event.holds())

    async def incident(self, incident_id: str) -> PageIncident:
        """Read one incident; one that was deleted answers 500, so a list tells whether it is."""
        return (await self._read(INCIDENTS, incident_id)).incident(await self._url())

    async def create_incident(
        self, draft: IncidentDraft, key: str, held: Statuses
    ) -> PublishResult:
        """Publish an incident; `key` goes unused, as Instatus takes none: look before a retry."""
        del key
        body = wire.create_body(draft, held)
        answer = await self._api.write("POST", self._address(INCIDENTS), wire.INCIDENT, body)
        return answer.result(notify=draft.notify)

    async def find_incidents(self, draft: IncidentDraft, since: datetime) -> Sequence[PageIncident]:
        """Look for the draft by its own instant, and by its words where that was not kept."""
        incidents = await self._recent(since)
        url = await self._url()
        found = ((each.incident(url), each.created_at) for each in incidents)
        return tuple(each for each, taken in found if same_incident(each, draft, since, taken))

    async def post_update(
        self, incident_id: str, draft: UpdateDraft, held: Statuses
    ) -> PublishResult:
        """Post an update; it repeats every component, since one left out would be detached.

        Only what the page has no longer is left out, unless it is new to the incident.
        """
        wire.INCIDENT_STATUSES.write(draft.status)
        wire.sendable(draft.impacts)
        incident = await self._read(INCIDENTS, incident_id)
        shown = await self._shown(incident, draft.impacts)
        left_out = frozenset(draft.impacts)
        draft = draft.lasting(shown)
        left_out -= draft.impacts.keys()
        if draft.impacts.keys() - shown.keys():
            raise Rejected("Instatus does not have one of the components any more.")
        changes = wire.changes(incident, draft, shown, held)
        body = wire.update_body(draft, dict.fromkeys((*incident.shown, *draft.impacts)), changes)
        address = self._address(INCIDENTS, incident_id, "incident-updates")
        answer = await self._api.write("POST", address, wire.POSTED_UPDATE, body)
        told = draft.notify and answer.notify is not False
        return PublishResult(incident_id, answer.id, told, left_out=left_out)

    async def find_updates(
        self, incident_id: str, draft: UpdateDraft, since: datetime
    ) -> Sequence[Update]:
        """Look for the draft by its own instant, and by its words where that was not kept."""
        answers = (await self._read(INCIDENTS, incident_id)).ordered()
        found = ((each.update(), each.created_at) for each in answers)
        return tuple(each for each, taken in found if same_update(each, draft, since, taken))

    async def rename_incident(self, incident_id: str, name: str) -> None:
        body = wire.rename_body(await self._read(INCIDENTS, incident_id), name)
        await self._api.write("PUT", self._address(INCIDENTS, incident_id), REF, body)

    async def edit_update(self, incident_id: str, update_id: str, message: str) -> None:
        """Change a text in place; whether `notify` would mail again is unknown, so it is false."""
        address = self._address(INCIDENTS, incident_id, "incident-updates", update_id)
        body = {"message": message, "notify": False}
        await self._api.write("PUT", address, wire.POSTED_UPDATE, body)

    async def delete_update(self, incident_id: str, update_id: str) -> None:
        try:
            address = self._address(INCIDENTS, incident_id, "incident-updates", update_id)
            await self._api.write("DELETE", address, REF)
        except (Gone, Uncertain) as doubt:
            incident = await settle(doubt, self._read(INCIDENTS, incident_id))
            if update_id in {each.id for each in incident.updates}:
                raise

    async def delete_incident(self, incident_id: str) -> None:
        await self._delete(INCIDENTS, incident_id)

    async def _open(self) -> list[wire.IncidentAnswer]:
        # The filter only saves reading: whether it is obeyed is checked here.
        incidents = await self._all(INCIDENTS, {"!status": "RESOLVED"})
        return [each for each in incidents if each.status is not IncidentStatus.RESOLVED]

    async def _recent(self, since: datetime) -> list[wire.IncidentAnswer]:
        """Read the list until a whole page of it is older than `since`."""
        recent: list[wire.IncidentAnswer] = []
        async for answers in pages(self._api, self._address(INCIDENTS), wire.INCIDENTS):
            recent += answers
            newest = max(each.created_at or each.started for each in answers)
            if newest < since - ORDER_SLACK:
                break
        return recent
