"""Asks an identity provider over HTTPS: one fixed address, signed both ways (`api.signed_http`).

What a provider is asked and answers; nothing of a request is logged.

    POST {url}/checks                 {"id", "kind", "method", "subject": {…}, "frames": ["base64", …]}
    POST {url}/checks/{id}/amount     {"txn", "amount_fen"}
    GET  {url}/checks/{id}
    answer                            {"id", "outcome", "txn"?, "reason"?, "score_ppm"?}
"""

from datetime import timedelta
from typing import TYPE_CHECKING, cast, get_args

import httpx
from zheng_verifier.canonical import Fields, JsonObject, Limits, format_json, parse_json
from zheng_verifier.encoding import format_base64, parse_time
from zheng_verifier.errors import EvidenceError

from api.signed_http import NONCE, TIME, SignedHttp
from api.times import Clock, Random
from signing.identity.ports import Answer, IdentityProvider, Outcome, Query, Reason
from signing.identity.simulator import SimulatedIdentityProvider

if TYPE_CHECKING:
    from api.signing.settings import IdentitySettings

_LIMITS = Limits(max_bytes=16_384, max_depth=2, max_string=1_024)
_SKEW = timedelta(minutes=5)
_SUBJECT = (
    "name",
    "id_type",
    "id_number",
    "phone",
    "bank_card",
    "eid_token",
    "alipay_code",
    "uscc",
    "legal_representative",
    "bank_account",
)
_NO_ANSWER = Answer("unavailable", reason="provider_error")


class HttpIdentityProvider:
    """The port over HTTP. ``url`` is https, or loopback in tests; ``secret`` has at least 32 bytes."""

    simulated = False

    def __init__(
        self,
        *,
        name: str,
        url: str,
        secret: bytes,
        timeout: float,
        clock: Clock,
        random: Random,
        verify: str | bool = True,
    ) -> None:
        self.name = name
        self._clock = clock
        self._http = SignedHttp(
            "an identity provider",
            url=url,
            secret=secret,
            timeout=timeout,
            most=_LIMITS.max_bytes,
            clock=clock,
            random=random,
            verify=verify,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def check(self, query: Query) -> Answer:
        """Have it compared; the id makes it the same check however often it is sent."""
        subject: JsonObject = {name: text for name in _SUBJECT if (text := getattr(query, name))}
        body: JsonObject = {"id": query.id, "kind": query.kind, "method": query.method, "subject": subject}
        if query.frames:
            body["frames"] = [format_base64(frame) for frame in query.frames]
        return self._ask("POST", "/checks", query.id, body)

    def confirm(self, query_id: str, txn: str, amount_fen: int) -> Answer:
        """Ask whether this amount was transferred."""
        return self._ask(
            "POST", f"/checks/{query_id}/amount", query_id, {"txn": txn, "amount_fen": amount_fen}
        )

    def find(self, query_id: str, txn: str) -> Answer:
        """Ask how a check ended."""
        del txn  # ours is enough
        return self._ask("GET", f"/checks/{query_id}", query_id, None)

    def read_callback(self, path: str, headers: httpx.Headers, body: bytes) -> tuple[str, Answer]:
        """Read an answer that the provider sends by itself.

        Raises:
            ValueError: not signed by him, too old, or no answer.
        """
        moment = headers.get(TIME, "")
        try:
            age = abs(self._clock() - parse_time(moment))
        except EvidenceError as error:
            raise ValueError("the callback has no time") from error
        self._http.check("POST", path, moment, headers.get(NONCE, ""), body, headers)
        if age > _SKEW:
            raise ValueError("the callback is old")
        return read_answer(body)

    def _ask(self, method: str, path: str, query_id: str, body: JsonObject | None) -> Answer:
        content = b"" if body is None else format_json(body)
        try:
            status, answered = self._http.ask(method, path, content)
            about, answer = read_answer(answered)
        except httpx.TimeoutException:
            return Answer("unavailable", reason="timed_out")
        except (httpx.HTTPError, ValueError):
            return _NO_ANSWER
        return answer if status == 200 and about == query_id else _NO_ANSWER


def read_answer(body: bytes) -> tuple[str, Answer]:
    """Read a provider's answer and the id it is about.

    Raises:
        ValueError: it is none.
    """
    try:
        fields = Fields(parse_json(body, _LIMITS))
        about = fields.text("id")
        outcome = cast(Outcome, fields.text("outcome", choices=get_args(Outcome)))
        txn = fields.text("txn", max_bytes=128) if fields.has("txn") else ""
        reason = (
            cast(Reason, fields.text("reason", choices=get_args(Reason))) if fields.has("reason") else None
        )
        score = fields.integer("score_ppm", maximum=1_000_000) if fields.has("score_ppm") else None
        fields.end()
    except EvidenceError as error:
        raise ValueError("not an answer of an identity provider") from error
    if not all("!" <= character <= "~" for character in txn):
        raise ValueError("a transaction number is printable ASCII")
    return about, Answer(outcome, txn, reason, score)


def open_identity_provider(settings: "IdentitySettings", *, clock: Clock, random: Random) -> IdentityProvider:
    """Give the provider the settings name: the simulator, or one over HTTP.

    Raises:
        ValueError: the address or the secret cannot be used.
        OSError: the secret cannot be read.
    """
    match settings.provider:
        case "simulator":
            return SimulatedIdentityProvider()
        case "http":
            if settings.secret is None:
                raise ValueError("an identity provider needs a file with the shared secret")
            return HttpIdentityProvider(
                name=settings.name,
                url=settings.url,
                secret=settings.secret.read_bytes().strip(),
                timeout=settings.timeout,
                clock=clock,
                random=random,
            )
