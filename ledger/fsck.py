"""Checks that everything stored follows from entry and leaf bytes, and that it is what the signer signed.

Nothing stored is believed: leaves are hashed again, the tree is built again, cases are played again, entries and
disclosures are opened and compared with what commits to them. The first thing that differs is named. A pass shows
that storage agrees with itself and with the signer's memory; that nobody was shown another log, only witnesses and
contracts can show.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any, NoReturn

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.exc import SQLAlchemyError
from zheng_verifier.checkpoint import open_checkpoint
from zheng_verifier.claim import Claim
from zheng_verifier.entry import Entry, entry_digest, parse_entry, parse_leaf
from zheng_verifier.errors import EvidenceError
from zheng_verifier.merkle import EMPTY_ROOT, HASH_SIZE, TreeHead, leaf_hash
from zheng_verifier.note import VerifierKey, parse_vkey
from zheng_verifier.sealed import disclosure_digest

from ledger.database import file_damage, open_reader
from ledger.errors import LedgerError
from ledger.keystore import KeyStore
from ledger.models import (
    CASE_HEAD,
    EVENT,
    LEAF,
    NODE,
    SIGNED_HEAD,
    TREE_HEAD,
    VAULT_DISCLOSURE,
    VAULT_DOCUMENT,
    VAULT_ENTRY,
)
from ledger.reader import read_nodes
from ledger.rules import CaseState, advance, open_state, opens_case
from ledger.sequencer import read_case
from ledger.settings import LedgerSettings
from ledger.signer import Record, read_memory
from ledger.startup import Instance, read_instance
from ledger.tree import NodeId, grow
from ledger.vault import Vault, document_rows, request_place, unseal

Progress = Callable[[str, int, int], None]
_CHUNK = 1024


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs first: ``table``, ``row`` as its key in words, and ``detail``."""

    table: str
    row: str
    detail: str


