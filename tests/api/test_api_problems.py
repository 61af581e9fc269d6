"""Every refusal has its own type, says what would be right, and writes nothing."""

import asyncio
import json
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from api_world import new_id, sign, viewed
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from zheng_verifier.canonical import format_json
from zheng_verifier.encoding import format_time
from zheng_verifier.sealed import Disclosure, disclosure_digest, format_disclosure, sealed_value

from api.accounts.apikeys import SCOPES
from api.issuance.certificate.number import new_number
from api.problems import KINDS, ProblemError, problem_document
from api.web.app import create_app
from api.web.ledger_problems import problem_of
from api.web.ratelimit import RateLimiter
from api.web.responses import choose
from ledger.errors import (
    LedgerStoppedError,
    OverloadedError,
    SignerUnavailableError,
    StorageUnavailableError,
    VaultError,
)

PARTY = "9d3c7a44-52f1-4b1d-8d0e-1f6a2b3c4d5e"
REASON = {"party": PARTY, "document_sha256": "a1" * 32, "reason_code": "content"}
GOOD = {"deadline": "2026-12-01T00:00:00.000Z", "unsigned_parties": []}


def refused(answer, code):
    """Hold an answer against the table, and give its document."""
    document = answer.json()
    assert document["type"] == f"urn:zheng:problem:{code}", answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code == document["status"] == KINDS[code].status
    assert document["request_id"] == answer.headers["x-request-id"]
    assert document["title"] == KINDS[code].title_en
    return document


@pytest.fixture
def case(tenant):
    return tenant.open_case()


@pytest.fixture
def unchanged(world, tenant, case):
    """See at the end that the log has not grown."""
    before = world.services.ledger.reader.unsigned_size()
    yield
    assert world.services.ledger.reader.unsigned_size() == before


RAW = [
    ("json-malformed", b"{", None),
    ("json-malformed", b"", None),
    ("json-malformed", b'{"id":-0}', None),
    ("json-invalid-utf8", b'{"id":"\xff"}', None),
    ("json-duplicate-name", b'{"id":"1","id":"2"}', None),
    ("json-not-a-number", b'{"id":NaN}', None),
    ("json-not-a-number", b'{"id":-Infinity}', None),
    ("json-float", b'{"id":1.5}', None),
    ("json-float", b'{"id":1e3}', None),
    ("json-integer-range", b'{"id":9007199254740992}', None),
    ("json-integer-range", b'{"id":' + b"9" * 5000 + b"}", None),
    ("json-lone-surrogate", b'{"id":"\\ud800"}', "/id"),
    ("json-forbidden-character", b'{"id":"\\u202e"}', "/id"),
    ("json-forbidden-character", b'{"id":"\\u0000"}', "/id"),
    ("json-null", b'{"id":null}', "/id"),
    ("json-name", b'{"Id":1}', None),
    ("json-too-deep", b'{"data":' + b"[" * 20 + b"]" * 20 + b"}", None),
    ("json-too-deep", b"[" * 100_000, None),
    ("string-too-long", b'{"id":"' + b"a" * 20_000 + b'"}', "/id"),
]


@pytest.mark.parametrize(("code", "body", "field"), RAW)
@pytest.mark.parametrize("path", ["events", "events:batch"])
def test_bytes_outside_the_profile(tenant, case, unchanged, code, body, field, path):
    """What the JSON profile refuses, the API refuses by the same rule, each by its own type."""
    answer = tenant.post(
        f"/v1/cases/{case}/{path}", content=body, headers={"Content-Type": "application/json"}
    )
    document = refused(answer, code)
    if field is not None:
        assert document["field"] == field


