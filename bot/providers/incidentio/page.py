"""The calls to incident.io about pages and incidents.

Source: incident.io API reference, Status Pages V2. Creates take an idempotency key, updates do not;
an incident has its own impact on a component, and the page shows the worst of all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.domain.incidents import IncidentDraft, IncidentStatus, PageIncident, Update, UpdateDraft
from bot.domain.maintenances import Automation
from bot.domain.pages import Capabilities, Component, ComponentStatus, Page
from bot.domain.subjects import PublishResult
from bot.errors import Gone, ProviderError, Rejected
from bot.providers.http import Api, Refusal, path
from bot.providers.incidentio import bodies, wire
from bot.providers.incidentio.maintenances import Maintenances
from bot.providers.incidentio.reader import Links, every
from bot.providers.incidentio.widget import Widget
from bot.providers.matching import CLOCK_SLACK, same_text, same_words

PROVIDER = "incidentio"

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


class IncidentIoAccount:
    """One incident.io key and the status pages of its organisation."""

    provider = PROVIDER

    def __init__(self, api: Api, page_ids: Sequence[str], widget: Widget | None = None) -> None:
        self._api = api
        self._page_ids = frozenset(page_ids)
        self._widget = widget
        self._urls: dict[str, str | None] = {}

    async def pages(self) -> Sequence[Page]:
        """Ask which pages the key reaches (incident.io API reference: ListStatusPages)."""
        answers = await every(self._api, "/v2/status_pages", wire.PAGES, {})
        found = [
            page
            for answer in answers
            for page in answer.status_pages
            if not self._page_ids or page.id in self._page_ids
        ]
        self._urls |= {page.id: page.url for page in found}
        return tuple(page.page(self.provider) for page in found)

    def page(self, page_id: str) -> "IncidentIoPage":
        provider, _, remote_id = page_id.partition(":")
        if provider != self.provider or not remote_id:
            raise ValueError(f"{page_id} is no page of {self.provider}")
        return IncidentIoPage(self._api, remote_id, partial(self.links, remote_id))

    async def links(self, remote_id: str) -> Links:
        """Return where a page's events stand in public; it never fails, it only knows less."""
        if remote_id not in self._urls:
            try:
                await self.pages()
            except ProviderError:
                return Links()
        base = self._urls.setdefault(remote_id, None)
        return Links(base, await self._widget.addresses() if self._widget and base else {})


class IncidentIoPage(Maintenances):
    """One status page at incident.io, where each incident has its own impact on components."""

    @property
    def id(self) -> str:
        return f"{PROVIDER}:{self._remote_id}"

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    async def components(self) -> Sequence[Component]:
        """Read what the page places; the statuses come from what is open, as it tells none."""
        structure = await self._structure()
        return bodies.listed(structure, wire.shown(await self.holds()))

    async def open_incidents(self) -> Sequence[PageIncident]:
        incidents = [each for each in await self._incidents() if each.is_open]
        shown = wire.shown(await self._holds(incidents))
        links = await self._links()
        return tuple(each.incident(shown, links.incident(each.id)) for each in incidents)

    async def incident(self, incident_id: str) -> PageIncident:
        answer = await self._read(incident_id)
        shown = wire.shown(await self.holds())
        return answer.incident(shown, (await self._links()).incident(answer.id))

    async def create_incident(
        self, draft: IncidentDraft, key: str, held: Mapping[str, ComponentStatus]
    ) -> PublishResult:
        """Publish an incident; `held` goes unused, as each incident has its own impacts here."""
        del held
        body = bodies.create_body(self._remote_id, draft, key)
        done = await self._publish("/v2/status_page_incidents", wire.INCIDENT, body)
        answer = done.answer.status_page_incident
        updates = answer.ordered()
        return PublishResult(
            answer.id, updates[0].id if updates else None, done.notified, done.note
        )

    async def find_incidents(self, draft: IncidentDraft, since: datetime) -> Sequence[PageIncident]:
        return tuple(
            answer.incident()
            for answer in await self._incidents()
            if answer.name == draft.name
            and answer.published_at >= since - CLOCK_SLACK
            and answer.updates
            and same_text(answer.ordered()[0].message, draft.message)
        )

    async def post_update(
        self, incident_id: str, draft: UpdateDraft, held: Mapping[str, ComponentStatus]
    ) -> PublishResult:
        """Post an update; `held` goes unused, as each incident has its own impacts here.

        When it is refused, components that the page has no longer may be why: once more without.
        """
        del held
        try:
            return await self._post_update(incident_id, draft)
        except (Gone, Refusal):
            lasting = draft.lasting(
                [each.id for each in bodies.listed(await self._structure(), {})]
            )
            left_out = frozenset(draft.impacts.keys() - lasting.impacts.keys())
            if not left_out or draft.status is IncidentStatus.RESOLVED:
                raise
        return replace(await self._post_update(incident_id, lasting), left_out=left_out)

    async def find_updates(
        self, incident_id: str, draft: UpdateDraft, since: datetime
    ) -> Sequence[Update]:
        updates = [each.update() for each in (await self._read(incident_id)).ordered()]
        return tuple(
            update
            for update in updates
            if same_words(update, draft) and update.at >= since - CLOCK_SLACK
        )

    async def rename_incident(self, incident_id: str, name: str) -> None:
        address = path("v2", "status_page_incidents", incident_id)
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
        body = bodies.update_body(incident_id, draft)
        done = await self._publish("/v2/status_page_incident_updates", wire.POSTED_UPDATE, body)
        update = done.answer.status_page_incident_update
        return PublishResult(incident_id, update.id, done.notified, done.note)

    async def _structure(self) -> wire.StructureAnswer:
        address = path("v2", "status_page_structures", self._remote_id)
        return await self._api.read(address, wire.STRUCTURE)

    async def _read(self, incident_id: str) -> wire.IncidentAnswer:
        address = path("v2", "status_page_incidents", incident_id)
        return (await self._api.read(address, wire.INCIDENT)).status_page_incident
