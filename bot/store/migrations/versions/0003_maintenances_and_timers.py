"""Maintenances, series of them, and timers."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_WAITING = sa.text("fired_at IS NULL")


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "series",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_series"),
    )
    op.create_table(
        "maintenances",
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("automation", sa.String(), nullable=False),
        sa.Column("notices", sa.JSON(), nullable=False),
        sa.Column("series_id", sa.String(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("turned_into", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name="fk_maintenances_subject_id"),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name="fk_maintenances_series_id"),
        sa.ForeignKeyConstraint(
            ["turned_into"], ["subjects.id"], name="fk_maintenances_turned_into"
        ),
        sa.PrimaryKeyConstraint("subject_id", name="pk_maintenances"),
    )
    op.create_index("ix_maintenances_series_id", "maintenances", ["series_id"], unique=False)
    op.create_table(
        "windows",
        sa.Column("series_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name="fk_windows_series_id"),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name="fk_windows_subject_id"),
        sa.PrimaryKeyConstraint("series_id", "number", name="pk_windows"),
    )
    op.create_table(
        "timers",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name="fk_timers_subject_id"),
        sa.PrimaryKeyConstraint("id", name="pk_timers"),
    )
    op.create_index("ix_timers_subject_id", "timers", ["subject_id"], unique=False)
    op.create_index(
        "ix_timers_due_waiting",
        "timers",
        ["due_at"],
        unique=False,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_index(
        "uq_timers_kind_about_waiting",
        "timers",
        ["kind", "about"],
        unique=True,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    """Take it back."""
    for table in ("timers", "windows", "maintenances", "series"):
        op.drop_table(table)
