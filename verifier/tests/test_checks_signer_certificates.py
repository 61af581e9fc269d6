"""C14: the certificates of signers, judged at the best time that is shown for the signature."""

from dataclasses import replace
from datetime import timedelta

import pytest
from makers import signed_pdfs as made
from makers import signing_cases as cases
from makers import tokens
from zheng_verifier.checks.pdf_signatures import find_signatures
from zheng_verifier.checks.proof_of_existence import Sources
from zheng_verifier.checks.signer_certificates import check_signers
from zheng_verifier.claim import DocumentRef
from zheng_verifier.pdf_signatures.revocation import load_pool, path_status
from zheng_verifier.policy import AlgorithmRule
from zheng_verifier.policy.model import Quorum, TrustPolicy
from zheng_verifier.report.sentences import word
from zheng_verifier.timestamp.certificate import load_certificate

SIGNED_AT, NOW, DAY = made.SIGNED_AT, made.NOW, timedelta(days=1)
ACCEPTED = tuple(AlgorithmRule(name, None, None) for name in ("sha256", "ecdsa-sha256"))


def policy(*cas, tsas=None, algorithms=ACCEPTED) -> TrustPolicy:
    tsas = (made.trusted_tsa(),) if tsas is None else tsas
    return TrustPolicy(
        issued_at=tokens.START,
        expires=tokens.END,
        algorithms=algorithms,
        logs=(),
        chains=(),
        tsas=tsas,
        submitters=(),
        quorum=Quorum(1, 1, 0),
        cas=cas or (made.trusted_ca(),),
        issuers=(),
    )


def judged(pdf, *cas, case=None, bounds=None, at=NOW, edit=lambda fact: fact, field="Sig1", **rules):
    """The findings and the view of one signature; ``edit`` changes the fact before."""
    document = cases.examined(pdf)
    facts = document.signatures
    document = replace(document, signatures=replace(facts, signatures=tuple(map(edit, facts.signatures))))
    found = [each for each in find_signatures([document]) if each.fact.field == field]
    rule = policy(*cas, **rules)
    result = check_signers(found, Sources(rule.tsas, case or cases.case(), bounds or {}), rule, at)
    for finding in result.findings:
        assert all(
            word(text, language) for text in (finding.subject, finding.detail) for language in ("en", "zh-CN")
        )
    return result


def verdicts(*arguments, **options):
    return [(each.status.value, each.code) for each in judged(*arguments, **options).findings]


def claiming(moment):
    """Change what the signer says of the time."""
    return lambda fact: replace(fact, claimed_at=moment)


EARLY, UNKNOWN = claiming(SIGNED_AT), ("PASSED", "CUSTODY_UNKNOWN")
GOOD = [("PASSED", ""), UNKNOWN]


def signed(party=None, *, revoked=(), moment=SIGNED_AT, **lists):
    """A signature with a time-stamp, and revocation lists in the store."""
    return made.store(
        made.sign(made.pdf(), party, stamps=made.Stamps(made.tsa(), moment)),
        crls=made.crls(*revoked, **lists),
    )


class TestGood:
    @pytest.mark.parametrize("level", ["B-LT", "B-LTA"])
    def test_a_kept_signature_is_good_by_its_time_stamp(self, level):
        """Path, validity and revocation at the time-stamp; long after the certificate's end as well."""
        result = judged(made.standard(level), at=tokens.END + 3650 * DAY)
        assert [(each.status.value, each.code) for each in result.findings] == GOOD
        (view,) = result.views
        assert ("PASSED", "PASSED", level, False) == (
            view.status.value,
            view.certificate.value,
            view.level,
            view.changed,
        )
        assert (view.existed.moment, view.existed.trusted) == (SIGNED_AT, True)
        details = view.details
        assert (
            details.authority,
            details.licence,
            details.test,
            details.custody,
            details.serial,
        ) == ("signing CA", "ECP-TEST-1", False, None, "4d")
        assert details.key == "ec 256"

    def test_without_any_revocation_data_nothing_is_known(self):
        """B-T: the path is good, the status is not known."""
        assert verdicts(made.standard("B-T")) == [("INDETERMINATE", "REVOCATION_NOT_CHECKED"), UNKNOWN]

    def test_an_ocsp_response_is_as_good_as_a_list(self):
        """Signer by OCSP, the authority by the root's list."""
        stamped = made.sign(made.pdf(), stamps=made.Stamps(made.tsa()))
        answer = made.ocsp_response(made.signer())
        assert verdicts(made.store(stamped, crls=made.crls()[1:], ocsps=(answer,))) == GOOD

    def test_lists_that_are_stale_or_rubbish_say_nothing(self):
        """A list whose nextUpdate lies before the moment does not reach it; one issued later does."""
        old = {"this_update": SIGNED_AT - 9 * DAY, "next_update": SIGNED_AT - DAY}
        assert ("INDETERMINATE", "REVOCATION_NOT_CHECKED") in verdicts(signed(**old))
        later = {"this_update": SIGNED_AT + 9 * DAY, "next_update": SIGNED_AT + 10 * DAY}
        assert verdicts(signed(**later)) == GOOD

    def test_a_trusted_root_that_signs_needs_no_status(self):
        """A certificate that the policy itself trusts."""
        alone = tokens.party("TEST alone", extensions=made.SIGNER, kind="p256-alone")
        pdf = made.sign(made.pdf(), alone, chain=(), stamps=made.Stamps(made.tsa()))
        assert verdicts(pdf, made.trusted_ca(roots=(alone.der,))) == GOOD


