"""Asks the worker, which is another process, to take the newest checkpoint now."""

import os
from datetime import datetime

from api.settings import Settings


def request_anchor(settings: Settings, at: datetime) -> None:
    """Ask the running worker to take the newest checkpoint now."""
    path = settings.paths.anchor_request
    path.touch(mode=0o600)
    os.utime(path, (at.timestamp(), at.timestamp()))
