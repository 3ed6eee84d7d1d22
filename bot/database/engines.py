"""Engines: how SQLite and PostgreSQL are connected to, and which of them an address means."""

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url


def database_url(text: str) -> URL:
    """Return the address as SQLAlchemy wants it, with the drivers that we use.

    Accepts `sqlite:///…`, `postgres://…` and `postgresql://…`.
    """
    url = make_url(text)
    return url.set(drivername="sqlite" if url.drivername == "sqlite" else "postgresql+psycopg")


def sqlite_engine(url: URL) -> Engine:
    """Return an engine whose transactions begin only when they are told to."""
    engine = create_engine(url, pool_size=2, max_overflow=0, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 -- the driver's own type
        # Without this the driver begins transactions by itself, too late to hold the lock.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        # Short, since the runner tries again for as long as there is time.
        connection.execute("PRAGMA busy_timeout=10")

    return engine


def postgres_engine(url: URL, lock_seconds: float) -> Engine:
    """Return an engine that waits at most `lock_seconds` for a row that somebody else holds."""
    engine = create_engine(
        url,
        pool_size=6,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": 2},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 -- the driver's own type
        connection.execute(f"SET lock_timeout = {int(lock_seconds * 1000)}")
        connection.commit()

    return engine
