"""Tables of the act of signing: what a party signs with, what it confirmed, and how far the signing got.

act_choice       what stands in the signature's place: a seal, a drawing, a typed name
act              a confirmed intent that is to become signatures: confirmed → signed | failed
act_signature    one of its documents
act_completion   a contract that all have signed, to be finished: due → done, or due → lacking → done | erased
"""

from datetime import datetime

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field

from signing.database import Moment, SigningBase


class ChoiceRow(SigningBase, table=True):
    """What a party's signatures show. ``kind``: seal, drawn, typed; ``making`` (sealed) is what was drawn or typed."""

    __tablename__ = "act_choice"

    party: str = Field(primary_key=True, max_length=36)
    tenant: str = Field(max_length=36)
    contract: str = Field(max_length=36)
    kind: str = Field(max_length=8)
    seal: str | None = Field(default=None, max_length=36)
    making: bytes = Field(sa_type=LargeBinary)
    chosen_at: datetime = Field(sa_type=Moment)


class ActRow(SigningBase, table=True):
    """A confirmed intent. ``key`` names the signing key in the case; ``actor`` (sealed) is who confirmed, and from where.

    ``state`` leaves ``confirmed`` once, in the transaction that keeps the signatures or the reason why there are none.
    """

    __tablename__ = "act"
    __table_args__ = (Index("ix_act_due", "state", "next_try"), Index("ix_act_contract", "contract", "party"))

    id: str = Field(primary_key=True, max_length=36)
    tenant: str = Field(max_length=36)
    contract: str = Field(max_length=36)
    party: str = Field(max_length=36)
    challenge: str = Field(unique=True, max_length=36)
    key: str = Field(unique=True, max_length=36)
    actor: bytes = Field(sa_type=LargeBinary)
    state: str = Field(max_length=12)
    reason: str = Field(default="", max_length=64)
    tries: int = 0
    next_try: datetime = Field(sa_type=Moment)
    confirmed_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    key_gone: bool = False


class SignatureRow(SigningBase, table=True):
    """One document of an act: the bytes confirmed, and, once signed, the bytes after and the event that tells of it."""

    __tablename__ = "act_signature"

    act: str = Field(primary_key=True, foreign_key="act.id", max_length=36)
    position: int = Field(primary_key=True)
    tenant: str = Field(max_length=36)
    document: str = Field(max_length=36)
    before: str = Field(max_length=64)
    intent_event: str = Field(max_length=36)
    challenge: str = Field(max_length=43)
    after: str | None = Field(default=None, max_length=64)
    signed_event: str | None = Field(default=None, max_length=36)
    level: str = Field(default="", max_length=16)


class CompletionRow(SigningBase, table=True):
    """A contract that all required parties have signed; ``lacking``: complete, but an authority's time is missing yet."""

    __tablename__ = "act_completion"
    __table_args__ = (Index("ix_act_completion_due", "state", "next_try"),)

    contract: str = Field(primary_key=True, max_length=36)
    tenant: str = Field(max_length=36)
    state: str = Field(max_length=8)
    tries: int = 0
    next_try: datetime = Field(sa_type=Moment)
    due_at: datetime = Field(sa_type=Moment)
    done_at: datetime | None = Field(default=None, sa_type=Moment)
