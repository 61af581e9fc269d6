"""In-memory doubles of the dossier's ports, which keep the ports' promises; for tests."""

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlmodel import Session
from zheng_verifier.canonical import JsonObject, JsonValue
from zheng_verifier.checkpoint import Checkpoint, format_checkpoint_body
from zheng_verifier.claim import Claim, format_claim
from zheng_verifier.encoding import format_base64url, format_time
from zheng_verifier.entry import Checked, Entry, Leaf, Submitter, entry_digest, format_entry, format_leaf
from zheng_verifier.merkle import leaf_hash, node_hash
from zheng_verifier.note import NoteSignature, ed25519_vkey, format_note
from zheng_verifier.receipt import Receipt
from zheng_verifier.sealed import disclosure_digest
from zheng_verifier.taxonomy import check_data, event_type
from zheng_verifier.tlog_proof import TlogProof, format_tlog_proof

from signing.dossier.errors import RefusedNotaryError
from signing.dossier.model import Opening, Statement
from signing.dossier.ports import CaseHead, LogIdentity
from signing.errors import Refused
from signing.ports import Clock, Random

_ORIGIN = "memory.test/log"


def _nothing(_operation: str) -> None:
    """No fault."""


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """An event in the log of the double: its claim, leaf and the index of its leaf."""

    claim: Claim
    leaf: bytes
    entry: bytes
    index: int
    disclosures: tuple[str, ...]


@dataclass
class RecordingNotary:
    """A notary with a log of its own: signed checkpoints, real proofs, a chain of leaves for each case.

    ``before`` and ``after`` are called with the operation's name around each write; what they raise is the answer. So a
    test makes a write fail, or persist and then fail.
    """

    clock: Clock
    random: Random
    uuid: Callable[[], str]
    before: Callable[[str], None] = _nothing
    after: Callable[[str], None] = _nothing
    left: dict[tuple[str, str], bytes] = field(default_factory=dict)
    _mutex: threading.RLock = field(default_factory=threading.RLock)
    _key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    _events: list[KeptEvent] = field(default_factory=list)
    _hashes: list[bytes] = field(default_factory=list)
    _by_id: dict[tuple[str, str], KeptEvent] = field(default_factory=dict)
    _cases: dict[str, list[KeptEvent]] = field(default_factory=dict)
    _tenants: dict[str, str] = field(default_factory=dict)

    def log(self) -> LogIdentity:
        """Give the log of the double."""
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return LogIdentity(_ORIGIN, ed25519_vkey(_ORIGIN, public))

    def cases(self, tenant: str) -> tuple[str, ...]:
        """Give the tenant's cases, oldest first."""
        return tuple(case for case, owner in self._tenants.items() if owner == tenant)

    def events(self, case: str) -> tuple[KeptEvent, ...]:
        """Give the events of a case in the order of the log."""
        return tuple(self._cases[case])

    def open_case(self, tenant: str, opening: Opening) -> Receipt:
        """Open a case under a fresh id; the same opening again is the same case."""
        known = self._by_id.get((tenant, opening.id))
        case = self.uuid() if known is None else known.claim.case
        data: JsonObject = {"kind": opening.kind, "required": list(opening.required)}
        if opening.close_by is not None:
            data["close_by"] = format_time(opening.close_by)
        claim = Claim(_ORIGIN, tenant, case, opening.id, "case.opened/1", data)
        check_data(claim.type, data)
        return self._write("open_case", [Statement(claim)], tenant, opens=True)[0]

    def deposit(self, tenant: str, case: str, statements: Sequence[Statement]) -> Sequence[Receipt]:
        """Deposit statements, all or none."""
        if self._tenants.get(case) != tenant:
            raise RefusedNotaryError("case-unknown", "no such case")
        for statement in statements:
            claim = statement.claim
            if (claim.log, claim.tenant, claim.case) != (_ORIGIN, tenant, case):
                raise RefusedNotaryError("claim-wrong-case", "the claim is addressed to somebody else")
            check_data(claim.type, claim.data)
            digests = {digest for _, digest in claim.sealed}
            if not {disclosure_digest(text) for text in statement.disclosures} <= digests:
                raise RefusedNotaryError("disclosure-mismatch", "a disclosure opens nothing")
        return self._write("deposit", statements, tenant, opens=False)

    def head(self, tenant: str, case: str) -> CaseHead:
        """Give the newest leaf of a case."""
        if self._tenants.get(case) != tenant:
            raise RefusedNotaryError("case-unknown", "no such case")
        self.before("head")
        newest = self._cases[case][-1]
        return CaseHead(len(self._cases[case]), leaf_hash(newest.leaf))

    def leave(self, tenant: str, case: str, content: bytes) -> None:
        """Keep a document."""
        if self._tenants.get(case) != tenant:
            raise RefusedNotaryError("case-unknown", "no such case")
        self.before("leave")
        self.left[case, hashlib.sha256(content).hexdigest()] = content
        self.after("leave")

    def erase(self, tenant: str, case: str, event_id: str, basis: str) -> Receipt:
        """Forget the documents of a case, and state in it what was erased."""
        if self._tenants.get(case) != tenant:
            raise RefusedNotaryError("case-unknown", "no such case")
        for key in [key for key in self.left if key[0] == case]:
            del self.left[key]
        known = self._by_id.get((tenant, event_id))
        erased: list[JsonValue] = [{"event": each.claim.id} for each in self._cases[case]]
        data: JsonObject = {"erased": erased, "basis": basis, "exported_before": False}
        claim = (
            Claim(_ORIGIN, tenant, case, event_id, "privacy.erased/1", data) if known is None else known.claim
        )
        return self._write("erase", [Statement(claim)], tenant, opens=False)[0]

    def add_service_event(self, case: str) -> None:
        """Add an attestation, as the service does at each export."""
        last = self._cases[case][-1]
        data: JsonObject = {
            "seq": len(self._cases[case]),
            "leaf": format_base64url(leaf_hash(last.leaf)),
            "tree_size": len(self._hashes),
        }
        tenant = self._tenants[case]
        self._append(Statement(Claim(_ORIGIN, tenant, case, self.uuid(), "evidence.attested/1", data)))

    def _write(
        self, operation: str, statements: Sequence[Statement], tenant: str, *, opens: bool
    ) -> list[Receipt]:
        self.before(operation)
        with self._mutex:
            receipts = self._write_all(statements, tenant, opens=opens)
        self.after(operation)
        return receipts

    def _write_all(self, statements: Sequence[Statement], tenant: str, *, opens: bool) -> list[Receipt]:
        known = [self._by_id.get((tenant, statement.id)) for statement in statements]
        for statement, found in zip(statements, known, strict=True):
            if found is not None and format_claim(found.claim) != format_claim(statement.claim):
                raise RefusedNotaryError("id-reused", "this id was used for other content")
        fresh = [each for each, found in zip(statements, known, strict=True) if found is None]
        for statement in fresh:
            self._admit(statement.claim, opens=opens)
        for statement in fresh:
            if opens:
                self._tenants[statement.claim.case] = tenant
                self._cases[statement.claim.case] = []
            self._append(statement)
        return [self._receipt(self._by_id[tenant, statement.id]) for statement in statements]

    def _admit(self, claim: Claim, *, opens: bool) -> None:
        kind = event_type(claim.type)
        if opens:
            return
        if kind.reserved:
            raise RefusedNotaryError("type-reserved", "only the service deposits this")
        events = self._cases[claim.case]
        if any(event.claim.type == "case.closed/1" for event in events) and not kind.custody:
            raise RefusedNotaryError("case-closed", "the case is closed")
        if claim.type == "case.closed/1":
            right = len(events), format_base64url(leaf_hash(events[-1].leaf))
            if (claim.data["count"], claim.data["head"]) != right:
                raise RefusedNotaryError("case-head-mismatch", "the close does not name the head")

    def _append(self, statement: Statement) -> None:
        claim = statement.claim
        events = self._cases[claim.case]
        entry = format_entry(
            Entry(claim, Submitter("api-key"), self.clock(), Checked((), sealed=False), self.random(16))
        )
        previous = leaf_hash(events[-1].leaf) if events else None
        leaf = format_leaf(Leaf(claim.case, len(events) + 1, previous, entry_digest(entry)))
        kept = KeptEvent(claim, leaf, entry, len(self._hashes), statement.disclosures)
        events.append(kept)
        self._events.append(kept)
        self._hashes.append(leaf_hash(leaf))
        self._by_id[claim.tenant, claim.id] = kept

    def _receipt(self, kept: KeptEvent) -> Receipt:
        """Prove an event under a head of the whole log (RFC 9162 §2.1.3)."""
        path, root = _path(self._hashes, kept.index)
        body = format_checkpoint_body(Checkpoint(_ORIGIN, len(self._hashes), root))
        key = self.log().key
        signature = NoteSignature(_ORIGIN, key.key_id, self._key.sign(body.encode()))
        proof = TlogProof(kept.index, path, format_note(body, [signature]))
        return Receipt(kept.leaf, kept.entry, format_tlog_proof(proof))


