"""Verification of what strangers send: a real report, and nothing hostile costs more than one answer."""

import asyncio
import time

import pytest
from api_world import new_id
from zheng_verifier.canonical import format_json
from zheng_verifier.report.model import PolicySource

from api.problems import ProblemError
from api.settings import LimitSettings
from api.web.verification import Submission, Verifications


@pytest.fixture(scope="module")
def bundle(world):
    tenant = world.tenant()
    case = tenant.open_case()
    content = b"original"
    seen = tenant.put(f"/v1/cases/{case}/documents", content).json()
    document = {"role": "original", "size": 8, "media_type": "text/plain", "digests": seen["digests"]}
    assert tenant.deposit(case, documents=[document]).status_code == 201
    return tenant.get(f"/v1/cases/{case}/bundle").content


def submit(world, bundle=None, **parts):
    files = [] if bundle is None else [("bundle", ("b.json", bundle))]
    for name, contents in parts.items():
        files += [(name, ("x", content)) for content in contents]
    return world.request("POST", "/v1/verify", files=files)


def test_a_bundle_gets_its_report(world, bundle):
    """Without a policy the service's own is used, and the report says that it came with the evidence."""
    answer = submit(world, bundle, document=[b"original"])
    assert answer.status_code == 200, answer.text
    report = answer.json()
    assert report["overall"] == "INCOMPLETE"
    assert report["policy"]["source"] == "package"
    assert {each["size"] for each in report["inputs"]} == {len(bundle), 8}


def test_a_policy_of_ones_own_is_used(world, bundle):
    """A policy that is sent counts as the user's."""
    report = submit(world, bundle, policy=[world.get("/v1/policy").content]).json()
    assert report["policy"]["source"] == "user"


def test_a_changed_bundle_is_inconsistent(world, bundle):
    """A changed byte of an entry is found."""
    changed = bundle.replace(b'"submitter":{"kind":"api-key"}', b'"submitter":{"kind":"service"}')
    assert changed != bundle
    assert submit(world, changed).json()["overall"] == "INCONSISTENT"


def test_a_wrong_document_is_not_found_in_the_bundle(world, bundle):
    """A document whose digest nobody deposited does not pass."""
    report = submit(world, bundle, document=[b"another"]).json()
    status = {each["id"]: each["status"] for each in report["checks"]}
    assert status["C02"] != "PASSED"


