"""The JSON profile all Zheng objects are written in: RFC 8785 narrowed until every value has one spelling.

Objects, arrays, strings, ``true``/``false`` and integers within ±(2^53−1). No ``null``: absent means absent.
No floats: a token with ``.``, ``e``, ``E`` or ``-0`` is refused by the lexer, not converted. Property names are
``[a-z_][a-z0-9_]{0,63}``, so that the order of RFC 8785 §3.2.3 (UTF-16) is plain byte order everywhere. Strings
are well-formed Unicode without control characters (line feed excepted), noncharacters or bidirectional controls;
they are never normalised, because normalisation changes names as printed on identity cards.
Specification: docs/spec/json.md.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn, TypeAlias, TypeVar

from zheng_verifier.errors import MalformedError, UncheckableError

JsonValue: TypeAlias = "str | int | bool | list[JsonValue] | JsonObject"
JsonObject: TypeAlias = dict[str, JsonValue]

MAX_INTEGER = 2**53 - 1
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,15}", re.ASCII)
_VERSION = re.compile(r"[a-z]{1,16}/v[1-9][0-9]{0,2}(?:-[a-z0-9]{1,16})?", re.ASCII)
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,63}", re.ASCII)
# A string, closed or running to the end (so that one pass is linear whatever comes), or a bracket.
_STRUCTURE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
# So deep may the standard decoder recurse on any thread's stack.
_SAFE_DEPTH = 200
# C0 but for line feed, DEL and C1, surrogates, bidirectional controls, noncharacters of every plane.
_FORBIDDEN = re.compile(
    "[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef"
    + "".join(chr(plane * 0x10000 + low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
    + "]"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds checked before any work: ``max_bytes`` of input, ``max_depth`` of nesting, UTF-8 bytes a string."""

    max_bytes: int
    max_depth: int
    max_string: int


# 1,535 bytes below an entry: whatever the service adds to a claim, the entry fits (a test holds the two together).
CLAIM_LIMITS = Limits(max_bytes=64_000, max_depth=7, max_string=8_192)
ENTRY_LIMITS = Limits(max_bytes=65_535, max_depth=8, max_string=8_192)
LEAF_LIMITS = Limits(max_bytes=512, max_depth=1, max_string=128)
POLICY_LIMITS = Limits(max_bytes=1 << 20, max_depth=8, max_string=16_384)
BUNDLE_LIMITS = Limits(max_bytes=32 << 20, max_depth=14, max_string=262_144)


def _malformed(detail: str, where: str = "") -> NoReturn:
    raise MalformedError("FORMAT_FAILURE", detail, where)


def _parse_integer(token: str) -> int:
    if token.startswith("-0"):
        _malformed("integer not in its shortest form: -0")
    if not _INTEGER.fullmatch(token) or abs(value := int(token)) > MAX_INTEGER:
        raise MalformedError("INTEGER_RANGE", f"integer outside ±(2^53−1): {token[:20]}")
    return value


def _refuse_float(token: str) -> NoReturn:
    raise MalformedError("FLOAT", f"numbers are integers here: {token[:20]}")


def _refuse_constant(token: str) -> NoReturn:
    raise MalformedError("NOT_A_NUMBER", f"'{token}' is not JSON")


def _unique_members(pairs: list[tuple[str, JsonValue]]) -> JsonObject:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        duplicate = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise MalformedError("DUPLICATE_NAME", "an object names a member twice", duplicate[:80])
    return members


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique_members,
    parse_int=_parse_integer,
    parse_float=_refuse_float,
    parse_constant=_refuse_constant,
)

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def _check_string(text: str, limits: Limits, where: str) -> None:
    # A lone surrogate cannot be encoded: look for forbidden characters first.
    if found := _FORBIDDEN.search(text):
        surrogate = "\ud800" <= found.group() <= "\udfff"
        code = "LONE_SURROGATE" if surrogate else "FORBIDDEN_CHARACTER"
        raise MalformedError(code, f"forbidden character U+{ord(found.group()):04X}", where)
    if len(text) > limits.max_string or len(text.encode()) > limits.max_string:
        raise MalformedError("STRING_TOO_LONG", f"string longer than {limits.max_string} bytes", where)


