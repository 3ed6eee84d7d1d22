import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import pytest
from sqlalchemy import select

from bot.database import open_database
from bot.domain.deliveries import Announcement, Delivery, Lease, Settlement, State
from bot.domain.receipts import ReadBack
from bot.store import Database, Tx, deliveries, incidents, submissions, tables
from tests.store.samples import (
    NOW,
    SECOND,
    delivery,
    draft,
    incident,
    lease,
    owe,
    report,
    update_draft,
)

pytestmark = pytest.mark.anyio

PENDING, UNSURE, STUCK = State.PENDING, State.UNSURE, State.STUCK
OURS = lease("ours")


async def claim(
    store: Database,
    state: State = PENDING,
    held: Lease = OURS,
    *,
    limit: int = 10,
    busy: Sequence[str] = (),
) -> tuple[Delivery, ...]:
    return await store.write(deliveries.claim, state, held, limit, busy)


async def keys(
    store: Database, state: State = PENDING, held: Lease = OURS, *, busy: Sequence[str] = ()
) -> list[str]:
    return [taken.key for taken in await claim(store, state, held, busy=busy)]


def after(seconds: int) -> Lease:
    return lease(f"{seconds} seconds later", NOW + seconds * SECOND)


async def settle(store: Database, held: Delivery, how: Settlement) -> bool:
    return await store.write(deliveries.settle, held, how)


async def test_a_claimed_delivery_is_what_was_owed(store: Database) -> None:
    await store.write(incidents.add, incident())
    await store.write(submissions.add, report(), "inc1", NOW)
    owed = delivery(
        "k", "page:pub1", draft(), subject_id="inc1", publication_id="pub1", submission_id="s1"
    )
    await store.write(deliveries.add, [owed], NOW)
    [taken] = await claim(store)
    assert taken == Delivery(
        id=taken.id,
        key="k",
        lane="page:pub1",
        target="slack",
        payload=draft(),
        state=State.SENDING,
        attempts=1,
        doubts=0,
        due_at=NOW,
        lease="ours",
        lease_until=NOW + 60 * SECOND,
        first_sent_at=NOW,
        subject_id="inc1",
        publication_id="pub1",
        submission_id="s1",
    )
    assert await store.read(deliveries.get, taken.id) == taken


async def test_what_is_not_due_is_left_alone(store: Database) -> None:
    await owe(store, "now")
    await owe(store, "later", now=NOW + SECOND)
    assert await keys(store) == ["now"]
    assert await keys(store, held=after(1)) == ["later"]


async def test_a_lane_goes_one_by_one_in_the_order_of_storing(store: Database) -> None:
    await owe(store, "first", "second", "third", lane="incident")
    ends = {"first": State.DONE, "second": State.REFUSED, "third": State.DONE}
    for expected, end in ends.items():
        [held] = await claim(store)
        assert held.key == expected
        assert await keys(store) == []
        assert await settle(store, held, Settlement(end))


@pytest.mark.parametrize("state", [PENDING, UNSURE, STUCK])
async def test_what_is_not_settled_holds_up_its_lane_and_no_other(
    store: Database, state: State
) -> None:
    await owe(store, "first", "second", lane="incident")
    [held] = await claim(store)
    await settle(store, held, Settlement(state, due_at=NOW + 60 * SECOND))
    await owe(store, "elsewhere")
    assert await keys(store) == ["elsewhere"]


async def test_the_longest_due_go_first_as_many_as_there_is_room_for(store: Database) -> None:
    await owe(store, "late", now=NOW + SECOND)
    await owe(store, "early", "early too")
    first = await claim(store, held=after(1), limit=2)
    assert [each.key for each in first] == ["early", "early too"]
    assert await keys(store, held=after(1)) == ["late"]


async def test_a_busy_target_is_left_alone(store: Database) -> None:
    await store.write(deliveries.add, [replace(delivery("a"), target="instatus:p1")], NOW)
    await owe(store, "b")
    assert await keys(store, busy=("instatus:p1", "elsewhere")) == ["b"]
    assert await keys(store) == ["a"]


async def test_only_who_holds_the_lease_writes_how_it_went(store: Database) -> None:
    await owe(store, "k")
    [dead] = await claim(store, held=lease("dead"))
    later = NOW + 61 * SECOND
    assert await store.write(deliveries.expire, NOW + 60 * SECOND, SECOND) == 0
    assert await store.write(deliveries.expire, later, 5 * SECOND) == 1
    assert not await settle(store, dead, Settlement(State.DONE))
    assert await keys(store, UNSURE, after(65)) == []
    [looking] = await claim(store, UNSURE, after(66))
    assert (looking.state, looking.attempts, looking.first_sent_at) == (State.LOOKING, 1, NOW)
    assert not await settle(store, dead, Settlement(State.DONE))
    assert await settle(store, looking, Settlement(State.DONE))
    assert not await settle(store, looking, Settlement(PENDING))


