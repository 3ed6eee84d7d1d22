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
    Column("since", Instant),
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

subjects = Table(
    "subjects",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
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
    Index("ix_subjects_started_at", "started_at"),
    Index("ix_subjects_status", "status"),
)

publications = Table(
    "publications",
    metadata,
    Column("id", String, primary_key=True),
    Column("subject_id", ForeignKey("subjects.id"), nullable=False, index=True),
    Column("page_id", String, nullable=False),
    Column("page_name", String, nullable=False),
    Column("state", String, nullable=False),
    Column("impacts", JSON, nullable=False),
    Column("remote_id", String),
    Column("url", String),
    Column("drivers", JSON, nullable=False),
    UniqueConstraint("page_id", "remote_id"),
)

maintenances = Table(
    "maintenances",
    metadata,
    Column("subject_id", ForeignKey("subjects.id"), primary_key=True),
    Column("ends_at", Instant, nullable=False),
    Column("automation", String, nullable=False),
    Column("notices", JSON, nullable=False),
    Column("series_id", ForeignKey("series.id"), index=True),
    Column("number", Integer),
    Column("turned_into", ForeignKey("subjects.id")),
    Column("began_at", Instant),
    Column("ended_at", Instant),
)

series = Table(
    "series",
    metadata,
    Column("id", String, primary_key=True),
    Column("form", JSON, nullable=False),
    Column("author_id", String, nullable=False),
    Column("author_name", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("channel", String),
    Column("thread_ts", String),
)

windows = Table(
    "windows",
    metadata,
    Column("series_id", ForeignKey("series.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("state", String, nullable=False),
    Column("subject_id", ForeignKey("subjects.id")),
)

timers = Table(
    "timers",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("kind", String, nullable=False),
    Column("about", String, nullable=False),
    Column("subject_id", ForeignKey("subjects.id"), index=True),
    Column("rank", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("fired_at", Instant),
)

_WAITING = text("fired_at IS NULL")
Index(
    "ix_timers_due_waiting",
    timers.c.due_at,
    sqlite_where=_WAITING,
    postgresql_where=_WAITING,
)
Index(
    "uq_timers_kind_about_waiting",
    timers.c.kind,
    timers.c.about,
    unique=True,
    sqlite_where=_WAITING,
    postgresql_where=_WAITING,
)

watches = Table(
    "watches",
    metadata,
    Column("subject_id", ForeignKey("subjects.id"), primary_key=True),
    Column("at", Instant),
    Column("asked", Integer, nullable=False),
    Column("promised", Instant),
    Column("snoozed_by", String),
    Column("turn", Integer, nullable=False),
    Column("shown", String, nullable=False),
    Column("shown_at", Instant),
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
    Column("subject_id", ForeignKey("subjects.id"), index=True),
    Column("replaced_by", String),
    Column("created_at", Instant, nullable=False),
    Column("kind", String, nullable=False, server_default=text("''")),
)

drafts = Table(
    "drafts",
    metadata,
    Column("view_id", String, primary_key=True),
    Column("form", JSON, nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
    Column("kind", String, nullable=False, server_default=text("''")),
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
    Column("subject_id", ForeignKey("subjects.id"), index=True),
    Column("publication_id", ForeignKey("publications.id")),
    Column("submission_id", ForeignKey("submissions.id"), index=True),
    Column("created_at", Instant, nullable=False),
    # One thing outside can be the work of one delivery only.
    UniqueConstraint("lane", "remote_id"),
)

_OPEN = text("state NOT IN ('done', 'refused')")
Index(
    "ix_deliveries_state_due_open",
    deliveries.c.state,
    deliveries.c.due_at,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
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
    Column("subject_id", String, index=True),
    Column("page_id", String),
    Column("text", Text),
    Column("outcome", Text, nullable=False),
)
