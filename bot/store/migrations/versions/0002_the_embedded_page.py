"""The embedded page."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    _page_and_components()
    _incidents()
    _maintenances()


def _page_and_components() -> None:
    op.create_table(
        "site_page",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_site_page"),
    )
    op.create_table(
        "site_groups",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_site_groups"),
        sa.UniqueConstraint("name", name="uq_site_groups_name"),
    )
    op.create_table(
        "site_components",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("declared_as", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["site_groups.id"], name="fk_site_components_group_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_site_components"),
    )
    op.create_index("ix_site_components_group_id", "site_components", ["group_id"], unique=False)


def _incidents() -> None:
    op.create_table(
        "site_incidents",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("impacts", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_site_incidents"),
        sa.UniqueConstraint("key", name="uq_site_incidents_key"),
    )
    op.create_table(
        "site_updates",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("incident_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("statuses", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notified", sa.Boolean(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["site_incidents.id"], name="fk_site_updates_incident_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_site_updates"),
        sa.UniqueConstraint("incident_id", "number", name="uq_site_updates_incident_id_number"),
    )
    op.create_table(
        "site_intervals",
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("component_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["component_id"], ["site_components.id"], name="fk_site_intervals_component_id"
        ),
        sa.PrimaryKeyConstraint("source_id", "number", name="pk_site_intervals"),
    )
    op.create_index("ix_site_intervals_end_at", "site_intervals", ["end_at"], unique=False)


def _maintenances() -> None:
    op.create_table(
        "site_maintenances",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("component_ids", sa.JSON(), nullable=False),
        sa.Column("auto_start", sa.Boolean(), nullable=False),
        sa.Column("auto_end", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_site_maintenances"),
        sa.UniqueConstraint("key", name="uq_site_maintenances_key"),
    )
    op.create_table(
        "site_maintenance_updates",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("maintenance_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notified", sa.Boolean(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["maintenance_id"],
            ["site_maintenances.id"],
            name="fk_site_maintenance_updates_maintenance_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_site_maintenance_updates"),
        sa.UniqueConstraint(
            "maintenance_id", "number", name="uq_site_maintenance_updates_maintenance_id_number"
        ),
    )


def downgrade() -> None:
    """Take the change back."""
    for table in (
        "site_maintenance_updates",
        "site_maintenances",
        "site_intervals",
        "site_updates",
        "site_incidents",
        "site_components",
        "site_groups",
        "site_page",
    ):
        op.drop_table(table)
