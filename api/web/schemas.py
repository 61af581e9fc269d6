"""The shapes of requests and answers: closed models that are also the schemas of the OpenAPI document.

Requests are validated by them; answers are made as plain values and declared here, and schemathesis holds the
two against each other. Nothing of this is passed below this floor.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from zheng_verifier.encoding import parse_time
from zheng_verifier.errors import EvidenceError

from api.web.bodies import Body

UUID_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
TIME_PATTERN = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"
TYPE_PATTERN = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+/[1-9][0-9]{0,2}$"
_EVENT = "0b9e4a52-0e2f-4d7e-8a0b-6f5d2c1e9f33"
_ACTOR = "9d3c7a44-52f1-4b1d-8d0e-1f6a2b3c4d5e"

Uuid = Annotated[str, Field(pattern=UUID_PATTERN)]


def _existing(text: str) -> str:
    try:
        parse_time(text)
    except EvidenceError as error:
        raise ValueError("no such day or hour") from error
    return text


Time = Annotated[str, Field(pattern=TIME_PATTERN), AfterValidator(_existing)]
JsonMap = dict[str, Any]  # any object of the JSON profile, which the reader has seen to


class CaseOpenRequest(Body):
    """Open a case. ``external_ref`` is the platform's own name of it: kept beside the log, never in it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": _EVENT,
                    "kind": "contract",
                    "close_by": "2026-12-31T16:00:00.000Z",
                    "required": ["document.finalized", "intent.confirmed", "party.signed"],
                    "external_ref": "HT-2026-0042",
                }
            ]
        }
    )

    id: Uuid
    kind: Literal["contract", "subject"]
    close_by: Time | None = None
    required: list[str] | None = Field(default=None, max_length=64)
    external_ref: str | None = Field(default=None, min_length=1, max_length=200)


class SignedEvent(Body):
    """Form (a): a ready claim, its JWS, and the disclosures of its sealed values as far as we may see them."""

    claim: JsonMap
    jws: str | None = Field(default=None, max_length=1_024)
    disclosures: list[str] | None = Field(default=None, max_length=256)


class PlainEvent(Body):
    """Form (b): the members of a claim, and personal values in the clear, which the service seals."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": _EVENT,
                    "type": "contract.sent/1",
                    "occurred_at": "2026-11-22T08:30:00.000Z",
                    "actor": {"kind": "system", "ref": _ACTOR},
                    "documents": [],
                    "data": {},
                }
            ]
        }
    )

    id: Uuid
    type: str = Field(pattern=TYPE_PATTERN)
    occurred_at: Time | None = None
    actor: JsonMap | None = None
    documents: list[JsonMap] | None = Field(default=None, max_length=64)
    after: list[JsonMap] | None = Field(default=None, max_length=4)
    data: JsonMap
    private: JsonMap | None = None


class BatchRequest(Body):
    """Up to a thousand events of one case: all are deposited, or none."""

    events: list[JsonMap]


class SubmitterKeyRequest(Body):
    """Register a key that will sign claims.

    ``jws`` is a detached JWS of type ``zheng-key+jws`` by that very key over the canonical JSON of ``statement``,
    which names this log and this tenant: possession is shown, and the proof is good nowhere else.
    """

    id: Uuid
    key: str = Field(description="DER SubjectPublicKeyInfo in base64: Ed25519 or P-256", max_length=1_024)
    statement: JsonMap
    jws: str = Field(max_length=1_024)


class ExportRequest(Body):
    """Export a case: the log first records that so many events were shown (`evidence.attested`)."""

    id: Uuid


class CaseErasureRequest(Body):
    """Destroy the keys of everything the service keeps of a case; proofs go on."""

    id: Uuid
    basis: Literal["request", "consent_withdrawn", "retention_ended", "court_order", "purpose_fulfilled"]


class CertificateRequest(Body):
    """Issue a certificate of deposit of a case as it stands."""

    id: Uuid
    evidence_name: str | None = Field(default=None, min_length=1, max_length=200)


DIGEST_PATTERN = r"^[0-9a-f]{64}$"
Recipient = Literal["party", "court", "arbitration", "notary", "forensic", "lawyer", "platform", "authority"]
Purpose = Literal[
    "own_records", "litigation", "arbitration", "notarization", "appraisal", "audit", "supervision"
]


class PackageRequest(Body):
    """Have an evidence package made.

    The full edition opens every sealed value that the service holds and encloses every document it holds; a redacted
    edition opens and encloses what is named (``open``: ``<seq>:<path>``; ``documents``: SHA-256) and nothing else.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": _EVENT,
                    "edition": "redacted",
                    "open": ["3:/data/name"],
                    "recipient_kind": "court",
                    "purpose": "litigation",
                }
            ]
        }
    )

    id: Uuid
    edition: Literal["full", "redacted"] = "full"
    open: list[Annotated[str, Field(max_length=600)]] = Field(default=[], max_length=4_096)
    documents: list[Annotated[str, Field(pattern=DIGEST_PATTERN)]] | None = Field(
        default=None, max_length=256
    )
    recipient_kind: Recipient = "platform"
    purpose: Purpose = "own_records"


