"""Gives evidence to an institution over HTTPS: one fixed address, signed both ways (docs/spec/institutions.md).

The address comes from the settings and from nowhere else: neither a request nor an answer can lead elsewhere, redirects
are not followed, the environment names no proxy. Requests and answers carry an HMAC-SHA-256 over method (in an answer:
status), path, time, nonce and body under a shared secret. An answer that is not signed for this very request says
nothing: whether the evidence arrived is unknown then, and asked again.

    POST {url}/evidence                 {"account", "business_id", "name", "description", "media_type", "size",
                                         "sha256", "sm3", "body"?: base64}
    GET  {url}/evidence/{business_id}
    answer 200                          {"business_id", "outcome", "receipt"?, "accepted_at"?, "transaction"?, …}
    answer 404                          it never had it
"""

import hmac
import time

import httpx
from zheng_verifier.canonical import Fields, JsonObject, Limits, format_json, parse_json
from zheng_verifier.encoding import format_base64, format_hex, format_time, parse_time
from zheng_verifier.errors import EvidenceError

from api.institutions.ports import Acknowledgement, InstitutionKind, Submission
from api.signing.identity_http import NONCE, SIGNATURE, TIME, signature
from api.times import Clock, Random

ACCOUNT = "X-Zheng-Account"
MAX_ANSWER = 1 << 20
_LIMITS = Limits(max_bytes=MAX_ANSWER, max_depth=4, max_string=MAX_ANSWER)
# A certificate may come within the answer, in whatever member; it is kept with the answer's bytes and not read here.
_READ = ("business_id", "outcome", "receipt", "accepted_at", "transaction")


class HttpInstitution:
    """The port over HTTP. ``url`` is https, or loopback in tests; ``secret`` has at least 32 bytes."""

    simulated = False

    def __init__(
        self,
        *,
        name: str,
        kind: InstitutionKind,
        url: str,
        account: str,
        secret: bytes,
        timeout: float,
        max_body: int,
        clock: Clock,
        random: Random,
        verify: str | bool = True,
    ) -> None:
        parsed = httpx.URL(url)
        loopback = parsed.scheme == "http" and parsed.host in ("127.0.0.1", "localhost")
        if not (parsed.scheme == "https" or loopback) or parsed.userinfo or parsed.query or parsed.fragment:
            raise ValueError("an institution has an https address without user, query or fragment")
        if len(secret) < 32:
            raise ValueError("the secret shared with an institution has at least 32 bytes")
        self.name = name
        self.kind = kind
        self.max_body = max_body
        self._base = url.rstrip("/")
        self._account = account
        self._secret = secret
        self._timeout = timeout
        self._clock = clock
        self._random = random
        self._client = httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False, verify=verify)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def submit(self, submission: Submission) -> Acknowledgement:
        """Give it; the business id makes it the same submission however often it is sent."""
        body: JsonObject = {
            "account": self._account,
            "business_id": submission.business_id,
            "name": submission.name,
            "description": submission.description,
            "media_type": submission.media_type,
            "size": submission.size,
            "sha256": format_hex(submission.sha256),
            "sm3": format_hex(submission.sm3),
        }
        if submission.body:
            body["body"] = format_base64(submission.body)
        return self._ask("POST", "/evidence", submission.business_id, format_json(body))

    def query(self, business_id: str) -> Acknowledgement:
        """Ask what became of it."""
        return self._ask("GET", f"/evidence/{business_id}", business_id, b"")

    def _ask(self, method: str, path: str, business_id: str, content: bytes) -> Acknowledgement:
        moment, nonce = format_time(self._clock()), self._random(16).hex()
        request_path = httpx.URL(self._base + path).path
        headers = {
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
            ACCOUNT: self._account,
            TIME: moment,
            NONCE: nonce,
            SIGNATURE: signature(self._secret, method, request_path, moment, nonce, content),
        }
        try:
            with self._client.stream(
                method, self._base + path, content=content or None, headers=headers
            ) as response:
                answered = self._taken_in(response)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            return Acknowledgement("unsent")
        except (httpx.HTTPError, ValueError):
            return Acknowledgement("unknown")
        # The nonce of the request makes an old answer worthless.
        expected = signature(self._secret, str(response.status_code), request_path, moment, nonce, answered)
        given = response.headers.get(SIGNATURE, "")
        if not hmac.compare_digest(expected.encode(), given.encode()):
            return Acknowledgement("unknown")
        if response.status_code == 404 and method == "GET":
            return Acknowledgement("not_found")
        if response.status_code != 200:
            return Acknowledgement("unknown")
        return read_answer(answered, business_id)

    def _taken_in(self, response: httpx.Response) -> bytes:
        """Take an answer in, as far and as long as one may be."""
        parts, size, end = [], 0, time.monotonic() + self._timeout
        for part in response.iter_raw():
            size += len(part)
            if size > MAX_ANSWER or time.monotonic() > end:
                raise ValueError("the answer is too long")
            parts.append(part)
        return b"".join(parts)


def read_answer(raw: bytes, business_id: str) -> Acknowledgement:
    """Read an institution's answer about a submission; what says nothing definite about it is ``unknown``."""
    try:
        value = parse_json(raw, _LIMITS)
        if not isinstance(value, dict):
            return Acknowledgement("unknown")
        fields = Fields({name: value[name] for name in _READ if name in value})
        if fields.text("business_id") != business_id:
            return Acknowledgement("unknown")
        match fields.text("outcome", choices=("accepted", "refused", "pending")):
            case "accepted":
                receipt = fields.text("receipt", max_bytes=128)
                accepted_at = parse_time(fields.text("accepted_at"))
                transaction = fields.text("transaction", max_bytes=256) if fields.has("transaction") else ""
                if not receipt:
                    return Acknowledgement("unknown")
                return Acknowledgement("accepted", receipt, accepted_at, transaction, raw)
            case "refused":
                return Acknowledgement("refused", raw=raw)
            case _:
                return Acknowledgement("pending", raw=raw)
    except EvidenceError:
        return Acknowledgement("unknown")
