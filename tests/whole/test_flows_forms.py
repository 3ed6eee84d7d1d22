"""What people type, open and choose, on the way to a page and back."""

import re
import unicodedata
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
from bot.playground import Message, Modal
from tests.fakes.incidentio import IncidentIoFake
from tests.fakes.instatus import InstatusFake
from tests.fakes.vendor import VendorFake
from tests.whole.rig import Rig, whole_bot

pytestmark = pytest.mark.anyio

DEGRADED, MAJOR = ComponentStatus.DEGRADED, ComponentStatus.MAJOR_OUTAGE
LABELS = [
    "Incident name",
    "Status",
    "Message",
    "Affected components",
    "Component status",
    "Notify subscribers",
    "Started at",
    "Next update in",
]


@pytest.fixture
async def vendor() -> AsyncIterator[VendorFake]:
    """One vendor: the forms do not know which it is."""
    async with InstatusFake() as running:
        yield running


async def test_the_form_opens_with_the_name_that_was_typed_and_the_usual_choices(rig: Rig) -> None:
    form = await rig.form(words="checkout & <search> are down")
    assert form.labels == LABELS
    assert form.submit_label == "Publish"
    assert form.value("Incident name") == "checkout & <search> are down"
    assert form.value("Status") == "Investigating"
    assert form.value("Component status") == "Degraded performance"
    assert form.value("Notify subscribers") == ["Tell the page's subscribers now"]
    assert form.value("Started at") is None


async def test_the_shortcut_opens_the_form_from_anywhere(rig: Rig) -> None:
    await rig.ann.uses_shortcut("report_incident")
    form = await rig.ann.modal("Report an incident")
    form.fill("Incident name", "Checkout is down")
    form.fill("Message", "Cards are refused.")
    await form.submit()
    await rig.slack.until(lambda: len(rig.slack.direct("ann")) >= 2, what="thread with ann")
    assert rig.vendor.incidents()[0].messages == ["Cards are refused."]


async def test_each_component_can_have_a_status_of_its_own(parts: dict[str, str], rig: Rig) -> None:
    step = await _second_step(rig)
    assert step.labels == ["API · Core", "Web · Core"]
    assert step.submit_label == "Publish"
    await step.choose("API · Core", "Major outage")
    assert (await step.submit()).action == "update"
    await rig.receipts(1)
    seen = await rig.incident("Checkout is down")
    assert seen.components == {parts["API"]: MAJOR, parts["Web"]: DEGRADED}


async def test_closing_the_outcome_of_the_second_step_closes_the_first_too(
    parts: dict[str, str], rig: Rig
) -> None:
    assert parts
    step = await _second_step(rig)
    await step.submit()
    await rig.slack.until(lambda: "*Published* on" in step.text, what="outcome")
    await step.close()
    assert not step.is_open


async def test_back_from_the_second_step_leads_to_the_first_as_it_was(
    parts: dict[str, str], rig: Rig
) -> None:
    step = await _second_step(rig)
    await step.close()
    form = await rig.ann.modal("Report an incident")
    assert form.value("Message") == "Cards are refused."
    assert form.value("Affected components") == ["API · Core", "Web · Core"]
    await form.choose("Component status", "Major outage")
    assert (await form.submit()).action == "update"
    await rig.receipts(1)
    (seen,) = rig.vendor.incidents()
    assert seen.components == {parts["API"]: MAJOR, parts["Web"]: MAJOR}


async def _second_step(rig: Rig) -> Modal:
    form = await rig.form(words="Checkout is down")
    form.fill("Message", "Cards are refused.")
    await form.choose("Affected components", "API · Core", "Web · Core")
    await form.choose("Component status", "Set each…")
    assert (await form.submit()).action == "push"
    return await rig.ann.modal("Component status")


