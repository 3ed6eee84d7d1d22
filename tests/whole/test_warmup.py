"""Each start plays an incident through, and nobody gets to see it."""

from pathlib import Path

import pytest

from tests.databases import newly_written
from tests.dialects import COMPILED
from tests.fakes.vendor import VendorFake
from tests.whole.rig import whole_bot

pytestmark = pytest.mark.anyio


async def test_a_start_rehearses_an_incident_that_nobody_sees(
    vendor: VendorFake, parts: dict[str, str], tmp_path: Path
) -> None:
    assert parts
    COMPILED.clear()
    with newly_written() as seen:
        async with whole_bot([vendor], tmp_path) as rig:
            await rig.slack.until(
                lambda: any("INSERT INTO submissions" in each for each in seen), what="a rehearsal"
            )
            await rig.report("Checkout is down", "Cards are refused.", "Mail")
            await rig.receipts(1)
            await rig.all_done()
            assert len(vendor.incidents()) == len(rig.parents()) == 1
