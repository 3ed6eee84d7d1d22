"""The vendor or Slack has trouble: nothing is lost, and who must know is told."""

import statistics
import time
from collections.abc import AsyncIterator, Iterator
from email.utils import formatdate
from pathlib import Path

import pytest

from bot.playground import Message
from tests.fakes.vendor import VendorFake
from tests.whole.rig import Rig, new_vendor, whole_bot

pytestmark = pytest.mark.anyio

# Where the vendor makes no difference.
ONE_VENDOR = pytest.mark.parametrize("vendor", ["instatus"], indirect=True)
KEYED_VENDOR = pytest.mark.parametrize("vendor", ["incidentio"], indirect=True)

NAME, REPORT = "Checkout is down", "Cards are refused."
UPDATE, LATER = "The bank mends it.", "The bank has mended it."
AT_MOST = 0.5
"""Seconds for an acknowledgement; a busy machine may take longer now and then, a vendor's trouble
would make most take longer."""


@pytest.fixture(scope="module")
def seconds() -> Iterator[list[float]]:
    """How long Slack waited for each acknowledgement."""
    measured: list[float] = []
    yield measured
    assert len(measured) < 20 or statistics.quantiles(measured, n=20)[-1] < AT_MOST


@pytest.fixture
async def rig(
    request: pytest.FixtureRequest,
    vendor: VendorFake,
    parts: dict[str, str],
    tmp_path: Path,
    seconds: list[float],
) -> AsyncIterator[Rig]:
    assert parts
    # Nobody dies here, so nobody's lease may run out while the clock hurries.
    async with whole_bot([vendor], tmp_path, timing={"lease": "60m"}) as running:
        yield running
        waited = [ack.seconds for ack in running.slack.acks]
        seconds += waited
        # What conftest.py prints when all is done, also when several processes run the tests.
        request.node.user_properties.append(("acknowledged", waited))
        assert [ack for ack in running.slack.acks if ack.timed_out] == []


async def report(rig: Rig, name: str = NAME) -> Message:
    """Submit a report and wait for its parent message."""
    before = len(rig.parents())
    await rig.report(name, REPORT, "Mail", status="Major outage")
    await rig.slack.until(lambda: len(rig.parents()) > before, what="a parent message")
    return rig.parents()[-1]


async def opened(rig: Rig) -> Message:
    parent = await report(rig)
    await rig.receipts(1)
    return parent


async def parent_says(rig: Rig, words: str) -> str:
    def said() -> list[str]:
        return [each.shown for each in rig.parents()[-1:] if words in each.shown]

    await rig.soon(said, f"{words!r} in the parent message")
    return said()[0]


async def letter(rig: Rig, name: str, words: str) -> Message:
    """Wait until somebody has a letter with these words, and return it."""
    [one] = await rig.letters(name, words)
    return one


async def published(rig: Rig, *messages: str, stride: float = 0.2) -> None:
    """Wait for the receipts of these messages, each of them on the page and told once."""
    await rig.soon(lambda: len(rig.replies()) >= len(messages), "the receipts", stride)
    [seen] = rig.vendor.incidents()
    assert seen.messages == list(messages)
    assert [each.message for each in rig.vendor.notifications] == list(messages)
    assert [m for m, r in zip(messages, rig.replies(), strict=True) if m not in r.shown] == []


def posts(rig: Rig) -> int:
    return [request.method for request in rig.vendor.requests].count("POST")


# --- slow, silent, down ---


async def test_a_vendor_that_is_slow_is_waited_for(rig: Rig) -> None:
    rig.vendor.slow(0.2)
    await report(rig)
    await published(rig, REPORT)
    assert posts(rig) == 1


async def test_a_vendor_ten_seconds_slow_is_looked_at_and_not_asked_twice(rig: Rig) -> None:
    rig.vendor.slow(10)
    await rig.report(NAME, REPORT)
    await parent_says(rig, "did not answer in time")
    rig.vendor.slow(0)
    await published(rig, REPORT)
    assert posts(rig) == 1 or rig.vendor.takes_create_key


