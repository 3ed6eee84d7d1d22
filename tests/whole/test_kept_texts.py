"""What is not published comes back whole: text and button, in every message that says so."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.submissions import IncidentFields, Person, ReportForm, Submission
from bot.playground import Message
from tests.whole.rig import Rig, one_page
from tests.whole.works import open_works, sent

pytestmark = pytest.mark.anyio

NAME, TEXT = "Checkout is down", "Cards & <vouchers>\n\n* are `refused` @here <!channel>."
LATER = "The *bank* mends it: https://bank.example/?a=1&b=2"
REOPEN = "Open the form again"
REFUSED = {"errors": [{"message": "No colons, please", "source": {"field": "name"}}]}


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    """One vendor: texts do not know which it is."""
    async with one_page(tmp_path, timing={"lease": "60m"}) as running:
        yield running


async def letter(rig: Rig, words: str) -> Message:
    """Wait for a direct message to ann with these words."""
    return (await rig.letters("ann", words))[-1]


@pytest.mark.parametrize("status", [401, 403, 422])
async def test_a_refused_report_and_a_refused_update_come_back_with_text_and_button(
    rig: Rig, status: int
) -> None:
    rig.vendor.fail_next(status, REFUSED, method="POST")
    await rig.report(NAME, TEXT)
    told = await letter(rig, f"“{NAME}” is not on")
    assert TEXT in told.shown
    assert told.buttons == [REOPEN]
    assert told.pings == set()
    await rig.ann.clicks(REOPEN, message=told)
    await (await rig.ann.modal("Report an incident")).submit()
    await rig.receipts(1)
    rig.vendor.fail_next(status, REFUSED, method="POST")
    await rig.post("Update", LATER)
    told = await letter(rig, "Your update (")
    assert LATER in told.shown
    assert told.buttons == [REOPEN]


async def test_what_waits_or_is_unknown_or_left_alone_shows_its_text(rig: Rig) -> None:
    await rig.report(NAME, TEXT)
    await rig.receipts(1)
    rig.vendor.fail_next(429, headers={"Retry-After": "20"}, method="POST")
    rig.vendor.cut_next()
    await rig.post("Update", LATER)
    assert LATER in (await letter(rig, "is not on")).shown
    await rig.soon(lambda: "It is not sent twice." in rig.parents()[0].shown, "the doubt")
    rig.vendor.fail_next(401, times=2, method="GET")
    asked = await letter(rig, "Look at the page, then choose.")
    assert LATER in asked.shown
    await rig.ann.clicks("Leave it", message=asked)
    told = await letter(rig, "is left as it is")
    assert LATER in told.shown
    assert REOPEN in told.buttons


async def test_what_followed_on_something_refused_or_deleted_shows_its_text(rig: Rig) -> None:
    rig.vendor.fail_next(429, headers={"Retry-After": "20"}, method="POST")
    rig.vendor.fail_next(401, method="POST")
    await rig.report(NAME, TEXT)
    await rig.soon(lambda: "tried again" in str([m.shown for m in rig.parents()]), "the wait")
    await rig.post("Update", LATER)
    rig.skip(15)
    told = await letter(rig, "never reached the page")
    assert LATER in told.shown
    assert told.buttons == [REOPEN]


async def test_the_text_of_an_incident_that_was_deleted_meanwhile_comes_back(rig: Rig) -> None:
    await rig.report(NAME, TEXT)
    await rig.receipts(1)
    rig.vendor.delete_incident(rig.vendor.incidents()[0].id)
    await rig.post("Update", LATER)
    told = await letter(rig, "is no longer on")
    assert LATER in told.shown
    assert told.buttons == [REOPEN]


async def test_a_refused_maintenance_comes_back_with_text_and_button(tmp_path: Path) -> None:
    async with open_works("instatus", tmp_path) as works:
        works.rig.vendor.fail_next(422, REFUSED, method="POST")
        form = await works.filled()
        form.fill("Message", TEXT)
        await sent(form)
        told = await letter(works.rig, "is not on")
        assert TEXT in told.shown
        assert told.buttons == [REOPEN]


@pytest.mark.parametrize("text", ["&<>" * 1000, "🔥 " * 1500, "a\n" * 1499 + "b"])
async def test_the_longest_text_of_a_form_comes_back_in_one_message(rig: Rig, text: str) -> None:
    rig.vendor.fail_next(422, REFUSED, method="POST")
    await rig.report(NAME, text)
    assert text.strip() in (await letter(rig, "is not on")).shown
    assert len(rig.slack.direct("ann")) == 1
    assert rig.refused() == []


async def test_a_text_beyond_one_message_comes_in_several_before_the_button(rig: Rig) -> None:
    text = "\n\n".join(f"{n}. {'What a day. ' * 30}" for n in range(40)).strip()
    assert len(text) > 12_000
    rig.vendor.fail_next(422, REFUSED, method="POST")
    fields = IncidentFields(IncidentStatus.INVESTIGATING, text, next_update=60)
    form = ReportForm(fields, NAME, (), "C0INC")
    await rig.app.intake.submit(Submission("typed:1", Person("U0ANN", "ann"), form))
    told = await letter(rig, "Its text stands above, in 3 messages.")
    *parts, last = rig.slack.direct("ann")
    assert last == told
    assert last.buttons == [REOPEN]
    assert [f"Text {n} of 3" in part.shown for n, part in enumerate(parts, 1)] == [True] * 3
    quotes = [block["elements"][0]["elements"] for part in parts for block in part.blocks[1:]]
    assert "".join(each["text"] for quote in quotes for each in quote) == text
    assert rig.clock.ahead < timedelta(minutes=5)
