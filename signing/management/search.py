"""Search over title, parties and text of contracts, and lists by what is known of them (S0-35, S1-15, S2-15).

The index names candidates: contracts that have every unit of the query, those first where it stands in the title, then
those where it is a party. Each hit is then looked at in its opened text, so that nothing is shown that does not hold the
words as they were asked for. Without words it is a list, newest first.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, case, or_, select
from sqlmodel import Session, col, func

from signing.context import Context
from signing.contracts.models import ContractRow
from signing.database import read
from signing.errors import Refused
from signing.management.criteria import Filters, conditions, visible_to
from signing.management.grams import Term, terms_of
from signing.management.index import Indexed, Keyed, parse_indexed
from signing.management.models import SearchGramRow, SearchTextRow, ShelfRow, TagRow
from signing.principal import Principal

_LOOKED_AT = 2_000
"""Candidates opened for one page; a page may come short, and says where to go on."""
_PORTION = 50


@dataclass(frozen=True, slots=True)
class Cursor:
    """After which contract a page begins: its rank (3 title, 2 party, 1 text, 0 a list) and position."""

    rank: int
    position: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A contract that was found. ``matched`` says where all words stand together: title, party, text or several."""

    contract: str
    position: int
    rank: int
    title: str
    state: str
    scene: str
    matched: str
    created_at: datetime
    deadline: datetime
    folder: str | None
    category: str
    archived: bool
    ends_on: date | None
    tags: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Page:
    """Hits, and where the next page begins; None: there is nothing more."""

    hits: tuple[Hit, ...]
    following: Cursor | None


class Search:
    """Finds contracts for a principal."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def find(
        self,
        principal: Principal,
        query: str,
        filters: Filters,
        *,
        after: Cursor | None = None,
        limit: int = 50,
    ) -> Page:
        """Find contracts that he may see.

        Raises:
            Refused: query-empty where words were given and none of them can be looked up.
        """
        terms = terms_of(query)
        if query.strip() and not terms:
            raise Refused("query-empty", "There is no word to look for.", "/q", "letters, digits or Chinese")
        hits: list[Hit] = []
        looked_at = 0
        last = after
        with read(self._context.engine) as session:
            statement = self._statement(principal, terms, filters)
            for row, rank, shelf in self._candidates(session, statement, after):
                if looked_at == _LOOKED_AT or len(hits) == limit:
                    return Page(tuple(hits), last)
                looked_at += 1
                last = Cursor(rank, row.position)
                hit = self._looked_at(session, row, rank, shelf, terms)
                if hit is not None:
                    hits.append(hit)
        return Page(tuple(hits), None)

    def _statement(self, principal: Principal, terms: tuple[Term, ...], filters: Filters) -> Select[Any]:
        columns: list[Any] = [ContractRow, ShelfRow]
        shelved = col(ShelfRow.contract) == col(ContractRow.id)
        asked = [col(ContractRow.tenant) == principal.tenant, *visible_to(principal), *conditions(filters)]
        if not terms:
            rank = case((col(ContractRow.position) > 0, 0), else_=0).label("rank")
            return select(*columns, rank).outerjoin(ShelfRow, shelved).where(*asked)
        keyed = Keyed(self._context, principal.tenant)
        digests = {keyed(gram) for term in terms for gram in term.grams}
        fields = col(SearchGramRow.fields)
        titles = func.sum(case((fields >= 4, 1), else_=0))
        parties = func.sum(case((fields.in_((2, 3, 6, 7)), 1), else_=0))
        wanted = len(digests)
        found = (
            select(
                col(SearchGramRow.text).label("text"),
                case((titles == wanted, 3), (parties == wanted, 2), else_=1).label("rank"),
            )
            .where(col(SearchGramRow.gram).in_(digests))
            .group_by(col(SearchGramRow.text))
            .having(func.count() == wanted)
            .subquery()
        )
        return (
            select(*columns, found.c.rank)
            .join(SearchTextRow, col(SearchTextRow.contract) == col(ContractRow.id))
            .join(found, found.c.text == col(SearchTextRow.id))
            .outerjoin(ShelfRow, shelved)
            .where(col(SearchTextRow.tenant) == principal.tenant, *asked)
        )

    def _candidates(
        self, session: Session, statement: Select[Any], after: Cursor | None
    ) -> Iterator[tuple[ContractRow, int, ShelfRow | None]]:
        """Give candidates by rank and position, portion by portion: most pages end in the first one."""
        rank, position = statement.selected_columns.rank, col(ContractRow.position)
        while True:
            portion = statement
            if after is not None:
                later = or_(rank < after.rank, and_(rank == after.rank, position < after.position))
                portion = portion.where(later)
            rows = session.execute(portion.order_by(rank.desc(), position.desc()).limit(_PORTION)).all()
            for row, shelf, found in rows:
                yield row, found, shelf
            if len(rows) < _PORTION:
                return
            after = Cursor(rows[-1][2], rows[-1][0].position)

    def _looked_at(
        self, session: Session, row: ContractRow, rank: int, shelf: ShelfRow | None, terms: tuple[Term, ...]
    ) -> Hit | None:
        try:
            title = self._context.custody.open(session, row.id, row.title).decode()
            matched = self._matched(session, row, terms) if terms else ""
        except Refused:  # erased since
            return None
        if matched is None:
            return None
        tags = session.execute(
            select(col(TagRow.tag))
            .where(col(TagRow.tenant) == row.tenant, col(TagRow.contract) == row.id)
            .order_by(col(TagRow.tag))
        ).scalars()
        return Hit(
            contract=row.id,
            position=row.position,
            rank=rank,
            title=title,
            state=row.state,
            scene=row.scene,
            matched=matched,
            created_at=row.created_at,
            deadline=row.deadline,
            folder=None if shelf is None else shelf.folder,
            category="" if shelf is None else shelf.category,
            archived=shelf is not None and shelf.archived_at is not None,
            ends_on=None if shelf is None else shelf.ends_on,
            tags=tuple(tags),
        )

    def _matched(self, session: Session, row: ContractRow, terms: tuple[Term, ...]) -> str | None:
        """Say where the words stand, None if they do not: the index only knows their parts."""
        found = session.execute(
            select(SearchTextRow).where(col(SearchTextRow.contract) == row.id)
        ).scalar_one_or_none()
        if found is None or not found.text:
            return None
        value = parse_indexed(self._context.custody.open(session, row.id, found.text))
        return where_matched(value, [term.text for term in terms])


def where_matched(value: Indexed, words: list[str]) -> str | None:
    """Say in which field all words stand, ``several`` if they stand in different ones, None if one is missing."""
    parties = "\n".join(value.parties)
    for name, text in (("title", value.title), ("party", parties), ("text", value.text)):
        if all(word in text for word in words):
            return name
    everything = f"{value.title}\n{parties}\n{value.text}"
    return "several" if all(word in everything for word in words) else None
