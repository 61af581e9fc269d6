"""C15, C20, C21: seals, required events and their order, material for the time before deposit."""

from datetime import timedelta

import pytest
from makers.fullcase import (
    CONTRACT_FILE,
    FILES,
    SEAL,
    FullCase,
    facts_of,
    found,
    full_steps,
    reopened,
    sha,
)
from makers.universe import AT, OURS, PARTY, Mark, codes, minute, outcome, run, uuid, verify
from zheng_verifier.checks import judging
from zheng_verifier.checks.completeness import check_completeness
from zheng_verifier.checks.pre_chain import check_pre_chain
from zheng_verifier.checks.seals import check_seals
from zheng_verifier.examined import Document, examine_document
from zheng_verifier.report.model import AxisId, CheckId, Status

OTHER = uuid("another party")
NAMES = FullCase()
PLAIN = {("NOT_PROVIDED", "SEAL_OBJECT_NOT_PROVIDED")}


def seals(*documents, **changes):
    examined = [examine_document(document) for document in documents]
    return found(check_seals(facts_of(full_steps(**changes)), examined))


def test_records_of_a_seal_agree_and_its_object_is_not_there():
    """Made, granted, approved, used: all agree; the part about the maker's signature is NOT_PROVIDED, never passed."""
    assert seals() == PLAIN


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"used": {"_private": {"image": "cd" * 32}}}, ("FAILED", "SEAL_IMAGE_MISMATCH")),
        ({"seal": {"_opened": ()}}, ("INDETERMINATE", "CANNOT_COMPARE")),
        ({"seal": {"_private": {"seal": uuid("other seal")}}}, ("NOT_PROVIDED", "SEAL_NOT_SHOWN")),
        ({"used": {"approval_event": None}}, ("NOT_PROVIDED", "SEAL_APPROVAL_NOT_PROVIDED")),
        ({"used": {"approval_event": uuid("x")}}, ("FAILED", "SEAL_LINK_BROKEN")),
        ({"used": {"approval_event": NAMES.id_of("seal")}}, ("FAILED", "SEAL_LINK_BROKEN")),
        ({"account": None, "used": {"approval_event": uuid("x")}}, ("INDETERMINATE", "SEAL_LINK_BROKEN")),
        ({"approved": {"document_sha256": "aa" * 32}}, ("FAILED", "SEAL_LINK_BROKEN")),
        ({"approved": {"_opened": ()}}, ("INDETERMINATE", "CANNOT_COMPARE")),
        ({"granted": {"_private": {"seal": uuid("x")}}}, ("NOT_PROVIDED", "SEAL_GRANT_NOT_PROVIDED")),
        ({"granted": {"valid_to": "2026-05-04T03:05:00.000Z"}}, ("INDETERMINATE", "SEAL_OUT_OF_GRANT")),
        ({"granted": {"_private": {"grantee": "Other"}}}, ("FAILED", "SEAL_OUT_OF_GRANT")),
        ({"granted": {"_opened": ()}}, ("INDETERMINATE", "CANNOT_COMPARE")),
        ({"signed": {"seal_event": uuid("x")}}, ("FAILED", "SEAL_LINK_BROKEN")),
        ({"account": None, "signed": {"seal_event": uuid("x")}}, ("INDETERMINATE", "SEAL_LINK_BROKEN")),
        ({"signed": {"seal_event": NAMES.id_of("seal")}}, ("FAILED", "SEAL_LINK_BROKEN")),
        ({"used": {"party": OTHER}}, ("FAILED", "SEAL_LINK_BROKEN")),
        ({"signed": {"level": "gm_seal"}}, ("INDETERMINATE", "SEAL_OBJECT_NOT_SUPPORTED")),
    ],
)
def test_what_the_records_of_a_seal_say_of_one_another(changes, expected):
    """Digests that differ are false; times of grants are claims and leave it open; sealed values cannot be compared."""
    assert expected in seals(**changes)


@pytest.mark.parametrize("data", [b"%PDF- \x16\x02ES\x02\x01\x04", b"%PDF- <30053016024553020104>"])
def test_a_seal_object_is_found_and_not_read(data):
    """As bytes or in hexadecimal: INDETERMINATE, and no part of it passes."""
    assert ("INDETERMINATE", "SEAL_OBJECT_NOT_SUPPORTED") in seals(Document("sealed.pdf", data))


