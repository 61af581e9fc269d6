"""The installation's time-stamping authorities, as signing asks them."""

import threading
from dataclasses import dataclass, field

from zheng_verifier.timestamp import TrustedTsa

from anchor.ports import AuthorityError
from api.operation.authorities import NamedAuthority
from signing.pades import TimestampFailed, ValidationData


@dataclass(frozen=True, slots=True)
class InstallationTimestamper:
    """A `Timestamper`: one of the authorities that also stamp checkpoints. Safe to use from several threads."""

    authority: NamedAuthority
    _turn: threading.Lock = field(
        default_factory=threading.Lock, repr=False
    )  # drivers serve one thread at a time

    @property
    def trusted(self) -> TrustedTsa:
        """What our published policy says of it."""
        return self.authority.trusted

    def request(self, query: bytes) -> bytes:
        """Ask it.

        Raises:
            TimestampFailed: no answer.
        """
        try:
            with self._turn:
                return self.authority.driver.request(query)
        except AuthorityError as error:
            raise TimestampFailed(str(error)) from error

    def validation_data(self) -> ValidationData:
        """Give CRLs of this moment, where they are at hand."""
        return ValidationData(crls=self.authority.crls())
