"""DOCX files of strangers (ECMA-376): text, tables and pictures, and nothing that runs, embeds or fetches.

All parts are read and looked at; then the archive is written anew from what was read, without fonts of its own (a font
decides which letter a reader sees), so that the converter reads exactly what was judged here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

from signing.documents.limits import DocumentLimits
from signing.documents.parsing.unacceptable import UnacceptableError, malformed, too_much
from signing.documents.parsing.zipped import Part, read_zip, write_zip

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_W = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_MACRO_PARTS = ("vbaproject.bin", "vbadata.xml", "vbaprojectsignature.bin")
_MACRO_WORDS = ("macroenabled", "vba", "keymapcustomizations", "attachedtoolbars")
_EMBEDDED_WORDS = ("oleobject", "activex", "/embeddings/")
_FONT_WORDS = ("obfuscatedfont", "x-fontdata", "x-font")
# Relationship types (last word) that may leave the file, each a link that a person has to click.
_OUTSIDE = {"hyperlink"}
_REFUSED_LINKS = {
    "attachedTemplate": "document-external", "aFChunk": "document-external", "subDocument": "document-external",
    "frame": "document-external", "mailMergeSource": "document-external", "oleObject": "document-embedded",
    "package": "document-embedded", "control": "document-embedded", "activeXControlBinary": "document-embedded",
    "vbaProject": "document-macros", "wordVbaData": "document-macros",
}  # fmt: skip
_SCHEMES = ("http://", "https://", "mailto:", "#")
# Fields that compute from the document itself (ECMA-376-1 §17.16.5). DDE, LINK, INCLUDETEXT … do not.
_FIELDS = {
    "=", "ADVANCE", "AUTHOR", "BIBLIOGRAPHY", "CITATION", "COMMENTS", "CREATEDATE", "DATE", "DOCPROPERTY", "EDITTIME", "EQ",
    "FILENAME", "FILESIZE", "FORMCHECKBOX", "FORMDROPDOWN", "FORMTEXT", "HYPERLINK", "IF", "INDEX", "KEYWORDS",
    "LASTSAVEDBY", "LISTNUM", "MERGEFIELD", "MERGEFORMAT", "NOTEREF", "NUMCHARS", "NUMPAGES", "NUMWORDS", "PAGE", "PAGEREF",
    "PRINTDATE", "REF", "REVNUM", "SAVEDATE", "SECTION", "SECTIONPAGES", "SEQ", "STYLEREF", "SUBJECT", "SYMBOL", "TC",
    "TIME", "TITLE", "TOA", "TOC", "XE",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DocxFacts:
    """A DOCX that was looked at: the archive written anew, and the code points its text uses, ascending."""

    clean: bytes
    characters: tuple[int, ...]


def inspect_docx(content: bytes, limits: DocumentLimits) -> DocxFacts:
    """Look at a DOCX.

    Raises:
        UnacceptableError: document-malformed, -limit, -encrypted, -macros, -embedded, -external, -active, -kind.

    """
    parts = read_zip(content, limits)
    types = _ContentTypes(parts, limits)
    if _MAIN not in types.values():
        if any("macroenabled" in each.lower() for each in types.values()):
            raise UnacceptableError(
                "document-macros", "The file is a Word document of the kind that has macros."
            )
        raise UnacceptableError("document-kind", "The ZIP is no Word document (DOCX).")
    kept: list[Part] = []
    characters = set[int]()
    left = limits.elements
    for part in parts:
        kind = types.of(part.name)
        _judge_part(part.name, kind)
        if (
            any(word in kind.lower() for word in _FONT_WORDS)
            or part.name.lower() == "word/_rels/fonttable.xml.rels"
        ):
            continue
        if _is_xml(part.name, kind):
            reader = _Xml(limits, left)
            reader.read(part.content)
            left -= reader.elements
            characters |= reader.characters
        kept.append(part)
    return DocxFacts(write_zip(tuple(kept)), tuple(sorted(characters)))


def _judge_part(name: str, kind: str) -> None:
    lower, kind = name.lower(), kind.lower()
    if lower.rpartition("/")[2] in _MACRO_PARTS or any(word in kind for word in _MACRO_WORDS):
        raise UnacceptableError("document-macros", "The document contains macros.")
    if any(word in kind or word in f"/{lower}" for word in _EMBEDDED_WORDS):
        raise UnacceptableError("document-embedded", "The document contains embedded objects or controls.")
    if lower.endswith((".bin", ".exe", ".dll", ".js", ".vbs", ".hta", ".html", ".htm", ".mht", ".rtf")):
        raise UnacceptableError(
            "document-embedded", "The document contains a file of a kind that is not taken."
        )


def _is_xml(name: str, kind: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml")) or kind.lower().endswith(("+xml", "/xml"))


class _ContentTypes:
    """``[Content_Types].xml`` (ECMA-376-2 §7.2.3): the kind of every part."""

    def __init__(self, parts: tuple[Part, ...], limits: DocumentLimits) -> None:
        listed = next((part for part in parts if part.name == "[Content_Types].xml"), None)
        if listed is None:
            raise UnacceptableError("document-kind", "The ZIP is no Word document (DOCX).")
        self._defaults: dict[str, str] = {}
        self._overrides: dict[str, str] = {}
        reader = _Xml(limits, limits.elements, self._take)
        reader.read(listed.content)

    def _take(self, name: str, attributes: Mapping[str, str]) -> None:
        kind = attributes.get("ContentType", "")
        if name.endswith("Default"):
            self._defaults[attributes.get("Extension", "").lower()] = kind
        elif name.endswith("Override"):
            self._overrides[attributes.get("PartName", "").lower()] = kind

    def of(self, name: str) -> str:
        lower = name.lower()
        return self._overrides.get(f"/{lower}") or self._defaults.get(lower.rpartition(".")[2], "")

    def values(self) -> set[str]:
        return set(self._overrides.values()) | set(self._defaults.values())


class _Xml:
    """Reads one XML part: no DTD, bounded depth and count; judges relationships and fields on the way."""

    def __init__(self, limits: DocumentLimits, left: int, take: object = None) -> None:
        self._limits = limits
        self._left = left
        self._take = take
        self._depth = 0
        self._in_text = False
        self._in_code = False
        self._codes: list[str] = []
        self.elements = 0
        self.characters = set[int]()

    def read(self, content: bytes) -> None:
        """Read a part.

        Raises:
            UnacceptableError: what the part is refused for.

        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(content, True)
        except expat.ExpatError as error:
            raise malformed("A part of the document is not well-formed XML.") from error
        if self._codes:
            raise malformed("A field of the document does not end.")

    def _doctype(self, *_: object) -> None:
        raise malformed("A part of the document has a DTD.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self._depth += 1
        if self.elements > self._left or self._depth > self._limits.xml_depth:
            raise too_much("The document has more elements, or deeper ones, than are read.")
        if callable(self._take):
            self._take(name, attributes)
        space, _, local = name.rpartition(" ")
        if local == "Relationship":
            _judge_link(attributes)
        elif space in _W:
            self._start_word(local, {key.rpartition(" ")[2]: value for key, value in attributes.items()})
        elif local == "OLEObject":
            raise UnacceptableError("document-embedded", "The document contains embedded objects.")

    def _start_word(self, local: str, attributes: Mapping[str, str]) -> None:
        if local == "fldSimple":
            _judge_field(attributes.get("instr", ""))
        elif local == "fldChar":
            match attributes.get("fldCharType"):
                case "begin":
                    self._codes.append("")
                case "separate" if self._codes:
                    _judge_field(self._codes[-1])
                case "end" if self._codes:
                    _judge_field(self._codes.pop())
                case _:
                    raise malformed("A field of the document is not nested as fields are.")
        elif local in ("object", "control", "altChunk", "subDoc", "attachedTemplate", "dde"):
            raise UnacceptableError("document-embedded", "The document contains or includes other documents.")
        elif local == "lvlText":
            self.characters |= {ord(each) for each in attributes.get("val", "")}
        self._in_text = local == "t"
        self._in_code = local in ("instrText", "delInstrText")

    def _end(self, _: str) -> None:
        self._depth -= 1
        self._in_text = self._in_code = False

    def _text(self, data: str) -> None:
        if self._in_text:
            self.characters |= set(map(ord, data))
        elif self._in_code:
            if not self._codes:
                raise malformed("The code of a field stands outside of one.")
            self._codes[-1] += data


def _judge_link(attributes: Mapping[str, str]) -> None:
    kind = attributes.get("Type", "").rpartition("/")[2]
    if (code := _REFUSED_LINKS.get(kind)) is not None:
        raise UnacceptableError(code, "The document refers to a template, an object or another document.")
    target = attributes.get("Target", "")
    outside = attributes.get("TargetMode", "").lower() == "external" or ":" in target.partition("/")[0]
    if outside and (kind not in _OUTSIDE or not target.lower().startswith(_SCHEMES)):
        raise UnacceptableError("document-external", "The document takes content from outside itself.")


def _judge_field(code: str) -> None:
    words = code.split()
    # What comes of fields inside fields stands in the middle of the code; alone it can be no name.
    name = words[0].upper() if words else ""
    if name.startswith("="):
        name = "="
    if name not in _FIELDS:
        raise UnacceptableError(
            "document-active", "The document has a field that is not one of those that only show."
        )