async def test_an_update_can_set_each_component_too(parts: dict[str, str], rig: Rig) -> None:
    await rig.report("Checkout is down", "Cards are refused.", "API · Core", "Web · Core")
    await rig.receipts(1)
    await rig.ann.clicks("Update")
    form = await rig.ann.modal("Post an update")
    form.fill("Message", "Only the web is slow.")
    await form.choose("Component status", "Set each…")
    await form.submit()
    step = await rig.ann.modal("Component status")
    assert step.value("Web · Core") == "Degraded performance"
    await step.choose("API · Core", "Operational")
    await step.submit()
    await rig.receipts(2)
    assert rig.vendor.component_status(parts["API"]) is ComponentStatus.OPERATIONAL
    assert rig.vendor.component_status(parts["Web"]) is DEGRADED


async def test_what_a_page_refused_opens_again_filled_in(parts: dict[str, str], rig: Rig) -> None:
    refusal = {"errors": [{"message": "Too vague", "source": {"field": "name"}}]}
    rig.vendor.fail_next(422, refusal, method="POST")
    await rig.report("It is down", "Cards are refused.", "API · Core", status="Major outage")
    (letter,) = await rig.slack.until(lambda: rig.slack.direct("ann"), what="letter")
    assert "Too vague" in letter.shown
    await rig.ann.clicks("Open the form again", message=letter)
    form = await rig.ann.modal("Report an incident")
    assert form.value("Incident name") == "It is down"
    assert form.value("Message") == "Cards are refused."
    assert form.value("Affected components") == ["API · Core"]
    assert form.value("Component status") == "Major outage"
    form.fill("Incident name", "Checkout is down")
    await form.submit()
    await rig.receipts(1)
    assert [seen.components for seen in rig.named("Checkout is down")] == [{parts["API"]: MAJOR}]
    assert len(rig.vendor.incidents()) == len(rig.parents()) == 1
    assert "Checkout is down" in rig.parents()[0].shown


async def test_a_refused_update_opens_again_filled_in(parts: dict[str, str], rig: Rig) -> None:
    await rig.report("Checkout is down", "Cards are refused.", "API · Core")
    await rig.receipts(1)
    rig.vendor.fail_next(422, method="POST")
    await rig.post("Update", "Found it.", Status="Monitoring", Component_status="Partial outage")
    (letter,) = await rig.slack.until(lambda: rig.slack.direct("ann"), what="letter")
    assert "Your update (Monitoring) is not on Example Corp" in letter.shown
    await rig.ann.clicks("Open the form again", message=letter)
    form = await rig.ann.modal("Post an update")
    assert (form.value("Status"), form.value("Message")) == ("Monitoring", "Found it.")
    assert form.value("Component status") == "Partial outage"
    await form.submit()
    await rig.receipts(2)
    assert rig.vendor.incidents()[0].messages == ["Cards are refused.", "Found it."]
    assert rig.vendor.component_status(parts["API"]) is ComponentStatus.PARTIAL_OUTAGE


@pytest.mark.parametrize(("button", "status"), [("Update", "Identified"), ("Resolve", "Resolved")])
async def test_a_form_that_did_not_open_is_offered_again_as_it_was(
    rig: Rig, button: str, status: str
) -> None:
    await rig.report("Checkout is down", "Cards are refused.")
    await rig.receipts(1)
    rig.slack.fail_next("views.open", error="expired_trigger_id")
    await rig.ann.clicks(button, message=rig.parents()[-1])
    await rig.slack.until(lambda: rig.slack.private("ann"), what="what went wrong")
    await rig.ann.clicks("Open the form", message=rig.slack.private("ann")[-1])
    form = await rig.ann.modal("Post an update")
    assert form.value("Status") == status


