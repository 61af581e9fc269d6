"""The HTTP adapter of identity providers against a real server on loopback: signed both ways, bounded, never led astray."""

import json
import os
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from api_world import new_id
from signed_peer import SECRET, SignedPeer, serving
from zheng_verifier.encoding import format_time

from api.signed_http import NONCE, SIGNATURE, TIME, signature
from api.signing.identity_http import HttpIdentityProvider
from signing.identity.ports import Answer, Query

PORT = 21_100
QUERY = Query("", "person", "telecom3", "张三", "id_card", "110101199001010000", "+8619900000001")


def about(path, body):
    """The check that a request names, in its body or its address."""
    return {"id": json.loads(body)["id"] if b'"id"' in body else path.split("/")[3]}


@pytest.fixture
def server():
    with serving(SignedPeer(about, {}), PORT) as made:
        yield made


@contextmanager
def provider(**changes):
    options = {
        "name": "acme",
        "url": f"http://127.0.0.1:{PORT}/v1",
        "secret": SECRET,
        "timeout": 2.0,
        "clock": lambda: datetime.now(UTC),
        "random": os.urandom,
    }
    made = HttpIdentityProvider(**options | changes)
    yield made
    made.close()


def ask(made):
    from dataclasses import replace

    return made.check(replace(QUERY, id=new_id()))


OUTCOMES = [
    ({"outcome": "match", "txn": "T-1"}, Answer("match", "T-1")),
    ({"outcome": "mismatch", "reason": "not_found"}, Answer("mismatch", reason="not_found")),
    ({"outcome": "pending", "txn": "T-2"}, Answer("pending", "T-2")),
    ({"outcome": "unavailable", "reason": "timed_out"}, Answer("unavailable", reason="timed_out")),
    ({"outcome": "match", "txn": "T-3", "score_ppm": 981_000}, Answer("match", "T-3", None, 981_000)),
]


@pytest.mark.parametrize(("answer", "expected"), OUTCOMES)
def test_each_outcome_is_read(server, answer, expected):
    """What the provider says is what is taken; the request is signed and carries what is compared, and no more."""
    server.answer = answer
    with provider() as made:
        assert ask(made) == expected
    method, path, headers, body = server.requests[0]
    assert (method, path) == ("POST", "/v1/checks")
    sent = headers[TIME], headers[NONCE]
    assert headers[SIGNATURE] == signature(SECRET, method, path, *sent, body)
    subject = json.loads(body)["subject"]
    assert set(subject) == {"name", "id_type", "id_number", "phone"}


def test_images_amounts_and_questions_go_the_same_way(server):
    """Frames are sent with the check; amounts and questions name it by our id."""
    server.answer = {"outcome": "match", "txn": "T"}
    with provider() as made:
        made.check(Query(new_id(), "person", "face", "张三", frames=(b"\xff\xd8\xff",)))
        check = new_id()
        server.raw = json.dumps({"id": check, "outcome": "mismatch"}).encode()
        assert made.confirm(check, "T", 37) == Answer("mismatch")
        server.raw = json.dumps({"id": check, "outcome": "pending"}).encode()
        assert made.find(check, "T") == Answer("pending")
    bodies = [json.loads(each[3] or b"{}") for each in server.requests]
    assert bodies[0]["frames"] == ["/9j/"]
    assert bodies[1] == {"txn": "T", "amount_fen": 37}
    assert server.requests[2][:2] == ("GET", f"/v1/checks/{check}")


NO_ANSWERS = {
    "an error of the server": {"status": 500},
    "a redirect": {"status": 302, "headers": {"Location": f"http://127.0.0.1:{PORT}/elsewhere"}},
    "another's signature": {"secret": b"x" * 32},
    "an answer to another request": {"nonce": "00" * 16},
    "about another check": {"raw": json.dumps({"id": new_id(), "outcome": "match"}).encode()},
    "no JSON": {"raw": b"<html>"},
    "an unknown outcome": {"answer": {"outcome": "certainly"}},
    "an unknown member": {"answer": {"outcome": "match", "name": "x"}},
    "a score that is none": {"answer": {"outcome": "match", "score_ppm": 1_000_001}},
    "a number with spaces": {"answer": {"outcome": "match", "txn": "a b"}},
    "too much": {"raw": b" " * 100_000},
}


