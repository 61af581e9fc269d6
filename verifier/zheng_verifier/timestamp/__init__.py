"""RFC 3161 time-stamps: read strictly, verified at the time they state, under the verifier's own policy.

    der ─► token, tst_info         what is written, to the last byte
           certificate, path       who signed, down from a root of the policy, at genTime
           revocation              what stored CRLs say about that
           verify                  all of it in order: docs/spec/timestamp.md §4

No network, no clock: whatever is needed is an argument.
"""

from zheng_verifier.timestamp.algorithms import IMPRINT_ALGORITHMS
from zheng_verifier.timestamp.token import (
    MAX_RESPONSE_SIZE,
    TimestampResponse,
    TimestampToken,
    parse_response,
)
from zheng_verifier.timestamp.trust import TrustedTsa
from zheng_verifier.timestamp.tst_info import Accuracy, TstInfo
from zheng_verifier.timestamp.verify import (
    REMARK_ESS_V1,
    REMARK_GRANTED_WITH_MODS,
    REMARK_REVOCATION_NOT_CHECKED,
    Message,
    TimestampResult,
    verify_timestamp,
)

__all__ = [
    "IMPRINT_ALGORITHMS",
    "MAX_RESPONSE_SIZE",
    "REMARK_ESS_V1",
    "REMARK_GRANTED_WITH_MODS",
    "REMARK_REVOCATION_NOT_CHECKED",
    "Accuracy",
    "Message",
    "TimestampResponse",
    "TimestampResult",
    "TimestampToken",
    "TrustedTsa",
    "TstInfo",
    "parse_response",
    "verify_timestamp",
]
