"""The Bolt app with every listener, over HTTP or Socket Mode, and what Slack knows of a person."""

import logging
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.logger.messages import info_default_oauth_settings_loaded, warning_token_skipped
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import ProviderError, Rejected, Unavailable
from bot.services.access import Member
from bot.slack import shapes
from bot.slack.calls import call
from bot.slack.connection import PING_SECONDS, SocketModeHandler
from bot.slack.context import ListenerContext
from bot.slack.listeners import (
    dashboard,
    direct_messages,
    incidents,
    maintenances,
    menus,
    open_forms,
    reminders,
    series,
    submissions,
)
from bot.slack.router import Router

_log = structlog.get_logger(__name__)

_NO_NEWS = {warning_token_skipped(), info_default_oauth_settings_loaded()}

_DEAF_SECONDS = 4 * PING_SECONDS
_OF_THE_BOT = {"user_not_in_channel", "user_not_found", "cannot_dm_bot"}
"""Refusals to show the bot something, which say nothing about people."""
_SLACKBOT = "USLACKBOT"
"""Of whom Slack says that it is no bot."""


def _is_news(record: logging.LogRecord) -> bool:
    """Say whether Bolt's line is more than that it found variables of ours in the environment."""
    return record.getMessage() not in _NO_NEWS


def build(context: ListenerContext, bot_token: str) -> AsyncApp:
    """Return a Bolt app with every listener.

    It answers only after its listener has run, since Bolt otherwise looks for the answer every
    10 ms; and it takes the token as given, since Bolt otherwise asks Slack first.
    """

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=bot_token)

    logger = logging.getLogger("slack_bolt")
    logger.addFilter(_is_news)
    app = AsyncApp(
        name="foghorn",
        # Otherwise Bolt takes over the level of the root, and at "debug" logs what people wrote.
        logger=logger,
        before_authorize=routes(context).middleware(context.priority.serving),
        authorize=authorize,
        client=None,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        attaching_function_token_enabled=False,
    )
    app.error(_broken)
    return app


def routes(context: ListenerContext) -> Router:
    """Return who listens to what."""
    router = Router()
    features = (dashboard, direct_messages, incidents, maintenances)
    for feature in (*features, menus, open_forms, reminders, series, submissions):
        feature.register(router, context)
    return router


async def receive(app: AsyncApp, payload: dict[str, Any]) -> tuple[int, str, dict[str, str]]:
    """Answer a signed and parsed request: as `dispatch` does, unless Slack never sends the like."""
    if status := shapes.refusal(payload):
        return status, "", {}
    return await dispatch(app, payload)


async def dispatch(app: AsyncApp, payload: dict[str, Any]) -> tuple[int, str, dict[str, str]]:
    """Hand a payload of Slack's to Bolt; return status, body and headers of the answer."""
    # Bolt takes a parsed payload only in this mode; ours is parsed and verified before.
    request = AsyncBoltRequest(body=payload, mode="socket_mode")
    answer: BoltResponse = await app.async_dispatch(request)
    return answer.status, answer.body or "", {k: v[0] for k, v in answer.headers.items() if v}


async def try_direct_messages(client: AsyncWebClient, people: Sequence[str], bot: str) -> None:
    """Try whether each of `people` can be written to; the log says when Slack refuses that.

    Nobody sees it: it is for the eyes of the bot itself, by its user id, in the conversation with
    them. Of the calls that leave nothing behind, this is the one for which an app's Messages tab
    must be on: https://docs.slack.dev/reference/methods/chat.postEphemeral
    """
    for person in people:
        try:
            place = await call(client.conversations_open, users=person)
            where = {"channel": place["channel"]["id"], "user": bot}
            await call(client.chat_postEphemeral, **where, text="Can Foghorn write here?")
        except Rejected as error:
            if error.name not in _OF_THE_BOT:
                _log.error("Foghorn cannot write direct messages.", to=person, reason=str(error))
        except ProviderError as error:
            _log.info("Whether direct messages arrive is not known.", reason=str(error))


async def is_heard(handler: SocketModeHandler) -> bool:
    """Say whether Slack can reach us over this connection at this moment."""
    client = handler.client
    heard = client.last_ping_pong_time
    deaf = heard is not None and time.time() - heard > _DEAF_SECONDS
    return not client.connecting and not deaf and await client.is_connected()


async def watch(handler: SocketModeHandler) -> None:
    """Have a new connection opened when the present one has gone deaf without saying so."""
    client = handler.client
    if not client.connecting and not await is_heard(handler):
        client.lost("It was cut, or went silent.")
        await client.connect_to_new_endpoint(force=True)


async def ask_about(client: AsyncWebClient, person_id: str, ours: Collection[str]) -> Member:
    """Ask Slack who somebody is; `ours` are the ids of our workspace, none while not known.

    Raises as `call` does, and `Unavailable` where only these ids could tell.
    """
    user = (await call(client.users_info, user=person_id))["user"]
    profile, grid = user.get("profile") or {}, user.get("enterprise_user") or {}
    # On Enterprise Grid `team_id` is only one of the workspaces that somebody belongs to.
    theirs = {user.get("team_id"), grid.get("enterprise_id"), *(grid.get("teams") or ())} - {None}
    unlike = theirs.isdisjoint(ours)
    member = Member(
        guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        elsewhere=unlike and bool(user.get("is_stranger") or (ours and theirs)),
        zone=user.get("tz") or "UTC",
        name=_shown_name(user, profile),
        deactivated=bool(user.get("deleted")),
        bot=bool(user.get("is_bot") or person_id == _SLACKBOT),
    )
    if theirs and not ours and not member.refusal:
        raise Unavailable("Slack has not said yet which workspace Foghorn is in.")
    return member


def _shown_name(user: Mapping[str, Any], profile: Mapping[str, Any]) -> str:
    """Return the name that Slack shows: the one somebody chose, else their full name."""
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"))
    return next((name.strip() for name in names if name and name.strip()), user.get("name") or "")


async def _broken(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Answer when a listener broke: the form stays open with its text, and says so."""
    _log.error("A listener broke.", type=body.get("type"), exc_info=error)
    if body.get("type") == "view_submission":
        fields = [each["block_id"] for each in body["view"]["blocks"] if each["type"] == "input"]
        text = (
            "Foghorn tripped over this and published nothing. Your text is still here: try again."
        )
        answer = {"response_action": "errors", "errors": dict.fromkeys(fields[:1], text)}
        return BoltResponse(status=200, body=answer)
    return BoltResponse(status=200, body="")
