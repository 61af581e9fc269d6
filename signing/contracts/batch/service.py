"""Carries batches through: one contract, one transaction, with the batch's own row of it in the same transaction.

So after a crash at any point each row is either untouched or done, and the next run goes on with the rest. A row that
is refused says why, and keeps no other waiting; one that only has to wait (the evidence service is down) is tried again.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

import structlog
from sqlmodel import Session, col, func, select
from zheng_verifier.canonical import JsonObject, JsonValue, format_json
from zheng_verifier.encoding import format_time, parse_time

from signing.contracts.batch.models import BatchItemRow, BatchRow
from signing.contracts.batch.rows import Row, check_count, format_row, parse_row, seated
from signing.contracts.book import creator
from signing.contracts.demands import demand_of
from signing.contracts.draft import Draft, PartyDraft, SubjectKind
from signing.contracts.models import ContractRow
from signing.contracts.order import PartyRole
from signing.contracts.service import Contracts
from signing.contracts.states import ContractState
from signing.database import read, write
from signing.errors import Refused
from signing.principal import Kind, Permission, Principal, Role
from signing.waiting import left, over

_LOG = structlog.get_logger(__name__)
_LATER = ("notary-unavailable", "busy")
_FIRST, _LONGEST = timedelta(milliseconds=250), timedelta(seconds=30)
WAITING, MADE, SENT, FAILED = "waiting", "made", "sent", "failed"


@dataclass(frozen=True, slots=True)
class Plan:
    """What all contracts of a batch have in common; ``parties`` without the people, whom each row names.

    ``send``: they are sent too, else they stay drafts.
    """

    id: str
    template: str
    title: str
    parties: tuple[PartyDraft, ...]
    app: str = "default"
    scene: str = "other"
    business_type: str | None = None
    deadline: datetime | None = None
    remind_ahead: int | None = None
    remind_every: int | None = None
    send: bool = True


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is: rows in all, and in each state. ``ended_at`` None: there is still something to do."""

    id: str
    position: int
    total: int
    waiting: int
    made: int
    sent: int
    failed: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a batch; ``contract`` is empty until it was made."""

    position: int
    state: str
    contract: str
    code: str
    field: str
    detail: str


class Batches:
    """Batches of all tenants."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._context = contracts.context

    def create(
        self, session: Session, by: Principal, plan: Plan, rows: Sequence[Row] | None = None
    ) -> tuple[BatchRow, bool]:
        """Take a batch, with its rows or without; the same again is the same batch.

        Raises:
            Refused: id-reused, batch-empty, batch-too-large, permission-missing.
        """
        by.require(Permission.SEND_CONTRACTS)
        by.require(Permission.USE_TEMPLATES)
        custody = self._context.custody
        body = _format_plan(plan)
        content = custody.blind(by.tenant, "batch", hashlib.sha256(body).hexdigest())
        row = session.get(BatchRow, plan.id)
        if row is not None:
            if row.tenant != by.tenant or row.content != content:
                raise Refused("id-reused", "This id was used for another batch.", "/id")
            if rows is not None:
                self.add_rows(session, by, plan.id, rows)
            return row, False
        custody.create_owner(session, by.tenant, plan.id)
        row = BatchRow(
            id=plan.id,
            position=(session.exec(select(func.max(col(BatchRow.position)))).one() or 0) + 1,
            tenant=by.tenant,
            content=content,
            plan=custody.seal(session, plan.id, body),
            caller=_format_caller(by),
            creator=creator(by),
            created_at=self._context.clock(),
        )
        session.add(row)
        session.flush()
        if rows is not None:
            self.add_rows(session, by, plan.id, rows)
        return row, True

    def add_rows(self, session: Session, by: Principal, batch: str, rows: Sequence[Row]) -> BatchRow:
        """Give a batch its rows, once: then it starts. The same rows again change nothing.

        Raises:
            Refused: batch-unknown, batch-started: it has other rows; batch-empty, batch-too-large.
        """
        row = self._batch(session, by, batch)
        check_count(len(rows))
        kept = [format_row(each) for each in rows]
        whole = hashlib.sha256(b"\n".join(kept)).hexdigest()
        digest = self._context.custody.blind(by.tenant, "batch-rows", whole)
        if row.rows_digest is not None:
            if row.rows_digest != digest:
                raise Refused("batch-started", "This batch has other rows already.")
            return row
        now = self._context.clock()
        row.rows_digest, row.total, row.started_at = digest, len(rows), now
        session.add(row)
        for position, content in enumerate(kept, start=1):
            item = BatchItemRow(
                batch=batch,
                position=position,
                tenant=row.tenant,
                payload=self._context.custody.seal(session, batch, content),
                contract=self._context.uuid(),
                state=WAITING,
                ready_at=now,
            )
            session.add(item)
        session.flush()
        return row

    def run(self, most: int = 50) -> int:
        """Take up to ``most`` rows that are due one stage further; gives how many were looked at.

        Safe to be killed at any moment, and to be run by one thread at a time.
        """
        now = self._context.clock()
        query = (
            select(BatchItemRow.batch, BatchItemRow.position)
            .where(col(BatchItemRow.open), over(col(BatchItemRow.ready_at), now, _LONGEST))
            .order_by(col(BatchItemRow.ready_at), col(BatchItemRow.batch), col(BatchItemRow.position))
            .limit(most)
        )
        with read(self._context.engine) as session:
            due = session.exec(query).all()
        for batch, position in due:
            self._advance(batch, position)
        return len(due)

    def _advance(self, batch: str, position: int) -> None:
        """Take one row one stage further; a refusal is written down in a transaction of its own."""
        try:
            with write(self._context.engine) as session:
                item = session.get_one(BatchItemRow, (batch, position))
                if item.open and not left(item.ready_at, self._context.clock(), _LONGEST):
                    self._stage(session, session.get_one(BatchRow, batch), item)
        except Refused as refused:
            with write(self._context.engine) as session:
                self._note(session, session.get_one(BatchItemRow, (batch, position)), refused)
        except Exception:  # noqa: BLE001  (a damaged row, a full disk: it is tried again, and holds up no other)
            _LOG.exception("a row of a batch could not go on", batch=batch, position=position)
            with write(self._context.engine) as session:
                self._put_off(session, session.get_one(BatchItemRow, (batch, position)))

    def _stage(self, session: Session, batch: BatchRow, item: BatchItemRow) -> None:
        plan = self._plan(session, batch)
        by = _parse_caller(batch.caller, batch.tenant)
        if item.state == WAITING:
            row = parse_row(self._context.custody.open(session, batch.id, item.payload or b""))
            made, _ = self._contracts.drafting.create(session, by, _draft(plan, row, item.contract))
            item.contract, item.state, item.payload = made.id, MADE, None
            item.open, item.tries = plan.send, 0
        else:
            contract = session.get_one(ContractRow, item.contract)
            if contract.state == ContractState.DRAFT:
                self._contracts.sending.send(session, by, item.contract)
            item.state, item.open = SENT, False
        self._keep(session, item)

    def _note(self, session: Session, item: BatchItemRow, refused: Refused) -> None:
        """Write down why a row did not go on: for now, or for good."""
        if refused.code in _LATER:
            self._put_off(session, item)
            return
        item.state, item.open, item.payload = FAILED, False, None
        item.code, item.field, item.detail = refused.code, refused.field[:128], refused.detail[:300]
        self._keep(session, item)

    def _put_off(self, session: Session, item: BatchItemRow) -> None:
        item.tries += 1
        item.ready_at = self._context.clock() + min(_LONGEST, _FIRST * 2 ** min(item.tries, 10))
        self._keep(session, item)

    def _keep(self, session: Session, item: BatchItemRow) -> None:
        session.add(item)
        session.flush()
        left = select(func.count()).where(BatchItemRow.batch == item.batch, col(BatchItemRow.open))
        if session.exec(left).one() == 0:
            batch = session.get_one(BatchRow, item.batch)
            batch.ended_at = self._context.clock()
            session.add(batch)
            session.flush()

    def progress(self, session: Session, by: Principal, batch: str) -> Progress:
        """Say how far a batch is.

        Raises:
            Refused: batch-unknown.
        """
        return self._progress(session, self._batch(session, by, batch))

    def listing(self, session: Session, by: Principal, *, after: int, limit: int) -> Sequence[Progress]:
        """Give up to ``limit`` batches of the caller, newest first, before a position (0: the newest)."""
        query = select(BatchRow).where(BatchRow.tenant == by.tenant)
        if after:
            query = query.where(BatchRow.position < after)
        if not self._sees_all(by):
            query = query.where(BatchRow.creator == creator(by))
        rows = session.exec(query.order_by(col(BatchRow.position).desc()).limit(limit)).all()
        return [self._progress(session, row) for row in rows]

    def items(
        self, session: Session, by: Principal, batch: str, *, after: int, limit: int, state: str | None = None
    ) -> Sequence[Item]:
        """Give rows of a batch after a position, in order; ``state`` keeps those in it.

        Raises:
            Refused: batch-unknown.
        """
        self._batch(session, by, batch)
        query = select(BatchItemRow).where(BatchItemRow.batch == batch, BatchItemRow.position > after)
        if state is not None:
            query = query.where(BatchItemRow.state == state)
        found = session.exec(query.order_by(col(BatchItemRow.position)).limit(limit)).all()
        return [
            Item(
                each.position,
                each.state,
                each.contract if each.state in (MADE, SENT) else "",
                each.code or "",
                each.field or "",
                each.detail or "",
            )
            for each in found
        ]

    def _progress(self, session: Session, row: BatchRow) -> Progress:
        counted = select(BatchItemRow.state, func.count()).where(BatchItemRow.batch == row.id)
        counts = dict(session.exec(counted.group_by(BatchItemRow.state)).all())
        return Progress(
            id=row.id,
            position=row.position,
            total=row.total,
            waiting=counts.get(WAITING, 0),
            made=counts.get(MADE, 0),
            sent=counts.get(SENT, 0),
            failed=counts.get(FAILED, 0),
            created_at=row.created_at,
            started_at=row.started_at,
            ended_at=row.ended_at,
        )

    def _batch(self, session: Session, by: Principal, batch: str) -> BatchRow:
        row = session.get(BatchRow, batch)
        if row is None or row.tenant != by.tenant or not (self._sees_all(by) or row.creator == creator(by)):
            raise Refused("batch-unknown", "There is no such batch.")
        return row

    @staticmethod
    def _sees_all(by: Principal) -> bool:
        return by.kind == "api_client" or by.may(Permission.VIEW_ALL_CONTRACTS)

    def _plan(self, session: Session, batch: BatchRow) -> Plan:
        return _parse_plan(self._context.custody.open(session, batch.id, batch.plan))


