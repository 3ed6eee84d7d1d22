"""Who somebody is: asked of Slack before anything is published, and shown as Slack shows it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.playground import Message, Person
from bot.store import Tx
from bot.store.tables import audit
from tests.fakes.instatus import InstatusFake
from tests.whole.rig import Rig, one_page, staged

pytestmark = pytest.mark.anyio


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with one_page(tmp_path) as running:
        yield running


def outcomes(tx: Tx) -> list[tuple[str, str]]:
    query = select(audit.c.actor_id, audit.c.outcome).where(audit.c.action == "report")
    return [(actor, outcome) for actor, outcome in tx.execute(query)]


def newcomer(rig: Rig, name: str, **facts: object) -> Person:
    """Somebody of whom the bot has not asked yet."""
    rig.slack.workspace.add_person(name, **facts)
    return rig.slack.person(name)


async def refused(rig: Rig, person: Person) -> str:
    """Return how a command was refused."""
    assert (await person.types("/incident Checkout is down")).ok
    name = person.user.name
    [told] = await rig.slack.until(lambda: rig.slack.private(name), what="the refusal")
    assert rig.slack.calls("views.open") == []
    return told.shown


async def said(rig: Rig, name: str, count: int) -> Message:
    """Wait until somebody was told so many things privately, and return the last."""
    await rig.slack.until(lambda: len(rig.slack.private(name)) == count, what="an answer")
    return rig.slack.private(name)[-1]


async def publishes(rig: Rig, person: Person) -> None:
    form = await rig.form(person, f"{person.user.name} sees an outage")
    form.fill("Message", "Cards are refused.")
    assert (await form.submit()).action == "update"
    await form.close(everything=True)


@pytest.mark.parametrize("error", ["user_not_found", "user_not_visible", "missing_scope"])
async def test_who_slack_refuses_to_tell_publishes_nothing(rig: Rig, error: str) -> None:
    rig.slack.fail_next("users.info", error=error)
    told = await refused(rig, rig.ben)
    assert "Slack does not tell Foghorn who you are" in told
    assert "Every member of this workspace" in told


async def test_a_deactivated_account_publishes_nothing(rig: Rig) -> None:
    assert "Deactivated accounts" in await refused(rig, newcomer(rig, "dan", deleted=True))


async def test_who_could_not_be_verified_is_recorded_as_unverified(rig: Rig) -> None:
    rig.slack.fail_next("users.info", error="internal_error", status=503)
    rig.slack.hang("users.info")
    await publishes(rig, rig.ben)
    assert rig.slack.acks[-1].seconds < 6  # a call of Slack's may take ten
    await publishes(rig, rig.ann)
    await rig.all_done()
    kept = await rig.app.resources.database.read(outcomes)
    assert kept == [("U0BEN", "accepted, unverified"), ("U0ANN", "accepted")]


async def test_a_colleague_of_a_sister_workspace_publishes(rig: Rig) -> None:
    gil = newcomer(rig, "gil", team_id="T0009", grid_teams=("T0009", "T0001"))
    await publishes(rig, gil)
    hal = newcomer(rig, "hal", team_id="T0009", grid_teams=("T0009", "T0008"))
    await hal.types("/incident Checkout is down")
    told = await rig.slack.until(lambda: rig.slack.private("hal"), what="the refusal")
    assert "from another organisation" in told[0].shown


async def test_after_a_restart_a_form_is_judged_by_what_slack_says_now(tmp_path: Path) -> None:
    async with InstatusFake() as vendor, staged([vendor], tmp_path) as stage:
        async with stage.running() as rig:
            forms = [await rig.form(person) for person in (rig.ann, rig.ben)]
        due = (stage.clock.now() + timedelta(hours=2)).replace(minute=0)
        berlin = due.astimezone(ZoneInfo("Europe/Berlin"))
        for form, name in zip(forms, ("Mail is late", "Checkout is down"), strict=True):
            form.fill("Incident name", name)
            form.fill("Message", f"We look into it. Next update by {berlin:%H:%M}.")
        users = stage.slack.workspace.users
        users["U0BEN"] = replace(users["U0BEN"], is_restricted=True)
        async with stage.running() as rig:
            assert "Guests may not publish" in (await forms[1].submit()).errors["Message"]
            assert (await forms[0].submit()).action == "update"
            # Ann's clock is in Berlin, which only Slack knows.
            assert f"promised for {due:%H:%M} UTC" in forms[0].text
            await rig.all_done()
        assert [each.name for each in vendor.incidents()] == ["Mail is late"]


async def test_people_are_shown_by_the_name_that_slack_shows(rig: Rig) -> None:
    await publishes(rig, rig.ann)
    [receipt] = await rig.receipts(1)
    await rig.all_done()
    assert "posted by Ann Ahrens" in receipt.shown
    assert "Owner: Ann Ahrens" in rig.parents()[0].shown
    await rig.ben.clicks("Hand over", message=rig.parents()[0])
    form = await rig.ben.modal("Hand over")
    await form.choose("New owner", "ben")
    await form.submit()
    assert "You own" in form.text
    await rig.all_done()
    handed_over = "Ben Brook took this over, from Ann Ahrens."
    assert handed_over in rig.replies()[-1].shown
    assert "Owner: Ben Brook" in rig.parents()[0].shown


async def test_ownership_goes_only_to_somebody_who_can_act(rig: Rig) -> None:
    people = {
        "dan": ({"deleted": True, "real_name": "Dan Drew"}, "Dan Drew is deactivated in Slack"),
        "bot": ({"is_bot": True, "id": "U0PAG", "real_name": "Pager"}, "Pager is an app"),
        "foghorn": (None, "Foghorn is an app"),
        "gus": (None, "Gus Guest is a guest"),
        "zoe": (None, "Zoe Zander is from another organisation"),
        "nina": ({}, "Slack knows no such person"),
    }
    for name, (facts, _reason) in people.items():
        if facts is not None:
            rig.slack.workspace.add_person(name, **facts)
    await publishes(rig, rig.ann)
    await rig.all_done()
    await rig.ann.clicks("Hand over", message=rig.parents()[0])
    form = await rig.ann.modal("Hand over")
    for name, (_facts, reason) in people.items():
        await form.choose("New owner", name)
        if name == "nina":
            rig.slack.fail_next("users.info", error="user_not_found")
        errors = (await form.submit()).errors
        assert reason in errors["New owner"]
        assert "Choose somebody else." in errors["New owner"]
    assert "Owner: Ann Ahrens" in rig.parents()[0].shown
    await form.choose("New owner", "ben")
    assert (await form.submit()).action == "update"


async def test_who_may_not_publish_sees_no_button_that_would_be_refused(rig: Rig) -> None:
    await publishes(rig, rig.ann)
    await rig.schedule("Database move")
    await rig.all_done()
    commands = {
        "/statuspage": ("ann sees an outage", {"View page"}),
        "/incident list": ("ann sees an outage", {"View page"}),
        "/maintenance list": ("Database move", {"View page"}),
        "/incident update mail": ("No incident", set()),
        "/maintenance start mail": ("No maintenance", set()),
    }
    gus, zoe = rig.slack.person("gus"), rig.slack.person("zoe")
    for person, reason in ((gus, "Guests may not"), (zoe, "from another organisation")):
        name = person.user.name
        for number, (line, (shows, left)) in enumerate(commands.items(), start=1):
            await person.types(line)
            shown = await said(rig, name, number)
            assert shows in shown.shown
            assert (set(shown.buttons), shown.menu) == (left, [])
            assert reason in shown.shown
            assert "Every member of this workspace who is no guest may" in shown.shown
    await rig.ann.types("/statuspage")
    [shown] = await rig.slack.until(lambda: rig.slack.private("ann"), what="the dashboard")
    assert {"Update", "Resolve", "Report an incident"} <= set(shown.buttons)
    assert "may not" not in shown.shown


async def test_on_a_shared_message_the_refusal_says_who_may(rig: Rig) -> None:
    await publishes(rig, rig.ann)
    await rig.all_done()
    gus = rig.slack.person("gus")
    for number, button in enumerate(("Update", "Resolve", "Hand over", "Snooze"), start=1):
        await gus.clicks(button, message=rig.parents()[0])
        refusal = (await said(rig, "gus", number)).shown
        assert "Guests may not publish to the status page." in refusal
        assert "Every member of this workspace who is no guest may: ask one of them." in refusal
