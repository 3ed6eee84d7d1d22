"""Maintenances through the services, with a page in memory and a clock that the test moves."""

from dataclasses import replace

import pytest

from bot.domain.deliveries import State
from bot.domain.maintenances import (
    Automation,
    MaintenanceDraft,
    MaintenanceStatus,
    MaintenanceUpdateDraft,
    Notice,
    WindowDraft,
)
from bot.domain.pages import ComponentStatus
from bot.domain.subjects import Driver, Step
from bot.errors import FormError
from bot.store import Database, deliveries, timers
from tests.services.bench import HOUR, MINUTE, SECOND, Bench, new_bench, schedule
from tests.services.planned import BARE, NOON, OPERATIONAL, RUNNING, UNDER

pytestmark = pytest.mark.anyio

TEN, MIDNIGHT = NOON + 10 * HOUR, NOON + 12 * HOUR
SCHEDULED, COMPLETED = MaintenanceStatus.SCHEDULED, MaintenanceStatus.COMPLETED
CANCELLED = MaintenanceStatus.CANCELLED
MAJOR = ComponentStatus.MAJOR_OUTAGE
BY_HAND, BOTH = Automation.BY_HAND, Automation.START_AND_FINISH
DRIVES = replace(
    BARE,
    drives=frozenset({Automation.START, BOTH}),
    shares_component_status=True,
    keeps_cancelled=False,
    takes_create_key=False,
    notices_ahead=True,
)
"""A page that takes steps by itself, where a component has one status for all."""


def said(bench: Bench, number: int = 0) -> list[str]:
    """What customers read, oldest first."""
    page = [*bench.pages.values()][number]
    return [update.message for update in page.works["m1"].kept.updates]


async def test_it_is_scheduled_started_updated_extended_and_completed(store: Database) -> None:
    bench = await new_bench(store, BARE)
    work = await bench.submit(schedule())
    await bench.at(TEN)
    work = await bench.stored(work.id)
    assert work.status is RUNNING
    await bench.submit(bench.progress(work, RUNNING, "Half is done."))
    work = await bench.submit(bench.progress(work, RUNNING, "Longer.", ends=MIDNIGHT + HOUR))
    assert work.ends_at == bench.page.works["m1"].kept.ends == MIDNIGHT + HOUR
    work = await bench.submit(bench.progress(work, COMPLETED, "All done."))
    assert work.status is COMPLETED
    begun = "The maintenance has begun."
    words = ["We put bigger disks in.", begun, "Half is done.", "Longer.", "All done."]
    assert said(bench) == words
    assert [receipt.differences for receipt in bench.team.replies] == [()] * 5
    assert [receipt.author for receipt in bench.team.replies] == ["Ann", "Foghorn", *["Ann"] * 3]


async def test_components_are_under_maintenance_exactly_while_it_runs(store: Database) -> None:
    bench = await new_bench(store, replace(BARE, shares_component_status=True))
    work = await bench.submit(schedule())
    shown = [bench.page.own.get("c1", OPERATIONAL)]
    await bench.at(TEN)
    shown.append(bench.page.own["c1"])
    await bench.submit(bench.progress(work, COMPLETED, "Done."))
    assert [*shown, bench.page.own["c1"]] == [OPERATIONAL, UNDER, OPERATIONAL]
    components = [receipt.components[0].status for receipt in bench.team.replies]
    assert components == [OPERATIONAL, UNDER, OPERATIONAL]


async def test_it_is_cancelled(store: Database) -> None:
    bench = await new_bench(store, BARE)
    work = await bench.submit(schedule())
    work = await bench.submit(bench.progress(work, CANCELLED, "Another time."))
    await bench.at(TEN + MINUTE)
    assert (await bench.stored(work.id)).status is CANCELLED
    assert bench.page.works["m1"].kept.status is CANCELLED
    assert len(bench.page.written) == 2


