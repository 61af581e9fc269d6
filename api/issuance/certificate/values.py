"""How single values are written on the page: bilingual words, digests in groups, moments in two zones."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from api.issuance.certificate.messages_en import MESSAGES as EN
from api.issuance.certificate.messages_zh import MESSAGES as ZH


class Bilingual(NamedTuple):
    """Words in Chinese and in English; a value that needs no translation stands in ``zh`` alone."""

    zh: str
    en: str = ""


def words(key: str, **values: str | int) -> Bilingual:
    """Give a message of both catalogues, with its values filled in."""
    return Bilingual(ZH[key].format(**values), EN[key].format(**values))


def provided(value: str | None) -> Bilingual:
    """Give the value, or say that there is none."""
    return words("not_provided") if value is None else Bilingual(value)


def listed(names: Sequence[str], *, empty: str, at_most: int, more: str = "more") -> tuple[Bilingual, ...]:
    """Give names, say how many more there are than ``at_most``, or that there are none."""
    if not names:
        return (words(empty),)
    left = len(names) - at_most
    return (*map(Bilingual, names[:at_most]), *([words(more, count=left)] if left > 0 else []))


def group_hex(data: bytes, size: int = 8) -> str:
    """Write hexadecimal in groups of ``size`` digits, for the eye."""
    digits = data.hex()
    return " ".join(digits[start : start + size] for start in range(0, len(digits), size))


def moment(local: datetime) -> str:
    """Write a moment to the millisecond, in the zone it has."""
    return f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 1000:03d}"


def moments(start: datetime, end: datetime) -> str:
    """Write a span in the zone its ends have; the second date is left out where it is the same day."""
    first, last = moment(start), moment(end)
    return first if first == last else f"{first} – {last.removeprefix(first[:11])}"
