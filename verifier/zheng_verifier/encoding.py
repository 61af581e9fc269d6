"""Strict text encodings: each value has one spelling, and only that one is read.

Every ``parse_x`` refuses what ``format_x`` would not write (DESIGN §4), so that no two texts mean one value
and a changed character never goes unseen.
"""

import base64
import binascii
import re
from datetime import UTC, datetime

from zheng_verifier.errors import MalformedError

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", re.ASCII)
_HEX = re.compile(r"[0-9a-f]*", re.ASCII)
_DECIMAL = re.compile(r"0|[1-9][0-9]*", re.ASCII)


def _sized(data: bytes, size: int | None, where: str) -> bytes:
    if size is not None and len(data) != size:
        raise MalformedError("FORMAT_FAILURE", f"expected {size} bytes, found {len(data)}", where)
    return data


def format_base64url(data: bytes) -> str:
    """Write base64url without padding (RFC 4648 §5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def parse_base64url(text: str, *, size: int | None = None, where: str = "") -> bytes:
    """Read canonical base64url without padding; ``size`` is the exact length in bytes, if fixed.

    Raises:
        MalformedError: padding, foreign characters, non-zero unused bits, or another length.

    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedError("FORMAT_FAILURE", "not base64url", where) from error
    if format_base64url(data) != text:
        raise MalformedError("FORMAT_FAILURE", "not canonical base64url without padding", where)
    return _sized(data, size, where)


def format_base64(data: bytes) -> str:
    """Write standard base64 with padding (RFC 4648 §4)."""
    return base64.b64encode(data).decode("ascii")


def parse_base64(text: str, *, size: int | None = None, where: str = "") -> bytes:
    """Read canonical standard base64 with exact padding; ``size`` is the exact length in bytes, if fixed.

    Raises:
        MalformedError: foreign characters, wrong padding, non-zero unused bits, or another length.

    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedError("FORMAT_FAILURE", "not base64", where) from error
    if format_base64(data) != text:
        raise MalformedError("FORMAT_FAILURE", "not canonical base64", where)
    return _sized(data, size, where)


def format_hex(data: bytes) -> str:
    """Write lower-case hexadecimal without a prefix."""
    return data.hex()


def parse_hex(text: str, *, size: int | None = None, where: str = "") -> bytes:
    """Read lower-case hexadecimal without a prefix; ``size`` is the exact length in bytes, if fixed.

    Raises:
        MalformedError: upper case, odd length, foreign characters, or another length.

    """
    if len(text) % 2 or not _HEX.fullmatch(text):
        raise MalformedError("FORMAT_FAILURE", "not lower-case hexadecimal", where)
    return _sized(bytes.fromhex(text), size, where)


def parse_decimal(text: str, *, maximum: int, where: str = "") -> int:
    """Read a decimal number ≥ 0 without sign or leading zeros, at most ``maximum``.

    Raises:
        MalformedError: any other spelling, or too large.

    """
    if len(text) > len(str(maximum)) or not _DECIMAL.fullmatch(text):
        raise MalformedError("FORMAT_FAILURE", "not a plain decimal number", where)
    value = int(text)
    if value > maximum:
        raise MalformedError("FORMAT_FAILURE", f"number larger than {maximum}", where)
    return value


def parse_uuid(text: str, where: str = "") -> str:
    """Read a UUID in its lower-case text form (RFC 9562 §4) and return it as text.

    Raises:
        MalformedError: any other spelling.

    """
    if not _UUID.fullmatch(text):
        raise MalformedError("FORMAT_FAILURE", "not a lower-case UUID", where)
    return text


def format_time(moment: datetime) -> str:
    """Write an aware moment as ``YYYY-MM-DDTHH:MM:SS.sssZ``, cut to milliseconds.

    Raises:
        ValueError: the moment has no time zone.

    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no place in evidence")
    utc = moment.astimezone(UTC)
    return utc.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def parse_time(text: str, where: str = "") -> datetime:
    """Read ``YYYY-MM-DDTHH:MM:SS.sssZ`` (UTC, milliseconds, no leap second).

    Raises:
        MalformedError: any other spelling, or no such moment.

    """
    if not _TIME.fullmatch(text):
        raise MalformedError("FORMAT_FAILURE", "not a time of the form YYYY-MM-DDTHH:MM:SS.sssZ", where)
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise MalformedError("FORMAT_FAILURE", "no such moment", where) from error
