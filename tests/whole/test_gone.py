"""Somebody removed something on the page itself: people are told, and nobody is stuck with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
from bot.playground import Message
from tests.fakes.incidentio import IncidentIoFake
from tests.fakes.instatus import InstatusFake
from tests.fakes.vendor import SeenIncident
from tests.whole.rig import Rig, whole_bot

pytestmark = pytest.mark.anyio

NAME, REPORT = "Checkout is down", "Cards are refused."
UPDATE, LATER = "The bank mends it.", "The bank has mended it."
OPERATIONAL, MAJOR = ComponentStatus.OPERATIONAL, ComponentStatus.MAJOR_OUTAGE


async def opened(rig: Rig, *components: str) -> None:
    await rig.report(NAME, REPORT, *components, status="Major outage" if components else "")
    await rig.receipts(1)


async def posted(rig: Rig, *messages: str) -> Message:
    """Wait for the receipts of these messages, and return the last, which has nothing to say."""
    await rig.soon(lambda: len(rig.replies()) >= len(messages), "the receipts")
    assert only(rig).messages == list(messages)
    assert "The page differs" not in rig.replies()[-1].shown
    assert rig.slack.direct("ann") == []
    return rig.replies()[-1]


def only(rig: Rig) -> SeenIncident:
    [incident] = rig.vendor.incidents()
    return incident


# --- a component ---


@pytest.mark.parametrize("synced", [True, False])
async def test_an_update_leaves_out_a_component_that_the_page_has_no_longer(
    parts: dict[str, str], rig: Rig, *, synced: bool
) -> None:
    await opened(rig, "API · Core", "Mail")
    rig.vendor.remove_component(parts["API"])
    if synced:
        await rig.app.sync.refresh()
    await rig.post("Update", UPDATE, Status="Monitoring")
    assert "API" not in (await posted(rig, REPORT, UPDATE)).shown
    assert rig.vendor.component_status(parts["Mail"]) is MAJOR
    await rig.post("Resolve", LATER)
    await posted(rig, REPORT, UPDATE, LATER)
    assert only(rig).status is IncidentStatus.RESOLVED
    assert rig.vendor.component_status(parts["Mail"]) is OPERATIONAL


@pytest.mark.parametrize("button", ["Update", "Resolve"])
async def test_an_incident_goes_on_without_its_only_component(
    parts: dict[str, str], rig: Rig, button: str
) -> None:
    await opened(rig, "Mail")
    rig.vendor.remove_component(parts["Mail"])
    await rig.app.sync.refresh()
    await rig.ann.clicks(button, message=rig.parents()[-1])
    form = await rig.ann.modal("Post an update")
    assert form.value("Affected components") == []
    if button == "Update":  # what is resolved leaves every component operational
        assert form.value("Component status") == "Degraded performance"
    form.fill("Message", UPDATE)
    assert (await form.submit()).action == "update"
    await posted(rig, REPORT, UPDATE)


async def test_an_archived_component_is_left_out_too(tmp_path: Path) -> None:
    async with InstatusFake() as vendor:
        mail = vendor.add_component(vendor.page_id, "Mail")
        async with whole_bot([vendor], tmp_path) as rig:
            await opened(rig, "Mail")
            vendor.kept_components[mail].archived = True
            await rig.post("Update", UPDATE)
            await posted(rig, REPORT, UPDATE)


async def test_a_component_chosen_just_now_must_be_there(parts: dict[str, str], rig: Rig) -> None:
    await opened(rig, "Mail")
    await rig.ann.clicks("Update", message=rig.parents()[-1])
    form = await rig.ann.modal("Post an update")
    form.fill("Message", UPDATE)
    await form.choose("Affected components", "Mail", "API · Core")
    rig.vendor.remove_component(parts["API"])
    await rig.app.sync.refresh()
    result = await form.submit()
    assert "no longer on the chosen page" in result.errors["Affected components"]
    await form.choose("Affected components", "Mail")
    assert (await form.submit()).action == "update"
    await posted(rig, REPORT, UPDATE)


async def test_a_new_component_that_only_the_page_knows_to_be_gone_is_refused(
    parts: dict[str, str], rig: Rig
) -> None:
    await opened(rig, "Mail")
    await rig.ann.clicks("Update", message=rig.parents()[-1])
    form = await rig.ann.modal("Post an update")
    form.fill("Message", UPDATE)
    await form.choose("Affected components", "Mail", "API · Core")
    await form.choose("Component status", "Degraded performance")
    rig.vendor.remove_component(parts["API"])
    assert (await form.submit()).action == "update"
    await rig.soon(lambda: rig.slack.direct("ann"), "a letter")
    assert "Open the form again" in rig.slack.direct("ann")[0].buttons
    assert only(rig).messages == [REPORT]


# --- the incident itself ---


def letters(rig: Rig, words: str) -> list[Message]:
    return [each for each in rig.slack.direct("ann") if words in each.shown]


async def parent_says(rig: Rig, words: str) -> str:
    await rig.soon(lambda: words in rig.parents()[-1].shown, f"{words!r} in the parent message")
    return rig.parents()[-1].shown


async def is_quiet(rig: Rig) -> bool:
    """Let a day pass, and see that nobody is reminded of anything."""
    await rig.all_done()
    before = len(rig.replies())
    for _ in range(3):
        rig.skip(8 * 3600)
        await rig.app.timers.sweep()
        await rig.all_done()
    return len(rig.replies()) == before


@pytest.mark.parametrize("button", ["Update", "Resolve"])
async def test_an_incident_deleted_on_its_page_is_over(
    parts: dict[str, str], rig: Rig, button: str
) -> None:
    assert parts
    await opened(rig, "Mail")
    rig.vendor.delete_incident(only(rig).id)
    await rig.post(button, UPDATE)
    assert "Somebody deleted this incident on the page" in await parent_says(rig, "No longer")
    await rig.all_done()
    [told] = letters(rig, "is no longer on")
    assert "It is on no page any more, so it is over for Foghorn" in told.shown
    assert await is_quiet(rig)
    assert not {"Update", "Resolve"} & set(rig.parents()[-1].buttons)
    await rig.ann.types("/incident list")
    await rig.slack.until(
        lambda: any("No incident is open" in each.shown for each in rig.slack.private("ann"))
    )


async def test_an_incident_deleted_on_its_page_is_reported_anew_with_the_text(
    parts: dict[str, str], rig: Rig
) -> None:
    assert parts
    await opened(rig, "Mail")
    rig.vendor.delete_incident(only(rig).id)
    await rig.post("Update", UPDATE, Status="Monitoring")
    await rig.soon(lambda: letters(rig, "is no longer on"), "a letter")
    await rig.ann.clicks("Open the form again", message=letters(rig, "is no longer on")[0])
    form = await rig.ann.modal("Report an incident")
    assert (form.value("Incident name"), form.value("Message")) == (NAME, UPDATE)
    assert form.value("Affected components") == ["Mail"]
    assert form.value("Component status") == "Major outage"
    assert (await form.submit()).action == "update"
    await rig.receipts(2)
    assert (only(rig).name, only(rig).messages) == (NAME, [UPDATE])
    assert "Monitoring" in await parent_says(rig, "Monitoring")
    await rig.post("Resolve", LATER)
    await rig.receipts(3)
    assert only(rig).status is IncidentStatus.RESOLVED
    assert len(rig.parents()) == 1


async def test_what_followed_a_deleted_incident_is_told_too(rig: Rig) -> None:
    await opened(rig)
    rig.vendor.fail_next(429, headers={"Retry-After": "20"}, method="POST")
    await rig.post("Update", UPDATE)
    await parent_says(rig, "tried again")
    rig.vendor.delete_incident(only(rig).id)
    await rig.post("Resolve", LATER)
    await rig.soon(lambda: len(letters(rig, "is no longer on")) == 2, "both letters")
    assert await is_quiet(rig)


@asynccontextmanager
async def opened_everywhere(tmp_path: Path) -> AsyncIterator[Rig]:
    """A bot with a page of each vendor, and one incident on both."""
    async with (
        InstatusFake() as one,
        IncidentIoFake() as other,
        whole_bot([one, other], tmp_path) as rig,
    ):
        form = await rig.form()
        form.fill("Incident name", NAME)
        form.fill("Message", REPORT)
        await form.choose("Page", *[option.text for option in await form.options("Page")])
        assert (await form.submit()).action == "update"
        await rig.receipts(len(rig.vendors))
        yield rig


async def test_an_incident_deleted_on_every_page_is_over(tmp_path: Path) -> None:
    async with opened_everywhere(tmp_path) as rig:
        for vendor in rig.vendors:
            vendor.delete_incident(vendor.incidents()[0].id)
        await rig.post("Resolve", LATER)
        await parent_says(rig, "No longer public")
        await rig.all_done()
        assert len(letters(rig, "is no longer on")) == 2
        assert len(letters(rig, "It is on no page any more")) == 1
        assert await is_quiet(rig)


async def test_another_pages_resolve_still_goes_out(tmp_path: Path) -> None:
    async with opened_everywhere(tmp_path) as rig:
        one, other = rig.vendors
        one.delete_incident(one.incidents()[0].id)
        await rig.post("Update", UPDATE)
        await rig.receipts(3)
        await rig.all_done()
        [told] = letters(rig, "is no longer on Example Corp")
        assert "On its other pages it goes on as usual." in told.shown
        assert "Somebody deleted this incident" in await parent_says(rig, "Somebody deleted")
        await rig.post("Resolve", LATER)
        await rig.receipts(4)
        assert [each.messages for each in other.incidents()] == [[REPORT, UPDATE, LATER]]
        assert one.incidents() == []
        assert len(rig.slack.direct("ann")) == 1
        assert "Resolved" in await parent_says(rig, "Resolved")
        assert await is_quiet(rig)


async def test_a_page_that_only_says_so_has_lost_nothing(rig: Rig) -> None:
    await opened(rig)
    rig.vendor.fail_next(404, method="POST")
    await rig.post("Update", UPDATE)
    await rig.soon(lambda: letters(rig, "open the form, correct it"), "a letter")
    assert letters(rig, "is no longer on") == []
    await rig.post("Resolve", LATER)
    await rig.receipts(2)
    assert only(rig).messages == [REPORT, LATER]


async def test_instatus_in_trouble_has_lost_nothing(tmp_path: Path) -> None:
    async with InstatusFake() as vendor, whole_bot([vendor], tmp_path) as rig:
        await opened(rig)
        await rig.all_done()
        vendor.fail_next(500, times=3, method="GET", path="incidents")
        await rig.post("Update", UPDATE)
        await rig.soon(lambda: len(rig.replies()) == 2, "the receipt")
        assert vendor.incidents()[0].messages == [REPORT, UPDATE]
        assert letters(rig, "is no longer on") == []
