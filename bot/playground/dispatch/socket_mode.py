"""Socket Mode: connections of the bot, envelopes to it and acks from it.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
from itertools import count

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.playground.errors import Json
from bot.playground.workspace.journal import Journal
from bot.playground.workspace.socket_tickets import SocketTickets

MOST = 10


class NoOpenSocket(ConnectionError):
    """No socket of the bot is open, so Slack has nobody to send to."""


class SocketConnections:
    """Keeps the bot's open connections and gives each payload to one of them in turn."""

    def __init__(self, tickets: SocketTickets, journal: Journal) -> None:
        self._tickets = tickets
        self._journal = journal
        self._numbers = count(1)
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self.links: list[WebSocket] = []
        self.away = False
        self.refused = 0

    async def serve(self, socket: WebSocket) -> None:
        if self.away or not self._tickets.redeem(socket.query_params.get("ticket", "")):
            self.refused += 1
            self._journal.note("bot > socket refused")
            await socket.close(4001)
            return
        await socket.accept()
        if len(self.links) >= MOST:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return
        try:
            await self._receive_acks(socket)
        except WebSocketDisconnect:
            self._journal.note("bot > socket closed")
        finally:
            if socket in self.links:
                self.links.remove(socket)
            self._journal.changed()

    async def _receive_acks(self, socket: WebSocket) -> None:
        self.links.append(socket)
        hello = {
            "type": "hello",
            "num_connections": len(self.links),
            "debug_info": {"host": "playground", "approximate_connection_time": 18_060},
            "connection_info": {"app_id": "A0FOG"},
        }
        await socket.send_json(hello)
        self._journal.note("bot > socket open")
        while True:
            self._resolve_ack(json.loads(await socket.receive_text()))

    def _resolve_ack(self, answer: Json) -> None:
        waiting = self._waiting.get(str(answer.get("envelope_id")))
        if waiting is None or waiting.done():
            self._journal.note(f"bot > ack that nobody waits for: {answer}")
        else:
            waiting.set_result(answer)

    async def ask(self, kind: str, payload: Json, retry: Json) -> Json:
        """Sends one envelope and returns the bot's ack; the caller sets the time limit."""
        if not self.links:
            raise NoOpenSocket
        number = next(self._numbers)
        link = self.links[number % len(self.links)]
        key = f"envelope-{number:06d}"
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[key] = answer
        envelope = {
            "envelope_id": key,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
            **retry,
        }
        try:
            await link.send_json(envelope)
            return await answer
        finally:
            del self._waiting[key]

    async def ask_to_reconnect(self) -> None:
        """Sends what Slack sends before it closes a connection."""
        for link in list(self.links):
            await link.send_json({"type": "disconnect", "reason": "refresh_requested"})