async def test_where_nothing_can_stand_as_cancelled_people_hear_and_it_goes(
    store: Database,
) -> None:
    bench = await new_bench(store, replace(BARE, keeps_cancelled=False))
    work = await bench.submit(schedule())
    work = await bench.submit(bench.progress(work, CANCELLED, "Another time."))
    update, removed = bench.page.written[1:]
    assert isinstance(update, MaintenanceUpdateDraft)
    assert (update.status, update.message, update.notify) == (SCHEDULED, "Another time.", True)
    assert removed == "m1"
    assert work.status is CANCELLED
    receipt = bench.team.replies[-1]
    assert (receipt.status, receipt.message) == (CANCELLED, "Another time.")
    assert receipt.note == "It is no longer on the page."
    assert len(bench.team.replies) == 2


async def test_where_nothing_can_stand_as_cancelled_running_work_is_completed(
    store: Database,
) -> None:
    bench = await new_bench(store, replace(BARE, keeps_cancelled=False))
    work = await bench.submit(schedule())
    await bench.at(TEN)
    work = await bench.submit(bench.progress(work, CANCELLED, "We stop."))
    assert work.status is CANCELLED
    assert bench.page.works["m1"].kept.status is COMPLETED
    assert bench.team.replies[-1].differences == ()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "n" * 51}, "name"),
        ({"message": ""}, "message"),
        ({"message": "m" * 201}, "message"),
        ({"starts": None}, "starts"),
        ({"ends": None}, "ends"),
        ({"starts": NOON - 16 * MINUTE}, "starts"),
        ({"ends": TEN}, "ends"),
        ({"ends": TEN + 30 * 24 * HOUR + MINUTE}, "ends"),
        ({"starts": NOON - 5 * MINUTE, "ends": NOON - MINUTE}, "ends"),
        ({"components": ("gone",)}, "components"),
        ({"pages": ("planned:9",)}, "pages"),
    ],
)
async def test_what_cannot_be_scheduled_is_named(
    store: Database, wrong: dict[str, object], field: str
) -> None:
    bench = await new_bench(store, BARE)
    with pytest.raises(FormError) as error:
        await bench.submit(schedule(**wrong))
    assert set(error.value.fields) == {field}


async def test_all_that_is_wrong_is_named_at_once(store: Database) -> None:
    bench = await new_bench(store, BARE)
    wrong = schedule(name="", message="", starts=None, ends=None, components=("gone",))
    with pytest.raises(FormError) as error:
        await bench.submit(wrong)
    assert set(error.value.fields) == {"name", "message", "starts", "ends", "components"}


async def test_a_start_a_moment_ago_means_now_and_foghorn_takes_it(store: Database) -> None:
    bench = await new_bench(store, DRIVES)
    bench.clock.move(30)
    work = await bench.submit(schedule(starts=NOON - 14 * MINUTE))
    assert work.starts_at == NOON
    assert work.publications[0].drivers[Step.START] is Driver.FOGHORN
    await bench.at(NOON + MINUTE / 2)
    assert (await bench.stored(work.id)).status is RUNNING
    assert bench.team.notes == []


@pytest.mark.parametrize(
    ("status", "more", "field"),
    [
        (SCHEDULED, {"message": " "}, "message"),
        (SCHEDULED, {"ends": None}, "ends"),
        (SCHEDULED, {"ends": NOON}, "ends"),
        (SCHEDULED, {"ends": TEN}, "ends"),
        (SCHEDULED, {"ends": TEN + 31 * 24 * HOUR}, "ends"),
        (COMPLETED, {}, "status"),
    ],
)
async def test_what_cannot_be_said_of_planned_work_is_named(
    store: Database, status: MaintenanceStatus, more: dict[str, object], field: str
) -> None:
    bench = await new_bench(store, BARE)
    work = await bench.submit(schedule())
    with pytest.raises(FormError) as error:
        await bench.submit(replace(bench.progress(work, status, "Hm."), **more))  # type: ignore[arg-type]
    assert set(error.value.fields) == {field}


async def test_there_is_no_way_back(store: Database) -> None:
    bench = await new_bench(store, BARE)
    work = await bench.submit(schedule())
    await bench.at(TEN)
    with pytest.raises(FormError) as back:
        await bench.submit(bench.progress(work, SCHEDULED, "Not yet."))
    assert set(back.value.fields) == {"status"}
    await bench.submit(bench.progress(work, COMPLETED, "Done."))
    with pytest.raises(FormError, match="This maintenance is over"):
        await bench.submit(bench.progress(work, RUNNING, "Still going."))


