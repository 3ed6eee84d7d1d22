"""What Alembic runs: the migrations on the connection that it is given."""

from alembic import context

from bot.statuspage.records import tables as site
from bot.store import tables

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=[tables.metadata, site.metadata],
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
