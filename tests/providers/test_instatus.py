"""What is particular to Instatus."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.domain.incidents import IncidentDraft, IncidentStatus, UpdateDraft
from bot.domain.pages import ComponentStatus
from bot.errors import Gone, Rejected, Unavailable, Uncertain
from bot.providers.instatus import wire
from tests.fakes.instatus import InstatusFake
from tests.fakes.instatus_memory import DECOYS
from tests.fakes.vendor import wall_clock
from tests.providers import rigs
from tests.providers.rigs import EPOCH, FakeRig, incident_draft, others, update_draft

pytestmark = pytest.mark.anyio

sample = partial(rigs.sample, "instatus")

DEGRADED = ComponentStatus.DEGRADED
MAJOR = ComponentStatus.MAJOR_OUTAGE
OPERATIONAL = ComponentStatus.OPERATIONAL
PARTIAL = ComponentStatus.PARTIAL_OUTAGE
API, WEB = "clw5comp0api01", "clw5comp0web02"


def fake_of(rig: FakeRig) -> InstatusFake:
    assert isinstance(rig.vendor, InstatusFake)
    return rig.vendor


def last_body(rig: FakeRig) -> Any:  # noqa: ANN401
    return [each.body for each in rig.vendor.requests if each.method in {"POST", "PUT"}][-1]


def test_the_documents_page_is_read_with_its_own_domain_and_first_day() -> None:
    [page] = wire.PAGES.validate_python(sample("pages"))
    assert page.page("instatus").url == "https://status.example.com"
    assert page.page("instatus").since == datetime(2026, 2, 3, 9, 10, 11, tzinfo=UTC)
    bare = page.model_copy(update={"custom_domain": ""})
    assert bare.page("instatus").url == "https://examplecorp.instatus.com"
    assert bare.model_copy(update={"subdomain": ""}).page("instatus").url is None


def test_a_name_in_all_its_languages_is_read_as_one() -> None:
    [page] = wire.PAGES.validate_python([{"id": "1", "name": {"de": "Seite", "en": "Page"}}])
    assert page.name == "Page"


def test_the_documents_components_are_read_without_their_group() -> None:
    answers = wire.COMPONENTS.validate_python(sample("components"))
    [api, web] = wire.listed(answers)
    assert (api.id, api.name, api.group, api.status) == (
        API,
        "Public API",
        "Core platform",
        PARTIAL,
    )
    assert web.status is OPERATIONAL
    orphans = [answer.model_copy(update={"group": None}) for answer in answers]
    assert [each.group for each in wire.listed(orphans)] == ["Core platform"] * 2


def test_the_documents_incident_is_read() -> None:
    incident = wire.INCIDENT.validate_python(sample("incident_resolved")).incident("https://x")
    assert (incident.name, incident.is_open) == ("Raised error rates on the API", False)
    assert incident.started == datetime(2026, 5, 4, 14, tzinfo=UTC)
    assert [each.message for each in incident.updates] == [
        "We see **raised error rates**.",
        "Fixed.",
    ]
    assert (incident.impacts, incident.shown) == ({API: PARTIAL}, {API: OPERATIONAL})
    assert incident.url == "https://x/incident/clw5inci0007zk"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("MINOROUTAGE", PARTIAL),
        ("SMOULDERING", ComponentStatus.UNKNOWN),
        ("", ComponentStatus.UNKNOWN),
        *((word, status) for status, word in wire.COMPONENT_STATUSES.words.items()),
    ],
)
def test_words_are_read_as_ours(word: str, status: ComponentStatus) -> None:
    assert wire.COMPONENT_STATUSES.read(word) is status
    assert "MINOROUTAGE" not in wire.COMPONENT_STATUSES.words.values()
    assert wire.INCIDENT_STATUSES.read("PAUSED") is IncidentStatus.UNKNOWN


def test_the_documents_create_body_is_what_we_send() -> None:
    expected = sample("create_body")
    draft = IncidentDraft(
        expected["name"],
        IncidentStatus.INVESTIGATING,
        expected["message"],
        {API: PARTIAL},
        notify=True,
        started=datetime(2026, 5, 4, 14, tzinfo=UTC),
    )
    assert wire.create_body(draft, {}) == expected


def test_the_documents_resolve_body_is_what_we_send() -> None:
    incident = wire.INCIDENT.validate_python(sample("incident_created"))
    at = datetime(2026, 5, 4, 15, 30, tzinfo=UTC)
    draft = UpdateDraft(IncidentStatus.RESOLVED, "Fixed.", {API: OPERATIONAL}, notify=True, at=at)
    changes = wire.changes(incident, draft, incident.shown, {})
    assert wire.update_body(draft, incident.shown, changes) == sample("resolve_body")


def test_renaming_sends_the_whole_incident_as_the_document_does() -> None:
    body = wire.rename_body(wire.INCIDENT.validate_python(sample("incident_created")), "New")
    assert body.keys() == sample("rename_body").keys()
    assert body["name"] == "New"
    assert body["notify"] is False
    assert body["statuses"] == [{"id": API, "status": "PARTIALOUTAGE"}]


async def test_an_update_writes_only_the_components_that_change(at_instatus: FakeRig) -> None:
    api, web = await at_instatus.component("API"), await at_instatus.component("Web")
    draft = incident_draft({api: MAJOR, web: DEGRADED})
    posted = await at_instatus.page.create_incident(draft, "", {})
    update = update_draft(IncidentStatus.IDENTIFIED, {api: PARTIAL, web: DEGRADED})
    await at_instatus.page.post_update(posted.remote_id, update, {})
    body = last_body(at_instatus)
    assert body["components"] == [api, web]
    assert body["statuses"] == [{"id": api, "status": "PARTIALOUTAGE"}]


async def test_an_update_without_impacts_keeps_the_incidents_components(
    at_instatus: FakeRig,
) -> None:
    api = await at_instatus.component("API")
    posted = await at_instatus.page.create_incident(incident_draft({api: MAJOR}), "", {})
    await at_instatus.page.post_update(
        posted.remote_id, update_draft(IncidentStatus.MONITORING), {}
    )
    assert (last_body(at_instatus)["components"], last_body(at_instatus)["statuses"]) == ([api], [])
    assert fake_of(at_instatus).component_status(api) is MAJOR


async def test_resolving_leaves_alone_what_somebody_set_worse_by_hand(
    at_instatus: FakeRig,
) -> None:
    api = await at_instatus.component("API")
    posted = await at_instatus.page.create_incident(incident_draft({api: DEGRADED}), "", {})
    fake_of(at_instatus).set_component_status(api, MAJOR)
    await at_instatus.page.post_update(posted.remote_id, update_draft(IncidentStatus.RESOLVED), {})
    assert fake_of(at_instatus).component_status(api) is MAJOR


async def test_resolving_what_got_worse_in_between_puts_it_back(at_instatus: FakeRig) -> None:
    api = await at_instatus.component("API")
    page = at_instatus.page
    posted = await page.create_incident(incident_draft({api: DEGRADED}), "", {})
    worse = update_draft(IncidentStatus.IDENTIFIED, {api: MAJOR})
    await page.post_update(posted.remote_id, worse, {})
    await page.post_update(posted.remote_id, update_draft(IncidentStatus.RESOLVED), {})
    assert fake_of(at_instatus).component_status(api) is OPERATIONAL


def test_an_incident_whose_impact_is_not_told_may_explain_anything() -> None:
    incident = wire.INCIDENT.validate_python(sample("incident_created"))
    draft = update_draft(IncidentStatus.RESOLVED)
    for impact in (None, ComponentStatus.UNKNOWN):
        untold = incident.model_copy(update={"impact": impact})
        assert wire.changes(untold, draft, untold.shown, {}) == {API: OPERATIONAL}


async def test_what_has_no_group_parent_or_life_is_offered_alone(at_instatus: FakeRig) -> None:
    fake = fake_of(at_instatus)
    fake.add_component(fake.page_id, "Retired", archived=True)
    odd = fake.add_component(fake.page_id, "Odd", "Group")
    fake.set_component_status(odd, "SMOULDERING")
    [component] = await at_instatus.page.components()
    assert (component.id, component.status) == (odd, ComponentStatus.UNKNOWN)


async def test_a_component_that_left_the_page_is_refused_before_the_page_could(
    at_instatus: FakeRig,
) -> None:
    posted = await at_instatus.page.create_incident(incident_draft(), "", {})
    update = update_draft(IncidentStatus.IDENTIFIED, {"gone": DEGRADED})
    with pytest.raises(Rejected, match="any more"):
        await at_instatus.page.post_update(posted.remote_id, update, {})
    assert fake_of(at_instatus).refusals == []


async def test_a_plain_mistake_is_answered_500_so_it_stays_in_doubt(at_instatus: FakeRig) -> None:
    with pytest.raises(Uncertain):
        await at_instatus.page.create_incident(incident_draft({"nothing": DEGRADED}), "", {})
    assert "is no component" in fake_of(at_instatus).refusals[0].why


async def test_a_lost_delete_is_settled_by_a_look(at_instatus: FakeRig) -> None:
    fake, page = fake_of(at_instatus), at_instatus.page
    incident = fake.open_incident(fake.page_id, "Wrong")
    update = fake.update_incident(incident, IncidentStatus.IDENTIFIED, "Wrong too")
    fake.cut_next("DELETE", times=2)
    with pytest.raises(Uncertain):
        await page.delete_update(incident, update)
    with pytest.raises(Uncertain):
        await page.delete_incident(incident)
    fake.lose_next_answer("DELETE", times=2)
    await page.delete_update(incident, update)
    await page.delete_incident(incident)
    assert (fake.lost, fake.incidents()) == (2, [])


async def test_a_delete_that_cannot_be_looked_after_stays_in_doubt(at_instatus: FakeRig) -> None:
    fake = fake_of(at_instatus)
    incident = fake.open_incident(fake.page_id, "Wrong")
    fake.lose_next_answer("DELETE")
    fake.fail_next(503, method="GET")
    with pytest.raises(Uncertain):
        await at_instatus.page.delete_update(incident, "any")


async def test_the_search_ends_where_incidents_are_a_day_older(at_instatus: FakeRig) -> None:
    fake = fake_of(at_instatus)
    fake.most_per_page = 1
    fake.now = lambda: EPOCH
    for number in range(5):
        fake.open_incident(fake.page_id, f"Old {number}")
    fake.now = wall_clock
    await at_instatus.page.find_incidents(incident_draft(), wall_clock())
    lists = [each for each in fake.requests if each.path.endswith("/incidents")]
    assert len(lists) == 1


async def test_a_resolved_incident_is_left_out_even_if_the_filter_is_not_obeyed(
    at_instatus: FakeRig,
) -> None:
    fake = fake_of(at_instatus)
    fake.fail_next(200, [sample("incident_resolved")], path="/incidents")
    assert await at_instatus.page.open_incidents() == ()
    assert "%21status=RESOLVED" in fake.requests[0].query.replace("!", "%21")


async def test_links_are_left_out_when_the_list_of_pages_fails(at_instatus: FakeRig) -> None:
    fake = fake_of(at_instatus)
    incident = fake.open_incident(fake.page_id, "Trouble")
    fake.fail_next(503, path="/v2/pages")
    assert (await at_instatus.page.incident(incident)).url is None
    expected = f"https://examplecorp.instatus.com/incident/{incident}"
    assert (await at_instatus.page.incident(incident)).url == expected


async def test_an_incident_that_no_list_has_is_gone_though_the_answer_is_500(
    at_instatus: FakeRig,
) -> None:
    with pytest.raises(Gone):
        await at_instatus.page.incident("deleted")


async def test_a_500_for_an_incident_that_is_listed_is_trouble(at_instatus: FakeRig) -> None:
    posted = await at_instatus.page.create_incident(incident_draft(), "", {})
    fake_of(at_instatus).fail_next(500, method="GET", path=posted.remote_id)
    with pytest.raises(Unavailable):
        await at_instatus.page.incident(posted.remote_id)


def test_what_we_set_ourselves_is_put_back_even_if_the_impact_never_rose() -> None:
    incident = wire.INCIDENT.validate_python(sample("incident_created"))
    lagging = incident.model_copy(update={"impact": DEGRADED})
    assert lagging.shown == {API: PARTIAL}
    draft = replace(update_draft(IncidentStatus.RESOLVED), before={API: PARTIAL})
    assert wire.changes(lagging, draft, lagging.shown, {}) == {API: OPERATIONAL}
    by_hand = replace(draft, before={API: DEGRADED})
    assert wire.changes(lagging, by_hand, lagging.shown, {}) == {}


async def test_the_answer_decides_whether_subscribers_were_told() -> None:
    created = wire.INCIDENT.validate_python(sample("incident_created"))
    assert created.result(notify=True).notified
    untold = created.model_copy(update={"subscribers_notified": False})
    assert not untold.result(notify=True).notified


async def test_private_parts_of_answers_reach_no_log_and_no_words(
    at_instatus: FakeRig, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fake, page = fake_of(at_instatus), at_instatus.page
    api = await at_instatus.component("API")
    posted = await page.create_incident(incident_draft({api: MAJOR}), "", {})
    await page.post_update(posted.remote_id, update_draft(IncidentStatus.MONITORING), {})
    read = repr((await page.components(), await page.open_incidents(), await page.holds()))
    errors: list[BaseException | None] = []
    for body in ({"notify": DECOYS[0]}, DECOYS[1], [{"name": DECOYS[2]}]):
        fake.fail_next(200, body, times=2)
        with pytest.raises(Uncertain) as unsure:
            await page.create_incident(incident_draft(), "", {})
        with pytest.raises(Unavailable) as unread:
            await page.components()
        errors += [e for each in (unsure, unread) for e in (each.value, each.value.__context__)]
    heard = caplog.text + read + repr(errors)
    assert [secret for secret in (*DECOYS, fake.key) if secret in heard] == []


async def test_two_incidents_on_one_component_are_both_held(at_instatus: FakeRig) -> None:
    api = await at_instatus.component("API")
    for impact in (DEGRADED, MAJOR):
        await at_instatus.opened_elsewhere(impact.value, {api: impact})
    await at_instatus.opened_elsewhere("A note", {})
    assert [hold.status for hold in await at_instatus.page.holds()] == [MAJOR, DEGRADED]
    assert await others(at_instatus.page, "") == {api: MAJOR}


async def test_what_was_there_before_the_first_attempt_is_ours_only_by_its_instant(
    at_instatus: FakeRig,
) -> None:
    draft, twin, since = incident_draft(), incident_draft(), wall_clock() + timedelta(hours=1)
    posted = await at_instatus.page.create_incident(draft, "", {})
    assert len(await at_instatus.page.find_incidents(draft, since)) == 1
    assert await at_instatus.page.find_incidents(twin, since) == ()
    update, other = (update_draft(IncidentStatus.MONITORING) for _ in range(2))
    await at_instatus.page.post_update(posted.remote_id, update, {})
    assert len(await at_instatus.page.find_updates(posted.remote_id, update, since)) == 1
    assert await at_instatus.page.find_updates(posted.remote_id, other, since) == ()


async def test_the_search_bears_a_list_that_is_a_little_out_of_order(at_instatus: FakeRig) -> None:
    fake = fake_of(at_instatus)
    fake.most_per_page = 1
    since, draft = wall_clock(), incident_draft()
    await at_instatus.page.create_incident(draft, "", {})
    newer = fake.open_incident(fake.page_id, "Moved up")
    fake.kept_incidents[newer].created_at = since - timedelta(hours=23)
    assert len(await at_instatus.page.find_incidents(draft, since)) == 1
