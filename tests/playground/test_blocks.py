"""Bad and good blocks, with what Slack says to them."""

from typing import Any

import pytest

from bot.playground import SlackError, Workspace
from bot.playground.web_api.methods import call
from tests.playground.bolt_app import field, option, plain

Json = dict[str, Any]
MRKDWN = {"type": "mrkdwn", "text": "*hello*"}
OPTIONS = [option("API"), option("Website")]
SELECT = {"type": "static_select", "options": OPTIONS}
BUTTON = {"type": "button", "text": plain("Update")}


def section(text: object = None, **more: object) -> Json:
    return {"type": "section", "text": text or MRKDWN, **more}


def actions(*elements: Json, **more: object) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def context(*elements: Json) -> Json:
    return {"type": "context", "elements": list(elements)}


def chosen(element: Json, **more: object) -> Json:
    return field("one", "Label", {**element, **more})


def long(count: int) -> Json:
    return plain("x" * count)


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [*parts]}]}


def table(rows: int, columns: int) -> Json:
    cell = {"type": "raw_text", "text": "x"}
    return {"type": "table", "rows": [[cell] * columns] * rows}


CONFIRM = {
    "title": plain("Sure?"),
    "text": MRKDWN,
    "confirm": plain("Yes"),
    "deny": plain("No"),
}

BAD_IN_MESSAGES: dict[str, tuple[list[Any], str]] = {
    "a block is no object": (["section"], "/blocks/0"),
    "a block without a type": ([{}], "/blocks/0/type"),
    "an unknown block": ([{"type": "banner"}], "/blocks/0/type"),
    "51 blocks": ([{"type": "divider"}] * 51, "/blocks"),
    "an unknown field": ([{"type": "divider", "colour": "red"}], "/blocks/0"),
    "an alert outside a modal": ([{"type": "alert", "text": MRKDWN}], "/blocks/0/type"),
    "a section without text": ([{"type": "section"}], "/blocks/0"),
    "an empty text": ([section({"type": "mrkdwn", "text": ""})], "/blocks/0/text/text"),
    "a section of 3001": ([section({"type": "mrkdwn", "text": "x" * 3001})], "/blocks/0/text/text"),
    "a text as a string": ([section("hello")], "/blocks/0/text"),
    "a text of unknown type": ([section({"type": "html", "text": "x"})], "/blocks/0/text/type"),
    "emoji on mrkdwn": ([section({**MRKDWN, "emoji": True})], "/blocks/0/text"),
    "11 fields": ([section(fields=[MRKDWN] * 11)], "/blocks/0/fields"),
    "a field of 2001": ([section(fields=[long(2001)])], "/blocks/0/fields/0/text"),
    "a header in mrkdwn": ([{"type": "header", "text": MRKDWN}], "/blocks/0/text/type"),
    "a header of 151": ([{"type": "header", "text": long(151)}], "/blocks/0/text/text"),
    "a context of 11": ([context(*[MRKDWN] * 11)], "/blocks/0/elements"),
    "an empty context": ([context()], "/blocks/0/elements"),
    "a button in a context": ([context(BUTTON)], "/blocks/0/elements/0/type"),
    "26 buttons": ([actions(*[BUTTON] * 26)], "/blocks/0/elements"),
    "no buttons": ([actions()], "/blocks/0/elements"),
    "a button of 76": ([actions({**BUTTON, "text": long(76)})], "/blocks/0/elements/0/text/text"),
    "a button in mrkdwn": (
        [actions({**BUTTON, "text": MRKDWN})],
        "/blocks/0/elements/0/text/type",
    ),
    "a button value of 2001": (
        [actions({**BUTTON, "value": "x" * 2001})],
        "/blocks/0/elements/0/value",
    ),
    "a default style": ([actions({**BUTTON, "style": "default"})], "/blocks/0/elements/0/style"),
    "an action_id of 256": (
        [actions({**BUTTON, "action_id": "x" * 256})],
        "/blocks/0/elements/0/action_id",
    ),
    "an action_id twice in a block": (
        [actions(*[{**BUTTON, "action_id": "one"}] * 2)],
        "/blocks/0",
    ),
    "a block_id twice": ([section(block_id="one"), section(block_id="one")], "/blocks"),
    "a block_id of 256": ([section(block_id="x" * 256)], "/blocks/0/block_id"),
    "an unknown element": ([actions({"type": "slider"})], "/blocks/0/elements/0/type"),
    "a text input among actions": (
        [actions({"type": "plain_text_input"})],
        "/blocks/0/elements/0/type",
    ),
    "a datetimepicker beside a section": (
        [section(accessory={"type": "datetimepicker"})],
        "/blocks/0/accessory/type",
    ),
    "a confirm title of 101": (
        [actions({**BUTTON, "confirm": {**CONFIRM, "title": long(101)}})],
        "/blocks/0/elements/0/confirm/title/text",
    ),
    "a confirm without deny": (
        [
            actions(
                {**BUTTON, "confirm": {key: CONFIRM[key] for key in ("title", "text", "confirm")}}
            )
        ],
        "/blocks/0/elements/0/confirm",
    ),
    "6 overflow options": (
        [actions({"type": "overflow", "options": [option(str(n)) for n in range(6)]})],
        "/blocks/0/elements/0/options",
    ),
    "a picture without alt text": (
        [{"type": "image", "image_url": "https://a.example/b.png"}],
        "/blocks/0",
    ),
    "a picture from nowhere": ([{"type": "image", "alt_text": "x"}], "/blocks/0"),
    "an unknown rich text part": (
        [rich({"type": "shout"})],
        "/blocks/0/elements/0/elements/0/type",
    ),
    "a table of 101 rows": ([table(101, 1)], "/blocks/0/rows"),
    "a table of 21 columns": ([table(1, 21)], "/blocks/0/rows/0"),
    "two tables": ([table(1, 1), table(1, 1)], "/blocks"),
}

