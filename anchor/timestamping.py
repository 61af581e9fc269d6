"""Getting one time-stamp: ask, keep the bytes as they came, and let the verifier judge them.

The judge is the one that a stranger will use years later, under the trust policy that is published. A token it would
not accept is not kept, whatever else would.
"""

from dataclasses import dataclass
from datetime import datetime

from zheng_verifier.errors import EvidenceError
from zheng_verifier.timestamp import TimestampResponse, TrustedTsa, parse_response, verify_timestamp
from zheng_verifier.timestamp.algorithms import digest

from anchor.ports import AuthorityMistaken, AuthorityRefused, AuthorityUnavailable, TimestampAuthority
from anchor.tsq import format_request

# PKIFailureInfo that speaks of the authority's state and not of the request (RFC 3161 §2.4.2).
_PASSING = frozenset({"time_not_available", "add_info_not_available", "system_failure"})


@dataclass(frozen=True, slots=True)
class AcceptedToken:
    """A response that our verifier accepted: ``raw`` as it came, the ``nonce`` it answers, the time it states."""

    tsa: str
    raw: bytes
    nonce: int
    gen_time: datetime


def obtain_token(
    authority: TimestampAuthority, trusted: TrustedTsa, message: bytes, nonce: int
) -> AcceptedToken:
    """Have ``message`` time-stamped and the answer judged under ``trusted``.

    The imprint is by SHA-256 where the policy accepts it, else by the first algorithm the policy names.

    Raises:
        AuthorityUnavailable: no answer, or a refusal that will pass.
        AuthorityRefused: a refusal, with the authority's words.
        AuthorityMistaken: an answer that does not hold, with the verifier's code.
    """
    algorithm = "sha256" if "sha256" in trusted.imprint_algs else trusted.imprint_algs[0]
    raw = authority.request(format_request(digest(algorithm, message), nonce, algorithm=algorithm))
    try:
        response = parse_response(raw)
        if response.token is None:
            raise _refusal(authority.name, response)
        result = verify_timestamp(raw, message=message, tsa=trusted, nonce=nonce)
    except EvidenceError as error:
        raise AuthorityMistaken(error.code, f"the answer of {authority.name}: {error.detail}") from error
    return AcceptedToken(authority.name, raw, nonce, result.gen_time)


def _refusal(name: str, response: TimestampResponse) -> AuthorityUnavailable | AuthorityRefused:
    said = "; ".join((*response.status_text, *response.failures)) or "no reason given"
    detail = f"{name} answered with PKIStatus {response.status}: {said}"
    if _PASSING.intersection(response.failures):
        return AuthorityUnavailable(detail)
    return AuthorityRefused(detail)
