"""What can be wrong with evidence: four families that are never mixed.

EvidenceError
├─ MalformedError      the bytes do not parse               FORMAT_FAILURE …
├─ VerificationError   they parse, and what they say is false    HASH_FAILURE, SIG_CRYPTO_FAILURE …
├─ InsufficientError   true, but not enough under the policy   SELF_ASSERTED, TEST_TSA, UNTRUSTED_TSA …
└─ UncheckableError    could not be checked at all          UNKNOWN_ALGORITHM, KEY_UNKNOWN …

A report shows the first two as FAILED and the last two as INDETERMINATE(code).
"""


class EvidenceError(Exception):
    """Base of all errors about evidence.

    ``code`` is a stable upper-case sub-code (evidence-norms C01–C23, ETSI EN 319 102-1 where one exists),
    ``detail`` one English sentence for the expert, ``where`` the place in the input (a path or a name).
    """

    def __init__(self, code: str, detail: str, where: str = "") -> None:
        super().__init__(f"{code}: {detail}" + (f" (at {where})" if where else ""))
        self.code = code
        self.detail = detail
        self.where = where


class MalformedError(EvidenceError):
    """The bytes are not what the format allows; nothing is said about truth."""


class VerificationError(EvidenceError):
    """The bytes parse, and a statement in them was checked and is false."""


class InsufficientError(EvidenceError):
    """The statement holds as far as it goes, but the policy asks for more."""


class UncheckableError(EvidenceError):
    """The statement could not be checked: neither true nor false was shown."""
