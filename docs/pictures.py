"""Takes the pictures of the README from the running demo: `make pictures`.

Needs Chromium; Debian's package fonts-noto-color-emoji gives the pictures their signs.
"""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from playwright.async_api import Browser, Page, async_playwright

from bot.cli.demo import Demo, open_demo

FOLDER = Path(__file__).parent / "pictures"
CHROMIUM = "/usr/bin/chromium"
LARGEST = 150_000
Scheme = Literal["light", "dark"]

MESSAGE = (
    "The delivery options in your checkout load slowly or not at all.\n\n"
    "- Orders that come through are complete\n- Labels and pick-ups work as usual"
)
NEWS = "A cache in front of our price lists is overloaded. We are adding room to it now."


async def take_all() -> None:
    """Take every picture, light and dark, each from a demo of its own."""
    FOLDER.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=quiet)
        schemes: tuple[Scheme, ...] = ("light", "dark")
        for scheme in schemes:
            with TemporaryDirectory() as folder:
                async with open_demo(0, Path(folder)) as demo:
                    await take(browser, demo, scheme)
        await browser.close()


async def take(browser: Browser, demo: Demo, scheme: Scheme) -> None:
    """Go through an outage and take the form, the thread and the page on the way."""
    context = await browser.new_context(
        color_scheme=scheme, viewport={"width": 1440, "height": 1000}
    )
    window = await context.new_page()
    await window.goto(demo.workspace_url)
    await fill_in(window)
    form = window.get_by_role("dialog", name="Report an incident")
    await form.screenshot(path=FOLDER / f"form-{scheme}.png")
    await form.get_by_role("button", name="Publish", exact=True).click()
    await close_when_published(window)
    await post_update(window)
    await window.set_viewport_size({"width": 1440, "height": 780})
    await window.get_by_role("button", name="2 replies").last.click()
    await window.frame_locator("iframe[name=public-page]").get_by_text(NEWS).wait_for()
    await window.mouse.move(720, 5)
    await window.wait_for_timeout(300)
    left = await window.locator("#room").bounding_box()
    right = await window.locator("#thread").bounding_box()
    if left and right:
        left["width"] += right["width"]
        await window.screenshot(path=FOLDER / f"thread-{scheme}.png", clip=left)
    public = await context.new_page()
    await public.set_viewport_size({"width": 900, "height": 900})
    await public.goto(demo.page_url)
    await public.screenshot(path=FOLDER / f"page-{scheme}.png")
    await context.close()


async def fill_in(window: Page) -> None:
    """Fill in the form, up to its button."""
    box = window.get_by_label("Message", exact=True)
    await box.fill("/incident Checkout widget is slow")
    await box.press("Enter")
    form = window.get_by_role("dialog", name="Report an incident")
    await form.get_by_label("Message", exact=True).fill(MESSAGE)
    await form.get_by_label("Affected components", exact=True).fill("checkout")
    await form.get_by_role("option", name="Checkout widget").click()
    await form.get_by_label("Component status", exact=True).select_option("Partial outage")
    await form.get_by_label("Incident name", exact=True).focus()


async def post_update(window: Page) -> None:
    """Post an update from the incident's message."""
    await window.get_by_role("button", name="Update", exact=True).last.click()
    form = window.get_by_role("dialog", name="Post an update")
    await form.get_by_label("Status", exact=True).select_option("Identified")
    await form.get_by_label("Message", exact=True).fill(NEWS)
    await form.get_by_role("button", name="Publish", exact=True).click()
    await close_when_published(window)


async def close_when_published(window: Page) -> None:
    """Wait for the outcome and close it."""
    await window.get_by_text("Published on").wait_for()
    await window.keyboard.press("Escape")
    await window.get_by_role("dialog").wait_for(state="hidden")


if __name__ == "__main__":
    asyncio.run(take_all())
    too_large = [one.name for one in FOLDER.glob("*.png") if one.stat().st_size > LARGEST]
    sys.exit(f"Too large: {', '.join(too_large)}" if too_large else 0)
