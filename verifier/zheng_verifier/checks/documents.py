"""C02: the files at hand are the documents that the events name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zheng_verifier.checks.evidence import (
    Item,
    events_of,
    failed,
    indeterminate,
    not_applicable,
    not_provided,
    passed,
)
from zheng_verifier.claim import DocumentRef
from zheng_verifier.encoding import format_hex
from zheng_verifier.examined import ExaminedDocument
from zheng_verifier.report.model import Finding
from zheng_verifier.report.sentences import word
from zheng_verifier.sealed import disclosure_digest, parse_disclosure


@dataclass(slots=True)
class _Deposited:
    """A document as deposited: size, digests in hexadecimal, events that name it, and those whose bytes were seen."""

    role: str
    size: int
    digests: Mapping[str, str]
    events: list[str] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)

    @property
    def sha256(self) -> str:
        """SHA-256, which every document has."""
        return self.digests["sha256"]


def check_documents(items: list[Item], documents: Sequence[ExaminedDocument]) -> list[Finding]:
    """Compare each file with what was deposited (C02): size and every known digest must agree."""
    deposited, findings = _collect(items)
    closed = bool(findings) or any(item.entry is None for item in events_of(items))
    supplied: set[str] = set()
    for document in documents:
        supplied.add(document.sha256)
        findings.append(_compare(document, deposited, closed=closed))
    if documents:
        findings.extend(_missing(entry) for entry in deposited if entry.sha256 not in supplied)
    elif deposited:
        findings.append(not_provided("NO_DOCUMENT", "documents", "no file was given to compare"))
    elif not findings:
        findings.append(not_applicable("NO_DOCUMENT", "documents", "none is named or given"))
    return findings


def _missing(entry: _Deposited) -> Finding:
    subject = f"{entry.role} {entry.sha256}"
    return not_provided("DOCUMENT_NOT_SUPPLIED", subject, f"named by {', '.join(entry.events[:4])}")


def _collect(items: list[Item]) -> tuple[list[_Deposited], list[Finding]]:
    """Gather what the events name; the findings are of digests that are sealed and not opened."""
    found: dict[tuple[int, tuple[tuple[str, str], ...]], _Deposited] = {}
    findings: list[Finding] = []
    for item in events_of(items):
        for position, document in enumerate(item.entry.claim.documents if item.entry is not None else ()):
            digests = _digests(item, document)
            if digests is None:
                subject = f"{word(item.name, 'en')} {document.role}"
                findings.append(not_provided("WITHHELD", subject, "the digest is sealed and not opened"))
                continue
            key = (document.size, tuple(sorted(digests.items())))
            known = found.setdefault(key, _Deposited(document.role, document.size, digests))
            known.events.append(word(item.name, "en"))
            if item.entry is not None and position in item.entry.checked.documents:
                known.checked.append(word(item.name, "en"))
    return list(found.values()), findings


def _digests(item: Item, document: DocumentRef) -> Mapping[str, str] | None:
    """Give a document's digests, out of the opened value where they are sealed; C03 has checked that value."""
    if document.digests is not None:
        return {name: format_hex(value) for name, value in document.digests.items()}
    for text in item.source.disclosures:
        if disclosure_digest(text) == document.sealed:
            value = parse_disclosure(text).value
            return {name: str(each) for name, each in value.items()} if isinstance(value, dict) else None
    return None


def _compare(document: ExaminedDocument, deposited: Sequence[_Deposited], *, closed: bool) -> Finding:
    """Compare one file; ``closed`` tells that some events do not show what they name."""
    name, computed = document.name, document.digests
    observed: dict[str, Any] = {"size": document.size} | {n: computed[n] for n in ("sha256", "sm3")}
    alike = [entry for entry in deposited if _agreeing(entry, computed)]
    if not alike and closed:
        detail = "no event that is shown names a document with these digests, and some are not shown"
        return indeterminate("DOCUMENT_NOT_NAMED", name, detail, **observed)
    if not alike:
        return failed("HASH_FAILURE", name, "no event names a document with these digests", **observed)
    for entry in alike:
        known = [algorithm for algorithm in entry.digests if algorithm in computed]
        if len(_agreeing(entry, computed)) < len(known) or entry.size != document.size:
            detail = f"of {', '.join(entry.events[:4])} one digest or the size agrees, another does not"
            return failed("DIGEST_DISAGREEMENT", name, detail, **observed)
    unknown = sorted(
        {algorithm for entry in alike for algorithm in entry.digests if algorithm not in computed}
    )
    if unknown:
        detail = f"the digest by {unknown[0]} cannot be computed here"
        return indeterminate("UNKNOWN_ALGORITHM", name, detail, **observed)
    events = [event for entry in alike for event in entry.events]
    checked = [event for entry in alike for event in entry.checked]
    observed["hashed_by_service"] = ", ".join(checked[:4]) or "no: stated by the submitter only"
    return passed(name, f"{alike[0].role}, named by {', '.join(events[:4])}", **observed)


def _agreeing(entry: _Deposited, computed: Mapping[str, str]) -> list[str]:
    return [name for name, text in entry.digests.items() if computed.get(name) == text]
