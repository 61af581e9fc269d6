"""The part of ``fsck`` that plays every case again and opens everything in the vault."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, select
from zheng_verifier.claim import Claim
from zheng_verifier.entry import Entry, entry_digest, parse_entry, parse_leaf
from zheng_verifier.errors import EvidenceError
from zheng_verifier.merkle import HASH_SIZE
from zheng_verifier.sealed import disclosure_digest

from ledger.errors import LedgerError
from ledger.fsck_report import Progress, Tally, count, differs, stream
from ledger.keystore import KeyStore
from ledger.models import CASE_HEAD, EVENT, LEAF, VAULT_DISCLOSURE, VAULT_DOCUMENT, VAULT_ENTRY
from ledger.rows import read_case
from ledger.rules import CaseState, advance, open_state, opens_case
from ledger.startup import Instance
from ledger.vault import Vault, document_rows, request_place, unseal


class CaseCheck:
    """Plays cases leaf by leaf, and compares entries, requests, disclosures and documents with what commits to them."""

    def __init__(
        self, connection: Connection, vault: Vault, keys: KeyStore, tally: Tally, progress: Progress
    ) -> None:
        self._connection = connection
        self._vault = vault
        self._keys = keys
        self._tally = tally
        self._progress = progress

    def run(self, instance: Instance) -> None:
        """Check every case of the log, then every document."""
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
        heads = stream(self._connection, select(CASE_HEAD).order_by(CASE_HEAD.c.case_id))
        cases = _by_case(stream(self._connection, query))
        for done, (rows, head) in enumerate(zip_longest(cases, heads)):
            if rows is None or head is None or rows[0].case_id != head.case_id:
                name = head.case_id if rows is None else rows[0].case_id
                differs("case_head", name, "leaves and case heads do not name the same cases")
            self._check_case(instance, rows, read_case(head), disclosures)
            self._tally.cases += 1
            if done % 100 == 0:
                self._progress("entries", self._tally.entries + self._tally.entries_erased, total)
        disclosures.finish()
        for name, column in (("vault_entry", VAULT_ENTRY.c.leaf_index), ("event", EVENT.c.leaf_index)):
            if (found := count(self._connection, column)) != total:
                differs(name, "", f"{found} rows for {total} leaves")
        self._check_documents()
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
                differs(
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
            differs("case_head", head.case, f"it says {head}, the leaves say {state}")

    def _check_entry(self, instance: Instance, row: Any, digest: bytes, tenant: str) -> Entry | None:
        index = row.leaf_index
        if row.ciphertext is None or row.mac is None:
            differs(
                "vault_entry" if row.ciphertext is None else "event", index, "there is no row for this leaf"
            )
        try:
            written = self._vault.open_entry(row.case_id, row.seq, row.entry_key, row.ciphertext)
        except LedgerError as error:
            differs("vault_entry", index, str(error))
        if written is None:
            self._tally.entries_erased += 1
            if (row.tenant, row.event_key) != (tenant, row.entry_key):
                differs("event", index, "tenant or key are not those of the case")
            return None
        if entry_digest(written) != digest:
            differs("vault_entry", index, "the entry is not the one that the leaf commits to")
        try:
            entry = parse_entry(written)
        except EvidenceError as error:
            differs("vault_entry", index, f"the entry does not parse: {error}")
        claim = entry.claim
        if (claim.log, claim.case, claim.tenant) != (instance.origin, row.case_id, tenant):
            differs(
                "vault_entry", index, "the claim names another log, case or tenant than it is filed under"
            )
        if (row.tenant, row.event_id) != (claim.tenant, claim.id):
            differs("event", index, "tenant or event_id are not those of the claim")
        self._tally.entries += 1
        return entry

    def _check_request(self, row: Any) -> None:
        place = request_place(row.case_id, row.seq, row.tenant, row.event_id)
        try:
            key = self._keys.get(row.event_key)
            mac = None if key is None else unseal(key, place, row.mac)
        except LedgerError as error:
            differs("event", row.leaf_index, str(error))
        if (mac is None) != (self._keys.get(row.entry_key) is None) or (
            mac is not None and len(mac) != HASH_SIZE
        ):
            differs("event", row.leaf_index, "the request's HMAC is not under the case's key")

    def _check_disclosures(self, row: Any, entry: Entry | None, disclosures: "_Disclosures") -> None:
        sealed = None if entry is None else {digest for _, digest in entry.claim.sealed}
        held = 0
        for item in disclosures.of(row.case_id, row.seq):
            name = f"leaf {row.leaf_index}, position {item.position}"
            if item.position != held:
                differs("vault_disclosure", name, f"the next position is {held}")
            held += 1
            try:
                text = self._vault.open_disclosure(
                    row.case_id, row.seq, item.position, item.key_id, item.ciphertext
                )
            except LedgerError as error:
                differs("vault_disclosure", name, str(error))
            if text is None:
                self._tally.disclosures_erased += 1
                continue
            if sealed is not None and disclosure_digest(text) not in sealed:
                differs("vault_disclosure", name, "it opens nothing in its entry")
            self._tally.disclosures += 1
        if entry is not None and entry.checked.sealed and held != len(sealed or ()):
            differs("vault_disclosure", f"leaf {row.leaf_index}", "not every value that was seen is held")

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
                    differs("vault_document", row.blob, str(error))
                self._tally.documents += 1


def _play(state: CaseState | None, claim: Claim | None, head: CaseState, row: Any) -> CaseState:
    """Give the state after one more leaf. What an erased entry would have said is taken from the stored head."""
    if state is None:
        if claim is None:
            return CaseState(head.case, head.tenant, head.kind, row.leaf_index, 1, row.leaf_hash)
        if not opens_case(claim):
            differs("vault_entry", row.leaf_index, "the first event of a case does not open it")
        return open_state(claim, row.leaf_index, row.leaf_hash)
    if claim is None:
        return replace(state, seq=row.seq, head=row.leaf_hash)
    return advance(state, claim, row.leaf_hash)


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


class _Disclosures:
    """Gives the disclosures of one leaf after another, in the order of cases."""

    def __init__(self, connection: Connection) -> None:
        query = (
            select(LEAF.c.case_id, LEAF.c.seq, VAULT_DISCLOSURE)
            .outerjoin_from(VAULT_DISCLOSURE, LEAF, LEAF.c.leaf_index == VAULT_DISCLOSURE.c.leaf_index)
            .order_by(LEAF.c.case_id, LEAF.c.seq, VAULT_DISCLOSURE.c.position)
        )
        self._rows = stream(connection, query)
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
            differs("vault_disclosure", name, "there is no such leaf")
