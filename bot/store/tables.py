"""The tables as declared; the migrations make the same, and a test compares the two."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.database import NAMING, Instant

metadata = MetaData(naming_convention=NAMING)

# SQLite only counts up by itself on a column that is exactly INTEGER.
_Number = BigInteger().with_variant(Integer, "sqlite")

pages = Table(
    "pages",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("url", String),
    Column("read_at", Instant, nullable=False),
)

components = Table(
    "components",
    metadata,
    Column("key", String, primary_key=True),
    Column("page_id", ForeignKey("pages.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("id", String, nullable=False),
    Column("name", String, nullable=False),
    Column("group_name", String),
    Column("position", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("search", String, nullable=False),
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("status", String, nullable=False),
    Column("message", Text, nullable=False),
    Column("owner_id", String, nullable=False),
    Column("owner_name", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("thread_ts", String),
    Column("notify", Boolean, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("updated_at", Instant),
    Column("due_at", Instant),
    Index("ix_incidents_started_at", "started_at"),
    Index("ix_incidents_status", "status"),
)

publications = Table(
    "publications",
    metadata,
    Column("id", String, primary_key=True),
    Column("incident_id", ForeignKey("incidents.id"), nullable=False, index=True),
    Column("page_id", String, nullable=False),
    Column("page_name", String, nullable=False),
    Column("state", String, nullable=False),
    Column("impacts", JSON, nullable=False),
    Column("remote_id", String),
    Column("url", String),
    UniqueConstraint("page_id", "remote_id"),
)

submissions = Table(
    "submissions",
    metadata,
    Column("id", String, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("author_id", String, nullable=False),
    Column("author_name", String, nullable=False),
    Column("view_id", String),
    Column("form", JSON, nullable=False),
    Column("incident_id", ForeignKey("incidents.id"), index=True),
    Column("replaced_by", String),
    Column("created_at", Instant, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("view_id", String, primary_key=True),
    Column("form", JSON, nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("key", String, nullable=False, unique=True),
    Column("lane", String, nullable=False),
    Column("target", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("doubts", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("lease", String),
    Column("lease_until", Instant),
    Column("first_sent_at", Instant),
    Column("remote_id", String),
    Column("error", Text),
    Column("incident_id", ForeignKey("incidents.id"), index=True),
    Column("publication_id", ForeignKey("publications.id")),
    Column("submission_id", ForeignKey("submissions.id"), index=True),
    Column("created_at", Instant, nullable=False),
    # One thing outside can be the work of one delivery only.
    UniqueConstraint("lane", "remote_id"),
)

_OPEN = text("state NOT IN ('done', 'refused')")
Index("ix_deliveries_due_open", deliveries.c.due_at, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index(
    "ix_deliveries_lane_open",
    deliveries.c.lane,
    deliveries.c.id,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)

audit = Table(
    "audit",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("actor_id", String, nullable=False),
    Column("action", String, nullable=False),
    Column("incident_id", String, index=True),
    Column("page_id", String),
    Column("text", Text),
    Column("outcome", Text, nullable=False),
)
