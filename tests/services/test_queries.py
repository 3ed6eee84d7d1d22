"""What forms about maintenances are filled from."""

import pytest

from bot.domain.maintenances import MaintenanceStatus
from bot.domain.submissions import Repeat, Rhythm
from bot.services.queries import Queries
from bot.store import Database
from tests.services.bench import KEY, new_bench, schedule
from tests.services.planned import BARE, RUNNING

pytestmark = pytest.mark.anyio


async def test_a_prospect_counts_what_is_on_its_way(store: Database) -> None:
    bench = await new_bench(store, BARE)
    desk = Queries(store, bench.clock)
    work = await bench.submit(schedule())
    await bench.publishing.submit(bench.submission(bench.progress(work, RUNNING, "Go.")))
    prospect = await desk.prospect(work.id)
    assert prospect
    assert prospect.maintenance.status is RUNNING
    assert [component.name for component in prospect.components.values()] == ["API"]
    assert set(prospect.components) == {KEY}
    assert await desk.prospect("nothing") is None


async def test_open_ones_are_found_by_words_until_they_are_over(store: Database) -> None:
    bench = await new_bench(store, BARE)
    desk = Queries(store, bench.clock)
    work = await bench.submit(schedule())
    assert [each.id for each in await desk.open_maintenances("DISKS")] == [work.id]
    assert await desk.open_maintenances("racks") == ()
    await bench.submit(bench.progress(work, MaintenanceStatus.CANCELLED, "No."))
    assert await desk.open_maintenances() == ()


async def test_a_series_is_found_by_each_of_its_windows(store: Database) -> None:
    bench = await new_bench(store, BARE)
    desk = Queries(store, bench.clock)
    first = await bench.submit(schedule(repeat=Repeat(Rhythm.WEEKLY, count=3)))
    found = await desk.series_of(first.id)
    assert found
    assert (found.name, found.rhythm, len(found.windows)) == ("Bigger disks", Rhythm.WEEKLY, 3)
    alone = await bench.submit(schedule(name="Once"))
    assert await desk.series_of(alone.id) is None


async def test_a_submission_comes_with_its_maintenance(store: Database) -> None:
    bench = await new_bench(store, BARE)
    desk = Queries(store, bench.clock)
    accepted = await bench.publishing.submit(bench.submission(schedule()))
    found = await desk.submission(accepted.submission_id)
    assert found
    assert found.subject == await bench.stored(accepted.subject_id)
