"""Signatures in PDFs: three signers with seals, judged by our verifier, pyHanko, qpdf, pdfsig; refusals before anything."""

import asyncio
import hashlib
import io
import random as randomness
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from asn1crypto import cms, x509
from asn1crypto.keys import PrivateKeyInfo
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf
from pki_world import close_pki, open_pki, sha256
from pyhanko.pdf_utils.generic import ArrayObject, NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields as pyhanko_fields
from pyhanko.sign import signers
from pyhanko.sign.validation import ades, policy_decl
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from zheng_verifier.checks.case import Facts
from zheng_verifier.checks.pdf_signatures import find_signatures, judge_signature
from zheng_verifier.checks.proof_of_existence import Sources
from zheng_verifier.checks.signer_certificates import check_signers
from zheng_verifier.examined import Document, examine_document
from zheng_verifier.pdf_signatures import Change, read_signatures
from zheng_verifier.policy import AlgorithmRule
from zheng_verifier.policy.model import Quorum, TrustPolicy

from conftest import FixedClock
from signing.database import open_engine
from signing.documents.pages import Page
from signing.documents.stamping import Marks, stamp
from signing.errors import Refused
from signing.pades import (
    Rectangle,
    SignatureField,
    Tokens,
    ValidationData,
    examine,
    finish,
    prepare_fields,
    sign,
)
from signing.pades.geometry import PageBox, fit, to_user_space
from signing.pades.writer import AppendingWriter
from signing.tables import METADATA

NAMES = ("王小明", "厦门甲方有限公司", "王𬭎")
FIELDS = [
    SignatureField(f"Signer{number}", 1, Rectangle(60_000 + 160_000 * number, 600_000, 120_000, 120_000))
    for number in range(3)
]
REASON = "case 0b8f5d0e-1d5c-4c61-9d77-3f4a2f7c1a01 head AAAA challenge BBBB"


def blank(pages=1, **options):
    made, output = Pdf.new(), io.BytesIO()
    for _ in range(pages):
        page = made.add_blank_page(page_size=(595, 842))
        page.Contents = made.make_stream(b"0.5 w 40 40 515 762 re S")
        for name, value in options.items():
            page[Name(f"/{name}")] = value
    made.save(output, deterministic_id=True)
    return output.getvalue()


def seal():
    """A red ring on a page of 40 mm."""
    made, output = Pdf.new(), io.BytesIO()
    page = made.add_blank_page(page_size=(113.4, 113.4))
    page.Contents = made.make_stream(b"0.8 0 0 RG 6 w 10 10 93.4 93.4 re S 20 20 m 90 20 l S")
    made.save(output, deterministic_id=True)
    return output.getvalue()


SHOWN = blank(2)
SEAL = seal()


@pytest.fixture(scope="module")
def pki(tmp_path_factory):
    """One authority for all tests of this file; its clock stands but where a test moves it."""
    folder, clock = tmp_path_factory.mktemp("pki"), FixedClock()
    # Two hours ago: pyHanko asks this machine's clock too, and all certificates have ended when it judges.
    clock.now = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    random = randomness.Random(5).randbytes
    engine = open_engine(folder / "signing.db")
    METADATA.create_all(engine)
    ids = iter(range(1, 10_000))
    world = open_pki(folder, engine, clock, random, lambda: f"00000000-0000-4000-8000-{next(ids):012}")
    yield world
    close_pki(world)
    engine.dispose()


@pytest.fixture
def stamps(pki):
    """The time-stamping authority, alive again afterwards."""
    yield pki.stamps
    pki.stamps.dead, pki.stamps.spoil = False, None


@dataclass
class Signed:
    """A contract as it grew: prepared, after each signature, finished."""

    prepared: bytes
    revisions: list
    finished: object
    keys: list


def add_signature(pki, pdf, number, key=None, **options):
    key = key or pki.signing_key(NAMES[number], romanised="Wang Hong" if number == 2 else "")
    return sign(
        pdf,
        field=FIELDS[number].name,
        credential=key.credential,
        name=NAMES[number],
        reason=REASON,
        at=pki.context.clock(),
        **{"tokens": pki.tokens, "status": pki.certificates.status, "appearance": SEAL} | options,
    )


