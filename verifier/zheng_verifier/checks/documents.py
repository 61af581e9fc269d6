"""C02: the files at hand are the documents that the events name.

The check is about the files that were given: it passes if there is one at least and every one agrees. What the events
name and nobody gave is listed beside and does not lower it (ADR 0009); how many there were stands in the code PARTIAL.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zheng_verifier.checks.evidence import (
    Item,
    events_of,
    failed,
    indeterminate,
    names_of,
    not_applicable,
    not_provided,
    passed,
)
from zheng_verifier.claim import DocumentRef
from zheng_verifier.encoding import format_hex
from zheng_verifier.examined import ExaminedDocument
from zheng_verifier.report.model import DocumentView, Finding, Status, say
from zheng_verifier.sealed import disclosure_digest, parse_disclosure


@dataclass(slots=True)
class _Deposited:
    """A document as deposited: size, digests in hexadecimal, events that name it, and those whose bytes were seen."""

    role: str
    size: int
    digests: Mapping[str, str]
    events: list[Item] = field(default_factory=list)
    checked: list[Item] = field(default_factory=list)

    @property
    def sha256(self) -> str:
        """SHA-256, which every document has."""
        return self.digests["sha256"]


@dataclass(frozen=True, slots=True)
class DocumentsFound:
    """What C02 found: ``findings`` decide it, ``beside`` does not, ``views`` are the documents for the report."""

    findings: list[Finding]
    beside: list[Finding]
    views: tuple[DocumentView, ...]


def check_documents(items: list[Item], documents: Sequence[ExaminedDocument]) -> DocumentsFound:
    """Compare each file with what was deposited (C02): size and every known digest must agree."""
    deposited, hidden = _collect(items)
    closed = bool(hidden) or any(item.entry is None for item in events_of(items))
    findings = [_compare(document, deposited, closed=closed) for document in documents]
    given = {document.sha256 for document in documents}
    missing = [entry for entry in deposited if entry.sha256 not in given]
    beside = [*(_missing(entry) for entry in missing), *hidden]
    if not documents and beside:
        findings = [not_provided("NO_DOCUMENT", say("documents.all"), say("documents.none_given"))]
    elif not documents:
        findings = [not_applicable("NO_DOCUMENT", say("documents.all"), say("documents.none_named"))]
    elif beside and all(finding.status is Status.PASSED for finding in findings):
        found, total = len({d.sha256 for d in documents}), len(deposited) + len(hidden)
        share = say("documents.share", given=found, total=total)
        findings.insert(0, passed(say("documents.all"), share, code="PARTIAL"))
    return DocumentsFound(findings, beside, tuple(_views(deposited, documents)))


def _missing(entry: _Deposited) -> Finding:
    subject = say("documents.document", role=entry.role, sha256=entry.sha256)
    return not_provided(
        "DOCUMENT_NOT_SUPPLIED", subject, say("documents.named_by", events=names_of(entry.events))
    )


def _collect(items: list[Item]) -> tuple[list[_Deposited], list[Finding]]:
    """Gather what the events name; the findings are of digests that are sealed and not opened."""
    found: dict[tuple[int, tuple[tuple[str, str], ...]], _Deposited] = {}
    findings: list[Finding] = []
    for item in events_of(items):
        for position, document in enumerate(item.entry.claim.documents if item.entry is not None else ()):
            digests = _digests(item, document)
            if digests is None:
                subject = say("documents.of_event", event=item.name, role=document.role)
                findings.append(not_provided("WITHHELD", subject, say("documents.sealed")))
                continue
            key = (document.size, tuple(sorted(digests.items())))
            known = found.setdefault(key, _Deposited(document.role, document.size, digests))
            known.events.append(item)
            if item.entry is not None and position in item.entry.checked.documents:
                known.checked.append(item)
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
    subject, computed = say("documents.file", name=document.name), document.digests
    observed: dict[str, Any] = {"size": document.size} | {n: computed[n] for n in ("sha256", "sm3")}
    alike = [entry for entry in deposited if _agreeing(entry, computed)]
    if not alike and closed:
        return indeterminate("DOCUMENT_NOT_NAMED", subject, say("documents.not_named_here"), **observed)
    if not alike:
        return failed("HASH_FAILURE", subject, say("documents.not_named"), **observed)
    for entry in alike:
        if not _same(entry, document):
            detail = say("documents.disagreement", events=names_of(entry.events))
            return failed("DIGEST_DISAGREEMENT", subject, detail, **observed)
    unknown = sorted({name for entry in alike for name in entry.digests if name not in computed})
    if unknown:
        detail = say("documents.unknown_algorithm", algorithm=unknown[0])
        return indeterminate("UNKNOWN_ALGORITHM", subject, detail, **observed)
    events = names_of([event for entry in alike for event in entry.events])
    hashed = any(entry.checked for entry in alike)
    key = "documents.same_hashed" if hashed else "documents.same_stated"
    return passed(subject, say(key, role=alike[0].role, events=events), **observed)


def _same(entry: _Deposited, document: ExaminedDocument) -> bool:
    """Tell whether the size and every digest that can be computed here agree."""
    known = [name for name in entry.digests if name in document.digests]
    return len(_agreeing(entry, document.digests)) == len(known) and entry.size == document.size


def _agreeing(entry: _Deposited, computed: Mapping[str, str]) -> list[str]:
    return [name for name, text in entry.digests.items() if computed.get(name) == text]


def _views(deposited: Sequence[_Deposited], documents: Sequence[ExaminedDocument]) -> list[DocumentView]:
    """List what the events name, each with the file that was compared to it."""
    views = []
    for entry in deposited:
        file = next((document for document in documents if _agreeing(entry, document.digests)), None)
        status = Status.NOT_PROVIDED
        if file is not None:
            status = _compare(file, [entry], closed=False).status
        views.append(
            DocumentView(
                name=None if file is None else file.name,
                role=entry.role,
                size=entry.size,
                sha256=entry.sha256,
                sm3=entry.digests.get("sm3"),
                events=tuple(item.leaf.seq for item in entry.events if item.leaf is not None),
                hashed_by_service=bool(entry.checked),
                status=status,
            )
        )
    return views
