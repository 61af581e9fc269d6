"""Tables of contracts. Every row carries its tenant; what is personal is sealed with the contract's key or blinded.

A contract's id is the owner of its files and values in custody, and the reference of its dossier.
"""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from signing.database import Moment, SigningBase


class ContractRow(SigningBase, table=True):
    """One contract. ``revision`` grows with every write and is what concurrent writers are held against.

    ``number`` is the keyed digest of the business number (unique in tenant and app), ``content`` that of the request that
    made it: the same again is the same contract. ``creator`` names the account, or the API key, that sends it;
    ``replaces`` the rejected contract it was restarted from. ``remind_every`` and ``remind_ahead``
    are seconds, ``remind_at`` when the next reminder is due.
    """

    __tablename__ = "contract"
    __table_args__ = (
        UniqueConstraint("tenant", "app", "number"),
        Index("ix_contract_listing", "tenant", "position"),
        Index("ix_contract_deadline", "state", "deadline"),
        Index("ix_contract_reminder", "state", "remind_at"),
    )

    id: str = Field(primary_key=True, max_length=36)
    position: int = Field(unique=True)
    tenant: str = Field(max_length=36)
    app: str = Field(max_length=64)
    number: bytes | None = Field(default=None, sa_type=LargeBinary)
    content: bytes = Field(sa_type=LargeBinary)
    business_number: bytes | None = Field(default=None, sa_type=LargeBinary)
    title: bytes = Field(sa_type=LargeBinary)
    scene: str = Field(max_length=32)
    business_type: str | None = Field(default=None, max_length=36)
    creator: str = Field(max_length=64)
    state: str = Field(max_length=20)
    revision: int = 1
    dossier: str = Field(max_length=36)
    sender: str = Field(max_length=36)
    deadline: datetime = Field(sa_type=Moment)
    remind_ahead: int | None = None
    remind_every: int | None = None
    remind_at: datetime | None = Field(default=None, sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment)
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    replaces: str | None = Field(default=None, max_length=36)
    template: str | None = Field(default=None, max_length=36)


class PartyRow(SigningBase, table=True):
    """One party of a contract; ``ref`` is its name in the case, drawn at random for this contract.

    ``target`` is the phone or e-mail address (sealed), ``target_blind`` its keyed digest, ``delegate_of`` the party that
    handed the signing on. ``identity_level`` is the least level demanded, ``factors`` what it may confirm by, separated by
    spaces ("": anything). Moments are of the first time; ``reason`` is sealed.
    """

    __tablename__ = "contract_party"
    __table_args__ = (
        Index("ix_contract_party_contract", "contract", "position"),
        Index("ix_contract_party_account", "tenant", "account"),
    )

    ref: str = Field(primary_key=True, max_length=36)
    contract: str = Field(foreign_key="contract.id", max_length=36)
    tenant: str = Field(max_length=36)
    position: int
    account: str | None = Field(default=None, max_length=36)
    name: bytes = Field(sa_type=LargeBinary)
    channel: str = Field(max_length=16)
    target: bytes = Field(sa_type=LargeBinary)
    target_blind: bytes = Field(sa_type=LargeBinary)
    kind: str = Field(max_length=16)
    role: str = Field(max_length=16)
    group: int
    required: bool
    state: str = Field(max_length=16)
    delegate_of: str | None = Field(default=None, max_length=36)
    identity_level: str = Field(default="none", max_length=16)
    factors: str = Field(default="", max_length=64)
    identity_event: str | None = Field(default=None, max_length=36)
    notified_at: datetime | None = Field(default=None, sa_type=Moment)
    viewed_at: datetime | None = Field(default=None, sa_type=Moment)
    confirmed_at: datetime | None = Field(default=None, sa_type=Moment)
    done_at: datetime | None = Field(default=None, sa_type=Moment)
    reason_code: str | None = Field(default=None, max_length=32)
    reason: bytes | None = Field(default=None, sa_type=LargeBinary)


class ApprovalRow(SigningBase, table=True):
    """What one approver inside the organisation decided of one request to approve; ``round`` counts submissions."""

    __tablename__ = "contract_approval"
    __table_args__ = (UniqueConstraint("contract", "round", "account"),)

    ref: str = Field(primary_key=True, max_length=36)
    contract: str = Field(foreign_key="contract.id", max_length=36, index=True)
    tenant: str = Field(max_length=36)
    round: int
    account: str = Field(max_length=36, index=True)
    document_sha256: str = Field(max_length=64)
    approved: bool | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    reason: bytes | None = Field(default=None, sa_type=LargeBinary)


class ContractApproverRow(SigningBase, table=True):
    """Who has to approve a contract before it is sent."""

    __tablename__ = "contract_approver"

    contract: str = Field(primary_key=True, foreign_key="contract.id", max_length=36)
    account: str = Field(primary_key=True, max_length=36)
    tenant: str = Field(max_length=36)


class StepRow(SigningBase, table=True):
    """One step of a contract as it was taken: its history. Rows are only ever added.

    ``events`` are the ids of the events recorded with it, in order, separated by spaces.
    """

    __tablename__ = "contract_step"

    contract: str = Field(primary_key=True, foreign_key="contract.id", max_length=36)
    position: int = Field(primary_key=True)
    tenant: str = Field(max_length=36)
    step: str = Field(max_length=16)
    who: str = Field(max_length=16)
    party: str | None = Field(default=None, max_length=36)
    state: str = Field(max_length=20)
    at: datetime = Field(sa_type=Moment)
    events: str = ""


class AgreementRow(SigningBase, table=True):
    """That a party agreed to a contract being void; the first row of a contract asks for it."""

    __tablename__ = "contract_void_agreement"

    contract: str = Field(primary_key=True, foreign_key="contract.id", max_length=36)
    party: str = Field(primary_key=True, max_length=36)
    tenant: str = Field(max_length=36)
    agreed_at: datetime = Field(sa_type=Moment)


class VoidRequestRow(SigningBase, table=True):
    """That agreement to voidness was asked for, with the reason (sealed)."""

    __tablename__ = "contract_void_request"

    contract: str = Field(primary_key=True, foreign_key="contract.id", max_length=36)
    tenant: str = Field(max_length=36)
    asked_at: datetime = Field(sa_type=Moment)
    reason: bytes = Field(sa_type=LargeBinary)
