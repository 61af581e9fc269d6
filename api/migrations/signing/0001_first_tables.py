"""First tables of signing.db: the pipeline's people, contracts, seals, files and the outbox of its evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "act",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("party", sa.String(length=36), nullable=False),
        sa.Column("challenge", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("actor", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("key_gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("challenge"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_act_contract", "act", ["contract", "party"], unique=False)
    op.create_index("ix_act_due", "act", ["state", "next_try"], unique=False)
    op.create_table(
        "act_choice",
        sa.Column("party", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("seal", sa.String(length=36), nullable=True),
        sa.Column("making", sa.LargeBinary(), nullable=False),
        sa.Column("chosen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("party"),
    )
    op.create_table(
        "act_completion",
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("contract"),
    )
    op.create_index("ix_act_completion_due", "act_completion", ["state", "next_try"], unique=False)
    op.create_table(
        "contract",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("app", sa.String(length=64), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("business_number", sa.LargeBinary(), nullable=True),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("scene", sa.String(length=32), nullable=False),
        sa.Column("business_type", sa.String(length=36), nullable=True),
        sa.Column("creator", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("dossier", sa.String(length=36), nullable=False),
        sa.Column("sender", sa.String(length=36), nullable=False),
        sa.Column("deadline", sa.BigInteger(), nullable=False),
        sa.Column("remind_ahead", sa.Integer(), nullable=True),
        sa.Column("remind_every", sa.Integer(), nullable=True),
        sa.Column("remind_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("replaces", sa.String(length=36), nullable=True),
        sa.Column("template", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("position"),
        sa.UniqueConstraint("tenant", "app", "number"),
    )
    op.create_index("ix_contract_deadline", "contract", ["state", "deadline"], unique=False)
    op.create_index("ix_contract_listing", "contract", ["tenant", "position"], unique=False)
    op.create_index("ix_contract_reminder", "contract", ["state", "remind_at"], unique=False)
    op.create_table(
        "contract_batch",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("rows_digest", sa.LargeBinary(), nullable=True),
        sa.Column("plan", sa.LargeBinary(), nullable=False),
        sa.Column("caller", sa.String(), nullable=False),
        sa.Column("creator", sa.String(length=64), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("position"),
    )
    op.create_index("ix_contract_batch_listing", "contract_batch", ["tenant", "position"], unique=False)
    op.create_table(
        "contract_folder",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant", "name"),
    )
    op.create_table(
        "contract_reminder",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("contract", "days"),
    )
    op.create_index("ix_contract_reminder_due", "contract_reminder", ["told_at", "due_at"], unique=False)
    op.create_index(op.f("ix_contract_reminder_tenant"), "contract_reminder", ["tenant"], unique=False)
    op.create_table(
        "contract_tag",
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "tag", "contract"),
    )
    op.create_index(op.f("ix_contract_tag_contract"), "contract_tag", ["contract"], unique=False)
    op.create_table(
        "custody_access",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("blob", sa.String(length=32), nullable=False),
        sa.Column("who_kind", sa.String(length=16), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("terminal", sa.String(length=16), nullable=False),
        sa.Column("client", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index(op.f("ix_custody_access_owner"), "custody_access", ["owner"], unique=False)
    op.create_index(op.f("ix_custody_access_tenant"), "custody_access", ["tenant"], unique=False)
    op.create_table(
        "custody_file",
        sa.Column("blob", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("lookup", sa.LargeBinary(length=32), nullable=False),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("media_type", sa.String(length=127), nullable=False),
        sa.Column("stored_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("blob"),
        sa.UniqueConstraint("owner", "lookup"),
    )
    op.create_table(
        "custody_hold",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("placed_at", sa.BigInteger(), nullable=False),
        sa.Column("placed_by", sa.String(length=96), nullable=False),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.Column("released_by", sa.String(length=96), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_custody_hold_owner"), "custody_hold", ["owner"], unique=False)
    op.create_table(
        "custody_owner",
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("keep_until", sa.BigInteger(), nullable=True),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.Column("erased_by", sa.String(length=96), nullable=True),
        sa.Column("basis", sa.String(length=32), nullable=True),
        sa.Column("forced", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("destroyed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("owner"),
    )
    op.create_index(op.f("ix_custody_owner_erased_at"), "custody_owner", ["erased_at"], unique=False)
    op.create_index(op.f("ix_custody_owner_tenant"), "custody_owner", ["tenant"], unique=False)
    op.create_table(
        "custody_rule",
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("business_type", sa.String(length=64), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "business_type"),
    )
    op.create_table(
        "delivery_link",
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("party", sa.String(length=36), nullable=False),
        sa.Column("notification", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_index(op.f("ix_delivery_link_party"), "delivery_link", ["party"], unique=False)
    op.create_table(
        "delivery_notification",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("dossier", sa.String(length=36), nullable=False),
        sa.Column("party", sa.String(length=36), nullable=False),
        sa.Column("account", sa.String(length=36), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("languages", sa.String(length=20), nullable=False),
        sa.Column("target", sa.LargeBinary(), nullable=False),
        sa.Column("filling", sa.LargeBinary(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.BigInteger(), nullable=False),
        sa.Column("trouble", sa.String(length=32), nullable=True),
        sa.Column("provider", sa.String(length=64), nullable=True),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("transaction", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("bounced_at", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("position"),
    )
    op.create_index(
        "ix_delivery_notification_contract", "delivery_notification", ["contract", "position"], unique=False
    )
    op.create_index(
        "ix_delivery_notification_due",
        "delivery_notification",
        ["channel", "state", "next_try"],
        unique=False,
    )
    op.create_table(
        "dossier",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("close_by", sa.BigInteger(), nullable=True),
        sa.Column("required", sa.String(length=2000), nullable=False),
        sa.Column("last_position", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("case", sa.String(length=36), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.BigInteger(), nullable=True),
        sa.Column("trouble", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case"),
    )
    op.create_index("ix_dossier_reference", "dossier", ["tenant", "reference"], unique=False)
    op.create_table(
        "identity_check",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("account", sa.String(length=36), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("method", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("txn", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("result", sa.String(length=32), nullable=True),
        sa.Column("score_ppm", sa.Integer(), nullable=True),
        sa.Column("confirmations", sa.Integer(), nullable=False),
        sa.Column("agent_check", sa.String(length=36), nullable=True),
        sa.Column("started_by", sa.String(length=64), nullable=False),
        sa.Column("started_event", sa.String(length=36), nullable=False),
        sa.Column("ended_event", sa.String(length=36), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("answer_by", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("position"),
    )
    op.create_index(
        "ix_identity_check_account", "identity_check", ["tenant", "account", "position"], unique=False
    )
    op.create_index("ix_identity_check_state", "identity_check", ["state", "answer_by"], unique=False)
    op.create_table(
        "identity_restatement",
        sa.Column("dossier", sa.String(length=36), nullable=False),
        sa.Column("party", sa.String(length=36), nullable=False),
        sa.Column("check_id", sa.String(length=36), nullable=False),
        sa.Column("event", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("dossier", "party", "check_id"),
        sa.UniqueConstraint("event"),
    )
    op.create_table(
        "intent_challenge",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("request", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("party", sa.String(length=36), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("target", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=True),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("provider_txn", sa.LargeBinary(), nullable=True),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("party", "request"),
    )
    op.create_index(op.f("ix_intent_challenge_contract"), "intent_challenge", ["contract"], unique=False)
    op.create_index("ix_intent_challenge_party", "intent_challenge", ["party", "created_at"], unique=False)
    op.create_table(
        "intent_reading",
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("document", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("heights", sa.String(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("contract", "document"),
    )
    op.create_table(
        "intent_shown",
        sa.Column("party", sa.String(length=36), nullable=False),
        sa.Column("document", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("shown_at", sa.BigInteger(), nullable=False),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("party", "document", "sha256"),
    )
    op.create_index(op.f("ix_intent_shown_contract"), "intent_shown", ["contract"], unique=False)
    op.create_table(
        "intent_term",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("document", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("by_rule", sa.Boolean(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_intent_term_document", "intent_term", ["contract", "document", "page", "y"], unique=False
    )
    op.create_table(
        "people_account",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("app", sa.String(length=64), nullable=False),
        sa.Column("request", sa.String(length=36), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("external", sa.LargeBinary(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("profile", sa.LargeBinary(), nullable=False),
        sa.Column("login", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("agent", sa.String(length=36), nullable=True),
        sa.Column("dossier", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("position"),
        sa.UniqueConstraint("tenant", "app", "external"),
        sa.UniqueConstraint("tenant", "login"),
        sa.UniqueConstraint("tenant", "request"),
    )
    op.create_index(op.f("ix_people_account_agent"), "people_account", ["agent"], unique=False)
    op.create_index("ix_people_account_email", "people_account", ["tenant", "email"], unique=False)
    op.create_index(
        "ix_people_account_listing", "people_account", ["tenant", "internal", "position"], unique=False
    )
    op.create_index("ix_people_account_phone", "people_account", ["tenant", "phone"], unique=False)
    op.create_table(
        "people_actor",
        sa.Column("dossier", sa.String(length=36), nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("ref", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("dossier", "who"),
        sa.UniqueConstraint("ref"),
    )
    op.create_table(
        "people_business_type",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("scene", sa.String(length=32), nullable=False),
        sa.Column("identity_level", sa.String(length=16), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant", "code"),
    )
    op.create_table(
        "people_known_address",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("forget_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(
        op.f("ix_people_known_address_forget_at"), "people_known_address", ["forget_at"], unique=False
    )
    op.create_table(
        "people_session",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("account", sa.String(length=36), nullable=True),
        sa.Column("party", sa.String(length=36), nullable=True),
        sa.Column("contract", sa.String(length=36), nullable=True),
        sa.Column("terminal", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("idle_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token"),
    )
    op.create_index(op.f("ix_people_session_account"), "people_session", ["account"], unique=False)
    op.create_index(op.f("ix_people_session_party"), "people_session", ["party"], unique=False)
    op.create_table(
        "people_throttle",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("forget_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(op.f("ix_people_throttle_forget_at"), "people_throttle", ["forget_at"], unique=False)
    op.create_table(
        "seal",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("holder", sa.String(length=36), nullable=True),
        sa.Column("creator", sa.String(length=64), nullable=False),
        sa.Column("submitter", sa.String(length=64), nullable=True),
        sa.Column("approver", sa.String(length=36), nullable=True),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("shape", sa.String(length=16), nullable=False),
        sa.Column("seal_type", sa.String(length=16), nullable=False),
        sa.Column("width_um", sa.Integer(), nullable=False),
        sa.Column("height_um", sa.Integer(), nullable=False),
        sa.Column("approve_uses", sa.Boolean(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("dossier", sa.String(length=36), nullable=False),
        sa.Column("created_event", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("position"),
    )
    op.create_index("ix_seal_listing", "seal", ["tenant", "position"], unique=False)
    op.create_table(
        "seal_use",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("seal", sa.String(length=36), nullable=False),
        sa.Column("grant", sa.String(length=36), nullable=True),
        sa.Column("account", sa.String(length=36), nullable=True),
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("dossier", sa.String(length=36), nullable=False),
        sa.Column("party", sa.String(length=36), nullable=False),
        sa.Column("document", sa.String(length=36), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("event"),
    )
    op.create_index("ix_seal_use_case", "seal_use", ["dossier"], unique=False)
    op.create_index("ix_seal_use_seal", "seal_use", ["seal", "position"], unique=False)
    op.create_table(
        "search_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column("indexed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("contract"),
    )
    op.create_index(op.f("ix_search_text_tenant"), "search_text", ["tenant"], unique=False)
    op.create_table(
        "signing_keys",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("algorithm", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("generated_at", sa.BigInteger(), nullable=False),
        sa.Column("spki_sha256", sa.String(), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=True),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=True),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=True),
        sa.Column("request", sa.LargeBinary(), nullable=True),
        sa.Column("certificate", sa.LargeBinary(), nullable=True),
        sa.Column("response_sha256", sa.String(), nullable=True),
        sa.Column("above", sa.String(), nullable=False),
        sa.Column("certificate_sha256", sa.String(), nullable=True),
        sa.Column("serial", sa.String(), nullable=True),
        sa.Column("not_before", sa.BigInteger(), nullable=True),
        sa.Column("not_after", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("destroyed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_signing_keys_algorithm"), "signing_keys", ["algorithm"], unique=False)
    op.create_index(
        op.f("ix_signing_keys_certificate_sha256"), "signing_keys", ["certificate_sha256"], unique=False
    )
    op.create_index(op.f("ix_signing_keys_holder"), "signing_keys", ["holder"], unique=False)
    op.create_index(op.f("ix_signing_keys_serial"), "signing_keys", ["serial"], unique=False)
    op.create_index(op.f("ix_signing_keys_state"), "signing_keys", ["state"], unique=False)
    op.create_index(op.f("ix_signing_keys_tenant"), "signing_keys", ["tenant"], unique=False)
    op.create_table(
        "template",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("business_type", sa.String(length=36), nullable=True),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("dossier", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("position"),
    )
    op.create_index("ix_template_listing", "template", ["tenant", "position"], unique=False)
    op.create_table(
        "act_signature",
        sa.Column("act", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("document", sa.String(length=36), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("intent_event", sa.String(length=36), nullable=False),
        sa.Column("challenge", sa.String(length=43), nullable=False),
        sa.Column("after", sa.String(length=64), nullable=True),
        sa.Column("signed_event", sa.String(length=36), nullable=True),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["act"],
            ["act.id"],
        ),
        sa.PrimaryKeyConstraint("act", "position"),
    )
    op.create_table(
        "contract_approval",
        sa.Column("ref", sa.String(length=36), nullable=False),
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=36), nullable=False),
        sa.Column("document_sha256", sa.String(length=64), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contract"],
            ["contract.id"],
        ),
        sa.PrimaryKeyConstraint("ref"),
        sa.UniqueConstraint("contract", "round", "account"),
    )
    op.create_index(op.f("ix_contract_approval_account"), "contract_approval", ["account"], unique=False)
    op.create_index(op.f("ix_contract_approval_contract"), "contract_approval", ["contract"], unique=False)
    op.create_table(
        "contract_approver",
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("account", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract"],
            ["contract.id"],
        ),
        sa.PrimaryKeyConstraint("contract", "account"),
    )
    op.create_table(
        "contract_batch_item",
        sa.Column("batch", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("ready_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("field", sa.String(length=128), nullable=True),
        sa.Column("detail", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch"],
            ["contract_batch.id"],
        ),
        sa.PrimaryKeyConstraint("batch", "position"),
    )
    op.create_index(
        "ix_contract_batch_item_open",
        "contract_batch_item",
        ["open", "ready_at", "batch", "position"],
        unique=False,
    )
    op.create_index("ix_contract_batch_item_state", "contract_batch_item", ["batch", "state"], unique=False)
    op.create_table(
        "contract_party",
        sa.Column("ref", sa.String(length=36), nullable=False),
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=36), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("target", sa.LargeBinary(), nullable=False),
        sa.Column("target_blind", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("group", sa.Integer(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("delegate_of", sa.String(length=36), nullable=True),
        sa.Column("identity_level", sa.String(length=16), nullable=False),
        sa.Column("factors", sa.String(length=64), nullable=False),
        sa.Column("identity_event", sa.String(length=36), nullable=True),
        sa.Column("notified_at", sa.BigInteger(), nullable=True),
        sa.Column("viewed_at", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("reason_code", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contract"],
            ["contract.id"],
        ),
        sa.PrimaryKeyConstraint("ref"),
    )
    op.create_index("ix_contract_party_account", "contract_party", ["tenant", "account"], unique=False)
    op.create_index("ix_contract_party_contract", "contract_party", ["contract", "position"], unique=False)
    op.create_table(
        "contract_shelf",
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("folder", sa.String(length=36), nullable=True),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("archived_at", sa.BigInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["folder"],
            ["contract_folder.id"],
        ),
        sa.PrimaryKeyConstraint("contract"),
    )
    op.create_index("ix_contract_shelf_ends", "contract_shelf", ["tenant", "ends_on"], unique=False)
    op.create_index(op.f("ix_contract_shelf_folder"), "contract_shelf", ["folder"], unique=False)
    op.create_table(
        "contract_step",
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("who", sa.String(length=16), nullable=False),
        sa.Column("party", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("events", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract"],
            ["contract.id"],
        ),
        sa.PrimaryKeyConstraint("contract", "position"),
    )
    op.create_table(
        "contract_void_agreement",
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("party", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("agreed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract"],
            ["contract.id"],
        ),
        sa.PrimaryKeyConstraint("contract", "party"),
    )
    op.create_table(
        "contract_void_request",
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract"],
            ["contract.id"],
        ),
        sa.PrimaryKeyConstraint("contract"),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("attachment", sa.Boolean(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=128), nullable=False),
        sa.Column("original", sa.String(length=64), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("current", sa.String(length=64), nullable=False),
        sa.Column("shown", sa.String(length=64), nullable=True),
        sa.Column("finalized", sa.String(length=64), nullable=True),
        sa.Column("newest", sa.String(length=64), nullable=True),
        sa.Column("pages", sa.String(), nullable=False),
        sa.Column("controls", sa.String(), nullable=False),
        sa.Column("entered", sa.LargeBinary(), nullable=True),
        sa.Column("tool", sa.String(length=64), nullable=False),
        sa.Column("tool_version", sa.String(length=32), nullable=False),
        sa.Column("fonts_missing", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract"],
            ["contract.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("contract", "position"),
    )
    op.create_table(
        "identity_review",
        sa.Column("check_id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("reviewer", sa.String(length=36), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason_code", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("event", sa.String(length=36), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"],
            ["identity_check.id"],
        ),
        sa.PrimaryKeyConstraint("check_id"),
    )
    op.create_table(
        "intent_binding",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("challenge", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("document", sa.String(length=36), nullable=False),
        sa.Column("document_sha256", sa.String(length=64), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["challenge"],
            ["intent_challenge.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("challenge", "position"),
    )
    op.create_table(
        "outbox",
        sa.Column("dossier", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("type", sa.String(length=96), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("document", sa.String(length=64), nullable=True),
        sa.Column("owner", sa.String(length=200), nullable=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("pinned_seq", sa.Integer(), nullable=True),
        sa.Column("pinned_head", sa.LargeBinary(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("leaf_index", sa.Integer(), nullable=True),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier"],
            ["dossier.id"],
        ),
        sa.PrimaryKeyConstraint("dossier", "position"),
        sa.UniqueConstraint("event_id"),
    )
    op.create_index("ix_outbox_waiting", "outbox", ["done_at", "dossier", "position"], unique=False)
    op.create_table(
        "people_acceptance",
        sa.Column("account", sa.String(length=36), nullable=False),
        sa.Column("agreement", sa.String(length=32), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=36), nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"],
            ["people_account.id"],
        ),
        sa.PrimaryKeyConstraint("account", "agreement", "version"),
    )
    op.create_table(
        "people_business_type_grant",
        sa.Column("business_type", sa.String(length=36), nullable=False),
        sa.Column("account", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("granted_by", sa.String(length=64), nullable=False),
        sa.Column("granted_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"],
            ["people_account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["business_type"],
            ["people_business_type.id"],
        ),
        sa.PrimaryKeyConstraint("business_type", "account"),
    )
    op.create_index(
        op.f("ix_people_business_type_grant_account"), "people_business_type_grant", ["account"], unique=False
    )
    op.create_table(
        "people_consent",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=36), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account"],
            ["people_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_people_consent_account", "people_consent", ["account", "purpose"], unique=False)
    op.create_table(
        "people_credential",
        sa.Column("account", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("password", sa.String(length=300), nullable=False),
        sa.Column("totp", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("recovery", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"],
            ["people_account.id"],
        ),
        sa.PrimaryKeyConstraint("account"),
    )
    op.create_table(
        "people_organisation",
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("account", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"],
            ["people_account.id"],
        ),
        sa.PrimaryKeyConstraint("tenant"),
    )
    op.create_table(
        "people_role",
        sa.Column("account", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("granted_by", sa.String(length=64), nullable=False),
        sa.Column("granted_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"],
            ["people_account.id"],
        ),
        sa.PrimaryKeyConstraint("account", "role"),
    )
    op.create_table(
        "people_setup",
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("totp", sa.LargeBinary(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"],
            ["people_account.id"],
        ),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_index(op.f("ix_people_setup_account"), "people_setup", ["account"], unique=False)
    op.create_table(
        "seal_grant",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("seal", sa.String(length=36), nullable=False),
        sa.Column("grantee", sa.String(length=36), nullable=False),
        sa.Column("grantor", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("kinds", sa.String(), nullable=False),
        sa.Column("contract", sa.String(length=36), nullable=True),
        sa.Column("valid_from", sa.BigInteger(), nullable=False),
        sa.Column("valid_to", sa.BigInteger(), nullable=False),
        sa.Column("max_uses", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["seal"],
            ["seal.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_seal_grant_grantee"), "seal_grant", ["grantee"], unique=False)
    op.create_index("ix_seal_grant_seal", "seal_grant", ["seal", "grantee"], unique=False)
    op.create_table(
        "seal_use_request",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("seal", sa.String(length=36), nullable=False),
        sa.Column("contract", sa.String(length=36), nullable=False),
        sa.Column("dossier", sa.String(length=36), nullable=False),
        sa.Column("document_sha256", sa.String(length=64), nullable=False),
        sa.Column("requester", sa.String(length=36), nullable=False),
        sa.Column("requested_event", sa.String(length=36), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("approver", sa.String(length=36), nullable=True),
        sa.Column("decided_event", sa.String(length=36), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["seal"],
            ["seal.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("seal", "contract", "document_sha256", "requester"),
    )
    op.create_index(op.f("ix_seal_use_request_seal"), "seal_use_request", ["seal"], unique=False)
    op.create_index(op.f("ix_seal_use_request_tenant"), "seal_use_request", ["tenant"], unique=False)
    op.create_table(
        "search_gram",
        sa.Column("gram", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fields", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["text"],
            ["search_text.id"],
        ),
        sa.PrimaryKeyConstraint("gram", "text"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_gram_text", "search_gram", ["text"], unique=False)
    op.create_table(
        "signing_key_uses",
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key"],
            ["signing_keys.id"],
        ),
        sa.PrimaryKeyConstraint("ref"),
    )
    op.create_index(op.f("ix_signing_key_uses_key"), "signing_key_uses", ["key"], unique=False)
    op.create_table(
        "template_version",
        sa.Column("template", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=128), nullable=False),
        sa.Column("original", sa.String(length=64), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.String(), nullable=False),
        sa.Column("controls", sa.String(), nullable=False),
        sa.Column("creator", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["template"],
            ["template.id"],
        ),
        sa.PrimaryKeyConstraint("template", "version"),
    )
    op.create_table(
        "document_slot",
        sa.Column("document", sa.String(length=36), nullable=False),
        sa.Column("party", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("page_height", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"],
            ["document.id"],
        ),
        sa.PrimaryKeyConstraint("document", "party"),
    )
    op.create_table(
        "document_field",
        sa.Column("document", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("party", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"],
            ["document.id"],
        ),
        sa.PrimaryKeyConstraint("document", "name"),
    )
    op.create_table(
        "document_filling",
        sa.Column("document", sa.String(length=36), nullable=False),
        sa.Column("party", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=36), nullable=False),
        sa.Column("entered", sa.LargeBinary(), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("filled", sa.String(length=64), nullable=False),
        sa.Column("sm3", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("filled_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"],
            ["document.id"],
        ),
        sa.PrimaryKeyConstraint("document", "party"),
    )
    # Indexes over expressions, which have no form in Alembic for SQLite.
    op.execute(
        "CREATE UNIQUE INDEX ix_seal_official ON seal (tenant, coalesce(holder, '')) WHERE seal_type "
        "= 'official' AND state NOT IN ('rejected', 'destroyed')"
    )
    # Rows that nobody may change or remove.
    op.execute(
        "CREATE TRIGGER custody_access_no_update BEFORE UPDATE ON custody_access BEGIN SELECT "
        "RAISE(ABORT, 'custody_access is only ever added to'); END"
    )
    op.execute(
        "CREATE TRIGGER custody_access_no_delete BEFORE DELETE ON custody_access BEGIN SELECT "
        "RAISE(ABORT, 'custody_access is only ever added to'); END"
    )
    op.execute(
        "CREATE TRIGGER seal_use_no_update BEFORE UPDATE ON seal_use BEGIN SELECT RAISE(ABORT, "
        "'seal_use is only ever added to'); END"
    )
    op.execute(
        "CREATE TRIGGER seal_use_no_delete BEFORE DELETE ON seal_use BEGIN SELECT RAISE(ABORT, "
        "'seal_use is only ever added to'); END"
    )
