"""A maintenance knows when it really began and ended."""

import sqlalchemy as sa
from alembic import op

from bot.database import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_COLUMNS = ("began_at", "ended_at")


def upgrade() -> None:
    """Make the change."""
    for name in _COLUMNS:
        op.add_column("maintenances", sa.Column(name, Instant))


def downgrade() -> None:
    """Take it back."""
    for name in _COLUMNS:
        op.drop_column("maintenances", name)
