"""The rules of a case, one by one, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from zheng_verifier.claim import Claim
from zheng_verifier.encoding import format_base64url
from zheng_verifier.taxonomy import event_type

from ledger.errors import (
    BadDepositError,
    CaseClosedError,
    SeqConflictError,
    TypeReservedError,
    WrongTenantError,
)
from ledger.rules import (
    CaseState,
    ClockVerdict,
    advance,
    base_type,
    check_admission,
    judge_clock,
    open_state,
    opened_kind,
)

TENANT, CASE, ID = (f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))
STATE = CaseState(CASE, TENANT, "contract", 7, 4, b"h" * 32)
NOW = datetime(2026, 3, 14, tzinfo=UTC)


def claim(name="contract.completed/1", **data):
    return Claim("log.example", TENANT, CASE, ID, name, data)


def admit(state, said, *, internal=True):
    check_admission(state, said, event_type(said.type), internal=internal)


def close(**changes):
    return claim("case.closed/1", **({"count": 4, "head": format_base64url(b"h" * 32)} | changes))


def test_an_ordinary_event_is_admitted():
    """Of the right tenant, kind and time."""
    admit(STATE, claim(), internal=False)


def test_another_tenants_event_is_not():
    """Whatever else it says."""
    with pytest.raises(WrongTenantError):
        admit(STATE, replace(claim(), tenant=ID))


def test_reserved_types_are_admitted_from_the_service_only():
    """Evidence about evidence is the service's word."""
    admit(STATE, claim("evidence.attested/1"))
    with pytest.raises(TypeReservedError):
        admit(STATE, claim("evidence.attested/1"), internal=False)


def test_a_case_opens_once():
    """Neither case.opened nor log.created may follow."""
    for name in ("case.opened/1", "log.created/1"):
        with pytest.raises(BadDepositError):
            admit(STATE, claim(name, kind="contract"))


def test_a_type_stays_in_its_kinds_of_case():
    """A contract's events have no place among an account's."""
    with pytest.raises(BadDepositError) as raised:
        admit(replace(STATE, kind="subject"), claim())
    assert raised.value.code == "WRONG_CASE_KIND"


def test_after_the_close_only_custody_follows():
    """Archiving goes on, business does not, and a second close neither."""
    closed = replace(STATE, closed_seq=4)
    assert closed.closed
    admit(closed, claim("document.archived/1"))
    for said in (claim(), close()):
        with pytest.raises(CaseClosedError):
            admit(closed, said)


@pytest.mark.parametrize(
    "changes", [{"count": 3}, {"count": 5}, {"head": format_base64url(b"x" * 32)}, {"count": "4"}]
)
def test_a_close_must_name_count_and_head(changes):
    """Exactly the events before it, and the last one's leaf hash."""
    admit(STATE, close())
    with pytest.raises(SeqConflictError):
        admit(STATE, close(**changes))


def test_the_logs_own_case_is_never_closed():
    """It ends with log.frozen, not with a close."""
    with pytest.raises(BadDepositError):
        admit(replace(STATE, kind="log"), close())


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("case.opened/1", {"kind": "contract"}, "contract"),
        ("case.opened/1", {"kind": "subject"}, "subject"),
        ("log.created/1", {}, "log"),
    ],
)
def test_the_opening_event_says_the_kind(name, data, kind):
    """case.opened by its data, log.created by itself; the state begins with seq 1."""
    said = claim(name, **data)
    assert opened_kind(said) == kind
    assert open_state(said, 9, b"n" * 32) == CaseState(CASE, TENANT, kind, 9, 1, b"n" * 32)


@pytest.mark.parametrize(
    "said",
    [
        claim("case.opened/1", kind="log"),
        claim("case.opened/1", kind=["contract"]),
        claim("case.opened/1"),
        claim("contract.completed/1", kind="contract"),
    ],
)
def test_other_events_open_nothing(said):
    """A log's case is not opened by case.opened, nor any by another event."""
    with pytest.raises(BadDepositError):
        opened_kind(said)


def test_each_event_moves_the_head():
    """seq and head follow the newest leaf; a close leaves its number for good."""
    after = advance(STATE, claim(), b"n" * 32)
    assert (after.seq, after.head, after.closed) == (5, b"n" * 32, False)
    closed = advance(after, close(), b"c" * 32)
    assert closed.closed_seq == 6
    assert advance(closed, claim("document.archived/1"), b"d" * 32).closed_seq == 6


def test_the_version_is_no_part_of_the_base_type():
    """case.closed/2 would close as well."""
    assert base_type("case.closed/2") == "case.closed"


@pytest.mark.parametrize(
    ("offset", "verdict"),
    [
        (timedelta(minutes=5), ClockVerdict.FINE),
        (timedelta(minutes=5, milliseconds=1), ClockVerdict.FLAGGED),
        (timedelta(hours=24), ClockVerdict.FLAGGED),
        (timedelta(hours=24, milliseconds=1), ClockVerdict.REFUSED),
    ],
)
def test_clocks_are_judged_either_way(offset, verdict):
    """Five minutes are fine, a day is flagged, more is refused; no claimed time is fine."""
    assert judge_clock(NOW + offset, NOW) == verdict
    assert judge_clock(NOW - offset, NOW) == verdict
    assert judge_clock(None, NOW) == ClockVerdict.FINE