async def test_a_vendor_that_swallows_a_request_is_sent_it_again(rig: Rig) -> None:
    rig.vendor.hang()
    await report(rig)
    await parent_says(rig, "did not answer in time")
    await rig.vendor.accept()
    await published(rig, REPORT)


async def test_a_vendor_that_is_down_gets_it_when_it_is_back(rig: Rig) -> None:
    await rig.vendor.refuse_connections()
    await report(rig)
    assert "could not be reached" in await parent_says(rig, "It is kept and tried again")
    told = await letter(rig, "ann", "goes out by itself as soon as the page takes it")
    assert NAME in told.shown
    await rig.vendor.accept()
    await published(rig, REPORT)


@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_a_vendor_that_asks_to_slow_down_is_not_asked_earlier(rig: Rig, form: str) -> None:
    wish = "30" if form == "seconds" else formatdate(time.time() + 30, usegmt=True)
    rig.vendor.fail_next(429, headers={"Retry-After": wish}, method="POST")
    asked = rig.clock.now()
    await report(rig)
    assert "slow down" in await parent_says(rig, "tried again")
    await letter(rig, "ann", "is not on")
    rig.skip(27)
    await rig.soon(lambda: posts(rig) == 2, "the second try")
    assert 29 <= (rig.clock.now() - asked).total_seconds() < 45
    await published(rig, REPORT)


async def test_a_vendor_under_repair_is_not_asked_earlier_than_it_says(rig: Rig) -> None:
    rig.vendor.fail_next(503, headers={"Retry-After": "30"}, method="POST")
    asked = rig.clock.now()
    await report(rig)
    await parent_says(rig, "has trouble")
    rig.skip(25)
    await published(rig, REPORT)
    assert (rig.clock.now() - asked).total_seconds() >= 30


# --- refused ---


async def test_a_refused_key_is_told_to_its_admins_and_the_author(rig: Rig) -> None:
    rig.vendor.fail_next(401, method="POST")
    parent = await report(rig)
    admins = await letter(rig, "ben", "put a new one into Foghorn's settings")
    assert "refuses Foghorn's key" in admins.shown
    authors = await letter(rig, "ann", "Your text is kept")
    assert "does not let our key do this" in authors.shown
    await parent_says(rig, "Not published")
    await rig.ann.clicks("Open the form again", message=authors)
    assert (await (await rig.ann.modal("Report an incident")).submit()).action == "update"
    await published(rig, REPORT)
    assert [each.ts for each in rig.parents()] == [parent.ts]


@pytest.mark.parametrize("status", [400, 422])
async def test_a_refused_report_reopens_filled_in_and_goes_on_in_its_thread(
    rig: Rig, status: int
) -> None:
    body = {"errors": [{"message": "No colons, please", "source": {"field": "name"}}]}
    rig.vendor.fail_next(status, body, method="POST")
    await rig.report(NAME, REPORT, "Mail", status="Major outage", Next_update_in="2 hours")
    told = await letter(rig, "ann", "No colons, please")
    await rig.ann.clicks("Open the form again", message=told)
    form = await rig.ann.modal("Report an incident")
    assert form.value("Incident name") == NAME
    assert form.value("Message") == REPORT
    assert form.value("Affected components") == ["Mail"]
    assert form.value("Component status") == "Major outage"
    assert form.value("Next update in") == "2 hours"
    form.fill("Message", LATER)
    assert (await form.submit()).action == "update"
    await published(rig, LATER)
    assert len(rig.parents()) == 1
    await rig.slack.until(lambda: "Not public yet" not in rig.parents()[0].shown)