def _draft(plan: Plan, row: Row, contract: str) -> Draft:
    return Draft(
        id=contract,
        title=row.title or plan.title,
        parties=seated(plan.parties, row),
        template=plan.template,
        values=row.values,
        app=plan.app,
        business_number=row.business_number,
        business_type=plan.business_type,
        scene=plan.scene,
        deadline=plan.deadline,
        remind_ahead=plan.remind_ahead,
        remind_every=plan.remind_every,
    )


def _format_plan(plan: Plan) -> bytes:
    body: JsonObject = {
        "id": plan.id,
        "template": plan.template,
        "title": plan.title,
        "parties": [
            [
                each.kind,
                str(each.role),
                each.group,
                each.required,
                each.demand.identity,
                each.demand.written,
            ]
            for each in plan.parties
        ],
        "app": plan.app,
        "scene": plan.scene,
        "send": plan.send,
    }
    optional: dict[str, JsonValue | None] = {
        "business_type": plan.business_type,
        "deadline": None if plan.deadline is None else format_time(plan.deadline),
        "remind_ahead": plan.remind_ahead,
        "remind_every": plan.remind_every,
    }
    return format_json(body | {name: value for name, value in optional.items() if value is not None})


def _parse_plan(content: bytes) -> Plan:
    """Read what `_format_plan` wrote: our own bytes, which came out of custody unchanged."""
    body = json.loads(content)
    deadline = body.pop("deadline", None)
    parties = tuple(
        PartyDraft(
            cast(SubjectKind, kind), PartyRole(role), group, required, demand=demand_of(identity, factors)
        )
        for kind, role, group, required, identity, factors in body.pop("parties")
    )
    return Plan(parties=parties, deadline=None if deadline is None else parse_time(deadline), **body)


def _format_caller(by: Principal) -> str:
    return json.dumps([by.kind, by.account, sorted(by.roles), sorted(by.scopes), by.app, by.name])


def _parse_caller(text: str, tenant: str) -> Principal:
    kind, account, roles, scopes, app, name = json.loads(text)
    by = Principal(tenant, cast(Kind, kind), account=account, app=app, name=name)
    return replace(by, roles=frozenset(map(Role, roles)), scopes=frozenset(scopes))
