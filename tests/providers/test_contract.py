"""What every provider promises to those who publish."""

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
from bot.errors import Rejected
from tests.providers.rigs import EPOCH, Rig, incident_draft, others, update_draft

pytestmark = pytest.mark.anyio

DEGRADED = ComponentStatus.DEGRADED
MAJOR = ComponentStatus.MAJOR_OUTAGE
PARTIAL = ComponentStatus.PARTIAL_OUTAGE
OPERATIONAL = ComponentStatus.OPERATIONAL
AWKWARD = (
    'Tag <b> & "quotes" — naïve 日本 > `code`\n\n* one\n* two [link](https://x.example/?a=1&b=2)'
)


async def statuses(rig: Rig) -> dict[str, ComponentStatus]:
    return {each.id: each.status for each in await rig.page.components()}


async def test_an_account_lists_its_pages_by_ids_that_open_them(rig: Rig) -> None:
    [page] = await rig.account.pages()
    assert page.id == rig.page.id == rig.account.page(page.id).id
    assert page.id.startswith(f"{rig.account.provider}:")
    assert page.name
    with pytest.raises(ValueError, match="no page of"):
        rig.account.page("elsewhere:1")


async def test_an_incident_reads_back_as_it_was_written(rig: Rig) -> None:
    api, web = await rig.component("API"), await rig.component("Web")
    draft = incident_draft({api: PARTIAL, web: PARTIAL}, message=AWKWARD, name="N" * 78 + "&<")
    posted = await rig.page.create_incident(draft, "key", {})
    incident = await rig.page.incident(posted.remote_id)
    assert (incident.name, incident.status) == (draft.name, draft.status)
    assert [(each.id, each.message) for each in incident.updates] == [(posted.update_id, AWKWARD)]
    assert incident.shown == incident.impacts == draft.impacts
    assert posted.notified
    assert await statuses(rig) == draft.impacts


async def test_an_incident_without_components_is_a_note_for_the_page(rig: Rig) -> None:
    posted = await rig.page.create_incident(incident_draft(), "key", {})
    assert (await rig.page.incident(posted.remote_id)).shown == {}


async def test_a_quiet_incident_tells_nobody(rig: Rig) -> None:
    posted = await rig.page.create_incident(incident_draft(notify=False), "key", {})
    assert not posted.notified
    assert not rig.faults or rig.faults.notifications == []


async def test_updates_move_the_incident_and_read_back_oldest_first(rig: Rig) -> None:
    api = await rig.component("API")
    posted = await rig.page.create_incident(incident_draft({api: MAJOR}), "key", {})
    update = update_draft(IncidentStatus.IDENTIFIED, {api: DEGRADED}, AWKWARD)
    second = await rig.page.post_update(posted.remote_id, update, {})
    incident = await rig.page.incident(posted.remote_id)
    assert [each.id for each in incident.updates] == [posted.update_id, second.update_id]
    assert incident.updates[1].message == AWKWARD
    assert incident.status is IncidentStatus.IDENTIFIED
    assert incident.shown == {api: DEGRADED}


async def test_resolving_puts_the_components_back_and_closes_the_incident(rig: Rig) -> None:
    api, web = await rig.component("API"), await rig.component("Web")
    draft = incident_draft({api: MAJOR, web: DEGRADED})
    posted = await rig.page.create_incident(draft, "key", {})
    resolve = update_draft(IncidentStatus.RESOLVED, {api: OPERATIONAL, web: OPERATIONAL})
    await rig.page.post_update(posted.remote_id, resolve, {})
    assert await statuses(rig) == {api: OPERATIONAL, web: OPERATIONAL}
    assert await rig.page.open_incidents() == ()
    assert not (await rig.page.incident(posted.remote_id)).is_open