PLAIN = [
    ("field-unknown", {"colour": "red"}, "/colour"),
    ("field-missing", {"id": ...}, "/id"),
    ("field-missing", {"data": ...}, "/data"),
    ("field-type", {"id": 7}, "/id"),
    ("field-type", {"data": []}, "/data"),
    ("field-type", {"documents": {}}, "/documents"),
    ("field-value", {"id": "A0000000-0000-4000-8000-000000000000"}, "/id"),
    ("field-value", {"occurred_at": "2026-11-22 08:00"}, "/occurred_at"),
    ("field-value", {"type": "Contract Expired"}, "/type"),
    ("type-unknown", {"type": "contract.exploded/1"}, "/type"),
    ("type-unknown", {"type": "contract.expired/9"}, "/type"),
    ("type-reserved", {"type": "evidence.attested/1"}, "/type"),
    ("type-reserved", {"type": "key.registered/1"}, "/type"),
    ("field-unknown", {"data": GOOD | {"colour": "red"}}, "/data/colour"),
    ("field-missing", {"data": {"unsigned_parties": []}}, "/data/deadline"),
    ("field-value", {"data": GOOD | {"deadline": 7}}, "/data/deadline"),
    ("free-text", {"data": GOOD | {"remark": "he said no"}}, "/data/remark"),
    ("personal-data-plain", {"data": GOOD | {"phone": "13800138000"}}, "/data/phone"),
    ("personal-data-plain", {"data": GOOD | {"phone_sha256": "a1" * 32}}, "/data/phone_sha256"),
    ("secret-refused", {"data": GOOD | {"password": "x"}}, "/data/password"),
    ("personal-data-plain", {"type": "party.rejected/1", "data": REASON | {"reason": "no"}}, "/data/reason"),
    ("field-value", {"private": {"deadline": "2026-12-01T00:00:00.000Z"}}, "/private/deadline"),
    ("field-unknown", {"actor": {"kind": "person", "ref": PARTY, "name": "x"}}, "/actor/name"),
    ("field-value", {"actor": {"kind": "robot", "ref": PARTY}}, "/actor/kind"),
]


@pytest.mark.parametrize(("code", "change", "field"), PLAIN)
def test_members_of_a_plain_event(tenant, case, unchanged, code, change, field):
    """Unknown, missing, wrong and personal members are told apart and named by their place."""
    body = {name: value for name, value in (viewed() | change).items() if value is not ...}
    document = refused(tenant.post(f"/v1/cases/{case}/events", body), code)
    assert document["field"] == field
    if code == "personal-data-plain":
        assert "_sd" in document["expected"]
        assert "13800138000" not in str(document)


def test_clock_more_than_a_day_off(world, tenant, case, unchanged):
    """A claimed time more than 24 hours from our clock, either way, is refused."""
    for offset in (timedelta(hours=25), -timedelta(hours=25)):
        answer = tenant.deposit(case, occurred_at=format_time(world.clock() + offset))
        assert refused(answer, "clock-skew")["field"] == "/occurred_at"


def test_unknown_case_and_event(tenant, unchanged):
    """What does not exist is not there."""
    refused(tenant.deposit(new_id()), "case-unknown")
    refused(tenant.get(f"/v1/cases/{new_id()}"), "case-unknown")
    refused(tenant.get(f"/v1/cases/{new_id()}/bundle"), "case-unknown")
    refused(tenant.get(f"/v1/events/{new_id()}"), "event-unknown")
    refused(tenant.get(f"/v1/events/{new_id()}/proof"), "event-unknown")
    refused(tenant.get("/v1/cases/not-a-uuid"), "parameter-invalid")


def test_reused_id_with_other_content(world, tenant, case):
    """An id stands for one content; the refusal shows nothing of the other, and other tenants' ids are free."""
    event = new_id()
    assert tenant.deposit(case, id=event).status_code == 201
    before = world.services.ledger.reader.unsigned_size()
    answer = tenant.deposit(case, id=event, data=GOOD | {"unsigned_parties": [PARTY]})
    assert "2026-12-01" not in str(refused(answer, "id-reused"))
    other_case = tenant.open_case()
    refused(tenant.deposit(other_case, id=event), "id-reused")
    assert world.services.ledger.reader.unsigned_size() == before + 1
    stranger = world.tenant()
    assert stranger.deposit(stranger.open_case(), id=event).status_code == 201


