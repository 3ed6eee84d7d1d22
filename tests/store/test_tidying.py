from datetime import timedelta

import pytest

from bot.domain.deliveries import Settlement, State
from bot.domain.incidents import IncidentStatus
from bot.domain.reminders.watches import Watch
from bot.domain.timers import Timer, TimerKind
from bot.store import Database, audit, deliveries, incidents, submissions, tidying, timers, watches
from tests.store.samples import NOW, delivery, incident, lease, publication, report

pytestmark = pytest.mark.anyio

RESOLVED = IncidentStatus.RESOLVED
DAY = timedelta(days=1)


async def went_out(store: Database, number: int, status: IncidentStatus, state: State) -> None:
    """An incident that was published yesterday, and how it went out."""
    subject_id = f"inc{number}"
    mine = publication(number, subject_id=subject_id)
    one = incident(number, status=status, updated_at=NOW - DAY, publications=(mine,))
    await store.write(incidents.add, one)
    submission = report(f"view:V{number}", submission_id=f"s{number}")
    await store.write(submissions.add, submission, subject_id, NOW - DAY)
    owed = delivery(f"k{number}", subject_id=subject_id, submission_id=f"s{number}")
    await settled(store, owed, state)
    await store.write(watches.save, subject_id, Watch(None))
    timer = Timer(TimerKind.REMIND, subject_id, NOW, subject_id)
    await store.write(timers.set_timers, [timer])
    entry = audit.Entry(NOW - DAY, "U0ANN", "report", "accepted", subject_id, text="Sorry.")
    await store.write(audit.record, entry)


async def settled(store: Database, owed: object, state: State) -> None:
    await store.write(deliveries.add, [owed], NOW - DAY)  # type: ignore[list-item]
    [held] = await store.write(deliveries.claim, State.PENDING, lease("l", NOW), 1)
    await store.write(deliveries.settle, held, Settlement(state, NOW + 9 * DAY))


async def left(store: Database, number: int = 1) -> list[bool]:
    """Say whether form, deliveries, watch and timers of an incident are still there."""
    subject_id = f"inc{number}"
    return [
        bool(await store.read(submissions.get, f"s{number}")),
        bool(await store.read(submissions.by_key, f"view:V{number}")),
        bool(await store.read(watches.get, subject_id)),
        bool(await store.read(timers.waiting, subject_id)),
    ]


async def test_of_what_ended_long_ago_the_record_stays(store: Database) -> None:
    await went_out(store, 1, RESOLVED, State.DONE)
    assert await store.write(tidying.tidy, NOW, 10) == 1
    assert await left(store) == [False, False, False, False]
    kept = await store.read(incidents.get, "inc1")
    assert kept is not None
    assert kept.publications[0].id == "pub1"
    assert await store.write(tidying.tidy, NOW, 10) == 0


@pytest.mark.parametrize(
    ("status", "state", "before"),
    [
        (IncidentStatus.MONITORING, State.DONE, NOW),
        (RESOLVED, State.PENDING, NOW),
        (RESOLVED, State.STUCK, NOW),
        (RESOLVED, State.DONE, NOW - 2 * DAY),
    ],
    ids=["open", "waiting", "stuck", "recent"],
)
async def test_what_is_not_over_is_left_alone(
    store: Database, status: IncidentStatus, state: State, before: object
) -> None:
    await went_out(store, 1, status, state)
    assert await store.write(tidying.tidy, before, 10) == 0  # type: ignore[arg-type]
    assert await left(store) == [True, True, True, True]


async def test_only_so_many_are_tidied_at_a_time(store: Database) -> None:
    for number in (1, 2, 3):
        await went_out(store, number, RESOLVED, State.DONE)
    counts = [await store.write(tidying.tidy, NOW, 2) for _ in range(3)]
    assert counts == [2, 1, 0]


async def test_old_letters_and_unfinished_forms_are_forgotten(store: Database) -> None:
    await settled(store, delivery("letter"), State.DONE)
    for number in range(2):
        at = NOW - DAY + number * DAY
        await store.write(submissions.save_draft, f"V{number}", report().form, at)
    assert await store.write(tidying.tidy, NOW, 10) == 0
    assert await store.read(deliveries.get, 1) is None
    kept = [await store.read(submissions.draft, f"V{number}") for number in range(2)]
    assert kept == [None, report().form]
