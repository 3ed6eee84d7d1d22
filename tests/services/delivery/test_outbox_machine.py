"""Hypothesis plays vendor, network, clock and crash; nothing may be lost, doubled or misplaced."""

import asyncio
import itertools
import logging
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import hypothesis.strategies as st
import pytest
import structlog
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select

from bot.database import open_database
from bot.domain.deliveries import (
    SETTLED,
    Announcement,
    Delivery,
    DirectMessage,
    FormProgress,
    State,
)
from bot.domain.incidents import IncidentDraft, IncidentStatus, UpdateDraft
from bot.domain.pages import Component, Page
from bot.domain.receipts import ReadBack, Receipt
from bot.domain.submissions import (
    AnySubmission,
    IncidentFields,
    Person,
    ReportForm,
    Submission,
    UpdateForm,
)
from bot.errors import (
    FoghornError,
    FormError,
    ProviderError,
    Rejected,
    Unauthorized,
    Unavailable,
    Uncertain,
)
from bot.services.delivery.outbox import Outbox, Timing
from bot.services.delivery.outcomes import DeliveryHandler, Success
from bot.services.delivery.pages import PageDelivery
from bot.services.intake import Intake
from bot.services.intake.rules import Channels, Rules
from bot.store import Database, Tx, deliveries, pages, tables
from tests.databases import new_file
from tests.services.shaky import PAGE, Ask, Memory, MovedClock, ShakyPage, drafted

P = ParamSpec("P")
T = TypeVar("T")

ANN = Person("U0ANN", "ann")
TIMING = Timing(lease=timedelta(seconds=60), quiet=timedelta(seconds=20))
LATEST_WRITE = 19  # seconds after our client gave up: less than the quiet time
WORKERS = 2
MOST_INCIDENTS = 2
MOST_SUBMISSIONS = 5
MOST_ROUNDS = 100

seconds = st.sampled_from([0, 0, 3, 25, 25, 70, 70, 4000])
texts = st.sampled_from(["We are looking.", "We know why."])
chosen = st.integers(0, 5)
clicks = st.sampled_from([1, 1, 1, 2])
workers = st.sampled_from([[0], [1], [0, 1]])
statuses = st.sampled_from([IncidentStatus.INVESTIGATING] * 4 + [IncidentStatus.RESOLVED])
outcomes = st.sampled_from(
    [
        *[("now", "answer")] * 6,
        *[("late", "lost")] * 2,
        *[("unsent", "pause")] * 4,
        *itertools.product(["now", "never"], ["lost", "pause"]),
        *itertools.product(["unsent", "never", "late", "now"], ["crash"]),
        ("unsent", Unavailable("Slow down.")),
        ("unsent", Unavailable("Slow down.", 100)),
        ("unsent", Rejected("No.")),
        ("unsent", Unauthorized("No.")),
    ]
)


@pytest.fixture(scope="module", autouse=True)
def quiet() -> Iterator[None]:
    before = structlog.get_config()
    nothing = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=nothing)
    yield
    structlog.configure(**before)


def nobody_asks(tx: Tx, delivery: Delivery, now: datetime) -> None:
    """Reminders are not played."""


class Team(DeliveryHandler):
    """Carries news to people who always hear them, and remembers the letters."""

    def __init__(self) -> None:
        self.letters: list[DirectMessage] = []
        self.asked: list[int] = []

    async def send(self, delivery: Delivery) -> Success:
        if isinstance(delivery.payload, DirectMessage):
            self.letters.append(delivery.payload)
            self.asked += [int(delivery.payload.stuck)] if delivery.payload.stuck else []
        return Success()

    def fails(self, tx: Tx, delivery: Delivery, error: FoghornError, now: datetime) -> None:
        raise AssertionError(tx, delivery, error, now)