@pytest.mark.parametrize("slow", [0, 0.6], ids=["published", "still on its way"])
async def test_a_form_that_somebody_overtook_undoes_nothing_and_keeps_its_text(
    parts: dict[str, str], rig: Rig, slow: float
) -> None:
    await rig.report("Checkout is down", "Cards are refused.", "API · Core")
    await rig.receipts(1)
    await rig.ann.clicks("Update", message=rig.parents()[-1])
    stale = await rig.ann.modal("Post an update")
    stale.fill("Message", "No news from me.")
    await stale.choose("Next update in", "1 hour")

    await rig.ben.clicks("Update", message=rig.parents()[-1])
    bens = await rig.ben.modal("Post an update")
    bens.fill("Message", "E-mail fails too.")
    await bens.choose("Status", "Monitoring")
    await bens.choose("Affected components", "API · Core", "Mail")
    await bens.choose("Component status", "Major outage")
    rig.vendor.slow(slow)
    await bens.submit()
    if not slow:
        await rig.receipts(2)

    assert (await stale.submit()).action == "push"
    rig.vendor.slow(0)
    fresh = await rig.ann.modal("Post an update")
    assert "Ben Brook posted an update meanwhile" in fresh.text
    assert fresh.value("Message") == "No news from me."
    assert fresh.value("Next update in") == "1 hour"
    assert fresh.value("Status") == "Monitoring"
    assert (await fresh.submit()).action == "update"
    await rig.receipts(3)
    [seen] = rig.vendor.incidents()
    assert seen.messages == ["Cards are refused.", "E-mail fails too.", "No news from me."]
    assert seen.components == {parts["API"]: MAJOR, parts["Mail"]: MAJOR}
    await fresh.close(everything=True)


async def test_words_about_an_open_incident_never_come_back_as_the_name_of_a_new_one(
    rig: Rig,
) -> None:
    await rig.report("Checkout is down", "Cards are refused.")
    await rig.receipts(1)
    rig.slack.fail_next("views.open", error="expired_trigger_id")
    await rig.ann.types("/incident resolve checkout")
    await rig.slack.until(lambda: rig.slack.private("ann"), what="what went wrong")
    assert rig.slack.private("ann")[-1].buttons == []


async def test_a_form_can_be_opened_again_and_sent_only_once(rig: Rig) -> None:
    refusal = {"errors": [{"message": "Too vague", "source": {"field": "name"}}]}
    rig.vendor.fail_next(422, refusal, method="POST")
    await rig.report("Checkout is down", "Cards are refused.")
    (letter,) = await rig.slack.until(lambda: rig.slack.direct("ann"), what="letter")
    await rig.ann.clicks("Open the form again", message=letter)
    form = await rig.ann.modal("Report an incident")
    assert (await form.submit()).action == "update"
    await rig.receipts(1)
    await rig.ann.clicks("Open the form again", message=letter)
    told = await rig.slack.until(lambda: rig.slack.private("ann"), what="answer")
    assert "corrected and sent this already" in told[-1].shown
    assert len(rig.vendor.incidents()) == 1


async def test_the_list_shows_what_is_open_with_its_buttons(rig: Rig) -> None:
    await rig.report("Checkout is down", "Cards are refused.")
    await rig.receipts(1)
    await rig.ann.types("/incident list")
    (listed,) = await rig.slack.until(lambda: rig.slack.private("ann"), what="list")
    assert "*Checkout is down* · Investigating" in listed.shown
    assert listed.buttons == ["Update", "Resolve", "View page"]
    assert listed.menu == ["Hand over", "Snooze"]
    await rig.ann.clicks("Resolve", message=listed)
    assert (await rig.ann.modal("Post an update")).value("Status") == "Resolved"


async def test_an_empty_list_says_so(rig: Rig) -> None:
    await rig.ann.types("/incident list")
    (told,) = await rig.slack.until(lambda: rig.slack.private("ann"), what="list")
    assert "No incident is open" in told.shown


async def test_help_names_every_command(rig: Rig) -> None:
    await rig.ann.types("/incident Help")
    (told,) = await rig.slack.until(lambda: rig.slack.private("ann"), what="help")
    for line in ("[name]", "list", "update [words]", "resolve [words]"):
        assert f"/incident {line}" in told.shown


