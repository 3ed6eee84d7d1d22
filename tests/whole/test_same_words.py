"""The same words twice on a page: what is whose is found out, or a person is asked."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.instatus import InstatusFake
from tests.fakes.vendor import VendorFake
from tests.whole.rig import Rig, whole_bot

pytestmark = pytest.mark.anyio

NAME, REPORT = "Checkout is down", "Cards are refused."
UPDATE, RESOLVED = "The bank mends it.", "Cards work again."


@pytest.fixture
async def rig(vendor: VendorFake, parts: dict[str, str], tmp_path: Path) -> AsyncIterator[Rig]:
    """The bot with one page, which keeps no instant that it is sent."""
    assert parts
    if isinstance(vendor, InstatusFake):
        vendor.keeps_instants = None
    # Nobody dies here, so nobody's lease may run out while the clock hurries.
    async with whole_bot([vendor], tmp_path, timing={"lease": "60m"}) as running:
        yield running


async def test_on_a_page_with_its_own_times_no_lost_answer_is_a_second_post(rig: Rig) -> None:
    rig.vendor.lose_next_answer(times=4)
    await rig.report(NAME, REPORT, "Mail")
    await rig.slack.until(lambda: rig.parents() != [])
    for message in (UPDATE, UPDATE):
        await rig.post("Update", message, Status="Investigating")
    await rig.post("Resolve", RESOLVED)
    await rig.soon(lambda: len(rig.replies()) >= 4, "the receipts")
    [seen] = rig.vendor.incidents()
    assert seen.messages == [REPORT, UPDATE, UPDATE, RESOLVED]
    assert len(rig.vendor.notifications) == rig.vendor.lost == 4
    assert rig.slack.direct("ann") == []


async def test_what_may_be_an_earlier_update_that_was_left_alone_is_for_a_person(rig: Rig) -> None:
    await rig.report(NAME, REPORT, "Mail")
    await rig.receipts(1)
    rig.vendor.lose_next_answer()
    await rig.post("Update", UPDATE, Status="Investigating")
    await rig.slack.until(lambda: rig.vendor.lost == 1)
    rig.vendor.fail_next(401, times=2, method="GET")
    asked = (await rig.letters("ann", "Look at the page, then choose."))[-1]
    await rig.vendor.accept()
    await rig.ann.clicks("Leave it", message=asked)
    await rig.slack.until(lambda: "Nobody knows" not in rig.parents()[0].shown)
    rig.vendor.cut_next()
    await rig.post("Update", UPDATE, Status="Investigating")
    asked = (await rig.letters("ann", "an earlier one with the same words"))[-1]
    assert rig.vendor.incidents()[0].messages == [REPORT, UPDATE]
    await rig.ann.clicks("Publish again", message=asked)
    await rig.receipts(2)
    assert rig.vendor.incidents()[0].messages == [REPORT, UPDATE, UPDATE]
