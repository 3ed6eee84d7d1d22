"""A fresh database: what can be done before a page was read for the first time."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.app import App, open_app
from bot.config import load
from bot.playground import Modal
from tests.fakes.instatus import InstatusFake
from tests.fakes.vendor import VendorFake
from tests.waits import patience
from tests.whole.rig import Stage, staged

pytestmark = pytest.mark.anyio


@pytest.fixture
async def vendor() -> AsyncIterator[VendorFake]:
    """One vendor: none of them was read."""
    async with InstatusFake() as running:
        yield running


@pytest.fixture
async def stage(vendor: VendorFake, tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged([vendor], tmp_path) as ready:
        yield ready


async def form(stage: Stage, app: App, command: str, title: str) -> Modal:
    stage.slack.bot_at(f"http://127.0.0.1:{app.port}/slack/events")
    ann = stage.slack.person("ann")
    await ann.types(f"/{command} Checkout is down")
    return await ann.modal(title)


async def readiness(app: App) -> tuple[int, str]:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{app.port}/readyz", timeout=10)
    return answer.status_code, answer.json()["checks"]["pages"]


@pytest.mark.parametrize("trouble", ["away", "faulty"])
async def test_a_form_sent_before_its_page_was_read_has_it_read_and_is_published(
    stage: Stage, vendor: VendorFake, trouble: str
) -> None:
    if trouble == "away":
        await vendor.refuse_connections()
    else:
        vendor.fail_next(500, times=50, method="GET")
    async with open_app(load(stage.env, stage.cwd)) as app:
        async with patience("a first try"):
            await app.synced.wait()
        status, words = await readiness(app)
        assert (status, words.startswith("instatus: ")) == (503, True)
        report = await form(stage, app, "incident", "Report an incident")
        report.fill("Message", "Cards are refused.")
        refused = await report.submit()
        assert refused.action == "errors"
        assert "has not read" in "".join(refused.errors.values())
        assert report.value("Message") == "Cards are refused."
        await vendor.accept()
        assert (await report.submit()).action == "update"
        await stage.slack.until(vendor.incidents, what="the incident on the page")
        assert (await readiness(app))[1] == "ok"


async def test_a_form_that_was_opened_before_there_were_pages_asks_which_are_meant(
    stage: Stage, vendor: VendorFake
) -> None:
    shop = vendor.add_page("Shop")
    await vendor.refuse_connections()
    async with open_app(load(stage.env, stage.cwd)) as app:
        report = await form(stage, app, "incident", "Report an incident")
        report.fill("Message", "Cards are refused.")
        await vendor.accept()
        assert (await report.submit()).action == "update"
        assert "read its pages only now" in report.text
        await report.choose("Page", "Shop")
        assert report.value("Message") == "Cards are refused."
        assert (await report.submit()).action == "update"
        await stage.slack.until(lambda: vendor.incidents(shop), what="the incident on the page")


async def test_a_form_sent_while_its_page_is_being_read_waits_for_it(
    stage: Stage, vendor: VendorFake
) -> None:
    vendor.slow(0.5)
    async with open_app(load(stage.env, stage.cwd)) as app:
        report = await form(stage, app, "incident", "Report an incident")
        report.fill("Message", "Cards are refused.")
        assert (await report.submit()).action == "update"
        await stage.slack.until(vendor.incidents, what="the incident on the page")
