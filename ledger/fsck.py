"""Checks that everything stored follows from entry and leaf bytes, and that it is what the signer signed.

Nothing stored is believed: leaves are hashed again, the tree is built again, cases are played again, entries and
disclosures are opened and compared with what commits to them. The first thing that differs is named. A pass shows
that storage agrees with itself and with the signer's memory; that nobody was shown another log, only witnesses and
contracts can show.
"""

from collections.abc import Callable

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError
from zheng_verifier.entry import parse_entry
from zheng_verifier.errors import EvidenceError
from zheng_verifier.note import VerifierKey, parse_vkey

from ledger.database import file_damage, open_reader
from ledger.errors import LedgerError
from ledger.fsck_cases import CaseCheck
from ledger.fsck_report import CHUNK, Difference, DiffersError, FsckReport, Progress, Tally, differs, silent
from ledger.fsck_tree import TreeCheck
from ledger.keystore import KeyStore
from ledger.models import LEAF
from ledger.settings import LedgerSettings
from ledger.signer_memory import Record, read_memory
from ledger.startup import Instance, read_instance
from ledger.vault import Vault

__all__ = ["Difference", "FsckReport", "Progress", "fsck"]


def fsck(
    settings: LedgerSettings, *, random: Callable[[int], bytes], progress: Progress = silent
) -> FsckReport:
    """Check a log, running or not, on one snapshot of its database; nothing is written.

    ``progress`` is called with the step, how many of its rows are done, and how many there are.
    """
    tally = Tally()
    engine = open_reader(settings.database)
    try:
        keys = KeyStore(settings.vault_keys, random, writable=False)
        try:
            with engine.connect() as connection:
                vault = Vault(engine, keys, settings.blobs)
                _check(connection.execution_options(yield_per=CHUNK), vault, keys, settings, tally, progress)
        finally:
            keys.close()
    except DiffersError as error:
        return tally.report(error.difference)
    except LedgerError as error:
        return tally.report(Difference("vault or signer", "", str(error)))
    except SQLAlchemyError as error:
        return tally.report(Difference("database", "", str(error.__cause__ or error)))
    except (AttributeError, TypeError) as error:
        # SQLite keeps what it is given: a text where bytes belong only shows when it is used.
        return tally.report(Difference("database", "", f"a value is of a wrong type: {error}"))
    finally:
        engine.dispose()
    return tally.report(None)


def _check(
    connection: Connection,
    vault: Vault,
    keys: KeyStore,
    settings: LedgerSettings,
    tally: Tally,
    progress: Progress,
) -> None:
    # On a running log the memory read before the snapshot is within it, and the notes within it are in the later one.
    memory = read_memory(settings.signer)
    damage = file_damage(connection)
    if damage is not None:
        differs("database file", "", damage)
    tally.keys, tally.keys_destroyed = keys.check()
    later = read_memory(settings.signer)
    instance, vkey = _check_instance(connection, vault, memory)
    tally.origin = instance.origin
    TreeCheck(connection, memory.head, later.head, tally, progress).run(vkey)
    CaseCheck(connection, vault, keys, tally, progress).run(instance)


def _check_instance(connection: Connection, vault: Vault, memory: Record) -> tuple[Instance, VerifierKey]:
    instance = read_instance(connection)
    if instance is None:
        differs("instance", 1, "there is none")
    if instance.instance != memory.instance:
        differs("instance", 1, "the signer's memory is of another installation")
    first = connection.execute(select(LEAF.c.case_id).where(LEAF.c.leaf_index == 0)).scalar_one_or_none()
    if first != instance.log_case:
        differs("instance", 1, "its log_case is not the case of leaf 0")
    try:
        claim = parse_entry(vault.entry(instance.log_case, 1) or b"").claim
        vkey = parse_vkey(str(claim.data.get("vkey")))
    except (EvidenceError, LedgerError) as error:
        differs("vault_entry", 0, f"log.created cannot be read: {error}")
    if (claim.log, claim.tenant, vkey.name) != (instance.origin, instance.operator, instance.origin):
        differs("instance", 1, "origin or operator are not those of log.created")
    if vkey.key_id != memory.key_id:
        differs("signer", "state", "the memory is of another key than log.created names")
    return instance, vkey