def _check(value: object, limits: Limits, depth: int, where: str) -> None:
    """Hold a decoded value against the profile; recursion is bounded by ``max_depth``."""
    if isinstance(value, str):
        _check_string(value, limits, where)
        return
    if isinstance(value, int):  # bool is an int: both are fine, and so is the range, by the lexer or here
        if not isinstance(value, bool) and abs(value) > MAX_INTEGER:
            raise MalformedError("INTEGER_RANGE", "integer outside ±(2^53−1)", where)
        return
    if not isinstance(value, dict | list):
        if value is None:
            raise MalformedError("NULL", "null has no place here: leave the member out", where)
        _malformed(f"{type(value).__name__} has no place here", where)
    if depth >= limits.max_depth:
        raise MalformedError("TOO_DEEP", f"nested deeper than {limits.max_depth}", where)
    if isinstance(value, list):
        for position, item in enumerate(value):
            _check(item, limits, depth + 1, f"{where}/{position}")
        return
    for name, item in value.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise MalformedError("MEMBER_NAME", f"not a property name: {name!r:.80}", where)
        _check(item, limits, depth + 1, f"{where}/{name}")


def check_json(value: object, limits: Limits) -> None:
    """Hold a value made in memory against the profile.

    Raises:
        MalformedError: codes FORMAT_FAILURE, STRING_TOO_LONG, TOO_DEEP, INTEGER_RANGE, NULL, MEMBER_NAME,
            LONE_SURROGATE, FORBIDDEN_CHARACTER.

    """
    _check(value, limits, 0, "")


def _check_nesting(text: str, limits: Limits) -> None:
    """Bound the nesting before the decoder recurses.

    The interpreter's own limit is no protection: other libraries raise it (py_ecc: to 100,000), and then a few
    kilobytes of brackets overflow the stack of a thread and end the process.
    """
    if text.count("[") + text.count("{") <= _SAFE_DEPTH:
        return
    depth = 0
    for match in _STRUCTURE.finditer(text):
        piece = match.group()
        if piece in "[{":
            depth += 1
            if depth > max(limits.max_depth, _SAFE_DEPTH):
                raise MalformedError("TOO_DEEP", f"nested deeper than {limits.max_depth}")
        elif piece in "]}":
            depth -= 1


