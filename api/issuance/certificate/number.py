"""The certificate number: 80 random bits, written so that it can be read over a telephone.

``7K3M-9QXD-2W8R-5TBN-H``: sixteen characters of Crockford's base 32 (no I, L, O, U) and a check character.
The number is the only key to the public page of a certificate, so it is random and says nothing: no date, no count.

The check character is the weighted sum Σ αⁱ·dᵢ over GF(32), α = x, modulo x⁵+x²+1. The weights are
distinct and not zero, so every single wrong character and every swap of any two is found.
"""

from api.times import Random

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SIZE = 10  # bytes of randomness
_DIGITS = 16
# What eyes and ears confuse; U is no character at all.
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


class NumberError(ValueError):
    """The text is not a certificate number: wrong length, wrong character or a slip of the pen."""


def _double(value: int) -> int:
    """Multiply by α in GF(32)."""
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value


def _check(digits: list[int]) -> int:
    total = 0
    for digit in digits:  # Horner's rule: the first digit gets the highest power
        total = _double(total ^ digit)
    return total


def format_number(secret: bytes) -> str:
    """Write ten random bytes as a certificate number, four groups of four and the check character."""
    if len(secret) != SIZE:
        raise ValueError(f"a certificate number has {SIZE} bytes, not {len(secret)}")
    value = int.from_bytes(secret)
    digits = [value >> 5 * (_DIGITS - 1 - place) & 31 for place in range(_DIGITS)]
    text = "".join(ALPHABET[digit] for digit in [*digits, _check(digits)])
    return "-".join(text[start : start + 4] for start in range(0, _DIGITS + 1, 4))


def parse_number(text: str) -> bytes:
    """Read a number as a person types it: any case, hyphens and spaces anywhere, O for 0, I and L for 1.

    Raises:
        NumberError: it is none, or the check character does not fit.

    """
    compact = text.upper().translate(_READ_AS)
    if len(compact) != _DIGITS + 1:
        raise NumberError(f"a certificate number has {_DIGITS + 1} characters")
    if wrong := next((character for character in compact if character not in ALPHABET), None):
        raise NumberError(f"{wrong!r} does not occur in a certificate number")
    *digits, check = (ALPHABET.index(character) for character in compact)
    if _check(digits) != check:
        raise NumberError("the check character does not fit: a character is wrong or two are swapped")
    value = 0
    for digit in digits:
        value = value << 5 | digit
    return value.to_bytes(SIZE)


def new_number(random: Random) -> str:
    """Draw a fresh number; ``random(n)`` gives n unpredictable bytes."""
    return format_number(random(SIZE))
