"""Compound files ([MS-CFB]), as far as a DOC needs: the names in the directory, and the first bytes of a stream.

Every chain of sectors is followed within the file's own number of sectors, so that a loop ends as a malformed file.
"""

import struct
from dataclasses import dataclass

from signing.documents.limits import DocumentLimits
from signing.documents.parsing.unacceptable import malformed, too_much

_HEADER = struct.Struct("<8s16sHHHHH6xLLLLLLLLL")
_LAST = 0xFFFFFFFA  # the numbers above name no sector (§2.1)
_NOTHING = 0xFFFFFFFF
_ENTRY = 128
STORAGE, STREAM, ROOT = 1, 2, 5


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the directory: its name, its kind (§2.6.1), where its bytes start and how many there are.

    ``filled``: something stands below it.
    """

    name: str
    kind: int
    start: int
    size: int
    filled: bool


class CompoundFile:
    """A compound file in memory.

    Raises:
        UnacceptableError: document-malformed, document-limit.

    """

    def __init__(self, content: bytes, limits: DocumentLimits) -> None:
        self._content = content
        if len(content) < 512:
            raise malformed("The compound file is shorter than its header.")
        fields = _HEADER.unpack_from(content)
        version, order, shift, mini_shift = fields[3:7]
        if order != 0xFFFE or (version, shift) not in ((3, 9), (4, 12)) or mini_shift != 6:
            raise malformed("The header of the compound file is not one.")
        directory, cutoff, difat, difat_count = fields[9], fields[11], fields[14], fields[15]
        self._size = 1 << shift
        self._sectors = max(0, len(content) // self._size - 1)
        self._cutoff = cutoff
        self._fat = self._read_fat(difat, difat_count)
        raw = b"".join(self._chain(directory))
        if len(raw) // _ENTRY > limits.entries:
            raise too_much(f"The compound file has more than {limits.entries} entries.")
        self.entries = tuple(
            entry for offset in range(0, len(raw), _ENTRY) if (entry := _entry(raw, offset)) is not None
        )
        if not self.entries or self.entries[0].kind != ROOT:
            raise malformed("The compound file has no root.")

    def beginning(self, entry: Entry) -> bytes:
        """Give the first sector of a stream that has sectors of its own."""
        if entry.size < max(self._cutoff, 1):
            raise malformed("A stream of the document is too short for it.")
        return self._sector(entry.start)[: entry.size]

    def _sector(self, number: int) -> bytes:
        if number >= self._sectors:
            raise malformed("The compound file names a sector that it does not have.")
        start = (number + 1) * self._size
        return self._content[start : start + self._size]

    def _read_fat(self, difat: int, difat_count: int) -> list[int]:
        """Read the allocation table: 109 of its sectors are named in the header, further ones in a chain (§2.5)."""
        places = list(struct.unpack_from("<109L", self._content, 76))
        for _ in range(min(difat_count, self._sectors)):
            if difat >= _LAST:
                break
            *more, difat = struct.unpack(f"<{self._size // 4}L", self._sector(difat).ljust(self._size, b"\0"))
            places += more
        fat: list[int] = []
        for place in places:
            if place < _LAST:
                sector = self._sector(place)
                fat += struct.unpack(f"<{len(sector) // 4}L", sector[: len(sector) // 4 * 4])
            if len(fat) > self._sectors + 2 * self._size:
                raise malformed("The compound file's table is larger than the file.")
        return fat

    def _chain(self, start: int) -> list[bytes]:
        found: list[bytes] = []
        while start < _LAST:
            if len(found) > self._sectors or start >= len(self._fat):
                raise malformed("A chain of the compound file does not end.")
            found.append(self._sector(start))
            start = self._fat[start]
        return found


def _entry(raw: bytes, offset: int) -> Entry | None:
    length, kind = struct.unpack_from("<HB", raw, offset + 64)
    if kind == 0:
        return None
    if kind not in (STORAGE, STREAM, ROOT) or not 2 <= length <= 64 or length % 2:
        raise malformed("An entry of the compound file is not one.")
    name = raw[offset : offset + length - 2].decode("utf-16-le", "replace")
    start, size = struct.unpack_from("<LQ", raw, offset + 116)
    (child,) = struct.unpack_from("<L", raw, offset + 76)
    return Entry(name, kind, start, size & 0xFFFFFFFF, child != _NOTHING)