class TestTime:
    def test_without_a_time_nothing_is_judged(self):
        """No proof of existence and no time of verification: never the claimed time."""
        result = judged(made.standard("B-B"), at=None)
        assert (result.findings[0].status.value, result.findings[0].code) == ("INDETERMINATE", "NO_POE")
        assert result.views[0].existed is None

    def test_a_certificate_that_is_good_now_was_good_before(self):
        """Without proof of existence the time of verification counts."""
        kept = made.store(made.sign(made.pdf()), crls=made.crls())
        assert verdicts(kept, at=SIGNED_AT) == GOOD

    def test_an_expired_certificate_without_proof_is_undecided(self):
        """Expired now, and only the signer's word for an earlier time."""
        party = made.signer(end=SIGNED_AT - DAY)
        codes = verdicts(made.sign(made.pdf(), party), edit=claiming(SIGNED_AT - 2 * DAY))
        assert codes == [("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE"), UNKNOWN]

    def test_what_a_signature_says_against_itself_counts(self):
        """A claimed time after the end of the certificate."""
        party = made.signer(end=SIGNED_AT - DAY)
        assert ("FAILED", "EXPIRED") in verdicts(made.sign(made.pdf(), party), edit=EARLY)

    def test_an_earlier_stamp_in_the_file_bounds_a_later_signature(self):
        """A signature over a document time-stamp was made after it."""
        party = made.signer(end=SIGNED_AT - DAY)
        pdf = made.sign(made.stamp(made.pdf()), party)
        assert ("FAILED", "EXPIRED") in verdicts(pdf, edit=claiming(None))

    def test_a_stamp_whose_place_is_not_known_bounds_nothing_from_below(self):
        """Somebody adds a stamp that covers nothing in order: an honest signature does not become a late one by it."""
        party = made.signer(end=SIGNED_AT - DAY)

        def unplaced(fact):
            return replace(fact, end=0) if fact.is_timestamp else replace(fact, claimed_at=None)

        found = verdicts(made.sign(made.stamp(made.pdf()), party), edit=unplaced)
        assert ("FAILED", "EXPIRED") not in found
        assert ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE") in found

    def test_a_certificate_of_the_future_fails(self):
        """The signature existed before the certificate: by a trusted stamp, or plainly now."""
        party = made.signer(start=SIGNED_AT + 30 * DAY)
        pdf = made.sign(made.pdf(), party, stamps=made.Stamps(made.tsa()))
        assert ("FAILED", "NOT_YET_VALID") in verdicts(pdf)
        assert ("INDETERMINATE", "NOT_YET_VALID") in verdicts(pdf, tsas=(made.trusted_tsa(test=True),))

    def test_a_test_stamp_proves_nothing(self):
        """The bound is used, and said to prove nothing."""
        codes = verdicts(made.standard("B-LT"), tsas=(made.trusted_tsa(test=True),))
        assert codes == [("INDETERMINATE", "NO_POE"), UNKNOWN]

    def test_a_stamp_of_nobody_is_no_bound(self):
        """An authority that the policy does not know."""
        assert judged(made.standard("B-LT"), tsas=()).views[0].existed is None

    def test_an_event_of_the_case_bounds_the_signature(self):
        """The case's own time-stamps prove that a file with the signature in it existed."""
        from makers.universe import document

        party = made.signer(end=SIGNED_AT + DAY)
        pdf = made.store(made.sign(made.pdf(), party), crls=made.crls())
        named = cases.event(1, "document.archived", {"document_sha256": cases.sha256(pdf)})
        by_role = cases.event(1, "document.archived", {}, (document("signed", pdf),))
        sealed = DocumentRef("signed", 9, "application/pdf", None, "A" * 43)
        other = cases.event(1, "document.archived", {}, (document("signed", b"another"), sealed))
        late = tokens.END
        for fact, expected in ((named, GOOD), (by_role, GOOD)):
            case = cases.case(fact)
            assert expected == verdicts(
                pdf, case=case, bounds={1: cases.bounds(SIGNED_AT)}, at=late, edit=EARLY
            )
        undecided = ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE")
        assert undecided in verdicts(
            pdf, case=cases.case(other), bounds={1: cases.bounds(SIGNED_AT)}, at=late, edit=EARLY
        )
        assert undecided in verdicts(
            pdf, case=cases.case(named), bounds={1: cases.bounds(None)}, at=late, edit=EARLY
        )


