"""Who is asked when, through the store: incidents, maintenances, the digest, and after a start."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import delete, select

from bot.domain.maintenances import Automation, MaintenanceStatus
from bot.domain.pages import ComponentStatus
from bot.domain.reminders.digests import DigestTime
from bot.domain.reminders.ladders import ReminderKind, Rung
from bot.domain.reminders.watches import Freshness
from bot.services.due.reminders import ReminderTimers
from bot.store import Database, Tx, incidents, subjects, tables, timers, watches
from tests.services.asked import SETTINGS, AskingBench, new_asking
from tests.services.bench import HOUR, MINUTE, schedule
from tests.services.planned import NOON

pytestmark = pytest.mark.anyio

MAJOR = ComponentStatus.MAJOR_OUTAGE


@pytest.fixture
async def bench(store: Database) -> AskingBench:
    return await new_asking(store)


def waiting(tx: Tx) -> list[tuple[str, datetime]]:
    table = tables.timers
    rows = tx.execute(select(table.c.kind, table.c.due_at).where(table.c.fired_at.is_(None)))
    return [(row.kind, row.due_at) for row in rows]


def actions(tx: Tx) -> list[tuple[str, str]]:
    rows = tx.execute(select(tables.audit.c.action, tables.audit.c.outcome))
    return [(row.action, row.outcome) for row in rows if row.action.startswith("remind")]


async def test_what_is_published_is_watched_over_by_its_worst_component(bench: AskingBench) -> None:
    subject_id = await bench.reported(MAJOR)
    incident = await bench.store.read(incidents.get, subject_id)
    assert incident
    assert incident.due_at == NOON + 15 * MINUTE
    assert ("remind", NOON + 15 * MINUTE) in await bench.store.read(waiting)


async def test_each_question_leaves_a_line_and_the_next_timer(bench: AskingBench) -> None:
    await bench.reported(MAJOR)
    await bench.at(NOON + 16 * MINUTE)
    assert await bench.store.read(actions) == [
        ("remind update", "asked owner, 60 s after its time")
    ]
    assert [kind for kind, _at in await bench.store.read(waiting)] == ["remind"]
    assert [(place, each.rung) for place, each in bench.heard.questions] == [("C0", Rung.OWNER)]


async def test_a_maintenance_is_asked_about_before_at_and_after(bench: AskingBench) -> None:
    maintenance = await bench.submit(schedule(automation=Automation.BY_HAND))
    asked = []
    for minutes in (539, 540, 600, 615):
        await bench.at(NOON + minutes * MINUTE)
        asked.append([each.kind for _place, each in bench.heard.questions])
    assert asked[:2] == [[], [ReminderKind.BEFORE]]
    assert asked[3][1:] == [ReminderKind.START] * 2
    running = bench.progress(maintenance, MaintenanceStatus.IN_PROGRESS, "It starts.")
    await bench.submit(running)
    await bench.at(NOON + 12 * HOUR - 15 * MINUTE)
    await bench.at(NOON + 12 * HOUR)
    assert [each.kind for _place, each in bench.heard.questions][-2:] == [
        ReminderKind.ENDING,
        ReminderKind.OVERRUN,
    ]


async def test_who_is_late_is_shown_once_and_not_more_often_than_each_minute(
    bench: AskingBench,
) -> None:
    subject_id = await bench.reported(MAJOR)
    before = len(bench.heard.parents)
    await bench.at(NOON + 15 * MINUTE)
    await bench.at(NOON + 15 * MINUTE + timedelta(seconds=1))
    assert [each.freshness for each in bench.heard.parents[before:]] == [Freshness.DUE]
    await bench.at(NOON + 25 * MINUTE)
    assert bench.heard.parents[-1].freshness is Freshness.OVERDUE
    await bench.at(NOON + 35 * MINUTE)
    assert len(bench.heard.parents) == before + 2
    kept = await bench.store.read(watches.get, subject_id)
    assert kept
    assert kept.shown_at == NOON + 25 * MINUTE


async def test_rungs_within_a_minute_edit_the_parent_once(store: Database) -> None:
    hurried = replace(SETTINGS.ladder, again=timedelta(seconds=5), escalate=timedelta(seconds=10))
    bench = await new_asking(store)
    bench.settings = replace(SETTINGS, ladder=hurried)
    bench.restart()
    await bench.reported(MAJOR)
    before = len(bench.heard.parents)
    for seconds in (0, 5, 10):
        await bench.at(NOON + 15 * MINUTE + timedelta(seconds=seconds))
    assert len(bench.heard.questions) == 3
    assert len(bench.heard.parents) == before + 1


async def test_what_nobody_watches_over_is_found_at_the_start(bench: AskingBench) -> None:
    await bench.reported(MAJOR)
    await bench.store.write(lambda tx: tx.execute(delete(tables.watches)))
    await bench.store.write(lambda tx: tx.execute(delete(tables.timers)))
    await bench.store.write(bench.reminding.catch_up, NOON)
    assert await bench.store.read(waiting) == [("remind", NOON + 15 * MINUTE)]
    assert await bench.store.read(watches.unwatched) == ()


@pytest.mark.parametrize("days", [1, 2])
async def test_the_digest_comes_once_a_day_in_its_channel(store: Database, days: int) -> None:
    bench = await new_asking(store)
    bench.settings = replace(SETTINGS, digest=DigestTime(time(9), "Europe/Berlin"))
    bench.restart()
    await bench.reported(MAJOR)
    await bench.store.write(bench.reminding.catch_up, NOON)
    await bench.store.write(bench.reminding.catch_up, NOON)
    for day in range(1, days + 2):
        await bench.at(datetime(2026, 11, 20 + day, 8, tzinfo=UTC))
    assert [place for place, _digest in bench.heard.digests] == ["C0OPS"] * days


async def test_a_digest_that_its_channel_refuses_is_told_to_somebody(store: Database) -> None:
    bench = await new_asking(store)
    bench.settings = replace(SETTINGS, digest=DigestTime(time(9), "Europe/Berlin"))
    bench.restart()
    await bench.reported(MAJOR)
    bench.heard.closed.add("C0OPS")
    await store.write(bench.reminding.catch_up, NOON)
    await bench.at(datetime(2026, 11, 22, 8, tzinfo=UTC))
    assert bench.heard.digests == []
    told = [each for each in bench.heard.letters if "daily list" in each.title]
    assert [(each.user_id, each.reason) for each in told] == [("U0BEN", ""), ("U0CAT", "")]
    assert "C0OPS is closed." in told[0].text


async def test_a_digest_over_a_clock_change_comes_once_on_each_day(store: Database) -> None:
    bench = await new_asking(store)
    bench.settings = replace(SETTINGS, digest=DigestTime(time(2, 30), "Europe/Berlin"))
    bench.restart()
    start = datetime(2027, 3, 27, 0, tzinfo=UTC)
    bench.clock.time = start - 5 * 24 * HOUR
    await bench.reported(MAJOR)
    bench.clock.time = start
    await bench.store.write(bench.reminding.catch_up, start)
    for hours in range(72):
        await bench.at(start + hours * HOUR + 31 * MINUTE)
    assert len(bench.heard.digests) == 3


async def test_what_somebody_else_holds_waits_for_the_next_sweep(bench: AskingBench) -> None:
    subject_id = await bench.reported(MAJOR)
    reminding = ReminderTimers(SETTINGS, None)

    def held(tx: Tx) -> list[str]:
        due = timers.claim(tx, NOON + HOUR, 5)
        tx.execute(delete(tables.watches))
        batch = next(iter(reminding.batches().values()))
        return [timer.about for timer in batch(tx, due, NOON + HOUR)]

    assert await bench.store.write(held) == []
    assert await bench.store.read(subjects.lock_those_free, [subject_id, "none"]) == {subject_id}
