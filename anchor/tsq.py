"""Time-stamp requests (RFC 3161 §2.4.1): the digest, a nonce, and the wish for the authority's certificate.

rfc3161ng builds them, always from a digest: given data it would digest by SHA-1, whatever the name says. It knows
no SM3, so that digest is put into the request it made.
"""

import rfc3161ng
from zheng_verifier.timestamp import IMPRINT_ALGORITHMS
from zheng_verifier.timestamp.algorithms import digest_size

_SM3 = "1.2.156.10197.1.401"


def format_request(digest: bytes, nonce: int, *, algorithm: str = "sha256") -> bytes:
    """Write the DER of a TimeStampReq with certReq for a digest by ``algorithm``, one of ``IMPRINT_ALGORITHMS``.

    Raises:
        ValueError: an algorithm that is none of them, a digest not of its size, a negative nonce.
    """
    if algorithm not in IMPRINT_ALGORITHMS:
        raise ValueError(f"no imprint is made by {algorithm}")
    if len(digest) != digest_size(algorithm) or nonce < 0:
        raise ValueError(f"{len(digest)} bytes are no {algorithm} digest, or the nonce {nonce} is negative")
    name = "sha256" if algorithm == "sm3" else algorithm
    request = rfc3161ng.make_timestamp_request(
        digest=digest, hashname=name, nonce=nonce, include_tsa_certificate=True
    )
    if algorithm == "sm3":
        request["messageImprint"]["hashAlgorithm"]["algorithm"] = _SM3
    return bytes(rfc3161ng.encode_timestamp_request(request))
