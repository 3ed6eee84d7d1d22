"""Calls of Slack's Web API: what its answers mean, and how fast a channel takes messages."""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.domain.retry_after import read_date, seconds_to_wait
from bot.errors import Deferred, Gone, ProviderError, Rejected, Unavailable, Uncertain

TIMEOUT_SECONDS = 10

_LIMITED = {"ratelimited", "rate_limited", "message_limit_exceeded"}
_KEY = {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"}
_UNSURE = {"internal_error", "fatal_error", "request_timeout", "service_unavailable"}
_GONE = {"message_not_found", "not_found", "thread_not_found", "user_not_found"}
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500
_TOKEN_PAUSE = 60.0
_NOT_OK = re.compile(r'"ok"\s*:\s*false')
_RESTRICTED = "restricted_action"
"""How the names begin of what the workspace's settings forbid."""

_REASONS = {
    "not_in_channel": "Foghorn is not in that channel; invite it with /invite.",
    "channel_not_found": "Foghorn cannot see that channel; invite it with /invite.",
    "is_archived": "That channel is archived.",
    "is_inactive": "That channel is archived.",
    "restricted_action_thread_locked": "Somebody locked that thread.",
    "ekm_access_denied": "The workspace's administrators have suspended posting in that channel.",
    "team_added_to_org": "Slack is moving the workspace to an organisation.",
    "edit_window_closed": "The workspace does not let that message be changed any more.",
    "user_disabled": "Their Slack account is deactivated.",
    "messages_tab_disabled": (
        "The app's Messages tab is off: switch it on (App Home), or install it with its manifest."
    ),
    "expired_trigger_id": "Slack waited more than three seconds for the form.",
    "exchanged_trigger_id": "Slack had opened a form for this click already.",
    "user_not_found": "Slack knows no such person (user_not_found).",
    "user_not_visible": "Slack does not show Foghorn this person (user_not_visible).",
    "missing_scope": "Foghorn's app lacks a permission: install it again with its manifest.",
}


def new_session(seconds: float = TIMEOUT_SECONDS) -> aiohttp.ClientSession:
    """Return a session whose requests last so long at most; a client's own limit needs its own."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=seconds))


def new_client(token: str, base_url: str | None, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Return a client on the shared session that never sends anything twice by itself."""
    client = AsyncWebClient(token=token, session=session, retry_handlers=[])
    if base_url:
        client.base_url = base_url if base_url.endswith("/") else f"{base_url}/"
    return client


async def call(
    request: Callable[..., Awaitable[AsyncSlackResponse]],
    **arguments: Any,  # noqa: ANN401 -- Slack's own arguments
) -> dict[str, Any]:
    """Call a method of the Web API and return its answer.

    Raises `Unavailable` when it certainly did nothing, `Uncertain` when it may have, `Gone` when
    Slack has no such message or person, and `Rejected` for every other refusal, whatever its name.
    """
    try:
        answer = await request(**arguments)
    except SlackApiError as error:
        raise meaning(error) from error
    except aiohttp.ClientConnectorError as error:
        raise Unavailable("Slack cannot be reached.") from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Uncertain("Slack did not answer.") from error
    data: dict[str, Any] = answer.data if isinstance(answer.data, dict) else {}
    return data


async def respond(
    client: AsyncWebClient,
    url: str,
    **content: Any,  # noqa: ANN401 -- Slack's own arguments
) -> None:
    """Post to the response URL of a payload; it dies after five uses or half an hour.

    Raises `Uncertain` when it may have been taken, and `Rejected` when it was not. Slack says so by
    the status, and for some mistakes by the body alone.
    """
    webhook = AsyncWebhookClient(url, session=client.session, retry_handlers=[])
    try:
        answer = await webhook.send_dict(content)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Uncertain("Slack did not answer.") from error
    if answer.status_code != HTTPStatus.OK or _NOT_OK.search(answer.body or ""):
        raise Rejected(f"Slack did not take an answer (status {answer.status_code}).")


async def permalink(client: AsyncWebClient, channel: str, ts: str) -> str | None:
    """Return the address of a message, None when Slack does not tell it."""
    try:
        answer = await call(client.chat_getPermalink, channel=channel, message_ts=ts)
    except ProviderError:
        return None
    return str(answer["permalink"])


def meaning(error: SlackApiError) -> Exception:
    """Return our error for one of Slack's.

    Names of errors: Slack's method reference; a 429 comes with `Retry-After`.
    """
    response = error.response
    # What is no JSON comes as aiohttp has it, without any data.
    status = getattr(response, "status_code", getattr(response, "status", _SERVER_ERROR))
    data = getattr(response, "data", None)
    data = data if isinstance(data, dict) else {}
    name = str(data.get("error", ""))
    refused = f"Slack refused it ({name or status})."
    if name.startswith(_RESTRICTED):
        refused = f"The workspace does not let Foghorn post there ({name})."
    text = _REASONS.get(name, refused)
    wait = _wait(getattr(response, "headers", {}))
    if status == _TOO_MANY_REQUESTS or name in _LIMITED:
        return Deferred("Slack asked to wait.", retry_after=wait)
    if status >= _SERVER_ERROR or name in _UNSURE or not name:
        return Uncertain("Slack had a fault of its own.", retry_after=wait)
    if name in _KEY:
        # Nobody could be told in Slack, so what is owed waits until the token is put right.
        return Deferred("Slack refuses Foghorn's token.", retry_after=_TOKEN_PAUSE)
    return Gone(text, name=name) if name in _GONE else Rejected(text, name=name)


def _wait(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds an answer asks to wait, if it does, by Slack's own clock."""
    said = {name.lower(): str(value) for name, value in headers.items()}
    return seconds_to_wait((said.get("retry-after"),), read_date(said.get("date")))


class Pacing:
    """Lets one message a second into a channel, with short bursts, as Slack allows.

    It remembers at most `channels` channels, the latest used.
    """

    def __init__(self, burst: int = 2, every_seconds: float = 1.0, channels: int = 10_000) -> None:
        self._burst = burst
        self._every = every_seconds
        self._channels = channels
        self._next: OrderedDict[str, float] = OrderedDict()

    async def turn(self, channel: str) -> None:
        """Wait until it is this message's turn in the channel."""
        now = time.monotonic()
        earliest = max(self._next.pop(channel, 0.0), now - (self._burst - 1) * self._every)
        self._next[channel] = earliest + self._every
        while len(self._next) > self._channels:
            self._next.popitem(last=False)
        if earliest > now:
            await asyncio.sleep(earliest - now)
