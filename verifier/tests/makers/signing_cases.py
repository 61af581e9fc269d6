"""Cases of a few events around a signed PDF, as the checks C13 and C14 see them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from makers.universe import CASE, ORIGIN, START, TENANT, uuid
from zheng_verifier.bundle import BundleEvent
from zheng_verifier.checks.bounds import Bounds
from zheng_verifier.checks.case import Fact, Facts
from zheng_verifier.checks.evidence import Item
from zheng_verifier.claim import Claim, DocumentRef
from zheng_verifier.entry import Checked, Entry, Leaf, Submitter
from zheng_verifier.examined import Document, ExaminedDocument, examine_document
from zheng_verifier.pdf_signatures import SignatureFact
from zheng_verifier.report.model import TimeBound, say
from zheng_verifier.taxonomy.sequence import CaseEvent
from zheng_verifier.timestamp.algorithms import digest

REFERENCE = uuid("signed document")
KEY = uuid("signing key")


def examined(pdf: bytes, name: str = "contract.pdf") -> ExaminedDocument:
    return examine_document(Document(name, pdf))


def event(seq: int, kind: str, data: dict[str, Any], documents: Sequence[DocumentRef] = ()) -> Fact:
    """An event that is shown, with all its values."""
    claim = Claim(ORIGIN, TENANT, CASE, uuid(f"signing {seq}"), f"{kind}/1", data, documents=tuple(documents))
    entry = Entry(claim, Submitter("service"), START, Checked((), True), bytes(16))
    item = Item(seq, True, BundleEvent(b"", b"", ()), bytes(32), Leaf(CASE, seq, None, bytes(32)), entry)
    return Fact(item, entry, CaseEvent(seq, claim.id, f"{kind}/1", data, None))


def case(*facts: Fact) -> Facts:
    return Facts(facts, len(facts), {})


def sha256(data: bytes) -> str:
    return digest("sha256", data).hex()


def signed(seq: int, fact: SignatureFact, before: bytes, after: bytes, **changes: Any) -> Fact:
    """The event of a signature, as it is; ``changes`` of None leave a member out."""
    assert fact.signer is not None
    data = {
        "document": REFERENCE,
        "before_sha256": sha256(before),
        "after_sha256": sha256(after),
        "field": fact.field,
        "byte_range": list(fact.byte_range),
        "signature_sha256": fact.contents_sha256.hex(),
        "level": {"PKCS7": "cms"}.get(fact.level, "pades_" + fact.level.lower().replace("-", "_")),
        "certificate": sha256(fact.signer),
        "key": KEY,
    } | changes
    return event(seq, "party.signed", {name: value for name, value in data.items() if value is not None})


def finalized(seq: int, data: bytes, reference: str = REFERENCE) -> Fact:
    return event(seq, "document.finalized", {"document": reference, "document_sha256": sha256(data)})


def bounds(moment: datetime | None, *, trusted: bool = True) -> Bounds:
    bound = None if moment is None else TimeBound(moment, say("times.tsa", name="case"), trusted)
    return Bounds(None, bound, None)
