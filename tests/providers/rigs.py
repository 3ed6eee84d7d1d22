"""What the contract suite needs of a provider, whether it is a vendor's fake or our own page."""

import itertools
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from bot.database import Database, open_database
from bot.domain.incidents import IncidentDraft, IncidentStatus, UpdateDraft
from bot.domain.maintenances import (
    MaintenanceDraft,
    MaintenanceStatus,
    MaintenanceUpdateDraft,
    Notice,
    WindowDraft,
)
from bot.domain.pages import ComponentStatus, held
from bot.domain.subjects import Step
from bot.ports import WRITE_BEFORE, Account, StatusPage
from bot.providers import (
    IncidentIoSettings,
    InstatusSettings,
    LocalSettings,
    new_client,
    open_accounts,
)
from bot.statuspage.records import components, incidents, maintenances, queries
from tests.databases import new_file
from tests.fakes.incidentio import IncidentIoFake
from tests.fakes.instatus import InstatusFake
from tests.fakes.vendor import VendorFake, wall_clock

HOUR = timedelta(hours=1)
PATIENCE = 2.0
"""Seconds that the clients under test wait for an answer."""


@dataclass
class WallClock:
    """The real time, as a provider may ask for it, and how far a test is ahead of it."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return wall_clock() + self.ahead


class Rig(Protocol):
    """One provider with a page to play with; `faults` is None where nothing can go wrong so."""

    account: Account
    page: StatusPage
    clock: WallClock
    faults: VendorFake | None

    async def component(self, name: str, group: str | None = None) -> str:
        """Add a component to the page, as its owner does."""
        ...

    async def opened_elsewhere(self, name: str, impacts: Mapping[str, ComponentStatus]) -> str:
        """Open an incident past Foghorn."""
        ...

    async def maintenance(self, name: str, components: Sequence[str]) -> str:
        """Start a maintenance past Foghorn."""
        ...


@dataclass
class FakeRig:
    """A provider against its vendor's fake."""

    account: Account
    page: StatusPage
    vendor: VendorFake
    clock: WallClock
    faults: VendorFake | None = field(init=False)

    def __post_init__(self) -> None:
        self.faults = self.vendor
        self.vendor.now = self.clock.now

    async def component(self, name: str, group: str | None = None) -> str:
        return self.vendor.add_component(self.vendor.page_id, name, group)

    async def opened_elsewhere(self, name: str, impacts: Mapping[str, ComponentStatus]) -> str:
        return self.vendor.open_incident(self.vendor.page_id, name, impacts=impacts)

    async def maintenance(self, name: str, components: Sequence[str]) -> str:
        return self.vendor.start_maintenance(self.vendor.page_id, name, components)


@asynccontextmanager
async def instatus(key: str | None = None) -> AsyncIterator[FakeRig]:
    async with InstatusFake() as fake, new_client(PATIENCE) as client:
        settings = InstatusSettings(key or fake.key, fake.url)
        clock = WallClock()
        [account] = open_accounts(client, clock, settings)
        yield FakeRig(account, account.page(f"instatus:{fake.page_id}"), fake, clock)


@asynccontextmanager
async def incidentio(key: str | None = None) -> AsyncIterator[FakeRig]:
    async with IncidentIoFake() as fake, new_client(PATIENCE) as client:
        settings = IncidentIoSettings(key or fake.key, fake.url)
        clock = WallClock()
        [account] = open_accounts(client, clock, settings)
        yield FakeRig(account, account.page(f"incidentio:{fake.page_id}"), fake, clock)


@dataclass
class LocalRig:
    """The embedded page over a database of its own: nothing of it is fake."""

    account: Account
    page: StatusPage
    store: Database
    clock: WallClock
    faults: VendorFake | None = None

    async def component(self, name: str, group: str | None = None) -> str:
        group_id = None
        if group:
            known = {each.name: each.id for each in await self.store.read(queries.groups)}
            group_id = known.get(group) or (await self.store.write(components.add_group, group)).id
        write = self.store.write(
            components.add_component, name, wall_clock() - HOUR, group_id=group_id
        )
        return (await write).id

    async def opened_elsewhere(self, name: str, impacts: Mapping[str, ComponentStatus]) -> str:
        draft = incident_draft(impacts, name)
        write = self.store.write(incidents.open_incident, draft, None, wall_clock())
        return (await write).remote_id

    async def maintenance(self, name: str, components: Sequence[str]) -> str:
        now = wall_clock()
        plan = MaintenanceDraft(
            name, "Planned.", tuple(components), now - HOUR, now + HOUR, tuple(Step)
        )
        write = self.store.write(maintenances.schedule_maintenance, plan, None, now)
        return (await write).remote_id


