"""The seams of signing: what signs, who tells the time, and who tells the status of certificates."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from zheng_verifier.timestamp import TrustedTsa

PrivateKey: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Credential:
    """What signs: a private key, its certificate, and the certificates above it up to the root; DER."""

    key: PrivateKey
    certificate: bytes
    above: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class ValidationData:
    """What a reader needs to judge certificates years later: certificates, CRLs and OCSP responses; DER."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()

    def __add__(self, other: "ValidationData") -> "ValidationData":
        return ValidationData(
            tuple(dict.fromkeys((*self.certificates, *other.certificates))),
            tuple(dict.fromkeys((*self.crls, *other.crls))),
            tuple(dict.fromkeys((*self.ocsps, *other.ocsps))),
        )

    @property
    def tells_status(self) -> bool:
        """Whether there is any word about revocation."""
        return bool(self.crls or self.ocsps)


StatusSource: TypeAlias = Callable[[bytes], ValidationData]
"""Asked with a signer's certificate (DER), after its signature was time-stamped, so that the answer reaches that moment.

Gives data for the whole chain up to the root, or empty data where the authority is not ours or does not answer.
"""


class TimestampFailed(Exception):  # noqa: N818  # a state of the authority, not a mistake
    """The authority gave no token that holds; nothing is lost but the level."""


class Timestamper(Protocol):
    """One RFC 3161 time-stamping authority. It is asked, never believed: every token is judged under ``trusted``.

    Asking twice gives two tokens and does no harm. Calls block, and are made outside of a running event loop.
    """

    @property
    def trusted(self) -> TrustedTsa:
        """Its name, roots and rules, as our published trust policy has them."""

    def request(self, query: bytes) -> bytes:
        """Send a TimeStampReq (DER) and give the answer's bytes as they came, judged by nobody yet.

        Raises:
            TimestampFailed: no answer.

        """

    def validation_data(self) -> ValidationData:
        """Give CRLs of this moment for the certificates of its tokens; empty where it publishes none that we know."""
