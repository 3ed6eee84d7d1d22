"""What a browser hears of the workspace, and the page beside it."""

from collections.abc import AsyncIterator

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.playground import SlackServer
from bot.playground.loopback_server import LoopbackServer
from tests.playground.bolt_app import ScriptedBot, client
from tests.playground.web.browser_client import Json, say, send_request, stream_events
from tests.waits import patience

pytestmark = pytest.mark.anyio


async def test_the_first_news_is_the_whole_screen(slack: SlackServer) -> None:
    (place,) = await stream_events(slack, "U0BEN", "place")
    assert place["me"]["tz"] == "America/New_York"
    names = [one["name"] for one in place["channels"]]
    assert names == ["incidents", "random", "private", "ben"]


async def test_a_new_message_comes_by_itself_and_alone(slack: SlackServer) -> None:
    async with anyio.create_task_group() as tasks:
        heard: list[dict[str, object]] = []

        async def listen() -> None:
            heard.extend(await stream_events(slack, "U0ANN", "messages", 5))

        tasks.start_soon(listen)
        await slack.until(lambda: len(slack.workspace.journal.listeners) > 1)
        await anyio.sleep(0.2)  # the first news: one event for each of the four channels
        await say(slack, "news")
    assert heard[-1]["channel"] == "C0INC"
    assert "news" in str(heard[-1])


async def test_a_private_message_is_seen_by_one_person(slack: SlackServer) -> None:
    await client(slack).chat_postEphemeral(channel="C0INC", user="U0BEN", text="psst")
    for who, seen in (("U0BEN", True), ("U0ANN", False)):
        news = await stream_events(slack, who, "messages", 4)
        assert ("psst" in str(news)) is seen


async def test_the_wire_shows_both_ways_and_what_was_refused(
    slack: SlackServer, bot: ScriptedBot
) -> None:
    bot.answer = Response(status_code=500)
    await say(slack, "/incident slow")
    await client(slack).auth_test()
    with pytest.raises(Exception, match="channel_not_found"):
        await client(slack).chat_postMessage(channel="C0NO", text="x")
    rows = await stream_events(slack, "U0ANN", "wire", 3)
    assert [row["to_bot"] for row in rows] == [True, False, False]
    assert [row["verdict"] for row in rows] == ["dispatch_failed", "ok", "channel_not_found"]
    assert [row["bad"] for row in rows] == [True, False, True]
    assert rows[0]["named"] == "/incident slow"
    details = (await send_request(slack, "/wire/0")).json()
    assert details["sent"]["text"] == "slow"
    assert (await send_request(slack, "/wire/99")).status_code == 404


async def test_a_browser_that_leaves_is_forgotten(slack: SlackServer) -> None:
    await stream_events(slack, "U0ANN", "place")
    await slack.until(lambda: len(slack.workspace.journal.listeners) == 1)


class Page:
    """A public page that counts how often it was asked for."""

    def __init__(self) -> None:
        self.etag, self.url, self.asked = '"1"', "", 0

    async def serve(self, request: Request) -> Response:
        self.asked += 1
        headers = {
            "ETag": self.etag,
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        }
        if request.headers.get("if-none-match") == self.etag:
            return Response(status_code=304, headers=headers)
        path, query = request.url.path, request.url.query
        canonical = f'<link rel="canonical" href="{self.url}{path}">'
        links = f'<a href="{self.url}/history">{path} {query}</a><a href="/feed.atom">Atom</a>'
        return PlainTextResponse(canonical + links, headers=headers, media_type="text/html")


@pytest.fixture
async def page(slack: SlackServer) -> AsyncIterator[Page]:
    page = Page()
    listener = LoopbackServer(Starlette(routes=[Route("/{path:path}", page.serve)]), 0)
    page.url = f"http://127.0.0.1:{await listener.start()}"
    await slack.site.show_page(page.url)
    yield page
    await listener.stop()


async def test_the_page_may_be_framed_by_us_alone(slack: SlackServer, page: Page) -> None:
    (beside,) = await stream_events(slack, "U0ANN", "page")
    async with httpx.AsyncClient(trust_env=False) as browser:
        got = await browser.get(f"{beside['frame']}/incident/1?a=b")
        foreign = await browser.get(beside["frame"], headers={"Host": "evil.example"})
    ancestors = "frame-ancestors http://127.0.0.1:* http://localhost:*"
    assert got.headers["content-security-policy"] == f"default-src 'none'; {ancestors}"
    assert f'<a href="{beside["frame"]}/history">/incident/1 a=b</a>' in got.text
    assert foreign.status_code == 421
    assert beside["url"] == page.url


async def test_what_leads_out_of_the_frame_has_the_pages_own_address(
    slack: SlackServer, page: Page
) -> None:
    (beside,) = await stream_events(slack, "U0ANN", "page")
    async with httpx.AsyncClient(trust_env=False) as browser:
        got = await browser.get(f"{beside['frame']}/incident/1")
    assert f'rel="canonical" href="{page.url}/incident/1"' in got.text
    assert f'<a target="_blank" href="{page.url}/feed.atom">' in got.text


async def test_the_address_beside_the_frame_is_that_of_what_it_shows(
    slack: SlackServer, page: Page
) -> None:
    (beside,) = await stream_events(slack, "U0ANN", "page")
    assert (beside["url"], beside["path"]) == (page.url, "/")
    async with httpx.AsyncClient(trust_env=False) as browser:
        await browser.get(f"{beside['frame']}/incident/1?a=b")
    (beside,) = await stream_events(slack, "U0ANN", "page")
    assert beside["path"] == "/incident/1?a=b"


async def test_the_page_is_shown_again_when_it_changed(slack: SlackServer, page: Page) -> None:
    assert (await _version(slack, 1))["url"] == page.url
    asked = page.asked
    await say(slack, "something happens, the page stays as it is")
    await slack.until(lambda: page.asked > asked)
    assert (await _version(slack, 1))["version"] == 1
    page.etag = '"2"'
    await say(slack, "and now it is another")
    assert (await _version(slack, 2))["version"] == 2


async def _version(slack: SlackServer, least: int) -> Json:
    """What is said of the page, once it has changed so often."""
    async with patience(f"version {least}"):
        while True:
            # A new listener hears first how things are, so no change can slip between two.
            (beside,) = await stream_events(slack, "U0ANN", "page")
            if beside["version"] >= least:
                return beside
