"""A tiny real Bolt app, over HTTP and over Socket Mode, for the playground to talk to."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground import Modal, SlackServer, Workspace
from bot.playground.loopback_server import LoopbackServer

SECRET, BOT_TOKEN, APP_TOKEN = "shh", "xoxb-1", "xapp-1"
Json = dict[str, Any]


@asynccontextmanager
async def slack_alone(workspace: Workspace | None = None) -> AsyncIterator[SlackServer]:
    async with SlackServer(
        workspace or Workspace(),
        signing_secret=SECRET,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
    ) as slack:
        yield slack


def client(slack: SlackServer, token: str = BOT_TOKEN) -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=slack.api_url, retry_handlers=[])


def bolt_app(slack: SlackServer) -> AsyncApp:
    who = AuthorizeResult(
        enterprise_id=None,
        team_id="T0001",
        bot_token=BOT_TOKEN,
        bot_id="B0FOG",
        bot_user_id="U0BOT",
    )

    async def authorize() -> AuthorizeResult:
        return who

    return AsyncApp(
        client=client(slack),
        signing_secret=SECRET,
        authorize=authorize,
        process_before_response=True,
    )


@asynccontextmanager
async def over_http(slack: SlackServer, app: AsyncApp) -> AsyncIterator[None]:
    handler = AsyncSlackRequestHandler(app)

    async def receive(request: Request) -> Response:
        return await handler.handle(request)

    routes = [Route("/slack/events", receive, methods=["POST"])]
    listener = LoopbackServer(Starlette(routes=routes), 0)
    port = await listener.start()
    slack.bot_at(f"http://127.0.0.1:{port}/slack/events")
    try:
        yield
    finally:
        await listener.stop()


@asynccontextmanager
async def over_socket(slack: SlackServer, app: AsyncApp) -> AsyncIterator[None]:
    handler = AsyncSocketModeHandler(app, APP_TOKEN, web_client=client(slack, APP_TOKEN))
    await handler.connect_async()
    try:
        await slack.socket_connected()
        yield
    finally:
        await handler.close_async()


class ScriptedBot:
    """A bot that answers as it is told."""

    def __init__(self) -> None:
        self.answer: Response = Response()
        self.wait = 0.0
        self.url = ""
        self.requests: list[tuple[dict[str, str], bytes]] = []

    async def serve(self, request: Request) -> Response:
        self.requests.append((dict(request.headers), await request.body()))
        await asyncio.sleep(self.wait)
        return self.answer

    def payload(self) -> Json:
        """The newest interactive payload."""
        fields = dict(parse_qsl(self.requests[-1][1].decode()))
        return dict(json.loads(fields["payload"]))


TRANSPORTS = {"http": over_http, "socket": over_socket}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def field(block_id: str, label: str, element: Json, **more: object) -> Json:
    element = {"action_id": "value", **element}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        **more,
    }


def option(text: str, value: str | None = None) -> Json:
    return {"text": plain(text), "value": value or text.lower()}


def modal(title: str, *blocks: Json, **more: object) -> Json:
    view = {"type": "modal", "callback_id": "report", "title": plain(title), "blocks": list(blocks)}
    if any(block["type"] == "input" for block in blocks):
        view["submit"] = plain("Publish")
    return {**view, **more}


def form() -> Json:
    return modal(
        "Report an incident",
        field("name", "Incident name", {"type": "plain_text_input", "max_length": 50}),
        field(
            "status",
            "Status",
            {
                "type": "static_select",
                "options": [option("Investigating"), option("Identified")],
                "initial_option": option("Investigating"),
            },
        ),
        field("message", "Message", {"type": "plain_text_input", "multiline": True}),
        field(
            "parts",
            "Affected components",
            {"type": "multi_external_select", "min_query_length": 0},
            optional=True,
        ),
        field(
            "notify",
            "Notify subscribers",
            {"type": "checkboxes", "options": [option("Yes", "yes")]},
            optional=True,
        ),
        field("started", "Started at", {"type": "datetimepicker"}, optional=True),
        {
            "type": "actions",
            "block_id": "more",
            "elements": [{"type": "button", "action_id": "each", "text": plain("Set each")}],
        },
    )


async def show_form(slack: SlackServer, *blocks: dict[str, Any], **more: object) -> Modal:
    trigger = slack.workspace.triggers.issue("U0ANN")
    await client(slack).views_open(trigger_id=trigger, view=modal("A", *blocks, **more))
    return await slack.person("ann").modal()
