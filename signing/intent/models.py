"""Tables of intent: what was pointed out, what was shown, what was asked, and what became of the answer.

A one-time code stands nowhere: ``code`` is a keyed digest bound to its challenge. Addresses are sealed with the
contract's key.
"""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from signing.database import Moment, SigningBase


class TermRow(SigningBase, table=True):
    """A term of weight in a document, marked by the sender or found by a keyword.

    The place is in thousandths of a point from the page's top-left corner as shown.
    """

    __tablename__ = "intent_term"
    __table_args__ = (Index("ix_intent_term_document", "contract", "document", "page", "y"),)

    id: str = Field(primary_key=True, max_length=36)
    tenant: str = Field(max_length=36)
    contract: str = Field(max_length=36)
    document: str = Field(max_length=36)
    kind: str = Field(max_length=32)
    by_rule: bool
    page: int
    x: int
    y: int
    width: int
    height: int


class ReadingRow(SigningBase, table=True):
    """That a document was searched for terms.

    ``heights`` are those of its pages as shown (thousandths of a point, by spaces), ``unread`` counts pages whose text could
    not be read.
    """

    __tablename__ = "intent_reading"

    contract: str = Field(primary_key=True, max_length=36)
    document: str = Field(primary_key=True, max_length=36)
    tenant: str = Field(max_length=36)
    sha256: str = Field(max_length=64)
    heights: str
    unread: int
    read_at: datetime = Field(sa_type=Moment)


class ShownRow(SigningBase, table=True):
    """That these bytes of a document were shown to a party, and when its terms were acknowledged."""

    __tablename__ = "intent_shown"

    party: str = Field(primary_key=True, max_length=36)
    document: str = Field(primary_key=True, max_length=36)
    sha256: str = Field(primary_key=True, max_length=64)
    tenant: str = Field(max_length=36)
    contract: str = Field(max_length=36, index=True)
    shown_at: datetime = Field(sa_type=Moment)
    acknowledged_at: datetime | None = Field(default=None, sa_type=Moment)


class ChallengeRow(SigningBase, table=True):
    """One request to confirm: for all documents that the party signs, under one code, each bound by its own challenge.

    ``state``: sending, open, answered, failed, replaced. ``target`` is sealed; ``code`` None for methods without one.
    """

    __tablename__ = "intent_challenge"
    __table_args__ = (
        UniqueConstraint("party", "request"),
        Index("ix_intent_challenge_party", "party", "created_at"),
    )

    id: str = Field(primary_key=True, max_length=36)
    request: str = Field(max_length=36)
    tenant: str = Field(max_length=36)
    contract: str = Field(max_length=36, index=True)
    party: str = Field(max_length=36)
    method: str = Field(max_length=16)
    locale: str = Field(max_length=12)
    state: str = Field(max_length=12)
    target: bytes = Field(sa_type=LargeBinary)
    code: bytes | None = Field(default=None, sa_type=LargeBinary)
    provider: str = Field(default="", max_length=64)
    provider_txn: bytes | None = Field(default=None, sa_type=LargeBinary)
    simulated: bool = False
    attempts: int = 0
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)


class BindingRow(SigningBase, table=True):
    """A challenge for one document: its parts, and the event by which it was confirmed. ``id`` names it in events."""

    __tablename__ = "intent_binding"
    __table_args__ = (UniqueConstraint("challenge", "position"),)

    id: str = Field(primary_key=True, max_length=36)
    challenge: str = Field(foreign_key="intent_challenge.id", max_length=36)
    position: int
    tenant: str = Field(max_length=36)
    document: str = Field(max_length=36)
    document_sha256: str = Field(max_length=64)
    head: bytes = Field(sa_type=LargeBinary)
    nonce: bytes = Field(sa_type=LargeBinary)
    confirmed: str | None = Field(default=None, max_length=36)
