"""C18 and C19: records about persons and their acts: what agrees, what contradicts, what is sealed, what is not there."""

import pytest
from makers.fullcase import CONTRACT_FILE, FILES, FullCase, facts_of, found, full_steps, sha
from makers.universe import PARTY, outcome, run, uuid
from zheng_verifier.checks.identity import check_identities
from zheng_verifier.checks.intent import check_intents
from zheng_verifier.report.model import CheckId, Status
from zheng_verifier.taxonomy import EVENT_TYPES

OTHER = uuid("another party")
NAMES = FullCase()


def identities(**changes):
    return found(check_identities(facts_of(full_steps(**changes))))


def intents(**changes):
    findings, beside = check_intents(facts_of(full_steps(**changes)))
    assert {f.code for f in beside if f.status is not Status.PASSED} == {"TERM_PROMPT_NOT_PROVIDED"}
    return found([*findings, *beside]) - {("NOT_PROVIDED", "TERM_PROMPT_NOT_PROVIDED")}


def sealed():
    """Keep a step's private values, and open none."""
    return {"_opened": ()}


def test_an_honest_case_passes_both():
    """Every record agrees with every other: A5 and A6 pass, as correspondence of records."""
    report = run(full_steps(), documents=FILES)
    assert [outcome(report, check)[0] for check in ("C18", "C19", "A5", "A6")] == ["PASSED"] * 4
    assert "TERM_PROMPT_NOT_PROVIDED" in {f.code for f in report.check(CheckId.C19).findings}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"identity": {"simulated": True}}, ("INDETERMINATE", "SIMULATED_IDENTITY")),
        ({"identity": {"party": OTHER}}, ("NOT_PROVIDED", "IDENTITY_NOT_PROVIDED")),
        ({"created": {"_private": {"parties": [{"name": "Other"}]}}}, ("FAILED", "NAME_MISMATCH")),
        ({"challenge": {"_private": {"target": "13900000000"}}}, ("FAILED", "LINK_BROKEN")),
        ({"account": {"_private": {"account": "other"}}}, ("FAILED", "LINK_BROKEN")),
        ({"signed": {"_private": {"certificate": "aa" * 32}}}, ("FAILED", "LINK_BROKEN")),
        ({"certificate": {"party": OTHER}}, ("FAILED", "LINK_BROKEN")),
        ({"identity": sealed()}, ("INDETERMINATE", "CANNOT_COMPARE")),
        ({"account": sealed()}, ("INDETERMINATE", "CANNOT_COMPARE")),
        ({"certificate": sealed()}, ("INDETERMINATE", "CANNOT_COMPARE")),
    ],
)
def test_what_the_records_of_a_party_say_of_one_another(changes, expected):
    """A contradiction of known values is false; what is sealed cannot be compared; a simulator names nobody."""
    assert expected in identities(**changes)


def test_links_that_are_not_stated_are_not_judged():
    """No name in the contract, no phone check, no key: nothing to compare, and nothing broken."""
    assert (
        identities(
            created={"_private": {"parties": [{}]}},
            challenge={"method": "password"},
            signed={"key": None},
            started={"_private": {"account": None}},
        )
        == set()
    )


def test_a_case_of_a_contract_without_identities_provides_none():
    """A signer without a record, and a case without signers."""
    case = FullCase()
    steps = case.steps
    without = [
        step for place, step in enumerate(steps) if place not in map(case.place, ("started", "identity"))
    ]
    assert ("NOT_PROVIDED", "IDENTITY_NOT_PROVIDED") in found(check_identities(facts_of(without)))
    assert found(check_identities(facts_of(steps[:3]))) == {("NOT_PROVIDED", "IDENTITY_NOT_PROVIDED")}


def test_a_case_in_which_nobody_signs_asks_for_no_person():
    """The case of a subject: C18 and C19 do not apply."""
    steps = [*full_steps(opened={"kind": "subject"})[:3], *full_steps()[8:9]]
    facts = facts_of(steps)
    assert found(check_identities(facts)) == {("NOT_APPLICABLE", "NO_SIGNER")}
    assert found(check_intents(facts)[0]) == {("NOT_APPLICABLE", "NO_SIGNER")}


def reordered(name, before):
    """Move a step to before another."""
    case = FullCase()
    steps = case.steps
    step = steps.pop(case.place(name))
    steps.insert(case.place(before) - (case.place(name) < case.place(before)), step)
    return steps


