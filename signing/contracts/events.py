"""The events of a contract's case, from values (pure; docs/spec/taxonomy.md)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from zheng_verifier.canonical import JsonObject, JsonValue
from zheng_verifier.claim import Actor, AfterLeaf, DocumentRef
from zheng_verifier.encoding import format_time

from signing.contracts.order import Seat, signing_order
from signing.contracts.ports import Paper
from signing.contracts.states import Basis
from signing.dossier.model import Event
from signing.principal import Seen

# What every contract's case has, however it ends; that a completed one has every signature, C20 asks by itself.
REQUIRED = ("contract.created",)


def created(
    seats: Sequence[tuple[Seat, str, str]],
    *,
    title: str,
    scene: str,
    deadline: datetime,
    business_number: str | None,
    template: str | None,
    actor: Actor | None,
    after: bytes | None = None,
) -> Event:
    """Build contract.created; ``seats`` are seats, each with its kind and name.

    ``after`` is the leaf hash (32 bytes) of the newest event known of the contract that this one replaces.
    """
    data: JsonObject = {
        "scene": scene,
        "signing_order": signing_order(seat for seat, _, _ in seats),
        "deadline": format_time(deadline),
        "parties": [
            {
                "party": seat.ref,
                "kind": kind,
                "role": str(seat.role),
                "order": seat.group,
                "required": seat.required and seat.signs,
            }
            for seat, kind, _ in seats
        ],
    }
    if template is not None:
        data["template"] = template
    private: JsonObject = {"title": title, "parties": [{"name": name} for _, _, name in seats]}
    if business_number is not None:
        private["business_number"] = business_number
    known = () if after is None else (AfterLeaf(after),)
    return Event("contract.created/1", data, private, actor, after=known)


def sent(
    papers: Iterable[Paper], recipients: Sequence[str], deadline: datetime, seen: Seen, actor: Actor | None
) -> Event:
    """Build contract.sent."""
    data: JsonObject = {
        "documents": _papers(papers),
        "recipients": list(recipients),
        "deadline": format_time(deadline),
        "terminal": "pc" if seen.terminal == "counter" else seen.terminal,
    }
    return Event("contract.sent/1", data, {"ip": seen.ip} if seen.ip else {}, actor)


def completed(papers: Iterable[Paper], signed: Sequence[str], files: tuple[DocumentRef, ...] = ()) -> Event:
    """Build contract.completed; ``files`` are the documents' final bytes."""
    data: JsonObject = {"documents": _papers(papers), "signed_parties": list(signed)}
    return Event("contract.completed/1", data, documents=files)


def delivered(party: str, paper: Paper, channel: str, target: str) -> Event:
    """Build contract.delivered: the finished copy was given to a party."""
    data: JsonObject = {
        "party": party,
        "document": paper.document,
        "document_sha256": paper.sha256,
        "channel": channel,
    }
    return Event("contract.delivered/1", data, {"target": target})


def party_rejected(
    party: str, paper: Paper, reason_code: str, reason: str, seen: Seen, actor: Actor | None
) -> Event:
    """Build party.rejected."""
    data: JsonObject = {"party": party, "document_sha256": paper.sha256, "reason_code": reason_code}
    return Event("party.rejected/1", data, {"reason": reason, **seen.private}, actor)


def rejected(party: str, rejected_event: str) -> Event:
    """Build contract.rejected."""
    return Event("contract.rejected/1", {"party": party, "rejected_event": rejected_event})


def withdrawn(stage: str, reason: str, actor: Actor | None) -> Event:
    """Build contract.withdrawn; ``stage`` is draft, sent or partly_signed."""
    return Event("contract.withdrawn/1", {"stage": stage}, {"reason": reason}, actor)


def voided(basis: Basis, reason: str, order: str | None, actor: Actor | None) -> Event:
    """Build contract.voided; ``order`` is the SHA-256 (hex) of the agreement or order relied on."""
    private: JsonObject = {"reason": reason}
    if order is not None:
        private["order"] = order
    return Event("contract.voided/1", {"basis": str(basis)}, private, actor)


def expired(deadline: datetime, unsigned: Sequence[str]) -> Event:
    """Build contract.expired."""
    return Event(
        "contract.expired/1", {"deadline": format_time(deadline), "unsigned_parties": list(unsigned)}
    )


def extended(previous: datetime, deadline: datetime, reason: str, actor: Actor | None) -> Event:
    """Build contract.deadline_extended."""
    data: JsonObject = {"previous_deadline": format_time(previous), "deadline": format_time(deadline)}
    return Event("contract.deadline_extended/1", data, {"reason": reason}, actor)


def delegated(
    source: str,
    target: str,
    *,
    name: str,
    reason: str,
    authorization: str | None,
    seen: Seen,
    actor: Actor | None,
) -> Event:
    """Build party.delegated; ``authorization`` is the SHA-256 (hex) of the letter of authority, None if none was shown."""
    private: JsonObject = {"delegate_name": name, "reason": reason, **seen.private}
    if authorization is not None:
        private["authorization"] = authorization
    return Event("party.delegated/1", {"from_party": source, "to_party": target}, private, actor)


def approval(
    verb: str, step: str, approver: str, paper: Paper, reason: str | None, actor: Actor | None
) -> Event:
    """Build approval.requested, approval.approved or approval.rejected; ``step`` is send or sign."""
    data: JsonObject = {"step": step, "approver": approver, "document_sha256": paper.sha256}
    return Event(f"approval.{verb}/1", data, {} if reason is None else {"reason": reason}, actor)


def downloaded(party: str | None, paper: Paper, seen: Seen, actor: Actor | None) -> Event:
    """Build document.downloaded: somebody took a copy; a party its own, the sending side for its administration."""
    data: JsonObject = {
        "document": paper.document,
        "document_sha256": paper.sha256,
        "purpose": "administration" if party is None else "own_copy",
        "terminal": "pc" if seen.terminal == "counter" else seen.terminal,
    }
    if party is not None:
        data["party"] = party
    return Event("document.downloaded/1", data, seen.private, actor)


def _papers(papers: Iterable[Paper]) -> list[JsonValue]:
    return [{"document": each.document, "document_sha256": each.sha256} for each in papers]
