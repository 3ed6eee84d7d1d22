"""All contact with httpx, and what a provider's answer means for what to do next."""

import asyncio
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import NoReturn, TypeVar
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter, ValidationError

from bot.domain.retry_after import read_date, seconds_to_wait
from bot.errors import Gone, ProviderError, Rejected, Unauthorized, Unavailable, Uncertain
from bot.ports import WRITE_BEFORE, Clock
from bot.providers.error_bodies import ErrorBody, read_error_body

CONNECT, WRITE, POOL = 3.0, 5.0, 5.0
"""Seconds to reach a provider, to hand it a request, and to wait for a free connection."""
KEEPALIVE = 5.0
"""Seconds that an idle connection is kept: less than any provider keeps it."""
CONNECTIONS = 50
LARGEST_ANSWER = 10 * 1024 * 1024

T = TypeVar("T")
Client = httpx.AsyncClient
Params = Mapping[str, str | int]
Body = dict[str, object]

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_UNFIT = (httpx.LocalProtocolError, httpx.UnsupportedProtocol, httpx.InvalidURL, UnicodeError)
_THROTTLED = frozenset({425, 429})
_KEY_REFUSED = frozenset({401, 403})
_NOT_THERE = frozenset({404, 410})
_UNCLEAR = frozenset({408, 409})
_MULTIPLE_CHOICES, _BAD_REQUEST, _SERVER_ERROR = 300, 400, 500
_OK = range(200, _MULTIPLE_CHOICES)


class ServerError(Unavailable):
    """A provider answered a question with 500: it has a fault, or no such thing."""


class Refusal(Rejected):
    """A provider understood a request and refused it; `fields` are those that it blames."""

    def __init__(self, message: str, fields: frozenset[str] = frozenset()) -> None:
        super().__init__(message)
        self.fields = fields


@cache
def _tls() -> ssl.SSLContext:
    """Return whom to trust: reading all certificates takes longer than opening the store."""
    return httpx.create_ssl_context()


def new_client(timeout: float = 15.0, connections: int = CONNECTIONS) -> Client:
    """Return the client that all providers share, which waits `timeout` seconds for an answer."""
    try:
        agent = f"foghorn/{version('foghorn')}"
    except PackageNotFoundError:  # run from a checkout
        agent = "foghorn/dev"
    return httpx.AsyncClient(
        verify=_tls(),
        timeout=httpx.Timeout(connect=CONNECT, read=timeout, write=WRITE, pool=POOL),
        limits=httpx.Limits(
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=KEEPALIVE,
        ),
        headers={"User-Agent": agent},
        follow_redirects=False,
        trust_env=False,
    )


def path(*parts: str) -> str:
    """Join `parts` to a path, each as one segment whatever characters it holds."""
    return "".join(f"/{quote(part, safe='')}" for part in parts)


