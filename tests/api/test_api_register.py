"""The register of certificates: sealed papers, standings, signed answers, and crashes between record and log."""

import hashlib
import io
import json
import stat

import pikepdf
import pytest
from api_world import new_id
from typer.testing import CliRunner
from zheng_verifier.canonical import BUNDLE_LIMITS, format_json, parse_canonical
from zheng_verifier.checks import PolicyInput, verify_certificate
from zheng_verifier.deposit_certificate.attached import read_certificate
from zheng_verifier.deposit_certificate.record import parse_record
from zheng_verifier.jws import verify_jws
from zheng_verifier.policy import parse_policy
from zheng_verifier.report.model import CheckId, Overall, PolicySource, Status

from anchor.commitment import LogIdentity
from api.cli.main import app
from api.issuance import certificates
from api.issuance.certificates import log_changes
from api.issuance.register import ChangeKind
from api.operation.checkup import check_installation


@pytest.fixture(scope="module")
def case(world):
    """A case of one event, settled: (tenant, case)."""
    tenant = world.tenant(name="示例平台")
    case = tenant.open_case()
    tenant.deposit(case)
    world.settle()
    return tenant, case


def issue(case, **members):
    tenant, name = case
    answer = tenant.post(f"/v1/cases/{name}/certificates", {"id": new_id()} | members)
    assert answer.status_code == 201, answer.text
    return answer.json()["certificate_no"]


def ask(world, number):
    """Ask the register, and hold its answer against its signature by the key that the policy names."""
    answer = world.get(f"/v1/certificates/{number}")
    assert answer.status_code == 200
    body = answer.json()
    (issuer,) = parse_policy(world.get("/v1/policy").content).issuers
    unsigned = format_json({name: value for name, value in body.items() if name != "jws"})
    verify_jws(body["jws"], unsigned, issuer.report_keys[0], typ="zheng-answer+jws")
    return body


def logged(case):
    """Give the claims about certificates in the case, as the log has them."""
    tenant, name = case
    entries = [
        json.loads(each["entry"]) for each in tenant.get(f"/v1/cases/{name}/events?limit=1000").json()["data"]
    ]
    return [
        (each["claim"]["type"].removeprefix("evidence.certificate_"), each["claim"]["data"])
        for each in entries
        if each["claim"]["type"].startswith("evidence.certificate_")
    ]


def test_a_certificate_verifies_itself(world, case):
    """The PDF alone: sealed for the long term, record and proof agree, and the test issuer is called one."""
    number = issue(case)
    pdf = world.get(f"/v1/certificates/{number}.pdf").content
    policy = PolicyInput(world.get("/v1/policy").content, PolicySource.USER)
    report = verify_certificate(pdf, policy=policy, at=world.clock())
    packaging = report.check(CheckId.C01)
    assert {finding.code for finding in packaging.findings if finding.status is Status.INDETERMINATE} == {
        "TEST_TSA",
        "TEST_ISSUER",
    }
    assert not [finding for finding in packaging.findings if finding.status is Status.FAILED]
    assert report.overall is Overall.INCOMPLETE
    levels = [finding.observed["level"] for finding in packaging.findings if "level" in finding.observed]
    assert levels == ["B-LTA"]
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert set(document.attachments) == {"certificate.json", "bundle.json"}


def test_the_enclosed_proof_opens_nothing(world, case):
    """The bundle in the public PDF holds no disclosure, and the record names its digest."""
    attached = read_certificate(world.get(f"/v1/certificates/{issue(case)}.pdf").content)
    bundle = parse_canonical(attached.bundle, BUNDLE_LIMITS)
    assert all(not event.get("disclosures") for event in bundle["events"])
    assert parse_record(attached.record).bundle == hashlib.sha256(attached.bundle).digest()


def test_a_newer_certificate_supersedes_the_older(world, case):
    """One case, one valid certificate; the older one names its successor, here and in the log."""
    older, newer = issue(case), issue(case)
    answer = ask(world, older)
    assert (answer["status"], answer["successor"]) == ("superseded", newer)
    assert ask(world, newer)["status"] == "valid"
    assert world.get(f"/v1/certificates/{older}.pdf").headers["zheng-status"] == "superseded"
    kind, data = logged(case)[-1]
    assert (kind, data["number"], data["successor"]) == ("superseded/1", older, newer)


