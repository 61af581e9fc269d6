"""C02–C05: entries and sealed values, order and completeness, submitters' signatures, documents."""

from dataclasses import replace

import pytest
from makers.universe import (
    CASE,
    CONTRACT_FILE,
    DOCUMENTS,
    LOG_CASE,
    OPERATOR,
    OTHER_CASE,
    OTHER_TENANT,
    OURS,
    SIGNED_FILE,
    TENANT,
    Deposit,
    Universe,
    changed,
    closing,
    codes,
    document,
    edit_event,
    outcome,
    run,
    seed,
    spki,
    standard,
    uuid,
    verify,
)
from zheng_verifier.canonical import format_json
from zheng_verifier.checks import Document
from zheng_verifier.claim import DocumentRef
from zheng_verifier.encoding import format_base64, format_base64url, format_hex
from zheng_verifier.jws import key_fingerprint
from zheng_verifier.merkle import leaf_hash
from zheng_verifier.report.model import AxisId, AxisResult, CheckId, Overall, Status
from zheng_verifier.report.sentences import word
from zheng_verifier.sealed import Disclosure, disclosure_digest, format_disclosure
from zheng_verifier.timestamp.algorithms import digest

SIGNED, CLOSED, ERASED, ATTESTED = 9, 10, 11, 12  # steps of the story


def states(report, seq):
    event = next(event for event in report.events if event.seq == seq)
    return {field.path: (field.state, field.value) for field in event.sealed}


# --- C03 ---------------------------------------------------------------------------------------------------------


def test_entries_pass_and_sealed_values_show_four_states():
    """OPENED with its value, WITHHELD, ERASED, NEVER_HELD; never a blank."""
    report = run()
    assert outcome(report, "C03") == ("PASSED", "")
    assert states(report, 2) == {"/data/title": ("OPENED", "房屋租赁合同 𬭎㛃"), "/data/ip": ("ERASED", None)}
    assert states(report, 3) == {"/data/ip": ("NEVER_HELD", None)}
    assert states(report, 4)["/data/ip"] == ("WITHHELD", None)


def test_an_opened_value_is_not_called_erased():
    """Somebody kept the disclosure: the value is shown as opened, though an event says it was erased."""
    report = run(changed(5, opened=(0, 1)))
    assert states(report, 2)["/data/ip"] == ("OPENED", "203.0.113.7")


def test_a_whole_entry_can_be_erased():
    """`privacy.erased` without fields covers every sealed value of the event."""
    erased = {"erased": [{"event": uuid("event 5")}], "basis": "request", "exported_before": False}
    report = run(changed(ERASED, data=erased))
    assert {state for state, _ in states(report, 2).values()} == {"OPENED", "ERASED"}


@pytest.mark.parametrize("erased", ["x", [1], [{"event": 1, "fields": [1]}]])
def test_an_ill_formed_erasure_erases_nothing(erased):
    """What does not fit the schema fails C03 and marks nothing."""
    report = run(changed(ERASED, data={"erased": erased, "basis": "request", "exported_before": False}))
    assert outcome(report, "C03") == ("FAILED", "SCHEMA_VIOLATION")


def test_a_leaf_that_does_not_parse_fails():
    """An object that is no leaf stays in the list as what it is."""
    report = run(edit=edit_event(1, leaf=b'{"zheng":"leaf/v1"}'))
    assert outcome(report, "C03") == ("FAILED", "FIELD_MISSING")
    assert [event.seq for event in report.events][:3] == [1, 0, 3]
    assert outcome(run(edit=edit_event(1, leaf=b'{"zheng":"leaf/v2"}')), "C03")[1] == "UNKNOWN_VERSION"


def test_another_entry_than_the_leafs_fails():
    """The entry of event 1 under the leaf of event 2."""
    entry = standard().bundle().events[0].entry
    report = run(edit=edit_event(1, entry=entry, disclosures=()))
    assert outcome(report, "C03") == ("FAILED", "HASH_FAILURE")
    assert outcome(report, "A1")[0] == "FAILED"
    assert report.events[1].type is None


