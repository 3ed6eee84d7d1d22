"""The databases of the store's tests, for the records of the embedded page."""

from tests.store.conftest import address, migrated_file, new_database, schemas, store

__all__ = ["address", "migrated_file", "new_database", "schemas", "store"]
