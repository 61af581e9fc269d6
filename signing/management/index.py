"""Keeps the index of what stands in contracts: behind by seconds, never ahead, and gone with the contract's key.

A contract is indexed after it changed, in a transaction of its own. Whatever a crash leaves is found at the next look: a
contract whose indexed revision is not its own waits to be indexed.
"""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from signing.context import Context
from signing.contracts.models import ContractRow, PartyRow
from signing.custody.errors import CustodyDamagedError
from signing.database import read, write
from signing.documents.models import DocumentRow
from signing.errors import Refused
from signing.management.grams import folded, grams_of
from signing.management.models import ReminderRow, SearchGramRow, SearchTextRow, ShelfRow, TagRow
from signing.management.pdf_text import text_of
from signing.principal import Permission, Principal

TITLE, PARTY, TEXT = 4, 2, 1
MOST_GRAMS = 8_000
_PORTION = 50
_PURPOSE = "search"


@dataclass(frozen=True, slots=True)
class Indexed:
    """What of a contract is searched, folded."""

    title: str
    parties: tuple[str, ...]
    text: str

    def weights(self) -> dict[str, int]:
        """Give every unit with the fields it stands in; of a very long text the first ones."""
        found: dict[str, int] = {}
        for gram in grams_of(self.title, prefixes=True):
            found[gram] = TITLE
        for name in self.parties:
            for gram in grams_of(name, prefixes=True):
                found[gram] = found.get(gram, 0) | PARTY
        for gram in sorted(grams_of(self.text)):
            if gram in found or len(found) < MOST_GRAMS:
                found[gram] = found.get(gram, 0) | TEXT
        return found


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the index is: contracts of the tenant, those whose present state is indexed, and those without text."""

    contracts: int
    indexed: int
    unreadable: int
    oldest: datetime | None


def format_indexed(value: Indexed) -> bytes:
    """Write what is searched, before it is sealed."""
    return json.dumps([value.title, list(value.parties), value.text], ensure_ascii=False).encode()


def parse_indexed(data: bytes) -> Indexed:
    """Read what ``format_indexed`` wrote."""
    title, parties, text = json.loads(data)
    return Indexed(title, tuple(parties), text)


class Keyed:
    """Turns units of text into keyed digests of one tenant: 63 bits, so that the index holds no word."""

    def __init__(self, context: Context, tenant: str) -> None:
        self._key = context.custody.blind(tenant, _PURPOSE, "units of text")

    def __call__(self, gram: str) -> int:
        """Give the digest of a unit. Two units of one digest cost time, nothing else: hits are looked at again."""
        return int.from_bytes(hmac.digest(self._key, gram.encode(), "sha256")[:8]) >> 1


class Indexer:
    """Indexes contracts, shows progress, forgets."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def tick(self, portion: int = _PORTION) -> int:
        """Index contracts that changed, the oldest first; gives how many were."""
        with read(self._context.engine) as session:
            waiting = session.exec(_waiting().order_by(col(ContractRow.position)).limit(portion)).all()
        return sum(self._index(contract) for contract in waiting)

    def reindex(self, principal: Principal) -> Progress:
        """Have every contract of the tenant indexed anew; search goes on with the old index meanwhile.

        Raises:
            Refused: permission-missing.
        """
        principal.require(Permission.MANAGE_ARCHIVE)
        with write(self._context.engine) as session:
            stale = update(SearchTextRow).where(col(SearchTextRow.tenant) == principal.tenant)
            session.execute(stale.values(revision=0, content=b""))
            return self._progress(session, principal.tenant)

    def progress(self, principal: Principal) -> Progress:
        """Say how far the index is. Raises Refused permission-missing."""
        principal.require(
            Permission.VIEW_OWN_CONTRACTS if principal.account else Permission.VIEW_ALL_CONTRACTS
        )
        with read(self._context.engine) as session:
            return self._progress(session, principal.tenant)

    def forget(self, session: Session, tenant: str, contract: str) -> None:
        """Purge a contract from index and shelf: a hook of custody's erasure, within its transaction."""
        row = session.exec(
            select(SearchTextRow).where(SearchTextRow.contract == contract, SearchTextRow.tenant == tenant)
        ).first()
        if row is not None:
            session.execute(delete(SearchGramRow).where(col(SearchGramRow.text) == row.id))
            session.delete(row)
        for table in (TagRow, ShelfRow, ReminderRow):
            session.execute(delete(table).where(col(table.contract) == contract, col(table.tenant) == tenant))
        session.flush()

    def _index(self, contract: str) -> int:
        """Index one contract; one whose key was destroyed is left out for good, one that is damaged is told by fsck."""
        with write(self._context.engine) as session:
            row = session.get(ContractRow, contract)
            if row is None:
                return 0
            known = session.exec(select(SearchTextRow).where(SearchTextRow.contract == contract)).first()
            try:
                self._renew(session, row, known)
            except (Refused, CustodyDamagedError):
                self.forget(session, row.tenant, contract)
                # A row without units, so that it is not tried for ever.
                session.add(self._entry(row, b"", b"", failed=True))
        return 1

    def _renew(self, session: Session, row: ContractRow, known: SearchTextRow | None) -> None:
        custody = self._context.custody
        papers = _papers(session, row.id)
        names = [custody.open(session, row.id, name).decode() for name in _names(session, row.id)]
        title = custody.open(session, row.id, row.title).decode()
        content = custody.blind(row.tenant, "search-content", json.dumps([title, names, papers]))
        if known is not None and known.content == content:
            known.revision = row.revision
            session.add(known)
            return
        texts, failed = self._texts(session, row, papers)
        value = Indexed(folded(title), tuple(folded(name) for name in names), folded(texts))
        sealed = custody.seal(session, row.id, format_indexed(value))
        if known is None:
            known = self._entry(row, content, sealed, failed=failed)
        else:
            session.execute(delete(SearchGramRow).where(col(SearchGramRow.text) == known.id))
            known.revision, known.content, known.text, known.failed = row.revision, content, sealed, failed
            known.indexed_at = self._context.clock()
        session.add(known)
        session.flush()
        write_grams(session, known.id or 0, value, Keyed(self._context, row.tenant))

    def _entry(self, row: ContractRow, content: bytes, sealed: bytes, *, failed: bool) -> SearchTextRow:
        return SearchTextRow(
            tenant=row.tenant,
            contract=row.id,
            revision=row.revision,
            content=content,
            text=sealed,
            failed=failed,
            indexed_at=self._context.clock(),
        )

    def _texts(self, session: Session, row: ContractRow, papers: Sequence[str]) -> tuple[str, bool]:
        texts, failed = [], False
        for sha256 in papers:
            content = self._context.custody.get(session, row.id, sha256, by=None, purpose="index")
            try:
                texts.append(text_of(content))
            except ValueError:
                failed = True
        return "\n".join(texts), failed

    def _progress(self, session: Session, tenant: str) -> Progress:
        own = ContractRow.tenant == tenant
        everything = session.exec(select(func.count()).select_from(ContractRow).where(own)).one()
        waiting = _waiting().where(own).subquery()
        behind = session.exec(select(func.count()).select_from(waiting)).one()
        rows = SearchTextRow.tenant == tenant
        failed = session.exec(select(func.count()).where(rows, col(SearchTextRow.failed))).one()
        oldest = session.exec(select(func.min(SearchTextRow.indexed_at)).where(rows)).one()
        return Progress(everything, everything - behind, failed, oldest)


def write_grams(session: Session, text: int, value: Indexed, keyed: Keyed) -> None:
    """Write the units of an indexed text; two of one digest share a row."""
    rows: dict[int, int] = {}
    for gram, fields in value.weights().items():
        digest = keyed(gram)
        rows[digest] = rows.get(digest, 0) | fields
    if rows:
        values = [{"gram": gram, "text": text, "fields": fields} for gram, fields in sorted(rows.items())]
        session.execute(insert(SearchGramRow), values)


def _waiting() -> SelectOfScalar[str]:
    return (
        select(ContractRow.id)
        .outerjoin(SearchTextRow, col(SearchTextRow.contract) == col(ContractRow.id))
        .where(or_(col(SearchTextRow.id).is_(None), col(SearchTextRow.revision) != ContractRow.revision))
    )


def _names(session: Session, contract: str) -> Sequence[bytes]:
    query = select(PartyRow.name).where(PartyRow.contract == contract).order_by(col(PartyRow.position))
    return session.exec(query).all()


def _papers(session: Session, contract: str) -> Sequence[str]:
    query = select(DocumentRow).where(DocumentRow.contract == contract).order_by(col(DocumentRow.position))
    return [row.shown or row.current for row in session.exec(query)]
