"""The certificate's page and its JSON record."""

import hashlib
import io
import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime

import pikepdf
import pytest
from zheng_verifier.canonical import BUNDLE_LIMITS, parse_canonical
from zheng_verifier.deposit_certificate.model import (
    AXES,
    AxisResult,
    Depositor,
    ElectronicSignature,
    Filings,
    Party,
    Span,
)
from zheng_verifier.deposit_certificate.record import format_record, verify_code
from zheng_verifier.errors import MalformedError

from api.issuance.certificate import messages_en, messages_zh
from api.issuance.certificate.layout import lay_out
from api.issuance.certificate.masking import Masked
from api.issuance.certificate.render import render_certificate
from api.issuance.certificate.values import words

FORBIDDEN = (
    "公证书",
    "鉴定意见",
    "不可篡改",
    "具有法律效力",
    "legallyvalid",
    "tamper-proof",
    "司法认可",
    "权威",
    "100%",
)
HOSTILE = (
    "#import",
    '#read("/etc/passwd")',
    "$x$",
    "]",
    "[",
    "\\",
    '"',
    "*bold*",
    "_i_",
    "@ref",
    "<label>",
    "//",
    "`raw`",
    "= H",
)


def squeezed(text):
    return "".join(text.split())


def rendered(record):
    return render_certificate(format_record(record), b"{}")


@pytest.fixture(scope="module")
def bare(certificate):
    """Give the certificate of a case of which nothing optional is known."""
    return replace(
        certificate,
        evidence_name=None,
        evidence_classes=(),
        flow_ref=None,
        claimed=None,
        documents=(),
        parties=None,
        timestamps=(),
        anchors=(),
        verification=None,
        depositor=Depositor("平台"),
    )


@pytest.fixture(scope="module")
def crowded(certificate):
    """Give a certificate in which every text is too long and every list too full."""
    document = replace(
        certificate.documents[0],
        name="很长的文件名" * 40,
        size=2**50,
        pages=99_999,
        media_type="application/x-" + "w" * 200,
    )
    return replace(
        certificate,
        base_url="https://" + "a" * 300 + ".example",
        flow_ref="z" * 500,
        issuer="证" * 300,
        evidence_name="W" * 2000,
        evidence_classes=(1, 2, 3, 4, 5),
        event_count=2**53 - 1,
        depositor=Depositor("长" * 500, "9" * 100, "关联" * 300),
        documents=(document,) * 20,
        parties=(Party("甲方" * 50, Masked("W" * 300), (Masked("*" * 80),) * 9),) * 30,
        log=replace(
            certificate.log, origin="o.example/" + "o" * 200, leaf_index=2**53 - 1, tree_size=2**53 - 1
        ),
        timestamps=(
            replace(certificate.timestamps[0], authority="TSA " * 200, serial=2**300, policy="2" + ".1" * 30),
        )
        * 9,
        anchors=(
            replace(
                certificate.anchors[0],
                name="链" * 200,
                chain_id=2**53 - 1,
                consensus="PoA " * 200,
                finality="f" * 300,
                block_number=2**53 - 1,
            ),
        )
        * 9,
        cross_anchors=("c" * 300,) * 9,
        witnesses=("w " * 300,) * 9,
        signatures=(ElectronicSignature(Masked("W*"), "CA", "1", "valid"),) * 50,
        verification=replace(
            certificate.verification,
            axes=tuple(
                AxisResult(axis, "INDETERMINATE", "CERTIFICATE_CHAIN_GENERAL_FAILURE_NO_POE") for axis in AXES
            ),
            verifier="v" * 300,
        ),
        filings=Filings("京ICP" * 40, "1" * 100, "2" * 100),
    )


def test_catalogues_have_the_same_keys():
    """Nothing is said in one language only, and no message is empty."""
    assert messages_zh.MESSAGES.keys() == messages_en.MESSAGES.keys()
    assert all(messages_zh.MESSAGES.values())
    assert all(messages_en.MESSAGES.values())


