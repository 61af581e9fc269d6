"""First tables of anchor.db: checkpoints, tokens, the outbox, proofs, deployments, services."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checkpoint",
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root_hash", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("note_digest", sa.LargeBinary(), nullable=False),
        sa.Column("taken_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
    )
    op.create_table(
        "deployment",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("finality", sa.String(), nullable=False),
        sa.Column("chain_id", sa.Integer(), nullable=False),
        sa.Column("genesis_hash", sa.LargeBinary(), nullable=False),
        sa.Column("contract", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("log_id", sa.LargeBinary(), nullable=False),
        sa.Column("creator", sa.LargeBinary(), nullable=False),
        sa.Column("publisher", sa.LargeBinary(), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("chain"),
    )
    op.create_table(
        "flight",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root_hash", sa.LargeBinary(), nullable=False),
        sa.Column("note_digest", sa.LargeBinary(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("nonce", sa.Integer(), nullable=True),
        sa.Column("included_tx", sa.LargeBinary(), nullable=True),
        sa.Column("included_block", sa.Integer(), nullable=True),
        sa.Column("included_hash", sa.LargeBinary(), nullable=True),
        sa.Column("signed_at", sa.Float(), nullable=False),
        sa.Column("sent_at", sa.Float(), nullable=False),
        sa.Column("strange", sa.Integer(), nullable=False),
        sa.Column("proof_kept", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("changed_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("flight_of_chain", "flight", ["chain", "kind", "size"], unique=False)
    op.create_index(
        "flight_one_live_per_chain", "flight", ["chain"], unique=True, sqlite_where=sa.text("live")
    )
    op.create_table(
        "service",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_ok_at", sa.String(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("last_error_at", sa.String(), nullable=True),
        sa.Column("retry_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "attempt",
        sa.Column("flight_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tx_hash", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.Integer(), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("max_fee", sa.Integer(), nullable=False),
        sa.Column("tip", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["flight_id"],
            ["flight.id"],
        ),
        sa.PrimaryKeyConstraint("flight_id", "position"),
    )
    op.create_index(op.f("ix_attempt_tx_hash"), "attempt", ["tx_hash"], unique=False)
    op.create_table(
        "history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flight_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["flight_id"],
            ["flight.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_history_flight_id"), "history", ["flight_id"], unique=False)
    op.create_table(
        "lane",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("queued_size", sa.Integer(), nullable=True),
        sa.Column("stopped", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["queued_size"],
            ["checkpoint.size"],
        ),
        sa.PrimaryKeyConstraint("chain"),
    )
    op.create_table(
        "proof",
        sa.Column("flight_id", sa.Integer(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("chain_id", sa.Integer(), nullable=False),
        sa.Column("contract", sa.LargeBinary(), nullable=False),
        sa.Column("block_number", sa.Integer(), nullable=False),
        sa.Column("tx_index", sa.Integer(), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("receipt_proof", sa.LargeBinary(), nullable=False),
        sa.Column("transaction_proof", sa.LargeBinary(), nullable=False),
        sa.Column("account_proof", sa.LargeBinary(), nullable=False),
        sa.Column("collected_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["flight_id"],
            ["flight.id"],
        ),
        sa.PrimaryKeyConstraint("flight_id"),
    )
    op.create_table(
        "token",
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("obtained_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["size"],
            ["checkpoint.size"],
        ),
        sa.PrimaryKeyConstraint("size", "authority"),
    )
