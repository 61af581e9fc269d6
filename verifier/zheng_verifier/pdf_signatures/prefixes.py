"""The revisions of a PDF as bytes: each ends with an end-of-file marker and is a prefix of the next.

Read from the bytes alone, with one pass over them: nothing in the file can make this ambiguous. A document that was
signed incrementally begins with the exact bytes of the document before (ISO 32000-2 §7.5.6).
"""

import re
from collections.abc import Iterable

from cryptography.hazmat.primitives import hashes

from zheng_verifier.errors import UncheckableError
from zheng_verifier.pdf_signatures.facts import Prefix
from zheng_verifier.pdf_signatures.guard import MAX_REVISIONS

_END = re.compile(rb"%%EOF")
_LINE_ENDS = (b"\r\n", b"\r", b"\n")
_TRAILER = re.compile(rb"startxref\s{1,8}(\d{1,10})\s{1,8}%%EOF")


def find_ends(pdf: bytes) -> tuple[int, ...]:
    """Give the lengths at which a revision may have ended: after each marker, without and with its line end.

    Raises:
        UncheckableError: LIMIT_EXCEEDED: more than ``MAX_REVISIONS`` markers.

    """
    lengths = {len(pdf)}
    for count, found in enumerate(_END.finditer(pdf)):
        if count == MAX_REVISIONS:
            raise UncheckableError("LIMIT_EXCEEDED", f"more than {MAX_REVISIONS} revisions")
        after = found.end()
        lengths.add(after)
        lengths |= {after + len(end) for end in _LINE_ENDS if pdf.startswith(end, after)}
    return tuple(sorted(lengths))


def digest_prefixes(pdf: bytes, lengths: Iterable[int]) -> tuple[Prefix, ...]:
    """Digest every prefix of the given lengths, in one pass."""
    sha256, sm3 = hashes.Hash(hashes.SHA256()), hashes.Hash(hashes.SM3())
    view, done, found = memoryview(pdf), 0, []
    for length in sorted(set(lengths)):
        for hasher in (sha256, sm3):
            hasher.update(view[done:length])
        done = length
        found.append(Prefix(length, sha256.copy().finalize(), sm3.copy().finalize()))
    return tuple(found)


def revision_ends(pdf: bytes, starts: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Give the lengths at which each revision ends; ``starts`` are the offsets of their cross-references, in order.

    A revision whose offset stands before no end-of-file marker, or before several, is left out: its end is not known.
    """
    by_start: dict[int, list[int]] = {}
    for found in _TRAILER.finditer(pdf):
        by_start.setdefault(int(found[1]), []).append(found.end())
    ends = {number: by_start.get(start, []) for number, start in enumerate(starts)}
    return {
        number: (after[0], *(after[0] + len(end) for end in _LINE_ENDS if pdf.startswith(end, after[0])))
        for number, after in ends.items()
        if len(after) == 1
    }