class Watched:
    """The real store, which knows when nothing is asked of it any more."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._running: set[asyncio.Future[Any]] = set()

    async def read(
        self, work: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await self._watch(self._store.read(work, *args, **kwargs))

    async def write(
        self, work: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await self._watch(self._store.write(work, *args, **kwargs))

    async def _watch(self, work: Awaitable[T]) -> T:
        future = asyncio.ensure_future(work)
        self._running.add(future)
        try:
            return await future
        finally:
            self._running.discard(future)

    async def rest(self) -> None:
        """Wait until everything that goes on waits for the machine."""
        still = 0
        while still < 8:
            await asyncio.sleep(0)
            still = 0 if self._running else still + 1
            if self._running:
                await asyncio.wait(self._running)


class OutboxMachine(RuleBasedStateMachine):
    """Two workers, one page, people who report and update, and everything that can go wrong."""

    keyed: bool
    """Whether the page knows a key again, so that a repeat is no second one."""
    keeps = True
    """Whether the page keeps the instants that it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = MovedClock(datetime(2026, 11, 20, 12, tzinfo=UTC))
        self.late: list[tuple[datetime, Ask]] = []
        self.kept: list[str] = []
        self.subject_ids: list[str] = []
        self.left: set[int] = set()
        self.team = Team()

    @initialize(live=st.sampled_from([True, True, False]))
    def open(self, *, live: bool) -> None:
        self.memory = Memory(self.clock, self.keyed, self.keeps)
        self.runner.run(self._open())
        self.somebody_writes(0, "We are looking.", IncidentStatus.INVESTIGATING, 1, [0])
        if live:
            self.becomes(self.ask(0), "now", "answer")
        for _ in range(2):
            self.somebody_writes(0, "We know why.", IncidentStatus.INVESTIGATING, 1, [])

    async def _open(self) -> None:
        address = new_file(self.folder / "foghorn.db")
        store = await self.stack.enter_async_context(open_database(address))
        self.store = Watched(store)
        page = ShakyPage(self.memory, 0)
        await store.write(pages.save_page, Page(PAGE, "Example"), [Component("c", "API")], self.now)
        self.outboxes = [self.new_worker(number) for number in range(WORKERS)]
        self.publishing = Intake(
            cast("Database", self.store),
            self.clock,
            Rules(lambda _: page.capabilities, Channels("C0INC", {}).choose),
            lambda: None,
        )

    def new_worker(self, number: int) -> Outbox:
        page = ShakyPage(self.memory, number)
        store = cast("Database", self.store)
        to_page = PageDelivery(store, lambda _: page, ["U0BEN"], nobody_asks)
        carriers: dict[type, DeliveryHandler] = {IncidentDraft: to_page, UpdateDraft: to_page}
        carriers |= dict.fromkeys(
            (Announcement, ReadBack, Receipt, FormProgress, DirectMessage), self.team
        )
        return Outbox(store, self.clock, TIMING, carriers)

    def teardown(self) -> None:
        try:
            if hasattr(self, "store"):
                self.in_the_end_all_is_well()
        finally:
            self.runner.run(self._close())
            self.runner.close()
            shutil.rmtree(self.folder)

    async def _close(self) -> None:
        for ask in list(getattr(self, "memory", Memory(self.clock, keyed=True)).asks):
            ask.answer.cancel()
        await asyncio.sleep(0)
        await self.stack.aclose()

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def rest(self) -> None:
        self.runner.run(self.store.rest())

    # --- people ---

    def submit(self, submission: AnySubmission, clicks: int) -> None:
        # No two acts of people fall on the same millisecond.
        self.clock.move(0.001)
        with suppress(FormError):
            accepted = self.runner.run(self.publishing.submit(submission))
            self.kept.append(accepted.submission_id)
            if accepted.subject_id not in self.subject_ids:
                self.subject_ids.append(accepted.subject_id)
            for _ in range(clicks - 1):
                assert self.runner.run(self.publishing.submit(submission)).repeated

    @precondition(lambda self: len(self.kept) < MOST_SUBMISSIONS)
    @rule(which=chosen, text=texts, status=statuses, clicks=clicks, awake=workers)
    def somebody_writes(
        self, which: int, text: str, status: IncidentStatus, clicks: int, awake: list[int]
    ) -> None:
        """Somebody posts an update, or reports another incident as long as there are few."""
        fields = IncidentFields(status, text)
        form: ReportForm | UpdateForm = ReportForm(
            fields, f"Incident {len(self.kept)}", (PAGE,), "C0INC"
        )
        if (place := which % MOST_INCIDENTS) < len(self.subject_ids):
            form = UpdateForm(fields, self.subject_ids[place])
        self.submit(Submission(f"view:{len(self.kept)}", ANN, form), clicks)
        self.tick(awake)

    @precondition(lambda self: self.team.asked)
    @rule(answer=st.sampled_from(["look", "again", "leave"]), awake=workers)
    def decide(self, answer: str, awake: list[int]) -> None:
        stuck = self.team.asked.pop(0)
        if answer == "again" and self.is_there(self.delivery(stuck)):
            answer = "leave"  # as the letter says, people look at the page before they choose
        if answer == "leave":
            self.left.add(stuck)
        assert self.runner.run(self.publishing.decide(stuck, answer, ANN))
        self.tick(awake)

    # --- the bot ---

    def tick(self, awake: list[int]) -> None:
        """Let these workers take what is due, all at the same time."""

        async def tick() -> None:
            await asyncio.gather(*(self.outboxes[worker].tick() for worker in awake))
            await self.store.rest()

        self.runner.run(tick())

    def crash(self, worker: int) -> None:
        for ask in self.memory.asks:
            if ask.worker == worker:
                ask.answer.cancel()
        self.rest()
        self.outboxes[worker] = self.new_worker(worker)

    # --- time, the network and the page ---

    @rule(which=chosen, what=outcomes, passed=seconds, awake=workers)
    def something_happens(
        self, which: int, what: tuple[str, Any], passed: float, awake: list[int]
    ) -> None:
        """A request leaves or does not, arrives or does not, is answered or not; time passes."""
        if self.memory.asks:
            self.becomes(self.ask(which), *what)
        self.time_passes(passed, awake)

    def becomes(self, ask: Ask, arrives: str, ends: str | ProviderError) -> None:
        if arrives != "unsent":
            self.leaves(ask, arrives)
        if ends == "crash":
            self.crash(ask.worker)
        elif ends == "answer":
            self.answers(ask)
        elif ends == "lost":
            self.fails(ask, Uncertain("Cut.") if ask.writes else Unavailable("Cut."))
        elif isinstance(ends, ProviderError) and not ask.left_at:
            self.fails(ask, ends)
        self.rest()

    def time_passes(self, passed: float, awake: list[int]) -> None:
        until = self.now + timedelta(seconds=passed)
        for at, ask in sorted(self.late, key=lambda each: (each[0], each[1].about)):
            if at <= until:
                self.clock.time = max(self.clock.time, at)
                ask.arrive()
                self.late.remove((at, ask))
        self.clock.time = until
        self.tick(awake)

    def answers(self, ask: Ask) -> None:
        if ask.left_at and ask.result is None:
            self.fails(ask, Uncertain("It never arrived."))
        elif ask.left_at:
            ask.answer.set_result(ask.result)

    def ask(self, which: int) -> Ask:
        asks = sorted(self.memory.asks, key=lambda ask: (ask.worker, ask.about))
        return asks[which % len(asks)]

    def leaves(self, ask: Ask, arrives: str) -> None:
        if not (left_at := ask.leave(self.now)) or arrives == "never":
            return
        latest = left_at + timedelta(seconds=LATEST_WRITE)
        if not ask.writes or (arrives == "now" and self.now <= latest):
            ask.arrive()
        elif arrives == "late" and self.now <= latest:
            self.late.append((latest, ask))

    def fails(self, ask: Ask, error: ProviderError) -> None:
        if not ask.answer.done():
            ask.answer.set_exception(error)

    # --- what must be true ---

    def owed(self) -> list[Delivery]:
        def read(tx: Tx) -> list[Delivery]:
            return [each for one in self.kept for each in deliveries.of_submission(tx, one)]

        return self.runner.run(self.store.read(read))

    def delivery(self, delivery_id: int) -> Delivery:
        found = self.runner.run(self.store.read(deliveries.get, delivery_id))
        assert found
        return found

    def is_there(self, delivery: Delivery) -> bool:
        draft = cast("IncidentDraft | UpdateDraft", delivery.payload)
        return drafted(draft) in {entry.drafted for entry in self.memory.entries()}

    def unsettled(self) -> int:
        settled = [state.value for state in SETTLED]
        query = select(func.count()).where(tables.deliveries.c.state.not_in(settled))
        return self.runner.run(self.store.read(lambda tx: tx.scalar(query))) or 0

    @invariant()
    def nothing_is_there_twice(self) -> None:
        if hasattr(self, "memory"):
            seen = [entry.drafted for entry in self.memory.entries()]
            assert len(seen) == len(set(seen))

    @invariant()
    def updates_are_in_the_order_of_submitting(self) -> None:
        if hasattr(self, "memory"):
            for incident in self.memory.incidents.values():
                seen = [entry.drafted for entry in incident.entries]
                assert seen == sorted(seen)

    def in_the_end_all_is_well(self) -> None:
        rounds = 0
        while self.unsettled():
            assert (rounds := rounds + 1) < MOST_ROUNDS, f"it never ends: {self.owed()}"
            while self.team.asked:
                self.decide("again", [])
            while self.memory.asks:
                self.becomes(self.ask(0), "now", "answer")
            self.time_passes(400, [0])
        self.nothing_is_there_twice()
        self.updates_are_in_the_order_of_submitting()
        reopened = {letter.submission_id for letter in self.team.letters}
        for delivery in self.owed():
            done = delivery.state is State.DONE
            assert delivery.state in SETTLED, f"lost: {delivery}"
            assert done or delivery.submission_id in reopened, f"nobody was told: {delivery}"
            if delivery.id not in self.left:
                assert self.is_there(delivery) is done, f"not as said: {delivery}"


# `pytest --hypothesis-profile thorough` plays for as long as tests/conftest.py says.
_THOROUGH = settings.default is not None and settings.default.max_examples > 100

_PLAYED = settings(
    max_examples=settings().max_examples if _THOROUGH else 20,
    stateful_step_count=settings().stateful_step_count if _THOROUGH else 40,
    suppress_health_check=list(HealthCheck),
)


class WithKeys(OutboxMachine):
    """A page that knows the key of a create again."""

    keyed = True


class WithoutKeys(OutboxMachine):
    """A page that takes no key."""

    keyed = False


class WithItsOwnTimes(OutboxMachine):
    """A page that takes no key, and keeps no instant that it is sent."""

    keyed = False
    keeps = False


# A share of the examples each, so that they are played beside each other.
TestOutboxWithKeys = WithKeys.TestCase
TestOutboxWithKeys.settings = _PLAYED
TestOutboxWithoutKeys = WithoutKeys.TestCase
TestOutboxWithoutKeys.settings = _PLAYED
TestOutboxWithItsOwnTimes = WithItsOwnTimes.TestCase
TestOutboxWithItsOwnTimes.settings = _PLAYED
