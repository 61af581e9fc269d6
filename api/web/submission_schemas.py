"""What is asked and answered about submissions to institutions."""

from typing import Literal

from pydantic import Field

from api.web.bodies import Body
from api.web.schemas import Answer, JobTrouble, Time, Uuid


class SubmissionRequest(Body):
    """What to give to whom: the digest of a package, the package itself, or the newest checkpoint that covers the case."""

    id: Uuid
    to: str = Field(min_length=1, max_length=64, description="name of a connected institution")
    content: Literal["package_digest", "package", "checkpoint"] = "package_digest"
    package: Uuid | None = Field(default=None, description="id of the job that made the package")


class AcknowledgedAnswer(Answer):
    """What the institution states. ``accepted_at`` is its word; the bytes are at ``url`` as they came."""

    receipt: str | None = None
    accepted_at: Time | None = None
    transaction: str | None = None
    answer_sha256: str
    url: str


class SubmissionAnswer(Answer):
    """A submission. ``simulated``: a simulator answered and no institution received anything."""

    id: Uuid
    case: Uuid
    to: str
    institution_kind: Literal["court_chain", "notary_office", "forensic_centre", "arbitration"]
    simulated: bool
    notice: str | None = None
    content: Literal["package_digest", "package", "checkpoint"]
    package: Uuid | None = None
    sha256: str
    sm3: str
    size: int
    state: Literal["pending", "unknown", "accepted", "refused"]
    recorded: bool
    created_at: Time
    updated_at: Time
    acknowledgement: AcknowledgedAnswer | None = None
    trouble: JobTrouble | None = None


class SubmissionsAnswer(Answer):
    """All submissions of a case, oldest first."""

    data: list[SubmissionAnswer]


class InstitutionAnswer(Answer):
    """An institution that evidence can be given to. ``max_body``: the largest file it takes in bytes; 0: digests only."""

    name: str
    kind: Literal["court_chain", "notary_office", "forensic_centre", "arbitration"]
    simulated: bool
    max_body: int


class InstitutionsAnswer(Answer):
    """The institutions that are connected."""

    data: list[InstitutionAnswer]