GOOD_IN_MESSAGES: dict[str, list[Json]] = {
    "a section": [section()],
    "a section of 3000": [section({"type": "mrkdwn", "text": "x" * 3000})],
    "fields alone": [{"type": "section", "fields": [MRKDWN, plain("two")]}],
    "a header of 150": [{"type": "header", "text": long(150)}],
    "50 dividers": [{"type": "divider"}] * 50,
    "25 buttons": [actions(*[BUTTON] * 25)],
    "a danger with a confirm": [actions({**BUTTON, "style": "danger", "confirm": CONFIRM})],
    "a select among actions": [actions(SELECT, {"type": "datetimepicker"})],
    "an overflow beside a section": [
        section(accessory={"type": "overflow", "options": [option("Rename")]})
    ],
    "one action_id in two blocks": [actions({**BUTTON, "action_id": "a"})] * 2,
    "a context": [context(MRKDWN, plain("x"))],
    "rich text": [rich({"type": "text", "text": "x", "style": {"bold": True}})],
    "a table": [table(100, 20)],
    "markdown": [{"type": "markdown", "text": "# Hello"}],
    "an input": [chosen({"type": "plain_text_input"})],
}


def post(blocks: list[Any]) -> Json:
    return call(
        Workspace(), "chat.postMessage", {"channel": "C0INC", "text": "x", "blocks": blocks}
    )


def pointers(error: SlackError) -> list[str]:
    return [message.rpartition("json-pointer:")[2].rstrip("]") for message in error.messages]


@pytest.mark.parametrize("case", BAD_IN_MESSAGES)
def test_a_message_refuses(case: str) -> None:
    blocks, pointer = BAD_IN_MESSAGES[case]
    with pytest.raises(SlackError) as caught:
        post(blocks)
    assert caught.value.name == "invalid_blocks"
    assert pointers(caught.value)[0] == pointer


@pytest.mark.parametrize("case", GOOD_IN_MESSAGES)
def test_a_message_takes(case: str) -> None:
    assert post(GOOD_IN_MESSAGES[case])["ok"]
