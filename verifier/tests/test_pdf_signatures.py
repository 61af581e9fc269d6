"""What is read out of PDFs about their signatures, from files made here: docs/spec/pdf-signatures.md §2–3."""

from dataclasses import replace

import pytest
from asn1crypto import cms as asn1_cms
from asn1crypto import core, crl, ocsp
from makers import signed_pdfs as made
from makers import tokens
from pyhanko.pdf_utils import generic
from pyhanko.sign import fields
from zheng_verifier.errors import InsufficientError
from zheng_verifier.pdf_signatures import (
    Change,
    Coverage,
    Family,
    SignatureFact,
    levels,
    read_signatures,
)
from zheng_verifier.pdf_signatures import document as documents
from zheng_verifier.pdf_signatures.cms import check_signature, read_cms, token_agrees


def only(pdf: bytes) -> SignatureFact:
    """The one signature of a file that can be read."""
    facts = read_signatures(pdf)
    assert facts.problem is None
    (fact,) = [each for each in facts.signatures if not each.is_timestamp]
    return fact


def problem(pdf: bytes) -> tuple[Family, str]:
    """Why a file, or the first signature in it, could not be read."""
    facts = read_signatures(pdf)
    found = facts.problem or facts.signatures[0].problem
    assert found is not None
    return found.family, found.code


def raw(pdf: bytes, change) -> bytes:
    """Change the first signature's dictionary in the last revision, by pyHanko's writer."""

    def edit(writer):
        field = next(
            f
            for f in (r.get_object() for r in writer.root["/AcroForm"]["/Fields"])
            if "/V" in f and f["/FT"] == "/Sig"
        )
        value = field["/V"]
        change(value, field)
        writer.update_container(value)
        writer.update_container(field)

    return made.update(pdf, edit)


class TestLevels:
    @pytest.mark.parametrize("level", ["PKCS7", "B-B", "B-T", "B-LT", "B-LTA"])
    def test_a_signature_is_of_the_level_whose_parts_are_there(self, level):
        """Each of PKCS #7 and the four PAdES levels is told, and the arithmetic holds in all."""
        fact = only(made.standard(level))
        assert (level, True) == (fact.level, fact.holds)

    def test_a_stamp_over_another_signature_gives_no_level(self):
        """A token whose imprint is not of this signature does not make B-T of B-B."""
        wrong = tokens.Making(made.tsa(), bare=True).build()
        fact = only(made.standard("B-B"))
        assert fact.level == "B-B"
        assert not token_agrees(wrong, fact.stamped)
        assert not token_agrees(b"no token", fact.stamped)

    def test_a_document_stamp_alone_makes_b_t(self):
        """A document time-stamp after the signature stands for one in it (EN 319 142-1 §5.4)."""
        assert only(made.stamp(made.standard("B-B"))).level == "B-T"

    def test_revocation_data_of_others_make_no_b_lt(self):
        """A store that holds nothing about the signer's certificate leaves the level at B-T."""
        other = tokens.crl(made.tsa_root())
        assert only(made.store(made.standard("B-T"), crls=(other,))).level == "B-T"

    def test_an_ocsp_response_about_the_signer_makes_b_lt(self):
        """An OCSP response about the signer's certificate is as good as a CRL of its issuer."""
        answer = made.ocsp_response(made.signer())
        kept = made.store(made.standard("B-T"), crls=(made.tsa_crl(),), ocsps=(answer,))
        assert only(kept).level == "B-LT"

    def test_without_the_status_of_the_stamping_authority_it_is_no_b_lt(self):
        """EU DSS found ours kinder than the standard: whoever stamped the signature must be known too."""
        assert only(made.store(made.standard("B-T"), crls=made.crls())).level == "B-T"

    def test_a_token_that_is_none_names_no_authority(self):
        """Where a time-stamp's own certificate cannot be found, its status is not known."""
        assert levels._stamped_by(tokens.Making(made.tsa()).build()) is None

    def test_a_store_of_rubbish_says_nothing(self):
        """What does not parse as CRL or OCSP response counts for nothing, and breaks nothing."""

        def spoil(writer):
            store = writer.root["/DSS"]
            for name in ("/CRLs", "/OCSPs"):
                reference = writer.add_object(generic.StreamObject(stream_data=b"\x30\x03\x02\x01\x01"))
                store[name] = generic.ArrayObject([reference])
            writer.update_container(store)

        facts = read_signatures(made.update(made.standard("B-LT"), spoil))
        assert (facts.signatures[0].level, len(facts.crls), len(facts.ocsps)) == ("B-T", 1, 1)

    def test_a_store_that_is_none_is_left_out(self):
        """A security store that cannot be read is as good as none, and said to be left out."""

        def spoil(writer):
            writer.root["/DSS"] = generic.DictionaryObject(
                {generic.pdf_name("/CRLs"): generic.ArrayObject([generic.NullObject()])}
            )
            writer.update_root()

        facts = read_signatures(made.update(made.standard("B-T"), spoil))
        assert (facts.signatures[0].level, facts.left_out) == ("B-T", 1)