def _path(hashes: Sequence[bytes], index: int) -> tuple[tuple[bytes, ...], bytes]:
    """Give the inclusion path of a leaf, its sibling first, and the root hash, by the RFC's own recursion."""
    if len(hashes) == 1:
        return (), hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    left, right = hashes[:split], hashes[split:]
    if index < split:
        path, own = _path(left, index)
        other = _path(right, 0)[1]
        return (*path, other), node_hash(own, other)
    path, own = _path(right, index - split)
    other = _path(left, 0)[1]
    return (*path, other), node_hash(other, own)


@dataclass
class MemorySealer:
    """Keys and files in memory, apart from any transaction; ``erase`` destroys an owner's key."""

    random: Random
    files: dict[tuple[str, str], bytes] = field(default_factory=dict)
    _keys: dict[str, bytes | None] = field(default_factory=dict)

    def create_owner(self, _session: Session, _tenant: str, owner: str) -> None:
        """Make a data key."""
        self._keys.setdefault(owner, self.random(32))

    def seal(self, _session: Session, owner: str, plaintext: bytes) -> bytes:
        """Encrypt a value under a fresh nonce."""
        nonce = self.random(12)
        return nonce + AESGCM(self._key(owner)).encrypt(nonce, plaintext, owner.encode())

    def open(self, _session: Session, owner: str, sealed: bytes) -> bytes:
        """Decrypt a value."""
        return AESGCM(self._key(owner)).decrypt(sealed[:12], sealed[12:], owner.encode())

    def get(self, _session: Session, owner: str, sha256: str, *, by: Any, purpose: str) -> bytes:  # noqa: ARG002
        """Give a file that a test put into ``files``."""
        try:
            return self.files[owner, sha256]
        except KeyError:
            raise Refused("erased", "This file is not kept any more.") from None

    def erase(self, owner: str) -> None:
        """Destroy a key."""
        self._keys[owner] = None

    def _key(self, owner: str) -> bytes:
        key = self._keys.get(owner)
        if key is None:
            raise Refused("erased", "The key of this was destroyed.")
        return key
