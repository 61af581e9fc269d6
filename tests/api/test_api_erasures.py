"""Erasing a case at the evidence service, and erasing it again: each statement stays, and says what it destroyed."""

import hashlib
from datetime import timedelta

import pytest
from api_world import new_id
from zheng_verifier.entry import parse_entry
from zheng_verifier.package import names
from zheng_verifier.package.archive import ArchiveFile, format_archive

from api.issuance.export.exporting import Exports, held_files
from api.jobs.model import JobFailure, JobKind, Result


def erase(tenant, case, **members):
    body = {"id": new_id(), "basis": "request"} | members
    answer = tenant.post(f"/v1/cases/{case}/erasures", body)
    assert answer.status_code == 201, answer.text
    return body["id"]


def test_a_second_erasure_leaves_the_first_ones_statement(world, tenant):
    """Both statements open; each names what does not open any more, and neither the other."""
    case = tenant.open_case(kind="contract")
    assert tenant.deposit(case).status_code == 201
    first = erase(tenant, case)
    between = new_id()
    assert tenant.deposit(case, id=between).status_code == 201
    second = erase(tenant, case, basis="retention_ended")
    assert erase(tenant, case, id=first) == first
    *events, one, between_event, two = world.services.ledger.events(tenant.id, case)
    assert {each.entry for each in (*events, between_event)} == {None}
    claims = [parse_entry(each.entry).claim for each in (one, two)]
    assert [(each.id, each.data["basis"]) for each in claims] == [
        (first, "request"),
        (second, "retention_ended"),
    ]
    named = [{each["event"] for each in claim.data["erased"]} for claim in claims]
    assert named[1] == named[0] | {between}
    assert not named[1] & {first, second}


NAME_OF_IT = "HT-Quokka-2026"
MADE = format_archive([ArchiveFile(names.REPORT, b"e30.e30.opened values")])


def traces(world):
    """The files of the installation's own state in which the case's name stands."""
    folder = world.settings.paths.api
    return {
        path.name for path in folder.rglob("*") if path.is_file() and NAME_OF_IT.encode() in path.read_bytes()
    }


def test_the_platform_s_name_of_an_erased_case_is_in_no_file(world, tenant):
    """Also not in free pages of the database; the case is listed and answered for without it."""
    case = tenant.open_case(kind="contract", external_ref=NAME_OF_IT)
    assert traces(world) == {"api.db"}
    assert tenant.get(f"/v1/cases/{case}").json()["external_ref"] == NAME_OF_IT
    erase(tenant, case)
    assert traces(world) == set()
    (listed,) = tenant.get("/v1/cases").json()["data"]
    assert listed == tenant.get(f"/v1/cases/{case}").json()
    assert "external_ref" not in listed


def sealed(world, job, kind, content):
    """Have a job end as the queue does, with some bytes for a file."""
    jobs, files = world.services.jobs, held_files(world.services, kind)
    files.write(job, content)
    digest = hashlib.sha256(content).digest()
    jobs.produced(job, Result(digest, len(content), 0, world.clock() + timedelta(days=7)))
    jobs.seal(job)


@pytest.mark.parametrize("kind", JobKind)
def test_no_package_or_report_outlives_its_case(world, tenant, kind):
    """Finished ones are gone with their keys, one under way loses its draft; one asked for later is given."""
    files, url = held_files(world.services, kind), f"{kind.value}s"
    case = tenant.open_case(kind="contract")
    orders = {"id": new_id(), "edition": "redacted"}, {"id": new_id(), "edition": "full"}
    done, begun = (tenant.post(f"/v1/cases/{case}/{url}", each).json()["id"] for each in orders)
    sealed(world, done, kind, MADE)
    assert tenant.get(f"/v1/{url}/{done}").status_code == 200
    files.write(f"{begun}.draft", MADE)
    erase(tenant, case)
    paths = world.settings.paths
    kept = {path.name for folder in (paths.api, paths.file_keys) for path in folder.rglob("*")}
    assert not {done, begun, f"{begun}.draft"} & kept
    with pytest.raises(JobFailure):
        Exports(world.services)._record(begun)
    files.write(done, MADE)  # put back by somebody, or written at that very moment
    sealed(world, begun, kind, MADE)
    for job in (done, begun):
        gone = tenant.get(f"/v1/{url}/{job}")
        assert (gone.status_code, gone.json()["type"]) == (410, "urn:zheng:problem:file-gone")
        assert files.read(job) is None
    later = tenant.post(f"/v1/cases/{case}/{url}", orders[1] | {"id": new_id()}).json()["id"]
    sealed(world, later, kind, MADE)
    assert tenant.get(f"/v1/{url}/{later}").status_code == 200
