"""What people write and what is secret stays out of the log, however badly things go."""

import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import httpx
import pytest

from tests.fakes.instatus import InstatusFake
from tests.fakes.instatus_memory import DECOYS
from tests.fakes.vendor import VendorFake
from tests.web.wire import signature
from tests.whole import log_capture
from tests.whole.rig import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Rig, whole_bot

pytestmark = pytest.mark.anyio

NAME = "Quagga outage"
REPORT, NEWS = 'Okapi cards are <refused> & "lost".\nSince 14:02.', "Axolotl fix is live."
PRIVATE = ("Quagga", "Okapi", "refused> &", "14:02.", "Axolotl", "/response/", "ticket=")
SECRETS = (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, *DECOYS)
ECHO = {"errors": [{"message": f"cannot take {NAME}: {REPORT} or {NEWS}"}]}

Read = Callable[[], str]


@pytest.fixture
def log_format() -> Literal["plain", "json"]:
    return "plain"


@pytest.fixture
def log(log_format: Literal["plain", "json"]) -> Iterator[Read]:
    """Read what was logged; the log is told no secret that it could hide, and hides no level."""
    with log_capture.captured(log_format, "debug") as read:
        yield read


@pytest.fixture
async def vendor() -> AsyncIterator[VendorFake]:
    """The vendor whose answers hold the most that is private."""
    async with InstatusFake() as running:
        yield running


@pytest.fixture
async def rig(log: Read, vendor: VendorFake, tmp_path: Path) -> AsyncIterator[Rig]:
    assert not log()
    vendor.add_component(vendor.page_id, "API")
    async with whole_bot([vendor], tmp_path, timing={"lease": "60m"}) as running:
        yield running


def is_clean(text: str, vendor: VendorFake) -> bool:
    """Say whether nothing stands in `text` that must not; fail with the lines in which it does."""
    never = [*SECRETS, *PRIVATE, vendor.key]
    found = [line for line in text.splitlines() if any(each in line for each in never)]
    assert found == []
    return "Listening." in text


async def test_what_comes_through_in_the_end_leaves_no_word_in_the_log(rig: Rig, log: Read) -> None:
    for status in (429, 503, 500):
        rig.vendor.fail_next(status, ECHO, {"Retry-After": "0"}, method="POST")
    rig.vendor.lose_next_answer()
    await rig.report(NAME, REPORT, "API")
    await rig.soon(lambda: len(rig.replies()) == 1, "receipt")
    rig.vendor.cut_next()
    rig.vendor.fail_next(200, {"message": REPORT}, method="POST")
    rig.vendor.fail_next(500, ECHO, method="GET")
    await rig.post("Resolve", NEWS)
    await rig.soon(lambda: len(rig.replies()) == 2, "receipt of the resolve")
    written = log()
    assert is_clean(written, rig.vendor)
    assert "Unavailable" in written
    assert "Uncertain" in written


@pytest.mark.parametrize("status", [401, 403, 422])
async def test_what_is_refused_in_the_vendors_words_leaves_none_in_the_log(
    rig: Rig, log: Read, status: int
) -> None:
    rig.vendor.fail_next(status, ECHO, method="POST", times=2)
    await rig.report(NAME, REPORT)
    (letter, *_) = await rig.slack.until(lambda: rig.slack.direct("ann"), what="letter")
    assert "Okapi" in letter.shown
    await rig.all_done()
    assert is_clean(log(), rig.vendor)


async def test_pages_that_cannot_be_read_leave_no_secret_in_the_log(rig: Rig, log: Read) -> None:
    for status in (401, 500):
        rig.vendor.fail_next(status, {"message": f"{rig.vendor.key} is wrong"}, method="GET")
        await rig.app.sync.refresh()
    written = log()
    assert is_clean(written, rig.vendor)
    assert "Could not read a page." in written


async def test_trouble_in_slack_leaves_no_word_in_the_log(rig: Rig, log: Read) -> None:
    rig.slack.fail_next("chat.postMessage")
    rig.slack.lose_next_answer("chat.postMessage")
    rig.slack.rate_limit("chat.update", retry_after=1)
    await rig.report(NAME, REPORT)
    await rig.soon(lambda: len(rig.replies()) == 1, "receipt")
    rig.slack.fail_next("views.open", error="expired_trigger_id")
    await rig.ann.types(f"/incident {NAME}")
    await rig.slack.until(lambda: rig.slack.private("ann"), what="answer")
    rig.slack.fail_next("chat.postMessage", error="invalid_auth")
    await rig.post("Update", NEWS)
    rig.slack.archive("incidents")
    await rig.post("Resolve", NEWS, parent=rig.parents()[0])
    await rig.soon(lambda: len(rig.slack.direct("ann")) >= 2, "news in direct messages")
    written = log()
    assert is_clean(written, rig.vendor)
    assert "Could not open a form." in written


@pytest.mark.parametrize("log_format", ["plain", "json"])
async def test_what_slack_never_sends_leaves_no_word_in_the_log(rig: Rig, log: Read) -> None:
    values = {"message": {"message": {"value": REPORT}}, "status": {"status": {"value": NEWS}}}
    view = {"type": "modal", "callback_id": "report", "blocks": [], "state": {"values": values}}
    sent = [
        {"type": "view_submission", "user": {"id": "U0ANN"}, "view": view},
        {"type": "block_actions", "user": {"id": "U0ANN"}, "actions": [{"value": REPORT}]},
        {"type": "event_callback", "event": {"type": "app_mention", "text": REPORT}},
        {"type": "unheard_of", "message": {"text": REPORT}},
    ]
    async with httpx.AsyncClient(trust_env=False) as client:
        answers = [await _send(client, rig.app.port, payload) for payload in sent]
        answers.append(await _send(client, rig.app.port, sent[0], secret=NAME))
    assert answers[-1] == 401
    assert max(answers) < 500
    written = log()
    assert is_clean(written, rig.vendor)
    assert "Slack sent something of another shape." in written


async def _send(
    client: httpx.AsyncClient, port: int, payload: object, secret: str = SIGNING_SECRET
) -> int:
    body = urlencode({"payload": json.dumps(payload)}).encode()
    stamp = str(int(time.time())).encode()
    headers = {
        b"Content-Type": b"application/x-www-form-urlencoded",
        b"X-Slack-Request-Timestamp": stamp,
        b"X-Slack-Signature": signature(body, stamp, secret),
    }
    url = f"http://127.0.0.1:{port}/slack/events"
    return (await client.post(url, headers=headers, content=body)).status_code


async def test_socket_mode_leaves_no_word_and_no_token_in_the_log(
    log: Read, vendor: VendorFake, tmp_path: Path
) -> None:
    async with whole_bot([vendor], tmp_path, transport="socket") as rig:
        await rig.report(NAME, REPORT)
        await rig.receipts(1)
        (before,) = rig.slack.sockets.links
        await rig.slack.sockets.ask_to_reconnect()
        await rig.slack.until(lambda: before not in rig.slack.sockets.links, what="reconnection")
        await rig.slack.socket_connected()
        await rig.post("Resolve", NEWS)
        await rig.receipts(2)
        await rig.all_done()
        assert is_clean(log(), vendor)
