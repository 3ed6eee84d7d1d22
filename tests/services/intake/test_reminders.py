"""One tap answers a question, and of two at the same moment only one counts."""

import asyncio

import pytest

from bot.domain.maintenances import MaintenanceStatus, Notice
from bot.domain.pages import ComponentStatus
from bot.domain.reminders.ladders import Rung
from bot.domain.submissions import Person, Submission
from bot.store import Database, threads, watches
from tests.services.asked import AskingBench, new_asking
from tests.services.bench import ANN, HOUR, MINUTE, schedule
from tests.services.planned import NOON

pytestmark = pytest.mark.anyio

BEN = Person("U0BEN", "Ben")
MAJOR = ComponentStatus.MAJOR_OUTAGE
RUNS = MaintenanceStatus.IN_PROGRESS


@pytest.fixture
async def bench(store: Database) -> AskingBench:
    return await new_asking(store)


async def running(bench: AskingBench, notices: tuple[Notice, ...] = (Notice.NOW,)) -> str:
    """Return a maintenance that runs until noon and twelve hours."""
    maintenance = await bench.submit(schedule(notices=notices))
    bench.clock.time = NOON + 10 * HOUR
    await bench.submit(bench.progress(maintenance, MaintenanceStatus.IN_PROGRESS, "It starts."))
    return maintenance.id


async def test_no_change_promises_what_it_asks_for(bench: AskingBench) -> None:
    subject_id = await bench.reported(MAJOR)
    await bench.at(NOON + 15 * MINUTE)
    told = await bench.answers.no_change(await bench.question(subject_id), BEN)
    await bench.rest()
    kept = await bench.store.read(watches.get, subject_id)
    assert kept
    assert kept.promised == kept.at == NOON + 30 * MINUTE
    assert "Next update by 12:30 UTC." in told
    assert "You are asked again at 12:30 UTC." in told


async def test_of_many_taps_at_once_one_publishes(bench: AskingBench) -> None:
    subject_id = await bench.reported(MAJOR)
    await bench.at(NOON + 15 * MINUTE)
    asked = await bench.question(subject_id)
    told = await asyncio.gather(
        *(bench.answers.no_change(asked, who) for who in (ANN, BEN, ANN, BEN))
    )
    await bench.rest()
    assert sum("Published:" in each for each in told) == 1
    assert len(bench.heard.replies) == 2


async def test_complete_and_extend_are_one_answer(bench: AskingBench) -> None:
    subject_id = await running(bench)
    asked = await bench.question(subject_id)
    first = await bench.answers.extend(asked, 30 * MINUTE, ANN)
    second = await bench.answers.complete(asked, BEN)
    await bench.rest()
    assert "takes longer than planned, until 21 Nov 2026, 00:30 UTC" in first
    assert "Ann has answered this already." in second
    stored = await bench.stored(subject_id)
    assert (stored.status, stored.ends_at) == (
        MaintenanceStatus.IN_PROGRESS,
        NOON + 12 * HOUR + 30 * MINUTE,
    )


async def test_an_overrun_is_extended_from_now(bench: AskingBench) -> None:
    subject_id = await running(bench)
    await bench.at(NOON + 13 * HOUR)
    await bench.answers.extend(await bench.question(subject_id), 60 * MINUTE, ANN)
    await bench.rest()
    assert (await bench.stored(subject_id)).ends_at == NOON + 14 * HOUR


async def test_complete_ends_the_asking(bench: AskingBench) -> None:
    subject_id = await running(bench)
    assert "Published:" in await bench.answers.complete(await bench.question(subject_id), ANN)
    await bench.rest()
    before = len(bench.heard.questions)
    await bench.at(NOON + 20 * HOUR)
    assert len(bench.heard.questions) == before
    assert (await bench.stored(subject_id)).status is MaintenanceStatus.COMPLETED


@pytest.mark.parametrize("told", [False, True])
async def test_a_tap_tells_subscribers_of_the_end_as_the_form_would(
    bench: AskingBench, *, told: bool
) -> None:
    at_end = (Notice.AT_END,) if told else (Notice.NOW,)
    subject_id = await running(bench, notices=at_end)
    await bench.answers.complete(await bench.question(subject_id), ANN)
    await bench.rest()
    assert bench.heard.replies[-1].notified is told


@pytest.mark.parametrize("on_its_way", [False, True])
async def test_a_tap_is_as_silent_as_the_update_before(
    bench: AskingBench, *, on_its_way: bool
) -> None:
    subject_id = await running(bench)
    about = await bench.stored(subject_id)
    silent = bench.progress(about, RUNS, "Half of it is done.", notify=False)
    await bench.publishing.submit(Submission("silent", ANN, silent))
    if not on_its_way:
        await bench.rest()
    asked = await bench.question(subject_id)
    await bench.answers.extend(asked, 30 * MINUTE, ANN)
    await bench.rest()
    assert [each.notified for each in bench.heard.replies[-2:]] == [False, False]


async def test_a_snooze_moves_the_next_question_and_no_other(bench: AskingBench) -> None:
    subject_id = await bench.reported(MAJOR)
    await bench.at(NOON + 15 * MINUTE)
    await bench.answers.snooze(subject_id, HOUR, BEN)
    counts = []
    for minutes in (74, 75, 85):
        await bench.at(NOON + minutes * MINUTE)
        counts.append(len(bench.heard.questions))
    assert counts == [1, 2, 3]
    assert any(
        "Ben put the next reminder off until 13:15 UTC." in each for each in bench.heard.notes
    )


async def test_a_snooze_never_brings_the_first_question_forward(bench: AskingBench) -> None:
    subject_id = await bench.reported(MAJOR)  # asked about after 15 minutes
    told = await bench.answers.snooze(subject_id, 5 * MINUTE, BEN)
    assert told == "Nobody is asked about “API is down” before 12:15 UTC anyway."
    await bench.at(NOON + 14 * MINUTE)
    assert bench.heard.questions == []
    await bench.at(NOON + 15 * MINUTE)
    assert len(bench.heard.questions) == 1


async def test_a_question_on_its_way_is_dropped_by_a_snooze(bench: AskingBench) -> None:
    subject_id = await bench.reported(MAJOR)
    bench.clock.time = NOON + 15 * MINUTE
    await bench.timers.sweep()
    await bench.answers.snooze(subject_id, HOUR, BEN)
    await bench.rest()
    assert bench.heard.questions == []


async def test_a_new_owner_is_asked_and_not_the_old_one(bench: AskingBench) -> None:
    subject_id = await bench.reported(MAJOR)
    bench.clock.time = NOON + 15 * MINUTE
    await bench.timers.sweep()
    assert "Ben owns" in await bench.answers.hand_over(subject_id, BEN, ANN)
    await bench.rest()
    assert bench.heard.questions == []
    await bench.at(NOON + 25 * MINUTE)
    [(_place, question)] = bench.heard.questions
    assert (question.people, question.rung) == (("U0BEN",), Rung.OWNER)
    subject = await bench.store.read(threads.get, subject_id)
    assert subject
    assert (subject.owner_id, subject.owner_name) == ("U0BEN", "Ben")


async def test_who_owns_it_already_hears_so(bench: AskingBench) -> None:
    subject_id = await bench.reported(MAJOR)
    assert "Ann owns “API is down” already." in await bench.answers.hand_over(subject_id, ANN, ANN)
