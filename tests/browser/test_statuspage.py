"""What the public page promises to everybody who reads it, looked at in a real browser."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, Page, Request

from bot.statuspage.model.site import Site
from bot.statuspage.served.routes import routes
from bot.web.server import build, serve
from tests.browser import checkers
from tests.statuspage.served.served_page import ServedPage
from tests.statuspage.sites import NOW, outage, quiet

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

SITES: dict[str, Site] = {"quiet": quiet(), "outage": outage()}
PATHS = ["/", "/still", "/history", "/incident/past-3", "/maintenance/m7", "/nowhere"]
WIDTHS = [320, 640, 1280]
UNFOLD = "document.querySelectorAll('details').forEach(one => one.open = true)"
WIDE = "document.documentElement.scrollWidth"
Scheme = Literal["light", "dark"]
SCHEMES: list[Scheme] = ["light", "dark"]


@pytest.fixture(scope="module")
def installed() -> checkers.Checkers:
    return checkers.install()


@pytest.fixture(scope="module", params=SITES)
async def address(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    source = ServedPage(SITES[request.param])
    async with serve(build({}, None, routes(source, lambda: NOW)), "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"


async def opened(
    chromium: Browser,
    scheme: Scheme = "light",
    width: int = 1280,
    **more: Any,  # noqa: ANN401 -- Playwright's own options
) -> Page:
    context = await chromium.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True, **more
    )
    return await context.new_page()


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_axe_finds_nothing(
    chromium: Browser, address: str, installed: checkers.Checkers, scheme: Scheme
) -> None:
    page = await opened(chromium, scheme)
    said = []
    for path in PATHS:
        await page.goto(address + path)
        await page.evaluate(UNFOLD)
        await page.evaluate(installed.axe())
        found = await page.evaluate("axe.run().then(found => found.violations)")
        said += [f"{path} {one['id']}: {node['html']}" for one in found for node in one["nodes"]]
    await page.context.close()
    assert said == []


@pytest.mark.parametrize("width", WIDTHS)
async def test_nobody_must_scroll_sideways(chromium: Browser, address: str, width: int) -> None:
    page = await opened(chromium, width=width)
    widths = {}
    for path in PATHS:
        await page.goto(address + path)
        await page.evaluate(UNFOLD)
        widths[path] = await page.evaluate(WIDE)
        # Text at twice its size, as people set it in their browser.
        await page.add_style_tag(content="html { font-size: 200% !important }")
        widths[f"{path} at twice the size"] = await page.evaluate(WIDE)
    await page.context.close()
    assert set(widths.values()) == {width}, widths


async def test_it_is_two_requests_without_a_script_or_a_cookie(
    chromium: Browser, address: str
) -> None:
    page = await opened(chromium, java_script_enabled=False)
    asked: list[Request] = []
    page.on("request", lambda one: asked.append(one))  # noqa: PLW0108 -- Playwright marks it
    answer = await page.goto(address + "/")
    await page.wait_for_load_state("networkidle")
    cookies = await page.context.cookies()
    heading = await page.get_by_role("heading", level=1).inner_text()
    await page.context.close()
    assert [one.url.startswith(address) for one in asked if not one.url.startswith("data:")] == [
        True,
        True,
    ]
    assert answer
    assert (answer.status, cookies) == (200, [])
    assert heading


async def test_the_keyboard_goes_past_the_top_first(chromium: Browser, address: str) -> None:
    page = await opened(chromium)
    await page.goto(address + "/")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.innerText") == "Skip to the status"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"
    await page.context.close()


async def test_html_validate_finds_nothing(
    address: str, installed: checkers.Checkers, chromium: Browser, tmp_path: Path
) -> None:
    page = await opened(chromium)
    texts = {}
    for number, path in enumerate(PATHS):
        answer = await page.request.get(address + path)
        texts[str(number)] = await answer.text()
    await page.context.close()
    said = installed.complaints(texts, tmp_path)
    assert said == [], said
