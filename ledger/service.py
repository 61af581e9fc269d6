"""The log as others use it: deposit, look up, prove.

    with open_ledger(settings, clock=clock, random=os.urandom) as ledger:
        opened = ledger.open_case(tenant, event_id, "contract", data).result()
        receipt, = ledger.deposit([deposit]).result()

``deposit`` and ``open_case`` do their share of work in the caller's thread (about 0.1 ms an event) and return a
future of the rest; an event loop wraps it with ``asyncio.wrap_future``. All methods may be called from any thread.
"""

from collections.abc import Sequence

from sqlalchemy import insert
from zheng_verifier.encoding import parse_uuid

from ledger.database import create_schema, open_writer
from ledger.errors import LedgerStoppedError
from ledger.folder import FolderLock, make_private_folder
from ledger.keystore import create_keystore
from ledger.log import API_KEY, SERVICE, Ledger, LedgerStatus, new_uuid
from ledger.models import INSTANCE
from ledger.ports import Clock, OutsideMemory, Random, Signer
from ledger.settings import LedgerSettings
from ledger.signer import FileSigner, create_signer
from ledger.startup import read_instance
from ledger.views import CaseView, EventView

__all__ = [
    "API_KEY",
    "SERVICE",
    "CaseView",
    "EventView",
    "Ledger",
    "LedgerStatus",
    "create_ledger",
    "open_ledger",
]


def create_ledger(
    settings: LedgerSettings,
    *,
    clock: Clock,
    random: Random,
    outside: Sequence[OutsideMemory] = (),
) -> Ledger:
    """Make what is missing of a new log (tables, signer, key store, its first leaf), then open it.

    On a log that exists this is ``open_ledger``. Tables that migrations made are left as they are.

    Raises:
        LedgerStoppedError: as ``open_ledger``; BEHIND where the signer has signed and the database is empty.

    """
    make_private_folder(settings.database.parent)
    create_signer(settings.signer, settings.origin, random)
    create_keystore(settings.vault_keys, random)
    signer = FileSigner(settings.signer)
    try:
        with FolderLock(settings.database.parent):
            engine = open_writer(settings.database)
            try:
                create_schema(engine)
                with engine.begin() as connection:
                    if read_instance(connection) is None and signer.last() is None:
                        row = {
                            "id": 1,
                            "instance": signer.instance,
                            "origin": signer.vkey.name,
                            "operator": parse_uuid(settings.operator_tenant),
                            "log_case": new_uuid(random),
                        }
                        connection.execute(insert(INSTANCE), row)
            finally:
                engine.dispose()
    finally:
        signer.close()
    return open_ledger(settings, clock=clock, random=random, outside=outside)


def open_ledger(
    settings: LedgerSettings,
    *,
    clock: Clock,
    random: Random,
    signer: Signer | None = None,
    outside: Sequence[OutsideMemory] = (),
) -> Ledger:
    """Open a log for writing, once every start-up rule holds (format review §3.3).

    ``signer`` is the one in ``settings.signer`` unless given. What a crash left unsigned is signed for, and a new
    log gets its first leaf, before this returns.

    Raises:
        LedgerStoppedError: NOT_INITIALISED, LOCKED, WRONG_INSTANCE, WRONG_LOG, DAMAGED, BEHIND, FORKED, POISONED,
            COPIED, STATE_LOST, STATE_DAMAGED, TOO_FEW_MEMORIES, NETWORK_FILE_SYSTEM: nothing was signed.
        VaultError: the key store does not fit the vault.

    """
    if not settings.database.is_file():
        raise LedgerStoppedError("NOT_INITIALISED", f"there is no database at {settings.database}")
    lock = FolderLock(settings.database.parent)
    try:
        own = FileSigner(settings.signer) if signer is None else signer
    except BaseException:
        lock.release()
        raise
    try:
        return Ledger(settings, clock, random, own, outside, lock)
    except BaseException:
        own.close()
        lock.release()
        raise
