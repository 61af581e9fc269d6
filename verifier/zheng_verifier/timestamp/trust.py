"""What the verifier's user trusts about one time-stamping authority (docs/spec/timestamp.md §3)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TrustedTsa:
    """One time-stamping authority of the trust policy.

    ``roots``: DER certificates a path from the TSA's certificate must end at (a root or an intermediate CA).
    ``pins``: SHA-256 (32 bytes) of DER certificates, one of which must be the TSA's own.
    Every list of the two that is not empty must be satisfied; with both empty nothing is trusted.
    ``policy_oids``: the TSA policies accepted, dotted; an empty list accepts none.
    ``imprint_algs``: digest names accepted for the message imprint, out of ``IMPRINT_ALGORITHMS``.
    ``test``: the authority is a test installation, whose time proves nothing to a stranger.
    ``valid_from``, ``valid_until``: genTime must lie in [valid_from, valid_until], each if given.
    """

    name: str
    roots: tuple[bytes, ...]
    pins: tuple[bytes, ...]
    policy_oids: tuple[str, ...]
    imprint_algs: tuple[str, ...]
    test: bool
    valid_from: datetime | None = None
    valid_until: datetime | None = None
