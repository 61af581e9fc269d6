"""What a public page may show of a person: enough to recognise oneself by, not enough to learn who it is.

Names of organisations are public and are not masked.
"""

import unicodedata
from typing import NewType

Masked = NewType("Masked", str)
"""Text that went through one of these functions; a certificate takes no other text about a person."""


def mask_name(name: str) -> Masked:
    """Mask a name: 张三 → 张*, 张小三 → 张*三, 欧阳小三 → 欧**三, John Smith → J*** S***.

    No mask tells a length beyond four characters. One character alone becomes ``*``.
    """
    # Marks and variation selectors belong to the character before them and are dropped with it.
    kept = "".join(character for character in name if unicodedata.category(character)[0] not in "MC")
    words = kept.split()
    if len(words) > 1:
        return Masked(f"{words[0][0]}*** {words[-1][0]}***")
    word = kept.strip()
    if len(word) > 1 and word.isascii():
        return Masked(f"{word[0]}***")
    match len(word):
        case 0 | 1:
            return Masked("*")
        case 2:
            return Masked(f"{word[0]}*")
        case length:
            return Masked(word[0] + "*" * min(length - 2, 2) + word[-1])


def _keep(text: str, first: int, last: int) -> Masked:
    """Keep the two ends, and less of them where that would leave less than half hidden."""
    while first + last > len(text) // 2:
        first, last = (first - 1, last) if first >= last else (first, last - 1)
    return Masked(text[:first] + "*" * (len(text) - first - last) + text[len(text) - last :])


def mask_phone(phone: str) -> Masked:
    """Mask a telephone number: 13800138000 and +86 138 0013 8000 → 138******00."""
    digits = "".join(character for character in phone if character in "0123456789")
    return _keep(digits[2:] if len(digits) == 13 and digits.startswith("86") else digits, 3, 2)


def mask_email(address: str) -> Masked:
    """Mask an address: zhang.san@example.com → z***@e***.com, since a person's own domain names him too."""
    local, _, domain = address.strip().rpartition("@")
    host, _, suffix = domain.rpartition(".")
    if not local or not host:
        return Masked("***")
    return Masked(f"{local[0]}***@{host[0]}***.{suffix}")


def mask_id_number(number: str) -> Masked:
    """Mask an identity document's number: 18 digits → 330***********1234; of shorter ones less is left."""
    return _keep("".join(number.split()), 3, 4)
