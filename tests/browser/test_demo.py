"""What the README promises: with no account at all, an outage from its report to its end."""

import pytest
from playwright.async_api import FrameLocator, Locator, Page, expect

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


def public(page: Page) -> FrameLocator:
    """The public page beside the workspace."""
    return page.frame_locator("iframe[name=public-page]")


def parent(page: Page) -> Locator:
    """The message that stands for the incident."""
    return page.locator("#messages article", has=page.get_by_role("heading")).last


async def write(page: Page, line: str) -> None:
    box = page.get_by_label("Message", exact=True)
    await box.fill(line)
    await box.press("Enter")


async def test_an_outage_from_its_report_to_its_end(page: Page) -> None:
    await expect(public(page).get_by_role("heading", level=1)).to_be_visible()
    await write(page, "/incident Checkout is slow")
    form = page.get_by_role("dialog", name="Report an incident")
    await expect(form.get_by_label("Incident name", exact=True)).to_have_value("Checkout is slow")
    await form.get_by_label("Message", exact=True).fill("Orders take **long**.")
    await form.get_by_label("Affected components", exact=True).fill("checkout")
    await form.get_by_role("option", name="Checkout widget").click()
    await form.get_by_label("Component status", exact=True).select_option("Partial outage")
    await form.get_by_role("button", name="Publish", exact=True).click()
    outcome = page.get_by_role("dialog", name="Published")
    await expect(outcome).to_contain_text("Published on Ternwick")
    await outcome.get_by_role("button", name="Close", exact=True).click()
    await expect(parent(page)).to_contain_text("Checkout widget: Partial outage")
    await expect(public(page).get_by_text("Orders take long.")).to_be_visible()
    address = page.locator(".page-bar a")
    home = await address.get_attribute("href") or ""
    view = parent(page).get_by_role("link", name="Ternwick")
    assert (await view.get_attribute("href") or "").startswith(f"{home}incident/")
    await view.click()
    await expect(address).to_have_attribute("href", await view.get_attribute("href") or "")
    await public(page).get_by_role("link", name="Status", exact=True).click()
    await expect(address).to_have_attribute("href", home)

    await parent(page).get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread).to_contain_text("read back from the page")
    await post(page, "Update", "Publish", "A fix is on its way.", "Identified")
    await expect(thread).to_contain_text("A fix is on its way.")
    await expect(public(page).get_by_text("A fix is on its way.")).to_be_visible()

    await post(page, "Resolve", "Resolve", "All orders go through again.")
    await expect(parent(page)).to_contain_text("Resolved")
    await expect(thread).to_contain_text("All orders go through again.")
    await expect(public(page).get_by_text("Open incidents")).to_have_count(0)


async def post(page: Page, button: str, submit: str, message: str, status: str = "") -> None:
    """Fill in and submit *Post an update*."""
    await parent(page).get_by_role("button", name=button, exact=True).click()
    form = page.get_by_role("dialog", name="Post an update")
    await form.get_by_label("Message", exact=True).fill(message)
    if status:
        await form.get_by_label("Status", exact=True).select_option(status)
    await form.get_by_role("button", name=submit, exact=True).click()
    outcome = page.get_by_role("dialog", name="Published")
    await outcome.get_by_text("Published on").wait_for()
    await page.keyboard.press("Escape")
    await expect(outcome).to_be_hidden()


async def focused(page: Page) -> str:
    """What has the focus, by its label or its words."""
    return str(
        await page.evaluate(
            """() => {
                const one = document.activeElement;
                return one.labels?.[0]?.textContent ?? one.getAttribute("aria-label")
                    ?? one.textContent.trim();
            }"""
        )
    )


async def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    for _ in range(60):
        if await focused(page) == name:
            return
        await page.keyboard.press(key)
    raise AssertionError(f"Tab never reaches {name!r}")


async def within_message(page: Page, name: str) -> None:
    """Go from the newest message, which is one stop of Tab, to a button in it."""
    assert await page.evaluate("document.activeElement.matches('article:last-child')")
    await page.keyboard.press("Enter")
    await tab_to(page, name, "ArrowRight")