@pytest.mark.parametrize(
    ("typed", "status", "button"),
    [
        ("update", "Identified", "Publish"),
        ("update CHECKOUT down", "Identified", "Publish"),
        ("Update checkout", "Identified", "Publish"),
        ("resolve checkout", "Resolved", "Resolve"),
        ("update\tcheckout", "Identified", "Publish"),
        ("resolve\ncheckout", "Resolved", "Resolve"),
        ("update “Checkout is down”", "Identified", "Publish"),
        ("update 'checkout' \"DOWN\"", "Identified", "Publish"),
    ],
)
async def test_words_pick_the_incident(rig: Rig, typed: str, status: str, button: str) -> None:
    await rig.report("Checkout is down", "Cards are **refused**.")
    await rig.receipts(1)
    await rig.ann.types(f"/incident {typed}")
    form = await rig.ann.modal("Post an update")
    assert (form.value("Status"), form.submit_label) == (status, button)
    assert "Checkout is down" in form.text
    assert "> Cards are *refused*." in form.text
    assert form.value("Message") is None


async def test_letters_in_two_pieces_are_the_same_letters(rig: Rig) -> None:
    composed, pieces = "Zürich", unicodedata.normalize("NFD", "Zürich")
    await rig.report(f"{pieces} is slow", f"{pieces} takes long.")
    await rig.receipts(1)
    for typed in (composed, pieces, f"„{composed.upper()}“"):
        await rig.ann.types(f"/incident\tupdate {typed}")
        form = await rig.ann.modal("Post an update")
        assert f"{pieces} is slow" in form.text
        await form.close()


async def test_words_that_nothing_matches_can_become_a_report(rig: Rig) -> None:
    await rig.ann.types("/incident update checkout")
    (told,) = await rig.slack.until(lambda: rig.slack.private("ann"), what="answer")
    assert "No incident with “checkout” in its name is open" in told.shown
    await rig.ann.clicks("Report an incident", message=told)
    form = await rig.ann.modal("Report an incident")
    assert form.value("Incident name") == "update checkout"


@pytest.mark.parametrize(
    ("typed", "question", "button"),
    [
        ("update", "Which incident has news?", "Publish"),
        ("resolve is", "Which incident is resolved?", "Resolve"),
    ],
)
async def test_several_matches_open_a_picker(
    rig: Rig, typed: str, question: str, button: str
) -> None:
    await _two_incidents(rig)
    await rig.ann.types(f"/incident {typed}")
    picker = await rig.ann.modal("Choose an incident")
    assert [option.text for option in await picker.options(question)] == [
        "Search is slow",
        "Checkout is down",
    ]
    await picker.choose(question, "Checkout is down")
    assert (await picker.submit()).action == "update"
    form = await rig.ann.modal("Post an update")
    assert form.submit_label == button
    form.fill("Message", "News.")
    assert (await form.submit()).action == "update"
    await rig.receipts(2, rig.parents()[0])
    assert rig.named("Checkout is down")[0].messages[1:] == ["News."]
    assert len(rig.named("Search is slow")[0].messages) == 1


async def _two_incidents(rig: Rig) -> None:
    for number, name in enumerate(("Checkout is down", "Search is slow"), start=1):
        await rig.report(name, "We look into it.")
        await rig.slack.until(partial(_are, rig, number), what="parent")
        await rig.receipts(1)


def _are(rig: Rig, parents: int) -> bool:
    return len(rig.parents()) == parents


async def test_the_preview_shows_what_customers_will_see_and_leads_back(rig: Rig) -> None:
    form = await rig.form(words="Checkout is down")
    form.fill("Message", "Cards are **refused**.\n\n* all of them")
    await form.click("Preview")
    preview = await rig.ann.modal("Preview")
    assert "Checkout is down\n*Investigating*" in preview.text
    assert "> Cards are *refused*." in preview.text
    assert "> • all of them" in preview.text
    await preview.close()
    form = await rig.ann.modal("Report an incident")
    assert form.value("Message") == "Cards are **refused**.\n\n* all of them"
    assert rig.vendor.incidents() == []


async def test_the_button_says_what_it_does(rig: Rig) -> None:
    await rig.report("Checkout is down", "Cards are refused.")
    await rig.receipts(1)
    await rig.ann.clicks("Update")
    form = await rig.ann.modal("Post an update")
    form.fill("Message", "Fixed.")
    await form.choose("Status", "Resolved")
    await rig.slack.until(lambda: form.submit_label == "Resolve", what="label Resolve")
    await form.choose("Status", "Monitoring")
    await rig.slack.until(lambda: form.submit_label == "Publish", what="label Publish")
    assert form.value("Message") == "Fixed."