def test_seals_that_nobody_used():
    """Records of a seal alone pass as records; without any the check does not apply."""
    steps = FullCase().steps
    assert found(check_seals(facts_of(steps[:10]), ())) == set()
    assert found(check_seals(facts_of(steps[:8]), ())) == {("NOT_APPLICABLE", "NO_SEAL")}


# --- C20 ---------------------------------------------------------------------------------------------------------


def completeness(steps, at=AT):
    return found(check_completeness(facts_of(steps), at))


def test_a_whole_case_has_what_it_requires():
    """Each required event is shown, who is said to have signed did, and nothing is out of order."""
    assert completeness(full_steps()) == set()
    plain = [OURS.register("ed25519"), full_steps(opened={"required": []})[1]]
    assert completeness(plain) == set()


def test_a_required_event_that_is_missing():
    """False only where the case is closed and wholly shown; else it may be among what is not shown."""
    required = {"required": ["document.archived"]}
    assert completeness(full_steps(opened=required)) == {("FAILED", "REQUIRED_EVENT_MISSING")}
    hidden = completeness(full_steps(opened=required, account=None))
    assert ("INDETERMINATE", "REQUIRED_EVENT_NOT_SHOWN") in hidden
    open_still = [
        step for step in full_steps(opened=required) if getattr(step, "type", "") != "case.closed/1"
    ]
    assert ("INDETERMINATE", "REQUIRED_EVENT_NOT_SHOWN") in completeness(open_still)


def test_a_case_that_should_have_been_closed():
    """close_by is past, and no closing event is shown; a closed case, an earlier time, or no time: nothing."""
    due = full_steps(opened={"close_by": "2026-05-05T00:00:00.000Z"})
    still = [step for step in due if getattr(step, "type", "") != "case.closed/1"]
    assert ("INDETERMINATE", "OVERDUE") in completeness(still)
    for steps, at in ((due, AT), (still, None), (still, minute(0))):
        assert ("INDETERMINATE", "OVERDUE") not in completeness(steps, at)


def test_who_is_said_to_have_signed_and_did_not():
    """contract.completed names a party without a signature: false, or open where events are hidden."""
    change = {"signed_parties": [PARTY, OTHER]}
    assert completeness(full_steps(completed=change)) == {("FAILED", "COUNT_MISMATCH")}
    assert ("INDETERMINATE", "COUNT_MISMATCH") in completeness(full_steps(completed=change, account=None))


def test_an_unusual_order_is_warned_of_in_both_languages():
    """Signed without a display before: a warning with the rule's own statement, nothing false."""
    assert completeness(full_steps(viewed={"party": OTHER})) == {("INDETERMINATE", "ORDER_WARNING")}


def test_without_its_opening_nothing_is_known_to_be_required():
    """The first event is withheld."""
    assert ("NOT_PROVIDED", "NOT_OPENED") in completeness(full_steps(opened=None))


def test_a_case_is_opened_once():
    """A later opening neither lowers what is required nor makes the case one in which nobody signs."""
    steps = reopened("contract.created", opened={"required": ["document.archived"]})
    assert completeness(steps) == {("FAILED", "REQUIRED_EVENT_MISSING")}
    assert facts_of(steps).kind == "contract"
    report = run(reopened(), documents=FILES)
    assert outcome(report, "C04") == ("FAILED", "REOPENED")
    assert outcome(report, "A7")[0] == "FAILED"


def test_a_later_opening_is_no_template_for_one_that_is_withheld():
    """What the case requires is not known; that it was opened again is."""
    report = run(reopened("contract.created", opened=None), documents=FILES)
    assert outcome(report, "C20") == ("NOT_PROVIDED", "NOT_OPENED")
    assert outcome(report, "C04") == ("FAILED", "REOPENED")
    assert facts_of(reopened(opened=None)).kind is None


# --- C21 ---------------------------------------------------------------------------------------------------------


def slots(steps):
    result = check_pre_chain(facts_of(steps))
    found(result.findings)
    return result


