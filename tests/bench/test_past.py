from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.past import fill
from bot.database import open_database
from bot.statuspage.records import queries

pytestmark = pytest.mark.anyio


async def test_the_past_that_the_page_is_measured_with_can_be_shown(tmp_path: Path) -> None:
    address = fill(tmp_path / "past.db", components=5, incidents=8)
    now = datetime.now(UTC)  # noqa: TID251 (the past ends today)
    async with open_database(address) as store:
        site = await store.read(queries.load_site, now, "https://status.example.com")
    assert len(site.components) == 5
    assert [len(each.updates) for each in site.incidents] == [4] * 8
