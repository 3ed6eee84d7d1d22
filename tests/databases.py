"""Databases with our tables and nothing in them: migrated once, and copied for each test."""

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import current_thread

import psycopg
import pytest
from sqlalchemy import Connection, Engine, create_mock_engine, event
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.engine.interfaces import CacheStats
from sqlalchemy.schema import ExecutableDDLElement

from bot.database import database_url
from bot.statuspage.records import tables as site
from bot.store import tables
from bot.store.migrations import newest, upgrade

KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def new_file(path: Path) -> str:
    """Make a SQLite file, and return its address."""
    path.write_bytes(_migrated())
    return f"sqlite:///{path}"


@contextmanager
def new_schema(server: str) -> Iterator[str]:
    """Make a schema, and return the address at which it is all that a server has."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}; SET search_path TO {name}; {_ddl()}".encode())
        yield f"{server}?options=-csearch_path%3D{name}"
        connection.execute(f"DROP SCHEMA {name} CASCADE".encode())


@contextmanager
def new_database(kind: str, folder: Path, server: str) -> Iterator[str]:
    """Make a database of a kind, and return its address; `server` is PostgreSQL's."""
    if kind == "postgres":
        with new_schema(server) as address:
            yield address
    else:
        yield new_file(folder / "foghorn.db")


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "migrated.db"
        upgrade(f"sqlite:///{path}")
        return path.read_bytes()


@cache
def _ddl() -> str:
    """Return what makes our tables on PostgreSQL: a test holds that migrations make the same."""
    said: list[str] = []

    def say(ddl: ExecutableDDLElement, *_: object, **__: object) -> None:
        said.append(str(ddl.compile(dialect=engine.dialect)))

    engine = create_mock_engine(database_url("postgresql://"), say)
    for metadata in (tables.metadata, site.metadata):
        metadata.create_all(engine, checkfirst=False)
    said.append("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
    said.append(f"INSERT INTO alembic_version VALUES ('{newest()}')")  # noqa: S608 (our own file)
    return "; ".join(said)


@contextmanager
def newly_written() -> Iterator[list[str]]:
    """What the writing threads run for the first time while the block lasts."""
    seen: list[str] = []

    def note(
        _connection: Connection,
        _cursor: object,
        statement: str,
        _parameters: object,
        context: DefaultExecutionContext,
        _many: object,
    ) -> None:
        writes = current_thread().name.startswith("store-write")
        if writes and context.compiled and context.cache_hit is not CacheStats.CACHE_HIT:
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
