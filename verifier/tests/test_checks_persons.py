"""C18 and C19: records about persons and their acts: what agrees, what contradicts, what is sealed, what is not there."""

import pytest
from makers.fullcase import (
    CONTRACT_FILE,
    FILES,
    NAME,
    SECOND_PHONE,
    FullCase,
    acknowledged_terms,
    facts_of,
    followed,
    found,
    full_steps,
    second_person,
    sha,
    signed_again,
)
from makers.universe import PARTY, outcome, run, uuid
from zheng_verifier.checks.case import Match
from zheng_verifier.checks.certificate_subject import common_name, compare_subject
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


SEVERAL = ("INDETERMINATE", "SEVERAL_PERSONS")
SEALED = ("INDETERMINATE", "CANNOT_COMPARE")


def to_second(**more):
    """The one-time password goes to the second phone."""
    return {"challenge": {"_private": {"target": SECOND_PHONE}}} | more


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (to_second(started=second_person()), {SEVERAL, ("FAILED", "LINK_BROKEN")}),
        ({"started": second_person()}, {SEVERAL}),
        ({"started": second_person(name=NAME)}, {SEVERAL}),
        (to_second(started=second_person(name=NAME)), {SEVERAL}),
        ({"started": second_person(name=NAME) | {"id_type": "passport"}}, set()),
        ({"started": second_person(name=NAME, id_number="11010519491231002X")}, set()),
    ],
)
def test_records_of_one_party_name_one_person(changes, expected):
    """Two names or two numbers of one kind are two persons; a number of another kind says nothing."""
    assert identities(**changes) == expected


def test_the_phone_is_that_of_the_person_named():
    """Name and phone come from one record: another person's phone is none of his, a sealed person's may be."""
    codes = identities(**to_second(started=second_person()))
    assert codes == {SEVERAL, ("FAILED", "LINK_BROKEN")}
    own = identities(started=second_person(), identity={"_private": {"phone": None}})
    assert own == {SEVERAL}
    report = run(full_steps(**to_second(started=second_person())), documents=FILES)
    assert outcome(report, "A5")[0] == "FAILED"


@pytest.mark.parametrize("opened", [(), (0,), (1,), (2,), (3,)])
def test_a_phone_of_a_sealed_person_stays_open(opened):
    """Whichever one value of his record is shown: that the phone is that of the person named does not pass."""
    facts = facts_of(full_steps(**to_second(started=second_person() | {"_opened": opened})))
    findings = check_identities(facts)
    assert SEALED in found(findings)
    phones = [each for each in findings if "phone" in str(each.detail)]
    assert {each.status for each in phones} <= {Status.INDETERMINATE, Status.FAILED}
    assert len(phones) == 1


def test_several_records_of_an_organisation_name_one():
    """Its name, and its number."""
    organization = ORGANIZATION | {"method": "legal_rep_face"}
    base = {"party": PARTY, "provider": "p", "simulated": False, "result": "match", "level": "high"}
    base |= dict.fromkeys(("subject_kind", "methods"))
    for private, expected in (
        ({}, set()),
        ({"uscc": "91110000MA0000001X"}, {SEVERAL}),
        ({"organization_name": "TEST other"}, {SEVERAL}),
    ):
        more = {"account": None, "provider_txn": "t"} | private
        other = organization | base | {"_private": organization["_private"] | more}
        assert identities(identity=organization, started=other) == expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (f"CN={NAME}", set()),
        (f"C=CN, O=TEST,2.5.4.3={NAME}", set()),
        ("CN=测试人 李四", {("FAILED", "NAME_MISMATCH")}),
        ("CN=测*", {("INDETERMINATE", "SUBJECT_UNCLEAR")}),
        ("CN=CESHI REN", {("INDETERMINATE", "SUBJECT_UNCLEAR")}),
        (f"CN=051@{NAME}@1", {("INDETERMINATE", "SUBJECT_UNCLEAR")}),
        ("O=TEST", {("INDETERMINATE", "SUBJECT_UNCLEAR")}),
        (f"O=x\\,CN={NAME}", {("INDETERMINATE", "SUBJECT_UNCLEAR")}),
        (f"CN={NAME}+CN=测试人 李四", {("INDETERMINATE", "SUBJECT_UNCLEAR")}),
        (f"/C=CN/CN={NAME}", {("INDETERMINATE", "SUBJECT_UNCLEAR")}),
        (f'CN="x,CN={NAME}"', {("INDETERMINATE", "SUBJECT_UNCLEAR")}),
    ],
)
def test_the_certificate_was_issued_under_a_verified_name(subject, expected):
    """Another name is false; one that is masked, in Latin letters or in another form is not decided."""
    assert identities(certificate={"_private": {"subject": subject}}) == expected