@asynccontextmanager
async def local() -> AsyncIterator[LocalRig]:
    with TemporaryDirectory() as folder:
        address = new_file(Path(folder) / "foghorn.db")
        async with open_database(address) as store, new_client(PATIENCE) as client:
            settings = LocalSettings(store, "https://status.example.com/")
            clock = WallClock()
            [account] = open_accounts(client, clock, settings)
            yield LocalRig(account, account.page("local:main"), store, clock)


OpenRig = Callable[[], AbstractAsyncContextManager[Rig]]
OpenFaulty = Callable[[str | None], AbstractAsyncContextManager[Rig]]
FAULTY: Mapping[str, OpenFaulty] = {"instatus": instatus, "incidentio": incidentio}
"""The providers that stand behind a network and a key, where things go wrong."""

RIGS: Mapping[str, OpenRig] = {
    "instatus": instatus,
    "incidentio": incidentio,
    "local": local,
}
"""Every provider; one more joins the contract suite by standing here."""

_moments = itertools.count()


def moment() -> datetime:
    """Return an instant that no other draft of the tests has, as drafts promise."""
    return wall_clock().replace(microsecond=0) + timedelta(milliseconds=next(_moments) % 1000)


def incident_draft(
    impacts: Mapping[str, ComponentStatus] | None = None,
    name: str = "Checkout fails",
    message: str = "Payments **fail** for some.",
    status: IncidentStatus = IncidentStatus.INVESTIGATING,
    *,
    notify: bool = True,
) -> IncidentDraft:
    return IncidentDraft(name, status, message, impacts or {}, notify, moment())


def update_draft(
    status: IncidentStatus,
    impacts: Mapping[str, ComponentStatus] | None = None,
    message: str = "We know why.",
    *,
    notify: bool = True,
) -> UpdateDraft:
    return UpdateDraft(status, message, impacts or {}, notify, moment())


def maintenance_draft(
    component_ids: tuple[str, ...] = (),
    driven: tuple[Step, ...] = (),
    *,
    name: str = "Database upgrade",
    message: str = "Short **read-only** phase.",
    notices: tuple[Notice, ...] = (Notice.NOW,),
) -> MaintenanceDraft:
    """Plan work from one hour after now to two."""
    starts = wall_clock().replace(second=0, microsecond=0) + HOUR
    return MaintenanceDraft(name, message, component_ids, starts, starts + HOUR, driven, notices)


def work_update(
    draft: MaintenanceDraft,
    status: MaintenanceStatus,
    message: str = "Work goes on.",
    *,
    notify: bool = False,
    begun: bool = False,
) -> MaintenanceUpdateDraft:
    return MaintenanceUpdateDraft(
        status, message, draft.component_ids, notify, moment(), draft.ends, begun
    )


def window(
    draft: MaintenanceDraft,
    status: MaintenanceStatus = MaintenanceStatus.SCHEDULED,
    later: timedelta = timedelta(),
    longer: timedelta = timedelta(),
    driven: tuple[Step, ...] | None = None,
) -> WindowDraft:
    """Move a maintenance so much later, and its end by `longer` more."""
    starts, ends = draft.starts + later, draft.ends + later + longer
    steps = draft.driven if driven is None else driven
    return WindowDraft(draft.name, draft.message, draft.component_ids, status, starts, ends, steps)


async def others(page: StatusPage, incident_id: str) -> dict[str, ComponentStatus]:
    """Return what everything but one incident holds components at, as the services compute it."""
    return held(hold for hold in await page.holds() if hold.source_id != incident_id)


def sample(vendor: str, name: str) -> Any:  # noqa: ANN401 (whatever JSON holds)
    """Return one of the vendor's own documents' examples."""
    path = Path(__file__).parent / "samples" / f"{vendor}_{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@contextmanager
def the_turn_ends(at: float) -> Iterator[None]:
    """Let no write leave from the monotonic time `at` on."""
    token = WRITE_BEFORE.set(at)
    try:
        yield
    finally:
        WRITE_BEFORE.reset(token)