async def test_how_it_went_is_written_down(store: Database) -> None:
    await owe(store, "k")
    [held] = await claim(store)
    later = NOW + 9 * SECOND
    await settle(store, held, Settlement(UNSURE, due_at=later, error="Slow.", doubt=True))
    [looking] = await claim(store, UNSURE, after(9))
    assert (looking.error, looking.doubts, looking.due_at) == ("Slow.", 1, later)
    await settle(store, looking, Settlement(PENDING, never_sent=True))
    [again] = await claim(store, held=after(10))
    assert (again.attempts, again.doubts, again.error) == (2, 1, None)
    assert again.first_sent_at == NOW + 10 * SECOND


async def test_a_second_attempt_remembers_when_it_may_first_have_arrived(store: Database) -> None:
    await owe(store, "k")
    [held] = await claim(store)
    await settle(store, held, Settlement(PENDING))
    [again] = await claim(store, held=after(9))
    assert again.first_sent_at == NOW


async def test_unfinished_work_is_handed_back_before_its_time(store: Database) -> None:
    await owe(store, "a", "b")
    held = await claim(store)
    await settle(store, held[0], Settlement(State.DONE))
    await store.write(deliveries.hand_back, held, NOW + SECOND)
    assert await keys(store, UNSURE) == []
    assert await keys(store, UNSURE, after(1)) == ["b"]


async def test_a_person_decides_what_is_stuck_once(store: Database) -> None:
    await owe(store, "k")
    [held] = await claim(store)
    assert not await store.write(deliveries.decide, held.id, PENDING, NOW)
    await settle(store, held, Settlement(STUCK, doubt=True))
    assert await store.write(deliveries.decide, held.id, PENDING, NOW)
    assert not await store.write(deliveries.decide, held.id, State.REFUSED, NOW)
    [again] = await claim(store)
    assert (again.attempts, again.doubts) == (2, 0)


async def test_what_waits_behind_a_refusal_is_refused_with_it(store: Database) -> None:
    await owe(store, "first", "second", "third", lane="incident")
    await owe(store, "elsewhere", lane="other")
    [held] = await claim(store, limit=1)
    await settle(store, held, Settlement(State.REFUSED))
    refused = await store.write(deliveries.refuse_rest, "incident", "The first was refused.")
    told = [(each.key, each.state, each.error) for each in refused]
    assert sorted(told) == [
        ("second", State.REFUSED, "The first was refused."),
        ("third", State.REFUSED, "The first was refused."),
    ]
    assert await keys(store) == ["elsewhere"]


async def test_one_thing_outside_is_the_work_of_one_delivery(store: Database) -> None:
    await owe(store, "first", "second", lane="incident")
    await owe(store, "elsewhere", lane="other")
    for held in await claim(store):
        assert await settle(store, held, Settlement(State.DONE, remote_id="r1"))
    assert await store.read(deliveries.bound_ids, "incident") == {"r1"}
    assert await store.read(deliveries.bound_ids, "nowhere") == frozenset()


async def test_what_is_owed_to_pages_is_told_from_the_news(store: Database) -> None:
    await store.write(incidents.add, incident())
    await store.write(submissions.add, report(), "inc1", NOW)
    wanted = ReadBack("N", draft().status, "M", {}, notified=True, author="Ann", published_at=NOW)
    owed = [
        delivery("publish", "p", draft(), subject_id="inc1", submission_id="s1"),
        delivery("read", "r", wanted, subject_id="inc1", submission_id="s1"),
        delivery("announce", "a", Announcement(), subject_id="inc1"),
        delivery("update", "p", update_draft(), subject_id="inc1"),
    ]
    await store.write(deliveries.add, owed, NOW)
    of_subject = await store.read(deliveries.of_subject, "inc1")
    assert [each.key for each in of_subject] == ["publish", "update"]
    of_submission = await store.read(deliveries.of_submission, "s1")
    assert [each.key for each in of_submission] == ["publish"]


async def test_many_workers_never_hold_the_same_delivery(store: Database, address: str) -> None:
    await store.write(
        deliveries.add, [delivery(f"k{n}", f"lane {n % 50}") for n in range(200)], NOW
    )

    async def work(name: str) -> list[int]:
        done: list[int] = []
        async with open_database(address) as own:
            while taken := await claim(own, held=lease(name), limit=8):
                assert len(taken) <= 8
                for held in taken:
                    assert await settle(own, held, Settlement(State.DONE))
                done += [held.id for held in taken]
        return done

    carried = await asyncio.gather(*(work(f"worker {n}") for n in range(4)))
    all_carried = list(chain(*carried))
    assert len(all_carried) == len(set(all_carried)) > 50


def kinds(tx: Tx) -> list[str]:
    return list(tx.scalars(select(tables.deliveries.c.kind)))


async def announce(store: Database, *lanes: str) -> None:
    for lane in lanes:
        owed = delivery(uuid.uuid4().hex, lane, Announcement())
        await store.write(deliveries.add, [owed], NOW)


async def test_of_one_parent_message_one_edit_at_most_waits(store: Database) -> None:
    await announce(store, "slack:1", "slack:1", "slack:2")
    assert len(await store.read(kinds)) == 2
    assert len(await store.write(deliveries.claim, PENDING, OURS, 9)) == 2
    # What is on its way may not know the latest.
    await announce(store, "slack:1", "slack:1")
    assert len(await store.read(kinds)) == 3
