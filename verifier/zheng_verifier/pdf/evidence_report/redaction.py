"""What a redacted edition hides: opened personal values and signers' names, wherever they would be printed.

Tables mask values by their field. Names stand in other places too: in a certificate's subject, in a finding. So the
redacted edition looks for every hidden value in every text before it is set.
"""

import re
from collections.abc import Callable, Mapping

from zheng_verifier.masking import mask_name
from zheng_verifier.pdf.evidence_report.case import Case
from zheng_verifier.report.model import Report

_SHORTEST, _SHORTEST_ASCII = 2, 5
_COMMON_NAME = re.compile(r"Common Name: ([^,]+)")
_ORGANIZATIONS = ("organization_name", "uscc")


def hidden_values(case: Case, report: Report, mask: Callable[[str, str], str]) -> Mapping[str, str]:
    """Give what is hidden and what is printed in its place; ``mask`` takes a field's name and its value."""
    found: dict[str, str] = {}
    for event in case.events:
        for field in event.view.sealed:
            name = field.path.rpartition("/")[2]
            if field.value is not None and name not in _ORGANIZATIONS:
                found[field.value] = mask(name, field.value)
    for signature in report.signatures:
        for named in (
            signature.signer,
            *([signature.details.subject] if signature.details is not None else []),
        ):
            found[named] = mask("subject", named)
            found.update({name: mask_name(name) for name in _COMMON_NAME.findall(named)})
    return {value: shown for value, shown in found.items() if _tells(value)}


def _tells(value: str) -> bool:
    """Tell whether a value is long enough to be looked for: a digit or two would be found in every hash."""
    return len(value) >= (_SHORTEST_ASCII if value.isascii() else _SHORTEST)


def hider(values: Mapping[str, str]) -> Callable[[str], str]:
    """Make the function that hides these values in a text; the longest first, and never within a word of ASCII."""
    if not values:
        return str
    parts = (_pattern(value) for value in sorted(values, key=len, reverse=True))
    pattern = re.compile("|".join(parts))
    return lambda text: pattern.sub(lambda match: values[match[0]], text)


def _pattern(value: str) -> str:
    written = re.escape(value)
    return f"(?<![0-9A-Za-z]){written}(?![0-9A-Za-z])" if value.isascii() else written
