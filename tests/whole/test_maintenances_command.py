"""The command `/maintenance` and what may stand behind it."""

import pytest

from tests.whole.works import COMPLETED, MINUTE, RUNS, Works, sent

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.parametrize("works", ["incidentio"], indirect=True),
]


async def told(works: Works, words: str) -> str:
    """Type the command and return what only the person who typed it sees."""
    before = len(works.rig.slack.private("ann"))
    await works.rig.ann.types(f"/maintenance {words}")
    await works.rig.slack.until(
        lambda: len(works.rig.slack.private("ann")) > before, what="an answer"
    )
    return works.rig.slack.private("ann")[-1].shown


async def test_help_names_every_word(works: Works) -> None:
    shown = await told(works, "help")
    words = ("list", "update", "start", "complete", "extend", "cancel")
    assert [word for word in words if f"/maintenance {word}" not in shown] == []


async def test_list_shows_what_is_planned_and_what_runs(works: Works) -> None:
    assert "No maintenance is planned or running." in await told(works, "list")
    await works.schedule("API", name="First work")
    await works.done("Start now")
    await works.schedule("API", name="Second work")
    shown = await told(works, "list")
    assert "First work* · In progress" in shown
    assert "Second work* · Scheduled" in shown
    await works.done("Cancel")
    assert "Second work" not in await told(works, "list")


async def test_anything_else_is_the_name_in_the_form(works: Works) -> None:
    form = await works.form("Database upgrade")
    assert form.value("Maintenance name") == "Database upgrade"
    assert form.submit_label == "Schedule"


@pytest.mark.parametrize(
    ("words", "status", "button"),
    [
        ("update database", "Scheduled", "Publish"),
        ("start database", "In progress", "Start"),
        ("cancel database", "Cancelled", "Cancel maintenance"),
        ("extend database 45m", "Scheduled", "Publish"),
    ],
)
async def test_a_word_opens_the_form_for_that_step(
    works: Works, words: str, status: str, button: str
) -> None:
    await works.schedule("API")
    await works.rig.ann.types(f"/maintenance {words}")
    form = await works.rig.ann.modal("Update maintenance")
    assert (form.value("Status"), form.submit_label) == (status, button)
    moved = 45 * MINUTE if "extend" in words else 0 * MINUTE
    assert form.value("Ends at") == (await works.only()).ends + moved


async def test_of_several_one_is_chosen_first(works: Works) -> None:
    await works.schedule("API", name="First work")
    await works.schedule("Mail", name="Second work")
    await works.rig.ann.types("/maintenance start work")
    choice = await works.rig.ann.modal("Choose a maintenance")
    await choice.choose("Which maintenance starts now?", "Second work")
    await choice.submit()
    form = await works.rig.ann.modal("Update maintenance")
    await sent(form)
    await works.rig.all_done()
    running = [each.name for each in await works.on_page() if each.status is RUNS]
    assert running == ["Second work"]


async def test_typed_from_start_to_end_it_is_on_the_page(works: Works) -> None:
    await works.schedule("API")
    ends = (await works.only()).ends
    for words in ("start", "extend 2h", "update", "complete"):
        await works.rig.ann.types(f"/maintenance {words}")
        form = await works.rig.ann.modal("Update maintenance")
        if words == "update":
            form.fill("Message", "Half of it is done.")
        await sent(form)
        await works.rig.all_done()
    assert await works.said() == [
        "Writes wait for a minute.",
        "The maintenance has begun.",
        f"The maintenance takes longer than planned, until {ends + 120 * MINUTE:%H:%M} UTC.",
        "Half of it is done.",
        "The maintenance is complete.",
    ]
    await works.stands(COMPLETED)


@pytest.mark.parametrize("verb", ["update", "start", "complete", "extend", "cancel"])
async def test_a_word_without_a_maintenance_offers_to_schedule_one(works: Works, verb: str) -> None:
    shown = await told(works, f"{verb} database")
    assert "No maintenance with “database” in its name" in shown
    await works.rig.ann.clicks("Schedule maintenance")
    form = await works.rig.ann.modal("Schedule maintenance")
    assert form.value("Maintenance name") == f"{verb} database"


async def test_what_is_over_can_no_longer_be_changed(works: Works) -> None:
    await works.schedule("API")
    await works.done("Start now")
    form = await works.opened("Post update")
    form.fill("Message", "Too late.")
    await works.rig.ben.clicks("Complete", message=works.parent)
    other = await works.rig.ben.modal("Update maintenance")
    await sent(other)
    result = await form.submit()
    assert result.errors == {"Message": "This maintenance is over. Schedule another: /maintenance"}
    assert form.value("Message") == "Too late."
    await works.rig.all_done()
    await works.stands(COMPLETED)
