import shutil
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from bot.store import Store
from bot.store.migrations import upgrade
from bot.store.store import open_store


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def new_database(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_url: str
) -> Iterator[Callable[[], str]]:
    """A function that returns the address of one more empty database."""
    if request.param == "sqlite":
        yield lambda: f"sqlite:///{tmp_path / uuid.uuid4().hex}.db"
        return
    schemas: list[str] = []
    with psycopg.connect(postgres_url, autocommit=True) as connection:

        def new_schema() -> str:
            schemas.append(f"test_{uuid.uuid4().hex}")
            connection.execute(f'CREATE SCHEMA "{schemas[-1]}"'.encode())
            return f"{postgres_url}?options=-csearch_path%3D{schemas[-1]}"

        yield new_schema
        for schema in schemas:
            connection.execute(f'DROP SCHEMA "{schema}" CASCADE'.encode())


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "migrated.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def address(new_database: Callable[[], str], migrated_file: Path) -> str:
    """The address of a database with our tables and nothing in them."""
    made = new_database()
    if made.startswith("sqlite:///"):
        shutil.copy(migrated_file, made.removeprefix("sqlite:///"))
    else:
        upgrade(made)
    return made


@pytest.fixture
async def store(address: str) -> AsyncIterator[Store]:
    async with open_store(address) as opened:
        yield opened
