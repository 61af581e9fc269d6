"""The Python client: what the public API does, typed, and no receipt believed unchecked."""

import hashlib
import json
import re
from pathlib import Path

import httpx
import pytest
from zheng_client import Client, ProblemError, ServiceUnreachableError, SubmitterKey, UnprovenError
from zheng_client.issuance import JobUnfinishedError
from zheng_verifier.claim import DocumentRef

README = Path(__file__).resolve().parents[3] / "clients" / "python" / "README.md"
PARTY = "9d3c7a44-52f1-4b1d-8d0e-1f6a2b3c4d5e"
REJECTED = {"party": PARTY, "document_sha256": "a1" * 32, "reason_code": "content"}


@pytest.fixture(scope="module")
def platform(world):
    """A client of a tenant whose key is registered."""
    tenant = world.tenant()
    with client(world, tenant) as made:
        made.evidence.register_key()
        yield made


def client(world, tenant, transport=None, **options):
    transport = transport or world.transport()
    options = {"key": SubmitterKey.generate()} | options
    return Client("http://zheng.test", tenant.key, tenant=tenant.id, transport=transport, **options)


def test_a_case_from_its_opening_to_its_certificate(platform):
    """Events are sealed, signed and deposited; documents left; the case closed; certificate and bundle had."""
    evidence, content = platform.evidence, b"%PDF-1.7 contract"
    opened = evidence.open_case("contract", required=["party.rejected"], external_ref="HT-1")
    case = opened.case
    seen = evidence.leave_document(case, content)
    assert (seen.sha256, seen.kept) == (hashlib.sha256(content).digest(), True)
    document = DocumentRef(
        "signed", len(content), "application/pdf", {"sha256": seen.sha256, "sm3": seen.sm3}
    )
    claims = [
        evidence.claim(case, "party.rejected/1", REJECTED, private={"reason": f"租金 {number}"})
        for number in range(3)
    ]
    first = evidence.deposit_claim(claims[0])
    batch = evidence.deposit_claims(case, claims)
    assert batch[0].leaf_hash == first.leaf_hash
    assert [each.seq for each in batch] == [2, 3, 4]
    assert batch[2].checked.entry.submitter.kind == "signed"
    named = evidence.deposit(
        case, "party.rejected/1", REJECTED, private={"reason": "租金"}, documents=[document]
    )
    assert named.checked.entry.checked.documents == (0,)
    assert evidence.event(first.event_id, claim=claims[0].claim).leaf_index == first.leaf_index
    assert evidence.proof(first.event_id)["level"] == "signed"
    assert [each.seq for each in evidence.events(case)] == [1, 2, 3, 4, 5]
    evidence.close_case(case, "rejected")
    found = evidence.case(case)
    assert (found.events, found.closed, found.external_ref) == (6, True, "HT-1")
    assert case in {each.case for each in evidence.cases()}
    number = platform.issuance.issue_certificate(case, evidence_name="租约")
    assert platform.issuance.certificate_pdf(number).startswith(b"%PDF")
    assert platform.public.certificate(number)["found"] is True
    platform.issuance.revoke_certificate(number, "requested")
    exported = json.loads(platform.issuance.export_bundle(case))
    assert exported["zheng"] == json.loads(platform.issuance.bundle(case))["zheng"] == "bundle/v1"
    assert (
        platform.public.find_document(seen.sha256.hex())["found"] is False
    )  # the index follows in `zheng serve`
    assert platform.public.checkpoint().startswith(platform.log().origin.encode())


def test_jobs_are_ordered_and_waited_for(platform):
    """A package and a report are jobs; one that does not come to its end in time says where it is."""
    case = platform.evidence.open_case("subject").case
    job = platform.issuance.order_package(case, edition="redacted", documents=[])
    report = platform.issuance.order_report(case)
    assert (job.kind, report.kind, job.finished) == ("package", "report", False)
    with pytest.raises(JobUnfinishedError, match="package"):
        platform.issuance.finished(job.id, seconds=0, pause=0)
    with pytest.raises(ProblemError, match="job-unfinished"):
        platform.issuance.package(job.id)
    with pytest.raises(ProblemError, match="job-unfinished"):
        platform.issuance.report(report.id)


