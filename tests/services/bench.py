"""A bench for maintenances: one page in memory, the real services, and a team that hears all."""

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from bot.domain.deliveries import Delivery, DirectMessage, State, ThreadNote
from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import Maintenance, MaintenanceStatus
from bot.domain.pages import Capabilities, ComponentStatus, Page
from bot.domain.parent_messages import DeliveryStatus, ParentMessage
from bot.domain.receipts import Receipt
from bot.domain.reminders.digests import Digest
from bot.domain.reminders.ladders import Reminder, ReminderOutcome, ReminderSettings
from bot.domain.subjects import Subject
from bot.domain.submissions import (
    AnySubmission,
    Form,
    IncidentFields,
    MaintenanceUpdateForm,
    Person,
    ReportForm,
    ScheduleForm,
    Submission,
    UpdateForm,
)
from bot.services.access import Member
from bot.services.delivery.handlers import Connections, handlers
from bot.services.delivery.outbox import Outbox, Timing
from bot.services.due import maintenances as due_maintenances
from bot.services.due import series as due_series
from bot.services.due.timers import Timers
from bot.services.intake import Intake, series
from bot.services.intake.rules import Channels, Rules
from bot.services.intake.series import Series
from bot.store import Database, Tx, maintenances, pages, tables
from bot.store.pages import component_key
from tests.services.planned import NOON, PAGE, PlannedPage
from tests.services.shaky import MovedClock
from tests.waits import patience

ANN = Person("U0ANN", "Ann")
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
KEY = component_key(PAGE, "c1")
TIMING = Timing(lease=timedelta(seconds=60), quiet=timedelta(seconds=20))


def _nobody_asks(tx: Tx, delivery: Delivery, now: datetime) -> None:
    """Reminders are not what this bench is for."""


class Team:
    """Remembers what it was told; nobody here is asked anything."""

    def __init__(self) -> None:
        self.parents: list[ParentMessage] = []
        self.replies: list[Receipt] = []
        self.threads: list[str | None] = []
        self.notes: list[str] = []
        self.letters: list[DirectMessage] = []

    async def announce(self, bulletin: ParentMessage, mark: str) -> tuple[str, str]:
        del mark
        self.parents.append(bulletin)
        return bulletin.subject.channel, bulletin.subject.thread_ts or f"{len(self.parents)}.0"

    async def leave(self, subject: Subject, reason: str) -> None:
        """Nobody looks at what a thread left behind."""

    async def reply(self, subject: Subject, receipt: Receipt, mark: str) -> str:
        del mark
        self.replies.append(receipt)
        self.threads.append(subject.thread_ts)
        return f"reply {len(self.replies)}"

    async def note(self, subject: Subject, note: ThreadNote, mark: str) -> str:
        del subject, mark
        self.notes.append(note.text)
        return f"note {len(self.notes)}"

    async def remind(self, subject: Subject, remind: Reminder, mark: str) -> str:
        raise NotImplementedError

    async def show_outcome(
        self,
        subject: Subject,
        asked: Reminder | DirectMessage,
        posted: str,
        outcome: ReminderOutcome,
    ) -> None:
        raise NotImplementedError

    async def digest(self, channel: str, digest: Digest, mark: str) -> str:
        raise NotImplementedError

    async def members(self, person_or_group: str) -> Sequence[str]:
        raise NotImplementedError

    async def tell(self, letter: DirectMessage, mark: str) -> str:
        del mark
        self.letters.append(letter)
        return f"letter {len(self.letters)}"

    async def point(self, channel: str, subject: Subject, mark: str) -> str:
        return f"{channel}:{subject.id}:{mark}"

    async def show(
        self, view_id: str, statuses: Sequence[DeliveryStatus], subject: Subject | None
    ) -> None:
        """Nobody keeps a form open."""

    async def ask(self, person_id: str) -> Member:
        """Everybody here may publish."""
        return Member(guest=False, elsewhere=False, name=person_id)

    async def find(self, channel: str, thread: str | None, mark: str) -> str | None:
        raise NotImplementedError


def _counted(tx: Tx, query: Select[int]) -> int:
    return tx.scalar(query) or 0


