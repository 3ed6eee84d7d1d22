"""Alembic migrations, run by `foghorn migrate` and at the start of `foghorn run`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from bot.store.store import database_url

# Any number that nothing else in the database locks on.
_LOCK = 7_041_925


def upgrade(address: str, revision: str = "head") -> None:
    """Bring the tables at `address` up to `revision`; two instances at once do it one by one."""
    engine = create_engine(database_url(address), poolclass=NullPool)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        command.upgrade(_config(connection), revision)


def downgrade(address: str, revision: str) -> None:
    """Take the tables at `address` back to `revision`."""
    engine = create_engine(database_url(address), poolclass=NullPool)
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def _config(connection: object) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
