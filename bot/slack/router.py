"""The listener of everything that Slack sends: one dict of ids for each kind of payload.

Bolt tries its listeners one by one, and gathers for each whatever its arguments could name; a dict
costs the same however long it grows.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncBoltRequest
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse

_log = structlog.get_logger(__name__)

Payload = dict[str, Any]
Listener = Callable[[Payload, AsyncAck], Awaitable[None]]
Serving = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Router:
    """Who listens to what: commands by their last word, buttons by their id up to a colon."""

    commands: dict[str, Listener] = field(default_factory=dict)
    actions: dict[str, Listener] = field(default_factory=dict)
    submissions: dict[str, Listener] = field(default_factory=dict)
    options: dict[str, Listener] = field(default_factory=dict)
    shortcuts: dict[str, Listener] = field(default_factory=dict)

    def middleware(self, serving: Serving = nullcontext) -> AsyncMiddleware:
        """Return what Bolt hands everything to, before it looks for a token that nobody needs.

        `serving` is entered while somebody waits for their answer.
        """
        return _Switch(self, serving)


_Kind = tuple[Mapping[str, Listener], Callable[[Payload], str]]
"""One kind of payload: who listens, and where their name stands."""


class _Switch(AsyncMiddleware):
    """Hands a payload to its listener, and leaves nothing to Bolt's own."""

    def __init__(self, router: Router, serving: Serving) -> None:
        self._serving = serving
        self._kinds: dict[str, _Kind] = {
            "command": (router.commands, _command),
            "view_submission": (router.submissions, lambda body: body["view"]["callback_id"]),
            "view_closed": ({}, lambda body: body["view"]["callback_id"]),
            "block_actions": (router.actions, _action),
            "block_suggestion": (router.options, lambda body: body["action_id"]),
            "shortcut": (router.shortcuts, lambda body: body["callback_id"]),
            "message_action": (router.shortcuts, lambda body: body["callback_id"]),
        }

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 -- Bolt's own name
    ) -> BoltResponse | None:
        del resp, next
        ack = req.context.ack
        try:
            kind = "command" if "command" in req.body else req.body["type"]
            listeners, name_of = self._kinds[kind]
            name = name_of(req.body)
            listener = listeners.get(name)
        except (AttributeError, LookupError, TypeError):
            _log.warning("Slack sent what Foghorn does not know.", type=req.body.get("type"))
            return BoltResponse(status=404)
        if listener:
            with self._serving():
                await listener(req.body, ack)
        else:
            if req.body.get("type") != "view_closed":
                _log.warning("Nobody listens to this.", name=name)
            await ack()
        return ack.response


def _command(body: Payload) -> str:
    # An app may be installed with prefixed commands: /sp-incident is /incident.
    return str(body["command"].removeprefix("/").rpartition("-")[2])


def _action(body: Payload) -> str:
    return str(body["actions"][0]["action_id"].partition(":")[0])
