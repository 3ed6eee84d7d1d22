"""How a payload reaches the bot: a signed HTTP request or a Socket Mode envelope.

Signing: https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import cycle
from urllib.parse import urlencode

import httpx

from bot.playground.dispatch.socket_mode import NoOpenSocket, SocketConnections
from bot.playground.errors import Json
from bot.playground.loopback_server import loopback_client
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
class OutgoingRequest:
    """A payload ready to send, as often as wanted exactly as it is.

    `signed` has Slack's signature over its raw bytes; None is for whichever socket is next.
    """

    outgoing: OutgoingPayload
    signed: httpx.Request | None


class Dispatcher:
    """Sends payloads to the bot and times its answers."""

    def __init__(self, sockets: SocketConnections, journal: Journal, secret: str) -> None:
        self._sockets = sockets
        self._journal = journal
        self._secret = secret
        self._client = loopback_client(None)  # `limit` is the timeout
        self._urls: Iterator[str] | None = None
        self.limit = LIMIT
        self.last: OutgoingRequest | None = None
        self._silent = False

    def fall_silent(self, on: bool) -> None:  # noqa: FBT001 - a switch has two sides
        """Lets nothing reach the bot, whose connection stays as it is."""
        self._silent = on

    def use_http(self, *urls: str) -> None:
        """Sends to these addresses in turn, as a load balancer would; none means Socket Mode."""
        self._urls = cycle(urls) if urls else None

    async def dispatch(self, outgoing: OutgoingPayload) -> Ack:
        return await self.send(self.prepare(outgoing))

    def prepare(self, outgoing: OutgoingPayload) -> OutgoingRequest:
        signed = None if self._urls is None else self._sign(outgoing, next(self._urls))
        self.last = OutgoingRequest(outgoing, signed)
        return self.last

    async def send_last(self, times: int = 1) -> list[Ack]:
        """Sends the last payload, by HTTP byte for byte, all copies at once."""
        if self.last is None:
            raise LookupError("nothing has been sent to the bot")
        return await asyncio.gather(*(self.send(self.last) for _ in range(times)))

    async def send(self, request: OutgoingRequest) -> Ack:
        """Sends it and waits for the ack, at most `limit` seconds."""
        outgoing = request.outgoing
        started = time.perf_counter()
        ack = Ack(outgoing.kind, payload=outgoing.payload)
        try:
            async with asyncio.timeout(self.limit):
                if self._silent:
                    await asyncio.Event().wait()
                ack = await self._receive(request, ack)
        except (TimeoutError, httpx.TimeoutException):
            ack = replace(ack, trouble="operation_timeout")
        except (NoOpenSocket, httpx.TransportError, ValueError):
            ack = replace(ack, trouble="dispatch_failed")
        return self._journal.acked(replace(ack, seconds=time.perf_counter() - started))

    async def _receive(self, request: OutgoingRequest, ack: Ack) -> Ack:
        outgoing = request.outgoing
        if request.signed is None:
            answer = await self._sockets.ask(outgoing.envelope, outgoing.payload, outgoing.retry)
            return replace(ack, status=200, body=answer.get("payload"))
        got = await self._client.send(request.signed)
        trouble = None if got.status_code == httpx.codes.OK else "dispatch_failed"
        ack = replace(ack, status=got.status_code, text=got.text or None, trouble=trouble)
        if "json" in got.headers.get("content-type", "") and got.content:
            body = got.json()
            ack = replace(ack, body=body if isinstance(body, dict) else None)
        return ack

    async def close(self) -> None:
        await self._client.aclose()

    def _sign(self, outgoing: OutgoingPayload, url: str) -> httpx.Request:
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
        return self._client.build_request("POST", url, headers=headers, content=content)


def _encode(outgoing: OutgoingPayload) -> tuple[str, bytes]:
    if outgoing.envelope == "events_api":
        return "application/json", json.dumps(outgoing.payload).encode()
    fields = outgoing.payload
    if outgoing.envelope == "interactive":
        fields = {"payload": json.dumps(outgoing.payload)}
    return "application/x-www-form-urlencoded", urlencode(fields).encode()
