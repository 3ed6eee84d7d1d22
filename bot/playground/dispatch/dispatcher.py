"""How a payload reaches the bot: a signed HTTP request or a Socket Mode envelope.

Signing: https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import asyncio
import hashlib
import hmac
import json
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import cycle
from typing import Protocol
from urllib.parse import urlencode

import httpx

from bot.playground.dispatch.socket_mode import NoOpenSocket, SocketConnections
from bot.playground.errors import Json
from bot.playground.workspace.journal import Ack, Journal

LIMIT = 3.0


@dataclass(frozen=True)
class OutgoingPayload:
    """One payload with the envelope type of Socket Mode; `kind` names it in the log."""

    envelope: str  # "slash_commands", "interactive" or "events_api"
    kind: str
    payload: Json
    retry: Json = field(default_factory=dict)


@dataclass(frozen=True)
class BotResponse:
    """What came back from the bot, before it is judged."""

    status: int
    body: Json | None = None
    text: str | None = None


class OutgoingRequest(Protocol):
    """A payload ready to send, as often as wanted exactly as it is."""

    @property
    def outgoing(self) -> OutgoingPayload: ...

    async def send(self) -> BotResponse: ...


@dataclass(frozen=True)
class SignedRequest:
    """An HTTP request with Slack's signature over its raw bytes."""

    outgoing: OutgoingPayload
    client: httpx.AsyncClient
    url: str
    headers: dict[str, str]
    content: bytes

    async def send(self) -> BotResponse:
        got = await self.client.post(self.url, headers=self.headers, content=self.content)
        if "json" in got.headers.get("content-type", "") and got.content:
            body = json.loads(got.content)
            return BotResponse(got.status_code, body if isinstance(body, dict) else None, got.text)
        return BotResponse(got.status_code, None, got.text or None)


@dataclass(frozen=True)
class SocketEnvelope:
    """A payload for whichever socket is next."""

    outgoing: OutgoingPayload
    sockets: SocketConnections

    async def send(self) -> BotResponse:
        outgoing = self.outgoing
        ack = await self.sockets.ask(outgoing.envelope, outgoing.payload, outgoing.retry)
        return BotResponse(200, ack.get("payload"))


class Dispatcher:
    """Sends payloads to the bot and times its answers."""

    def __init__(self, sockets: SocketConnections, journal: Journal, secret: str) -> None:
        self._sockets = sockets
        self._journal = journal
        self._secret = secret
        self._client: httpx.AsyncClient | None = None
        self._urls: Iterator[str] | None = None
        self.limit = LIMIT
        self.last: OutgoingRequest | None = None

    def use_http(self, *urls: str) -> None:
        """Sends to these addresses in turn, as a load balancer would; none means Socket Mode."""
        self._urls = cycle(urls) if urls else None

    async def dispatch(self, outgoing: OutgoingPayload) -> Ack:
        self.last = self.prepare(outgoing)
        return await self.send(self.last)

    def prepare(self, outgoing: OutgoingPayload) -> OutgoingRequest:
        if self._urls is None:
            return SocketEnvelope(outgoing, self._sockets)
        return self._sign(outgoing, next(self._urls))

    async def send(self, request: OutgoingRequest) -> Ack:
        """Sends it and waits for the ack, at most `limit` seconds."""
        started = time.perf_counter()
        answer, trouble = BotResponse(0), None
        try:
            async with asyncio.timeout(self.limit):
                answer = await request.send()
        except (TimeoutError, httpx.TimeoutException):
            trouble = "operation_timeout"
        except (NoOpenSocket, httpx.TransportError, ValueError):
            trouble = "dispatch_failed"
        else:
            trouble = None if answer.status == httpx.codes.OK else "dispatch_failed"
        seconds = time.perf_counter() - started
        outgoing = request.outgoing
        ack = Ack(outgoing.kind, answer.status, answer.body, answer.text, seconds, trouble)
        return self._journal.acked(replace(ack, payload=outgoing.payload))

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    def _sign(self, outgoing: OutgoingPayload, url: str) -> SignedRequest:
        kind, content = _encode(outgoing)
        stamp = str(int(time.time()))
        signed = b":".join([b"v0", stamp.encode(), content])
        digest = hmac.new(self._secret.encode(), signed, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest}",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }
        if outgoing.retry:
            headers["X-Slack-Retry-Num"] = str(outgoing.retry["retry_attempt"])
            headers["X-Slack-Retry-Reason"] = outgoing.retry["retry_reason"]
        return SignedRequest(outgoing, self._http(), url, headers, content)

    def _http(self) -> httpx.AsyncClient:
        if self._client is None:
            # A bare context: the bot is on loopback, and loading the world's certificates is slow.
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            self._client = httpx.AsyncClient(verify=context, trust_env=False, timeout=None)  # noqa: S113 - `limit` is the timeout
        return self._client


def _encode(outgoing: OutgoingPayload) -> tuple[str, bytes]:
    if outgoing.envelope == "events_api":
        return "application/json", json.dumps(outgoing.payload).encode()
    fields = outgoing.payload
    if outgoing.envelope == "interactive":
        fields = {"payload": json.dumps(outgoing.payload)}
    return "application/x-www-form-urlencoded", urlencode(fields).encode()
