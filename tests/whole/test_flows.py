import json
import re
from pathlib import Path

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
from bot.playground import Message
from tests.fakes.incidentio import IncidentIoFake
from tests.fakes.instatus import InstatusFake
from tests.fakes.vendor import Notification, VendorFake
from tests.whole.rig import Rig, whole_bot

pytestmark = pytest.mark.anyio

OPERATIONAL, DEGRADED = ComponentStatus.OPERATIONAL, ComponentStatus.DEGRADED
PARTIAL, MAJOR = ComponentStatus.PARTIAL_OUTAGE, ComponentStatus.MAJOR_OUTAGE
MESSAGE = "Cards are **refused** since 14:02.\n\n- we look into it"
PAGE_URLS = {
    "instatus": "https://examplecorp.instatus.com/incident/",
    "incidentio": "https://status.northwind.example/incidents/",
}


async def test_an_incident_goes_to_the_page_and_back(
    vendor: VendorFake, transport: str, parts: dict[str, str], tmp_path: Path
) -> None:
    others = {parts["Web"]: PARTIAL, parts["Mail"]: DEGRADED}
    vendor.open_incident(vendor.page_id, "Slow queries", impacts=others)
    vendor.notifications.clear()
    async with whole_bot([vendor], tmp_path, transport=transport) as rig:
        await _report(rig, parts)
        await _update(rig, parts)
        await _resolve(rig, parts)
        assert rig.refused() == []
    written = json.dumps([each.body for each in vendor.requests])
    assert parts["API"] in written
    assert parts["Mail"] not in written
    assert vendor.refusals == []


async def _report(rig: Rig, parts: dict[str, str]) -> None:
    name = "Checkout is down"
    await rig.report(name, MESSAGE, "API · Core", "Web · Core", status="Major outage")
    (receipt,) = await rig.receipts(1)
    (seen,) = rig.named(name)
    assert (seen.status, seen.messages) == (IncidentStatus.INVESTIGATING, [MESSAGE])
    assert seen.components == {parts["API"]: MAJOR, parts["Web"]: MAJOR}
    assert rig.vendor.notifications == [
        Notification(rig.vendor.page_id, seen.id, name, IncidentStatus.INVESTIGATING, MESSAGE)
    ]
    (parent,) = rig.parents()
    assert parent.buttons == ["Update", "Resolve", "View page"]
    assert parent.menu == ["Hand over", "Snooze"]
    _shows(parent, name, "*Investigating*", "API: *Major outage*", "next due", "Owner: Ann Ahrens")
    _shows(receipt, "*Investigating* · posted by Ann Ahrens", "> Cards are *refused* since 14:02.")
    _shows(receipt, "API: *Major outage*", "read back from the page", "· subscribers notified")
    assert PAGE_URLS[rig.vendor.provider] + seen.id in links(receipt)


async def _update(rig: Rig, parts: dict[str, str]) -> None:
    await rig.post("Update", "A fix is live.", Status="Monitoring")
    _first, receipt = await rig.receipts(2)
    (seen,) = rig.named("Checkout is down")
    assert (seen.status, seen.messages) == (IncidentStatus.MONITORING, [MESSAGE, "A fix is live."])
    assert seen.components == {parts["API"]: MAJOR, parts["Web"]: MAJOR}
    _shows(
        receipt, "*Monitoring* · posted by Ann Ahrens", "> A fix is live.", "API: *Major outage*"
    )
    assert not receipt.broadcast
    await rig.slack.until(lambda: "*Monitoring*" in rig.parents()[0].shown, what="new status")


async def _resolve(rig: Rig, parts: dict[str, str]) -> None:
    await rig.post("Resolve", "Fixed.")
    receipt = (await rig.receipts(3))[-1]
    (seen,) = rig.named("Checkout is down")
    assert (seen.status, seen.messages[2:]) == (IncidentStatus.RESOLVED, ["Fixed."])
    statuses = {name: rig.vendor.component_status(id_) for name, id_ in parts.items()}
    assert statuses == {"API": OPERATIONAL, "Web": PARTIAL, "Mail": DEGRADED}
    assert len(rig.vendor.notifications) == 3
    _shows(receipt, "*Resolved* · posted by Ann Ahrens", "API: *Operational*")
    _shows(receipt, "Web: *Partial outage* (held by “Slow queries”)")
    assert receipt.broadcast
    parent = rig.parents()[0]
    await rig.slack.until(lambda: rig.parents()[0].buttons == ["View page"], what="buttons gone")
    _shows(rig.slack.message(parent), "*Resolved*")


