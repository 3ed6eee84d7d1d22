"""The guard: only what Slack signed gets through, and nothing is parsed before that."""

import asyncio
import hmac
import re
import time
from collections.abc import Callable, Iterable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.refusals import Refusals

BODY_LIMIT = 1024 * 1024
"""Bytes; Slack's largest payloads are a tenth of this."""
BODY_DEADLINE = 5.0
"""Seconds until a whole body must be here: the server itself has no such limit."""
CLOCK_SKEW = 300
"""Seconds; Slack's own advice against replays."""

_TIMESTAMP = re.compile(rb"[0-9]{1,12}")
_SIGNATURE = re.compile(rb"v0=[0-9a-f]{64}")

_PIECE = 2000
_LARGE = 65_536


class Guard:
    """ASGI middleware that lets through what Slack signed, from the raw bytes alone.

    The headers are judged before the body is read; a refusal closes the connection, so that
    nobody can hold it open or make us swallow the rest.
    """

    def __init__(
        self,
        app: ASGIApp,
        signing_secret: str,
        refusals: Refusals,
        now: Callable[[], float] = time.time,
        body_deadline: float = BODY_DEADLINE,
    ) -> None:
        """Stand before `app`; `now` gives seconds since 1970, `body_deadline` is in seconds."""
        self._refusals = refusals
        self._app = app
        self._key = signing_secret.encode()
        self._now = now
        self._body_deadline = body_deadline

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        timestamp = _only(headers, b"x-slack-request-timestamp", _TIMESTAMP)
        signature = _only(headers, b"x-slack-signature", _SIGNATURE)
        ahead = self._now() - int(timestamp or 0)
        if not timestamp or not signature:
            self._refusals.unsigned()
            await _refuse(401, scope, receive, send)
        elif abs(ahead) > CLOCK_SKEW:
            self._refusals.clock(ahead)
            await _refuse(401, scope, receive, send)
        elif _announced_size(headers) > BODY_LIMIT:
            await _refuse(413, scope, receive, send)
        else:
            body = await self._body(receive)
            if isinstance(body, int):
                await _refuse(body, scope, receive, send)
            elif not self._is_signed(timestamp, body, signature):
                self._refusals.signature()
                await _refuse(401, scope, receive, send)
            else:
                self._refusals.accept()
                await self._app(scope, _again(body, receive), send)

    async def _body(self, receive: Receive) -> bytes | int:
        """Read the body; return the status to refuse with when it is too long or too slow."""
        body = bytearray()
        try:
            async with asyncio.timeout(self._body_deadline):
                while True:
                    message = await receive()
                    body += message.get("body", b"")
                    if len(body) > BODY_LIMIT:
                        return 413
                    if not message.get("more_body", False):
                        return bytes(body)
        except TimeoutError:
            return 408

    def _is_signed(self, timestamp: bytes, body: bytes, signature: bytes) -> bool:
        signed = _sealed(self._key, b"v0:" + timestamp + b":" + body)
        return hmac.compare_digest(b"v0=" + signed.hex().encode(), signature)


def _sealed(key: bytes, data: bytes) -> bytes:
    """Return the HMAC of `data`.

    Python lets go of the interpreter for 2,048 bytes and more, and then waits for it longer than a
    form takes to hash; what is large is hashed beside everything else.
    """
    if len(data) > _LARGE:
        return hmac.digest(key, data, "sha256")
    seal = hmac.new(key, digestmod="sha256")
    for start in range(0, len(data), _PIECE):
        seal.update(data[start : start + _PIECE])
    return seal.digest()


def _only(
    headers: Iterable[tuple[bytes, bytes]], name: bytes, shape: re.Pattern[bytes]
) -> bytes | None:
    """Return the header's value when it is there once and has the right shape."""
    values = [value for key, value in headers if key.lower() == name]
    return values[0] if len(values) == 1 and shape.fullmatch(values[0]) else None


def _announced_size(headers: Iterable[tuple[bytes, bytes]]) -> int:
    """Return what Content-Length says, 0 without one; longer than any number of bytes is huge."""
    sizes = [value for key, value in headers if key.lower() == b"content-length"]
    digits = max((size.lstrip(b"0") for size in sizes if size.isdigit()), key=len, default=b"")
    return int(digits[:20] or 0)


async def _refuse(status: int, scope: Scope, receive: Receive, send: Send) -> None:
    response = PlainTextResponse("", status_code=status, headers={"connection": "close"})
    await response(scope, receive, send)


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the whole body first, then whatever comes next."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return messages.pop() if messages else await receive()

    return receive_again
