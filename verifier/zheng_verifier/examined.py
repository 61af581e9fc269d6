"""What a verification looked at, before anyone's policy has judged it.

    files ─► examine ─► Examined ─► judge (policy, time) ─► Report
                            └─► diagnostic report ─► parse ─► judge (another policy) ─► another Report

Documents are kept as facts (size, digests, signatures), not as bytes: so a diagnostic report can be judged again
under another policy by somebody who may not see them. Everything that a check reads has to be in here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from zheng_verifier.encoding import format_hex
from zheng_verifier.errors import escape
from zheng_verifier.pdf_signatures.facts import SignatureFacts
from zheng_verifier.pdf_signatures.read import read_signatures
from zheng_verifier.timestamp.algorithms import IMPRINT_ALGORITHMS, digest

# SES_Header of GB/T 38540: IA5String "ES", INTEGER version; as bytes, or in hexadecimal as signatures stand in a PDF.
_SEAL_OBJECT = re.compile(rb"\x16\x02ES\x02\x01|1602455302010[1-9]", re.IGNORECASE)


PDF_MARK, PDF_WITHIN = b"%PDF-", 1024
"""Readers open a file as a PDF if the mark stands within so many bytes (ISO 32000-1, implementation note 13)."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file given to the verifier: the name its user gave, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ExaminedDocument:
    """A document as the checks see it: ``name`` safe to print, ``size`` in bytes, digests in lower-case hexadecimal.

    ``digests`` has every algorithm of ``IMPRINT_ALGORITHMS``; ``pdf`` tells whether readers take it for a PDF,
    ``seal_object`` whether an electronic seal object of GB/T 38540 seems to begin in it. ``signatures`` are the facts
    about the signatures of a PDF, None of any other file.
    """

    name: str
    size: int
    digests: Mapping[str, str]
    pdf: bool
    seal_object: bool = False
    signatures: SignatureFacts | None = None

    @property
    def sha256(self) -> str:
        """The digest that names the file everywhere."""
        return self.digests["sha256"]


@dataclass(frozen=True, slots=True)
class ExaminedFile:
    """A file of a container: size in bytes, SHA-256 in lower-case hexadecimal, and its bytes if a check reads them.

    Documents and pages for people have no ``data``: a document stands among ``Examined.documents``, and the bundle
    is ``Examined.bundle``.
    """

    name: str
    size: int
    sha256: str
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class ExaminedContainer:
    """What the bundle came in: ``kind`` is "package" or "certificate"; name, size and SHA-256 are those of its file.

    ``departures``: by code, why it is not the canonical file that was issued.
    """

    kind: str
    name: str
    size: int
    sha256: str
    files: tuple[ExaminedFile, ...]
    departures: tuple[str, ...] = ()

    def file(self, name: str) -> ExaminedFile | None:
        """Find a file by its name."""
        return next((file for file in self.files if file.name == name), None)


@dataclass(frozen=True, slots=True)
class Examined:
    """All that a verification looked at: ``name`` is what the report calls the bundle.

    ``statement`` is what the operator says of himself, None if it was not given.
    """

    name: str
    bundle: bytes
    documents: tuple[ExaminedDocument, ...]
    container: ExaminedContainer | None = None
    statement: bytes | None = None


def examine_document(document: Document) -> ExaminedDocument:
    """Compute all that the checks need of a document; the bytes are not needed afterwards."""
    pdf = PDF_MARK in document.data[:PDF_WITHIN]
    return ExaminedDocument(
        escape(document.name),
        len(document.data),
        {name: format_hex(digest(name, document.data)) for name in IMPRINT_ALGORITHMS},
        pdf,
        _SEAL_OBJECT.search(document.data) is not None,
        read_signatures(document.data) if pdf else None,
    )
