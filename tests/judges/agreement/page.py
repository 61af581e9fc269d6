"""Writes the tables: docs/agreement.md for people, docs/agreement.json for a test."""

import importlib.metadata
import json
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
from explained import Explained
from model import Table

_QUESTIONS = Path(__file__).with_name("questions.toml")
_INTRODUCTION = """# Agreement between judges

The same files before several judges, made by `make agreement` on {date}. It is not part of CI; a test there holds only
that every conformance case has its row. The run fails where a difference has no explanation, or an explanation no
difference; the explanations are `tests/judges/agreement/explanations.toml`, the judges are beside it.

A judge **differs** if its word is not the expected one; such cells carry the number of their explanation below the table.
The word *refused* (not read at all) says the same as *failed*. In parentheses stands the judge's own reason. A dash: the
judge does not judge such files.

| judge | version |
|---|---|
{versions}

Not judged here: blocks, logs and witnesses by anybody but our two verifiers (the independent judges of those formats are in
the unit tests); SM2 and SM3 signatures (none of the other judges knows them); certificates' status from the network;
qualified status by trusted lists; signatures after the first of a file, but for those of the contract that three signed;
ETSI evidence records. Certificate, reports and that contract are those of one played service (`zheng demo`), made by its own
test authorities.
"""


def write(folder: Path, tables: Sequence[Table], explained: Explained) -> None:
    """Write both files."""
    versions = "\n".join(f"| {name} | {version} |" for name, version in _versions())
    introduction = _INTRODUCTION.format(date=datetime.now(UTC).date(), versions=versions)
    sections = ["\n".join(_section(table, explained)) for table in tables]
    (folder / "agreement.md").write_text("\n".join([introduction, *sections]) + "\n")
    machine = {
        table.name: {
            item.name: {
                "expected": str(item.expected),
                **{judge: str(verdicts[place]) for judge, verdicts in table.found.items()},
                **_numbers(table, item.name, explained),
            }
            for place, item in enumerate(table.items)
        }
        for table in tables
    }
    (folder / "agreement.json").write_text(json.dumps(machine, indent=1, ensure_ascii=False) + "\n")


def _numbers(table: Table, case: str, explained: Explained) -> dict[str, dict[str, int]]:
    found = {judge: explained.number(table.name, judge, case) for judge in table.found}
    numbers = {judge: number for judge, number in found.items() if number is not None}
    return {"explained": numbers} if numbers else {}


def _section(table: Table, explained: Explained) -> Iterator[str]:
    different = sum(each.table == table.name for each in explained.differences)
    asked = tomllib.loads(_QUESTIONS.read_text())[table.name]
    yield f"## {asked['title']}\n\n{asked['question']}\n"
    yield f"{len(table.items)} files, {len(table.found)} judges, {different} verdicts differ.\n"
    yield "| case | expected | " + " | ".join(table.found) + " |"
    yield "|---" * (len(table.found) + 2) + "|"
    for place, item in enumerate(table.items):
        cells = [item.name, str(item.expected)]
        for judge, verdicts in table.found.items():
            number = explained.number(table.name, judge, item.name)
            cells.append(str(verdicts[place]) + (f" **[{number}]**" if number is not None else ""))
        yield "| " + " | ".join(cells) + " |"
    yield ""
    for reason in explained.reasons:
        if reason.table == table.name:
            yield f"**[{reason.number}]** {', '.join(reason.judges)}: {reason.text}\n"


def _versions() -> Iterator[tuple[str, str]]:
    yield "ours", f"zheng-verifier {importlib.metadata.version('zheng-verifier')}, of this commit"
    yield "HTML verifier", f"of this commit, in {_first_line('chromium', '--version')}"
    yield "pyHanko", importlib.metadata.version("pyhanko")
    yield "OpenSSL", _first_line("openssl", "version")
    pom = Path(__file__).parents[1]
    yield (
        "EU DSS",
        f"{_between(pom / 'dss' / 'pom.xml', '<dss.version>')} on {_first_line('java', '-version')}",
    )
    yield (
        "veraPDF",
        _between(pom / "verapdf" / "pom.xml", "<artifactId>validation-model</artifactId>\n      <version>"),
    )
    yield "qpdf", f"{pikepdf.__libqpdf_version__}, by pikepdf"
    yield "pdfsig", _first_line("pdfsig", "-v")


def _first_line(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return "not at hand"
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return next(iter((done.stdout or done.stderr).splitlines()), "").strip()


def _between(file: Path, start: str) -> str:
    return file.read_text().split(start, 1)[1].split("<", 1)[0]
