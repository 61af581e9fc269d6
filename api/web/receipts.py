"""Receipts as the API gives them: the ledger's proof, written so that a client can keep and check it as it is."""

from collections.abc import Sequence
from datetime import timedelta

from starlette.responses import Response
from zheng_verifier.canonical import JsonObject, JsonValue
from zheng_verifier.checkpoint import parse_checkpoint_body
from zheng_verifier.encoding import format_base64
from zheng_verifier.entry import parse_entry, parse_leaf
from zheng_verifier.note import parse_note
from zheng_verifier.tlog_proof import TlogProof, format_tlog_proof

from api.services import Services
from api.web.responses import json_response
from ledger.receipts import Receipt
from ledger.rules import ClockVerdict, judge_clock


def write_inclusion(index: int, size: int, path: Sequence[bytes]) -> JsonObject:
    """Write an inclusion path (RFC 9162 §2.1.3), sibling of the leaf first."""
    return {"index": index, "size": size, "path": [format_base64(item) for item in path]}


def receipt_response(
    receipts: Sequence[Receipt],
    services: Services,
    *,
    single: bool,
    sealed: Sequence[Sequence[str]] = (),
) -> Response:
    """Answer a deposit: 201, or 200 with `Idempotent-Replayed` where everything had been deposited before.

    ``sealed`` are the disclosures made now; for repeated deposits those of the first time are read from the vault.
    """
    flag = timedelta(seconds=services.settings.limits.clock_flag)
    written: list[JsonValue] = []
    for position, receipt in enumerate(receipts):
        disclosures = tuple(sealed[position]) if sealed else ()
        if receipt.replayed and disclosures:
            disclosures = held_disclosures(receipt, services)
        written.append(write_receipt(receipt, clock_flag=flag, disclosures=disclosures))
    services.metrics.count_events(sum(not receipt.replayed for receipt in receipts))
    replayed = all(receipt.replayed for receipt in receipts)
    return json_response(
        written[0] if single else {"receipts": written},
        status=200 if replayed else 201,
        headers={"Idempotent-Replayed": "true"} if replayed else {},
    )


def held_disclosures(receipt: Receipt, services: Services) -> tuple[str, ...]:
    """Give the disclosures of an event that the vault still holds."""
    seq = parse_leaf(receipt.leaf).seq
    held = services.ledger.vault.disclosures(receipt.case, seq)
    return tuple(each.text for each in held if each.text is not None)


def write_receipt(
    receipt: Receipt, *, clock_flag: timedelta, disclosures: Sequence[str] = (), level: str = "signed"
) -> JsonObject:
    """Write a receipt; ``disclosures`` are those the service made when it sealed plain values."""
    note = receipt.checkpoint
    size = parse_checkpoint_body(parse_note(note).text).size
    proof = TlogProof(receipt.leaf_index, receipt.path, note)
    body: JsonObject = {
        "id": receipt.event_id,
        "case": receipt.case,
        "seq": parse_leaf(receipt.leaf).seq,
        "leaf_index": receipt.leaf_index,
        "level": level,
        "leaf": receipt.leaf.decode(),
        "checkpoint": note.decode(),
        "inclusion": write_inclusion(receipt.leaf_index, size, receipt.path),
        "tlog_proof": format_tlog_proof(proof).decode(),
        "warnings": _warnings(receipt, clock_flag),
    }
    if receipt.entry is not None:
        body["entry"] = receipt.entry.decode()
    return body if not disclosures else body | {"disclosures": list(disclosures)}


def _warnings(receipt: Receipt, clock_flag: timedelta) -> list[JsonValue]:
    """Say what was noticed; read from the entry alone, so that a repeated answer warns alike."""
    warnings: list[JsonValue] = []
    if receipt.entry is None:
        return warnings
    entry = parse_entry(receipt.entry)
    verdict = judge_clock(entry.claim.occurred_at, entry.received_at, flagged=clock_flag)
    if verdict is not ClockVerdict.FINE and entry.claim.occurred_at is not None:
        offset = (entry.claim.occurred_at - entry.received_at).total_seconds()
        warnings.append(
            {
                "code": "clock-skew",
                "detail": f"occurred_at lies {abs(offset):.0f} s {'after' if offset > 0 else 'before'} our clock",
            }
        )
    if entry.claim.sealed and not entry.checked.sealed:
        warnings.append(
            {"code": "sealed-unseen", "detail": "sealed values were not disclosed to us: shown as NEVER HELD"}
        )
    return warnings