class ReportRequest(Body):
    """Have a signed report made. It opens what a package of the same edition opens."""

    id: Uuid
    edition: Literal["full", "redacted"] = "full"
    open: list[Annotated[str, Field(max_length=600)]] = Field(default=[], max_length=4_096)
    recipient_kind: Recipient = "platform"
    purpose: Purpose = "own_records"


class RevocationRequest(Body):
    """Revoke a certificate of deposit; the reason is one of a few, because it stands in the log for ever."""

    reason: Literal[
        "issued_in_error", "content_wrong", "key_compromised", "court_order", "requested", "other"
    ]


class DigestRequest(Body):
    """Ask whether a document was deposited, by its SHA-256."""

    sha256: str = Field(pattern=DIGEST_PATTERN)


class NamedDigestRequest(Body):
    """Ask whether a document was deposited, by a digest and the algorithm it was made with."""

    algorithm: Literal["sha256", "sm3"]
    digest: str = Field(pattern=DIGEST_PATTERN)


class NumberRequest(Body):
    """Ask for the certificate of a number, as it is printed or typed."""

    certificate_no: str = Field(min_length=1, max_length=80)


class Answer(BaseModel):
    """An answer; open, so that members can be added."""

    model_config = ConfigDict(extra="allow")


class ProblemDocument(Answer):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    field: str | None = None
    expected: str | None = None
    index: int | None = None


class InclusionPath(Answer):
    """RFC 9162 §2.1.3: ``path`` in base64, sibling of the leaf first."""

    index: int
    size: int
    path: list[str]


class Notice(Answer):
    """Something noticed and not refused."""

    code: str
    detail: str


class Receipt(Answer):
    """The answer to a deposit: a proof by itself. ``leaf``, ``entry`` and notes are texts, byte for byte."""

    id: Uuid
    case: Uuid
    seq: int
    leaf_index: int
    level: Literal["signed", "timestamped", "anchored"]
    leaf: str
    entry: str | None = None
    checkpoint: str
    inclusion: InclusionPath
    tlog_proof: str
    warnings: list[Notice]
    disclosures: list[str] | None = None


class Receipts(Answer):
    receipts: list[Receipt]


class Case(Answer):
    """A case as it stands: how many events, the leaf hash of the newest, whether it is closed."""

    case: Uuid
    kind: str
    events: int
    head: str
    closed: bool
    external_ref: str | None = None


class Cases(Answer):
    data: list[Case]
    has_more: bool
    next_cursor: str | None = None


class Event(Answer):
    """An event in a list; ``entry`` is absent once it was erased."""

    case: Uuid
    seq: int
    leaf_index: int
    leaf: str
    entry: str | None = None


class Events(Answer):
    data: list[Event]
    has_more: bool
    next_cursor: str | None = None


class CheckpointProof(Answer):
    """A leaf under one checkpoint, with the RFC 3161 responses and chain anchors over that checkpoint."""

    level: Literal["signed", "timestamped", "anchored"]
    checkpoint: str
    inclusion: InclusionPath
    timestamps: list[JsonMap]
    anchors: list[JsonMap]


