"""pyHanko's reader with bounded work: a few kilobytes can otherwise keep it busy for hours.

What is bounded, and the file that asks for it:

cross-references    a stream that says it describes a thousand million objects, each in no bytes
lookups             objects that name one another twice each: pyHanko follows every path, of which there are 2^n
object streams      thousands of objects in one stream, each found by reading the numbers of all before it
hexadecimal         a signature is some 30,000 digits, each of which pyHanko reads by two calls, for every look at the file

Bounded by counts and not by a clock: the same file gets the same answer on every machine. Like ``attached.py`` this
module loads pyHanko, which takes a second: import it when there is a PDF to read.
"""

import binascii
import io
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodeLimits
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader, process_data_at_eof
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko.pdf_utils.xref import XRefBuilder

from zheng_verifier.errors import UncheckableError

MAX_OBJECTS = 500_000
"""Entries of all cross-reference streams of a file."""

MAX_WORK, WORK_PER_BYTE = 50_000, 5
"""Values looked at in one file, each as often as it is: so many, and so many more for each byte of it."""

_DIGITS = b"0123456789ABCDEFabcdef"
_PORTION = 4096
_read_each_digit = generic.read_hex_string_from_stream


def read_hex_string(stream: Any) -> Any:
    """Read a hexadecimal string as pyHanko does: one of digits only at once, any other by pyHanko itself."""
    start = stream.tell()
    stream.seek(start + 1)
    digits = bytearray()
    while portion := stream.read(_PORTION):
        rest = portion.lstrip(_DIGITS)
        digits += portion[: len(portion) - len(rest)]
        if rest.startswith(b">"):
            stream.seek(start + 1 + len(digits) + 1)
            return generic.pdf_string(binascii.unhexlify(digits + b"0" * (len(digits) % 2)))
        if rest:
            break
    stream.seek(start)
    return _read_each_digit(stream)


# pyHanko offers no other place for it: all its readers look it up here.
generic.read_hex_string_from_stream = read_hex_string


class BoundedReader(PdfFileReader):
    """``PdfFileReader`` over bytes, strict, which stops where a file asks for more than ``MAX_WORK``.

    Raises:
        UncheckableError: LIMIT_EXCEEDED, now or on any access later.
        PdfError: and all else that pyHanko raises.

    """

    def __init__(self, pdf: bytes, decode_limits: DecodeLimits | None = None) -> None:
        self.left = MAX_WORK + WORK_PER_BYTE * len(pdf)
        _survey(pdf)
        super().__init__(io.BytesIO(pdf), strict=True, decode_limits=decode_limits)

    def spend(self, work: int) -> None:
        """Count work done for this file."""
        self.left -= work
        if self.left < 0:
            raise UncheckableError("LIMIT_EXCEEDED", "more lookups than a file may cost")

    def get_object(self, ref: Any, *arguments: Any, **options: Any) -> Any:
        """Look up an object of the last revision, or of ``revision``."""
        self.spend(1)
        return super().get_object(ref, *arguments, **options)  # type: ignore[no-untyped-call]  # pyHanko's

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> Any:
        self.spend(max(0, idx))
        return super()._get_object_from_stream(idnum, stmnum, idx)  # type: ignore[no-untyped-call]

    def get_historical_resolver(self, revision: int) -> HistoricalResolver:
        """Give the file as of a revision."""
        known = self._historical_resolver_cache.get(revision)
        if known is None:
            known = self._historical_resolver_cache[revision] = _Resolver(self, revision)
        return known


class _Resolver(HistoricalResolver):
    """A revision, each lookup of which costs as much as there is to look at in the object."""

    def __init__(self, reader: BoundedReader, revision: int) -> None:
        super().__init__(reader, revision)
        self._spend = reader.spend
        self._weights: dict[Any, int] = {}

    def get_object(self, ref: Any, *arguments: Any, **options: Any) -> Any:
        found = super().get_object(ref, *arguments, **options)
        weight = self._weights.get(ref)
        if weight is None:
            weight = self._weights[ref] = _weigh(found)
        self._spend(weight)
        return found


def _weigh(value: Any) -> int:
    """Count the values in an object, references not followed."""
    total, stack = 0, [value]
    while stack:
        total += 1
        current = stack.pop()
        if isinstance(current, generic.DictionaryObject):
            stack.extend(dict.values(current))
        elif isinstance(current, generic.ArrayObject):
            stack.extend(list.__iter__(current))
    return total


def _survey(pdf: bytes) -> None:
    """Follow the cross-references once without reading any that is a stream, and count what they announce."""
    stream = io.BytesIO(pdf)
    stream.seek(-1, io.SEEK_END)
    last = process_data_at_eof(stream)
    _Survey(PdfHandler(), stream, strict=False, last_startxref=last).read_xrefs()  # type: ignore[no-untyped-call]


class _Survey(XRefBuilder):
    """Kinder than the strict reader, so that it comes at least as far."""

    announced = 0

    def _read_xref_stream_object(self) -> Any:
        reference, found = super()._read_xref_stream_object()  # type: ignore[no-untyped-call]
        sizes = list(found.get("/Index", [0, found.get("/Size")]))[1::2]
        # A negative number would make room for another: pyHanko adds them up.
        self.announced += sum(max(0, int(size)) for size in sizes)
        if self.announced > MAX_OBJECTS:
            raise UncheckableError("LIMIT_EXCEEDED", f"more than {MAX_OBJECTS} objects")
        return reference, found

    def _read_xref_stream(self, declared_startxref: int) -> Any:  # noqa: ARG002  (pyHanko's signature)
        _, found = self._read_xref_stream_object()
        return found.get("/Prev")
