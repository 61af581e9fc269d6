"""The table of jobs, in api.db. Times are integer milliseconds since 1970 UTC."""

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field

from api.accounts.models import ApiTable


class JobRow(ApiTable, table=True):
    """A job: its request (canonical JSON without personal data), how far it is, and what came out."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_series", "tenant_id", "series"),)

    id: str = Field(primary_key=True, max_length=36)
    tenant_id: str = Field(foreign_key="tenant.id", max_length=36)
    case_id: str = Field(index=True, max_length=36)
    kind: str = Field(max_length=16)
    request_id: str = Field(max_length=36)
    request: bytes = Field(sa_type=LargeBinary)
    series: bytes = Field(sa_type=LargeBinary)
    version: int
    state: str = Field(index=True, max_length=16)
    done: int
    total: int
    step: str = Field(max_length=32)
    trouble: str | None = Field(default=None, max_length=32)
    created_at: int
    updated_at: int
    sha256: bytes | None = Field(default=None, sa_type=LargeBinary)
    size: int | None = None
    opened: int | None = None
    expires_at: int | None = None
    superseded_by: str | None = Field(default=None, max_length=36)
