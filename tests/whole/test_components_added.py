"""Components that an update adds, and what resolving does to all of them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.domain.pages import ComponentStatus
from tests.fakes.instatus import InstatusFake
from tests.fakes.vendor import VendorFake
from tests.whole.rig import Rig

pytestmark = pytest.mark.anyio

MAJOR, OPERATIONAL = ComponentStatus.MAJOR_OUTAGE, ComponentStatus.OPERATIONAL


@pytest.fixture
async def vendor() -> AsyncIterator[VendorFake]:
    """One vendor: the forms do not know which it is."""
    async with InstatusFake() as running:
        yield running


async def test_a_component_added_as_on_the_page_now_is_asked_about(
    parts: dict[str, str], rig: Rig
) -> None:
    await rig.report("Checkout is down", "Cards fail.", "API · Core", status="Major outage")
    await rig.receipts(1)
    await rig.ann.clicks("Update")
    form = await rig.ann.modal("Post an update")
    form.fill("Message", "Mail, too?")
    await form.choose("Affected components", "API · Core", "Mail", "Web · Core")
    assert form.value("Component status") == "As on the page now"
    asked = (await form.submit()).errors["Component status"]
    assert asked.startswith("New in this incident: “Web”, “Mail”. Choose one status for all")
    assert len(rig.vendor.incidents()[0].messages) == 1
    await form.choose("Component status", "Set each…")
    assert (await form.submit()).action == "push"
    step = await rig.ann.modal("Component status")
    assert step.value("API · Core") == "Major outage"
    await step.choose("Web · Core", "Operational")
    await step.choose("Mail", "Partial outage")
    await step.submit()
    await rig.receipts(2)
    seen = await rig.incident("Checkout is down")
    assert seen.components[parts["API"]] is MAJOR
    assert rig.vendor.component_status(parts["Web"]) is OPERATIONAL
    assert rig.vendor.component_status(parts["Mail"]) is ComponentStatus.PARTIAL_OUTAGE


async def test_the_form_that_resolves_says_what_that_does_and_promises_nothing(
    parts: dict[str, str], rig: Rig
) -> None:
    assert parts
    await rig.report("Checkout is down", "Cards fail.", "API · Core", status="Major outage")
    await rig.receipts(1)
    await rig.ann.clicks("Resolve")
    form = await rig.ann.modal("Post an update")
    usual = ["Status", "Message", "Affected components", "Notify subscribers"]
    assert form.labels == usual
    assert "operational again, except those that another incident or a maintenance" in form.text
    await form.choose("Status", "Monitoring")
    await rig.slack.until(lambda: "Next update in" in form.labels, what="the next update")
    assert form.labels == [*usual[:3], "Component status", usual[3], "Next update in"]
    assert form.value("Component status") == "As on the page now"
    assert "operational again" not in form.text
    form.fill("Message", "Better.")
    await form.choose("Status", "Resolved")
    await rig.slack.until(lambda: form.labels == usual, what="the form that resolves")
    assert form.value("Message") == "Better."
    assert (await form.submit()).action == "update"
    await rig.receipts(2)
    assert rig.vendor.component_status(parts["API"]) is OPERATIONAL


async def test_the_step_before_set_each_is_named_next(parts: dict[str, str], rig: Rig) -> None:
    assert parts
    form = await rig.form(words="Checkout is down")
    await form.choose("Component status", "Set each…")
    await rig.slack.until(lambda: form.submit_label == "Next", what="label Next")
    form.fill("Message", "Cards fail.")
    missing = (await form.submit()).errors
    assert set(missing) == {"Affected components"}
    await form.choose("Component status", "Major outage")
    await rig.slack.until(lambda: form.submit_label == "Publish", what="label Publish")
    await form.choose("Affected components", "API · Core")
    assert (await form.submit()).action == "update"
    await rig.receipts(1)
    await form.close()
    await rig.ann.clicks("Update")
    update = await rig.ann.modal("Post an update")
    await update.choose("Component status", "Set each…")
    await rig.slack.until(lambda: update.submit_label == "Next", what="label Next")
    await update.choose("Status", "Resolved")
    await rig.slack.until(lambda: update.submit_label == "Resolve", what="label Resolve")


async def test_the_sentence_that_resolves_is_offered_and_not_typed_in(rig: Rig) -> None:
    await rig.report("Checkout is down", "Cards fail.")
    await rig.receipts(1)
    sentence = "This incident has been resolved."
    await rig.ann.clicks("Resolve")
    form = await rig.ann.modal("Post an update")
    assert form.value("Message") is None
    await form.click(f"Say “{sentence}”")
    await rig.slack.until(lambda: form.value("Message") == sentence, what="the sentence")
    form.fill("Message", "Cards work again.")
    await form.click(f"Say “{sentence}”")
    both = f"Cards work again.\n\n{sentence}"
    await rig.slack.until(lambda: form.value("Message") == both, what="both")
    await form.choose("Status", "Monitoring")
    await rig.slack.until(lambda: sentence not in form.text, what="no sentence")
    form.fill("Message", " ")
    assert set((await form.submit()).errors) == {"Message"}
    form.fill("Message", both)
    await form.choose("Status", "Resolved")
    await rig.slack.until(lambda: form.submit_label == "Resolve", what="the form that resolves")
    assert (await form.submit()).action == "update"
    await rig.receipts(2)
    assert rig.vendor.incidents()[0].messages == ["Cards fail.", both]


def focus(view: dict[str, Any]) -> list[str]:
    return [
        block["label"]["text"]
        for block in view["blocks"]
        if block.get("element", {}).get("focus_on_load")
    ]


async def test_one_types_into_the_first_empty_field_that_must_be_filled(rig: Rig) -> None:
    form = await rig.form()
    assert focus(form.view) == ["Incident name"]
    await form.close()
    form = await rig.form(words="Checkout is down")
    assert focus(form.view) == ["Message"]
    form.fill("Message", "Cards fail.")
    await form.submit()
    await rig.receipts(1)
    await form.close()
    await rig.ann.clicks("Update")
    form = await rig.ann.modal("Post an update")
    assert focus(form.view) == ["Message"]
    await form.choose("Status", "Resolved")
    await rig.slack.until(lambda: form.submit_label == "Resolve", what="label Resolve")
    assert focus(form.view) == []
    await form.close()
    await rig.ann.types("/maintenance Database upgrade")
    assert focus((await rig.ann.modal("Schedule maintenance")).view) == ["Message"]
