"""C22: what the operator disclosed of himself (OLR Art. 17). Disclosure is not independence: the check never passes.

The statement is the operator's own word (``statement.py``). The check says that it was made, and which relations it names
itself; whether the platform is neutral is for the court.
"""

from collections.abc import Iterator

from zheng_verifier.checks.evidence import finding_of, indeterminate, not_provided
from zheng_verifier.errors import EvidenceError
from zheng_verifier.report.model import Finding, say
from zheng_verifier.statement import Statement, parse_statement


def check_independence(data: bytes | None) -> list[Finding]:
    """Say what the operator's statement discloses (C22); None if there is no statement."""
    subject = say("independence.statement")
    if data is None:
        return [not_provided("NOT_PROVIDED", subject, say("independence.none"))]
    try:
        statement = parse_statement(data)
    except EvidenceError as error:
        return [finding_of(error, subject)]
    return [
        *_interests(statement),
        indeterminate("DISCLOSED", subject, say("independence.disclosed"), operator=statement.operator.name),
        *_missing(statement),
    ]


def _interests(statement: Statement) -> Iterator[Finding]:
    """Give every relation that the statement itself names."""
    for interest in statement.interests or ():
        subject = say("independence.with", name=interest.counterpart)
        detail = say("independence.relation", relation=interest.relation)
        yield indeterminate("INTEREST_PRESENT", subject, detail)
    for item in statement.components:
        if item.related:
            subject = say("independence.component", kind=say(f"component.{item.component}"), name=item.name)
            detail = say("independence.related", operator=item.operator)
            yield indeterminate("INTEREST_PRESENT", subject, detail)


def _missing(statement: Statement) -> Iterator[Finding]:
    """Name what a court will ask for and the operator did not say."""
    filings = statement.filings
    stated = {
        "interests": statement.interests is not None,
        "paid_by": statement.paid_by is not None,
        "cac_filing_no": filings.cac_filing_no is not None,
        "mlps_no": filings.mlps_no is not None,
        "crypto_assessment_no": filings.crypto_assessment_no is not None,
        "environment": bool(statement.environment),
        "time_source": statement.time_source is not None,
        "key_management": statement.key_management is not None,
        "custody": statement.custody is not None,
    }
    for name, there in stated.items():
        if not there:
            yield not_provided("NOT_STATED", say(f"statement.{name}"), say("independence.not_stated"))