def test_a_certificate_is_revoked_by_its_tenant_alone(world, case):
    """A reason out of a few is recorded once; another tenant learns nothing, not even that the number exists."""
    tenant, _ = case
    number = issue(case)
    url = f"/v1/certificates/{number}/revocation"
    stranger = world.tenant(name="other").post(url, {"reason": "other"})
    assert stranger.json()["type"] == "urn:zheng:problem:certificate-unknown"
    assert tenant.post(url, {"reason": "because I say so"}).status_code == 422
    assert tenant.post(url, {"reason": "issued_in_error"}).json()["status"] == "revoked"
    assert tenant.post(url, {"reason": "other"}).json()["reason"] == "issued_in_error"
    assert ask(world, number)["reason"] == "issued_in_error"
    assert [data for kind, data in logged(case) if kind == "revoked/1" and data["number"] == number] == [
        {
            "number": number,
            "certificate_sha256": ask(world, number)["certificate_sha256"],
            "reason": "issued_in_error",
        }
    ]


def test_that_there_is_none_is_signed_too(world):
    """A number that nobody was given gets a signed answer; a text that is no number is refused."""
    answer = ask(world, "0000-0000-0000-0000-0")
    assert (answer["found"], answer["asked"]) == (False, "0000-0000-0000-0000-0")
    assert "certificate" not in answer
    assert world.get("/v1/certificates/nonsense").status_code == 404


def test_the_operator_revokes_beside_the_running_service(world, case, monkeypatch):
    """`zheng certificate revoke` records in api.db; the service logs it by itself, once."""
    number = issue(case)
    monkeypatch.setenv("ZHENG_HOME", str(world.settings.home))
    run = CliRunner().invoke
    assert run(app, ["certificate", "show", number]).exit_code == 0
    done = run(app, ["certificate", "revoke", number.lower(), "--reason", "court_order", "--json"])
    assert json.loads(done.stdout)["status"] == "revoked"
    assert world.services.register.unlogged()
    assert log_changes(world.services) == 1
    assert log_changes(world.services) == 0
    assert logged(case)[-1][1]["reason"] == "court_order"
    assert run(app, ["certificate", "revoke", number, "--reason", "nonsense"]).exit_code != 0
    assert run(app, ["certificate", "show", "nonsense"]).exit_code != 0
    assert run(app, ["certificate", "show", "0000-0000-0000-0000-0"]).exit_code != 0


@pytest.mark.parametrize("point", ["before the log", "after the log"])
def test_a_crash_between_register_and_log_is_made_good(world, case, monkeypatch, point):
    """Whatever was recorded is in the log once, by the very same entry, after the next start."""
    register = world.services.register

    def dies(*_arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if point == "before the log":
            patch.setattr("api.issuance.certificates.submit_own", dies)
        else:
            patch.setattr(type(register), "set_logged", dies)
        with pytest.raises(KeyboardInterrupt):
            tenant, name = case
            issued = certificates.issue_certificate(world.services, tenant.id, name, new_id(), None)
            log_changes(world.services)
    assert {change.kind for change in register.unlogged()} >= {ChangeKind.ISSUED}
    log_changes(world.services)
    assert register.unlogged() == ()
    assert [data["number"] for kind, data in logged(case) if kind == "issued/1"].count(issued.number) == 1
    assert ask(world, issued.number)["status"] == "valid"


def test_the_same_request_twice_at_once_makes_one(world, case, monkeypatch):
    """Where two threads both found nothing, the register takes one and the other is given that."""
    tenant, name = case
    request = new_id()
    first = certificates.issue_certificate(world.services, tenant.id, name, request, None)
    look = certificates._known
    found = iter([None])
    monkeypatch.setattr(certificates, "_known", lambda *given: next(found, look(*given)))
    before = set(world.settings.paths.certificates.iterdir())
    second = certificates.issue_certificate(world.services, tenant.id, name, request, None)
    assert (second.number, second.replayed) == (first.number, True)
    assert set(world.settings.paths.certificates.iterdir()) == before
    certificates.log_changes(world.services)


def test_fsck_holds_register_and_log_together(world, case):
    """What agrees is said to agree; a record that was changed, or a place that holds something else, is named."""
    number = issue(case)
    log = LogIdentity(world.services.ledger.origin, world.services.ledger.vkey)

    def differences():
        return check_installation(world.settings, log=log, progress=lambda _step: None).differences

    assert differences() == ()
    with world.services.store.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE certificate_change SET leaf_index = 0 WHERE number = ? AND kind = 'issued'", (number,)
        )
    unknown, misplaced = differences()
    assert "the register of certificates knows nothing" in unknown
    assert f"certificate {number}: leaf 0 does not say that it was issued" in misplaced
    with world.services.store.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE certificate_change SET leaf_index = NULL WHERE number = ? AND kind = 'issued'", (number,)
        )
    log_changes(world.services)
    assert differences() == ()


def test_keys_of_the_issuer_are_closed_to_others(world):
    """Every file of the folder is for its owner alone, and opening it again makes no new key."""
    files = sorted(world.settings.paths.issuer.glob("[!.]*"))
    assert {file.name for file in files} == {"root.key", "root.pem", "seal.key", "seal.pem", "report.key"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
