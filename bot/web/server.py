"""The one HTTP server: Slack's endpoint behind its guard, and what a platform asks to see."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from bot.errors import FoghornError
from bot.web.guard import BODY_DEADLINE, Guard
from bot.web.payload import MalformedError, parse
from bot.web.refusals import Refusals

_log = structlog.get_logger(__name__)

CHECK_SECONDS = 5.0
_NO_REMARKS: Mapping[str, "ReadinessCheck"] = MappingProxyType({})
DRAIN_SECONDS = 2


Handle = Callable[[dict[str, Any]], Awaitable[tuple[int, str, Mapping[str, str]]]]
"""Takes a parsed payload; returns the status, the body and the headers of the answer."""
ReadinessCheck = Callable[[], Awaitable[str | None]]
"""Tells what is wrong, in words that anybody may read, or None."""


@dataclass(frozen=True)
class SlackEndpoint:
    """What `POST /slack/events` needs; in Socket Mode there is none."""

    handle: Handle
    signing_secret: str = field(repr=False)
    refusals: Refusals = field(default_factory=Refusals)
    now: Callable[[], float] = time.time
    body_deadline: float = BODY_DEADLINE

    async def answer(self, request: Request) -> Response:
        """Parse a signed request once, and answer it."""
        try:
            payload = parse(await request.body(), request.headers.get("content-type", ""))
        except MalformedError as error:
            _log.warning("Slack sent something that cannot be read.", reason=str(error))
            return PlainTextResponse(str(error), status_code=400)
        if payload.get("type") == "url_verification":
            return PlainTextResponse(payload["challenge"])
        if payload.get("ssl_check") == "1":
            return Response()
        status, body, headers = await self.handle(payload)
        return Response(body, status, headers)

    def route(self) -> Route:
        """Return the route, with the guard before it."""
        guard = Middleware(Guard, self.signing_secret, self.refusals, self.now, self.body_deadline)
        return Route("/slack/events", self.answer, methods=["POST"], middleware=[guard])


def build(
    checks: Mapping[str, ReadinessCheck],
    slack: SlackEndpoint | None = None,
    page_routes: Sequence[BaseRoute] = (),
    patience: float = CHECK_SECONDS,
    remarks: Mapping[str, ReadinessCheck] = _NO_REMARKS,
) -> Starlette:
    """Return the app: `/healthz`, `/readyz`, which asks `checks`, and Slack's endpoint.

    A check has `patience` seconds. `/readyz` shows `remarks` too, which do not make it unready.
    `page_routes` come last: they are those of the public page, which takes every other path.
    """

    async def health(_: Request) -> Response:
        return PlainTextResponse("ok")

    async def readiness(_: Request) -> Response:
        asked = (*checks.values(), *remarks.values())
        answers = await asyncio.gather(*(_ask(each, patience) for each in asked))
        problems, said = answers[: len(checks)], answers[len(checks) :]
        ready = not any(problems)
        found = {name: each or "ok" for name, each in zip(checks, problems, strict=True)}
        noted = {name: each for name, each in zip(remarks, said, strict=True) if each}
        body = {"ready": ready, "checks": found} | ({"remarks": noted} if noted else {})
        return JSONResponse(body, 200 if ready else 503)

    own = [Route("/healthz", health), Route("/readyz", readiness)]
    # Tried one by one, so that Slack's comes first.
    app = Starlette(routes=[*([slack.route()] if slack else []), *own, *page_routes])
    app.router.redirect_slashes = False
    return app


async def _ask(check: ReadinessCheck, seconds: float) -> str | None:
    try:
        async with asyncio.timeout(seconds):
            return await check()
    except TimeoutError:
        return f"no answer within {seconds:g} s"


@asynccontextmanager
async def serve(app: ASGIApp, host: str, port: int) -> AsyncIterator[int]:
    """Serve `app` and yield the bound port (another than `port` when that is 0).

    On the way out no new request is taken, and those in hand get `DRAIN_SECONDS` to finish.
    """
    listening = _listen(host, port)
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        proxy_headers=False,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await serving
        listening.close()


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs the whole process."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise FoghornError(
            f"Cannot listen on {host}, port {port}: {error.strerror}. Set HOST and PORT otherwise."
        ) from error