def test_keys_that_do_not_open(world, tenant, case, unchanged):
    """No key, a broken one, an unknown one, an expired one, a revoked one: each has its type, and WWW-Authenticate."""
    url = f"/v1/cases/{case}"
    answer = world.get(url)
    refused(answer, "key-missing")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    refused(world.get(url, key="nonsense"), "key-invalid")
    refused(world.get(url, key=tenant.key[:-1] + ("A" if tenant.key[-1] != "A" else "B")), "key-invalid")
    refused(world.get(url, headers={"Authorization": "Basic eDp5"}), "key-missing")
    short = world.tenant(lifetime=timedelta(seconds=30))
    assert short.get("/v1/cases").status_code == 200
    world.clock.offset = timedelta(minutes=1)
    try:
        refused(short.get("/v1/cases"), "key-expired")
    finally:
        world.clock.offset = timedelta(0)
    world.services.store.revoke_key(tenant.key.split("_")[2])
    time.sleep(1.1)  # a revoked key may go on for a second (api.accounts.keyring)
    refused(tenant.get(url), "key-revoked")


NOBODYS = new_number(lambda size: bytes(size))  # of the right form, and given to no certificate
SCOPED = [
    ("cases:write", "POST", "/v1/cases", {"id": PARTY, "kind": "contract"}),
    ("cases:write", "POST", "/v1/cases/{case}/erasures", {"id": PARTY, "basis": "request"}),
    ("events:write", "POST", "/v1/cases/{case}/events", {}),
    ("events:write", "POST", "/v1/cases/{case}/events:batch", {"events": []}),
    ("events:write", "PUT", "/v1/cases/{case}/documents", None),
    ("evidence:read", "GET", "/v1/cases", None),
    ("evidence:read", "GET", "/v1/cases/{case}", None),
    ("evidence:read", "GET", "/v1/cases/{case}/events", None),
    ("evidence:read", "GET", "/v1/cases/{case}/bundle", None),
    ("evidence:read", "GET", "/v1/events/{event}", None),
    ("evidence:read", "GET", "/v1/events/{event}/proof", None),
    ("evidence:read", "GET", "/v1/jobs/{job}", None),
    ("evidence:read", "GET", "/v1/packages/{job}", None),
    ("evidence:read", "GET", "/v1/institutions", None),
    ("evidence:read", "GET", "/v1/cases/{case}/submissions", None),
    ("evidence:read", "GET", "/v1/submissions/{job}", None),
    ("evidence:read", "GET", "/v1/submissions/{job}/answer", None),
    (
        "evidence:issue",
        "POST",
        "/v1/cases/{case}/submissions",
        {"id": PARTY, "to": "simulator-court-chain", "content": "checkpoint"},
    ),
    ("evidence:read", "GET", "/v1/reports/{job}", None),
    ("evidence:issue", "POST", "/v1/cases/{case}/packages", {"id": PARTY}),
    ("evidence:issue", "POST", "/v1/cases/{case}/reports", {"id": PARTY}),
    ("evidence:issue", "POST", "/v1/cases/{case}/bundle", {"id": PARTY}),
    ("evidence:issue", "POST", "/v1/cases/{case}/certificates", {"id": PARTY}),
    ("evidence:issue", "POST", "/v1/certificates/{number}/revocation", {"reason": "other"}),
    ("keys:write", "POST", "/v1/submitter-keys", {}),
]


@pytest.mark.parametrize(("scope", "method", "path", "body"), SCOPED)
def test_every_route_asks_for_its_scope(world, scope, method, path, body):
    """A key with all scopes but one is refused exactly where that one is needed."""
    lacking = world.tenant(scopes=set(SCOPES) - {scope})
    url = path.format(case=new_id(), event=new_id(), job=new_id(), number=NOBODYS)
    options = {} if body is None else {"content": format_json(body)}
    answer = lacking.world.request(method, url, key=lacking.key, **options)
    assert refused(answer, "scope-missing")["expected"] == scope


def test_scopes_cover_every_route_with_a_key(world):
    """The matrix above names every operation that asks for a key; the pipeline's are in test_api_signing_scopes.py."""
    keyed = {
        (method.upper(), path.replace("{submission}", "{job}"))
        for path, methods in world.app.openapi()["paths"].items()
        for method, operation in methods.items()
        if operation.get("security") and not path.startswith("/v1/signing/")
    }
    assert keyed == {(method, path) for _, method, path, _ in SCOPED}


