"""What stands in a job's way: a dead authority, a full disk, evidence that does not pass; and reports and statements."""

import pytest
from api_world import new_id
from jobs_world import finish, order
from zheng_verifier.package.archive import parse_archive
from zheng_verifier.report.signed import verify_signed_report
from zheng_verifier.statement import parse_statement

from api.issuance.export import exporting, held_files
from api.issuance.export.held_files import HeldFiles
from api.issuance.export.request import ExportRequest, format_request, parse_place, parse_request
from api.jobs.model import TROUBLES, JobFailure, JobKind, JobWaits


class DeadAuthority:
    """An authority that does not answer so many times; then it is the real one's turn."""

    def __init__(self, times):
        self.left = times
        self.asked = 0
        self.real = exporting.obtain_token

    def __call__(self, authority, trusted, message, nonce):
        from anchor.ports import AuthorityUnavailable

        self.asked += 1
        if self.left:
            self.left -= 1
            raise AuthorityUnavailable("no answer")
        return self.real(authority, trusted, message, nonce)


def stage(exports, job, name):
    """Do one stage of a job by hand."""
    (found,) = [each for each in exports.stages(job.id) if each.name == name]
    found.run(job.id)


@pytest.fixture(scope="module")
def half_made(job_world, platform, case):
    """A package that no queue works on, with everything but its time-stamp; and what does its stages."""
    exports = exporting.Exports(job_world.services)
    job = accepted(job_world, platform, case)
    for name in ("attest", "anchor", "collect", "report"):
        stage(exports, job, name)
    yield exports, job
    exports.fail(job.id, "internal")  # or the next queue would finish it


def accepted(job_world, platform, case):
    job, _ = job_world.services.jobs.accept(
        new_id(),
        tenant=platform.id,
        case=case,
        kind=JobKind.PACKAGE,
        request_id=new_id(),
        request=format_request(ExportRequest("redacted", purpose="appraisal")),
        series=bytes(32),
    )
    return job


def test_a_dead_authority_costs_time_and_no_package(job_world, half_made, monkeypatch):
    """The job waits and asks again; the package then carries the authority's token."""
    exports, job = half_made
    dead = DeadAuthority(3)
    monkeypatch.setattr(exporting, "obtain_token", dead)
    for _ in range(3):
        with pytest.raises(JobWaits, match="tsa-unavailable"):
            stage(exports, job, "stamp")
    stage(exports, job, "stamp")
    assert dead.asked == 4
    content = exporting.held_files(job_world.services, JobKind.PACKAGE).read(job.id)
    assert "META-INF/timestamp001.tst" in {each.name for each in parse_archive(content)}


def test_a_package_that_does_not_pass_is_not_offered(half_made, monkeypatch):
    """What the verifier calls inconsistent is never given out, whoever made it."""

    async def verdict(_limits, _submission):
        return {"overall": "INCONSISTENT", "checks": [{"id": "C01", "status": "FAILED"}]}

    exports, job = half_made
    stage(exports, job, "stamp")
    monkeypatch.setattr(exporting, "verify_once", verdict)
    with pytest.raises(JobFailure, match="check-failed"):
        stage(exports, job, "check")


def test_a_job_that_failed_leaves_nothing_and_says_what_to_do(job_world, platform, case):
    """Nothing is offered in a package's place; what was begun is erased."""
    job = accepted(job_world, platform, case)
    exports = exporting.Exports(job_world.services)
    stage(exports, job, "collect")
    exports.fail(job.id, "tsa-unavailable")
    told = platform.get(f"/v1/jobs/{job.id}").json()
    assert (told["state"], told["trouble"]["code"]) == ("failed", "tsa-unavailable")
    assert "authority" in told["trouble"]["en"]
    assert "时间戳机构" in told["trouble"]["zh"]
    answer = platform.get(f"/v1/packages/{job.id}")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:zheng:problem:job-unfinished")
    paths = job_world.settings.paths
    left = [each.name for each in (*paths.packages.iterdir(), *paths.file_keys.iterdir())]
    assert [name for name in left if name.startswith(job.id)] == []


