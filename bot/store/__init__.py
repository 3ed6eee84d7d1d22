"""The only folder that knows SQL: a file for each feature, plain functions on a transaction."""

from bot.database import Store, Tx

__all__ = ["Store", "Tx"]