def test_a_withheld_entry_is_not_provided():
    """Its leaf still counts: C03 and C05 say what is missing, C04 and C06 go on."""
    report = run(edit=edit_event(3, entry=None, disclosures=()))
    assert outcome(report, "C03") == ("NOT_PROVIDED", "WITHHELD")
    assert outcome(report, "C05") == ("SKIPPED", "DEPENDENCY")
    assert outcome(report, "C16") == ("SKIPPED", "DEPENDENCY")
    assert (outcome(report, "C04")[0], outcome(report, "C06")[0]) == ("PASSED", "PASSED")


def test_redacted_and_erased_evidence_keeps_its_signatures():
    """With every value closed the submitters' signatures and the paths hold as before."""

    def edit(bundle):
        return replace(bundle, events=tuple(replace(event, disclosures=()) for event in bundle.events))

    report = run(edit=edit)
    assert [outcome(report, check)[0] for check in ("C03", "C05", "C06")] == ["PASSED"] * 3
    assert "OPENED" not in {field.state for event in report.events for field in event.sealed}


def other_disclosure(value="x", salt=None):
    return format_disclosure(Disclosure(salt or seed("another salt", 16), value))


@pytest.mark.parametrize(
    ("disclosures", "code"),
    [
        (lambda own: (*own, own[0]), "COMMITMENT_MISMATCH"),
        (lambda own: (other_disclosure(),), "COMMITMENT_MISMATCH"),
        (lambda own: ("!",), "FORMAT_FAILURE"),
    ],
)
def test_a_disclosure_that_opens_nothing_fails(disclosures, code):
    """Twice, of another value, or no disclosure at all."""
    own = standard().bundle().events[1].disclosures
    assert outcome(run(edit=edit_event(1, disclosures=disclosures(own))), "C03") == ("FAILED", code)


def test_a_value_opened_without_its_entry_fails():
    """Nothing says what it opens."""
    assert "COMMITMENT_MISMATCH" in codes(run(edit=edit_event(1, entry=None)), "C03")


def test_an_opened_value_fits_its_field():
    """A number where the schema wants an address; a digest object that is none."""
    sealed = other_disclosure(7)
    data = _upload() | {"ip": {"_sd": [disclosure_digest(sealed)]}}
    report = run(changed(5, data=data, private={"title": "t"}, disclosures=(sealed,)))
    assert outcome(report, "C03") == ("FAILED", "SCHEMA_VIOLATION")


def _upload():
    return dict(OURS.steps()[5].data)


def sealed_document(value):
    """Give a document whose digests are sealed, and the disclosure of ``value`` for them."""
    text = format_disclosure(Disclosure(seed("salt of a document", 16), value))
    return DocumentRef("original", len(CONTRACT_FILE), "application/pdf", None, disclosure_digest(text)), text


DIGESTS = {name: format_hex(digest(name, CONTRACT_FILE)) for name in ("sha256", "sm3")}


@pytest.mark.parametrize(
    ("value", "code"),
    [("x", "WRONG_TYPE"), ({"sm3": "0" * 64}, "FIELD_MISSING"), ({"sha256": "0"}, "FORMAT_FAILURE")],
)
def test_opened_digests_are_digests(value, code):
    """What opens a document's sealed digests must be digests."""
    ref, text = sealed_document(value)
    report = run(changed(5, documents=(ref,), disclosures=(text,)))
    assert outcome(report, "C03") == ("FAILED", code)


def test_a_commitment_copied_from_one_event_to_another_fails():
    """The same sealed value in two entries: what was sealed once is passed off for another's."""
    text = format_disclosure(Disclosure(seed("salt 5 1", 16), "203.0.113.7"))
    copied = OURS.steps()[6].data | {"ip": {"_sd": [disclosure_digest(text)]}}
    report = run(changed(6, data=copied, private={}))
    assert outcome(report, "C03") == ("FAILED", "COMMITMENT_MISMATCH")


def test_a_salt_used_twice_fails():
    """Two opened values of two events share a salt."""
    text = other_disclosure("198.51.100.1", seed("salt 5 0", 16))
    data = OURS.steps()[6].data | {"ip": {"_sd": [disclosure_digest(text)]}}
    report = run(changed(6, data=data, private={}, disclosures=(text,)))
    assert outcome(report, "C03") == ("FAILED", "COMMITMENT_MISMATCH")


