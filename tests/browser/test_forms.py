"""Every element that a form can have, filled in by hand, as the bot gets it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.playground import Offers, Shortcut, SlackServer
from bot.playground.loopback_server import LoopbackServer
from tests.browser.conftest import PATIENCE
from tests.playground.bolt_app import (
    ScriptedBot,
    client,
    field,
    modal,
    option,
    plain,
    show_form,
    slack_alone,
)

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

LETTERS = [option("A"), option("B"), option("C")]
GROUPS = [
    {"label": plain("First"), "options": LETTERS[:2]},
    {"label": plain("Last"), "options": LETTERS[2:]},
]
BUTTON = {"type": "button", "action_id": "go", "text": plain("Go")}


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with slack_alone() as server:
        yield server


@pytest.fixture
async def bot(slack: SlackServer) -> AsyncIterator[ScriptedBot]:
    deaf = ScriptedBot()
    listener = LoopbackServer(Starlette(routes=[Route("/", deaf.serve, methods=["POST"])]), 0)
    deaf.url = f"http://127.0.0.1:{await listener.start()}/"
    slack.bot_at(deaf.url)
    yield deaf
    await listener.stop()


@pytest.fixture
async def page(chromium: Browser, slack: SlackServer) -> AsyncIterator[Page]:
    context = await chromium.new_context(viewport={"width": 1300, "height": 900})
    context.set_default_timeout(PATIENCE)
    window = await context.new_page()
    await window.goto(slack.url)
    yield window
    await context.close()


def values(bot: ScriptedBot) -> dict[str, Any]:
    """What was chosen, by block, without its type."""
    state = bot.payload()["view"]["state"]["values"]
    return {
        block: next(value for name, value in element["value"].items() if name != "type")
        for block, element in state.items()
    }


async def test_every_element_comes_as_it_was_filled_in(
    slack: SlackServer, bot: ScriptedBot, page: Page
) -> None:
    await show_form(
        slack,
        field("line", "Line", {"type": "plain_text_input"}),
        field("text", "Text", {"type": "plain_text_input", "multiline": True}),
        field("one", "One", {"type": "static_select", "option_groups": GROUPS}),
        field("many", "Many", {"type": "multi_static_select", "options": LETTERS}),
        field("boxes", "Boxes", {"type": "checkboxes", "options": LETTERS}),
        field("alone", "Alone", {"type": "checkboxes", "options": LETTERS[:1]}),
        field("radio", "Radio", {"type": "radio_buttons", "options": LETTERS}),
        field("day", "Day", {"type": "datepicker"}),
        field("hour", "Hour", {"type": "timepicker"}),
        field("instant", "Instant", {"type": "datetimepicker"}),
        field("person", "Person", {"type": "users_select"}),
        field("empty", "Empty", {"type": "plain_text_input"}, optional=True),
    )
    form = page.get_by_role("dialog")
    await form.get_by_label("Line", exact=True).fill("one line")
    await form.get_by_label("Text", exact=True).fill("two\nlines")
    await form.get_by_label("One", exact=True).select_option("C")
    for letter in ("B", "C"):
        await form.get_by_label("Many", exact=True).fill(letter)
        await form.get_by_role("listbox").get_by_role("option", name=letter).click()
    await form.get_by_role("group", name="Boxes").get_by_label("A").check()
    await form.get_by_label("Alone", exact=True).check()
    await form.get_by_role("radiogroup", name="Radio").get_by_label("B").check()
    await form.get_by_label("Day", exact=True).fill("2026-11-20")
    await form.get_by_label("Hour", exact=True).fill("09:05")
    await form.get_by_label("Instant", exact=True).fill("2026-11-20T10:00")
    await form.get_by_label("Person", exact=True).fill("ben")
    await form.get_by_role("option", name="Ben Brook").click()
    await form.get_by_role("button", name="Publish").click()
    await expect(form).to_have_count(0)
    assert values(bot) == {
        "line": "one line",
        "text": "two\nlines",
        "one": LETTERS[2],
        "many": LETTERS[1:],
        "boxes": LETTERS[:1],
        "alone": LETTERS[:1],
        "radio": LETTERS[1],
        "day": "2026-11-20",
        "hour": "09:05",
        "instant": int(datetime(2026, 11, 20, 9, tzinfo=UTC).timestamp()),
        "person": "U0BEN",
        "empty": None,
    }


async def test_what_is_wrong_stands_beside_its_field_and_the_text_stays(
    slack: SlackServer, bot: ScriptedBot, page: Page
) -> None:
    bot.answer = JSONResponse({"response_action": "errors", "errors": {"name": "Say more."}})
    await show_form(slack, field("name", "Name", {"type": "plain_text_input", "max_length": 5}))
    name = page.get_by_label("Name", exact=True)
    await name.fill("too long by far")
    await expect(page.get_by_text("15 / 5")).to_be_visible()
    await name.press("Enter")
    await expect(page.get_by_role("alert").get_by_text("takes 5 characters")).to_be_visible()
    assert bot.requests == []
    await name.fill("short")
    await name.press("Enter")
    await expect(page.get_by_role("alert").get_by_text("Say more.")).to_be_visible()
    await expect(name).to_have_attribute("aria-invalid", "true")
    await expect(name).to_be_focused()
    assert await name.input_value() == "short"


async def test_a_late_bot_is_waited_for_and_then_complained_of(
    slack: SlackServer, bot: ScriptedBot, page: Page
) -> None:
    slack.dispatcher.limit, bot.wait = 3, 5
    await show_form(slack, field("name", "Name", {"type": "plain_text_input"}))
    await page.get_by_label("Name", exact=True).fill("x")
    publish = page.get_by_role("button", name="Publish")
    await publish.click()
    await expect(publish).to_have_attribute("aria-disabled", "true")
    await publish.press("Enter")
    await expect(page.get_by_text("We had some trouble connecting")).to_be_visible()
    await expect(publish).to_have_attribute("aria-disabled", "false")
    assert len(bot.requests) == 1
    await expect(page.get_by_label("Name", exact=True)).to_have_value("x")


async def test_views_are_stacked_and_taken_off_one_by_one(
    slack: SlackServer, bot: ScriptedBot, page: Page
) -> None:
    await show_form(slack, field("name", "Name", {"type": "plain_text_input"}))
    await page.get_by_label("Name", exact=True).fill("kept below")
    second = modal("Second", field("other", "Other", {"type": "plain_text_input"}))
    bot.answer = JSONResponse({"response_action": "push", "view": second})
    await page.get_by_role("button", name="Publish").click()
    await expect(page.get_by_role("dialog", name="Second")).to_be_visible()
    await page.get_by_role("button", name="Back").click()
    await expect(page.get_by_label("Name", exact=True)).to_have_value("kept below")
    await page.get_by_role("button", name="Publish").click()
    await page.get_by_role("dialog", name="Second").wait_for()
    await page.get_by_role("button", name="Close dialog").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.usefixtures("bot")
async def test_a_message_that_is_edited_keeps_whoever_walks_in_it(
    slack: SlackServer, page: Page
) -> None:
    posted = await client(slack).chat_postMessage(channel="C0INC", text="<https://a.example|See>")
    await page.locator("article", has_text="See").press("Enter")
    await expect(page.get_by_role("link", name="See")).to_be_focused()
    again = "<https://b.example|See> more"
    await client(slack).chat_update(channel="C0INC", ts=str(posted["ts"]), text=again)
    await expect(page.get_by_text("See more")).to_be_visible()
    await expect(page.locator("article", has_text="See more")).to_be_focused()


@pytest.mark.usefixtures("bot")
async def test_a_key_pressed_twice_closes_a_form_once(slack: SlackServer, page: Page) -> None:
    await show_form(slack, field("name", "Name", {"type": "plain_text_input"}))
    await page.get_by_role("dialog", name="A").wait_for()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.post_data or ""))
    # Both before anything can have come back, as when Escape is held down.
    twice = "dialog => [1, 2].forEach(() => dialog.dispatchEvent(new Event('cancel')))"
    await page.locator("#modal").evaluate(twice)
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.get_by_label("Message", exact=True).fill("Now we are here")
    await page.get_by_label("Message", exact=True).press("Enter")
    await expect(page.get_by_text("Now we are here")).to_be_visible()
    assert sum('"close"' in each for each in asked) == 1


async def test_an_update_from_afar_leaves_what_is_being_typed(
    slack: SlackServer, page: Page
) -> None:
    name = field("name", "Name", {"type": "plain_text_input"})
    form = await show_form(slack, name)
    await page.get_by_label("Name", exact=True).fill("half a wo")
    changed = {**name, "hint": plain("The page changed meanwhile")}
    view = modal("A", changed, {"type": "divider"}, submit=plain("Resolve"))
    await client(slack).views_update(view_id=form.view_id, view=view)
    await expect(page.get_by_text("The page changed meanwhile")).to_be_visible()
    await expect(page.get_by_role("button", name="Resolve")).to_be_visible()
    await expect(page.get_by_label("Name", exact=True)).to_have_value("half a wo")


async def test_a_button_asks_before_it_acts(
    slack: SlackServer, bot: ScriptedBot, page: Page
) -> None:
    question = {
        "title": plain("Delete it?"),
        "text": plain("Nobody can bring it back."),
        "confirm": plain("Delete"),
        "deny": plain("Keep"),
        "style": "danger",
    }
    blocks = [{"type": "actions", "block_id": "b", "elements": [{**BUTTON, "confirm": question}]}]
    await client(slack).chat_postMessage(channel="C0INC", text="x", blocks=blocks)
    for answer in ("Keep", "Delete"):
        assert bot.requests == []
        await page.get_by_role("button", name="Go", exact=True).click()
        await page.get_by_role("dialog", name="Delete it?").get_by_text(answer).last.click()
        await expect(page.get_by_role("dialog")).to_have_count(0)
    await slack.until(lambda: bot.requests)


async def test_menus_and_selects_in_messages_reach_the_bot(
    slack: SlackServer, bot: ScriptedBot, page: Page
) -> None:
    menu = {"type": "overflow", "action_id": "more", "options": LETTERS}
    select = {
        "type": "static_select",
        "action_id": "snooze",
        "placeholder": plain("Snooze"),
        "options": [option("15 min"), option("4 h")],
    }
    blocks = [{"type": "actions", "block_id": "b", "elements": [menu, select]}]
    await client(slack).chat_postMessage(channel="C0INC", text="x", blocks=blocks)
    await page.get_by_role("button", name="More", exact=True).click()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await slack.until(lambda: len(bot.requests) == 1)
    assert bot.payload()["actions"][0]["selected_option"]["value"] == "b"
    await page.get_by_label("Snooze", exact=True).select_option("4 h")
    await slack.until(lambda: len(bot.requests) == 2)
    assert bot.payload()["actions"][0]["action_id"] == "snooze"


async def test_shortcuts_are_in_their_menus(
    slack: SlackServer, bot: ScriptedBot, page: Page
) -> None:
    slack.workspace.offers = Offers(
        shortcuts=(Shortcut("report", "Report it"), Shortcut("draft", "Draft it", on_messages=True))
    )
    await client(slack).chat_postMessage(channel="C0INC", text="slow")
    await expect(page.get_by_text("slow")).to_be_visible()
    await page.get_by_role("button", name="Shortcuts").click()
    await page.get_by_role("menuitem", name="Report it").click()
    await slack.until(lambda: len(bot.requests) == 1)
    await page.get_by_text("slow").hover()
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Draft it").click()
    await slack.until(lambda: len(bot.requests) == 2)
    assert bot.payload()["message"]["text"] == "slow"


async def test_the_home_tab_is_a_view_of_its_own(
    slack: SlackServer, bot: ScriptedBot, page: Page
) -> None:
    bot.answer = Response()
    blocks = [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]
    await client(slack).views_publish(user_id="U0ANN", view={"type": "home", "blocks": blocks})
    await page.get_by_role("button", name="Foghorn").click()
    await page.get_by_role("tab", name="Home").click()
    await page.get_by_role("tabpanel", name="Home").get_by_role("button", name="Go").click()
    await slack.until(lambda: len(bot.requests) == 2)
    assert bot.payload()["view"]["type"] == "home"
