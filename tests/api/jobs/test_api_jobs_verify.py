"""`/v1/verify` for every kind of file and question: always an answer, always signed, and nothing hostile costs more."""

import hashlib
import io
import json
import zipfile

import pytest
from jobs_world import DOCUMENT
from zheng_verifier.canonical import format_json
from zheng_verifier.jws import parse_jws, verify_jws
from zheng_verifier.report.signed import verify_signed_report
from zheng_verifier.timestamp.algorithms import digest


@pytest.fixture(scope="module")
def package(full):
    return full[1].content


def ask(world, content, name="file"):
    return world.request("POST", "/v1/verify", files=[(name, ("x", content))])


def judged(world, content):
    answer = ask(world, content)
    assert answer.status_code == 200, answer.text
    report = answer.json()
    payload = verify_signed_report(report.pop("jws"), [world.services.issuer.report_key])
    assert payload == report
    return report


def test_a_package_gets_a_signed_report(job_world, package):
    """The report speaks of the container, and its signature covers all of it."""
    report = judged(job_world, package)
    assert report["overall"] == "INCOMPLETE"
    assert report["signed"] is True
    assert {"C01", "C23"} <= {each["id"] for each in report["checks"]}


def test_the_full_edition_holds_the_valid_certificate(package):
    """The certificate of the case is enclosed as it was issued."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert archive.read("certificate.pdf").startswith(b"%PDF-")


def test_a_certificate_is_verified_as_pdf(job_world, certificate):
    """A certificate's PDF checks itself."""
    number = certificate["certificate_no"]
    pdf = job_world.get(f"/v1/certificates/{number}.pdf").content
    assert judged(job_world, pdf)["overall"] == "INCOMPLETE"


def hostile(package):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.etsi.asic-e+zip", zipfile.ZIP_STORED)
        archive.writestr("zheng/manifest.json", bytes(20 << 20))
    return {
        "a zip bomb": bomb.getvalue(),
        "a cut package": package[: len(package) // 2],
        "a package in a PDF": b"%PDF-1.7\n" + package,
        "a broken PDF": b"%PDF-1.7\n" + b"1 0 obj<</Kids[1 0 R]>>endobj\n" * 2000,
    }


@pytest.mark.parametrize("name", hostile(b""))
def test_hostile_files_get_a_signed_refusal(job_world, package, name):
    """What is no evidence is reported as unreadable, signed; no green word, no trace of the program's inside."""
    answer = ask(job_world, hostile(package)[name])
    assert answer.status_code == 200, answer.text
    report = answer.json()
    assert report["overall"] in ("UNREADABLE", "INCONSISTENT")
    assert "Traceback" not in answer.text
    verify_signed_report(report["jws"], [job_world.services.issuer.report_key])


def test_a_changed_package_is_inconsistent(job_world, package):
    """One byte of an enclosed document is found."""
    place = package.index(DOCUMENT) + 12
    changed = package[:place] + bytes([package[place] ^ 1]) + package[place + 1 :]
    assert judged(job_world, changed)["overall"] in ("UNREADABLE", "INCONSISTENT")


def signed_answer(world, body):
    answer = world.post("/v1/verify", body)
    assert answer.status_code == 200, answer.text
    value = answer.json()
    jws = value.pop("jws")
    protected, payload, signature = jws.split(".")
    detached = f"{protected}..{signature}"
    assert payload in ("", None) or json.loads(json.dumps(value)) == value
    parse_jws(detached, typ="zheng-answer+jws")
    verify_jws(detached, format_json(value), world.services.issuer.report_key, typ="zheng-answer+jws")
    return value


@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
def test_a_digest_is_answered_signed_found_or_not(job_world, case, algorithm):
    """By either algorithm a deposit is found, with public facts alone; what is not found is answered the same way."""
    while job_world.services.documents.follow():
        pass
    value = signed_answer(job_world, {"algorithm": algorithm, "digest": digest(algorithm, DOCUMENT).hex()})
    assert (value["overall"], len(value["deposits"])) == ("FOUND", 2)
    assert case not in format_json(value).decode()
    assert set(value["deposits"][0]) == {"leaf_index", "leaf_hash", "level", "received_at", "role"}
    unknown = signed_answer(job_world, {"algorithm": algorithm, "digest": hashlib.sha256(b"x").hexdigest()})
    assert (unknown["overall"], unknown["deposits"]) == ("NOT_FOUND", [])


def test_a_number_is_answered_signed_found_or_not(job_world, certificate):
    """A number that is none is not told apart from one that was never given out."""
    number = certificate["certificate_no"]
    assert signed_answer(job_world, {"certificate_no": number})["overall"] == "FOUND"
    for other in ("ZHENG-0000", number[:-1] + ("2" if number[-1] != "2" else "3")):
        value = signed_answer(job_world, {"certificate_no": other})
        assert (value["found"], value["overall"]) == (False, "NOT_FOUND")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"algorithm": "md5", "digest": "ab" * 16}, "/algorithm"),
        ({"algorithm": "sm3", "digest": "AB" * 32}, "/digest"),
        ({"sha256": "ab" * 32, "digest": "ab" * 32}, "/digest"),
        ({"certificate_no": ""}, "/certificate_no"),
    ],
)
def test_a_question_that_is_none_is_refused(job_world, body, field):
    """Weak algorithms and malformed questions are no questions; the place is named."""
    answer = job_world.post("/v1/verify", body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
