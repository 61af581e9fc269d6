"""What is recorded of documents and templates: values in, events of the taxonomy out (pure)."""

from collections.abc import Mapping

from zheng_verifier.canonical import JsonObject
from zheng_verifier.claim import Actor, DocumentRef

from signing.custody.service import StoredFile
from signing.documents.models import DocumentRow, TemplateRow
from signing.dossier.model import Event
from signing.principal import Seen

PDF = "application/pdf"
_TERMINALS = ("pc", "h5", "app", "mini_program", "dingtalk", "wecom", "api", "system")


def reference(role: str, file: StoredFile) -> DocumentRef:
    """Name a file in an event, by size and both digests."""
    digests = {"sha256": bytes.fromhex(file.sha256), "sm3": bytes.fromhex(file.sm3)}
    return DocumentRef(role, file.size, file.media_type, digests)


def uploaded(
    document: str, file: StoredFile, *, title: str, pages: int | None, seen: Seen, actor: Actor | None
) -> Event:
    """A document came; ``pages`` None: it is no PDF, and has no pages yet."""
    data = _about(document, file)
    if pages is not None:
        data["pages"] = pages
    if seen.terminal in _TERMINALS:
        data["terminal"] = seen.terminal
    private: JsonObject = {"title": title}
    if seen.ip:
        private["ip"] = seen.ip
    return Event("document.uploaded/1", data, private, actor, (reference("original", file),))


def attached(document: str, file: StoredFile, *, title: str, actor: Actor | None) -> Event:
    """A document came that is not signed itself."""
    data = _about(document, file) | {"role": "attachment"}
    return Event("document.attached/1", data, {"title": title}, actor, (reference("attachment", file),))


def converted(row: DocumentRow, before: StoredFile, after: StoredFile, pages: int) -> Event:
    """A document was made a PDF, by the tool that its row names."""
    data: JsonObject = {
        "document": row.id,
        "before_sha256": before.sha256,
        "after_sha256": after.sha256,
        "from_media_type": before.media_type,
        "to_media_type": after.media_type,
        "tool": row.tool,
        "tool_version": row.tool_version,
        "pages": pages,
    }
    documents = (reference("original", before), reference("converted", after))
    return Event("document.converted/1", data, documents=documents)


def filled(
    document: str, party: str, before: str, after: StoredFile, values: Mapping[str, str], actor: Actor | None
) -> Event:
    """Values were set into a document by a party, or by whoever sends the contract."""
    data: JsonObject = {
        "party": party,
        "document": document,
        "before_sha256": before,
        "after_sha256": after.sha256,
        "field_count": len(values),
    }
    form: JsonObject = {"form": [{"field": name, "value": value} for name, value in values.items()]}
    return Event("document.filled/1", data, form, actor, (reference("filled", after),))


def watermarked(
    document: str, before: str, after: StoredFile, *, pages: int, tool: tuple[str, str], text: str
) -> Event:
    """Words were laid over all pages."""
    data: JsonObject = {
        "document": document,
        "before_sha256": before,
        "after_sha256": after.sha256,
        "pages": pages,
        "kind": "text",
        "tool": tool[0],
        "tool_version": tool[1],
    }
    return Event(
        "document.watermarked/1", data, {"inscription": text}, documents=(reference("watermarked", after),)
    )


def finalized(document: str, shown: StoredFile, final: StoredFile, pages: int, actor: Actor | None) -> Event:
    """The bytes to be signed were fixed; they begin with those that are shown, and name the case."""
    data = _about(document, final) | {"pages": pages, "case_marked": True}
    documents = (reference("shown", shown), reference("finalized", final))
    return Event("document.finalized/1", data, actor=actor, documents=documents)


def template(
    verb: str, row: TemplateRow, file: StoredFile, *, fields: int, title: str, actor: Actor | None
) -> Event:
    """A version of a template was made: ``verb`` is created or updated."""
    data: JsonObject = {
        "template": row.id,
        "template_sha256": file.sha256,
        "media_type": file.media_type,
        "size": file.size,
        "version": row.version,
        "field_count": fields,
    }
    return Event(f"template.{verb}/1", data, {"title": title}, actor, (reference("template", file),))


def template_archived(row: TemplateRow, sha256: str, reason: str, actor: Actor | None) -> Event:
    """A template is used no more."""
    data: JsonObject = {"template": row.id, "template_sha256": sha256, "version": row.version}
    return Event("template.archived/1", data, {"reason": reason} if reason else {}, actor)


def _about(document: str, file: StoredFile) -> JsonObject:
    return {
        "document": document,
        "document_sha256": file.sha256,
        "size": file.size,
        "media_type": file.media_type,
    }
