"""Signed answers: whether a digest was deposited, how a certificate stands; that there is none is an answer too.

    {"answered_at":"…","asked":"sha256:9f86…","deposits":[…],"found":true,"jws":"…","overall":"FOUND","zheng":"answer/v1"}

The signature is a JWS without its payload (RFC 7515 appendix F) over the canonical JSON of all other members, by the
key that the trust policy names for reports. So a printed answer can be held against us later. Nothing says whose a
deposit is or to which case it belongs; a certificate's number is 80 random bits, so none can be found by trying.
"""

import hashlib

from zheng_verifier.canonical import BUNDLE_LIMITS, JsonObject, JsonValue, format_json, parse_canonical
from zheng_verifier.encoding import format_base64, format_time
from zheng_verifier.merkle import leaf_hash

from api.issuance.certificates import Issued, find_certificate, written_number
from api.issuance.document_index import DepositedAt, DigestAlgorithm
from api.problems import ProblemError
from api.services import Services


def answer_digest(services: Services, algorithm: DigestAlgorithm, digest: str) -> JsonObject:
    """Say when a digest (lower-case hexadecimal) was deposited and where in the log."""
    found: list[JsonValue] = [
        _deposit(services, each) for each in services.documents.find(bytes.fromhex(digest), algorithm)
    ]
    return _signed(services, f"{algorithm}:{digest}", {"deposits": found}, found=bool(found))


def answer_number(services: Services, number: str) -> JsonObject:
    """Say whether there is a certificate of this number, as a person types it, and how it stands."""
    try:
        written = written_number(number)
    except ProblemError:
        return _signed(services, number, {}, found=False)
    try:
        return answer_certificate(services, find_certificate(services, written))
    except ProblemError:
        return _signed(services, written, {}, found=False)


def answer_certificate(services: Services, issued: Issued) -> JsonObject:
    """Say how a certificate stands, and what it says."""
    standing = issued.standing
    body: JsonObject = {
        "status": standing.status.value,
        "since": format_time(standing.since),
        "certificate": parse_canonical(issued.document, BUNDLE_LIMITS),
        "certificate_sha256": hashlib.sha256(issued.document).hexdigest(),
    }
    body |= {} if standing.reason is None else {"reason": standing.reason}
    body |= {} if standing.successor is None else {"successor": standing.successor}
    return _signed(services, issued.number, body, found=True)


def sign_report(services: Services, report: JsonObject) -> JsonObject:
    """Say in a report that this service signs it, and put its JWS (`zheng-report+jws`) beside its members."""
    payload = report | {"signed": True}
    return payload | {"jws": services.issuer.sign_report(format_json(payload))}


def _signed(services: Services, asked: str, body: JsonObject, *, found: bool) -> JsonObject:
    answer: JsonObject = {
        "zheng": "answer/v1",
        "asked": asked,
        "answered_at": format_time(services.clock()),
        "found": found,
        "overall": "FOUND" if found else "NOT_FOUND",
        **body,
    }
    return answer | {"jws": services.issuer.sign_answer(format_json(answer))}


def _deposit(services: Services, each: DepositedAt) -> JsonObject:
    """Write what anybody may know of a deposit: the public leaf, and the times that are its own."""
    leaf = services.ledger.reader.leaf(each.leaf_index)
    body: JsonObject = {
        "leaf_index": each.leaf_index,
        "received_at": format_time(each.received_at),
        "role": each.role,
        "level": services.evidence.level_of(services.evidence.covers(each.leaf_index)),
    }
    return body if leaf is None else body | {"leaf_hash": format_base64(leaf_hash(leaf))}
