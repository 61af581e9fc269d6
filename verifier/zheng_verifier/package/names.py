"""Names of files in an evidence package: which are allowed, and their one order (docs/spec/package.md §2)."""

import re
from collections import Counter
from collections.abc import Iterable

from zheng_verifier.errors import MalformedError

MIMETYPE = "mimetype"
ASIC_MANIFEST = "META-INF/ASiCManifest.xml"
TIMESTAMP = "META-INF/timestamp001.tst"
README_ZH, README_EN = "readme.zh-cn.txt", "readme.en.txt"
MANIFEST, BUNDLE, POLICY = "zheng/manifest.json", "zheng/bundle.json", "zheng/policy.json"
STATEMENT, REPORT = "zheng/statement.json", "zheng/report.jws"
REPORT_ZH, REPORT_EN = "report.zh-cn.pdf", "report.en.pdf"
LIST_ZH, LIST_EN = "evidence-list.zh-cn.pdf", "evidence-list.en.pdf"
CERTIFICATE, DOCUMENTS = "certificate.pdf", "documents/"
ORDER = (
    *(MIMETYPE, ASIC_MANIFEST, TIMESTAMP, README_ZH, README_EN),
    *(MANIFEST, BUNDLE, POLICY, STATEMENT, REPORT),
    *(REPORT_ZH, REPORT_EN, LIST_ZH, LIST_EN, CERTIFICATE),
)
"""The fixed names in the order in which a canonical container holds them; all others follow in order of bytes."""

MAX_NAME = 128
_NAME = re.compile(r"(?:META-INF/[A-Za-z0-9._-]+|(?:[a-z0-9][a-z0-9._-]*/)?[a-z0-9][a-z0-9._-]*)", re.ASCII)
_RANK = {name: rank for rank, name in enumerate(ORDER)}


def rank(name: str) -> tuple[int, str]:
    """Give the place of a name in the fixed order, as a key to sort by."""
    return _RANK.get(name, len(ORDER)), name


def check_name(name: str) -> None:
    """Refuse a name that no package has; what could lead out of a folder is called by its own code.

    Raises:
        MalformedError: BACKSLASH_NAME, ABSOLUTE_NAME, PARENT_NAME, FORBIDDEN_NAME.

    """
    if "\\" in name:
        raise MalformedError("BACKSLASH_NAME", "a name with a backslash", name)
    if name.startswith("/") or name[1:2] == ":":
        raise MalformedError("ABSOLUTE_NAME", "a name that starts at the root of a disk", name)
    if ".." in name.split("/"):
        raise MalformedError("PARENT_NAME", "a name that leads out of its folder", name)
    if len(name) > MAX_NAME or not _NAME.fullmatch(name):
        raise MalformedError("FORBIDDEN_NAME", "a name that no evidence package has", name)


def check_distinct(names: Iterable[str]) -> None:
    """Refuse names of which two are the same, or the same but for case.

    Raises:
        MalformedError: DUPLICATE_FILE, CASE_FOLDED_NAME.

    """
    counts = Counter(names)
    for name, count in counts.items():
        if count > 1:
            raise MalformedError("DUPLICATE_FILE", f"{count} files of one name", name)
    folded = Counter(name.casefold() for name in counts)
    for name in counts:
        if folded[name.casefold()] > 1:
            raise MalformedError("CASE_FOLDED_NAME", "two names that differ in case alone", name)
