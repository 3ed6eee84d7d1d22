"""A series has one thread, which its maintenances share."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_COLUMNS = ("channel", "thread_ts")


def upgrade() -> None:
    """Make the change."""
    for name in _COLUMNS:
        op.add_column("series", sa.Column(name, sa.String()))


def downgrade() -> None:
    """Take it back."""
    for name in _COLUMNS:
        op.drop_column("series", name)
