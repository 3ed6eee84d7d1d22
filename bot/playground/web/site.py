"""The routes of the workspace in a browser."""

import json
from pathlib import Path

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.playground.errors import ClientRefusal, Json, SlackError
from bot.playground.people.interactions import Interactions
from bot.playground.people.person import Until
from bot.playground.web import journal_rows
from bot.playground.web.browser_actions import BrowserActions
from bot.playground.web.browser_requests import BadBrowserRequest
from bot.playground.web.event_stream import stream_events
from bot.playground.web.fault_switches import FaultSwitches
from bot.playground.web.page_frame import PageFrame
from bot.playground.web.security import SecurityHeaders, is_ours

LARGEST = 1_000_000
_STATIC = Path(__file__).parent / "static"
_BAD, _FORBIDDEN, _NOT_FOUND, _REFUSED, _TOO_LARGE = 400, 403, 404, 409, 413


class BrowserSite:
    """The browser's side of the look-alike."""

    def __init__(self, interactions: Interactions, until: Until, switches: FaultSwitches) -> None:
        self._workspace = interactions.workspace
        self._switches = switches
        self._actions = BrowserActions(interactions, until, switches)
        self._page: PageFrame | None = None

    async def show_page(self, url: str) -> None:
        """Shows this page beside the workspace, from now on."""
        self._page = PageFrame(url, self._workspace.journal)
        await self._page.open()

    async def close(self) -> None:
        if self._page is not None:
            await self._page.close()

    def routes(self) -> list[BaseRoute]:
        secured = [Middleware(SecurityHeaders)]
        return [
            Route("/", self._index, middleware=secured),
            Route("/live", self._live, middleware=secured),
            Route("/wire/{number:int}", self._details, middleware=secured),
            Route("/do", self._do, methods=["POST"], middleware=secured),
            Mount("/static", StaticFiles(directory=_STATIC), middleware=secured),
        ]

    async def _index(self, _: Request) -> Response:
        return FileResponse(_STATIC / "index.html", media_type="text/html")

    async def _live(self, request: Request) -> Response:
        people = [one for one in self._workspace.users.values() if not one.is_bot]
        wanted = request.query_params.get("as")
        user = next((one for one in people if one.id == wanted), people[0])
        stream = stream_events(self._workspace, user, self._beside)
        return StreamingResponse(stream, media_type="text/event-stream")

    def _beside(self) -> dict[str, Json]:
        """What stands beside the workspace, by the name of its event."""
        return {"page": self._page_state(), "faults": self._switches.listed()}

    def _page_state(self) -> Json:
        page = self._page
        if page is None:
            return {"url": None, "frame": None, "path": "/", "version": 0}
        return {
            "url": page.url,
            "frame": page.frame_url,
            "path": page.path,
            "version": page.version,
        }

    async def _details(self, request: Request) -> Response:
        try:
            entry = self._workspace.journal.entries[request.path_params["number"]]
        except IndexError:
            return PlainTextResponse("no such line", _NOT_FOUND)
        return JSONResponse(journal_rows.details(entry))

    async def _do(self, request: Request) -> Response:
        if not is_ours(request):
            return PlainTextResponse("Only the playground's own page may act.", _FORBIDDEN)
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return PlainTextResponse("JSON is spoken here.", _BAD)
        body = await request.body()
        if len(body) > LARGEST:
            return PlainTextResponse("That is too much.", _TOO_LARGE)
        try:
            return JSONResponse(await self._actions.do(_parsed(body)))
        except (BadBrowserRequest, SlackError) as error:
            return JSONResponse({"refused": str(error)}, _BAD)
        except ClientRefusal as refused:
            return JSONResponse({"refused": str(refused)}, _REFUSED)


def _parsed(body: bytes) -> Json:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise BadBrowserRequest("that is no JSON") from None
    if not isinstance(given, dict):
        raise BadBrowserRequest("that is no JSON object")
    return given
