"""The documents of contracts that were sent: their bytes fixed, and grown by what parties sign."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from signing.act.ports import Slot
from signing.context import Context
from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.order import SIGNERS, PartyRole
from signing.contracts.ports import Paper
from signing.custody.service import StoredFile
from signing.documents import events
from signing.documents.controls import Control, ControlKind, left_open, parse_controls, without_place
from signing.documents.filling import Fillings, filled_by, seats_of
from signing.documents.models import DocumentRow, FieldRow, FillingRow, SlotRow
from signing.documents.pages import parse_pages
from signing.documents.rendering import Signer, box_words, render_final
from signing.documents.shelf import Shelf
from signing.errors import Refused
from signing.principal import Principal


class Revisions:
    """What is done with a document from the sending on."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._shelf = Shelf(context)
        self.fillings = Fillings(context)

    def standing(self, session: Session, contract: ContractRow) -> tuple[Paper, ...]:
        """Give the documents to be signed, by their newest bytes."""
        return tuple(
            Paper(row.id, row.newest or row.current)
            for row in self._shelf.documents(session, contract)
            if not row.attachment
        )

    def seen_by(self, session: Session, contract: ContractRow, party: PartyRow) -> tuple[Paper, ...]:
        """Give the documents to be signed as a party has them: with what it entered itself."""
        return tuple(
            Paper(row.id, self._seen(session, row, party))
            for row in self._shelf.documents(session, contract)
            if not row.attachment
        )

    def _seen(self, session: Session, row: DocumentRow, party: PartyRow) -> str:
        filling = filled_by(session, row, party)
        return filling.filled if filling is not None else row.newest or row.current

    def finalize(
        self, session: Session, by: Principal, contract: ContractRow, parties: tuple[PartyRow, ...], case: str
    ) -> tuple[Paper, ...]:
        """Fix the bytes of all documents: footer with number and case, a place for every signer, empty fields.

        Raises:
            Refused: value-missing, control-invalid.

        """
        names = self._shelf.party_names(session, contract, parties)
        signers = [
            Signer(number, box_words(number, name, PartyRole(party.role)), party.kind == "organization")
            for number, (party, name) in enumerate(zip(parties, names, strict=True), start=1)
            if party.role in SIGNERS
        ]
        for row in self._shelf.documents(session, contract):
            if not row.attachment:
                self._finalize(session, by, contract, row, parties, signers, case)
        return self.standing(session, contract)

    def _finalize(
        self,
        session: Session,
        by: Principal,
        contract: ContractRow,
        row: DocumentRow,
        parties: tuple[PartyRow, ...],
        signers: Sequence[Signer],
        case: str,
    ) -> None:
        controls, pages = parse_controls(row.controls), parse_pages(row.pages)
        without_place(controls, [signer.number for signer in signers])
        left = self._left_open(session, contract, row, controls, [signer.number for signer in signers])
        current = self._shelf.get(session, contract, row.current, None, "prepare")
        sealed_number = contract.business_number
        final = render_final(
            current,
            pages,
            controls,
            signers,
            number="" if sealed_number is None else self._shelf.opened(session, contract, sealed_number),
            case=case,
            title=self._shelf.opened(session, contract, contract.title),
            left=left,
        )
        shown = self._shelf.put(session, contract, final.shown)
        finalized = self._shelf.put(session, contract, final.finalized)
        row.shown, row.finalized, row.newest = shown.sha256, finalized.sha256, finalized.sha256
        session.add(row)
        for control in final.controls:
            place = control.place
            session.add(
                SlotRow(
                    document=row.id,
                    party=parties[control.party - 1].ref,
                    tenant=row.tenant,
                    field=control.name,
                    page=control.page,
                    x=place.x,
                    y=place.y,
                    width=place.width,
                    height=place.height,
                    page_height=final.pages[control.page - 1].size[1],
                    sealed=control.kind is ControlKind.SEAL,
                )
            )
        for control in left:
            field = FieldRow(
                document=row.id, name=control.name, tenant=row.tenant, party=parties[control.party - 1].ref
            )
            session.add(field)
        session.flush()
        event = events.finalized(row.id, shown, finalized, len(final.pages), self._shelf.actor(by, contract))
        recorder = self._context.recorder
        for each in (shown, finalized):
            recorder.leave(session, contract.dossier, each.sha256)
        recorder.record(session, contract.dossier, event)

    def _left_open(
        self,
        session: Session,
        contract: ContractRow,
        row: DocumentRow,
        controls: Sequence[Control],
        signers: Sequence[int],
    ) -> tuple[Control, ...]:
        """Give the controls that are left to those who sign; every other one that is required has its value by now."""
        values = self._shelf.entered(session, contract, row).values
        left = tuple(control for control in left_open(controls, values) if control.party in signers)
        for control in controls:
            if (
                control.required
                and not control.kind.signs
                and control not in left
                and not values.get(control.name, control.rule.default)
            ):
                raise Refused("value-missing", "A value is needed before sending.", f"/values/{control.name}")
        return left

    def slots(self, session: Session, contract: ContractRow, party: PartyRow) -> tuple[Slot, ...]:
        """Give where a party signs; whoever signs in another's stead signs at his place."""
        seats = seats_of(session, party)
        found = session.exec(
            select(SlotRow, DocumentRow)
            .join(DocumentRow, col(DocumentRow.id) == col(SlotRow.document))
            .where(DocumentRow.contract == contract.id, col(SlotRow.party).in_(seats))
            .order_by(col(DocumentRow.position))
        )
        return tuple(
            Slot(
                row.id,
                self._seen(session, row, party),
                slot.field,
                slot.page,
                (slot.x, slot.y, slot.width, slot.height),
                slot.page_height,
                slot.sealed,
            )
            for slot, row in found
        )

    def advance(
        self, session: Session, contract: ContractRow, document: str, before: str, content: bytes
    ) -> StoredFile:
        """Keep a further revision of a document, if ``before`` (SHA-256, hex) still is its newest, or that filled in.

        Raises:
            Refused: document-unknown; document-changed, also where the content does not begin with what it grows from.

        """
        row = self._shelf.document(session, contract, document)
        if row.newest is None or before not in (row.newest, *self._filled(session, row)):
            raise Refused("document-changed", "The document has been signed or changed meanwhile.")
        if not content.startswith(self._shelf.get(session, contract, before, None, "prepare")):
            raise Refused("document-changed", "What was signed does not begin with what was shown.")
        stored = self._shelf.put(session, contract, content)
        row.newest = stored.sha256
        session.add(row)
        session.flush()
        return stored

    def _filled(self, session: Session, row: DocumentRow) -> Sequence[str]:
        """Give the revisions that parties made of the newest one by filling it in."""
        query = select(FillingRow.filled).where(FillingRow.document == row.id, FillingRow.base == row.newest)
        return session.exec(query).all()
