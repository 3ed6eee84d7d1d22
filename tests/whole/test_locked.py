"""Our own database does not answer: the form stays open with its text, or is kept after all."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.playground import Modal
from tests.fakes.vendor import VendorFake
from tests.whole.rig import Rig, whole_bot

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("vendor", ["instatus"], indirect=True)]

NAME, REPORT = "Checkout is down", "Cards are refused."
SLACK_WAITS = 3.0


@pytest.fixture
async def rig(vendor: VendorFake, tmp_path: Path) -> AsyncIterator[Rig]:
    async with whole_bot([vendor], tmp_path) as running:
        yield running


@contextmanager
def locked(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Hold the database's one lock for writing, as a backup or a person with a shell may."""
    connection = sqlite3.connect(tmp_path / "foghorn.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


async def filled_in(rig: Rig) -> Modal:
    form = await rig.form()
    form.fill("Incident name", NAME)
    form.fill("Message", REPORT)
    return form


async def test_a_database_locked_for_a_second_costs_a_second(rig: Rig, tmp_path: Path) -> None:
    form = await filled_in(rig)
    with locked(tmp_path) as lock:
        asyncio.get_running_loop().call_later(1, lock.rollback)
        result = await form.submit()
    assert (result.action, result.errors) == ("update", {})
    assert 1 <= result.ack.seconds < SLACK_WAITS
    await rig.receipts(1)


async def test_a_database_locked_for_longer_leaves_the_form_open(rig: Rig, tmp_path: Path) -> None:
    form = await filled_in(rig)
    with locked(tmp_path):
        result = await form.submit()
    assert result.ack.seconds < SLACK_WAITS
    assert "Your text is still here: try again in a moment." in result.errors["Message"]
    assert (form.value("Incident name"), form.value("Message")) == (NAME, REPORT)
    assert (await form.submit()).action == "update"
    await rig.receipts(1)
    assert len(rig.vendor.incidents()) == len(rig.parents()) == 1


async def test_a_locked_database_keeps_nobody_waiting_for_another(rig: Rig, tmp_path: Path) -> None:
    form = await filled_in(rig)
    with locked(tmp_path):
        # Whatever the bot does by itself each second stands before the form in the queue.
        await asyncio.gather(*(rig.app.outbox.tick() for _ in range(2)), return_exceptions=True)
        result, *_ = await form.submit(times=2)
    assert result.ack.seconds < SLACK_WAITS
    assert result.action == "errors"


async def test_what_was_published_while_the_database_was_locked_is_not_sent_again(
    rig: Rig, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = await filled_in(rig)
    rig.vendor.slow(0.5)
    assert (await form.submit()).action == "update"
    await rig.incident(NAME)
    with locked(tmp_path):
        await rig.slack.until(lambda: "Could not write down" in capsys.readouterr().out)
    # Its lease runs out, and then it is looked for.
    rig.skip(7)
    await rig.app.outbox.tick()
    rig.skip(3)
    await rig.receipts(1)
    assert len(rig.vendor.incidents()) == len(rig.vendor.notifications) == 1