class TestRevocation:
    revoked = (77, SIGNED_AT - 10 * DAY, "keyCompromise")

    def test_a_signature_after_the_revocation_fails(self):
        """By the signer's own word it was made after his certificate was revoked."""
        assert verdicts(signed(revoked=[self.revoked]), edit=EARLY) == [("FAILED", "REVOKED"), UNKNOWN]

    def test_a_stamp_after_the_revocation_does_not_date_the_signature(self):
        """The stamp came later; the signature may be older: nothing shows it."""
        codes = verdicts(signed(revoked=[self.revoked]), edit=claiming(SIGNED_AT - 11 * DAY))
        assert codes == [("INDETERMINATE", "REVOKED_NO_POE"), UNKNOWN]

    def test_a_revocation_after_the_stamp_changes_nothing(self):
        """What existed in time was made in time (EN 319 102-1 §5.4)."""
        later = (77, SIGNED_AT + 30 * DAY, "cessationOfOperation")
        lists = {"this_update": SIGNED_AT + 31 * DAY, "next_update": SIGNED_AT + 61 * DAY}
        assert verdicts(signed(revoked=[later], **lists)) == GOOD

    def test_an_authority_that_was_revoked_leaves_it_undecided(self):
        """The signing CA's certificate was revoked before."""
        codes = verdicts(signed(of_root=[(2, SIGNED_AT - DAY, None)]), edit=EARLY)
        assert codes == [("INDETERMINATE", "REVOKED_CA_NO_POE"), UNKNOWN]

    def test_of_contradicting_data_the_revocation_counts(self):
        """A good OCSP response hides no list that says revoked, and the other way round."""
        stamped = made.sign(made.pdf(), stamps=made.Stamps(made.tsa()))
        good, bad = (
            made.ocsp_response(made.signer()),
            made.ocsp_response(made.signer(), revoked_at=SIGNED_AT - DAY),
        )
        listed = made.store(stamped, crls=made.crls(self.revoked), ocsps=(good,))
        answered = made.store(stamped, crls=made.crls(), ocsps=(bad,))
        for pdf in (listed, answered):
            assert verdicts(pdf, edit=EARLY) == [("FAILED", "REVOKED"), UNKNOWN]
        assert verdicts(made.store(stamped, crls=made.crls(), ocsps=(good,))) == GOOD

    def test_data_that_do_not_parse_are_passed_over(self):
        """Rubbish among the lists hides no good one, and pools hold only what can be read."""
        path = tuple(
            load_certificate(each.der, "") for each in (made.signer(), made.intermediate(), made.root())
        )
        crls, ocsps = (b"rubbish", *made.crls()), (b"rubbish", b"\x30\x03\x0a\x01\x06")
        status = path_status(path, pool=path, crls=crls, ocsps=ocsps, moment=SIGNED_AT)
        assert status.known
        assert load_pool([b"rubbish"]) == ()


