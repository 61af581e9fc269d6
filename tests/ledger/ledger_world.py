"""A log to test with: fixed ids, real randomness, a clock that stands still, and checks by the verifier only."""

import os
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from zheng_verifier.checkpoint import open_checkpoint
from zheng_verifier.claim import Actor, Claim, format_claim
from zheng_verifier.encoding import format_base64url
from zheng_verifier.entry import Submitter, entry_digest, parse_entry, parse_leaf
from zheng_verifier.merkle import TreeHead, leaf_hash, verify_inclusion
from zheng_verifier.note import VerifierKey
from zheng_verifier.sealed import Disclosure, disclosure_digest, format_disclosure, sealed_value

from ledger.deposit import Deposit
from ledger.receipts import Receipt
from ledger.service import Ledger, create_ledger, open_ledger
from ledger.settings import LedgerSettings

ORIGIN = "log.zheng.example/test"
OPERATOR = "00000000-0000-4000-8000-000000000001"
TENANT = "00000000-0000-4000-8000-000000000002"
NOW = datetime(2026, 3, 14, 15, 9, 26, 535_000, tzinfo=UTC)


def clock() -> datetime:
    return NOW


def new_id() -> str:
    return str(uuid.uuid4())


def verify_receipt(receipt: Receipt, vkey: VerifierKey) -> TreeHead:
    """Check a receipt with nothing but the verifier and the log's key; give the head it stands under."""
    head = open_checkpoint(receipt.checkpoint, vkey).checkpoint.head
    leaf = parse_leaf(receipt.leaf)
    verify_inclusion(
        leaf_hash(receipt.leaf),
        index=receipt.leaf_index,
        size=head.size,
        root_hash=head.root_hash,
        proof=receipt.path,
    )
    assert leaf.case == receipt.case
    if receipt.entry is not None:
        assert leaf.entry == entry_digest(receipt.entry)
        claim = parse_entry(receipt.entry).claim
        assert (claim.case, claim.id) == (receipt.case, receipt.event_id)
    return head


def sealed(value: str) -> tuple[dict, str]:
    """Seal a value: what stands in the claim, and its disclosure."""
    text = format_disclosure(Disclosure(os.urandom(16), value))
    return sealed_value(disclosure_digest(text)), text


@dataclass
class World:
    """A log in ``home`` and one case of the kind ``contract`` in it."""

    home: Path
    settings: LedgerSettings
    ledger: Ledger
    tenant: str = TENANT
    case: str = ""
    _closed: bool = field(default=False)

    @classmethod
    def create(cls, home: Path, *, with_case: bool = True, **changes) -> "World":
        settings = LedgerSettings.in_home(home, origin=ORIGIN, operator_tenant=OPERATOR, **changes)
        world = cls(home, settings, create_ledger(settings, clock=clock, random=os.urandom))
        if with_case:
            world.case = world.open_case().case
        return world

    @property
    def vkey(self) -> VerifierKey:
        return self.ledger.vkey

    def open_case(
        self, *, kind: str = "contract", tenant: str | None = None, event_id: str | None = None
    ) -> Receipt:
        return self.ledger.open_case(tenant or self.tenant, event_id or new_id(), kind, {}).result()

    def make(
        self,
        case: str | None = None,
        *,
        event_type: str = "contract.completed/1",
        data: dict | None = None,
        event_id: str | None = None,
        tenant: str | None = None,
        actor: str | None = None,
        log: str = ORIGIN,
        **fields,
    ) -> Deposit:
        claim = Claim(
            log,
            tenant or self.tenant,
            case or self.case,
            event_id or new_id(),
            event_type,
            {} if data is None else data,
            actor=None if actor is None else Actor("person", actor),
        )
        return Deposit(tenant or self.tenant, format_claim(claim), Submitter("api-key"), **fields)

    def personal(self, actor: str, value: str = "李𬭎", case: str | None = None) -> Deposit:
        """An event with one sealed value of the person ``actor``."""
        name, text = sealed(value)
        data = {"method": "id2", "name": name}
        return self.make(
            case,
            event_type="identity.started/1",
            data=data,
            actor=actor,
            disclosures=(text,),
            sealed_seen=True,
        )

    def deposit(self, *deposits: Deposit, internal: bool = False) -> tuple[Receipt, ...]:
        return self.ledger.deposit(deposits, internal=internal).result(timeout=30)

    def close_event(self, case: str | None = None, **changes) -> Deposit:
        view = self.ledger.case(self.tenant, case or self.case)
        data = {"count": view.count, "head": format_base64url(view.head), "outcome": "completed"} | changes
        return self.make(case, event_type="case.closed/1", data=data)

    def reopen(self, **arguments) -> Ledger:
        self.close()
        self.ledger = open_ledger(self.settings, clock=clock, random=os.urandom, **arguments)
        self._closed = False
        return self.ledger

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self.ledger.close()
