"""What everybody may read: checkpoint, tiles, policy, health, metrics, headers, the OpenAPI document."""

import json
import re

import pytest
import schemathesis
from api_world import new_id
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from zheng_verifier.checkpoint import open_checkpoint
from zheng_verifier.merkle import leaf_hash
from zheng_verifier.note import parse_vkey
from zheng_verifier.policy import fingerprint, parse_policy

from api.web.logs import redact
from ledger.tiles import parse_entry_bundle


def test_checkpoint_is_signed_by_the_logs_key(world, tenant):
    """The checkpoint opens with the key that the policy names."""
    tenant.open_case()
    answer = world.get("/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    policy = parse_policy(world.get("/v1/policy").content)
    signed = open_checkpoint(answer.content, policy.logs[0].keys[0].key)
    assert signed.checkpoint.size == world.services.ledger.reader.size()


def test_tiles_are_served_by_c2sp_paths(world, tenant):
    """Hash and entry tiles of a receipt's size are there, partial ones too, and never change."""
    tenant.open_case()
    size = world.services.ledger.reader.size()
    width = size % 256
    name = f"{size // 256:03d}"
    hashes = world.get(f"/tile/0/{name}.p/{width}")
    entries = world.get(f"/tile/entries/{name}.p/{width}")
    assert "immutable" in hashes.headers["cache-control"]
    assert hashes.headers["content-type"] == "application/octet-stream"
    leaves = parse_entry_bundle(entries.content)
    assert b"".join(leaf_hash(leaf) for leaf in leaves) == hashes.content


@pytest.mark.parametrize(
    "path",
    [
        "0/9",
        "0/000.p/0",
        "0/000.p/257",
        "64/000",
        "0/999",
        "entries/x000/000",
        "",
    ],
)
def test_other_paths_are_no_tiles(world, path):
    """A path outside the form, or of a tile that is not there yet, is not found."""
    assert world.get(f"/tile/{path}").status_code == 404


def test_policy_is_published_with_its_fingerprint(world):
    """The policy is given byte for byte, and names log, chain and test authority."""
    answer = world.get("/v1/policy")
    assert answer.headers["x-policy-fingerprint"] == fingerprint(answer.content)
    policy = parse_policy(answer.content)
    assert policy.logs[0].keys[0].key == parse_vkey(answer.headers["x-log-vkey"])
    assert [chain.kind for chain in policy.chains] == ["dev"]
    assert [tsa.test for tsa in policy.tsas] == [True]
    assert world.settings.paths.policy.read_bytes() == answer.content


def test_health_and_readiness(world):
    """Alive is always 200; ready tells sizes and what is down, and a stopped log is 503."""
    assert world.get("/healthz").json() == {"status": "ok"}
    state = world.get("/readyz")
    assert state.status_code == 200
    assert state.json()["status"] in ("ready", "degraded")
    assert state.json()["log"]["origin"] == world.services.ledger.origin


def test_metrics_are_for_this_machine(world):
    """Loopback may read the figures; an outside address finds nothing there."""
    text = world.get("/metrics").text
    assert "zheng_http_requests_total" in text
    assert "zheng_log_size" in text
    outside = world.make_client("203.0.113.7")
    assert world.get("/metrics", client=outside).status_code == 404
    world.run(outside.aclose())
    # No ids or paths in labels, or the figures would grow with every certificate.
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", text)


@pytest.mark.parametrize("path", ["/healthz", "/checkpoint", "/nothing", "/v1/cases", "/p/nonsense"])
def test_every_answer_carries_the_security_headers(world, path):
    """Found, refused or missing: the same headers, and never a guess at content types."""
    headers = world.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "cache-control" in headers


def test_request_id_is_echoed_or_made(world):
    """A client's own id comes back; what does not look like one is replaced."""
    assert (
        world.get("/healthz", headers={"X-Request-Id": "abc-12345678"}).headers["x-request-id"]
        == "abc-12345678"
    )
    made = world.get("/healthz", headers={"X-Request-Id": "a b\tc"}).headers["x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{32}", made)


def test_no_secret_gets_into_logs(world, tenant, capsys):
    """A request's key, body and query are not logged; a key in any text is blotted out."""
    tenant.post("/v1/cases", {"id": new_id(), "kind": "contract", "external_ref": "SECRET-REF"})
    printed = capsys.readouterr()
    assert tenant.key not in printed.out + printed.err
    assert "SECRET-REF" not in printed.out + printed.err
    event = redact(None, "info", {"event": f"got {tenant.key}", "authorization": "x", "number": 7})
    assert event == {"event": "got [redacted]", "authorization": "[redacted]", "number": 7}


def test_openapi_is_3_1_and_whole(world):
    """The document is OpenAPI 3.1, every reference in it leads somewhere, and FastAPI's error shapes are gone."""
    document = world.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    text = json.dumps(document)
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert names <= set(document["components"]["schemas"])
    assert "HTTPValidationError" not in document["components"]["schemas"]
    assert "examples" in document["components"]["schemas"]["CaseOpenRequest"]
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["summary"]


@schemathesis.serializer("application/ocsp-request", "message/rfc822")
def as_bytes(_context, value):
    """Send what was drawn as it is: a request for a certificate's status, a mail."""
    return value if isinstance(value, bytes) else str(value).encode()


def test_answers_follow_the_document(world):
    """Whatever is sent: no 5xx, and status, media type and shape are those of the OpenAPI document."""
    key = world.fuzz_key()
    # Random values are seldom acceptable, and acceptable ones seldom random: other checks would only guess.
    checks = [
        schemathesis.checks.not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ]
    document = schemathesis.openapi.from_asgi("/openapi.json", world.app)
    operations = [each.ok() for each in document.get_all_operations()]
    assert len(operations) > 15

    def check(operation):
        # The pipeline's operations are many, and go through the same reader.
        few = 1 if "/signing/" in operation.path else 8

        @settings(max_examples=few, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
        @given(case=operation.as_strategy())
        def answers(case):
            response = case.call(headers={"Authorization": f"Bearer {key}"})
            case.validate_response(response, checks=checks)

        answers()

    for operation in operations:
        check(operation)
