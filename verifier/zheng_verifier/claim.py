"""Claims: the submitter's own words about one event, and what his signature covers.

A claim names the log it is addressed to, so that it cannot be replayed into another; tenant and case; the
submitter's id, which makes a repeated deposit the same deposit; and the type with its schema version. Personal
values stand in ``data`` only as sealed values. Whether ``data`` fits the schema of its type is asked of
``zheng_verifier.taxonomy``; here it is any object of the JSON profile. Specification: docs/spec/entry.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias

from zheng_verifier.canonical import CLAIM_LIMITS, Fields, JsonObject, JsonValue, format_json, parse_canonical
from zheng_verifier.encoding import (
    format_base64url,
    format_hex,
    format_time,
    parse_base64url,
    parse_hex,
    parse_time,
    parse_uuid,
)
from zheng_verifier.errors import MalformedError
from zheng_verifier.sealed import is_sealed, parse_sealed, reserved_names, sealed_digests, sealed_value

MAX_DOCUMENTS = 64
MAX_AFTER = 4
_MAX_DIGESTS = 8
ACTOR_KINDS = ("person", "organization", "agent", "admin", "system", "api_client")
_TYPE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+/[1-9][0-9]{0,2}", re.ASCII)
_ROLE = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}", re.ASCII)
_ORIGIN = re.compile(
    r"[!-*,-~]{1,255}", re.ASCII
)  # printable ASCII without space and plus: a note's key name


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted: a ``kind`` and a ``ref`` that is random for each case and party, never an account's id."""

    kind: str
    ref: str


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """A document by its ``size`` in bytes and its digests, or by one sealed digest where it could be guessed."""

    role: str
    size: int
    media_type: str
    digests: Mapping[str, bytes] | None
    sealed: str | None = None

    def __post_init__(self) -> None:
        """Refuse a document with both digests and a sealed one, or with neither."""
        if (self.digests is None) == (self.sealed is None):
            raise MalformedError("FORMAT_FAILURE", "a document has digests or one sealed digest")


@dataclass(frozen=True, slots=True)
class AfterToken:
    """Not before the genTime of the time-stamp token with this SHA-256 (32 bytes)."""

    sha256: bytes


@dataclass(frozen=True, slots=True)
class AfterBlock:
    """Not before the block with this 32-byte hash."""

    chain: int
    number: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class AfterLeaf:
    """Not before the leaf with this 32-byte leaf hash was known."""

    hash: bytes


After: TypeAlias = AfterToken | AfterBlock | AfterLeaf


@dataclass(frozen=True, slots=True)
class Claim:
    """The submitter's statement; field by field as in docs/spec/entry.md."""

    log: str
    tenant: str
    case: str
    id: str
    type: str
    data: JsonObject
    occurred_at: datetime | None = None
    actor: Actor | None = None
    documents: tuple[DocumentRef, ...] = ()
    after: tuple[After, ...] = ()

    @property
    def sealed(self) -> list[tuple[str, str]]:
        """Every sealed value as (path within the claim, digest); no other member can hold one."""
        documents: list[JsonValue] = [
            {} if document.sealed is None else {"digests": sealed_value(document.sealed)}
            for document in self.documents
        ]
        return sealed_digests({"data": self.data, "documents": documents})


def parse_type(text: str, where: str = "type") -> str:
    """Read an event type: dotted lower-case name, slash, schema version.

    Raises:
        MalformedError: any other form.

    """
    if len(text) > 96 or not _TYPE.fullmatch(text):
        raise MalformedError("FORMAT_FAILURE", "an event type looks like 'party.signed/1'", where)
    return text


def parse_origin(text: str, where: str = "log") -> str:
    """Read the origin of a log: printable ASCII without space or plus, at most 255 characters.

    Raises:
        MalformedError: any other form.

    """
    if not _ORIGIN.fullmatch(text) or text == "cosignature/v1":
        raise MalformedError("FORMAT_FAILURE", "not the origin of a log", where)
    return text


def _matching(fields: Fields, name: str, pattern: re.Pattern[str]) -> str:
    value = fields.text(name)
    if not pattern.fullmatch(value):
        raise MalformedError("FORMAT_FAILURE", f"'{value[:80]}' is not a {name}", fields.path(name))
    return value


def _parse_actor(value: JsonValue, where: str) -> Actor:
    fields = Fields(value, where)
    actor = Actor(
        fields.text("kind", choices=ACTOR_KINDS), parse_uuid(fields.text("ref"), fields.path("ref"))
    )
    fields.end()
    return actor


def parse_digests(value: JsonObject, where: str) -> Mapping[str, bytes]:
    """Read a document's digests, by algorithm; SHA-256 is among them.

    Raises:
        MalformedError: no ``sha256``, more than eight, or one that is not 64 to 128 hexadecimal digits.

    """
    if len(value) > _MAX_DIGESTS:
        raise MalformedError("TOO_MANY", f"more than {_MAX_DIGESTS} digests", where)
    digests: dict[str, bytes] = {}
    for name, text in value.items():
        if not isinstance(text, str) or not 64 <= len(text) <= 128:
            raise MalformedError(
                "FORMAT_FAILURE", "a digest is 64 to 128 hexadecimal digits", f"{where}/{name}"
            )
        digests[name] = parse_hex(text, where=f"{where}/{name}")
    if "sha256" not in digests:
        raise MalformedError("FIELD_MISSING", "'sha256' is required", f"{where}/sha256")
    for name in ("sha256", "sm3"):
        if len(digests.get(name, bytes(32))) != 32:
            raise MalformedError("FORMAT_FAILURE", "this digest has 64 hexadecimal digits", f"{where}/{name}")
    return MappingProxyType(digests)


