from datetime import datetime, timedelta

import pytest

from bot.domain.maintenances import MaintenanceStatus, MaintenanceUpdateDraft, WindowDraft
from bot.domain.pages import ComponentStatus
from bot.domain.subjects import Step
from bot.errors import Gone, Rejected
from bot.statuspage.model.site import MaintenanceRecord
from bot.statuspage.model.site_state import phase
from bot.statuspage.records import maintenances
from bot.store import Database
from tests.statuspage.records.writing import HOUR, MINUTE, NOW, component, planned, site, spans

pytestmark = pytest.mark.anyio

SCHEDULED, IN_PROGRESS = MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS
COMPLETED, CANCELLED = MaintenanceStatus.COMPLETED, MaintenanceStatus.CANCELLED
UNDER = ComponentStatus.UNDER_MAINTENANCE


async def say(store: Database, work: str, status: MaintenanceStatus, at: datetime) -> str:
    post = MaintenanceUpdateDraft(status, f"Now {status.label}.", (), notify=True, at=at, ends=at)
    posted = await store.write(maintenances.post_maintenance_update, work, post)
    return posted.update_id or ""


async def move(  # noqa: PLR0913 -- each is one thing that tests vary
    store: Database,
    work: str,
    starts: datetime,
    ends: datetime,
    now: datetime,
    *,
    auto: bool = True,
) -> None:
    driven = tuple(Step) if auto else ()
    window = WindowDraft("", "", (), SCHEDULED, starts, ends, driven)
    await store.write(maintenances.change_window, work, window, now)


async def only(store: Database) -> MaintenanceRecord:
    [found] = (await site(store)).maintenances
    return found


async def test_planned_work_is_given_back_whole(store: Database) -> None:
    api = await component(store, "API")
    work = await planned(store, (api, api))
    found = await only(store)
    assert (found.id, found.name, found.status) == (work, "New disks", SCHEDULED)
    assert (found.starts, found.ends, found.created) == (NOW + HOUR, NOW + 3 * HOUR, NOW)
    assert (found.component_ids, found.auto_start, found.auto_end) == ((api,), True, True)
    assert (found.started, found.finished, found.revision) == (None, None, 0)
    assert [(each.status, each.message) for each in found.updates] == [(SCHEDULED, "Planned.")]
    assert found.id[0] == "m"


async def test_a_key_gives_the_first_maintenance_again(store: Database) -> None:
    first = await planned(store, (), key="key")
    before = await site(store)
    assert await planned(store, (), key="key") == first
    assert await site(store) == before


async def test_work_that_starts_and_ends_by_itself_keeps_no_interval(store: Database) -> None:
    api = await component(store, "API")
    work = await planned(store, (api,))
    await say(store, work, IN_PROGRESS, NOW + HOUR)
    await say(store, work, COMPLETED, NOW + 2 * HOUR)
    found = await only(store)
    assert (found.started, found.finished) == (NOW + HOUR, NOW + 2 * HOUR)
    assert spans(await site(store)) == []


async def test_work_that_waits_for_a_word_runs_from_word_to_word(store: Database) -> None:
    api = await component(store, "API")
    work = await planned(store, (api,), auto=False)
    await say(store, work, IN_PROGRESS, NOW + 90 * MINUTE)
    assert spans(await site(store)) == [(api, UNDER, 90, None)]
    await say(store, work, COMPLETED, NOW + 200 * MINUTE)
    assert spans(await site(store)) == [(api, UNDER, 90, 200)]
    assert (await only(store)).status is COMPLETED


async def test_a_word_after_the_hour_leaves_the_hour_as_it_was(store: Database) -> None:
    work = await planned(store, ())
    await say(store, work, IN_PROGRESS, NOW + 80 * MINUTE)
    await say(store, work, COMPLETED, NOW + 5 * HOUR)
    found = await only(store)
    assert (found.started, found.finished) == (NOW + HOUR, NOW + 3 * HOUR)


async def test_work_may_begin_before_its_hour(store: Database) -> None:
    work = await planned(store, ())
    await say(store, work, IN_PROGRESS, NOW + 5 * MINUTE)
    assert (await only(store)).started == NOW + 5 * MINUTE


