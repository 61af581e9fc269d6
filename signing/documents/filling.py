"""What parties enter into documents as they sign: fields left to them, filled in one revision over the newest one.

    begin     what is to be filled, read in a transaction
    made      the revision: slow, outside of one
    keep      in a transaction, if the document still is the one it was made from
    tell      the case hears of it in the transaction that has the party asked to confirm: by then it is settled

Until then a party enters anew as often as it likes, each time from the same ground, and nobody else sees any of it. When
another signs in between, what was entered is kept and put into the new revision (``stale``).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select
from zheng_verifier.claim import Actor
from zheng_verifier.pdf.fonts import coverage

from signing.context import Context
from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.ports import Paper
from signing.custody.service import StoredFile
from signing.documents import events
from signing.documents.controls import Control, parse_controls
from signing.documents.forms import Entry, check_own_values
from signing.documents.models import DocumentRow, FieldRow, FillingRow
from signing.documents.overlay import values_of
from signing.documents.rendering import render_own
from signing.documents.shelf import PDF, Shelf
from signing.errors import Refused
from signing.principal import Principal

_MAX_CHAIN = 16


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field that was left to a party, and what it entered so far."""

    document: str
    control: Control
    value: str


@dataclass(frozen=True, slots=True)
class Filling:
    """Values that are to be filled into a document whose newest bytes are ``content``."""

    document: str
    base: str
    content: bytes
    entries: tuple[Entry, ...]
    fields: tuple[str, ...]

    def made(self) -> bytes:
        """Give the document with the values in it: typeset, so it takes a moment.

        Raises:
            Refused: value-overflow: a value does not fit its place; ``field`` names it.

        """
        return render_own(self.content, self.entries, self.fields)


def seats_of(session: Session, party: PartyRow) -> list[str]:
    """Give a party and those in whose stead it acts: what was theirs to fill in and sign is its own."""
    seats = [party.ref]
    while party.delegate_of is not None and len(seats) < _MAX_CHAIN:
        party = session.get_one(PartyRow, party.delegate_of)
        seats.append(party.ref)
    return seats


def filled_by(session: Session, document: DocumentRow, party: PartyRow) -> FillingRow | None:
    """Give what a party entered into a document, if it still stands on the newest revision."""
    row = session.get(FillingRow, (document.id, party.ref))
    return row if row is not None and row.base == document.newest else None


