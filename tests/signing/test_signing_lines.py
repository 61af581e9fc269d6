"""What is one line of text."""

import pytest

from signing.lines import is_line


@pytest.mark.parametrize(
    "text", ["", "房屋租赁合同 (2026) \\", "𬭎𠮷👩\u200d💼", "\u202b青禾社\u200f", "\ue000"]
)
def test_words_of_all_scripts_are_lines(text):
    """Also what joins characters, sets their direction, or was assigned after this Python was made."""
    assert is_line(text)


@pytest.mark.parametrize(
    "code", [0, 9, 10, 0x1B, 0x7F, 0x85, 0x2028, 0x2029, 0xD800, 0xFDD0, 0xFDEF, 0xFFFE, 0x1FFFF]
)
def test_what_ends_lines_or_is_no_character_is_not(code):
    """Wherever it stands; the neighbours of the noncharacters are characters."""
    assert not is_line(f"甲{chr(code)}乙")
    assert is_line("\ufdf0\ufffd")
