"""The HTTP side of the Web API: tokens, bodies, faults, answers."""

import asyncio
import json
from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from bot.playground.dispatch.socket_mode import SocketConnections
from bot.playground.errors import Json, SlackError
from bot.playground.web_api.faults import Fault, Faults
from bot.playground.web_api.methods import answer_url, call
from bot.playground.workspace.workspace import Workspace

Dropper = Callable[[tuple[str, int]], None]
_ACK_POLLS = 25  # times 2 ms
_OK, _NOT_FOUND = 200, 404


class NoAnswer(Response):
    """Drops the connection, or leaves it until the bot gives up, instead of answering."""

    def __init__(self, drop: Dropper | None = None) -> None:
        super().__init__()
        self._drop = drop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        if self._drop is not None:
            self._drop(tuple(scope["client"]))
        while (await receive())["type"] != "http.disconnect":
            pass


class WebApi:
    """Answers the bot's calls from the workspace's memory."""

    def __init__(
        self, workspace: Workspace, faults: Faults, *, bot_token: str, app_token: str
    ) -> None:
        self._workspace = workspace
        self._faults = faults
        self._bot_token = bot_token
        self._app_token = app_token
        self.drop: Dropper | None = None

    def routes(self, sockets: SocketConnections) -> list[BaseRoute]:
        return [
            Route("/api/{method:path}", self.serve, methods=["GET", "POST"]),
            Route("/response/{key}", self.serve_response_url, methods=["POST"]),
            WebSocketRoute("/link/", sockets.serve),
        ]

    async def serve(self, request: Request) -> Response:
        method = request.path_params["method"]

        def run(args: Json) -> Json:
            self._check_token(method, _token(request, args))
            return call(self._workspace, method, args)

        return await self._serve(request, method, run, _OK)

    async def _let_ack_pass(self, args: Json) -> None:
        """Keeps an update sent after an ack behind it: here both travel within one loop."""
        open_views = self._workspace.open_views
        for _ in range(_ACK_POLLS):
            if not open_views.is_submitting(args.get("view_id", ""), args.get("external_id", "")):
                return
            await asyncio.sleep(0.002)

    async def serve_response_url(self, request: Request) -> Response:
        run = partial(answer_url, self._workspace, request.path_params["key"])
        return await self._serve(request, "response_url", run, _NOT_FOUND)

    async def _serve(
        self, request: Request, name: str, run: Callable[[Json], Json], refusal: int
    ) -> Response:
        try:
            args = await _read(request)
        except SlackError as error:
            return self._reply(refusal, error.answer())
        if name == "views.update":
            await self._let_ack_pass(args)
        return await self._answer(name, args, run, refusal)

    def _check_token(self, method: str, token: str) -> None:
        if not token:
            raise SlackError("not_authed")
        if token not in (self._bot_token, self._app_token):
            raise SlackError("invalid_auth")
        wanted = self._app_token if method == "apps.connections.open" else self._bot_token
        if token != wanted:
            raise SlackError("not_allowed_token_type")

    async def _answer(
        self, method: str, args: Json, run: Callable[[Json], Json], refusal: int
    ) -> Response:
        journal = self._workspace.journal
        begun = journal.begin(method, args)
        fault = self._faults.take(method, str(args.get("channel")), self._workspace.now())
        if fault is not None and not fault.written:
            await asyncio.sleep(fault.seconds)
            if fault.kind == "hang":
                journal.finish(begun, fault="hang")
                return NoAnswer()
            if fault.kind in ("limit", "fail"):
                answer: Json = {"ok": False, "error": fault.error}
                journal.finish(begun, fault.status, answer, fault.kind)
                return self._reply(fault.status, answer, fault)
        try:
            status, answer = _OK, run(args)
        except SlackError as error:
            status, answer = refusal, error.answer()
        journal.finish(begun, status, answer, None if fault is None else fault.kind)
        if fault is not None and fault.written:
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.kind == "lose":
            return NoAnswer(self.drop)
        return self._reply(status, answer)

    def _reply(self, status: int, answer: Json, fault: Fault | None = None) -> Response:
        headers = {"x-oauth-scopes": ",".join(sorted(self._workspace.scopes))}
        if fault is not None and fault.after:
            headers["Retry-After"] = str(fault.after)
        return JSONResponse(answer, status, headers)


async def _read(request: Request) -> Json:
    """The arguments from the query and the body, whichever way they are encoded."""
    args: Json = dict(request.query_params)
    body = await request.body()
    if not body:
        return args
    if "json" in request.headers.get("content-type", ""):
        return {**args, **_parsed(body)}
    return {**args, **dict(parse_qsl(body.decode(), keep_blank_values=True))}


def _parsed(body: bytes) -> Json:
    try:
        given = json.loads(body)
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(given, dict):
        raise SlackError("json_not_object")
    return given


def _token(request: Request, args: Json) -> str:
    """The bearer token, else the argument `token`, which no method sees."""
    given = str(args.pop("token", ""))
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else given
