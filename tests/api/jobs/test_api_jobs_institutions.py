"""Evidence given to institutions: once, asked after until answered, and told in the log as what it was."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from api_world import new_id
from jobs_world import plain_finish
from zheng_verifier.checks import PolicyInput, verify_package
from zheng_verifier.package.package import open_package
from zheng_verifier.report.model import CheckId, PolicySource
from zheng_verifier.sealed import parse_disclosure

from api.institutions.forwarding import Forwarding
from api.institutions.model import GIVEN_UP, TROUBLES, SubmissionState
from api.institutions.opening import open_institutions
from api.institutions.ports import InstitutionKind
from api.institutions.settings import SIMULATORS
from api.institutions.simulator import NOTICE
from api.issuance.export.drafting import draft_package
from api.issuance.export.exporting import held_files
from api.issuance.export.request import ExportRequest, format_request
from api.jobs.model import JobFailure
from api.settings import SettingsError, load_settings

COURT, NOTARY = "simulator-court-chain", "simulator-notary"


def submit(tenant, case, to=COURT, content="checkpoint", **members):
    return tenant.post(
        f"/v1/cases/{case}/submissions", {"id": new_id(), "to": to, "content": content} | members
    )


def given(tenant, case, *args, **members):
    """Have it given, and wait until it is answered or let go of."""
    return plain_finish(
        tenant,
        submit(tenant, case, *args, **members),
        lambda it: (
            it["recorded"] or it["state"] == "refused" or it.get("trouble", {}).get("code") in GIVEN_UP
        ),
    )


def forwarded_in(tenant, case):
    entries = [each["entry"] for each in tenant.get(f"/v1/cases/{case}/events").json()["data"]]
    return [json.loads(each)["claim"] for each in entries if '"type":"evidence.forwarded/1"' in each]


@pytest.fixture
def court(job_world):
    """The simulated court chain of the running installation."""
    return job_world.services.institutions[COURT]


def independence(job_world, tenant, case):
    """What C22 says of a package of the case."""
    content = draft_package(job_world.services, tenant.id, case, ExportRequest("redacted"))
    policy = PolicyInput(job_world.get("/v1/policy").content, PolicySource.USER)
    report = verify_package(content, policy=policy, at=datetime.now(UTC))
    return next(each for each in report.checks if each.id is CheckId.C22)


def test_a_package_s_digest_is_given_and_the_log_says_what_was_acknowledged(job_world, platform, case, full):
    """SHA-256 and SM3 go out under a business id; receipt and answer come back, and the case names them, sealed."""
    job, _ = full
    told = given(platform, case, NOTARY, "package_digest", package=job["id"])
    assert (told["state"], told["sha256"]) == ("accepted", job["result"]["sha256"])
    stated = told["acknowledgement"]
    raw = platform.get(stated["url"]).content
    assert json.loads(raw)["sm3"] == told["sm3"]
    claim = next(each for each in forwarded_in(platform, case) if each["data"]["submission"] == told["id"])
    assert claim["data"]["sha256"] == job["result"]["sha256"]
    assert claim["data"]["institution_kind"] == "notary_office"
    assert claim["data"]["accepted_at"] == stated["accepted_at"]
    assert claim["data"]["response_sha256"] == claim["documents"][0]["digests"]["sha256"]
    assert stated["receipt"] not in json.dumps(claim)
    seq = next(
        each["seq"]
        for each in platform.get(f"/v1/cases/{case}/events").json()["data"]
        if json.loads(each["entry"])["claim"]["id"] == claim["id"]
    )
    held = job_world.services.ledger.vault.disclosures(case, seq)
    assert parse_disclosure(held[0].text).value == stated["receipt"]
    assert {told["id"]} <= {
        each["id"] for each in platform.get(f"/v1/cases/{case}/submissions").json()["data"]
    }
    # The bytes that came are in the vault alone, and erased with the case.
    assert job_world.services.submissions.find(told["id"]).acknowledged.raw == b""
    assert job_world.services.ledger.vault.document(case, bytes.fromhex(stated["answer_sha256"])) == raw


def test_a_simulator_says_that_it_is_one_and_counts_for_no_independence(job_world):
    """Name, answer, receipt, event and list say it; C22 is the same with its receipt; packages hold the answer."""
    platform = job_world.tenant()
    case = platform.open_case()
    before = independence(job_world, platform, case)
    told = given(platform, case)
    after = independence(job_world, platform, case)
    assert after == before
    assert after.status.value != "PASSED"
    assert (told["simulated"], told["notice"]) == (True, NOTICE)
    assert "SIMULATOR" in told["acknowledgement"]["receipt"]
    assert "模拟" in told["acknowledgement"]["receipt"]
    (claim,) = forwarded_in(platform, case)
    assert (claim["data"]["simulated"], claim["data"]["institution"]) == (True, COURT)
    content = draft_package(job_world.services, platform.id, case, ExportRequest("full"))
    (enclosed,) = open_package(content).documents
    assert json.loads(enclosed.data)["simulator"] == NOTICE
    listed = platform.get("/v1/institutions").json()["data"]
    assert {each["kind"] for each in listed} == {kind.value for kind in InstitutionKind}
    assert all(each["simulated"] and "simulator" in each["name"] for each in listed)
    with pytest.raises(SettingsError, match="simulator"):
        load_settings(
            {}, institutions=({"kind": "simulator", "name": "court", "institution": "court_chain"},)
        )


@pytest.mark.parametrize(
    ("faults", "sent", "asked"),
    [
        (["lost"], 1, 1),  # taken, and the answer was lost: asked, never given again
        (["garbage"], 2, 1),  # who knows what that was: asked, never had it, given again
        (["unsent", "unsent"], 3, 0),  # never left: given when the way is open
        (["twice"], 2, 0),  # the network delivers it two times
        (["pending"], 1, 1),  # it decides later
    ],
)
def test_whatever_the_network_does_it_is_given_once(job_world, court, faults, sent, asked):
    """One business id, one receipt, one event; an unknown outcome is asked after before anything leaves again."""
    platform = job_world.tenant()
    case = platform.open_case()
    before = len(court.submissions), len(court.queries), court.taken
    court.script(*faults)
    told = given(platform, case)
    assert told["state"] == "accepted"
    assert court.submissions[before[0] :] == [told["id"]] * sent
    assert court.queries[before[1] :] == [told["id"]] * asked
    assert court.taken == before[2] + 1
    assert len(forwarded_in(platform, case)) == 1


def test_a_refusal_stays_and_the_log_says_nothing_was_acknowledged(job_world, court):
    """A refused submission is for ever, with the bytes of the refusal."""
    platform = job_world.tenant()
    case = platform.open_case()
    court.script("refused")
    told = given(platform, case)
    assert (told["state"], told["recorded"]) == ("refused", False)
    assert b'"refused"' in platform.get(told["acknowledgement"]["url"]).content
    assert forwarded_in(platform, case) == []


def test_a_silent_institution_is_let_go_of_and_asked_again_by_the_same_request(job_world, court):
    """Unknown stays unknown and is never called refused; the same request asks on, under the same business id."""
    platform = job_world.tenant()
    case = platform.open_case()
    court.script(*["unsent"] * 6)
    request = {"id": new_id()}
    told = given(platform, case, **request)
    assert (told["state"], told["trouble"]["code"]) == ("pending", "institution-silent")
    again = given(platform, case, **request)
    assert (again["id"], again["state"]) == (told["id"], "accepted")


def test_a_crash_at_any_point_gives_it_once_and_records_it_once(job_world, court):
    """Dead before it leaves, after it left, after the answer, after the event: the stages done again come to the same."""
    platform = job_world.tenant()
    case = platform.open_case()
    services = job_world.services
    # The queue is another's business here: the stages are carried out by hand.
    forwarding = Forwarding(replace(services, queue=None))
    told = given(platform, case)
    known = services.submissions.find(told["id"])
    identity = new_id()
    services.submissions.accept(
        identity, tenant=platform.id, case=case, request_id=new_id(), wanted=known.wanted
    )
    forward, record = forwarding.stages()
    services.submissions.leaving(identity)  # died here: nobody knows whether it left
    sent = court.taken
    forward.run(identity)
    assert (court.queries[-1], court.submissions[-1], court.taken) == (identity, identity, sent + 1)
    forward.run(identity)
    assert court.taken == sent + 1
    answered = services.submissions.find(identity)
    forwarding._keep(answered, answered.acknowledged.raw)
    asyncio.run(
        forwarding._deposit(answered, answered.acknowledged)
    )  # died here: the log has it, the row does not say so
    record.run(identity)
    record.run(identity)
    assert services.submissions.find(identity).recorded
    assert [each["data"]["submission"] for each in forwarded_in(platform, case)] == [told["id"], identity]


def test_a_simulator_never_stands_in_for_an_institution(job_world):
    """A submission that was meant for a real institution is not given to a simulator that has its name now."""
    platform = job_world.tenant()
    case = platform.open_case()
    services = job_world.services
    known = services.submissions.find(given(platform, case)["id"])
    identity = new_id()
    services.submissions.accept(
        identity,
        tenant=platform.id,
        case=case,
        request_id=new_id(),
        wanted=replace(known.wanted, simulated=False),
    )
    forward, _ = Forwarding(services).stages()
    with pytest.raises(JobFailure, match="institution-gone"):
        forward.run(identity)
    assert services.submissions.find(identity).state is SubmissionState.PENDING
    services.submissions.trouble(identity, "institution-gone")


def test_the_package_itself_goes_only_where_it_was_made_for(job_world, platform, case, full):
    """What opens personal values leaves for its kind of recipient alone; a wish that cannot be is refused by its field."""
    job = full[0]["id"]
    refusals = [
        (submit(platform, case, content="package", package=job), 422, "/package"),
        (submit(platform, case, "court", "checkpoint"), 422, "/to"),
        (submit(platform, case, content="package_digest"), 422, "/package"),
        (submit(platform, case, content="checkpoint", package=job), 422, "/package"),
        (submit(platform, platform.open_case(), content="package_digest", package=job), 404, None),
        (submit(platform, case, content="package_digest", package=new_id()), 404, None),
        (submit(job_world.tenant(), case), 404, None),
    ]
    for answer, status, field in refusals:
        assert (answer.status_code, answer.json().get("field")) == (status, field), answer.text
    services = job_world.services
    known, identity = services.jobs.find(job), new_id()
    request = format_request(ExportRequest("full", recipient_kind="court", purpose="litigation"))
    services.jobs.accept(
        identity,
        tenant=platform.id,
        case=case,
        kind=known.kind,
        request_id=new_id(),
        request=request,
        series=bytes(32),
    )
    early = submit(platform, case, content="package", package=identity)
    assert early.json()["type"].endswith("job-unfinished")
    held_files(services, known.kind).write(identity, full[1].content)
    services.jobs.produced(identity, known.result)
    services.jobs.seal(identity)
    assert given(platform, case, content="package", package=identity)["state"] == "accepted"


def test_a_submission_is_its_tenant_s_and_its_id_one_wish(job_world, platform, case):
    """A stranger finds nothing; the id with another wish is refused, with the same it is the same submission."""
    request = {"id": new_id()}
    told = given(platform, case, **request)
    again = submit(platform, case, **request)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert submit(platform, case, NOTARY, **request).json()["type"].endswith("id-reused")
    stranger = job_world.tenant()
    for path in (f"/v1/submissions/{told['id']}", f"/v1/submissions/{told['id']}/answer"):
        assert stranger.get(path).json()["type"].endswith("submission-unknown")
    assert stranger.get(f"/v1/cases/{case}/submissions").status_code == 404


def test_trouble_is_told_in_both_languages_and_two_of_a_name_are_refused(job_world):
    """Every code that can be met has its advice; settings that cannot be are refused when the service opens."""
    assert set(TROUBLES) >= GIVEN_UP
    assert all(each.en.isascii() and each.zh for each in TROUBLES.values())
    options = {"clock": job_world.clock, "random": job_world.services.random}
    with pytest.raises(SettingsError, match="two institutions"):
        open_institutions(SIMULATORS + SIMULATORS[:1], **options)
