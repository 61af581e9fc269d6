"""Statements keep every word between being recorded and being deposited."""

from datetime import UTC, datetime

import pytest
from zheng_verifier.claim import Actor, Claim, DocumentRef
from zheng_verifier.errors import MalformedError
from zheng_verifier.sealed import Disclosure, disclosure_digest, format_disclosure, sealed_value

from signing.dossier.model import NO_LOG, Event, Statement, format_statement, parse_statement

TENANT, CASE, ID, PARTY = (f"{digit * 8}-1111-4111-8111-111111111111" for digit in "1234")
DISCLOSURE = format_disclosure(Disclosure(bytes(16), "租" * 2_700))
STATEMENT = Statement(
    Claim(
        NO_LOG,
        TENANT,
        CASE,
        ID,
        "party.rejected/1",
        {"party": PARTY, "reason": sealed_value(disclosure_digest(DISCLOSURE))},
        datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        Actor("person", PARTY),
        (DocumentRef("signed", 3, "application/pdf", {"sha256": bytes(32), "sm3": bytes(32)}),),
    ),
    (DISCLOSURE,),
)


def test_a_statement_is_read_as_it_was_written():
    """Claim and disclosures come back whole; the longest sealed value fits."""
    assert parse_statement(format_statement(STATEMENT)) == STATEMENT
    assert STATEMENT.id == ID


def test_addressing_changes_log_and_case_alone():
    """What is signed says the same of the same event, to one log and one case."""
    addressed = STATEMENT.addressed(log="zheng.example/log", case=PARTY)
    assert (addressed.claim.log, addressed.claim.case) == ("zheng.example/log", PARTY)
    assert addressed.addressed(log=NO_LOG, case=CASE) == STATEMENT


def test_something_else_is_no_statement():
    """What was changed from outside is refused, not half read."""
    for data in (b"{}", format_statement(STATEMENT)[:-1], format_statement(STATEMENT) + b" "):
        with pytest.raises(MalformedError):
            parse_statement(data)


def test_an_event_without_private_values_has_none_of_anothers():
    """Each event has an object of its own for its private values."""
    one, other = Event("a.b/1", {}), Event("a.b/1", {})
    one.private["x"] = 1
    assert other.private == {}
