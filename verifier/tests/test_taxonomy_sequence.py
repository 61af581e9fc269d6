"""The order of a contract's events: a proper contract gives no warning, each fault gives its own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from zheng_verifier.errors import UncheckableError
from zheng_verifier.taxonomy.sequence import MAX_EVENTS, SEQUENCE_RULES, CaseEvent, sequence_warnings

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
FINAL, ONCE, TWICE = "a" * 64, "b" * 64, "c" * 64
SEALED = {"_sd": ["A" * 43]}


def signing(party: str, before: str, after: str) -> list[tuple[str, str, dict]]:
    """Give what one party does: view, challenge, factor, intent, signature."""
    intent = {
        "party": party,
        "document_sha256": before,
        "challenge_id": f"ask-{party}",
        "challenge": f"q-{party}",
    }
    return [
        (f"view-{party}", "document.viewed/1", {"party": party, "document": "d", "document_sha256": before}),
        (f"ask-{party}", "intent.challenge_sent/1", intent),
        (f"otp-{party}", "intent.otp_verified/1", intent),
        (
            f"intent-{party}",
            "intent.confirmed/1",
            intent | {"document": "d", "methods": ["otp_sms", "video"]},
        ),
        (
            f"sign-{party}",
            "party.signed/1",
            {
                "party": party,
                "document": "d",
                "before_sha256": before,
                "after_sha256": after,
                "intent_event": f"intent-{party}",
                "challenge": f"q-{party}",
            },
        ),
    ]


PROPER = [
    ("open", "case.opened/1", {"kind": "contract", "required": []}),
    ("person", "identity.person_verified/1", {"party": "p1"}),
    ("organization", "identity.organization_verified/1", {"party": "p2", "agent_event": "person"}),
    ("certificate", "certificate.issued/1", {"party": "p1"}),
    ("created", "contract.created/1", {"parties": [
        {"party": "p1", "required": True}, {"party": "p2", "required": True}, {"party": "p3", "required": False}]}),
    ("final", "document.finalized/1", {"document": "d", "document_sha256": FINAL}),
    ("sent", "contract.sent/1", {"documents": [{"document": "d", "document_sha256": FINAL}]}),
    *signing("p1", FINAL, ONCE),
    *signing("p2", ONCE, TWICE),
    ("completed", "contract.completed/1", {}),
    ("closed", "case.closed/1", {}),
    ("download", "document.downloaded/1", {}),
]  # fmt: skip


def case(rows=None) -> list[CaseEvent]:
    rows = PROPER if rows is None else rows
    return [
        CaseEvent(seq, name, kind, data, START + timedelta(minutes=seq))
        for seq, (name, kind, data) in enumerate(rows, 1)
    ]


def without(*names: str) -> list[CaseEvent]:
    return case([row for row in PROPER if row[0] not in names])


def said(events: list[CaseEvent]) -> list[tuple[str, str]]:
    """Give (rule, event) of every warning."""
    ids = {event.seq: event.id for event in events}
    return [(warning.code, ids[warning.seq]) for warning in sequence_warnings(events)]


def with_data(name: str, **data) -> list[CaseEvent]:
    """Change the data of one event of the proper contract."""
    return [replace(event, data=event.data | data) if event.id == name else event for event in case()]


def test_a_proper_contract_gives_no_warning():
    """Identity, certificate, draft, sending, two signings and the close, in order."""
    assert said(case()) == []


@pytest.mark.parametrize(
    ("events", "warnings"),
    [
        (without("person", "certificate"), [("PERSON_BEFORE_ORGANIZATION", "organization")]),
        (with_data("organization", agent_event="other"), [("PERSON_BEFORE_ORGANIZATION", "organization")]),
        (without("person", "organization"), [("IDENTITY_BEFORE_CERTIFICATE", "certificate")]),
        (with_data("certificate", party="p9"), [("IDENTITY_BEFORE_CERTIFICATE", "certificate")]),
        (with_data("sent", documents=[{"document": "e"}]), [("SENT_AFTER_FINALIZED", "sent")]),
        (
            with_data("sent", documents=[{"document": "d", "document_sha256": TWICE}]),
            [("SENT_AFTER_FINALIZED", "sent")],
        ),
        (without("view-p2"), [("VIEW_BEFORE_SIGN", "sign-p2")]),
        (with_data("view-p2", document="e"), [("VIEW_BEFORE_SIGN", "sign-p2")]),
        (without("ask-p1"), [("CHALLENGE_BEFORE_INTENT", "intent-p1")]),
        (with_data("ask-p1", challenge="other"), [("CHALLENGE_BEFORE_INTENT", "intent-p1")]),
        (with_data("ask-p1", party="p2"), [("CHALLENGE_BEFORE_INTENT", "intent-p1")]),
        (without("otp-p1"), [("CHALLENGE_BEFORE_INTENT", "intent-p1")]),
        (with_data("intent-p1", methods=["face"]), [("CHALLENGE_BEFORE_INTENT", "intent-p1")]),
        (without("intent-p1"), [("INTENT_BINDS_SIGNATURE", "sign-p1")]),
        (with_data("sign-p1", intent_event="sign-p1"), [("INTENT_BINDS_SIGNATURE", "sign-p1")]),
        (with_data("sign-p1", challenge="other"), [("INTENT_BINDS_SIGNATURE", "sign-p1")]),
        (
            with_data("intent-p2", document_sha256=FINAL),
            [("CHALLENGE_BEFORE_INTENT", "intent-p2"), ("INTENT_BINDS_SIGNATURE", "sign-p2")],
        ),
        (
            with_data("intent-p2", party="p1"),
            [("CHALLENGE_BEFORE_INTENT", "intent-p2"), ("INTENT_BINDS_SIGNATURE", "sign-p2")],
        ),
        (with_data("sign-p1", after_sha256=TWICE), [("REVISIONS_UNBROKEN", "sign-p2")]),
        (without("sign-p2"), [("COMPLETED_AFTER_ALL_SIGNED", "completed")]),
    ],
)
def test_each_fault_gives_its_warning(events, warnings):
    """One change to the proper contract, and the rule that it breaks is named with the event that breaks it."""
    assert said(events) == warnings


FILLED = "d" * 64


def filled(party: str = "p2", **data) -> list[CaseEvent]:
    """The proper contract, whose second party fills in what it signs; ``data`` changes what is told of the filling."""
    told = {"party": party, "document": "d", "before_sha256": ONCE, "after_sha256": FILLED} | data
    drafted = {"party": "sender", "document": "d", "before_sha256": "1" * 64, "after_sha256": "2" * 64}
    at = next(number for number, row in enumerate(PROPER) if row[0] == "ask-p2")
    *asked, signed = signing("p2", FILLED, TWICE)[1:]
    sealed = {name: signed[2][name] for name in ("party", "document", "before_sha256", "after_sha256")}
    rows = [
        *PROPER[:5],
        ("drafted", "document.filled/1", drafted),
        *PROPER[5:at],
        ("filled", "document.filled/1", told),
        *asked,
        ("seal-p2", "seal.used/1", sealed),
        signed,
        *PROPER[-3:],
    ]
    return case(rows)


@pytest.mark.parametrize(
    ("events", "warnings"),
    [
        (filled(), []),
        (filled(before_sha256=SEALED), []),
        (filled(after_sha256=SEALED), []),
        (filled(before_sha256=FINAL), ["filled", "seal-p2", "sign-p2"]),
        (filled("p1"), ["seal-p2", "sign-p2"]),
        (filled(document="e"), ["seal-p2", "sign-p2"]),
        (filled(after_sha256="e" * 64), ["seal-p2", "sign-p2"]),
    ],
    ids=[
        "own",
        "sealed before",
        "sealed after",
        "older bytes",
        "another party",
        "another document",
        "others",
    ],
)
def test_a_party_signs_what_it_filled_in_itself_on_the_bytes_of_that_moment(events, warnings):
    """A filling between two signatures is in order if it starts from what stood there and is the signing party's own."""
    assert said(events) == [("REVISIONS_UNBROKEN", each) for each in warnings]


