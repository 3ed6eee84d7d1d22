"""The databases of the store's tests, for the records of the embedded page."""

from tests.store.conftest import address, new_database, schemas, store

__all__ = ["address", "new_database", "schemas", "store"]
