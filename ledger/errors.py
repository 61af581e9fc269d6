"""What the log refuses, what it cannot do just now, and why it stops.

LedgerError
├─ RefusedError            nothing was written; the same request will be refused again
│  ├─ BadDepositError          the claim cannot be deposited as it stands: BAD_CLAIM, WRONG_LOG, DISCLOSURE_MISMATCH …
│  ├─ UnknownCaseError         UNKNOWN_CASE
│  ├─ UnknownEventError        UNKNOWN_EVENT
│  ├─ WrongTenantError         WRONG_TENANT
│  ├─ CaseClosedError          CASE_CLOSED
│  ├─ SeqConflictError         SEQ_CONFLICT: a close names another count or head than the case has
│  ├─ IdReusedError            ID_REUSED
│  ├─ TypeUnknownError         TYPE_UNKNOWN
│  └─ TypeReservedError        TYPE_RESERVED
├─ UnavailableError        send the same again, with the same ids
│  ├─ OverloadedError          OVERLOADED: the queue is full
│  ├─ StorageUnavailableError  STORAGE_UNAVAILABLE: the commit failed, or nobody knows whether it did
│  └─ SignerUnavailableError   SIGNER_UNAVAILABLE: durable, but under no signed head yet
├─ LedgerStoppedError      BEHIND, FORKED, POISONED, LOCKED …: a person must look; names the sizes
└─ VaultError              KEY_MISSING, DECRYPTION_FAILED: what we hold cannot be opened
"""

from collections.abc import Mapping


class LedgerError(Exception):
    """Base of all errors of the log.

    ``code`` is stable and upper case, ``detail`` one English sentence that names nothing of another tenant, and
    ``index`` the place in the batch that failed, where there is one.
    """

    code = "LEDGER_ERROR"

    def __init__(self, detail: str, *, code: str | None = None, index: int | None = None) -> None:
        self.code = code or type(self).code
        self.detail = detail
        self.index = index
        super().__init__(f"{self.code}: {detail}")


class RefusedError(LedgerError):
    """The request breaks a rule; nothing was written."""


class BadDepositError(RefusedError):
    """The claim, its disclosures or its marks do not fit together, or fit another log."""

    code = "BAD_CLAIM"


class UnknownCaseError(RefusedError):
    """No such case."""

    code = "UNKNOWN_CASE"


class UnknownEventError(RefusedError):
    """This tenant deposited no event with this id."""

    code = "UNKNOWN_EVENT"


class WrongTenantError(RefusedError):
    """The case belongs to another tenant, or the claim names another one."""

    code = "WRONG_TENANT"


class CaseClosedError(RefusedError):
    """The case is closed, and the event is not of a custody type."""

    code = "CASE_CLOSED"


class SeqConflictError(RefusedError):
    """A close names another count or head than the case has: an event came in between."""

    code = "SEQ_CONFLICT"


class IdReusedError(RefusedError):
    """The tenant used this id for other content."""

    code = "ID_REUSED"


class TypeUnknownError(RefusedError):
    """The taxonomy has no such event type."""

    code = "TYPE_UNKNOWN"


class TypeReservedError(RefusedError):
    """Only the service itself deposits this type."""

    code = "TYPE_RESERVED"


class UnavailableError(LedgerError):
    """It did not work now. The same request, with the same ids, may be sent again."""


class OverloadedError(UnavailableError):
    """More is waiting than the queue holds; nothing was written."""

    code = "OVERLOADED"


class StorageUnavailableError(UnavailableError):
    """The database did not commit, or failed so that nobody knows; a retry finds out."""

    code = "STORAGE_UNAVAILABLE"


class SignerUnavailableError(UnavailableError):
    """The events are durable and in the tree, but no signed head covers them yet."""

    code = "SIGNER_UNAVAILABLE"


class LedgerStoppedError(LedgerError):
    """The log signs nothing any more until a person has looked.

    ``sizes`` names the tree sizes that do not agree, by who holds them (``database``, ``signer``, a memory's name).
    """

    code = "STOPPED"

    def __init__(self, code: str, detail: str, sizes: Mapping[str, int] | None = None) -> None:
        super().__init__(detail, code=code)
        self.sizes = dict(sizes or {})

    def __str__(self) -> str:
        named = ", ".join(f"{name} {size}" for name, size in self.sizes.items())
        return f"{self.code}: {self.detail}" + (f" (sizes: {named})" if named else "")

    def again(self) -> "LedgerStoppedError":
        """Give the same error for another caller: one that is raised twice would grow with each traceback."""
        return LedgerStoppedError(self.code, self.detail, self.sizes)


class VaultError(LedgerError):
    """Ciphertext or key does not open: damaged, missing, or another installation's."""

    code = "DECRYPTION_FAILED"