def test_an_identity_recorded_after_the_signature_is_undecided():
    """The check came too late to say who signed."""
    codes = found(check_identities(facts_of(reordered("identity", "completed"))))
    assert ("INDETERMINATE", "IDENTITY_AFTER_SIGNING") in codes


BOUND = {
    "party": PARTY,
    "subject_kind": "person",
    "level": "high",
    "verified_at": "2026-05-04T02:00:00.000Z",
    "method": None,
    "provider": None,
    "simulated": None,
    "result": None,
    "fields_verified": None,
    "id_type": None,
}


def test_a_check_held_in_another_case_is_not_shown_here():
    """identity.bound names it; what was checked, and by whom, is elsewhere."""
    private = {"provider_txn": None, "name": "测试人 𬭎㛃", "id_number": None, "phone": None}
    private |= {"identity": {"case": uuid("x"), "event": uuid("y")}, "account": "account-1"}
    change = {"_type": "identity.bound/1", "_private": private} | BOUND
    assert identities(identity=change) == {("INDETERMINATE", "IDENTITY_ELSEWHERE")}


ORGANIZATION = {
    "method": "registry4",
    "fields_verified": ["organization_name"],
    "id_type": None,
    "_type": "identity.organization_verified/1",
    "_private": {
        "name": None,
        "id_number": None,
        "phone": None,
        "organization_name": "测试人 𬭎㛃",
        "uscc": "91110000MA0000000X",
        "legal_representative": "TEST",
    },
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ("NOT_PROVIDED", "AUTHORITY_NOT_PROVIDED")),
        ({"method": "legal_rep_face"}, None),
        ({"_private": ORGANIZATION["_private"] | {"authorization": "aa" * 32}}, None),
        ({"agent_event": uuid("nothing")}, ("FAILED", "LINK_BROKEN")),
        ({"agent_event": NAMES.id_of("account")}, ("FAILED", "LINK_BROKEN")),
    ],
)
def test_who_acts_for_an_organisation_needs_an_authority(change, expected):
    """Its representative himself, or a document that says so; and the agent named is one that was verified."""
    codes = identities(identity=ORGANIZATION | change)
    assert codes <= {expected, ("NOT_PROVIDED", "AUTHORITY_NOT_PROVIDED")}
    assert expected is None or expected in codes
    if expected is None:
        assert codes == set()


def test_an_agent_that_may_be_among_what_is_not_shown_is_undecided():
    """An entry before it is withheld."""
    codes = identities(account=None, identity=ORGANIZATION | {"agent_event": uuid("nothing")})
    assert ("INDETERMINATE", "LINK_BROKEN") in codes


def test_an_agent_that_was_verified_is_found():
    """The event of the person who acts for the organisation."""
    change = {"_type": "identity.organization_verified/1", "agent_event": NAMES.id_of("identity")}
    change |= dict.fromkeys(("subject_kind", "methods"))
    change |= ORGANIZATION | {"party": PARTY, "provider": "p", "simulated": False, "result": "match"}
    change |= {"level": "high", "_private": ORGANIZATION["_private"] | {"account": None, "provider_txn": "t"}}
    codes = identities(started=change)
    assert codes == {("NOT_PROVIDED", "AUTHORITY_NOT_PROVIDED")}


def test_a_signing_taken_over_needs_an_authority():
    """party.delegated without a document."""
    gone = ("subject_kind", "methods", "level", "party")
    change = dict.fromkeys(gone) | {"from_party": OTHER, "to_party": PARTY}
    change |= {"_type": "party.delegated/1", "_private": {"account": None, "reason": "holiday"}}
    assert identities(started=change) == {("NOT_PROVIDED", "AUTHORITY_NOT_PROVIDED")}


