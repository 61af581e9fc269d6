"""What a certificate of deposit says: every field of evidence-norms §2.2 that can be filled today.

None means: no value was provided, and the page says so (未提供 / not provided). An empty tuple means: there is none.
Digests, addresses and roots are raw bytes here and hexadecimal on the page; times are aware and UTC.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, get_args

from zheng_verifier.masking import Masked

DepositMode: TypeAlias = Literal["original", "digest_only"]
ChainKind: TypeAlias = Literal["dev", "consortium", "public"]
AxisId: TypeAlias = Literal["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9"]
AxisVerdict: TypeAlias = Literal[
    "PASSED", "FAILED", "INDETERMINATE", "NOT_PROVIDED", "NOT_APPLICABLE", "SKIPPED", "SUPPORTED", "CONTESTED"
]
Overall: TypeAlias = Literal["CONSISTENT", "INCONSISTENT", "INCOMPLETE"]
AXES: tuple[AxisId, ...] = get_args(AxisId)


@dataclass(frozen=True, slots=True)
class Depositor:
    """The organisation that submitted the events; ``uscc`` is its unified social credit code."""

    name: str
    uscc: str | None = None
    relation: str | None = None  # to the contract's parties, in its own words


@dataclass(frozen=True, slots=True)
class Party:
    """A party to the contract, masked; ``role`` as the platform calls it."""

    role: str
    name: Masked
    identifiers: tuple[Masked, ...] = ()


@dataclass(frozen=True, slots=True)
class DepositedDocument:
    """One file: ``role`` in the contract's life, ``size`` in bytes, 32-byte digests."""

    role: str
    size: int
    media_type: str
    sha256: bytes
    sm3: bytes | None
    hashed_by_service: bool  # False: the digests are the depositor's statement
    name: str | None = None
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last of several moments."""

    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class TimestampToken:
    """One RFC 3161 token over the checkpoint; ``licensed`` None: nobody has said whether the authority is."""

    authority: str
    gen_time: datetime
    serial: int
    policy: str
    imprint_algorithm: str
    test: bool
    licensed: bool | None = None


@dataclass(frozen=True, slots=True)
class LogPosition:
    """Where the newest leaf covered stands in the transparency log, and the head that covers it."""

    origin: str
    leaf_index: int
    tree_size: int
    root_hash: bytes


@dataclass(frozen=True, slots=True)
class ChainAnchor:
    """One transaction that recorded the head; ``finality`` in the chain's own terms."""

    kind: ChainKind
    chain_id: int
    contract: bytes
    transaction: bytes
    block_number: int
    block_hash: bytes
    block_time: datetime
    name: str | None = None
    finality: str | None = None
    consensus: str | None = None
    operators: int | None = None  # independent node operators


@dataclass(frozen=True, slots=True)
class ElectronicSignature:
    """A signature on the document, as far as it was checked."""

    signer: Masked
    issuer: str
    serial: str
    status: str


@dataclass(frozen=True, slots=True)
class AxisResult:
    """The verdict on one axis; ``code`` the sub-code of an INDETERMINATE, or n/6 of a SUPPORTED."""

    axis: AxisId
    verdict: AxisVerdict
    code: str | None = None


@dataclass(frozen=True, slots=True)
class VerificationSummary:
    """What the verifier said at issuance, when, and under whose trust policy (SHA-256 of the policy file)."""

    overall: Overall
    axes: tuple[AxisResult, ...]
    verified_at: datetime
    verifier: str
    policy_fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Filings:
    """Registrations of the service, by number; None prints as not provided and is never invented."""

    cac_filing_no: str | None = None  # 区块链信息服务备案
    mlps_no: str | None = None  # 网络安全等级保护
    crypto_assessment_no: str | None = None  # 商用密码应用安全性评估


@dataclass(frozen=True, slots=True)
class IssuerCertificate:
    """The certificate that the issuer seals with: ``sha256`` of its DER; ``test``: the issuer made it for himself."""

    subject: str
    sha256: bytes
    test: bool


@dataclass(frozen=True, slots=True)
class CertificateRecord:
    """Everything a certificate prints; ``base_url`` is the one genuine address of the service, without a slash.

    ``evidence_id`` is what a portal is asked for, ``case`` the chain of evidence, ``flow_ref`` the platform's own
    number of it. ``event_root`` is the leaf hash of event ``event_count``, the newest one covered; ``bundle`` the
    SHA-256 of the enclosed proof. Whether the certificate still stands is not written here: the register says it.
    """

    certificate_no: str
    base_url: str
    evidence_id: str
    case: str
    depositor: Depositor
    evidence_name: str | None
    evidence_classes: tuple[int, ...]  # items of article 14 of 民事诉讼证据规定, 1–5
    deposit_mode: DepositMode
    event_count: int
    event_root: bytes
    received: Span
    log: LogPosition
    issuer: str
    issued_at: datetime
    bundle: bytes
    documents: tuple[DepositedDocument, ...] = ()
    parties: tuple[Party, ...] | None = None
    flow_ref: str | None = None
    claimed: Span | None = None
    checkpoint_at: datetime | None = None  # a witness's word; the checkpoint itself carries no time
    timestamps: tuple[TimestampToken, ...] = ()
    anchors: tuple[ChainAnchor, ...] = ()
    cross_anchors: tuple[str, ...] = ()
    witnesses: tuple[str, ...] = ()
    signatures: tuple[ElectronicSignature, ...] | None = None
    verification: VerificationSummary | None = None
    filings: Filings = Filings()
    issuer_certificate: IssuerCertificate | None = None

    @property
    def verify_url(self) -> str:
        """The public page of this certificate, which its QR code names."""
        return f"{self.base_url}/p/{self.certificate_no}"

    @property
    def first_token(self) -> TimestampToken | None:
        """The token with the earliest time: the best bound."""
        return min(self.timestamps, key=lambda token: token.gen_time, default=None)

    @property
    def first_anchor(self) -> ChainAnchor | None:
        """The anchor with the earliest block time."""
        return min(self.anchors, key=lambda anchor: anchor.block_time, default=None)
