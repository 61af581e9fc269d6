"""What a trust policy says, as values; how it is written is in ``reading`` and ``writing``."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from zheng_verifier.ethereum.anchor import TrustedChain
from zheng_verifier.jws import key_fingerprint
from zheng_verifier.note import VerifierKey
from zheng_verifier.timestamp.trust import TrustedTsa

CHAIN_KINDS = ("dev", "consortium", "public")


@dataclass(frozen=True, slots=True)
class AlgorithmRule:
    """An algorithm accepted for what was made from ``start`` on and before ``until``, each if given."""

    name: str
    start: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class LogKey:
    """A log key for the checkpoints of ``from_size`` ≤ size < ``to_size`` (no end if None)."""

    key: VerifierKey
    from_size: int
    to_size: int | None

    def covers(self, size: int) -> bool:
        """Tell whether a checkpoint of this size may be signed by this key."""
        return self.from_size <= size and (self.to_size is None or size < self.to_size)


@dataclass(frozen=True, slots=True)
class CompromisedKey:
    """A log key known to be stolen: ``notice_time`` is when that was proven known, ``claimed_since`` the claim."""

    key: VerifierKey
    notice_time: datetime
    claimed_since: datetime


@dataclass(frozen=True, slots=True)
class WitnessRule:
    """``k`` of these witness keys (C2SP tlog-cosignature, Ed25519) must have cosigned; 0 asks for none."""

    k: int
    of: tuple[VerifierKey, ...]


@dataclass(frozen=True, slots=True)
class TrustedLog:
    """A log: its ``origin``, the case of its own life, its keys by size, and what is known against them."""

    origin: str
    log_case: str
    keys: tuple[LogKey, ...]
    witnesses: WitnessRule
    recovery_key: VerifierKey | None = None
    compromised: tuple[CompromisedKey, ...] = ()
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class TrustedSubmitter:
    """A platform's key (DER SubjectPublicKeyInfo), pinned for the leaves of ``from_index`` ≤ index < ``to_index``."""

    tenant: str
    spki: bytes
    organisation: str
    from_index: int
    to_index: int | None = None

    @property
    def kid(self) -> bytes:
        """SHA-256 of the key, as signatures name it."""
        return key_fingerprint(self.spki)


@dataclass(frozen=True, slots=True)
class TrustedCa:
    """A certification authority whose certificates for signers are believed, by ``roots`` (DER, at least one).

    ``policy_oids`` are the certificate policies taken (any if empty). ``licence`` is the number of its licence as an
    electronic certification service where it has one, ``country`` two letters of ISO 3166-1. ``test`` marks an authority
    whose certificates name nobody. It is trusted from ``valid_from`` to before ``valid_until``, each if given.
    """

    name: str
    roots: tuple[bytes, ...]
    policy_oids: tuple[str, ...]
    licence: str | None
    country: str
    test: bool
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """A service whose papers are known: ``roots`` (DER) for its seals in PDFs, ``report_keys`` (SPKI, DER) for reports."""

    name: str
    roots: tuple[bytes, ...]
    report_keys: tuple[bytes, ...]
    test: bool


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many authorities and chains must cover an event (at least one each), and how many witnesses."""

    tsa: int
    chain: int
    witness: int


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """All that the verifier's user trusts, as of ``issued_at`` and until ``expires``."""

    issued_at: datetime
    expires: datetime
    algorithms: tuple[AlgorithmRule, ...]
    logs: tuple[TrustedLog, ...]
    chains: tuple[TrustedChain, ...]
    tsas: tuple[TrustedTsa, ...]
    submitters: tuple[TrustedSubmitter, ...]
    quorum: Quorum
    cas: tuple[TrustedCa, ...] = ()
    issuers: tuple[TrustedIssuer, ...] = ()


def fingerprint(policy: bytes) -> str:
    """Give the SHA-256 of a policy's bytes in hexadecimal, as printed on paper and in reports."""
    return hashlib.sha256(policy).hexdigest()