class TestAuthority:
    def test_no_path_is_no_verdict(self):
        """A self-signed signer, or an authority that the policy does not name."""
        other = made.trusted_ca(roots=(made.tsa_root().der,))
        assert verdicts(made.standard("B-LT"), other) == [
            ("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND"),
            UNKNOWN,
        ]

    def test_several_authorities_are_asked(self):
        """The second of two leads to the signer."""
        other = made.trusted_ca(name="other", roots=(made.tsa_root().der,))
        assert verdicts(made.standard("B-LT"), other, made.trusted_ca()) == GOOD

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"test": True}, "TEST_CA"),
            ({"licence": None}, "UNLICENSED_CA"),
            ({"valid_from": SIGNED_AT + DAY}, "OUT_OF_TRUST_PERIOD"),
            ({"valid_until": SIGNED_AT}, "OUT_OF_TRUST_PERIOD"),
            ({"policy_oids": ("1.2.3",)}, "POLICY_NOT_ALLOWED"),
        ],
    )
    def test_what_the_policy_says_of_the_authority_is_told(self, changes, code):
        """A test, no licence, another time, another certificate policy."""
        assert [("INDETERMINATE", code), UNKNOWN] == verdicts(
            made.standard("B-LT"), made.trusted_ca(**changes)
        )

    def test_a_certificate_policy_that_is_asked_for_is_found(self):
        """The certificate names the policy; within the time of trust."""
        ca = made.trusted_ca(policy_oids=(made.POLICY_OID,), valid_from=tokens.START, valid_until=tokens.END)
        assert verdicts(made.standard("B-LT"), ca) == GOOD

    def test_an_authority_out_of_its_time_is_told_in_etsi_words(self):
        """The certificate of the CA had expired before the signature."""
        old = tokens.party(
            "TEST old CA", made.root(), extensions=tokens.CA, kind="p256-old", end=SIGNED_AT - DAY
        )
        party = tokens.party("TEST late", old, extensions=made.SIGNER, kind="p256-late")
        pdf = made.sign(made.pdf(), party, chain=(old,), stamps=made.Stamps(made.tsa()))
        assert verdicts(pdf) == [("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE"), UNKNOWN]

    def test_a_path_that_breaks_a_rule_fails(self):
        """A signer certified by another signer, who is no authority."""
        party = tokens.party("TEST sub", made.signer(), extensions=made.SIGNER, kind="p256-sub")
        pdf = made.sign(
            made.pdf(), party, chain=(made.signer(), made.intermediate()), stamps=made.Stamps(made.tsa())
        )
        assert verdicts(pdf) == [("FAILED", "CHAIN_CONSTRAINTS_FAILURE"), UNKNOWN]

    def test_a_certificate_that_is_not_for_signing_fails(self):
        """Key usage of encryption alone; without the extension anything goes."""
        usage = ((tokens.usage("key_encipherment"), True),)
        party = tokens.party(
            "TEST cipher", made.intermediate(), extensions=usage, kind="p256-cipher", serial=9
        )
        pdf = made.store(made.sign(made.pdf(), party, stamps=made.Stamps(made.tsa())), crls=made.crls())
        assert verdicts(pdf) == [("FAILED", "CHAIN_CONSTRAINTS_FAILURE"), UNKNOWN]
        party = tokens.party("TEST any", made.intermediate(), extensions=(), kind="p256-cipher", serial=9)
        pdf = made.store(made.sign(made.pdf(), party, stamps=made.Stamps(made.tsa())), crls=made.crls())
        assert verdicts(pdf) == GOOD
        with_policies = made.trusted_ca(policy_oids=(made.POLICY_OID,))
        assert ("INDETERMINATE", "POLICY_NOT_ALLOWED") in verdicts(pdf, with_policies)

    def test_names_that_the_library_refuses_are_undecided(self):
        """A rare character of an identity card: not judged, and never called false."""
        party = tokens.party("张𬭎", made.intermediate(), extensions=made.SIGNER, kind="p256-rare")
        result = judged(made.sign(made.pdf(), party, stamps=made.Stamps(made.tsa())))
        (finding,) = result.findings
        assert (finding.status.value, finding.code) == ("INDETERMINATE", "CERTIFICATE_CHAIN_GENERAL_FAILURE")
        assert result.views[0].details is None


class TestAlgorithms:
    def test_algorithms_that_the_policy_does_not_take_are_told(self):
        """Not listed, or listed for another time."""
        codes = verdicts(made.standard("B-LT"), algorithms=ACCEPTED[:1])
        assert codes == [("INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE"), UNKNOWN]
        aged = (ACCEPTED[0], AlgorithmRule("ecdsa-sha256", None, SIGNED_AT - DAY))
        assert ("INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE") in verdicts(
            made.standard("B-LT"), algorithms=aged
        )

    def test_a_short_key_is_told(self):
        """RSA of 1024 bits."""
        party = tokens.party(
            "TEST short", made.intermediate(), extensions=made.SIGNER, kind="rsa1024", serial=11
        )
        rules = (*ACCEPTED, AlgorithmRule("rsa-sha256", None, None))
        pdf = made.sign(made.pdf(), party, stamps=made.Stamps(made.tsa()))
        assert ("INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE") in verdicts(pdf, algorithms=rules)


