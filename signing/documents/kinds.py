"""What kind of document some bytes are: told by their beginning, never by a name (pure).

A name that says something else is refused: whoever sees `contract.pdf` must get a PDF.
"""

from enum import StrEnum
from pathlib import PurePosixPath


class Kind(StrEnum):
    """A kind of document that is taken; the value is its media type."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    DOC = "application/msword"

    @property
    def extension(self) -> str:
        """What names of such files end with."""
        return self.name.lower()


# ISO 32000-2 §7.5.2 (PDF); APPNOTE 4.3.7 (the local header of a ZIP's first file); [MS-CFB] §2.2.
_BEGINNINGS = (
    (b"%PDF-", Kind.PDF),
    (b"PK\x03\x04", Kind.DOCX),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.DOC),
)


def kind_of(content: bytes) -> Kind | None:
    """Tell by its beginning what a file wants to be; whether it is that, only reading it shows."""
    return next((kind for start, kind in _BEGINNINGS if content.startswith(start)), None)


def named_otherwise(name: str, kind: Kind) -> bool:
    """Tell whether a file's name ends with what another kind of file ends with; no ending says nothing."""
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower().removeprefix(".")
    return bool(ending) and ending.isascii() and ending.isalpha() and ending != kind.extension


def declared_otherwise(media_type: str, kind: Kind) -> bool:
    """Tell whether a declared media type contradicts the content; "" and the type of any bytes say nothing."""
    declared = media_type.partition(";")[0].strip().lower()
    return declared not in ("", "application/octet-stream", kind.value)
