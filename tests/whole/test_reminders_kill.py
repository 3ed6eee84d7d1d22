"""The bot's process dies between claiming a question and asking it."""

from pathlib import Path

import pytest

from bot.playground import Message
from tests.fakes.instatus import InstatusFake
from tests.whole.test_kill import SHORT, Stage, staged

pytestmark = pytest.mark.anyio

SOON = """
[reminders.cadence.investigating]
other = "1s"
"""


def asked(stage: Stage) -> list[Message]:
    return [m for m in stage.slack.thread(stage.parents[0]) if "⏰" in m.shown]


@pytest.mark.parametrize("after_write", [False, True])
async def test_a_question_in_hand_when_the_process_is_killed_is_asked_once(
    tmp_path: Path, *, after_write: bool
) -> None:
    async with InstatusFake() as vendor, staged(vendor, tmp_path, "http") as stage:
        async with stage.bot(SHORT, SOON) as first:
            await (await stage.filled_in()).submit()
            await stage.slack.until(lambda: stage.parents and stage.slack.thread(stage.parents[0]))
            stage.slack.delay("chat.postMessage", 60, after_write=after_write)
            sending = "SELECT count(*) FROM deliveries WHERE kind = 'remind' AND state = 'sending'"
            await stage.slack.until(lambda: stage.count(sending), what="a question")
            if after_write:
                await stage.slack.until(lambda: asked(stage), what="the question in Slack")
            first.process.kill()
        async with stage.bot(SHORT, SOON):
            left = "SELECT count(*) FROM deliveries WHERE kind = 'remind' AND state <> 'done'"
            await stage.slack.until(lambda: not stage.count(left), what="all asked")
        assert len(asked(stage)) == 1
        assert stage.count("SELECT count(*) FROM deliveries WHERE kind = 'remind'") == 1
