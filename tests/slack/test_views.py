import json
import os
import re
from pathlib import Path

import pytest

from bot.playground.block_kit import displayed_text
from bot.playground.block_kit.composition_objects import GROUP, OPTION
from bot.playground.block_kit.message_content import LONGEST_UPDATE, check_content
from bot.playground.block_kit.rules import Findings, items
from bot.playground.block_kit.views import check_view
from bot.slack.views import incidents
from tests.slack.cases import LONGEST, TYPICAL
from tests.slack.markup import is_whole
from tests.slack.reminder_states import ASKED
from tests.slack.states import Case, View

GOLDEN = Path(__file__).parent / "golden"
UPDATE = bool(os.environ.get("UPDATE_GOLDEN"))  # noqa: TID251 - asked for by whoever changes a view
CASES = [
    pytest.param(make, id=f"{view}, {kind}: {case}")
    for kind, views in (("typical", TYPICAL), ("longest", LONGEST))
    for view, cases in views.items()
    for case, make in cases.items()
]


@pytest.mark.parametrize("view", TYPICAL)
def test_a_view_is_what_it_was(view: str) -> None:
    made = {case: make() for case, make in TYPICAL[view].items()}
    written = json.dumps(made, ensure_ascii=False, indent=2) + "\n"
    file = GOLDEN / f"{view}.json"
    if UPDATE:
        file.write_text(written, encoding="utf-8")
    assert json.loads(written) == json.loads(file.read_text(encoding="utf-8"))


def test_every_golden_file_is_of_a_view() -> None:
    assert {file.stem for file in GOLDEN.iterdir()} == set(TYPICAL) == set(LONGEST)


def check(view: View) -> None:
    """Raise what the look-alike of Slack would answer."""
    found = Findings()
    if isinstance(view, tuple):
        text, blocks = view
        check_content({"text": text, "blocks": blocks})
        assert len(text) <= LONGEST_UPDATE
        assert sum(map(len, displayed_text.shown_texts(blocks))) <= 12_000
    elif isinstance(view, list):
        items(GROUP, 100)(found, "/option_groups", view)
    elif "type" in view:
        check_view(view, "modal")
    else:
        OPTION(found, "/options", view)
    assert found.messages == []


def markups(part: object) -> list[str]:
    """Every text in Slack's markup."""
    if isinstance(part, list | tuple):
        return [text for one in part for text in markups(one)]
    if not isinstance(part, dict):
        return []
    own = [part["text"]] if part.get("type") == "mrkdwn" else []
    return own + [text for one in part.values() for text in markups(one)]


@pytest.mark.parametrize("make", CASES)
def test_slack_takes_a_view(make: Case) -> None:
    view = make()
    check(view)
    assert json.loads(json.dumps(view)) == json.loads(json.dumps(view, ensure_ascii=False))


@pytest.mark.parametrize("make", CASES)
def test_a_view_pings_nobody_and_cuts_no_link(make: Case) -> None:
    view = make()
    blocks = list(view[1:]) if isinstance(view, tuple) else view
    named = is_reminder(blocks) or "cannot be reached" in json.dumps(blocks)
    assert displayed_text.block_pings(blocks) <= set(ASKED if named else ())
    if isinstance(view, tuple):
        assert displayed_text.pings_in(view[0]) == set()
    assert [text for text in markups(view) if not is_whole(text)] == []


def is_reminder(view: object) -> bool:
    """Whoever is asked is pinged, and nobody else."""
    return "⏰" in json.dumps(view, ensure_ascii=False)


LISTS = (
    "incidents.pick",
    "messages.listed",
    "maintenances.pick",
    "maintenance_messages.listed",
)


def test_nothing_is_left_out_of_a_list_in_silence() -> None:
    for view in LISTS:
        shown = json.dumps(LONGEST[view]["many"](), ensure_ascii=False)
        assert " more: " in shown


def test_no_page_component_or_difference_is_left_out_in_silence() -> None:
    parent = json.dumps(LONGEST["messages.parent"]["everything"]())
    assert "And 10 more pages." in parent
    assert re.search(r"and \d+ more", parent)
    published = json.dumps(LONGEST["messages.published"]["mentions"]())
    assert "And 105 more differences" in published


def test_a_form_has_room_for_as_many_components_as_it_takes() -> None:
    inputs = json.dumps(LONGEST["incidents.each"]["as many as fit"]()).count('"input"')
    assert inputs == incidents.EACH_LIMIT <= 100
