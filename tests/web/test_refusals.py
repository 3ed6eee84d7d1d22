"""What is said of requests that are refused unread."""

import pytest
from structlog.testing import capture_logs

from bot.web.refusals import Refusals
from bot.web.server import SlackEndpoint, build, serve
from tests.web.conftest import Site
from tests.web.wire import COMMAND, NOW, SECRET, request, send, signature, signed

pytestmark = pytest.mark.anyio

LINE = "A request to Slack's endpoint was refused."
STAMP = b"%d" % NOW


@pytest.mark.parametrize("seconds", [-301, 613])
async def test_a_request_refused_for_its_clock_leaves_one_line_with_the_seconds(
    seconds: int,
) -> None:
    refusals = Refusals()
    stamp = b"%d" % (NOW - seconds)
    with capture_logs() as log:
        for _ in range(3):
            assert await status(refusals, signed(COMMAND, stamp)) == 401
    assert [(one["event"], one["reason"], one["seconds_off"]) for one in log] == [
        (LINE, "clock", seconds)
    ]
    side = "ahead of" if seconds > 0 else "behind"
    assert f"this machine's clock is {abs(seconds)} s {side} theirs" in str(refusals.remark)


async def test_a_request_refused_for_its_signature_leaves_one_line(site: Site) -> None:
    refusals = Refusals()
    forged = [
        (b"X-Slack-Request-Timestamp", STAMP),
        (b"X-Slack-Signature", signature(COMMAND, secret="other")),
    ]
    with capture_logs() as log:
        assert await status(refusals, forged) == 401
        assert await status(refusals, []) == 401
    assert [one["reason"] for one in log] == ["signature", "no signature"]
    assert "SLACK_SIGNING_SECRET" in str(refusals.remark)
    assert SECRET not in str(log) + str(refusals.remark)
    assert site.heard == []


async def test_not_all_are_refused_while_one_was_let_through_lately() -> None:
    now = [0.0]
    refusals = Refusals(lambda: now[0])
    late = signed(COMMAND, b"%d" % (NOW - 900))
    assert await status(refusals, late) == 401
    assert refusals.remark
    assert await status(refusals, signed(COMMAND)) == 200
    assert refusals.remark is None
    await status(refusals, late)
    assert refusals.remark is None
    now[0] = 601.0
    with capture_logs() as log:
        await status(refusals, late)
    assert refusals.remark
    assert len(log) == 1


async def test_who_knocks_without_a_signature_says_nothing_of_slacks_requests() -> None:
    refusals = Refusals()
    await status(refusals, [])
    assert refusals.remark is None


async def status(refusals: Refusals, headers: list[tuple[bytes, bytes]]) -> int:
    heard = Site(0)
    slack = SlackEndpoint(heard.handle, SECRET, refusals, now=lambda: NOW)
    async with serve(build({}, slack), "127.0.0.1", 0) as port:
        return (await send(port, request(headers=headers)))[0]
