from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.database import open_database
from bot.store import Database
from tests.databases import KINDS, new_database, new_file


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, tmp_path: Path, postgres_url: str) -> Iterator[str]:
    """The address of a database of each kind, with our tables and nothing in them."""
    with new_database(request.param, tmp_path, postgres_url) as made:
        yield made


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(new_file(tmp_path / "foghorn.db")) as opened:
        yield opened
