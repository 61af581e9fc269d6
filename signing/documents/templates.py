"""Templates: documents with controls, in versions that never change, of business types."""

import hashlib
from dataclasses import dataclass
from typing import Protocol

from sqlmodel import Session, col, func, select
from zheng_verifier.claim import Actor

from signing.context import Context
from signing.contracts.book import creator
from signing.custody.service import StoredFile
from signing.documents import events
from signing.documents.controls import Control, check_controls, format_controls, parse_controls
from signing.documents.inspection import Prepared
from signing.documents.kinds import Kind
from signing.documents.models import TemplateRow, TemplateVersionRow
from signing.documents.pages import format_pages, parse_pages
from signing.documents.rendering import render_entered
from signing.errors import Refused
from signing.principal import Permission, Principal

MAX_TITLE = 200


class BusinessTypes(Protocol):
    """Who may work with which business types."""

    def require(self, session: Session, principal: Principal, business_type: str) -> None:
        """Let whoever works with a business type pass.

        Raises:
            Refused: business-type-unknown, business-type-disabled, business-type-not-granted.

        """


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    """A version to be made: its title, its document, its controls."""

    title: str
    prepared: Prepared
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A version of a template as it is read."""

    row: TemplateRow
    version: TemplateVersionRow
    title: str
    name: str
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class Used:
    """What a document is made from."""

    prepared: Prepared
    controls: tuple[Control, ...]


class Templates:
    """Makes templates and gives them out; a template's id is the owner of its files."""

    def __init__(self, context: Context, business_types: BusinessTypes) -> None:
        self._context = context
        self._business_types = business_types

    def create(
        self, session: Session, by: Principal, template: str, draft: TemplateDraft, business_type: str | None
    ) -> tuple[Template, bool]:
        """Make a template under the client's id; gives it, and whether it is new.

        Raises:
            Refused: permission-missing, business-type-…, id-reused, field-value; what `check_controls` says.

        """
        self._require_manager(session, by, business_type)
        request = self._request(by, draft, business_type)
        known = session.get(TemplateRow, template)
        if known is not None:
            first = session.get_one(TemplateVersionRow, (template, 1)) if known.tenant == by.tenant else None
            if first is None or first.request != request:
                raise Refused("id-reused", "This id was used for another template.", "/id")
            return self._read(session, known, 1), False
        self._check(draft)
        self._context.custody.create_owner(session, by.tenant, template)
        dossier = self._context.recorder.open(session, tenant=by.tenant, kind="subject", reference=template)
        last = session.exec(select(func.max(col(TemplateRow.position)))).one()
        row = TemplateRow(
            id=template,
            position=(last or 0) + 1,
            tenant=by.tenant,
            business_type=business_type,
            title=b"",
            dossier=dossier,
            created_at=self._context.clock(),
        )
        session.add(row)
        session.flush()
        self._write(session, by, row, draft, request, "created")
        return self._read(session, row, 1), True

    def update(
        self, session: Session, by: Principal, template: str, version: int, draft: TemplateDraft
    ) -> Template:
        """Make version ``version`` of a template, which must be the next; the same again gives the same.

        Raises:
            Refused: permission-missing, template-unknown, template-archived; template-changed: somebody else made this
                version; field-value; what `check_controls` says.

        """
        row = self._row(session, by, template)
        self._require_manager(session, by, row.business_type)
        request = self._request(by, draft, row.business_type)
        known = session.get(TemplateVersionRow, (template, version))
        if known is not None and known.request == request:
            return self._read(session, row, version)
        if row.archived:
            raise Refused("template-archived", "This template is no longer used.")
        if version != row.version + 1:
            raise Refused("template-changed", "", "/version", str(row.version + 1))
        self._check(draft)
        row.version = version
        self._write(session, by, row, draft, request, "updated")
        return self._read(session, row, version)

    def archive(self, session: Session, by: Principal, template: str, reason: str = "") -> Template:
        """Let a template be used no more; its versions stay readable. Again changes nothing.

        Raises:
            Refused: permission-missing, template-unknown, business-type-….

        """
        row = self._row(session, by, template)
        self._require_manager(session, by, row.business_type)
        current = self._read(session, row, row.version)
        if not row.archived:
            row.archived = True
            session.add(row)
            event = events.template_archived(row, current.version.base, reason, self._actor(by))
            self._context.recorder.record(session, row.dossier, event)
        return current

    def find(self, session: Session, by: Principal, template: str, version: int | None = None) -> Template:
        """Give a version of a template, the newest by default.

        Raises:
            Refused: permission-missing, template-unknown, business-type-….

        """
        row = self._row(session, by, template)
        self._require_user(session, by, row)
        return self._read(session, row, version or row.version)

    def listing(self, session: Session, by: Principal, after: int, limit: int) -> tuple[Template, ...]:
        """Give templates of the tenant in the order in which they were made, those of business types granted to him.

        Erased ones are left out.

        Raises:
            Refused: permission-missing.

        """
        found = session.exec(
            select(TemplateRow)
            .where(TemplateRow.tenant == by.tenant, col(TemplateRow.position) > after)
            .order_by(col(TemplateRow.position))
        )
        seen: list[Template] = []
        for row in found:
            if row.title and self._usable(session, by, row):
                seen.append(self._read(session, row, row.version))
            if len(seen) == limit:
                break
        return tuple(seen)

    def content(
        self, session: Session, by: Principal, template: str, version: int | None, *, original: bool
    ) -> tuple[bytes, str]:
        """Give a version's document as it came or as PDF, and its media type; the access is logged.

        Raises:
            Refused: permission-missing, template-unknown, business-type-….

        """
        found = self.find(session, by, template, version)
        sha256 = found.version.original if original else found.version.base
        content = self._context.custody.get(session, template, sha256, by=by, purpose="download")
        return content, found.version.media_type if original else Kind.PDF.value

    def preview(self, session: Session, by: Principal, template: str, values: dict[str, str]) -> bytes:
        """Give the newest version with values at their places; missing ones are left empty, nothing is kept.

        Raises:
            Refused: permission-missing, template-unknown; value-….

        """
        found = self.find(session, by, template)
        base = self._context.custody.get(session, template, found.version.base, by=by, purpose="preview")
        pages = parse_pages(found.version.pages)
        return render_entered(base, pages, found.controls, values, None, complete=False)[0]

    def use(self, session: Session, by: Principal, template: str) -> Used:
        """Give what a new document is made from.

        Raises:
            Refused: permission-missing, template-unknown, template-archived, business-type-….

        """
        found = self.find(session, by, template)
        if found.row.archived:
            raise Refused("template-archived", "This template is no longer used.", "/template")
        base = self._context.custody.get(session, template, found.version.base, by=by, purpose="use")
        pages = parse_pages(found.version.pages)
        name = found.name.rpartition(".")[0] or found.name
        return Used(Prepared(f"{name}.pdf", Kind.PDF, base, base, pages), found.controls)

    def _write(
        self,
        session: Session,
        by: Principal,
        row: TemplateRow,
        draft: TemplateDraft,
        request: bytes,
        verb: str,
    ) -> None:
        custody, prepared = self._context.custody, draft.prepared
        original: StoredFile = custody.put(session, row.id, prepared.original, media_type=prepared.kind.value)
        base: StoredFile = custody.put(session, row.id, prepared.pdf, media_type=Kind.PDF.value)
        row.title = custody.seal(session, row.id, draft.title.encode())
        session.add(row)
        session.add(
            TemplateVersionRow(
                template=row.id,
                version=row.version,
                tenant=row.tenant,
                request=request,
                name=custody.seal(session, row.id, prepared.name.encode()),
                media_type=prepared.kind.value,
                original=original.sha256,
                base=base.sha256,
                size=base.size,
                pages=format_pages(prepared.pages),
                controls=format_controls(draft.controls),
                creator=creator(by),
                created_at=self._context.clock(),
            )
        )
        session.flush()
        event = events.template(
            verb, row, base, fields=len(draft.controls), title=draft.title, actor=self._actor(by)
        )
        self._context.recorder.record(session, row.dossier, event)

    def _read(self, session: Session, row: TemplateRow, version: int) -> Template:
        kept = session.get(TemplateVersionRow, (row.id, version))
        if kept is None:
            raise Refused("template-unknown", "There is no such version of the template.")
        custody = self._context.custody
        title = custody.open(session, row.id, row.title).decode()
        name = custody.open(session, row.id, kept.name).decode()
        return Template(row, kept, title, name, parse_controls(kept.controls))

    def _row(self, session: Session, by: Principal, template: str) -> TemplateRow:
        row = session.get(TemplateRow, template)
        if row is None or row.tenant != by.tenant:
            raise Refused("template-unknown", "There is no such template.")
        return row

    def _require_manager(self, session: Session, by: Principal, business_type: str | None) -> None:
        by.require(Permission.MANAGE_TEMPLATES)
        if business_type is not None:
            self._business_types.require(session, by, business_type)

    def _require_user(self, session: Session, by: Principal, row: TemplateRow) -> None:
        if not by.may(Permission.MANAGE_TEMPLATES):
            by.require(Permission.USE_TEMPLATES)
        if row.business_type is not None:
            self._business_types.require(session, by, row.business_type)

    def _usable(self, session: Session, by: Principal, row: TemplateRow) -> bool:
        try:
            self._require_user(session, by, row)
        except Refused as refused:
            if refused.code == "permission-missing":
                raise
            return False
        return True

    def _check(self, draft: TemplateDraft) -> None:
        if not 1 <= len(draft.title) <= MAX_TITLE or not draft.title.isprintable():
            raise Refused("field-value", "", "/title", f"1 to {MAX_TITLE} printable characters")
        check_controls(draft.controls, [page.size for page in draft.prepared.pages])

    def _request(self, by: Principal, draft: TemplateDraft, business_type: str | None) -> bytes:
        digest = hashlib.sha256(draft.prepared.original).hexdigest()
        parts = (
            draft.title,
            business_type or "",
            draft.prepared.name,
            digest,
            format_controls(draft.controls),
        )
        return self._context.custody.blind(by.tenant, "template-request", "\x00".join(parts))

    def _actor(self, by: Principal) -> Actor | None:
        """Name who acts in the template's own case, by a fresh reference."""
        if by.kind == "system":
            return None
        return Actor("api_client" if by.kind == "api_client" else "person", self._context.uuid())
