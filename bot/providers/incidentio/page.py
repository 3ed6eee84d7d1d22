"""The calls to incident.io about pages and incidents.

Creates take an idempotency key, updates do not; an incident has its own impact on a component, and
the page shows the worst of all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from bot.domain.incidents import IncidentDraft, IncidentStatus, PageIncident, Update, UpdateDraft
from bot.domain.maintenances import Automation
from bot.domain.pages import Capabilities, Component, Page
from bot.domain.subjects import PublishResult
from bot.errors import Gone, Rejected
from bot.ports import Clock
from bot.providers.account import VendorAccount
from bot.providers.http import Api, Client, Refusal, path
from bot.providers.incidentio import wire
from bot.providers.incidentio.maintenances import Maintenances
from bot.providers.incidentio.reader import INCIDENTS, Links, every
from bot.providers.incidentio.widget import Widget
from bot.providers.matching import is_since, same_update, same_words
from bot.providers.statuses import Statuses

CAPABILITIES = Capabilities(
    name_limit=200,
    message_limit=4096,
    backdates=False,
    edits_updates=False,
    deletes_updates=False,
    deletes_incidents=False,
    shares_component_status=False,
    takes_create_key=True,
    update_limit=100,
    notify_limit=1000,
    drives=frozenset({Automation.START_AND_FINISH}),
    notices_alike=True,
)


@dataclass(frozen=True, slots=True)
class IncidentIoSettings:
    """How to reach incident.io; `widget_url` gives incidents' public links."""

    api_key: str = field(repr=False)
    api_url: str = "https://api.incident.io"
    page_ids: Sequence[str] = ()
    widget_url: str | None = None

    def open(self, client: Client, clock: Clock) -> "IncidentIoAccount":
        api = Api(client, "incident.io", self.api_url, clock, self.api_key)
        widget = None
        if self.widget_url:
            widget = Widget(Api(client, "incident.io's widget", self.widget_url, clock))
        return IncidentIoAccount(api, self.page_ids, widget)


class IncidentIoAccount(VendorAccount):
    """One incident.io key and the status pages of its organisation."""

    provider = "incidentio"
    capabilities = CAPABILITIES

    def __init__(self, api: Api, page_ids: Sequence[str], widget: Widget | None = None) -> None:
        super().__init__(api, page_ids)
        self._widget = widget

    def page(self, page_id: str) -> "IncidentIoPage":
        remote_id = self._remote_id(page_id)
        return IncidentIoPage(self._api, page_id, remote_id, partial(self.links, page_id))

    async def links(self, page_id: str) -> Links:
        """Return where a page's events stand in public; it never fails, it only knows less."""
        base = await self.url(page_id)
        return Links(base, await self._widget.addresses() if self._widget and base else {})

    async def _all_pages(self) -> Sequence[Page]:
        """Ask which pages the key reaches (incident.io API reference: ListStatusPages)."""
        answers = await every(self._api, "/v2/status_pages", wire.PAGES)
        return [page.page(self.provider) for page in answers]


class IncidentIoPage(Maintenances):
    """One status page at incident.io, where each incident has its own impact on components."""

    capabilities = CAPABILITIES

    async def components(self) -> Sequence[Component]:
        """Read what the page places; the statuses come from what is open, as it tells none."""
        structure = await self._structure()
        return structure.components(wire.shown(await self.holds()))

    async def open_incidents(self) -> Sequence[PageIncident]:
        incidents = [each for each in await self._incidents() if each.is_open]
        shown = wire.shown(await self._holds(incidents))
        links = await self._links()
        return tuple(each.incident(shown, links.incident(each.id)) for each in incidents)

    async def incident(self, incident_id: str) -> PageIncident:
        answer = await self._incident(incident_id)
        shown = wire.shown(await self.holds())
        return answer.incident(shown, (await self._links()).incident(answer.id))

    async def create_incident(
        self, draft: IncidentDraft, key: str, held: Statuses
    ) -> PublishResult:
        """Publish an incident; `held` goes unused, as each incident has its own impacts here."""
        del held
        body = wire.create_body(self._remote_id, draft, key)
        done = await self._publish(INCIDENTS, wire.INCIDENT, body)
        return PublishResult(done.item.id, done.item.first_update_id, done.notified, done.note)

    async def find_incidents(self, draft: IncidentDraft, since: datetime) -> Sequence[PageIncident]:
        found = (answer.incident() for answer in await self._incidents())
        return tuple(
            each for each in found if same_words(each, draft) and is_since(each.started, since)
        )

    async def post_update(
        self, incident_id: str, draft: UpdateDraft, held: Statuses
    ) -> PublishResult:
        """Post an update; `held` goes unused, as each incident has its own impacts here.

        When it is refused, components that the page has no longer may be why: once more without.
        """
        del held
        try:
            return await self._post_update(incident_id, draft)
        except (Gone, Refusal):
            listed = (await self._structure()).components({})
            lasting = draft.lasting([each.id for each in listed])
            left_out = frozenset(draft.impacts.keys() - lasting.impacts.keys())
            if not left_out or draft.status is IncidentStatus.RESOLVED:
                raise
        return replace(await self._post_update(incident_id, lasting), left_out=left_out)

    async def find_updates(
        self, incident_id: str, draft: UpdateDraft, since: datetime
    ) -> Sequence[Update]:
        found = (await self._incident(incident_id)).incident()
        return tuple(each for each in found.updates if same_update(each, draft, since))

    async def rename_incident(self, incident_id: str, name: str) -> None:
        address = INCIDENTS + path(incident_id)
        await self._api.write("PUT", address, wire.INCIDENT, {"name": name})

    async def edit_update(self, incident_id: str, update_id: str, message: str) -> None:
        del incident_id, update_id, message
        raise Rejected(
            "incident.io cannot change a posted update; post a correction as a new update."
        )

    async def delete_update(self, incident_id: str, update_id: str) -> None:
        del incident_id, update_id
        raise Rejected(
            "incident.io cannot take back a posted update; post a correction as a new update."
        )

    async def delete_incident(self, incident_id: str) -> None:
        del incident_id
        raise Rejected(
            "incident.io only deletes incidents in its dashboard; delete it there, or resolve it."
        )

    async def _post_update(self, incident_id: str, draft: UpdateDraft) -> PublishResult:
        body = wire.update_body(incident_id, draft)
        done = await self._publish("/v2/status_page_incident_updates", wire.UPDATE, body)
        return PublishResult(incident_id, done.item.id, done.notified, done.note)

    async def _structure(self) -> wire.StructureAnswer:
        address = path("v2", "status_page_structures", self._remote_id)
        return await self._api.read(address, wire.STRUCTURE)

    async def _incident(self, incident_id: str) -> wire.IncidentAnswer:
        return await self._read(INCIDENTS, incident_id, wire.INCIDENT)
