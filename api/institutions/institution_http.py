"""Gives evidence to an institution over HTTPS: one fixed address, signed both ways (docs/spec/institutions.md).

An answer that is not signed for this very request says nothing: whether the evidence arrived is unknown then, and asked
again.

    POST {url}/evidence                 {"account", "business_id", "name", "description", "media_type", "size",
                                         "sha256", "sm3", "body"?: base64}
    GET  {url}/evidence/{business_id}
    answer 200                          {"business_id", "outcome", "receipt"?, "accepted_at"?, "transaction"?, …}
    answer 404                          it never had it
"""

import httpx
from zheng_verifier.canonical import Fields, JsonObject, Limits, format_json, parse_json
from zheng_verifier.encoding import format_base64, format_hex, parse_time
from zheng_verifier.errors import EvidenceError

from api.institutions.ports import Acknowledgement, InstitutionKind, Submission
from api.signed_http import SignedHttp
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
        self.name = name
        self.kind = kind
        self.max_body = max_body
        self._account = account
        self._http = SignedHttp(
            "an institution",
            url=url,
            secret=secret,
            timeout=timeout,
            most=MAX_ANSWER,
            clock=clock,
            random=random,
            verify=verify,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

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
        try:
            status, answered = self._http.ask(method, path, content, {ACCOUNT: self._account})
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            return Acknowledgement("unsent")
        except (httpx.HTTPError, ValueError):
            return Acknowledgement("unknown")
        if status == 404 and method == "GET":
            return Acknowledgement("not_found")
        if status != 200:
            return Acknowledgement("unknown")
        return read_answer(answered, business_id)


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