HOSTILE = {
    "empty": b"",
    "not JSON": b"PK\x03\x04" + bytes(1000),
    "deep": b"[" * 200_000,
    "deep objects": b'{"a":' * 50_000,
    "many members": b"{" + b",".join(b'"a%d":1' % number for number in range(40_000)) + b"}",
    "long string": b'{"zheng":"' + b"a" * 400_000 + b'"}',
    "huge number": b'{"zheng":' + b"9" * 400_000 + b"}",
    "invalid UTF-8": b'{"zheng":"\xff\xfe"}',
    "another format": format_json({"zheng": "report/v1"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bundles_are_unreadable(world, name):
    """What is no bundle is reported as unreadable, soon, and without a trace of the program's inside."""
    started = time.monotonic()
    answer = submit(world, HOSTILE[name])
    assert time.monotonic() - started < 20
    assert answer.status_code == 200, answer.text
    assert answer.json()["overall"] == "UNREADABLE"
    assert "Traceback" not in answer.text
    assert "/work" not in answer.text


def test_forms_that_are_wrong(world, bundle):
    """No bundle, two of them, an unknown part, a field where a file is expected, a broken form: each refused."""
    problem = "urn:zheng:problem:"
    assert submit(world, document=[b"x"]).json()["type"] == problem + "field-value"
    assert submit(world, bundle, colour=[b"x"]).json()["type"] == problem + "field-unknown"
    assert submit(world, bundle, bundle_=[b"x"]).json()["type"] == problem + "field-unknown"
    two = [("bundle", ("a", bundle)), ("bundle", ("b", bundle))]
    assert world.request("POST", "/v1/verify", files=two).json()["type"] == problem + "field-value"
    text = world.request("POST", "/v1/verify", files=[("policy", ("p", b"x"))], data={"bundle": "text"})
    assert text.json()["type"] == problem + "field-type"
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    broken = world.request("POST", "/v1/verify", content=b"--y\r\nnonsense", headers=headers)
    assert broken.status_code in (400, 422)
    assert broken.json()["type"].startswith(problem)
    no_boundary = world.request(
        "POST", "/v1/verify", content=b"x", headers={"Content-Type": "multipart/form-data"}
    )
    assert no_boundary.status_code == 400
    other = world.request("POST", "/v1/verify", content=b"x", headers={"Content-Type": "text/csv"})
    assert other.json()["type"] == problem + "media-type-unsupported"
    bad_policy = submit(world, bundle, policy=[b"{}"])
    assert bad_policy.status_code in (200, 422)
    assert bad_policy.json().get("overall", "UNREADABLE") == "UNREADABLE"


def test_too_many_parts_are_refused(world, bundle):
    """More files than a form may have are refused."""
    answer = submit(world, bundle, document=[b"x"] * 70)
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:zheng:problem:request-invalid"


def test_an_upload_of_a_hundred_megabytes_is_cut_off(world):
    """The body is refused at its limit, whatever its declared length; the rest is never read."""
    taken = 0

    async def endless():
        nonlocal taken
        yield b'--x\r\nContent-Disposition: form-data; name="bundle"; filename="b"\r\n\r\n'
        for _ in range(1600):
            taken += 65_536
            yield bytes(65_536)

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = world.request("POST", "/v1/verify", content=endless(), headers=headers)
    assert answer.json()["type"] == "urn:zheng:problem:body-too-large"
    assert taken < 2_000_000
    declared = world.request(
        "POST", "/v1/verify", content=b"x", headers=headers | {"Content-Length": str(100 << 20)}
    )
    assert declared.status_code == 413


def submission(bundle, documents=()):
    return Submission(bundle, documents, b"{}", PolicySource.USER)


def test_memory_is_bounded(world, bundle):
    """A verifier that needs more memory than it may have ends without a report, and the service says so."""
    policy = world.get("/v1/policy").content

    async def go():
        verifications = Verifications(LimitSettings(verify_memory=256 << 20, verify_seconds=10))
        big = tuple(bytes(40 << 20) for _ in range(5))
        return await verifications.verify(Submission(bundle, big, policy, PolicySource.USER))

    with pytest.raises(ProblemError) as caught:
        asyncio.run(go())
    assert caught.value.code in ("verify-limit", "bundle-unreadable")


def test_time_is_bounded(world, monkeypatch, tmp_path):
    """A verifier that does not end is ended, with all its processes, and the client is told."""
    import api.web.verification as module

    sleeper = tmp_path / "sleeper.py"
    sleeper.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(module, "_BOUNDED", sleeper)
    monkeypatch.setattr(module, "_GRACE", 0.2)
    started = time.monotonic()
    with pytest.raises(ProblemError) as caught:

        async def go():
            await Verifications(LimitSettings(verify_seconds=1)).verify(submission(b"{}"))

        asyncio.run(go())
    assert caught.value.code == "verify-limit"
    assert time.monotonic() - started < 10


def test_output_is_bounded(monkeypatch, tmp_path):
    """A report without end is cut off."""
    import api.web.verification as module

    talker = tmp_path / "talker.py"
    talker.write_text("import sys\nwhile True: sys.stdout.write('x' * 65536)\n")
    monkeypatch.setattr(module, "_BOUNDED", talker)
    with pytest.raises(ProblemError) as caught:

        async def go():
            await Verifications(LimitSettings(verify_seconds=20)).verify(submission(b"{}"))

        asyncio.run(go())
    assert caught.value.code == "verify-limit"


def test_number_is_bounded(monkeypatch, tmp_path):
    """So many run, so many wait, and the next one is asked to come again."""
    import api.web.verification as module

    sleeper = tmp_path / "sleeper.py"
    sleeper.write_text('import time\ntime.sleep(2)\nprint(\'{"zheng":"report/v1"}\')\n')
    monkeypatch.setattr(module, "_BOUNDED", sleeper)

    async def go():
        verifications = Verifications(LimitSettings(verify_parallel=1, verify_waiting=1, verify_seconds=20))
        tasks = [asyncio.create_task(verifications.verify(submission(b"{}"))) for _ in range(3)]
        return await asyncio.gather(*tasks, return_exceptions=True)

    outcomes = asyncio.run(go())
    assert [getattr(each, "code", "done") for each in outcomes] == ["done", "done", "busy"]


def test_unknown_case_is_no_bundle(world):
    """A digest that is asked for in a wrong shape is refused like every body."""
    answer = world.post("/v1/verify", {"sha256": new_id()})
    assert answer.json()["type"] == "urn:zheng:problem:field-value"
