"""Asks a certification authority over HTTPS: one fixed address, signed both ways (docs/spec/signer-certificates.md §6).

Whatever it answers is held against the request and the settings before it is believed (`signing.certificates.believing`).
Status is asked at the addresses of the settings alone: those in a certificate are for others, and lead nowhere from here.

    POST {url}/certificates        {"id", "profile", "request": base64, "subject": {"name", "kind", "reference", …}}
    GET  {url}/certificates/{id}
    answer 200                     {"id", "status": "issued", "certificate", "chain": […], "response"?}
                                   {"id", "status": "pending" | "unknown"}  |  {"id", "status": "refused", "reason"?}
    POST {url}/revocations         {"serial", "reason"}
    answer 200                     {"serial", "status": "revoked", "revoked_at", "kind": "crl" | "notice", "evidence",
                                    "chain"?}
                                   {"serial", "status": "refused", "reason"?}

``id`` is the SHA-256 of the public key: the same key is the same enrolment however often it is asked for, so that an answer
that was lost is fetched again. Any answer may say ``"simulated": true``.
"""

import hashlib
import time
from collections.abc import Callable, Mapping

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from zheng_verifier.canonical import Fields, JsonObject, Limits, format_json, parse_json
from zheng_verifier.encoding import format_base64, parse_base64, parse_time
from zheng_verifier.errors import EvidenceError
from zheng_verifier.policy import TrustedCa

from api.signed_http import SignedHttp
from api.signing.status_http import StatusHttp
from api.times import Clock
from signing.certificates.believing import MAX_ABOVE, believe, believe_list
from signing.certificates.ports import (
    AuthorityMistaken,
    AuthorityRefused,
    AuthorityUnavailable,
    IssuedCertificate,
    Profile,
    Reason,
    Revoked,
)
from signing.certificates.subjects import Subject

MAX_ANSWER = 1 << 20  # bytes: a revocation may bring its list
_LIMITS = Limits(max_bytes=MAX_ANSWER, max_depth=3, max_string=MAX_ANSWER)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 2.0  # seconds between questions after a certificate that is not ready