@pytest.fixture(scope="module")
def contract(pki):
    """Three signers one after the other, with seals, and the end of it."""
    prepared = pdf = prepare_fields(SHOWN, FIELDS)
    revisions, keys = [], []
    for number, name in enumerate(NAMES):
        pki.context.clock.advance(minutes=2)
        options = {"romanised": "Wang Hong" if number == 2 else ""}
        keys.append(pki.signing_key(name, algorithm="rsa2048" if number == 1 else "ecdsa_p256", **options))
        revisions.append(add_signature(pki, pdf, number, keys[-1]))
        pdf = revisions[-1].pdf
    pki.context.clock.advance(minutes=2)
    return Signed(prepared, revisions, finish(pdf, tokens=pki.tokens, status=pki.certificates.status), keys)


# What is made


def test_fields_are_one_revision_behind_the_bytes_that_were_shown():
    """The shown bytes are a prefix, the same input gives the same bytes, and our verifier sees preparation only."""
    prepared = prepare_fields(SHOWN, FIELDS)
    assert prepared == prepare_fields(SHOWN, FIELDS)
    assert prepared.startswith(SHOWN)
    assert prepared.count(b"%%EOF") == SHOWN.count(b"%%EOF") + 1
    with Pdf.open(io.BytesIO(prepared)) as pdf:
        boxes = [[float(edge) for edge in field.Rect] for field in pdf.Root.AcroForm.Fields]
    assert boxes == [[60.0 + 160 * number, 122.0, 180.0 + 160 * number, 242.0] for number in range(3)]


def test_every_revision_is_a_prefix_of_the_next_and_says_its_level(contract):
    """B-LT after each signature, B-LTA for all at the end, and what is claimed is what our verifier reads."""
    before = contract.prepared
    for number, each in enumerate(contract.revisions, start=1):
        assert each.pdf.startswith(before)
        before = each.pdf
        facts = read_signatures(each.pdf)
        assert [fact.level for fact in facts.signatures] == ["B-LT"] * number
        fact = facts.signatures[-1]
        assert (each.level, each.trouble) == ("pades_b_lt", "")
        assert (each.byte_range, each.signature_sha256) == (fact.byte_range, fact.contents_sha256.hex())
        assert each.certificate_sha256 == sha256(fact.signer) == contract.keys[number - 1].certificate_sha256
        assert fact.claimed_at == each.signing_time
        assert each.gen_time == each.signing_time
        assert fact.visible
    assert contract.finished.pdf.startswith(before)
    facts = read_signatures(contract.finished.pdf)
    assert (contract.finished.level, contract.finished.trouble) == ("pades_b_lta", "")
    assert [fact.level for fact in facts.signatures] == ["B-LTA"] * 3 + ["RFC3161"]
    shown = next(each for each in facts.prefixes if each.length == len(SHOWN))
    assert (shown.sha256, shown.change) == (hashlib.sha256(SHOWN).digest(), Change.FORM_FILLING)
    assert [each.algorithm for each in contract.revisions] == ["ecdsa_sha256", "rsa_sha256", "ecdsa_sha256"]


def test_our_verifier_calls_each_signature_whole_and_its_certificate_a_test(pki, contract):
    """C13 PASSED; C14 INDETERMINATE for the one true reason, TEST_CA, and for the time by a test authority."""
    at = pki.context.clock() + timedelta(days=4000)
    policy = TrustPolicy(
        issued_at=pki.context.clock(),
        expires=at,
        algorithms=tuple(
            AlgorithmRule(name, None, None) for name in ("sha256", "ecdsa-sha256", "rsa-sha256")
        ),
        logs=(),
        chains=(),
        tsas=(pki.stamps.trusted,),
        submitters=(),
        quorum=Quorum(1, 1, 0),
        cas=(pki.ca.trusted,),
        issuers=(),
    )
    found = find_signatures([examine_document(Document("contract.pdf", contract.finished.pdf))])
    assert [judge_signature(each).status.value for each in found] == ["PASSED"] * 3
    result = check_signers(found, Sources(policy.tsas, Facts((), 0, {}), {}), policy, at)
    codes = {each.code for each in result.findings} - {"CUSTODY_UNKNOWN"}
    assert codes == {"TEST_CA", "NO_POE"}
    assert [view.signer.count("romanised") for view in result.views] == [0, 0, 1]


