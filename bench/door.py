"""Foghorn's own way in with a table of so many handlers: `python -m bench.door 200`.

Everything from the guard to the listener is the bot's; only the handlers do nothing but answer.
"""

import sys
from functools import partial
from typing import Any

import uvloop
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bench.hello import serve
from bench.signed import BOT_TOKEN, SIGNING_SECRET
from bot.slack.app import dispatch
from bot.slack.router import Router
from bot.web.server import SlackEndpoint, build


async def _answer(body: dict[str, Any], ack: AsyncAck) -> None:
    del body
    await ack()


async def _authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T0001", bot_token=BOT_TOKEN)


def main(many: int) -> None:
    """Serve a table of `many` commands, of which `/incident` is the last."""
    names = [*(f"command{number}" for number in range(many - 1)), "incident"]
    router = Router(commands=dict.fromkeys(names, _answer))
    app = AsyncApp(
        before_authorize=router.middleware(),
        authorize=_authorize,
        process_before_response=True,
        request_verification_enabled=False,
    )

    uvloop.run(serve(build({}, SlackEndpoint(partial(dispatch, app), SIGNING_SECRET))))


if __name__ == "__main__":
    main(int(sys.argv[1]))
