"""One group of deposits becomes one transaction: index, seq, prev, leaves, nodes, case heads, the unsigned head.

The order of durability: data keys in the key store, then this transaction, then the signer's memory, then the
signature, then the answer. A crash between any two leaves a state that the next start completes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from zheng_verifier.entry import Leaf, format_leaf
from zheng_verifier.merkle import TreeHead, leaf_hash

from ledger.deposit import Prepared
from ledger.errors import IdReusedError, LedgerError, StorageUnavailableError, UnknownCaseError
from ledger.keystore import ERASURE_SUBJECT, KeyStore, Owner
from ledger.models import EVENT, TREE_HEAD, VAULT_DISCLOSURE, VAULT_ENTRY
from ledger.ports import Random
from ledger.reader import SignedHead, read_nodes
from ledger.rows import (
    DocumentRecord,
    KnownEvent,
    StoredLeaf,
    insert_rows,
    load_cases,
    load_known,
    store_cases,
    store_documents,
    store_log,
    store_notes,
)
from ledger.rules import CaseState, advance, check_admission, open_state
from ledger.tree import Growth, NodeId, cover, grow
from ledger.vault import disclosure_place, entry_place, request_mac, request_place, seal, unseal

_ERASED = "privacy.erased/1"
_SIZE = select(func.max(TREE_HEAD.c.size))


@dataclass(frozen=True, slots=True)
class Placed:
    """A deposit that has its place in the log; ``replayed`` if it had it before."""

    event_id: str
    case: str
    index: int
    leaf: bytes
    entry: bytes | None
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Commit:
    """A durable transaction: the tree's head, what became of each batch, and the nodes proofs will want first."""

    head: TreeHead
    nodes: dict[NodeId, bytes]
    outcomes: tuple[tuple[Placed, ...] | LedgerError, ...]


@dataclass(frozen=True, slots=True)
class _Fresh:
    """An event that gets its place in this transaction."""

    prepared: Prepared
    placed: Placed
    seq: int
    leaf_hash: bytes


def _owner(item: _Fresh) -> Owner:
    """Say whose key locks an entry: its case's, but a statement that something was erased stays when the case is."""
    if item.prepared.claim.type == _ERASED:
        return Owner(item.placed.case, ERASURE_SUBJECT)
    return Owner(item.placed.case)


@dataclass(slots=True)
class _Draft:
    """What a group, or one batch on top of it, would add."""

    cases: dict[str, CaseState] = field(default_factory=dict)
    fresh: dict[tuple[str, str], _Fresh] = field(default_factory=dict)


