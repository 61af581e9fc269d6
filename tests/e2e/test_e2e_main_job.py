"""The main job from nothing: `zheng demo` plays a case over HTTP, and what it leaves behind is held against its promise."""

import asyncio
import http.client
import json
import re
import shutil
import subprocess
import sys
from base64 import b64decode
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import x509
from demo_case import ROOT, ZHENG_VERIFY, run_demo
from e2e_house import Client, House, eventually, new_id, plain_event
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import ades, policy_decl
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from zheng_verifier.checkpoint import open_checkpoint
from zheng_verifier.package.package import open_package

from api.demo.story import AGENT, FIRST_TENANT, KEEPER, SECOND_TENANT
from ledger.tiles import TilePath, available_width, format_tile_path

AXES = {
    "A1": ("PASSED", []),
    "A2": ("INDETERMINATE", ["C11:TEST_TSA"]),
    "A3": ("INDETERMINATE", ["C10:SELF_ASSERTED"]),
    "A4": ("INDETERMINATE", ["C14:TEST_CA"]),
    "A5": ("INDETERMINATE", ["C18:SIMULATED_IDENTITY"]),
    "A6": ("INDETERMINATE", ["C19:SIMULATED_FACTOR"]),
    "A7": ("PASSED", []),
    "A8": ("SUPPORTED", ["C21:4/6"]),
    "A9": ("NOT_PROVIDED", ["C22:NOT_PROVIDED"]),
}
PASSED = {"C02", "C03", "C04", "C06", "C07", "C08", "C09", "C13", "C16", "C20", "C23"}
PERSONS = (FIRST_TENANT, SECOND_TENANT, KEEPER, AGENT)
PERSONAL = tuple(
    value for each in PERSONS for value in (each.name, each.phone.removeprefix("+86"), each.id_number)
)
VERSIONS = (
    "converted.pdf",
    "filled.pdf",
    "finalized.pdf",
    "original.docx",
    "shown.pdf",
    "signed-by-1.pdf",
    "signed-by-2.pdf",
    "signed-by-3.pdf",
    "signed.pdf",
)
FORBIDDEN = ("公证书", "鉴定意见", "不可篡改", "具有法律效力", "legallyvalid", "tamper-proof")
DENIAL = "不属于公证书或司法鉴定意见。"


def spellings(text):
    """The ways in which a value may stand in a file: as it is, and as JSON writes it in ASCII."""
    return {text.encode(), json.dumps(text)[1:-1].encode(), text.encode("utf-16-le")}


def found_plain(data):
    return [text for text in PERSONAL if any(spelling in data for spelling in spellings(text))]


def verify(evidence, *more, bundle=None, documents=None, policy=None, command=(ZHENG_VERIFY,), cwd=None):
    """Run the verifier as a program of its own."""
    chosen = sorted((evidence / "documents").iterdir()) if documents is None else documents
    arguments = [bundle or evidence / "bundle.json", "--policy", policy or evidence / "policy.json", *more]
    for document in chosen:
        arguments += ["--document", document]
    return subprocess.run(
        [*command, *arguments], capture_output=True, text=True, check=False, timeout=60, cwd=cwd
    )


@pytest.fixture(scope="module")
def report(played_demo):
    """What the verifier says of the demonstration, for machines."""
    done = verify(played_demo.evidence, "--json")
    assert (done.returncode, done.stderr) == (3, "")
    return json.loads(done.stdout)


@pytest.fixture
def copy(played_demo, tmp_path):
    """The evidence once more, to be changed."""
    return Path(shutil.copytree(played_demo.evidence, tmp_path / "copy"))


def test_the_demo_ends_well_and_says_what_it_found(played_demo):
    """It prints the whole report, the command that makes it again, and the verifier's exit code."""
    print(f"\nfirst `zheng demo`: {played_demo.seconds:.1f} s")
    assert "Overall: INCOMPLETE: nothing checked is false" in played_demo.output
    assert "zheng-verify demo/bundle.json --policy demo/policy.json" in played_demo.output
    assert played_demo.output.count("exit code 3") == 4
    assert played_demo.output.count("Verification report") == 1


def test_the_closing_words_name_what_stands_against_more(played_demo):
    """Each code that keeps an axis from PASSED is named at the end, with nothing else, and where everything lies."""
    closing = played_demo.output.partition("INCOMPLETE is the honest word")[2]
    against = {
        code.partition(":")[2]
        for status, codes in AXES.values()
        if status == "INDETERMINATE"
        for code in codes
    }
    assert set(re.findall(r"\b[A-Z]+_[A-Z_]+\b", closing.partition("demo/")[0])) == against
    for name in ("package-full.asice", "package-redacted.asice", "certificate.pdf", "report.txt"):
        assert f"demo/{name} " in closing
    (stored,) = (played_demo.home / "api" / "certificates").iterdir()
    assert f"/p/{stored.stem} " in closing