class Fillings:
    """What parties enter. Everything but ``Filling.made`` happens in the caller's transaction."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._shelf = Shelf(context)

    def fields(self, session: Session, contract: ContractRow, party: PartyRow) -> tuple[OwnField, ...]:
        """Give the fields that were left to a party, from top to bottom, document by document."""
        return tuple(
            OwnField(row.id, control, values.get(control.name, ""))
            for row in self._shelf.documents(session, contract)
            if (controls := self._controls(session, row, party))
            for values in (self._entered(session, contract, row, party),)
            for control in controls
        )

    def _controls(self, session: Session, row: DocumentRow, party: PartyRow) -> tuple[Control, ...]:
        query = select(FieldRow.name).where(
            FieldRow.document == row.id, col(FieldRow.party).in_(seats_of(session, party))
        )
        names = frozenset(session.exec(query).all())
        own = [control for control in parse_controls(row.controls) if control.name in names]
        return tuple(sorted(own, key=lambda each: (each.page, each.place.y, each.place.x)))

    def _entered(
        self, session: Session, contract: ContractRow, row: DocumentRow, party: PartyRow
    ) -> dict[str, str]:
        kept = session.get(FillingRow, (row.id, party.ref))
        if kept is None:
            return {}
        values: dict[str, str] = json.loads(self._shelf.opened(session, contract, kept.entered))
        return values

    def require(self, session: Session, contract: ContractRow, party: PartyRow) -> None:
        """Let pass a party that entered everything that is required of it.

        Raises:
            Refused: values-missing; ``field`` names the first, ``expected`` all of them.

        """
        missing = [
            each.control.name
            for each in self.fields(session, contract, party)
            if each.control.required and not each.value
        ]
        if missing:
            raise Refused(
                "values-missing",
                "First fill in what was left to this party.",
                f"/values/{missing[0]}",
                ", ".join(missing),
            )

    def begin(
        self,
        session: Session,
        by: Principal,
        contract: ContractRow,
        party: PartyRow,
        document: str,
        values: Mapping[str, str],
    ) -> Filling:
        """Hold a party's values, all of them at once, against the fields that were left to it.

        Raises:
            Refused: document-unknown; value-unknown, value-missing, value-invalid; ``field`` names the value.

        """
        row = self._shelf.document(session, contract, document)
        return self._filling(session, by, contract, row, self._controls(session, row, party), values)

    def _filling(
        self,
        session: Session,
        by: Principal,
        contract: ContractRow,
        row: DocumentRow,
        controls: Sequence[Control],
        values: Mapping[str, str],
    ) -> Filling:
        entries = check_own_values(controls, values, coverage())
        if row.newest is None:
            raise Refused("document-unfinished", "The document was not sent yet.")
        content = self._shelf.get(session, contract, row.newest, by, "prepare")
        return Filling(row.id, row.newest, content, entries, tuple(control.name for control in controls))

    def stale(
        self, session: Session, by: Principal, contract: ContractRow, party: PartyRow
    ) -> tuple[Filling, ...]:
        """Give what a party entered before another one signed, to be filled into what the documents are now."""
        found = []
        for row in self.outdated(session, contract, party):
            values = self._entered(session, contract, row, party)
            found.append(
                self._filling(session, by, contract, row, self._controls(session, row, party), values)
            )
        return tuple(found)

    def outdated(self, session: Session, contract: ContractRow, party: PartyRow) -> tuple[DocumentRow, ...]:
        """Give the documents into which a party entered something on ground that is not the newest any more."""
        query = (
            select(DocumentRow)
            .join(FillingRow, col(FillingRow.document) == col(DocumentRow.id))
            .where(
                DocumentRow.contract == contract.id,
                FillingRow.party == party.ref,
                col(FillingRow.base) != col(DocumentRow.newest),
            )
        )
        return tuple(session.exec(query.order_by(col(DocumentRow.position))))

    def keep(
        self, session: Session, contract: ContractRow, party: PartyRow, filling: Filling, content: bytes
    ) -> StoredFile | None:
        """Keep what a party entered, in place of what it entered before; None: it entered nothing.

        Raises:
            Refused: document-changed: somebody signed meanwhile.

        """
        row = self._shelf.document(session, contract, filling.document)
        if row.newest != filling.base or not content.startswith(filling.content):
            raise Refused("document-changed", "The document has been signed or changed meanwhile.")
        kept = session.get(FillingRow, (row.id, party.ref))
        if not filling.entries:
            if kept is not None:
                session.delete(kept)
                session.flush()
            return None
        stored = self._shelf.put(session, contract, content)
        if kept is not None and (kept.base, kept.filled) == (filling.base, stored.sha256):
            return stored
        values = json.dumps(dict(values_of(filling.entries)), ensure_ascii=False)
        session.merge(
            FillingRow(
                document=row.id,
                party=party.ref,
                tenant=row.tenant,
                entered=self._shelf.sealed(session, contract, values),
                base=filling.base,
                filled=stored.sha256,
                sm3=stored.sm3,
                size=stored.size,
                told=False,
                filled_at=self._context.clock(),
            )
        )
        session.flush()
        return stored

    def tell(self, session: Session, contract: ContractRow, party: PartyRow, asked: Sequence[Paper]) -> None:
        """Record what a party entered into the documents that it is asked to confirm, once for each revision."""
        recorder = self._context.recorder
        for paper in asked:
            row = self._shelf.document(session, contract, paper.document)
            kept = filled_by(session, row, party)
            if kept is None or kept.told or kept.filled != paper.sha256:
                continue
            values = self._entered(session, contract, row, party)
            after = StoredFile(kept.filled, kept.sm3, kept.size, PDF)
            recorder.leave(session, contract.dossier, after.sha256)
            event = events.filled(row.id, party.ref, kept.base, after, values, Actor("person", party.ref))
            recorder.record(session, contract.dossier, event)
            kept.told = True
            session.add(kept)
        session.flush()
