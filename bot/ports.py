"""What the services need from outside, where there is more than one of a kind."""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Protocol

from bot.domain.bulletins import Bulletin, Standing
from bot.domain.deliveries import Tell
from bot.domain.incidents import (
    Incident,
    IncidentDraft,
    PageIncident,
    Posted,
    Update,
    UpdateDraft,
)
from bot.domain.pages import Capabilities, Component, ComponentStatus, Hold, Page
from bot.domain.receipts import Receipt

WRITE_BEFORE: ContextVar[float | None] = ContextVar("write_before", default=None)
"""The `time.monotonic()` after which no write may leave this task, since its lease is another's.

A provider checks it in the same breath as it sends, and raises `Unavailable` when it has passed.
"""


class Clock(Protocol):
    """Tells the time; tests bring one that they can move."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class Announcer(Protocol):
    """Where the team hears of incidents; its errors are those of a page, and `Closed`."""

    async def announce(self, bulletin: Bulletin, mark: str) -> tuple[str, str]:
        """Post the parent message or bring it up to date; return its channel and its id there.

        `mark` stands in what is posted, so that it can be found again.
        """
        ...

    async def reply(
        self, incident: Incident, receipt: Receipt, mark: str, *, broadcast: bool
    ) -> str:
        """Answer in the incident's thread; return the id of the reply."""
        ...

    async def tell(self, letter: Tell, mark: str) -> str:
        """Tell one person privately; return the id of the message."""
        ...

    async def show(self, view_id: str, standings: Sequence[Standing]) -> None:
        """Show in an open form how it went; a form that was closed is no error."""
        ...

    async def find(self, channel: str, thread: str | None, mark: str) -> str | None:
        """Return the id of the message that carries `mark`, if it is there."""
        ...


class StatusPage(Protocol):
    """One public status page that can be read and written.

    Every method may raise `Unauthorized`, `Unavailable` and `Rejected`; those that write may also
    raise `Uncertain`. Nothing is retried inside: whoever calls decides.
    """

    @property
    def id(self) -> str:
        """Our id of the page: the provider's name, a colon, and the page's id there."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What this page can do."""
        ...

    async def components(self) -> Sequence[Component]:
        """Read the components an incident may affect, in the page's order, each once."""
        ...

    async def open_incidents(self) -> Sequence[PageIncident]:
        """Read the incidents that are not resolved."""
        ...

    async def holds(self) -> Sequence[Hold]:
        """Read what open incidents and running maintenances do to components."""
        ...

    async def incident(self, incident_id: str) -> PageIncident:
        """Read one incident as the page shows it now; raise `Gone` when it is not there."""
        ...

    async def create_incident(
        self, draft: IncidentDraft, key: str, held: Mapping[str, ComponentStatus]
    ) -> Posted:
        """Publish an incident.

        `key` is the same for every try of the same draft and no other. `held` is what others hold
        components at, for pages whose components have one status for all.
        """
        ...

    async def find_incidents(self, draft: IncidentDraft, since: datetime) -> Sequence[PageIncident]:
        """Look for incidents that this draft may have made at or after `since`."""
        ...

    async def post_update(
        self, incident_id: str, draft: UpdateDraft, held: Mapping[str, ComponentStatus]
    ) -> Posted:
        """Post an update, which may resolve the incident; `held` as in `create_incident`."""
        ...

    async def find_updates(
        self, incident_id: str, draft: UpdateDraft, since: datetime
    ) -> Sequence[Update]:
        """Look for updates of the incident that this draft may have made at or after `since`."""
        ...

    async def rename_incident(self, incident_id: str, name: str) -> None:
        """Change an incident's name, without telling anyone."""
        ...

    async def edit_update(self, incident_id: str, update_id: str, message: str) -> None:
        """Change the text of an update, without telling anyone; `Rejected` where pages cannot."""
        ...

    async def delete_update(self, incident_id: str, update_id: str) -> None:
        """Take an update back; `Rejected` where pages cannot; done when it is gone already."""
        ...

    async def delete_incident(self, incident_id: str) -> None:
        """Remove an incident; `Rejected` where pages cannot; done when it is gone already."""
        ...


class Account(Protocol):
    """One key at one provider, and the pages it reaches."""

    @property
    def provider(self) -> str:
        """The provider's name, which starts the ids of its pages."""
        ...

    async def pages(self) -> Sequence[Page]:
        """Ask the provider which pages the key reaches, narrowed to those of the settings."""
        ...

    def page(self, page_id: str) -> StatusPage:
        """Return the page with our id `page_id`, without asking the provider."""
        ...
