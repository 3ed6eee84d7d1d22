import pytest

from bot.statuspage.served.catalogue import ALWAYS
from bot.statuspage.served.routes import routes
from bot.web.server import build, serve
from tests.statuspage.served.served_page import ServedPage
from tests.statuspage.sites import NOW, outage, quiet
from tests.web.wire import send

pytestmark = pytest.mark.anyio

PAGES = ("/", "/history", "/history/2026-11", "/incident/past-3", "/maintenance/m7")
SHARED = [path for path, item in ALWAYS.items() if item.shared]


@pytest.fixture
def page() -> ServedPage:
    return ServedPage(quiet())


@pytest.mark.parametrize("path", [*PAGES, *ALWAYS])
async def test_every_answer_is_safe_to_show(page: ServedPage, path: str) -> None:
    headers = (await page.ask(path)).headers
    policy = dict(
        rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == policy["frame-ancestors"] == policy["form-action"] == "'none'"
    assert policy["style-src"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers


@pytest.mark.parametrize("path", SHARED)
async def test_scripts_elsewhere_may_read_the_data(page: ServedPage, path: str) -> None:
    answer = await page.ask(path)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    asked = await page.ask(path, "OPTIONS", origin="https://a.example")
    assert (asked.status_code, asked.headers["allow"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("path", PAGES)
async def test_scripts_elsewhere_may_not_read_the_pages(page: ServedPage, path: str) -> None:
    answer = await page.ask(path)
    assert "access-control-allow-origin" not in answer.headers
    assert (await page.ask(path, "OPTIONS")).status_code == 405


@pytest.mark.parametrize("path", ["/", "/feed.atom", "/nowhere"])
async def test_head_tells_the_same_without_the_body(page: ServedPage, path: str) -> None:
    got, told = await page.ask(path), await page.ask(path, "HEAD")
    assert told.content == b""
    assert (told.status_code, told.headers) == (got.status_code, got.headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_nothing_can_be_written(page: ServedPage, method: str) -> None:
    for path, allowed in (("/", "GET, HEAD"), ("/summary.json", "GET, HEAD, OPTIONS")):
        answer = await page.ask(path, method)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/incident/none", "/history/2019-01", "/history/2026-99", "/static/x.css"],
)
async def test_what_is_not_there_is_said_not_to_be(page: ServedPage, path: str) -> None:
    answer = await page.ask(path)
    assert answer.status_code == 404
    assert "No such page" in answer.text
    assert "etag" not in answer.headers


async def test_the_front_page_reloads_itself_only_while_something_is_open(page: ServedPage) -> None:
    assert "refresh" not in (await page.ask("/")).headers
    page.site = outage()
    first = await page.ask("/")
    again = await page.ask("/", if_none_match=first.headers["etag"])
    assert (again.status_code, first.headers["refresh"], again.headers["refresh"]) == (
        304,
        "60",
        "60",
    )
    assert "refresh" not in (await page.ask("/history")).headers


async def test_a_reader_can_have_it_at_rest(page: ServedPage) -> None:
    page.site = outage()
    assert 'href="/still"' in (await page.ask("/")).text
    still = await page.ask("/still")
    assert "refresh" not in still.headers
    assert "Major outage" in still.text


async def test_a_slash_too_much_leads_to_the_page(page: ServedPage) -> None:
    answer = await page.ask("/incident/past-3/")
    assert (answer.status_code, answer.headers["location"]) == (308, "/incident/past-3")


async def test_the_page_leaves_the_servers_own_paths_alone() -> None:
    page = ServedPage(quiet())
    app = build({}, None, routes(page, lambda: NOW))
    async with serve(app, "127.0.0.1", 0) as port:
        healthy = await send(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        front = await send(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert healthy[1] == b"ok"
    assert b"All systems operational" in front[1]
