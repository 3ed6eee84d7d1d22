from datetime import timedelta

import pytest

from bot.domain.incidents import IncidentDraft, UpdateDraft
from bot.domain.pages import ComponentStatus
from bot.errors import Gone, Rejected
from bot.statuspage.records import incidents, queries
from bot.store import Database
from tests.statuspage.records.writing import (
    DEGRADED,
    FINE,
    IDENTIFIED,
    INVESTIGATING,
    MAJOR,
    MINUTE,
    NOTIFY,
    NOW,
    PARTIAL,
    RESOLVED,
    component,
    opened,
    posted,
    site,
    spans,
)

pytestmark = pytest.mark.anyio


async def test_an_empty_page_has_a_name_and_no_revision(store: Database) -> None:
    loaded = await site(store)
    assert (loaded.name, loaded.url) == (queries.DEFAULT_NAME, "https://status.example.com")
    assert loaded.revision == await store.read(queries.revision) == 0
    assert (loaded.components, loaded.incidents, loaded.intervals) == ((), (), ())


async def test_an_incident_is_given_back_whole(store: Database) -> None:
    api = await component(store, "API")
    draft = IncidentDraft("Zoë <b>", IDENTIFIED, "**Sorry** 🔥", {api: MAJOR}, not NOTIFY, NOW)
    done = await store.write(incidents.open_incident, draft, "key", NOW + MINUTE)
    [incident] = (await site(store)).incidents
    assert (incident.id, incident.name, incident.status) == (
        done.remote_id,
        "Zoë <b>",
        IDENTIFIED,
    )
    assert (incident.started, incident.resolved, incident.impacts) == (NOW, None, {api: MAJOR})
    [update] = incident.updates
    assert (update.id, update.message, update.at) == (done.update_id, "**Sorry** 🔥", NOW + MINUTE)
    assert (update.statuses, update.notified, update.edited_at) == ({api: MAJOR}, False, None)


async def test_an_impact_is_an_interval_that_every_update_may_change(store: Database) -> None:
    api, web = await component(store, "API"), await component(store, "Web")
    incident = await opened(store, {api: MAJOR})
    await posted(store, incident, 10, IDENTIFIED, {api: PARTIAL, web: DEGRADED})
    await posted(store, incident, 20, IDENTIFIED, {api: FINE})
    loaded = await site(store)
    assert spans(loaded) == [
        (api, MAJOR, 0, 10),
        (api, PARTIAL, 10, 20),
        (web, DEGRADED, 10, None),
    ]
    assert loaded.incidents[0].impacts == {web: DEGRADED}
    assert loaded.incidents[0].component_ids == (web, api)


async def test_resolving_ends_everything_whatever_the_update_names(store: Database) -> None:
    api, web = await component(store, "API"), await component(store, "Web")
    incident = await opened(store, {api: MAJOR, web: PARTIAL})
    await posted(store, incident, 30, RESOLVED, {api: MAJOR})
    loaded = await site(store)
    assert spans(loaded) == [(api, MAJOR, 0, 30), (web, PARTIAL, 0, 30)]
    [resolved] = loaded.incidents
    assert (resolved.resolved, resolved.impacts) == (NOW + 30 * MINUTE, {})
    assert resolved.updates[-1].statuses == {api: FINE, web: FINE}


async def test_a_past_incident_counts_from_its_start_to_its_report(store: Database) -> None:
    api = await component(store, "API")
    await opened(store, {api: MAJOR}, started=NOW, now=NOW + 60 * MINUTE, status=RESOLVED)
    loaded = await site(store)
    assert spans(loaded) == [(api, MAJOR, 0, 60)]
    assert loaded.incidents[0].resolved == NOW + 60 * MINUTE


async def test_taking_an_update_back_takes_back_what_it_did(store: Database) -> None:
    api = await component(store, "API")
    incident = await opened(store, {api: MAJOR})
    resolve = await posted(store, incident, 30, RESOLVED, {})
    for _twice in range(2):
        await store.write(incidents.delete_update, incident, resolve, NOW)
        loaded = await site(store)
        assert spans(loaded) == [(api, MAJOR, 0, None)]
        assert (loaded.incidents[0].status, loaded.incidents[0].resolved) == (INVESTIGATING, None)
    [first] = (await site(store)).incidents[0].updates
    with pytest.raises(Rejected, match="only update"):
        await store.write(incidents.delete_update, incident, first.id, NOW)


async def test_an_update_after_one_that_was_taken_back_comes_last(store: Database) -> None:
    incident = await opened(store, {})
    second = await posted(store, incident, 10, IDENTIFIED, {})
    await store.write(incidents.delete_update, incident, second, NOW)
    third = await posted(store, incident, 20, IDENTIFIED, {})
    [shown] = (await site(store)).incidents
    assert [each.id for each in shown.updates][1:] == [third]


