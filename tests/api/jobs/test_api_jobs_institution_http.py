"""The HTTP adapter of institutions against a real server on loopback: signed both ways, bounded, never led astray."""

import hashlib
import json
import os
import socket
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from zheng_verifier.timestamp.algorithms import digest

from api.institutions.institution_http import ACCOUNT, MAX_ANSWER, HttpInstitution
from api.institutions.ports import InstitutionKind, Submission
from api.signing.identity_http import NONCE, SIGNATURE, TIME, signature

SECRET = b"a shared secret of thirty-two bytes or more"
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


class Server:
    """An institution whose next answer the test chooses."""

    def __init__(self):
        self.requests, self.status, self.answer, self.raw, self.secret, self.nonce = (
            [],
            200,
            ACCEPTED,
            None,
            SECRET,
            None,
        )
        self.headers, self.pause = {}, 0.0

    def respond(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        self.requests.append((handler.command, handler.path, handler.headers, body))
        about = {"business_id": SUBMISSION.business_id}
        content = json.dumps(about | self.answer).encode() if self.raw is None else self.raw
        sent = handler.headers[TIME], self.nonce or handler.headers[NONCE]
        handler.send_response(self.status)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.send_header(SIGNATURE, signature(self.secret, str(self.status), handler.path, *sent, content))
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        for start in range(0, len(content), 1 << 16) if not self.pause else range(len(content)):
            handler.wfile.write(content[start : start + (1 if self.pause else 1 << 16)])
            time.sleep(self.pause)


@pytest.fixture
def server():
    made = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            with suppress(BrokenPipeError, ConnectionResetError):
                made.respond(self)

        do_GET = do_POST

        def log_message(self, *_):
            pass

    ThreadingHTTPServer.allow_reuse_address = True
    running = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    running.shutdown()
    running.server_close()
    thread.join()


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
