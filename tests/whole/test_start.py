"""What is tried out when the bot starts, and what it says of it."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from tests.fakes.instatus import InstatusFake
from tests.whole.rig import staged

pytestmark = pytest.mark.anyio

TRY = "chat.postEphemeral"
SAID = "Foghorn cannot write direct messages."


async def test_a_start_tries_out_direct_messages_and_says_when_they_are_refused(
    tmp_path: Path,
) -> None:
    async with InstatusFake() as vendor, staged([vendor], tmp_path) as stage:
        stage.slack.fail_next(TRY, error="messages_tab_disabled")
        with capture_logs() as log:
            async with stage.running():
                await stage.slack.until(lambda: _said(log), what="a line in the log")
        [line] = _said(log)
        assert line["log_level"] == "error"
        assert "Messages tab" in line["reason"]
        with capture_logs() as log:
            async with stage.running():
                await stage.slack.until(lambda: stage.slack.calls(TRY)[1:], what="another try")
        assert _said(log) == []
        assert stage.slack.direct("ben") + stage.slack.private("ben") == []


def _said(log: list[EventDict]) -> list[EventDict]:
    return [line for line in log if line["event"] == SAID]
