"""What tests of jobs ask, and how they wait for the end."""

import time

from api_world import new_id

PARTY = "9d3c7a44-52f1-4b1d-8d0e-1f6a2b3c4d5e"
DOCUMENT = b"%PDF-1.7 a contract nobody reads\n"
# Services whose queue runs in this process: it can have but one, so tests of other queues stop them for a while.
RUNNING = []
REASONS = ("租金与口头约定不符", "王小明不同意第三条")


def rejection(reason, sha256):
    return {
        "type": "party.rejected/1",
        "actor": {"kind": "person", "ref": PARTY},
        "data": {"party": PARTY, "document_sha256": sha256, "reason_code": "content"},
        "private": {"reason": reason},
    }


def order(tenant, case, kind="packages", **members):
    return tenant.post(f"/v1/cases/{case}/{kind}", {"id": new_id()} | members)


def finish(tenant, answer, seconds=60):
    """Wait for a job's end and give it."""
    assert answer.status_code in (200, 202), answer.text
    deadline = time.monotonic() + seconds
    while True:
        job = tenant.get(answer.headers["location"]).json()
        if job["state"] in ("sealed", "failed"):
            return job
        assert time.monotonic() < deadline, job
        time.sleep(0.1)


def made(tenant, case, kind="packages", **members):
    """Have an export made; give the job and the answer with its file."""
    job = finish(tenant, order(tenant, case, kind, **members))
    assert job["state"] == "sealed", job.get("trouble")
    answer = tenant.get(job["result"]["url"])
    assert answer.status_code == 200, answer.text
    return job, answer


def plain_finish(tenant, answer, ended, seconds=30):
    """Wait until what was asked for has ended, as ``ended`` tells, and give it."""
    assert answer.status_code in (200, 202), answer.text
    deadline = time.monotonic() + seconds
    while True:
        told = tenant.get(answer.headers["location"]).json()
        if ended(told):
            return told
        assert time.monotonic() < deadline, told
        time.sleep(0.05)
