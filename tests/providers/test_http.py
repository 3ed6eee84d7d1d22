"""The one client that all providers share."""

import asyncio
import contextlib
import time
from datetime import datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from bot.errors import Unavailable
from bot.providers import InstatusSettings, new_client, open_accounts
from tests.fakes.instatus import InstatusFake
from tests.fakes.vendor import wall_clock
from tests.providers.rigs import EPOCH, PATIENCE, WallClock, incident_draft, the_turn_ends

pytestmark = pytest.mark.anyio


class StoppedClock:
    """A clock that is years behind."""

    def now(self) -> datetime:
        return EPOCH


async def test_nothing_is_written_when_waiting_for_a_connection_took_too_long() -> None:
    async with InstatusFake() as fake, new_client(connections=1) as client:
        [account] = open_accounts(client, WallClock(), InstatusSettings(fake.key, fake.url))
        fake.slow(2)
        reading = asyncio.create_task(account.pages())
        while not fake.requests:  # noqa: ASYNC110 (the fake tells nobody)
            await asyncio.sleep(0.01)
        turn = the_turn_ends(time.monotonic() + 0.05)
        with turn, pytest.raises(Unavailable, match="had passed"):
            await account.page("instatus:p").create_incident(incident_draft(), "", {})
        fake.slow(0)
        await reading
        assert {request.method for request in fake.requests} == {"GET"}


async def test_a_date_to_wait_for_is_told_by_the_providers_own_clock() -> None:
    async with InstatusFake() as fake, new_client() as client:
        [account] = open_accounts(client, StoppedClock(), InstatusSettings(fake.key, fake.url))
        then = format_datetime(wall_clock() + timedelta(seconds=40), usegmt=True)
        fake.fail_next(429, headers={"Retry-After": then})
        with pytest.raises(Unavailable) as raised:
            await account.pages()
    assert raised.value.retry_after == pytest.approx(40, abs=2)


async def test_an_answer_that_only_drips_ends_all_the_same() -> None:
    ended = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while not reader.at_eof():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.02)
        writer.close()
        ended.set()

    async with await asyncio.start_server(drip, "127.0.0.1") as server, new_client() as client:
        client.timeout = httpx.Timeout(PATIENCE, read=0.1)
        host, port = server.sockets[0].getsockname()
        settings = InstatusSettings("key", f"http://{host}:{port}")
        [account] = open_accounts(client, WallClock(), settings)
        with pytest.raises(Unavailable, match="in time"):
            await account.pages()
        await ended.wait()


def test_the_client_asks_nobody_else_how_to_reach_a_provider() -> None:
    client = new_client(7)
    assert client.timeout.as_dict() == {"connect": 3.0, "read": 7, "write": 5.0, "pool": 5.0}
    assert (client.trust_env, client.follow_redirects) == (False, False)
