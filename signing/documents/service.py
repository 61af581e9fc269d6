"""The documents of contracts: taken in, filled in, marked, fixed, and grown by signatures.

Implements what contracts and acts of signing ask of documents (``contracts.ports.Papers``, ``act.ports.Revisions``). What is
slow happens in ``prepare``, before a transaction; what is given to ``add`` unprepared is prepared there.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlmodel import Session, col, select

from signing.act.ports import Slot
from signing.context import Context
from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.order import SIGNERS, PartyRole
from signing.contracts.ports import Paper, Upload
from signing.contracts.states import ContractState
from signing.custody.service import StoredFile
from signing.documents import events
from signing.documents.controls import (
    Control,
    ControlKind,
    check_controls,
    format_controls,
    parse_controls,
    without_place,
)
from signing.documents.forms import Entry
from signing.documents.inspection import Inspector, Prepared
from signing.documents.kinds import Kind
from signing.documents.models import DocumentRow, SlotRow
from signing.documents.overlay import TOOL, TOOL_VERSION, Watermark, values_of
from signing.documents.pages import format_pages, parse_pages
from signing.documents.rendering import Signer, box_words, render_entered, render_final
from signing.documents.shelf import PDF, Entered, Shelf, stored_pdf
from signing.documents.templates import Templates
from signing.errors import Refused
from signing.principal import Principal

MAX_DOCUMENTS = 16
Version = Literal["original", "current", "shown", "finalized", "newest"]


@dataclass(frozen=True, slots=True)
class PreparedUpload(Upload):
    """An upload that was looked at and converted; ``attachment``: it is to be kept and not signed."""

    prepared: Prepared | None = None
    attachment: bool = False


class Documents:
    """All that is done with the documents of contracts."""

    def __init__(self, context: Context, inspector: Inspector, templates: Templates) -> None:
        self._context = context
        self._inspector = inspector
        self._templates = templates
        self._shelf = Shelf(context)

    def prepare(self, upload: Upload, *, attachment: bool = False) -> PreparedUpload:
        """Look at an upload and convert it: a second or two, without a transaction.

        Raises:
            Refused: what `Inspector.prepare` says.

        """
        prepared = self._inspector.prepare(
            upload.name, upload.media_type, upload.content, attachment=attachment
        )
        return PreparedUpload(upload.name, upload.media_type, upload.content, prepared, attachment)

    # Drafts

    def add(self, session: Session, by: Principal, contract: ContractRow, upload: Upload) -> None:
        """Take a document for a draft.

        Raises:
            Refused: contract-state; what is wrong with it.

        """
        self.take(session, by, contract, self._prepared(upload), self._context.uuid())

    def upload(
        self, session: Session, by: Principal, contract: str, document: str, upload: PreparedUpload
    ) -> tuple[DocumentRow, bool]:
        """Take a document for a draft under the client's id; gives its row, and whether it is new.

        Raises:
            Refused: permission-missing, contract-unknown, contract-state, id-reused, document-signed, document-limit.

        """
        held = self._shelf.contract(session, by, contract)
        prepared = self._prepared(upload)
        known = session.get(DocumentRow, document)
        if known is not None:
            sha256 = hashlib.sha256(prepared.original).hexdigest()
            if (known.contract, known.original, known.attachment) != (contract, sha256, upload.attachment):
                raise Refused("id-reused", "This id was used for another document.", "/id")
            return known, False
        keep = self.attach if upload.attachment else self.take
        return keep(session, by, held, prepared, document), True

    def _prepared(self, upload: Upload) -> Prepared:
        known = upload.prepared if isinstance(upload, PreparedUpload) else None
        return known or self._inspector.prepare(upload.name, upload.media_type, upload.content)

    def take(
        self, session: Session, by: Principal, contract: ContractRow, prepared: Prepared, document: str
    ) -> DocumentRow:
        """Take a document that is to be signed.

        Raises:
            Refused: contract-state, document-signed, document-limit.

        """
        self._shelf.require_draft(contract)
        if prepared.signed:
            raise Refused("document-signed", "The document carries signatures; it can only be attached.")
        row, original = self._keep(session, contract, prepared, document)
        pages = len(prepared.pages) if prepared.kind is Kind.PDF else None
        actor = self._shelf.actor(by, contract)
        recorder, dossier = self._context.recorder, contract.dossier
        event = events.uploaded(row.id, original, title=prepared.name, pages=pages, seen=by.seen, actor=actor)
        recorder.leave(session, dossier, original.sha256)
        recorder.record(session, dossier, event)
        if prepared.kind is not Kind.PDF:
            after = stored_pdf(prepared.pdf, row.base)
            recorder.leave(session, dossier, row.base)
            recorder.record(session, dossier, events.converted(row, original, after, len(prepared.pages)))
        return row

    def attach(
        self, session: Session, by: Principal, contract: ContractRow, prepared: Prepared, document: str
    ) -> DocumentRow:
        """Take a document that is kept with the contract and not signed; a PDF may carry signatures of its own.

        Raises:
            Refused: contract-state, document-limit.

        """
        self._shelf.require_draft(contract)
        row, original = self._keep(session, contract, prepared, document, attachment=True)
        event = events.attached(row.id, original, title=prepared.name, actor=self._shelf.actor(by, contract))
        self._context.recorder.leave(session, contract.dossier, original.sha256)
        self._context.recorder.record(session, contract.dossier, event)
        return row

    def use_template(
        self,
        session: Session,
        by: Principal,
        contract: ContractRow,
        parties: tuple[PartyRow, ...],
        values: Mapping[str, str],
    ) -> None:
        """Make a draft's document from ``contract.template``, filled with ``values`` and the parties' names.

        Raises:
            Refused: template-unknown, template-archived, business-type-…; what is wrong with the values.

        """
        self._shelf.require_draft(contract)
        used = self._templates.use(session, by, contract.template or "")
        row, base = self._keep(session, contract, used.prepared, self._context.uuid(), controls=used.controls)
        actor = self._shelf.actor(by, contract)
        pages = len(used.prepared.pages)
        event = events.uploaded(
            row.id, base, title=used.prepared.name, pages=pages, seen=by.seen, actor=actor
        )
        self._context.recorder.leave(session, contract.dossier, base.sha256)
        self._context.recorder.record(session, contract.dossier, event)
        if any(not control.kind.signs for control in used.controls):
            self._set(
                session,
                by,
                contract,
                row,
                self._with_names(session, contract, parties, used.controls, values),
            )

    def _with_names(
        self,
        session: Session,
        contract: ContractRow,
        parties: tuple[PartyRow, ...],
        controls: Sequence[Control],
        values: Mapping[str, str],
    ) -> dict[str, str]:
        names = self._shelf.party_names(session, contract, parties)
        known = {
            control.name: names[control.party - 1]
            for control in controls
            if control.kind is ControlKind.PARTY_NAME and control.party <= len(names)
        }
        return known | dict(values)

    def _keep(
        self,
        session: Session,
        contract: ContractRow,
        prepared: Prepared,
        document: str,
        *,
        attachment: bool = False,
        controls: Sequence[Control] = (),
    ) -> tuple[DocumentRow, StoredFile]:
        standing = self._shelf.documents(session, contract)
        if len(standing) >= MAX_DOCUMENTS:
            raise Refused(
                "document-limit", "The contract has too many documents.", expected=f"at most {MAX_DOCUMENTS}"
            )
        original = self._shelf.put(session, contract, prepared.original, prepared.kind.value)
        base = self._shelf.put(session, contract, prepared.pdf)
        row = DocumentRow(
            id=document,
            contract=contract.id,
            tenant=contract.tenant,
            position=len(standing) + 1,
            attachment=attachment,
            name=self._shelf.sealed(session, contract, prepared.name),
            media_type=prepared.kind.value,
            original=original.sha256,
            base=base.sha256,
            current=base.sha256,
            pages=format_pages(prepared.pages),
            controls=format_controls(controls),
            tool=prepared.tool,
            tool_version=prepared.tool_version,
            fonts_missing="\n".join(prepared.fonts_missing),
            created_at=self._context.clock(),
        )
        session.add(row)
        session.flush()
        return row, original

    def place(
        self, session: Session, by: Principal, document: str, controls: Sequence[Control]
    ) -> DocumentRow:
        """Place the controls of a draft's document, in place of all it had. What was entered is kept where it fits.

        Raises:
            Refused: document-unknown, contract-state; what `check_controls` says.

        """
        held, row = self._draft(session, by, document)
        check_controls(controls, [page.size for page in parse_pages(row.pages)])
        row.controls = format_controls(controls)
        entered = self._shelf.entered(session, held, row)
        names = {control.name for control in controls if not control.kind.signs}
        self._render(
            session,
            held,
            row,
            replace(entered, values={k: v for k, v in entered.values.items() if k in names}),
        )
        return row

    def fill(self, session: Session, by: Principal, document: str, values: Mapping[str, str]) -> DocumentRow:
        """Set the values of a draft's document, in place of all that were set.

        Raises:
            Refused: document-unknown, contract-state; value-…; ``field`` names the value.

        """
        held, row = self._draft(session, by, document)
        return self._set(session, by, held, row, dict(values))

    def _set(
        self, session: Session, by: Principal, contract: ContractRow, row: DocumentRow, values: dict[str, str]
    ) -> DocumentRow:
        before = row.current
        entered = self._shelf.entered(session, contract, row)
        after, entries = self._render(session, contract, row, replace(entered, values=values), complete=True)
        # First the bytes, then the event: so the evidence service has hashed them itself when it hears of them.
        self._context.recorder.leave(session, contract.dossier, after.sha256)
        event = events.filled(
            row.id, contract.sender, before, after, values_of(entries), self._shelf.actor(by, contract)
        )
        self._context.recorder.record(session, contract.dossier, event)
        return row

    def watermark(self, session: Session, by: Principal, document: str, mark: Watermark) -> DocumentRow:
        """Lay words over all pages of a draft's document, in place of those it had.

        Raises:
            Refused: document-unknown, contract-state, field-value.

        """
        mark.check()
        held, row = self._draft(session, by, document)
        before = row.current
        entered = self._shelf.entered(session, held, row)
        after, _ = self._render(session, held, row, replace(entered, watermark=mark))
        self._context.recorder.leave(session, held.dossier, after.sha256)
        event = events.watermarked(
            row.id,
            before,
            after,
            pages=len(parse_pages(row.pages)),
            tool=(TOOL, TOOL_VERSION),
            text=mark.text,
        )
        self._context.recorder.record(session, held.dossier, event)
        return row

    def _draft(self, session: Session, by: Principal, document: str) -> tuple[ContractRow, DocumentRow]:
        held, row = self._shelf.found(session, by, document)
        self._shelf.require_draft(held)
        if row.attachment:
            raise Refused("document-unknown", "An attachment is kept as it is.")
        return held, row

    def _render(
        self,
        session: Session,
        contract: ContractRow,
        row: DocumentRow,
        entered: Entered,
        *,
        complete: bool = False,
    ) -> tuple[StoredFile, tuple[Entry, ...]]:
        base = self._shelf.get(session, contract, row.base, None, "prepare")
        pdf, entries = render_entered(
            base,
            parse_pages(row.pages),
            parse_controls(row.controls),
            entered.values,
            entered.watermark,
            complete=complete,
        )
        stored = self._shelf.put(session, contract, pdf)
        row.current = stored.sha256
        self._shelf.enter(session, contract, row, entered)
        session.add(row)
        session.flush()
        return stored, entries

    # Sending and signing

    def standing(self, session: Session, contract: ContractRow) -> tuple[Paper, ...]:
        """Give the documents to be signed, by their newest bytes."""
        return tuple(
            Paper(row.id, row.newest or row.current)
            for row in self._shelf.documents(session, contract)
            if not row.attachment
        )

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
        self._require_complete(session, contract, row, controls)
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
        session.flush()
        event = events.finalized(row.id, shown, finalized, len(final.pages), self._shelf.actor(by, contract))
        recorder = self._context.recorder
        for each in (shown, finalized):
            recorder.leave(session, contract.dossier, each.sha256)
        recorder.record(session, contract.dossier, event)

    def _require_complete(
        self, session: Session, contract: ContractRow, row: DocumentRow, controls: Sequence[Control]
    ) -> None:
        """Every required control has a value: by then nothing can be filled in any more."""
        values = self._shelf.entered(session, contract, row).values
        for control in controls:
            if (
                control.required
                and not control.kind.signs
                and not values.get(control.name, control.rule.default)
            ):
                raise Refused("value-missing", "A value is needed before sending.", f"/values/{control.name}")

    def slots(self, session: Session, contract: ContractRow, party: PartyRow) -> tuple[Slot, ...]:
        """Give where a party signs; whoever signs in another's stead signs at his place."""
        seats = [party.ref]
        while party.delegate_of is not None and len(seats) < 16:
            party = session.get_one(PartyRow, party.delegate_of)
            seats.append(party.ref)
        found = session.exec(
            select(SlotRow, DocumentRow)
            .join(DocumentRow, col(DocumentRow.id) == col(SlotRow.document))
            .where(DocumentRow.contract == contract.id, col(SlotRow.party).in_(seats))
            .order_by(col(DocumentRow.position))
        )
        return tuple(
            Slot(
                row.id,
                row.newest or row.current,
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
        """Keep a further revision of a document, if ``before`` (SHA-256, hex) still is its newest.

        Raises:
            Refused: document-unknown; document-changed, also where the content does not begin with what it grows from.

        """
        row = self._shelf.document(session, contract, document)
        if row.newest is None or row.newest != before:
            raise Refused("document-changed", "The document has been signed or changed meanwhile.")
        if not content.startswith(self._shelf.get(session, contract, before, None, "prepare")):
            raise Refused("document-changed", "What was signed does not begin with what was shown.")
        stored = self._shelf.put(session, contract, content)
        row.newest = stored.sha256
        session.add(row)
        session.flush()
        return stored

    # Reading

    def listing(self, session: Session, by: Principal, contract: str) -> tuple[DocumentRow, ...]:
        """Give the documents of a contract to whoever prepares it.

        Raises:
            Refused: permission-missing, contract-unknown.

        """
        return self._shelf.documents(session, self._shelf.contract(session, by, contract, reading=True))

    def one(self, session: Session, by: Principal, document: str) -> DocumentRow:
        """Give a document to whoever prepares its contract.

        Raises:
            Refused: permission-missing, document-unknown.

        """
        return self._shelf.found(session, by, document, reading=True)[1]

    def entered(self, session: Session, by: Principal, document: str) -> dict[str, str]:
        """Give the values that stand in a document, to whoever prepares its contract.

        Raises:
            Refused: permission-missing, document-unknown.

        """
        return dict(
            self._shelf.entered(session, *self._shelf.found(session, by, document, reading=True)).values
        )

    def name(self, session: Session, row: DocumentRow) -> str:
        """Give a document's file name."""
        return self._context.custody.open(session, row.contract, row.name).decode()

    def content(self, session: Session, by: Principal, document: str, version: Version) -> tuple[bytes, str]:
        """Give a version of a document and its media type, to whoever prepares the contract; the access is logged.

        Raises:
            Refused: permission-missing, document-unknown; document-unfinished: there is no such
                version yet.

        """
        held, row = self._shelf.found(session, by, document, reading=True)
        sha256: str | None = getattr(row, version)
        if sha256 is None:
            raise Refused("document-unfinished", "The document has no such version yet.")
        content = self._shelf.get(
            session, held, sha256, by, "view" if held.state == ContractState.DRAFT else "download"
        )
        return content, row.media_type if version == "original" else PDF
