"""What every service object of the pipeline is given: where it writes, what it may ask for, and who records."""

from dataclasses import dataclass

from sqlalchemy import Engine

from signing.custody.service import Custody
from signing.dossier.recorder import Recorder
from signing.ports import Clock, Random, Uuid


@dataclass(frozen=True, slots=True)
class Context:
    """The means of one running pipeline."""

    engine: Engine
    clock: Clock
    random: Random
    uuid: Uuid
    recorder: Recorder
    custody: Custody
