"""Packages as they are asked for, made, fetched and checked."""

import hashlib
import json
import re
import zlib
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from api_world import new_id
from jobs_world import DOCUMENT, REASONS, made, order
from zheng_verifier import cli
from zheng_verifier.bundle import parse_bundle
from zheng_verifier.checks import PolicyInput, verify_package
from zheng_verifier.package.package import open_package, read_bundle
from zheng_verifier.report.model import CheckId, Overall, PolicySource
from zheng_verifier.sealed import parse_disclosure

from api.issuance.export.drafting import draft_package
from api.issuance.export.exporting import held_files
from api.issuance.export.request import ExportRequest
from api.jobs.model import JobKind

PLACES = ("2:/data/reason", "3:/data/reason")


WISH = {
    "edition": "redacted",
    "open": [PLACES[0]],
    "documents": [hashlib.sha256(DOCUMENT).hexdigest()],
    "recipient_kind": "court",
    "purpose": "litigation",
}


@pytest.fixture(scope="module")
def redacted(platform, case):
    return made(platform, case, **WISH)


def exported(platform, case):
    events = platform.get(f"/v1/cases/{case}/events").json()["data"]
    return [each["entry"] for each in events if '"type":"evidence.exported/1"' in each["entry"]]


def values_of(content):
    bundle = parse_bundle(read_bundle(open_package(content)))
    return [parse_disclosure(text).value for event in bundle.events for text in event.disclosures]


def everything_in(content):
    """All bytes of a package, and of what its PDFs and their attachments hold compressed."""
    found = [content]
    for data in open_package(content).files.values():
        for stream in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
            try:
                found.append(zlib.decompressobj().decompress(stream))
            except zlib.error:
                continue
    return b"\n".join(found)


def test_a_full_package_opens_and_encloses_everything(full):
    """Every sealed value is opened, the kept document is enclosed, and all parts that can be made are there."""
    _, answer = full
    assert values_of(answer.content) == list(REASONS)
    package = open_package(answer.content)
    assert [each.data for each in package.documents] == [DOCUMENT]
    assert set(package.files) >= {
        "META-INF/ASiCManifest.xml",
        "META-INF/timestamp001.tst",
        "readme.zh-cn.txt",
        "readme.en.txt",
        "zheng/manifest.json",
        "zheng/bundle.json",
        "zheng/policy.json",
        "zheng/statement.json",
        "zheng/report.jws",
        "report.zh-cn.pdf",
        "report.en.pdf",
        "evidence-list.zh-cn.pdf",
        "evidence-list.en.pdf",
        "certificate.pdf",
    }
    assert answer.headers["content-type"] == "application/vnd.etsi.asic-e+zip"


def test_a_finished_package_verifies_and_its_report_agrees(job_world, full):
    """The verifier that everybody has finds the container as issued, the token good, the enclosed report agreeing."""
    _, answer = full
    policy = PolicyInput(job_world.get("/v1/policy").content, PolicySource.USER)
    report = verify_package(answer.content, policy=policy, at=datetime.now(UTC), name="package")
    container = next(each for each in report.checks if each.id is CheckId.C01)
    assert {(each.status.value, each.code) for each in container.findings} <= {
        ("PASSED", ""),
        ("NOT_APPLICABLE", ""),
        ("INDETERMINATE", "TEST_TSA"),
    }
    assert report.overall is not Overall.INCONSISTENT
    assert report.container is not None
    assert report.container.enclosed is not None
    assert report.container.enclosed.agrees


def test_the_report_is_made_again_from_the_package(full, tmp_path, capsysbinary):
    """By anyone who unpacks it: the same bytes, from the parts, the request in the PDF, and the printed command."""
    package = open_package(full[1].content)
    for name, data in package.files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    with pikepdf.open(tmp_path / "report.zh-cn.pdf") as pdf:
        request = pdf.attachments["report-request.json"].get_file().read_bytes()
    (tmp_path / "request.json").write_bytes(request)
    options = [
        str(tmp_path / "zheng/bundle.json"),
        f"--policy={tmp_path / 'zheng/policy.json'}",
        "--policy-source=package",
        f"--statement={tmp_path / 'zheng/statement.json'}",
        *(f"--document={tmp_path / each.name}" for each in package.documents),
        f"--at={json.loads(request)['created']}",
        f"--request={tmp_path / 'request.json'}",
        f"--pdf={tmp_path / 'again.pdf'}",
        "--language=zh-CN",
    ]
    assert cli.main(options) == 3
    assert (tmp_path / "again.pdf").read_bytes() == package.files["report.zh-cn.pdf"]
    capsysbinary.readouterr()


def test_the_log_says_what_was_given_out(platform, case, full):
    """The export stands in the case with digest, size and number of opened values; and the attestation before it."""
    job, answer = full
    digest = hashlib.sha256(answer.content).hexdigest()
    assert job["result"]["sha256"] == digest
    (entry,) = [each for each in exported(platform, case) if digest in each]
    assert f'"size":{len(answer.content)}' in entry
    assert '"opened_values":2' in entry
    assert '"type":"evidence.attested/1"' in read_bundle(open_package(answer.content)).decode().replace(
        '\\"', '"'
    )


def test_a_redacted_package_opens_what_was_named(redacted):
    """One value is opened, the named document is enclosed, and the manifest says which edition it is."""
    job, answer = redacted
    assert values_of(answer.content) == [REASONS[0]]
    assert job["result"]["opened_values"] == 1
    package = open_package(answer.content)
    assert [each.data for each in package.documents] == [DOCUMENT]
    assert b'"edition":"redacted"' in package.files["zheng/manifest.json"]


