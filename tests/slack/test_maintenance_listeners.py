"""What people type and click about maintenances, with the page that the bot serves itself."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from weakref import WeakKeyDictionary

import pytest

from bot.playground import Message, Modal, SlackServer
from tests.whole.rig import Rig, whole_bot

pytestmark = pytest.mark.anyio

LABELS = [
    "Maintenance name",
    "Message",
    "Affected components",
    "Starts at",
    "Ends at",
    "Start and finish",
    "Notify subscribers",
    "Repeats",
    "Number of windows",
    "Until",
]
PAGE = '[page]\nname = "Acme"\ncomponents = ["API", "Web"]\n'


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with whole_bot([], tmp_path, settings=PAGE) as running:
        yield running


# The minute in which a test begins, since the next may begin before it ends.
_BEGUN: WeakKeyDictionary[SlackServer, datetime] = WeakKeyDictionary()


def in_hours(rig: Rig, hours: float) -> datetime:
    minute = rig.clock.now().replace(second=0, microsecond=0)
    return _BEGUN.setdefault(rig.slack, minute) + timedelta(hours=hours)


async def form(rig: Rig, words: str = "") -> Modal:
    await rig.ann.types(f"/maintenance {words}".strip())
    return await rig.ann.modal("Schedule maintenance")


async def schedule(rig: Rig, name: str, starts: float = 24, **choices: str) -> Message:
    """Schedule a maintenance of two hours that starts in so many; return its parent message."""
    opened = await form(rig, name)
    opened.fill("Message", f"{name}: we work.")
    await opened.pick("Starts at", in_hours(rig, starts))
    await opened.pick("Ends at", in_hours(rig, starts + 2))
    for label, choice in choices.items():
        await opened.choose(label.replace("_", " "), choice)
    before = len(rig.parents())
    assert (await opened.submit()).action == "update"
    await rig.slack.until(lambda: len(rig.parents()) > before, what=f"parent of {name}")
    await opened.close()
    await rig.receipts(1, rig.parents()[-1])
    return rig.parents()[-1]


async def private(rig: Rig, words: str) -> Message:
    """What only Ann sees after a command."""
    before = len(rig.slack.private("ann"))
    await rig.ann.types(f"/maintenance {words}")
    await rig.slack.until(lambda: len(rig.slack.private("ann")) > before, what="an answer")
    return rig.slack.private("ann")[-1]


async def test_the_form_opens_with_the_name_that_was_typed_and_the_usual_choices(rig: Rig) -> None:
    opened = await form(rig, "database move")
    assert opened.labels == LABELS
    assert opened.submit_label == "Schedule"
    assert opened.value("Maintenance name") == "database move"
    assert opened.value("Start and finish") == "Start automatically"
    assert opened.value("Notify subscribers") == ["Now"]
    assert opened.value("Repeats") == "Does not repeat"
    assert "In your time zone: Europe/Berlin." in opened.text


async def test_the_shortcut_opens_the_form_from_anywhere(rig: Rig) -> None:
    await rig.ann.uses_shortcut("schedule_maintenance")
    opened = await rig.ann.modal("Schedule maintenance")
    assert opened.labels == LABELS


async def test_the_form_says_the_chosen_times_in_utc_and_who_starts_it(rig: Rig) -> None:
    opened = await form(rig)
    await opened.pick("Starts at", datetime(2030, 1, 7, 21, 0, tzinfo=UTC))
    await opened.pick("Ends at", datetime(2030, 1, 7, 23, 30, tzinfo=UTC))
    await rig.slack.until(lambda: "7 Jan 2030, 21:00 to 23:30 UTC" in opened.text, what="UTC")
    await opened.choose("Start and finish", "By hand")
    await rig.slack.until(lambda: "completes it by hand" in opened.text, what="who")
    await opened.tick("Now", on=False)
    await rig.slack.until(lambda: "Nobody is told" in opened.text, what="who hears")


async def test_name_message_start_and_end_are_enough(rig: Rig) -> None:
    parent = await schedule(rig, "Database move")
    assert "*Scheduled* · " in parent.shown
    assert "Starts by itself" in parent.shown
    [receipt] = rig.replies(parent)
    assert "Database move: we work." in receipt.shown
    assert "*When:* " in receipt.shown
    assert rig.refused() == []


async def test_the_text_can_be_previewed(rig: Rig) -> None:
    opened = await form(rig, "Database move")
    opened.fill("Message", "We **move**.")
    await opened.click("Preview")
    shown = await rig.ann.modal("Preview")
    assert "Database move" in shown.text
    assert "*move*" in shown.text


async def test_every_bad_field_is_named_at_once_and_the_text_stays(rig: Rig) -> None:
    opened = await form(rig, "Database move")
    opened.fill("Message", "We move.")
    await opened.pick("Starts at", in_hours(rig, -1))
    await opened.pick("Ends at", in_hours(rig, -2))
    await opened.pick("Until", date(2030, 1, 1))
    result = await opened.submit()
    assert result.action == "errors"
    assert {"Starts at", "Repeats"} <= set(result.errors)
    assert opened.value("Message") == "We move."


async def test_start_update_extend_and_complete_with_the_buttons(rig: Rig) -> None:
    parent = await schedule(rig, "Database move")
    await rig.ann.clicks("Start now", message=parent)
    opened = await rig.ann.modal("Update maintenance")
    assert (opened.value("Status"), opened.submit_label) == ("In progress", "Start")
    assert opened.value("Message") == "The maintenance has begun."
    await submit(rig, opened, 2)
    await rig.slack.until(lambda: "*In progress*" in rig.parents()[-1].shown, what="running")
    await rig.ann.clicks("Extend", message=rig.parents()[-1])
    opened = await rig.ann.modal("Update maintenance")
    assert opened.value("Ends at") == in_hours(rig, 26.5)
    assert "takes longer than planned, until " in str(opened.value("Message"))
    await submit(rig, opened, 3)
    await rig.ann.clicks("Complete", message=rig.parents()[-1])
    opened = await rig.ann.modal("Update maintenance")
    assert opened.submit_label == "Complete"
    await submit(rig, opened, 4)
    await rig.slack.until(lambda: "*Completed*" in rig.parents()[-1].shown, what="completed")
    assert rig.refused() == []


async def submit(rig: Rig, opened: Modal, receipts: int) -> None:
    result = await opened.submit()
    assert result.action == "update", result
    await opened.close()
    await rig.receipts(receipts, rig.parents()[-1])


async def test_the_button_says_what_the_chosen_status_does(rig: Rig) -> None:
    parent = await schedule(rig, "Database move")
    await rig.ann.clicks("Post update", message=parent)
    opened = await rig.ann.modal("Update maintenance")
    assert opened.submit_label == "Publish"
    assert "Database move: we work." in opened.text
    assert opened.value("Message") is None
    names = [option.text for option in await opened.options("Status")]
    assert names == ["Scheduled", "In progress", "Cancelled"]
    await opened.choose("Status", "In progress")
    await rig.slack.until(lambda: opened.submit_label == "Start", what="Start")
    await opened.choose("Status", "Cancelled")
    await rig.slack.until(lambda: opened.submit_label == "Cancel maintenance", what="Cancel")


async def test_with_one_open_no_words_are_needed(rig: Rig) -> None:
    await schedule(rig, "Database move")
    for verb, label in [
        ("update", "Publish"),
        ("START", "Start"),
        ("cancel", "Cancel maintenance"),
    ]:
        await rig.ann.types(f"/maintenance {verb}")
        opened = await rig.ann.modal("Update maintenance")
        assert opened.submit_label == label
        await opened.close()


@pytest.mark.parametrize(
    ("words", "later"),
    [("", 30), ("30m", 30), ("database 1h 15m", 75), ("move +2h", 120), ("“Database”\t30m", 30)],
)
async def test_a_span_behind_extend_moves_the_end(rig: Rig, words: str, later: int) -> None:
    await schedule(rig, "Database move")
    await rig.ann.types(f"/maintenance extend {words}")
    opened = await rig.ann.modal("Update maintenance")
    assert opened.value("Ends at") == in_hours(rig, 26) + timedelta(minutes=later)


async def test_a_time_behind_extend_is_one_of_the_persons_own_clock(rig: Rig) -> None:
    await schedule(rig, "Database move", starts=0)
    await rig.ann.types("/maintenance extend database 23:59")
    opened = await rig.ann.modal("Update maintenance")
    ends = opened.value("Ends at")
    assert isinstance(ends, datetime)
    assert (ends + timedelta(hours=1)).strftime("%H:%M") in {"00:59", "23:59"}


async def test_a_time_that_is_none_is_refused_in_words(rig: Rig) -> None:
    await schedule(rig, "Database move")
    answer = await private(rig, "extend database 25:70")
    assert "is neither a span nor a time" in answer.shown


async def test_several_are_picked_from(rig: Rig) -> None:
    await schedule(rig, "Database move")
    await schedule(rig, "Cache move", starts=48)
    await rig.ann.types("/maintenance start move")
    choice = await rig.ann.modal("Choose a maintenance")
    await choice.choose("Which maintenance starts now?", "Cache move")
    await choice.submit()
    opened = await rig.ann.modal("Update maintenance")
    assert "Cache move" in opened.text
    assert opened.submit_label == "Start"


async def test_only_what_can_be_done_is_picked_from(rig: Rig) -> None:
    await schedule(rig, "Database move")
    answer = await private(rig, "complete")
    assert "No maintenance is running" in answer.shown
    answer = await private(rig, "update <cache>")
    assert "No maintenance with “<cache>” in its name" in answer.shown
    await rig.ann.clicks("Schedule maintenance", message=answer)
    opened = await rig.ann.modal("Schedule maintenance")
    assert opened.value("Maintenance name") == "update <cache>"


async def test_help_and_list_are_private(rig: Rig) -> None:
    assert "/maintenance extend [words]" in (await private(rig, "help")).shown
    assert "No maintenance is planned or running" in (await private(rig, "list")).shown
    await schedule(rig, "Database move")
    assert "*Database move* · Scheduled" in (await private(rig, "list")).shown


async def test_what_is_over_takes_no_update(rig: Rig) -> None:
    parent = await schedule(rig, "Database move")
    await rig.ann.clicks("Cancel", message=parent)
    opened = await rig.ann.modal("Update maintenance")
    assert opened.value("Message") == "The maintenance is cancelled."
    await submit(rig, opened, 2)
    await rig.slack.until(lambda: "*Cancelled*" in rig.parents()[-1].shown, what="cancelled")
    assert "Start now" not in str(rig.parents()[-1].blocks)
    assert "No maintenance is planned or running" in (await private(rig, "update")).shown


async def test_a_running_maintenance_turns_into_an_incident_in_its_thread(rig: Rig) -> None:
    await schedule(rig, "Database move", starts=0, Affected_components="API")
    await rig.soon(lambda: "*In progress*" in rig.parents()[-1].shown, "the start")
    await rig.ann.clicks("Turn into incident", message=rig.parents()[-1])
    opened = await rig.ann.modal("Report an incident")
    assert opened.value("Incident name") == "Database move"
    assert opened.value("Affected components") == ["API"]
    opened.fill("Message", "The database does not come back.")
    assert (await opened.submit()).action == "update"
    await rig.slack.until(lambda: "*Investigating*" in rig.parents()[-1].shown, what="incident")
    assert len(rig.parents()) == 1
    assert rig.refused() == []


async def test_a_series_shows_its_windows_and_can_be_skipped_moved_and_ended(rig: Rig) -> None:
    opened = await form(rig, "Patch day")
    opened.fill("Message", "We patch.")
    await opened.pick("Starts at", in_hours(rig, 24))
    await opened.pick("Ends at", in_hours(rig, 25))
    await opened.choose("Repeats", "Every week")
    opened.fill("Number of windows", "10")
    assert (await opened.submit()).action == "update"
    await opened.close()
    await rig.slack.until(
        lambda: any("Window 1 of" in one.shown for one in rig.parents()), what="its parent"
    )
    listed = await private(rig, "list")
    assert "1 of 10: " in listed.shown
    await rig.ann.clicks("Change end date", message=listed)
    change = await rig.ann.modal("Change end date")
    await change.pick("Until", in_hours(rig, 24 * 40).date())
    await change.submit()
    assert "The last window starts on" in change.text
    await change.close()
    assert await answered(rig, "Skip next", listed) == "Window 1 is skipped."
    assert "no longer to come" in await answered(rig, "Skip next", listed)
    assert "The series has ended" in await answered(rig, "End series", listed)
    assert "ended already" in await answered(rig, "End series", listed)


async def answered(rig: Rig, button: str, message: Message) -> str:
    """What only Ann sees after a click."""
    before = len(rig.slack.private("ann"))
    await rig.ann.clicks(button, message=message)
    await rig.slack.until(lambda: len(rig.slack.private("ann")) > before, what="an answer")
    return rig.slack.private("ann")[-1].shown
