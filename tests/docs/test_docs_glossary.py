"""The glossary has the words of the design and of the code, each once."""

import re

from docs_pages import ROOT

PAGE = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
DESIGN = """entry; leaf; tree size; root hash; checkpoint; inclusion proof; consistency proof; witness; cosignature;
message imprint; genTime; tsa; chain id; block header; transaction receipt; finalized; evidence deposit;
certificate of deposit; evidence report; evidence issuance; anchoring; verification;
存证; 存证证书; 证据报告; 出证; 上链; 核验"""
OF_THE_NORMS = 82
ROW = re.compile(r"^\| (?P<zh>[^|]+) \| (?P<en>[^|]+) \| (?P<code>[^|]+) \|(?P<note>[^|]*)\|$", re.MULTILINE)


def rows(text=PAGE):
    return [row for row in ROW.finditer(text) if row["zh"] != "中文" and not row["zh"].startswith("---")]


def test_the_terms_of_the_norms_are_there():
    """82 terms of law and technique, and behind them the words of the formats; no term stands twice."""
    norms, _ = PAGE.split("## Words of the formats")
    assert len(rows(norms)) == OF_THE_NORMS
    names = [row["zh"] for row in rows()]
    assert len(names) == len(set(names))
    assert all(row["en"].strip() and row["code"].strip() for row in rows())


def test_the_words_of_the_design_are_there():
    """Each term that code, API and pages use by decision (DESIGN §7) stands in a row, in its language."""
    told = " ; ".join(f"{row['zh']} {row['en']}" for row in rows()).lower()
    for term in DESIGN.split(";"):
        assert term.strip().lower() in told, term


def test_names_of_the_code_are_in_the_code():
    """Each name in the third column occurs in the sources; where nothing is kept under a name, the note says more."""
    folders = ("verifier/zheng_verifier", "api", "ledger", "anchor", "signing")
    files = [
        path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".json")
    ]
    sources = "\n".join(f"{path.name}\n{path.read_text(encoding='utf-8')}" for path in files)
    for row in rows():
        names = re.findall(r"`([^`]+)`", row["code"])
        assert names or (row["code"] == "–" and row["note"].strip()), row["zh"]
        for name in names:
            assert name in sources, f"{row['zh']}: {name}"
