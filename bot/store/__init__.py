"""The only folder that knows SQL: a file for each feature, plain functions on a transaction."""

from bot.database import Database, Tx

__all__ = ["Database", "Tx"]
