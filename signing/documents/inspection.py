"""Takes in a document of a stranger: told by its content, looked at in confinement, made a PDF if it is none.

All of this is slow (a second or two, for conversions) and touches no database: do it before a transaction begins.
"""

from dataclasses import asdict, dataclass
from typing import Any

from signing.documents.confinement import read_document
from signing.documents.kinds import Kind, declared_otherwise, kind_of, named_otherwise
from signing.documents.limits import DEFAULT_LIMITS, DocumentLimits
from signing.documents.pages import Page
from signing.documents.ports import Converter
from signing.errors import Refused

MAX_NAME = 255
_FORMATS = "a PDF, DOCX or DOC"
# Characters that print nothing by themselves and need no glyph.
_INVISIBLE = frozenset([*range(0x20), 0xA0, 0xAD, *range(0x200B, 0x2010), 0x2028, 0x2029, 0x2060, 0xFEFF])
_PRIVATE = range(0xE000, 0xF900)  # symbol fonts: LibreOffice puts its own letters there


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that may be taken in: ``original`` as it came, ``pdf`` as its pages are read.

    ``tool`` and ``tool_version`` say what made the PDF, "" if it came as one. ``fonts_missing``: fonts the PDF uses and
    does not carry. ``signed``: an attachment that carries signatures of its own.
    """

    name: str
    kind: Kind
    original: bytes
    pdf: bytes
    pages: tuple[Page, ...]
    tool: str = ""
    tool_version: str = ""
    fonts_missing: tuple[str, ...] = ()
    signed: bool = False


class Inspector:
    """Takes documents in, within ``limits``; ``converter`` makes PDFs of the others."""

    def __init__(self, converter: Converter, limits: DocumentLimits = DEFAULT_LIMITS) -> None:
        self._converter = converter
        self._limits = limits

    def prepare(self, name: str, media_type: str, content: bytes, *, attachment: bool = False) -> Prepared:
        """Look at a document and convert it if need be; ``attachment``: it will not be signed.

        Raises:
            Refused: document-kind, document-name, document-too-large, document-malformed, document-limit,
                document-encrypted, document-active, document-embedded, document-external, document-form,
                document-hidden, document-macros, document-signed, document-characters; converter-missing,
                conversion-failed.

        """
        if len(content) > self._limits.size:
            raise Refused(
                "document-too-large",
                "The document is too large.",
                expected=f"at most {self._limits.size} bytes",
            )
        kind = kind_of(content)
        if kind is None:
            raise Refused(
                "document-kind", "The content is no document of a kind that is taken.", expected=_FORMATS
            )
        if not 1 <= len(name) <= MAX_NAME or not name.isprintable():
            raise Refused("document-name", "The name is empty, too long or not printable.", "/name")
        if named_otherwise(name, kind) or declared_otherwise(media_type, kind):
            raise Refused(
                "document-name",
                "The document is named or declared to be of another kind than its content.",
                "/name",
                f"a name that ends with .{kind.extension}",
            )
        if kind is Kind.PDF:
            return self._prepare_pdf(name, content, attachment=attachment)
        return self._convert(name, kind, content)

    def _prepare_pdf(self, name: str, content: bytes, *, attachment: bool) -> Prepared:
        answer = self._read(Kind.PDF, content, attachment=attachment)[0]
        return Prepared(
            name,
            Kind.PDF,
            content,
            content,
            _pages(answer),
            fonts_missing=tuple(answer["fonts_missing"]),
            signed=answer["signed"],
        )

    def _convert(self, name: str, kind: Kind, content: bytes) -> Prepared:
        answer, clean = self._read(kind, content)
        for character in answer.get("characters", ()):
            if (
                character not in _INVISIBLE
                and character not in _PRIVATE
                and not self._converter.prints(character)
            ):
                raise Refused(
                    "document-characters",
                    f"The character U+{character:04X} cannot be printed here; upload the document as PDF.",
                )
        converted = self._converter.convert(clean, kind)
        # What the converter made is held to the same rules: it read what a stranger wrote.
        read = self._read(Kind.PDF, converted.pdf)[0]
        return Prepared(
            name,
            kind,
            content,
            converted.pdf,
            _pages(read),
            converted.tool,
            converted.tool_version,
            tuple(read["fonts_missing"]),
        )

    def _read(self, kind: Kind, content: bytes, *, attachment: bool = False) -> tuple[dict[str, Any], bytes]:
        arguments = {"kind": kind.extension, "attachment": attachment, "limits": asdict(self._limits)}
        return read_document(arguments, content, self._limits)


def _pages(answer: dict[str, Any]) -> tuple[Page, ...]:
    return tuple(
        Page((left, bottom, right, top), turned) for left, bottom, right, top, turned in answer["pages"]
    )
