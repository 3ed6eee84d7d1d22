"""Foghorn's own way in with a table of so many handlers: `python -m bench.door 200`.

Everything from the guard to the listener is the bot's; only the handlers do nothing but answer.
"""

import sys
from collections.abc import Mapping
from typing import Any

import uvloop
from slack_bolt.async_app import AsyncAck

from bench.hello import bolt, serve
from bench.signed import SIGNING_SECRET
from bot.slack.app import dispatch
from bot.slack.router import Router
from bot.web.server import Answer, SlackEndpoint, build


async def _answer(body: dict[str, Any], ack: AsyncAck) -> None:
    del body
    await ack()


def main(many: int) -> None:
    """Serve a table of `many` commands, of which `/incident` is the last."""
    app = bolt(at_once=True)
    names = [*(f"command{number}" for number in range(many - 1)), "incident"]
    Router(commands=dict.fromkeys(names, _answer)).listen(app)

    async def handle(payload: dict[str, Any], _headers: Mapping[str, str]) -> Answer:
        return Answer(*await dispatch(app, payload))

    uvloop.run(serve(build({}, SlackEndpoint(handle, SIGNING_SECRET))))


if __name__ == "__main__":
    main(int(sys.argv[1]))
