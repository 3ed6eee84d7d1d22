"""The only folder that knows SQL: one file for each feature, plain functions that take a transaction."""

from bot.store.store import Store, Tx

__all__ = ["Store", "Tx"]
