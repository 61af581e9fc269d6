"""What our codes are called in ETSI EN 319 102-1, for those whose tools speak it.

Most sub-indications have our name, or rather we have theirs; a few of our codes are narrower. What has no counterpart
there (a tree, a case, a chain) has none here.
"""

from collections.abc import Mapping
from types import MappingProxyType

_SAME = (
    "CHAIN_CONSTRAINTS_FAILURE",
    "CRYPTO_CONSTRAINTS_FAILURE",
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
    "EXPIRED",
    "FORMAT_FAILURE",
    "HASH_FAILURE",
    "NOT_YET_VALID",
    "NO_POE",
    "NO_SIGNING_CERTIFICATE_FOUND",
    "REVOKED",
    "REVOKED_NO_POE",
    "REVOKED_CA_NO_POE",
    "OUT_OF_BOUNDS_NO_POE",
    "NO_CERTIFICATE_CHAIN_FOUND",
    "SIGNED_DATA_NOT_FOUND",
    "SIG_CONSTRAINTS_FAILURE",
    "SIG_CRYPTO_FAILURE",
    "TIMESTAMP_ORDER_FAILURE",
    "TRY_LATER",
)
_NARROWER = {
    "CANONICALIZATION_MISMATCH": "FORMAT_FAILURE",
    "COMMITMENT_MISMATCH": "HASH_FAILURE",
    "DIGEST_DISAGREEMENT": "HASH_FAILURE",
    "KEY_UNKNOWN": "NO_SIGNING_CERTIFICATE_FOUND",
    "POLICY_NOT_ALLOWED": "CHAIN_CONSTRAINTS_FAILURE",
    "REVOCATION_NOT_CHECKED": "TRY_LATER",
    "UNKNOWN_ALGORITHM": "CRYPTO_CONSTRAINTS_FAILURE",
    "UNTRUSTED_TSA": "NO_CERTIFICATE_CHAIN_FOUND",
}

SUB_INDICATIONS: Mapping[str, str] = MappingProxyType({**{code: code for code in _SAME}, **_NARROWER})
"""Sub-indication of EN 319 102-1 (clause 5.1.3, table 3) by our code."""
