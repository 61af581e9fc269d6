"""Signed answers to questions about a digest, and signed reports; a negative answer is evidence too.

    {"answered_at":"…","asked":"sha256:9f86…","deposits":[…],"found":true,"jws":"…","overall":"FOUND","zheng":"answer/v1"}

The form is that of the register's answers (`api.issuance.answers`). Nothing says whose a deposit is or to which case it
belongs; a certificate's number is 80 random bits, so none can be found by trying.
"""

from zheng_verifier.canonical import JsonObject, JsonValue, format_json
from zheng_verifier.encoding import format_base64, format_time
from zheng_verifier.merkle import leaf_hash

from api.issuance.answers import certificate_answer
from api.issuance.certificates import find_certificate, written_number
from api.issuance.document_index import DepositedAt, DigestAlgorithm
from api.problems import ProblemError
from api.services import Services


def answer_digest(services: Services, algorithm: DigestAlgorithm, digest: str) -> JsonObject:
    """Say when a digest (lower-case hexadecimal) was deposited and where in the log."""
    found: list[JsonValue] = [
        _deposit(services, each) for each in services.documents.find(bytes.fromhex(digest), algorithm)
    ]
    answer: JsonObject = {
        "zheng": "answer/v1",
        "asked": f"{algorithm}:{digest}",
        "answered_at": format_time(services.clock()),
        "found": bool(found),
        "overall": "FOUND" if found else "NOT_FOUND",
        "deposits": found,
    }
    return answer | {"jws": services.issuer.sign_answer(format_json(answer))}


def answer_number(services: Services, number: str) -> JsonObject:
    """Say whether there is a certificate of this number, and how it stands."""
    try:
        written = written_number(number)
        return certificate_answer(services, written, find_certificate(services, written))
    except ProblemError:
        return certificate_answer(services, number, None)


def sign_report(services: Services, report: JsonObject) -> JsonObject:
    """Say in a report that this service signs it, and put its JWS (`zheng-report+jws`) beside its members."""
    payload = report | {"signed": True}
    return payload | {"jws": services.issuer.sign_report(format_json(payload))}


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
