"""The snapshot of a page knows since when the page has a history."""

import sqlalchemy as sa
from alembic import op

from bot.database import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("pages", sa.Column("since", Instant))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("pages", "since")