def test_page_says_what_the_certificate_holds(certificate, pdf_text):
    """Number, parties masked, full digests, both zones, labels of test chain and test timestamp: all extractable."""
    text = pdf_text(rendered(certificate))
    expected = [
        "存证证书",
        "CertificateofDeposit",
        certificate.certificate_no,
        certificate.verify_url,
        "李*㛃（100******01，000***********000X）",
        "王*（100******02",
        *(document.sha256.hex() for document in certificate.documents),
        *(document.sm3.hex() for document in certificate.documents),
        certificate.log.root_hash.hex(),
        certificate.anchors[0].transaction.hex(),
        certificate.anchors[0].block_hash.hex(),
        "2026-11-2201:15:02.123–01:27:02.123",
        "2026-11-2209:15:02.123–09:27:02.123",
        "2026-11-2201:28:07.123",
        "单机测试链",
        "single-machinetestchain",
        "测试时间戳",
        "testtimestamp",
        "签发时有效；现状以核验网址所示登记簿为准",
        "测试证书，不能独立证明签发者身份",
        certificate.issuer_certificate.sha256.hex(),
        "核验不完整incomplete",
        "A9独立性",
    ]
    assert [words for words in expected if words not in text] == []


def test_statement_of_the_reference_is_printed_word_for_word(certificate, pdf_text):
    """Both statements stand on the page, as the catalogues have them."""
    text = pdf_text(rendered(certificate))
    for statement in (messages_zh.STATEMENT, messages_en.STATEMENT, messages_zh.MESSAGES["closing"]):
        assert squeezed(statement) in text


@pytest.mark.parametrize("which", ["certificate", "bare", "crowded"])
def test_no_claim_that_is_not_ours(which, request, pdf_text):
    """The forbidden words are nowhere but in the one sentence that says what a certificate is not."""
    text = pdf_text(rendered(request.getfixturevalue(which)))
    allowed = squeezed("不属于公证书或司法鉴定意见。")
    assert text.count(allowed) == 1
    assert [word for word in FORBIDDEN if word.lower() in text.replace(allowed, "").lower()] == []


@pytest.mark.parametrize("which", ["certificate", "bare", "crowded"])
def test_page_is_one(which, request, pdf_pages):
    """Nothing, everything, and far too much: always one page."""
    assert pdf_pages(rendered(request.getfixturevalue(which))) == 1


def test_what_is_not_known_is_said(bare, pdf_text):
    """Missing values read 未提供 / not provided, and no time, chain or verdict is made up."""
    text = pdf_text(rendered(bare))
    view = lay_out(bare, "0" * 16)
    times = {row["label"][1]: row["utc"] for row in view["times"]}
    assert times == {
        "claimed": "",
        "received": times["received"],
        "timestamp": "",
        "checkpoint": "",
        "block": "",
    }
    assert text.count("未提供") >= 10
    assert "尚未核验" in text
    assert "核验一致" not in text
    assert "测试链" not in text


def test_lists_that_are_cut_say_so(crowded, pdf_text):
    """What does not fit on the page is counted there and whole in the attached record."""
    text = pdf_text(rendered(crowded))
    assert "另有12件文件" in text
    assert "SM3摘要见所附" in text
    assert len(json.loads(format_record(crowded))["documents"]) == 20


def test_every_axis_has_a_cell(certificate):
    """An axis nobody spoke about is shown as not provided, never left out."""
    axes = lay_out(certificate, "0" * 16)["verification"][0]["axes"]
    assert [axis["id"] for axis in axes] == list(AXES)
    assert [axis["verdict"][1] for axis in axes if axis["id"] in ("A5", "A6", "A8", "A9")] == [
        "not provided"
    ] * 4


