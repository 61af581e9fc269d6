"""A PDF as pyHanko reads it: its revisions, its signature fields, its document security store (ISO 32000-2 §12.8.4.3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from zheng_verifier.errors import EvidenceError, MalformedError, UncheckableError
from zheng_verifier.pdf_signatures.facts import Change
from zheng_verifier.pdf_signatures.guard import (
    MAX_BLOB_SIZE,
    MAX_COMPARISONS,
    MAX_PDF_SIZE,
    MAX_REVISIONS,
    MAX_SIGNATURES,
    reading,
)
from zheng_verifier.pdf_signatures.objects import member, resolve
from zheng_verifier.pdf_signatures.preparation import compare_preparation


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was changed between two revisions: the gravest change, None if it could not be judged, and why."""

    change: Change | None
    detail: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Store:
    """A document security store: DER certificates, CRLs and OCSP responses; ``left_out`` were too large or unreadable."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    left_out: int = 0


@dataclass(slots=True)
class Document:
    """A PDF that is open. ``reader`` is pyHanko's; ``left`` are the comparisons that may still be made."""

    pdf: bytes
    reader: Any
    left: int = MAX_COMPARISONS

    @property
    def last(self) -> int:
        """The number of the last revision, from 0."""
        return int(self.reader.xrefs.total_revisions) - 1

    def fields(self, revision: int | None = None) -> list[tuple[str, Any]]:
        """Give the filled signature fields, of the last revision or another, each with its reference.

        Raises:
            UncheckableError: LIMIT_EXCEEDED.

        """
        from pyhanko.sign.fields import enumerate_sig_fields

        handler = self.reader if revision is None else self.reader.get_historical_resolver(revision)
        found: list[tuple[str, Any]] = []
        for name, _, field in enumerate_sig_fields(handler, filled_status=True):
            if len(found) == MAX_SIGNATURES:
                raise UncheckableError("LIMIT_EXCEEDED", f"more than {MAX_SIGNATURES} signatures")
            found.append((str(name), field))
        return found

    def starts(self, before: int) -> list[int]:
        """Give the offsets of the cross-references of the revisions before one."""
        return [int(self.reader.xrefs.get_startxref_for_revision(number)) for number in range(before)]

    def compare(self, base: int, until: int, field_mdp: Any = None, doc_mdp: Any = None) -> Comparison:
        """Judge each revision after ``base`` up to ``until`` against ``base``, by pyHanko's list of what is harmless.

        pyHanko's own walk over a file is not used: it writes what it finds to a log, with words of the file.
        """
        from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, SuspiciousModification

        worst, fields = 0, set[str]()
        for number in range(base + 1, until + 1):
            if self.left == 0:
                return Comparison(None, "more revisions than are compared")
            self.left -= 1
            try:
                with reading("a later revision"):
                    old = self.reader.get_historical_resolver(base)
                    new = self.reader.get_historical_resolver(number)
                    try:
                        result = DEFAULT_DIFF_POLICY.apply(old, new, field_mdp, doc_mdp)
                    except SuspiciousModification as found:
                        return Comparison(Change.OTHER, EvidenceError("", str(found)).detail)
            except EvidenceError as error:
                return Comparison(None, error.detail)
            worst = max(worst, int(result.modification_level.value))
            fields |= {str(name) for name in result.changed_form_fields}
        return Comparison(tuple(Change)[worst], "", tuple(sorted(fields)))

    def compare_unsigned(self, base: int, until: int) -> Comparison:
        """Judge what was changed between a revision before any signature and the first that has one."""
        try:
            with reading("an earlier revision"):
                old, new = (self.reader.get_historical_resolver(number) for number in (base, until))
                found = compare_preparation(old, new)
        except EvidenceError as error:
            return Comparison(None, error.detail)
        change = Change.OTHER if found.different else Change.FORM_FILLING
        return Comparison(change, found.different, found.filled)

    def store(self, revision: int) -> Store:
        """Read the document security store as of a revision; one that does not parse is an empty one."""
        try:
            with reading("the document security store"):
                root = self.reader.get_historical_resolver(revision).root
                store = member(root, "/DSS", {})
                lists = [list(_streams(store, name)) for name in ("/Certs", "/CRLs", "/OCSPs")]
        except EvidenceError:
            return Store(left_out=1)
        certificates, crls, ocsps = (
            tuple(each for each in found if len(each) <= MAX_BLOB_SIZE) for found in lists
        )
        kept = len(certificates) + len(crls) + len(ocsps)
        return Store(certificates, crls, ocsps, sum(map(len, lists)) - kept)


def _streams(store: Any, name: str) -> Iterator[bytes]:
    from pyhanko.pdf_utils.decode_limits import DecodePurpose

    purpose = {
        "/Certs": DecodePurpose.CERTIFICATE,
        "/CRLs": DecodePurpose.CRL,
        "/OCSPs": DecodePurpose.OCSP_RESPONSE,
    }[name]
    for reference in member(store, name, ()):
        yield bytes(resolve(reference).read_data(purpose))


def open_document(pdf: bytes) -> Document:
    """Open a PDF.

    Raises:
        MalformedError: FORMAT_FAILURE.
        UncheckableError: LIMIT_EXCEEDED, ENCRYPTED, AMBIGUOUS.

    """
    from zheng_verifier.pdf_signatures.bounded import BoundedReader

    if len(pdf) > MAX_PDF_SIZE:
        raise UncheckableError("LIMIT_EXCEEDED", f"larger than {MAX_PDF_SIZE} bytes")
    if not pdf.startswith(b"%PDF-"):
        raise MalformedError("FORMAT_FAILURE", "does not begin as a PDF")
    reader = BoundedReader(pdf)
    if reader.encrypted:
        raise UncheckableError("ENCRYPTED", "the file is encrypted")
    if reader.xrefs.hybrid_xrefs_present:
        raise UncheckableError("AMBIGUOUS", "two tables of objects, of which programs choose differently")
    if reader.xrefs.total_revisions > MAX_REVISIONS:
        raise UncheckableError("LIMIT_EXCEEDED", f"more than {MAX_REVISIONS} revisions")
    return Document(pdf, reader)