def test_pyhanko_validates_each_signature_for_the_long_term(pki, contract):
    """EN 319 102-1 §5.6.3 with revocation data demanded, days after the one-time certificates ended."""
    roots = (*pki.ca.trusted.roots, *pki.stamps.trusted.roots)
    trust = SimpleTrustManager.build([CertTrustAnchor(x509.Certificate.load(der)) for der in roots])
    rule = CertRevTrustPolicy(REQUIRE_REVINFO, retroactive_revinfo=True)
    spec = policy_decl.PdfSignatureValidationSpec(
        policy_decl.SignatureValidationSpec(
            policy_decl.CertValidationPolicySpec(trust, rule),
            revinfo_gathering_policy=policy_decl.RevocationInfoGatheringSpec(
                policy_decl.RevinfoOnlineFetchingRule.LOCAL_ONLY
            ),
        )
    )
    at = pki.context.clock() + timedelta(days=3)
    timing = ValidationTimingInfo(at, at, point_in_time_validation=True)
    reader = PdfFileReader(io.BytesIO(contract.finished.pdf))
    for each in reader.embedded_regular_signatures:
        result = asyncio.run(ades.ades_lta_validation(each, spec, timing))
        assert result.ades_subindic.status.name == "PASSED", result.ades_subindic


@pytest.mark.parametrize(
    ("tool", "arguments", "expected"),
    [
        ("qpdf", ["--check"], "No syntax or stream encoding errors"),
        ("pdfsig", ["-nocert"], "Signature is Valid"),
    ],
)
def test_other_programs_find_nothing_wrong(contract, tmp_path, tool, arguments, expected):
    """qpdf has no complaint about the structure, and pdfsig calls all three signatures valid."""
    (tmp_path / "contract.pdf").write_bytes(contract.finished.pdf)
    done = subprocess.run(
        [tool, *arguments, str(tmp_path / "contract.pdf")],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.count(expected) == (1 if tool == "qpdf" else 3), done.stdout + done.stderr
    assert "WARNING" not in done.stdout + done.stderr


def test_a_signature_carries_what_pades_wants_and_nothing_it_forbids(contract):
    """The case stands in /Reason and the claimed time in /M; the CMS states no time and names its certificate."""
    (signature, *_) = PdfFileReader(io.BytesIO(contract.finished.pdf)).embedded_regular_signatures
    attributes = {each["type"].native for each in signature.signer_info["signed_attrs"]}
    assert attributes == {
        "content_type",
        "message_digest",
        "signing_certificate_v2",
    }
    entries = signature.sig_object
    assert (entries["/Reason"], entries["/Name"], entries["/SubFilter"]) == (
        REASON,
        NAMES[0],
        "/ETSI.CAdES.detached",
    )
    assert [each["type"].native for each in signature.signer_info["unsigned_attrs"]] == [
        "signature_time_stamp_token"
    ]


def test_whoever_repeats_an_act_after_a_crash_makes_the_same_signature_again(pki, contract):
    """The signature value is a function of the bytes and the key, so that no second one can exist."""
    (first, again) = (add_signature(pki, contract.prepared, 0, contract.keys[0]) for _ in range(2))
    values = [
        cms.ContentInfo.load(bytes(each.pkcs7_content))["content"]["signer_infos"][0]["signature"].native
        for each in (
            PdfFileReader(io.BytesIO(made.pdf)).embedded_regular_signatures[0] for made in (first, again)
        )
    ]
    assert values[0] == values[1]
    assert first.byte_range == again.byte_range


HOSTILE = (
    ") /Contents <00> >> endobj (",
    "back\\slash \\) \r\n\t\x00 end",
    "þÿab",
    "ï»¿x",
    "ÿþa",
    "\u202e青禾社\u200f",
    "𠮷" * 10_000,
)
"""Strings that end strings, look like a byte order mark, run backwards, or are long."""


def test_hostile_words_are_read_back_as_they_were_written(pki, contract, tmp_path):
    """In /Name and /Reason, in a field's value and in what Info and XMP say, by pyHanko and qpdf; no object is damaged."""
    title = HOSTILE[2] + HOSTILE[0] + HOSTILE[5]
    pdf = prepare_fields(
        stamp(SHOWN, [Page((0, 0, 595_000, 842_000))] * 2, blank(2), Marks(title=title)),
        [
            SignatureField(f"Signer{number}", 1, Rectangle(0, 90_000 * number, 80_000, 80_000))
            for number in range(len(HOSTILE))
        ],
    )
    for number, (name, reason) in enumerate(zip(HOSTILE, reversed(HOSTILE), strict=True)):
        pdf = sign(
            pdf,
            field=f"Signer{number}",
            credential=contract.keys[0].credential,
            name=name,
            reason=reason,
            at=pki.context.clock(),
            tokens=Tokens([], pki.context.random),
            status=pki.certificates.status,
        ).pdf
    path = tmp_path / "hostile.pdf"
    path.write_bytes(pdf)
    subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)
    signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    told = [(str(each.sig_object["/Name"]), str(each.sig_object["/Reason"])) for each in signatures]
    assert told == list(zip(HOSTILE, reversed(HOSTILE), strict=True))
    with Pdf.open(path) as opened:
        fields = opened.Root.AcroForm.Fields
        assert [(str(each.V.Name), str(each.V.Reason)) for each in fields] == told
        assert (str(opened.docinfo.Title), opened.open_metadata()["dc:title"]) == (title, title)
    facts = read_signatures(pdf)
    assert [each.claimed_at for each in facts.signatures] == [pki.context.clock()] * len(HOSTILE)


