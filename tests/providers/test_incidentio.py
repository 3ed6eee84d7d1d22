"""What is particular to incident.io."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.domain.incidents import IncidentDraft, IncidentStatus
from bot.domain.pages import ComponentStatus
from bot.errors import Gone, Rejected, Unavailable, Uncertain
from bot.providers import IncidentIoSettings, new_client, open_accounts
from bot.providers.http import Api, Refusal
from bot.providers.incidentio import maintenance_wire, wire
from bot.providers.incidentio.reader import QUIET_NOTE
from bot.providers.incidentio.widget import FRESH, SUMMARY, Widget
from tests.fakes.incidentio import IncidentIoFake
from tests.fakes.vendor import wall_clock
from tests.providers import rigs
from tests.providers.rigs import EPOCH, PATIENCE, FakeRig, WallClock, incident_draft, update_draft

pytestmark = pytest.mark.anyio

sample = partial(rigs.sample, "incidentio")

DEGRADED = ComponentStatus.DEGRADED
MAJOR = ComponentStatus.MAJOR_OUTAGE
OPERATIONAL = ComponentStatus.OPERATIONAL
PARTIAL = ComponentStatus.PARTIAL_OUTAGE
UNDER = ComponentStatus.UNDER_MAINTENANCE


def fake_of(rig: FakeRig) -> IncidentIoFake:
    assert isinstance(rig.vendor, IncidentIoFake)
    return rig.vendor


def posted_bodies(rig: FakeRig) -> list[Any]:
    return [each.body for each in rig.vendor.requests if each.method == "POST"]


def test_the_documents_structure_is_read_in_its_order() -> None:
    components = wire.STRUCTURE.validate_python(sample("structure")).components({})
    found = [(each.name, each.group) for each in components]
    assert found == [("Website", None), ("Checkout API", "Storefront")]


def test_every_part_of_a_structures_item_counts_and_each_component_once() -> None:
    def part(id_: str, **more: object) -> dict[str, object]:
        return {"component_id": id_, "name": id_.upper(), **more}

    hidden = {"name": "Secret", "hidden": True, "components": [part("no")]}
    group = {"name": "Core", "components": [part("c"), part("b"), part("x", hidden=True)]}
    sub_page = {"name": "Europe", "items": [{"component": part("a")}, {"group": group}]}
    items = [
        {"component": part("a", hidden=True), "group": hidden, "sub_page": sub_page},
        {"component": part("b")},
    ]
    answer = wire.STRUCTURE.validate_python({"current_structure": {"items": items}})
    found = [(each.id, each.group) for each in answer.components({"b": MAJOR})]
    assert found == [("a", "Europe"), ("c", "Europe · Core"), ("b", "Europe · Core")]


def test_the_documents_create_body_is_what_we_send() -> None:
    expected = sample("create_body")
    component = expected["component_statuses"][0]["component_id"]
    draft = IncidentDraft(
        expected["name"],
        IncidentStatus.INVESTIGATING,
        expected["message"],
        {component: PARTIAL},
        notify=False,
        started=EPOCH,
    )
    key = expected["idempotency_key"]
    assert wire.create_body(expected["status_page_id"], draft, key) == expected


def test_resolving_names_no_components() -> None:
    body = wire.update_body("I", update_draft(IncidentStatus.RESOLVED, {"c": OPERATIONAL}))
    assert "component_statuses" not in body
    body = wire.update_body("I", update_draft(IncidentStatus.MONITORING, {"c": OPERATIONAL}))
    sent = [{"component_id": "c", "component_status": "operational"}]
    assert body["component_statuses"] == sent


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("full_outage", MAJOR),
        ("under_maintenance", UNDER),
        ("smouldering", ComponentStatus.UNKNOWN),
    ],
)
def test_words_are_read_as_ours(word: str, status: ComponentStatus) -> None:
    assert wire.COMPONENT_STATUSES.read(word) is status
    assert wire.INCIDENT_STATUSES.read("paused") is IncidentStatus.UNKNOWN


def test_an_unknown_impact_is_shown_where_nothing_known_is() -> None:
    impacts = [
        {"component_id": "c", "component_status": "smouldering"},
        {"component_id": "d", "component_status": "full_outage"},
        {"component_id": "d", "component_status": "smouldering"},
        {"component_id": "e", "component_status": "full_outage", "end_at": "2026-01-01T00:00:00Z"},
    ]
    answer = {"id": "1", "published_at": "2026-01-01T00:00:00Z", "component_impacts": impacts}
    incident = wire.IncidentAnswer.model_validate(answer)
    assert incident.impacts() == {"c": ComponentStatus.UNKNOWN, "d": MAJOR, "e": OPERATIONAL}
    assert wire.shown(incident.holds()) == {"c": ComponentStatus.UNKNOWN, "d": MAJOR}


def test_a_maintenance_holds_what_it_has_not_freed() -> None:
    said = [{"component_id": "b", "component_status": "operational"}]
    maintenance = maintenance_wire.MaintenanceAnswer.model_validate(
        {
            "id": "m",
            "maintenance_status": "maintenance_in_progress",
            "component_maintenance_periods": [{"component_id": "a"}, {"component_id": "b"}],
            "updates": [
                {"id": "u", "published_at": "2026-01-01T00:00:00Z", "component_statuses": said}
            ],
        }
    )
    assert [hold.component_id for hold in maintenance.holds()] == ["a"]


async def test_maintenance_is_refused_for_a_component_of_an_incident(
    at_incidentio: FakeRig,
) -> None:
    api = await at_incidentio.component("API")
    with pytest.raises(Rejected, match="schedule a maintenance"):
        await at_incidentio.page.create_incident(incident_draft({api: UNDER}), "key", {})
    assert posted_bodies(at_incidentio) == []


async def test_each_incident_keeps_its_own_impact_while_the_page_shows_the_worst(
    at_incidentio: FakeRig,
) -> None:
    api = await at_incidentio.component("API")
    await at_incidentio.opened_elsewhere("Worse", {api: MAJOR})
    posted = await at_incidentio.page.create_incident(incident_draft({api: DEGRADED}), "key", {})
    incident = await at_incidentio.page.incident(posted.remote_id)
    assert (incident.impacts, incident.shown) == ({api: DEGRADED}, {api: MAJOR})


async def test_a_component_that_is_well_again_still_belongs_to_its_incident(
    at_incidentio: FakeRig,
) -> None:
    api, web = await at_incidentio.component("API"), await at_incidentio.component("Web")
    draft = incident_draft({api: DEGRADED, web: OPERATIONAL})
    posted = await at_incidentio.page.create_incident(draft, "key", {})
    update = update_draft(IncidentStatus.MONITORING, {api: OPERATIONAL, web: OPERATIONAL})
    await at_incidentio.page.post_update(posted.remote_id, update, {})
    incident = await at_incidentio.page.incident(posted.remote_id)
    assert incident.impacts == incident.shown == {api: OPERATIONAL, web: OPERATIONAL}


@pytest.mark.parametrize("refusal", [(422, "notify_subscribers"), (400, None), (422, None)])
async def test_a_page_too_big_to_notify_is_published_to_without(
    at_incidentio: FakeRig, refusal: tuple[int, str | None]
) -> None:
    fake, page = fake_of(at_incidentio), at_incidentio.page
    fake.add_subscribers(1000)
    fake.notify_refusal = refusal
    posted = await page.create_incident(incident_draft(), "key", {})
    update = await page.post_update(posted.remote_id, update_draft(IncidentStatus.MONITORING), {})
    assert (posted.notified, posted.note) == (update.notified, update.note) == (False, QUIET_NOTE)
    keys = [body.get("idempotency_key") for body in posted_bodies(at_incidentio)]
    assert keys == ["key", "key-quiet", None, None]
    assert await page.create_incident(incident_draft(), "key", {}) == posted


async def test_a_refusal_of_another_field_is_not_tried_again(at_incidentio: FakeRig) -> None:
    with pytest.raises(Refusal, match="name: invalid") as raised:
        await at_incidentio.page.create_incident(incident_draft(name="N" * 201), "key", {})
    assert raised.value.fields == {"name"}
    assert len(posted_bodies(at_incidentio)) == 1


async def test_the_101st_update_is_refused_in_words(at_incidentio: FakeRig) -> None:
    fake = fake_of(at_incidentio)
    incident = fake.open_incident(fake.page_id, "Long")
    for number in range(99):
        fake.update_incident(incident, IncidentStatus.MONITORING, f"Update {number}")
    with pytest.raises(Rejected, match="at most 100 updates"):
        await at_incidentio.page.post_update(incident, update_draft(IncidentStatus.RESOLVED), {})


async def test_a_lost_create_is_safe_to_send_again(at_incidentio: FakeRig) -> None:
    fake, draft = fake_of(at_incidentio), incident_draft()
    fake.lose_next_answer()
    with pytest.raises(Uncertain):
        await at_incidentio.page.create_incident(draft, "key", {})
    posted = await at_incidentio.page.create_incident(draft, "key", {})
    assert [each.id for each in fake.incidents()] == [posted.remote_id]
    assert (fake.lost, len(fake.notifications)) == (1, 1)


async def test_the_search_leaves_out_what_is_older_than_the_draft(at_incidentio: FakeRig) -> None:
    fake, page = fake_of(at_incidentio), at_incidentio.page
    draft, update = incident_draft(), update_draft(IncidentStatus.MONITORING)
    posted = await page.create_incident(draft, "key", {})
    await page.post_update(posted.remote_id, update, {})
    for minutes, found in ((1, 1), (3, 0)):
        since = wall_clock() + timedelta(minutes=minutes)
        assert len(await page.find_incidents(draft, since)) == found
        assert len(await page.find_updates(posted.remote_id, update, since)) == found
    assert fake.refusals == []


async def test_an_update_on_a_deleted_incident_is_gone(at_incidentio: FakeRig) -> None:
    with pytest.raises(Gone, match=r"incident not found.* Request id: 3f0c6d1e"):
        await at_incidentio.page.post_update("no", update_draft(IncidentStatus.MONITORING), {})


@pytest.mark.parametrize("form", ["%Y-%m-%dT%H:%M:%SZ", "%a, %d %b %Y %H:%M:%S UTC"])
async def test_the_bodys_time_to_wait_is_read(at_incidentio: FakeRig, form: str) -> None:
    fake = fake_of(at_incidentio)
    fake.dated = False
    body = {"rate_limit": {"retry_after": (wall_clock() + timedelta(seconds=30)).strftime(form)}}
    fake.fail_next(429, body)
    with pytest.raises(Unavailable) as raised:
        await at_incidentio.page.holds()
    assert raised.value.retry_after == pytest.approx(29, abs=2)


async def test_a_page_that_is_not_live_has_no_links(at_incidentio: FakeRig) -> None:
    fake = fake_of(at_incidentio)
    hidden = fake.add_page("Draft page")
    fake.open_incident(hidden, "Trouble")
    [incident] = await at_incidentio.account.page(f"incidentio:{hidden}").open_incidents()
    assert incident.url is None


async def test_links_come_from_the_widget_where_it_answers() -> None:
    async with IncidentIoFake() as fake, new_client(PATIENCE) as client:
        settings = IncidentIoSettings(fake.key, fake.url, (fake.page_id,), fake.widget_url)
        [account] = open_accounts(client, WallClock(), settings)
        first, page = (
            fake.open_incident(fake.page_id, "One"),
            account.page(f"incidentio:{fake.page_id}"),
        )
        base = "https://status.northwind.example/incidents"
        assert (await page.incident(first)).url == f"{base}/w/{first}"
        second = fake.open_incident(fake.page_id, "Two")
        assert (await page.incident(second)).url == f"{base}/{second}"
        asked = [each for each in fake.requests if each.path.startswith("/widget/")]
        assert [each.headers.get("authorization") for each in asked] == [None]


async def test_the_widgets_last_good_answer_is_kept_when_it_fails() -> None:
    seconds = [0.0]
    async with IncidentIoFake() as fake, new_client(PATIENCE) as client:
        api = Api(client, "widget", fake.widget_url, WallClock())
        widget = Widget(api, lambda: seconds[0])
        fake.widget_broken = True
        assert await widget.addresses() == {}
        fake.widget_broken, seconds[0] = False, FRESH
        opened = fake.open_incident(fake.page_id, "One")
        known = await widget.addresses()
        assert list(known) == [opened]
        fake.hang()
        seconds[0] += FRESH
        assert await widget.addresses() == known


async def test_the_answer_of_the_pages_own_proxy_is_read_as_the_widgets() -> None:
    async with IncidentIoFake() as fake, new_client(PATIENCE) as client:
        opened = fake.open_incident(fake.page_id, "One")
        widget = Widget(Api(client, "widget", fake.proxy_url, WallClock()))
        base = "https://status.northwind.example/incidents"
        assert await widget.addresses() == {opened: f"{base}/{opened}"}


@pytest.mark.parametrize("address", ["/v2/status_pages", "/widget/elsewhere"])
async def test_an_address_that_is_no_widget_is_said_once(address: str) -> None:
    seconds = [0.0]
    async with IncidentIoFake() as fake, new_client(PATIENCE) as client:
        widget = Widget(
            Api(client, "widget", fake.url + address, WallClock(), fake.key), lambda: seconds[0]
        )
        with capture_logs() as logged:
            for _ in range(3):
                assert await widget.addresses() == {}
                seconds[0] += FRESH
    [line] = logged
    assert line["setting"] == "INCIDENT_IO_WIDGET_URL"
    assert line["reason"].startswith("widget ")


def test_the_documents_widget_is_read() -> None:
    assert len(SUMMARY.validate_python(sample("widget")).ongoing_incidents) == 1


async def test_only_the_pages_of_the_settings_are_reached() -> None:
    async with IncidentIoFake() as fake, new_client(PATIENCE) as client:
        second = fake.add_page("Second")
        settings = IncidentIoSettings(fake.key, fake.url + "/", (second,))
        [account] = open_accounts(client, WallClock(), settings)
        assert [page.name for page in await account.pages()] == ["Second"]
        assert fake.requests[0].headers["user-agent"].startswith("foghorn/")
        assert fake.key not in repr(settings)
