"""Maintenances, series and timers in the store."""

from datetime import date, timedelta
from functools import partial

import pytest

from bot.domain.maintenances import Automation, Maintenance, MaintenanceStatus, Notice
from bot.domain.maintenances.series import Recurrence, SeriesWindow, WindowState
from bot.domain.pages import ComponentStatus, Hold
from bot.domain.subjects import Driver, PublicationState, Step
from bot.domain.submissions import Person, Repeat, Rhythm, ScheduleForm
from bot.domain.timers import Timer, TimerKind
from bot.store import Database, Tx, incidents, maintenances, series, subjects, threads, timers
from tests.store.samples import NOW, SECOND, incident, publication

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
UNDER = ComponentStatus.UNDER_MAINTENANCE
START, FINISH = TimerKind.START, TimerKind.FINISH


def maintenance(number: int = 1, **more: object) -> Maintenance:
    id_ = f"work{number}"
    mine = publication(
        number,
        subject_id=id_,
        impacts={"c1": UNDER},
        state=PublicationState.LIVE,
        remote_id=f"m{number}",
        drivers={Step.START: Driver.PAGE, Step.FINISH: Driver.HAND},
    )
    values: dict[str, object] = {
        "id": id_,
        "name": "Bigger disks",
        "message": "We put bigger disks in.",
        "owner_id": "U0ANN",
        "owner_name": "Ann",
        "channel": "C0OPS",
        "thread_ts": None,
        "notify": True,
        "updated_at": None,
        "due_at": None,
        "publications": (mine,),
        "status": MaintenanceStatus.SCHEDULED,
        "starts_at": NOW + number * HOUR,
        "ends_at": NOW + 5 * HOUR,
        "automation": Automation.START,
        "notices": (Notice.NOW, Notice.AT_END),
    }
    return Maintenance(**(values | more))  # type: ignore[arg-type]


def recurrence() -> Recurrence:
    repeat = Repeat(Rhythm.MONTHLY, until=date(2026, 12, 31))
    form = ScheduleForm("N", "M", (), "C0", ("k",), NOW, NOW + HOUR, "Europe/Berlin", repeat=repeat)
    windows = tuple(SeriesWindow(n, NOW + n * HOUR, NOW + (n + 1) * HOUR) for n in (1, 2))
    return Recurrence("series1", form, Person("U0ANN", "Ann"), windows)


async def test_a_maintenance_comes_back_whole(store: Database) -> None:
    await store.write(maintenances.add, maintenance())
    assert await store.read(maintenances.get, "work1") == maintenance()
    assert await store.read(threads.get, "work1") == maintenance()
    assert await store.read(incidents.get, "work1") is None


async def test_a_thread_is_an_incidents_or_a_maintenances_or_nobodys(store: Database) -> None:
    await store.write(incidents.add, incident())
    assert await store.read(threads.get, "inc1") == incident()
    assert await store.read(maintenances.get, "inc1") is None
    assert await store.read(threads.get, "nothing") is None


async def test_open_ones_come_by_their_start_and_are_found_by_words(store: Database) -> None:
    for number, name in ((2, "New racks"), (1, "Bigger disks"), (3, "Bigger racks")):
        await store.write(maintenances.add, maintenance(number, name=name))
    await store.write(lambda tx: subjects.change(tx, "work3", status="completed"))
    found = await store.read(maintenances.open_maintenances)
    assert [each.id for each in found] == ["work1", "work2"]
    assert [each.id for each in await store.read(maintenances.open_maintenances, "RACKS")] == [
        "work2"
    ]


async def test_what_an_incident_took_over_is_not_listed_but_found_by_it(store: Database) -> None:
    await store.write(incidents.add, incident(publications=()))
    await store.write(maintenances.add, maintenance())
    assert await store.read(maintenances.turned_into, "inc1") is None
    await store.write(maintenances.turn_into, "work1", "inc1")
    assert await store.read(maintenances.open_maintenances) == ()
    assert await store.read(maintenances.turned_into, "inc1") == maintenance(turned_into="inc1")