class HttpCa:
    """A `CertificateAuthority` behind HTTP. ``patience`` is in seconds, ``policies`` names each profile's policy."""

    def __init__(
        self,
        http: SignedHttp,
        status: StatusHttp,
        *,
        trusted: TrustedCa,
        policies: Mapping[Profile, str],
        patience: float,
        clock: Clock,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = http
        self._status = status
        self._trusted = trusted
        self._policies = policies
        self._patience = patience
        self._clock = clock
        self._sleep = sleep

    def close(self) -> None:
        """Close the connections."""
        self._http.close()
        self._status.close()

    @property
    def trusted(self) -> TrustedCa:
        """What the operator's settings say of it."""
        return self._trusted

    @property
    def former(self) -> tuple[TrustedCa, ...]:
        """Nobody certified before it."""
        return ()

    def policy_oid(self, profile: Profile) -> str:
        """Name the certificate policy of a profile."""
        return self._policies[profile]

    def certify(self, request: bytes, profile: Profile, subject: Subject) -> IssuedCertificate:
        """Have the key of a request certified, and believe what comes if it is that.

        Raises:
            AuthorityUnavailable, AuthorityRefused, AuthorityMistaken.

        """
        key = key_id(request)
        described: JsonObject = {"name": subject.name, "kind": subject.kind, "reference": subject.reference}
        if subject.romanised:
            described["romanised"] = subject.romanised
        body: JsonObject = {
            "id": key,
            "profile": profile,
            "request": format_base64(request),
            "subject": described,
        }
        status, fields = self._enrol(key, body)
        if status == "refused":
            raise AuthorityRefused(_reason(fields))
        if status != "issued":
            raise AuthorityUnavailable("the authority has not decided yet")
        issued = _read_issued(fields)
        now = self._clock()
        return believe(issued, request, profile, self._trusted, self._policies[profile], now)

    def _enrol(self, key: str, body: JsonObject) -> tuple[str, Fields]:
        """Ask for a certificate; then, while it is not ready or the answer was lost, after it."""
        path = f"/certificates/{key}"
        try:
            status, fields = self._ask("POST", "/certificates", body, "id", key)
        except AuthorityUnavailable as error:
            if isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout):
                raise  # it never arrived
            status, fields = self._ask("GET", path, None, "id", key)
        ends, pause = time.monotonic() + self._patience, _FIRST_PAUSE
        while status == "pending" and time.monotonic() < ends:
            self._sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
            status, fields = self._ask("GET", path, None, "id", key)
        return status, fields

    def revoke(self, serial: int, reason: Reason) -> Revoked:
        """Have a certificate revoked; a list that comes as evidence has to be the issuer's and name it.

        Raises:
            AuthorityUnavailable, AuthorityRefused, AuthorityMistaken.

        """
        written = f"{serial:x}"
        status, fields = self._ask(
            "POST", "/revocations", {"serial": written, "reason": reason}, "serial", written
        )
        if status == "refused":
            raise AuthorityRefused(_reason(fields))
        try:
            if status != "revoked":
                raise AuthorityMistaken(f"a revocation has no status '{status[:20]}'")
            at, kind = (
                parse_time(fields.text("revoked_at")),
                fields.text("kind", choices=("crl", "notice")),
            )
            evidence, chain = parse_base64(fields.text("evidence")), _chain(fields)
            fields.end()
        except EvidenceError as error:
            raise AuthorityMistaken(f"an answer about a revocation is not one: {error.code}") from error
        if kind == "notice":
            return Revoked(at, "notice", evidence)
        return believe_list(Revoked(at, "crl", evidence), serial, chain, self._trusted, self._clock())

    def crls(self) -> tuple[bytes, ...]:
        """Fetch the lists of the settings.

        Raises:
            AuthorityUnavailable.

        """
        return self._status.crls()

    def ocsp(self, request: bytes) -> bytes:
        """Ask the responder of the settings.

        Raises:
            AuthorityUnavailable.

        """
        return self._status.ocsp(request)

    def _ask(
        self, method: str, path: str, body: JsonObject | None, about: str, value: str
    ) -> tuple[str, Fields]:
        try:
            code, answered = self._http.ask(method, path, b"" if body is None else format_json(body))
        except httpx.TimeoutException as error:
            raise AuthorityUnavailable("the authority did not answer in time") from error
        except (httpx.HTTPError, ValueError) as error:
            raise AuthorityUnavailable("the authority cannot be reached, or gave no signed answer") from error
        if code != httpx.codes.OK:
            raise AuthorityUnavailable(f"the authority answered with HTTP {code}")
        try:
            fields = Fields(parse_json(answered, _LIMITS))
            simulated = fields.boolean("simulated") if fields.has("simulated") else False
            same, status = fields.text(about) == value, fields.text("status", max_bytes=20)
        except EvidenceError as error:
            raise AuthorityMistaken(f"the authority's answer is none: {error.code}") from error
        if not same:
            raise AuthorityMistaken("the answer is about something else")
        if simulated and not self._trusted.test:
            raise AuthorityMistaken("the authority says that it is a simulator, and the settings do not")
        return status, fields


def key_id(request: bytes) -> str:
    """Name an enrolment: SHA-256 of the public key of a PKCS#10 request, in hex."""
    public = x509.load_der_x509_csr(request).public_key()
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).hexdigest()


def _read_issued(fields: Fields) -> IssuedCertificate:
    try:
        certificate, above = parse_base64(fields.text("certificate")), _chain(fields)
        response = parse_base64(fields.text("response")) if fields.has("response") else certificate
        fields.end()
    except EvidenceError as error:
        raise AuthorityMistaken(f"the authority's answer holds no certificate: {error.code}") from error
    return IssuedCertificate(certificate, above, response)


def _chain(fields: Fields) -> tuple[bytes, ...]:
    if not fields.has("chain"):
        return ()
    items = fields.array("chain", max_items=MAX_ABOVE)
    if not all(isinstance(each, str) for each in items):
        raise AuthorityMistaken("a chain is certificates in base64")
    return tuple(parse_base64(str(each)) for each in items)


def _reason(fields: Fields) -> str:
    """Give the authority's own words, short and in one line."""
    try:
        text = fields.text("reason", max_bytes=400) if fields.has("reason") else ""
    except EvidenceError:
        text = ""
    words = "".join(character for character in text if character.isprintable())[:200]
    return words or "the authority refused, and does not say why"
