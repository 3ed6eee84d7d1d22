"""How it is to be in the workspace: keys, scrolling, the wire, and faults to train with."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.test_demo import focused, parent, public, tab_to, write

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


async def report(page: Page, name: str) -> Locator:
    """Report an incident; return the window that says what came of it."""
    await write(page, f"/incident {name}")
    form = page.get_by_role("dialog", name="Report an incident")
    await form.get_by_label("Message", exact=True).fill("We look into it.")
    await form.get_by_role("button", name="Publish", exact=True).click()
    return page.get_by_role("dialog", name=re.compile("^Publish"))


async def test_a_newcomer_is_told_where_to_start_once(page: Page) -> None:
    hint = page.get_by_role("note")
    await expect(hint).to_contain_text("Start here")
    await hint.get_by_role("button", name="Write /incident").click()
    assert await focused(page) == "Message"
    await expect(page.get_by_label("Message", exact=True)).to_have_value("/incident ")
    await page.keyboard.type("list")
    await page.keyboard.press("Enter")
    await page.get_by_text("Only visible to you").wait_for()
    await expect(hint).to_be_hidden()
    await page.reload()
    await page.get_by_text("Seeing").wait_for()
    await expect(hint).to_be_hidden()


async def test_keys_reach_the_message_box_and_every_message_is_one_stop(page: Page) -> None:
    await page.get_by_text("Seeing").wait_for()
    await page.keyboard.press("Tab")
    assert await focused(page) == "Skip to the message box"
    await page.keyboard.press("Enter")
    assert await focused(page) == "Message"

    outcome = await report(page, "Checkout is slow")
    await expect(outcome).to_contain_text("Published on")
    await page.keyboard.press("Escape")
    await parent(page).get_by_role("button", name="Update", exact=True).click()
    await page.get_by_role("dialog").wait_for()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.keyboard.type("all is well")  # with the focus on a button
    await expect(page.get_by_label("Message", exact=True)).to_have_value("all is well")
    await page.keyboard.press("Enter")
    await page.locator("#messages article", has_text="all is well").wait_for()

    await page.get_by_label("Message", exact=True).focus()
    await page.keyboard.press("Shift+Tab")
    stops = [await focused(page)]
    await page.keyboard.press("Shift+Tab")
    stops.append(await focused(page))
    labels = await page.locator("#messages article").evaluate_all(
        "all => all.map(one => one.getAttribute('aria-label'))"
    )
    assert stops == [labels[-1], labels[-2]]
    await page.keyboard.press("Enter")
    await tab_to(page, "Update", "ArrowRight")
    await page.keyboard.press("Escape")
    assert await focused(page) == labels[-2]


async def test_what_one_sends_is_seen_and_ages_go_on(page: Page) -> None:
    place = page.locator("#messages")
    for number in range(12):
        await write(page, f"line {number}\n\n\n\nend")
    await page.locator("#messages article", has_text="line 11").wait_for()
    jump = page.get_by_role("button", name="Jump to latest")
    await expect(jump).to_be_hidden()
    await place.evaluate("one => one.scrollTo(0, 0)")
    await jump.click()
    await expect(page.locator("#messages article").last).to_be_in_viewport()
    await place.evaluate("one => one.scrollTo(0, 0)")
    await expect(jump).to_be_visible()
    await write(page, "this is mine")
    await expect(page.locator("#messages article", has_text="this is mine")).to_be_in_viewport()
    await expect(jump).to_be_hidden()

    outcome = await report(page, "Checkout is slow")
    await expect(outcome).to_contain_text("Published on")
    await page.keyboard.press("Escape")
    age = parent(page).locator("time", has_text="minute").first
    before = await age.text_content()
    await page.evaluate("{ const now = Date.now; Date.now = () => now() + 7 * 60000; }")
    await expect(age).not_to_have_text(str(before))


async def test_the_wire_shows_when_what_and_the_answer(page: Page) -> None:
    await write(page, "/incident list")
    await page.get_by_role("tab", name="On the wire").click()
    row = page.locator(".wire li", has_text="/incident list")
    assert len(str(await row.locator("time").text_content())) == len("12:00:00")
    await row.get_by_role("group").click()
    await expect(row.get_by_role("heading")).to_have_text(["Sent", "Answer"])
    await expect(row).to_contain_text('"token": "…"')


async def test_a_team_can_train_for_a_page_that_is_down(page: Page) -> None:
    await page.get_by_role("tab", name="Faults").click()
    labels = page.locator(".faults label")
    names = ["Page down", "Page slow", "Answers lost", "Slack’s 429", "Socket silent"]
    await expect(labels).to_have_text(names)
    await page.get_by_role("switch", name="Page down").check()
    await expect(page.get_by_text("On: Page down")).to_be_visible()
    outcome = await report(page, "Checkout is slow")
    await expect(outcome).to_contain_text("Not on Ternwick yet")
    await page.keyboard.press("Escape")
    await page.get_by_role("switch", name="Page down").uncheck()
    await page.get_by_role("tab", name="Public page").click()
    await expect(public(page).get_by_text("Checkout is slow").first).to_be_visible()
    await expect(page.get_by_text("On: Page down")).to_be_hidden()
