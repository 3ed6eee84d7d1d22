"""Slack's requests as bytes, signed ahead of the measurement."""

import copy
import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any
from urllib.parse import urlencode

BOT_TOKEN = "xoxb-decoy-bot-token-4321"  # noqa: S105 -- nobody's
APP_TOKEN = "xapp-decoy-app-token-4321"  # noqa: S105 -- nobody's
SIGNING_SECRET = "decoy-signing-secret-4321"  # noqa: S105 -- nobody's

_FORM = "application/x-www-form-urlencoded"
_views = count(1)

Payload = dict[str, Any]


def command(payload: Payload) -> bytes:
    """Return a slash command as Slack sends it."""
    return request(urlencode(payload).encode())


def interaction(payload: Payload) -> bytes:
    """Return a submission or a search for options as Slack sends it."""
    return request(urlencode({"payload": json.dumps(payload)}).encode())


def submissions(payload: Payload, many: int) -> list[bytes]:
    """Return `many` submissions of the same form, each of a view of its own."""
    return [interaction(each) for each in _of_new_views(payload, range(many))]


def request(body: bytes, secret: str = SIGNING_SECRET) -> bytes:
    """Return the bytes of a POST to the bot, without a signature when `secret` is empty."""
    stamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
    signature = f"X-Slack-Signature: v0={digest.hexdigest()}\r\n" if secret else ""
    head = (
        "POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: {_FORM}\r\nContent-Length: {len(body)}\r\n"
        f"User-Agent: Slackbot 1.0\r\nX-Slack-Request-Timestamp: {stamp}\r\n{signature}\r\n"
    )
    return head.encode() + body


def _of_new_views(payload: Payload, numbers: Iterable[int]) -> Iterator[Payload]:
    for _number in numbers:
        submitted = copy.deepcopy(payload)
        submitted["view"]["id"] = submitted["view"]["root_view_id"] = f"V9{next(_views):08d}"
        yield submitted
