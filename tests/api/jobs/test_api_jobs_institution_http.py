"""The HTTP adapter of institutions against a real server on loopback: signed both ways, bounded, never led astray."""

import hashlib
import json
import os
import socket
import threading
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from signed_peer import SECRET, SignedPeer, serving
from zheng_verifier.timestamp.algorithms import digest

from api.institutions.institution_http import ACCOUNT, MAX_ANSWER, HttpInstitution
from api.institutions.ports import InstitutionKind, Submission
from api.signed_http import NONCE, SIGNATURE, TIME, signature

PORT = 21_600
DATA = b"a package"
SUBMISSION = Submission(
    "00000011-7a10-4c3e-9d21-5b0f6e2c0044",
    "zheng package_digest",
    "evidence of a case",
    "application/vnd.etsi.asic-e+zip",
    len(DATA),
    hashlib.sha256(DATA).digest(),
    digest("sm3", DATA),
)
ACCEPTED = {
    "outcome": "accepted",
    "receipt": "2026-证-0001",
    "accepted_at": "2026-11-23T01:00:00.000Z",
    "transaction": "0xabc",
    "certificate": "TUlJ",
}


@pytest.fixture
def server():
    about = {"business_id": SUBMISSION.business_id}
    with serving(SignedPeer(lambda _path, _body: about, ACCEPTED), PORT) as made:
        yield made


@contextmanager
def institution(**changes):
    options = {
        "name": "court-chain",
        "kind": InstitutionKind.COURT_CHAIN,
        "url": f"http://127.0.0.1:{PORT}/v1",
        "account": "zheng-1",
        "secret": SECRET,
        "timeout": 1.0,
        "max_body": 1000,
        "clock": lambda: datetime.now(UTC),
        "random": os.urandom,
    }
    made = HttpInstitution(**options | changes)
    yield made
    made.close()


def test_evidence_is_given_signed_and_the_receipt_comes_back_as_it_was_written(server):
    """Name, SHA-256, SM3, business id and description go out under our signature; every byte of the answer is kept."""
    with institution() as made:
        told = made.submit(SUBMISSION)
        asked = made.query(SUBMISSION.business_id)
    assert (told.outcome, told.receipt, told.transaction) == ("accepted", "2026-证-0001", "0xabc")
    assert told.accepted_at == datetime(2026, 11, 23, 1, tzinfo=UTC)
    assert json.loads(told.raw)["certificate"] == "TUlJ"
    assert asked == told
    (method, path, headers, body), (asking, asked_path, *_) = server.requests
    assert (method, path) == ("POST", "/v1/evidence")
    assert (asking, asked_path) == ("GET", f"/v1/evidence/{SUBMISSION.business_id}")
    assert headers[SIGNATURE] == signature(SECRET, "POST", path, headers[TIME], headers[NONCE], body)
    assert headers[ACCOUNT] == "zheng-1"
    sent = json.loads(body)
    assert (sent["sha256"], sent["sm3"]) == (SUBMISSION.sha256.hex(), SUBMISSION.sm3.hex())
    assert "body" not in sent


@pytest.mark.parametrize(
    "changes",
    [
        {"secret": b"another secret of thirty-two bytes, or more"},
        {"nonce": "00" * 16},  # an answer to an earlier request
        {"status": 500},
        {"status": 302, "headers": {"Location": "http://127.0.0.1:1/elsewhere"}},
        {"raw": b"{"},
        {"raw": b"[]"},
        {"raw": b" " * (MAX_ANSWER + 1)},
        {"answer": ACCEPTED | {"business_id": "another"}},
        {"answer": ACCEPTED | {"receipt": ""}},
        {"answer": ACCEPTED | {"accepted_at": "yesterday"}},
        {"answer": {"outcome": "perhaps"}},
        {"pause": 0.02},  # never silent long enough to time out, and never done
    ],
)
def test_what_is_no_answer_says_nothing(server, changes):
    """Not signed for this request, not about this submission, too long, too slow: neither accepted nor refused."""
    for name, value in changes.items():
        setattr(server, name, value)
    with institution() as made:
        assert made.submit(SUBMISSION).outcome == "unknown"
    assert len(server.requests) == 1


def test_refused_pending_and_never_seen_are_told_apart(server):
    """A signed refusal is one, a signed 404 to a question says it never had it; to a submission it says nothing."""
    with institution() as made:
        server.answer = {"outcome": "refused", "reason": "no contract"}
        assert made.submit(SUBMISSION).outcome == "refused"
        server.answer = {"outcome": "pending"}
        assert made.submit(SUBMISSION).outcome == "pending"
        server.status = 404
        assert (made.query(SUBMISSION.business_id).outcome, made.submit(SUBMISSION).outcome) == (
            "not_found",
            "unknown",
        )


def test_nobody_there_means_that_nothing_left():
    """A refused connection is no loss: nothing can have arrived. One that breaks after the request may have."""
    with institution() as made:
        assert made.submit(SUBMISSION).outcome == "unsent"
    with socket.create_server(("127.0.0.1", PORT), reuse_port=False) as listening:
        closing = threading.Thread(target=lambda: listening.accept()[0].close())
        closing.start()
        with institution() as made:
            assert made.submit(SUBMISSION).outcome == "unknown"
        closing.join()


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "http://court.example/v1"},
        {"url": "https://user:word@court.example/v1"},
        {"url": "https://court.example/v1?to=elsewhere"},
        {"url": "ftp://court.example"},
        {"secret": b"short"},
    ],
)
def test_an_address_or_secret_that_is_not_safe_is_refused(changes):
    """Only https without user or query, and a secret that cannot be guessed."""
    with pytest.raises(ValueError, match="institution"), institution(**changes):
        pass