async def test_an_overrun_leaves_the_planned_end_alone(store: Database) -> None:
    bench = await new_bench(store, BARE)
    work = await bench.submit(schedule())
    await bench.at(TEN)
    await bench.at(MIDNIGHT + HOUR)
    assert (await bench.submit(bench.progress(work, RUNNING, "Nearly."))).ends_at == MIDNIGHT
    assert bench.page.works["m1"].kept.status is RUNNING


async def test_nothing_is_completed_by_itself_unless_that_was_chosen(store: Database) -> None:
    bench = await new_bench(store, BARE, BARE)
    both = await bench.submit(schedule(pages=("planned:1",), automation=BOTH))
    start = await bench.submit(schedule(pages=("planned:2",), components=()))
    await bench.at(TEN)
    await bench.at(MIDNIGHT)
    assert (await bench.stored(both.id)).status is COMPLETED
    assert (await bench.stored(start.id)).status is RUNNING
    assert bench.team.notes == []


async def test_by_hand_is_by_hand(store: Database) -> None:
    bench = await new_bench(store, DRIVES)
    work = await bench.submit(schedule(automation=BY_HAND))
    await bench.at(TEN + MINUTE)
    assert (await bench.stored(work.id)).status is SCHEDULED
    assert await store.read(timers.waiting, work.id) == ()
    assert (await bench.submit(bench.progress(work, RUNNING, "Go."))).status is RUNNING


async def test_subscribers_hear_when_they_were_to(store: Database) -> None:
    bench = await new_bench(store, BARE)
    await bench.submit(schedule(automation=BOTH, notices=(Notice.BEFORE, Notice.AT_END)))
    for instant in (TEN - HOUR, TEN, MIDNIGHT):
        await bench.at(instant)
    updates = [each for each in bench.page.written if isinstance(each, MaintenanceUpdateDraft)]
    assert [(each.status, each.message, each.notify) for each in updates] == [
        (SCHEDULED, "This maintenance starts at 22:00 UTC.", True),
        (RUNNING, "The maintenance has begun.", False),
        (COMPLETED, "The maintenance is complete.", True),
    ]


async def test_what_foghorn_does_by_itself_does_not_change_what_a_person_chose(
    store: Database,
) -> None:
    bench = await new_bench(store, BARE)
    work = await bench.submit(schedule(notices=(Notice.NOW,)))
    await bench.at(TEN)
    assert (await bench.stored(work.id)).status is RUNNING
    assert (await bench.stored(work.id)).notify


async def test_a_page_that_reminds_by_itself_is_not_helped(store: Database) -> None:
    bench = await new_bench(store, replace(BARE, notices_ahead=True))
    await bench.submit(schedule(notices=(Notice.BEFORE,)))
    await bench.at(TEN - HOUR)
    assert len(bench.page.written) == 1


async def test_a_late_notice_is_none(store: Database) -> None:
    bench = await new_bench(store, BARE)
    await bench.submit(schedule(notices=(Notice.BEFORE,), automation=BY_HAND))
    await bench.at(TEN)
    assert len(bench.page.written) == 1


async def test_a_late_start_says_so(store: Database) -> None:
    bench = await new_bench(store, BARE)
    work = await bench.submit(schedule())
    await bench.at(TEN + 14 * MINUTE)
    assert (await bench.stored(work.id)).status is RUNNING
    assert bench.team.notes == ["Started 14 min late: Foghorn was not running at its time."]


async def test_a_window_that_passed_unseen_is_not_started_but_asked_about(store: Database) -> None:
    bench = await new_bench(store, BARE)
    work = await bench.submit(schedule())
    await bench.at(MIDNIGHT + HOUR)
    assert (await bench.stored(work.id)).status is SCHEDULED
    assert len(bench.page.written) == 1
    assert len(bench.team.notes) == 1
    assert [(each.user_id, each.title) for each in bench.team.letters] == [
        ("U0ANN", "“Bigger disks” has not started")
    ]
    later = bench.progress(work, RUNNING, "Now.", ends=MIDNIGHT + 3 * HOUR)
    assert (await bench.submit(later)).status is RUNNING


