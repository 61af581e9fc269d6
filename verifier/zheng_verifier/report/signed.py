"""A report signed by the service that made it: a JWS (RFC 7515) in compact form over the detailed report.

    base64url({"alg":"ES256","kid":"…","typ":"zheng-report+jws"}) . base64url(canonical JSON) . base64url(64 bytes)

The key is the service's own for reports; it signs neither checkpoints nor certificates. The header is exactly those
three members: ``crit``, ``jku``, ``jwk``, ``x5c`` and anything else are refused, so that no report brings its own key.
A signature says who made the report, not that it is right: a reader verifies the evidence itself and compares.
Specification: docs/spec/report.md §5.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from zheng_verifier.canonical import JsonObject, Limits, parse_canonical
from zheng_verifier.encoding import format_base64url, parse_base64url
from zheng_verifier.errors import MalformedError, UncheckableError
from zheng_verifier.jws import (
    check_public_key,
    format_protected,
    key_fingerprint,
    parse_jws,
    signing_input,
    verify_jws,
)

REPORT_TYPE = "zheng-report+jws"
REPORT_LIMITS = Limits(max_bytes=16 << 20, max_depth=12, max_string=1 << 20)
_MAX_JWS = REPORT_LIMITS.max_bytes * 4 // 3 + 1_024  # characters


@dataclass(frozen=True, slots=True)
class SignedReport:
    """A signed report as it parses: ``kid`` names the key (SHA-256 of its SPKI); nothing is verified yet."""

    jws: str
    kid: bytes
    payload: bytes


def report_signing_input(payload: bytes, spki: bytes) -> bytes:
    """Give the bytes that the holder of the key ``spki`` (DER) signs for the canonical JSON ``payload``.

    ES256 signatures are r ‖ s of 32 bytes each (RFC 7518 §3.4), those of Ed25519 as they are.

    Raises:
        MalformedError: the payload is not a report in canonical form, or the key not a SubjectPublicKeyInfo.
        UncheckableError: code UNKNOWN_ALGORITHM: neither Ed25519 nor P-256.

    """
    _read_payload(payload)
    return signing_input(_protected(spki), payload)


def format_signed_report(payload: bytes, spki: bytes, signature: bytes) -> str:
    """Put a signed report together from what was signed and its 64-byte signature; for errors see the input."""
    return f"{report_signing_input(payload, spki).decode()}.{format_base64url(signature)}"


def _protected(spki: bytes) -> str:
    return format_protected(check_public_key(spki), key_fingerprint(spki), REPORT_TYPE)


def parse_signed_report(text: str) -> SignedReport:
    """Read a signed report; neither signature nor content is verified.

    Raises:
        MalformedError: not three parts, a foreign header, a payload that is not canonical JSON.
        UncheckableError: UNKNOWN_ALGORITHM or UNKNOWN_VERSION.

    """
    parts = text.split(".") if len(text) <= _MAX_JWS else []
    if len(parts) != 3:
        raise MalformedError("FORMAT_FAILURE", "not a compact JWS", "report")
    header = parse_jws(f"{parts[0]}..{parts[2]}", typ=REPORT_TYPE, where="report")
    payload = parse_base64url(parts[1], where="report/payload")
    _read_payload(payload)
    return SignedReport(text, header.kid, payload)


def _read_payload(payload: bytes) -> JsonObject:
    value = parse_canonical(payload, REPORT_LIMITS)
    version = value.get("zheng") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(version, str) or not version.startswith("report/"):
        raise MalformedError("FORMAT_FAILURE", "not a report", "report/payload")
    if version != "report/v1":
        raise UncheckableError("UNKNOWN_VERSION", f"'{version[:32]}' is not read here", "report/payload")
    return value


def verify_signed_report(jws: str, keys: Iterable[bytes]) -> JsonObject:
    """Check that one of the keys (DER SPKI) signed the report, and give its payload.

    Raises:
        MalformedError: it does not parse.
        VerificationError: code SIG_CRYPTO_FAILURE: the signature does not hold.
        UncheckableError: code KEY_UNKNOWN: none of the keys is the one it names; UNKNOWN_ALGORITHM, UNKNOWN_VERSION.

    """
    signed = parse_signed_report(jws)
    for spki in keys:
        if key_fingerprint(spki) == signed.kid:
            protected, _, signature = jws.split(".")
            verify_jws(f"{protected}..{signature}", signed.payload, spki, typ=REPORT_TYPE)
            return _read_payload(signed.payload)
    raise UncheckableError("KEY_UNKNOWN", "no key is known that signed this report", "report")
