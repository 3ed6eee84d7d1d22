"""What trouble at a provider means to those who plan work: never a second write."""

import time
from collections.abc import Awaitable, Callable

import pytest

from bot.domain.maintenances import MaintenanceStatus
from bot.errors import ProviderError, Rejected, Unauthorized, Unavailable, Uncertain
from tests.fakes.vendor import VendorFake, wall_clock
from tests.providers.rigs import HOUR, Rig, maintenance_draft, the_turn_ends, window, work_update

pytestmark = pytest.mark.anyio

Faulty = tuple[Rig, VendorFake]
Write = Callable[[Rig, str], Awaitable[object]]
DRAFT = maintenance_draft(notices=())
RUNS = MaintenanceStatus.IN_PROGRESS
WRITES: dict[str, Write] = {
    "schedule": lambda rig, _: rig.page.schedule_maintenance(DRAFT, "another key"),
    "update": lambda rig, work: rig.page.post_maintenance_update(
        work, work_update(DRAFT, RUNS), {}
    ),
    "move": lambda rig, work: rig.page.move_maintenance(work, window(DRAFT, longer=HOUR)),
    "delete": lambda rig, work: rig.page.delete_maintenance(work),
}
METHODS = {"schedule": "POST", "update": "POST", "move": "PUT", "delete": "DELETE"}
MEANINGS: list[tuple[int, type[ProviderError]]] = [
    (401, Unauthorized),
    (403, Unauthorized),
    (408, Uncertain),
    (413, Rejected),
    (429, Unavailable),
    (500, Uncertain),
    (503, Uncertain),
]


async def scheduled(rig: Rig) -> str:
    return (await rig.page.schedule_maintenance(DRAFT, "key")).remote_id


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize(("status", "meaning"), MEANINGS)
async def test_an_answer_means_one_thing_for_every_write(
    faulty: Faulty, name: str, status: int, meaning: type[ProviderError]
) -> None:
    rig, fake = faulty
    work = await scheduled(rig)
    before = fake.maintenances()
    fake.fail_next(status, method=METHODS[name])
    with pytest.raises(ProviderError) as raised:
        await WRITES[name](rig, work)
    assert isinstance(raised.value, meaning)
    assert fake.maintenances() == before


@pytest.mark.parametrize("name", WRITES)
async def test_nothing_is_written_once_the_turn_is_over(faulty: Faulty, name: str) -> None:
    rig, fake = faulty
    work = await scheduled(rig)
    before = fake.maintenances()
    with the_turn_ends(time.monotonic()), pytest.raises(Unavailable, match="the time to do so"):
        await WRITES[name](rig, work)
    assert fake.maintenances() == before
    assert [each.method for each in fake.requests if each.method != "GET"] == ["POST"]


@pytest.mark.parametrize("name", ["update", "move"])
async def test_looking_first_may_take_too_long_to_write(faulty: Faulty, name: str) -> None:
    rig, fake = faulty
    work = await scheduled(rig)
    before = fake.maintenances()
    fake.slow(0.1)
    with the_turn_ends(time.monotonic() + 0.05), pytest.raises(Unavailable):
        await WRITES[name](rig, work)
    assert fake.maintenances() == before


async def test_the_answer_of_a_lost_maintenance_is_found_and_no_second_one_made(
    faulty: Faulty,
) -> None:
    rig, fake = faulty
    since, draft = wall_clock(), maintenance_draft()
    fake.start_maintenance(fake.page_id, draft.name, ())
    assert await rig.page.find_maintenances(draft, since) == ()
    fake.lose_next_answer()
    with pytest.raises(Uncertain):
        await rig.page.schedule_maintenance(draft, "key")
    [found] = await rig.page.find_maintenances(draft, since)
    assert [found.id] == [e.id for e in fake.maintenances() if e.messages == [draft.message]]
    assert (fake.lost, len(fake.notifications)) == (1, 1)


@pytest.mark.parametrize("status", [RUNS, MaintenanceStatus.COMPLETED])
async def test_the_answer_of_a_lost_step_is_found(
    faulty: Faulty, status: MaintenanceStatus
) -> None:
    rig, fake = faulty
    work = await scheduled(rig)
    since, draft = wall_clock(), work_update(DRAFT, status)
    assert await rig.page.find_maintenance_updates(work, draft, since) == ()
    fake.lose_next_answer()
    with pytest.raises(Uncertain):
        await rig.page.post_maintenance_update(work, draft, {})
    [found] = await rig.page.find_maintenance_updates(work, draft, since)
    assert found.id == fake.maintenances()[0].updates[1].id
    assert (fake.lost, fake.maintenances()[0].status) == (1, status)


async def test_a_move_whose_answer_was_lost_is_sent_again(faulty: Faulty) -> None:
    rig, fake = faulty
    work = await scheduled(rig)
    fake.lose_next_answer("PUT")
    with pytest.raises(Uncertain):
        await WRITES["move"](rig, work)
    await WRITES["move"](rig, work)
    [seen] = fake.maintenances()
    assert (seen.ends, len(seen.updates), fake.lost) == (DRAFT.ends + HOUR, 1, 1)


async def test_a_lost_maintenance_is_found_on_the_last_page_of_the_list(faulty: Faulty) -> None:
    rig, fake = faulty
    fake.most_per_page = 2
    since = wall_clock()
    await scheduled(rig)
    for number in range(5):
        fake.start_maintenance(fake.page_id, f"Work {number}", ())
    assert len(await rig.page.find_maintenances(DRAFT, since)) == 1
    assert len(await rig.page.holds()) == 0


async def test_two_pages_of_a_key_do_not_mix(faulty: Faulty) -> None:
    rig, fake = faulty
    second = fake.add_page("Second", "https://second.example")
    other = rig.account.page(f"{rig.account.provider}:{second}")
    await other.schedule_maintenance(DRAFT, "key")
    assert await rig.page.find_maintenances(DRAFT, wall_clock()) == ()
    assert [len(fake.maintenances(page)) for page in (None, second)] == [0, 1]


@pytest.mark.parametrize("body", ["<html>", b"", "null", "{}", "[1"])
async def test_success_that_cannot_be_read_leaves_a_write_in_doubt(
    faulty: Faulty, body: object
) -> None:
    rig, fake = faulty
    work = await scheduled(rig)
    fake.fail_next(200, body, method="POST", times=2)
    for name in ("schedule", "update"):
        with pytest.raises(Uncertain, match="cannot be read"):
            await WRITES[name](rig, work)
    fake.fail_next(200, body, method="GET")
    with pytest.raises(Unavailable):
        await rig.page.maintenance(work)