class TestCustody:
    @pytest.mark.parametrize("control", ["signer_sole", "signer_activated", "platform_custody"])
    @pytest.mark.parametrize("by", ["certificate.issued", "party.signed"])
    def test_who_can_make_the_key_sign_is_the_platforms_word(self, control, by):
        """By the key that the certificate's event names, or the signature's."""
        pdf = made.standard("B-LT")
        fact = find_signatures([cases.examined(pdf)])[0].fact
        made_key = cases.event(1, "certificate.key_generated", {"key": cases.KEY, "control": control})
        named = (
            cases.signed(2, fact, b"", b"")
            if by == "party.signed"
            else cases.event(2, by, {"key": cases.KEY, "certificate": cases.sha256(fact.signer)})
        )
        result = judged(pdf, case=cases.case(made_key, named))
        assert (("PASSED", ""), control) == (
            (result.findings[-1].status.value, result.findings[-1].code),
            result.views[0].details.custody,
        )

    def test_another_key_says_nothing(self):
        """A key of somebody else, or an event that does not say."""
        other = cases.event(
            1, "certificate.key_generated", {"key": cases.uuid("other"), "control": "signer_sole"}
        )
        silent = cases.event(2, "certificate.key_generated", {"key": cases.KEY})
        issued = cases.event(3, "certificate.issued", {"key": cases.KEY, "certificate": "00" * 32})
        assert UNKNOWN in verdicts(made.standard("B-LT"), case=cases.case(other, silent, issued))


class TestRecorded:
    @pytest.mark.parametrize(
        ("serial", "subject", "differs"),
        [
            (None, None, []),
            ("own", "CN={}", []),
            ("own", "CN=*", []),
            ("own", "/CN=x", []),
            ("ffff", "CN={}", ["serial_number"]),
            ("own", "CN=TEST somebody else", ["subject"]),
            ("ffff", "CN=TEST somebody else", ["serial_number", "subject"]),
        ],
    )
    def test_the_event_of_its_issuing_is_held_against_the_certificate(self, serial, subject, differs):
        """By its digest; a masked or unreadable subject says nothing."""
        pdf = made.standard("B-LT")
        der = find_signatures([cases.examined(pdf)])[0].fact.signer
        loaded = load_certificate(der, "signer").x509
        data = {"key": cases.KEY, "certificate": cases.sha256(der)}
        if serial is not None:
            data["serial_number"] = f"0{loaded.serial_number:x}" if serial == "own" else serial
            data["subject"] = subject.format(loaded.subject.native["common_name"])
        result = judged(pdf, case=cases.case(cases.event(1, "certificate.issued", data)))
        found = [each for each in result.findings if each.code == "CERTIFICATE_MISMATCH"]
        assert [each.detail.values["member"] for each in found] == differs
        assert {each.status.value for each in found} <= {"FAILED"}
        other = cases.event(1, "certificate.issued", data | {"certificate": "00" * 32})
        assert "CERTIFICATE_MISMATCH" not in dict(map(reversed, verdicts(pdf, case=cases.case(other))))


class TestWhat:
    def test_a_signature_that_does_not_hold_is_not_judged(self):
        """C14 rests on C13."""
        pdf = made.standard("B-LT").replace(b"TEST contract", b"TEST contrakt")
        result = judged(pdf)
        assert [(each.status.value, each.code) for each in result.findings] == [("SKIPPED", "DEPENDENCY")]
        assert (
            result.views[0].status.value,
            result.views[0].code,
            result.views[0].signer,
        ) == ("FAILED", "HASH_FAILURE", "")

    def test_without_signatures_nothing_applies(self):
        """No signature at hand, claimed or not."""
        assert verdicts(made.pdf()) == [("NOT_APPLICABLE", "NO_SIGNATURE")]
        fact = find_signatures([cases.examined(made.standard("B-B"))])[0].fact
        claimed = cases.case(cases.signed(1, fact, b"", b""))
        assert verdicts(made.pdf(), case=claimed) == [("NOT_PROVIDED", "NO_SIGNATURE")]

    def test_a_change_that_was_not_judged_is_none(self):
        """The view keeps open what is open, and calls form filling a change."""
        view = judged(made.standard("B-B"), edit=lambda fact: replace(fact, change=None)).views[0]
        assert view.changed is None
        assert judged(made.update(made.sign(made.pdf(form=True)), made.fill)).views[0].changed
