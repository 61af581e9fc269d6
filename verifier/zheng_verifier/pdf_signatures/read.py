"""``read_signatures``: from the bytes of a PDF to the facts about its signatures.

    bytes ─► limits ─► pyHanko's reader ─► fields ─► each signature: coverage, arithmetic, changes after ─► levels
                                       └─► revisions and what was changed before the first signature

A file made by an attacker ends in a fact ("could not be read: why"), never in an exception.
"""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from zheng_verifier.errors import EvidenceError
from zheng_verifier.pdf_signatures.document import Comparison, Document, open_document
from zheng_verifier.pdf_signatures.facts import Prefix, SignatureFacts
from zheng_verifier.pdf_signatures.guard import MAX_BLOB_SIZE, MAX_BLOBS, problem_of, reading
from zheng_verifier.pdf_signatures.levels import find_levels
from zheng_verifier.pdf_signatures.prefixes import digest_prefixes, find_ends, revision_ends
from zheng_verifier.pdf_signatures.signature import ReadSignature, read_field


def read_signatures(pdf: bytes) -> SignatureFacts:
    """Read all signatures of a PDF. Never raises for anything in the file: ``problem`` says why it was not read."""
    sha256 = hashlib.sha256(pdf).digest()
    try:
        with reading("the file"):
            return _read(pdf, SignatureFacts(len(pdf), sha256, None))
    except EvidenceError as error:
        return SignatureFacts(len(pdf), sha256, problem_of(error))


def _read(pdf: bytes, facts: SignatureFacts) -> SignatureFacts:
    document = open_document(pdf)
    ends = set(find_ends(pdf))
    fields = document.fields()
    found = [read_field(document, name, reference) for name, reference in fields]
    found.sort(key=lambda each: (each.fact.end, each.fact.field))
    ends |= {each.fact.end for each in found if 0 < each.fact.end <= len(pdf)}
    facts = _with_blobs(facts, document, found)
    return replace(
        facts,
        prefixes=_judge_earlier(document, found, digest_prefixes(pdf, ends)),
        signatures=find_levels(document, found),
        removed=_removed(document, {name for name, _ in fields}),
    )


def _removed(document: Document, present: set[str]) -> tuple[str, ...]:
    """Name the fields that were signed in an earlier revision and are not in the last."""
    gone = set[str]()
    for revision in range(document.last):
        # A revision that cannot be read had no signature that anybody could see.
        with suppress(EvidenceError), reading("an earlier revision"):
            gone |= {name for name, _ in document.fields(revision)} - present
    return tuple(sorted(gone))


def _judge_earlier(
    document: Document, found: Sequence[ReadSignature], prefixes: tuple[Prefix, ...]
) -> tuple[Prefix, ...]:
    """Say of each revision before the first signature what was changed until then."""
    first = min((each.revision for each in found if each.revision is not None), default=0)
    found_until: dict[int, Comparison] = {}
    for revision, lengths in revision_ends(document.pdf, document.starts(first)).items():
        found_until |= dict.fromkeys(lengths, document.compare_unsigned(revision, first))
    nothing = Comparison(None)
    return tuple(
        replace(each, change=known.change, filled=known.fields)
        for each in prefixes
        for known in (found_until.get(each.length, nothing),)
    )


def _with_blobs(facts: SignatureFacts, document: Document, found: Sequence[ReadSignature]) -> SignatureFacts:
    """Gather certificates and revocation data out of the signatures and the security store, each once."""
    store = document.store(document.last)
    values = [each.cms for each in found if each.cms is not None]
    kinds = [
        [*(der for value in values for der in value.certificates), *store.certificates],
        [*(der for value in values for der in value.crls), *store.crls],
        [*(der for value in values for der in value.ocsps), *store.ocsps],
    ]
    left_out, left, kept = store.left_out, MAX_BLOBS, []
    for kind in kinds:
        unique = tuple(dict.fromkeys(kind))
        small = tuple(der for der in unique if len(der) <= MAX_BLOB_SIZE)[:left]
        left, left_out = left - len(small), left_out + len(unique) - len(small)
        kept.append(small)
    certificates, crls, ocsps = kept
    return replace(facts, certificates=certificates, crls=crls, ocsps=ocsps, left_out=left_out)
