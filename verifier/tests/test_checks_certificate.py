"""Certificates of deposit, whole: what a reader is told of a good one, and of every way to make a bad one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from makers import certificates, signed_pdfs
from makers.universe import standard
from zheng_verifier.bundle import format_bundle, parse_bundle
from zheng_verifier.checks.any import verify_any
from zheng_verifier.checks.certificate import SEAL_FILE, check_certificate
from zheng_verifier.examined import ExaminedFile
from zheng_verifier.pdf_signatures.encoding import format_facts
from zheng_verifier.pdf_signatures.facts import Change, Family, Problem
from zheng_verifier.pdf_signatures.read import read_signatures
from zheng_verifier.report.diagnostic import format_diagnostic, parse_diagnostic
from zheng_verifier.report.model import AxisId, CheckId, Overall, Status


def codes(report):
    return [(finding.status.value, finding.code) for finding in report.check(CheckId.C01).findings]


def bad(report):
    return {code for status, code in codes(report) if status == "FAILED"}


def mismatches(report):
    return {
        finding.subject.values["member"]
        for finding in report.check(CheckId.C01).findings
        if finding.code == "RECORD_MISMATCH"
    }


@pytest.fixture(scope="module")
def good():
    return certificates.judge(certificates.sealed())


def test_a_good_certificate_stands_by_itself(good):
    """Seal, issuer, time and every value that the proof shows: passed; what is only said is listed as that."""
    assert [status for status, _ in codes(good)] == ["PASSED", "PASSED", "PASSED", "PASSED", "NOT_APPLICABLE"]
    assert good.check(CheckId.C01).status is Status.PASSED
    assert [file.name for file in good.container.files] == ["certificate.json", "bundle.json"]
    assert (good.container.kind, good.case) == ("certificate", standard().bundle().case)
    said = good.check(CheckId.C01).findings[-1].detail.values
    assert said["url"] == f"https://zheng.example/p/{certificates.NUMBER}"


def test_it_is_judged_again_without_the_file(good):
    """A diagnostic report holds all that C01 needs."""
    assert parse_diagnostic(format_diagnostic(good.examined)) == good.examined


def test_one_door_opens_it(good):
    """Dropped beside bundles and packages it is known for what it is."""
    from zheng_verifier.checks import PolicyInput
    from zheng_verifier.policy import format_policy

    policy = PolicyInput(format_policy(standard().universe.policy(standard())))
    report = verify_any(certificates.sealed(), policy=policy, at=None)
    assert report.container.kind == "certificate"
    assert ("INDETERMINATE", "UNTRUSTED_TSA") in codes(report)


def test_a_file_that_is_no_certificate_is_refused():
    """There is nothing to judge, and the report says why."""
    report = certificates.judge(signed_pdfs.pdf())
    assert (report.overall, report.refusal.code) == (Overall.UNREADABLE, "ATTACHMENTS")


def test_another_issuer_is_not_known():
    """Whoever makes himself a root can make a seal: the policy does not know it. A test root is called one."""
    assert ("INDETERMINATE", "UNTRUSTED_ISSUER") in codes(certificates.judge(certificates.sealed(), ()))
    other = certificates.issuer(name="other", roots=(signed_pdfs.tsa_root().der,))
    assert ("INDETERMINATE", "UNTRUSTED_ISSUER") in codes(certificates.judge(certificates.sealed(), (other,)))
    test = certificates.judge(certificates.sealed(), (other, certificates.issuer(test=True)))
    assert ("INDETERMINATE", "TEST_ISSUER") in codes(test)
    assert mismatches(test) == {"issuer_cert/test"}


def test_a_revoked_certificate_seals_nothing():
    """CRLs in the file are asked; a revocation before the seal fails it."""
    revoked = signed_pdfs.crls((77, signed_pdfs.tokens.START, "keyCompromise"))
    report = certificates.judge(signed_pdfs.store(certificates.sealed(), crls=revoked))
    assert bad(report) == {"REVOKED"}
    assert report.axis(AxisId.A1).status is Status.FAILED
    fine = certificates.judge(signed_pdfs.store(certificates.sealed(), crls=signed_pdfs.crls()))
    assert bad(fine) == set()


def test_a_chain_that_does_not_hold_is_not_merely_unknown():
    """A certificate that had expired when it sealed fails."""
    old = signed_pdfs.signer(end=signed_pdfs.tokens.GEN_TIME - timedelta(days=1), kind="p256-old")
    assert bad(certificates.judge(certificates.seal(certificates.unsealed(), party=old))) == {"EXPIRED"}


@pytest.mark.parametrize("timed", [True, False])
def test_without_a_time_it_is_judged_at_the_readers_own(timed):
    """No time-stamp is no failure; without any moment at all the certificate cannot be judged."""
    pdf = certificates.seal(certificates.unsealed(), stamps=None)
    report = certificates.judge(pdf, **({} if timed else {"at": None}))
    assert ("NOT_PROVIDED", "NO_TIMESTAMP") in codes(report)
    assert (("INDETERMINATE", "NO_POE") in codes(report)) is not timed


def test_no_seal_is_said():
    """An unsealed certificate keeps its proof, and its issuer's words are nobody's."""
    report = certificates.judge(certificates.unsealed())
    assert ("NOT_PROVIDED", "NO_SIGNATURE") in codes(report)
    assert bad(report) == set()


def test_a_second_signature_is_refused():
    """Nobody but the issuer signs a certificate."""
    twice = signed_pdfs.sign(certificates.seal(certificates.unsealed(), certify=None), field="Other")
    assert bad(certificates.judge(twice)) == {"UNEXPECTED_SIGNATURE"}


def test_a_change_after_the_seal_is_found():
    """Text written over the page in a later revision, or a flipped byte of the page, fails the certificate."""
    report = certificates.judge(signed_pdfs.update(certificates.sealed(), signed_pdfs.add_text))
    assert bad(report) == {"CHANGED_AFTER_SEAL"}
    assert report.overall is Overall.INCONSISTENT
    flipped = certificates.sealed().replace(b"[0 0 300 300]", b"[0 0 301 300]", 1)
    assert bad(certificates.judge(flipped)) == {"HASH_FAILURE"}


def test_a_swapped_attachment_is_found():
    """The record of another bundle, or another bundle under the record: seal and comparison both say so."""
    other = format_bundle(replace(parse_bundle(certificates.bundle()), consistency=()))
    swapped = certificates.seal(certificates.unsealed(certificates.record(), other))
    assert "bundle_sha256" in mismatches(certificates.judge(swapped))


def test_a_page_added_is_no_certificate():
    """Two pages are refused before anything is believed."""
    pdf = certificates.page(pages=2)
    assert certificates.judge(pdf).refusal.code == "FORMAT_FAILURE"


CHANGES = [
    ({"case": "0c9f4b1e-52d7-4a6e-9a3e-6d1f0b7a8c21"}, {"case"}),
    ({"event_count": 3}, {"event_count"}),
    ({"event_root": bytes(32)}, {"event_root"}),
    ({"evidence_id": "0c9f4b1e-52d7-4a6e-9a3e-6d1f0b7a8c21"}, {"evidence_id"}),
    ({"claimed": None}, {"claimed_at"}),
    ({"parties": ()}, {"role"}),
    ({"documents": ()}, {"documents/0", "documents/1"}),
]


@pytest.mark.parametrize(("change", "members"), CHANGES)
def test_every_printed_value_is_compared(change, members):
    """A sealed record that says something else than its proof fails, with both values named."""
    pdf = certificates.seal(certificates.unsealed(certificates.record(**change)))
    report = certificates.judge(pdf)
    assert mismatches(report) == members
    (first, *_) = [each for each in report.check(CheckId.C01).findings if each.code == "RECORD_MISMATCH"]
    assert first.observed["said"] != first.observed["shown"]
    assert report.overall is Overall.INCONSISTENT


def test_times_positions_tokens_and_anchors_are_compared():
    """So are spans, the place in the log, and each time-stamp and anchor that is listed."""
    made = certificates.record()
    token, anchor = made.timestamps[0], made.anchors[0]
    document = replace(made.documents[0], size=1, sm3=None, hashed_by_service=False)
    changed = replace(
        made,
        received=replace(made.received, last=made.issued_at),
        log=replace(made.log, leaf_index=0),
        timestamps=(replace(token, serial=1), token, token),
        anchors=(replace(anchor, block_number=1),),
        documents=(document, *made.documents[1:]),
    )
    found = mismatches(certificates.judge(certificates.seal(certificates.unsealed(changed))))
    assert found == {"received_at", "log", "timestamps/0", "timestamps/2", "anchors/0", "documents/0"}


def test_fewer_tokens_and_anchors_are_no_lie():
    """A record may list less than the proof has."""
    made = certificates.record(timestamps=(), anchors=())
    assert mismatches(certificates.judge(certificates.seal(certificates.unsealed(made)))) == set()


def test_a_test_is_not_printed_as_the_real_thing():
    """Where the policy knows a time-stamp or a chain for a test, a record that hides it fails; so does another seal."""
    made = certificates.record()
    hidden = replace(
        made,
        timestamps=tuple(replace(token, test=False) for token in made.timestamps),
        anchors=tuple(replace(anchor, kind="public") for anchor in made.anchors),
        issuer_certificate=replace(made.issuer_certificate, sha256=bytes(32)),
    )
    found = mismatches(certificates.judge(certificates.seal(certificates.unsealed(hidden))))
    assert {member.partition("/")[0] for member in found} == {"timestamps", "anchors", "issuer_cert"}
    bare = certificates.record(issuer_certificate=None)
    assert mismatches(certificates.judge(certificates.seal(certificates.unsealed(bare)))) == set()


def test_a_record_that_is_none_is_a_finding():
    """The proof is judged all the same."""
    pdf = certificates.page({"certificate.json": b"{}", "bundle.json": certificates.bundle()})
    report = certificates.judge(pdf)
    assert bad(report) == {"FIELD_MISSING"}
    assert report.check(CheckId.C01).findings[-1].detail.key == "certificate.no_record"


def test_a_bundle_without_a_business_event_certifies_nothing():
    """A record over such a proof has nothing to be compared with."""
    full = parse_bundle(certificates.bundle())
    withheld = tuple(replace(event, entry=None, disclosures=()) for event in full.events)
    empty = format_bundle(replace(full, events=withheld))
    pdf = certificates.unsealed(certificates.record(), empty)
    assert "NOTHING_TO_CERTIFY" in bad(certificates.judge(pdf))


def judged(good, **changes):
    """Judge again with other facts about the seal."""
    facts = read_signatures(certificates.sealed())
    (seal,) = [each for each in facts.signatures if not each.is_timestamp]
    of_seal = changes.pop("seal", {})
    made = replace(facts, **({"signatures": (replace(seal, **of_seal),)} | changes))
    data = format_facts(made)
    files = [file for file in good.examined.container.files if file.name != SEAL_FILE]
    container = replace(
        good.examined.container, files=(*files, ExaminedFile(SEAL_FILE, len(data), "0" * 64, data))
    )
    return container


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"problem": Problem(Family.MALFORMED, "FORMAT_FAILURE", "x")}, "FORMAT_FAILURE"),
        ({"problem": Problem(Family.UNCHECKABLE, "UNREADABLE", "x")}, "UNREADABLE"),
        ({"removed": ("Seal0",)}, "UNEXPECTED_SIGNATURE"),
        ({"seal": {"problem": Problem(Family.UNCHECKABLE, "UNKNOWN_ALGORITHM", "x")}}, "UNKNOWN_ALGORITHM"),
        ({"seal": {"signature_ok": False}}, "SIG_CRYPTO_FAILURE"),
        ({"seal": {"coverage": "PARTIAL"}}, "PARTIAL_COVERAGE"),
        ({"seal": {"change": None}}, "MODIFICATIONS_UNCLEAR"),
        ({"seal": {"change": Change.FORM_FILLING}}, "CHANGED_AFTER_SEAL"),
        ({"seal": {"doc_mdp_ok": False}}, "CHANGED_AFTER_SEAL"),
        ({"seal": {"signer": None}}, "NO_POE"),
        ({"seal": {"signer": b"0"}}, "FORMAT_FAILURE"),
        ({"crls": (b"0",)}, "FORMAT_FAILURE"),
    ],
)
def test_what_is_wrong_with_a_seal_is_said(good, changes, code):
    """Each fact that speaks against the seal has its code."""
    from zheng_verifier.pdf_signatures.facts import Coverage

    seal = changes.get("seal", {})
    if "coverage" in seal:
        changes = {"seal": seal | {"coverage": Coverage(seal["coverage"])}}
    bundle, policy = parse_bundle(certificates.bundle()), certificates.issuer()
    trusted = replace(standard().universe.policy(standard()), issuers=(policy,))
    findings = check_certificate(good, judged(good, **changes), bundle, trusted)
    assert code in {finding.code for finding in findings}


def test_a_broken_algorithm_in_the_chain_is_not_enough(good):
    """A sealing certificate signed over SHA-1 can be forged today; that is said, and not merely unknown."""
    tokens = signed_pdfs.tokens
    root = tokens.party("TEST rsa root", extensions=tokens.CA, kind="rsa2048")
    weak = tokens.resigned_sha1(tokens.party("TEST weak", root, extensions=signed_pdfs.SIGNER), root)
    trusted = replace(
        standard().universe.policy(standard()), issuers=(certificates.issuer(roots=(root.der,)),)
    )
    container = judged(good, seal={"signer": weak})
    findings = check_certificate(good, container, parse_bundle(certificates.bundle()), trusted)
    assert "CRYPTO_CONSTRAINTS_FAILURE" in {finding.code for finding in findings}


def test_facts_that_do_not_parse_are_a_finding(good):
    """A diagnostic report may come from anyone; so may one without the record."""
    trusted = standard().universe.policy(standard())
    container = replace(good.examined.container, files=())
    findings = check_certificate(good, container, parse_bundle(certificates.bundle()), trusted)
    assert {finding.status for finding in findings} == {Status.FAILED, Status.NOT_APPLICABLE}
    kept = [file for file in good.examined.container.files if file.name == "certificate.json"]
    container = replace(good.examined.container, files=tuple(kept))
    findings = check_certificate(good, container, parse_bundle(certificates.bundle()), trusted)
    assert "RECORD_MISMATCH" in {finding.code for finding in findings}


def unseen(good, positions, flip):
    """Give the positions at which a flip changes no word, status or code."""
    before = (good.overall, codes(good))
    found = []
    for position in positions:
        data = bytearray(certificates.sealed())
        data[position] ^= flip
        report = certificates.judge(bytes(data))
        if (report.overall, codes(report) if report.checks else report.refusal) == before:
            found.append(position)
    return found


def test_no_flipped_byte_goes_unseen(good):
    """Bytes all over a sealed certificate: each is under the seal, or its change is told."""
    assert unseen(good, range(0, len(certificates.sealed()), 601), 0x01) == []


@pytest.mark.torture
def test_no_flip_of_any_byte_goes_unseen(good):
    """One bit of every byte."""
    assert unseen(good, range(len(certificates.sealed())), 0x01) == []


def test_the_case_of_hexadecimal_digits_alone_is_free(good):
    """A signature is written into the file in hexadecimal: whether its digits are small or capital changes nothing."""
    data = certificates.sealed()
    start = data.index(b"/Contents <") + len(b"/Contents <")
    letter = next(place for place in range(start, len(data)) if chr(data[place]) in "abcdefABCDEF")
    assert unseen(good, [letter], 0x20) == [letter]
    assert unseen(good, [letter], 0x01) == []