def test_a_redacted_package_knows_nothing_of_a_withheld_value(job_world, platform, case, redacted, full):
    """Neither the value, nor its unsalted digest, nor its salt is anywhere; and the redacted package still verifies."""
    _, answer = redacted
    bundle = parse_bundle(read_bundle(open_package(full[1].content)))
    (withheld,) = [
        text
        for event in bundle.events
        for text in event.disclosures
        if parse_disclosure(text).value == REASONS[1]
    ]
    salt, value = parse_disclosure(withheld).salt, REASONS[1].encode()
    digest = hashlib.sha256(value)
    bytes_of = everything_in(answer.content)
    traces = [
        value,
        REASONS[1].encode("utf-16-be"),
        salt,
        salt.hex().encode(),
        withheld.encode(),
        withheld[4:40].encode(),
    ]
    traces += [digest.digest(), digest.hexdigest().encode()]
    assert [each for each in traces if each in bytes_of] == []
    # The same search finds them where they are.
    assert withheld.encode() in everything_in(full[1].content)
    policy = PolicyInput(job_world.get("/v1/policy").content, PolicySource.USER)
    report = verify_package(answer.content, policy=policy, at=datetime.now(UTC), name="package")
    assert report.overall is not Overall.INCONSISTENT
    assert next(each for each in report.checks if each.id is CheckId.C01).status.value == "INDETERMINATE"


def test_the_same_request_is_the_same_job(platform, case, report):
    """Asked again with its id, the job answers, and is exported once; the id with another wish is refused."""
    request, (first, again), job = report
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.headers["location"] == again.headers["location"]
    assert again.headers["idempotent-replayed"] == "true"
    other = platform.post(f"/v1/cases/{case}/reports", request | {"edition": "full"})
    assert other.json()["type"] == "urn:zheng:problem:id-reused"
    assert len([each for each in exported(platform, case) if job["result"]["sha256"] in each]) == 1


def test_a_redacted_package_opens_and_encloses_nothing_by_itself(job_world, platform, case):
    """Without a word more, a redacted edition holds no personal value and no document."""
    content = draft_package(job_world.services, platform.id, case, ExportRequest("redacted"))
    assert values_of(content) == []
    assert open_package(content).documents == ()


def test_a_new_version_marks_the_old_one_superseded(job_world, platform, redacted):
    """The same wish under a new id is version 2; once it is offered, the first says by which it was superseded."""
    jobs = job_world.services.jobs
    old = jobs.find(redacted[0]["id"])
    new, _ = jobs.accept(
        new_id(),
        tenant=old.tenant,
        case=old.case,
        kind=old.kind,
        request_id=new_id(),
        request=old.request,
        series=old.series,
    )
    assert new.version == old.version + 1
    assert jobs.find(old.id).superseded_by is None
    jobs.produced(new.id, old.result)
    jobs.seal(new.id)
    assert platform.get(f"/v1/jobs/{old.id}").json()["superseded_by"] == new.id


def test_another_tenant_sees_nothing(job_world, case, full):
    """Job, package and case of one platform are unknown to every other."""
    stranger = job_world.tenant()
    job = full[0]["id"]
    for path in (f"/v1/jobs/{job}", f"/v1/packages/{job}", f"/v1/reports/{job}"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:zheng:problem:job-unknown")
    assert order(stranger, case).json()["type"] == "urn:zheng:problem:case-unknown"
    assert job_world.get(f"/v1/packages/{job}").status_code == 401


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"edition": "redacted", "open": ["9:/data/reason"]}, "/open/0"),
        ({"edition": "redacted", "open": [PLACES[0], "2:/data/party"]}, "/open/1"),
        ({"edition": "redacted", "open": ["../../etc"]}, "/open/0"),
        ({"edition": "full", "open": [PLACES[0]]}, "/open"),
        ({"edition": "redacted", "documents": ["ab" * 32]}, "/documents/0"),
        ({"purpose": "revenge"}, "/purpose"),
        ({"recipient": "王小明"}, "/recipient"),
    ],
)
def test_what_cannot_be_fulfilled_is_refused_at_once(platform, case, members, field):
    """The first thing wrong is named by its place, and no job comes of it."""
    answer = order(platform, case, **members)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_no_personal_value_lies_in_the_open(job_world, full, redacted):
    """Neither the kept packages, nor the queue, nor api.db hold a personal value or a document in plain bytes."""
    folder = job_world.settings.paths.api
    stored = b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())
    assert full[0]["id"].encode() in stored
    for trace in (*(each.encode() for each in REASONS), DOCUMENT[:20]):
        assert trace not in stored


def test_an_expired_file_is_erased(job_world, platform, report):
    """After its time a file is gone; the job still says what it was."""
    job = report[2]
    files = held_files(job_world.services, JobKind.REPORT)
    content = files.read(job["id"])
    job_world.clock.offset = timedelta(days=8)
    try:
        gone = platform.get(f"/v1/reports/{job['id']}")
    finally:
        job_world.clock.offset = timedelta(0)
    assert (gone.status_code, gone.json()["type"]) == (410, "urn:zheng:problem:file-gone")
    assert not (job_world.settings.paths.reports / job["id"]).exists()
    assert not (job_world.settings.paths.file_keys / job["id"]).exists()
    assert platform.get(f"/v1/jobs/{job['id']}").json()["result"]["sha256"] == job["result"]["sha256"]
    files.write(job["id"], content)  # other tests look at it, too
