"""A simulator of a certification authority over HTTP: the other side of `api.signing.ca_http`, over the test authority.

For trying the adapter without an authority, on this machine alone. It certifies whatever name it is told, says in each
answer that it is simulated, and in each certificate TEST; settings that do not call it a test refuse what it says.
"""

import hmac
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, cast, get_args

from zheng_verifier.canonical import Fields, JsonObject, Limits, format_json, parse_json
from zheng_verifier.encoding import format_base64, format_time, parse_base64, parse_time
from zheng_verifier.errors import EvidenceError

from api.signed_http import NONCE, SIGNATURE, TIME, signature
from api.signing.ca_http import key_id
from api.times import Clock
from signing.certificates.ports import AuthorityRefused, Profile, Reason
from signing.certificates.subjects import Subject
from signing.certificates.testca import LocalTestCa

SKEW = timedelta(minutes=5)
_LIMITS = Limits(max_bytes=65_536, max_depth=3, max_string=32_768)
_JSON: Final = "application/json"
_PUBLIC: Final = frozenset({"/root.crl", "/issuing.crl", "/root.cer", "/issuing.cer", "/ocsp"})


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back."""

    status: int
    media_type: str
    content: bytes


class CaSimulator:
    """Answers the protocol; tests make it answer worse. What it issued is known by its register, over restarts too."""

    def __init__(self, ca: LocalTestCa, secret: bytes, *, clock: Clock) -> None:
        self.ca = ca
        self.secret = secret
        self._clock = clock
        self._enrolled: dict[str, JsonObject] = {}

    def reply(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer a request, if it is signed and not old."""
        if path in _PUBLIC:
            return self._public(path, body)
        moment, nonce, given = (headers.get(name, "") for name in (TIME, NONCE, SIGNATURE))
        try:
            fresh = abs(self._clock() - parse_time(moment)) <= SKEW
            expected = signature(self.secret, method, path, moment, nonce, body)
            if not (fresh and hmac.compare_digest(expected.encode(), given.encode())):
                return Reply(401, _JSON, b"{}")
            return self._protocol(method, path, body)
        except EvidenceError as error:
            return Reply(400, _JSON, format_json({"reason": error.code}))

    def _public(self, path: str, body: bytes) -> Reply:
        if path == "/ocsp":
            return Reply(200, "application/ocsp-response", self.ca.ocsp(body))
        which, kind = path[1:].split(".")
        if kind == "crl":
            return Reply(200, "application/pkix-crl", self.ca.crl(which))
        certificate = self.ca.root if which == "root" else self.ca.issuing
        return Reply(200, "application/pkix-cert", certificate)

    def _protocol(self, method: str, path: str, body: bytes) -> Reply:
        match method, path.split("/")[1:]:
            case "POST", ["certificates"]:
                return self._said(self.enrol(Fields(parse_json(body, _LIMITS))))
            case "GET", ["certificates", asked]:
                return self._said(self._enrolled.get(asked, {"id": asked, "status": "unknown"}))
            case "POST", ["revocations"]:
                return self._said(self.revoke(Fields(parse_json(body, _LIMITS))))
            case _:
                return Reply(404, _JSON, b"{}")

    def _said(self, answer: JsonObject) -> Reply:
        return Reply(200, _JSON, format_json(answer | {"simulated": True}))

    def enrol(self, fields: Fields) -> JsonObject:
        """Certify a key; the same again is the same."""
        key = fields.text("id")
        profile = cast(Profile, fields.text("profile", choices=get_args(Profile)))
        request, named = parse_base64(fields.text("request")), Fields(fields.object("subject"))
        fields.end()
        kind = named.text("kind", choices=("person", "organization"))
        subject = Subject(
            named.text("name"),
            "organization" if kind == "organization" else "person",
            named.text("reference"),
            named.text("romanised") if named.has("romanised") else "",
        )
        try:
            issued = self.ca.certify(request, profile, subject)
        except AuthorityRefused as refused:
            return {"id": key, "status": "refused", "reason": str(refused)}
        if key_id(request) != key:
            return {"id": key, "status": "refused", "reason": "the id is not of this key"}
        self._enrolled[key] = {
            "id": key,
            "status": "issued",
            "certificate": format_base64(issued.certificate),
            "chain": [format_base64(each) for each in issued.above],
            "response": format_base64(issued.response),
        }
        return self._enrolled[key]

    def revoke(self, fields: Fields) -> JsonObject:
        """Revoke a certificate; again gives the first revocation."""
        serial = fields.text("serial", max_bytes=40)
        reason = cast(Reason, fields.text("reason", choices=get_args(Reason)))
        fields.end()
        try:
            found = self.ca.revoke(int(serial, 16), reason)
        except (AuthorityRefused, ValueError) as refused:
            return {"serial": serial, "status": "refused", "reason": str(refused)}
        return {
            "serial": serial,
            "status": "revoked",
            "revoked_at": format_time(found.at),
            "kind": found.kind,
            "evidence": format_base64(found.status),
            "chain": [format_base64(each) for each in (self.ca.issuing, self.ca.root)],
        }


@contextmanager
def serving(simulator: CaSimulator, port: int) -> Iterator[ThreadingHTTPServer]:
    """Answer at a port of 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(min(size, _LIMITS.max_bytes))
            headers = {name: self.headers.get(name, "") for name in (TIME, NONCE, SIGNATURE)}
            reply = simulator.reply(self.command, self.path, headers, body)
            sent = headers[TIME], headers[NONCE]
            signed = signature(simulator.secret, str(reply.status), self.path, *sent, reply.content)
            self.send_response(reply.status)
            self.send_header(SIGNATURE, signed)
            self.send_header("Content-Type", reply.media_type)
            self.send_header("Content-Length", str(len(reply.content)))
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):  # who asked is gone
                self.wfile.write(reply.content)

        do_GET = do_POST  # noqa: N815  # the base class names it

        def log_message(self, *_: object) -> None:
            """Log nothing: requests name people."""

    running = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield running
    finally:
        running.shutdown()
        running.server_close()
        thread.join()
