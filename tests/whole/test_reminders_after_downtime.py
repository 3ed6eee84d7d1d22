"""After six hours down each open subject is asked about once, and before the less urgent ones."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.database import Tx, open_database
from bot.domain.incidents import Incident
from bot.domain.pages import ComponentStatus
from bot.domain.reminders.ladders import ReminderSettings
from bot.domain.reminders.watches import watch
from bot.domain.subjects import PublicationState
from bot.playground import Message, Workspace
from bot.services.ledger.watches import save
from bot.store import incidents
from tests.databases import new_file
from tests.fakes.instatus import InstatusFake
from tests.fakes.vendor import wall_clock
from tests.store.samples import incident, publication
from tests.whole.rig import COMMANDS, SCOPES, Rig, whole_bot

pytestmark = pytest.mark.anyio

CHANNELS = [f"C0OPS{number}" for number in range(4)]
MAJOR, DEGRADED = ComponentStatus.MAJOR_OUTAGE, ComponentStatus.DEGRADED
SIX_HOURS = timedelta(hours=6)


def opened(number: int, thread: Message, at: datetime) -> Incident:
    """One of forty in four channels; every third channel message is about a major outage."""
    mine = publication(
        number,
        page="instatus:gone",
        subject_id=f"inc{number}",
        state=PublicationState.LIVE,
        remote_id=f"r{number}",
        impacts={"c1": MAJOR if number // 4 % 3 == 2 else DEGRADED},
    )
    return incident(
        number,
        name=f"Trouble {number}",
        channel=thread.channel,
        thread_ts=thread.ts,
        started_at=at,
        updated_at=at,
        publications=(mine,),
    )


def store_all(tx: Tx, some: Iterable[Incident], at: datetime) -> None:
    for each in some:
        incidents.add(tx, each)
        save(tx, each, watch(each, at, ReminderSettings()))


def questions(rig: Rig) -> list[Message]:
    found = [m for name in CHANNELS for m in rig.slack.workspace.messages(name) if "⏰" in m.shown]
    threads = [m for m in rig.slack.workspace.posts.values() if "⏰" in m.shown]
    return sorted({m.ts: m for m in [*found, *threads]}.values(), key=lambda m: m.ts)


async def test_forty_that_were_open_are_asked_about_once_with_their_true_age_and_paced(
    tmp_path: Path,
) -> None:
    workspace, heard = Workspace(scopes=SCOPES, commands=COMMANDS), wall_clock() - SIX_HOURS
    for key in CHANNELS:
        workspace.add_channel(key.lower(), id=key)
    some = [
        opened(
            n, workspace.post(CHANNELS[n % 4], workspace.bot_user, {"text": "It is down"}), heard
        )
        for n in range(40)
    ]
    database = new_file(tmp_path / "foghorn.db")
    async with open_database(database) as store:
        await store.write(store_all, some, heard)
    async with (
        InstatusFake() as vendor,
        whole_bot(
            [vendor], tmp_path, database=database, workspace=workspace, timing={"pace": "1s"}
        ) as rig,
    ):
        rig.slack.pace("chat.postMessage")
        await rig.slack.until(lambda: len(questions(rig)) >= 40, what="questions")
        await rig.all_done()
        found = questions(rig)
        assert Counter(m.thread_ts for m in found) == {each.thread_ts: 1 for each in some}
        assert all("Customers last heard from us 6 h" in m.shown for m in found)
        assert all("Foghorn could not ask at its time." in m.shown for m in found)
        assert [c.answer for c in rig.slack.calls("chat.postMessage") if c.error] == []
        by_thread = {each.thread_ts: each for each in some}
        for channel in CHANNELS:
            here = [by_thread[m.thread_ts] for m in found if m.channel == channel]
            urgent = [MAJOR in each.publications[0].impacts.values() for each in here]
            # Eight are carried at a time, two a channel, and may overtake one another.
            assert urgent[0]
            assert sum(urgent[:5]) == 3