def test_the_picture_is_upright_and_within_its_field_on_turned_pages(pki, contract, tmp_path):
    """On a page that is shown turned, the seal is turned against it; its shape is kept."""
    for rotation in (0, 90, 180, 270):
        shown = blank(Rotate=rotation)
        field = SignatureField("Signer1", 1, Rectangle(50_000, 60_000, 200_000, 100_000))
        signed = sign(
            prepare_fields(shown, [field]),
            field="Signer1",
            credential=contract.keys[0].credential,
            name="x",
            reason="x",
            at=pki.context.clock(),
            tokens=Tokens([], bytes),
            status=lambda _: ValidationData(),
            appearance=SEAL,
        )
        with Pdf.open(io.BytesIO(signed.pdf)) as pdf:
            (widget,) = pdf.Root.AcroForm.Fields
            form, (left, bottom, right, top) = widget.AP.N, (float(edge) for edge in widget.Rect)
            assert [float(edge) for edge in form.BBox] == [0, 0, 200, 100]
            a, b, c, d, *_ = (float(number) for number in form.Matrix)
            upright = (right - left, top - bottom) == (200, 100)
            assert upright == (rotation in (0, 180))
            # The matrix turns by as much as the page is turned the other way.
            assert (a, b, c, d) == {
                0: (1, 0, 0, 1),
                90: (0, 1, -1, 0),
                180: (-1, 0, 0, -1),
                270: (0, -1, 1, 0),
            }[rotation]


# What an authority's silence costs


def test_a_dead_authority_costs_the_level_and_a_retry_makes_up_for_it(pki, contract, stamps):
    """No clock stands in for it; the next signer may sign meanwhile, and the first signature stays as it was."""
    stamps.dead = True
    first = add_signature(pki, contract.prepared, 0)
    assert (first.level, first.token, first.gen_time) == ("pades_b_b", None, None)
    assert "no answer" in first.trouble
    waiting = finish(first.pdf, tokens=pki.tokens, status=pki.certificates.status)
    assert (waiting.level, waiting.token) == ("pades_b_b", None)
    stamps.dead = False
    second = add_signature(pki, first.pdf, 1)
    assert second.level == "pades_b_lt"
    extended = finish(second.pdf, tokens=pki.tokens, status=pki.certificates.status)
    assert (extended.level, extended.trouble) == ("pades_b_lta", "")
    facts = read_signatures(extended.pdf)
    assert all(each.holds for each in facts.signatures if not each.is_timestamp)
    assert facts.signatures[0].contents_sha256.hex() == first.signature_sha256
    third = add_signature(pki, extended.pdf, 2)
    again = finish(third.pdf, tokens=pki.tokens, status=pki.certificates.status)
    assert [each.field for each in read_signatures(again.pdf).signatures if each.is_timestamp] == [
        "Timestamp-1",
        "Timestamp-2",
    ]
    assert again.level == "pades_b_lta"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda answer: answer[:-1] + bytes([answer[-1] ^ 1]),
        lambda answer: b"<html>502</html>",
        lambda answer: b"",
    ],
)
def test_a_token_that_does_not_hold_is_not_put_into_a_file(pki, contract, stamps, spoil):
    """Judged by the published policy before it is used; another authority is asked where there is one."""
    stamps.spoil = spoil
    signed = add_signature(pki, contract.prepared, 0)
    assert (signed.level, signed.token) == ("pades_b_b", None)
    assert "does not hold" in signed.trouble


