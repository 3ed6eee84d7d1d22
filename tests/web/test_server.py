import asyncio
import json
from urllib.parse import quote

import httpx
import pytest

from bot.errors import FoghornError
from bot.web import server
from bot.web.server import build, serve
from tests.web.conftest import Site
from tests.web.wire import COMMAND, FORM, request, send

pytestmark = pytest.mark.anyio

JSON = b"application/json"


async def get(port: int, path: str) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.get(f"http://127.0.0.1:{port}{path}")


async def test_a_command_reaches_the_bot_and_its_answer_slack(site: Site) -> None:
    status, body = await send(site.port, request())
    assert (status, json.loads(body)) == (200, {"text": "heard"})
    [payload] = site.heard
    assert payload == {"command": "/incident", "text": "list", "user_id": "U1"}


async def test_an_interaction_is_unwrapped(site: Site) -> None:
    payload = {"type": "block_actions", "text": "déjà vu 🎉"}
    body = b"payload=" + quote(json.dumps(payload)).encode()
    assert (await send(site.port, request(body)))[0] == 200
    assert site.heard[0] == payload


async def test_an_event_is_json(site: Site) -> None:
    body = json.dumps({"type": "event_callback", "event_id": "Ev1"}).encode()
    status, _ = await send(site.port, request(body, content_type=JSON + b"; charset=utf-8"))
    assert status == 200
    assert site.heard[0]["event_id"] == "Ev1"


async def test_slacks_challenge_is_answered_without_the_bot(site: Site) -> None:
    body = b'{"type": "url_verification", "challenge": "3eZbrw1a"}'
    assert await send(site.port, request(body, content_type=JSON)) == (200, b"3eZbrw1a")
    assert site.heard == []


async def test_slacks_check_of_the_certificate_is_answered_without_the_bot(site: Site) -> None:
    assert await send(site.port, request(b"ssl_check=1&token=x")) == (200, b"")
    assert site.heard == []


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(b"", FORM, id="nothing"),
        pytest.param(b"payload", FORM, id="no value"),
        pytest.param(b"payload=", FORM, id="empty payload"),
        pytest.param(b"payload=not+json", FORM, id="payload that is no JSON"),
        pytest.param(b"payload=[]", FORM, id="payload that is a list"),
        pytest.param(b"payload=1", FORM, id="payload that is a number"),
        pytest.param(b"payload=null", FORM, id="payload that is null"),
        pytest.param(b"payload={}", FORM, id="payload without a type"),
        pytest.param(b'payload={"type":1}', FORM, id="payload of a numbered type"),
        pytest.param(b'payload={"type":"x","n":NaN}', FORM, id="no number"),
        pytest.param(b'payload={"type":"x","n":' + b"9" * 5000 + b"}", FORM, id="5000 digits"),
        pytest.param(b'payload={"type":"x","t":"\\ud83d"}', FORM, id="half a surrogate pair"),
        pytest.param(b"payload=" + b"[" * 100_000, FORM, id="deep nesting"),
        pytest.param(b"payload=" + b'{"a":' * 100_000, FORM, id="deep nesting of objects"),
        pytest.param(b"command=/a&text=%ff%fe", FORM, id="bad percent-encoding"),
        pytest.param(b"\xff\xfe=1", FORM, id="bad UTF-8"),
        pytest.param(b"command=/a&command=/b", FORM, id="field twice"),
        pytest.param(b"command=incident", FORM, id="command without slash"),
        pytest.param(b"a=1", FORM, id="neither command nor payload"),
        pytest.param(b"&".join(b"a%d=1" % i for i in range(101)), FORM, id="many fields"),
        pytest.param(b"{}", JSON, id="JSON without a type"),
        pytest.param(b"[]", JSON, id="JSON list"),
        pytest.param(b"{", JSON, id="half a JSON"),
        pytest.param(b"", JSON, id="no JSON"),
        pytest.param(b"\xff", JSON, id="JSON in no encoding"),
        pytest.param(b'{"type":"url_verification"}', JSON, id="no challenge"),
        pytest.param(b'{"type":"url_verification","challenge":1}', JSON, id="numbered challenge"),
        pytest.param(COMMAND, JSON, id="form as JSON"),
        pytest.param(COMMAND, b"text/plain", id="another type"),
        pytest.param(COMMAND, b"", id="no type"),
        pytest.param(COMMAND, b"\xff\xfe", id="type of no letters"),
    ],
)
async def test_signed_garbage_is_refused_and_nothing_done(
    site: Site, body: bytes, content_type: bytes
) -> None:
    assert (await send(site.port, request(body, content_type=content_type)))[0] == 400
    assert site.heard == []


async def test_other_paths_and_methods_are_refused(site: Site) -> None:
    assert (await get(site.port, "/slack/events")).status_code == 405
    assert (await send(site.port, request(path=b"/slack/events/")))[0] == 404
    assert (await send(site.port, request(path=b"/healthz")))[0] == 405
    assert (await get(site.port, "/")).status_code == 404
    assert site.heard == []


async def test_the_process_says_that_it_lives(site: Site) -> None:
    answer = await get(site.port, "/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


async def test_readiness_names_what_is_wrong(site: Site) -> None:
    ready = await get(site.port, "/readyz")
    assert ready.status_code == 200
    assert ready.json() == {"ready": True, "checks": {"database": "ok"}}
    site.problem = "disk full"
    unready = await get(site.port, "/readyz")
    assert unready.status_code == 503
    assert unready.json() == {"ready": False, "checks": {"database": "disk full"}}


async def test_a_check_that_hangs_counts_as_a_problem() -> None:
    async def hang() -> str | None:
        await asyncio.sleep(60)
        return None

    async with serve(build({"slack": hang}, patience=0.01), "127.0.0.1", 0) as port:
        answer = await get(port, "/readyz")
    assert answer.json() == {"ready": False, "checks": {"slack": "no answer within 0.01 s"}}


async def test_in_socket_mode_there_is_no_endpoint_for_slack() -> None:
    async with serve(build({}), "127.0.0.1", 0) as port:
        assert (await send(port, request()))[0] == 404
        assert (await get(port, "/healthz")).status_code == 200


async def test_the_server_speaks_ipv6() -> None:
    async with serve(build({}), "::1", 0) as port, httpx.AsyncClient() as client:
        assert (await client.get(f"http://[::1]:{port}/healthz")).text == "ok"


async def test_a_port_that_is_taken_is_told_in_words(site: Site) -> None:
    with pytest.raises(FoghornError, match=f"Cannot listen on 127.0.0.1, port {site.port}"):
        async with serve(build({}), "127.0.0.1", site.port):
            pytest.fail("two servers on one port")


async def test_a_request_in_hand_is_finished_on_the_way_out() -> None:
    entered, leave = asyncio.Event(), asyncio.Event()

    async def slow() -> str | None:
        entered.set()
        await leave.wait()
        return None

    async with serve(build({"slow": slow}), "127.0.0.1", 0) as port:
        asking = asyncio.create_task(get(port, "/readyz"))
        await entered.wait()
        asyncio.get_running_loop().call_later(0.2, leave.set)
    assert (await asking).status_code == 200


def test_the_secret_does_not_show(site: Site) -> None:
    slack = server.SlackEndpoint(site.handle, "the-secret")
    assert "the-secret" not in repr(slack)
