import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.database import open_store
from bot.store import Store
from bot.store.migrations import upgrade


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("services") / "empty.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
async def store(empty_file: Path, tmp_path: Path) -> AsyncIterator[Store]:
    path = shutil.copy(empty_file, tmp_path / "foghorn.db")
    async with open_store(f"sqlite:///{path}") as opened:
        yield opened