class TestChanges:
    @pytest.mark.parametrize(
        ("change", "expected"), [(made.fill, Change.FORM_FILLING), (made.add_text, Change.OTHER)]
    )
    def test_changes_after_a_signature_are_classified(self, change, expected):
        """Filling a field is told from changing a page; neither breaks the arithmetic."""
        fact = only(made.update(made.standard("B-T"), change))
        assert (expected, True, Coverage.ENTIRE_REVISION) == (fact.change, fact.holds, fact.coverage)

    def test_a_second_signer_changes_nothing(self):
        """A further signature is form filling for the first, and nothing for itself."""
        bob = made.signer("李四 TEST", kind="p256-bob")
        facts = read_signatures(made.sign(made.standard("B-B"), bob, field="Sig2", box=(10, 50, 90, 90)))
        found = [(each.field, each.change, each.visible) for each in facts.signatures]
        assert found == [("Sig1", Change.FORM_FILLING, False), ("Sig2", Change.NONE, True)]
        assert facts.signatures[0].changed_fields == ("Sig2",)

    @pytest.mark.parametrize(
        ("permission", "allowed"), [(fields.MDPPerm.NO_CHANGES, False), (fields.MDPPerm.FILL_FORMS, True)]
    )
    def test_what_the_signer_permitted_is_kept_or_not(self, permission, allowed):
        """A certified document whose form is filled keeps DocMDP 2 and breaks DocMDP 1."""
        fact = only(made.update(made.sign(made.pdf(form=True), certify=permission), made.fill))
        assert (permission.value, allowed) == (fact.doc_mdp, fact.doc_mdp_ok)

    def test_a_permission_that_is_none_leaves_changes_unjudged(self):
        """A DocMDP value that the standard does not know is no permission and no prohibition."""
        signed = made.sign(made.pdf(form=True), certify=fields.MDPPerm.FILL_FORMS)
        position = signed.index(b"/P 2")
        fact = only(signed[:position] + b"/P 9" + signed[position + 4 :])
        assert (fact.change, fact.digest_ok, fact.doc_mdp) == (None, False, None)

    def test_bytes_after_the_last_revision_are_a_change(self):
        """What stands behind the end and belongs to no revision is not passed over: other readers may find it."""
        signed = made.standard("B-B")
        fact = only(signed + b"% more\n")
        assert (fact.change, fact.coverage) == (Change.OTHER, Coverage.ENTIRE_REVISION)
        assert only(signed + b"\r\n").change == Change.NONE

    def test_a_later_revision_that_is_broken_leaves_changes_unjudged(self):
        """If a later revision cannot be compared, nothing is said about it."""

        found = documents.open_document(made.standard("B-B")).compare(7, 8)
        assert found.change is None
        assert found.detail

    def test_no_more_revisions_are_compared_than_the_limit(self, monkeypatch):
        """The comparisons in one file are counted; beyond the limit a change is not judged."""
        monkeypatch.setattr(documents, "MAX_COMPARISONS", 0)
        found = documents.open_document(made.update(made.standard("B-B"), made.fill))
        found.left = 0
        assert (
            found.compare(0, 1).change,
            found.compare(0, 1).detail,
        ) == (None, "more revisions than are compared")

    def test_a_signature_that_is_gone_is_named(self):
        """A field that an earlier revision has signed, and the last has not, is told."""

        def drop(writer):
            form = writer.root["/AcroForm"]
            form["/Fields"] = generic.ArrayObject([form["/Fields"].raw_get(0)])
            writer.update_container(form)
            writer.update_root()

        facts = read_signatures(made.update(made.standard("B-B"), drop))
        assert (facts.removed, facts.signatures) == (("Sig1",), ())


