"""The tables of the embedded page as declared; the store's migrations make the same."""

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.database import NAMING, Instant

metadata = MetaData(naming_convention=NAMING)


def _posts(name: str, parent: str, *more: Column[Any]) -> Table:
    return Table(
        name,
        metadata,
        Column("id", String, primary_key=True),
        Column(f"{parent}_id", ForeignKey(f"site_{parent}s.id"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("status", String, nullable=False),
        Column("message", Text, nullable=False),
        *more,
        Column("at", Instant, nullable=False),
        Column("notified", Boolean, nullable=False),
        Column("edited_at", Instant),
        Column("deleted_at", Instant),
        UniqueConstraint(f"{parent}_id", "number"),
    )


page = Table(
    "site_page",
    metadata,
    # There is one row, made by the first change.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
    Column("revision", Integer, nullable=False),
    # Of a page from before they were kept, null until the next start.
    Column("uid", String),
    Column("authority", String),
)

groups = Table(
    "site_groups",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("position", Integer, nullable=False),
)

components = Table(
    "site_components",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("description", Text, nullable=False),
    Column("group_id", ForeignKey("site_groups.id"), index=True),
    Column("position", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Column("archived", Boolean, nullable=False),
    # Its name in foghorn.toml, if it came from there; a person may have renamed it since.
    Column("declared_as", String),
)

incidents = Table(
    "site_incidents",
    metadata,
    Column("id", String, primary_key=True),
    # The key that made it: a second try gets the first answer.
    Column("key", String, unique=True),
    Column("name", String, nullable=False),
    Column("status", String, nullable=False),
    Column("impacts", JSON, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("resolved_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("deleted_at", Instant),
)

updates = _posts("site_updates", "incident", Column("statuses", JSON, nullable=False))

intervals = Table(
    "site_intervals",
    metadata,
    Column("source_id", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("component_id", ForeignKey("site_components.id"), nullable=False),
    Column("status", String, nullable=False),
    Column("start_at", Instant, nullable=False),
    Column("end_at", Instant, index=True),
)

maintenances = Table(
    "site_maintenances",
    metadata,
    Column("id", String, primary_key=True),
    Column("key", String, unique=True),
    Column("name", String, nullable=False),
    Column("status", String, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("component_ids", JSON, nullable=False),
    Column("auto_start", Boolean, nullable=False),
    Column("auto_end", Boolean, nullable=False),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    # How often the window was changed.
    Column("revision", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("deleted_at", Instant),
)

maintenance_updates = _posts("site_maintenance_updates", "maintenance")