async def test_work_is_called_off_before_it_begins_and_while_it_runs(store: Database) -> None:
    for at, started in ((NOW, None), (NOW + 2 * HOUR, NOW + HOUR)):
        work = await planned(store, ())
        post = MaintenanceUpdateDraft(CANCELLED, "Not today.", (), notify=False, at=at, ends=at)
        await store.write(maintenances.post_maintenance_update, work, post)
        found = await store.read(maintenances.find, work)
        assert (found.status, found.started, found.finished) == (CANCELLED, started, at)
        assert (found.updates[-1].message, found.updates[-1].notified) == ("Not today.", False)


async def test_the_same_post_again_is_the_first_one(store: Database) -> None:
    work = await planned(store, ())
    first = await say(store, work, IN_PROGRESS, NOW)
    before = await site(store)
    assert await say(store, work, IN_PROGRESS, NOW) == first
    assert await site(store) == before


@pytest.mark.parametrize(
    ("at", "status", "wanted"),
    [
        (timedelta(hours=2), SCHEDULED, "in progress"),
        (timedelta(hours=4), IN_PROGRESS, "completed"),
        (timedelta(hours=4), CANCELLED, "completed"),
        (timedelta(), MaintenanceStatus.UNKNOWN, "does not know"),
    ],
)
async def test_work_never_goes_back(
    store: Database, at: timedelta, status: MaintenanceStatus, wanted: str
) -> None:
    work = await planned(store, ())
    with pytest.raises(Rejected, match=wanted):
        await say(store, work, status, NOW + at)


async def test_a_window_moves_and_counts_how_often(store: Database) -> None:
    work = await planned(store, ())
    for _twice in range(2):
        await move(store, work, NOW + 5 * HOUR, NOW + 6 * HOUR, NOW)
        found = await only(store)
        assert (found.starts, found.ends, found.revision) == (NOW + 5 * HOUR, NOW + 6 * HOUR, 1)


async def test_of_running_work_only_the_end_moves(store: Database) -> None:
    work = await planned(store, ())
    starts, now = NOW + HOUR, NOW + 2 * HOUR
    with pytest.raises(Rejected, match="has begun"):
        await move(store, work, now, now + HOUR, now)
    await move(store, work, starts, now + 9 * HOUR, now)
    assert (await only(store)).ends == now + 9 * HOUR
    with pytest.raises(Rejected, match="is over"):
        await move(store, work, starts, now, now + 10 * HOUR)


async def test_what_cannot_be_is_refused(store: Database) -> None:
    work = await planned(store, ())
    before = await site(store)
    with pytest.raises(Rejected, match="end after it starts"):
        await move(store, work, NOW + HOUR, NOW, NOW)
    with pytest.raises(Rejected, match="no such component"):
        await planned(store, ("nothing",))
    with pytest.raises(Gone, match="no such maintenance"):
        await say(store, "nothing", COMPLETED, NOW)
    assert await site(store) == before


async def test_work_that_began_by_itself_goes_on_when_nothing_happens_by_itself_any_more(
    store: Database,
) -> None:
    api = await component(store, "API")
    work = await planned(store, (api,))
    await move(store, work, NOW + HOUR, NOW + 3 * HOUR, NOW + 2 * HOUR, auto=False)
    found = await only(store)
    assert (found.status, found.started, found.revision) == (IN_PROGRESS, NOW + HOUR, 0)
    assert spans(await site(store)) == [(api, UNDER, 60, None)]
    await say(store, work, COMPLETED, NOW + 5 * HOUR)
    assert spans(await site(store)) == [(api, UNDER, 60, 300)]


async def test_work_that_has_yet_to_begin_waits_for_a_word_from_then_on(store: Database) -> None:
    work = await planned(store, (await component(store, "API"),))
    await move(store, work, NOW + HOUR, NOW + 3 * HOUR, NOW, auto=False)
    found = await only(store)
    assert (found.status, found.started) == (SCHEDULED, None)
    assert phase(found, NOW + 2 * HOUR) is SCHEDULED


async def test_work_taken_off_the_page_leaves_nothing_behind_also_twice(store: Database) -> None:
    work = await planned(store, (await component(store, "API"),), auto=False)
    await say(store, work, IN_PROGRESS, NOW + HOUR)
    await store.write(maintenances.delete_maintenance, work, NOW + 2 * HOUR)
    after = await site(store)
    assert (after.maintenances, spans(after)) == ((), [])
    await store.write(maintenances.delete_maintenance, work, NOW + 3 * HOUR)
    assert await site(store) == after
    with pytest.raises(Gone):
        await move(store, work, NOW, NOW + HOUR, NOW)