async def test_resolving_leaves_a_component_that_another_incident_holds(rig: Rig) -> None:
    api = await rig.component("API")
    other = await rig.opened_elsewhere("Older trouble", {api: PARTIAL})
    draft = incident_draft({api: MAJOR})
    posted = await rig.page.create_incident(draft, "key", await others(rig.page, ""))
    resolve = update_draft(IncidentStatus.RESOLVED, {api: OPERATIONAL})
    held = await others(rig.page, posted.remote_id)
    await rig.page.post_update(posted.remote_id, resolve, held)
    assert held == await statuses(rig) == {api: PARTIAL}
    assert [each.id for each in await rig.page.open_incidents()] == [other]


async def test_resolving_leaves_a_component_under_maintenance(rig: Rig) -> None:
    api = await rig.component("API")
    posted = await rig.page.create_incident(incident_draft({api: MAJOR}), "key", {})
    maintenance = await rig.maintenance("New disks", [api])
    held = await others(rig.page, posted.remote_id)
    await rig.page.post_update(posted.remote_id, update_draft(IncidentStatus.RESOLVED), held)
    [hold] = await rig.page.holds()
    assert (hold.source_id, hold.source, hold.component_id) == (maintenance, "New disks", api)
    assert await statuses(rig) == {api: ComponentStatus.UNDER_MAINTENANCE}


async def test_a_lesser_incident_does_not_better_a_component(rig: Rig) -> None:
    api = await rig.component("API")
    await rig.opened_elsewhere("Older trouble", {api: MAJOR})
    draft = incident_draft({api: DEGRADED})
    await rig.page.create_incident(draft, "key", await others(rig.page, ""))
    assert await statuses(rig) == {api: MAJOR}


async def test_an_update_can_bring_in_another_component(rig: Rig) -> None:
    api, web = await rig.component("API"), await rig.component("Web")
    posted = await rig.page.create_incident(incident_draft({api: MAJOR}), "key", {})
    update = update_draft(IncidentStatus.IDENTIFIED, {api: MAJOR, web: DEGRADED})
    await rig.page.post_update(posted.remote_id, update, {})
    assert (await rig.page.incident(posted.remote_id)).shown == {api: MAJOR, web: DEGRADED}


async def test_what_was_opened_elsewhere_is_listed_with_its_holds(rig: Rig) -> None:
    api = await rig.component("API")
    opened = await rig.opened_elsewhere("From the dashboard", {api: PARTIAL})
    [incident] = await rig.page.open_incidents()
    [hold] = await rig.page.holds()
    assert (incident.id, incident.name, incident.shown) == (
        opened,
        "From the dashboard",
        {api: PARTIAL},
    )
    assert (hold.source_id, hold.source, hold.status) == (opened, incident.name, PARTIAL)


async def test_components_of_one_name_stay_apart_by_group_and_id(rig: Rig) -> None:
    ids = [await rig.component("API", group) for group in (None, "Europe", "Asia")]
    found = [(each.id, each.name, each.group) for each in await rig.page.components()]
    assert found == [(ids[0], "API", None), (ids[1], "API", "Europe"), (ids[2], "API", "Asia")]


async def test_renaming_changes_the_name_alone_and_tells_nobody(rig: Rig) -> None:
    api = await rig.component("API")
    draft = incident_draft({api: MAJOR}, notify=False)
    posted = await rig.page.create_incident(draft, "key", {})
    before = await rig.page.incident(posted.remote_id)
    await rig.page.rename_incident(posted.remote_id, "Payments & <refunds>")
    after = await rig.page.incident(posted.remote_id)
    assert after.name == "Payments & <refunds>"
    assert (after.updates, after.shown, after.started) == (
        before.updates,
        before.shown,
        before.started,
    )
    assert not rig.faults or rig.faults.notifications == []


