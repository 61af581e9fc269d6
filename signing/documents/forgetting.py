"""What documents and templates leave in the open of an erased contract or template: nothing of what stood in them."""

from sqlmodel import Session, col, delete, select, update

from signing.documents.models import DocumentRow, FillingRow, TemplateRow, TemplateVersionRow


def forget(session: Session, tenant: str, owner: str) -> None:
    """Empty digests, controls and sealed columns: a document that can be guessed is confirmed by its bare digest."""
    documents = update(DocumentRow).where(
        col(DocumentRow.contract) == owner, col(DocumentRow.tenant) == tenant
    )
    gone = {"name": b"", "entered": None, "original": "", "base": "", "current": "", "shown": None}
    gone |= {"finalized": None, "newest": None, "controls": "[]", "fonts_missing": ""}
    session.exec(documents.values(gone))
    own = select(DocumentRow.id).where(DocumentRow.contract == owner, DocumentRow.tenant == tenant)
    session.exec(delete(FillingRow).where(col(FillingRow.document).in_(own)))
    versions = update(TemplateVersionRow).where(
        col(TemplateVersionRow.template) == owner, col(TemplateVersionRow.tenant) == tenant
    )
    session.exec(versions.values(name=b"", original="", base="", controls="[]"))
    template = update(TemplateRow).where(col(TemplateRow.id) == owner, col(TemplateRow.tenant) == tenant)
    session.exec(template.values(title=b"", archived=True))