def test_a_subject_that_cannot_be_compared():
    """Without a record of an identity it is not judged; with a sealed name beside it, or sealed itself, it stays open."""
    other = {"certificate": {"_private": {"subject": "CN=测试人 李四"}}}
    assert identities(identity={"party": OTHER}, **other) == {("NOT_PROVIDED", "IDENTITY_NOT_PROVIDED")}
    assert SEALED in identities(identity=sealed(), **other)
    assert ("FAILED", "NAME_MISMATCH") not in identities(identity=sealed(), **other)


def test_how_a_common_name_is_written():
    """RFC 4514: escapes by character and by octet; anything else is no such name."""
    assert common_name("CN=a\\,b\\20\\e5\\bc\\a0,C=CN") == "a,b 张"
    assert common_name("CN=a\\") is None
    assert common_name("") is None
    assert compare_subject("CN=张三", ["ZHANG SAN"]) is Match.UNKNOWN


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


REUSED = ("INDETERMINATE", "CHALLENGE_REUSED")


def test_one_confirmation_is_for_one_signature():
    """A second signature that names it is not shown to be confirmed: A6 does not pass."""
    findings, _ = check_intents(facts_of(signed_again()))
    assert found(findings) == {REUSED}
    report = run(signed_again(), documents=FILES)
    assert outcome(report, "A6")[0] == "INDETERMINATE"
    other, _ = check_intents(facts_of(signed_again(intent_event=uuid("none"))))
    assert REUSED in found(other)
    assert {("FAILED", "INTENT_NOT_BOUND")} == found(
        check_intents(facts_of(signed_again(intent_event=uuid("none"), challenge=None)))[0]
    )


def test_one_challenge_is_for_one_confirmation():
    """Confirmed twice under one challenge: of the second no challenge is shown."""
    steps = FullCase().steps
    again = steps[NAMES.place("confirmed")].but(minute=17, claimed=17)
    findings, _ = check_intents(facts_of(followed("signed", again, full_steps())))
    assert REUSED in found(findings)


def test_a_confirmed_reading_is_said_beside():
    """It decides nothing, and stands in the report."""
    gone = ("pages_total", "pages_viewed", "scrolled_to_end", "terminal")
    more = {"statement_sha256": "cd" * 32, "locale": "zh-CN", "action": "click"}
    change = dict.fromkeys(gone) | more | {"_type": "document.read_confirmed/1"}
    _, beside = check_intents(facts_of(full_steps(viewed=change)))
    assert [f.status.value for f in beside] == ["PASSED", "NOT_PROVIDED"]
    found(beside)


def acknowledged(**changes):
    """Put an acknowledgement of terms before the signing, and give what is said of it."""
    _, beside = check_intents(facts_of(full_steps(started=acknowledged_terms(**changes))))
    found(beside)
    return {(f.status.value, f.code) for f in beside}


def test_acknowledged_terms_are_said_beside():
    """Of these bytes and by this party: passed; of others, not provided; of a sealed digest, undecided."""
    assert acknowledged() == {("PASSED", "")}
    assert acknowledged(party=OTHER) == {("NOT_PROVIDED", "TERM_PROMPT_NOT_PROVIDED")}
    assert acknowledged(document_sha256="cd" * 32) == {("NOT_PROVIDED", "TERM_PROMPT_NOT_PROVIDED")}
    hidden = {
        "document_sha256": None,
        "_private": {"account": None, "document_sha256": "cd" * 32},
        "_opened": (),
    }
    assert acknowledged(**hidden) == {("INDETERMINATE", "CANNOT_COMPARE")}


def test_facts_know_only_types_of_the_taxonomy():
    """Of another type nothing is understood; the case is whole all the same."""
    facts = facts_of(full_steps())
    assert {fact.event.type for fact in facts.all} <= set(EVENT_TYPES)
    assert facts.whole == len(facts.all) == 19