def test_data_that_do_not_fit_the_schema_fail_and_an_unknown_type_is_open():
    """A member missing is false; a type of a later version cannot be judged."""
    assert outcome(run(changed(6, data={"party": uuid("party")}, private={})), "C03")[0] == "FAILED"
    tampered = changed(6, tamper=lambda claim: replace(claim, type="document.viewed/9"))
    assert outcome(run(tampered), "C03") == ("INDETERMINATE", "SCHEMA_UNKNOWN")


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        (lambda claim: replace(claim, log="zheng.example/TEST/other"), "WRONG_LOG"),
        (lambda claim: replace(claim, case=OTHER_CASE), "WRONG_CASE"),
        (lambda claim: replace(claim, tenant=OTHER_TENANT), "WRONG_TENANT"),
    ],
)
def test_the_same_signed_claim_elsewhere_is_refused(tamper, code):
    """A claim addressed to another log, case or tenant, or re-addressed after its signature."""
    report = run(changed(SIGNED, tamper=tamper))
    assert code in codes(report, "C03")
    assert outcome(report, "C03")[0] == "FAILED"
    assert outcome(report, "C05")[0] in ("SKIPPED", "INDETERMINATE")
    assert report.overall is Overall.INCONSISTENT


def test_a_claim_re_addressed_after_its_signature_fails_c05():
    """The words were changed under the signature, within the right case."""
    report = run(changed(SIGNED, tamper=lambda claim: replace(claim, id=uuid("another id"))))
    assert outcome(report, "C05") == ("FAILED", "SIG_CRYPTO_FAILURE")


def test_an_event_of_another_case_is_foreign():
    """A leaf of another case among the events; its words count for nothing."""
    steps = changed(SIGNED, case=OTHER_CASE)
    story = OURS.story(steps)
    moved = next(made for made in story.made if not made.is_event and made.index == 8)
    moved.is_event = True
    report = verify(story.bundle(), OURS.policy(story))
    assert "WRONG_CASE" in codes(report, "C03")


def test_context_of_another_case_vouches_for_nobody():
    """A key registered in some tenant's own case is not registered by the log."""
    report = run(changed(2, case=OTHER_CASE))
    assert "WRONG_CASE" in codes(report, "C03")
    assert outcome(report, "C05") == ("INDETERMINATE", "KEY_UNKNOWN")


def test_an_id_used_twice_fails():
    """The idempotency key names one event."""
    report = run(changed(SIGNED, tamper=lambda claim: replace(claim, id=uuid("event 5"))))
    assert "DUPLICATE_ID" in codes(report, "C03")


# --- C04 ---------------------------------------------------------------------------------------------------------


def without(*steps):
    """Leave events of the case out of the bundle, not out of the log."""
    story = OURS.steps()
    for step in steps:
        story[step] = story[step].but(listed=False)
    return story


def test_order_is_complete():
    """Numbered, chained, opened, closed and attested."""
    assert outcome(run(), "C04") == ("PASSED", "")


def test_gap_is_named():
    """An event left out of the middle is a gap by its number, and A7 says so; A1 does not fail for it."""
    report = run(without(6))
    gap = next(f for f in report.check(CheckId.C04).findings if f.code == "SEQ_GAP")
    assert word(gap.subject, "en") == "events 3"
    assert outcome(report, "C04") == ("INDETERMINATE", "SEQ_GAP")
    assert outcome(report, "A7")[0] == "INDETERMINATE"
    assert outcome(report, "A1")[0] == "PASSED"


def test_a_number_near_the_limit_is_a_gap_and_no_loop():
    """A leaf that claims number 2^53−1 costs nothing to report."""
    leaf = format_json(
        {
            "zheng": "leaf/v1",
            "case": CASE,
            "seq": 2**53 - 1,
            "prev": format_base64url(bytes(32)),
            "entry": format_base64url(bytes(32)),
        }
    )
    report = run(edit=edit_event(6, leaf=leaf, entry=None))
    assert "SEQ_GAP" in codes(report, "C04")