# --- C19 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"signed": {"party": OTHER}}, ("FAILED", "INTENT_NOT_BOUND")),
        ({"signed": {"document": OTHER}}, ("FAILED", "INTENT_NOT_BOUND")),
        ({"signed": {"before_sha256": sha(CONTRACT_FILE)}}, ("FAILED", "INTENT_NOT_BOUND")),
        ({"signed": {"challenge": "A" * 43}}, ("FAILED", "INTENT_NOT_BOUND")),
        ({"signed": {"intent_event": uuid("nothing")}}, ("FAILED", "INTENT_NOT_BOUND")),
        ({"signed": {"intent_event": NAMES.id_of("factor")}}, ("FAILED", "INTENT_NOT_BOUND")),
        ({"account": None, "signed": {"intent_event": uuid("x")}}, ("INDETERMINATE", "CANNOT_COMPARE")),
        ({"confirmed": {"challenge_id": uuid("x")}}, ("NOT_PROVIDED", "CHALLENGE_NOT_PROVIDED")),
        ({"account": None, "confirmed": {"challenge_id": uuid("x")}}, ("INDETERMINATE", "CANNOT_COMPARE")),
        ({"challenge": {"challenge": "A" * 43}}, ("FAILED", "INTENT_NOT_BOUND")),
        ({"challenge": {"case_head": "A" * 43}}, ("FAILED", "INTENT_NOT_BOUND")),
        ({"challenge": {"challenge_nonce": None}}, ("INDETERMINATE", "CHALLENGE_NOT_SHOWN")),
        ({"challenge": {"expires_at": "2026-05-04T03:14:00.000Z"}}, ("INDETERMINATE", "CHALLENGE_EXPIRED")),
        ({"challenge": {"case_head": "not a head"}}, ("FAILED", "INTENT_NOT_BOUND")),
        ({"factor": {"challenge_id": uuid("x")}}, ("NOT_PROVIDED", "FACTOR_NOT_PROVIDED")),
        ({"confirmed": {"methods": ["ukey"]}}, ("NOT_PROVIDED", "FACTOR_NOT_PROVIDED")),
        ({"factor": {"simulated": True}}, ("INDETERMINATE", "SIMULATED_FACTOR")),
        ({"factor": {"party": OTHER}}, ("FAILED", "INTENT_NOT_BOUND")),
        ({"viewed": {"party": OTHER}}, ("NOT_PROVIDED", "DISPLAY_NOT_PROVIDED")),
        ({"viewed": {"document_sha256": sha(CONTRACT_FILE)}}, ("FAILED", "DISPLAY_MISMATCH")),
    ],
)
def test_what_breaks_the_bond_of_an_intent(changes, expected):
    """Another party, document, byte, challenge: false. What is missing or simulated: said as what it is."""
    assert expected in intents(**changes)


SEAL_DIGEST = {"_private": {"document_sha256": sha(CONTRACT_FILE)}, "document_sha256": None, "_opened": ()}


@pytest.mark.parametrize("name", ["viewed", "challenge", "confirmed"])
def test_a_sealed_digest_cannot_be_compared(name):
    """Neither a pass nor a failure rests on what is not opened."""
    codes = intents(**{name: SEAL_DIGEST})
    assert ("INDETERMINATE", "CANNOT_COMPARE") in codes
    assert not {status for status, _ in codes} - {"INDETERMINATE", "NOT_PROVIDED"}


def test_a_head_that_is_not_in_the_bundle_leaves_the_challenge_open():
    """The leaf that the challenge names is left out: numbers of the case are missing."""
    case = FullCase()
    steps = list(case.steps)
    steps[case.place("viewed")] = steps[case.place("viewed")].but(listed=False)
    findings, _ = check_intents(facts_of(steps))
    assert ("INDETERMINATE", "CANNOT_COMPARE") in found(findings)


def test_a_signature_without_any_confirmation_is_not_provided():
    """No intent.confirmed at all; and a confirmation without a signature is judged by itself."""
    case = FullCase()
    parts = ("challenge", "factor", "confirmed")
    places = [case.place(name) for name in parts]
    steps = [step for place, step in enumerate(case.steps) if place not in places]
    findings, _ = check_intents(facts_of(steps))
    assert found(findings) == {("NOT_PROVIDED", "INTENT_NOT_PROVIDED")}
    alone = [step for place, step in enumerate(FullCase().steps) if place < case.place("signed")]
    assert found(check_intents(facts_of(alone))[0]) == set()
    assert found(check_intents(facts_of(FullCase().steps[:6]))[0]) == {
        ("NOT_PROVIDED", "INTENT_NOT_PROVIDED")
    }


def test_a_confirmed_reading_is_said_beside():
    """It decides nothing, and stands in the report."""
    gone = ("pages_total", "pages_viewed", "scrolled_to_end", "terminal")
    more = {"statement_sha256": "cd" * 32, "locale": "zh-CN", "action": "click"}
    change = dict.fromkeys(gone) | more | {"_type": "document.read_confirmed/1"}
    _, beside = check_intents(facts_of(full_steps(viewed=change)))
    assert [f.status.value for f in beside] == ["PASSED", "NOT_PROVIDED"]
    found(beside)


def test_facts_know_only_types_of_the_taxonomy():
    """Of another type nothing is understood; the case is whole all the same."""
    facts = facts_of(full_steps())
    assert {fact.event.type for fact in facts.all} <= set(EVENT_TYPES)
    assert facts.whole == len(facts.all) == 19
