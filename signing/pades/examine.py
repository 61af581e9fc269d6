"""May this PDF be signed? Asked before anything is made: a refusal names what stands in the way and changes nothing.

Read by our own verifier, within its limits: what it could not read, a judge could not check either. A file that is
signed already must be whole, as the next signature would cover the damage and lend it a name.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from zheng_verifier.errors import EvidenceError
from zheng_verifier.pdf_signatures import Change, SignatureFacts, read_signatures
from zheng_verifier.pdf_signatures.document import open_document
from zheng_verifier.pdf_signatures.guard import MAX_SIGNATURES, error_of, reading
from zheng_verifier.pdf_signatures.objects import member, resolve

from signing.errors import Refused

MAX_SIZE = 50 << 20
"""Bytes of a PDF that is taken for signing: with what signing adds, some 60 KB a signature, the verifier still reads it."""

_CODES = {"ENCRYPTED": "pdf-encrypted", "AMBIGUOUS": "pdf-unsupported", "LIMIT_EXCEEDED": "pdf-too-complex"}
_HARMLESS = frozenset({Change.NONE, Change.LTA_UPDATES, Change.FORM_FILLING})
_LOCKS = frozenset({"/DocMDP", "/UR", "/UR3"})


@contextmanager
def refusing() -> Iterator[None]:
    """Turn whatever reading a PDF runs into, hostile structures included, into a refusal.

    Raises:
        Refused: pdf-unreadable, pdf-encrypted, pdf-unsupported, pdf-too-complex.

    """
    try:
        with reading("the file"):
            yield
    except EvidenceError as error:
        raise _refusal(error) from error


def _refusal(error: EvidenceError) -> Refused:
    return Refused(_CODES.get(error.code, "pdf-unreadable"), error.detail)


def _locks_more(signature: Any) -> bool:
    """Tell whether a signature forbids more than changes of fields that it names (ISO 32000-2 §12.8.2)."""
    return any(
        each.get("/TransformMethod") != "/FieldMDP" or each["/TransformParams"]["/Action"] != "/Include"
        for each in map(resolve, member(signature, "/Reference", ()))
    )


def examine(pdf: bytes) -> SignatureFacts:
    """Say that a PDF can be signed, and give the facts about the signatures it has.

    Raises:
        Refused: pdf-too-large, pdf-unreadable, pdf-encrypted, pdf-unsupported, pdf-too-complex; pdf-locked: an earlier
            signer permitted no further signature; pdf-changed: an earlier signature does not hold.

    """
    if len(pdf) > MAX_SIZE:
        raise Refused("pdf-too-large", f"{len(pdf)} bytes", expected=f"at most {MAX_SIZE} bytes")
    with refusing():
        document = open_document(pdf)
        root = document.reader.root
        locked = bool(_LOCKS & set(member(root, "/Perms", {})))
        locked = locked or any(map(_locks_more, (resolve(field)["/V"] for _, field in document.fields())))
        dynamic = "/XFA" in member(root, "/AcroForm", {})
    if dynamic:
        raise Refused("pdf-unsupported", "its form is XFA, which each program shows in its own way")
    facts = read_signatures(pdf)
    if facts.problem is not None:
        raise _refusal(error_of(facts.problem))
    if len(facts.signatures) >= MAX_SIGNATURES:
        raise Refused("pdf-too-complex", f"it has {len(facts.signatures)} signatures already")
    for each in facts.signatures:
        whole = each.digest_ok and each.problem is None if each.is_timestamp else each.holds
        if not whole or each.change not in _HARMLESS:
            raise Refused("pdf-changed", f"the signature in field {each.field} does not hold")
    if facts.removed:
        raise Refused("pdf-changed", f"the signature in field {facts.removed[0]} was removed")
    if locked:
        raise Refused("pdf-locked", "an earlier signer locked the file")
    return facts
