"""Tables of delivery.

delivery_notification   one message to one party: an outbox until a carrier took it, then what became of it
delivery_link           one-time links: digests only
"""

from datetime import datetime

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field

from signing.database import Moment, SigningBase


class NotificationRow(SigningBase, table=True):
    """A message. ``id`` is its reference in the case and the carrier's id of it, the same at every try.

    It goes to a party of the contract, or to the member ``account`` of the sending side (``party`` is "" then), of which no
    event tells.
    ``target`` and ``filling`` (what the template is filled with) are sealed under the contract's key; ``link`` (sealed)
    is the token that the message carries, kept until no further try is made. ``state`` is waiting, sent, delivered,
    bounced or cancelled; opened is told by ``opened_at``, since carriers' reports may come later than that.
    """

    __tablename__ = "delivery_notification"
    __table_args__ = (
        Index("ix_delivery_notification_due", "channel", "state", "next_try"),
        Index("ix_delivery_notification_contract", "contract", "position"),
    )

    id: str = Field(primary_key=True, max_length=36)
    position: int = Field(unique=True)
    tenant: str = Field(max_length=36)
    contract: str = Field(max_length=36)
    dossier: str = Field(max_length=36)
    party: str = Field(max_length=36)
    account: str | None = Field(default=None, max_length=36)
    channel: str = Field(max_length=16)
    purpose: str = Field(max_length=20)
    languages: str = Field(max_length=20)
    target: bytes = Field(sa_type=LargeBinary)
    filling: bytes = Field(sa_type=LargeBinary)
    link: bytes | None = Field(default=None, sa_type=LargeBinary)
    state: str = Field(max_length=12)
    attempts: int = 0
    next_try: datetime = Field(sa_type=Moment)
    trouble: str | None = Field(default=None, max_length=32)
    provider: str | None = Field(default=None, max_length=64)
    simulated: bool = False
    transaction: bytes | None = Field(default=None, sa_type=LargeBinary)
    created_at: datetime = Field(sa_type=Moment)
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    delivered_at: datetime | None = Field(default=None, sa_type=Moment)
    bounced_at: datetime | None = Field(default=None, sa_type=Moment)
    opened_at: datetime | None = Field(default=None, sa_type=Moment)


class LinkRow(SigningBase, table=True):
    """A one-time link: ``token`` is SHA-256 of what it carries. Bound to one party of one contract."""

    __tablename__ = "delivery_link"

    token: bytes = Field(primary_key=True, sa_type=LargeBinary)
    tenant: str = Field(max_length=36)
    contract: str = Field(max_length=36)
    party: str = Field(max_length=36, index=True)
    notification: str = Field(max_length=36)
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