@pytest.mark.parametrize(("_scope", "method", "path", "body"), [row for row in SCOPED if "{" in row[2]])
def test_another_tenants_things_are_not_there(world, tenant, _scope, method, path, body):
    """To a stranger a case or event of somebody else is exactly as unknown as one that does not exist."""
    case = tenant.open_case()
    event = tenant.deposit(case).json()["id"]
    stranger = world.tenant()
    if body == {}:
        body = viewed()
    if body == {"events": []}:
        body = {"events": [viewed()]}

    def ask(case, event, number):
        options = {}
        if method == "PUT":
            options = {"content": b"x", "headers": {"Content-Type": "application/octet-stream"}}
        elif body is not None:
            options = {"content": format_json(body), "headers": {"Content-Type": "application/json"}}
        answer = world.request(
            method,
            path.format(case=case, event=event, job=event, number=number),
            key=stranger.key,
            **options,
        )
        document = answer.json()
        document.pop("request_id")
        return answer.status_code, document

    number = NOBODYS
    if "{number}" in path:
        number = tenant.post(f"/v1/cases/{case}/certificates", {"id": new_id()}).json()["certificate_no"]
    before = world.services.ledger.reader.unsigned_size()
    theirs, nobodys = ask(case, event, number), ask(new_id(), new_id(), NOBODYS)
    assert theirs == nobodys
    assert theirs[0] == 404
    assert world.services.ledger.reader.unsigned_size() == before


def test_lists_show_only_ones_own(world, tenant):
    """A list never holds a stranger's case."""
    tenant.open_case()
    assert world.tenant().get("/v1/cases").json()["data"] == []


@pytest.fixture
def signer(tenant):
    tenant.signer = Ed25519PrivateKey.generate()
    assert tenant.register_key().status_code == 201
    return tenant.signer


def signed(tenant, claim, signer, **changes):
    return {"claim": claim, "jws": sign(signer, format_json(claim))} | changes


def test_claims_for_elsewhere(world, tenant, signer, case, unchanged_after_key):
    """The same good signature is refused for another log, another tenant, another case."""
    elsewhere = {
        "claim-wrong-log": {"log": "zheng.example/other"},
        "claim-wrong-tenant": {"tenant": new_id()},
        "claim-wrong-case": {"case": new_id()},
    }
    for code, change in elsewhere.items():
        claim = tenant.claim(case) | change
        document = refused(tenant.post(f"/v1/cases/{case}/events", signed(tenant, claim, signer)), code)
        assert document["field"] == f"/claim/{next(iter(change))}"


@pytest.fixture
def unchanged_after_key(world, tenant, signer, case):
    before = world.services.ledger.reader.unsigned_size()
    yield
    assert world.services.ledger.reader.unsigned_size() == before


def test_bad_signatures(world, tenant, signer, case, unchanged_after_key):
    """A JWS that is none, of other bytes, of an unknown key or of another tenant's key is refused."""
    claim = tenant.claim(case)
    url = f"/v1/cases/{case}/events"
    for jws in (
        "",
        "a.b.c",
        "x" * 500,
        sign(signer, b"other bytes"),
        sign(signer, format_json(claim), typ="JWT"),
    ):
        refused(tenant.post(url, {"claim": claim, "jws": jws}), "jws-invalid")
    unknown = Ed25519PrivateKey.generate()
    refused(tenant.post(url, signed(tenant, claim, unknown)), "jws-key-unknown")


def test_another_tenants_key_does_not_sign(world, signer):
    """A key is registered for one tenant; another one's claim signed with it is of an unknown key."""
    stranger = world.tenant()
    case = stranger.open_case()
    before = world.services.ledger.reader.unsigned_size()
    body = signed(stranger, stranger.claim(case), signer)
    refused(stranger.post(f"/v1/cases/{case}/events", body), "jws-key-unknown")
    assert world.services.ledger.reader.unsigned_size() == before


def test_disclosures_must_open_the_claim(tenant, case, unchanged):
    """A disclosure that opens nothing, twice the same one, or one of a wrong value is refused by its place."""
    text = format_disclosure(Disclosure(bytes(16), "no"))
    wrong = format_disclosure(Disclosure(bytes(range(16)), 7))
    for sealed, disclosures, place in (
        (text, [wrong], 0),
        (text, [text, text], 1),
        (wrong, [wrong], 0),
        (text, ["%%%"], 0),
    ):
        data = REASON | {"reason": sealed_value(disclosure_digest(sealed))}
        claim = tenant.claim(case, type="party.rejected/1", data=data) | {"_sd_alg": "sha-256"}
        answer = tenant.post(f"/v1/cases/{case}/events", {"claim": claim, "disclosures": disclosures})
        assert refused(answer, "disclosure-mismatch")["field"] == f"/disclosures/{place}"


