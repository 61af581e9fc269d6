"""One filled signature field of a PDF: coverage, arithmetic, and what was changed after it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from zheng_verifier.errors import EvidenceError, MalformedError, UncheckableError, shown
from zheng_verifier.pdf_signatures.cms import Cms, check_signature, message_digest, read_cms
from zheng_verifier.pdf_signatures.document import Comparison, Document
from zheng_verifier.pdf_signatures.facts import (
    LEVEL_PKCS7,
    LEVEL_TIMESTAMP,
    Change,
    Coverage,
    SignatureFact,
)
from zheng_verifier.pdf_signatures.guard import problem_of, reading
from zheng_verifier.pdf_signatures.objects import member, resolve
from zheng_verifier.timestamp import parse_response
from zheng_verifier.timestamp.algorithms import digest, digest_name

PADES, DOCUMENT_TIMESTAMP = "/ETSI.CAdES.detached", "/ETSI.RFC3161"
_SIGNATURES = (PADES, "/adbe.pkcs7.detached")
_NO_DIGEST = bytes(32)


@dataclass(frozen=True, slots=True)
class ReadSignature:
    """A signature as read: ``cms`` and ``revision`` (which it belongs to) are None if it could not be read."""

    fact: SignatureFact
    cms: Cms | None = None
    revision: int | None = None


def read_field(document: Document, name: str, reference: Any) -> ReadSignature:
    """Read one signature field; what is wrong with it stands in ``problem``."""
    bare = _bare(name)
    try:
        with reading("the signature"):
            return _read_field(document, bare, reference)
    except EvidenceError as error:
        return ReadSignature(replace(bare, problem=problem_of(error)))


def _bare(name: str) -> SignatureFact:
    """Give the fact about a signature of which nothing is known but its field; control characters are escaped."""
    return SignatureFact(
        field=shown(name),
        sub_filter="",
        level=LEVEL_PKCS7,
        byte_range=(),
        coverage=Coverage.UNCLEAR,
        end=0,
        contents_sha256=_NO_DIGEST,
        claimed_at=None,
        digest_algorithm="",
        signature_algorithm="",
        digest_ok=None,
        signature_ok=None,
        problem=None,
        signer=None,
        stamped=b"",
        timestamps=(),
        digests={},
        change=None,
        change_detail="",
        changed_fields=(),
        doc_mdp=None,
        doc_mdp_ok=None,
        visible=False,
    )


def _read_field(document: Document, bare: SignatureFact, reference: Any) -> ReadSignature:
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, extract_contents

    dictionary = resolve(reference)["/V"]
    sub_filter = str(member(dictionary, "/SubFilter", ""))
    if sub_filter not in (*_SIGNATURES, DOCUMENT_TIMESTAMP):
        raise UncheckableError("UNKNOWN_ALGORITHM", f"signatures of kind {sub_filter!r} are not known")
    cms = read_cms(extract_contents(dictionary), "/Contents")
    embedded = EmbeddedPdfSignature(document.reader, reference, bare.field)
    byte_range = tuple(int(number) for number in embedded.byte_range)
    coverage, end = _coverage(document.pdf, embedded, byte_range)
    fact = replace(
        bare,
        sub_filter=shown(sub_filter),
        byte_range=byte_range[:8],
        coverage=coverage,
        end=end,
        visible=_is_visible(embedded.sig_field),
    )
    return ReadSignature(_judge(document, fact, embedded, cms), cms, int(embedded.signed_revision))


def _judge(document: Document, fact: SignatureFact, embedded: Any, cms: Cms) -> SignatureFact:
    """Do the arithmetic, and look at what came after."""
    covered = _covered(document.pdf, fact.byte_range)
    fact = replace(
        fact,
        contents_sha256=digest("sha256", cms.der),
        digest_algorithm=cms.digest_algorithm,
        signature_algorithm=cms.signature_algorithm,
        signer=cms.signer,
        claimed_at=_claimed_at(embedded),
    )
    try:
        if fact.sub_filter == DOCUMENT_TIMESTAMP:
            fact = replace(fact, level=LEVEL_TIMESTAMP, timestamps=(cms.der,))
            fact = _check_timestamp(fact, covered)
        else:
            fact = replace(fact, stamped=cms.signature, timestamps=cms.timestamps)
            fact = _check_signed(fact, cms, covered, embedded)
    except EvidenceError as error:
        fact = replace(fact, problem=problem_of(error))
    return _with_changes(document, fact, embedded)


def _covered(pdf: bytes, byte_range: tuple[int, ...]) -> bytes:
    """Give the bytes that are signed. Ranges outside the file give what of them lies in it, as everywhere."""
    pairs = zip(byte_range[::2], byte_range[1::2], strict=True)
    if any(number < 0 for number in byte_range):
        raise MalformedError("FORMAT_FAILURE", "a ByteRange with negative numbers")
    return b"".join(pdf[offset : offset + length] for offset, length in pairs)


def _check_timestamp(fact: SignatureFact, covered: bytes) -> SignatureFact:
    info = parse_response(fact.timestamps[0]).granted().info
    name = digest_name(info.imprint_algorithm, "tstInfo.messageImprint")
    computed = digest(name, covered)
    return replace(
        fact, digests={name: computed}, digest_ok=computed == info.imprint, claimed_at=info.gen_time
    )


def _check_signed(fact: SignatureFact, cms: Cms, covered: bytes, embedded: Any) -> SignatureFact:
    try:
        computed = digest(cms.digest_algorithm, covered)
    except KeyError:
        computed = bytes(embedded.compute_digest())  # SHA-3 and its kin, where pyHanko knows them
    signed = message_digest(cms)
    fact = replace(fact, digest_ok=None if signed is None else signed == computed)
    try:
        holds = check_signature(cms, computed, fact.field)
    except EvidenceError as error:
        return replace(fact, problem=problem_of(error))
    return replace(fact, digest_ok=holds if signed is None else fact.digest_ok, signature_ok=holds)


def _coverage(pdf: bytes, embedded: Any, byte_range: tuple[int, ...]) -> tuple[Coverage, int]:
    """Say which bytes are covered, and where they end. pyHanko's answer counts only where the hole is /Contents.

    pyHanko adds up lengths for a whole file; a ByteRange whose second part begins inside the hole would pass.
    """
    if len(byte_range) != 4 or not _hole_is_contents(pdf, byte_range, embedded.pkcs7_content):
        return Coverage.UNCLEAR, 0
    end = byte_range[2] + byte_range[3]
    if end == len(pdf):
        return Coverage.ENTIRE_FILE, end
    found = embedded.evaluate_signature_coverage().name
    known = {"ENTIRE_REVISION": Coverage.ENTIRE_REVISION, "CONTIGUOUS_BLOCK_FROM_START": Coverage.PARTIAL}
    return known.get(found, Coverage.UNCLEAR), end


def _hole_is_contents(pdf: bytes, byte_range: tuple[int, ...], contents: bytes) -> bool:
    first, length, second, rest = byte_range
    if first != 0 or not 0 < length < second <= second + rest <= len(pdf):
        return False
    hole = pdf[length:second]
    if not (hole.startswith(b"<") and hole.endswith(b">")):
        return False
    try:
        return bytes.fromhex(hole[1:-1].decode("ascii")) == contents
    except ValueError:
        return False


def _with_changes(document: Document, fact: SignatureFact, embedded: Any) -> SignatureFact:
    embedded.coverage = None  # decided here, not by pyHanko
    permitted, after = None, Comparison(None)
    try:
        with reading("the permissions of the signature"):
            permitted, fields = embedded.docmdp_level, embedded.fieldmdp
    except EvidenceError as error:
        return replace(fact, change_detail=error.detail)
    if fact.coverage is Coverage.ENTIRE_FILE:
        after = Comparison(Change.NONE)
    elif fact.coverage is Coverage.ENTIRE_REVISION:
        after = document.compare(int(embedded.signed_revision), document.last, fields, permitted)
        if after.change is not None and _tail(document.pdf):
            after = Comparison(Change.OTHER, "bytes follow that belong to no revision")
    level = None if permitted is None else int(permitted.value)
    return replace(
        fact,
        change=after.change,
        change_detail=after.detail,
        changed_fields=after.fields,
        doc_mdp=level,
        doc_mdp_ok=None
        if level is None or after.change is None
        else tuple(Change).index(after.change) <= level,
    )


def _tail(pdf: bytes) -> bytes:
    """Give what stands after the last end-of-file marker, white space aside."""
    return pdf[pdf.rfind(b"%%EOF") + len(b"%%EOF") :].strip(b"\0\t\n\f\r ")


def _claimed_at(embedded: Any) -> datetime | None:
    try:
        with reading("the claimed time"):
            moment: datetime | None = embedded.self_reported_timestamp
    except EvidenceError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _is_visible(field: Any) -> bool:
    """Tell whether a widget of the field has a size."""
    try:
        with reading("the appearance of the signature"):
            widgets = [resolve(kid) for kid in member(field, "/Kids", [field])]
            boxes = [[float(number) for number in member(each, "/Rect", (0, 0, 0, 0))] for each in widgets]
            return any(box[0] != box[2] and box[1] != box[3] for box in boxes)
    except EvidenceError:
        return False