async def test_an_outage_with_the_keyboard_alone(page: Page) -> None:
    await page.get_by_text("Seeing").wait_for()
    await tab_to(page, "Message")
    await page.keyboard.type("/inc")
    await page.keyboard.press("Enter")  # completes
    await page.keyboard.type("Labels are late")
    await page.keyboard.press("Enter")
    form = page.get_by_role("dialog", name="Report an incident")
    await form.wait_for()
    assert await focused(page) == "Message"  # the name was typed behind the command
    await tab_to(page, "Publish")
    await page.keyboard.press("Enter")  # the message is missing, and is said to be
    await expect(form.get_by_role("alert").get_by_text("required")).to_be_visible()
    assert await focused(page) == "Message"
    await page.keyboard.type("Labels come minutes late.")
    await tab_to(page, "Affected components")
    await page.keyboard.type("label")
    await form.get_by_role("option", name="Label printing").wait_for()
    await page.keyboard.press("Enter")
    await expect(form.get_by_role("button", name="Remove Label printing")).to_be_visible()
    await page.keyboard.type("pri")
    await expect(form.get_by_role("listbox")).to_be_visible()
    await page.keyboard.press("Escape")  # closes the list, not the form
    await expect(form.get_by_role("listbox")).to_be_hidden()
    await tab_to(page, "Publish")
    await page.keyboard.press("Enter")
    await page.get_by_text("Published on").wait_for()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert await focused(page) == "Message"

    await page.keyboard.press("Shift+Tab")  # the hint's, or the newest message
    await within_message(page, "Resolve")
    await page.keyboard.press("Enter")
    update = page.get_by_role("dialog", name="Post an update")
    await update.wait_for()
    await tab_to(page, "Message")
    await page.keyboard.type("Labels are on time.")
    await page.keyboard.press("Control+Enter")
    await page.get_by_text("Published on").wait_for()
    await page.keyboard.press("Escape")
    await expect(parent(page)).to_contain_text("Resolved")
    await expect(public(page).get_by_text("Open incidents")).to_have_count(0)


async def test_focus_stays_in_a_form(page: Page) -> None:
    await write(page, "/incident")
    await page.get_by_role("dialog").wait_for()
    outside = "!document.activeElement.matches('body, dialog, dialog *')"
    for _ in range(40):
        await page.keyboard.press("Tab")
        assert not await page.evaluate(outside)


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "<javascript:alert(1)|click>",
    "[click](javascript:alert(1))",
    "<!date^1^{date}^javascript:alert(1)|x>",
    "`<b>code</b>` *<i>bold</i>* &lt;u&gt;",
    '<https://x.example/"onmouseover="alert(1)|link>',
]


async def test_hostile_text_stays_text(page: Page) -> None:
    alarms: list[str] = []
    page.on("dialog", lambda dialog: alarms.append(dialog.message))
    for line in HOSTILE:
        await write(page, line)
    await write(page, f"/incident {HOSTILE[0]}")
    form = page.get_by_role("dialog", name="Report an incident")
    await expect(form.get_by_label("Incident name", exact=True)).to_have_value(HOSTILE[0])
    await form.get_by_label("Message", exact=True).fill("\n\n".join(HOSTILE))
    await form.get_by_role("button", name="Publish", exact=True).click()
    await page.get_by_text("Published on").wait_for()
    await page.keyboard.press("Escape")
    await parent(page).get_by_role("button", name="1 reply").click()
    await page.get_by_role("complementary", name="Thread").get_by_text("onerror").first.wait_for()
    assert await page.locator("#messages :is(script, img[src=x], svg), #thread script").count() == 0
    schemes = await page.eval_on_selector_all("a", "all => all.map(one => one.protocol)")
    assert set(schemes) <= {"http:", "https:", "mailto:"}
    handlers = "all => all.flatMap(one => one.getAttributeNames()).filter(name => /^on/.test(name))"
    assert await page.eval_on_selector_all("*", handlers) == []
    assert alarms == []


async def test_people_see_what_is_theirs_in_their_own_time(page: Page) -> None:
    await write(page, "/incident list")
    private = page.get_by_text("Only visible to you")
    await private.wait_for()
    hour = await page.locator("#messages article time").last.text_content()
    await page.get_by_label("Act as", exact=True).select_option("Mei Tanaka")
    await expect(page.get_by_text("Seeing")).to_be_visible()
    await expect(private).to_have_count(0)
    assert hour not in await page.locator("#messages article time").all_text_contents()


async def test_a_guest_is_told_why_not(page: Page) -> None:
    await page.get_by_label("Act as", exact=True).select_option("Gus Guest (guest)")
    await expect(page.get_by_role("heading", name="# support")).to_be_visible()
    await write(page, "/incident Everything is down")
    await expect(page.get_by_text("Guests")).to_be_visible()


async def test_the_wire_shows_how_fast_the_bot_was(page: Page) -> None:
    await write(page, "/incident list")
    await page.get_by_role("tab", name="On the wire").click()
    row = page.locator(".wire li", has_text="/incident list")
    await expect(row).to_contain_text("ms")
    await row.get_by_role("group").click()
    await expect(row).to_contain_text("trigger_id")