def test_many_gaps_are_named_by_the_first():
    """More than eight gaps: the first eight, and that there are more."""
    steps = OURS.steps()[:5]
    for number in range(20):
        steps.append(Deposit("account.registered/1", _ACCOUNT, 2, "api-key", listed=number % 2 == 1))
    assert "SEQ_GAP" in codes(run([*steps, OURS.steps()[14]], documents=()), "C04")


_ACCOUNT = {"subject_kind": "person", "channel": "pc"}


def test_two_leaves_of_one_number_are_a_fork():
    """Both claim to be event 3."""
    fork = format_json(
        {
            "zheng": "leaf/v1",
            "case": CASE,
            "seq": 3,
            "prev": format_base64url(bytes(32)),
            "entry": format_base64url(bytes(32)),
        }
    )
    report = run(edit=edit_event(3, leaf=fork, entry=None, disclosures=()))
    assert {"FORK", "SEQ_GAP", "PREV_MISMATCH"} <= codes(report, "C04")
    assert outcome(report, "A1")[0] == "FAILED"


def test_events_out_of_order_are_found():
    """Listed in another order than numbered, and so in the log."""

    def edit(bundle):
        events = list(bundle.events)
        events[1], events[2] = events[2], events[1]
        return replace(bundle, events=tuple(events))

    assert "ORDER" in codes(run(edit=edit), "C04")


def test_a_later_event_earlier_in_the_log_is_found():
    """Two leaves of the case change places in the tree: the order of the log contradicts the numbers."""
    story = OURS.story()
    first, second = story.made[3], story.made[4]
    story.leaves[first.index], story.leaves[second.index] = (
        story.leaves[second.index],
        story.leaves[first.index],
    )
    first.index, second.index = second.index, first.index
    story.marks = [
        (size, replace(proof, checkpoint=OURS.note(story.leaves[:size]), tokens=(), anchors=()))
        for size, proof in story.marks
    ]
    report = verify(story.bundle(), OURS.policy(standard()))
    assert outcome(report, "C04") == ("FAILED", "ORDER")


def test_a_case_that_is_not_opened_first_fails():
    """Event 1 must open the case."""
    report = run(changed(4, type="account.registered/1", data=_ACCOUNT, kind="api-key"))
    assert outcome(report, "C04") == ("FAILED", "NOT_OPENED")


def test_a_case_without_end_is_not_closed():
    """Without the closing event more may follow."""
    report = run(without(CLOSED, ERASED, ATTESTED), edit=lambda b: b)
    assert outcome(report, "C04")[1] == "NOT_CLOSED"


def test_closed_without_attested_export():
    """Closed, but no export says how far it went."""
    assert outcome(run(without(ATTESTED)), "C04") == ("INDETERMINATE", "NOT_ATTESTED")


@pytest.mark.parametrize(
    "data",
    [
        lambda story: closing(story) | {"count": 3},
        lambda story: closing(story) | {"head": format_base64url(bytes(32))},
    ],
)
def test_closing_counts(data):
    """The closing event names the number of events before it and the last one's leaf."""
    assert outcome(run(changed(CLOSED, data=data)), "C04") == ("FAILED", "COUNT_MISMATCH")


def test_only_custody_follows_the_closing():
    """A party's signature after the closing is refused, an export is not."""
    steps = OURS.steps()
    steps[SIGNED], steps[CLOSED] = steps[CLOSED], steps[SIGNED]
    assert outcome(run(steps), "C04") == ("FAILED", "AFTER_CLOSE")
    unknown = changed(ERASED, tamper=lambda claim: replace(claim, type="privacy.erased/9"))
    assert "AFTER_CLOSE" in codes(run(unknown), "C04")


def attested(**data):
    def make(story):
        seq, head = story.heads[CASE]
        return {"seq": seq, "leaf": format_base64url(head), "tree_size": len(story.leaves)} | data

    return changed(ATTESTED, data=make)


