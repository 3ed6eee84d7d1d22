"""A status page in memory that leaves it to a test what becomes of each request and its answer."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar, cast

from bot.domain.incidents import IncidentDraft, IncidentStatus, PageIncident, Update, UpdateDraft
from bot.domain.maintenances import (
    MaintenanceDraft,
    MaintenanceUpdate,
    MaintenanceUpdateDraft,
    PageMaintenance,
    WindowDraft,
)
from bot.domain.pages import Capabilities, Component, ComponentStatus, Hold
from bot.domain.subjects import PublishResult
from bot.errors import Gone, Unavailable
from bot.ports import WRITE_BEFORE

T = TypeVar("T")

PAGE = "shaky:1"
SLACK_OF_CLOCKS = timedelta(minutes=2)
KEYS_ARE_KNOWN_FOR = timedelta(hours=2)


@dataclass
class MovedClock:
    """A clock that stands still unless it is moved."""

    time: datetime

    def now(self) -> datetime:
        return self.time

    def move(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def drafted(draft: IncidentDraft | UpdateDraft) -> datetime:
    """Return the instant that tells this draft from every other."""
    return draft.started if isinstance(draft, IncidentDraft) else draft.at


@dataclass(frozen=True)
class Entry:
    """Something that customers can read: what an incident was opened with, or an update."""

    id: str
    status: IncidentStatus
    message: str
    drafted: datetime
    published: datetime


@dataclass
class OnPage:
    """An incident on the page."""

    id: str
    name: str
    entries: list[Entry]


@dataclass(eq=False)
class Ask:
    """A request of a worker's of which nobody has decided yet what becomes of it."""

    worker: int
    about: tuple[datetime, bool]
    work: Callable[[], object]
    writes: bool
    answer: "asyncio.Future[object]"
    fenced_off: datetime | None
    left_at: datetime | None = None
    result: object = None

    def leave(self, now: datetime) -> datetime | None:
        """Send the request, unless its time is over; the worker then hears so, as by a provider."""
        if not self.left_at and self.writes and self.fenced_off and now >= self.fenced_off:
            if not self.answer.done():
                self.answer.set_exception(Unavailable("Its time had passed."))
            return None
        self.left_at = self.left_at or now
        return self.left_at

    def arrive(self) -> None:
        """Let the page do what is asked, unless it has."""
        if self.result is None:
            self.result = self.work()


@dataclass
class Memory:
    """What the page holds, and who waits for it; `keyed` pages know a create by its key.

    A page that takes our instants `keeps` them, or tells its own instead.
    """

    clock: MovedClock
    keyed: bool
    keeps: bool = True
    incidents: dict[str, OnPage] = field(default_factory=dict)
    answers: dict[str, tuple[datetime, PublishResult]] = field(default_factory=dict)
    asks: list[Ask] = field(default_factory=list)
    numbers: int = 0

    def number(self) -> int:
        self.numbers += 1
        return self.numbers

    def entries(self) -> list[Entry]:
        return [entry for each in self.incidents.values() for entry in each.entries]

    def entry(self, draft: IncidentDraft | UpdateDraft) -> Entry:
        now = self.clock.now()
        return Entry(f"e{self.number()}", draft.status, draft.message, drafted(draft), now)

    def create(self, draft: IncidentDraft, key: str) -> PublishResult:
        at, posted = self.answers.get(key, (None, None))
        if posted and at and self.keyed and self.clock.now() - at < KEYS_ARE_KNOWN_FOR:
            return posted
        kept = OnPage(f"i{self.number()}", draft.name, [self.entry(draft)])
        self.incidents[kept.id] = kept
        posted = PublishResult(kept.id, kept.entries[0].id, notified=True)
        self.answers[key] = (self.clock.now(), posted)
        return posted

    def post(self, incident_id: str, draft: UpdateDraft) -> PublishResult:
        entry = self.entry(draft)
        self.incidents[incident_id].entries.append(entry)
        return PublishResult(incident_id, entry.id, notified=True)

    def like(self, draft: IncidentDraft, since: datetime) -> list[PageIncident]:
        return [
            self._shown(kept)
            for kept in self.incidents.values()
            if (kept.name, kept.entries[0].message) == (draft.name, draft.message)
            and self._may_be(kept.entries[0], draft, since)
        ]

    def updates_like(self, incident_id: str, draft: UpdateDraft, since: datetime) -> list[Update]:
        return [
            self._update(entry)
            for entry in self.incidents[incident_id].entries
            if (entry.message, entry.status) == (draft.message, draft.status)
            and self._may_be(entry, draft, since)
        ]

    def _may_be(self, entry: Entry, draft: IncidentDraft | UpdateDraft, since: datetime) -> bool:
        if self._at(entry) == drafted(draft) and not self.keyed:
            return True
        return entry.published >= since - SLACK_OF_CLOCKS

    def _at(self, entry: Entry) -> datetime:
        return entry.drafted if self.keeps and not self.keyed else entry.published

    def _update(self, entry: Entry) -> Update:
        return Update(entry.id, entry.status, entry.message, self._at(entry))

    def read(self, incident_id: str) -> PageIncident:
        if incident_id not in self.incidents:
            raise Gone("It is not there.")
        return self._shown(self.incidents[incident_id])

    def _shown(self, kept: OnPage) -> PageIncident:
        updates = tuple(self._update(entry) for entry in kept.entries)
        return PageIncident(kept.id, kept.name, updates[-1].status, updates[0].at, updates)


