"""Statements are put into words once for all tests, and not by each new engine again."""

from collections.abc import Hashable
from typing import Any, Self

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

COMPILED: dict[Hashable, Any] = {}
"""Every statement that any engine of this process has run so far, ready to be run again."""


def register() -> None:
    """Give all engines from now on one dialect for each kind of database."""
    registry.register("sqlite", __name__, "SharedSqlite")
    registry.register("postgresql.psycopg", __name__, "SharedPostgres")


class _Shared:
    """A dialect of which there is one only, since what is compiled belongs to its dialect."""

    _only: Self | None = None
    _made = False

    def __new__(cls, *_: object, **__: object) -> Self:
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=COMPILED)


class SharedSqlite(_Shared, SQLiteDialect_pysqlite):
    supports_statement_cache = True

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's own
        if not self._made:
            super().__init__(**options)
            self._made = True


class SharedPostgres(_Shared, PGDialect_psycopg):
    supports_statement_cache = True

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's own
        if not self._made:
            super().__init__(**options)  # type: ignore[no-untyped-call]
            self._made = True