@ONE_VENDOR
async def test_the_second_who_corrects_a_report_is_told_that_it_is_done(rig: Rig) -> None:
    rig.vendor.fail_next(401, method="POST")
    await report(rig)
    told = await letter(rig, "ann", "Your text is kept")
    await rig.ann.clicks("Open the form again", message=told)
    await rig.ben.clicks("Open the form again", message=told)
    first = await rig.ann.modal("Report an incident")
    second = await rig.ben.modal("Report an incident")
    assert (await first.submit()).action == "update"
    result = await second.submit()
    assert "Somebody has corrected" in result.errors["Message"]
    await published(rig, REPORT)
    await rig.ann.clicks("Open the form again", message=told)
    await rig.slack.until(
        lambda: any("Somebody has corrected" in each.shown for each in rig.slack.private("ann"))
    )


async def test_a_refused_update_reopens_filled_in_and_is_corrected(rig: Rig) -> None:
    await opened(rig)
    body = {"errors": [{"message": "No colons, please", "source": {"field": "message"}}]}
    rig.vendor.fail_next(422, body, method="POST")
    await rig.post("Update", UPDATE, Status="Monitoring")
    told = await letter(rig, "ann", "No colons, please")
    await rig.ann.clicks("Open the form again", message=told)
    form = await rig.ann.modal("Post an update")
    assert (form.value("Message"), form.value("Status")) == (UPDATE, "Monitoring")
    form.fill("Message", LATER)
    assert (await form.submit()).action == "update"
    await published(rig, REPORT, LATER)


@ONE_VENDOR
async def test_updates_of_a_refused_report_are_refused_and_their_authors_told(rig: Rig) -> None:
    rig.vendor.fail_next(429, headers={"Retry-After": "20"}, method="POST")
    rig.vendor.fail_next(401, method="POST")
    await report(rig)
    await parent_says(rig, "tried again")
    await rig.ben.clicks("Update", message=rig.parents()[0])
    form = await rig.ben.modal("Post an update")
    form.fill("Message", UPDATE)
    assert (await form.submit()).action == "update"
    rig.skip(15)
    told = await letter(rig, "ben", "Your update")
    assert "The incident itself never reached the page." in told.shown
    assert told.buttons == ["Open the form again"]
    assert rig.vendor.incidents() == []


# --- nobody knows ---


BUTTONS = ["Look again", "Publish again", "Open the form again", "Leave it"]


@ONE_VENDOR
async def test_what_is_not_there_after_many_faults_is_sent_again_unasked(rig: Rig) -> None:
    rig.vendor.fail_next(500, times=4, method="POST")
    await report(rig)
    told = await letter(rig, "ann", "Foghorn looked, and it is not there.")
    assert "goes out by itself" in told.shown
    assert told.buttons == []
    await published(rig, REPORT)
    rig.vendor.fail_next(500, times=4, method="POST")
    await rig.post("Update", UPDATE)
    await published(rig, REPORT, UPDATE)
    assert [each.buttons for each in rig.slack.direct("ann")] == [[], []]


async def stuck(rig: Rig, *, late: float = 0) -> Message:
    """Post an update that does not arrive, or late, and that nobody can look for; wait to be asked.

    The page's key is refused while it is looked for.
    """
    if late:
        rig.vendor.late_write(late)
    else:
        rig.vendor.cut_next()
    await rig.post("Update", UPDATE)
    await parent_says(rig, "It is not sent twice.")
    rig.vendor.fail_next(401, times=2, method="GET")
    asked = await letter(rig, "ann", "Look at the page, then choose.")
    assert asked.buttons == BUTTONS
    await parent_says(rig, "Nobody knows yet whether it is on")
    await rig.vendor.accept()
    return asked


async def test_where_nobody_can_look_its_author_may_publish_it_again(rig: Rig) -> None:
    await opened(rig)
    asked = await stuck(rig)
    await rig.post("Update", LATER)
    await rig.ann.clicks("Publish again", message=asked)
    await published(rig, REPORT, UPDATE, LATER)
    await rig.ann.clicks("Leave it", message=asked)
    await rig.slack.until(
        lambda: any("decided this already" in each.shown for each in rig.slack.private("ann"))
    )
    # What is there by now is not sent once more from its form.
    await rig.ann.clicks("Open the form again", message=asked)
    result = await (await rig.ann.modal("Post an update")).submit()
    assert "Every page has it by now" in str(result.errors)
    assert rig.vendor.incidents()[0].messages == [REPORT, UPDATE, LATER]