def test_what_was_filled_in_before_another_signed_is_not_signed_afterwards():
    """A filling whose ground was signed over meanwhile is no ground for a signature; done anew, it is."""
    rows = [(each.id, each.type, each.data) for each in filled()]
    told = {"party": "p2", "document": "d", "before_sha256": FINAL, "after_sha256": FILLED}
    at = next(number for number, row in enumerate(rows) if row[0] == "view-p1")
    early = [*rows[:at], ("filled", "document.filled/1", told)]
    late = [row for row in rows[at:] if row[0] != "filled"]
    broken = [("REVISIONS_UNBROKEN", each) for each in ("seal-p2", "sign-p2")]
    assert said(case([*early, *late])) == broken
    again = [(*row[:2], row[2] | {"after_sha256": "9" * 64}) if row[0] == "filled" else row for row in early]
    assert said(case([*again, *rows[at:]])) == []


def test_an_organisation_may_rest_on_a_person_verified_elsewhere():
    """A verification in another case is named by a sealed reference, or bound to the party before."""
    events = with_data("organization", agent_identity=SEALED)
    assert said([event for event in events if event.id not in ("person", "certificate")]) == []
    rows = [("bound", "identity.bound/1", {"party": "p1", "subject_kind": "person"}) if row[0] == "person" else row
            for row in PROPER]  # fmt: skip
    rows[2] = ("organization", "identity.organization_verified/1", {"party": "p2"})
    assert said(case(rows)) == []
    rows[1] = ("bound", "identity.bound/1", {"party": "p1", "subject_kind": "organization"})
    assert said(case(rows)) == [("PERSON_BEFORE_ORGANIZATION", "organization")]


