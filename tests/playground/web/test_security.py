"""Who may use the workspace in a browser."""

import asyncio
import re
from pathlib import Path

import httpx
import pytest

from bot.playground import SlackServer
from bot.playground.web import site
from tests.playground.web.browser_client import OWN, do, send_request, stream_events

pytestmark = pytest.mark.anyio
STATIC = sorted((Path(site.__file__).parent / "static").iterdir())


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil:1", ""])
@pytest.mark.parametrize("path", ["/", "/live", "/do", "/api/auth.test", "/static/main.js"])
async def test_another_name_for_this_machine_is_refused(
    slack: SlackServer, host: str, path: str
) -> None:
    got = await send_request(slack, path, headers={"Host": host})
    assert got.status_code in {400, 421}
    assert "Foghorn" not in got.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:4280", "[::1]:4280", "LOCALHOST"])
async def test_the_names_of_loopback_are_welcome(slack: SlackServer, host: str) -> None:
    assert (await send_request(slack, "/", headers={"Host": host})).status_code == 200


async def test_a_socket_under_another_name_is_refused(slack: SlackServer) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", slack.port)
    lines = [
        "GET /link/?ticket=t000001 HTTP/1.1",
        "Host: evil.example",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    ]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    assert b" 403 " in await reader.readline()
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Playground": None},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_a_foreign_page_cannot_act(
    slack: SlackServer, headers: dict[str, str | None]
) -> None:
    given = {name: value for name, value in {**OWN, **headers}.items() if value is not None}
    body = {"do": "say", "as": "U0ANN", "channel": "C0RAN", "text": "hello", "thread": None}
    got = await send_request(slack, "/do", json=body, headers=given)
    assert got.status_code == 403
    assert slack.messages("random") == []


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "text/plain", 400),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'"' + b"a" * 1_000_001 + b'"', "application/json", 413),
    ],
)
async def test_nonsense_is_no_request(
    slack: SlackServer, content: bytes, kind: str, status: int
) -> None:
    got = await send_request(slack, "/do", content=content, headers={**OWN, "Content-Type": kind})
    assert got.status_code == status


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"do": "say"},
        {"do": "fly", "as": "U0ANN"},
        {"do": "say", "as": "U0NOBODY"},
        {"do": "say", "as": "U0BOT", "channel": "C0RAN", "text": "x"},
        {"do": "say", "as": "U0ANN", "channel": ["C0RAN"], "text": "x"},
        {"do": "typed", "as": "U0ANN", "view": 7},
    ],
)
async def test_a_request_that_our_page_never_sends_is_refused(
    slack: SlackServer, body: dict[str, object]
) -> None:
    got = await send_request(slack, "/do", json=body, headers=OWN)
    assert got.status_code == 400


@pytest.mark.parametrize("path", ["/", "/static/main.js", "/wire/0"])
async def test_every_answer_keeps_the_page_to_itself(slack: SlackServer, path: str) -> None:
    got = await send_request(slack, path)
    policy = got.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in got.headers


@pytest.mark.parametrize("asset", STATIC, ids=lambda path: path.name)
def test_nothing_comes_from_elsewhere(asset: Path) -> None:
    text = asset.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    code = re.sub(r"^//.*|\s//\s.*|/\*.*?\*/", "", text, flags=re.MULTILINE)
    addresses = set(re.findall(r"https?://[a-z][\w.]*", code)) - {"http://www.w3.org"}
    assert addresses == set()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", text)


async def test_a_taken_port_is_said_at_once(slack: SlackServer) -> None:
    second = SlackServer(
        slack.workspace, signing_secret="s", bot_token="b", app_token="a", port=slack.port
    )
    with pytest.raises(OSError, match="in use"):
        await second.__aenter__()


async def test_somebody_unknown_sees_the_first_person(slack: SlackServer) -> None:
    (place,) = await stream_events(slack, "U0NOBODY", "place")
    assert place["me"]["id"] == "U0ANN"


async def test_only_loopback_listens(slack: SlackServer) -> None:
    transport = httpx.AsyncHTTPTransport(local_address="127.0.0.1")
    async with httpx.AsyncClient(transport=transport) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://127.0.0.2:{slack.port}/")
    assert await do(slack, "home") == {}