async def test_a_second_incident_of_ours_holds_a_component_down(
    parts: dict[str, str], rig: Rig
) -> None:
    await rig.report("Errors", "Half of the calls fail.", "API · Core", status="Major outage")
    await rig.receipts(1)
    await rig.report("Delays", "Calls are slow.", "API · Core")
    await rig.slack.until(lambda: len(rig.parents()) == 2, what="second parent")
    (delays,) = await rig.receipts(1)
    _shows(delays, "API: *Major outage* (held by “Errors”)")
    await rig.post("Resolve", "No more errors.", parent=rig.parents()[0])
    receipt = (await rig.receipts(2, rig.parents()[0]))[-1]
    _shows(receipt, "API: *Degraded performance* (held by “Delays”)")
    assert rig.vendor.component_status(parts["API"]) is DEGRADED
    await rig.post("Resolve", "No more delays.")
    await rig.receipts(2)
    assert rig.vendor.component_status(parts["API"]) is OPERATIONAL


async def test_an_incident_opened_meanwhile_in_the_dashboard_holds_a_component_down(
    parts: dict[str, str], rig: Rig
) -> None:
    await rig.report("Errors", "Half of the calls fail.", "API · Core", "Web · Core")
    await rig.receipts(1)
    page = rig.vendor.page_id
    rig.vendor.open_incident(page, "Power is out", impacts={parts["API"]: MAJOR})
    await rig.post("Resolve", "No more errors.")
    receipt = (await rig.receipts(2))[-1]
    _shows(receipt, "API: *Major outage* (held by “Power is out”)", "Web: *Operational*")
    assert rig.vendor.component_status(parts["API"]) is MAJOR
    assert rig.vendor.component_status(parts["Web"]) is OPERATIONAL


async def test_a_running_maintenance_holds_a_component_down(
    parts: dict[str, str], rig: Rig
) -> None:
    rig.vendor.start_maintenance(rig.vendor.page_id, "Bigger disks", [parts["API"]])
    await rig.report("Errors", "Half of the calls fail.", "API · Core", status="Partial outage")
    await rig.receipts(1)
    assert rig.vendor.component_status(parts["API"]) is PARTIAL
    await rig.post("Resolve", "No more errors.")
    receipt = (await rig.receipts(2))[-1]
    _shows(receipt, "API: *Under maintenance* (held by “Bigger disks”)")
    assert rig.vendor.component_status(parts["API"]) is ComponentStatus.UNDER_MAINTENANCE


async def test_a_component_taken_out_in_an_update_is_operational_again(
    parts: dict[str, str], rig: Rig
) -> None:
    await rig.report("Errors", "Half of the calls fail.", "API · Core", "Web · Core")
    await rig.receipts(1)
    await rig.post("Update", "Only the web is slow.", Affected_components="Web · Core")
    receipt = (await rig.receipts(2))[-1]
    _shows(receipt, "API: *Operational*", "Web: *Degraded performance*")
    assert rig.vendor.component_status(parts["API"]) is OPERATIONAL
    assert rig.vendor.component_status(parts["Web"]) is DEGRADED
    await rig.slack.until(lambda: "API" not in rig.parents()[0].shown, what="parent without it")


async def test_an_update_can_make_a_component_worse(parts: dict[str, str], rig: Rig) -> None:
    await rig.report("Errors", "Half of the calls fail.", "API · Core")
    await rig.receipts(1)
    await rig.post("Update", "All of the calls fail.", Component_status="Major outage")
    _shows((await rig.receipts(2))[-1], "API: *Major outage*")
    assert rig.vendor.component_status(parts["API"]) is MAJOR


async def test_components_are_shown_in_the_order_of_the_page(
    parts: dict[str, str], rig: Rig
) -> None:
    assert parts
    await rig.report("Errors", "All is slow.", "Mail", "Web · Core", "API · Core")
    (receipt,) = await rig.receipts(1)
    for message in (receipt, rig.parents()[0]):
        assert re.findall(r"• (\w+):", message.shown) == ["API", "Web", "Mail"]


async def test_name_and_message_alone_are_enough(rig: Rig) -> None:
    await rig.report("Checkout is down", MESSAGE)
    (receipt,) = await rig.receipts(1)
    (seen,) = rig.vendor.incidents()
    assert (seen.name, seen.messages, dict(seen.components)) == ("Checkout is down", [MESSAGE], {})
    _shows(receipt, "*Investigating* · posted by Ann Ahrens", "subscribers notified")


