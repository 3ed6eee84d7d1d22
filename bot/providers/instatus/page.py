"""The calls to Instatus.

Sources: Instatus API documentation, "Status pages", "Components", "Incidents", "Incident updates",
"Maintenances". It has no idempotency key, and answers 500 to plain mistakes and unknown ids too.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from pydantic import TypeAdapter

from bot.domain.incidents import (
    IncidentDraft,
    IncidentStatus,
    PageIncident,
    Posted,
    Update,
    UpdateDraft,
)
from bot.domain.pages import Capabilities, Component, ComponentStatus, Hold, Page
from bot.errors import Gone, ProviderError, Rejected, Uncertain
from bot.providers.http import Api, Faulty, path
from bot.providers.instatus import bodies, wire
from bot.providers.matching import same_instant, same_text

PER_PAGE = 100
"""The most that a list answers at once (Instatus API documentation: pagination)."""
ORDER_SLACK = timedelta(days=1)
"""How far a list, which is said to be newest first, may be out of order."""

T = TypeVar("T", bound=wire.InstatusAnswer)

CAPABILITIES = Capabilities(
    name_limit=None,
    message_limit=None,
    backdates=True,
    edits_updates=True,
    deletes_updates=True,
    deletes_incidents=True,
    shares_component_status=True,
    takes_create_key=False,
)


class InstatusAccount:
    """One Instatus key and the pages its owner reaches."""

    provider = "instatus"

    def __init__(self, api: Api, page_ids: Sequence[str]) -> None:
        self._api = api
        self._page_ids = frozenset(page_ids)
        self._urls: dict[str, str | None] = {}

    async def pages(self) -> Sequence[Page]:
        """Ask which pages the key reaches (Instatus API documentation: `GET /v2/pages`)."""
        found = [
            page
            async for page in every(self._api, "/v2/pages", wire.PAGES)
            if not self._page_ids or page.id in self._page_ids
        ]
        self._urls |= {page.id: page.url for page in found}
        return tuple(page.page(self.provider) for page in found)

    def page(self, page_id: str) -> "InstatusPage":
        provider, _, remote_id = page_id.partition(":")
        if provider != self.provider or not remote_id:
            raise ValueError(f"{page_id} is no page of {self.provider}")
        return InstatusPage(self, self._api, remote_id)

    async def url(self, remote_id: str) -> str | None:
        """Return a page's public address; None when it cannot be learnt: it only decorates."""
        if remote_id not in self._urls:
            try:
                await self.pages()
            except ProviderError:
                return None
        return self._urls.setdefault(remote_id, None)


