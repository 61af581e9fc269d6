"""What the vectors are made of: one small world of TEST keys, ids and objects, and the form of a case.

Everything derives from constants that contain the word TEST, so that no vector can be taken for evidence and every
run gives the same bytes. There is no clock and no randomness.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from zheng_verifier.canonical import format_json
from zheng_verifier.checkpoint import Checkpoint, format_checkpoint_body
from zheng_verifier.claim import Actor, AfterLeaf, Claim, DocumentRef, format_claim
from zheng_verifier.entry import Checked, Entry, Leaf, Submitter, entry_digest, format_entry, format_leaf
from zheng_verifier.jws import format_jws, format_protected, key_fingerprint, signing_input
from zheng_verifier.merkle import leaf_hash
from zheng_verifier.note import NoteSignature, ed25519_vkey, format_note
from zheng_verifier.sealed import Disclosure, disclosure_digest, format_disclosure, sealed_value

Case = dict[str, Any]
OK, MALFORMED, FALSE, UNCHECKABLE = "ok", "malformed", "false", "uncheckable"


def seed(label: str, size: int = 32) -> bytes:
    """Derive the bytes that a TEST key, salt, nonce or id is made of."""
    return hashlib.sha256(f"zheng TEST vectors: {label}".encode()).digest()[:size]


def uuid(label: str) -> str:
    """Derive a UUIDv4."""
    return str(UUID(bytes=seed(label, 16), version=4))


def moment(second: int) -> datetime:
    """Give a fixed moment of the story."""
    return datetime(2026, 1, 1, 8, 0, second, 250_000, tzinfo=UTC)


def case(name: str, expect: str, data: bytes | None = None, code: str = "", **facts: Any) -> Case:
    """Make a case: named by mutation, the bytes as text where they are text, what a reader must say."""
    made: Case = {"name": name, "expect": expect}
    if code:
        made["code"] = code
    if data is not None:
        text = data.decode("utf-8", "replace")
        # Invisible characters stand in hexadecimal, so that the file shows what it holds.
        if text.encode() == data and text.replace("\n", "").isprintable():
            made["input"] = text
        else:
            made["input_hex"] = data.hex()
    return made | facts


def changed(body: Any, **changes: Any) -> bytes:
    """Write a JSON object with members set, or left out where the value is None."""
    members = {name: value for name, value in (body | changes).items() if value is not None}
    return format_json(members)


ORIGIN = "zheng.example/TEST/vectors"
LOG = Ed25519PrivateKey.from_private_bytes(seed("log key"))
VKEY = ed25519_vkey(ORIGIN, LOG.public_key().public_bytes_raw())
OTHER = Ed25519PrivateKey.from_private_bytes(seed("other log key"))
OTHER_VKEY = ed25519_vkey("zheng.example/TEST/other", OTHER.public_key().public_bytes_raw())
WITNESS = NoteSignature(
    "witness.example/TEST", seed("witness id", 4), seed("witness cosignature") * 2 + seed("t", 8)
)

PLATFORM = Ed25519PrivateKey.from_private_bytes(seed("platform key"))
PLATFORM_P256 = ec.derive_private_key(int.from_bytes(seed("platform key P-256")) >> 1, ec.SECP256R1())


def spki(private: Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    """Give the DER SubjectPublicKeyInfo of a key."""
    return private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def sign_claim(claim: bytes, private: Ed25519PrivateKey | ec.EllipticCurvePrivateKey = PLATFORM) -> str:
    """Sign a claim's bytes as the platform does (RFC 6979 where ECDSA needs a nonce)."""
    ed25519 = isinstance(private, Ed25519PrivateKey)
    protected = format_protected("EdDSA" if ed25519 else "ES256", key_fingerprint(spki(private)))
    message = signing_input(protected, claim)
    if ed25519:
        return format_jws(protected, private.sign(message))
    r, s = decode_dss_signature(private.sign(message, ec.ECDSA(SHA256(), deterministic_signing=True)))
    return format_jws(protected, r.to_bytes(32) + s.to_bytes(32))