async def test_an_update_is_edited_where_the_page_can_and_refused_in_words_where_not(
    rig: Rig,
) -> None:
    posted = await rig.page.create_incident(incident_draft(notify=False), "key", {})
    assert posted.update_id
    edit = rig.page.edit_update(posted.remote_id, posted.update_id, "Better words.")
    if rig.page.capabilities.edits_updates:
        await edit
        [update] = (await rig.page.incident(posted.remote_id)).updates
        assert (update.id, update.message) == (posted.update_id, "Better words.")
    else:
        with pytest.raises(Rejected, match="post a correction"):
            await edit
    assert not rig.faults or rig.faults.notifications == []


async def test_an_update_is_taken_back_where_the_page_can_also_twice(rig: Rig) -> None:
    posted = await rig.page.create_incident(incident_draft(), "key", {})
    update = update_draft(IncidentStatus.IDENTIFIED)
    second = await rig.page.post_update(posted.remote_id, update, {})
    assert second.update_id
    if rig.page.capabilities.deletes_updates:
        await rig.page.delete_update(posted.remote_id, second.update_id)
        await rig.page.delete_update(posted.remote_id, second.update_id)
        assert len((await rig.page.incident(posted.remote_id)).updates) == 1
    else:
        with pytest.raises(Rejected, match="post a correction"):
            await rig.page.delete_update(posted.remote_id, second.update_id)


async def test_an_incident_is_deleted_where_the_page_can_also_twice(rig: Rig) -> None:
    posted = await rig.page.create_incident(incident_draft(), "key", {})
    if rig.page.capabilities.deletes_incidents:
        await rig.page.delete_incident(posted.remote_id)
        await rig.page.delete_incident(posted.remote_id)
        assert await rig.page.open_incidents() == ()
    else:
        with pytest.raises(Rejected, match="delete it there"):
            await rig.page.delete_incident(posted.remote_id)


async def test_an_unknown_word_is_never_sent(rig: Rig) -> None:
    api = await rig.component("API")
    unknown = {api: ComponentStatus.UNKNOWN}
    posted = await rig.page.create_incident(incident_draft(), "key", {})
    asked = rig.faults and len(rig.faults.requests)
    with pytest.raises(Rejected, match="status of a component"):
        await rig.page.create_incident(incident_draft(unknown), "key 2", {})
    with pytest.raises(Rejected, match="incident's status"):
        await rig.page.create_incident(incident_draft(status=IncidentStatus.UNKNOWN), "key 3", {})
    for status, impacts in ((IncidentStatus.IDENTIFIED, unknown), (IncidentStatus.UNKNOWN, {})):
        with pytest.raises(Rejected, match="does not know"):
            await rig.page.post_update(posted.remote_id, update_draft(status, impacts), {})
    assert asked == (rig.faults and len(rig.faults.requests))


async def test_what_was_written_is_found_again_and_what_is_only_like_it_is_not(rig: Rig) -> None:
    draft = incident_draft()
    other_text = incident_draft(message="Something else.")
    posted = await rig.page.create_incident(draft, "key", {})
    update, other_status = (
        update_draft(IncidentStatus.IDENTIFIED),
        update_draft(IncidentStatus.MONITORING),
    )
    second = await rig.page.post_update(posted.remote_id, update, {})
    found = await rig.page.find_incidents(draft, EPOCH)
    assert [each.id for each in found] == [posted.remote_id]
    assert await rig.page.find_incidents(other_text, EPOCH) == ()
    updates = await rig.page.find_updates(posted.remote_id, update, EPOCH)
    assert [each.id for each in updates] == [second.update_id]
    assert await rig.page.find_updates(posted.remote_id, other_status, EPOCH) == ()


async def test_a_key_that_the_page_takes_gives_the_first_answer_again(rig: Rig) -> None:
    first = await rig.page.create_incident(incident_draft(), "key", {})
    again = await rig.page.create_incident(incident_draft(), "key", {})
    other = await rig.page.create_incident(incident_draft(), "key 2", {})
    assert (first == again) is rig.page.capabilities.takes_create_key
    assert other.remote_id not in {first.remote_id, again.remote_id}
