"""Writes that run at once on a page whose components have one status for all."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.domain.incidents import IncidentDraft, IncidentStatus, UpdateDraft
from bot.domain.pages import ComponentStatus, Page
from bot.domain.subjects import PublishResult
from bot.domain.submissions import IncidentFields, ReportForm, UpdateForm
from bot.store import Database, pages
from tests.services.bench import KEY, Bench
from tests.services.planned import BARE, NOON, OPERATIONAL, PAGE, PlannedPage
from tests.services.shaky import MovedClock

pytestmark = pytest.mark.anyio

DEGRADED, PARTIAL = ComponentStatus.DEGRADED, ComponentStatus.PARTIAL_OUTAGE
MAJOR = ComponentStatus.MAJOR_OUTAGE
Statuses = Mapping[str, ComponentStatus]


class SlowPage(PlannedPage):
    """Takes what a text is about only once a test lets it; by then it is known what others do."""

    def __init__(self, clock: MovedClock) -> None:
        super().__init__(clock, PAGE, replace(BARE, shares_component_status=True))
        self.slow: dict[str, asyncio.Event] = {}
        self.waiting: list[str] = []
        self.by_hand: Statuses = {}

    async def create_incident(
        self, draft: IncidentDraft, key: str, held: Statuses
    ) -> PublishResult:
        await self._turn(draft.message)
        return await super().create_incident(draft, key, held)

    async def post_update(
        self, incident_id: str, draft: UpdateDraft, held: Statuses
    ) -> PublishResult:
        await self._turn(draft.message)
        posted = await super().post_update(incident_id, draft, held)
        self.own |= self.by_hand
        return posted

    async def show_components(self, statuses: Statuses) -> None:
        await self._turn("components")
        await super().show_components(statuses)

    async def _turn(self, message: str) -> None:
        self.waiting.append(message)
        if message in self.slow:
            await self.slow[message].wait()


class Together:
    """Two incidents on one component, whose writes reach the page in the order of the test."""

    def __init__(self, bench: Bench, page: SlowPage) -> None:
        self.bench, self.page = bench, page

    def hold(self, *messages: str) -> None:
        """Make these wait once they are about to be written."""
        self.page.slow |= {message: asyncio.Event() for message in messages}

    async def let(self, *messages: str) -> None:
        """Let these reach the page, one after the other, each with all that follows from it."""
        assert set(messages) <= set(self.page.waiting)
        for message in messages:
            self.page.slow.pop(message).set()
            await self.carry()

    async def report(self, message: str, impact: ComponentStatus) -> str:
        fields = IncidentFields(IncidentStatus.INVESTIGATING, message, (KEY,), impact)
        return await self._submit(ReportForm(fields, message, (), "C0INC"))

    async def update(self, incident_id: str, message: str, impact: ComponentStatus) -> None:
        fields = IncidentFields(IncidentStatus.IDENTIFIED, message, (KEY,), impact)
        await self._submit(UpdateForm(fields, incident_id))

    async def resolve(self, incident_id: str, message: str) -> None:
        fields = IncidentFields(IncidentStatus.RESOLVED, message, (KEY,))
        await self._submit(UpdateForm(fields, incident_id))

    async def _submit(self, form: ReportForm | UpdateForm) -> str:
        submission = self.bench.submission(form)
        accepted = await self.bench.publishing.submit(submission)
        await self.carry()
        return accepted.subject_id

    async def carry(self) -> None:
        """Carry all that the page does not make wait."""
        for _ in range(25):
            await self.bench.outbox.tick()
            await asyncio.sleep(0.005)

    async def shown(self) -> ComponentStatus:
        """Return what the component shows once all is done, and all receipts say the same."""
        await self.bench.rest()
        receipts = self.bench.team.replies
        assert len(receipts) == len(self.page.written)
        assert {receipt.differences for receipt in receipts} == {()}
        assert receipts[-1].components[0].status is self.page.own["c1"]
        return self.page.own["c1"]


@pytest.fixture
async def together(store: Database) -> Together:
    clock = MovedClock(NOON)
    page = SlowPage(clock)
    await store.write(pages.save_page, Page(PAGE, "Page 1"), await page.components(), NOON)
    return Together(Bench(store, page, clock=clock), page)


@pytest.mark.parametrize(
    "order", [("broken", "works"), ("works", "broken")], ids=["report first", "resolve first"]
)
async def test_resolving_one_incident_while_another_is_reported_leaves_it_down(
    together: Together, order: tuple[str, str]
) -> None:
    first = await together.report("slow", PARTIAL)
    together.hold("works", "broken")
    await together.resolve(first, "works")
    await together.report("broken", MAJOR)
    await together.let(*order)
    assert await together.shown() is MAJOR


@pytest.mark.parametrize(
    "order", [("worse", "works"), ("works", "worse")], ids=["update first", "resolve first"]
)
async def test_resolving_one_incident_while_another_gets_worse_leaves_it_down(
    together: Together, order: tuple[str, str]
) -> None:
    first = await together.report("slow", PARTIAL)
    second = await together.report("slower", DEGRADED)
    together.hold("works", "worse")
    await together.update(second, "worse", MAJOR)
    await together.resolve(first, "works")
    await together.let(*order)
    assert await together.shown() is MAJOR


@pytest.mark.parametrize("last", ["first", "second"])
async def test_two_incidents_that_are_resolved_at_once_leave_it_well(
    together: Together, last: str
) -> None:
    first = await together.report("slow", PARTIAL)
    second = await together.report("broken", MAJOR)
    together.hold("first", "second")
    await together.resolve(first, "first")
    await together.resolve(second, "second")
    await together.let(*sorted(("first", "second"), key=last.__eq__))
    assert await together.shown() is OPERATIONAL


async def test_what_ends_while_a_component_is_put_right_does_not_stay(together: Together) -> None:
    first = await together.report("slow", PARTIAL)
    together.hold("works", "components")
    await together.resolve(first, "works")
    second = await together.report("broken", MAJOR)
    await together.let("works")
    await together.resolve(second, "mended")
    assert together.page.own["c1"] is OPERATIONAL
    await together.let("components")
    assert await together.shown() is OPERATIONAL


async def test_what_somebody_set_by_hand_is_not_made_better(together: Together) -> None:
    first = await together.report("slow", DEGRADED)
    together.page.by_hand = {"c1": MAJOR}
    await together.resolve(first, "works")
    assert together.page.own["c1"] is MAJOR
