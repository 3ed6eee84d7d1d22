"""An HTTP server on loopback that can misbehave in every way a vendor does."""

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any, Literal, Self, cast

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.server import ServerState

Kind = Literal["fail", "fail after", "cut", "lose", "late"]


@dataclass(frozen=True)
class Request:
    """One request as it came in; `at` is `time.monotonic()`."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: Any
    at: float


@dataclass
class Fault:
    """What the server does wrong to the next requests that match."""

    kind: Kind
    times: int
    method: str | None
    path: str | None
    status: int = 500
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def strikes(self, request: Request) -> bool:
        return (
            self.times > 0
            and self.method in {None, request.method}
            and (self.path is None or self.path in request.path)
        )


@dataclass
class Captured:
    """A whole answer of the app, held back until it is decided what becomes of it."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        else:
            self.body += message.get("body", b"")


class FaultyServer:
    """Serves one ASGI app on 127.0.0.1, answers as told, and remembers every request.

    `lost` counts the writes that were done although their answers never arrived.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.lost = 0
        self.dated = True  # whether answers carry the header Date
        self._app: ASGIApp | None = None
        self._faults: list[Fault] = []
        self._slowness = 0.0
        self._hanging = False
        self._port = 0
        self._listening: asyncio.Server | None = None
        self._state = ServerState()
        self._background: set[asyncio.Task[None]] = set()

    # --- control ---------------------------------------------------------------------------------

    def fail_next(  # noqa: PLR0913, PLR0917 (each is one way to fail)
        self,
        status: int = 500,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        times: int = 1,
        path: str | None = None,
        method: str | None = None,
        *,
        after_write: bool = False,
    ) -> None:
        """Answer so instead of working (or, `after_write`, after it); bytes and text go out raw.

        `path` is any part of a path; without a `body` the vendor's own error form is used.
        """
        kind: Kind = "fail after" if after_write else "fail"
        self._faults.append(Fault(kind, times, method, path, status, body, headers or {}))

    def lose_next_answer(
        self, method: str | None = "POST", path: str | None = None, times: int = 1
    ) -> None:
        """Do the work, then cut the connection without an answer."""
        self._faults.append(Fault("lose", times, method, path))

    def cut_next(
        self, method: str | None = "POST", path: str | None = None, times: int = 1
    ) -> None:
        """Cut the connection without doing anything."""
        self._faults.append(Fault("cut", times, method, path))

    def late_write(
        self,
        seconds: float,
        method: str | None = "POST",
        path: str | None = None,
        times: int = 1,
    ) -> None:
        """Cut the connection first, and do the work `seconds` later all the same."""
        self._faults.append(Fault("late", times, method, path, seconds=seconds))

    def slow(self, seconds: float) -> None:
        """Do the work at once but keep every answer back for `seconds`; 0 ends it."""
        self._slowness = seconds

    def hang(self) -> None:
        """Take requests, never work on them and never answer, until `accept`."""
        self._hanging = True

    async def refuse_connections(self) -> None:
        """Be down: nothing listens, open connections are gone, until `accept`."""
        if self._listening:
            self._listening.close()
            self._listening = None
        await self._drop_connections()

    async def accept(self) -> None:
        """Be well again, at the same address, with no fault left over."""
        self._faults.clear()
        self._slowness, self._hanging = 0.0, False
        if self._listening is None:
            await self._listen()

    # --- life ------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        await self._listen()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.refuse_connections()

    async def _listen(self) -> None:
        # Not uvicorn's own loop: it handles signals, and takes 0.1 s to notice that it is to end.
        config = uvicorn.Config(
            self._serve,
            interface="asgi3",
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
        )
        config.load()
        # Only a socket that names TCP gets TCP_NODELAY, without which every answer takes 40 ms.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        protocol = cast("Any", config.http_protocol_class)
        self._listening = await asyncio.get_running_loop().create_server(
            lambda: protocol(config=config, server_state=self._state, app_state={}), sock=listener
        )

    async def _drop_connections(self) -> None:
        for connection in list(self._state.connections):
            cast("Any", connection).transport.abort()
        tasks = {*self._state.tasks, *self._background} - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)

    # --- one request -----------------------------------------------------------------------------

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = cast("Any", receive).__self__.transport  # uvicorn's, to cut the line
        body = await _whole(receive)
        request = _request(scope, body)
        self.requests.append(request)
        if self._hanging:
            await asyncio.Event().wait()
        fault = next((each for each in self._faults if each.strikes(request)), None)
        if fault is None:
            return await self._answer(await self._work(scope, body), send)
        fault.times -= 1
        if fault.kind == "fail":
            return await self._answer(self._failure(fault), send)
        if fault.kind in {"fail after", "lose"}:
            self._count(await self._work(scope, body))
        if fault.kind == "fail after":
            return await self._answer(self._failure(fault), send)
        if fault.kind == "late":
            task = asyncio.create_task(self._work_late(fault.seconds, scope, body))
            self._background.add(task)
            task.add_done_callback(self._background.discard)
        transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass
        return None

    async def _work(self, scope: Scope, body: bytes) -> Captured:
        async def replay() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        assert self._app is not None
        captured = Captured()
        await self._app(scope, replay, captured.take)
        return captured

    async def _work_late(self, seconds: float, scope: Scope, body: bytes) -> None:
        await asyncio.sleep(seconds)
        self._count(await self._work(scope, body))

    def _count(self, captured: Captured) -> None:
        if captured.status < 300:
            self.lost += 1

    def _failure(self, fault: Fault) -> Captured:
        body = self.error_body(fault.status) if fault.body is None else fault.body
        raw = body.encode() if isinstance(body, str) else body
        content = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
        headers = {"Content-Type": "application/json", **fault.headers}
        pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        return Captured(fault.status, pairs, content)

    def error_body(self, status: int) -> object:
        """Return what this vendor says with `status` when there is nothing more to say."""
        return {"status": status}

    async def _answer(self, captured: Captured, send: Send) -> None:
        if self._slowness:
            await asyncio.sleep(self._slowness)
        kept = {b"content-length", *(() if self.dated else (b"date",))}
        headers = [pair for pair in captured.headers if pair[0] not in kept]
        if self.dated and b"date" not in dict(headers):
            headers.append((b"date", formatdate(time.time(), usegmt=True).encode()))
        if captured.status != 204:
            headers.append((b"content-length", str(len(captured.body)).encode()))
        with contextlib.suppress(OSError):  # nobody may be left to hear it
            await send(
                {"type": "http.response.start", "status": captured.status, "headers": headers}
            )
            await send({"type": "http.response.body", "body": captured.body})


async def _whole(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body", False):
            return body


def _request(scope: Scope, body: bytes) -> Request:
    try:
        content = json.loads(body) if body else None
    except ValueError:
        content = body
    headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
    query = scope["query_string"].decode()
    path = scope["raw_path"].decode().partition("?")[0]
    return Request(scope["method"], path, query, headers, content, time.monotonic())
