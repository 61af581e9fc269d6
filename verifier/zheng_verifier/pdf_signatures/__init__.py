"""Signatures in PDF documents: facts first, verdicts elsewhere (docs/spec/pdf-signatures.md).

    prefixes              the revisions as bytes
    guard, document       pyHanko's view of the file, within limits
    cms, signature, levels    one signature: coverage, arithmetic, changes after it, PAdES level
    read                  all of it: ``read_signatures``
    revocation            the status of certificates, from stored CRLs and OCSP responses

pyHanko takes a second to import: it is loaded when the first PDF is read, and not before.
"""

from zheng_verifier.pdf_signatures.encoding import format_facts, parse_facts, read_facts, write_facts
from zheng_verifier.pdf_signatures.facts import (
    Change,
    Coverage,
    Family,
    Prefix,
    Problem,
    SignatureFact,
    SignatureFacts,
)
from zheng_verifier.pdf_signatures.read import read_signatures

__all__ = [
    "Change",
    "Coverage",
    "Family",
    "Prefix",
    "Problem",
    "SignatureFact",
    "SignatureFacts",
    "format_facts",
    "parse_facts",
    "read_facts",
    "read_signatures",
    "write_facts",
]
