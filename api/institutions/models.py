"""The table of submissions to institutions, in api.db. Times are integer milliseconds since 1970 UTC."""

from sqlalchemy import LargeBinary
from sqlmodel import Field

from api.accounts.models import ApiTable


class SubmissionRow(ApiTable, table=True):
    """A submission: what was to be given to whom, how that stands, and what was answered.

    ``checkpoint`` are the bytes that are given, where they are public; a package lies in its own file. ``left``: it may
    have arrived. ``answer`` are the answer's bytes as they came, until the vault has them.
    """

    __tablename__ = "submission"

    id: str = Field(primary_key=True, max_length=36)
    tenant_id: str = Field(foreign_key="tenant.id", max_length=36)
    case_id: str = Field(index=True, max_length=36)
    request_id: str = Field(max_length=36)
    institution: str = Field(max_length=64)
    institution_kind: str = Field(max_length=16)
    simulated: bool
    content: str = Field(max_length=16)
    package: str | None = Field(default=None, max_length=36)
    media_type: str = Field(max_length=128)
    size: int
    sha256: bytes = Field(sa_type=LargeBinary)
    sm3: bytes = Field(sa_type=LargeBinary)
    checkpoint: bytes | None = Field(default=None, sa_type=LargeBinary)
    state: str = Field(index=True, max_length=16)
    trouble: str | None = Field(default=None, max_length=32)
    created_at: int
    updated_at: int
    receipt: str | None = Field(default=None, max_length=128)
    transaction: str | None = Field(default=None, max_length=256)
    accepted_at: int | None = None
    answer: bytes | None = Field(default=None, sa_type=LargeBinary)
    answer_type: str | None = Field(default=None, max_length=128)
    answer_sha256: bytes | None = Field(default=None, sa_type=LargeBinary)
    left: bool = False
    recorded: bool = False
