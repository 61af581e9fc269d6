"""Tables of identity checks. What was compared is sealed with the account's key; no image and no whole card number is here.

identity_check        one check, from its start to its end
identity_review       what an examiner decided of it
identity_restatement  in which contract's case it was told for which party
"""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from signing.database import Moment, SigningBase


class CheckRow(SigningBase, table=True):
    """One check; ``id`` is the client's, and the provider's idempotency key.

    ``content`` is a keyed digest of the request. ``state``: started, pending (the provider answers later), confirming
    (the customer has to name the amount), in_review, verified, failed (it does not match), unavailable (nobody knows).
    ``details`` are the values compared, sealed; ``txn`` the provider's number, sealed. ``agent_check`` is the check of
    the person who acts for a company.
    """

    __tablename__ = "identity_check"
    __table_args__ = (
        Index("ix_identity_check_account", "tenant", "account", "position"),
        Index("ix_identity_check_state", "state", "answer_by"),
    )

    id: str = Field(primary_key=True, max_length=36)
    position: int = Field(unique=True)
    tenant: str = Field(max_length=36)
    account: str = Field(max_length=36)
    content: bytes = Field(sa_type=LargeBinary)
    kind: str = Field(max_length=16)
    method: str = Field(max_length=32)
    level: str = Field(max_length=16)
    state: str = Field(max_length=16)
    provider: str = Field(max_length=64)
    simulated: bool
    details: bytes = Field(sa_type=LargeBinary)
    txn: bytes = Field(sa_type=LargeBinary)
    reason: str | None = Field(default=None, max_length=32)
    result: str | None = Field(default=None, max_length=32)
    score_ppm: int | None = None
    confirmations: int = 0
    agent_check: str | None = Field(default=None, max_length=36)
    started_by: str = Field(max_length=64)
    started_event: str = Field(max_length=36)
    ended_event: str | None = Field(default=None, max_length=36)
    started_at: datetime = Field(sa_type=Moment)
    answer_by: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    expires_at: datetime | None = Field(default=None, sa_type=Moment)


class ReviewRow(SigningBase, table=True):
    """What an examiner decided; ``reason`` in his words, sealed."""

    __tablename__ = "identity_review"

    check_id: str = Field(primary_key=True, foreign_key="identity_check.id", max_length=36)
    tenant: str = Field(max_length=36)
    reviewer: str = Field(max_length=36)
    approved: bool
    reason_code: str | None = Field(default=None, max_length=32)
    reason: bytes = Field(sa_type=LargeBinary)
    event: str = Field(max_length=36)
    decided_at: datetime = Field(sa_type=Moment)


class RestatementRow(SigningBase, table=True):
    """That a check was told in a dossier for a party, and by which event."""

    __tablename__ = "identity_restatement"
    __table_args__ = (UniqueConstraint("event"),)

    dossier: str = Field(primary_key=True, max_length=36)
    party: str = Field(primary_key=True, max_length=36)
    check_id: str = Field(primary_key=True, max_length=36)
    event: str = Field(max_length=36)
