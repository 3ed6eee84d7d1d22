"""The page that Foghorn itself serves: no network and no key, only records in our own database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bot.domain.incidents import IncidentDraft, PageIncident, Update, UpdateDraft
from bot.domain.maintenances import Automation
from bot.domain.pages import Capabilities, Component, ComponentStatus, Hold, Page
from bot.domain.subjects import PublishResult
from bot.ports import Clock
from bot.providers.local import reading
from bot.providers.local.access import (
    MESSAGE_LIMIT,
    NAME_LIMIT,
    LocalSettings,
    answered,
    refuse_long,
)
from bot.providers.local.maintenances import Maintenances
from bot.providers.matching import same_incident, same_update
from bot.statuspage.records import incidents, queries

PROVIDER = "local"
PAGE_ID = f"{PROVIDER}:main"
"""Our id of the page; there is one."""

CAPABILITIES = Capabilities(
    name_limit=NAME_LIMIT,
    message_limit=MESSAGE_LIMIT,
    backdates=True,
    edits_updates=True,
    deletes_updates=True,
    deletes_incidents=True,
    shares_component_status=False,
    takes_create_key=True,
    drives=frozenset({Automation.START, Automation.START_AND_FINISH}),
    has_subscribers=False,
    renders_all=True,
    keeps_cancelled=True,
)


@dataclass(frozen=True, slots=True)
class LocalAccount:
    """The one page that Foghorn serves."""

    settings: LocalSettings
    clock: Clock
    provider: ClassVar[str] = PROVIDER
    capabilities: ClassVar[Capabilities] = CAPABILITIES

    async def pages(self) -> Sequence[Page]:
        name = await answered(self.settings.store.read(queries.page_name))
        since = await answered(self.settings.store.read(queries.first_instant))
        return (Page(PAGE_ID, name, self.settings.public_url.rstrip("/"), since),)

    def page(self, page_id: str) -> "LocalPage":
        if page_id != PAGE_ID:
            raise ValueError(f"{page_id} is no page of {self.provider}")
        return LocalPage(self.settings, self.clock)


class LocalPage(Maintenances):
    """The page that Foghorn serves, where each incident has its own impact on a component."""

    id = PAGE_ID
    capabilities = CAPABILITIES

    async def components(self) -> Sequence[Component]:
        return await self._read(reading.components, self._clock.now())

    async def open_incidents(self) -> Sequence[PageIncident]:
        return await self._read(reading.open_incidents, self._clock.now(), self._url)

    async def holds(self) -> Sequence[Hold]:
        return await self._read(reading.holds, self._clock.now())

    async def incident(self, incident_id: str) -> PageIncident:
        return await self._read(reading.incident, incident_id, self._clock.now(), self._url)

    async def create_incident(
        self, draft: IncidentDraft, key: str, held: Mapping[str, ComponentStatus]
    ) -> PublishResult:
        """Publish an incident; `held` goes unused, as each incident has its own impacts here."""
        del held
        refuse_long(draft.name, draft.message)
        return await self._write(incidents.open_incident, draft, key, self._clock.now())

    async def find_incidents(self, draft: IncidentDraft, since: datetime) -> Sequence[PageIncident]:
        """Look for the draft by its own instant, which makes `since` needless here."""
        del since
        found = await self._read(reading.named, draft.name, self._clock.now(), self._url)
        return tuple(each for each in found if same_incident(each, draft))

    async def post_update(
        self, incident_id: str, draft: UpdateDraft, held: Mapping[str, ComponentStatus]
    ) -> PublishResult:
        """Post an update; `held` goes unused, as each incident has its own impacts here."""
        del held
        refuse_long("", draft.message)
        return await self._write(incidents.post_update, incident_id, draft)

    async def find_updates(
        self, incident_id: str, draft: UpdateDraft, since: datetime
    ) -> Sequence[Update]:
        """Look for the draft by its own instant, which makes `since` needless here."""
        del since
        return tuple(
            update
            for update in (await self.incident(incident_id)).updates
            if same_update(update, draft)
        )

    async def rename_incident(self, incident_id: str, name: str) -> None:
        refuse_long(name, "")
        await self._write(incidents.rename_incident, incident_id, name)

    async def edit_update(self, incident_id: str, update_id: str, message: str) -> None:
        refuse_long("", message)
        now = self._clock.now()
        await self._write(incidents.edit_update, incident_id, update_id, message, now)

    async def delete_update(self, incident_id: str, update_id: str) -> None:
        now = self._clock.now()
        await self._write(incidents.delete_update, incident_id, update_id, now)

    async def delete_incident(self, incident_id: str) -> None:
        await self._write(incidents.delete_incident, incident_id, self._clock.now())
