"""The diagnostic report: all that the checks looked at and nothing that anyone concluded (docs/spec/report.md §4).

It is to a verification what the diagnostic data of EU DSS is: whoever has it can judge again, under another policy
or at another time, without the package and without seeing one document (``zheng_verifier.checks.replay``).
"""

from zheng_verifier.canonical import Fields, JsonObject, JsonValue, Limits, format_json, parse_canonical
from zheng_verifier.encoding import format_base64, parse_base64, parse_hex
from zheng_verifier.examined import Examined, ExaminedContainer, ExaminedDocument, ExaminedFile
from zheng_verifier.pdf_signatures.encoding import read_facts, write_facts
from zheng_verifier.version import VERSION

DIAGNOSTIC_LIMITS = Limits(max_bytes=128 << 20, max_depth=12, max_string=48 << 20)
_MAX_DOCUMENTS = 1_024
_MAX_FILES = 4_096
_SIZES = {"sha256": 32, "sha384": 48, "sha512": 64, "sm3": 32}  # bytes of a digest


def report_diagnostic(examined: Examined) -> JsonObject:
    """Write what was examined as a JSON object of the profile, described by diagnostic.schema.json."""
    body: JsonObject = {
        "zheng": "diagnostic/v1",
        "verifier": VERSION,
        "bundle": {"name": examined.name, "data": format_base64(examined.bundle)},
        "documents": [_write_document(document) for document in examined.documents],
    }
    if examined.container is not None:
        body["container"] = _write_container(examined.container)
    if examined.statement is not None:
        body["statement"] = format_base64(examined.statement)
    return body


def format_diagnostic(examined: Examined) -> bytes:
    """Write a diagnostic report in canonical form."""
    return format_json(report_diagnostic(examined))


def parse_diagnostic(data: bytes) -> Examined:
    """Read a diagnostic report.

    Raises:
        MalformedError: not canonical JSON, or not a diagnostic report.
        UncheckableError: UNKNOWN_VERSION.

    """
    fields = Fields(parse_canonical(data, DIAGNOSTIC_LIMITS))
    fields.version("diagnostic/v1")
    fields.text("verifier")
    bundle = Fields(fields.object("bundle"), fields.path("bundle"))
    examined = Examined(
        bundle.text("name"),
        parse_base64(bundle.text("data"), where=bundle.path("data")),
        tuple(
            _read_document(value, f"{fields.path('documents')}/{position}")
            for position, value in enumerate(fields.array("documents", max_items=_MAX_DOCUMENTS))
        ),
        fields.optional("container", lambda name: _read_container(fields.object(name), fields.path(name))),
        fields.optional("statement", lambda name: parse_base64(fields.text(name), where=fields.path(name))),
    )
    bundle.end()
    fields.end()
    return examined


def _write_document(document: ExaminedDocument) -> JsonObject:
    digests: JsonObject = dict(document.digests)
    body: JsonObject = {
        "name": document.name,
        "size": document.size,
        "digests": digests,
        "pdf": document.pdf,
        "seal_object": document.seal_object,
    }
    return body if document.signatures is None else body | {"signatures": write_facts(document.signatures)}


def _read_document(value: JsonValue, where: str) -> ExaminedDocument:
    fields = Fields(value, where)
    digests = Fields(fields.object("digests"), fields.path("digests"))
    document = ExaminedDocument(
        fields.text("name"),
        fields.integer("size"),
        {name: _digest(digests, name, size) for name, size in _SIZES.items()},
        fields.boolean("pdf"),
        fields.boolean("seal_object"),
        fields.optional("signatures", lambda name: read_facts(fields.object(name), fields.path(name))),
    )
    digests.end()
    fields.end()
    return document


def _digest(fields: Fields, name: str, size: int = 32) -> str:
    text = fields.text(name)
    parse_hex(text, size=size, where=fields.path(name))
    return text


def _write_container(container: ExaminedContainer) -> JsonObject:
    return {
        "kind": container.kind,
        "name": container.name,
        "size": container.size,
        "sha256": container.sha256,
        "files": [_write_file(file) for file in container.files],
        "departures": list(container.departures),
    }


def _write_file(file: ExaminedFile) -> JsonObject:
    body: JsonObject = {"name": file.name, "size": file.size, "sha256": file.sha256}
    return body if file.data is None else body | {"data": format_base64(file.data)}


def _read_container(value: JsonValue, where: str) -> ExaminedContainer:
    fields = Fields(value, where)
    container = ExaminedContainer(
        fields.text("kind", choices=("package", "certificate")),
        fields.text("name"),
        fields.integer("size"),
        _digest(fields, "sha256"),
        tuple(
            _read_file(item, f"{fields.path('files')}/{position}")
            for position, item in enumerate(fields.array("files", max_items=_MAX_FILES))
        ),
        tuple(
            _text(item, f"{fields.path('departures')}/{position}")
            for position, item in enumerate(fields.array("departures", max_items=_MAX_FILES))
        ),
    )
    fields.end()
    return container


def _read_file(value: JsonValue, where: str) -> ExaminedFile:
    fields = Fields(value, where)
    file = ExaminedFile(
        fields.text("name"),
        fields.integer("size"),
        _digest(fields, "sha256"),
        fields.optional("data", lambda name: parse_base64(fields.text(name), where=fields.path(name))),
    )
    fields.end()
    return file


def _text(value: JsonValue, where: str) -> str:
    return Fields({"value": value}, where).text("value")
