"""An authority behind HTTP: a foreign one (OpenSSL) whose tokens are taken, and every way in which one can fail."""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import core, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from zheng_verifier.timestamp import TrustedTsa, verify_timestamp

from anchor.ports import AuthorityMistaken, AuthorityRefused, AuthorityUnavailable
from anchor.timestamping import obtain_token
from anchor.tsa_http import HttpLimits, HttpTsa, is_public
from anchor.tsa_local import LocalTsa

MESSAGE = b"a note\n"
NONCE = 77
_PORTS = range(21000, 21050)
_NEAR = HttpLimits(deadline=5, private_addresses=True)


@dataclass
class Server:
    """A small HTTP server: ``answer`` writes the whole response; requests seen are kept."""

    answer: Callable[[BaseHTTPRequestHandler, bytes], None]
    port: int = 0
    seen: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/tsa"


def _reply(handler: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in ({"Content_Type": "application/timestamp-reply"} | headers).items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[BaseHTTPRequestHandler, bytes], None]], Server]]:
    running = []

    def start(answer: Callable[[BaseHTTPRequestHandler, bytes], None]) -> Server:
        server = Server(answer)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"]))
                server.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}, query))
                try:
                    server.answer(self, query)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *args: Any) -> None:
                pass

        for port in _PORTS:
            try:
                http = ThreadingHTTPServer(("127.0.0.1", port), Handler)
            except OSError:
                continue
            break
        else:
            pytest.fail("no free port in the range of this test")
        http.daemon_threads = True
        server.port = port
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        running.append((http, thread))
        return server

    yield start
    for http, thread in running:
        http.shutdown()
        http.server_close()
        thread.join()


@pytest.fixture
def local(tmp_path: Path) -> LocalTsa:
    return LocalTsa(tmp_path / "tsa", clock=lambda: datetime.now(UTC), random=os.urandom, name="far")


def test_bytes_are_kept_as_they_came(serve: Any, local: LocalTsa) -> None:
    """The query arrives with its content type, and the answer is handed on byte for byte."""
    sent: list[bytes] = []

    def answer(handler: BaseHTTPRequestHandler, query: bytes) -> None:
        sent.append(local.request(query))
        _reply(handler, sent[0], Content_Type="Application/Timestamp-Reply; charset=x")

    server = serve(answer)
    token = obtain_token(HttpTsa("far", server.url, limits=_NEAR), local.trusted, MESSAGE, NONCE)

    assert sent == [token.raw]
    assert token.tsa == "far"
    path, headers, query = server.seen[0]
    assert ("/tsa", "application/timestamp-query", f"127.0.0.1:{server.port}") == (
        path,
        headers["content-type"],
        headers["host"],
    )
    assert len(query) < 100


# --- OpenSSL as a foreign authority


