"""The evidence bundle: all that is needed to check a case again, in one canonical JSON file.

    origin, case
    events[]       leaf, entry (unless withheld or erased), disclosures opened for this reader
    context[]      leaves of the log's own case that the events rest on, such as the registration of a key
    proofs[]       one for each checkpoint: the note, a path for each leaf it covers, time-stamps, chain anchors
    consistency[]  paths between the checkpoints
    certificates[] further certificates for the time-stamps, DER

The bundle holds no key and no rule: what to trust is said by the reader's own policy. Leaves and entries stand in
it as JSON objects; because the canonical form is compositional, writing one out gives exactly the bytes that were
hashed. Specification: docs/spec/bundle.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from zheng_verifier.canonical import (
    BUNDLE_LIMITS,
    Fields,
    JsonObject,
    JsonValue,
    format_json,
    parse_canonical,
    parse_json,
)
from zheng_verifier.claim import parse_origin
from zheng_verifier.encoding import format_base64, parse_base64, parse_uuid
from zheng_verifier.errors import MalformedError
from zheng_verifier.ethereum.anchor import AnchorProof, format_anchor_proof, parse_anchor_proof
from zheng_verifier.merkle import HASH_SIZE

MAX_EVENTS = 10_000
MAX_PROOFS = 64
MAX_PATH = 63
MAX_INCLUSIONS = 100_000
"""Paths in a whole bundle."""
MAX_TOKENS = 256
"""Time-stamp responses in a whole bundle: each can carry certificates enough for a tenth of a second."""
MAX_VALUES = 2_000_000
"""Commas in a file, which bound its JSON values, and opening brackets, at most half as many."""
_MAX_CONTEXT = 256
_MAX_DISCLOSURES = 256
_MAX_TOKENS = 16
_MAX_TOKEN_BYTES = 65_536
_MAX_CERTIFICATES = 16
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class BundleEvent:
    """An event: the canonical bytes of its leaf and of its entry (None: withheld or erased), opened disclosures."""

    leaf: bytes
    entry: bytes | None
    disclosures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A path: item ``event`` of events followed by context is leaf ``index`` of the proof's checkpoint."""

    event: int
    index: int
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class BundleProof:
    """A checkpoint note, and what it proves: inclusions, raw time-stamp responses over it, anchors of it."""

    checkpoint: bytes
    inclusions: tuple[Inclusion, ...]
    tokens: tuple[bytes, ...] = ()
    anchors: tuple[AnchorProof, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsistencyStep:
    """A consistency path (RFC 9162 §2.1.4) from the checkpoint of ``old_size`` to that of ``new_size``."""

    old_size: int
    new_size: int
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """The evidence of one case, or of some events of it; parsed, and nothing in it checked."""

    origin: str
    case: str
    events: tuple[BundleEvent, ...]
    proofs: tuple[BundleProof, ...]
    context: tuple[BundleEvent, ...] = ()
    consistency: tuple[ConsistencyStep, ...] = ()
    certificates: tuple[bytes, ...] = ()

    @property
    def items(self) -> tuple[BundleEvent, ...]:
        """Events followed by context: what ``Inclusion.event`` counts in."""
        return self.events + self.context


def _items(fields: Fields, name: str, limit: int, read: Callable[[JsonValue, str], _T]) -> tuple[_T, ...]:
    items = fields.array(name, max_items=limit)
    return tuple(read(item, f"{fields.path(name)}/{position}") for position, item in enumerate(items))


def _text(value: JsonValue, where: str) -> str:
    if not isinstance(value, str):
        raise MalformedError("WRONG_TYPE", "must be a string", where)
    return value


def _blob(value: JsonValue, where: str) -> bytes:
    data = parse_base64(_text(value, where), where=where)
    if not data or len(data) > _MAX_TOKEN_BYTES:
        raise MalformedError("TOO_LARGE", f"not 1 to {_MAX_TOKEN_BYTES} bytes", where)
    return data


def _hash(value: JsonValue, where: str) -> bytes:
    return parse_base64(_text(value, where), size=HASH_SIZE, where=where)


def _read_event(value: JsonValue, where: str) -> BundleEvent:
    fields = Fields(value, where)
    event = BundleEvent(
        leaf=format_json(fields.object("leaf")),
        entry=fields.optional("entry", lambda name: format_json(fields.object(name))),
        disclosures=_items(fields, "disclosures", _MAX_DISCLOSURES, _text),
    )
    fields.end()
    return event


def _read_inclusion(value: JsonValue, where: str) -> Inclusion:
    fields = Fields(value, where)
    event, index = fields.integer("event", maximum=MAX_EVENTS + _MAX_CONTEXT), fields.integer("index")
    path = _items(fields, "path", MAX_PATH, _hash)
    fields.end()
    return Inclusion(event, index, path)


def _read_proof(value: JsonValue, where: str) -> BundleProof:
    fields = Fields(value, where)
    proof = BundleProof(
        checkpoint=fields.text("checkpoint", max_bytes=BUNDLE_LIMITS.max_string).encode(),
        inclusions=_items(fields, "inclusions", MAX_EVENTS + _MAX_CONTEXT, _read_inclusion),
        tokens=_items(fields, "tokens", _MAX_TOKENS, _blob),
        anchors=_items(fields, "anchors", _MAX_TOKENS, parse_anchor_proof),
    )
    fields.end()
    return proof


def _read_step(value: JsonValue, where: str) -> ConsistencyStep:
    fields = Fields(value, where)
    step = ConsistencyStep(
        fields.integer("old_size", minimum=1),
        fields.integer("new_size"),
        _items(fields, "path", MAX_PATH, _hash),
    )
    fields.end()
    return step


def _check_references(bundle: Bundle) -> None:
    total = len(bundle.items)
    for proof in bundle.proofs:
        events = [inclusion.event for inclusion in proof.inclusions]
        if any(event >= total for event in events) or events != sorted(set(events)):
            raise MalformedError(
                "FORMAT_FAILURE", "inclusions name events in rising order, once each", "/proofs"
            )
    if not bundle.events:
        raise MalformedError("FORMAT_FAILURE", "a bundle has at least one event", "/events")
    if sum(len(proof.inclusions) for proof in bundle.proofs) > MAX_INCLUSIONS:
        raise MalformedError("TOO_MANY", f"more than {MAX_INCLUSIONS} inclusion paths", "/proofs")
    if sum(len(proof.tokens) for proof in bundle.proofs) > MAX_TOKENS:
        raise MalformedError("TOO_MANY", f"more than {MAX_TOKENS} time-stamp responses", "/proofs")
    if len({proof.checkpoint for proof in bundle.proofs}) != len(bundle.proofs):
        raise MalformedError("FORMAT_FAILURE", "one checkpoint stands twice", "/proofs")
    if any(step.old_size >= step.new_size for step in bundle.consistency):
        raise MalformedError("FORMAT_FAILURE", "a consistency path leads to a larger size", "/consistency")
    if len({(step.old_size, step.new_size) for step in bundle.consistency}) != len(bundle.consistency):
        raise MalformedError("FORMAT_FAILURE", "two consistency paths join the same sizes", "/consistency")
    if len(set(bundle.certificates)) != len(bundle.certificates):
        raise MalformedError("FORMAT_FAILURE", "one certificate stands twice", "/certificates")


def parse_bundle(data: bytes) -> Bundle:
    """Read a bundle of at most 32 MiB; nothing in it is checked but its form.

    Raises:
        MalformedError: not canonical, a member unknown, missing or ill-formed, a limit passed, no event.

    """
    # Counted before anything is built: small values cost many times their text in memory.
    if data.count(b",") > MAX_VALUES or data.count(b"[") + data.count(b"{") > MAX_VALUES // 2:
        raise MalformedError("TOO_MANY", "more JSON values than any bundle needs")
    fields = Fields(parse_canonical(data, BUNDLE_LIMITS))
    fields.version("bundle/v1")
    bundle = Bundle(
        origin=parse_origin(fields.text("origin"), "/origin"),
        case=parse_uuid(fields.text("case"), "/case"),
        events=_items(fields, "events", MAX_EVENTS, _read_event),
        proofs=_items(fields, "proofs", MAX_PROOFS, _read_proof),
        context=_items(fields, "context", _MAX_CONTEXT, _read_event),
        consistency=_items(fields, "consistency", MAX_PROOFS, _read_step),
        certificates=_items(fields, "certificates", _MAX_CERTIFICATES, _blob),
    )
    fields.end()
    _check_references(bundle)
    return bundle


def _write_event(event: BundleEvent) -> JsonObject:
    body: JsonObject = {
        "leaf": parse_json(event.leaf, BUNDLE_LIMITS),
        "disclosures": list(event.disclosures),
    }
    return body if event.entry is None else body | {"entry": parse_json(event.entry, BUNDLE_LIMITS)}


def _write_path(path: tuple[bytes, ...]) -> list[JsonValue]:
    return [format_base64(item) for item in path]


def _write_proof(proof: BundleProof) -> JsonObject:
    return {
        "checkpoint": proof.checkpoint.decode(),
        "inclusions": [
            {"event": item.event, "index": item.index, "path": _write_path(item.path)}
            for item in proof.inclusions
        ],
        "tokens": [format_base64(token) for token in proof.tokens],
        "anchors": [format_anchor_proof(anchor) for anchor in proof.anchors],
    }


def format_bundle(bundle: Bundle) -> bytes:
    """Write a bundle in canonical form."""
    return format_json(
        {
            "zheng": "bundle/v1",
            "origin": bundle.origin,
            "case": bundle.case,
            "events": [_write_event(event) for event in bundle.events],
            "context": [_write_event(event) for event in bundle.context],
            "proofs": [_write_proof(proof) for proof in bundle.proofs],
            "consistency": [
                {"old_size": step.old_size, "new_size": step.new_size, "path": _write_path(step.path)}
                for step in bundle.consistency
            ],
            "certificates": [format_base64(certificate) for certificate in bundle.certificates],
        }
    )
