"""The embedded page has ids of its own, which do not follow its address."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("site_page", sa.Column("uid", sa.String))
    op.add_column("site_page", sa.Column("authority", sa.String))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("site_page", "authority")
    op.drop_column("site_page", "uid")
