"""A whole small world of evidence: log, platforms, a case, authorities, chains, and the policy that trusts them.

Everything derives from constants and a label, so that every run gives the same bytes, and another label is another
world: an attacker's. A story is a list of deposits and checkpoints; a test changes the story, or the finished bundle.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from itertools import pairwise
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from makers import anchors, tokens
from zheng_verifier import taxonomy
from zheng_verifier.bundle import (
    Bundle,
    BundleEvent,
    BundleProof,
    ConsistencyStep,
    Inclusion,
    format_bundle,
)
from zheng_verifier.checkpoint import Checkpoint, format_checkpoint_body, stamped_bytes
from zheng_verifier.checks import Document, PolicyInput, verify_bundle
from zheng_verifier.claim import Actor, AfterBlock, AfterToken, Claim, DocumentRef, format_claim
from zheng_verifier.encoding import format_base64, format_base64url
from zheng_verifier.entry import Checked, Entry, Leaf, Submitter, entry_digest, format_entry, format_leaf
from zheng_verifier.ethereum.anchor import AnchorProof, TrustedChain
from zheng_verifier.ethereum.keccak import keccak256
from zheng_verifier.jws import format_jws, format_protected, key_fingerprint, signing_input
from zheng_verifier.merkle import TreeHead, leaf_hash
from zheng_verifier.note import (
    COSIGNATURE_ED25519,
    NoteSignature,
    VerifierKey,
    ed25519_vkey,
    format_note,
    format_vkey,
)
from zheng_verifier.policy import (
    AlgorithmRule,
    LogKey,
    Quorum,
    TrustedLog,
    TrustedSubmitter,
    TrustPolicy,
    WitnessRule,
    format_policy,
)
from zheng_verifier.report.model import AxisId, CheckId, PolicySource, Report
from zheng_verifier.timestamp import TrustedTsa, parse_response
from zheng_verifier.timestamp.algorithms import digest

ORIGIN = "zheng.example/TEST/universe"
START = datetime(2026, 5, 4, 3, 0, tzinfo=UTC)
AT = datetime(2026, 6, 1, tzinfo=UTC)
DEV_CHAIN = 1337
ALGORITHMS = ("sha256", "sm3", "ed25519", "ecdsa-sha256", "keccak256", "ecdsa-sha384")


def seed(label: str, size: int = 32) -> bytes:
    return hashlib.sha256(f"zheng TEST universe: {label}".encode()).digest()[:size]


def uuid(label: str) -> str:
    return str(UUID(bytes=seed(label, 16), version=4))


def minute(number: float) -> datetime:
    return START + timedelta(minutes=number)


CASE, LOG_CASE, OTHER_CASE = uuid("case"), uuid("log case"), uuid("other case")
TENANT, OTHER_TENANT, OPERATOR = uuid("tenant"), uuid("other tenant"), uuid("operator")
PARTY, DOCUMENT = uuid("party"), uuid("document")
CONTRACT_FILE = b"%PDF-1.7 TEST contract"
SIGNED_FILE = CONTRACT_FILE + b" and a TEST signature"


def document(role: str, data: bytes, **more: bytes) -> DocumentRef:
    digests = {"sha256": digest("sha256", data), "sm3": digest("sm3", data)} | more
    return DocumentRef(role, len(data), "application/pdf", digests)


DOCUMENTS = (Document("contract.pdf", CONTRACT_FILE), Document("signed.pdf", SIGNED_FILE))


def root(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162 §2.1.1 over leaf hashes, word for word and apart from the code under test."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:])).digest()


def path(index: int, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """RFC 9162 §2.1.3.1, word for word."""
    if len(leaves) == 1:
        return ()
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < k:
        return (*path(index, leaves[:k]), root(leaves[k:]))
    return (*path(index - k, leaves[k:]), root(leaves[:k]))


def growth(old: int, leaves: Sequence[bytes], *, whole: bool = True) -> tuple[bytes, ...]:
    """RFC 9162 §2.1.4.1, word for word."""
    if old == len(leaves):
        return () if whole else (root(leaves),)
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    if old <= k:
        return (*growth(old, leaves[:k], whole=whole), root(leaves[k:]))
    return (*growth(old - k, leaves[k:], whole=False), root(leaves[:k]))


Key = Ed25519PrivateKey | ec.EllipticCurvePrivateKey


def spki(key: Key) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def sign(claim: bytes, key: Key) -> str:
    """Sign a claim as a platform does."""
    ed25519 = isinstance(key, Ed25519PrivateKey)
    protected = format_protected("EdDSA" if ed25519 else "ES256", key_fingerprint(spki(key)))
    message = signing_input(protected, claim)
    if isinstance(key, Ed25519PrivateKey):
        return format_jws(protected, key.sign(message))
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(SHA256(), deterministic_signing=True)))
    return format_jws(protected, r.to_bytes(32) + s.to_bytes(32))


@dataclass(frozen=True)
class Deposit:
    """One event; ``kind`` is ed25519, es256, api-key or service. ``opened`` are positions in the disclosures, or "all"."""

    type: str
    data: Any
    minute: float
    kind: str = "ed25519"
    private: dict[str, Any] = field(default_factory=dict)
    opened: tuple[int, ...] | str = ()
    held: bool = True
    documents: tuple[DocumentRef, ...] = ()
    checked: tuple[int, ...] = ()
    after: Callable[["Story"], tuple[Any, ...]] = lambda story: ()
    case: str = CASE
    tenant: str = TENANT
    claimed: float | None = None
    enclosed: bool = True
    listed: bool = True
    disclosures: tuple[str, ...] = ()
    tamper: Callable[[Claim], Claim] = lambda claim: claim

    def but(self, **changes: Any) -> "Deposit":
        return replace(self, **changes)


@dataclass(frozen=True)
class Mark:
    """A checkpoint over all so far; tokens by the named authorities, anchors on the named chains.

    ``witness`` adds a line by a key nobody knows; ``cosigned`` names witnesses with the minutes of their clocks.
    """

    minute: float
    tsas: tuple[str, ...] = ("tsa", "test")
    chains: tuple[str, ...] = ("public", "dev")
    accuracy: int | None = None
    witness: bool = False
    cosigned: tuple[tuple[str, float], ...] = ()

    def but(self, **changes: Any) -> "Mark":
        return replace(self, **changes)


@dataclass
class Made:
    """An item of the bundle with its place in the log."""

    event: BundleEvent
    index: int
    is_event: bool


class Story:
    """Plays deposits and checkpoints in order, and keeps what a bundle needs."""

    def __init__(self, universe: "Universe") -> None:
        self.universe = universe
        self.leaves: list[bytes] = []
        self.heads: dict[str, tuple[int, bytes]] = {}
        self.made: list[Made] = []
        self.marks: list[tuple[int, BundleProof]] = []

    def play(self, steps: Sequence[Deposit | Mark]) -> "Story":
        for step in steps:
            if isinstance(step, Deposit):
                self.deposit(step)
            else:
                self.mark(step)
        return self

    def deposit(self, step: Deposit) -> None:
        number = len(self.leaves)
        salts = (seed(f"salt {number} {position}", 16) for position in range(99))
        data = step.data(self) if callable(step.data) else step.data
        data, disclosures = taxonomy.seal_private(step.type, data, step.private, lambda: next(salts))
        claim = Claim(
            log=self.universe.origin,
            tenant=step.tenant,
            case=step.case,
            id=uuid(f"event {number}"),
            type=step.type,
            data=data,
            occurred_at=None if step.claimed is None else minute(step.claimed),
            actor=Actor("person", PARTY) if step.case == CASE else None,
            documents=step.documents,
            after=step.after(self),
        )
        entry = format_entry(
            Entry(
                step.tamper(claim),
                self._submitter(step.kind, claim),
                minute(step.minute),
                Checked(step.checked, step.held),
                seed(f"nonce {number}", 16),
            )
        )
        seq, prev = self.heads.get(step.case, (0, None))
        leaf = format_leaf(Leaf(step.case, seq + 1, prev, entry_digest(entry)))
        self.leaves.append(leaf_hash(leaf))
        self.heads[step.case] = (seq + 1, leaf_hash(leaf))
        if step.listed:
            positions = range(len(disclosures)) if step.opened == "all" else step.opened
            opened = tuple(disclosures[int(position)] for position in positions) + step.disclosures
            event = BundleEvent(leaf, entry if step.enclosed else None, opened)
            self.made.append(Made(event, number, is_event=step.case == self.universe.case))

    def _submitter(self, kind: str, claim: Claim) -> Submitter:
        if kind in ("service", "api-key"):
            return Submitter(kind)
        return Submitter("signed", sign(format_claim(claim), self.universe.platform(kind)))

    def mark(self, step: Mark) -> None:
        note = self.universe.note(self.leaves, witness=step.witness, cosigned=step.cosigned)
        stamped = stamped_bytes(note, self.universe.vkey)
        head = TreeHead(len(self.leaves), root(self.leaves))
        proof = BundleProof(
            checkpoint=note,
            inclusions=(),
            tokens=tuple(
                self.universe.token(name, stamped, minute(step.minute), step.accuracy) for name in step.tsas
            ),
            anchors=tuple(
                self.universe.anchor(name, head, stamped, minute(step.minute + 1)) for name in step.chains
            ),
        )
        self.marks.append((len(self.leaves), proof))

    def token_digest(self, mark: int = 0, position: int = 0) -> bytes:
        """The SHA-256 by which a claim names a token."""
        raw = self.marks[mark][1].tokens[position]
        return hashlib.sha256(parse_response(raw).granted().der).digest()

    def bundle(self) -> Bundle:
        ordered = [m for m in self.made if m.is_event] + [m for m in self.made if not m.is_event]
        proofs = tuple(
            replace(
                proof,
                inclusions=tuple(
                    Inclusion(position, made.index, path(made.index, self.leaves[:size]))
                    for position, made in enumerate(ordered)
                    if made.index < size
                ),
            )
            for size, proof in self.marks
        )
        sizes = [size for size, _ in self.marks]
        return Bundle(
            origin=self.universe.origin,
            case=self.universe.case,
            events=tuple(m.event for m in ordered if m.is_event),
            proofs=proofs,
            context=tuple(m.event for m in ordered if not m.is_event),
            consistency=tuple(
                ConsistencyStep(old, new, growth(old, self.leaves[:new])) for old, new in pairwise(sizes)
            ),
        )


@dataclass(frozen=True)
class Universe:
    """Keys, authorities and chains of one label; the attacker's has another, and may take our origin."""

    label: str = "ours"
    origin: str = ORIGIN
    case: str = CASE

    @cached_property
    def log_key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(seed(f"{self.label} log key"))

    @property
    def vkey(self) -> VerifierKey:
        return ed25519_vkey(self.origin, self.log_key.public_key().public_bytes_raw())

    @cache  # noqa: B019  (universes live as long as the run)
    def platform(self, kind: str) -> Key:
        if kind == "es256":
            value = int.from_bytes(seed(f"{self.label} platform es256")) >> 1
            return ec.derive_private_key(value, ec.SECP256R1())
        return Ed25519PrivateKey.from_private_bytes(seed(f"{self.label} platform {kind}"))

    @cache  # noqa: B019
    def authority(self, name: str) -> tuple[tokens.Party, tokens.Party]:
        """Give (root, authority), with keys and certificates that every run makes alike."""
        ca = tokens.party(f"TEST {name} root", extensions=tokens.CA, kind=f"seeded-{self.label}-{name}-root")
        return ca, tokens.party(f"TEST {name}", ca, kind=f"seeded-{self.label}-{name}")

    def token(self, name: str, message: bytes, moment: datetime, accuracy: int | None = None) -> bytes:
        info: dict[str, Any] = {"gen_time": moment, "serial_number": int.from_bytes(seed(name, 4))}
        if accuracy is not None:
            info["accuracy"] = {"seconds": accuracy}
        making = tokens.Making(self.authority(name)[1], message=message, info=info, digest="sha512")
        return making.build()

    def trusted_tsa(self, name: str, /, **changes: Any) -> TrustedTsa:
        made = TrustedTsa(
            name=f"TEST authority {name}",
            roots=(self.authority(name)[0].der,),
            pins=(),
            policy_oids=(tokens.POLICY,),
            imprint_algs=("sha256", "sm3"),
            test=name == "test",
        )
        return replace(made, **changes)

    def chain_id(self, name: str) -> int:
        return {"public": anchors.CHAIN_ID, "dev": DEV_CHAIN}.get(name, 4000 + len(name))

    def anchor(self, name: str, head: TreeHead, stamped: bytes, moment: datetime) -> AnchorProof:
        log = anchors.anchor_log(
            head, hashlib.sha256(stamped).digest(), self.log_id(name), prev_size=head.size // 2
        )
        return anchors.World(
            receipt=anchors.receipt((anchors.OTHER_LOG, log)),
            transaction=_transaction(self.chain_id(name)),
            chain_id=self.chain_id(name),
            number=100 + head.size,
            time=int(moment.timestamp()),
        ).proof()

    def log_id(self, name: str) -> bytes:
        return anchors.log_id_of(format_vkey(self.vkey), self.chain_id(name))

    def trusted_chain(self, name: str, blocks: Sequence[AnchorProof] = (), /, **changes: Any) -> TrustedChain:
        made = anchors.trusted(
            chain_id=self.chain_id(name),
            kind="dev" if name == "dev" else "public",
            log_id=self.log_id(name),
            trusted_blocks=tuple(keccak256(proof.header) for proof in blocks),
        )
        return replace(made, **changes)

    def witness(self, name: str) -> tuple[VerifierKey, Ed25519PrivateKey]:
        """A witness's key for cosignatures."""
        key = Ed25519PrivateKey.from_private_bytes(seed(f"{self.label} witness {name}"))
        public = key.public_key().public_bytes_raw()
        return ed25519_vkey(f"{name}.example/TEST", public, COSIGNATURE_ED25519), key

    def cosign(self, name: str, body: str, moment: datetime) -> NoteSignature:
        """A cosignature as C2SP tlog-cosignature says, word for word."""
        vkey, key = self.witness(name)
        seconds = int(moment.timestamp())
        signature = key.sign(f"cosignature/v1\ntime {seconds}\n{body}".encode())
        return NoteSignature(vkey.name, vkey.key_id, seconds.to_bytes(8) + signature)

    def note(
        self,
        leaves: Sequence[bytes],
        *,
        witness: bool = False,
        cosigned: Sequence[tuple[str, float]] = (),
    ) -> bytes:
        body = format_checkpoint_body(Checkpoint(self.origin, len(leaves), root(leaves)))
        lines = [NoteSignature(self.vkey.name, self.vkey.key_id, self.log_key.sign(body.encode()))]
        if witness:
            lines.append(NoteSignature("witness.example/TEST", seed("witness", 4), seed("cosignature") * 2))
        lines.extend(self.cosign(name, body, minute(at)) for name, at in cosigned)
        return format_note(body, lines)

    def register(self, kind: str, **changes: Any) -> Deposit:
        """The service registers a platform's key in the log's own case."""
        public = spki(self.platform(kind))
        data = {
            "tenant": TENANT,
            "kid": format_base64url(key_fingerprint(public)),
            "spki": format_base64(public),
            "algorithm": "ES256" if kind == "es256" else "EdDSA",
            "possession": "eyJhbGciOiJFZERTQSJ9.e30." + "A" * 86,
        }
        step = Deposit("key.registered/1", data, 0, "service", case=LOG_CASE, tenant=OPERATOR)
        return step.but(**changes)

    def steps(self) -> list[Deposit | Mark]:
        """The whole story: positions 2 and 3 register keys, 4–6 and 9–13 are the case, 8 and 14 checkpoints."""
        sha256 = digest("sha256", CONTRACT_FILE).hex()
        return [
            Deposit("log.clock/1", _CLOCK, 0, "service", case=LOG_CASE, tenant=OPERATOR, listed=False),
            Deposit("log.clock/1", _CLOCK, 0, "service", case=LOG_CASE, tenant=OPERATOR, listed=False),
            self.register("ed25519"),
            self.register("es256"),
            Deposit("case.opened/1", {"kind": "contract", "required": ["party.signed"]}, 1, "service"),
            Deposit(
                "document.uploaded/1",
                _FILE | {"document_sha256": sha256, "size": len(CONTRACT_FILE), "terminal": "pc"},
                2,
                private={"title": "房屋租赁合同 𬭎㛃", "ip": "203.0.113.7"},
                opened=(0,),
                documents=(document("original", CONTRACT_FILE),),
                checked=(0,),
                claimed=2,
            ),
            Deposit(
                "document.viewed/1",
                _VIEW | {"document_sha256": sha256},
                3,
                "es256",
                private={"ip": "203.0.113.7"},
                held=False,
                claimed=3,
            ),
            Deposit("account.registered/1", _ACCOUNT, 4, "api-key", case=OTHER_CASE, listed=False),
            Mark(10),
            Deposit(
                "party.signed/1",
                _SIGNED | {"before_sha256": sha256, "after_sha256": digest("sha256", SIGNED_FILE).hex()},
                12,
                private={"certificate": "e5" * 32, "ip": "203.0.113.8", "user_agent": "TEST"},
                opened=(0, 2),
                documents=(document("signed", SIGNED_FILE),),
                after=lambda story: (
                    AfterToken(story.token_digest()),
                    AfterBlock(
                        anchors.CHAIN_ID,
                        story.marks[0][1].anchors[0].block_number,
                        keccak256(story.marks[0][1].anchors[0].header),
                    ),
                ),
                claimed=11.5,
            ),
            Deposit("case.closed/1", closing, 14),
            Deposit("privacy.erased/1", _erased, 15, "service"),
            Deposit("evidence.attested/1", attesting, 16, "service"),
            Deposit("account.registered/1", _ACCOUNT, 17, "api-key", case=OTHER_CASE, listed=False),
            Mark(30),
        ]

    def story(self, steps: Sequence[Deposit | Mark] | None = None) -> Story:
        return Story(self).play(self.steps() if steps is None else steps)

    def policy(self, story: Story, **changes: Any) -> TrustPolicy:
        """What a careful user trusts: log, chain with its blocks pinned, authority; test ones by their names."""
        blocks = [
            anchor
            for _, proof in story.marks
            for anchor in proof.anchors
            if anchor.chain_id == anchors.CHAIN_ID
        ]
        made = TrustPolicy(
            issued_at=START,
            expires=START + timedelta(days=365),
            algorithms=tuple(AlgorithmRule(name, None, None) for name in (*ALGORITHMS,)),
            logs=(TrustedLog(self.origin, LOG_CASE, (LogKey(self.vkey, 0, None),), WitnessRule(0, ())),),
            chains=(self.trusted_chain("public", blocks), self.trusted_chain("dev")),
            tsas=(self.trusted_tsa("tsa"), self.trusted_tsa("test")),
            submitters=(),
            quorum=Quorum(1, 1, 0),
        )
        return replace(made, **changes)

    def pin(self, kind: str, **changes: Any) -> TrustedSubmitter:
        return replace(TrustedSubmitter(TENANT, spki(self.platform(kind)), "TEST platform", 0), **changes)


