"""Order among contracts: folders, tags, classes, archive; terms and the reminders of their ends; figures.

This is the tenant's own order of his files: it changes nothing of a contract and is no evidence of anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from signing.context import Context
from signing.contracts.models import ContractRow
from signing.contracts.states import FINAL, ContractState
from signing.database import read, write
from signing.errors import Refused
from signing.management.criteria import visible_to
from signing.management.models import FolderRow, ReminderRow, ShelfRow, TagRow
from signing.principal import Permission, Principal

MOST_TAGS, MOST_REMINDERS, LONGEST_NOTICE = 20, 5, 366
_NO_CONTRACT = "There is no such contract."


@dataclass(frozen=True, slots=True)
class Placing:
    """How a contract is to be kept; every value replaces the one before. ``folder`` None: in none.

    ``remind_days`` before ``ends_on`` somebody is reminded.
    """

    folder: str | None = None
    category: str = ""
    tags: tuple[str, ...] = ()
    archived: bool = False
    starts_on: date | None = None
    ends_on: date | None = None
    remind_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """How many contracts there are: by state, by scene, by month of creation (UTC, `2026-03`); and what ends soon."""

    total: int
    states: tuple[tuple[str, int], ...]
    scenes: tuple[tuple[str, int], ...]
    months: tuple[tuple[str, int], ...]
    archived: int
    ending: int


class Shelf:
    """Keeps contracts in order."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def create_folder(self, principal: Principal, folder: str, name: str) -> tuple[FolderRow, bool]:
        """Create a folder under the client's id.

        Raises:
            Refused: permission-missing, field-value, folder-taken, id-reused.
        """
        principal.require(Permission.MANAGE_ARCHIVE)
        _check_name(name, "/name", 100)
        with write(self._context.engine) as session:
            known = session.get(FolderRow, folder)
            if known is not None:
                if (known.tenant, known.name) != (principal.tenant, name):
                    raise Refused("id-reused", "A folder of this id has another name.", "/id")
                return known, False
            self._check_free(session, principal.tenant, name)
            row = FolderRow(id=folder, tenant=principal.tenant, name=name, created_at=self._context.clock())
            session.add(row)
            return row, True

    def rename_folder(self, principal: Principal, folder: str, name: str) -> FolderRow:
        """Give a folder another name. Raises Refused: as ``create_folder``, folder-unknown."""
        principal.require(Permission.MANAGE_ARCHIVE)
        _check_name(name, "/name", 100)
        with write(self._context.engine) as session:
            row = _folder(session, principal.tenant, folder)
            if row.name != name:
                self._check_free(session, principal.tenant, name)
            row.name = name
            session.add(row)
            return row

    def delete_folder(self, principal: Principal, folder: str) -> None:
        """Delete an empty folder. Raises Refused: permission-missing, folder-unknown, folder-not-empty."""
        principal.require(Permission.MANAGE_ARCHIVE)
        with write(self._context.engine) as session:
            row = _folder(session, principal.tenant, folder)
            if session.exec(select(ShelfRow.contract).where(ShelfRow.folder == folder)).first() is not None:
                raise Refused("folder-not-empty", "Contracts are in this folder.")
            session.delete(row)

    def folders(self, principal: Principal) -> Sequence[tuple[FolderRow, int]]:
        """List folders by name, with the number of contracts in each; to whoever is not of the organisation none."""
        if not principal.may(Permission.READ_PEOPLE):
            return []
        with read(self._context.engine) as session:
            query = (
                select(FolderRow, func.count(col(ShelfRow.contract)))
                .outerjoin(ShelfRow, col(ShelfRow.folder) == FolderRow.id)
                .where(FolderRow.tenant == principal.tenant)
                .group_by(col(FolderRow.id))
                .order_by(FolderRow.name)
            )
            return session.exec(query).all()

    def tags(self, principal: Principal) -> Sequence[tuple[str, int]]:
        """List the tags in use, with the number of contracts of each; to whoever is not of the organisation none."""
        if not principal.may(Permission.READ_PEOPLE):
            return []
        with read(self._context.engine) as session:
            query = (
                select(TagRow.tag, func.count())
                .where(TagRow.tenant == principal.tenant)
                .group_by(col(TagRow.tag))
                .order_by(TagRow.tag)
            )
            return session.exec(query).all()

    def place(self, principal: Principal, contract: str, placing: Placing) -> ShelfRow:
        """Say how a contract is kept; only one that ended or was completed is archived.

        Raises:
            Refused: permission-missing, contract-unknown, folder-unknown, field-value, contract-not-ended.
        """
        principal.require(Permission.MANAGE_ARCHIVE)
        _check(placing)
        now = self._context.clock()
        with write(self._context.engine) as session:
            row = _contract(session, principal, contract)
            if placing.archived and ContractState(row.state) not in FINAL:
                raise Refused("contract-not-ended", "A contract is archived once it has ended.", "/archived")
            if placing.folder is not None:
                _folder(session, principal.tenant, placing.folder)
            kept = session.get(ShelfRow, contract) or ShelfRow(contract=contract, tenant=principal.tenant)
            kept.folder, kept.category = placing.folder, placing.category
            kept.starts_on, kept.ends_on = placing.starts_on, placing.ends_on
            kept.archived_at = (kept.archived_at or now) if placing.archived else None
            session.add(kept)
            session.execute(
                delete(TagRow).where(col(TagRow.tenant) == principal.tenant, col(TagRow.contract) == contract)
            )
            for tag in placing.tags:
                session.add(TagRow(tenant=principal.tenant, contract=contract, tag=tag))
            self._plan(session, kept, placing)
            session.flush()
            return kept

    def placed(
        self, principal: Principal, contract: str
    ) -> tuple[ShelfRow, Sequence[str], Sequence[ReminderRow]]:
        """Give how a contract is kept: shelf, tags and reminders. Raises Refused contract-unknown."""
        with read(self._context.engine) as session:
            _contract(session, principal, contract)
            kept = session.get(ShelfRow, contract) or ShelfRow(contract=contract, tenant=principal.tenant)
            tags = select(TagRow.tag).where(TagRow.tenant == principal.tenant, TagRow.contract == contract)
            reminders = select(ReminderRow).where(ReminderRow.contract == contract)
            return (
                kept,
                session.exec(tags.order_by(TagRow.tag)).all(),
                session.exec(reminders.order_by(col(ReminderRow.due_at))).all(),
            )

    def statistics(self, principal: Principal) -> Figures:
        """Count the contracts that he may see."""
        today = self._context.clock().date()
        with read(self._context.engine) as session:
            seen = [col(ContractRow.tenant) == principal.tenant, *visible_to(principal)]
            rows = session.exec(
                select(ContractRow.state, ContractRow.scene, ContractRow.created_at).where(*seen)
            ).all()
            kept = (
                select(func.count())
                .select_from(ShelfRow)
                .join(ContractRow, col(ContractRow.id) == ShelfRow.contract)
                .where(*seen)
            )
            archived = session.exec(kept.where(col(ShelfRow.archived_at).is_not(None))).one()
            soon = today + timedelta(days=30)
            ending = session.exec(
                kept.where(col(ShelfRow.ends_on) >= today, col(ShelfRow.ends_on) <= soon)
            ).one()
        return Figures(
            len(rows),
            _counted([state for state, _, _ in rows]),
            _counted([scene for _, scene, _ in rows]),
            _counted([made.strftime("%Y-%m") for _, _, made in rows]),
            archived,
            ending,
        )

    def _plan(self, session: Session, kept: ShelfRow, placing: Placing) -> None:
        """Plan the reminders; those of the same day that somebody was told of stay told."""
        wanted = (
            {} if kept.ends_on is None else {days: _due(kept.ends_on, days) for days in placing.remind_days}
        )
        for known in session.exec(select(ReminderRow).where(ReminderRow.contract == kept.contract)):
            if wanted.get(known.days) == known.due_at:
                del wanted[known.days]
            else:
                session.delete(known)
        session.flush()
        for days, due_at in wanted.items():
            session.add(
                ReminderRow(
                    id=self._context.uuid(),
                    tenant=kept.tenant,
                    contract=kept.contract,
                    days=days,
                    due_at=due_at,
                )
            )

    def _check_free(self, session: Session, tenant: str, name: str) -> None:
        taken = select(FolderRow.id).where(FolderRow.tenant == tenant, FolderRow.name == name)
        if session.exec(taken).first() is not None:
            raise Refused("folder-taken", "Another folder has this name.", "/name")


