"""The world around the bot: the look-alike of Slack, and a vendor that is as slow as real ones.

It runs in a process of its own and takes its orders as lines of JSON.
"""

import asyncio
import json
import logging
import os
import random
import sys
import time
from typing import Any

from bench.signed import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from bot.playground import Modal, Option, SlackServer, Workspace
from bot.playground.dispatch import payloads as make
from tests.fakes.incidentio import IncidentIoFake

COMPONENTS = 150
VENDOR_SECONDS = (0.2, 0.6)
"""For each answer, at random. With eight deliveries under way that makes the 20 requests a second
that incident.io lets through (1,200 a minute), so the outbox is as busy as it can ever be."""


class Outside:
    """Does what the measurement asks for."""

    def __init__(self, slack: SlackServer, vendor: IncidentIoFake) -> None:
        """Take the look-alike of Slack and the vendor, both running."""
        self._slack = slack
        self._vendor = vendor
        self._ann = slack.person("ann")

    async def obey(self, order: dict[str, Any]) -> object:
        """Carry out one order and return its answer."""
        match order:
            case {"new bot": port}:
                await self._forget()
                self._slack.bot_at(f"http://127.0.0.1:{port}/slack/events")
            case {"fill": "the form"}:
                return await self._fill()
            case {"commands": many, "line": line}:
                return [self._command(line) for _ in range(many)]
            case {"vendor": "hangs"}:
                self._vendor.hang()
            case _:
                raise ValueError(order)
        return "done"

    async def _forget(self) -> None:
        self._slack.workspace.open_views.clear(self._ann.user.id)
        for seen in self._vendor.incidents():
            self._vendor.delete_incident(seen.id)
        await self._vendor.accept()

    async def keep_slow(self) -> None:
        """Let each answer of the vendor take its own time."""
        while True:
            self._vendor.slow(random.uniform(*VENDOR_SECONDS))  # noqa: S311 -- no secret
            await asyncio.sleep(0.01)

    def _command(self, line: str) -> object:
        workspace = self._slack.workspace
        channel = workspace.channels[self._ann.channel]
        return make.command(workspace, self._ann.user, channel, line)

    async def _fill(self) -> object:
        """Fill in the bot's form, and return what Slack would send of it."""
        await self._ann.types("/incident")
        form = await self._ann.modal("Report an incident", timeout=20)
        form.fill("Incident name", "Checkout fails for some customers")
        form.fill("Message", "Some payments fail. We are looking into it. " * 8)
        offered = await _offered(form)
        await form.choose("Affected components", *(offered[each].text for each in (1, 50, 99)))
        who, workspace = self._ann.user, self._slack.workspace
        field = ("components", "components")
        return {
            "submit": make.submission(workspace, who, form.open_view),
            "search": make.suggestion(workspace, who, form.open_view, field, ""),
        }


async def _offered(form: Modal) -> list[Option]:
    """Return the components to choose from, once the bot has read its pages."""
    for _ in range(200):
        if offered := await form.options("Affected components"):
            return offered
        await asyncio.sleep(0.05)
    raise TimeoutError("The bot reads no page.")


async def main() -> None:
    """Serve until standard input ends."""
    logging.disable()  # bots are killed in the middle of their calls, which is no news here
    os.nice(10)  # it shares a core with the load, which must not wait for it
    now = time.time()
    # The clock stands still: trigger ids made ahead of a measurement do not expire in it.
    workspace = Workspace(now=lambda: now)
    slack = SlackServer(
        workspace, signing_secret=SIGNING_SECRET, bot_token=BOT_TOKEN, app_token=APP_TOKEN
    )
    vendor = IncidentIoFake()
    page = vendor.add_page("Harbour")
    for number in range(COMPONENTS):
        vendor.add_component(page, f"Component {number:03d}", group=f"Group {number // 15}")
    async with slack, vendor:
        outside = Outside(slack, vendor)
        slowness = asyncio.create_task(outside.keep_slow())
        _say({"api": slack.api_url, "vendor": vendor.url, "key": vendor.key, "page": page})
        while line := await asyncio.to_thread(sys.stdin.readline):
            _say(await outside.obey(json.loads(line)))
        slowness.cancel()


def _say(answer: object) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