def test_a_refusal_is_an_exception_with_all_it_says(platform):
    """Code, place and what would be right come from the problem document; the same may not be sent again."""
    with pytest.raises(ProblemError) as caught:
        platform.evidence.open_case("contract", required=["nonsense"])
    assert (caught.value.code, caught.value.status, caught.value.retry) == ("field-unknown", 422, False)
    assert caught.value.field == "/required/0"


def answering(status, body, kind="application/json"):
    return httpx.MockTransport(
        lambda _request: httpx.Response(status, content=body, headers={"Content-Type": kind})
    )


@pytest.mark.parametrize(("status", "body"), [(502, b"<html>"), (200, b"<html>"), (404, b'{"detail":"x"}')])
def test_something_else_that_answers_is_not_the_service(tenant, world, status, body):
    """A proxy's page is no refusal of the service: whether anything was done is not known."""
    with client(world, tenant, answering(status, body)) as made, pytest.raises(ServiceUnreachableError):
        made.public.certificate("x")


def test_no_connection_is_told_as_such(tenant):
    """Nobody listens: the same may be sent again."""
    with Client("http://127.0.0.1:21049", tenant.key) as made, pytest.raises(ServiceUnreachableError):
        made.public.policy()


class Lying(httpx.BaseTransport):
    """Changes answers to deposits."""

    def __init__(self, inner, change):
        self._inner, self._change = inner, change

    def handle_request(self, request):
        response = self._inner.handle_request(request)
        if request.method != "POST":
            return response
        body = response.json()
        self._change(body)
        return httpx.Response(response.status_code, json=body)


LIES = {
    "leaf": lambda body: body.update(leaf=body["leaf"].replace('"seq":1', '"seq":2')),
    "entry": lambda body: body.update(entry=body["entry"].replace("subject", "subject ")),
    "proof": lambda body: body.update(tlog_proof=body["tlog_proof"].replace("index ", "index 1")),
    "missing": lambda body: body.pop("leaf"),
    "level": lambda body: body.pop("level"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_receipt_that_does_not_hold_is_refused(world, tenant, lie):
    """A service that changes leaf, entry or proof, or leaves one out, is not believed."""
    with client(world, tenant, Lying(world.transport(), LIES[lie])) as made, pytest.raises(UnprovenError):
        made.evidence.open_case("subject")


def test_claims_are_not_sent_unsigned(world, tenant):
    """A client without a key signs nothing; it says so instead of sending claims that are nobody's words."""
    with client(world, tenant, key=None) as made:
        case = made.evidence.open_case("contract").case
        with pytest.raises(ValueError, match="without a key"):
            made.evidence.deposit(case, "party.rejected/1", REJECTED)


def test_a_key_survives_its_file():
    """The key of a PEM makes the same signatures; another kind of key is refused."""
    key = SubmitterKey.generate()
    assert SubmitterKey.from_pem(key.pem()).sign(b"x") == key.sign(b"x")


def test_the_readmes_example_runs(world, tenant, monkeypatch, capsys):
    """What the page shows is what happens."""
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    for name, value in {"URL": "http://zheng.test", "API_KEY": tenant.key, "TENANT": tenant.id}.items():
        monkeypatch.setenv(f"ZHENG_{name}", value)
    original = httpx.Client.__init__

    def connected(self, **options):
        original(self, **options | {"transport": world.transport()})

    monkeypatch.setattr(httpx.Client, "__init__", connected)
    exec(compile(code, str(README), "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    first, second = [line for line in lines if " request " not in line]
    assert first.startswith("2 signed ")
    assert second in ("case-closed", "field-missing", "field-value")
