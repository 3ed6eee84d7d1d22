"""Planned work on whichever page there is: forms filled in as a person would, the page as seen."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.domain.maintenances import MaintenanceStatus
from bot.domain.pages import ComponentStatus
from bot.playground import Message, Modal
from bot.statuspage.model.site_state import SiteState, compute_state
from bot.statuspage.records import queries
from tests.fakes.maintenances import SeenMaintenance, SeenMaintenanceUpdate
from tests.waits import patience
from tests.whole.rig import Rig, Stage, new_vendor, staged

MINUTE = timedelta(minutes=1)
NAME, PLAN = "Database upgrade", "Writes wait for a minute."
SCHEDULED, RUNS = MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS
COMPLETED, CANCELLED = MaintenanceStatus.COMPLETED, MaintenanceStatus.CANCELLED
FINE, UNDER = ComponentStatus.OPERATIONAL, ComponentStatus.UNDER_MAINTENANCE
PARTIAL, MAJOR = ComponentStatus.PARTIAL_OUTAGE, ComponentStatus.MAJOR_OUTAGE

PARTS = ("API", "Web", "Mail")
OWN_URL = "https://status.acme.example"
OWN_PAGE = '[page]\nname = "Acme"\ncomponents = ["API", "Web", "Mail"]\n'


@dataclass(frozen=True)
class Works:
    """The running bot with one page, which a vendor has or the bot itself (`local`)."""

    rig: Rig
    provider: str
    parts: Mapping[str, str]
    """The vendor's ids of the components by name; none for the bot's own page."""

    # --- time ------------------------------------------------------------------------------------

    def now(self) -> datetime:
        return self.rig.clock.now()

    def minute(self, ahead: float) -> datetime:
        """Return the whole minute that begins some minutes from now."""
        return self.now().replace(second=0, microsecond=0) + ahead * MINUTE

    async def reach(self, instant: datetime) -> None:
        """Let the clock come to an instant, with nothing in hand that the leap could hurt."""
        await self.rig.all_done()
        self.rig.skip((instant - self.now()).total_seconds())

    async def come(self, instant: datetime) -> None:
        """Let the clock come to an instant, and everything happen that is due by then."""
        await self.reach(instant)
        await self.swept()

    async def swept(self) -> None:
        """Let everything happen that is due by now, if anything is."""
        await self.rig.app.timers.sweep()
        await self.rig.all_done()

    async def soon(self, predicate: Callable[[], object], what: str) -> None:
        """Wait, while time flies, so that a page's own steps are looked at."""
        await self.rig.soon(predicate, what, stride=1)

    async def page_is(self, status: MaintenanceStatus) -> None:
        """Wait, the clock going on as it does, until the page shows the one maintenance so."""
        async with patience(f"page that shows {status}"):
            while (await self.only()).status is not status:
                await self.rig.app.timers.sweep()
                await asyncio.sleep(0.02)

    # --- what a person does ----------------------------------------------------------------------

    async def form(self, words: str = "") -> Modal:
        await self.rig.ann.types(f"/maintenance {words}".strip())
        return await self.rig.ann.modal("Schedule maintenance")

    async def filled(  # noqa: PLR0913 (each is one field)
        self,
        *components: str,
        name: str = NAME,
        starts: datetime | None = None,
        ends: datetime | None = None,
        automation: str = "By hand",
        notify: Sequence[str] = ("Now",),
        times: int = 1,
    ) -> Modal:
        """Open *Schedule maintenance* and fill it in: in an hour, for an hour, if not told.

        `times` is for how many weeks.
        """
        form = await self.form()
        starts = starts or self.minute(60)
        form.fill("Maintenance name", name)
        form.fill("Message", PLAN)
        await form.choose("Affected components", *(components or ("API",)))
        await form.pick("Starts at", starts)
        await form.pick("Ends at", ends or starts + 60 * MINUTE)
        await form.choose("Start and finish", automation)
        for box in ("Now", "1 hour before", "At start", "At end"):
            await form.tick(box, on=box in notify)
        if times > 1:
            await form.choose("Repeats", "Every week")
            form.fill("Number of windows", str(times))
        return form

    async def schedule(self, *components: str, **fields: Any) -> None:  # noqa: ANN401 (those of `filled`)
        """Fill in and submit *Schedule maintenance*, and wait until it is on the page."""
        await sent(await self.filled(*components, **fields))
        await self.rig.all_done()

    async def opened(self, button: str) -> Modal:
        await self.rig.ann.clicks(button, message=self.parent)
        return await self.rig.ann.modal("Update maintenance")

    async def post(self, button: str, message: str = "", ends: datetime | None = None) -> None:
        """Fill in and submit *Update maintenance* as a button of the parent opens it."""
        form = await self.opened(button)
        if message:
            form.fill("Message", message)
        if ends:
            await form.pick("Ends at", ends)
        await sent(form)

    async def done(self, button: str, message: str = "", ends: datetime | None = None) -> None:
        """Do the same, and wait until the page and the thread have it."""
        await self.post(button, message, ends)
        await self.rig.all_done()

    async def breaks(self, component: str = "API", status: str = "Major outage") -> None:
        """Report an incident, and wait until the page and its thread have it."""
        await self.rig.report("Checkout is down", "Cards fail.", component, status=status)
        await self.rig.all_done()

    async def resolves(self) -> None:
        await self.rig.post("Resolve", "Cards work.", parent=self.incident)
        await self.rig.all_done()

    # --- what there is to see --------------------------------------------------------------------

    @property
    def parent(self) -> Message:
        """The newest message about planned work, which alone has a window."""
        return [each for each in self.rig.parents() if "*When:*" in each.shown][-1]

    @property
    def incident(self) -> Message:
        """The newest message about an incident."""
        return [each for each in self.rig.parents() if "*When:*" not in each.shown][-1]

    @property
    def thread(self) -> list[str]:
        """What stands in the maintenance's thread, oldest first, as people read it."""
        parents = [each for each in self.rig.parents() if "*When:*" in each.shown]
        return [reply.shown for reply in self.rig.replies(parents[-1])] if parents else []

    def receipts(self, word: str = "") -> list[str]:
        """Return the proofs in its thread of what was posted, or was posted as `word`."""
        sign = f"*{word}* · posted by" if word else "* · posted by"
        found = [text for text in self.thread if sign in text]
        assert all("read back from the page" in text for text in found), found
        return found

    async def receipt(self, word: str) -> str:
        """Wait for the one receipt of a status, while the clock goes on."""
        await self.soon(lambda: self.receipts(word), f"the receipt of {word}")
        await self.rig.all_done()
        [receipt] = self.receipts(word)
        return receipt

    async def on_page(self) -> list[SeenMaintenance]:
        if self.provider != "local":
            return self.rig.vendor.maintenances()
        return _seen(await self._site_state())

    async def only(self) -> SeenMaintenance:
        [seen] = await self.on_page()
        return seen

    async def said(self) -> list[str]:
        """Return what the page says of the one maintenance, oldest first."""
        return (await self.only()).messages

    async def shows(self, component: str = "API") -> ComponentStatus:
        """Return how the page shows a component now."""
        if self.provider != "local":
            return self.rig.vendor.component_status(self.parts[component])
        state = await self._site_state()
        [found] = [each.id for each in state.site.components if each.name == component]
        return state.statuses[found]

    async def stands(self, status: MaintenanceStatus) -> None:
        """Page and parent say so; API is under maintenance exactly while it runs, Web never."""
        assert (await self.only()).status is status
        assert await self.shows("API") is (UNDER if status is RUNS else FINE)
        assert await self.shows("Web") is FINE
        assert f"*{status.label}*" in self.parent.shown
        assert self.clean

    @property
    def clean(self) -> bool:
        """Whether nobody refused anything that we sent."""
        assert self.rig.refused() == []
        assert [each.refusals for each in self.rig.vendors if each.refusals] == []
        return True

    async def _site_state(self) -> SiteState:
        database = self.rig.app.resources.database
        site = await database.read(queries.load_site, self.now(), OWN_URL)
        return compute_state(site, self.now())


