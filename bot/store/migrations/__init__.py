"""Alembic migrations, run by `foghorn migrate` and at the start of `foghorn run`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, exc, inspect, text
from sqlalchemy.pool import NullPool

from bot.database import database_url, sentence
from bot.errors import StoreUnavailable

# Any number that nothing else in the database locks on.
_LOCK = 7_041_925
_PATIENCE_SECONDS = 30
_HERE = Path(__file__).parent


def upgrade(address: str, revision: str = "head") -> None:
    """Bring the tables at `address` up to `revision`; several instances at once do it one by one.

    Raises `StoreUnavailable` when the database cannot be opened or is a newer Foghorn's.
    """
    with _alone(address) as connection:
        if revision != "head" or _revision(connection) != newest():
            _run("upgrade", connection, revision)


def downgrade(address: str, revision: str) -> None:
    """Take the tables at `address` back to `revision`; raises as `upgrade` does."""
    with _alone(address) as connection:
        _run("downgrade", connection, revision)


def newest() -> str:
    """Return the last revision there is: each file in `versions` begins with its own."""
    return max(path.stem[:4] for path in _HERE.glob("versions/[0-9]*.py"))


def _revision(connection: Connection) -> str | None:
    """Return the revision that the tables are at."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _run(way: str, connection: Connection, revision: str) -> None:
    # Here, since Alembic takes a quarter of a second to import and few starts have need of it.
    from alembic import command, config, util  # noqa: PLC0415

    settings = config.Config(attributes={"connection": connection})
    settings.set_main_option("script_location", str(_HERE))
    try:
        getattr(command, way)(settings, revision)
    except util.CommandError as error:
        raise StoreUnavailable(
            "The database was made by a newer Foghorn: start that one, or use another database."
        ) from error


@contextmanager
def _alone(address: str) -> Iterator[Connection]:
    """Open a transaction that is the only one to migrate, and that keeps all or nothing."""
    url = database_url(address)
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            yield connection
    except exc.DBAPIError as error:
        raise StoreUnavailable(f"{sentence(error)} Check DATABASE_URL.") from error


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 -- the driver's own type
    # The driver's own transactions begin too late to hold the lock, and leave out CREATE TABLE.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={_PATIENCE_SECONDS * 1000}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
