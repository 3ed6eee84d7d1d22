import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, NullPool, column, create_engine, inspect, select, table, text

from bot.database import database_url
from bot.errors import StoreUnavailable
from bot.statuspage.records import tables as site
from bot.store import tables
from bot.store.migrations import downgrade, newest, upgrade
from tests import processes
from tests.databases import new_file

NewDatabase = Callable[[], str]
METADATA = [tables.metadata, site.metadata]

# Waits for a line, so that several start to migrate in the same moment.
MIGRATE = """
import sys
from bot.store.migrations import upgrade
print("ready", flush=True)
sys.stdin.readline()
upgrade(sys.argv[1])
"""


@contextmanager
def connected(address: str) -> Iterator[Connection]:
    engine = create_engine(database_url(address), poolclass=NullPool)
    with engine.begin() as connection:
        yield connection


def layout(address: str) -> dict[str, Any]:
    """Everything that the database says of our tables."""
    with connected(address) as connection:
        seen = inspect(connection)
        return {
            table: {
                "columns": [
                    {**column, "type": str(column["type"])} for column in seen.get_columns(table)
                ],
                "primary key": seen.get_pk_constraint(table),
                "foreign keys": by_name(seen.get_foreign_keys(table)),
                "unique": by_name(seen.get_unique_constraints(table)),
                "indexes": by_name(seen.get_indexes(table)),
            }
            for table in seen.get_table_names()
            if table != "alembic_version"
        }


def by_name(found: list[Any]) -> list[Any]:
    plain = [
        {
            key: {name: str(value) for name, value in part.items()} if "options" in key else part
            for key, part in one.items()
        }
        for one in found
    ]
    return sorted(plain, key=lambda one: str(one["name"]))


def test_nothing_is_left_to_migrate(new_database: NewDatabase) -> None:
    upgrade(address := new_database())
    with connected(address) as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, METADATA) == []  # type: ignore[arg-type] # takes several


def test_migrated_tables_are_those_declared(new_database: NewDatabase) -> None:
    migrated, declared = new_database(), new_database()
    upgrade(migrated)
    with connected(declared) as connection:
        for metadata in METADATA:
            metadata.create_all(connection)
    assert layout(migrated) == layout(declared)
    assert len(layout(migrated)) == sum(len(metadata.tables) for metadata in METADATA)


def test_the_newest_revision_is_known_without_alembic(new_database: NewDatabase) -> None:
    upgrade(address := new_database())
    with connected(address) as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == newest()


def test_a_database_that_is_up_to_date_needs_no_alembic(tmp_path: Path) -> None:
    address = new_file(tmp_path / "foghorn.db")
    code = f"from bot.store.migrations import upgrade; upgrade({address!r})"
    code += "; import sys; sys.exit('alembic' in sys.modules)"
    processes.run(sys.executable, "-c", code)


def test_migrations_can_be_taken_back(new_database: NewDatabase) -> None:
    upgrade(address := new_database())
    before = layout(address)
    downgrade(address, "base")
    assert layout(address) == {}
    upgrade(address)
    assert layout(address) == before


def test_migrating_again_changes_nothing(new_database: NewDatabase) -> None:
    upgrade(address := new_database())
    with connected(address) as connection:
        connection.execute(
            text("INSERT INTO pages (id, name, read_at) VALUES ('p', 'P', CURRENT_TIMESTAMP)")
        )
    upgrade(address)
    with connected(address) as connection:
        assert connection.scalar(text("SELECT count(*) FROM pages")) == 1


def test_several_that_start_at_once_migrate_one_by_one(new_database: NewDatabase) -> None:
    command = [sys.executable, "-c", MIGRATE, new_database()]
    with ExitStack() as stack:
        started = [stack.enter_context(processes.running(*command)) for _ in range(3)]
        for program in started:
            program.until(lambda program=program: program.stdout == "ready\n", "readiness")  # type: ignore[misc]
        for program in started:
            program.send("go\n")
        assert [program.ended() for program in started] == [0, 0, 0]


def test_a_file_that_cannot_be_opened_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"^[^\n]*unable to open database file[^\n]*$"):
        upgrade(f"sqlite:///{tmp_path}/nowhere/foghorn.db")


def test_a_file_that_is_no_database_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "foghorn.db").write_text("Dear diary, " * 500)
    with pytest.raises(StoreUnavailable, match=r"^[^\n]*file is not a database[^\n]*$"):
        upgrade(f"sqlite:///{tmp_path}/foghorn.db")


def test_a_server_that_is_not_there_is_said_without_the_password() -> None:
    with pytest.raises(StoreUnavailable, match=r"^[^\n]*refused[^\n]*$") as caught:
        upgrade("postgresql://foghorn:hunter22@127.0.0.1:1/foghorn")
    assert "hunter22" not in str(caught.value)


def test_tables_of_a_newer_foghorn_are_left_alone(new_database: NewDatabase) -> None:
    upgrade(address := new_database())
    with connected(address) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnavailable, match="newer"):
        upgrade(address)


OLD_FORMS = {
    "report": {"fields": {}, "name": "N", "pages": [], "channel": "C"},
    "progress": {"fields": {}, "incident_id": "i", "seen": None},
    "schedule_form": {"name": "N", "pages": [], "zone": "UTC"},
    "maintenance_progress": {"maintenance_id": "m", "message": "M"},
}
OLD_PAYLOADS = {
    "read_back": ({"wanted": {"name": "N", "first": True}}, {"name": "N", "first": True}),
    "reply": (
        {"receipt": {"url": "u"}, "broadcast": True},
        {"url": "u", "broadcast": True},
    ),
    "tell": ({"user_id": "U", "heirs": ["V"]}, {"user_id": "U", "fallbacks": ["V"]}),
    "note": ({"text": "T"}, {"text": "T"}),
}


def test_what_an_older_foghorn_kept_is_read_by_this_one(new_database: NewDatabase) -> None:
    upgrade(address := new_database(), "0005")
    at = datetime(2026, 11, 1, tzinfo=UTC)
    submissions, deliveries = tables.submissions, tables.deliveries
    older = table(
        submissions.name,
        *(column(each.name, each.type) for each in submissions.c if each.name != "kind"),
    )
    common = {"author_id": "U", "author_name": "Ann", "created_at": at}
    with connected(address) as connection:
        for kind, form in OLD_FORMS.items():
            row = {"id": kind, "key": kind, "form": form, **common}
            connection.execute(older.insert().values(row))
        for kind, (before, _) in OLD_PAYLOADS.items():
            owed = {"key": kind, "lane": "l", "target": "slack", "kind": kind, "payload": before}
            counts = {"state": "done", "attempts": 0, "doubts": 0, "due_at": at, "created_at": at}
            connection.execute(deliveries.insert().values(**owed, **counts))
    upgrade(address)
    with connected(address) as connection:
        kinds = connection.execute(select(submissions.c.id, submissions.c.kind)).all()
        payloads = connection.execute(select(deliveries.c.kind, deliveries.c.payload)).all()
    assert dict(map(tuple, kinds)) == {kind: kind for kind in OLD_FORMS}
    assert dict(map(tuple, payloads)) == {kind: after for kind, (_, after) in OLD_PAYLOADS.items()}
    downgrade(address, "0005")
    with connected(address) as connection:
        payloads = connection.execute(select(deliveries.c.kind, deliveries.c.payload)).all()
    assert dict(map(tuple, payloads)) == {kind: old for kind, (old, _) in OLD_PAYLOADS.items()}