def test_unknown_status_of_the_signer_is_no_long_term_level(pki, contract):
    """A time alone is B-T, and the end says why it is not more."""
    silent = {"status": lambda _: ValidationData()}
    signed = add_signature(pki, contract.prepared, 0, **silent)
    assert signed.level == "pades_b_t"
    ended = finish(signed.pdf, tokens=pki.tokens, **silent)
    assert (ended.level, ended.trouble) == ("pades_b_t", "the status of a signer is not known")


# What is refused, before anything is made


def saved(change, source=SHOWN, **options):
    output = io.BytesIO()
    with Pdf.open(io.BytesIO(source)) as pdf:
        change(pdf)
        pdf.save(output, **options)
    return output.getvalue()


def encrypted():
    return saved(lambda pdf: None, encryption=pikepdf.Encryption(owner="o", user=""))


def with_form(**members):
    def change(pdf):
        pdf.Root.AcroForm = Dictionary(Fields=Array(), **members)

    return saved(change)


def circular():
    writer = AppendingWriter(SHOWN)
    pages = writer.root.raw_get("/Pages")
    pages.get_object()["/Kids"] = ArrayObject([pages, pages])
    writer.mark_update(pages.reference)
    return writer.finish()


def foreign_signature(contract, **metadata):
    """Somebody else's program signs and locks the file."""
    key = contract.keys[0].credential
    pkcs8 = key.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = signers.SimpleSigner(x509.Certificate.load(key.certificate), PrivateKeyInfo.load(pkcs8), None)
    writer = IncrementalPdfFileWriter(io.BytesIO(SHOWN))
    lock = metadata.pop("lock", None)
    if lock is not None:
        specification = pyhanko_fields.SigFieldSpec("Foreign", field_mdp_spec=lock)
        pyhanko_fields.append_signature_field(writer, specification)
    meta = signers.PdfSignatureMetadata(field_name="Foreign", **metadata)
    return signers.PdfSigner(meta, signer).sign_pdf(writer).getvalue()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (encrypted, "pdf-encrypted"),
        (lambda: with_form(XFA=Array()), "pdf-unsupported"),
        (lambda: b"", "pdf-unreadable"),
        (lambda: b"PK\x03\x04 word/document.xml", "pdf-unreadable"),
        (lambda: b"\n" + SHOWN, "pdf-unreadable"),
        (lambda: SHOWN[: len(SHOWN) // 2], "pdf-unreadable"),
        (lambda: SHOWN.replace(b"startxref", b"startxxxx"), "pdf-unreadable"),
        (lambda: b"%PDF-1.7\n" + b"[" * 100_000, "pdf-unreadable"),
    ],
)
def test_what_cannot_be_signed_is_refused_with_its_reason(make, code):
    """Encrypted, dynamic, truncated, another kind of file: neither fields nor signatures are made."""
    pdf = make()
    for attempt in (examine, lambda bad: prepare_fields(bad, FIELDS)):
        with pytest.raises(Refused) as refused:
            attempt(pdf)
        assert refused.value.code == code


def test_a_page_tree_that_bites_its_own_tail_is_refused():
    """Hostile structures end in a refusal, wherever the library stumbles over them."""
    with pytest.raises(Refused) as refused:
        prepare_fields(circular(), FIELDS)
    assert refused.value.code in ("pdf-unreadable", "pdf-too-complex")


def test_the_size_is_bounded_unread():
    """Fifty megabytes, counted before anything is parsed."""
    with pytest.raises(Refused, match="pdf-too-large"):
        examine(b"%PDF-1.7" + bytes(50 << 20))


def test_a_file_that_somebody_locked_is_refused(contract):
    """Certified without a wish for changes, or with every field locked."""
    certified = foreign_signature(
        contract, certify=True, docmdp_permissions=pyhanko_fields.MDPPerm.FILL_FORMS
    )
    every = pyhanko_fields.FieldMDPSpec(pyhanko_fields.FieldMDPAction.ALL)
    for locked in (certified, foreign_signature(contract, lock=every)):
        with pytest.raises(Refused, match="pdf-locked"):
            examine(locked)


