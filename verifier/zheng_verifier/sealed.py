"""Sealed values: a personal value under its visible name, closed by a salted digest and opened one by one.

    "phone": {"_sd": ["X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"]}

is opened by the disclosure ``base64url(["<salt>","v","13800000000"])``, whose SHA-256 is the digest. This is the
narrowest legal use of RFC 9901 (SD-JWT): one digest each, always named "v", no recursion, no arrays, no decoys.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zheng_verifier.canonical import Fields, JsonObject, JsonValue, Limits, format_json, parse_canonical
from zheng_verifier.encoding import format_base64url, parse_base64url
from zheng_verifier.errors import MalformedError, VerificationError

SALT_SIZE = 16
MAX_SEALED = 256
_DIGEST_SIZE = 32
_RESERVED = frozenset({"_sd", "_sd_alg"})
_DISCLOSURE_LIMITS = Limits(max_bytes=12_288, max_depth=6, max_string=8_192)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """An opened value with its ``salt`` of at least 16 bytes."""

    salt: bytes
    value: JsonValue


def format_disclosure(disclosure: Disclosure) -> str:
    """Write a disclosure: base64url of the canonical JSON ``[salt, "v", value]``."""
    return format_base64url(format_json([format_base64url(disclosure.salt), "v", disclosure.value]))


def parse_disclosure(text: str) -> Disclosure:
    """Read a disclosure.

    Raises:
        MalformedError: not canonical base64url or JSON, a salt below 16 bytes, a name other than "v", or a sealed
            value within the value.

    """
    items = parse_canonical(parse_base64url(text, where="disclosure"), _DISCLOSURE_LIMITS)
    if not isinstance(items, list) or len(items) != 3 or not isinstance(items[0], str) or items[1] != "v":
        raise MalformedError("FORMAT_FAILURE", 'a disclosure is [salt, "v", value]', "disclosure")
    salt = parse_base64url(items[0], where="disclosure/salt")
    if len(salt) < SALT_SIZE:
        raise MalformedError("FORMAT_FAILURE", f"a salt has at least {SALT_SIZE} bytes", "disclosure/salt")
    if reserved_names(items[2]):
        raise MalformedError("FORMAT_FAILURE", "a sealed value does not hold another", "disclosure/value")
    return Disclosure(salt, items[2])


def reserved_names(value: JsonValue) -> set[str]:
    """Collect the names of RFC 9901 that stand anywhere in a value: ``_sd``, ``_sd_alg``."""
    found, waiting = set[str](), [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            found |= current.keys() & _RESERVED
            waiting.extend(current.values())
        elif isinstance(current, list):
            waiting.extend(current)
    return found


def disclosure_digest(text: str) -> str:
    """Compute the digest that stands in the claim: base64url of SHA-256 over the disclosure's ASCII (RFC 9901).

    Raises:
        MalformedError: not ASCII.

    """
    if not text.isascii():
        raise MalformedError("FORMAT_FAILURE", "a disclosure is base64url", "disclosure")
    return format_base64url(hashlib.sha256(text.encode("ascii")).digest())


def sealed_value(digest: str) -> JsonObject:
    """Write the object that stands in place of the value."""
    return {"_sd": [digest]}


def is_sealed(value: JsonValue) -> bool:
    """Tell whether a value claims to be sealed: an object with the member ``_sd``."""
    return isinstance(value, dict) and "_sd" in value


def parse_sealed(value: JsonValue, where: str = "") -> str:
    """Read a sealed value and give its digest.

    Raises:
        MalformedError: further members, not exactly one digest, or not 32 bytes in base64url.

    """
    fields = Fields(value, where)
    digests = fields.array("_sd", max_items=1)
    fields.end()
    if len(digests) != 1 or not isinstance(digests[0], str):
        raise MalformedError("FORMAT_FAILURE", "a sealed value has exactly one digest", where)
    parse_base64url(digests[0], size=_DIGEST_SIZE, where=where)
    return digests[0]


def sealed_digests(value: JsonValue, where: str = "") -> list[tuple[str, str]]:
    """List every sealed value below ``value`` as (path, digest), in document order.

    Raises:
        MalformedError: an ill-formed sealed value, a digest that stands twice, or more than 256 of them.

    """
    found = list(_walk(value, where))
    if len(found) > MAX_SEALED:
        raise MalformedError("TOO_MANY", f"more than {MAX_SEALED} sealed values", where)
    if len({digest for _, digest in found}) != len(found):
        raise MalformedError("DUPLICATE_DIGEST", "one digest stands for two sealed values", where)
    return found


def _walk(value: JsonValue, where: str) -> Iterator[tuple[str, str]]:
    if is_sealed(value):
        yield where, parse_sealed(value, where)
    elif isinstance(value, dict):
        # In the order of the canonical form, whether the value was read or is about to be written.
        for name, child in sorted(value.items()):
            yield from _walk(child, f"{where}/{name}")
    elif isinstance(value, list):
        for position, child in enumerate(value):
            yield from _walk(child, f"{where}/{position}")


def open_sealed(
    entries: Sequence[tuple[Sequence[tuple[str, str]], Sequence[str]]],
) -> tuple[Mapping[str, Disclosure], ...]:
    """Open the sealed values of all entries of a package: give for each entry what was opened, by path.

    Each entry comes as its (path, digest) list (``sealed_digests``) and the disclosures that came with it. A sealed
    value without a disclosure stays closed; whether it was withheld, erased or never held is for the report.

    Raises:
        MalformedError: a disclosure does not parse.
        VerificationError: code COMMITMENT_MISMATCH: a disclosure opens nothing, or one twice; a digest stands in
            two entries (a copied commitment), or two disclosures share a salt.

    """
    digests = [digest for sealed, _ in entries for _, digest in sealed]
    if len(set(digests)) != len(digests):
        raise VerificationError(
            "COMMITMENT_MISMATCH", "one digest stands for two sealed values of the package"
        )
    salts: set[bytes] = set()
    opened = []
    for sealed, disclosures in entries:
        closed = {digest: path for path, digest in sealed}
        values: dict[str, Disclosure] = {}
        for text in disclosures:
            disclosure = parse_disclosure(text)
            path = closed.pop(disclosure_digest(text), None)
            if path is None:
                raise VerificationError(
                    "COMMITMENT_MISMATCH", "a disclosure opens nothing, or for a second time"
                )
            if disclosure.salt in salts:
                raise VerificationError("COMMITMENT_MISMATCH", "two disclosures share a salt", path)
            salts.add(disclosure.salt)
            values[path] = disclosure
        opened.append(values)
    return tuple(opened)
