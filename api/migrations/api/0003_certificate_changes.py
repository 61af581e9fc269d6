"""Certificates have a standing: issued, superseded, revoked, each change with its place in the log."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of changes, and let one request make one certificate; the older ones are deposited again."""
    op.create_table(
        "certificate_change",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("successor", sa.String(length=40), nullable=True),
        sa.Column("leaf_index", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["number"], ["certificate.number"]),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("number", "kind"),
    )
    op.create_index("ix_certificate_change_leaf_index", "certificate_change", ["leaf_index"], unique=False)
    op.create_index("ix_certificate_request", "certificate", ["tenant_id", "request_id"], unique=True)
    # Their entries have these ids already: depositing them again gives the place where they stand.
    op.execute(
        "INSERT INTO certificate_change (number, kind, event_id, at) "
        "SELECT number, 'issued', request_id, issued_at FROM certificate ORDER BY issued_at, number"
    )
