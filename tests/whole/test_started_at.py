"""An incident that started earlier: yesterday after a question, long ago not at all."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.playground import Modal
from tests.fakes.instatus import InstatusFake
from tests.fakes.vendor import wall_clock
from tests.whole.rig import Rig, whole_bot

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)


def minutes_ago(**span: float) -> datetime:
    return wall_clock().replace(second=0, microsecond=0) - timedelta(**span)


async def filled(rig: Rig, started: datetime) -> Modal:
    form = await rig.form(words="Checkout is down")
    form.fill("Message", "Cards are refused.")
    await form.pick("Started at", started)
    return form


async def test_a_start_of_more_than_a_day_ago_is_asked_about_once(tmp_path: Path) -> None:
    async with InstatusFake() as vendor:
        vendor.add_component(vendor.page_id, "API")
        async with whole_bot([vendor], tmp_path) as rig:
            started = minutes_ago(days=3)
            form = await filled(rig, started)
            asked = await form.submit()
            assert asked.errors == {
                "Started at": "That is 3 days ago. If it is meant, send the form once more."
            }
            await form.pick("Started at", started - MINUTE)
            assert set((await form.submit()).errors) == {"Started at"}
            assert vendor.incidents() == []
            await form.choose("Affected components", "API")
            await form.choose("Component status", "Set each…")
            assert (await form.submit()).action == "push"
            step = await rig.ann.modal("Component status")
            assert (await step.submit()).action == "update"
            await rig.receipts(1)
            assert [seen.started for seen in vendor.incidents()] == [started - MINUTE]


async def test_a_start_beyond_the_limit_is_refused_however_often(tmp_path: Path) -> None:
    settings = '[incidents]\nlongest_ago = "7d"\n'
    async with InstatusFake() as vendor, whole_bot([vendor], tmp_path, settings=settings) as rig:
        form = await filled(rig, minutes_ago(days=8))
        for _ in range(2):
            refused = (await form.submit()).errors["Started at"]
            assert refused.startswith("That is 8 days ago; at most 7 days are possible.")
        await form.pick("Started at", datetime.fromisoformat("1990-01-01T00:00Z"))
        assert " years ago; at most 7 days" in (await form.submit()).errors["Started at"]
        assert vendor.incidents() == []


async def test_nothing_starts_before_the_first_day_of_the_page(tmp_path: Path) -> None:
    page = '[page]\nname = "Acme"\ncomponents = ["API"]\n'
    async with whole_bot([], tmp_path, settings=page) as rig:
        form = await filled(rig, minutes_ago(days=2))
        for _ in range(2):
            refused = (await form.submit()).errors["Started at"]
            assert refused.startswith("Acme has its first day on ")
        await form.pick("Started at", None)
        assert (await form.submit()).action == "update"
