"""Series of maintenances, and maintenances that turn into incidents."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.incidents import IncidentDraft
from bot.domain.maintenances import Maintenance, MaintenanceStatus, MaintenanceUpdateDraft
from bot.domain.maintenances.series import Recurrence, WindowState
from bot.domain.pages import Component, ComponentStatus, Page
from bot.domain.submissions import Repeat, Rhythm
from bot.errors import FormError
from bot.store import Database, maintenances, pages, timers
from bot.store import series as stored_series
from tests.services.bench import ANN, HOUR, MINUTE, Bench, new_bench, schedule
from tests.services.planned import BARE, NOON, OPERATIONAL, RUNNING

pytestmark = pytest.mark.anyio

TEN, MIDNIGHT = NOON + 10 * HOUR, NOON + 12 * HOUR
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
PLANNED, UP, SKIPPED = WindowState.PLANNED, WindowState.SCHEDULED, WindowState.SKIPPED
DROPPED, MISSED = WindowState.DROPPED, WindowState.MISSED
TEN_WEEKS = Repeat(Rhythm.WEEKLY, count=10)
MAJOR = ComponentStatus.MAJOR_OUTAGE


async def weekly(bench: Bench, repeat: Repeat = TEN_WEEKS) -> str:
    """Schedule a series; return our id of it."""
    first = await bench.submit(schedule(repeat=repeat))
    assert first.series_id
    return first.series_id


async def series(bench: Bench, series_id: str) -> Recurrence:
    found = await bench.store.read(stored_series.get, series_id)
    assert found
    return found


async def states(bench: Bench, series_id: str) -> list[WindowState]:
    return [window.state for window in (await series(bench, series_id)).windows]


async def upcoming(bench: Bench) -> tuple[Maintenance, ...]:
    return await bench.store.read(maintenances.open_maintenances)


async def test_windows_are_on_the_page_from_two_weeks_ahead(store: Database) -> None:
    bench = await new_bench(store, BARE)
    series_id = await weekly(bench)
    assert await states(bench, series_id) == [UP, UP, *[PLANNED] * 8]
    assert [each.starts_at for each in await upcoming(bench)] == [TEN, TEN + WEEK]
    await bench.at(TEN - MINUTE)
    assert len(bench.page.works) == 2
    await bench.at(TEN)
    assert [each.number for each in await upcoming(bench)] == [1, 2, 3]
    assert {receipt.author for receipt in bench.team.replies} == {"Ann", "Foghorn"}


async def test_ten_windows_live_through_restarts_a_skip_and_another_end(store: Database) -> None:
    bench = await new_bench(store, BARE)
    series_id = await weekly(bench)
    assert await bench.series.skip(series_id, 5, ANN)
    assert await bench.series.until(series_id, (TEN + 7 * WEEK).date(), ANN)
    for week in range(10):
        bench.restart()
        await bench.at(TEN + week * WEEK)
    expected = [*[UP] * 4, SKIPPED, *[UP] * 3, *[DROPPED] * 2]
    assert await states(bench, series_id) == expected
    starts = [work.kept.starts for work in bench.page.works.values()]
    assert starts == [TEN + week * WEEK for week in (0, 1, 2, 3, 5, 6, 7)]
    assert await store.read(timers.claim, NOON + 52 * WEEK, 10) == ()


async def test_the_first_window_is_put_up_at_once_however_far_it_is(store: Database) -> None:
    bench = await new_bench(store, BARE)
    far = schedule(starts=TEN + 8 * WEEK, ends=MIDNIGHT + 8 * WEEK, repeat=TEN_WEEKS)
    first = await bench.submit(far)
    assert await states(bench, first.series_id or "") == [UP, *[PLANNED] * 9]


async def test_the_same_form_twice_is_one_series(store: Database) -> None:
    bench = await new_bench(store, BARE)
    submission = bench.submission(schedule(repeat=TEN_WEEKS))
    once = await bench.publishing.submit(submission)
    again = await bench.publishing.submit(submission)
    assert (again.subject_id, again.repeated) == (once.subject_id, True)
    assert len(await upcoming(bench)) == 2


async def test_a_skipped_window_that_is_up_is_cancelled(store: Database) -> None:
    bench = await new_bench(store, BARE)
    series_id = await weekly(bench)
    assert await bench.series.skip(series_id, 2, ANN)
    await bench.rest()
    assert bench.page.works["m2"].kept.status is MaintenanceStatus.CANCELLED
    assert not await bench.series.skip(series_id, 2, ANN)
    assert not await bench.series.skip(series_id, 11, ANN)


async def test_a_window_that_has_begun_is_not_skipped(store: Database) -> None:
    bench = await new_bench(store, BARE)
    series_id = await weekly(bench)
    await bench.at(TEN)
    assert not await bench.series.skip(series_id, 1, ANN)
    assert bench.page.works["m1"].kept.status is RUNNING


async def test_what_ends_takes_what_has_not_begun_off_the_page(store: Database) -> None:
    bench = await new_bench(store, BARE)
    series_id = await weekly(bench)
    assert await bench.series.end(series_id, ANN)
    assert not await bench.series.end(series_id, ANN)
    assert not await bench.series.until(series_id, date(2027, 12, 1), ANN)
    await bench.at(TEN + WEEK)
    assert await states(bench, series_id) == [SKIPPED, SKIPPED, *[DROPPED] * 8]
    assert (await series(bench, series_id)).ended


async def test_a_later_end_plans_more_and_takes_back_what_was_dropped(store: Database) -> None:
    bench = await new_bench(store, BARE)
    series_id = await weekly(bench)
    assert await bench.series.until(series_id, (TEN + 3 * WEEK).date(), ANN)
    assert await states(bench, series_id) == [UP, UP, PLANNED, PLANNED, *[DROPPED] * 6]
    assert not await bench.series.until(series_id, (TEN + 3 * WEEK).date(), ANN)
    assert await bench.series.until(series_id, (TEN + 11 * WEEK).date(), ANN)
    assert await states(bench, series_id) == [UP, UP, *[PLANNED] * 10]


async def test_windows_that_passed_unseen_are_never_scheduled_into_the_past(
    store: Database,
) -> None:
    bench = await new_bench(store, BARE)
    series_id = await weekly(bench)
    await bench.at(TEN + 4 * WEEK + 5 * MINUTE)
    assert await states(bench, series_id) == [UP, UP, *[MISSED] * 3, UP, UP, *[PLANNED] * 3]
    told = [letter for letter in bench.team.letters if "window" in letter.title]
    titles = [f"“Bigger disks”: window {n} is not on its page" for n in (3, 4, 5)]
    assert [letter.title for letter in told] == titles
    assert {letter.quoted for letter in told} == {"We put bigger disks in."}


async def test_a_window_that_its_page_cannot_take_is_told_and_the_next_one_tried(
    store: Database,
) -> None:
    bench = await new_bench(store, BARE)
    series_id = await weekly(bench)
    page = Page("planned:1", "Page 1")
    await store.write(pages.save_page, page, [Component("c2", "Web")], NOON)
    await bench.at(TEN)
    assert (await states(bench, series_id))[:4] == [UP, UP, MISSED, PLANNED]
    assert any("no longer on the chosen page" in each.text for each in bench.team.letters)
    await store.write(pages.save_page, page, [Component("c1", "API")], NOON)
    await bench.at(TEN + WEEK)
    assert (await states(bench, series_id))[:5] == [UP, UP, MISSED, UP, PLANNED]


async def test_a_series_that_cannot_be_is_not_begun(store: Database) -> None:
    bench = await new_bench(store, BARE)
    with pytest.raises(FormError) as error:
        await bench.submit(schedule(repeat=Repeat(Rhythm.WEEKLY)))
    assert set(error.value.fields) == {"times"}
    assert await upcoming(bench) == ()


@pytest.mark.parametrize("shares", [False, True], ids=["own impacts", "one status for all"])
async def test_a_running_maintenance_turns_into_an_incident(
    store: Database, *, shares: bool
) -> None:
    bench = await new_bench(store, replace(BARE, shares_component_status=shares))
    work = await bench.submit(schedule())
    await bench.at(TEN)
    thread = (await bench.stored(work.id)).thread_ts
    await bench.reported(MAJOR, turns=work.id)
    kept = bench.page.works["m1"].kept
    assert kept.status is MaintenanceStatus.COMPLETED
    assert "The maintenance has ended early." in kept.updates[-1].message
    assert (await bench.page.maintenance("m1")).shown == {"c1": MAJOR}
    assert [type(draft) for draft in bench.page.written[-2:]] == [
        IncidentDraft,
        MaintenanceUpdateDraft,
    ]
    assert bench.team.parents[-1].subject.name == "API is down"
    assert bench.team.parents[-1].subject.thread_ts == thread
    assert set(bench.team.threads) == {thread}
    assert (await bench.stored(work.id)).status is MaintenanceStatus.COMPLETED
    assert bench.team.replies[-1].differences == ()


async def test_it_ends_on_pages_too_that_do_not_hear_of_the_incident(store: Database) -> None:
    bench = await new_bench(store, BARE, BARE)
    work = await bench.submit(schedule(pages=("planned:1", "planned:2")))
    await bench.at(TEN)
    await bench.reported(MAJOR, turns=work.id, pages=("planned:2",))
    ended = [page.works["m1"].kept.status for page in bench.pages.values()]
    assert ended == [MaintenanceStatus.COMPLETED] * 2
    assert (await bench.stored(work.id)).status is MaintenanceStatus.COMPLETED


async def test_what_was_turned_is_not_turned_again_nor_updated(store: Database) -> None:
    bench = await new_bench(store, BARE)
    work = await bench.submit(schedule())
    with pytest.raises(FormError, match="Only a running maintenance"):
        await bench.reported(MAJOR, turns=work.id)
    await bench.at(TEN)
    await bench.reported(MAJOR, turns=work.id)
    with pytest.raises(FormError, match="Somebody has turned it"):
        await bench.reported(MAJOR, turns=work.id)
    with pytest.raises(FormError, match="turned into an incident"):
        await bench.submit(bench.progress(work, RUNNING, "Still here."))
    assert await upcoming(bench) == ()


async def test_a_refused_incident_ends_the_maintenance_all_the_same(store: Database) -> None:
    bench = await new_bench(store, BARE)
    work = await bench.submit(schedule())
    await bench.at(TEN)
    bench.page.refuses_incidents = True
    await bench.reported(MAJOR, turns=work.id)
    assert bench.page.works["m1"].kept.status is MaintenanceStatus.COMPLETED
    assert bench.page.own.get("c1", OPERATIONAL) is OPERATIONAL


async def test_a_series_of_an_unknown_zone_ends_on_another_day_in_utc(store: Database) -> None:
    bench = await new_bench(store, BARE)
    first = await bench.submit(schedule(repeat=TEN_WEEKS, zone="Mars/Olympus"))
    series_id = first.series_id or ""
    assert await bench.series.until(series_id, (TEN + 3 * WEEK).date(), ANN)
    assert await states(bench, series_id) == [UP, UP, PLANNED, PLANNED, *[DROPPED] * 6]
