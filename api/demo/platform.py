"""A signing platform as a client of the public API: `zheng_client`, with what the demonstration's story asks of it.

It knows of the service what any platform would: the address, an API key, and the log's verification key from the
trust policy. Personal values are sealed here, before the claim is signed, and their disclosures sent along.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from zheng_client import Deposited, SubmitterKey
from zheng_client.evidence import Evidence, Means
from zheng_client.http import Http
from zheng_client.issuance import Issuance
from zheng_client.model import LogIdentity
from zheng_client.public import Public
from zheng_verifier.canonical import JsonObject
from zheng_verifier.claim import Actor, DocumentRef
from zheng_verifier.encoding import format_base64url, parse_time
from zheng_verifier.policy import TrustedLog, TrustPolicy, parse_policy

Clock = Callable[[], datetime]
Random = Callable[[int], bytes]


@dataclass(slots=True)
class Platform:
    """One tenant of the service; ``uuid`` makes fresh identifiers."""

    client: httpx.Client
    tenant: str
    key: Ed25519PrivateKey
    clock: Clock
    random: Random
    uuid: Callable[[], str]
    policy: TrustPolicy = field(init=False)
    policy_bytes: bytes = field(init=False)
    _public: Public = field(init=False)
    _evidence: Evidence = field(init=False)
    _issuance: Issuance = field(init=False)

    def __post_init__(self) -> None:
        """Fetch the operator's trust policy: fit for a demonstration, where there is no better source."""
        http = Http(self.client)
        means = Means(self.tenant, SubmitterKey(self.key), self.clock, self.random, self.uuid)
        self._public = Public(http)
        self._evidence = Evidence(http, means, lambda: LogIdentity(self.log.origin, self.log.keys[0].key))
        self._issuance = Issuance(http, uuid=self.uuid)
        self._take_policy()

    def _take_policy(self) -> None:
        self.policy_bytes = self._public.policy()
        self.policy = parse_policy(self.policy_bytes)

    @property
    def log(self) -> TrustedLog:
        """The log this platform deposits into."""
        return self.policy.logs[0]

    @property
    def spki(self) -> bytes:
        """The platform's public key."""
        return SubmitterKey(self.key).spki

    def register_key(self) -> None:
        """Register the signing key, with proof of possession, and take the policy that names it."""
        self._evidence.register_key()
        self._take_policy()

    def open_case(self, *, close_by: str, required: Sequence[str], reference: str) -> Deposited:
        """Open a contract's case; gives the service's own first event, which names the case."""
        return self._evidence.open_case(
            "contract", required=required, close_by=parse_time(close_by, "close_by"), external_ref=reference
        )

    def deposit(
        self,
        case: str,
        event_type: str,
        data: JsonObject,
        *,
        private: JsonObject | None = None,
        actor: Actor | None = None,
        documents: Sequence[DocumentRef] = (),
    ) -> Deposited:
        """Seal, sign and deposit one event, and check the receipt before going on."""
        return self._evidence.deposit(
            case, event_type, data, private=private, actor=actor, documents=documents
        )

    def case_of(self, deposited: Deposited) -> str:
        """Give the case an event of ours belongs to, as its checked leaf names it."""
        return deposited.case

    def leave_document(self, case: str, content: bytes) -> None:
        """Leave a document with the service: it hashes it too, and encloses it in packages."""
        self._evidence.leave_document(case, content)

    def issue_certificate(self, case: str, name: str) -> tuple[str, bytes]:
        """Have a certificate of deposit issued; gives its number and the PDF."""
        number = self._issuance.issue_certificate(case, evidence_name=name)
        return number, self._issuance.certificate_pdf(number)


def challenge(document_sha256: bytes, case_head: bytes, nonce: bytes) -> bytes:
    """Bind an act of confirmation to the document, to the case as it stands, and to a fresh nonce."""
    return hashlib.sha256(document_sha256 + case_head + nonce).digest()


def fresh_reference(random: Random) -> str:
    """Make a short random reference for sessions and provider transactions of simulators."""
    return format_base64url(random(9))
