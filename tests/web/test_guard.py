import asyncio
import gc
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse
from starlette.types import Message

from bot.web.guard import BODY_LIMIT, Guard
from bot.web.refusals import Refusals
from tests.web.conftest import Site
from tests.web.wire import COMMAND, NOW, SECRET, Headers, chunked, request, send, signature, signed

pytestmark = pytest.mark.anyio

STAMP = b"X-Slack-Request-Timestamp"
SIGN = b"X-Slack-Signature"
NOW_STAMP = b"%d" % NOW
GOOD = signature(COMMAND)
HUGE = b"payload=" + b"x" * 1_100_000


async def test_what_slack_signed_gets_through(site: Site) -> None:
    assert (await send(site.port, request()))[0] == 200
    assert len(site.heard) == 1


async def test_the_length_need_not_be_announced(site: Site) -> None:
    assert (await send(site.port, chunked(COMMAND, signed(COMMAND), 7)))[0] == 200
    [payload] = site.heard
    assert payload["command"] == "/incident"


@pytest.mark.parametrize("seconds", [-300, 300])
async def test_a_clock_may_be_five_minutes_off(site: Site, seconds: int) -> None:
    stamp = b"%d" % (NOW + seconds)
    assert (await send(site.port, request(headers=signed(COMMAND, stamp))))[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([], id="no headers"),
        pytest.param([(SIGN, GOOD)], id="no timestamp"),
        pytest.param([(STAMP, NOW_STAMP)], id="no signature"),
        pytest.param([(STAMP, NOW_STAMP), (SIGN, signature(b"other"))], id="another body's"),
        pytest.param(
            [(STAMP, NOW_STAMP), (SIGN, signature(COMMAND, secret="other"))], id="another secret's"
        ),
        pytest.param([(STAMP, b"%d" % (NOW - 1)), (SIGN, GOOD)], id="another time's"),
        pytest.param(signed(COMMAND, b"%d" % (NOW - 301)), id="too old"),
        pytest.param(signed(COMMAND, b"%d" % (NOW + 301)), id="too new"),
        pytest.param(signed(COMMAND, b"now"), id="timestamp of letters"),
        pytest.param(signed(COMMAND, b""), id="empty timestamp"),
        pytest.param(signed(COMMAND, b"9" * 5000), id="timestamp of 5000 digits"),
        pytest.param(signed(COMMAND, b"-1531420618"), id="negative timestamp"),
        pytest.param(signed(COMMAND, b"1531420618.0"), id="timestamp with a fraction"),
        pytest.param(signed(COMMAND, b"+1531420618"), id="timestamp with a sign"),
        pytest.param(signed(COMMAND, b"1_531_420_618"), id="timestamp with underscores"),
        pytest.param(signed(COMMAND, b"1e9"), id="timestamp with an exponent"),
        pytest.param(signed(COMMAND, "١٥٣١٤٢٠٦١٨".encode()), id="timestamp of other digits"),
        pytest.param(signed(COMMAND, b"\xff\xfe"), id="timestamp of no letters at all"),
        pytest.param([(STAMP, NOW_STAMP), (SIGN, b"")], id="empty signature"),
        pytest.param([(STAMP, NOW_STAMP), (SIGN, b"v0=")], id="signature of nothing"),
        pytest.param([(STAMP, NOW_STAMP), (SIGN, GOOD[3:])], id="signature without version"),
        pytest.param([(STAMP, NOW_STAMP), (SIGN, b"v1" + GOOD[2:])], id="unknown version"),
        pytest.param([(STAMP, NOW_STAMP), (SIGN, GOOD.upper())], id="upper case signature"),
        pytest.param([(STAMP, NOW_STAMP), (SIGN, GOOD + b"00")], id="signature too long"),
        pytest.param([(STAMP, NOW_STAMP), (SIGN, "v0=é".encode() * 20)], id="accents"),
        pytest.param([(STAMP, NOW_STAMP), (SIGN, b"v0=" + b"\xff" * 64)], id="no letters"),
        pytest.param([*signed(COMMAND), (SIGN, GOOD)], id="signature twice"),
        pytest.param([*signed(COMMAND), (SIGN, signature(b"other"))], id="two signatures"),
        pytest.param([*signed(COMMAND), (STAMP.lower(), NOW_STAMP)], id="timestamp twice"),
    ],
)
async def test_what_slack_did_not_sign_is_refused(site: Site, headers: Headers) -> None:
    assert (await send(site.port, request(headers=headers)))[0] == 401
    assert site.heard == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"payload=%ff%fe", id="bad percent-encoding"),
        pytest.param(b"\xff\xfe", id="bad UTF-8"),
        pytest.param(b"payload=not json", id="payload that is no JSON"),
        pytest.param(b"payload=[]", id="payload that is a list"),
        pytest.param(b"payload=1", id="payload that is a number"),
        pytest.param(b"payload=" + b"[" * 100_000, id="deep nesting"),
        pytest.param(b"&".join(b"a%d=1" % i for i in range(10_000)), id="many fields"),
        pytest.param(b"", id="nothing"),
    ],
)
@pytest.mark.parametrize("content_type", [b"application/json", b"text/html", b"\xff", b""])
async def test_unsigned_garbage_is_not_even_parsed(
    site: Site, body: bytes, content_type: bytes
) -> None:
    headers = [(STAMP, NOW_STAMP), (SIGN, GOOD)]
    assert (await send(site.port, request(body, headers, content_type)))[0] == 401
    assert site.heard == []


