"""Bad and good inputs of modals, with what Slack says to them."""

import pytest

from bot.playground import SlackError, Workspace
from bot.playground.web_api.methods import call
from tests.playground.bolt_app import Json, modal, option, plain
from tests.playground.test_blocks import BUTTON, MRKDWN, OPTIONS, SELECT, chosen, long, pointers

BAD_INPUTS: dict[str, tuple[Json, str]] = {
    "a label in mrkdwn": ({**chosen(SELECT), "label": MRKDWN}, "/label/type"),
    "a label of 2001": ({**chosen(SELECT), "label": long(2001)}, "/label/text"),
    "a hint of 2001": ({**chosen(SELECT), "hint": long(2001)}, "/hint/text"),
    "a button as input": (chosen(BUTTON), "/element/type"),
    "optional as a word": ({**chosen(SELECT), "optional": "yes"}, "/optional"),
    "no options": (chosen({"type": "static_select", "options": []}), "/element/options"),
    "neither options nor groups": (chosen({"type": "static_select"}), "/element"),
    "options and groups": (
        chosen(SELECT, option_groups=[{"label": plain("a"), "options": OPTIONS}]),
        "/element",
    ),
    "101 options": (
        chosen(SELECT, options=[option(str(n)) for n in range(101)]),
        "/element/options",
    ),
    "an option of 76": (
        chosen(SELECT, options=[option("x" * 76, "x")]),
        "/element/options/0/text/text",
    ),
    "an option value of 151": (
        chosen(SELECT, options=[option("x", "x" * 151)]),
        "/element/options/0/value",
    ),
    "an option without value": (
        chosen(SELECT, options=[{"text": plain("x")}]),
        "/element/options/0",
    ),
    "a group label of 76": (
        chosen(
            {"type": "static_select", "option_groups": [{"label": long(76), "options": OPTIONS}]}
        ),
        "/element/option_groups/0/label/text",
    ),
    "a placeholder of 151": (chosen(SELECT, placeholder=long(151)), "/element/placeholder/text"),
    "an initial option that is not offered": (
        chosen(SELECT, initial_option=option("Nothing")),
        "/element/initial_option",
    ),
    "an initial option of another text": (
        chosen(SELECT, initial_option=option("Api", "api")),
        "/element/initial_option",
    ),
    "an initial tick that is not offered": (
        chosen({"type": "checkboxes", "options": OPTIONS}, initial_options=[option("Nothing")]),
        "/element/initial_options",
    ),
    "no initial options in a list": (
        chosen({"type": "multi_static_select", "options": OPTIONS}, initial_options=[]),
        "/element/initial_options",
    ),
    "11 boxes": (
        chosen({"type": "checkboxes", "options": [option(str(n)) for n in range(11)]}),
        "/element/options",
    ),
    "max_selected_items of 0": (
        chosen({"type": "multi_external_select"}, max_selected_items=0),
        "/element/max_selected_items",
    ),
    "a text of 3001 to start with": (
        chosen({"type": "plain_text_input"}, initial_value="x" * 3001),
        "/element/initial_value",
    ),
    "a start longer than max_length": (
        chosen({"type": "plain_text_input"}, initial_value="four", max_length=3),
        "/element/initial_value",
    ),
    "max_length of 3001": (
        chosen({"type": "plain_text_input"}, max_length=3001),
        "/element/max_length",
    ),
    "a day in another order": (
        chosen({"type": "datepicker"}, initial_date="20/11/2026"),
        "/element/initial_date",
    ),
    "the 31st of November": (
        chosen({"type": "datepicker"}, initial_date="2026-11-31"),
        "/element/initial_date",
    ),
    "25 o'clock": (
        chosen({"type": "timepicker"}, initial_time="25:00"),
        "/element/initial_time",
    ),
    "an instant in milliseconds": (
        chosen({"type": "datetimepicker"}, initial_date_time=1_763_649_000_000),
        "/element/initial_date_time",
    ),
    "an instant as text": (
        chosen({"type": "datetimepicker"}, initial_date_time="1763649000"),
        "/element/initial_date_time",
    ),
    "a placeholder on a datetimepicker": (
        chosen({"type": "datetimepicker"}, placeholder=plain("when")),
        "/element",
    ),
    "a null": (chosen({"type": "plain_text_input"}, initial_value=None), "/element/initial_value"),
}

GOOD_INPUTS: dict[str, Json] = {
    "an offered initial option": chosen(SELECT, initial_option=option("API")),
    "groups": chosen(
        {"type": "static_select", "option_groups": [{"label": plain("a"), "options": OPTIONS}]},
        initial_option=option("API"),
    ),
    "any initial option of a search": chosen(
        {"type": "multi_external_select", "min_query_length": 0},
        initial_options=[option("Nothing")],
    ),
    "a described box in mrkdwn": chosen(
        {"type": "checkboxes", "options": [{"text": MRKDWN, "value": "a", "description": MRKDWN}]}
    ),
    "a day": chosen({"type": "datepicker"}, initial_date="2026-11-30"),
    "a time": chosen({"type": "timepicker"}, initial_time="09:30", timezone="Europe/Berlin"),
    "an instant": chosen({"type": "datetimepicker"}, initial_date_time=1_763_649_000),
    "a number": chosen({"type": "number_input", "is_decimal_allowed": False}, initial_value="4"),
    "an empty start": chosen({"type": "plain_text_input"}, initial_value=""),
    "people": chosen({"type": "users_select"}, initial_user="U0ANN"),
    "an address": chosen({"type": "email_text_input"}, placeholder=plain("you@example.org")),
    "a live input": {
        **chosen(
            {
                "type": "plain_text_input",
                "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
            }
        ),
        "dispatch_action": True,
    },
}


def show(block: Json) -> Json:
    workspace = Workspace()
    trigger = workspace.triggers.issue("U0ANN")
    return call(workspace, "views.open", {"trigger_id": trigger, "view": modal("Title", block)})


@pytest.mark.parametrize("case", BAD_INPUTS)
def test_a_modal_refuses(case: str) -> None:
    block, pointer = BAD_INPUTS[case]
    with pytest.raises(SlackError) as caught:
        show(block)
    assert caught.value.name == "invalid_arguments"
    assert f"/view/blocks/0{pointer}" in pointers(caught.value)


@pytest.mark.parametrize("case", GOOD_INPUTS)
def test_a_modal_takes(case: str) -> None:
    assert show(GOOD_INPUTS[case])["ok"]