async def test_a_window_that_passed_unseen_is_gone_through_when_it_finishes_itself(
    store: Database,
) -> None:
    bench = await new_bench(store, BARE)
    work = await bench.submit(schedule(automation=BOTH))
    await bench.at(MIDNIGHT + HOUR)
    assert (await bench.stored(work.id)).status is COMPLETED
    assert said(bench)[1:] == ["The maintenance has begun.", "The maintenance is complete."]
    kept = bench.page.works["m1"].kept
    assert kept.updates[1].at < kept.updates[2].at
    assert [note.partition(":")[0] for note in bench.team.notes] == [
        "Started 3 h late",
        "Completed 1 h late",
    ]


async def test_a_restart_and_a_second_sweep_change_nothing(store: Database) -> None:
    bench = await new_bench(store, BARE)
    await bench.submit(schedule(automation=BOTH))
    for instant in (TEN, TEN + SECOND, MIDNIGHT, MIDNIGHT + SECOND):
        bench.restart()
        await bench.at(instant)
    assert len(bench.page.written) == 3


async def test_what_a_page_drives_it_is_left_to(store: Database) -> None:
    bench = await new_bench(store, DRIVES)
    work = await bench.submit(schedule(automation=BOTH))
    for instant in (TEN, TEN + 20 * SECOND):
        await bench.at(instant)
    assert (await bench.stored(work.id)).status is RUNNING
    await bench.at(MIDNIGHT + 20 * SECOND)
    assert (await bench.stored(work.id)).status is COMPLETED
    assert len(bench.page.written) == 1
    assert [receipt.author for receipt in bench.team.replies] == ["Ann", *["the page itself"] * 2]
    assert [receipt.differences for receipt in bench.team.replies] == [()] * 3


async def test_what_a_page_does_not_do_is_taken_over_after_three_minutes(store: Database) -> None:
    bench = await new_bench(store, DRIVES)
    work = await bench.submit(schedule(automation=BOTH))
    bench.page.drives = False
    for seconds in (20, 40, 80, 140):
        await bench.at(TEN + seconds * SECOND)
        assert len(bench.page.written) == 1
    await bench.at(TEN + 200 * SECOND)
    _schedule, window, update = bench.page.written
    assert isinstance(window, WindowDraft)
    assert window.driven == ()
    assert isinstance(update, MaintenanceUpdateDraft)
    assert update.status is RUNNING
    work = await bench.stored(work.id)
    assert set(work.publications[0].drivers.values()) == {Driver.FOGHORN}
    assert bench.team.notes == [
        "Page 1 has not started it by itself at 22:00 UTC, so Foghorn does."
    ]
    await bench.at(MIDNIGHT)
    assert (await bench.stored(work.id)).status is COMPLETED


async def test_a_page_that_forgets_others_is_put_right(store: Database) -> None:
    bench = await new_bench(store, DRIVES)
    await bench.submit(schedule(automation=BOTH))
    await bench.reported(MAJOR)
    await bench.at(TEN + 20 * SECOND)
    assert bench.page.own["c1"] is MAJOR
    await bench.at(MIDNIGHT + 20 * SECOND)
    assert bench.page.own["c1"] is MAJOR
    assert len(bench.page.components_set) == 2


@pytest.mark.parametrize("shares", [False, True], ids=["own impacts", "one status for all"])
async def test_an_outage_beats_a_maintenance_whichever_ends_first(
    store: Database, *, shares: bool
) -> None:
    bench = await new_bench(store, replace(BARE, shares_component_status=shares))
    work = await bench.submit(schedule())
    await bench.at(TEN)
    incident_id = await bench.reported(MAJOR)
    shown = [(await bench.page.maintenance("m1")).shown["c1"]]
    if shares:
        await bench.resolved(incident_id)
    else:
        await bench.submit(bench.progress(work, COMPLETED, "Done."))
    shown.append((await bench.page.maintenance("m1")).shown["c1"])
    assert shown == [MAJOR, UNDER if shares else MAJOR]
    assert [receipt.differences for receipt in bench.team.replies] == [()] * 4


