"""A signing platform as a client of the public API: it signs its own claims and believes no receipt unchecked.

It knows of the service what any platform would: the address, an API key, and the log's verification key from the
trust policy. Personal values are sealed here, before the claim is signed, and their disclosures sent along.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from zheng_verifier.canonical import JsonObject, format_json
from zheng_verifier.claim import Actor, Claim, DocumentRef, format_claim, write_claim
from zheng_verifier.encoding import format_base64, format_base64url
from zheng_verifier.entry import entry_digest, parse_entry, parse_leaf
from zheng_verifier.errors import VerificationError
from zheng_verifier.jws import KEY_TYPE, format_jws, format_protected, key_fingerprint, signing_input
from zheng_verifier.merkle import leaf_hash
from zheng_verifier.policy import TrustedLog, TrustPolicy, parse_policy
from zheng_verifier.sealed import SALT_SIZE
from zheng_verifier.taxonomy import seal_private
from zheng_verifier.tlog_proof import parse_tlog_proof, verify_tlog_proof

Clock = Callable[[], datetime]
Random = Callable[[int], bytes]


class PlatformError(Exception):
    """The service refused, or answered something that does not hold."""


@dataclass(frozen=True, slots=True)
class Deposited:
    """What the platform keeps of a deposit: its place, and the leaf hash that the next claims may name."""

    seq: int
    event_id: str
    leaf_index: int
    leaf_hash: bytes


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

    def __post_init__(self) -> None:
        """Fetch the operator's trust policy: fit for a demonstration, where there is no better source."""
        self._take_policy()

    def _take_policy(self) -> None:
        response = self.client.get("/v1/policy")
        self._check(response)
        self.policy_bytes = response.content
        self.policy = parse_policy(response.content)

    @property
    def log(self) -> TrustedLog:
        """The log this platform deposits into."""
        return self.policy.logs[0]

    @property
    def spki(self) -> bytes:
        """The platform's public key."""
        return self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def _sign(self, payload: bytes, typ: str | None = None) -> str:
        kid = key_fingerprint(self.spki)
        protected = format_protected("EdDSA", kid) if typ is None else format_protected("EdDSA", kid, typ)
        return format_jws(protected, self.key.sign(signing_input(protected, payload)))

    def _check(self, response: httpx.Response) -> Any:
        if response.is_success:
            return response
        raise PlatformError(f"{response.request.method} {response.request.url.path}: {response.text[:2000]}")

    def _post(self, path: str, body: JsonObject) -> Any:
        headers = {"Content-Type": "application/json"}
        return self._check(self.client.post(path, content=format_json(body), headers=headers))

    def register_key(self) -> None:
        """Register the signing key, with proof of possession, and take the policy that names it."""
        statement: JsonObject = {"zheng": "key/v1", "log": self.log.origin, "tenant": self.tenant}
        self._post(
            "/v1/submitter-keys",
            {
                "id": self.uuid(),
                "key": format_base64(self.spki),
                "statement": statement,
                "jws": self._sign(format_json(statement), KEY_TYPE),
            },
        )
        self._take_policy()

    def open_case(self, *, close_by: str, required: Sequence[str], reference: str) -> Deposited:
        """Open a contract's case; gives the service's own first event, which names the case."""
        body: JsonObject = {
            "id": self.uuid(),
            "kind": "contract",
            "close_by": close_by,
            "required": list(required),
            "external_ref": reference,
        }
        return self._accept(self._post("/v1/cases", body).json(), body["id"])

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
        sealed, disclosures = data, tuple[str, ...]()
        if private:
            sealed, disclosures = seal_private(event_type, data, private, lambda: self.random(SALT_SIZE))
        claim = Claim(
            log=self.log.origin,
            tenant=self.tenant,
            case=case,
            id=self.uuid(),
            type=event_type,
            data=sealed,
            occurred_at=self.clock(),
            actor=actor,
            documents=tuple(documents),
        )
        body: JsonObject = {"claim": write_claim(claim), "jws": self._sign(format_claim(claim))}
        if disclosures:
            body["disclosures"] = list(disclosures)
        return self._accept(
            self._post(f"/v1/cases/{case}/events", body).json(), claim.id, format_claim(claim)
        )

    def _accept(self, receipt: Any, event_id: object, claim: bytes | None = None) -> Deposited:
        """Hold a receipt against the log's key and against what was sent.

        Raises:
            VerificationError, MalformedError: the receipt does not prove what it should.

        """
        leaf_bytes, entry_bytes = receipt["leaf"].encode(), receipt["entry"].encode()
        leaf, entry = parse_leaf(leaf_bytes), parse_entry(entry_bytes)
        if (
            leaf.entry != entry_digest(entry_bytes)
            or entry.claim.id != event_id
            or entry.claim.case != leaf.case
        ):
            raise VerificationError("HASH_FAILURE", "the receipt is of another entry")
        if claim is not None and format_claim(entry.claim) != claim:
            raise VerificationError("HASH_FAILURE", "the entry does not hold the claim that was sent")
        proof = parse_tlog_proof(receipt["tlog_proof"].encode())
        verify_tlog_proof(proof, leaf_hash(leaf_bytes), self.log.keys[0].key, origin=self.log.origin)
        return Deposited(leaf.seq, entry.claim.id, proof.index, leaf_hash(leaf_bytes))

    def case_of(self, deposited: Deposited) -> str:
        """Give the case an event of ours belongs to, as the service tells it."""
        event = self._check(self.client.get(f"/v1/events/{deposited.event_id}")).json()
        return str(event["case"])

    def leave_document(self, case: str, content: bytes) -> None:
        """Leave a document with the service: it hashes it too, and encloses it in packages."""
        headers, keep = {"Content-Type": "application/octet-stream"}, {"keep": "true"}
        url = f"/v1/cases/{case}/documents"
        self._check(self.client.put(url, content=content, headers=headers, params=keep))

    def level(self, event_id: str) -> str:
        """Ask how far the proof of an event got: signed, timestamped or anchored."""
        response = self._check(
            self.client.get(f"/v1/events/{event_id}/proof", headers={"Accept": "application/json"})
        )
        return str(response.json()["level"])

    def export(self, case: str) -> bytes:
        """Export the case's bundle; the service first attests in the log which events there are."""
        response = self._post(f"/v1/cases/{case}/bundle", {"id": self.uuid()})
        return bytes(response.content)

    def issue_certificate(self, case: str, name: str) -> tuple[str, bytes]:
        """Have a certificate of deposit issued; gives its number and the PDF."""
        body: JsonObject = {"id": self.uuid(), "evidence_name": name}
        number = str(self._post(f"/v1/cases/{case}/certificates", body).json()["certificate_no"])
        pdf = self._check(
            self.client.get(f"/v1/certificates/{number}", headers={"Accept": "application/pdf"})
        )
        return number, bytes(pdf.content)


def challenge(document_sha256: bytes, case_head: bytes, nonce: bytes) -> bytes:
    """Bind an act of confirmation to the document, to the case as it stands, and to a fresh nonce."""
    return hashlib.sha256(document_sha256 + case_head + nonce).digest()


def fresh_reference(random: Random) -> str:
    """Make a short random reference for sessions and provider transactions of simulators."""
    return format_base64url(random(9))