def test_the_packages_stand_alone(played_demo):
    """The full package encloses the documents, so nothing else is needed for the same answers; the redacted has none."""
    packages = [played_demo.evidence / f"package-{edition}.asice" for edition in ("full", "redacted")]
    full, redacted = (verify(played_demo.evidence, "--json", bundle=each, documents=()) for each in packages)
    said = json.loads(full.stdout)
    # Beside what the bundle says, the operator says who he is; nobody verified that.
    expected = AXES | {"A9": ("INDETERMINATE", ["C22:DISCLOSED"])}
    assert {axis["id"]: (axis["status"], axis["codes"]) for axis in said["axes"]} == expected
    assert (full.returncode, redacted.returncode) == (3, 3)
    assert [len(open_package(path.read_bytes()).documents) for path in packages] == [len(VERSIONS), 0]


def test_the_demo_leaves_its_evidence(played_demo):
    """Bundle, packages, certificate, policy, report, and every version of the document that the case names."""
    files = {str(path.relative_to(played_demo.evidence)) for path in played_demo.evidence.rglob("*.*")}
    packages = {"package-full.asice", "package-redacted.asice"}
    assert files == packages | {"bundle.json", "certificate.pdf", "policy.json", "report.txt"} | {
        f"documents/{name}" for name in VERSIONS
    }
    pages = {}
    for document in played_demo.documents:
        if document.suffix == ".pdf":
            with pikepdf.open(document) as pdf:
                pages[document.name] = len(pdf.pages)
    assert set(pages.values()) == {3}


def test_the_verdict_is_the_honest_one(report):
    """INCOMPLETE, and for each question exactly what stands against more."""
    assert report["overall"] == "INCOMPLETE"
    assert {axis["id"]: (axis["status"], axis["codes"]) for axis in report["axes"]} == AXES
    assert {check["id"] for check in report["checks"] if check["status"] == "PASSED"} == PASSED
    assert [check["id"] for check in report["checks"] if check["status"] == "FAILED"] == []
    assert len(report["checks"]) == 23


def test_the_case_is_a_whole_contract(report):
    """From the draft to completion, delivery and close, signed by the pipeline's key, with sealed values opened."""
    types = [event["type"] for event in report["events"]]
    counted = Counter(types)
    assert types[0] == "case.opened/1"
    once = ("converted", "filled", "finalized")
    assert {counted[f"document.{each}/1"] for each in once} == {1}
    for each in (
        "party.signed/1",
        "seal.used/1",
        "intent.confirmed/1",
        "terms.acknowledged/1",
        "contract.delivered/1",
    ):
        assert counted[each] == 3, each
    assert counted["contract.completed/1"] == counted["case.closed/1"] == 1
    (submitter,) = [check for check in report["checks"] if check["id"] == "C05"]
    unsigned = [each["subject"]["en"] for each in submitter["findings"] if each["status"] != "PASSED"]
    # The opening is the service's event on the platform's request, the attestation its own.
    assert unsigned == ["event 1", f"event {len(types)}"]
    assert len(submitter["findings"]) == len(types)
    sealed = [field for event in report["events"] for field in event["sealed"]]
    assert {field["state"] for field in sealed} == {"OPENED"}
    assert "李小㛃" in {field.get("value") for field in sealed}


def test_the_certificate_says_what_it_is(played_demo, pdf_text):
    """One page with its number, chain and authority named as tests, and no word that claims too much."""
    data = (played_demo.evidence / "certificate.pdf").read_bytes()
    (stored,) = (played_demo.home / "api" / "certificates").iterdir()
    text = pdf_text(data)
    assert stored.read_bytes() == data
    assert stored.stem in text
    assert "单机测试链" in text
    assert "测试时间戳" in text
    said = text.replace(DENIAL, "").lower()
    assert [word for word in FORBIDDEN if word.lower() in said] == []
    with pikepdf.open(played_demo.evidence / "certificate.pdf") as pdf:
        assert len(pdf.pages) == 1


def test_no_personal_value_lies_about(played_demo):
    """Not in a log line, not in a byte of any file of the installation: what is personal is sealed or encrypted."""
    assert "request" in played_demo.logs
    assert found_plain(played_demo.logs.encode()) == []
    seen = 0
    for path in played_demo.home.rglob("*"):
        if path.is_file():
            seen += 1
            assert found_plain(path.read_bytes()) == [], path
    assert seen > 15


def test_each_version_begins_with_the_one_before(played_demo):
    """What was shown is an exact beginning of what was finalized, and that of each signed file."""
    order = ("shown", "finalized", "signed-by-1", "signed-by-2", "signed-by-3", "signed")
    versions = [(played_demo.evidence / "documents" / f"{name}.pdf").read_bytes() for name in order]
    assert all(after.startswith(before) for before, after in pairwise(versions))


