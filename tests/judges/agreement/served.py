"""One service, played: `zheng demo` in a folder of its own, and what it left there."""

import json
import subprocess
import sys
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from zheng_verifier.package.archive import parse_archive
from zheng_verifier.pdf_signatures import read_signatures

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from demo_case import ZHENG, demo_environment


@dataclass(frozen=True)
class Service:
    """What a service made: bundle, packages, certificate, reports; and the roots that its policy names."""

    folder: Path
    roots: tuple[Path, ...]
    tsa_roots: tuple[Path, ...]
    ca_roots: tuple[Path, ...]
    at: datetime

    @property
    def evidence(self) -> Path:
        return self.folder / "demo"

    @property
    def certificate(self) -> Path:
        return self.evidence / "certificate.pdf"

    @property
    def papers(self) -> tuple[Path, ...]:
        """Every PDF that the service wrote, sealed or not."""
        return tuple(sorted((self.folder / "papers").iterdir()))


def play(folder: Path) -> Service:
    """Play the demonstration if it was not played yet, and take its papers out."""
    if not (folder / "demo" / "package-full.asice").exists():
        folder.mkdir(parents=True, exist_ok=True)
        environment = demo_environment(ZHENG_SERVER__PORT="0")
        subprocess.run([ZHENG, "demo"], cwd=folder, env=environment, check=True, capture_output=True)
    papers = folder / "papers"
    papers.mkdir(exist_ok=True)
    for edition in ("full", "redacted"):
        for file in parse_archive((folder / "demo" / f"package-{edition}.asice").read_bytes()):
            if file.name.endswith(".pdf") and "/" not in file.name:
                (papers / f"{edition}-{file.name}").write_bytes(file.data)
    sealed = (folder / "demo" / "certificate.pdf").read_bytes()
    (papers / "certificate-sealed.pdf").write_bytes(sealed)
    first = read_signatures(sealed).prefixes[0].length
    (papers / "certificate-unsealed.pdf").write_bytes(sealed[:first])
    policy = json.loads((folder / "demo" / "policy.json").read_text())
    written = {kind: tuple(_roots(folder, kind, policy[kind])) for kind in ("tsas", "issuers", "cas")}
    made_at = (folder / "demo" / "package-full.asice").stat().st_mtime
    moment = datetime.fromtimestamp(int(made_at) + 60, UTC)
    roots = (*written["issuers"], *written["tsas"])
    return Service(folder, roots, written["tsas"], written["cas"], moment)


def _roots(folder: Path, kind: str, entries: list[dict]) -> list[Path]:
    made = []
    for number, entry in enumerate(entries):
        for place, root in enumerate(entry["roots"]):
            made.append(folder / f"{kind}-{number}-{place}.der")
            made[-1].write_bytes(b64decode(root))
    return made
