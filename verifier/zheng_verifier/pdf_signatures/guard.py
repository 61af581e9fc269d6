"""What bounds the reading of strangers' PDFs, and turns what goes wrong in it into errors about evidence.

Memory and time are bounded by sizes and counts only; whoever reads strangers' files does it in a process with limits.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from zheng_verifier.errors import (
    EvidenceError,
    InsufficientError,
    MalformedError,
    UncheckableError,
    VerificationError,
)
from zheng_verifier.pdf_signatures.facts import Family, Problem

MAX_PDF_SIZE = 64 << 20
"""Bytes of a file that are looked at; larger ones are refused unread."""

MAX_SIGNATURES = 64
"""Filled signature fields in a file."""

MAX_REVISIONS = 256
"""Revisions of a file, and end-of-file markers in it."""

MAX_COMPARISONS = 512
"""Pairs of revisions compared in one file; each costs about as long as reading it."""

MAX_BLOBS, MAX_BLOB_SIZE = 512, 1 << 20
"""Certificates, CRLs and OCSP responses kept of a file, each of at most so many bytes."""

_FAMILIES: tuple[tuple[type[EvidenceError], Family], ...] = (
    (MalformedError, Family.MALFORMED),
    (VerificationError, Family.FALSE),
    (InsufficientError, Family.INSUFFICIENT),
    (UncheckableError, Family.UNCHECKABLE),
)


def problem_of(error: EvidenceError) -> Problem:
    """Keep an error as a fact."""
    family = next(family for kind, family in _FAMILIES if isinstance(error, kind))
    return Problem(family, error.code, error.detail)


def error_of(problem: Problem) -> EvidenceError:
    """Give the error that a problem was."""
    kind = next(kind for kind, family in _FAMILIES if family is problem.family)
    return kind(problem.code, problem.detail)


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Turn whatever pyHanko raises into an error about evidence.

    Raises:
        MalformedError: FORMAT_FAILURE.
        UncheckableError: LIMIT_EXCEEDED: streams that decode to too much; UNREADABLE: all else.

    """
    from pyhanko.pdf_utils.misc import PdfDecodeLimitError, PdfError

    try:
        yield
    except EvidenceError:
        raise
    except PdfDecodeLimitError as error:
        raise UncheckableError("LIMIT_EXCEEDED", f"{what} decodes to more than is read") from error
    except PdfError as error:
        raise MalformedError("FORMAT_FAILURE", f"{what} is not well-formed: {error}") from error
    except Exception as error:
        # The last resort. pyHanko documents PdfError, and raises besides whatever hostile objects lead to: ValueError,
        # KeyError, TypeError, AttributeError, AssertionError, RecursionError, NotImplementedError, zlib.error …
        raise UncheckableError("UNREADABLE", f"{what} cannot be read: {type(error).__name__}") from error
