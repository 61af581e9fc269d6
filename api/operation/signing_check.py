"""The signing pipeline as an operator asks of it: do its rows, files and receipts agree, and what waits."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine
from zheng_verifier.encoding import format_time
from zheng_verifier.merkle import leaf_hash

from api.settings import Settings
from api.times import now
from ledger.reader import LedgerReader
from signing.custody.errors import CustodyDamagedError
from signing.custody.opening import open_custody
from signing.custody.upkeep import fsck as fsck_custody
from signing.database import open_engine, read
from signing.dossier.drain import backlog
from signing.dossier.fsck import fsck as fsck_dossiers

# What a crash leaves, and the running service clears away by itself.
_LEAVINGS = frozenset({"ORPHAN", "ERASURE_UNFINISHED"})


@dataclass(frozen=True, slots=True)
class SigningCheck:
    """One sentence for each difference, and what was counted."""

    differences: tuple[str, ...]
    counts: dict[str, int]


def check_signing(settings: Settings, reader: LedgerReader) -> SigningCheck:
    """Hold the outbox against the log (of this service; a foreign one's is not looked into), and files against rows."""
    if not settings.paths.signing_db.is_file():
        return SigningCheck((), {})

    def leaf_hash_at(index: int) -> bytes | None:
        leaf = reader.leaf(index)
        return None if leaf is None else leaf_hash(leaf)

    own: Callable[[int], bytes | None] | None = None if settings.signing.notary.url else leaf_hash_at
    try:
        custody = open_custody(
            settings.paths.signing_keys, settings.paths.signing_blobs, clock=now, random=os.urandom
        )
    except CustodyDamagedError as error:
        return SigningCheck((str(error),), {})
    try:
        with _engine(settings) as engine:
            with read(engine) as session:
                dossiers = fsck_dossiers(session, custody, own)
            files = list(fsck_custody(engine, custody))
        wrappings, in_use = custody.keys.wrappings(), custody.keys.kms_key_id
    finally:
        custody.keys.close()
    damaged = [f"custody {each.subject}: {each.code}" for each in files if each.code not in _LEAVINGS]
    counts = {
        "dossiers": dossiers.dossiers,
        "deposits_made": dossiers.deposited,
        "deposits_waiting": dossiers.waiting,
        "custody_leavings": len(files) - len(damaged),
        "data_keys": sum(wrappings.values()),
        "data_keys_under_old_wrapping": sum(wrappings.values()) - wrappings.get(in_use, 0),
    }
    return SigningCheck((*dossiers.differences, *damaged), counts)


def describe_signing(settings: Settings) -> dict[str, Any]:
    """Say what the pipeline has not deposited yet; nothing at all where there is none."""
    if not settings.paths.signing_db.is_file():
        return {}
    with _engine(settings) as engine, read(engine) as session:
        found = backlog(session)
    described: dict[str, Any] = {
        "waiting_deposits": found.rows,
        "waiting_cases": found.dossiers,
        "troubled_cases": found.troubled,
    }
    return described if found.oldest is None else described | {"oldest": format_time(found.oldest)}


@contextmanager
def _engine(settings: Settings) -> Iterator[Engine]:
    engine = open_engine(settings.paths.signing_db)
    try:
        yield engine
    finally:
        engine.dispose()
