"""What the documents' part of the pipeline needs from outside."""

from dataclasses import dataclass
from typing import Protocol

from signing.documents.kinds import Kind


@dataclass(frozen=True, slots=True)
class Converted:
    """A document as PDF, and what made it so: a short lower-case name and a version of digits and dots."""

    pdf: bytes
    tool: str
    tool_version: str


class Converter(Protocol):
    """Makes a PDF of a word processor's document.

    Promises: nothing in the document runs; nothing is fetched; what is shown does not depend on the machine's fonts; it
    ends within its time, and leaves nothing behind. Two runs need not give the same bytes: what came out is recorded.
    """

    def prints(self, code_point: int) -> bool:
        """Tell whether a character would be printed as itself."""

    def convert(self, content: bytes, kind: Kind) -> Converted:
        """Convert a document that was inspected.

        Raises:
            Refused: converter-missing, conversion-failed, document-limit.

        """