def _parse_document(value: JsonValue, where: str) -> DocumentRef:
    fields = Fields(value, where)
    role, media_type = _matching(fields, "role", _ROLE), _matching(fields, "media_type", _MEDIA_TYPE)
    size, digests = fields.integer("size"), fields.object("digests")
    fields.end()
    if is_sealed(digests):
        return DocumentRef(role, size, media_type, None, parse_sealed(digests, fields.path("digests")))
    return DocumentRef(role, size, media_type, parse_digests(digests, fields.path("digests")))


def _parse_after(value: JsonValue, where: str) -> After:
    fields = Fields(value, where)
    kind = fields.text("kind", choices=("tst", "block", "leaf"))
    after: After
    if kind == "tst":
        after = AfterToken(parse_hex(fields.text("sha256"), size=32, where=fields.path("sha256")))
    elif kind == "block":
        chain, number = fields.integer("chain", minimum=1), fields.integer("number")
        after = AfterBlock(chain, number, parse_hex(fields.text("hash"), size=32, where=fields.path("hash")))
    else:
        after = AfterLeaf(parse_base64url(fields.text("hash"), size=32, where=fields.path("hash")))
    fields.end()
    return after


def read_claim(value: JsonValue, where: str = "") -> Claim:
    """Read a claim from its JSON value; the value itself was read by the profile.

    Raises:
        MalformedError: a member that is unknown, missing, of a wrong type or form; ``_sd_alg`` that does not say
            whether something is sealed.
        UncheckableError: code UNKNOWN_VERSION.

    """
    fields = Fields(value, where)
    fields.version("claim/v1")
    claim = Claim(
        log=parse_origin(fields.text("log"), fields.path("log")),
        tenant=parse_uuid(fields.text("tenant"), fields.path("tenant")),
        case=parse_uuid(fields.text("case"), fields.path("case")),
        id=parse_uuid(fields.text("id"), fields.path("id")),
        type=parse_type(fields.text("type"), fields.path("type")),
        data=fields.object("data"),
        occurred_at=fields.optional(
            "occurred_at", lambda name: parse_time(fields.text(name), fields.path(name))
        ),
        actor=fields.optional("actor", lambda name: _parse_actor(fields.object(name), fields.path(name))),
        documents=tuple(
            _parse_document(item, f"{fields.path('documents')}/{position}")
            for position, item in enumerate(fields.array("documents", max_items=MAX_DOCUMENTS))
        ),
        after=fields.optional("after", lambda name: _parse_afters(fields, name)) or (),
    )
    algorithm = fields.optional("_sd_alg", lambda name: fields.text(name, choices=("sha-256",)))
    fields.end()
    if is_sealed(claim.data) or "_sd_alg" in reserved_names(claim.data):
        raise MalformedError("FORMAT_FAILURE", "sealed are the values within 'data', and nothing else", where)
    if (algorithm is not None) != bool(claim.sealed):
        raise MalformedError("FORMAT_FAILURE", "'_sd_alg' stands exactly where something is sealed", where)
    return claim


def _parse_afters(fields: Fields, name: str) -> tuple[After, ...]:
    items = fields.array(name, max_items=MAX_AFTER)
    if not items:
        raise MalformedError("FORMAT_FAILURE", "an empty 'after' is left out", fields.path(name))
    return tuple(_parse_after(item, f"{fields.path(name)}/{position}") for position, item in enumerate(items))


def parse_claim(data: bytes) -> Claim:
    """Read a claim from its canonical bytes.

    Raises:
        MalformedError: as ``parse_canonical`` and ``read_claim``.
        UncheckableError: code UNKNOWN_VERSION.

    """
    return read_claim(parse_canonical(data, CLAIM_LIMITS))


def _write_document(document: DocumentRef) -> JsonObject:
    if document.sealed is not None:
        digests = sealed_value(document.sealed)
    else:
        digests = {name: format_hex(digest) for name, digest in (document.digests or {}).items()}
    return {
        "role": document.role,
        "size": document.size,
        "media_type": document.media_type,
        "digests": digests,
    }


def _write_after(after: After) -> JsonObject:
    if isinstance(after, AfterToken):
        return {"kind": "tst", "sha256": format_hex(after.sha256)}
    if isinstance(after, AfterBlock):
        return {
            "kind": "block",
            "chain": after.chain,
            "number": after.number,
            "hash": format_hex(after.hash),
        }
    return {"kind": "leaf", "hash": format_base64url(after.hash)}


def _body(claim: Claim) -> JsonObject:
    body: JsonObject = {
        "zheng": "claim/v1",
        "log": claim.log,
        "tenant": claim.tenant,
        "case": claim.case,
        "id": claim.id,
        "type": claim.type,
        "documents": [_write_document(document) for document in claim.documents],
        "data": claim.data,
    }
    if claim.occurred_at is not None:
        body["occurred_at"] = format_time(claim.occurred_at)
    if claim.actor is not None:
        body["actor"] = {"kind": claim.actor.kind, "ref": claim.actor.ref}
    if claim.after:
        body["after"] = [_write_after(after) for after in claim.after]
    return body


def write_claim(claim: Claim) -> JsonObject:
    """Write a claim as a JSON value; ``_sd_alg`` follows from what is sealed."""
    body = _body(claim)
    return body | {"_sd_alg": "sha-256"} if claim.sealed else body


def format_claim(claim: Claim) -> bytes:
    """Write a claim in canonical form: the bytes that the submitter signs."""
    return format_json(write_claim(claim))