def test_six_points_and_never_a_pass():
    """Five of six have material; notarisation has no event yet. C21 and A8 are SUPPORTED, with the share."""
    result = slots(full_steps())
    assert (result.status, result.code) == (Status.SUPPORTED, "5/6")
    report = run(full_steps(), documents=FILES)
    assert outcome(report, "C21") == ("SUPPORTED", "5/6")
    assert report.axis(AxisId.A8).codes == ("C21:5/6",)
    assert report.axis(AxisId.A8).status is Status.SUPPORTED


def test_simulators_support_nothing():
    """What a simulator answered is no third party and corroborates nothing."""
    simulated = {"simulated": True}
    changes = dict.fromkeys(("identity", "certificate", "factor"), simulated)
    assert slots(full_steps(**changes)).code == "3/6"


def test_a_case_without_material():
    """An opening and an account alone."""
    result = slots(full_steps()[:3])
    assert (result.status, result.code) == (Status.NOT_PROVIDED, "NOT_PROVIDED")


STAMP = {
    "_type": "signature.timestamped/1",
    "_private": {"account": None},
    "party": None,
    "subject_kind": None,
    "level": None,
    "methods": None,
    "signed_event": NAMES.id_of("signed"),
    "document_sha256": sha(CONTRACT_FILE),
    "token_sha256": "aa" * 32,
    "tsa": "tsa1",
    "serial_number": "1",
    "gen_time": "2026-05-04T03:00:00.000Z",
    "policy_oid": "1.2.3",
    "imprint_algorithm": "sha256",
    "imprint": "aa" * 32,
}


@pytest.mark.parametrize(("test", "share"), [(False, "5/6"), (True, "4/6")])
def test_a_time_stamp_on_the_signature_is_a_third_party_unless_a_test(test, share):
    """signature.timestamped by an authority; of a test authority not."""
    assert slots(full_steps(identity={"simulated": True}, started=STAMP | {"test": test})).code == share


def test_a_party_that_says_it_is_not_the_one_meant_contests():
    """party.rejected for such a reason: CONTESTED, beside what is there."""
    gone = ("subject_kind", "level", "methods")
    change = dict.fromkeys(gone) | {"_type": "party.rejected/1", "document_sha256": sha(CONTRACT_FILE)}
    change |= {"_private": {"account": None, "reason": ""}}
    result = slots(full_steps(started=change | {"reason_code": "not_involved"}))
    assert (result.status, result.code) == (Status.CONTESTED, "5/6")
    assert slots(full_steps(started=change | {"reason_code": "content"})).status is Status.SUPPORTED


# --- all of them -------------------------------------------------------------------------------------------------


def test_too_many_events_are_not_compared_with_one_another(monkeypatch):
    """The work grows with the square of their number: above the limit these checks stay open."""
    monkeypatch.setattr(judging, "MAX_EVENTS", 18)
    report = run(full_steps(), documents=FILES)
    for check in ("C13", "C14", "C15", "C18", "C19", "C20", "C21"):
        assert outcome(report, check) == ("INDETERMINATE", "TOO_MANY_EVENTS")


def test_schemas_that_are_broken_break_no_check():
    """Members of other types than the schema asks for: C03 says so, and nothing is raised."""
    steps = full_steps()
    for place, step in enumerate(steps):
        if not isinstance(step, Mark) and step.type != "key.registered/1":
            steps[place] = step.but(tamper=_scramble)
    report = run(steps, documents=FILES)
    assert outcome(report, "C03")[0] == "FAILED"
    assert SEAL not in codes(report, "C15")


def _scramble(claim):
    data = {name: [value] if isinstance(value, str) else str(value) for name, value in claim.data.items()}
    return type(claim)(**{field: getattr(claim, field) for field in claim.__slots__} | {"data": data})


def test_the_time_of_verification_is_asked_for_in_the_report_too():
    """An overdue case, through the door."""
    steps = full_steps(opened={"close_by": "2026-05-05T00:00:00.000Z"})
    still = [step for step in steps if getattr(step, "type", "") != "case.closed/1"]
    story = OURS.story(still)
    report = verify(story.bundle(), OURS.policy(story), documents=FILES, at=AT + timedelta(days=1))
    assert "OVERDUE" in codes(report, "C20")
    assert report.check(CheckId.C20).status is Status.INDETERMINATE