@dataclass(frozen=True, slots=True)
class Request:
    """One request to make; `writes` says that it may change something."""

    method: str
    path: str
    params: Params | None = None
    body: Body | None = None
    writes: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: `content` is None when it was too large or could not be unpacked."""

    status: int
    headers: httpx.Headers
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Api:
    """One provider's API: `name` is what a person calls it, `url` its base address."""

    client: Client
    name: str
    url: str
    clock: Clock
    key: str | None = field(default=None, repr=False)

    async def read(self, path: str, shape: TypeAdapter[T], params: Params | None = None) -> T:
        """Ask for something, whatever happens without changing anything."""
        return await self._ask(Request("GET", path, params), shape)

    async def write(
        self, method: str, path: str, shape: TypeAdapter[T], body: Body | None = None
    ) -> T:
        """Change something, before the time in `WRITE_BEFORE`; raise `Uncertain` when in doubt."""
        return await self._ask(Request(method, path, body=body, writes=True), shape)

    async def remove(self, path: str) -> None:
        """Remove something whose answer is empty; otherwise as `write`."""
        await self._exchange(Request("DELETE", path, writes=True))

    async def _ask(self, request: Request, shape: TypeAdapter[T]) -> T:
        response = await self._exchange(request)
        try:
            return shape.validate_json(response.content or b"")
        except ValidationError:
            what = f"{self.name} answered something that cannot be read"
            raise self._doubt(request, what) from None

    async def _exchange(self, request: Request) -> Response:
        try:
            response = await self._send(request)
        except _UNFIT:
            # From None, since the library's own words quote the header with the key.
            raise Unauthorized(
                f"{self.name} cannot be asked: its address or key in the settings is not usable."
            ) from None
        except _NOT_SENT as error:
            raise Unavailable(f"{self.name} could not be reached.") from error
        except (TimeoutError, httpx.TimeoutException) as error:
            raise self._doubt(request, f"{self.name} did not answer in time") from error
        except httpx.TransportError as error:
            raise self._doubt(request, f"{self.name} cut the connection") from error
        if response.status not in _OK:
            self._refuse(request, response)
        return response

    async def _send(self, request: Request) -> Response:
        async def fence(event: str, _: Mapping[str, object]) -> None:
            # Getting a connection takes time, so this is the breath in which the request leaves.
            if event.endswith("send_request_headers.started"):
                self._check_turn(request)

        outgoing = self.client.build_request(
            request.method,
            self.url.rstrip("/") + request.path,
            params=request.params,
            json=request.body,
            headers=self._headers(),
            extensions={"trace": fence},
        )
        self._check_turn(request)
        async with asyncio.timeout(_longest(self.client)):
            incoming = await self.client.send(outgoing, stream=True)
            try:
                return Response(incoming.status_code, incoming.headers, await _content(incoming))
            finally:
                await incoming.aclose()

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json"}
        if self.key is not None:
            headers |= {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        return headers

    def _check_turn(self, request: Request) -> None:
        before = WRITE_BEFORE.get()
        if request.writes and before is not None and time.monotonic() >= before:
            raise Unavailable(f"{self.name} was not asked: the time to do so had passed.")

    def _doubt(
        self, request: Request, what: str, retry_after: float | None = None
    ) -> ProviderError:
        if request.writes:
            return Uncertain(f"{what}; it may have done it all the same.", retry_after)
        return Unavailable(f"{what}.", retry_after)

    def _refuse(self, request: Request, response: Response) -> NoReturn:
        """Raise what the answer means; the table is the retry matrix of both vendors' documents."""
        said = read_error_body(response.content, self.key)
        status, because = response.status, _because(response.status, said)
        wait = self._wait(response, said)
        if status in _THROTTLED:
            raise Unavailable(f"{self.name} asks us to slow down{because}", wait)
        if status in _KEY_REFUSED:
            raise Unauthorized(f"{self.name} does not let our key do this{because}")
        if status in _NOT_THERE:
            raise Gone(f"{self.name} does not have this (any more){because}")
        if status == _SERVER_ERROR and not request.writes:
            raise ServerError(f"{self.name} has trouble{because}", wait)
        if status in _UNCLEAR or status >= _SERVER_ERROR:
            raise self._doubt(request, f"{self.name} has trouble{because.rstrip('.')}", wait)
        if status < _BAD_REQUEST:
            raise Refusal(f"{self.name} is not at the address in the settings{because}")
        raise Refusal(f"{self.name} refused this{because}", said.fields)

    def _wait(self, response: Response, said: ErrorBody) -> float | None:
        # By the provider's own clock where it tells it, so that a skewed one here does no harm.
        now = read_date(response.headers.get("Date")) or self.clock.now()
        return seconds_to_wait((response.headers.get("Retry-After"), said.retry_at), now)


async def _content(response: httpx.Response) -> bytes | None:
    content = bytearray()
    try:
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > LARGEST_ANSWER:
                return None
    except httpx.DecodingError:
        return None
    return bytes(content)


def _longest(client: Client) -> float | None:
    """Return the seconds after which an exchange ends even if the answer keeps dripping."""
    limits = client.timeout.as_dict().values()
    return sum(limit or 0.0 for limit in limits) or None


def _because(status: int, said: ErrorBody) -> str:
    reason = f": {said.reason.rstrip('.')}." if said.reason else "."
    request = f" Request id: {said.request_id}." if said.request_id else ""
    return f" ({status}){reason}{request}"
