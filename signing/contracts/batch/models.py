"""Tables of batches. What rows say is sealed with the batch's key, and erased once its contract is under way."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field

from signing.database import Moment, SigningBase

WAITING, MADE, SENT, FAILED = "waiting", "made", "sent", "failed"


class BatchRow(SigningBase, table=True):
    """One start of many contracts; its id is the client's own and the owner of its key in custody.

    ``plan`` is sealed: what all contracts have in common. ``rows_digest`` is the keyed digest of the rows, None until they
    came; ``caller`` says as JSON for whom it is done.
    """

    __tablename__ = "contract_batch"
    __table_args__ = (Index("ix_contract_batch_listing", "tenant", "position"),)

    id: str = Field(primary_key=True, max_length=36)
    position: int = Field(unique=True)
    tenant: str = Field(max_length=36)
    content: bytes = Field(sa_type=LargeBinary)
    rows_digest: bytes | None = Field(default=None, sa_type=LargeBinary)
    plan: bytes = Field(sa_type=LargeBinary)
    caller: str
    creator: str = Field(max_length=64)
    total: int = 0
    created_at: datetime = Field(sa_type=Moment)
    started_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class BatchItemRow(SigningBase, table=True):
    """One contract to be started. ``contract`` is drawn beforehand, so that it is made once whatever happens.

    ``state`` goes waiting → made → sent, or failed (``code``, ``field``). ``ready_at``: not to be tried before.
    """

    __tablename__ = "contract_batch_item"
    __table_args__ = (
        Index("ix_contract_batch_item_open", "open", "ready_at", "batch", "position"),
        Index("ix_contract_batch_item_state", "batch", "state"),
    )

    batch: str = Field(primary_key=True, foreign_key="contract_batch.id", max_length=36)
    position: int = Field(primary_key=True)
    tenant: str = Field(max_length=36)
    payload: bytes | None = Field(default=None, sa_type=LargeBinary)
    contract: str = Field(max_length=36)
    state: str = Field(max_length=8)
    open: bool = True
    ready_at: datetime = Field(sa_type=Moment)
    tries: int = 0
    code: str | None = Field(default=None, max_length=64)
    field: str | None = Field(default=None, max_length=128)
    detail: str | None = Field(default=None, max_length=300)
