"""Whether the subject of a certificate, as an event writes it (RFC 4514), names somebody who was verified.

Authorities mask names, write them in Latin letters, or add numbers to them. Such a subject says neither yes nor no.
"""

import re
from collections.abc import Sequence

from zheng_verifier.checks.case import Match

_ATTRIBUTE = re.compile(r" *([A-Za-z0-9.-]+) *=((?:\\.|[^\\,+;\"])*)(?:[,+;]|$)", re.DOTALL)
_ESCAPED = re.compile(r"((?:\\[0-9A-Fa-f]{2})+)|\\(.)", re.DOTALL)
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_MASKS = "*＊●×"
_COMMON_NAME = ("cn", "2.5.4.3")


def common_name(subject: str) -> str | None:
    """Give the common name of a subject; None if it has none, several, or is not written as RFC 4514 §2 asks."""
    names, place = [], 0
    while place < len(subject):
        found = _ATTRIBUTE.match(subject, place)
        if found is None:
            return None
        if found[1].lower() in _COMMON_NAME:
            names.append(_ESCAPED.sub(_unescape, found[2].strip(" ")))
        place = found.end()
    return names[0] if len(names) == 1 else None


def _unescape(found: re.Match[str]) -> str:
    if found[1] is None:
        return found[2]
    return bytes.fromhex(found[1].replace("\\", "")).decode(errors="replace")


def _is_masked(name: str) -> bool:
    return any(mask in name for mask in _MASKS)


def contradicts(subject: str, common: str) -> bool:
    """Tell whether a subject as stated is another than that of the certificate itself, whose common name is given."""
    stated = common_name(subject)
    return stated is not None and stated != common and not _is_masked(stated)


def compare_subject(subject: str, names: Sequence[str]) -> Match:
    """Compare a subject with verified names: UNKNOWN where it may be one of them, written otherwise."""
    common = common_name(subject)
    if common in names:
        return Match.SAME
    if common is None or _is_masked(common) or not _HAN.search(common):
        return Match.UNKNOWN
    alike = any(name in common or common in name or not _HAN.search(name) for name in names)
    return Match.UNKNOWN if alike else Match.OTHER
