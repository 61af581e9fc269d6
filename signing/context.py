"""What every service object of the pipeline is given: where it writes, what it may ask for, and who records."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import Engine

if TYPE_CHECKING:  # both are made of what is named here
    from signing.custody.service import Custody
    from signing.dossier.recorder import Recorder

Clock: TypeAlias = Callable[[], datetime]
Random: TypeAlias = Callable[[int], bytes]
Uuid: TypeAlias = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Context:
    """The means of one running pipeline; ``clock`` gives UTC, ``random`` n fresh bytes, ``uuid`` a fresh UUIDv4."""

    engine: Engine
    clock: Clock
    random: Random
    uuid: Uuid
    recorder: "Recorder"
    custody: "Custody"