@pytest.mark.parametrize("fault", NO_ANSWERS)
def test_what_is_no_answer_is_no_mismatch(server, fault):
    """Whatever goes wrong between us is `unavailable`: nobody is refused for it, and nobody verified."""
    server.answer = {"outcome": "match", "txn": "T"}
    for name, value in NO_ANSWERS[fault].items():
        setattr(server, name, value)
    with provider() as made:
        assert ask(made) == Answer("unavailable", reason="provider_error")
    assert not any(path.startswith("/elsewhere") for _, path, *_ in server.requests)


def test_a_slow_provider_times_out(server):
    """Longer than the timeout: not answered in time."""
    server.wait = 0.6
    with provider(timeout=0.2) as made:
        assert ask(made) == Answer("unavailable", reason="timed_out")


def test_nobody_there():
    """A connection refused is an error of the provider, not of the person."""
    with provider(url=f"http://127.0.0.1:{PORT + 1}/v1") as made:
        assert ask(made).outcome == "unavailable"


@pytest.mark.parametrize(
    "url",
    [
        "http://provider.example/v1",
        "ftp://provider.example",
        "https://user:word@provider.example",
        "https://provider.example/?to=elsewhere",
        "http://169.254.169.254/latest",
    ],
)
def test_only_one_safe_address(url):
    """No address without TLS (but loopback), with a user or a query is taken."""
    with pytest.raises(ValueError, match="https"), provider(url=url):
        pass


def test_a_short_secret_is_refused():
    """A secret that could be guessed signs nothing."""
    with pytest.raises(ValueError, match="32 bytes"), provider(secret=b"short"):
        pass


def test_callbacks_are_read_if_he_signed_them_now():
    """A late answer counts only with his signature over this very body, path and time, and while it is fresh."""
    path, check = "/v1/signing/identity-callbacks", new_id()
    body = json.dumps({"id": check, "outcome": "match", "txn": "T-9"}).encode()

    def headers(at, *, secret=SECRET, over=path):
        moment = format_time(at)
        signed = signature(secret, "POST", over, moment, "n1", body)
        return httpx.Headers({TIME: moment, NONCE: "n1", SIGNATURE: signed})

    now = datetime.now(UTC)
    with provider() as made:
        assert made.read_callback(path, headers(now), body) == (check, Answer("match", "T-9"))
        wrong = [
            (headers(now, secret=b"x" * 32), body),
            (headers(now, over="/other"), body),
            (headers(now - timedelta(minutes=6)), body),
            (headers(now), body.replace(b"match", b"mismatch")),
            (httpx.Headers({}), body),
        ]
        for given, content in wrong:
            with pytest.raises(ValueError, match=r"callback|not signed"):
                made.read_callback(path, given, content)


def test_a_callback_ends_a_check(world, tenant, server):
    """Over the API: the provider's signed callback ends the pending check, twice the same; unsigned ones change nothing."""
    from dataclasses import replace

    from api.web.app import create_app
    from signing.identity.checks import NewCheck
    from signing.identity.service import identities_of
    from signing.people.accounts import NewAccount
    from signing.people.agreements import Yes, current
    from signing.people.profile import Profile
    from signing.principal import Principal

    services, people = world.services, world.services.signing.people
    key = Principal(tenant.id, "api_client", scopes=frozenset({"signing:write", "signing:read"}), name="k")
    profile = Profile("张三", phone="+8619900000001", id_type="id_card", id_number="110101199001010000")
    account, _ = people.accounts.create(key, NewAccount(new_id(), "person", internal=False, profile=profile))
    text = current("identity_verification", "en")
    people.agreements.consent(key, account.id, Yes(text.name, text.version, "en", text.sha256, "click"))
    with provider(clock=world.clock) as made:
        identities = identities_of(services.signing.context, people, made)
        app = create_app(
            world.settings, replace(services, signing=replace(services.signing, identities=identities))
        )
        server.answer = {"outcome": "pending", "txn": "T-5"}
        check = identities.checks.start(key, NewCheck(new_id(), account.id, "id2"))[0]
        assert (check.state, check.provider, check.simulated) == ("pending", "acme", False)
        body = json.dumps({"id": check.id, "outcome": "match", "txn": "T-5"}).encode()
        path, moment = "/v1/signing/identity-callbacks", format_time(world.clock())
        signed = signature(SECRET, "POST", path, moment, "n", body)
        good = {TIME: moment, NONCE: "n", SIGNATURE: signed, "Content-Type": "application/json"}
        client = world.make_client(app=app)
        statuses = [
            world.request("POST", path, client=client, content=body, headers=headers).status_code
            for headers in (good | {SIGNATURE: "0" * 64}, good, good)
        ]
        world.run(client.aclose())
        assert statuses == [403, 204, 204]
        assert identities.checks.get(key, check.id).state == "verified"
