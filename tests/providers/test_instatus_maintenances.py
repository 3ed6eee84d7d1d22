"""What is particular to maintenances at Instatus, whose components have one status for all."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from bot.domain.maintenances import (
    MaintenanceDraft,
    MaintenanceStatus,
    MaintenanceUpdateDraft,
    Notice,
    WindowDraft,
)
from bot.domain.pages import ComponentStatus
from bot.domain.subjects import Step
from bot.errors import Gone, Rejected, Unavailable, Uncertain
from bot.providers.instatus import maintenance_wire
from tests.providers import rigs
from tests.providers.rigs import EPOCH, HOUR, FakeRig, maintenance_draft, window, work_update
from tests.providers.test_instatus import API, fake_of, last_body

pytestmark = pytest.mark.anyio

sample = partial(rigs.sample, "instatus")
BOTH = (Step.START, Step.FINISH)
SCHEDULED, RUNS = MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS
OVER = MaintenanceStatus.COMPLETED
DEGRADED, MAJOR = ComponentStatus.DEGRADED, ComponentStatus.MAJOR_OUTAGE
OPERATIONAL = ComponentStatus.OPERATIONAL
UNDER = ComponentStatus.UNDER_MAINTENANCE
STARTS = datetime(2026, 6, 1, 22, tzinfo=UTC)
NAME, MESSAGE = "Database upgrade", "Short read-only phase."
DRAFT = MaintenanceDraft(NAME, MESSAGE, (API,), STARTS, STARTS + HOUR, BOTH, tuple(Notice))
FLAGS = ("notify", "notifyEarly", "notifyStart", "notifyEnd", "autoStart", "autoEnd")


def created(**fields: object) -> maintenance_wire.MaintenanceAnswer:
    return maintenance_wire.MAINTENANCE.validate_python(sample("maintenance_created") | fields)


def test_the_documents_maintenance_is_read() -> None:
    found = created().maintenance("https://x")
    assert (found.name, found.status, found.component_ids) == (NAME, SCHEDULED, (API,))
    assert (found.starts, found.ends) == (STARTS, STARTS + HOUR)
    assert [(each.message, each.status) for each in found.updates] == [(MESSAGE, SCHEDULED)]
    assert found.shown == {API: OPERATIONAL}
    assert found.url == "https://x/maintenance/clw5main0003qr"
    assert created().holds() == []


@pytest.mark.parametrize("word", ["PAUSED", "", "VERIFYING"])
def test_an_unknown_word_is_read_as_unknown_and_holds_nothing(word: str) -> None:
    answer = created(status=word, start=None, end=None)
    found = answer.maintenance(None)
    assert (found.status, found.starts, found.url) == (MaintenanceStatus.UNKNOWN, None, None)
    assert answer.holds() == []


def test_the_documents_create_body_is_what_we_send() -> None:
    assert maintenance_wire.create_body(DRAFT) == sample("maintenance_create_body")


def test_the_documents_move_body_is_what_we_send_but_quietly() -> None:
    expected = sample("maintenance_move_body") | {"notify": False}
    moved = window(DRAFT, longer=HOUR / 2)
    assert maintenance_wire.move_body(moved, SCHEDULED, {API: OPERATIONAL}) == expected


def test_the_documents_update_body_is_what_we_send() -> None:
    expected = sample("maintenance_update_body")
    draft = MaintenanceUpdateDraft(
        RUNS, expected["message"], (API,), notify=True, at=STARTS, ends=STARTS + HOUR
    )
    changes = maintenance_wire.changes(created(), draft, {API: OPERATIONAL}, {})
    assert maintenance_wire.update_body(draft, [API], STARTS + HOUR, changes) == expected


@pytest.mark.parametrize(
    ("driven", "notices", "flags"),
    [
        ((), (), (False, False, False, False, False, False)),
        ((), tuple(Notice), (True, True, False, False, False, False)),
        ((Step.START,), tuple(Notice), (True, True, True, False, True, False)),
        (BOTH, (Notice.AT_END,), (False, False, False, True, True, True)),
        (BOTH, (Notice.NOW,), (True, False, False, False, True, True)),
        (BOTH, (Notice.BEFORE,), (False, True, False, False, True, True)),
    ],
)
def test_the_page_tells_only_of_steps_that_it_takes_itself(
    driven: tuple[Step, ...], notices: tuple[Notice, ...], flags: tuple[bool, ...]
) -> None:
    body = maintenance_wire.create_body(replace(DRAFT, driven=driven, notices=notices))
    assert tuple(body[flag] for flag in FLAGS) == flags
    assert body["notifyMinutes"] == 60


def test_the_duration_is_true_to_the_end() -> None:
    for minutes in (1, 90, 43_200):
        longer = replace(DRAFT, ends=STARTS + minutes * HOUR / 60)
        assert maintenance_wire.create_body(longer)["duration"] == minutes


CASES: list[tuple[MaintenanceStatus, str, bool, ComponentStatus, Any, Any]] = [
    # wanted, the page's word, begun, shown, held by others, written
    (RUNS, "NOTSTARTEDYET", False, OPERATIONAL, None, UNDER),
    (RUNS, "NOTSTARTEDYET", False, OPERATIONAL, MAJOR, MAJOR),
    (RUNS, "NOTSTARTEDYET", False, MAJOR, MAJOR, None),
    (RUNS, "NOTSTARTEDYET", False, MAJOR, None, None),
    (RUNS, "NOTSTARTEDYET", False, DEGRADED, MAJOR, MAJOR),
    (RUNS, "INPROGRESS", True, UNDER, None, None),
    (RUNS, "INPROGRESS", True, UNDER, DEGRADED, DEGRADED),
    (OVER, "INPROGRESS", True, UNDER, None, OPERATIONAL),
    (OVER, "INPROGRESS", True, UNDER, UNDER, None),
    (OVER, "INPROGRESS", True, UNDER, MAJOR, MAJOR),
    (OVER, "INPROGRESS", True, MAJOR, MAJOR, None),
    (OVER, "INPROGRESS", True, MAJOR, None, None),
    (OVER, "COMPLETED", False, UNDER, None, OPERATIONAL),
    (OVER, "NOTSTARTEDYET", True, UNDER, None, OPERATIONAL),
    (OVER, "NOTSTARTEDYET", False, UNDER, None, None),
    (SCHEDULED, "NOTSTARTEDYET", False, OPERATIONAL, MAJOR, None),
    (SCHEDULED, "NOTSTARTEDYET", False, UNDER, None, None),
]


@pytest.mark.parametrize(("wanted", "word", "begun", "shown", "held", "written"), CASES)
def test_a_component_is_written_as_the_worst_that_explains_it(  # noqa: PLR0913, PLR0917
    wanted: MaintenanceStatus,
    word: str,
    begun: bool,  # noqa: FBT001
    shown: ComponentStatus,
    held: ComponentStatus | None,
    written: ComponentStatus | None,
) -> None:
    answer = created(status=word)
    draft = work_update(DRAFT, wanted, begun=begun)
    others = {API: held} if held else {}
    changes = maintenance_wire.changes(answer, draft, {API: shown}, others)
    assert changes == ({API: written} if written else {})


async def test_an_update_repeats_every_component_of_the_page_and_its_end(
    at_instatus: FakeRig,
) -> None:
    api, web = await at_instatus.component("API"), await at_instatus.component("Web")
    draft = maintenance_draft((api, web))
    posted = await at_instatus.page.schedule_maintenance(draft, "")
    update = replace(work_update(draft, SCHEDULED), component_ids=(api,), ends=EPOCH)
    await at_instatus.page.post_maintenance_update(posted.remote_id, update, {})
    body = last_body(at_instatus)
    assert (body["components"], body["statuses"]) == ([api, web], [])
    assert fake_of(at_instatus).maintenances()[0].ends == draft.ends


async def test_a_component_that_left_the_page_does_not_keep_the_work_from_ending(
    at_instatus: FakeRig,
) -> None:
    fake, api = fake_of(at_instatus), await at_instatus.component("API")
    draft = maintenance_draft((api,))
    work = (await at_instatus.page.schedule_maintenance(draft, "")).remote_id
    late = replace(draft, component_ids=(api, "gone"))
    for status in (RUNS, OVER):
        await at_instatus.page.post_maintenance_update(work, work_update(late, status), {})
    await_moved = window(replace(late, name="Other"))
    with pytest.raises(Rejected, match="is over"):
        await at_instatus.page.move_maintenance(work, await_moved)
    assert (fake.refusals, fake.maintenances()[0].status) == ([], OVER)


async def test_a_move_keeps_a_status_in_which_the_page_is_ahead(at_instatus: FakeRig) -> None:
    fake, api = fake_of(at_instatus), await at_instatus.component("API")
    draft = maintenance_draft((api,), BOTH)
    work = (await at_instatus.page.schedule_maintenance(draft, "")).remote_id
    at_instatus.clock.ahead = 1.5 * HOUR
    fake.set_component_status(api, MAJOR)
    await at_instatus.page.move_maintenance(work, window(draft, SCHEDULED, longer=HOUR))
    assert last_body(at_instatus)["status"] == "INPROGRESS"
    assert last_body(at_instatus)["statuses"] == [{"id": api, "status": "MAJOROUTAGE"}]
    assert fake.component_status(api) is MAJOR


async def test_a_move_sends_our_status_where_the_pages_word_is_unknown(
    at_instatus: FakeRig,
) -> None:
    fake = fake_of(at_instatus)
    draft = maintenance_draft()
    work = (await at_instatus.page.schedule_maintenance(draft, "")).remote_id
    answer = sample("maintenance_created") | {"status": "PAUSED", "components": []}
    fake.fail_next(200, answer, method="GET")
    await at_instatus.page.move_maintenance(work, window(draft, RUNS))
    assert last_body(at_instatus)["status"] == "INPROGRESS"
    unknown: WindowDraft = window(draft, MaintenanceStatus.UNKNOWN)
    fake.fail_next(200, answer, method="GET")
    with pytest.raises(Rejected, match="does not know"):
        await at_instatus.page.move_maintenance(work, unknown)


async def test_the_page_overwrites_an_outage_when_it_starts_the_work_until_we_mend_it(
    at_instatus: FakeRig,
) -> None:
    fake, api = fake_of(at_instatus), await at_instatus.component("API")
    await at_instatus.page.schedule_maintenance(maintenance_draft((api,), BOTH), "")
    await at_instatus.opened_elsewhere("Outage", {api: MAJOR})
    at_instatus.clock.ahead = 1.5 * HOUR
    assert fake.component_status(api) is UNDER
    await at_instatus.page.show_components(await rigs.others(at_instatus.page, ""))
    assert fake.component_status(api) is MAJOR
    bodies = [each.body for each in fake.requests if each.method == "PUT"]
    assert bodies == [{"status": "MAJOROUTAGE"}]


async def test_showing_a_component_that_is_not_there_has_nothing_to_do(
    at_instatus: FakeRig,
) -> None:
    api = await at_instatus.component("API")
    await at_instatus.page.show_components({"gone": MAJOR, api: DEGRADED})
    assert fake_of(at_instatus).component_status(api) is DEGRADED
    with pytest.raises(Rejected, match="does not know the status"):
        await at_instatus.page.show_components({api: ComponentStatus.UNKNOWN})


async def test_a_shown_component_is_looked_at_when_the_answer_is_lost(
    at_instatus: FakeRig,
) -> None:
    fake, api = fake_of(at_instatus), await at_instatus.component("API")
    fake.lose_next_answer("PUT")
    await at_instatus.page.show_components({api: MAJOR})
    fake.cut_next("PUT", times=2)
    with pytest.raises(Uncertain):
        await at_instatus.page.show_components({api: DEGRADED})
    fake.fail_next(503, method="GET")
    with pytest.raises(Uncertain):
        await at_instatus.page.show_components({api: MAJOR})
    assert fake.component_status(api) is MAJOR


async def test_a_lost_delete_is_settled_by_the_list(at_instatus: FakeRig) -> None:
    fake = fake_of(at_instatus)
    work = (await at_instatus.page.schedule_maintenance(maintenance_draft(), "")).remote_id
    fake.cut_next("DELETE")
    with pytest.raises(Uncertain):
        await at_instatus.page.delete_maintenance(work)
    fake.lose_next_answer("DELETE")
    await at_instatus.page.delete_maintenance(work)
    assert (fake.lost, fake.maintenances()) == (1, [])


async def test_a_500_for_a_maintenance_that_is_listed_is_trouble(at_instatus: FakeRig) -> None:
    work = (await at_instatus.page.schedule_maintenance(maintenance_draft(), "")).remote_id
    fake_of(at_instatus).fail_next(500, method="GET", path=work)
    with pytest.raises(Unavailable):
        await at_instatus.page.maintenance(work)
    with pytest.raises(Gone, match="list this maintenance"):
        await at_instatus.page.maintenance("deleted")


async def test_an_early_reminder_goes_out_an_hour_before(at_instatus: FakeRig) -> None:
    fake = fake_of(at_instatus)
    notices = (Notice.BEFORE, Notice.AT_END)
    draft = maintenance_draft((), BOTH, notices=notices)
    later = replace(draft, starts=draft.starts + HOUR, ends=draft.ends + HOUR)
    posted = await at_instatus.page.schedule_maintenance(later, "")
    assert not posted.notified
    heard = []
    for hours in (0, 1.1, 2.1, 3.1):
        at_instatus.clock.ahead = hours * HOUR
        heard.append([each.status for each in fake.notifications])
    assert heard == [[], [SCHEDULED], [SCHEDULED], [SCHEDULED, OVER]]


async def test_a_page_that_forgets_to_drive_leaves_the_work_as_it_was(
    at_instatus: FakeRig,
) -> None:
    fake, api = fake_of(at_instatus), await at_instatus.component("API")
    work = (
        await at_instatus.page.schedule_maintenance(maintenance_draft((api,), BOTH), "")
    ).remote_id
    fake.drives = False
    at_instatus.clock.ahead = 3 * HOUR
    assert (await at_instatus.page.maintenance(work)).status is SCHEDULED


async def test_our_updates_stay_in_their_order_when_our_clock_is_behind(
    at_instatus: FakeRig,
) -> None:
    draft = maintenance_draft()
    work = (await at_instatus.page.schedule_maintenance(draft, "")).remote_id
    early = replace(work_update(draft, RUNS), at=EPOCH)
    await at_instatus.page.post_maintenance_update(work, early, {})
    found = await at_instatus.page.maintenance(work)
    assert [each.status for each in found.updates] == [SCHEDULED, RUNS]
    [same] = await at_instatus.page.find_maintenances(draft, EPOCH)
    assert same.id == work


async def test_the_same_words_long_before_the_first_attempt_are_another_update(
    at_instatus: FakeRig,
) -> None:
    page, draft = at_instatus.page, maintenance_draft()
    work = (await page.schedule_maintenance(draft, "")).remote_id
    update = work_update(draft, RUNS)
    later = replace(update, at=update.at + HOUR)
    await page.post_maintenance_update(work, update, {})
    first_tried = update.at + HOUR
    assert len(await page.find_maintenance_updates(work, update, first_tried)) == 1
    assert await page.find_maintenance_updates(work, later, first_tried) == ()


@pytest.mark.parametrize("change", [{"starts": STARTS}, {"ends": STARTS + 9 * HOUR}])
async def test_the_same_words_for_another_window_are_another_maintenance(
    at_instatus: FakeRig, change: dict[str, Any]
) -> None:
    draft = maintenance_draft()
    await at_instatus.page.schedule_maintenance(draft, "")
    assert len(await at_instatus.page.find_maintenances(draft, EPOCH)) == 1
    assert await at_instatus.page.find_maintenances(replace(draft, **change), EPOCH) == ()