@dataclass(frozen=True, slots=True)
class FsckReport:
    """What was checked. ``difference`` is None where everything agrees; ``notices`` are no differences."""

    difference: Difference | None
    origin: str
    size: int
    root_hash: str
    signed_size: int
    cases: int
    entries: int
    entries_erased: int
    disclosures: int
    disclosures_erased: int
    documents: int
    documents_erased: int
    keys: int
    keys_destroyed: int
    notices: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Tell whether nothing differed."""
        return self.difference is None


@dataclass(slots=True)
class _Tally:
    """Counts on the way; a report is made of them wherever the check ends."""

    origin: str = ""
    head: TreeHead = field(default_factory=lambda: TreeHead(0, EMPTY_ROOT))
    signed_size: int = 0
    cases: int = 0
    entries: int = 0
    entries_erased: int = 0
    disclosures: int = 0
    disclosures_erased: int = 0
    documents: int = 0
    documents_erased: int = 0
    keys: int = 0
    keys_destroyed: int = 0
    notices: list[str] = field(default_factory=list)

    def report(self, difference: Difference | None) -> FsckReport:
        return FsckReport(
            difference=difference,
            origin=self.origin,
            size=self.head.size,
            root_hash=self.head.root_hash.hex(),
            signed_size=self.signed_size,
            cases=self.cases,
            entries=self.entries,
            entries_erased=self.entries_erased,
            disclosures=self.disclosures,
            disclosures_erased=self.disclosures_erased,
            documents=self.documents,
            documents_erased=self.documents_erased,
            keys=self.keys,
            keys_destroyed=self.keys_destroyed,
            notices=tuple(self.notices),
        )


class _DiffersError(Exception):
    def __init__(self, difference: Difference) -> None:
        super().__init__(difference)
        self.difference = difference


def _differs(table: str, row: object, detail: str) -> NoReturn:
    raise _DiffersError(Difference(table, str(row), detail))


def _silent(step: str, done: int, total: int) -> None:
    """Report progress to nobody."""


def fsck(
    settings: LedgerSettings, *, random: Callable[[int], bytes], progress: Progress = _silent
) -> FsckReport:
    """Check a log, running or not, on one snapshot of its database; nothing is written.

    ``progress`` is called with the step, how many of its rows are done, and how many there are.
    """
    tally = _Tally()
    engine = open_reader(settings.database)
    try:
        keys = KeyStore(settings.vault_keys, random, writable=False)
        try:
            with engine.connect() as connection:
                vault = Vault(engine, keys, settings.blobs)
                _Check(connection, vault, keys, read_memory(settings.signer), tally, progress).run()
        finally:
            keys.close()
    except _DiffersError as error:
        return tally.report(error.difference)
    except LedgerError as error:
        return tally.report(Difference("vault or signer", "", str(error)))
    except SQLAlchemyError as error:
        return tally.report(Difference("database", "", str(error.__cause__ or error)))
    finally:
        engine.dispose()
    return tally.report(None)


class _Check:
    """One run over one snapshot."""

    def __init__(
        self,
        connection: Connection,
        vault: Vault,
        keys: KeyStore,
        memory: Record,
        tally: _Tally,
        progress: Progress,
    ) -> None:
        self._connection = connection.execution_options(yield_per=_CHUNK)
        self._vault = vault
        self._keys = keys
        self._memory = memory
        self._tally = tally
        self._progress = progress

    def run(self) -> None:
        damage = file_damage(self._connection)
        if damage is not None:
            _differs("database file", "", damage)
        self._tally.keys, self._tally.keys_destroyed = self._keys.check()
        instance, vkey = self._check_instance()
        self._tally.origin = instance.origin
        self._check_tree(vkey)
        self._check_cases(instance)
        self._check_documents()

    def _count(self, column: Any) -> int:
        return int(self._connection.execute(select(func.count(column))).scalar_one())

    # Which log this is

    def _check_instance(self) -> tuple[Instance, VerifierKey]:
        instance = read_instance(self._connection)
        if instance is None:
            _differs("instance", 1, "there is none")
        if instance.instance != self._memory.instance:
            _differs("instance", 1, "the signer's memory is of another installation")
        first = self._connection.execute(
            select(LEAF.c.case_id).where(LEAF.c.leaf_index == 0)
        ).scalar_one_or_none()
        if first != instance.log_case:
            _differs("instance", 1, "its log_case is not the case of leaf 0")
        try:
            claim = parse_entry(self._vault.entry(instance.log_case, 1) or b"").claim
            vkey = parse_vkey(str(claim.data.get("vkey")))
        except (EvidenceError, LedgerError) as error:
            _differs("vault_entry", 0, f"log.created cannot be read: {error}")
        if (claim.log, claim.tenant, vkey.name) != (instance.origin, instance.operator, instance.origin):
            _differs("instance", 1, "origin or operator are not those of log.created")
        if vkey.key_id != self._memory.key_id:
            _differs("signer", "state", "the memory is of another key than log.created names")
        return instance, vkey

    # The tree

    def _check_tree(self, vkey: VerifierKey) -> None:
        total = self._count(LEAF.c.leaf_index)
        heads = _Heads(self._connection, vkey, self._memory.head)
        size, edge = 0, tuple[bytes, ...]()
        heads.meet(self._tally.head)
        for rows in _chunks(self._connection, select(LEAF).order_by(LEAF.c.leaf_index)):
            made: dict[NodeId, bytes] = {}
            for row in rows:
                growth = grow(size, edge, [self._check_leaf(row, size)])
                made.update(growth.nodes)
                size, edge = growth.head.size, growth.edge
                self._tally.head = growth.head
                heads.meet(growth.head)
            self._check_nodes({node: hashed for node, hashed in made.items() if node.level})
            self._progress("leaves", size, total)
        self._tally.signed_size = heads.finish(size)
        if self._tally.signed_size < self._memory.head.size:
            self._tally.notices.append(
                f"the signer signed size {self._memory.head.size}, of which no note is stored; the next start stores it"
            )
        expected = sum(size >> level for level in range(1, size.bit_length()))
        if (found := self._count(NODE.c.level)) != expected:
            _differs("node", "", f"{found} nodes are stored, a tree of {size} has {expected}")

    def _check_leaf(self, row: Any, index: int) -> bytes:
        if row.leaf_index != index:
            _differs("leaf", index, f"the next leaf stored is {row.leaf_index}")
        try:
            leaf = parse_leaf(row.leaf)
        except EvidenceError as error:
            _differs("leaf", index, f"its bytes do not parse: {error}")
        if (leaf.case, leaf.seq) != (row.case_id, row.seq):
            _differs("leaf", index, "case_id or seq are not those of its bytes")
        hashed = leaf_hash(row.leaf)
        if hashed != row.leaf_hash:
            _differs("leaf", index, "leaf_hash is not the hash of its bytes")
        return hashed

    def _check_nodes(self, made: dict[NodeId, bytes]) -> None:
        stored = read_nodes(self._connection, made)
        for node, hashed in made.items():
            if stored.get(node) != hashed:
                state = "is missing" if node not in stored else "is not the hash of its children"
                _differs("node", f"level {node.level}, number {node.number}", state)

    # Cases and vault

    def _check_cases(self, instance: Instance) -> None:
        total = self._tally.head.size
        query = (
            select(
                LEAF,
                VAULT_ENTRY.c.key_id.label("entry_key"),
                VAULT_ENTRY.c.ciphertext,
                EVENT.c.tenant,
                EVENT.c.event_id,
                EVENT.c.key_id.label("event_key"),
                EVENT.c.mac,
            )
            .outerjoin(VAULT_ENTRY, VAULT_ENTRY.c.leaf_index == LEAF.c.leaf_index)
            .outerjoin(EVENT, EVENT.c.leaf_index == LEAF.c.leaf_index)
            .order_by(LEAF.c.case_id, LEAF.c.seq)
        )
        disclosures = _Disclosures(self._connection)
        heads = _stream(self._connection, select(CASE_HEAD).order_by(CASE_HEAD.c.case_id))
        cases = _by_case(_stream(self._connection, query))
        for done, (rows, head) in enumerate(zip_longest(cases, heads)):
            if rows is None or head is None or rows[0].case_id != head.case_id:
                name = head.case_id if rows is None else rows[0].case_id
                _differs("case_head", name, "leaves and case heads do not name the same cases")
            self._check_case(instance, rows, read_case(head), disclosures)
            self._tally.cases += 1
            if done % 100 == 0:
                self._progress("entries", self._tally.entries + self._tally.entries_erased, total)
        disclosures.finish()
        for name, column in (("vault_entry", VAULT_ENTRY.c.leaf_index), ("event", EVENT.c.leaf_index)):
            if (found := self._count(column)) != total:
                _differs(name, "", f"{found} rows for {total} leaves")
        self._progress("entries", total, total)

    def _check_case(
        self, instance: Instance, rows: list[Any], head: CaseState, disclosures: "_Disclosures"
    ) -> None:
        """Play a case again, leaf by leaf, and compare where it ends with its stored head."""
        state: CaseState | None = None
        erased = False
        for number, row in enumerate(rows, start=1):
            leaf = parse_leaf(row.leaf)
            if leaf.seq != number or leaf.prev != (state.head if state else None):
                _differs(
                    "leaf", row.leaf_index, f"it is not number {number} after the one before it in its case"
                )
            entry = self._check_entry(instance, row, leaf.entry, head.tenant)
            self._check_request(row)
            self._check_disclosures(row, entry, disclosures)
            erased = erased or entry is None
            state = _play(state, None if entry is None else entry.claim, head, row)
        if erased and state is not None and state.closed_seq is None:
            # Whether an erased event was the close, nobody can tell any more.
            state = replace(state, closed_seq=head.closed_seq)
        if state != head:
            _differs("case_head", head.case, f"it says {head}, the leaves say {state}")

    def _check_entry(self, instance: Instance, row: Any, digest: bytes, tenant: str) -> Entry | None:
        index = row.leaf_index
        if row.ciphertext is None or row.mac is None:
            _differs(
                "vault_entry" if row.ciphertext is None else "event", index, "there is no row for this leaf"
            )
        try:
            written = self._vault.open_entry(row.case_id, row.seq, row.entry_key, row.ciphertext)
        except LedgerError as error:
            _differs("vault_entry", index, str(error))
        if written is None:
            self._tally.entries_erased += 1
            if (row.tenant, row.event_key) != (tenant, row.entry_key):
                _differs("event", index, "tenant or key are not those of the case")
            return None
        if entry_digest(written) != digest:
            _differs("vault_entry", index, "the entry is not the one that the leaf commits to")
        try:
            entry = parse_entry(written)
        except EvidenceError as error:
            _differs("vault_entry", index, f"the entry does not parse: {error}")
        claim = entry.claim
        if (claim.log, claim.case, claim.tenant) != (instance.origin, row.case_id, tenant):
            _differs(
                "vault_entry", index, "the claim names another log, case or tenant than it is filed under"
            )
        if (row.tenant, row.event_id) != (claim.tenant, claim.id):
            _differs("event", index, "tenant or event_id are not those of the claim")
        self._tally.entries += 1
        return entry

    def _check_request(self, row: Any) -> None:
        place = request_place(row.case_id, row.seq, row.tenant, row.event_id)
        try:
            key = self._keys.get(row.event_key)
            mac = None if key is None else unseal(key, place, row.mac)
        except LedgerError as error:
            _differs("event", row.leaf_index, str(error))
        if (mac is None) != (self._keys.get(row.entry_key) is None) or (
            mac is not None and len(mac) != HASH_SIZE
        ):
            _differs("event", row.leaf_index, "the request's HMAC is not under the case's key")

    def _check_disclosures(self, row: Any, entry: Entry | None, disclosures: "_Disclosures") -> None:
        sealed = None if entry is None else {digest for _, digest in entry.claim.sealed}
        held = 0
        for item in disclosures.of(row.case_id, row.seq):
            name = f"leaf {row.leaf_index}, position {item.position}"
            if item.position != held:
                _differs("vault_disclosure", name, f"the next position is {held}")
            held += 1
            try:
                text = self._vault.open_disclosure(
                    row.case_id, row.seq, item.position, item.key_id, item.ciphertext
                )
            except LedgerError as error:
                _differs("vault_disclosure", name, str(error))
            if text is None:
                self._tally.disclosures_erased += 1
                continue
            if sealed is not None and disclosure_digest(text) not in sealed:
                _differs("vault_disclosure", name, "it opens nothing in its entry")
            self._tally.disclosures += 1
        if entry is not None and entry.checked.sealed and held != len(sealed or ()):
            _differs("vault_disclosure", f"leaf {row.leaf_index}", "not every value that was seen is held")

    def _check_documents(self) -> None:
        cases = self._connection.execute(select(VAULT_DOCUMENT.c.case_id).distinct()).scalars().all()
        for case in cases:
            for row in document_rows(self._connection, case):
                try:
                    key = self._keys.get(row.key_id)
                    if key is None:
                        self._tally.documents_erased += 1
                        continue
                    self._vault.open_document(key, row)
                except LedgerError as error:
                    _differs("vault_document", row.blob, str(error))
                self._tally.documents += 1


def _play(state: CaseState | None, claim: Claim | None, head: CaseState, row: Any) -> CaseState:
    """Give the state after one more leaf. What an erased entry would have said is taken from the stored head."""
    if state is None:
        if claim is None:
            return CaseState(head.case, head.tenant, head.kind, row.leaf_index, 1, row.leaf_hash)
        if not opens_case(claim):
            _differs("vault_entry", row.leaf_index, "the first event of a case does not open it")
        return open_state(claim, row.leaf_index, row.leaf_hash)
    if claim is None:
        return replace(state, seq=row.seq, head=row.leaf_hash)
    return advance(state, claim, row.leaf_hash)


def _stream(connection: Connection, query: Select[Any]) -> Iterator[Any]:
    yield from connection.execute(query)


def _chunks(connection: Connection, query: Select[Any]) -> Iterator[list[Any]]:
    yield from (list(rows) for rows in connection.execute(query).partitions(_CHUNK))


def _by_case(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """Gather the leaves of each case; a case fits into memory."""
    gathered: list[Any] = []
    for row in rows:
        if gathered and gathered[0].case_id != row.case_id:
            yield gathered
            gathered = []
        gathered.append(row)
    if gathered:
        yield gathered


class _Heads:
    """Compares stored heads, signed notes and the signer's memory with the tree as it grows."""

    def __init__(self, connection: Connection, vkey: VerifierKey, memory: TreeHead) -> None:
        self._stored = _stream(connection, select(TREE_HEAD).order_by(TREE_HEAD.c.size))
        self._signed = _stream(connection, select(SIGNED_HEAD).order_by(SIGNED_HEAD.c.size))
        self._next_stored = next(self._stored, None)
        self._next_signed = next(self._signed, None)
        self._vkey = vkey
        self._memory = memory
        self._last_stored = 0
        self._last_signed = 0

    def meet(self, head: TreeHead) -> None:
        """Compare everything stored about the size of ``head``."""
        if self._next_stored is not None and self._next_stored.size == head.size:
            if self._next_stored.root != head.root_hash:
                _differs("tree_head", head.size, "its root is not that of the leaves")
            self._last_stored = head.size
            self._next_stored = next(self._stored, None)
        if self._next_signed is not None and self._next_signed.size == head.size:
            self._check_note(self._next_signed.note, head)
            self._last_signed = head.size
            self._next_signed = next(self._signed, None)
        if self._memory.size == head.size and self._memory != head:
            _differs("signer", "state", f"it signed another root hash for size {head.size}")

    def _check_note(self, note: bytes, head: TreeHead) -> None:
        try:
            signed = open_checkpoint(note, self._vkey).checkpoint.head
        except EvidenceError as error:
            _differs("signed_head", head.size, f"the note does not hold: {error}")
        if signed != head:
            _differs("signed_head", head.size, "the note is of another head")

    def finish(self, size: int) -> int:
        """See that nothing is left over beyond ``size``; give the size of the newest note."""
        if self._next_stored is not None or self._last_stored != size:
            _differs("tree_head", "", f"the newest head is not that of the {size} leaves")
        if self._next_signed is not None:
            _differs("signed_head", self._next_signed.size, f"a note of this size, but {size} leaves")
        if self._memory.size > size:
            _differs("signer", "state", f"it signed size {self._memory.size}, but there are {size} leaves")
        if self._last_signed > self._memory.size:
            _differs("signed_head", self._last_signed, "the signer does not remember to have signed it")
        return self._last_signed


class _Disclosures:
    """Gives the disclosures of one leaf after another, in the order of cases."""

    def __init__(self, connection: Connection) -> None:
        query = (
            select(LEAF.c.case_id, LEAF.c.seq, VAULT_DISCLOSURE)
            .outerjoin_from(VAULT_DISCLOSURE, LEAF, LEAF.c.leaf_index == VAULT_DISCLOSURE.c.leaf_index)
            .order_by(LEAF.c.case_id, LEAF.c.seq, VAULT_DISCLOSURE.c.position)
        )
        self._rows = _stream(connection, query)
        self._next = next(self._rows, None)

    def of(self, case: str, seq: int) -> Iterator[Any]:
        """Give those of one leaf, which comes after all asked for before."""
        while self._next is not None and (self._next.case_id, self._next.seq) == (case, seq):
            yield self._next
            self._next = next(self._rows, None)

    def finish(self) -> None:
        """See that each belonged to a leaf."""
        if self._next is not None:
            name = f"leaf {self._next.leaf_index}, position {self._next.position}"
            _differs("vault_disclosure", name, "there is no such leaf")