async def test_who_does_not_notify_notifies_nobody_and_is_remembered(rig: Rig) -> None:
    form = await rig.form(words="Checkout is down")
    form.fill("Message", "Cards are refused.")
    await form.tick("Notify subscribers", on=False)
    await form.submit()
    (receipt,) = await rig.receipts(1)
    assert "· subscribers not notified" in receipt.shown
    assert rig.vendor.notifications == []
    await form.close()
    await rig.ann.clicks("Update")
    form = await rig.ann.modal("Post an update")
    assert form.value("Notify subscribers") == []
    form.fill("Message", "Found it.")
    await form.tick("Notify subscribers")
    await form.submit()
    assert "· subscribers notified" in (await rig.receipts(2))[-1].shown
    assert [told.message for told in rig.vendor.notifications] == ["Found it."]


async def test_an_incident_can_have_started_earlier(tmp_path: Path) -> None:
    async with InstatusFake() as vendor, whole_bot([vendor], tmp_path) as rig:
        started = vendor.now().replace(second=0, microsecond=0) - timedelta(hours=3)
        form = await rig.form(words="Checkout is down")
        form.fill("Message", "Cards are refused.")
        await form.pick("Started at", started)
        await form.submit()
        await rig.receipts(1)
        assert vendor.incidents()[0].started == started


async def test_a_page_that_cannot_backdate_says_so_in_the_form(tmp_path: Path) -> None:
    async with IncidentIoFake() as vendor, whole_bot([vendor], tmp_path) as rig:
        form = await rig.form()
        assert "Northwind: always shows the time of publishing." in form.text


async def test_every_bad_field_is_named_and_the_text_stays(rig: Rig) -> None:
    form = await rig.form(words=" ")
    form.fill("Incident name", "  ")
    form.fill("Message", " \n ")
    await form.pick("Started at", datetime(2099, 1, 1, tzinfo=UTC))
    result = await form.submit()
    assert result.action == "errors"
    assert set(result.errors) == {"Incident name", "Message", "Started at"}
    form.fill("Incident name", "Checkout is down")
    form.fill("Message", "Cards are refused.")
    await form.pick("Started at", None)
    assert (await form.submit()).action == "update"
    await rig.receipts(1)


@pytest.mark.parametrize(
    ("promise", "minutes"),
    [
        ("2 hours", 120),
        ("As usual for this status", 60),
        ("As the message says, else as usual", 25),
    ],
)
async def test_the_parent_says_when_the_next_update_is_due(
    rig: Rig, promise: str, minutes: int
) -> None:
    text = "Cards are refused. Next update in 25 minutes."
    await rig.report("Checkout is down", text, Next_update_in=promise)
    await rig.receipts(1)
    last, due = dates(rig.parents()[0])
    assert due - last == timedelta(minutes=minutes)


async def test_a_resolved_incident_cannot_be_updated(rig: Rig) -> None:
    await rig.report("Checkout is down", "Cards are refused.")
    await rig.receipts(1)
    await rig.ann.clicks("Update")
    late = await rig.ann.modal("Post an update")
    late.fill("Message", "Found it.")
    await rig.ben.clicks("Resolve")
    form = await rig.ben.modal("Post an update")
    form.fill("Message", "Fixed.")
    await form.submit()
    await rig.receipts(2)
    result = await late.submit()
    assert "This incident is resolved" in result.errors["Message"]
    assert rig.vendor.incidents()[0].status is IncidentStatus.RESOLVED
    assert rig.vendor.incidents()[0].messages == ["Cards are refused.", "Fixed."]


def dates(message: Message) -> list[datetime]:
    stamps = re.findall(r"<!date\^(\d+)\^", str(message.blocks))
    return [datetime.fromtimestamp(int(stamp), UTC) for stamp in stamps]
