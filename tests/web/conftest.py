import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.web.server import SlackEndpoint, build, serve
from tests.web.wire import NOW, SECRET

DEADLINE = 0.5


@dataclass
class Site:
    """A running server, and what reached the bot behind it."""

    port: int
    heard: list[dict[str, Any]] = field(default_factory=list)
    problem: str | None = None

    async def handle(self, payload: dict[str, Any]) -> tuple[int, str, Mapping[str, str]]:
        self.heard.append(payload)
        return 200, json.dumps({"text": "heard"}), {"content-type": "application/json"}

    async def check(self) -> str | None:
        return self.problem


@pytest.fixture(scope="module")
async def running() -> AsyncIterator[Site]:
    site = Site(0)
    slack = SlackEndpoint(site.handle, SECRET, now=lambda: NOW, body_deadline=DEADLINE)
    async with serve(build({"database": site.check}, slack), "127.0.0.1", 0) as site.port:
        yield site


@pytest.fixture
def site(running: Site) -> Site:
    running.heard.clear()
    running.problem = None
    return running