def test_key_registration_needs_possession(world, tenant, unchanged):
    """A statement for another log or tenant, a signature by another key, a key of another kind: all refused."""
    tenant.signer = Ed25519PrivateKey.generate()
    refused(tenant.register_key(statement={"log": "zheng.example/other"}), "key-proof-invalid")
    refused(tenant.register_key(statement={"tenant": new_id()}), "key-proof-invalid")
    refused(tenant.register_key(statement={"more": "x"}), "key-proof-invalid")
    other = Ed25519PrivateKey.generate()
    body = tenant.key_request()
    refused(
        tenant.register_key(jws=sign(other, format_json(body["statement"]), typ="zheng-key+jws")),
        "key-proof-invalid",
    )
    # A claim's signature is no proof of possession: each JWS has its own type.
    refused(tenant.register_key(jws=sign(tenant.signer, format_json(body["statement"]))), "key-proof-invalid")
    refused(tenant.register_key(key="AAAA"), "key-proof-invalid")
    refused(tenant.register_key(key="%"), "field-value")


def test_batches_of_no_and_of_too_many(tenant, case, unchanged):
    """A batch has one to a thousand events."""
    url = f"/v1/cases/{case}/events:batch"
    refused(tenant.post(url, {"events": []}), "batch-empty")
    many = tenant.post(url, {"events": [{}] * 1001})
    assert refused(many, "batch-too-large")["expected"] == "at most 1000 events"
    refused(tenant.post(url, {"events": [viewed(), 7]}), "field-type")


def test_media_types(tenant, case, unchanged):
    """Only JSON is read where JSON is expected, and what is asked for must be on offer."""
    answer = tenant.post(f"/v1/cases/{case}/events", content=b"{}", headers={"Content-Type": "text/plain"})
    assert refused(answer, "media-type-unsupported")["expected"] == "application/json"
    event = tenant.get(f"/v1/cases/{case}/events").json()["data"][0]["entry"]
    identity = json.loads(event)["claim"]["id"]
    refused(
        tenant.get(f"/v1/events/{identity}/proof", headers={"Accept": "application/pdf"}), "not-acceptable"
    )


def test_http_itself(world, tenant):
    """Paths that are not there, methods that are not allowed, parameters out of bounds."""
    refused(world.get("/nothing/here"), "not-found")
    answer = world.request("DELETE", "/v1/cases")
    refused(answer, "method-not-allowed")
    assert "GET" in answer.headers["allow"] or "POST" in answer.headers["allow"]
    refused(tenant.get("/v1/cases?limit=100000"), "parameter-invalid")
    refused(tenant.get("/v1/cases?after=-1"), "parameter-invalid")


