"""What a person is answered when the address that Slack gave for it is dead."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playground import Message
from tests.whole.rig import Rig, one_page

pytestmark = pytest.mark.anyio

ADDRESS = "response_url"


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    """One vendor: Slack does not know which it is."""
    async with one_page(tmp_path) as running:
        yield running


async def letter(rig: Rig, before: int) -> Message:
    """Return what stands in Ann's direct messages beyond what stood there before."""
    await rig.slack.until(lambda: len(rig.slack.direct("ann")) > before, what="a direct message")
    return rig.slack.direct("ann")[-1]


async def test_an_answer_that_its_address_does_not_take_comes_as_a_direct_message(
    rig: Rig,
) -> None:
    refusals = [("expired_url", 404), ("used_url", 404), ("", 502), ("invalid_blocks", 200)]
    for before, (error, status) in enumerate(refusals):
        rig.slack.fail_next(ADDRESS, error=error, status=status)
        await rig.ann.types("/incident list")
        assert "No incident is open" in (await letter(rig, before)).shown
    rig.slack.rate_limit(ADDRESS, retry_after=1)
    await rig.ann.types("/incident help")
    assert "opens the form" in (await letter(rig, len(refusals))).shown
    assert rig.slack.private("ann") == []
    rig.slack.lose_next_answer(ADDRESS)
    await rig.ann.types("/maintenance list")
    assert "No maintenance" in (await letter(rig, len(refusals) + 1)).shown


async def test_what_came_of_a_tap_is_told_where_the_address_is_dead(rig: Rig) -> None:
    await rig.report("Checkout is down", "Cards are refused.")
    await rig.receipts(1)
    rig.slack.fail_next(ADDRESS, error="expired_url", status=404)
    gus = rig.slack.person("gus")
    await gus.clicks("Update")
    (told,) = await rig.slack.until(lambda: rig.slack.direct("gus"), what="a refusal")
    assert "Guests may not publish" in told.shown
    rig.slack.fail_next("views.open", error="expired_trigger_id")
    rig.slack.fail_next(ADDRESS, error="expired_url", status=404)
    await rig.ann.clicks("Update")
    told = await letter(rig, 0)
    assert "Slack waited more than three seconds for the form." in told.shown
    await rig.ann.clicks("Open the form", message=told)
    await rig.ann.modal("Post an update")
