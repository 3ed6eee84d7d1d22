"""A browser's requests, without a browser."""

import json
from typing import Any

import httpx

from bot.playground import SlackServer

Json = dict[str, Any]
OWN = {"X-Playground": "1"}


async def send_request(slack: SlackServer, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own
    """POST with a body, else GET."""
    method = "POST" if {"json", "content"} & set(more) else "GET"
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.request(method, f"{slack.url.rstrip('/')}{path}", **more)


async def do(slack: SlackServer, what: str, who: str = "U0ANN", **details: object) -> Json:
    got = await send_request(slack, "/do", json={"do": what, "as": who, **details}, headers=OWN)
    return dict(got.json())


async def say(
    slack: SlackServer, text: str, channel: str = "C0INC", thread: str | None = None
) -> Json:
    return await do(slack, "say", channel=channel, text=text, thread=thread)


async def stream_events(slack: SlackServer, who: str, name: str, count: int = 1) -> list[Json]:
    """The first events of this name in somebody's stream."""
    found: list[Json] = []
    async with (
        httpx.AsyncClient(trust_env=False, timeout=5) as client,
        client.stream("GET", f"{slack.url}live", params={"as": who}) as stream,
    ):
        event = ""
        async for line in stream.aiter_lines():
            kind, _, rest = line.partition(": ")
            if kind == "event":
                event = rest
            elif kind == "data" and event == name:
                found.append(json.loads(rest))
                if len(found) == count:
                    return found
    raise AssertionError(f"the stream ended before {name}")
