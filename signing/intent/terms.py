"""Terms of weight in a contract: marked by the sender, or found by published keywords, in Chinese and English.

A rule finds words, not meaning: it points a reader at a place and says what such words are usually about. What it does
not find may be there all the same. Pure: lines of text with their places go in, places come out.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class TermKind(StrEnum):
    """What a term is about (``kind`` of terms.acknowledged)."""

    AUTOMATIC_RENEWAL = "automatic_renewal"
    LIQUIDATED_DAMAGES = "liquidated_damages"
    EXCLUSION_OF_LIABILITY = "exclusion_of_liability"
    DISPUTE_RESOLUTION = "dispute_resolution"
    UNILATERAL_CHANGE = "unilateral_change"
    UNILATERAL_TERMINATION = "unilateral_termination"
    DEPOSIT = "deposit"
    GUARANTEE = "guarantee"
    WAIVER_OF_RIGHTS = "waiver_of_rights"
    PERSONAL_INFORMATION = "personal_information"
    OTHER = "other"


LABELS: Mapping[TermKind, tuple[str, str]] = MappingProxyType(
    {
        TermKind.AUTOMATIC_RENEWAL: ("自动续期", "automatic renewal"),
        TermKind.LIQUIDATED_DAMAGES: ("违约金", "liquidated damages"),
        TermKind.EXCLUSION_OF_LIABILITY: ("免除或限制责任", "exclusion or limitation of liability"),
        TermKind.DISPUTE_RESOLUTION: ("仲裁与管辖", "arbitration and jurisdiction"),
        TermKind.UNILATERAL_CHANGE: ("单方变更", "change by one side"),
        TermKind.UNILATERAL_TERMINATION: ("单方解除", "termination by one side"),
        TermKind.DEPOSIT: ("定金与押金", "deposit"),
        TermKind.GUARANTEE: ("担保与连带责任", "guarantee, joint and several liability"),
        TermKind.WAIVER_OF_RIGHTS: ("放弃权利", "waiver of rights"),
        TermKind.PERSONAL_INFORMATION: ("个人信息", "personal information"),
        TermKind.OTHER: ("其他重要条款", "other term of weight"),
    }
)

# Compared without regard to case and, beside Chinese characters, to spaces: a word may be broken over two lines.
KEYWORDS: Mapping[TermKind, tuple[str, ...]] = MappingProxyType(
    {
        TermKind.AUTOMATIC_RENEWAL: (
            "自动续期", "自动续约", "自动续签", "自动延期", "自动续费", "自动顺延",
            "automatically renew", "automatic renewal", "auto-renew",
        ),
        TermKind.LIQUIDATED_DAMAGES: (
            "违约金", "滞纳金", "罚息", "liquidated damages", "late payment fee", "penalty",
        ),
        TermKind.EXCLUSION_OF_LIABILITY: (
            "免责", "不承担责任", "不承担任何责任", "不负责任", "概不负责", "责任上限", "责任限制",
            "shall not be liable", "no liability", "not liable", "limitation of liability",
        ),
        TermKind.DISPUTE_RESOLUTION: (
            "仲裁", "管辖法院", "人民法院管辖", "专属管辖", "arbitration", "exclusive jurisdiction", "governing law",
        ),
        TermKind.UNILATERAL_CHANGE: (
            "单方变更", "单方修改", "单方面变更", "单方面修改", "有权随时修改", "有权随时变更", "有权调整",
            "may amend at any time", "may modify at any time", "unilaterally amend", "unilaterally modify",
        ),
        TermKind.UNILATERAL_TERMINATION: (
            "单方解除", "单方终止", "单方面解除", "单方面终止", "有权随时解除", "有权随时终止", "任意解除",
            "terminate at any time", "unilaterally terminate", "terminate without cause",
        ),
        TermKind.DEPOSIT: (
            "定金", "押金", "保证金", "不予退还", "概不退还", "security deposit", "non-refundable",
        ),
        TermKind.GUARANTEE: (
            "连带责任", "连带保证", "保证担保", "抵押担保", "jointly and severally", "personal guarantee",
        ),
        TermKind.WAIVER_OF_RIGHTS: (
            "放弃追究", "放弃抗辩", "放弃权利", "不得异议", "最终解释权", "waives any right", "waive any right", "waiver of",
        ),
        TermKind.PERSONAL_INFORMATION: (
            "个人信息提供给第三方", "向第三方提供个人信息", "敏感个人信息", "personal information to third parties",
            "sensitive personal information",
        ),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle on a page (from 1), in thousandths of a point from the top-left corner of the page as it is shown."""

    page: int
    x: int
    y: int
    width: int
    height: int

    def joined(self, other: "Place") -> "Place":
        """Give the rectangle around both, which are on one page."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        right = max(self.x + self.width, other.x + other.width)
        bottom = max(self.y + self.height, other.y + other.height)
        return Place(self.page, x, y, right - x, bottom - y)


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text where it stands on a page."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Term:
    """A term to be acknowledged; ``by_rule``: a keyword found it, else the sender marked it."""

    kind: TermKind
    place: Place
    by_rule: bool


@dataclass(frozen=True, slots=True)
class _Page:
    """A page's text as it is searched, and for each of its characters the line that it comes from."""

    text: str
    origins: tuple[int, ...]


def find_terms(lines: Sequence[Line]) -> tuple[Term, ...]:
    """Find terms by keyword; ``lines`` of a page stand together, in the order in which they are read.

    Each kind is given once for each place. In the order of pages, then of kinds.
    """
    found: dict[Term, None] = {}
    for page in dict.fromkeys(line.place.page for line in lines):
        mine = [line for line in lines if line.place.page == page]
        text = _readable(mine)
        for kind, words in KEYWORDS.items():
            for place in sorted(_places(text, words, mine), key=lambda place: (place.y, place.x)):
                found.setdefault(Term(kind, place, by_rule=True))
    return tuple(found)


def _places(page: _Page, words: tuple[str, ...], lines: Sequence[Line]) -> Iterator[Place]:
    for word in words:
        at = page.text.find(word)
        while at >= 0:
            first, last = page.origins[at], page.origins[at + len(word) - 1]
            place = lines[first].place
            for line in lines[first + 1 : last + 1]:
                place = place.joined(line.place)
            yield place
            at = page.text.find(word, at + len(word))


def _readable(lines: Sequence[Line]) -> _Page:
    """Put a page's lines together for searching: folded, one space between words, none beside a Chinese character."""
    characters: list[tuple[str, int]] = []
    gap = False
    for number, line in enumerate(lines):
        for character in unicodedata.normalize("NFKC", line.text).casefold():
            if character.isspace():
                gap = True
                continue
            if gap and characters and not (_chinese(character) or _chinese(characters[-1][0])):
                characters.append((" ", number))
            gap = False
            characters.append((character, number))
        gap = True
    return _Page("".join(c for c, _ in characters), tuple(number for _, number in characters))


def _chinese(character: str) -> bool:
    return unicodedata.name(character, "").startswith("CJK")