class Proof(Answer):
    """The proofs of an event, the strongest last; ``tlog_proof`` is that one as a C2SP file."""

    id: Uuid
    case: Uuid
    leaf: str
    level: Literal["signed", "timestamped", "anchored"]
    tlog_proof: str
    proofs: list[CheckpointProof]


class SubmitterKeyAnswer(Answer):
    kid: str
    receipt: Receipt


class JobProgress(Answer):
    """``done`` of ``total`` steps are done."""

    done: int
    total: int
    step: str


class JobTrouble(Answer):
    """What stands in the way, for now or for good, and what to do."""

    code: str
    en: str
    zh: str


class JobResult(Answer):
    """What came out. ``sha256`` is that of the package, or of the report's JWS."""

    url: str
    sha256: str
    size: int
    opened_values: int
    expires_at: Time


class JobAnswer(Answer):
    """A job. ``sealed`` and ``failed`` are for ever; the file of a sealed one is at ``result.url`` until it expires."""

    id: Uuid
    kind: Literal["package", "report"]
    case: Uuid
    version: int
    state: Literal["accepted", "collecting", "verifying", "rendering", "sealed", "failed"]
    progress: JobProgress
    created_at: Time
    updated_at: Time
    result: JobResult | None = None
    trouble: JobTrouble | None = None
    superseded_by: str | None = None


class StatementDocument(Answer):
    """What the operator says of himself (docs/spec/statement.md); nobody verified it."""

    zheng: Literal["statement/v1"]


class SignedAnswer(Answer):
    """An answer that can be held against us.

    ``jws`` is a JWS (``zheng-answer+jws``) by the service's report key over the other members in canonical form.
    """

    zheng: Literal["answer/v1"]
    asked: str
    answered_at: Time
    found: bool
    overall: Literal["FOUND", "NOT_FOUND"]
    jws: str


class DigestAnswer(SignedAnswer):
    """Where a digest was deposited, as far as anybody may know: no tenant, no case."""

    deposits: list[JsonMap]


class SeenDigests(Answer):
    """What the service found when it hashed the bytes itself."""

    size: int
    digests: dict[str, str]
    kept: bool


class Health(Answer):
    status: str


class Readiness(Answer):
    """ready: all well; degraded: deposits go on, anchors wait; stopped: a person must look."""

    status: Literal["ready", "degraded", "stopped"]
    log: JsonMap
    down: list[str]
    warnings: list[str]
    stopped: str | None = None


class BundleDocument(Answer):
    """An evidence bundle (docs/spec/bundle.md)."""

    zheng: Literal["bundle/v1"]


class PolicyDocument(Answer):
    """A trust policy (docs/spec/policy.md)."""

    zheng: Literal["policy/v1"]


class ReportDocument(Answer):
    """A verification report (docs/spec/verification.md)."""

    zheng: Literal["report/v1"]


class CertificateDocument(Answer):
    """A certificate of deposit (docs/spec/certificate.md)."""

    zheng: Literal["certificate/v1"]


class CertificateAnswer(SignedAnswer):
    """How a certificate stands (docs/spec/certificate.md §5), if there is one."""

    status: Literal["valid", "superseded", "revoked"] | None = None
    since: Time | None = None
    reason: str | None = None
    successor: str | None = None
    certificate: JsonMap | None = None
    certificate_sha256: str | None = None


ANSWERS: tuple[type[BaseModel], ...] = (
    ProblemDocument,
    Receipt,
    Receipts,
    Case,
    Cases,
    Event,
    Events,
    CheckpointProof,
    Proof,
    SubmitterKeyAnswer,
    JobProgress,
    JobTrouble,
    JobResult,
    JobAnswer,
    StatementDocument,
    DigestAnswer,
    SeenDigests,
    Health,
    Readiness,
    BundleDocument,
    PolicyDocument,
    ReportDocument,
    CertificateDocument,
    CertificateAnswer,
)
