"""The public page beside the workspace: shown in a frame, and again whenever it changes."""

import asyncio
import re
from contextlib import suppress
from urllib.parse import urljoin

import httpx
from starlette.applications import Starlette
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.playground.loopback_server import LoopbackServer, loopback_client
from bot.playground.web.security import LoopbackOnly
from bot.playground.workspace.journal import Journal

_POLL_SECONDS = 1.0
_FORWARDED_HEADERS = ("content-type", "etag", "location")
_REFRESH = re.compile(rb"<meta http-equiv=\"?refresh\"?[^>]*>", re.IGNORECASE)
_FILE = re.compile(rb'<a href="(/[^"]*\.[a-z]+)"')
"""A link to a feed, a calendar or data: nothing for a frame, and to be kept when we are gone."""
_FRAMED = re.compile(r"frame-ancestors [^;]*")
_OURS = "frame-ancestors http://127.0.0.1:* http://localhost:*"
_BAD_GATEWAY = 502


class PageFrame:
    """Shows one page under an address of its own, where a frame of ours may hold it.

    A public page lets nobody frame it, and rightly so: here its own headers stay as they are, but
    for the one name of our workspace. Its changes are counted by its ETag. `path` is where in it
    somebody went last.
    """

    def __init__(self, url: str, journal: Journal) -> None:
        self.url = url.rstrip("/")
        self.frame_url = ""
        self.version = 0
        self.path = "/"
        self._journal = journal
        self._etag = ""
        routes = [Route("/{path:path}", self._show)]
        self._listener = LoopbackServer(LoopbackOnly(Starlette(routes=routes)), 0)
        self._client = loopback_client(5)
        self._watching: asyncio.Task[None] | None = None

    async def open(self) -> None:
        port = await self._listener.start()
        self.frame_url = f"http://127.0.0.1:{port}"
        self._watching = asyncio.create_task(self._watch())

    async def close(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await self._listener.stop()
        await self._client.aclose()

    async def _watch(self) -> None:
        """Polls every second, and soon after something happened in the workspace."""
        with self._journal.watched() as happened:
            while True:
                await self._poll()
                happened.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(_POLL_SECONDS):
                        await happened.wait()
                    await asyncio.sleep(0.1)  # one look for a burst of changes

    async def _poll(self) -> None:
        headers = {"If-None-Match": self._etag} if self._etag else {}
        try:
            got = await self._client.get(self.url, headers=headers)
        except httpx.TransportError:
            return
        etag = got.headers.get("etag", "")
        if got.status_code == httpx.codes.OK and (not etag or etag != self._etag):
            self._etag = etag
            self.version += 1
            self._journal.changed()

    async def _show(self, request: Request) -> Response:
        url = f"{self.url}{request.url.path}"
        try:
            got = await self._client.get(url, params=request.query_params)
        except httpx.TransportError:
            return PlainTextResponse("The page does not answer.", _BAD_GATEWAY)
        headers = {name: got.headers[name] for name in _FORWARDED_HEADERS if name in got.headers}
        policy = got.headers.get("content-security-policy", "frame-ancestors *")
        headers["Content-Security-Policy"] = _FRAMED.sub(_OURS, policy)
        headers["Cache-Control"] = "no-store"
        body = got.content
        if "html" in headers.get("content-type", ""):
            body = _REFRESH.sub(b"", body)  # we reload it when it changed, and only then
            body = self._links(body)
            self._show_address(request.url, got.status_code)
        return Response(body, got.status_code, headers)

    def _links(self, body: bytes) -> bytes:
        """Keeps within the frame what belongs there; all else has the page's own address."""
        inside = b'<a href="' + self.url.encode()
        body = body.replace(inside, b'<a href="' + self.frame_url.encode())
        own = self.url.encode()
        return _FILE.sub(
            lambda link: b'<a target="_blank" href="' + urljoin(own, link[1]) + b'"', body
        )

    def _show_address(self, shown: URL, status: int) -> None:
        path = f"{shown.path}?{shown.query}" if shown.query else shown.path
        if status == httpx.codes.OK and path != self.path:
            self.path = path
            self._journal.changed()
