"""Statements are put into words once for all tests, and not by each new engine again."""

from collections.abc import Hashable
from typing import Any, Self

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

COMPILED: dict[Hashable, Any] = {}
"""Every statement that any engine of this process has run so far, ready to be run again."""


def register() -> None:
    """Give all engines of SQLite from now on one dialect."""
    registry.register("sqlite", __name__, "SharedSqlite")


class SharedSqlite(SQLiteDialect_pysqlite):
    """A dialect of which there is one only, since what is compiled belongs to its dialect."""

    supports_statement_cache = True
    _only: Self | None = None
    _made = False

    def __new__(cls, *_: object, **options: object) -> Self:
        if "dbapi" not in options:
            return super().__new__(cls)  # no engine's: it only puts into words
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's own
        if not self._made:
            super().__init__(**options)
            self._made = True

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=COMPILED)