class Sequencer:
    """Owns the one writing connection; used by one thread at a time."""

    def __init__(self, engine: Engine, keys: KeyStore, random: Random) -> None:
        self._engine = engine
        self._keys = keys
        self._random = random
        self._connection: Connection | None = None
        self._edge: tuple[int, tuple[bytes, ...]] | None = None

    def close(self) -> None:
        """Close the writing connection."""
        self._reset()

    def _reset(self) -> None:
        """Forget everything read so far, and the connection: what a failed commit left of it is not known."""
        self._edge = None
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
        self._engine.dispose()

    def commit(
        self,
        batches: Sequence[Sequence[Prepared]],
        *,
        notes: Sequence[SignedHead] = (),
        documents: Sequence[DocumentRecord] = (),
    ) -> Commit:
        """Give each batch its place, all or nothing, and store it durably with ``notes`` and ``documents``.

        A batch that is refused leaves no trace and does not disturb the others.

        Raises:
            StorageUnavailableError: the transaction failed; whether it is durable shows when it is tried again.
            VaultError: the vault does not open; nothing was written.

        """
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
            with self._connection.begin():
                commit, growth = self._write(self._connection, batches, notes, documents)
        except BaseException as error:
            self._reset()
            if isinstance(error, SQLAlchemyError):
                raise StorageUnavailableError("the database did not commit") from error
            raise
        self._edge = (growth.head.size, growth.edge)
        return commit

    def _write(
        self,
        connection: Connection,
        batches: Sequence[Sequence[Prepared]],
        notes: Sequence[SignedHead],
        documents: Sequence[DocumentRecord],
    ) -> tuple[Commit, Growth]:
        size, edge = self._load_edge(connection)
        everything = [prepared for batch in batches for prepared in batch]
        known = load_known(connection, everything)
        group = _Draft(cases=load_cases(connection, everything))
        before = dict(group.cases)
        outcomes = tuple(self._place(connection, batch, group, known, size) for batch in batches)
        fresh = list(group.fresh.values())
        growth = grow(size, edge, [item.leaf_hash for item in fresh])
        if fresh:
            store_log(
                connection,
                [
                    StoredLeaf(
                        item.placed.index, item.placed.case, item.seq, item.placed.leaf, item.leaf_hash
                    )
                    for item in fresh
                ],
                growth,
            )
            store_cases(connection, before, group.cases)
            self._store_vault(connection, fresh)
        store_notes(connection, notes)
        store_documents(connection, documents)
        nodes = dict(zip(cover(0, size), edge, strict=True)) | dict(growth.nodes)
        return Commit(growth.head, nodes, outcomes), growth

    def _load_edge(self, connection: Connection) -> tuple[int, tuple[bytes, ...]]:
        size = connection.execute(_SIZE).scalar_one() or 0
        if self._edge is not None and self._edge[0] == size:
            return self._edge
        edge_nodes = cover(0, size)
        hashes = read_nodes(connection, edge_nodes)
        return size, tuple(hashes[node] for node in edge_nodes)

    def _place(
        self,
        connection: Connection,
        batch: Sequence[Prepared],
        group: _Draft,
        known: dict[tuple[str, str], KnownEvent],
        size: int,
    ) -> tuple[Placed, ...] | LedgerError:
        """Place one batch on top of the group; only if all of it can be placed does the group change."""
        draft = _Draft(dict(group.cases), dict(group.fresh)) if len(batch) > 1 else group
        placed = []
        for position, prepared in enumerate(batch):
            try:
                placed.append(self._place_one(connection, prepared, draft, known, size))
            except LedgerError as error:
                error.index = position
                return error
        group.cases, group.fresh = draft.cases, draft.fresh
        return tuple(placed)

    def _place_one(
        self,
        connection: Connection,
        prepared: Prepared,
        draft: _Draft,
        known: dict[tuple[str, str], KnownEvent],
        size: int,
    ) -> Placed:
        claim = prepared.claim
        name = (claim.tenant, claim.id)
        if name in known:
            return self._replay(connection, prepared, known[name])
        if name in draft.fresh:
            if draft.fresh[name].prepared.content != prepared.content:
                raise IdReusedError("this id was used for other content")
            return replace(draft.fresh[name].placed, replayed=True)
        state = draft.cases.get(claim.case)
        index = size + len(draft.fresh)
        if state is None and not prepared.opening:
            raise UnknownCaseError("there is no such case")
        if state is not None:
            check_admission(state, claim, prepared.kind, internal=prepared.internal)
        leaf = format_leaf(
            Leaf(
                claim.case,
                state.seq + 1 if state else 1,
                state.head if state else None,
                prepared.digest,
            )
        )
        hashed = leaf_hash(leaf)
        after = advance(state, claim, hashed) if state else open_state(claim, index, hashed)
        draft.cases[claim.case] = after
        placed = Placed(claim.id, claim.case, index, leaf, prepared.entry)
        draft.fresh[name] = _Fresh(prepared, placed, after.seq, hashed)
        return placed

    def _replay(self, connection: Connection, prepared: Prepared, known: KnownEvent) -> Placed:
        """Give the earlier place of the same request; tell nothing about it for another one."""
        claim = prepared.claim
        key = self._keys.get(known.key_id)
        place = request_place(known.case, known.seq, claim.tenant, claim.id)
        # Once the case is erased nothing can say whether the request is the same.
        if key is None or unseal(key, place, known.mac) != request_mac(key, prepared.content):
            raise IdReusedError("this id was used for other content")
        query = select(VAULT_ENTRY.c.ciphertext).where(VAULT_ENTRY.c.leaf_index == known.index)
        entry = unseal(key, entry_place(known.case, known.seq), connection.execute(query).scalar_one())
        return Placed(claim.id, known.case, known.index, known.leaf, entry, replayed=True)

    def _store_vault(self, connection: Connection, fresh: Sequence[_Fresh]) -> None:
        keys = self._keys.ensure(
            [_owner(item) for item in fresh]
            + [Owner(item.placed.case, item.prepared.subject) for item in fresh if item.prepared.disclosures]
        )
        entries, events, disclosures = [], [], []
        for item in fresh:
            case, index, claim = item.placed.case, item.placed.index, item.prepared.claim
            key = keys[_owner(item)]
            sealed = seal(key, entry_place(case, item.seq), item.prepared.entry, self._random)
            entries.append({"leaf_index": index, "key_id": key.key_id, "ciphertext": sealed})
            place = request_place(case, item.seq, claim.tenant, claim.id)
            mac = seal(key, place, request_mac(key, item.prepared.content), self._random)
            events.append(
                {
                    "tenant": claim.tenant,
                    "event_id": claim.id,
                    "leaf_index": index,
                    "key_id": key.key_id,
                    "mac": mac,
                }
            )
            for position, text in enumerate(item.prepared.disclosures):
                personal = keys[Owner(case, item.prepared.subject)]
                sealed = seal(
                    personal, disclosure_place(case, item.seq, position), text.encode(), self._random
                )
                disclosures.append(
                    {
                        "leaf_index": index,
                        "position": position,
                        "key_id": personal.key_id,
                        "ciphertext": sealed,
                    }
                )
        insert_rows(connection, VAULT_ENTRY, entries)
        insert_rows(connection, EVENT, events)
        insert_rows(connection, VAULT_DISCLOSURE, disclosures)