class PlansNothing:
    """The half of a page that is about planned work, for a page that has none."""

    async def maintenance(self, maintenance_id: str) -> PageMaintenance:
        raise NotImplementedError

    async def schedule_maintenance(self, draft: MaintenanceDraft, key: str) -> PublishResult:
        raise NotImplementedError

    async def find_maintenances(
        self, draft: MaintenanceDraft, since: datetime
    ) -> Sequence[PageMaintenance]:
        raise NotImplementedError

    async def post_maintenance_update(
        self,
        maintenance_id: str,
        draft: MaintenanceUpdateDraft,
        held: Mapping[str, ComponentStatus],
    ) -> PublishResult:
        raise NotImplementedError

    async def find_maintenance_updates(
        self, maintenance_id: str, draft: MaintenanceUpdateDraft, since: datetime
    ) -> Sequence[MaintenanceUpdate]:
        raise NotImplementedError

    async def move_maintenance(self, maintenance_id: str, window: WindowDraft) -> None:
        raise NotImplementedError

    async def delete_maintenance(self, maintenance_id: str) -> None:
        raise NotImplementedError

    async def show_components(self, statuses: Mapping[str, ComponentStatus]) -> None:
        raise NotImplementedError


class ShakyPage(PlansNothing):
    """The page as one worker reaches it; every request waits in the memory's `asks`."""

    id = PAGE

    def __init__(self, memory: Memory, worker: int) -> None:
        self._memory = memory
        self._worker = worker

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            name_limit=None,
            message_limit=None,
            backdates=not self._memory.keyed,
            edits_updates=False,
            deletes_updates=False,
            deletes_incidents=False,
            shares_component_status=False,
            takes_create_key=self._memory.keyed,
        )

    async def _ask(
        self, draft: IncidentDraft | UpdateDraft, work: Callable[[], T], *, writes: bool
    ) -> T:
        memory, before = self._memory, WRITE_BEFORE.get()
        # The machine's own clock stands still, so what is left by the real one counts from there.
        left = None if before is None else round(before - time.monotonic())
        fenced_off = None if left is None else memory.clock.now() + timedelta(seconds=left)
        answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        about = (drafted(draft), writes)
        ask = Ask(self._worker, about, work, writes, answer, fenced_off)
        memory.asks.append(ask)
        try:
            return cast("T", await answer)
        finally:
            memory.asks.remove(ask)

    async def create_incident(
        self, draft: IncidentDraft, key: str, held: Mapping[str, ComponentStatus]
    ) -> PublishResult:
        assert not held
        return await self._ask(draft, lambda: self._memory.create(draft, key), writes=True)

    async def post_update(
        self, incident_id: str, draft: UpdateDraft, held: Mapping[str, ComponentStatus]
    ) -> PublishResult:
        assert not held
        return await self._ask(draft, lambda: self._memory.post(incident_id, draft), writes=True)

    async def find_incidents(self, draft: IncidentDraft, since: datetime) -> Sequence[PageIncident]:
        return await self._ask(draft, lambda: self._memory.like(draft, since), writes=False)

    async def find_updates(
        self, incident_id: str, draft: UpdateDraft, since: datetime
    ) -> Sequence[Update]:
        return await self._ask(
            draft, lambda: self._memory.updates_like(incident_id, draft, since), writes=False
        )

    async def incident(self, incident_id: str) -> PageIncident:
        return self._memory.read(incident_id)

    async def components(self) -> Sequence[Component]:
        return ()

    async def open_incidents(self) -> Sequence[PageIncident]:
        return ()

    async def holds(self) -> Sequence[Hold]:
        return ()

    async def rename_incident(self, incident_id: str, name: str) -> None:
        raise NotImplementedError

    async def edit_update(self, incident_id: str, update_id: str, message: str) -> None:
        raise NotImplementedError

    async def delete_update(self, incident_id: str, update_id: str) -> None:
        raise NotImplementedError

    async def delete_incident(self, incident_id: str) -> None:
        raise NotImplementedError
