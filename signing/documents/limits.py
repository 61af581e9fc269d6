"""How much a document may be and ask for. Counts and sizes, so that the same file gets the same answer anywhere."""

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """Bounds on one document; sizes in bytes, lengths in thousandths of a point, processor times in seconds."""

    size: int = 32 * MIB
    pages: int = 1_000
    shortest_side: int = 72_000
    longest_side: int = 14_400_000
    # PDF: indirect objects; values looked at in all of them; what page contents may decode to; pixels of one picture.
    objects: int = 60_000
    values: int = 2_000_000
    depth: int = 64
    page_content: int = 64 * MIB
    pixels: int = 100_000_000
    # DOCX: files in the ZIP, what they may decode to, and how many times a file larger than 1 MiB may grow.
    parts: int = 2_000
    part_size: int = 64 * MIB
    parts_size: int = 200 * MIB
    ratio: int = 200
    elements: int = 3_000_000
    xml_depth: int = 256
    # DOC: entries of the compound file's directory.
    entries: int = 4_096
    # The processes that read it, and the one that converts it.
    memory: int = 1024 * MIB
    seconds: int = 15
    conversion_memory: int = 4096 * MIB
    conversion_seconds: int = 60
    conversion_output: int = 128 * MIB


DEFAULT_LIMITS = DocumentLimits()
