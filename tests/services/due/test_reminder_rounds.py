"""Rounds of asking: each public update begins a new one, and what belongs to the last is over."""

from dataclasses import replace
from datetime import time

import pytest
from sqlalchemy import func, select

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
from bot.domain.reminders.digests import DigestTime
from bot.domain.reminders.ladders import Rung
from bot.domain.submissions import IncidentFields, Person, StatusForAll, UpdateForm
from bot.store import Database, Tx, tables, watches
from tests.services.asked import SETTINGS, AskingBench, new_asking
from tests.services.bench import KEY, MINUTE
from tests.services.planned import NOON

pytestmark = pytest.mark.anyio

BEN = Person("U0BEN", "Ben")
MAJOR = ComponentStatus.MAJOR_OUTAGE


@pytest.fixture
async def bench(store: Database) -> AskingBench:
    return await new_asking(store)


async def update(bench: AskingBench, subject_id: str, text: str = "We found it.") -> None:
    fields = IncidentFields(IncidentStatus.IDENTIFIED, text, (KEY,), StatusForAll.KEEP)
    await bench.publishing.submit(bench.submission(UpdateForm(fields, subject_id)))
    await bench.rest()


def waiting(tx: Tx) -> int:
    query = select(func.count()).where(tables.timers.c.fired_at.is_(None))
    return tx.scalar(query) or 0


async def test_an_update_without_a_promise_begins_the_cadence_anew(bench: AskingBench) -> None:
    subject_id = await bench.reported(MAJOR)
    await bench.at(NOON + 20 * MINUTE)
    await update(bench, subject_id)
    kept = await bench.store.read(watches.get, subject_id)
    assert kept
    assert (kept.at, kept.asked) == (NOON + 50 * MINUTE, 0)


async def test_the_answer_to_an_earlier_round_publishes_nothing(bench: AskingBench) -> None:
    subject_id = await bench.reported(MAJOR)
    await bench.at(NOON + 15 * MINUTE)
    old = await bench.question(subject_id)
    await update(bench, subject_id)
    told = await bench.answers.no_change(old, BEN)
    assert told == "Customers have heard from us since, at 12:15 UTC. Nothing more was published."
    assert (await bench.question(subject_id)).turn == old.turn + 1


async def test_a_second_question_on_its_way_is_dropped_when_somebody_takes_over(
    bench: AskingBench,
) -> None:
    subject_id = await bench.reported(MAJOR)
    await bench.at(NOON + 15 * MINUTE)
    bench.clock.time = NOON + 25 * MINUTE
    await bench.timers.sweep()
    await bench.answers.hand_over(subject_id, BEN, BEN)
    await bench.rest()
    assert len(bench.heard.questions) == 1


async def test_of_all_that_was_asked_while_slack_was_away_one_question_is_left(
    bench: AskingBench,
) -> None:
    subject_id = await bench.reported(MAJOR)
    for minutes in (15, 25, 35, 65, 95):
        bench.clock.time = NOON + minutes * MINUTE
        await bench.timers.sweep()
    await bench.rest()
    [(_place, asked)] = bench.heard.questions
    assert asked.rung is Rung.ESCALATION
    assert "1 h 35 min ago" in asked.text
    assert (await bench.question(subject_id)).turn == asked.turn


async def test_a_digest_that_is_no_longer_set_is_forgotten(bench: AskingBench) -> None:
    bench.settings = replace(SETTINGS, digest=DigestTime(time(9)))
    bench.restart()
    await bench.store.write(bench.reminding.catch_up, NOON)
    assert await bench.store.read(waiting) == 1
    bench.settings = SETTINGS
    bench.restart()
    await bench.store.write(bench.reminding.catch_up, NOON)
    assert await bench.store.read(waiting) == 0


async def test_a_promise_in_an_update_is_kept_and_shown_in_its_receipt(bench: AskingBench) -> None:
    subject_id = await bench.reported(MAJOR)
    await update(bench, subject_id, "We found it. Next update by 14:05 UTC.")
    assert bench.heard.replies[-1].promised == NOON + 125 * MINUTE
    assert bench.heard.replies[0].promised is None
