"""What the services need from outside, where there is more than one of a kind."""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Protocol

from bot.domain.deliveries import DirectMessage, ThreadNote
from bot.domain.incidents import Incident, IncidentDraft, PageIncident, Update, UpdateDraft
from bot.domain.maintenances import (
    Maintenance,
    MaintenanceDraft,
    MaintenanceUpdate,
    MaintenanceUpdateDraft,
    PageMaintenance,
    WindowDraft,
)
from bot.domain.pages import Capabilities, Component, ComponentStatus, Hold, Page
from bot.domain.parent_messages import DeliveryStatus, ParentMessage
from bot.domain.receipts import Receipt
from bot.domain.reminders.digests import Digest
from bot.domain.reminders.ladders import Reminder, ReminderOutcome
from bot.domain.subjects import PublishResult, Subject

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
    """Where the team hears of its subjects; its errors are those of a page, and `Closed`."""

    async def announce(self, bulletin: ParentMessage, mark: str) -> tuple[str, str]:
        """Post the parent message or bring it up to date; return its channel and its id there.

        `mark` stands in what is posted, so that it can be found again.
        """
        ...

    async def leave(self, subject: Subject, reason: str) -> None:
        """Say on a subject's parent message that it goes on in direct messages, and why.

        Its buttons go.
        """
        ...

    async def reply(self, subject: Subject, receipt: Receipt, mark: str) -> str:
        """Answer in the subject's thread with a receipt; return the id of the reply."""
        ...

    async def note(self, subject: Subject, note: ThreadNote, mark: str) -> str:
        """Say something in the subject's thread; return the id of the reply."""
        ...

    async def remind(self, subject: Incident | Maintenance, remind: Reminder, mark: str) -> str:
        """Ask in the subject's thread, with the buttons that answer; return the reply's id."""
        ...

    async def show_outcome(
        self,
        subject: Incident | Maintenance,
        asked: Reminder | DirectMessage,
        posted: str,
        outcome: ReminderOutcome,
    ) -> None:
        """Say below the question with the id `posted` what came of it, if it can be edited."""
        ...

    async def digest(self, channel: str, digest: Digest, mark: str) -> str:
        """Tell a channel what is open for long and starts tomorrow; return the message's id."""
        ...

    async def members(self, person_or_group: str) -> Sequence[str]:
        """Return the people in a user group; a person stands for themselves."""
        ...

    async def tell(self, message: DirectMessage, mark: str) -> str:
        """Tell one person privately; return the id of the message."""
        ...

    async def point(self, channel: str, subject: Subject, mark: str) -> str:
        """Say in another channel where a subject's thread is; return the id of the message."""
        ...

    async def show(
        self, view_id: str, statuses: Sequence[DeliveryStatus], subject: Subject | None
    ) -> None:
        """Show in an open form how it went, and where the thread is; a closed one is no error."""
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
    ) -> PublishResult:
        """Publish an incident.

        `key` is the same for every try of the same draft and no other. `held` is what others hold
        components at, for pages whose components have one status for all.
        """
        ...

    async def find_incidents(self, draft: IncidentDraft, since: datetime) -> Sequence[PageIncident]:
        """Look for incidents that this draft may have made at or after `since`.

        By the draft's own instant, or else by its words; here and below, whose they are when
        several of ours say the same is for the caller to decide.
        """
        ...

    async def post_update(
        self, incident_id: str, draft: UpdateDraft, held: Mapping[str, ComponentStatus]
    ) -> PublishResult:
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

    async def maintenance(self, maintenance_id: str) -> PageMaintenance:
        """Read one maintenance as the page shows it now; raise `Gone` when it is not there."""
        ...

    async def schedule_maintenance(self, draft: MaintenanceDraft, key: str) -> PublishResult:
        """Publish a maintenance that is planned; `key` as in `create_incident`."""
        ...

    async def find_maintenances(
        self, draft: MaintenanceDraft, since: datetime
    ) -> Sequence[PageMaintenance]:
        """Look for maintenances that this draft may have made at or after `since`."""
        ...

    async def post_maintenance_update(
        self,
        maintenance_id: str,
        draft: MaintenanceUpdateDraft,
        held: Mapping[str, ComponentStatus],
    ) -> PublishResult:
        """Post an update, which may start or end the maintenance; `held` as in `create_incident`.

        A status that ends it, or that it has already, changes nothing else about its window.
        """
        ...

    async def find_maintenance_updates(
        self, maintenance_id: str, draft: MaintenanceUpdateDraft, since: datetime
    ) -> Sequence[MaintenanceUpdate]:
        """Look for updates of the maintenance that this draft may have made since `since`."""
        ...

    async def move_maintenance(self, maintenance_id: str, window: WindowDraft) -> None:
        """Give a maintenance another window or driver, without telling anyone; can be repeated."""
        ...

    async def delete_maintenance(self, maintenance_id: str) -> None:
        """Remove a maintenance, without telling anyone; done when it is gone already."""
        ...

    async def show_components(self, statuses: Mapping[str, ComponentStatus]) -> None:
        """Give components these statuses, without a post; can be repeated.

        Only for pages whose components have one status for all; `Rejected` elsewhere.
        """
        ...


class Account(Protocol):
    """One key at one provider, and the pages it reaches."""

    @property
    def provider(self) -> str:
        """The provider's name, which starts the ids of its pages."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What each of its pages can do."""
        ...

    async def pages(self) -> Sequence[Page]:
        """Ask the provider which pages the key reaches, narrowed to those of the settings."""
        ...

    def page(self, page_id: str) -> StatusPage:
        """Return the page with our id `page_id`, without asking the provider."""
        ...