async def test_completing_leaves_an_outage_on_a_component_with_one_status(store: Database) -> None:
    bench = await new_bench(store, replace(BARE, shares_component_status=True))
    work = await bench.submit(schedule())
    await bench.at(TEN)
    incident_id = await bench.reported(MAJOR)
    await bench.submit(bench.progress(work, COMPLETED, "Done."))
    assert bench.page.own["c1"] is MAJOR
    assert bench.team.replies[-1].components[0].held_by == "API is down"
    await bench.resolved(incident_id)
    assert bench.page.own["c1"] is OPERATIONAL


async def test_a_component_that_is_stuck_is_freed(store: Database) -> None:
    bench = await new_bench(store, DRIVES)
    await bench.submit(schedule(automation=BOTH))
    await bench.at(TEN + 20 * SECOND)
    bench.page.frees = False
    await bench.at(MIDNIGHT + 20 * SECOND)
    assert bench.page.components_set == [{"c1": OPERATIONAL}]


async def test_whoever_starts_early_switches_the_pages_driver_off_first(store: Database) -> None:
    bench = await new_bench(store, DRIVES)
    work = await bench.submit(schedule(automation=BOTH))
    work = await bench.submit(bench.progress(work, RUNNING, "We are early."))
    _schedule, window, update = bench.page.written
    assert isinstance(window, WindowDraft)
    assert (window.driven, window.status) == ((), SCHEDULED)
    assert isinstance(update, MaintenanceUpdateDraft)
    assert work.publications[0].drivers == {Step.START: Driver.HAND, Step.FINISH: Driver.FOGHORN}
    await bench.at(TEN + MINUTE)
    assert len(bench.page.written) == 3
    await bench.at(MIDNIGHT)
    assert (await bench.stored(work.id)).status is COMPLETED


async def test_what_was_started_early_is_not_started_again(store: Database) -> None:
    bench = await new_bench(store, BARE)
    work = await bench.submit(schedule())
    await bench.submit(bench.progress(work, RUNNING, "We are early."))
    await bench.at(TEN)
    assert said(bench)[1:] == ["We are early."]


async def test_an_extension_leaves_the_page_its_driver(store: Database) -> None:
    bench = await new_bench(store, DRIVES)
    work = await bench.submit(schedule(automation=BOTH))
    await bench.at(TEN + 20 * SECOND)
    work = await bench.submit(bench.progress(work, RUNNING, "Longer.", ends=MIDNIGHT + HOUR))
    window = bench.page.written[1]
    assert isinstance(window, WindowDraft)
    assert (window.ends, window.driven) == (MIDNIGHT + HOUR, (Step.FINISH,))
    assert window.message == "We put bigger disks in."
    await bench.at(MIDNIGHT + 20 * SECOND)
    assert (await bench.stored(work.id)).status is RUNNING
    await bench.at(MIDNIGHT + HOUR + 20 * SECOND)
    assert (await bench.stored(work.id)).status is COMPLETED


async def test_an_extension_moves_foghorns_own_end(store: Database) -> None:
    bench = await new_bench(store, BARE)
    work = await bench.submit(schedule(automation=BOTH))
    await bench.at(TEN)
    await bench.submit(bench.progress(work, RUNNING, "Longer.", ends=MIDNIGHT + HOUR))
    await bench.at(MIDNIGHT)
    assert (await bench.stored(work.id)).status is RUNNING
    await bench.at(MIDNIGHT + HOUR)
    assert (await bench.stored(work.id)).status is COMPLETED


async def test_a_second_start_while_the_first_is_on_its_way_is_told_so(store: Database) -> None:
    bench = await new_bench(store, BARE)
    work = await bench.submit(schedule(automation=BY_HAND))
    await bench.publishing.submit(bench.submission(bench.progress(work, RUNNING, "Go.")))
    with pytest.raises(FormError) as error:
        await bench.submit(bench.progress(work, SCHEDULED, "Not yet."))
    assert set(error.value.fields) == {"status"}
    await bench.submit(bench.progress(work, COMPLETED, "Done."))
    assert said(bench)[1:] == ["Go.", "Done."]


