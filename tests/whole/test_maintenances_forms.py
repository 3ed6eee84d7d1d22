"""What the forms of maintenances refuse, with the text kept, and what the command finds."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.playground import Modal
from tests.whole.works import MINUTE, NAME, PLAN, RUNS, SCHEDULED, Works, open_works, sent

pytestmark = pytest.mark.anyio

START = "Start automatically"
TOO_LATE = "This is more than 15 minutes ago. Choose a later start."
REFUSAL = {"errors": [{"message": "Too vague", "source": {"field": "name"}}]}


@pytest.fixture(params=["incidentio"])
async def works(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Works]:
    async with open_works(request.param, tmp_path) as running:
        yield running


async def errors(form: Modal) -> dict[str, str]:
    result = await form.submit()
    assert result.action == "errors", result
    return dict(result.errors)


async def window(works: Works, starts: datetime, ends: datetime) -> dict[str, str]:
    """Return what is wrong with this window."""
    return await errors(await works.filled("API", starts=starts, ends=ends))


async def test_every_bad_field_is_named_at_once_and_the_text_is_kept(works: Works) -> None:
    form = await works.filled("API", starts=works.minute(-16), ends=works.minute(-20))
    form.fill("Maintenance name", "x" * 201)
    found = await errors(form)
    assert found == {
        "Maintenance name": "201 characters; this page takes at most 200.",
        "Starts at": TOO_LATE,
        "Ends at": "The end must be after the start.",
    }
    assert form.value("Message") == PLAN
    form.fill("Maintenance name", NAME)
    await form.pick("Starts at", works.minute(60))
    assert await errors(form) == {"Ends at": "The end must be after the start."}
    await form.pick("Ends at", works.minute(90))
    await sent(form)
    await works.rig.all_done()
    assert (await works.only()).name == NAME


@pytest.mark.parametrize(
    ("starts", "lasts", "problems"),
    [
        (60, 0, {"Ends at": "The end must be after the start."}),
        (60, -1, {"Ends at": "The end must be after the start."}),
        (-16, 60, {"Starts at": TOO_LATE}),
        (-30, 20, {"Starts at": TOO_LATE, "Ends at": "This has passed. Choose a later end."}),
        (-30, -10, {"Starts at": TOO_LATE, "Ends at": "The end must be after the start."}),
        (60, 30 * 24 * 60 + 1, {"Ends at": "A maintenance may last 30 days at most."}),
        (-10, 5, {"Ends at": "The end must be after the start."}),
    ],
)
async def test_a_window_that_cannot_be_is_refused(
    works: Works, starts: int, lasts: int, problems: dict[str, str]
) -> None:
    found = await window(works, works.minute(starts), works.minute(starts + lasts))
    assert list(found) == list(problems)
    assert all(found[label].startswith(reason) for label, reason in problems.items())
    assert await works.on_page() == []


async def test_what_is_wrong_with_a_series_is_said_with_all_the_rest(works: Works) -> None:
    form = await works.filled("API", starts=works.minute(-40), ends=works.minute(-50))
    form.fill("Message", " ")
    await form.choose("Repeats", "Every week")
    assert set(await errors(form)) == {"Starts at", "Ends at", "Message", "Number of windows"}
    form.fill("Number of windows", "3")
    await form.pick("Until", (works.now() - timedelta(days=9)).date())
    assert set(await errors(form)) == {"Starts at", "Ends at", "Message", "Until"}
    assert await works.on_page() == []


@pytest.mark.parametrize("minutes", [-14, 0])
async def test_a_start_within_a_quarter_of_an_hour_means_now(works: Works, minutes: int) -> None:
    now = works.minute(0)
    await works.schedule("API", starts=works.minute(minutes), ends=now + 60 * MINUTE)
    seen = await works.only()
    assert timedelta() <= seen.starts - now <= MINUTE
    assert seen.status is SCHEDULED


async def test_what_starts_now_automatically_runs_within_seconds(works: Works) -> None:
    await works.schedule("API", starts=works.minute(-14), ends=works.minute(60), automation=START)
    asked = works.now()
    await works.page_is(RUNS)
    assert works.now() - asked < timedelta(seconds=5)
    await works.receipt("In progress")
    assert not [each for each in works.thread if "late" in each]


async def test_thirty_days_are_not_too_long(works: Works) -> None:
    await works.schedule("API", starts=works.minute(60), ends=works.minute(60 + 30 * 24 * 60))
    await works.stands(SCHEDULED)


@pytest.mark.parametrize(
    ("moved", "reason"),
    [
        (-30, "This has passed. Choose a later end."),
        (30, "The end must be after the start."),
        (60 + 30 * 24 * 60 + 1, "A maintenance may last 30 days at most. Choose an earlier end."),
    ],
)
async def test_an_end_that_cannot_be_is_refused_and_the_text_kept(
    works: Works, moved: int, reason: str
) -> None:
    await works.schedule("API")
    form = await works.opened("Extend")
    form.fill("Message", "Another end.")
    await form.pick("Ends at", works.minute(moved))
    assert await errors(form) == {"Ends at": reason}
    assert form.value("Message") == "Another end."
    assert await works.said() == [PLAN]


@pytest.mark.parametrize("works", ["instatus", "incidentio"], indirect=True)
@pytest.mark.parametrize("refused", [401, 422])
async def test_a_refused_schedule_opens_again_filled_in(works: Works, refused: int) -> None:
    works.rig.vendor.fail_next(refused, REFUSAL if refused == 422 else None, method="POST")
    form = await works.filled("API", "Mail", automation=START)
    window = form.value("Starts at"), form.value("Ends at")
    await sent(form)
    await works.rig.slack.until(lambda: works.rig.slack.direct("ann"), what="the letter")
    await works.rig.all_done()
    await works.rig.ann.clicks("Open the form again")
    form = await works.rig.ann.modal("Schedule maintenance")
    assert (form.value("Maintenance name"), form.value("Message")) == (NAME, PLAN)
    assert (form.value("Starts at"), form.value("Ends at")) == window
    assert form.value("Affected components") == ["API", "Mail"]
    assert form.value("Start and finish") == START
    await sent(form)
    await works.rig.all_done()
    await works.stands(SCHEDULED)
    assert len(works.rig.parents()) == 1


@pytest.mark.parametrize("works", ["instatus", "incidentio"], indirect=True)
async def test_a_refused_start_leaves_it_scheduled_and_the_text_with_its_author(
    works: Works,
) -> None:
    await works.schedule("API")
    works.rig.vendor.fail_next(401, method="POST")
    await works.post("Start now", "We begin.")
    await works.rig.slack.until(lambda: works.rig.slack.direct("ann"), what="the letter")
    await works.rig.all_done()
    await works.stands(SCHEDULED)
    await works.rig.ann.clicks("Open the form again")
    form = await works.rig.ann.modal("Update maintenance")
    assert (form.value("Status"), form.value("Message")) == ("In progress", "We begin.")
    await sent(form)
    await works.rig.all_done()
    await works.stands(RUNS)