class Bench:
    """Everything between a form and a page, with a clock that only the test moves."""

    def __init__(self, store: Database, *served: PlannedPage, clock: MovedClock) -> None:
        self.store, self.clock, self.team = store, clock, Team()
        self.pages = {page.id: page for page in served}
        self.page = served[0]
        self.numbers = itertools.count()
        self.rules = Rules(lambda id_: self.pages[id_].capabilities, Channels("C0", {}).choose)
        self.restart()

    def restart(self) -> None:
        """Forget everything that is not in the store."""
        ways = Connections(
            lambda id_: self.pages[id_],
            self.team,
            ["U0ADMIN"],
            ReminderSettings(),
            _nobody_asks,
            self.team.ask,
        )
        carry = handlers(self.store, self.clock, ways)
        self.outbox = Outbox(self.store, self.clock, TIMING, carry)
        timer_handlers = due_maintenances.handlers() | due_series.handlers(
            lambda tx, id_, now: series.put_up(tx, id_, self.rules, now)
        )
        self.timers = Timers(self.store, self.clock, timer_handlers, self.outbox.wake)
        self.publishing = Intake(self.store, self.clock, self.rules, self.outbox.wake)
        self.series = Series(self.store, self.clock, self.rules, self.outbox.wake)

    async def submit(self, form: ScheduleForm | MaintenanceUpdateForm, **more: str) -> Maintenance:
        """Submit a form, and wait until all that it owes is carried."""
        accepted = await self.publishing.submit(self.submission(form, **more))
        await self.rest()
        return await self.stored(accepted.subject_id)

    def submission(self, form: Form, **more: str) -> AnySubmission:
        return Submission(f"view:{next(self.numbers)}", ANN, form, **more)

    async def reported(
        self, impact: ComponentStatus, turns: str | None = None, pages: tuple[str, ...] = ()
    ) -> str:
        """Report an incident on the one component; return our id of it."""
        known = (KEY,) if self.page.id in pages or not pages else ()
        fields = IncidentFields(IncidentStatus.INVESTIGATING, "We look.", known, impact)
        report = ReportForm(fields, "API is down", pages, "C0INC", turns=turns)
        accepted = await self.publishing.submit(self.submission(report))
        await self.rest()
        return accepted.subject_id

    async def resolved(self, incident_id: str) -> None:
        fields = IncidentFields(IncidentStatus.RESOLVED, "It works again.", (KEY,))
        await self.publishing.submit(self.submission(UpdateForm(fields, incident_id)))
        await self.rest()

    async def stored(self, maintenance_id: str) -> Maintenance:
        found = await self.store.read(maintenances.get, maintenance_id)
        assert found
        return found

    async def at(self, instant: datetime) -> None:
        """Move to an instant, sweep, and wait until all that is due is carried."""
        self.clock.time = instant
        await self.timers.sweep()
        await self.rest()

    async def later(self, seconds: float) -> None:
        """Let time pass, and what then is due be carried."""
        await self.at(self.clock.now() + seconds * SECOND)

    async def rest(self) -> None:
        """Carry until nothing is due."""
        table = tables.deliveries
        held = [State.SENDING.value, State.LOOKING.value]
        waits = [State.PENDING.value, State.UNSURE.value]
        async with patience("rest"):
            while True:
                now = self.clock.now()
                due = table.c.state.in_(waits) & (table.c.due_at <= now)
                # What waits behind something that is not due yet is not due either.
                ahead = table.alias()
                behind = (
                    select(ahead.c.id)
                    .where(ahead.c.lane == table.c.lane, ahead.c.id < table.c.id)
                    .where(ahead.c.state.not_in(["done", "refused"]))
                    .exists()
                )
                query = select(func.count()).where(table.c.state.in_(held) | (due & ~behind))
                if not await self.store.read(_counted, query):
                    return
                await self.outbox.tick()
                await asyncio.sleep(0.005)

    def progress(
        self, about: Maintenance, status: MaintenanceStatus, text: str, **more: object
    ) -> MaintenanceUpdateForm:
        form = MaintenanceUpdateForm(about.id, status, text, about.ends_at, notify=True)
        return replace(form, **more)  # type: ignore[arg-type]


def schedule(**more: object) -> ScheduleForm:
    """Two hours of bigger disks, from 22:00 on, which Foghorn starts."""
    form = ScheduleForm(
        name="Bigger disks",
        message="We put bigger disks in.",
        pages=(),
        channel="C0OPS",
        components=(KEY,),
        starts=NOON + 10 * HOUR,
        ends=NOON + 12 * HOUR,
        zone="Europe/Berlin",
    )
    return replace(form, **more)  # type: ignore[arg-type]


async def new_bench(store: Database, *able: Capabilities) -> Bench:
    """Return a bench with a page for each of these abilities."""
    clock = MovedClock(NOON)
    served = [PlannedPage(clock, f"planned:{n}", each) for n, each in enumerate(able, start=1)]
    for page in served:
        listed = await page.components()
        name = f"Page {page.id[-1]}"
        await store.write(pages.save_page, Page(page.id, name), listed, NOON)
    return Bench(store, *served, clock=clock)