@pytest.mark.parametrize(
    "data",
    [
        {"leaf": format_base64url(bytes(32))},
        {"seq": 7},
        {"seq": 99},
        {"tree_size": 3},
        {"tree_size": 99},
    ],
)
def test_an_attestation_that_contradicts_the_case_fails(data):
    """Another leaf under that number, itself or a later event, a tree that did not hold it or held too much."""
    assert outcome(run(attested(**data)), "C04") == ("FAILED", "ATTESTATION_MISMATCH")


def test_an_attestation_of_the_time_before_the_closing_does_not_count():
    """It says how far the case went then, and nothing of the end."""
    leaf = next(made for made in standard().made if made.index == 4).event.leaf
    early = attested(seq=1, leaf=format_base64url(leaf_hash(leaf)))
    assert outcome(run(early), "C04") == ("INDETERMINATE", "NOT_ATTESTED")


def test_an_attested_event_that_is_not_shown_is_a_gap():
    """It cannot be compared, and the gap is named."""
    assert codes(run(without(ERASED)), "C04") == {"SEQ_GAP"}


# --- C05 ---------------------------------------------------------------------------------------------------------


def origins(report):
    return {
        word(finding.detail, "en")
        for finding in report.check(CheckId.C05).findings
        if finding.status == "PASSED"
    }


def test_submitters_signed_with_registered_keys():
    """Ed25519 and ES256 signatures by keys that the log's own case registered; the service needs none."""
    report = run()
    assert outcome(report, "C05") == ("PASSED", "")
    assert origins(report) == {"as registered by the operator"}
    assert codes(report, "C05") == {"SERVICE"}


def test_a_pinned_key_is_named_as_pinned():
    """The policy's own pin counts before the operator's word."""
    report = run(policy={"submitters": (OURS.pin("ed25519"), OURS.pin("es256"))})
    assert origins(report) == {"pinned by your policy"}


def test_deposits_by_api_key_are_not_signed():
    """NOT_PROVIDED(NOT_SIGNED)."""
    assert outcome(run(changed(6, kind="api-key")), "C05") == ("NOT_PROVIDED", "NOT_SIGNED")


def test_the_service_cannot_speak_for_a_platform():
    """A platform's event under the name of the service is unsigned, not the service's own."""
    assert outcome(run(changed(SIGNED, kind="service")), "C05") == ("NOT_PROVIDED", "NOT_SIGNED")


@pytest.mark.parametrize(
    "pins",
    [
        (),
        (OURS.pin("ed25519", tenant=OTHER_TENANT), OURS.pin("es256", tenant=OTHER_TENANT)),
        (Universe("forger").pin("ed25519"),),
    ],
)
def test_a_key_of_nobody_or_of_another_tenant_is_unknown(pins):
    """Neither registered nor pinned for this tenant."""
    report = run(policy={"submitters": pins}, edit=drop_context)
    assert outcome(report, "C05") == ("INDETERMINATE", "KEY_UNKNOWN")


def drop_context(bundle):
    shown = len(bundle.events)
    proofs = tuple(
        replace(proof, inclusions=tuple(i for i in proof.inclusions if i.event < shown))
        for proof in bundle.proofs
    )
    return replace(bundle, context=(), proofs=proofs)


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [(9, None, "KEY_NOT_YET_REGISTERED"), (0, 8, "KEY_REVOKED_BEFORE"), (0, 5, "KEY_REVOKED_BEFORE")],
)
def test_a_pin_is_good_for_its_interval_of_leaves(first, last, code):
    """The index is the clock: party.signed is leaf 8."""
    pins = (OURS.pin("ed25519", from_index=first, to_index=last), OURS.pin("es256"))
    report = run(policy={"submitters": pins}, edit=drop_context)
    assert code in codes(report, "C05")
    assert outcome(report, "C05")[0] == "INDETERMINATE"


def revoked(position, kind="key.revoked/1", **data):
    """Revoke the platform's Ed25519 key just before a step, and show the leaf."""
    kid = format_base64url(key_fingerprint(spki(OURS.platform("ed25519"))))
    body = {"tenant": TENANT, "kid": kid, "reason_code": "superseded", "requested_by": "key_holder"}
    if kind == "key.compromised/1":
        body = {"key_kind": "submitter", "kid": kid, "notice_at": "2026-05-04T03:00:00.000Z"}
        body |= {"authority": "recovery_key"}
    steps = OURS.steps()
    step = Deposit(kind, body | data, 2, "service", case=LOG_CASE, tenant=OPERATOR)
    return [*steps[:position], step, *steps[position:]]


