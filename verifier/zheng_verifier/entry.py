"""Entries and leaves: what the service adds to a claim, and the little of it that becomes public.

    claim   the submitter's words                              one author: the platform
    entry   claim + how, when and what the service saw         one author: the service; kept in the vault, erasable
    leaf    case, seq, prev and the entry's SHA-256            public for ever, about 180 bytes, no personal data

The leaf's bytes are what the Merkle tree hashes. An entry carries 16 random bytes, so that the leaf of a forgotten
entry cannot be guessed. Specification: docs/spec/entry.md.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from zheng_verifier.canonical import (
    ENTRY_LIMITS,
    LEAF_LIMITS,
    Fields,
    JsonObject,
    JsonValue,
    format_json,
    parse_canonical,
)
from zheng_verifier.claim import MAX_DOCUMENTS, Claim, read_claim, write_claim
from zheng_verifier.encoding import (
    format_base64url,
    format_time,
    parse_base64url,
    parse_time,
    parse_uuid,
)
from zheng_verifier.errors import MalformedError
from zheng_verifier.jws import parse_jws

NONCE_SIZE = 16
_HASH_SIZE = 32


@dataclass(frozen=True, slots=True)
class Submitter:
    """How the claim came: ``signed`` with the platform's JWS, by ``api-key``, or from the ``service`` itself."""

    kind: str
    jws: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What the service saw: which documents it hashed itself, and whether it saw and checked the sealed values."""

    documents: tuple[int, ...]
    sealed: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A claim with what the service adds to it; ``received_at`` is the service's own clock, ``nonce`` 16 bytes."""

    claim: Claim
    submitter: Submitter
    received_at: datetime
    checked: Checked
    nonce: bytes


@dataclass(frozen=True, slots=True)
class Leaf:
    """The public record: ``seq`` counts from 1 in its case, ``prev`` is the leaf hash of the one before."""

    case: str
    seq: int
    prev: bytes | None
    entry: bytes


def _parse_submitter(value: JsonValue, where: str) -> Submitter:
    fields = Fields(value, where)
    kind = fields.text("kind", choices=("signed", "api-key", "service"))
    jws = fields.text("jws") if kind == "signed" else None
    fields.end()
    if jws is not None:
        parse_jws(jws, where=fields.path("jws"))
    return Submitter(kind, jws)


def _parse_checked(value: JsonValue, where: str, documents: int) -> Checked:
    fields = Fields(value, where)
    seen = fields.array("documents", max_items=MAX_DOCUMENTS)
    sealed = fields.boolean("sealed")
    fields.end()
    numbers = tuple(item for item in seen if isinstance(item, int) and not isinstance(item, bool))
    rising = all(a < b for a, b in pairwise(numbers))
    if len(numbers) != len(seen) or not rising or any(not 0 <= n < documents for n in numbers):
        raise MalformedError("FORMAT_FAILURE", "not rising positions in the claim's documents", where)
    return Checked(numbers, sealed)


def read_entry(value: JsonValue, where: str = "") -> Entry:
    """Read an entry from its JSON value.

    Raises:
        MalformedError: a member that is unknown, missing, of a wrong type or form.
        UncheckableError: codes UNKNOWN_VERSION, UNKNOWN_ALGORITHM (the submitter's signature).

    """
    fields = Fields(value, where)
    fields.version("entry/v1")
    claim = read_claim(fields.object("claim"), fields.path("claim"))
    entry = Entry(
        claim=claim,
        submitter=_parse_submitter(fields.object("submitter"), fields.path("submitter")),
        received_at=parse_time(fields.text("received_at"), fields.path("received_at")),
        checked=_parse_checked(fields.object("checked"), fields.path("checked"), len(claim.documents)),
        nonce=parse_base64url(fields.text("nonce"), size=NONCE_SIZE, where=fields.path("nonce")),
    )
    fields.end()
    return entry


def parse_entry(data: bytes) -> Entry:
    """Read an entry of at most 65,535 canonical bytes.

    Raises:
        MalformedError: as ``parse_canonical`` and ``read_entry``.
        UncheckableError: codes UNKNOWN_VERSION, UNKNOWN_ALGORITHM (the submitter's signature).

    """
    return read_entry(parse_canonical(data, ENTRY_LIMITS))


def write_entry(entry: Entry) -> JsonObject:
    """Write an entry as a JSON value."""
    submitter: JsonObject = {"kind": entry.submitter.kind}
    if entry.submitter.jws is not None:
        submitter["jws"] = entry.submitter.jws
    return {
        "zheng": "entry/v1",
        "claim": write_claim(entry.claim),
        "submitter": submitter,
        "received_at": format_time(entry.received_at),
        "checked": {"documents": list(entry.checked.documents), "sealed": entry.checked.sealed},
        "nonce": format_base64url(entry.nonce),
    }


def format_entry(entry: Entry) -> bytes:
    """Write an entry in canonical form.

    Raises:
        MalformedError: code TOO_LARGE: more than 65,535 bytes, the bound of tlog-tiles' bundles.

    """
    data = format_json(write_entry(entry))
    if len(data) > ENTRY_LIMITS.max_bytes:
        raise MalformedError(
            "TOO_LARGE", f"the entry has {len(data)} bytes, the limit is {ENTRY_LIMITS.max_bytes}"
        )
    return data


def entry_digest(entry: bytes) -> bytes:
    """Compute the 32 bytes by which a leaf commits to an entry's canonical bytes."""
    return hashlib.sha256(entry).digest()


def parse_leaf(data: bytes) -> Leaf:
    """Read a leaf from its canonical bytes.

    Raises:
        MalformedError: as ``parse_canonical``; a ``prev`` on the first leaf of a case or none on a later one.
        UncheckableError: code UNKNOWN_VERSION.

    """
    fields = Fields(parse_canonical(data, LEAF_LIMITS))
    fields.version("leaf/v1")
    leaf = Leaf(
        case=parse_uuid(fields.text("case"), "/case"),
        seq=fields.integer("seq", minimum=1),
        prev=fields.optional(
            "prev", lambda name: parse_base64url(fields.text(name), size=_HASH_SIZE, where="/prev")
        ),
        entry=parse_base64url(fields.text("entry"), size=_HASH_SIZE, where="/entry"),
    )
    fields.end()
    if (leaf.prev is None) != (leaf.seq == 1):
        raise MalformedError(
            "FORMAT_FAILURE", "'prev' is absent exactly on the first leaf of a case", "/prev"
        )
    return leaf


def format_leaf(leaf: Leaf) -> bytes:
    """Write a leaf in canonical form: the bytes that the tree hashes."""
    body: JsonObject = {
        "zheng": "leaf/v1",
        "case": leaf.case,
        "seq": leaf.seq,
        "entry": format_base64url(leaf.entry),
    }
    if leaf.prev is not None:
        body["prev"] = format_base64url(leaf.prev)
    return format_json(body)
