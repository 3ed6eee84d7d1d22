"""What a start and a trouble leave in the log: one line each, in words that are true."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.app import open_app
from bot.config import load
from tests import processes
from tests.fakes.instatus import InstatusFake
from tests.whole import log_capture
from tests.whole.rig import staged

pytestmark = pytest.mark.anyio

HERE = {"PYTHONPATH": str(Path(__file__).parents[2])}
Read = Callable[[], list[str]]


@pytest.fixture
def log() -> Iterator[Read]:
    """Read the lines that an operator sees by default."""
    with log_capture.captured("plain", "info") as read:
        yield lambda: read().splitlines()


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_a_normal_start_has_no_line_but_ours(tmp_path: Path, transport: str) -> None:
    async with InstatusFake() as vendor, staged([vendor], tmp_path, transport=transport) as stage:
        command = (sys.executable, "-m", "bot", "run")
        with processes.running(*command, cwd=tmp_path, env={**stage.env, **HERE}) as program:
            await stage.slack.until(lambda: stage.slack.calls("auth.test"), what="a start")
            if transport == "socket":
                await stage.slack.socket_connected()
            await stage.slack.until(lambda: program.lines, what="a line")
            assert [line for line in program.lines if "Listening." not in line] == []


async def test_a_failed_reconnection_is_one_line_and_no_traceback(
    log: Read, tmp_path: Path
) -> None:
    async with (
        InstatusFake() as vendor,
        staged([vendor], tmp_path, transport="socket") as stage,
        open_app(load(stage.env, stage.cwd)),
    ):
        await stage.slack.socket_connected()
        with stage.slack.sockets_away():
            await stage.slack.until(lambda: stage.slack.sockets.refused > 1, what="two tries")
        await stage.slack.until(lambda: len(log()) > 2, what="the way back")
    listening, gone, back = log()
    assert "Listening." in listening
    assert "[warning  ] Socket Mode is gone; connecting again until it is back." in gone
    assert "[info     ] Socket Mode is back." in back


@pytest.mark.parametrize("error", ["internal_error", "invalid_auth"])
async def test_an_app_token_that_gives_no_connection_is_one_line(
    log: Read, tmp_path: Path, error: str
) -> None:
    async with InstatusFake() as vendor, staged([vendor], tmp_path, transport="socket") as stage:
        stage.slack.fail_next("apps.connections.open", error=error, times=9)
        async with open_app(load(stage.env, stage.cwd)) as app:
            await stage.slack.until(lambda: stage.slack.calls("apps.connections.open"))
            await stage.slack.until(app.synced.is_set)
            await stage.slack.until(lambda: len(log()) > 1)
    [line] = [line for line in log() if "Listening." not in line]
    assert "Socket Mode is gone" in line
