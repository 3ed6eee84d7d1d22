"""The database: opened once, worked on in threads, one plain function a transaction."""

from bot.database.engines import database_url
from bot.database.runner import Database, its_time, open_database, sentence
from bot.database.types import NAMING, Instant, Tx

__all__ = [
    "NAMING",
    "Database",
    "Instant",
    "Tx",
    "database_url",
    "its_time",
    "open_database",
    "sentence",
]