@ONE_VENDOR
async def test_where_nobody_can_look_its_author_may_leave_it(rig: Rig) -> None:
    await opened(rig)
    asked = await stuck(rig)
    await rig.ann.clicks("Leave it", message=asked)
    await rig.slack.until(lambda: "Nobody knows" not in rig.parents()[0].shown)
    await rig.post("Update", LATER)
    await published(rig, REPORT, LATER)


@ONE_VENDOR
async def test_where_nobody_can_look_its_author_may_send_other_words_instead(rig: Rig) -> None:
    await opened(rig)
    asked = await stuck(rig)
    await rig.ann.clicks("Open the form again", message=asked)
    form = await rig.ann.modal("Post an update")
    form.fill("Message", LATER)
    assert (await form.submit()).action == "update"
    await published(rig, REPORT, LATER)
    await rig.ann.clicks("Publish again", message=asked)
    await rig.slack.until(
        lambda: any("decided this already" in each.shown for each in rig.slack.private("ann"))
    )
    await rig.all_done()
    assert rig.vendor.incidents()[0].messages == [REPORT, LATER]


@ONE_VENDOR
async def test_what_looking_again_does_not_find_is_published(rig: Rig) -> None:
    await opened(rig)
    await rig.ann.clicks("Look again", message=await stuck(rig))
    await published(rig, REPORT, UPDATE)


@ONE_VENDOR
async def test_looking_again_finds_what_arrived_very_late(rig: Rig) -> None:
    await opened(rig)
    asked = await stuck(rig, late=1.5)
    await rig.slack.until(lambda: rig.vendor.lost == 1)
    await rig.ann.clicks("Look again", message=asked)
    await published(rig, REPORT, UPDATE)


@ONE_VENDOR
async def test_a_report_that_nobody_can_look_for_is_left_or_sent_with_other_words(rig: Rig) -> None:
    rig.vendor.cut_next()
    await report(rig)
    await parent_says(rig, "It is not sent twice.")
    rig.vendor.fail_next(401, times=2, method="GET")
    asked = await letter(rig, "ann", "Look at the page, then choose.")
    assert asked.buttons == BUTTONS
    await rig.vendor.accept()
    await rig.post("Update", UPDATE)
    await rig.ann.clicks("Leave it", message=asked)
    await letter(rig, "ann", "The incident itself never reached the page.")
    await rig.slack.until(lambda: "Update" not in rig.parents()[0].buttons)
    assert rig.vendor.incidents() == []
    await rig.ann.clicks("Open the form again", message=asked)
    form = await rig.ann.modal("Report an incident")
    form.fill("Message", LATER)
    assert (await form.submit()).action == "update"
    await published(rig, LATER)
    assert len(rig.parents()) == 1


@KEYED_VENDOR
async def test_a_page_that_takes_a_key_is_asked_until_it_answers(rig: Rig) -> None:
    rig.vendor.fail_next(500, times=4, method="POST", after_write=True)
    await report(rig)
    # As it is: only the answers were lost.
    await rig.slack.until(lambda: "Perhaps public already" in rig.parents()[0].shown)
    await published(rig, REPORT)
    await rig.slack.until(lambda: "Perhaps public" not in rig.parents()[0].shown)


async def test_a_look_that_is_refused_leaves_the_decision_to_a_person(rig: Rig) -> None:
    await opened(rig)
    rig.vendor.lose_next_answer()
    await rig.post("Update", UPDATE)
    await rig.slack.until(lambda: rig.vendor.lost == 1)
    rig.vendor.fail_next(401, times=2, method="GET")
    asked = await letter(rig, "ann", "Look at the page, then choose.")
    await letter(rig, "ben", "put a new one into Foghorn's settings")
    await rig.vendor.accept()
    await rig.ann.clicks("Look again", message=asked)
    await published(rig, REPORT, UPDATE)


