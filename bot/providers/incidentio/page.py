"""The calls to incident.io.

Source: incident.io API reference, Status Pages V2. Creates take an idempotency key, updates do not;
an incident has its own impact on a component, and the page shows the worst of all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from pydantic import TypeAdapter

from bot.domain.incidents import (
    IncidentDraft,
    PageIncident,
    Posted,
    Update,
    UpdateDraft,
)
from bot.domain.pages import Capabilities, Component, ComponentStatus, Hold, Page
from bot.errors import ProviderError, Rejected
from bot.providers.http import Api, Refusal, path
from bot.providers.incidentio import bodies, wire
from bot.providers.incidentio.widget import Widget
from bot.providers.matching import CLOCK_SLACK, same_text

PAGE_SIZE = 250
"""The most that a list answers at once (incident.io API reference: pagination)."""
QUIET_NOTE = (
    "Subscribers were not told: incident.io does not let Foghorn notify a page with more than"
    " 1,000 subscribers. Publish from incident.io's dashboard to reach them."
)

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
)

L = TypeVar("L", bound=wire.ListAnswer)


class IncidentIoAccount:
    """One incident.io key and the status pages of its organisation."""

    provider = "incidentio"

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
        return IncidentIoPage(self, self._api, remote_id)

    async def addresses(self, remote_id: str) -> Callable[[str], str | None]:
        """Return what tells an incident's public address; it never fails, it only knows less."""
        if remote_id not in self._urls:
            try:
                await self.pages()
            except ProviderError:
                return lambda _: None
        base = self._urls.setdefault(remote_id, None)
        known = await self._widget.addresses() if self._widget and base else {}
        return lambda id_: known.get(id_) or (f"{base}/incidents/{id_}" if base else None)


class IncidentIoPage:
    """One status page at incident.io, where each incident has its own impact on components."""

    def __init__(self, account: IncidentIoAccount, api: Api, remote_id: str) -> None:
        self._account = account
        self._api = api
        self._remote_id = remote_id

    @property
    def id(self) -> str:
        return f"{self._account.provider}:{self._remote_id}"

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    async def components(self) -> Sequence[Component]:
        """Read what the page places; the statuses come from what is open, as it tells none."""
        address = path("v2", "status_page_structures", self._remote_id)
        structure = await self._api.read(address, wire.STRUCTURE)
        return bodies.listed(structure, wire.shown(await self.holds()))

    async def open_incidents(self) -> Sequence[PageIncident]:
        incidents = [each for each in await self._incidents() if each.is_open]
        shown = wire.shown(await self._holds(incidents))
        address = await self._account.addresses(self._remote_id)
        return tuple(each.incident(shown, address(each.id)) for each in incidents)

    async def holds(self) -> Sequence[Hold]:
        return await self._holds(await self._incidents())

    async def incident(self, incident_id: str) -> PageIncident:
        answer = await self._read(incident_id)
        shown = wire.shown(await self.holds())
        address = await self._account.addresses(self._remote_id)
        return answer.incident(shown, address(answer.id))

    async def create_incident(
        self, draft: IncidentDraft, key: str, held: Mapping[str, ComponentStatus]
    ) -> Posted:
        """Publish an incident; `held` goes unused, as each incident has its own impacts here."""
        del held
        try:
            return await self._create(draft, key)
        except Refusal as refusal:
            if not _may_be_about_notifying(refusal, draft):
                raise
        # The first key may now stand for the refusal, so the quiet try has its own.
        posted = await self._create(replace(draft, notify=False), f"{key}-quiet")
        return replace(posted, note=QUIET_NOTE)

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
    ) -> Posted:
        """Post an update; `held` goes unused, as each incident has its own impacts here."""
        del held
        try:
            return await self._post(incident_id, draft)
        except Refusal as refusal:
            if not _may_be_about_notifying(refusal, draft):
                raise
        posted = await self._post(incident_id, replace(draft, notify=False))
        return replace(posted, note=QUIET_NOTE)

    async def find_updates(
        self, incident_id: str, draft: UpdateDraft, since: datetime
    ) -> Sequence[Update]:
        updates = [each.update() for each in (await self._read(incident_id)).ordered()]
        return tuple(
            update
            for update in updates
            if same_text(update.message, draft.message)
            and update.status is draft.status
            and update.at >= since - CLOCK_SLACK
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

    async def _create(self, draft: IncidentDraft, key: str) -> Posted:
        body = bodies.create_body(self._remote_id, draft, key)
        address = "/v2/status_page_incidents"
        answer = (await self._api.write("POST", address, wire.INCIDENT, body)).status_page_incident
        updates = answer.ordered()
        return Posted(answer.id, updates[0].id if updates else None, draft.notify)

    async def _post(self, incident_id: str, draft: UpdateDraft) -> Posted:
        body = bodies.update_body(incident_id, draft)
        address = "/v2/status_page_incident_updates"
        answer = await self._api.write("POST", address, wire.POSTED_UPDATE, body)
        return Posted(incident_id, answer.status_page_incident_update.id, draft.notify)

    async def _read(self, incident_id: str) -> wire.IncidentAnswer:
        address = path("v2", "status_page_incidents", incident_id)
        return (await self._api.read(address, wire.INCIDENT)).status_page_incident

    async def _incidents(self) -> list[wire.IncidentAnswer]:
        """Read all incidents: the list has no filter by status and states no order."""
        answers = await every(
            self._api, "/v2/status_page_incidents", wire.INCIDENTS, self._of_this_page
        )
        return _each_once([each for answer in answers for each in answer.status_page_incidents])

    async def _holds(self, incidents: Sequence[wire.IncidentAnswer]) -> tuple[Hold, ...]:
        answers = await every(
            self._api, "/v2/status_page_maintenances", wire.MAINTENANCES, self._of_this_page
        )
        maintenances = [each for answer in answers for each in answer.status_page_maintenances]
        return (
            *(hold for incident in incidents for hold in incident.holds()),
            *(hold for maintenance in maintenances for hold in maintenance.holds()),
        )

    @property
    def _of_this_page(self) -> Mapping[str, str]:
        return {"status_page_id": self._remote_id}


async def every(
    api: Api, address: str, shape: TypeAdapter[L], params: Mapping[str, str]
) -> list[L]:
    """Read all pages of a list, as long as each says where it goes on."""
    answers: list[L] = []
    seen: set[str] = set()
    asked: dict[str, str | int] = {**params, "page_size": PAGE_SIZE}
    while True:
        answers.append(await api.read(address, shape, asked))
        after = answers[-1].pagination_meta.after
        if not after or after in seen:
            return answers
        seen.add(after)
        asked["after"] = after


def _each_once(incidents: Sequence[wire.IncidentAnswer]) -> list[wire.IncidentAnswer]:
    return list({incident.id: incident for incident in incidents}.values())


def _may_be_about_notifying(refusal: Refusal, draft: IncidentDraft | UpdateDraft) -> bool:
    """Tell whether the same without notifying may pass: how the refusal looks is not documented."""
    return draft.notify and (not refusal.fields or "notify_subscribers" in refusal.fields)
