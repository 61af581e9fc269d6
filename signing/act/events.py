"""The events of a signature, as the taxonomy has them (pure)."""

import hashlib

from zheng_verifier.canonical import JsonObject
from zheng_verifier.claim import Actor, DocumentRef
from zheng_verifier.encoding import format_time
from zheng_verifier.timestamp import parse_response

from signing.act.models import ActRow, SignatureRow
from signing.act.ports import Slot
from signing.contracts.models import PartyRow
from signing.contracts.ports import Paper
from signing.custody.service import StoredFile
from signing.dossier.model import Event
from signing.intent.events import terminal
from signing.pades import SignedRevision
from signing.principal import Principal


def reference(role: str, stored: StoredFile) -> DocumentRef:
    """Name a kept file in an event."""
    digests = {"sha256": bytes.fromhex(stored.sha256), "sm3": bytes.fromhex(stored.sm3)}
    return DocumentRef(role, stored.size, stored.media_type, digests)


def party_signed(
    act: ActRow,
    row: SignatureRow,
    slot: Slot,
    revision: SignedRevision,
    stored: StoredFile,
    seen: JsonObject,
    seal_event: str | None,
) -> Event:
    """Tell that a signature was placed. The time is the platform's, as the file says it; an authority's is another event."""
    data: JsonObject = {
        "party": act.party,
        "document": row.document,
        "before_sha256": row.before,
        "after_sha256": stored.sha256,
        "field": slot.field,
        "byte_range": list(revision.byte_range),
        "signature_sha256": revision.signature_sha256,
        "signature_algorithm": revision.algorithm,
        "level": revision.level,
        "key": act.key,
        "intent_event": row.intent_event,
        "challenge": row.challenge,
        "signing_time": format_time(revision.signing_time),
        "signing_time_source": "platform_clock",
    }
    if seal_event is not None:
        data["seal_event"] = seal_event
    client: JsonObject = {name: value for name, value in seen.items() if name in ("ip", "user_agent")}
    private: JsonObject = {"certificate": revision.certificate_sha256} | client
    return Event("party.signed/1", data, private, Actor("person", act.party), (reference("signed", stored),))


def downloaded(party: PartyRow, paper: Paper, by: Principal) -> Event:
    """Tell that a party took a copy."""
    data: JsonObject = {
        "party": party.ref,
        "document": paper.document,
        "document_sha256": paper.sha256,
        "purpose": "own_copy",
        "terminal": terminal(by),
    }
    return Event("document.downloaded/1", data, by.seen.private, Actor("person", party.ref))


def timestamped(
    token: bytes, tsa: str, *, test: bool, signed_event: str, document_sha256: str, party: str | None
) -> Event:
    """Tell of a token over a signature or a signed document; the token itself stands in the document.

    Raises:
        EvidenceError: the token is none.
    """
    parsed = parse_response(token).token
    if parsed is None:
        raise ValueError("there is no token in what was called one")
    info = parsed.info
    data: JsonObject = {
        "signed_event": signed_event,
        "document_sha256": document_sha256,
        "token_sha256": hashlib.sha256(token).hexdigest(),
        "tsa": tsa,
        "test": test,
        "serial_number": str(info.serial_number),
        "gen_time": format_time(info.gen_time),
        "policy_oid": info.policy_oid,
        "imprint_algorithm": _imprint_name(len(info.imprint), str(info.imprint_algorithm)),
        "imprint": info.imprint.hex(),
    }
    if party is not None:
        data["party"] = party
    return Event("signature.timestamped/1", data)


def _imprint_name(size: int, algorithm: str) -> str:
    """Name the algorithm as the taxonomy does: tokens that are asked for here are over SHA-256."""
    if size != 32:
        raise ValueError(f"not an imprint by SHA-256: {algorithm}")
    return "sha256"
