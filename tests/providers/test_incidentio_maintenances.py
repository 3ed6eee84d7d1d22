"""What is particular to maintenances at incident.io, where each has its own effect."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.maintenances import MaintenanceDraft, MaintenanceStatus, Notice
from bot.domain.pages import ComponentStatus
from bot.domain.subjects import Step
from bot.errors import Gone, Rejected, Uncertain
from bot.providers import IncidentIoSettings, new_client, open_accounts
from bot.providers.http import Refusal
from bot.providers.incidentio import maintenance_wire
from bot.providers.incidentio.reader import QUIET_NOTE
from tests.fakes.incidentio import IncidentIoFake
from tests.fakes.vendor import wall_clock
from tests.providers.rigs import (
    HOUR,
    PATIENCE,
    FakeRig,
    WallClock,
    maintenance_draft,
    window,
    work_update,
)
from tests.providers.test_incidentio import fake_of, posted_bodies

pytestmark = pytest.mark.anyio

BOTH = (Step.START, Step.FINISH)
SCHEDULED, RUNS = MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS
OVER = MaintenanceStatus.COMPLETED
OPERATIONAL = ComponentStatus.OPERATIONAL
UNDER = ComponentStatus.UNDER_MAINTENANCE
STARTS = datetime(2026, 3, 7, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("driven", "notices", "automate", "notify"),
    [
        (BOTH, tuple(Notice), True, True),
        ((), (Notice.NOW,), False, True),
        ((Step.START,), (), False, False),
        (BOTH, (Notice.BEFORE, Notice.AT_START, Notice.AT_END), True, False),
    ],
)
def test_all_that_a_window_needs_is_sent(
    driven: tuple[Step, ...],
    notices: tuple[Notice, ...],
    automate: bool,  # noqa: FBT001
    notify: bool,  # noqa: FBT001
) -> None:
    ends = STARTS + 2 * HOUR
    draft = MaintenanceDraft("Database move", "New hosts.", ("c",), STARTS, ends, driven, notices)
    assert maintenance_wire.create_body("p", draft, "key") == {
        "status_page_id": "p",
        "name": "Database move",
        "message": "New hosts.",
        "maintenance_status": "maintenance_scheduled",
        "notify_subscribers": notify,
        "idempotency_key": "key",
        "affected_component_ids": ["c"],
        "start_at": "2026-03-07T22:00:00.000Z",
        "end_at": "2026-03-08T00:00:00.000Z",
        "automate_maintenance_status": automate,
    }


CASES: list[tuple[MaintenanceStatus, MaintenanceStatus, str | None, bool]] = [
    # wanted, as the page has it, the word sent, whether components are named
    (SCHEDULED, SCHEDULED, None, False),
    (RUNS, SCHEDULED, "maintenance_in_progress", True),
    (RUNS, RUNS, None, True),
    (OVER, RUNS, "maintenance_complete", False),
    (OVER, SCHEDULED, "maintenance_complete", False),
    (OVER, OVER, None, False),
    (RUNS, MaintenanceStatus.UNKNOWN, "maintenance_in_progress", True),
]


@pytest.mark.parametrize(("wanted", "now", "word", "named"), CASES)
def test_an_update_names_a_status_only_to_change_it_and_components_only_while_it_runs(
    wanted: MaintenanceStatus,
    now: MaintenanceStatus,
    word: str | None,
    named: bool,  # noqa: FBT001
) -> None:
    draft = work_update(maintenance_draft(("c",)), wanted, notify=True)
    body = maintenance_wire.update_body("m", draft, now)
    said = [{"component_id": "c", "component_status": "under_maintenance"}]
    expected: dict[str, Any] = {
        "status_page_maintenance_id": "m",
        "message": draft.message,
        "notify_subscribers": True,
    }
    expected |= {"maintenance_status": word} if word else {}
    assert body == expected | ({"component_statuses": said} if named else {})


def test_a_move_sends_what_is_taken_and_no_more() -> None:
    draft = MaintenanceDraft("N", "M", (), STARTS, STARTS + HOUR)
    assert maintenance_wire.move_body(window(draft, longer=HOUR)) == {
        "name": "N",
        "start_at": "2026-03-07T22:00:00.000Z",
        "end_at": "2026-03-08T00:00:00.000Z",
    }


def read(**fields: object) -> maintenance_wire.MaintenanceAnswer:
    answer = {"id": "m", "maintenance_status": "maintenance_in_progress", **fields}
    return maintenance_wire.MaintenanceAnswer.model_validate(answer)


def test_times_are_told_by_the_components_alone() -> None:
    periods: list[dict[str, object]] = [
        {"component_id": "a", "start_at": "2026-03-07T22:00:00Z", "end_at": "2026-03-07T23:00:00Z"},
        {"component_id": "b", "start_at": "2026-03-07T21:00:00Z", "end_at": "2026-03-08T01:00:00Z"},
    ]
    both = read(component_maintenance_periods=periods).maintenance({"a": UNDER})
    assert (both.starts, both.ends) == (STARTS - HOUR, STARTS + 3 * HOUR)
    assert both.shown == {"a": UNDER, "b": OPERATIONAL}
    periods[0].pop("end_at")
    assert read(component_maintenance_periods=periods).maintenance({}).ends is None
    bare = read().maintenance({})
    assert (bare.starts, bare.ends, bare.component_ids) == (None, None, ())


def test_an_unknown_word_is_read_as_unknown_and_holds_nothing() -> None:
    paused = read(
        maintenance_status="maintenance_paused",
        component_maintenance_periods=[{"component_id": "c"}],
    )
    assert paused.maintenance({}).status is MaintenanceStatus.UNKNOWN
    assert paused.holds() == []


async def test_a_word_without_a_step_leaves_the_automation_on(at_incidentio: FakeRig) -> None:
    fake, page = fake_of(at_incidentio), at_incidentio.page
    api = await at_incidentio.component("API")
    draft = maintenance_draft((api,), BOTH)
    work = (await page.schedule_maintenance(draft, "key")).remote_id
    for hours, status in ((0, SCHEDULED), (1.5, RUNS)):
        at_incidentio.clock.ahead = hours * HOUR
        await page.post_maintenance_update(work, work_update(draft, status), {})
    at_incidentio.clock.ahead = 2.1 * HOUR
    [seen] = fake.maintenances()
    assert (seen.status, seen.components) == (OVER, {api: OPERATIONAL})
    assert len(seen.messages) == 5


async def test_a_step_of_ours_ends_the_automation(at_incidentio: FakeRig) -> None:
    fake, page = fake_of(at_incidentio), at_incidentio.page
    draft = maintenance_draft((), BOTH)
    work = (await page.schedule_maintenance(draft, "key")).remote_id
    await page.post_maintenance_update(work, work_update(draft, RUNS), {})
    at_incidentio.clock.ahead = 9 * HOUR
    [seen] = fake.maintenances()
    assert (seen.status, seen.drives) == (RUNS, (False, False))


async def test_the_page_tells_at_every_step_or_at_none(at_incidentio: FakeRig) -> None:
    fake, page = fake_of(at_incidentio), at_incidentio.page
    await page.schedule_maintenance(maintenance_draft((), BOTH), "loud")
    quiet = maintenance_draft((), BOTH, notices=(Notice.AT_START,))
    await page.schedule_maintenance(quiet, "quiet")
    at_incidentio.clock.ahead = 3 * HOUR
    assert [each.status for each in fake.notifications] == [SCHEDULED, RUNS, OVER]


@pytest.mark.parametrize("refusal", [(422, "notify_subscribers"), (400, None)])
async def test_a_page_too_big_to_notify_is_published_to_without(
    at_incidentio: FakeRig, refusal: tuple[int, str | None]
) -> None:
    fake, page, draft = fake_of(at_incidentio), at_incidentio.page, maintenance_draft()
    fake.add_subscribers(1000)
    fake.notify_refusal = refusal
    posted = await page.schedule_maintenance(draft, "key")
    update = work_update(draft, RUNS, notify=True)
    second = await page.post_maintenance_update(posted.remote_id, update, {})
    assert (posted.notified, posted.note) == (second.notified, second.note) == (False, QUIET_NOTE)
    keys = [body.get("idempotency_key") for body in posted_bodies(at_incidentio)]
    assert keys == ["key", "key-quiet", None, None]
    assert await page.schedule_maintenance(draft, "key") == posted


async def test_a_refusal_of_another_field_is_not_tried_again(at_incidentio: FakeRig) -> None:
    with pytest.raises(Refusal) as raised:
        await at_incidentio.page.schedule_maintenance(maintenance_draft(("no",)), "key")
    assert raised.value.fields == {"affected_component_ids"}
    assert len(posted_bodies(at_incidentio)) == 1


async def test_the_101st_update_is_refused_in_words(at_incidentio: FakeRig) -> None:
    page, draft = at_incidentio.page, maintenance_draft(notices=())
    work = (await page.schedule_maintenance(draft, "key")).remote_id
    kept = fake_of(at_incidentio).kept_maintenances[work]
    kept.updates *= 100
    with pytest.raises(Rejected, match="at most 100 updates"):
        await page.post_maintenance_update(work, work_update(draft, RUNS), {})


async def test_a_lost_create_is_safe_to_send_again(at_incidentio: FakeRig) -> None:
    fake, draft = fake_of(at_incidentio), maintenance_draft()
    fake.lose_next_answer()
    with pytest.raises(Uncertain):
        await at_incidentio.page.schedule_maintenance(draft, "key")
    posted = await at_incidentio.page.schedule_maintenance(draft, "key")
    assert [each.id for each in fake.maintenances()] == [posted.remote_id]
    assert (fake.lost, len(fake.notifications)) == (1, 1)


async def test_a_lost_delete_is_safe_to_send_again(at_incidentio: FakeRig) -> None:
    fake, page = fake_of(at_incidentio), at_incidentio.page
    work = (await page.schedule_maintenance(maintenance_draft(), "key")).remote_id
    fake.lose_next_answer("DELETE")
    with pytest.raises(Uncertain):
        await page.delete_maintenance(work)
    await page.delete_maintenance(work)
    assert (fake.lost, fake.maintenances()) == (1, [])
    with pytest.raises(Gone, match=r"maintenance not found.* Request id"):
        await page.maintenance(work)


async def test_the_search_leaves_out_what_is_older_than_the_draft(at_incidentio: FakeRig) -> None:
    page, draft = at_incidentio.page, maintenance_draft()
    work = (await page.schedule_maintenance(draft, "key")).remote_id
    update = work_update(draft, RUNS)
    await page.post_maintenance_update(work, update, {})
    for minutes, found in ((1, 1), (3, 0)):
        since = wall_clock() + timedelta(minutes=minutes)
        assert len(await page.find_maintenances(draft, since)) == found
        assert len(await page.find_maintenance_updates(work, update, since)) == found


async def test_links_come_from_the_widget_alone() -> None:
    async with IncidentIoFake() as fake, new_client(PATIENCE) as client:
        for widget in (None, fake.widget_url):
            settings = IncidentIoSettings(fake.key, fake.url, (), widget)
            [account] = open_accounts(client, WallClock(), settings)
            page = account.page(f"incidentio:{fake.page_id}")
            ids = [
                fake.start_maintenance(fake.page_id, "Runs", ()),
                (await page.schedule_maintenance(maintenance_draft(), f"{widget}")).remote_id,
            ]
            base = "https://status.northwind.example/maintenances/w"
            expected = [f"{base}/{id_}" if widget else None for id_ in ids]
            assert [(await page.maintenance(id_)).url for id_ in ids] == expected


async def test_a_component_that_an_update_names_belongs_to_the_work(
    at_incidentio: FakeRig,
) -> None:
    page, api = at_incidentio.page, await at_incidentio.component("API")
    draft = maintenance_draft()
    work = (await page.schedule_maintenance(draft, "key")).remote_id
    update = replace(work_update(draft, RUNS), component_ids=(api,))
    await page.post_maintenance_update(work, update, {})
    assert (await page.maintenance(work)).component_ids == (api,)
