"""The certificate number: unguessable, readable, and proof against a slip of the pen."""

import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.issuance.certificate.number import ALPHABET, NumberError, format_number, new_number, parse_number

SECRET = random.Random(1).randbytes(10)
NUMBER = format_number(SECRET)


@given(st.binary(min_size=10, max_size=10))
def test_round_trip(secret):
    """What is written is read back, as written and as a person types it."""
    number = format_number(secret)
    assert parse_number(number) == secret
    assert parse_number(number.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == secret


def test_form():
    """Four groups of four and the check character, as in the documentation."""
    assert [len(group) for group in NUMBER.split("-")] == [4, 4, 4, 4, 1]
    assert format_number(bytes(10)) == "0000-0000-0000-0000-0"
    assert format_number(bytes(9) + b"\x01") == "0000-0000-0000-0001-2"


def test_all_randomness_is_used():
    """Ten bytes are asked for, and every one of them changes the number."""
    asked = []
    number = new_number(lambda size: asked.append(size) or SECRET)
    assert (asked, number) == ([10], NUMBER)
    changed = {
        format_number(bytes(byte ^ (place == flipped) for place, byte in enumerate(SECRET)))
        for flipped in range(10)
    }
    assert len(changed | {NUMBER}) == 11


def test_every_wrong_character_is_found():
    """Each of the 17 characters replaced by each of the 31 others."""
    compact = NUMBER.replace("-", "")
    for place, right in enumerate(compact):
        for wrong in set(ALPHABET) - {right}:
            with pytest.raises(NumberError):
                parse_number(compact[:place] + wrong + compact[place + 1 :])


def test_every_swap_is_found():
    """Any two different characters exchanged, neighbours or not."""
    compact = NUMBER.replace("-", "")
    for first, second in combinations(range(17), 2):
        if compact[first] != compact[second]:
            swapped = list(compact)
            swapped[first], swapped[second] = swapped[second], swapped[first]
            with pytest.raises(NumberError):
                parse_number("".join(swapped))


@pytest.mark.parametrize(
    "text", ["", NUMBER[:-1], NUMBER + "0", "U" + NUMBER[1:], "é" + NUMBER[1:], "١" + NUMBER[1:]]
)
def test_other_text_is_refused(text):
    """Wrong length, the excluded U, letters and digits of other scripts."""
    with pytest.raises(NumberError):
        parse_number(text)


def test_wrong_amount_of_randomness_is_refused():
    """A number is made of exactly ten bytes."""
    with pytest.raises(ValueError, match="10 bytes"):
        format_number(bytes(9))