def test_a_full_disk_fails_the_job_and_leaves_nothing_half(job_world, platform, case, monkeypatch):
    """A file that cannot be written is tried a few times; then the job fails as 'storage', and the case goes on."""

    def full(path, _data):
        path.with_name(path.name + ".new").write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(held_files, "write_private_file", full)
    job = finish(platform, order(platform, case, purpose="supervision"))
    assert (job["state"], job["trouble"]["code"]) == ("failed", "storage")
    paths = job_world.settings.paths
    left = [each.name for each in (*paths.packages.iterdir(), *paths.file_keys.iterdir())]
    assert [name for name in left if name.startswith(job["id"])] == []
    assert platform.get(f"/v1/cases/{case}").status_code == 200


def test_a_report_is_signed_by_the_key_of_the_policy(job_world, platform, report):
    """JSON, JWS and PDF are one report; the trust policy names the key that signed it."""
    job = report[2]
    url = job["result"]["url"]
    assert url == f"/v1/reports/{job['id']}"
    jws = platform.get(url, headers={"Accept": "application/jose"}).text
    payload = verify_signed_report(jws, [job_world.services.issuer.report_key])
    assert payload == platform.get(url).json()
    assert payload["signed"] is True
    for language in ("zh-CN", "en"):
        pages = platform.get(url, headers={"Accept": "application/pdf"}, params={"language": language})
        assert pages.content.startswith(b"%PDF-")
    assert platform.get(f"/v1/packages/{job['id']}").json()["type"] == "urn:zheng:problem:job-unknown"


def test_too_many_unfinished_jobs_of_one_platform_wait_outside(job_world, platform, case, monkeypatch):
    """The 17th job of a tenant is put off, with a word when to come again; other tenants are not affected."""
    unfinished = [None] * 16
    monkeypatch.setattr(type(job_world.services.jobs), "unfinished", lambda _self, _tenant=None: unfinished)
    answer = order(platform, case)
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:zheng:problem:busy")
    assert answer.headers["retry-after"] == "10"


def test_the_statement_is_the_operators_word(job_world):
    """Where nothing is set, nothing is said but name and software; the form is the verifier's."""
    answer = job_world.get("/v1/statement")
    statement = parse_statement(answer.content)
    assert statement.operator.name == job_world.services.ledger.origin
    assert statement.interests is None
    assert set(statement.environment) == {"zheng", "python", "sqlite", "system"}


def test_requests_are_read_as_they_were_written():
    """Equal wishes have equal bytes, in whatever order they were said."""
    places = (parse_place("3:/data/name"), parse_place("2:/data/parties/0/name"))
    request = ExportRequest("redacted", places, (bytes(32),), "court", "litigation")
    turned = ExportRequest("redacted", places[::-1], (bytes(32),), "court", "litigation")
    assert format_request(request) == format_request(turned)
    assert parse_request(format_request(request)) == turned


def test_held_files_are_closed_bound_to_their_names_and_erasable(tmp_path):
    """A file opens under its own name and key only; without its key it is gone."""
    files = HeldFiles(tmp_path / "files", tmp_path / "keys", random=lambda size: bytes([size]) * size)
    files.write("one", b"secret words")
    assert files.read("one") == b"secret words"
    assert b"secret" not in (tmp_path / "files" / "one").read_bytes()
    (tmp_path / "files" / "two").write_bytes((tmp_path / "files" / "one").read_bytes())
    (tmp_path / "keys" / "two").write_bytes((tmp_path / "keys" / "one").read_bytes())
    assert files.read("two") is None
    (tmp_path / "keys" / "one").unlink()
    assert files.read("one") is None
    assert files.drop("one")
    assert not files.drop("one")


def test_every_trouble_says_what_to_do_in_both_languages():
    """No trouble is a bare code."""
    for advice in TROUBLES.values():
        assert len(advice.en) > 20
        assert any("一" <= each <= "鿿" for each in advice.zh)
