"""Whatever arrives twice happens once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
from bot.playground import Modal
from tests.databases import new_schema
from tests.whole.rig import Rig, new_vendor, whole_bot

pytestmark = pytest.mark.anyio

NAME, REPORT, NEWS = "Checkout is down", "Cards are refused.", "Fixed."
PUBLISHING = "Your text is kept."


@pytest.fixture(
    params=[
        ("instatus", "http", "sqlite"),
        ("incidentio", "socket", "sqlite"),
        pytest.param(("incidentio", "http", "postgres"), marks=pytest.mark.postgres),
    ],
    ids=" ".join,
)
async def rig(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_url: str
) -> AsyncIterator[Rig]:
    provider, transport, database = request.param
    async with AsyncExitStack() as stack:
        vendor = await stack.enter_async_context(new_vendor(provider))
        for name in ("API", "Mail"):
            vendor.add_component(vendor.page_id, name)
        address = ""
        if database == "postgres":
            address = stack.enter_context(new_schema(postgres_url))
        yield await stack.enter_async_context(
            whole_bot([vendor], tmp_path, transport=transport, database=address)
        )


async def test_the_same_report_delivered_twice_at_once_is_one_incident(rig: Rig) -> None:
    form = await _report_form(rig)
    first, second = await form.submit(times=2)
    assert first.ack.body == second.ack.body
    assert PUBLISHING in form.text
    await _is_once(rig, REPORT)


async def test_a_second_click_while_the_first_is_in_hand_is_one_incident(rig: Rig) -> None:
    rig.vendor.slow(0.3)
    form = await _report_form(rig)
    clicks = await asyncio.gather(form.submit(), form.submit(), form.submit())
    assert {click.action for click in clicks} == {"update"}
    await _is_once(rig, REPORT)


async def test_the_same_body_ten_times_more_is_one_incident(rig: Rig) -> None:
    form = await _report_form(rig)
    await form.submit()
    acks = await rig.slack.replay(5)
    await _is_once(rig, REPORT)
    acks += await rig.slack.replay(5)
    assert [ack.trouble for ack in acks] == [None] * 10
    await _is_once(rig, REPORT)


async def test_the_second_step_delivered_twice_is_one_incident(rig: Rig) -> None:
    form = await _report_form(rig)
    await form.choose("Affected components", "API", "Mail")
    await form.choose("Component status", "Set each…")
    assert [each.action for each in await form.submit(times=2)] == ["push", "push"]
    step = await rig.ann.modal("Component status")
    await step.choose("Mail", "Major outage")
    await step.submit(times=2)
    await rig.slack.replay(3)
    await _is_once(rig, REPORT)
    shown = {ComponentStatus.DEGRADED, ComponentStatus.MAJOR_OUTAGE}
    assert set(rig.vendor.incidents()[0].components.values()) == shown


async def test_the_same_update_delivered_twice_at_once_is_one_update(rig: Rig) -> None:
    form = await _update_form(rig, "Update")
    await form.submit(times=2)
    await rig.slack.replay(8)
    await _is_once(rig, REPORT, NEWS)


async def test_two_clicks_on_resolve_resolve_once(rig: Rig) -> None:
    form = await _update_form(rig, "Resolve")
    rig.vendor.slow(0.3)
    clicks = await asyncio.gather(form.submit(), form.submit())
    assert {click.action for click in clicks} == {"update"}
    await _is_once(rig, REPORT, NEWS)
    assert rig.vendor.incidents()[0].status is IncidentStatus.RESOLVED


async def test_of_two_people_who_resolve_at_once_one_is_told_that_it_is_resolved(rig: Rig) -> None:
    form = await _update_form(rig, "Resolve")
    await rig.ben.clicks("Resolve")
    other = await rig.ben.modal("Post an update")
    other.fill("Message", NEWS)
    sent = await asyncio.gather(form.submit(), other.submit())
    assert sorted(each.action for each in sent) == ["errors", "update"]
    told = next(each.errors["Message"] for each in sent if each.errors)
    assert "This incident is resolved" in told
    await _is_once(rig, REPORT, NEWS)


async def test_two_clicks_on_a_form_opened_again_publish_once(rig: Rig) -> None:
    refusal = {"errors": [{"message": "Too vague", "source": {"field": "name"}}]}
    rig.vendor.fail_next(422, refusal, method="POST")
    await rig.report(NAME, REPORT)
    await rig.slack.until(lambda: rig.slack.direct("ann"), what="letter")
    await rig.ann.clicks("Open the form again")
    form = await rig.ann.modal("Report an incident")
    clicks = await asyncio.gather(form.submit(), form.submit())
    assert {click.action for click in clicks} == {"update"}
    await rig.all_done()
    assert [seen.messages for seen in rig.vendor.incidents()] == [[REPORT]]
    assert len(rig.parents()) == len(rig.replies()) == len(rig.vendor.notifications) == 1


async def test_two_people_who_report_the_same_are_two_incidents(rig: Rig) -> None:
    forms = [await _report_form(rig), await rig.form(rig.ben, NAME)]
    forms[1].fill("Message", REPORT)
    await asyncio.gather(*(form.submit() for form in forms))
    await rig.all_done()
    assert [seen.messages for seen in rig.vendor.incidents()] == [[REPORT], [REPORT]]
    assert [len(rig.slack.thread(parent)) for parent in rig.parents()] == [1, 1]


async def _report_form(rig: Rig) -> Modal:
    form = await rig.form(words=NAME)
    form.fill("Message", REPORT)
    return form


async def _update_form(rig: Rig, button: str) -> Modal:
    await rig.report(NAME, REPORT)
    await rig.receipts(1)
    await rig.ann.clicks(button)
    form = await rig.ann.modal("Post an update")
    form.fill("Message", NEWS)
    return form


async def _is_once(rig: Rig, *messages: str) -> None:
    """One incident with these messages, each told to subscribers once, in one thread."""
    await rig.all_done()
    (seen,) = rig.vendor.incidents()
    assert seen.messages == list(messages)
    assert [told.message for told in rig.vendor.notifications] == list(messages)
    (parent,) = rig.parents()
    assert len(rig.slack.thread(parent)) == len(messages)
    assert rig.slack.direct("ann") == []
    assert [ack.trouble for ack in rig.slack.acks if ack.trouble] == []