async def test_a_deleted_incident_leaves_no_trace_on_the_page(store: Database) -> None:
    api = await component(store, "API")
    incident = await opened(store, {api: MAJOR})
    await store.write(incidents.delete_incident, incident, NOW)
    before = await site(store)
    assert (before.incidents, before.intervals) == ((), ())
    await store.write(incidents.delete_incident, incident, NOW)
    assert await site(store) == before
    with pytest.raises(Gone):
        await posted(store, incident, 10, RESOLVED, {})


async def test_an_update_after_the_end_opens_the_incident_again(store: Database) -> None:
    api = await component(store, "API")
    incident = await opened(store, {api: MAJOR})
    await posted(store, incident, 10, RESOLVED, {})
    await posted(store, incident, 15, IDENTIFIED, {api: DEGRADED})
    loaded = await site(store)
    assert spans(loaded) == [(api, MAJOR, 0, 10), (api, DEGRADED, 15, None)]
    assert loaded.incidents[0].resolved is None


async def test_an_update_that_was_written_before_the_incident_was_posted_harms_nothing(
    store: Database,
) -> None:
    api = await component(store, "API")
    incident = await opened(store, {api: MAJOR}, now=NOW + 20 * MINUTE)
    await posted(store, incident, -5, IDENTIFIED, {api: PARTIAL})
    assert spans(await site(store)) == [(api, PARTIAL, 0, None)]


async def test_a_key_gives_the_first_answer_and_writes_nothing(store: Database) -> None:
    first = await opened(store, {}, "key")
    before = await site(store)
    assert await opened(store, {}, "key") == first
    assert await site(store) == before
    assert await opened(store, {}, "other key") != first


async def test_the_same_update_again_is_the_first_one(store: Database) -> None:
    incident = await opened(store, {})
    first = await posted(store, incident, 10, IDENTIFIED, {})
    before = await site(store)
    assert await posted(store, incident, 10, IDENTIFIED, {}) == first
    assert await site(store) == before


async def test_names_and_texts_change_and_nothing_else(store: Database) -> None:
    incident = await opened(store, {})
    [before] = (await site(store)).incidents
    update = before.updates[0].id
    await store.write(incidents.rename_incident, incident, "Refunds fail")
    await store.write(incidents.edit_update, incident, update, "So sorry.", NOW + 9 * MINUTE)
    [after] = (await site(store)).incidents
    assert (after.name, after.updates[0].message) == ("Refunds fail", "So sorry.")
    assert (after.updates[0].edited_at, after.updates[0].at) == (NOW + 9 * MINUTE, NOW + MINUTE)
    with pytest.raises(Gone, match="no such update"):
        await store.write(incidents.edit_update, incident, "nothing", "x", NOW)


async def test_the_revision_grows_with_every_change_that_can_be_seen(store: Database) -> None:
    incident = await opened(store, {})
    first = (await site(store)).incidents[0].updates[0]
    seen = await store.read(queries.revision)
    for work, values in (
        (incidents.rename_incident, (incident, "Another name")),
        (incidents.edit_update, (incident, first.id, "Another text", NOW)),
        (incidents.delete_incident, (incident, NOW)),
    ):
        await store.write(work, *values)
        seen += 1
        assert await store.read(queries.revision) == seen


async def test_what_changes_nothing_leaves_the_revision(store: Database) -> None:
    incident = await opened(store, {})
    [shown] = (await site(store)).incidents
    before = await site(store)
    await store.write(incidents.rename_incident, incident, shown.name)
    [update] = shown.updates
    await store.write(incidents.edit_update, incident, update.id, update.message, NOW)
    assert await site(store) == before


async def test_what_the_page_does_not_know_is_refused(store: Database) -> None:
    draft = UpdateDraft(IDENTIFIED, "x", {"nothing": MAJOR}, NOTIFY, NOW)
    incident = await opened(store, {})
    before = await site(store)
    with pytest.raises(Rejected, match="no such component"):
        await store.write(incidents.post_update, incident, draft)
    with pytest.raises(Rejected, match="status of a component"):
        await opened(store, {"nothing": ComponentStatus.UNKNOWN})
    with pytest.raises(Gone, match="no such incident"):
        await store.read(incidents.find, "nothing")
    assert await site(store) == before


async def test_incidents_come_newest_first_and_old_intervals_not_at_all(store: Database) -> None:
    api = await component(store, "API")
    for days in (200, 1, 50):
        began = NOW - timedelta(days=days)
        await opened(store, {api: MAJOR}, started=began, status=RESOLVED)
    loaded = await site(store)
    assert [(NOW - each.started).days for each in loaded.incidents] == [1, 50, 200]
    assert [(NOW - each.start).days for each in loaded.intervals] == [50, 1]