_CLOCK = {
    "offset_ms": -3,
    "maximum_error_ms": 12,
    "source": "ntp",
    "measured_at": "2026-05-04T03:00:00.000Z",
    "synchronized": True,
}
_FILE = {"document": DOCUMENT, "media_type": "application/pdf", "pages": 1}
_VIEW = {
    "party": PARTY,
    "document": DOCUMENT,
    "pages_total": 1,
    "pages_viewed": 1,
    "dwell_ms": 42_000,
    "scrolled_to_end": True,
    "terminal": "pc",
}
_ACCOUNT = {"subject_kind": "person", "channel": "pc"}
_SIGNED = {
    "party": PARTY,
    "document": DOCUMENT,
    "field": "Signature1",
    "byte_range": [0, 10, 20, 5],
    "signature_sha256": "b7" * 32,
    "signature_algorithm": "sm2_sm3",
    "level": "pades_b_b",
    "intent_event": uuid("intent"),
    "signing_time": "2026-05-04T03:11:30.000Z",
    "signing_time_source": "signer_clock",
}


def closing(story: Story) -> dict[str, Any]:
    seq, head = story.heads[CASE]
    return {"count": seq, "head": format_base64url(head), "outcome": "completed"}


def attesting(story: Story) -> dict[str, Any]:
    seq, head = story.heads[CASE]
    return {"seq": seq, "leaf": format_base64url(head), "tree_size": len(story.leaves)}


