"""What a bundle says of its case, in the terms of a certificate's record.

A certificate speaks of the events up to the last one that the platform deposited: what the service adds afterwards
(attestations, certificates) is about the evidence, not part of it. Nothing here is verified: that the bundle is true
is for its own checks, that the record repeats it faithfully is for ``compare.py``.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from zheng_verifier.bundle import Bundle, BundleEvent, BundleProof
from zheng_verifier.checkpoint import parse_checkpoint_body
from zheng_verifier.deposit_certificate.model import DepositedDocument, LogPosition, Span
from zheng_verifier.entry import Entry, Leaf, parse_entry, parse_leaf
from zheng_verifier.errors import EvidenceError, VerificationError
from zheng_verifier.ethereum.anchor import AnchorProof, read_block
from zheng_verifier.merkle import leaf_hash
from zheng_verifier.note import parse_note
from zheng_verifier.timestamp import parse_response
from zheng_verifier.timestamp.algorithms import digest_name

_T = TypeVar("_T")
_S = TypeVar("_S")


@dataclass(frozen=True, slots=True)
class TokenSummary:
    """A time-stamp over a checkpoint that covers the newest event; ``raw`` is the response as the bundle has it."""

    gen_time: datetime
    serial: int
    policy: str
    imprint_algorithm: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class AnchorSummary:
    """A transaction that recorded such a checkpoint, and its block; ``proof`` as the bundle has it."""

    chain_id: int
    contract: bytes
    transaction: bytes
    block_number: int
    block_hash: bytes
    block_time: datetime
    proof: AnchorProof


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """The values of a record that its bundle shows.

    ``roles`` are those of the parties of ``contract.created``, None where no such event is readable.
    ``positions``: the newest event under each checkpoint that covers it, best last: the largest anchored one, else
    the largest. ``tokens``, ``anchors``: of those checkpoints.
    """

    origin: str
    case: str
    event_count: int
    event_root: bytes
    evidence_id: str
    received: Span
    claimed: Span | None
    documents: tuple[DepositedDocument, ...]
    roles: tuple[str, ...] | None
    positions: tuple[LogPosition, ...]
    tokens: tuple[TokenSummary, ...]
    anchors: tuple[AnchorSummary, ...]


@dataclass(frozen=True, slots=True)
class _Event:
    position: int
    source: BundleEvent
    leaf: Leaf
    entry: Entry


def summarise(bundle: Bundle) -> CaseSummary:
    """Say what the bundle says of its case.

    Raises:
        VerificationError: code NOTHING_TO_CERTIFY: no event of a platform can be read, or no checkpoint covers it.

    """
    events = _business_events(bundle)
    if not events:
        raise VerificationError("NOTHING_TO_CERTIFY", "the bundle shows no event of a platform")
    last = events[-1]
    covering = [(proof, found) for proof in bundle.proofs if (found := _position(bundle, proof, last))]
    if not covering:
        raise VerificationError("NOTHING_TO_CERTIFY", "no checkpoint of the bundle covers the newest event")
    covering.sort(key=lambda pair: (bool(pair[0].anchors), pair[1].tree_size))
    claimed = [event.entry.claim.occurred_at for event in events]
    known = [moment for moment in claimed if moment is not None]
    return CaseSummary(
        origin=bundle.origin,
        case=bundle.case,
        event_count=last.leaf.seq,
        event_root=leaf_hash(last.source.leaf),
        evidence_id=last.entry.claim.id,
        received=_span(event.entry.received_at for event in events),
        claimed=_span(known) if known else None,
        documents=tuple(_documents(events)),
        roles=_roles(events),
        positions=tuple(position for _, position in covering),
        tokens=tuple(_readable(_token, [raw for proof, _ in covering for raw in proof.tokens])),
        anchors=tuple(_readable(_anchor, [anchor for proof, _ in covering for anchor in proof.anchors])),
    )


def _business_events(bundle: Bundle) -> list[_Event]:
    """Give the readable events up to the last that was not the service's own; what does not fit its leaf is left out."""
    events: list[_Event] = []
    length = 0
    for position, source in enumerate(bundle.events):
        try:
            leaf = parse_leaf(source.leaf)
            entry = None if source.entry is None else parse_entry(source.entry)
        except EvidenceError:
            continue
        if entry is None or source.entry is None or leaf.case != bundle.case:
            continue
        if hashlib.sha256(source.entry).digest() == leaf.entry and entry.claim.case == bundle.case:
            events.append(_Event(position, source, leaf, entry))
            length = length if entry.submitter.kind == "service" else len(events)
    return events[:length]


def _position(bundle: Bundle, proof: BundleProof, event: _Event) -> LogPosition | None:
    """Give where the event stands under a checkpoint, if it is one that covers it."""
    index = next((each.index for each in proof.inclusions if each.event == event.position), None)
    if index is None:
        return None
    try:
        head = parse_checkpoint_body(parse_note(proof.checkpoint).text)
    except EvidenceError:
        return None
    return LogPosition(bundle.origin, index, head.size, head.root_hash)


def _span(moments: Iterable[datetime]) -> Span:
    ordered = sorted(moments)
    return Span(ordered[0], ordered[-1])


def _documents(events: Iterable[_Event]) -> Iterator[DepositedDocument]:
    """Give each document once, as it was first deposited in its role."""
    known: set[tuple[str, bytes]] = set()
    for event in events:
        for position, document in enumerate(event.entry.claim.documents):
            if document.digests is None or (document.role, document.digests["sha256"]) in known:
                continue
            known.add((document.role, document.digests["sha256"]))
            yield DepositedDocument(
                role=document.role,
                size=document.size,
                media_type=document.media_type,
                sha256=document.digests["sha256"],
                sm3=document.digests.get("sm3"),
                hashed_by_service=position in event.entry.checked.documents,
            )


def _roles(events: Iterable[_Event]) -> tuple[str, ...] | None:
    for event in events:
        listed = event.entry.claim.data.get("parties")
        if event.entry.claim.type.startswith("contract.created/") and isinstance(listed, list):
            return tuple(str(party.get("role", "")) if isinstance(party, dict) else "" for party in listed)
    return None


def _readable(read: Callable[[_T], _S], items: Sequence[_T]) -> Iterator[_S]:
    for item in items:
        try:
            yield read(item)
        except (
            EvidenceError
        ):  # its own check says what is wrong with it; a record that names it will not match
            continue


def _token(raw: bytes) -> TokenSummary:
    info = parse_response(raw).granted().info
    name = digest_name(info.imprint_algorithm, "tstInfo.messageImprint")
    return TokenSummary(info.gen_time, info.serial_number, info.policy_oid, name, raw)


def _anchor(proof: AnchorProof) -> AnchorSummary:
    header, transaction, digest = read_block(proof)
    return AnchorSummary(
        chain_id=proof.chain_id,
        contract=proof.contract,
        transaction=transaction.hash,
        block_number=header.number,
        block_hash=digest,
        block_time=header.time,
        proof=proof,
    )