def _foreign(folder: Path) -> TrustedTsa:
    """Make an authority for `openssl ts -reply`: RSA, its chain in every answer, a policy of its own."""
    root_key, key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    now = datetime.now(UTC)

    def certificate(name: str, issuer: str, public: Any, *extensions: tuple[x509.ExtensionType, bool]) -> Any:
        def named(value: str) -> x509.Name:
            return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, value)])

        builder = (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .issuer_name(named(issuer))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(root_key, hashes.SHA256())

    root = certificate(
        "Foreign root", "Foreign root", root_key.public_key(), (x509.BasicConstraints(True, 0), True)
    )
    own = certificate(
        "Foreign TSA",
        "Foreign root",
        key.public_key(),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True),
    )
    pem = serialization.Encoding.PEM
    (folder / "root.pem").write_bytes(root.public_bytes(pem))
    (folder / "tsa.pem").write_bytes(own.public_bytes(pem))
    (folder / "tsa.key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "serial").write_text("01")
    (folder / "tsa.cnf").write_text(
        f"[tsa]\nserial={folder}/serial\nsigner_cert={folder}/tsa.pem\nsigner_key={folder}/tsa.key\n"
        f"certs={folder}/root.pem\ndefault_policy=1.2.3.4.5\ndigests=sha256,sm3\naccuracy=secs:1\n"
        "signer_digest=sha256\ness_cert_id_alg=sha256\ness_cert_id_chain=no\ntsa_name=yes\n"
    )
    return TrustedTsa(
        name="foreign",
        roots=(root.public_bytes(serialization.Encoding.DER),),
        pins=(),
        policy_oids=("1.2.3.4.5",),
        imprint_algs=("sha256",),
        test=True,
    )


def test_takes_tokens_of_openssl(serve: Any, tmp_path: Path) -> None:
    """A foreign authority, RSA and with an unsorted chain in its answer, is understood: imprints by SHA-256 and SM3."""
    trusted = _foreign(tmp_path)

    def answer(handler: BaseHTTPRequestHandler, query: bytes) -> None:
        (tmp_path / "q").write_bytes(query)
        command = [
            "openssl",
            "ts",
            "-reply",
            "-queryfile",
            "q",
            "-config",
            "tsa.cnf",
            "-section",
            "tsa",
            "-out",
            "r",
        ]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        _reply(handler, (tmp_path / "r").read_bytes())

    authority = HttpTsa("foreign", serve(answer).url, limits=_NEAR)
    for algorithm in ("sha256", "sm3"):
        values = {name: getattr(trusted, name) for name in ("name", "roots", "pins", "policy_oids", "test")}
        policy = TrustedTsa(**values, imprint_algs=(algorithm,))
        token = obtain_token(authority, policy, MESSAGE, NONCE)
        result = verify_timestamp(token.raw, message=MESSAGE, tsa=policy, nonce=NONCE)
        assert ("Common Name: Foreign TSA", algorithm) == (result.tsa_subject, result.imprint_algorithm)
        assert abs(token.gen_time - datetime.now(UTC)) < timedelta(minutes=1)


# --- faults: nothing is ever invented, and each has its family


def _obtain(server: Server, local: LocalTsa, limits: HttpLimits = _NEAR) -> Any:
    return obtain_token(HttpTsa("far", server.url, limits=limits), local.trusted, MESSAGE, NONCE)


def test_down(serve: Any, local: LocalTsa) -> None:
    """Nobody listens: unavailable."""
    with socket.socket() as free:
        for port in reversed(_PORTS):
            if free.connect_ex(("127.0.0.1", port)) != 0:
                break
    with pytest.raises(AuthorityUnavailable, match="cannot be reached"):
        obtain_token(HttpTsa("far", f"http://127.0.0.1:{port}/", limits=_NEAR), local.trusted, MESSAGE, NONCE)


def test_unknown_host(local: LocalTsa) -> None:
    """A name that does not resolve: unavailable."""
    with pytest.raises(AuthorityUnavailable, match="cannot be reached"):
        obtain_token(HttpTsa("far", "http://tsa.invalid/"), local.trusted, MESSAGE, NONCE)


def _never(handler: BaseHTTPRequestHandler, query: bytes) -> None:
    time.sleep(1)


def _drip(handler: BaseHTTPRequestHandler, query: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/timestamp-reply")
    handler.end_headers()
    for _ in range(20):
        handler.wfile.write(b"0")
        handler.wfile.flush()
        time.sleep(0.05)


@pytest.mark.parametrize("answer", [_never, _drip])
def test_slow(serve: Any, local: LocalTsa, answer: Any) -> None:
    """Silence, and bytes that come one by one, both end at the deadline: unavailable."""
    server = serve(answer)
    start = time.monotonic()
    with pytest.raises(AuthorityUnavailable, match=r"did not answer within 0\.3 s"):
        _obtain(server, local, HttpLimits(deadline=0.3, private_addresses=True))
    assert time.monotonic() - start < 1


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_busy(serve: Any, local: LocalTsa, status: int) -> None:
    """HTTP says later: unavailable."""
    server = serve(lambda handler, query: _reply(handler, b"", status=status))
    with pytest.raises(AuthorityUnavailable, match=f"HTTP {status}"):
        _obtain(server, local)


@pytest.mark.parametrize("status", [204, 400, 401, 403, 404, 415])
def test_http_refusal(serve: Any, local: LocalTsa, status: int) -> None:
    """HTTP says no: refused."""
    server = serve(lambda handler, query: _reply(handler, b"", status=status))
    with pytest.raises(AuthorityRefused, match=f"HTTP {status}"):
        _obtain(server, local)


def test_html(serve: Any, local: LocalTsa) -> None:
    """A page instead of a time-stamp, with status 200: unavailable."""
    server = serve(lambda handler, query: _reply(handler, b"<html>", Content_Type="text/html"))
    with pytest.raises(AuthorityUnavailable, match="'text/html'"):
        _obtain(server, local)


def test_html_that_lies(serve: Any, local: LocalTsa) -> None:
    """A page under the right content type does not parse: mistaken."""
    server = serve(lambda handler, query: _reply(handler, b"<html>"))
    with pytest.raises(AuthorityMistaken) as mistaken:
        _obtain(server, local)
    assert mistaken.value.code == "FORMAT_FAILURE"


def test_oversize(serve: Any, local: LocalTsa) -> None:
    """An answer beyond the limit is not read to its end: unavailable."""
    server = serve(lambda handler, query: _reply(handler, bytes(200_000)))
    with pytest.raises(AuthorityUnavailable, match="more than 65536 bytes"):
        _obtain(server, local)


def test_redirect(serve: Any, local: LocalTsa) -> None:
    """No redirect is followed, to no host: refused, and the other host never asked."""
    other = serve(lambda handler, query: _reply(handler, local.request(query)))
    server = serve(lambda handler, query: _reply(handler, b"", status=307, Location=other.url))
    with pytest.raises(AuthorityRefused, match="redirect"):
        _obtain(server, local)
    assert other.seen == []


def test_wrong_nonce(serve: Any, local: LocalTsa) -> None:
    """An old answer to the same digest is not taken for a new one: mistaken."""
    old = obtain_token(local, local.trusted, MESSAGE, NONCE + 1).raw
    server = serve(lambda handler, query: _reply(handler, old))
    with pytest.raises(AuthorityMistaken) as mistaken:
        _obtain(server, local)
    assert mistaken.value.code == "NONCE_MISMATCH"


def test_wrong_imprint(serve: Any, local: LocalTsa) -> None:
    """A token about other bytes is not taken: mistaken."""
    other = obtain_token(local, local.trusted, b"other", NONCE).raw
    server = serve(lambda handler, query: _reply(handler, other))
    with pytest.raises(AuthorityMistaken) as mistaken:
        _obtain(server, local)
    assert mistaken.value.code == "HASH_FAILURE"


def test_token_of_another_authority(serve: Any, local: LocalTsa, tmp_path: Path) -> None:
    """A good token of somebody whom the policy does not name is not taken: mistaken."""
    other = LocalTsa(tmp_path / "other", clock=lambda: datetime.now(UTC), random=os.urandom)
    server = serve(lambda handler, query: _reply(handler, other.request(query)))
    with pytest.raises(AuthorityMistaken) as mistaken:
        _obtain(server, local)
    assert mistaken.value.code == "UNTRUSTED_TSA"


def _rejection(failure: str) -> bytes:
    status = tsp.PKIStatusInfo({"status": "rejection", "status_string": ["sorry"], "fail_info": {failure}})
    return core.Sequence(contents=status.dump()).dump()


@pytest.mark.parametrize(
    ("failure", "family"),
    [
        ("bad_alg", AuthorityRefused),
        ("unaccepted_policy", AuthorityRefused),
        ("time_not_available", AuthorityUnavailable),
        ("system_failure", AuthorityUnavailable),
    ],
)
def test_rejection(serve: Any, local: LocalTsa, failure: str, family: type[Exception]) -> None:
    """PKIStatus rejection is a refusal, unless the authority says that it will pass; its words are kept."""
    server = serve(lambda handler, query: _reply(handler, _rejection(failure)))
    with pytest.raises(family, match=f"PKIStatus 2: sorry; {failure}"):
        _obtain(server, local)


def test_rejection_without_words(serve: Any, local: LocalTsa) -> None:
    """A refusal need not say why."""
    server = serve(lambda handler, query: _reply(handler, bytes.fromhex("30053003020103")))
    with pytest.raises(AuthorityRefused, match="PKIStatus 3: no reason given"):
        _obtain(server, local)


# --- where a request may go


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://tsa.example/",
        "//tsa.example/",
        "tsa.example",
        "http:///path",
        "http://user:secret@tsa.example/",
        "http://tsa.example/#part",
        "http://[::1",
        "http://tsa.example:99999999/",
    ],
)
def test_urls_that_are_none(url: str) -> None:
    """Only absolute http and https URLs without credentials or fragment are taken."""
    with pytest.raises(ValueError, match="URL of far"):
        HttpTsa("far", url)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "169.254.169.254"]
)
def test_private_networks_are_closed(host: str, local: LocalTsa) -> None:
    """A host in our own network, by number or by name, is refused before anything is sent."""
    with pytest.raises(AuthorityRefused, match="private network"):
        obtain_token(HttpTsa("far", f"https://{host}/"), local.trusted, MESSAGE, NONCE)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("::ffff:8.8.8.8", True),
        ("::ffff:10.1.2.3", False),
        ("100.64.0.1", False),
        ("192.168.1.1", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("0.0.0.0", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    """Public is what is reachable from the Internet."""
    assert public == is_public(address)