@pytest.mark.parametrize("kind", ["key.revoked/1", "key.compromised/1"])
def test_a_key_revoked_at_a_lower_index_is_not_in_force(kind):
    """Revoked before party.signed: that event is open, the upload before it is not."""
    report = run(revoked(SIGNED, kind))
    assert outcome(report, "C05") == ("INDETERMINATE", "KEY_REVOKED_BEFORE")
    details = [f for f in report.check(CheckId.C05).findings if f.code == "KEY_REVOKED_BEFORE"]
    assert [word(f.subject, "en") for f in details] == ["event 4", "event 5"]


def test_a_pinned_key_can_be_revoked_too():
    """A pin without end does not hide a revocation that the bundle shows."""
    report = run(revoked(SIGNED), policy={"submitters": (OURS.pin("ed25519"),)})
    assert outcome(report, "C05") == ("INDETERMINATE", "KEY_REVOKED_BEFORE")


def test_a_revocation_for_another_tenant_or_before_the_registration_ends_nothing():
    """One key may serve two tenants, and may be registered again."""
    assert outcome(run(revoked(SIGNED, tenant=OTHER_TENANT)), "C05") == ("PASSED", "")
    assert outcome(run(revoked(2)), "C05") == ("PASSED", "")


def test_a_key_registered_later_is_not_yet_in_force():
    """Registered after the event that it signed."""
    steps = OURS.steps()
    registration = steps.pop(2)
    steps.insert(SIGNED, registration)
    report = run(steps)
    assert "KEY_NOT_YET_REGISTERED" in codes(report, "C05")


@pytest.mark.parametrize("data", [{"spki": "!"}, {"kid": format_base64url(bytes(32))}])
def test_an_ill_formed_registration_registers_nothing(data):
    """No key that does not parse, and none under another's fingerprint."""
    step = OURS.register("ed25519")
    report = run(changed(2, data=step.data | data))
    assert "KEY_UNKNOWN" in codes(report, "C05")


def test_a_registered_key_of_no_known_kind_cannot_be_checked():
    """A SubjectPublicKeyInfo that is none, under its own fingerprint, which an event names: malformed."""
    spoiled = b"no key"
    data = OURS.register("ed25519").data | {
        "spki": format_base64(spoiled),
        "kid": format_base64url(key_fingerprint(spoiled)),
    }
    assert "KEY_UNKNOWN" in codes(run(changed(2, data=data)), "C05")


def test_a_signature_whose_place_is_not_known_is_skipped():
    """Without a path there is no index, and so no clock."""

    def edit(bundle):
        proofs = tuple(
            replace(proof, inclusions=tuple(i for i in proof.inclusions if i.event != 3))
            for proof in bundle.proofs
        )
        return replace(bundle, proofs=proofs)

    report = run(edit=edit)
    assert outcome(report, "C05") == ("SKIPPED", "DEPENDENCY")


# --- C02 ---------------------------------------------------------------------------------------------------------


def test_documents_are_those_deposited():
    """Both digests and the size agree; the report tells whose bytes the service saw itself."""
    report = run()
    assert outcome(report, "C02") == ("PASSED", "")
    said = [f.detail.key for f in report.check(CheckId.C02).findings]
    assert said == ["documents.same_hashed", "documents.same_stated"]
    assert [view.hashed_by_service for view in report.documents] == [True, False]
    assert [view.events for view in report.documents] == [(2,), (4,)]


def test_a_changed_document_fails():
    """One byte: HASH_FAILURE, and the document that was named is missing."""
    report = run(documents=(DOCUMENTS[0], Document("signed.pdf", SIGNED_FILE + b" ")))
    assert outcome(report, "C02") == ("FAILED", "HASH_FAILURE")
    assert "DOCUMENT_NOT_SUPPLIED" in codes(report, "C02")
    assert report.overall is Overall.INCONSISTENT


