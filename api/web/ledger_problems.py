"""What the log refuses, as problems of the API: one table.

A case of another tenant and a case that does not exist give the very same answer, so that nobody can find out
which cases exist.
"""

from collections.abc import Mapping

from api.problems import ProblemError
from ledger.errors import LedgerError, LedgerStoppedError, RefusedError, UnavailableError

CODES: Mapping[str, str] = {
    "UNKNOWN_CASE": "case-unknown",
    "WRONG_TENANT": "case-unknown",
    "UNKNOWN_EVENT": "event-unknown",
    "CASE_CLOSED": "case-closed",
    "SEQ_CONFLICT": "case-head-mismatch",
    "ID_REUSED": "id-reused",
    "TYPE_UNKNOWN": "type-unknown",
    "TYPE_RESERVED": "type-reserved",
    "WRONG_LOG": "claim-wrong-log",
    "DISCLOSURE_MISMATCH": "disclosure-mismatch",
    "SIGNER_UNAVAILABLE": "signer-unavailable",
}
_DETAILS: Mapping[str, str] = {
    "case-unknown": "No case of this id is known to this key's tenant.",
    "event-unknown": "No event of this id is known to this key's tenant.",
    "id-reused": "An event of yours with this id has other content; take a new id for new content.",
    "signer-unavailable": "The events are durable; send the same again, with the same ids, to get the receipts.",
    "ledger-stopped": "The log signs nothing until its operator has looked; nothing was lost.",
}


def problem_of(error: LedgerError) -> ProblemError:
    """Turn an error of the log into its problem; an error that is nobody's to see becomes `internal`."""
    code = CODES.get(error.code)
    if code is None:
        match error:
            case LedgerStoppedError():
                code = "ledger-stopped"
            case UnavailableError():
                code = "busy"
            case RefusedError():
                code = "field-value"
            case _:
                code = "internal"
    detail = _DETAILS.get(code) or (
        f"{error.detail[:1].upper()}{error.detail[1:]}." if code != "internal" else ""
    )
    return ProblemError(code, detail)