@pytest.mark.parametrize(
    ("program", "expected", "times"),
    [
        (("qpdf", "--check"), "No syntax or stream encoding errors", 1),
        (("pdfsig", "-nocert"), "Signature is Valid", 3),
    ],
)
def test_other_programs_find_the_signed_contract_whole(played_demo, program, expected, times):
    """No complaint by qpdf about its structure; pdfsig calls the three signatures valid."""
    done = subprocess.run(
        [*program, played_demo.evidence / "documents" / "signed.pdf"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.count(expected) == times, done.stdout + done.stderr
    assert "WARNING" not in done.stdout + done.stderr


def test_pyhanko_validates_the_signatures_for_the_long_term(played_demo):
    """EN 319 102-1 §5.6.3 with revocation data demanded, from what the file itself holds and the roots of the policy."""
    policy = json.loads((played_demo.evidence / "policy.json").read_text())
    roots = [b64decode(root) for kind in ("cas", "tsas") for entry in policy[kind] for root in entry["roots"]]
    trust = SimpleTrustManager.build([CertTrustAnchor(x509.Certificate.load(der)) for der in roots])
    rule = CertRevTrustPolicy(REQUIRE_REVINFO, retroactive_revinfo=True)
    local = policy_decl.RevocationInfoGatheringSpec(policy_decl.RevinfoOnlineFetchingRule.LOCAL_ONLY)
    spec = policy_decl.PdfSignatureValidationSpec(
        policy_decl.SignatureValidationSpec(
            policy_decl.CertValidationPolicySpec(trust, rule), revinfo_gathering_policy=local
        )
    )
    at = datetime.now(UTC) + timedelta(minutes=5)
    timing = ValidationTimingInfo(at, at, point_in_time_validation=True)
    with (played_demo.evidence / "documents" / "signed.pdf").open("rb") as file:
        signatures = PdfFileReader(file).embedded_regular_signatures
        assert [each.field_name for each in signatures] == ["tenant_1_sign", "tenant_2_sign", "landlord_seal"]
        for each in signatures:
            result = asyncio.run(ades.ades_lta_validation(each, spec, timing))
            assert result.ades_subindic.status.name == "PASSED", result.ades_subindic


def test_a_changed_document_is_found(played_demo, copy):
    """One bit of one document: INCONSISTENT, exit code 1."""
    document = copy / "documents" / "signed.pdf"
    data = bytearray(document.read_bytes())
    data[len(data) // 2] ^= 1
    document.write_bytes(data)
    done = verify(copy)
    assert done.returncode == 1
    assert "Overall: INCONSISTENT" in done.stdout


@pytest.mark.parametrize("place", [0.02, 0.31, 0.5, 0.77, 0.98])
def test_a_changed_bundle_is_never_consistent(copy, place):
    """One bit of the bundle: never exit code 0, and never the verdict that the whole bundle gets."""
    bundle = copy / "bundle.json"
    data = bytearray(bundle.read_bytes())
    data[int(len(data) * place)] ^= 1
    bundle.write_bytes(data)
    assert verify(copy).returncode in (1, 2, 3)


def test_a_bare_checkout_verifies(played_demo, tmp_path):
    """`python verifier FILE …` gives the same report without anything installed of the service."""
    command = [sys.executable, "-I", ROOT / "verifier"]
    installed = verify(played_demo.evidence, "--at", "2026-11-23T00:00:00.000Z", "--json")
    bare = verify(
        played_demo.evidence, "--at", "2026-11-23T00:00:00.000Z", "--json", command=command, cwd=tmp_path
    )
    assert (bare.returncode, bare.stdout) == (3, installed.stdout)


def test_a_policy_of_the_package_caps_the_verdict(played_demo):
    """Said to come with the evidence, the policy is named as such in line one."""
    done = verify(played_demo.evidence, "--policy-source", "package")
    assert done.returncode == 3
    assert done.stdout.splitlines()[0].endswith("(taken from the thing under test)")


@pytest.mark.torture
def test_a_second_demo_uses_what_is_there(played_demo):
    """It plays no second case, verifies again, and is there sooner."""
    second_demo = run_demo(played_demo.folder, "--json")
    print(f"\nsecond `zheng demo`: {second_demo.seconds:.1f} s")
    told = json.loads(second_demo.output)
    assert (second_demo.exit_code, told["exit_code"], told["folder"]) == (0, 3, "demo")
    assert second_demo.seconds < played_demo.seconds
    assert len(list((played_demo.home / "api" / "certificates").iterdir())) == 1


@pytest.fixture(scope="module")
def serving(played_demo, nursery):
    """The installation of the demonstration, served once more."""
    house = House(nursery, played_demo.folder)
    serve = house.serve()
    yield house
    assert serve.stop() == 0, serve.err


def fetch_tile(client, path):
    answer = client.get(f"/{format_tile_path(path)}")
    assert answer.status == 200
    return answer.body


def test_the_public_log_tells_nothing_personal(serving):
    """Checkpoint and every tile, full or partial, of hashes and of leaves: sizes and digests, no person."""
    client = serving.client()
    note = client.get("/checkpoint").body
    size = open_checkpoint(note, serving.vkey).checkpoint.size
    tiles = [fetch_tile(client, TilePath(level, 0, available_width(level, 0, size))) for level in (0, None)]
    for data in (note, *tiles, client.get("/readyz").body, client.get("/v1/policy").body):
        assert found_plain(data) == []
    assert tiles[1].count(b"leaf/v1") == size
    client.close()


def test_the_public_page_of_the_certificate_is_masked(serving, played_demo):
    """`/p/{no}`, which the QR code leads to, shows no whole personal value."""
    (stored,) = (played_demo.home / "api" / "certificates").iterdir()
    client = serving.client()
    page = client.get(f"/p/{stored.stem}?lang=zh")
    assert page.status == 200
    assert found_plain(page.body) == []
    assert "单机测试链" in page.body.decode()
    client.close()


def test_everything_speaks_json(serving, tmp_path):
    """Every command with --json prints one JSON object; an event deposited so is proven, anchored and bundled."""
    key_file = tmp_path / "key"
    tenant = serving.json("tenant", "create", "Another platform")["tenant"]
    assert tenant in {each["tenant"] for each in serving.json("tenant", "list")["tenants"]}
    made = serving.json("key", "create", tenant, "--to-file", str(key_file))
    assert made["key_id"] in {each["key_id"] for each in serving.json("key", "list")["keys"]}
    assert "key" not in made
    reach = ("--url", serving.url, "--key-file", str(key_file))
    case = serving.json("deposit", "new", *reach)["case"]
    event = tmp_path / "event.json"
    event.write_text(json.dumps(plain_event()))
    receipt = serving.json("deposit", case, str(event), *reach)
    assert serving.json("anchor", "--now")["anchored"] >= receipt["leaf_index"] + 1
    assert serving.json("proof", receipt["id"], *reach)["level"] == "anchored"
    bundle = tmp_path / "bundle.json"
    told = serving.json("bundle", case, "--output", str(bundle), *reach)
    assert told["size"] == bundle.stat().st_size
    assert json.loads(bundle.read_bytes())["case"] == case
    given = serving.json("submit", case, "--to", "simulator-court-chain", "--content", "checkpoint", *reach)
    assert (given["state"], given["recorded"], given["simulated"]) == ("accepted", True, True)
    status = serving.json("status")
    assert (status["state"], status["unsigned"]) == ("ready", 0)
    assert serving.json("key", "revoke", made["key_id"])["state"] == "revoked"
    ask = ("proof", receipt["id"], *reach, "--json")
    refused = eventually(lambda: serving.refused(*ask), 5, "the service knows that the key was revoked")
    assert "key-revoked" in refused


def test_fsck_passes_on_what_the_demo_made(serving):
    """Ledger, anchors, keys and certificates agree, while the service runs."""
    counts = serving.fsck()
    assert counts["leaves"] > 100
    assert counts["chain_proofs"] >= 2
    assert counts["timestamps"] >= 2


def test_the_refused_contract_ended_in_a_case_of_its_own(serving):
    """It is rejected, its case closed as such; the contract that took its place names it, and is complete."""
    tenant = next(
        each["tenant"] for each in serving.json("tenant", "list")["tenants"] if "示范平台" in each["name"]
    )
    client = serving.client(serving.json("key", "create", tenant)["key"])
    signed, refused = (
        client.get(f"/v1/signing/contracts/{each['id']}").json
        for each in client.get("/v1/signing/contracts").json["data"]
    )
    assert (refused["state"], signed["state"], signed["replaces"]) == ("rejected", "completed", refused["id"])
    assert refused["case"] != signed["case"]
    assert client.get(f"/v1/cases/{refused['case']}").json["closed"]
    events = client.get(f"/v1/cases/{refused['case']}/events?limit=1000").json["data"]
    (closed,) = [
        claim for each in events if (claim := json.loads(each["entry"])["claim"])["type"] == "case.closed/1"
    ]
    assert closed["data"]["outcome"] == "rejected"
    client.close()


def test_an_unreachable_service_is_said_in_one_line(new_house, tmp_path):
    """A client command without a service says so, and what to do, and ends with 1."""
    house = new_house()
    told = house.run("proof", new_id(), "--url", house.url, code=1, ZHENG_API_KEY="zk_live_x")
    assert told.err.count("\n") == 1
    assert "does `zheng serve` run there" in told.err
    with pytest.raises((OSError, http.client.HTTPException)):
        Client(house.url).get("/healthz")