async def test_the_headers_are_judged_before_a_body_comes(site: Site) -> None:
    headless = request(b"", [(STAMP, b"0"), (SIGN, GOOD)], length=500)
    assert (await send(site.port, headless))[0] == 401


@pytest.mark.parametrize("length", [BODY_LIMIT + 1, 10**17])
async def test_a_body_announced_as_too_long_is_refused_unread(site: Site, length: int) -> None:
    assert (await send(site.port, request(b"", signed(b""), length=length)))[0] == 413


async def test_a_body_that_grows_too_long_is_cut_off(site: Site) -> None:
    status, _ = await send(site.port, chunked(HUGE, signed(HUGE)))
    assert status in {413, 0}  # the connection may be gone before the answer is read
    assert site.heard == []


async def test_a_body_of_the_longest_kind_gets_through(site: Site) -> None:
    body = COMMAND + b"&text2=" + b"x" * (BODY_LIMIT - len(COMMAND) - 7)
    assert (await send(site.port, request(body)))[0] == 200


async def test_a_body_that_does_not_come_is_not_waited_for(site: Site) -> None:
    half = request(COMMAND[:10], signed(COMMAND), length=len(COMMAND))
    assert (await send(site.port, half))[0] == 408
    assert site.heard == []


async def test_a_sender_who_hangs_up_harms_nobody(site: Site) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(request(COMMAND[:10], signed(COMMAND), length=len(COMMAND)))
    await writer.drain()
    writer.transport.abort()
    assert (await send(site.port, request()))[0] == 200
    assert len(site.heard) == 1


async def test_a_crowd_of_unsigned_posters_does_not_stop_slack(site: Site) -> None:
    bad = [(STAMP, NOW_STAMP), (SIGN, GOOD)]
    just_under = b"x" * (BODY_LIMIT - 1)
    crowd = [request(HUGE, bad), chunked(HUGE, bad), request(just_under, bad)] * 6
    await send(site.port, request())
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    async with asyncio.TaskGroup() as group:
        posters = [group.create_task(send(site.port, data)) for data in crowd[:16]]
        valid = group.create_task(send(site.port, request()))
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert valid.result()[0] == 200
    assert {poster.result()[0] for poster in posters} <= {401, 413, 0}
    assert len(site.heard) == 2
    assert after - before < BODY_LIMIT


@settings(max_examples=300)
@given(
    headers=st.lists(
        st.tuples(
            st.sampled_from([STAMP.lower(), SIGN.lower(), b"content-length", b"x"]),
            st.binary(max_size=80)
            | st.sampled_from([NOW_STAMP, GOOD, b"v0=" + b"0" * 64, b"1048577", b"0" * 9])
            | st.integers().map(lambda number: b"%d" % number),
        ),
        max_size=5,
    ),
    chunks=st.lists(st.binary(max_size=200), max_size=4),
)
async def test_nothing_unsigned_gets_through_whatever_it_looks_like(
    headers: list[tuple[bytes, bytes]], chunks: list[bytes]
) -> None:
    assert await status_of(headers, chunks) in {401, 413}


async def test_chunks_are_signed_as_a_whole() -> None:
    headers = [(name.lower(), value) for name, value in signed(b"abc")]
    assert await status_of(headers, [b"a", b"", b"bc"]) == 200
    assert await status_of(headers, [b"a", b"b"]) == 401


async def test_without_a_clock_of_our_own_it_goes_by_the_machine() -> None:
    headers = [(name.lower(), value) for name, value in signed(b"", b"%d" % time.time())]
    assert await status_of(headers, [], Guard(PlainTextResponse("in"), SECRET, Refusals())) == 200


async def status_of(headers: Headers, chunks: list[bytes], guard: Guard | None = None) -> int:
    """Put a request to the guard alone; 200 is the app behind it."""
    coming: list[Message] = [
        *({"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks),
        {"type": "http.request", "body": b"", "more_body": False},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return coming.pop(0)

    async def send_back(message: Message) -> None:
        sent.append(message)

    guard = guard or Guard(PlainTextResponse("in"), SECRET, Refusals(), lambda: NOW)
    await guard({"type": "http", "headers": headers}, receive, send_back)
    status = sent[0]["status"]
    assert isinstance(status, int)
    return status
