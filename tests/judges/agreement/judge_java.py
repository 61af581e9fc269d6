"""EU DSS and veraPDF: two small Java mains, built by Maven into .cache, each asked once for all files."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from model import FAILED, NOT_AT_HAND, PASSED, REFUSED, Item, Verdict

JUDGES = Path(__file__).resolve().parents[1]
BUILT = JUDGES.parents[1] / ".cache" / "judges"


@dataclass(frozen=True)
class Asked:
    """What EU DSS said under its own policy, and where no status of certificates is demanded."""

    own: Verdict
    undemanding: Verdict
    format: str
    detail: str
    times: str


def at_hand() -> bool:
    return bool(shutil.which("java") and shutil.which("mvn"))


def build(name: str) -> list[str]:
    """Build a judge; gives the command that runs it."""
    folder = JUDGES / name
    subprocess.run(
        ["mvn", "-q", "-B", "compile", "dependency:copy-dependencies"],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    built = BUILT / name
    return ["java", "-cp", f"{built / 'classes'}:{built / 'dependency'}/*", "Judge"]


def ask_dss(kind: str, items: Sequence[Item]) -> list[Asked]:
    """Put the files to EU DSS."""
    if not at_hand():
        missing = Verdict(NOT_AT_HAND)
        return [Asked(missing, missing, "", "", "") for _ in items]
    request = "".join("\t".join(_line(kind, item)) + "\n" for item in items)
    done = subprocess.run(build("dss"), input=request, capture_output=True, text=True, check=True)
    answers = [_read(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(items), done.stderr[-2000:]
    return answers


def _line(kind: str, item: Item) -> list[str]:
    lists = (item.roots, item.others, item.crls)
    number = item.options.get("signature")
    return [
        f"{kind}:{number}" if number else kind,
        str(item.file),
        str(item.stamped or ""),
        *(";".join(map(str, each)) for each in lists),
        iso(item.at) if item.at else "",
    ]


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _read(line: str) -> Asked:
    form, own, undemanding, detail, times = line.split("\t")
    return Asked(_verdict(own), _verdict(undemanding), form, detail, times)


def _verdict(text: str) -> Verdict:
    word, _, sub = text.partition("/")
    words = {"TOTAL_PASSED": PASSED, "PASSED": PASSED, "TOTAL_FAILED": FAILED, "FAILED": FAILED}
    words |= {"INDETERMINATE": "indeterminate", "refused": REFUSED, "no signature": REFUSED}
    return Verdict(words[word], sub)


def ask_verapdf(items: Sequence[Item]) -> list[Verdict]:
    """Ask veraPDF whether each file is what it claims to be."""
    if not at_hand():
        return [Verdict(NOT_AT_HAND) for _ in items]
    command = [*build("verapdf"), *(str(item.file) for item in items)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = {}
    for line in done.stdout.splitlines():
        for start, word in (("CONFORMS ", PASSED), ("DOES NOT CONFORM ", FAILED)):
            if line.startswith(start):
                flavour, name = line.removeprefix(start).rsplit(" (", 1)[0].split(" ", 1)
                found[name] = Verdict(word, f"PDF/A-{flavour}")
    return [found.get(str(item.file), Verdict(REFUSED, "not read")) for item in items]