class InstatusPage:
    """One status page at Instatus, where a component has one status for all."""

    def __init__(self, account: InstatusAccount, api: Api, remote_id: str) -> None:
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
        address = path("v2", self._remote_id, "components")
        return wire.listed([each async for each in every(self._api, address, wire.COMPONENTS)])

    async def open_incidents(self) -> Sequence[PageIncident]:
        incidents = await self._open()
        url = await self._account.url(self._remote_id)
        return tuple(incident.incident(url) for incident in incidents)

    async def holds(self) -> Sequence[Hold]:
        address = path("v2", self._remote_id, "maintenances")
        maintenances: list[wire.MaintenanceAnswer] = [
            each async for each in every(self._api, address, wire.MAINTENANCES)
        ]
        incidents = await self._open()
        return (
            *(hold for incident in incidents for hold in incident.holds()),
            *(hold for maintenance in maintenances for hold in maintenance.holds()),
        )

    async def incident(self, incident_id: str) -> PageIncident:
        """Read one incident; one that was deleted answers 500, so a list tells whether it is."""
        answer = await self._read(incident_id)
        return answer.incident(await self._account.url(self._remote_id))

    async def create_incident(
        self, draft: IncidentDraft, key: str, held: Mapping[str, ComponentStatus]
    ) -> Posted:
        """Publish an incident; `key` goes unused, as Instatus takes none: look before a retry."""
        del key
        body = bodies.create_body(draft, held)
        answer = await self._api.write("POST", self._incidents(), wire.INCIDENT, body)
        updates = answer.ordered()
        return Posted(answer.id, updates[0].id if updates else None, draft.notify and answer.told)

    async def find_incidents(self, draft: IncidentDraft, since: datetime) -> Sequence[PageIncident]:
        incidents = await self._recent(since)
        url = await self._account.url(self._remote_id)
        return tuple(
            incident
            for incident in (each.incident(url) for each in incidents)
            if incident.name == draft.name
            and same_instant(incident.started, draft.started)
            and incident.updates
            and same_text(incident.updates[0].message, draft.message)
        )

    async def post_update(
        self, incident_id: str, draft: UpdateDraft, held: Mapping[str, ComponentStatus]
    ) -> Posted:
        """Post an update; it repeats every component, since one left out would be detached."""
        bodies.status_word(draft.status)
        bodies.sendable(draft.impacts)
        incident = await self._read(incident_id)
        shown = await self._shown(incident, draft)
        changes = bodies.changes(incident, draft, shown, held)
        body = bodies.update_body(draft, dict.fromkeys((*incident.shown, *draft.impacts)), changes)
        address = self._incidents(incident_id, "incident-updates")
        answer = await self._api.write("POST", address, wire.POSTED_UPDATE, body)
        return Posted(incident_id, answer.id, draft.notify and answer.notify is not False)

    async def find_updates(
        self, incident_id: str, draft: UpdateDraft, since: datetime
    ) -> Sequence[Update]:
        """Look for the draft by its own instant, which makes `since` needless here."""
        del since
        return tuple(
            update
            for update in (each.update() for each in (await self._read(incident_id)).ordered())
            if same_text(update.message, draft.message)
            and same_instant(update.at, draft.at)
            and update.status is draft.status
        )

    async def rename_incident(self, incident_id: str, name: str) -> None:
        body = bodies.rename_body(await self._read(incident_id), name)
        await self._api.write("PUT", self._incidents(incident_id), wire.REF, body)

    async def edit_update(self, incident_id: str, update_id: str, message: str) -> None:
        """Change a text in place; whether `notify` would mail again is unknown, so it is false."""
        address = self._incidents(incident_id, "incident-updates", update_id)
        body = {"message": message, "notify": False}
        await self._api.write("PUT", address, wire.POSTED_UPDATE, body)

    async def delete_update(self, incident_id: str, update_id: str) -> None:
        try:
            address = self._incidents(incident_id, "incident-updates", update_id)
            await self._api.write("DELETE", address, wire.REF)
        except (Gone, Uncertain) as error:
            if any(each.id == update_id for each in (await self._look(incident_id, error)).updates):
                raise

    async def delete_incident(self, incident_id: str) -> None:
        """Remove an incident; an unknown one answers 500, so a list has to confirm it."""
        try:
            await self._api.write("DELETE", self._incidents(incident_id), wire.REF)
        except (Gone, Uncertain):
            if await self._is_listed(incident_id):
                raise

    def _incidents(self, *parts: str) -> str:
        return path("v1", self._remote_id, "incidents", *parts)

    async def _read(self, incident_id: str) -> wire.IncidentAnswer:
        try:
            return await self._api.read(self._incidents(incident_id), wire.INCIDENT)
        except Faulty:
            if await self._is_listed(incident_id):
                raise
            raise Gone("Instatus does not list this incident any more.") from None

    async def _is_listed(self, incident_id: str) -> bool:
        incidents = every(self._api, self._incidents(), wire.INCIDENTS)
        return any([each.id == incident_id async for each in incidents])

    async def _look(self, incident_id: str, doubt: ProviderError) -> wire.IncidentAnswer:
        """Read an incident to settle a doubt about a write; the doubt stays when that fails."""
        try:
            return await self._read(incident_id)
        except ProviderError:
            raise doubt from None

    async def _open(self) -> list[wire.IncidentAnswer]:
        # The filter only saves reading: whether it is obeyed is checked here.
        incidents = every(self._api, self._incidents(), wire.INCIDENTS, {"!status": "RESOLVED"})
        resolved = wire.INCIDENT_STATUSES[IncidentStatus.RESOLVED]
        return [each async for each in incidents if each.status.upper() != resolved]

    async def _recent(self, since: datetime) -> list[wire.IncidentAnswer]:
        """Read the list until a whole page of it is older than `since`."""
        recent: list[wire.IncidentAnswer] = []
        async for answers in pages(self._api, self._incidents(), wire.INCIDENTS):
            recent += answers
            newest = max(each.created_at or each.started for each in answers)
            if newest < since - ORDER_SLACK:
                break
        return recent

    async def _shown(
        self, incident: wire.IncidentAnswer, draft: UpdateDraft
    ) -> Mapping[str, ComponentStatus]:
        """Return what the page shows for the components of the incident and of the draft."""
        if draft.impacts.keys() <= incident.shown.keys():
            return incident.shown
        shown = {each.id: each.status for each in await self.components()} | incident.shown
        if draft.impacts.keys() - shown.keys():
            raise Rejected("Instatus does not have one of the components any more.")
        return shown


async def pages(
    api: Api, address: str, shape: TypeAdapter[list[T]], params: Mapping[str, str] | None = None
) -> AsyncIterator[list[T]]:
    """Read a list until it has nothing new: a short page is not the last one, an empty one is."""
    seen: set[str] = set()
    number = 0
    while True:
        number += 1
        asked: dict[str, str | int] = {"page": number, "per_page": PER_PAGE, **(params or {})}
        answers = await api.read(address, shape, asked)
        fresh = [each for each in answers if each.id not in seen]
        if not fresh:
            return
        seen |= {each.id for each in fresh}
        yield fresh


async def every(
    api: Api, address: str, shape: TypeAdapter[list[T]], params: Mapping[str, str] | None = None
) -> AsyncIterator[T]:
    """Read all items of a list, each once, even when it moves while it is read."""
    async for answers in pages(api, address, shape, params):
        for answer in answers:
            yield answer