class TestArithmetic:
    def test_every_byte_but_the_signature_value_is_covered(self):
        """A flip of any byte outside /Contents changes digest, coverage or readability; one inside, the signature."""
        signed = made.standard("B-B")
        good = read_signatures(signed)
        for position in range(0, len(signed), 97):
            flipped = signed[:position] + bytes([signed[position] ^ 1]) + signed[position + 1 :]
            facts = read_signatures(flipped)
            assert facts.signatures != good.signatures or facts.problem is not None, position

    def test_a_changed_byte_is_told_by_the_digest(self):
        """A changed byte of the text leaves the signature of the attributes whole, and the digest not."""
        fact = only(made.standard("B-T").replace(b"TEST contract", b"TEST contrakt"))
        assert (fact.digest_ok, fact.signature_ok, fact.holds) == (False, True, False)

    def test_a_signature_by_another_key_is_false(self):
        """Signed attributes that the certificate's key did not sign."""
        forger = replace(made.signer(), key=tokens.key("p256-forger"))
        fact = only(made.sign(made.pdf(), forger))
        assert (fact.digest_ok, fact.signature_ok) == (True, False)

    def test_a_signature_without_attributes_is_over_the_bytes_themselves(self):
        """PKCS #7 without signed attributes: the signature is the digest's (RFC 5652 §5.4)."""
        fact = only(_bare(made.pdf()))
        assert (fact.level, fact.digest_ok, fact.signature_ok, fact.holds) == ("PKCS7", True, True, True)

    def test_rare_characters_of_identity_cards_are_no_obstacle(self):
        """A signer whose name asn1crypto refuses to compare is found by its bytes; such an authority is not judged."""
        rare = tokens.party("张𬭎", made.intermediate(), extensions=made.SIGNER, kind="p256-rare")
        assert only(made.sign(made.pdf(), rare)).holds
        ca = tokens.party("认证 𬭎", extensions=tokens.CA, kind="p256-rare-ca")
        rare = tokens.party("张𬭎", ca, extensions=made.SIGNER, kind="p256-rare")
        assert problem(made.sign(made.pdf(), rare, chain=())) == (
            Family.UNCHECKABLE,
            "CERTIFICATE_CHAIN_GENERAL_FAILURE",
        )


def _bare(pdf: bytes) -> bytes:
    """Sign without signed attributes, by hand: put a CMS value into the place of another."""
    from asn1crypto import cms
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    signed = made.sign(pdf, pades=False)
    fact = only(signed)
    start, end = fact.byte_range[1], fact.byte_range[2]
    value = cms.ContentInfo.load(bytes.fromhex(signed[start + 1 : end - 1].decode()))
    info = value["content"]["signer_infos"][0]
    covered = signed[:start] + signed[end:]
    info["signed_attrs"] = cms.CMSAttributes([])
    fresh = {name: info[name] for name in ("version", "sid", "digest_algorithm", "signature_algorithm")}
    fresh["signature"] = made.signer().key.sign(covered, ec.ECDSA(hashes.SHA256()))
    value["content"]["signer_infos"] = [cms.SignerInfo(fresh)]
    text = value.dump(force=True).hex().encode()
    return signed[: start + 1] + text.ljust(end - start - 2, b"0") + signed[end - 1 :]


