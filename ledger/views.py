"""What a tenant may look up: his cases, their events, his receipts."""

from dataclasses import dataclass

from sqlalchemy import Engine, select

from ledger.errors import (
    SignerUnavailableError,
    UnknownCaseError,
    UnknownEventError,
    WrongTenantError,
)
from ledger.models import CASE_HEAD, EVENT, LEAF, VAULT_ENTRY
from ledger.reader import LedgerReader
from ledger.receipts import Receipt
from ledger.rows import read_case
from ledger.rules import CaseState
from ledger.sequencer import Placed
from ledger.signing import HeadSigner
from ledger.vault import Vault


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as a tenant sees it: ``count`` events, ``head`` the newest leaf hash, ``opened_index`` a cursor."""

    case: str
    tenant: str
    kind: str
    count: int
    head: bytes
    closed: bool
    opened_index: int


@dataclass(frozen=True, slots=True)
class EventView:
    """An event of a case; ``entry`` is None once it was erased."""

    case: str
    seq: int
    leaf_index: int
    leaf: bytes
    entry: bytes | None


class TenantReader:
    """Answers a tenant about what is his. Nothing is told of another tenant, nothing shown that is not signed for."""

    def __init__(self, engine: Engine, vault: Vault, heads: HeadSigner) -> None:
        self._engine = engine
        self._heads = heads
        self.vault = vault
        self.reader = LedgerReader(engine, lambda: heads.newest)

    def case(self, tenant: str, case: str) -> CaseView:
        """Give a case.

        Raises:
            UnknownCaseError, WrongTenantError.

        """
        with self._engine.connect() as connection:
            row = connection.execute(select(CASE_HEAD).where(CASE_HEAD.c.case_id == case)).one_or_none()
        if row is None:
            raise UnknownCaseError("there is no such case")
        state = read_case(row)
        if state.tenant != tenant:
            raise WrongTenantError("the case belongs to another tenant")
        return _view(state)

    def cases(self, tenant: str, *, after: int = -1, limit: int = 100) -> tuple[CaseView, ...]:
        """List a tenant's cases in the order they were opened, from beyond the ``opened_index`` ``after``."""
        query = (
            select(CASE_HEAD)
            .where(CASE_HEAD.c.tenant == tenant, CASE_HEAD.c.first_index > after)
            .order_by(CASE_HEAD.c.first_index)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return tuple(_view(read_case(row)) for row in connection.execute(query))

    def event_ids(self, tenant: str, case: str) -> tuple[str, ...]:
        """List the ids of a case's events by their places in it; they are known when the entries are erased.

        Raises:
            UnknownCaseError, WrongTenantError.

        """
        self.case(tenant, case)
        query = (
            select(EVENT.c.event_id)
            .join(LEAF, LEAF.c.leaf_index == EVENT.c.leaf_index)
            .where(LEAF.c.case_id == case)
            .order_by(LEAF.c.seq)
        )
        with self._engine.connect() as connection:
            return tuple(connection.execute(query).scalars())

    def events(self, tenant: str, case: str, *, after: int = 0, limit: int = 100) -> tuple[EventView, ...]:
        """List the events of a case above seq ``after``, as far as a signed head covers them.

        Raises:
            UnknownCaseError, WrongTenantError, VaultError.

        """
        self.case(tenant, case)
        query = (
            select(LEAF.c.leaf_index, LEAF.c.seq, LEAF.c.leaf, VAULT_ENTRY.c.key_id, VAULT_ENTRY.c.ciphertext)
            .join(VAULT_ENTRY, VAULT_ENTRY.c.leaf_index == LEAF.c.leaf_index)
            .where(LEAF.c.case_id == case, LEAF.c.seq > after, LEAF.c.leaf_index < self.reader.size())
            .order_by(LEAF.c.seq)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return tuple(
            EventView(
                case,
                row.seq,
                row.leaf_index,
                row.leaf,
                self.vault.open_entry(case, row.seq, row.key_id, row.ciphertext),
            )
            for row in rows
        )

    def receipt(self, tenant: str, event_id: str) -> Receipt:
        """Give the receipt of an event again, under the newest checkpoint.

        Raises:
            UnknownEventError: this tenant has no such event.
            SignerUnavailableError: no signed head covers it yet.
            VaultError: its entry does not open.

        """
        query = (
            select(EVENT.c.leaf_index, LEAF.c.case_id, LEAF.c.seq, LEAF.c.leaf)
            .join(LEAF, LEAF.c.leaf_index == EVENT.c.leaf_index)
            .where(EVENT.c.tenant == tenant, EVENT.c.event_id == event_id)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise UnknownEventError("there is no such event")
        head = self._heads.newest
        if head is None or row.leaf_index >= head.size:
            raise SignerUnavailableError("no signed head covers this event yet")
        placed = Placed(
            event_id, row.case_id, row.leaf_index, row.leaf, self.vault.entry(row.case_id, row.seq)
        )
        return self._heads.receipts([placed], head, {})[0]


def _view(state: CaseState) -> CaseView:
    return CaseView(
        state.case, state.tenant, state.kind, state.seq, state.head, state.closed, state.first_index
    )
