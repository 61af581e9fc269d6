"""The page on what judges agree about (`make agreement`) is about the files that are here now."""

import json
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
JUDGED = json.loads((ROOT / "docs" / "agreement.json").read_text())
CONFORMANCE = ROOT / "verifier" / "tests" / "conformance"
EXPLANATIONS = ROOT / "tests" / "judges" / "agreement" / "explanations.toml"


def test_every_conformance_case_has_its_row():
    """A new case asks for a new run; the expected words there are those of the cases."""
    expected = {
        path.parent.name: json.loads(path.read_text())["overall"]
        for path in CONFORMANCE.glob("*/expected.json")
    }
    assert {name: row["expected"] for name, row in JUDGED["evidence"].items()} == expected


def test_every_package_case_has_its_row():
    """The container of each package among them is judged too."""
    packages = {path.parent.name for path in CONFORMANCE.glob("*/package.asice")}
    assert packages == {name for name in JUDGED["containers"] if name.startswith("package-")}


def test_every_explanation_is_on_the_page():
    """The run fails where one is to spare; here nobody has changed them since without running it."""
    page = (ROOT / "docs" / "agreement.md").read_text()
    for number, each in enumerate(tomllib.loads(EXPLANATIONS.read_text())["why"], start=1):
        assert f"**[{number}]** {', '.join(each['judges'])}: {' '.join(each['text'].split())}" in page
        rows = [JUDGED[table][case] for table in each["tables"] for case in each["cases"]]
        assert all(row["explained"][judge] == number for row in rows for judge in each["judges"])
