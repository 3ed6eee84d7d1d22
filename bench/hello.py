"""The bare Bolt "hello" that Foghorn is held against: `python -m bench.hello default|at-once`."""

import json
import logging
import socket
import sys

import uvicorn
import uvloop
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bench.signed import BOT_TOKEN, SIGNING_SECRET


def bolt(*, at_once: bool) -> AsyncApp:
    """Return Bolt as its guide has it, but for `auth.test`, whose answer is ready here."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T0001", bot_token=BOT_TOKEN)

    return AsyncApp(
        signing_secret=SIGNING_SECRET, authorize=authorize, process_before_response=at_once
    )


def greet(app: AsyncApp) -> None:
    """Answer what Foghorn answers, and do nothing else."""

    @app.command("/incident")
    @app.view("report")
    async def hello(ack: AsyncAck) -> None:
        await ack()

    @app.options("components")
    async def nothing(ack: AsyncAck) -> None:
        await ack(options=[])


def behind_starlette(app: AsyncApp) -> Starlette:
    """Return Bolt in Starlette, with the adapter that it brings."""
    handler = AsyncSlackRequestHandler(app)

    async def receive(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route("/slack/events", receive, methods=["POST"])])


async def serve(app: ASGIApp) -> None:
    """Serve `app` on a free port and say which, until killed."""
    logging.basicConfig(level=logging.WARNING)
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(json.dumps(listening.getsockname()[1]), flush=True)
    config = uvicorn.Config(
        app, http="httptools", ws="none", lifespan="off", log_config=None, access_log=False
    )
    await uvicorn.Server(config).serve(sockets=[listening])


def main(kind: str) -> None:
    """Run the command."""
    app = bolt(at_once=kind == "at-once")
    greet(app)
    uvloop.run(serve(behind_starlette(app)))


if __name__ == "__main__":
    main(sys.argv[1])