def test_one_flipped_byte_under_an_earlier_signature_is_refused(pki, contract):
    """Nobody's name is put under what somebody else's signature no longer covers."""
    good = contract.revisions[0].pdf
    at = good.index(b"/MediaBox") + len(b"/MediaBox [ ")
    bad = good[:at] + b"9" + good[at + 1 :]
    with pytest.raises(Refused, match="pdf-changed"):
        add_signature(pki, bad, 1, contract.keys[1])
    with pytest.raises(Refused, match="pdf-changed"):
        finish(bad, tokens=pki.tokens, status=pki.certificates.status)


def test_a_change_appended_behind_a_signature_is_refused(pki, contract):
    """A revision that draws over the page, and one that takes the signature away."""
    writer = AppendingWriter(contract.revisions[0].pdf)
    page = writer.find_page_for_modification(0)[0].get_object()
    page["/Rotate"] = NumberObject(180)
    writer.update_container(page)
    with pytest.raises(Refused, match="pdf-changed"):
        add_signature(pki, writer.finish(), 1, contract.keys[1])
    writer = AppendingWriter(contract.revisions[0].pdf)
    del writer.root["/AcroForm"]["/Fields"][0].get_object()["/V"]
    writer.mark_update(writer.root["/AcroForm"]["/Fields"].raw_get(0))
    with pytest.raises(Refused, match="pdf-changed"):
        add_signature(pki, writer.finish(), 1, contract.keys[1])


def test_a_field_is_signed_once_and_must_be_there(pki, contract):
    """Whoever comes second finds it taken."""
    signed = contract.revisions[0].pdf
    with pytest.raises(Refused, match="signature-field-taken"):
        add_signature(pki, signed, 0, contract.keys[0])
    with pytest.raises(Refused, match="signature-field-unknown"):
        add_signature(pki, SHOWN, 0, contract.keys[0])
    with pytest.raises(Refused, match="pdf-unsigned"):
        finish(contract.prepared, tokens=pki.tokens, status=pki.certificates.status)


@pytest.mark.parametrize(
    "field",
    [
        SignatureField("1a", 1, Rectangle(0, 0, 1000, 1000)),
        SignatureField("a.b", 1, Rectangle(0, 0, 1000, 1000)),
        SignatureField("Signer0", 1, Rectangle(0, 0, 1000, 1000)),
        SignatureField("a", 0, Rectangle(0, 0, 1000, 1000)),
        SignatureField("a", 3, Rectangle(0, 0, 1000, 1000)),
        SignatureField("a", 1, Rectangle(0, 0, 0, 1000)),
        SignatureField("a", 1, Rectangle(-1, 0, 1000, 1000)),
        SignatureField("a", 1, Rectangle(595_000, 0, 2000, 1000)),
    ],
)
def test_a_field_has_a_name_of_its_own_and_lies_on_a_page(field):
    """What the taxonomy could not name, or nobody would see, is refused."""
    with pytest.raises(Refused, match="field-value"):
        prepare_fields(SHOWN, [FIELDS[0], field])


# Geometry

EDGE = st.integers(0, 300_000)


@given(st.sampled_from([0, 90, 180, 270]), EDGE, EDGE, st.integers(1, 200_000), st.integers(1, 200_000))
def test_a_place_keeps_its_size_and_its_corner_however_the_page_is_turned(rotation, x, y, width, height):
    """Turning the found corners as the page is shown gives the place again."""
    box = PageBox(10.0, 20.0, 10.0 + 500, 20.0 + 700, rotation)
    left, bottom, right, top = to_user_space(Rectangle(x, y, width, height), box)
    shown = {
        0: (left - box.left, box.top - top),
        90: (bottom - box.bottom, left - box.left),
        180: (box.right - right, bottom - box.bottom),
        270: (box.top - top, box.right - right),
    }[rotation]
    size = (right - left, top - bottom) if rotation in (0, 180) else (top - bottom, right - left)
    assert [*shown, *size] == pytest.approx([x / 1000, y / 1000, width / 1000, height / 1000], abs=0.002)


@given(*[st.floats(1, 1000)] * 4)
def test_a_picture_is_fitted_in_the_middle_with_its_shape_kept(width, height, into_width, into_height):
    """It touches two sides and leaves the same on both of the others."""
    scale, x, y = fit(width, height, into_width, into_height)
    assert min(x, y) == pytest.approx(0, abs=1e-6)
    assert [width * scale + 2 * x, height * scale + 2 * y] == pytest.approx([into_width, into_height])
