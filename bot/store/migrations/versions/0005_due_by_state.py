"""What is due is found by its state, so that a long queue makes no claim slower."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_OPEN = sa.text("state NOT IN ('done', 'refused')")


def upgrade() -> None:
    """Make the change."""
    op.drop_index("ix_deliveries_due_open", "deliveries")
    op.create_index(
        "ix_deliveries_state_due_open",
        "deliveries",
        ["state", "due_at"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_deliveries_state_due_open", "deliveries")
    op.create_index(
        "ix_deliveries_due_open",
        "deliveries",
        ["due_at"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