@pytest.mark.parametrize("count", [1, 3])
def test_parties_beyond_the_second_are_counted(certificate, count):
    """One party is one row; of three, the second row says that one more follows."""
    data = replace(certificate, parties=(Party("甲", Masked("张*")),) * count)
    rows = [
        row["value"] for row in lay_out(data, "0" * 16)["deposit"] if row["label"][0].startswith("当事人")
    ]
    assert (
        rows == [[["甲 张*", ""]]]
        if count == 1
        else [[["甲 张*", ""]], [["甲 张*", ""], ["另有 1 方见证据包", "1 more in the evidence package"]]]
    )


def test_no_parties_is_not_the_same_as_unknown_parties(certificate):
    """An empty list says none, a missing one says not provided; the same for signatures."""

    def shown(**changes):
        view = lay_out(replace(certificate, **changes), "0" * 16)
        return {row["label"][1]: row["value"][0][1] for row in (*view["deposit"], *view["fixing"])}

    assert shown(parties=())["Parties (masked)"] == "none"
    assert shown(parties=None)["Parties (masked)"] == "not provided"
    assert shown(signatures=())["E-signatures"] == "none"
    assert shown(signatures=None)["E-signatures"] == "not provided"


def test_labels_follow_the_chain_and_the_authority(certificate, pdf_text):
    """A public chain and a real authority lose the test labels and the warnings."""
    data = replace(
        certificate,
        anchors=(
            replace(
                certificate.anchors[0],
                kind="public",
                operators=None,
                consensus="PoS",
                name="示例链",
                finality=None,
            ),
        ),
        timestamps=(replace(certificate.timestamps[0], test=False, licensed=True),),
        documents=(replace(certificate.documents[0], role="appendix", sm3=None, pages=None),),
        claimed=Span(certificate.issued_at, certificate.issued_at),
        cross_anchors=("a", "b"),
        witnesses=("w",),
        issuer_certificate=None,
    )
    text = pdf_text(rendered(data))
    assert "公有链publicchain·示例链" in text
    assert "依法设立licensed" in text
    assert "测试" not in text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_is_never_typst_code(certificate, hostile, pdf_text, pdf_pages):
    """Markup, code and brackets in titles and names are printed as they are."""
    data = replace(
        certificate,
        evidence_name=f"a{hostile}b",
        depositor=Depositor(f"c{hostile}d", hostile, hostile),
        parties=(Party(hostile, Masked(hostile), (Masked(hostile),)),),
        documents=(replace(certificate.documents[0], name=f"e{hostile}f"),),
        issuer=hostile,
    )
    pdf = rendered(data)
    assert pdf_pages(pdf) == 1
    for text in (f"a{hostile}b", f"c{hostile}d", f"e{hostile}f"):
        assert squeezed(text) in pdf_text(pdf)


def test_unprintable_name_is_spelled(certificate, pdf_text):
    """A character outside the fonts is printed as its code point, and stands in the record as it is."""
    data = replace(certificate, evidence_name="𠮷野家")
    assert "〔U+20BB7〕野家" in pdf_text(rendered(data))
    assert "𠮷野家" in format_record(data).decode()


def test_direction_characters_are_refused(certificate):
    """Text that would be shown in another order than it is stored makes no certificate."""
    with pytest.raises(MalformedError):
        rendered(replace(certificate, evidence_name="a\u202eb"))


def test_same_data_same_bytes(certificate):
    """The page is a function of the data, its creation date the date of issue."""
    pdf = rendered(certificate)
    assert rendered(certificate) == pdf
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.docinfo["/CreationDate"]).startswith("D:20261122021502")


def test_record_is_canonical_and_travels_in_the_page(certificate, pdf_text):
    """The PDF carries the JSON, byte for byte, and prints the head of its SHA-256."""
    record = format_record(certificate)
    parse_canonical(record, BUNDLE_LIMITS)
    pdf = rendered(certificate)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.attachments["certificate.json"].get_file().read_bytes() == record
        assert document.attachments["bundle.json"].get_file().read_bytes() == b"{}"
        assert "pdfaid:part" in document.Root.Metadata.read_bytes().decode()
    code = hashlib.sha256(record).hexdigest()[:16]
    assert verify_code(record) == code
    assert code in pdf_text(pdf)