# --- one trouble is nobody else's ---


@ONE_VENDOR
async def test_another_incident_of_the_page_is_not_held_up(rig: Rig) -> None:
    rig.vendor.fail_next(429, headers={"Retry-After": "600"}, method="POST")
    await report(rig)
    await parent_says(rig, "tried again")
    other = await report(rig, "Mail is late")
    await rig.receipts(1, other)
    assert [seen.name for seen in rig.vendor.incidents()] == ["Mail is late"]


async def test_updates_do_not_overtake_each_other(rig: Rig) -> None:
    await opened(rig)
    rig.vendor.fail_next(429, headers={"Retry-After": "8"}, method="POST")
    rig.vendor.lose_next_answer()
    await rig.post("Update", UPDATE)
    await parent_says(rig, "tried again")
    await rig.post("Update", LATER)
    await published(rig, REPORT, UPDATE, LATER)


@ONE_VENDOR
async def test_an_update_waits_until_its_incident_is_there(rig: Rig) -> None:
    rig.vendor.fail_next(429, headers={"Retry-After": "8"}, method="POST")
    await report(rig)
    await parent_says(rig, "tried again")
    await rig.post("Update", UPDATE)
    await published(rig, REPORT, UPDATE)


async def test_what_cannot_be_read_back_is_published_all_the_same(rig: Rig) -> None:
    rig.vendor.fail_next(503, times=100, method="GET", path="incidents")
    await rig.report(NAME, REPORT)
    await parent_says(rig, "Investigating")
    await published(rig, REPORT, stride=2)
    assert "could not be read back" in rig.replies()[0].shown
    assert "read back from the page" not in rig.replies()[0].shown


# --- Slack's own trouble ---


@ONE_VENDOR
async def test_a_page_is_written_while_slack_is_down(rig: Rig) -> None:
    rig.slack.fail_next("chat.postMessage", status=503, times=5)
    await rig.report(NAME, REPORT)
    await rig.incident(NAME)
    assert rig.parents() == []
    await published(rig, REPORT)
    assert len(rig.parents()) == 1


@ONE_VENDOR
async def test_a_page_is_written_while_slack_asks_to_wait(rig: Rig) -> None:
    rig.slack.rate_limit("chat.postMessage", retry_after=30, times=2)
    asked = rig.clock.now()
    await rig.report(NAME, REPORT)
    await rig.incident(NAME)
    rig.skip(28)
    await rig.soon(lambda: len(rig.slack.calls("chat.postMessage")) == 2, "the second try")
    await published(rig, REPORT, stride=1)
    assert (rig.clock.now() - asked).total_seconds() >= 60


@ONE_VENDOR
async def test_a_page_is_written_while_slack_is_slow(rig: Rig) -> None:
    rig.slack.delay("chat.postMessage", 1)
    await rig.report(NAME, REPORT)
    await rig.incident(NAME)
    assert rig.parents() == []
    await published(rig, REPORT)


# --- two pages ---


async def test_a_page_that_is_down_does_not_keep_another_from_being_written(
    tmp_path: Path,
) -> None:
    async with (
        new_vendor("instatus") as one,
        new_vendor("incidentio") as other,
        whole_bot([one, other], tmp_path, timing={"lease": "60m"}) as rig,
    ):
        await one.refuse_connections()
        form = await rig.form()
        form.fill("Incident name", NAME)
        form.fill("Message", REPORT)
        await form.choose("Page", *[option.text for option in await form.options("Page")])
        assert (await form.submit()).action == "update"
        [receipt] = await rig.receipts(1)
        assert "Northwind" in receipt.shown
        assert [seen.name for seen in other.incidents()] == [NAME]
        await parent_says(rig, "Instatus could not be reached")
        await one.accept()
        await rig.soon(one.incidents, "the incident on the other page")
        assert [len(each.notifications) for each in (one, other)] == [1, 1]
        assert len(rig.parents()) == 1
