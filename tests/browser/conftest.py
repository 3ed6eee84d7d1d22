from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

from bot.cli.demo import Demo, open_demo
from tests import waits

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE = waits.SECONDS * 1000
"""Milliseconds."""
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        await running.close()


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    """The whole demo, as `make demo` runs it."""
    async with open_demo(0, tmp_path) as running:
        yield running


@pytest.fixture
async def page(chromium: Browser, demo: Demo) -> AsyncIterator[Page]:
    """A window with the demo in it; whatever the page complains of fails the test."""
    context = await chromium.new_context(viewport={"width": 1500, "height": 950})
    context.set_default_timeout(PATIENCE)
    window = await context.new_page()
    complaints: list[str] = []
    window.on("pageerror", lambda error: complaints.append(str(error)))

    def listen(said: ConsoleMessage) -> None:
        if said.type == "error":
            complaints.append(said.text)

    window.on("console", listen)
    await window.goto(demo.workspace_url)
    yield window
    await context.close()
    assert complaints == []
