"""What must hold before anything is signed: database ⊒ signer ⊒ every outside memory that answers.

Format review §3.3, in its numbering: 1 one process, one instance; 2 the key is the log's; 3 the database agrees with
itself at its right edge; 4 it extends what was signed; 5 nobody outside remembers more, or something else; 6 enough
of them answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, select
from zheng_verifier.checkpoint import open_checkpoint
from zheng_verifier.entry import parse_entry
from zheng_verifier.errors import EvidenceError
from zheng_verifier.merkle import EMPTY_ROOT, TreeHead, leaf_hash, verify_extension
from zheng_verifier.note import VerifierKey, format_vkey

from ledger.errors import LedgerStoppedError
from ledger.models import INSTANCE, LEAF, NODE, TREE_HEAD
from ledger.ports import OutsideMemory, Signer
from ledger.reader import read_nodes
from ledger.settings import LedgerSettings
from ledger.tree import consistency_plan, cover, finish, grow
from ledger.vault import Vault

TAIL = 256


@dataclass(frozen=True, slots=True)
class Instance:
    """Which log a database belongs to."""

    instance: bytes
    origin: str
    operator: str
    log_case: str


@dataclass(frozen=True, slots=True)
class OutsideState:
    """What an outside memory answered: its ``size``, 0 for nothing known, None for no answer; where it lies."""

    name: str
    size: int | None
    elsewhere: bool
    detail: str = ""


def read_instance(connection: Connection) -> Instance | None:
    """Read which log a database belongs to; None if it is new."""
    row = connection.execute(select(INSTANCE).where(INSTANCE.c.id == 1)).one_or_none()
    return None if row is None else Instance(row.instance, row.origin, row.operator, row.log_case)


def check_instance(instance: Instance | None, signer: Signer, settings: LedgerSettings) -> Instance:
    """Rule 1 and 2: database, signer and settings speak of one log.

    Raises:
        LedgerStoppedError: NOT_INITIALISED, WRONG_INSTANCE, WRONG_LOG.

    """
    if instance is None:
        last = signer.last()
        if last is not None:
            raise LedgerStoppedError("BEHIND", "the database is empty", {"database": 0, "signer": last.size})
        raise LedgerStoppedError("NOT_INITIALISED", "there is no log in this database")
    if instance.instance != signer.instance:
        raise LedgerStoppedError("WRONG_INSTANCE", "database and signer are of different installations")
    if signer.vkey.name != instance.origin:
        raise LedgerStoppedError(
            "WRONG_LOG", f"the signer's key is of {signer.vkey.name}, the database of {instance.origin}"
        )
    told = (settings.origin or instance.origin, settings.operator_tenant or instance.operator)
    if told != (instance.origin, instance.operator):
        raise LedgerStoppedError(
            "WRONG_LOG", f"the settings name another log or operator than {instance.origin}"
        )
    return instance


def check_key(vault: Vault, instance: Instance, vkey: VerifierKey) -> None:
    """Rule 2: the signer's key is the one that the log's first event names.

    Raises:
        LedgerStoppedError: WRONG_LOG.

    """
    entry = vault.entry(instance.log_case, 1)
    if entry is None or parse_entry(entry).claim.data.get("vkey") != format_vkey(vkey):
        raise LedgerStoppedError("WRONG_LOG", "the signer's key is not the one this log was created with")


def newest_head(connection: Connection) -> TreeHead:
    """Read the head of the whole stored tree, signed for or not."""
    newest = connection.execute(select(TREE_HEAD).order_by(TREE_HEAD.c.size.desc()).limit(1)).one_or_none()
    return TreeHead(0, EMPTY_ROOT) if newest is None else TreeHead(newest.size, newest.root)


def check_right_edge(connection: Connection) -> TreeHead:
    """Rule 3: count = size, nothing stored beyond it, the newest leaves hash to what is stored, the edge to the root.

    Raises:
        LedgerStoppedError: DAMAGED: run ``fsck``, which names the place.

    """
    head = newest_head(connection)
    count, last = connection.execute(
        select(func.count(), func.max(LEAF.c.leaf_index)).select_from(LEAF)
    ).one()
    if (count, -1 if last is None else last) != (head.size, head.size - 1):
        raise _damaged(f"{count} leaves up to index {last}, but the head has size {head.size}")
    for level, number in connection.execute(
        select(NODE.c.level, func.max(NODE.c.number)).group_by(NODE.c.level)
    ):
        if level < 1 or number >= head.size >> level:
            raise _damaged(f"a node of level {level} is stored beyond size {head.size}")
    if _rebuild_tail(connection, head.size) != head:
        raise _damaged("the newest leaves do not lead to the root hash")
    return head


def _damaged(detail: str) -> LedgerStoppedError:
    return LedgerStoppedError("DAMAGED", f"the database does not agree with itself: {detail}; run fsck")


def _rebuild_tail(connection: Connection, size: int) -> TreeHead:
    """Hash the last leaves again, on top of the stored edge before them."""
    start = max(0, size - TAIL)
    stored = read_nodes(connection, cover(0, start))
    query = (
        select(LEAF.c.leaf, LEAF.c.leaf_hash).where(LEAF.c.leaf_index >= start).order_by(LEAF.c.leaf_index)
    )
    rows = connection.execute(query).all()
    hashes = [leaf_hash(row.leaf) for row in rows]
    if hashes != [row.leaf_hash for row in rows] or len(stored) != start.bit_count():
        raise _damaged("a leaf's stored hash is not that of its bytes, or a node is missing")
    growth = grow(start, [stored[node] for node in cover(0, start)], hashes)
    made = {node: hashed for node, hashed in growth.nodes if node.level}
    if read_nodes(connection, made) != made:
        raise _damaged("a stored node is not the hash of its children")
    return growth.head


def check_against(connection: Connection, head: TreeHead, known: TreeHead, name: str) -> None:
    """Rules 4 and 5: the database's ``head`` extends what ``name`` remembers.

    Raises:
        LedgerStoppedError: BEHIND: it remembers more than the database has; FORKED: it remembers something else.

    """
    sizes = {"database": head.size, name: known.size}
    if known.size > head.size:
        raise LedgerStoppedError(
            "BEHIND", f"{name} knows of more than the database has: was an old copy put back?", sizes
        )
    plan = consistency_plan(known.size, head.size)
    try:
        verify_extension(old=known, new=head, proof=finish(plan, read_nodes(connection, plan.nodes)))
    except EvidenceError as error:
        raise LedgerStoppedError("FORKED", f"{name} remembers another history of this log", sizes) from error
    except KeyError as error:
        raise _damaged(f"node {error} is missing") from error


def ask_outside(memory: OutsideMemory, vkey: VerifierKey) -> tuple[OutsideState, TreeHead | None]:
    """Ask one outside memory. A note that our key did not sign is no memory of ours and counts as no answer."""
    try:
        answer = memory.latest()
        head = open_checkpoint(answer, vkey).checkpoint.head if isinstance(answer, bytes) else answer
    except (OSError, EvidenceError) as error:
        return OutsideState(memory.name, None, memory.elsewhere, str(error)), None
    return OutsideState(memory.name, head.size if head else 0, memory.elsewhere), head


def check_outside(
    engine: Engine, head: TreeHead, signer: Signer, memories: Sequence[OutsideMemory], minimum: int
) -> tuple[OutsideState, ...]:
    """Rules 5 and 6. A history that forked is remembered: the signer is poisoned before this raises.

    Raises:
        LedgerStoppedError: BEHIND, FORKED, TOO_FEW_MEMORIES.

    """
    states = []
    for memory in memories:
        state, known = ask_outside(memory, signer.vkey)
        states.append(state)
        if known is not None:
            try:
                with engine.connect() as connection:
                    check_against(connection, head, known, memory.name)
            except LedgerStoppedError as error:
                if error.code == "FORKED":
                    signer.poison(str(error))
                raise
    answered = sum(state.elsewhere and state.size is not None for state in states)
    if answered < minimum:
        raise LedgerStoppedError("TOO_FEW_MEMORIES", f"{answered} outside memories answered, {minimum} must")
    return tuple(states)