def test_titles_follow_the_language(world):
    """A client that prefers Chinese gets Chinese titles; the type stays."""
    answer = world.get("/v1/cases", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"})
    assert answer.json()["title"] == KINDS["key-missing"].title_zh
    assert answer.headers["content-language"] == "zh-CN"
    assert (
        world.get("/v1/cases", headers={"Accept-Language": "de, en"}).json()["title"].startswith("An API key")
    )


def test_body_too_large_is_refused_while_reading(world, tenant, case, unchanged):
    """A body is counted as it comes: a declared and an undeclared one that are too long end at the limit."""
    url = f"/v1/cases/{case}/events"
    headers = {"Content-Type": "application/json"}
    answer = tenant.post(url, content=b" " * 200_001, headers=headers)
    assert refused(answer, "body-too-large")["expected"] == "at most 200000 bytes"
    assert answer.headers["connection"] == "close"
    taken = 0

    async def endless():
        nonlocal taken
        while True:
            taken += 50_000
            yield b" " * 50_000

    refused(tenant.post(url, content=endless(), headers=headers), "body-too-large")
    assert taken <= 300_000


def test_body_that_never_ends_is_timed_out(tenant, case, unchanged):
    """A body that does not arrive in time is refused, whatever has come of it."""

    async def slow():
        yield b"{"
        await asyncio.sleep(5)
        yield b"}"

    answer = tenant.post(
        f"/v1/cases/{case}/events", content=slow(), headers={"Content-Type": "application/json"}
    )
    refused(answer, "body-timeout")


def test_rate_limit_by_address(world):
    """Public endpoints give each address its share; another address is not affected, nor are keyed endpoints."""
    limiter = RateLimiter(rate=0.01, burst=2, addresses=10, monotonic=lambda: 0.0)
    app = create_app(world.settings, replace(world.services, limiter=limiter))
    noisy, quiet = (world.make_client(address, app) for address in ("203.0.113.9", "203.0.113.10"))
    assert [world.get("/checkpoint", client=noisy).status_code for _ in range(2)] == [200, 200]
    answer = world.get("/checkpoint", client=noisy)
    refused(answer, "rate-limited")
    assert int(answer.headers["retry-after"]) == 101
    assert world.get("/checkpoint", client=quiet).status_code == 200
    assert world.get("/healthz", client=noisy).status_code == 200
    for client in (noisy, quiet):
        world.run(client.aclose())


def test_buckets_refill_and_are_bounded():
    """A bucket fills again with time; IPv6 counts by /64; the oldest addresses are forgotten."""
    now = [0.0]
    limiter = RateLimiter(rate=2.0, burst=1, addresses=2, monotonic=lambda: now[0])
    assert limiter.take("2001:db8::1") == 0
    assert limiter.take("2001:db8::2") == 0.5
    now[0] = 0.5
    assert limiter.take("2001:db8::3") == 0
    for address in ("10.0.0.1", "10.0.0.2"):
        assert limiter.take(address) == 0
    assert limiter.take("2001:db8::4") == 0
    assert limiter.take("not an address") == 0


def test_errors_of_the_log_have_their_problems():
    """Unavailable, stopped and overloaded logs say so; what is nobody's business becomes `internal`."""
    rows = {
        "signer-unavailable": SignerUnavailableError("x"),
        "busy": OverloadedError("x"),
        "ledger-stopped": LedgerStoppedError("BEHIND", "x", {"database": 1}),
        "internal": VaultError("secret path"),
    }
    for code, error in rows.items():
        problem = problem_of(error)
        assert problem.code == code
        assert "secret path" not in problem.detail
    assert problem_of(StorageUnavailableError("x")).code == "busy"


def test_unforeseen_failure_shows_nothing(world):
    """An error nobody foresaw is a problem document with a request id, and no word of what it was."""
    app = create_app(world.settings, world.services)

    @app.get("/boom")
    async def boom():
        raise RuntimeError("the password is swordfish")

    import httpx

    async def ask():
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://zheng.test") as client:
            return await client.get("/boom")

    answer = world.run(ask())
    refused(answer, "internal")
    assert "swordfish" not in answer.text


def test_every_problem_is_documented():
    """The table of docs/spec/api.md is the table of the code."""
    from pathlib import Path

    text = (Path(__file__).parents[2] / "docs" / "spec" / "api.md").read_text("utf-8")
    for code, kind in KINDS.items():
        assert f"| `{code}` | {kind.status} |" in text, code


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "a/x"),
        ("*/*", "a/x"),
        ("b/y", "b/y"),
        ("b/y;q=0.5, a/x;q=0.4", "b/y"),
        ("b/*", "b/y"),
        ("a/x;q=0, b/y;q=0.1", "b/y"),
        ("*/*;q=0.1, b/y", "b/y"),
        ("a/x;q=nonsense, b/y", "b/y"),
    ],
)
def test_media_type_is_chosen_by_quality(accept, chosen):
    """The client's first choice among what is offered wins; nothing said means our first."""
    assert choose(accept, ("a/x", "b/y")) == chosen


def test_problem_document_has_the_members_of_rfc_9457():
    """type, title, status and detail are always there."""
    document = problem_document(ProblemError("busy"), request_id="r", chinese=True)
    assert set(document) == {"type", "title", "status", "detail", "request_id"}
    assert document["title"] == KINDS["busy"].title_zh