async def test_an_incident_renamed_on_the_page_shows_as_a_difference(rig: Rig) -> None:
    await rig.report("Checkout is down", MESSAGE)
    await rig.receipts(1)
    rig.vendor.rename_incident(rig.vendor.incidents()[0].id, "Payments are down")
    await rig.post("Update", "Found it.")
    receipt = (await rig.receipts(2))[-1]
    _shows(receipt, "*The page differs:*", "“Payments are down”, not “Checkout is down”")


async def test_a_page_with_too_many_subscribers_is_published_without_notifying(
    tmp_path: Path,
) -> None:
    async with IncidentIoFake() as vendor, whole_bot([vendor], tmp_path) as rig:
        vendor.add_subscribers(1000)
        await rig.report("Checkout is down", MESSAGE)
        await rig.receipts(1)
        await rig.post("Resolve", "Fixed.")
        for receipt in await rig.receipts(2):
            _shows(receipt, "· subscribers not notified", "more than 1,000 subscribers")
        assert vendor.notifications == []
        assert rig.vendor.incidents()[0].messages == [MESSAGE, "Fixed."]


async def test_two_pages_each_have_their_own_outcome_and_receipt(tmp_path: Path) -> None:
    async with InstatusFake() as one, IncidentIoFake() as two:
        api, web = one.add_component(one.page_id, "API"), two.add_component(two.page_id, "Web")
        async with whole_bot([one, two], tmp_path) as rig:
            await _report_on_both(rig)
            receipts = await rig.receipts(2)
        assert [seen.components for seen in one.incidents()] == [{api: PARTIAL}]
        assert [seen.components for seen in two.incidents()] == [{web: PARTIAL}]
        assert [seen.messages for seen in one.incidents() + two.incidents()] == [[MESSAGE]] * 2
        assert len(rig.parents()) == 1
        assert sorted("API" in receipt.shown for receipt in receipts) == [False, True]
        assert sorted("Northwind" in receipt.shown for receipt in receipts) == [False, True]


async def test_the_channel_hears_once_that_an_incident_on_two_pages_is_resolved(
    tmp_path: Path,
) -> None:
    async with InstatusFake() as one, IncidentIoFake() as two:
        one.add_component(one.page_id, "API")
        two.add_component(two.page_id, "Web")
        async with whole_bot([one, two], tmp_path) as rig:
            await _report_on_both(rig)
            await rig.receipts(2)
            await rig.post("Resolve", "Fixed.")
            receipts = await rig.receipts(4)
        assert sum(receipt.broadcast for receipt in receipts) == 1


async def _report_on_both(rig: Rig) -> None:
    form = await rig.form(words="Checkout is down")
    assert form.value("Page") == ["Example Corp"]
    await form.choose("Page", "Example Corp", "Northwind")
    form.fill("Message", MESSAGE)
    await form.choose("Affected components", "API · Example Corp", "Web · Northwind")
    await form.choose("Component status", "Partial outage")
    await form.submit()
    lines = ("*Published* on Example Corp", "*Published* on Northwind")
    await rig.slack.until(lambda: all(line in form.text for line in lines), what="two outcomes")
    links = {"View page: Example Corp", "View page: Northwind"}
    await rig.slack.until(lambda: links <= set(rig.parents()[0].buttons), what="two links")


async def test_a_page_that_refuses_does_not_keep_the_other_from_having_it(tmp_path: Path) -> None:
    async with (
        InstatusFake() as one,
        IncidentIoFake() as two,
        whole_bot([one, two], tmp_path) as rig,
    ):
        one.fail_next(422, method="POST")
        form = await rig.form(words="Checkout is down")
        await form.choose("Page", "Example Corp", "Northwind")
        form.fill("Message", MESSAGE)
        await form.submit()
        lines = ("*Not published* on Example Corp", "*Published* on Northwind")
        await rig.slack.until(lambda: all(line in form.text for line in lines), what="outcomes")
        (letter,) = await rig.slack.until(lambda: rig.slack.direct("ann"), what="letter")
        _shows(letter, "“Checkout is down” is not on Example Corp")
        assert (len(one.incidents()), len(two.incidents())) == (0, 1)
        await rig.ann.clicks("Open the form again", message=letter)
        form = await rig.ann.modal("Report an incident")
        assert form.value("Page") == ["Example Corp"]
        await form.submit()
        await rig.receipts(2)
        assert (len(one.incidents()), len(two.incidents())) == (1, 1)


def links(message: Message) -> set[str]:
    return set(re.findall(r"<(https?://[^|>]+)[|>]", json.dumps(message.blocks)))


def _shows(message: Message, *texts: str) -> None:
    missing = [text for text in texts if text not in message.shown]
    assert missing == [], message.shown
