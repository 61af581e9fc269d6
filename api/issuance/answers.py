"""The register's answers: how a certificate stands, signed; that there is none is an answer too.

The signature is a JWS without its payload (RFC 7515 appendix F) over the canonical JSON of all other members, by the
key that the trust policy names for reports. So a printed answer can be held against us later.
"""

import hashlib

from zheng_verifier.canonical import BUNDLE_LIMITS, JsonObject, format_json, parse_canonical
from zheng_verifier.encoding import format_time

from api.issuance.certificates import Issued
from api.services import Services


def certificate_answer(services: Services, number: str, issued: Issued | None) -> JsonObject:
    """Answer whoever asks for a certificate by ``number``, in its one form; None: the register has no such one."""
    body: JsonObject = {
        "zheng": "answer/v1",
        "asked": number,
        "answered_at": format_time(services.clock()),
        "found": issued is not None,
    }
    if issued is not None:
        standing = issued.standing
        body |= {
            "status": standing.status.value,
            "since": format_time(standing.since),
            "certificate": parse_canonical(issued.document, BUNDLE_LIMITS),
            "certificate_sha256": hashlib.sha256(issued.document).hexdigest(),
        }
        body |= {} if standing.reason is None else {"reason": standing.reason}
        body |= {} if standing.successor is None else {"successor": standing.successor}
    return body | {"jws": services.issuer.sign_answer(format_json(body))}