CASE = uuid("case")
PARTY = uuid("party in the case")
DISCLOSURE = format_disclosure(Disclosure(seed("salt of ip", 16), "203.0.113.7"))
SHOWN = hashlib.sha256(b"TEST document as shown").digest()
OPENED = Claim(
    log=ORIGIN,
    tenant=uuid("tenant"),
    case=CASE,
    id=uuid("event 1"),
    type="case.opened/1",
    data={"kind": "contract", "required": ["document.viewed"]},
    occurred_at=moment(0),
)
FIRST_ENTRY = format_entry(
    Entry(OPENED, Submitter("api-key"), moment(1), Checked((), sealed=True), seed("nonce 1", 16))
)
FIRST_LEAF = format_leaf(Leaf(CASE, 1, None, entry_digest(FIRST_ENTRY)))
VIEWED = Claim(
    log=ORIGIN,
    tenant=uuid("tenant"),
    case=CASE,
    id=uuid("event 2"),
    type="document.viewed/1",
    data={
        "party": PARTY,
        "document": uuid("document in the case"),
        "document_sha256": SHOWN.hex(),
        "pages_total": 4,
        "pages_viewed": 4,
        "dwell_ms": 93_500,
        "scrolled_to_end": True,
        "terminal": "h5",
        "ip": sealed_value(disclosure_digest(DISCLOSURE)),
    },
    occurred_at=moment(30),
    actor=Actor("person", PARTY),
    documents=(DocumentRef("shown", 22, "application/pdf", {"sha256": SHOWN, "sm3": seed("an SM3 digest")}),),
    after=(AfterLeaf(leaf_hash(FIRST_LEAF)),),
)
CLAIM = format_claim(VIEWED)
JWS = sign_claim(CLAIM)
ENTRY = format_entry(
    Entry(VIEWED, Submitter("signed", JWS), moment(31), Checked((0,), sealed=False), seed("nonce 2", 16))
)
LEAF = format_leaf(Leaf(CASE, 2, leaf_hash(FIRST_LEAF), entry_digest(ENTRY)))

# The log of the vectors: the two leaves above, then opaque TEST leaves up to eleven.
LEAVES = [FIRST_LEAF, LEAF, *(f"TEST leaf {number}".encode() for number in range(2, 11))]
INDEX = 1


def root(leaves: list[bytes]) -> bytes:
    """RFC 9162 §2.1.1, word for word and apart from the code under test."""
    if len(leaves) < 2:
        return hashlib.sha256(b"\x00" + leaves[0] if leaves else b"").digest()
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:])).digest()


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 9162 §2.1.3.1, word for word."""
    if len(leaves) == 1:
        return []
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < k:
        return [*path(index, leaves[:k]), root(leaves[k:])]
    return [*path(index - k, leaves[k:]), root(leaves[:k])]


def growth(old: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """RFC 9162 §2.1.4.1, word for word."""
    if old == len(leaves):
        return [] if whole else [root(leaves)]
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    if old <= k:
        return [*growth(old, leaves[:k], whole), root(leaves[k:])]
    return [*growth(old - k, leaves[k:], False), root(leaves[:k])]


def log_line(body: str, private: Ed25519PrivateKey = LOG) -> NoteSignature:
    """Sign a checkpoint's text as the log does."""
    vkey = VKEY if private is LOG else OTHER_VKEY
    return NoteSignature(vkey.name, vkey.key_id, private.sign(body.encode()))


def checkpoint_body(size: int, origin: str = ORIGIN) -> str:
    """Write the text of a checkpoint over the first ``size`` leaves."""
    return format_checkpoint_body(Checkpoint(origin, size, root(LEAVES[:size])))


def checkpoint_note(size: int, origin: str = ORIGIN) -> bytes:
    """Write the log's signed checkpoint over the first ``size`` leaves."""
    body = checkpoint_body(size, origin)
    return format_note(body, [log_line(body)])