def _erased(story: Story) -> dict[str, Any]:
    # The uploader's address, event number 5 of the log.
    erased = [{"event": uuid("event 5"), "fields": ["/data/ip"]}]
    return {"erased": erased, "basis": "request", "exported_before": False}


@cache
def _transaction(chain_id: int) -> bytes:
    return anchors.signed(chain_id)


OURS = Universe()


def verify(
    bundle: Bundle | bytes,
    policy: TrustPolicy | bytes,
    *,
    documents: Sequence[Document] = DOCUMENTS,
    source: PolicySource = PolicySource.USER,
    at: datetime | None = AT,
    statement: bytes | None = None,
) -> Report:
    """Verify a bundle as `zheng-verify` does."""
    data = bundle if isinstance(bundle, bytes) else format_bundle(bundle)
    trusted = policy if isinstance(policy, bytes) else format_policy(policy)
    return verify_bundle(
        data, documents=documents, policy=PolicyInput(trusted, source), at=at, statement=statement
    )


@cache
def standard() -> Story:
    """The whole story, played once."""
    return OURS.story()


def changed(position: int, **changes: Any) -> list[Deposit | Mark]:
    """The whole story with one step changed."""
    steps = OURS.steps()
    steps[position] = steps[position].but(**changes)
    return steps


