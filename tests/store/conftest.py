import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from bot.database import open_database
from bot.statuspage.records import tables as site
from bot.store import Database, tables
from bot.store.migrations import upgrade
from tests.databases import KINDS, new_file


class Schemas:
    """Schemas of their own on the server, each as good as an empty database."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._made: list[str] = []
        self._migrated = ""

    def run(self, statement: str, *values: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(statement.encode(), values or None)

    def new(self) -> str:
        self._made.append(f"test_{uuid.uuid4().hex}")
        self.run(f"CREATE SCHEMA {self._made[-1]}")
        return f"{self._server}?options=-csearch_path%3D{self._made[-1]}"

    def emptied(self) -> str:
        """The one schema that has our tables, with nothing in them."""
        if not self._migrated:
            self._migrated = self.new()
            upgrade(self._migrated)
        schema = self._migrated.rpartition("%3D")[2]
        listed = ", ".join(
            f"{schema}.{table}" for table in (*tables.metadata.tables, *site.metadata.tables)
        )
        self.run(f"TRUNCATE {listed} RESTART IDENTITY")
        return self._migrated

    def drop(self) -> None:
        for schema in self._made:
            self.run(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture(scope="session")
def schemas(postgres_url: str) -> Iterator[Schemas]:
    made = Schemas(postgres_url)
    yield made
    made.drop()


@pytest.fixture(params=KINDS)
def new_database(
    request: pytest.FixtureRequest, tmp_path: Path, schemas: Schemas
) -> Callable[[], str]:
    """A function that returns the address of one more empty database."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path / uuid.uuid4().hex}.db"
    return schemas.new


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, tmp_path: Path, schemas: Schemas) -> str:
    """The address of a database with our tables and nothing in them."""
    if request.param == "sqlite":
        return new_file(tmp_path / "foghorn.db")
    return schemas.emptied()


@pytest.fixture
async def store(address: str) -> AsyncIterator[Database]:
    async with open_database(address) as opened:
        yield opened