async def sent(form: Modal) -> None:
    """Submit a form, which the bot takes, and close it."""
    result = await form.submit()
    assert result.action == "update", result
    await form.close(everything=True)


@dataclass(frozen=True)
class Place:
    """Where the bot runs with one page; it can run here again and again, and twice at once."""

    stage: Stage
    provider: str
    parts: Mapping[str, str]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Works]:
        async with self.stage.running() as rig:
            yield Works(rig, self.provider, self.parts)


@asynccontextmanager
async def place(
    provider: str, cwd: Path, *, transport: str = "http", database: str = "", settings: str = ""
) -> AsyncIterator[Place]:
    """Have one page of this provider, on which API, Web and Mail are."""
    # Nobody dies here, so nobody's lease may run out while the clock hurries.
    timing = {"lease": "60m"}
    async with AsyncExitStack() as stack:
        vendors, parts, variables = [], {}, {}
        if provider == "local":
            settings, variables = OWN_PAGE + settings, {"FOGHORN_PUBLIC_URL": OWN_URL}
        else:
            vendor = await stack.enter_async_context(new_vendor(provider))
            parts = {name: vendor.add_component(vendor.page_id, name) for name in PARTS}
            vendors = [vendor]
        around = staged(
            vendors,
            cwd,
            transport=transport,
            database=database,
            timing=timing,
            settings=settings,
            variables=variables,
        )
        stage = await stack.enter_async_context(around)
        # A morning, so that no window of an hour or two goes over midnight.
        now = stage.clock.now()
        morning = (now + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
        stage.clock.ahead = morning - now
        yield Place(stage, provider, parts)


@asynccontextmanager
async def open_works(
    provider: str, cwd: Path, *, transport: str = "http", settings: str = ""
) -> AsyncIterator[Works]:
    """Run the bot with one page of this provider."""
    around = place(provider, cwd, transport=transport, settings=settings)
    async with around as here, here.running() as works:
        yield works


def _seen(state: SiteState) -> list[SeenMaintenance]:
    return [
        SeenMaintenance(
            id=each.id,
            name=each.name,
            status=state.phase(each),
            starts=each.starts,
            ends=each.ends,
            updates=tuple(
                SeenMaintenanceUpdate(one.id, one.status, one.message, one.notified, one.at)
                for one in each.updates
            ),
            components={id_: state.statuses[id_] for id_ in each.component_ids},
            drives=(each.auto_start, each.auto_end),
        )
        for each in state.site.maintenances
    ]
