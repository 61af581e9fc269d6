"""Alembic's environment for all histories: the caller gives connection and metadata (`api.database`)."""

from alembic import context

CONFIG = context.config

context.configure(
    connection=CONFIG.attributes["connection"],
    target_metadata=CONFIG.attributes["metadata"],
    compare_type=True,
    compare_server_default=True,
    render_as_batch=True,  # SQLite cannot alter a column in place
)
with context.begin_transaction():
    context.run_migrations()