def parse_json(data: bytes, limits: Limits) -> JsonValue:
    """Read one JSON value of the profile, in any layout.

    Raises:
        MalformedError: codes of ``check_json``, TOO_LARGE, DUPLICATE_NAME, INVALID_UTF8, FLOAT, NOT_A_NUMBER.

    """
    if len(data) > limits.max_bytes:
        raise MalformedError("TOO_LARGE", f"{len(data)} bytes, the limit is {limits.max_bytes}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError("INVALID_UTF8", f"not UTF-8 at byte {error.start}") from error
    _check_nesting(text, limits)
    try:
        # The standard decoder accepts a byte order mark nowhere and NaN only through parse_constant.
        value: object = _DECODER.decode(text)
    except ValueError as error:
        # The decoder's own words and positions differ between versions of Python; reports must not.
        raise MalformedError("FORMAT_FAILURE", "not JSON") from error
    check_json(value, limits)
    return value  # type: ignore[return-value]  # just checked


def format_json(value: "JsonValue | Mapping[str, JsonValue] | Sequence[JsonValue]") -> bytes:
    """Write a value of the profile in the form of RFC 8785.

    Within the profile (integers, ASCII names, no control characters but line feed) the standard library's
    sorted compact form is byte for byte that of RFC 8785; a test holds the two against each other.
    """
    return _ENCODER.encode(value).encode()


def parse_canonical(data: bytes, limits: Limits) -> JsonValue:
    """Read a value that must stand in canonical form: parse, write again, demand the same bytes.

    Raises:
        MalformedError: as ``parse_json``; code CANONICALIZATION_MISMATCH where the bytes differ.

    """
    value = parse_json(data, limits)
    if format_json(value) != data:
        raise MalformedError("CANONICALIZATION_MISMATCH", "not in canonical form (RFC 8785)")
    return value


_T = TypeVar("_T")


class Fields:
    """Reads a closed object: each member is taken once, by name and type, and none may be left over."""

    def __init__(self, value: JsonValue, where: str = "") -> None:
        if not isinstance(value, dict):
            _malformed("expected an object", where)
        self._members = dict(value)
        self._where = where

    def path(self, name: str) -> str:
        """Give the place of a member, for messages."""
        return f"{self._where}/{name}"

    def _take(self, name: str, kind: type[_T]) -> _T:
        if name not in self._members:
            raise MalformedError("FIELD_MISSING", f"'{name}' is required", self.path(name))
        value = self._members.pop(name)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise MalformedError("WRONG_TYPE", f"'{name}' must be {_KINDS[kind]}", self.path(name))
        return value

    def has(self, name: str) -> bool:
        """Tell whether an optional member is there."""
        return name in self._members

    def text(self, name: str, *, choices: Sequence[str] = (), max_bytes: int | None = None) -> str:
        """Take a string, one of ``choices`` if given, of at most ``max_bytes`` of UTF-8 if given."""
        value = self._take(name, str)
        if choices and value not in choices:
            _malformed(f"'{value[:80]}' is not one of {', '.join(choices)}", self.path(name))
        if max_bytes is not None and len(value.encode()) > max_bytes:
            raise MalformedError("STRING_TOO_LONG", f"longer than {max_bytes} bytes", self.path(name))
        return value

    def version(self, known: str) -> None:
        """Take the member ``zheng``: the kind and version of the object, such as ``claim/v1``.

        Raises:
            UncheckableError: code UNKNOWN_VERSION: another version of this kind; it may be true, it cannot be read.
            MalformedError: another kind, or no version at all.

        """
        value = self._take("zheng", str)
        if value == known:
            return
        kind, slash, _ = known.partition("/")
        if _VERSION.fullmatch(value) and value.startswith(kind + slash):
            raise UncheckableError(
                "UNKNOWN_VERSION", f"'{value}' is not read here, only {known}", self.path("zheng")
            )
        _malformed(f"'{value[:80]}' is not {known}", self.path("zheng"))

    def integer(self, name: str, *, minimum: int = 0, maximum: int = MAX_INTEGER) -> int:
        """Take an integer within bounds."""
        value = self._take(name, int)
        if not minimum <= value <= maximum:
            _malformed(f"{value} is not within {minimum}…{maximum}", self.path(name))
        return value

    def boolean(self, name: str) -> bool:
        """Take true or false."""
        return self._take(name, bool)

    def array(self, name: str, *, max_items: int) -> list[JsonValue]:
        """Take an array of at most ``max_items``."""
        value = self._take(name, list)
        if len(value) > max_items:
            raise MalformedError("TOO_MANY", f"more than {max_items} items", self.path(name))
        return value

    def object(self, name: str) -> JsonObject:
        """Take an object, as it is."""
        return self._take(name, dict)

    def optional(self, name: str, read: Callable[[str], _T]) -> _T | None:
        """Take a member by ``read`` if it is there."""
        return read(name) if name in self._members else None

    def end(self) -> None:
        """Refuse members that nobody took.

        Raises:
            MalformedError: code UNKNOWN_FIELD.

        """
        if self._members:
            name = min(self._members)
            raise MalformedError("UNKNOWN_FIELD", f"unknown member '{name}'", self.path(name))


_KINDS: Mapping[type, str] = {
    str: "a string",
    int: "an integer",
    bool: "true or false",
    list: "an array",
    dict: "an object",
}