@pytest.mark.parametrize("kind", [MaintenanceDraft, MaintenanceUpdateDraft, WindowDraft])
@pytest.mark.parametrize("able", [BARE, DRIVES], ids=["keyed", "without a key"])
async def test_a_lost_answer_leaves_it_there_once(
    store: Database, kind: type, able: object
) -> None:
    bench = await new_bench(store, able)  # type: ignore[arg-type]
    bench.page.lost = [kind]
    work = await bench.submit(schedule(automation=BY_HAND))
    await bench.later(30)
    await bench.submit(bench.progress(work, RUNNING, "Go.", ends=MIDNIGHT + HOUR))
    await bench.later(30)
    await bench.later(30)
    assert bench.page.lost == []
    assert said(bench) == ["We put bigger disks in.", "Go."]
    assert (await bench.stored(work.id)).status is RUNNING
    assert bench.team.letters == []


async def test_on_two_pages_each_has_its_own_driver(store: Database) -> None:
    bench = await new_bench(store, BARE, DRIVES)
    work = await bench.submit(schedule(pages=("planned:1", "planned:2"), automation=BOTH))
    drivers = [publication.drivers[Step.START] for publication in work.publications]
    assert drivers == [Driver.FOGHORN, Driver.PAGE]
    await bench.at(TEN)
    await bench.at(TEN + 20 * SECOND)
    await bench.at(MIDNIGHT)
    assert (await bench.stored(work.id)).status is RUNNING
    await bench.at(MIDNIGHT + 20 * SECOND)
    assert said(bench, 0)[1:] == ["The maintenance has begun.", "The maintenance is complete."]
    assert said(bench, 1)[1:] == ["By itself."] * 2
    assert (await bench.stored(work.id)).status is COMPLETED
    assert len(bench.team.replies) == 6


async def test_on_two_pages_foghorn_takes_each_step_on_both(store: Database) -> None:
    bench = await new_bench(store, BARE, BARE)
    work = await bench.submit(schedule(pages=("planned:1", "planned:2"), automation=BOTH))
    await bench.at(TEN)
    await bench.at(MIDNIGHT)
    assert said(bench, 0) == said(bench, 1)
    assert said(bench, 0)[1:] == ["The maintenance has begun.", "The maintenance is complete."]
    assert (await bench.stored(work.id)).status is COMPLETED


async def test_a_refused_schedule_is_put_right_with_its_timers(store: Database) -> None:
    bench = await new_bench(store, BARE)
    bench.page.refuses = "Too long."
    work = await bench.submit(schedule())
    assert not work.is_open
    [letter] = bench.team.letters
    bench.page.refuses = None
    assert letter.submission_id
    corrected = schedule(name="Disks", starts=TEN + HOUR)
    again = await bench.submit(corrected, replaces=letter.submission_id)
    assert (again.id, again.name, again.is_open) == (work.id, "Disks", True)
    await bench.at(TEN)
    assert (await bench.stored(work.id)).status is SCHEDULED
    await bench.at(TEN + HOUR)
    assert (await bench.stored(work.id)).status is RUNNING


async def test_a_refused_step_is_told_to_the_owner(store: Database) -> None:
    bench = await new_bench(store, BARE)
    work = await bench.submit(schedule())
    bench.page.refuses = "No."
    await bench.at(TEN)
    assert (await bench.stored(work.id)).status is SCHEDULED
    [letter] = bench.team.letters
    assert letter.title == "Foghorn’s update (In progress) is not on Page 1"
    assert letter.user_id == "U0ANN"


async def test_a_deliverys_state_is_known_of_every_sort(store: Database) -> None:
    bench = await new_bench(store, replace(BARE, keeps_cancelled=False))
    work = await bench.submit(schedule())
    await bench.submit(bench.progress(work, SCHEDULED, "Later.", ends=MIDNIGHT + HOUR))
    await bench.submit(bench.progress(work, CANCELLED, "No."))
    owed = await store.read(deliveries.of_subject, work.id)
    assert [each.state for each in owed] == [State.DONE] * 5