async def test_it_moves_and_is_put_right(store: Database) -> None:
    await store.write(maintenances.add, maintenance())
    await store.write(maintenances.move, "work1", NOW, NOW + HOUR)
    moved = await store.read(maintenances.get, "work1")
    assert moved == maintenance(starts_at=NOW, ends_at=NOW + HOUR)
    right = maintenance(name="Disks", notices=(), automation=Automation.BY_HAND, notify=False)
    await store.write(maintenances.put_right, right)
    assert await store.read(maintenances.get, "work1") == right


async def test_it_holds_its_components_only_while_it_runs(store: Database) -> None:
    await store.write(maintenances.add, maintenance())
    held = []
    for status in ("scheduled", "in_progress", "completed"):
        change = partial(subjects.change, subject_id="work1", status=status)
        await store.write(change)
        held.append(await store.read(subjects.our_holds, "instatus:p1"))
    assert held == [{}, {"m1": (Hold("m1", "Bigger disks", "c1", UNDER),)}, {}]


async def test_what_nobody_holds_is_locked_without_waiting(store: Database) -> None:
    await store.write(maintenances.add, maintenance())
    assert await store.write(subjects.lock_if_free, "work1")
    assert not await store.write(subjects.lock_if_free, "nothing")


async def test_a_series_comes_back_whole(store: Database) -> None:
    await store.write(series.add, recurrence(), NOW)
    assert await store.write(series.lock, "series1") == recurrence()
    assert await store.read(series.get, "nothing") is None


async def test_windows_are_marked_and_more_are_planned(store: Database) -> None:
    await store.write(maintenances.add, maintenance())
    await store.write(series.add, recurrence(), NOW)
    await store.write(series.mark, "series1", 1, WindowState.SCHEDULED, "work1")
    more = SeriesWindow(3, NOW, NOW + HOUR)
    await store.write(series.add_windows, "series1", [more])
    await store.write(series.end, "series1", NOW)
    found = await store.read(series.get, "series1")
    assert found
    assert [each.number for each in found.planned] == [2, 3]
    assert (found.windows[0].subject_id, found.ended) == ("work1", True)


async def test_of_one_kind_one_timer_waits_for_the_same(store: Database) -> None:
    await store.write(timers.set_timers, [Timer(START, "pub1", NOW), Timer(FINISH, "pub1", NOW)])
    await store.write(timers.set_timers, [Timer(START, "pub1", NOW + SECOND)])
    assert [each.kind for each in await store.write(timers.claim, NOW, 9)] == [FINISH]
    [fired] = await store.write(timers.claim, NOW + SECOND, 9)
    assert (fired.kind, fired.due_at) == (START, NOW + SECOND)
    assert await store.write(timers.claim, NOW + HOUR, 9) == ()


async def test_a_dropped_timer_never_fires_and_one_put_back_fires_later(store: Database) -> None:
    await store.write(timers.set_timers, [Timer(kind, "pub1", NOW) for kind in (START, FINISH)])
    await store.write(timers.drop, "pub1", [START])
    [fired] = await store.write(timers.claim, NOW, 9)
    await store.write(timers.put_back, fired, NOW + SECOND)
    assert await store.write(timers.claim, NOW, 9) == ()
    assert [each.id for each in await store.write(timers.claim, NOW + SECOND, 9)] == [fired.id]


async def test_what_breaks_leaves_nothing_and_the_rest_stays(store: Database) -> None:
    def work(tx: Tx) -> Exception | None:
        timers.set_timers(tx, [Timer(START, "pub1", NOW)])

        def broken() -> None:
            timers.drop(tx, "pub1", [START])
            raise KeyError("pub1")

        return timers.attempt(tx, broken)

    assert isinstance(await store.write(work), KeyError)
    assert len(await store.write(timers.claim, NOW, 9)) == 1
