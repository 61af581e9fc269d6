"""What every service object of the pipeline is given: where it writes, what it may ask for, and who records."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from sqlalchemy import Engine
from sqlmodel import Session

from signing.dossier.ports import Sealer
from signing.dossier.recorder import Recorder

Clock: TypeAlias = Callable[[], datetime]
Random: TypeAlias = Callable[[int], bytes]
Uuid: TypeAlias = Callable[[], str]


class Custody(Sealer, Protocol):
    """The encrypted keeping of files and values; see ``signing.custody``."""

    def put(self, session: Session, owner: str, content: bytes, *, media_type: str) -> Any:
        """Keep a file; its ciphertext is on disk before the transaction commits."""

    def get(self, session: Session, owner: str, sha256: str, *, by: Any, purpose: str) -> bytes:
        """Give a file whose digest was checked; the access is logged."""

    def blind(self, tenant: str, purpose: str, value: str) -> bytes:
        """Give a keyed digest of a personal value, by which it can be looked up."""


@dataclass(frozen=True, slots=True)
class Context:
    """The means of one running pipeline; ``clock`` gives UTC, ``random`` n fresh bytes, ``uuid`` a fresh UUIDv4."""

    engine: Engine
    clock: Clock
    random: Random
    uuid: Uuid
    recorder: Recorder
    custody: Custody