def test_record_leaves_out_what_is_not_known(bare, certificate):
    """Absent means absent: there is no null, and a full record has the codes of the reference."""
    assert {"claimed_at", "parties_masked", "evidence_name", "verification", "flow_id"}.isdisjoint(
        json.loads(format_record(bare))
    )
    record = json.loads(format_record(certificate))
    assert record["received_at"] == {"first": "2026-11-22T01:15:02.123Z", "last": "2026-11-22T01:27:02.123Z"}
    assert record["documents"][0]["hashed_by"] == "depositor"
    assert record["timestamps"][0]["test"] is True
    assert record["anchors"][0]["kind"] == "dev"


def test_earliest_bound_is_printed(certificate):
    """Of several tokens and anchors the earliest is shown, whatever their order."""
    token, anchor = certificate.timestamps[0], certificate.anchors[0]
    early = datetime(2026, 11, 22, 1, 27, 30, tzinfo=UTC)
    data = replace(
        certificate,
        timestamps=(token, replace(token, gen_time=early)),
        anchors=(anchor, replace(anchor, block_time=early)),
    )
    assert (data.first_token.gen_time, data.first_anchor.block_time) == (early, early)
    fixing = {row["label"][1]: row["value"] for row in lay_out(data, "0" * 16)["fixing"]}
    assert ["另有 1 项见证据包", "1 more in the evidence package"] in fixing["Blockchain"]


def test_address_of_the_page_is_in_the_code(certificate):
    """The QR code is an image whose alternative text is the address it encodes."""
    assert certificate.verify_url == "https://zheng.example/p/JE82-K3SZ-P32V-2R29-5"
    with pikepdf.open(io.BytesIO(rendered(certificate))) as document:
        alternatives = [
            str(each.Alt)
            for each in document.objects
            if isinstance(each, pikepdf.Dictionary) and "/Alt" in each
        ]
    assert alternatives == [certificate.verify_url]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_another_reader_finds_every_value_of_the_record(certificate, tmp_path):
    """What the record holds is on the page, by the text that poppler extracts; and nothing else fills the page."""
    (tmp_path / "page.pdf").write_bytes(rendered(certificate))
    drawn = subprocess.run(
        ["pdftotext", "-raw", tmp_path / "page.pdf", "-"], check=True, capture_output=True, timeout=60
    )
    text = squeezed(drawn.stdout.decode())
    record = json.loads(format_record(certificate))
    unprinted = {"bundle_sha256", "evidence_class", "imprint_algorithm", "verify_url", "zheng"}

    def values(value, name=""):
        if isinstance(value, dict):
            for member, item in value.items():
                yield from values(item, member)
        elif isinstance(value, list):
            for item in value:
                yield from values(item, name)
        elif isinstance(value, str) and name not in unprinted:
            yield name, value

    shown = {
        "tsa_serial": lambda value: f"{int(value):x}",
        "deposit_mode": lambda value: words(f"deposit_mode_{value}").zh,
        "role": lambda value: value,
        "hashed_by": lambda value: words(f"hashed_by_{value}").zh,
        "kind": lambda value: words(f"chain_{value}").zh,
        "verdict": lambda value: words(value).zh,
        "overall": lambda value: words(value).zh,
    }
    missing = []
    for name, value in values(record):
        printed = shown.get(name, str)(value)
        if re.fullmatch(r"\d{4}-\d\d-\d\dT.*Z", value):
            printed = value[11:-1]
        if name == "role" and value in ("original", "shown", "finalized", "signed"):
            printed = words(f"role_{value}").zh
        if squeezed(printed) not in text:
            missing.append((name, printed))
    assert missing == []
