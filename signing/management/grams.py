"""What of a text is looked up: words of letters, and pairs and single ones of Chinese characters. Pure.

Chinese has no spaces, so a pair of neighbours is the unit: 租赁 is one. A letter word is a unit as a whole; in titles and
names its beginnings are units too. Texts are folded for the index only (width, case); evidence is never normalised.
"""

import re
import unicodedata
from dataclasses import dataclass

MOST_TERMS, LONGEST_QUERY = 8, 200
LONGEST_WORD, SHORTEST_PREFIX = 32, 2
# Han with all its extensions and 〇, kana, Bopomofo and Hangul: written without spaces between words.
_IDEOGRAPHS = (
    "\u3005-\u3007\u3040-\u30ff\u3105-\u312f\u31a0-\u31bf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uac00-\ud7af\U00020000-\U0003ffff"
)
_RUN = re.compile(f"[{_IDEOGRAPHS}]+|[^\\W_{_IDEOGRAPHS}]+")
_IDEOGRAPH = re.compile(f"[{_IDEOGRAPHS}]")


def folded(text: str) -> str:
    """Fold width and case, and drop white space between ideographs: PDFs break lines where sentences do not."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(f"(?<=[{_IDEOGRAPHS}])\\s+(?=[{_IDEOGRAPHS}])", "", plain)
    return re.sub(r"\s+", " ", plain).strip()


def grams_of(text: str, *, prefixes: bool = False) -> set[str]:
    """Give every unit of a text; with ``prefixes``, the beginnings of letter words too."""
    found: set[str] = set()
    for run in _RUN.findall(folded(text)):
        if _IDEOGRAPH.match(run):
            found.update(run)
            found.update(run[n : n + 2] for n in range(len(run) - 1))
        else:
            word = run[:LONGEST_WORD]
            found.add(word)
            if prefixes:
                found.update(word[:n] for n in range(SHORTEST_PREFIX, len(word)))
    return found


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a query, folded, and the units that a text holding it must have."""

    text: str
    grams: frozenset[str]


def terms_of(query: str) -> tuple[Term, ...]:
    """Split a query into terms; nothing to look for gives none.

    A run of Chinese is looked up by its pairs alone: they imply the single ones.
    """
    terms = []
    for part in folded(query[:LONGEST_QUERY]).split():
        grams: set[str] = set()
        for run in _RUN.findall(part):
            if _IDEOGRAPH.match(run) and len(run) > 1:
                grams.update(run[n : n + 2] for n in range(len(run) - 1))
            else:
                grams.add(run[:LONGEST_WORD])
        if grams:
            terms.append(Term(part, frozenset(grams)))
    return tuple(dict.fromkeys(terms))[:MOST_TERMS]
