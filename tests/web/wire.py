"""Slack's side of the wire, byte by byte, so that it can also send what no HTTP client would."""

import asyncio
import hashlib
import hmac
from collections.abc import Sequence
from urllib.parse import urlencode

from tests.waits import patience

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = 1_531_420_618.0
FORM = b"application/x-www-form-urlencoded"
COMMAND = urlencode({"command": "/incident", "text": "list", "user_id": "U1"}).encode()

Headers = Sequence[tuple[bytes, bytes]]


def signature(body: bytes, timestamp: bytes = b"%d" % NOW, secret: str = SECRET) -> bytes:
    signed = b"v0:" + timestamp + b":" + body
    return b"v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest().encode()


def signed(body: bytes, timestamp: bytes = b"%d" % NOW) -> list[tuple[bytes, bytes]]:
    return [
        (b"X-Slack-Request-Timestamp", timestamp),
        (b"X-Slack-Signature", signature(body, timestamp)),
    ]


def request(
    body: bytes = COMMAND,
    headers: Headers | None = None,
    content_type: bytes = FORM,
    *,
    length: int | None = None,
    path: bytes = b"/slack/events",
) -> bytes:
    lines = [
        (b"Host", b"foghorn"),
        (b"Content-Type", content_type),
        (b"Content-Length", b"%d" % (len(body) if length is None else length)),
        *(signed(body) if headers is None else headers),
    ]
    head = b"".join(b"%s: %s\r\n" % line for line in lines)
    return b"POST %s HTTP/1.1\r\n%s\r\n%s" % (path, head, body)


def chunked(body: bytes, headers: Headers, chunk: int = 65536) -> bytes:
    head = b"".join(b"%s: %s\r\n" % line for line in [(b"Content-Type", FORM), *headers])
    pieces = [body[i : i + chunk] for i in range(0, len(body), chunk)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    start = b"POST /slack/events HTTP/1.1\r\nHost: foghorn\r\nTransfer-Encoding: chunked\r\n"
    return start + head + b"\r\n" + chunks + b"0\r\n\r\n"


async def send(port: int, data: bytes) -> tuple[int, bytes]:
    """Send `data`; return the status and the body, status 0 when the server only hung up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        return await _answer(reader)
    except ConnectionError:
        return 0, b""
    finally:
        writer.transport.abort()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    async with patience("answer"):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return 0, b""
        lines = head.lower().split(b"\r\n")
        length = next(int(x.split(b":")[1]) for x in lines if x.startswith(b"content-length"))
        return int(head.split()[1]), await reader.readexactly(length)
