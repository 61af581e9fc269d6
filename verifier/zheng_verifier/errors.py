"""What can be wrong with evidence: four families that are never mixed.

EvidenceError
├─ MalformedError      the bytes do not parse               FORMAT_FAILURE …
├─ VerificationError   they parse, and what they say is false    HASH_FAILURE, SIG_CRYPTO_FAILURE …
├─ InsufficientError   true, but not enough under the policy   SELF_ASSERTED, TEST_TSA, UNTRUSTED_TSA …
└─ UncheckableError    could not be checked at all          UNKNOWN_ALGORITHM, KEY_UNKNOWN …

A report shows the first two as FAILED and the last two as INDETERMINATE(code).
"""

import re

MAX_DETAIL = 400
MAX_WHERE = 1_000
# Whatever moves the cursor, turns the direction of writing, shows nothing or cannot be encoded: messages and reports
# quote hostile input. Written out, because Unicode's own categories differ between versions of Python.
_UNPRINTABLE = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e007f"
    + "".join(chr(plane * 0x10000 + low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
    + "]"
)


def escape(text: str) -> str:
    r"""Write out what cannot be seen or printed as ``\uXXXX``, so that no line of a report can be forged by it."""
    return _UNPRINTABLE.sub(
        lambda found: f"\\u{ord(found[0]):04x}" if found[0] <= "\uffff" else f"\\U{ord(found[0]):08x}", text
    )


def shown(text: str, limit: int = MAX_DETAIL) -> str:
    """Cut a text to ``limit`` characters and escape what cannot be printed: how anything hostile is quoted."""
    escaped = escape(text[: limit + 1])
    return escaped if len(escaped) <= limit else escaped[:limit] + "…"


class EvidenceError(Exception):
    """Base of all errors about evidence.

    ``code`` is a stable upper-case sub-code (evidence-norms C01–C23, ETSI EN 319 102-1 where one exists),
    ``detail`` one English sentence for the expert, ``where`` the place in the input (a path or a name). Both may
    quote the input: they are cut, and control characters in them are escaped, so that no line of a report or of
    a log can be forged through them.
    """

    def __init__(self, code: str, detail: str, where: str = "") -> None:
        self.code = code
        self.detail = shown(detail, MAX_DETAIL)
        self.where = shown(where, MAX_WHERE)
        super().__init__(f"{code}: {self.detail}" + (f" (at {self.where})" if where else ""))

    def __reduce__(self) -> tuple[type["EvidenceError"], tuple[str, str, str]]:
        """Let the error cross a process boundary: verification of strangers' files runs in a subprocess."""
        return type(self), (self.code, self.detail, self.where)


class MalformedError(EvidenceError):
    """The bytes are not what the format allows; nothing is said about truth."""


class VerificationError(EvidenceError):
    """The bytes parse, and a statement in them was checked and is false."""


class InsufficientError(EvidenceError):
    """The statement holds as far as it goes, but the policy asks for more."""


class UncheckableError(EvidenceError):
    """The statement could not be checked: neither true nor false was shown."""
