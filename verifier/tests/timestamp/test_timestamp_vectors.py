"""Time-stamp tokens of other makers: every case of the shared vectors gets the verdict it names."""

import base64
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem, tsp
from zheng_verifier.errors import EvidenceError, InsufficientError
from zheng_verifier.timestamp import TimestampResult, TrustedTsa, parse_response, verify_timestamp

_BASE = Path(__file__).resolve().parents[4] / "shared" / "vectors"
_FOLDER = Path(os.environ.get("ZHENG_VECTORS", _BASE)) / "rfc3161"


def _load_cases() -> list[dict[str, Any]]:
    # Without the vectors one case stands for all, and the fixture skips it with the reason.
    if not (_FOLDER / "cases.json").is_file():
        return [{"id": "absent"}]
    content = json.loads((_FOLDER / "cases.json").read_text())
    return content if isinstance(content, list) else content["cases"]


CASES = {case["id"]: case for case in _load_cases()}

# The code for each case that is not valid, besides the verdict the vectors themselves give.
CODES = {
    "tob-no-embedded-cert-unknown-tsa": "NO_SIGNING_CERTIFICATE_FOUND",
    "tob-invalid-signature": "SIG_CRYPTO_FAILURE",
    "tob-wrong-data": "HASH_FAILURE",
    "tob-wrong-root": "UNTRUSTED_TSA",
    "tob-mock-outside-validity": "EXPIRED",
    "tob-nonce-mismatch": "NONCE_MISMATCH",
    "sc-rekor2-timestamp-payload-mismatch": "HASH_FAILURE",
    "sc-rekor2-timestamp-outside-trust-root-tsa-validity": "OUT_OF_TRUST_PERIOD",
    "sc-rekor2-timestamp-untrusted-tsa-without-embedded-cert": "NO_SIGNING_CERTIFICATE_FOUND",
    "digitorus-rejection": "STATUS_NOT_GRANTED",
    "own-a-gentime-after-expiry": "EXPIRED",
    "own-a-gentime-before-start": "NOT_YET_VALID",
    "own-a-wrong-data": "HASH_FAILURE",
    "own-a-eku-missing": "CHAIN_CONSTRAINTS_FAILURE",
    "own-a-eku-not-critical": "CHAIN_CONSTRAINTS_FAILURE",
    "own-a-eku-two-purposes": "CHAIN_CONSTRAINTS_FAILURE",
    "own-a-eku-other-purpose": "CHAIN_CONSTRAINTS_FAILURE",
    "own-a-sha1-imprint": "CRYPTO_CONSTRAINTS_FAILURE",
    "own-a-sha1-signature": "CRYPTO_CONSTRAINTS_FAILURE",
    "own-a-imprint-length-mismatch": "HASH_FAILURE",
    "own-a-signing-cert-missing": "SIG_CONSTRAINTS_FAILURE",
    "own-a-signing-cert-wrong-hash": "SIG_CONSTRAINTS_FAILURE",
    "own-a-message-digest-mismatch": "HASH_FAILURE",
    "own-a-content-type-attr-data": "SIG_CONSTRAINTS_FAILURE",
    "own-a-signature-altered": "SIG_CRYPTO_FAILURE",
    "own-a-two-signers": "FORMAT_FAILURE",
    "own-a-untrusted-root": "UNTRUSTED_TSA",
    "own-a-intermediate-missing": "UNTRUSTED_TSA",
    "own-a-trailing-bytes": "FORMAT_FAILURE",
    "own-a-truncated": "FORMAT_FAILURE",
    "own-a-other-policy": "POLICY_NOT_ALLOWED",
    "own-a-revoked-before": "REVOKED",
    "own-a-revoked-after-keycompromise": "REVOKED",
    "own-a-rejection": "STATUS_NOT_GRANTED",
}


def _der(path: Path) -> bytes:
    data = path.read_bytes()
    return pem.unarmor(data)[2] if pem.detect(data) else data


def _message(case: dict[str, Any]) -> bytes:
    return base64.b64decode(case["data_b64"]) if "data_b64" in case else case.get("data_ascii", "").encode()


def _trusted(case: dict[str, Any], **changes: Any) -> TrustedTsa:
    windows = [
        {k: datetime.fromisoformat(v) for k, v in window.items()}
        for window in case.get("tsa_valid_for", [{}])
    ]
    values: dict[str, Any] = {
        "name": case["id"],
        "roots": tuple(_der(_FOLDER / name) for name in case["trust"]),
        "pins": (),
        "policy_oids": (case.get("requested_policy", case.get("policy", "1.2.3")),),
        "imprint_algs": ("sha256", "sha384", "sha512", "sm3"),
        "test": False,
        "valid_from": windows[0].get("start"),
        "valid_until": windows[0].get("end"),
    }
    return TrustedTsa(**(values | changes))


def _verify(case: dict[str, Any], **changes: Any) -> TimestampResult:
    nonce = case.get("nonce")
    if "request" in case:
        nonce = tsp.TimeStampReq.load((_FOLDER / case["request"]).read_bytes())["nonce"].native
    moment = case.get("validate_at", "genTime")
    at = None if moment == "genTime" else datetime.fromisoformat(moment).replace(tzinfo=UTC)
    return verify_timestamp(
        (_FOLDER / case["file"]).read_bytes(),
        message=_message(case),
        tsa=_trusted(case, **changes),
        nonce=nonce,
        extra_certificates=[_der(_FOLDER / name) for name in case["untrusted"]],
        crls=[(_FOLDER / case["crl"]).read_bytes()] if "crl" in case else [],
        at=at,
    )


@pytest.mark.parametrize("name", CASES)
def test_answers_vector_as_it_is_marked(name: str, vectors: Callable[[str], Path]) -> None:
    """Each token is accepted or refused as its case says, weak and foreign policies as 'not enough'."""
    vectors("rfc3161")
    case = CASES[name]
    match case["expect"]:
        case "valid":
            result = _verify(case)
            assert datetime.fromisoformat(case["genTime"]) == result.gen_time
            assert case["imprint_alg"] == result.imprint_algorithm
            assert case["policy"] == result.policy_oid
        case "policy" | "policy-invalid":
            with pytest.raises(InsufficientError) as weak:
                _verify(case)
            assert CODES.get(name, weak.value.code) == weak.value.code
        case "parse-only":
            parse_response((_FOLDER / case["file"]).read_bytes())
        case _:
            with pytest.raises(EvidenceError) as refused:
                _verify(case)
            assert CODES.get(name, refused.value.code) == refused.value.code
