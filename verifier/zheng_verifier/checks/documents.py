"""C02: the files at hand are the documents that the events name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zheng_verifier.canonical import JsonObject
from zheng_verifier.checks.evidence import (
    Item,
    events_of,
    failed,
    indeterminate,
    not_applicable,
    not_provided,
    passed,
)
from zheng_verifier.encoding import format_hex
from zheng_verifier.entry import Entry
from zheng_verifier.report.model import Finding
from zheng_verifier.sealed import disclosure_digest, parse_disclosure
from zheng_verifier.timestamp.algorithms import IMPRINT_ALGORITHMS, digest


@dataclass(frozen=True, slots=True)
class Document:
    """A file given to the verifier: the name its user gave, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _Deposited:
    """A document as deposited: size and digests in hexadecimal, and the events that name it."""

    role: str
    size: int
    digests: tuple[tuple[str, str], ...]
    events: tuple[str, ...]

    @property
    def sha256(self) -> str:
        return dict(self.digests)["sha256"]


def check_documents(items: list[Item], documents: Sequence[Document]) -> list[Finding]:
    """Compare each file with what was deposited (C02): size and every known digest must agree."""
    deposited, findings = _collect(items)
    seen: set[str] = set()
    for document in documents:
        computed = {name: format_hex(digest(name, document.data)) for name in IMPRINT_ALGORITHMS}
        finding = _compare(document, computed, deposited)
        seen.add(computed["sha256"])
        findings.append(finding)
    findings.extend(
        not_provided(
            "DOCUMENT_NOT_SUPPLIED", f"{entry.role} {entry.sha256}", f"named by {', '.join(entry.events[:4])}"
        )
        for entry in deposited
        if entry.sha256 not in seen and documents
    )
    if not documents:
        missing = not_provided("NO_DOCUMENT", "documents", "no file was given to compare")
        findings.append(
            missing if deposited else not_applicable("NO_DOCUMENT", "documents", "none is named or given")
        )
    return findings


def _collect(items: list[Item]) -> tuple[list[_Deposited], list[Finding]]:
    found: dict[tuple[int, tuple[tuple[str, str], ...]], _Deposited] = {}
    findings: list[Finding] = []
    for item in events_of(items):
        if item.entry is None:
            continue
        for role, size, digests in _references(item, item.entry):
            if digests is None:
                findings.append(
                    not_provided("WITHHELD", f"{item.name} {role}", "the digest is sealed and not opened")
                )
                continue
            key = (size, tuple(sorted(digests.items())))
            known = found.get(key, _Deposited(role, size, key[1], ()))
            found[key] = _Deposited(known.role, size, known.digests, (*known.events, item.name))
    return list(found.values()), findings


def _references(item: Item, entry: Entry) -> Iterator[tuple[str, int, Mapping[str, str] | None]]:
    opened = {disclosure_digest(text): parse_disclosure(text).value for text in item.source.disclosures}
    for document in entry.claim.documents:
        if document.digests is not None:
            digests = {name: format_hex(value) for name, value in document.digests.items()}
            yield document.role, document.size, digests
        else:
            yield document.role, document.size, _opened_digests(opened.get(document.sealed or ""))


def _opened_digests(value: object) -> Mapping[str, str] | None:
    digests: JsonObject = value if isinstance(value, dict) else {}
    return {name: str(text) for name, text in digests.items()} if "sha256" in digests else None


def _compare(document: Document, computed: Mapping[str, str], deposited: Sequence[_Deposited]) -> Finding:
    observed: dict[str, Any] = {
        "size": len(document.data),
        "sha256": computed["sha256"],
        "sm3": computed["sm3"],
    }
    disagreeing = None
    for entry in deposited:
        known = [(name, text) for name, text in entry.digests if name in computed]
        equal = [name for name, text in known if computed[name] == text]
        if len(equal) == len(known) and entry.size == len(document.data):
            unknown = [name for name, _ in entry.digests if name not in computed]
            if unknown:
                detail = f"the digest by {unknown[0]} cannot be computed here"
                return indeterminate("UNKNOWN_ALGORITHM", document.name, detail, **observed)
            detail = f"{entry.role}, named by {', '.join(entry.events[:4])}"
            return passed(document.name, detail, **observed)
        if equal:
            disagreeing = entry
    if disagreeing is not None:
        return failed(
            "DIGEST_DISAGREEMENT",
            document.name,
            "one digest or the size agrees, another does not",
            **observed,
        )
    return failed("HASH_FAILURE", document.name, "no event names a document with these digests", **observed)