class TestCms:
    def edit(self, change, *, pades=True) -> SignatureFact:
        """Change the CMS value of a signed file, and read the signature."""
        signed = made.sign(made.pdf(), pades=pades)
        fact = only(signed)
        start, end = fact.byte_range[1], fact.byte_range[2]
        value = asn1_cms.ContentInfo.load(bytes.fromhex(signed[start + 1 : end - 1].decode()))
        text = (change(value) or value.dump(force=True)).hex().encode()
        patched = signed[: start + 1] + text.ljust(end - start - 2, b"0") + signed[end - 1 :]
        return read_signatures(patched).signatures[0]

    def test_what_is_no_signed_data_is_malformed(self):
        """Another CMS type, no signer, two signers, rubbish, bytes behind the value: FORMAT_FAILURE."""

        def double(value):
            infos = value["content"]["signer_infos"]
            infos.append(infos[0].copy())

        def none(value):
            value["content"]["signer_infos"] = []

        other = asn1_cms.ContentInfo({"content_type": "data", "content": b"x"}).dump()
        changes = [double, none, lambda _: other, lambda _: b"\x30\x80\x01", lambda v: v.dump() + b"\1"]
        for change in changes:
            fact = self.edit(change)
            assert fact.problem is not None
            assert (fact.problem.family, fact.problem.code) == (Family.MALFORMED, "FORMAT_FAILURE")

    def test_a_signature_with_content_is_malformed(self):
        """A detached signature holds no content: two documents could be meant (EN 319 142-1 §4.1)."""

        def fill(value):
            value["content"]["encap_content_info"] = {"content_type": "data", "content": b"another"}

        fact = self.edit(fill)
        assert fact.problem.code == "FORMAT_FAILURE"

    def test_without_the_signers_certificate_nothing_is_decided(self):
        """Without the certificate the signature can be neither true nor false."""

        def drop(value):
            value["content"]["certificates"] = []

        fact = self.edit(drop)
        assert (
            fact.problem.family,
            fact.problem.code,
        ) == (Family.UNCHECKABLE, "NO_SIGNING_CERTIFICATE_FOUND")
        assert (fact.signer, fact.level, fact.holds) == (None, "B-B", False)

    def test_without_a_certificate_no_status_is_known(self):
        """A store says nothing about a signer who is not known."""

        def drop(value):
            value["content"]["certificates"] = []

        assert not levels._knows_status(documents.Store(crls=made.crls()), self.edit(drop).signer)

    def test_another_certificate_than_the_attribute_names_is_false(self):
        """The signing-certificate attribute binds the certificate: another with the same name and key is refused."""
        twin = tokens.party(
            "张三 TEST", made.intermediate(), kind="p256-alice", extensions=made.SIGNER, serial=77
        )

        def swap(value):
            value["content"]["certificates"] = [made.certificate_of(twin)]

        fact = self.edit(swap)
        assert (fact.problem.family, fact.problem.code) == (Family.FALSE, "SIG_CONSTRAINTS_FAILURE")

    def test_attributes_that_contradict_the_signature_are_malformed(self):
        """A content type other than the content's, or a digest twice, is refused."""

        def retype(value):
            for attribute in value["content"]["signer_infos"][0]["signed_attrs"]:
                if attribute["type"].native == "content_type":
                    attribute["values"] = ["signed_data"]

        def twice(value):
            attributes = value["content"]["signer_infos"][0]["signed_attrs"]
            attributes.append(next(a for a in attributes if a["type"].native == "message_digest").copy())

        def renamed(value):
            attributes = value["content"]["signer_infos"][0]["signed_attrs"]
            named = next(a for a in attributes if a["type"].native == "signing_certificate_v2")
            attributes.append(named.copy())

        assert self.edit(renamed).problem.code == "SIG_CONSTRAINTS_FAILURE"
        assert [self.edit(change).problem.code for change in (retype, twice)] == ["FORMAT_FAILURE"] * 2

    def test_a_signer_named_by_key_is_found(self):
        """The subject key identifier names the certificate as well as issuer and serial number do."""

        def by_key(value):
            sid = asn1_cms.SignerIdentifier(
                "subject_key_identifier", made.certificate_of(made.signer()).key_identifier
            )
            value["content"]["signer_infos"][0]["sid"] = sid

        def stranger(value):
            sid = asn1_cms.SignerIdentifier("subject_key_identifier", b"nobody")
            value["content"]["signer_infos"][0]["sid"] = sid

        assert self.edit(by_key).holds
        assert self.edit(stranger).signer is None

    def test_an_unknown_algorithm_is_named_and_not_judged(self):
        """SM2 and SHA-3 are told by name; what cannot be computed here is neither true nor false."""

        def sm2(value):
            value["content"]["signer_infos"][0]["signature_algorithm"] = {"algorithm": "1.2.156.10197.1.501"}

        fact = self.edit(sm2)
        assert (fact.digest_ok, fact.signature_ok, fact.problem.code) == (True, None, "UNKNOWN_ALGORITHM")
        assert fact.signature_algorithm == "1.2.156.10197.1.501"

        def sha3(value):
            value["content"]["signer_infos"][0]["digest_algorithm"] = {"algorithm": "sha3_256"}

        fact = self.edit(sha3)
        assert (fact.digest_algorithm, fact.digest_ok) == ("sha3_256", False)

    def test_digests_that_do_not_go_together_are_told(self):
        """RFC 8933: an ECDSA-with-SHA-256 signature whose content is digested by SHA-512 holds, and is not accepted."""
        signed = made.sign(made.pdf())
        fact = only(signed)
        cms = read_cms(bytes.fromhex(signed[fact.byte_range[1] + 1 : fact.byte_range[2] - 1].decode()), "")
        cms.signer_info["digest_algorithm"] = {"algorithm": "sha512"}
        with pytest.raises(InsufficientError, match="CRYPTO_CONSTRAINTS_FAILURE"):
            check_signature(cms, b"", "")

    def test_crls_and_responses_inside_the_signature_are_kept(self):
        """CRLs in SignedData, and Adobe's attribute of CRLs and OCSP responses."""
        (of_ca, _), answer = made.crls(), made.ocsp_response(made.signer())

        def enclose(value):
            content = value["content"]
            content["crls"] = [asn1_cms.RevocationInfoChoice("crl", crl.CertificateList.load(of_ca))]
            archive = {"crl": [crl.CertificateList.load(of_ca)], "ocsp": [ocsp.OCSPResponse.load(answer)]}
            attributes = content["signer_infos"][0]["signed_attrs"]
            attributes.append(
                asn1_cms.CMSAttribute({"type": "adobe_revocation_info_archival", "values": [archive]})
            )

        signed = made.sign(made.pdf())
        fact = only(signed)
        value = asn1_cms.ContentInfo.load(
            bytes.fromhex(signed[fact.byte_range[1] + 1 : fact.byte_range[2] - 1].decode())
        )
        enclose(value)
        other = {"other_cert_format": "1.2.3", "other_cert": core.Null()}
        value["content"]["certificates"].append(asn1_cms.CertificateChoices("other", other))
        other = {"other_rev_info_format": "1.2.3", "other_rev_info": core.Null()}
        value["content"]["crls"].append(asn1_cms.RevocationInfoChoice("other", other))
        cms = read_cms(value.dump(force=True), "")
        assert ((of_ca, of_ca), (answer,)) == (cms.crls, cms.ocsps)
