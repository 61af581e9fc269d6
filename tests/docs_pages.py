"""How the tests read Markdown pages: their code blocks, commands, links and headings."""

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)(?:\s+\"[^\"]*\")?\)")
IMAGE = re.compile(r"!\[[^\]]*\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^(?P<level>#{1,6}) +(?P<title>.+?) *#*$", re.MULTILINE)


def blocks(page: str, language: str) -> list[str]:
    """Code blocks that are marked with ``language``; the empty one: with none."""
    return [block["body"] for block in FENCE.finditer(page) if block["language"] == language]


def commands(page: str, language: str = "sh") -> list[list[str]]:
    """The commands of all such blocks, in words, without comments and without where their output goes."""
    lines = "".join(blocks(page, language)).splitlines()
    found = [words for line in lines if (words := shlex.split(line, comments=True))]
    return [words[: words.index(">")] if ">" in words else words for words in found]


def headings(page: str) -> list[tuple[int, str]]:
    """Level and title of each heading outside of code."""
    return [(len(each["level"]), each["title"]) for each in HEADING.finditer(FENCE.sub("", page))]


def assert_excerpt(shown: str, real: str) -> None:
    """Each line of ``shown`` stands in ``real``, in this order and unbroken but where it shows `…`; digests may differ."""

    def lines(text: str) -> list[str]:
        return [re.sub(r"\b[0-9a-f]{64}\b", "<digest>", line) for line in text.splitlines()]

    wanted, given = lines(shown), lines(real)
    at, skipped = given.index(wanted[0]), False
    for line in wanted:
        if line.strip() == "…":
            skipped = True
            continue
        assert line in given[at:], f"{line!r} is not shown after line {at}"
        found = given.index(line, at)
        assert skipped or found == at, f"there is {given[at]!r} where the page shows {line!r}"
        at, skipped = found + 1, False