def test_a_document_that_no_event_shown_names_is_open_while_some_are_not_shown():
    """It may be the one that a withheld entry names: not called false."""
    report = run(edit=edit_event(3, entry=None, disclosures=()))
    assert outcome(report, "C02") == ("INDETERMINATE", "DOCUMENT_NOT_NAMED")


def test_documents_not_given_are_not_provided():
    """None at all is NOT_PROVIDED; some that agree pass as PARTIAL, and the others are named (ADR 0009)."""
    assert outcome(run(documents=()), "C02") == ("NOT_PROVIDED", "NO_DOCUMENT")
    report = run(documents=DOCUMENTS[:1])
    assert outcome(report, "C02") == ("PASSED", "PARTIAL")
    assert codes(report, "C02") == {"PARTIAL", "DOCUMENT_NOT_SUPPLIED"}
    assert word(report.check(CheckId.C02).findings[0].detail, "en").startswith("1 of 2 documents")
    assert [view.status for view in report.documents] == ["PASSED", "NOT_PROVIDED"]
    assert report.axis(AxisId.A1) == AxisResult(AxisId.A1, Status.PASSED, ("C02:PARTIAL",))


def test_one_file_that_disagrees_is_not_partial():
    """Of two files one is another: FAILED, not "1 of 2"."""
    report = run(documents=(Document("x.pdf", CONTRACT_FILE + b" "),))
    assert outcome(report, "C02") == ("FAILED", "HASH_FAILURE")
    assert "PARTIAL" not in codes(report, "C02")


def test_no_document_named_or_given_does_not_apply():
    """A case without documents; A1 does not wait for one."""
    steps = changed(5, documents=(), checked=())
    steps[SIGNED] = steps[SIGNED].but(documents=())
    report = run(steps, documents=())
    assert outcome(report, "C02") == ("NOT_APPLICABLE", "NO_DOCUMENT")
    assert outcome(report, "A1")[0] == "PASSED"
    assert outcome(run(steps), "C02") == ("FAILED", "HASH_FAILURE")


@pytest.mark.parametrize("change", ["sm3", "size", "sha256"])
def test_one_digest_or_the_size_disagrees(change):
    """One agrees and another does not: DIGEST_DISAGREEMENT."""
    ref = document("original", CONTRACT_FILE)
    ref = (
        replace(ref, size=1)
        if change == "size"
        else document("original", CONTRACT_FILE, **{change: bytes(32)})
    )
    assert "DIGEST_DISAGREEMENT" in codes(run(changed(5, documents=(ref,))), "C02")


def test_a_second_event_that_contradicts_the_first_is_not_overlooked():
    """Event 2 names the file rightly, event 4 with the same SHA-256 and another SM3."""
    refs = (document("signed", SIGNED_FILE), document("copy", CONTRACT_FILE, sm3=bytes(32)))
    assert "DIGEST_DISAGREEMENT" in codes(run(changed(SIGNED, documents=refs)), "C02")


def test_a_digest_of_an_unknown_algorithm_is_open():
    """All known digests agree, and one cannot be computed here."""
    ref = document("original", CONTRACT_FILE, blake9=bytes(32))
    report = run(changed(5, documents=(ref,)))
    assert outcome(report, "C02") == ("INDETERMINATE", "UNKNOWN_ALGORITHM")


def test_sealed_digests_are_used_once_opened():
    """Opened they are compared like others, closed they are WITHHELD."""
    ref, text = sealed_document(DIGESTS)
    opened = run(changed(5, documents=(ref,), disclosures=(text,)))
    assert outcome(opened, "C02") == ("PASSED", "")
    closed = run(changed(5, documents=(ref,)))
    assert {"WITHHELD", "DOCUMENT_NOT_NAMED"} <= codes(closed, "C02")
    assert outcome(run(changed(5, documents=(ref,)), documents=()), "C02")[0] == "NOT_PROVIDED"
    steps = changed(5, documents=(ref,))
    steps[SIGNED] = steps[SIGNED].but(documents=())
    report = run(steps, documents=())
    assert outcome(report, "C02") == ("NOT_PROVIDED", "NO_DOCUMENT")
    assert "WITHHELD" in codes(report, "C02")
