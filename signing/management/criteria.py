"""Which contracts somebody may see, and what a list may be narrowed to, as conditions of a query."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import col

from signing.contracts.book import creator
from signing.contracts.models import ApprovalRow, ContractRow, PartyRow
from signing.management.models import ShelfRow, TagRow
from signing.principal import Permission, Principal

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a contract must be; absent means any. ``ends_until`` is the last day of its term, ``party`` an account."""

    states: tuple[str, ...] = ()
    scene: str = ""
    business_type: str = ""
    party: str = ""
    folder: str = ""
    tag: str = ""
    category: str = ""
    archived: bool | None = None
    created_from: datetime | None = None
    created_until: datetime | None = None
    ends_until: date | None = None


def visible_to(principal: Principal) -> list[Condition]:
    """Restrict to what he may see: everything, or what he sent, takes part in since it was sent, or approves."""
    if principal.may(Permission.VIEW_ALL_CONTRACTS):
        return []
    mine = [col(ContractRow.creator) == creator(principal)]
    if principal.account is not None:
        takes_part = exists().where(
            col(PartyRow.contract) == ContractRow.id, col(PartyRow.account) == principal.account
        )
        approves = exists().where(
            col(ApprovalRow.contract) == ContractRow.id, col(ApprovalRow.account) == principal.account
        )
        mine += [and_(col(ContractRow.sent_at).is_not(None), takes_part), approves]
    return [or_(*mine)]


def conditions(filters: Filters) -> list[Condition]:
    """Give the conditions of filters; a query needs contracts joined with their shelves."""
    found: list[Condition] = []
    if filters.states:
        found.append(col(ContractRow.state).in_(filters.states))
    if filters.scene:
        found.append(col(ContractRow.scene) == filters.scene)
    if filters.business_type:
        found.append(col(ContractRow.business_type) == filters.business_type)
    if filters.party:
        found.append(
            exists().where(col(PartyRow.contract) == ContractRow.id, col(PartyRow.account) == filters.party)
        )
    if filters.folder:
        found.append(col(ShelfRow.folder) == filters.folder)
    if filters.tag:
        found.append(
            exists().where(
                col(TagRow.contract) == ContractRow.id,
                col(TagRow.tenant) == ContractRow.tenant,
                col(TagRow.tag) == filters.tag,
            )
        )
    if filters.category:
        found.append(col(ShelfRow.category) == filters.category)
    if filters.archived is not None:
        archived = col(ShelfRow.archived_at)
        found.append(archived.is_not(None) if filters.archived else archived.is_(None))
    if filters.created_from is not None:
        found.append(col(ContractRow.created_at) >= filters.created_from)
    if filters.created_until is not None:
        found.append(col(ContractRow.created_at) < filters.created_until)
    if filters.ends_until is not None:
        found.append(and_(col(ShelfRow.ends_on).is_not(None), col(ShelfRow.ends_on) <= filters.ends_until))
    return found
