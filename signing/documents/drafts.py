"""The documents of drafts: taken in, filled in, marked, with places for those who fill in and sign.

What is slow happens in ``prepare``, before a transaction; what is given to ``add`` unprepared is prepared there.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from signing.context import Context
from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.ports import Upload
from signing.custody.service import StoredFile
from signing.documents import events
from signing.documents.controls import (
    Control,
    ControlKind,
    check_controls,
    format_controls,
    parse_controls,
)
from signing.documents.forms import Entry
from signing.documents.inspection import Inspector, Prepared
from signing.documents.kinds import Kind
from signing.documents.models import DocumentRow
from signing.documents.overlay import TOOL, TOOL_VERSION, Watermark, values_of
from signing.documents.pages import format_pages, parse_pages
from signing.documents.rendering import render_entered
from signing.documents.shelf import Entered, Shelf, stored_pdf
from signing.documents.templates import Templates
from signing.errors import Refused
from signing.principal import Principal

MAX_DOCUMENTS = 16


@dataclass(frozen=True, slots=True)
class PreparedUpload(Upload):
    """An upload that was looked at and converted; ``attachment``: it is to be kept and not signed."""

    prepared: Prepared | None = None
    attachment: bool = False


class Drafts:
    """What is done with a document before its contract is sent."""

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