def run(
    steps: Sequence[Deposit | Mark] | None = None,
    *,
    edit: Callable[[Bundle], Bundle] = lambda bundle: bundle,
    policy: dict[str, Any] | None = None,
    **options: Any,
) -> Report:
    """Play a story, change the finished bundle and the policy as told, and verify."""
    story = standard() if steps is None else OURS.story(steps)
    return verify(edit(story.bundle()), OURS.policy(story, **(policy or {})), **options)


def outcome(report: Report, check: str) -> tuple[str, str]:
    """Give (status, code) of a check or of an axis."""
    if check.startswith("A"):
        return report.axis(AxisId(check)).status.value, ""
    result = report.check(CheckId(check))
    return result.status.value, result.code


def codes(report: Report, check: str) -> set[str]:
    """Give the codes of all findings of a check."""
    return {finding.code for finding in report.check(CheckId(check)).findings if finding.code}


def edit_event(position: int, **changes: Any) -> Callable[[Bundle], Bundle]:
    """Change one event of a finished bundle."""

    def edit(bundle: Bundle) -> Bundle:
        events = list(bundle.events)
        events[position] = replace(events[position], **changes)
        return replace(bundle, events=tuple(events))

    return edit


def edit_proof(position: int, **changes: Any) -> Callable[[Bundle], Bundle]:
    """Change one proof of a finished bundle; a callable gets the old value."""

    def edit(bundle: Bundle) -> Bundle:
        proofs = list(bundle.proofs)
        values = {
            name: change(getattr(proofs[position], name)) if callable(change) else change
            for name, change in changes.items()
        }
        proofs[position] = replace(proofs[position], **values)
        return replace(bundle, proofs=tuple(proofs))

    return edit