def test_sealed_digests_are_not_compared():
    """What is not known cannot be out of order: a sealed digest gives no warning."""
    for name, field in (
        ("final", "document_sha256"), ("intent-p2", "document_sha256"), ("sign-p1", "before_sha256"),
        ("sign-p1", "after_sha256"),
    ):  # fmt: skip
        assert said(with_data(name, **{field: SEALED})) == []
    assert said(with_data("sent", documents=[{"document": "d", "document_sha256": SEALED}])) == []


def test_a_delegate_may_sign_for_the_party():
    """Who was handed the signing over signs for him who handed it over, through every hand."""
    rows = [row for row in PROPER if not row[0].endswith("-p2")]
    rows[12:12] = [
        ("over", "party.delegated/1", {"from_party": "p2", "to_party": "p4"}),
        ("over again", "party.delegated/1", {"from_party": "p4", "to_party": "p5"}),
    ]
    assert said(case(rows)) == [("COMPLETED_AFTER_ALL_SIGNED", "completed")]
    assert said(case([*rows[:14], *signing("p5", ONCE, TWICE), *rows[14:]])) == []


def test_only_custody_follows_a_final_state():
    """A signature after completion is warned of; voiding, downloads, the close and unknown types are not."""
    late = [
        *PROPER,
        ("void", "contract.voided/1", {}),
        ("new", "party.danced/1", {}),
        ("late", "approval.approved/1", {}),
    ]
    assert said(case(late)) == [("NOTHING_AFTER_FINAL_STATE", "late")]


def test_claimed_times_may_go_back_by_five_minutes():
    """Clocks differ a little; more than that is warned of, and a missing time is no fault."""
    events = case()
    back = events[9].occurred_at - timedelta(minutes=5)
    assert said([*events[:10], replace(events[10], occurred_at=back), *events[11:]]) == []
    back -= timedelta(milliseconds=1)
    assert said([*events[:10], replace(events[10], occurred_at=back), *events[11:]]) == [
        ("TIMES_IN_ORDER", events[10].id)
    ]
    assert said([replace(event, occurred_at=None) for event in events]) == []


def test_ill_formed_data_gives_no_crash():
    """Lists of other things than objects, and no list at all, are passed over: the schema has refused them."""
    for name, field in (("created", "parties"), ("sent", "documents"), ("intent-p1", "methods")):
        assert sequence_warnings(with_data(name, **{field: 7})) == ()
        sequence_warnings(with_data(name, **{field: [7]}))


def test_the_work_is_bounded():
    """A case of more events than any contract has is not looked at, and says so."""
    event = case()[0]
    assert sequence_warnings([event] * 20) == ()
    with pytest.raises(UncheckableError, match="TOO_MANY_EVENTS"):
        sequence_warnings([event] * (MAX_EVENTS + 1))


def test_every_rule_is_stated_in_both_languages():
    """Rules are data: a code, a Chinese and an English statement."""
    assert len({rule.code for rule in SEQUENCE_RULES}) == len(SEQUENCE_RULES) == 10
    assert all(rule.statement_zh and rule.statement_en.endswith(".") for rule in SEQUENCE_RULES)