def _due(ends_on: date, days: int) -> datetime:
    # Midnight at the beginning of the day in UTC: a day has no time of its own.
    return datetime.combine(ends_on - timedelta(days=days), time(), UTC)


def _counted(values: list[str]) -> tuple[tuple[str, int], ...]:
    return tuple((value, values.count(value)) for value in sorted(set(values)))


def _contract(session: Session, principal: Principal, contract: str) -> ContractRow:
    query = select(ContractRow).where(
        ContractRow.id == contract, ContractRow.tenant == principal.tenant, *visible_to(principal)
    )
    row = session.exec(query).first()
    if row is None:
        raise Refused("contract-unknown", _NO_CONTRACT)
    return row


def _folder(session: Session, tenant: str, folder: str) -> FolderRow:
    row = session.get(FolderRow, folder)
    if row is None or row.tenant != tenant:
        raise Refused("folder-unknown", "There is no such folder.", "/folder")
    return row


def _check_name(name: str, field: str, longest: int) -> None:
    if not 1 <= len(name) <= longest or name != name.strip() or not name.isprintable():
        raise Refused("field-value", "", field, f"1 to {longest} printable characters")


def _check(placing: Placing) -> None:
    if len(set(placing.tags)) != len(placing.tags) or len(placing.tags) > MOST_TAGS:
        raise Refused("field-value", "", "/tags", f"at most {MOST_TAGS}, each once")
    for tag in placing.tags:
        _check_name(tag, "/tags", 64)
    if placing.category:
        _check_name(placing.category, "/category", 64)
    if placing.starts_on and placing.ends_on and placing.ends_on < placing.starts_on:
        raise Refused("field-value", "", "/ends_on", "not before starts_on")
    days = placing.remind_days
    if days and placing.ends_on is None:
        raise Refused("field-value", "", "/remind_days", "with ends_on")
    if (
        len(set(days)) != len(days)
        or len(days) > MOST_REMINDERS
        or not all(0 <= n <= LONGEST_NOTICE for n in days)
    ):
        raise Refused("field-value", "", "/remind_days", f"at most {MOST_REMINDERS} of 0 to {LONGEST_NOTICE}")
