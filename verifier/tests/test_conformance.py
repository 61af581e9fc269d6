"""The conformance cases, through the command line: every stored expectation is what the verifier finds."""

import json

import pytest
from makers.conformance import FOLDER, build
from zheng_verifier.cli import EXIT_CODES, main
from zheng_verifier.report.model import Overall

CASES = sorted(path.parent.name for path in FOLDER.glob("*/expected.json"))


@pytest.mark.parametrize("name", CASES)
def test_the_case_is_found_as_expected(name, capsysbinary):
    """Overall word, every axis and every check, by the files alone."""
    folder = FOLDER / name
    expected = json.loads((folder / "expected.json").read_text())
    documents = [f"--document={path}" for path in sorted(folder.glob("*.pdf"))]
    options = [f"--{option}={value}" for option, value in expected["options"].items()]
    policy = f"--policy={folder / 'policy.json'}"
    if (folder / "statement.json").exists():
        options.append(f"--statement={folder / 'statement.json'}")
    evidence = next(path for path in folder.iterdir() if path.name in ("bundle.json", "package.asice"))
    code = main([str(evidence), policy, "--json", *documents, *options])
    report = json.loads(capsysbinary.readouterr().out)
    checks = {check["id"]: f"{check['status']} {check['code']}".strip() for check in report["checks"]}
    assert report["overall"] == expected["overall"]
    assert report.get("refusal", {}).get("code") == expected.get("refusal")
    assert {axis["id"]: axis["status"] for axis in report["axes"]} == expected["axes"]
    assert checks == expected["checks"]
    assert code == EXIT_CODES[Overall(expected["overall"])]


def test_the_files_are_what_the_maker_writes():
    """Byte for byte, in every run: nobody edits a case by hand. Run makers/conformance.py to write them anew."""
    built = build()
    stored = {
        str(path.relative_to(FOLDER)): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()
    }
    assert set(stored) == set(built)
    for name, data in built.items():
        assert stored[name] == data, name


def test_there_is_a_happy_path_and_named_failures():
    """And not one of them is CONSISTENT, since A4 is not built."""
    words = {name: json.loads((FOLDER / name / "expected.json").read_text())["overall"] for name in CASES}
    assert words["honest"] == "INCOMPLETE"
    assert len([word for word in words.values() if word == "INCONSISTENT"]) >= 7
    assert "CONSISTENT" not in words.values()
