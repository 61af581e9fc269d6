"""C13: what the PDF documents say about their signatures holds, and is what the events of the case say about them.

Three questions, in order: is each signature whole (bytes, digest, arithmetic, no change after it that it does not allow);
is what a party was shown the beginning of what was signed; is each signature that an event claims in the file, and as
claimed. Nothing about persons: that is for C14 and C18. Specification: docs/spec/pdf-signatures.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from zheng_verifier.checks.case import Fact, Facts, Match, compare
from zheng_verifier.checks.evidence import (
    failed,
    finding_of,
    indeterminate,
    not_applicable,
    not_provided,
    passed,
)
from zheng_verifier.encoding import format_hex, format_time
from zheng_verifier.examined import ExaminedDocument
from zheng_verifier.pdf_signatures.facts import (
    LEVELS,
    Change,
    Coverage,
    Prefix,
    SignatureFact,
    SignatureFacts,
)
from zheng_verifier.pdf_signatures.guard import error_of
from zheng_verifier.report.model import Finding, Text, say
from zheng_verifier.timestamp.algorithms import digest

_CLAIMED_LEVELS = {
    "cms": "PKCS7",
    "pades_b_b": "B-B",
    "pades_b_t": "B-T",
    "pades_b_lt": "B-LT",
    "pades_b_lta": "B-LTA",
}


@dataclass(frozen=True, slots=True)
class FoundSignature:
    """A signature in a document at hand: ``number`` from 1 within it; document time-stamps are not counted."""

    document: ExaminedDocument
    facts: SignatureFacts
    number: int
    fact: SignatureFact

    @property
    def subject(self) -> Text:
        """How findings name it."""
        return say("pdf.signature", number=self.number, field=self.fact.field, document=self.document.name)


def find_signatures(documents: Sequence[ExaminedDocument]) -> list[FoundSignature]:
    """Give the signatures of all documents, in the order in which they were made."""
    return [
        FoundSignature(document, document.signatures, number, fact)
        for document in documents
        if document.signatures is not None
        for number, fact in enumerate(
            (each for each in document.signatures.signatures if not each.is_timestamp), start=1
        )
    ]


def check_pdf_signatures(
    case: Facts, documents: Sequence[ExaminedDocument], *, all_shown: bool
) -> list[Finding]:
    """Judge the signatures of all documents (C13); ``all_shown`` tells whether every entry of the case is."""
    found = find_signatures(documents)
    findings = [judge_signature(each) for each in found]
    named = _named_pdfs(case)
    for document in documents:
        findings.extend(_judge_file(document, named))
    fillings = _Fillings(case, all_shown)
    findings.extend(
        finding for claim in case.named("party.signed") for finding in _judge_claim(claim, found, fillings)
    )
    findings.extend(_judge_shown(case, found, fillings))
    findings.extend(_unnamed(case, found))
    if findings:
        return findings
    if not all_shown:
        return [not_provided("NO_SIGNATURE", say("the_case"), say("pdf.none_shown"))]
    if named - {bytes.fromhex(document.sha256) for document in documents}:
        return [not_provided("NO_DOCUMENT", say("the_case"), say("pdf.not_given"))]
    return [not_applicable("NO_SIGNATURE", say("the_case"), say("pdf.none"))]


def _named_pdfs(case: Facts) -> set[bytes]:
    """Give the SHA-256 of every document that an event calls a PDF; one whose digest is sealed has a name of its own."""
    return {
        str(document.sealed).encode() if document.digests is None else document.digests["sha256"]
        for fact in case.all
        for document in fact.entry.claim.documents
        if document.media_type == _PDF
    }


def _judge_file(document: ExaminedDocument, named: set[bytes]) -> Iterator[Finding]:
    """Say what is wrong with a file as a whole; ``named`` are the digests of what the events call PDFs."""
    subject, facts = say("pdf.document", document=document.name), document.signatures
    if facts is None:
        if bytes.fromhex(document.sha256) in named:
            yield indeterminate("FORMAT_FAILURE", subject, say("pdf.no_pdf"))
        return
    if facts.problem is not None:
        # That this reader cannot read a file shows nothing about what it says.
        yield indeterminate(facts.problem.code, subject, say("technical", text=facts.problem.detail))
    if facts.removed:
        fields = ", ".join(facts.removed[:8])
        yield failed("SUSPICIOUS_MODIFICATION", subject, say("pdf.removed", fields=fields))


def judge_signature(found: FoundSignature) -> Finding:
    """Judge one signature by itself."""
    fact, subject = found.fact, found.subject
    observed: dict[str, Any] = {
        "level": fact.level,
        "coverage": fact.coverage,
        "changes_after": fact.change or "",
        "signature_algorithm": fact.signature_algorithm,
        "claimed_at": format_time(fact.claimed_at) if fact.claimed_at is not None else "",
        "changed_fields": ", ".join(fact.changed_fields[:8]),
        "certified": fact.doc_mdp or "",
    }
    if fact.digest_ok is False:
        return failed("HASH_FAILURE", subject, say("pdf.altered"), **observed)
    if fact.signature_ok is False:
        return failed("SIG_CRYPTO_FAILURE", subject, say("pdf.false"), **observed)
    if fact.problem is not None:
        return finding_of(error_of(fact.problem), subject, **observed)
    if fact.digest_ok is None or fact.signature_ok is None:
        return failed("FORMAT_FAILURE", subject, say("pdf.no_digest"), **observed)
    if fact.coverage not in (Coverage.ENTIRE_FILE, Coverage.ENTIRE_REVISION):
        return failed("PARTIAL_COVERAGE", subject, say("pdf.partial"), **observed)
    if fact.change is None:
        detail = say("technical", text=fact.change_detail)
        return indeterminate("MODIFICATIONS_UNCLEAR", subject, detail, **observed)
    if fact.change is Change.OTHER:
        detail = say("pdf.modified", detail=fact.change_detail)
        return failed("SUSPICIOUS_MODIFICATION", subject, detail, **observed)
    if fact.doc_mdp_ok is False:
        return failed("SUSPICIOUS_MODIFICATION", subject, say("pdf.not_permitted"), **observed)
    return passed(subject, say(_AFTER[fact.change]), **observed)


_AFTER = {
    Change.NONE: "pdf.unchanged",
    Change.LTA_UPDATES: "pdf.lta",
    Change.FORM_FILLING: "pdf.filled",
    Change.ANNOTATIONS: "pdf.annotated",
}


# What events claim


def named_by(claim: Fact, found: Sequence[FoundSignature]) -> FoundSignature | None:
    """Find the signature that an event claims, by the digest of its CMS value, best in the file that it names."""
    wanted, after = claim.text("signature_sha256"), _digest(claim, "after_sha256")
    alike = [each for each in found if format_hex(each.fact.contents_sha256) == wanted]
    # A later file holds it too: the one that the event names comes first.
    return next((each for each in alike if after in each.facts.digests()), alike[0] if alike else None)


def _judge_claim(claim: Fact, found: Sequence[FoundSignature], fillings: "_Fillings") -> Iterator[Finding]:
    """Hold a claimed signature against the file that it is said to be in."""
    signature, after = named_by(claim, found), _digest(claim, "after_sha256")
    if signature is None:
        yield _missing(claim, found, after)
        return
    subject = say("pdf.claimed", event=claim.subject, signature=signature.subject)
    differences = list(_differences(claim, signature))
    if differences:
        names = ", ".join(differences)
        yield failed("SIGNATURE_MISMATCH", subject, say("pdf.differs", members=names))
        return
    if after is not None and after not in signature.facts.digests():
        # The same signature in a file that never was the one named: cut off, or made over.
        yield indeterminate("SIGNED_DATA_NOT_FOUND", subject, say("pdf.other_file"))
        return
    before = _digest(claim, "before_sha256")
    yield passed(subject, say("pdf.as_claimed"))
    if before is not None:
        yield _judge_prefix(subject, signature, before, fillings)


def _digest(fact: Fact, field: str) -> bytes | None:
    """Give a digest that an event states; None where it is sealed and not opened."""
    text = fact.text(field)
    return None if text is None else bytes.fromhex(text)


def _missing(claim: Fact, found: Sequence[FoundSignature], after: bytes | None) -> Finding:
    if after is not None and any(after in each.facts.digests() for each in found):
        return failed("NO_SIGNATURE", claim.subject, say("pdf.not_in_file"))
    if not found:
        return not_provided("NO_DOCUMENT", claim.subject, say("pdf.no_file"))
    return not_provided("NO_SIGNATURE", claim.subject, say("pdf.not_at_hand"))


def _differences(claim: Fact, signature: FoundSignature) -> Iterator[str]:
    """Name the members of the event that the file contradicts; what is sealed contradicts nothing."""
    fact = signature.fact
    if claim.text("field") != fact.field:
        yield "field"
    if claim.value("byte_range") != list(fact.byte_range):
        yield "byte_range"
    fingerprint = format_hex(digest("sha256", fact.signer)) if fact.signer is not None else None
    if compare(claim.value("certificate"), fingerprint) is Match.OTHER:
        yield "certificate"
    level = _CLAIMED_LEVELS.get(claim.text("level") or "")
    if level is not None and LEVELS.index(fact.level) < LEVELS.index(level):
        yield "level"


def _unnamed(case: Facts, found: Sequence[FoundSignature]) -> Iterator[Finding]:
    """Name signatures that no event claims, where events claim any."""
    claims = case.named("party.signed")
    named = {id_of(each) for claim in claims if (each := named_by(claim, found)) is not None}
    for each in found:
        if id_of(each) not in named:
            yield passed(each.subject, say("pdf.unnamed"), code="SIGNATURE_NOT_NAMED")


def id_of(found: FoundSignature) -> bytes:
    """Give what tells signatures apart."""
    return found.fact.contents_sha256


# What was shown


@dataclass(frozen=True, slots=True)
class _Shown:
    """A document as an event names it before it was signed: ``reference`` is that of the document in this case."""

    fact: Fact
    reference: str | None
    sha256: bytes


_ROLES = ("shown", "finalized")


def _shown(case: Facts) -> Iterator[_Shown]:
    for fact in case.all:
        reference = fact.text("document")
        if fact.name == "document.finalized" and (stated := _digest(fact, "document_sha256")) is not None:
            yield _Shown(fact, reference, stated)
        for document in fact.entry.claim.documents:
            if document.role in _ROLES and document.digests is not None and document.media_type == _PDF:
                yield _Shown(fact, reference, document.digests["sha256"])


_PDF = "application/pdf"


def _judge_shown(case: Facts, found: Sequence[FoundSignature], fillings: "_Fillings") -> Iterator[Finding]:
    """See whether each document that was shown is the beginning of one that was signed."""
    by_claim = [
        (claim.text("document"), each)
        for claim in case.named("party.signed")
        if (each := named_by(claim, found)) is not None
    ]
    seen = set[bytes]()
    for shown in _shown(case):
        if shown.sha256 in seen:
            continue
        seen.add(shown.sha256)
        holding = next((each for each in found if each.facts.prefix(shown.sha256) is not None), None)
        subject = say("pdf.shown", event=shown.fact.subject)
        if holding is not None:
            yield _judge_prefix(subject, holding, shown.sha256, fillings)
            continue
        linked = [each for reference, each in by_claim if reference == shown.reference]
        if linked or (found and not by_claim):
            yield indeterminate("SIGNED_DATA_NOT_FOUND", subject, say("pdf.not_a_prefix"))


@dataclass(frozen=True, slots=True)
class _Fillings:
    """What events tell of documents that were filled in; ``all_shown``: every entry of the case is at hand."""

    case: Facts
    all_shown: bool

    def judge(self, subject: Text, facts: SignatureFacts, prefix: Prefix) -> Finding:
        """Judge fields that were filled in behind a document that was shown: somebody is said to have done so, or not."""
        fields = ", ".join(prefix.filled[:8])
        told = self.case.named("document.filled")
        lengths = {each.sha256: each.length for each in facts.prefixes}
        for filled in told:
            before, after = _digest(filled, "before_sha256"), _digest(filled, "after_sha256")
            if after is None or lengths.get(after, 0) <= prefix.length:
                continue
            if before is None or lengths.get(before, -1) >= prefix.length:
                return passed(
                    subject,
                    say("pdf.prefix_filled", event=filled.subject, fields=fields),
                    length=prefix.length,
                )
        hidden = not self.all_shown or any(_digest(filled, "after_sha256") is None for filled in told)
        if hidden:
            return indeterminate("MODIFICATIONS_UNCLEAR", subject, say("pdf.filled_untold", fields=fields))
        return failed(
            "SUSPICIOUS_MODIFICATION",
            subject,
            say("pdf.filled_untold", fields=fields),
            length=prefix.length,
        )


def _judge_prefix(subject: Text, signature: FoundSignature, sha256: bytes, fillings: _Fillings) -> Finding:
    """Judge whether a signature signs what begins with a document, and nothing else was put into it before."""
    prefix = signature.facts.prefix(sha256)
    if prefix is None:
        return indeterminate("SIGNED_DATA_NOT_FOUND", subject, say("pdf.not_a_prefix"))
    earlier = [each for each in signature.facts.signatures if 0 < each.end <= prefix.length]
    if prefix.length >= signature.fact.end > 0:
        return failed("SIGNED_DATA_NOT_FOUND", subject, say("pdf.after_signature"))
    if earlier:  # what came between is judged with the earlier signature
        return passed(subject, say("pdf.prefix"), length=prefix.length)
    if prefix.change is None:
        return indeterminate("MODIFICATIONS_UNCLEAR", subject, say("pdf.prefix_unclear"))
    if prefix.change is Change.OTHER:
        return failed("SUSPICIOUS_MODIFICATION", subject, say("pdf.prefix_changed"), length=prefix.length)
    if prefix.filled:
        return fillings.judge(subject, signature.facts, prefix)
    return passed(subject, say("pdf.prefix"), length=prefix.length)
