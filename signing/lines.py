"""One line of text, as titles and names are: what documents, their metadata and certificates carry unchanged (pure)."""

import unicodedata

_BREAKS = frozenset({"Cc", "Cs", "Zl", "Zp"})


def is_line(text: str) -> bool:
    """Tell whether a text has no control characters, line ends, lone surrogates or noncharacters; XML 1.0 takes it then."""
    return not any(
        unicodedata.category(each) in _BREAKS or ord(each) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(each) <= 0xFDEF
        for each in text
    )
