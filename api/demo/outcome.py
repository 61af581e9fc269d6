"""What the demonstration leaves behind: a folder with the evidence, and its verification by a separate program.

The verifier runs as a process of its own, where the system allows it in a network namespace without interfaces, so
that anyone sees: nothing but the files and the trust policy is needed.
"""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from zheng_verifier.deposit_certificate.attached import read_certificate
from zheng_verifier.deposit_certificate.record import parse_record

BUNDLE, CERTIFICATE, POLICY, REPORT = "bundle.json", "certificate.pdf", "policy.json", "report.txt"
DOCUMENTS = "documents"
NO_CONVERTER = "There is no LibreOffice here that converts DOCX: the lease was uploaded as PDF."
FULL, REDACTED = "package-full.asice", "package-redacted.asice"


@dataclass(frozen=True, slots=True)
class Verification:
    """The verifier's words and exit code; ``isolated`` tells whether it ran without any network."""

    command: str
    text: str
    exit_code: int
    isolated: bool


def write_outcome(
    folder: Path,
    *,
    bundle: bytes,
    certificate: bytes,
    policy: bytes,
    documents: Mapping[str, bytes],
    packages: Mapping[str, bytes],
) -> None:
    """Write bundle, certificate, policy, documents and packages into a folder, replacing those of an earlier run."""
    (folder / DOCUMENTS).mkdir(parents=True, exist_ok=True)
    for name, content in ((BUNDLE, bundle), (CERTIFICATE, certificate), (POLICY, policy), *packages.items()):
        (folder / name).write_bytes(content)
    for name, content in documents.items():
        (folder / DOCUMENTS / name).write_bytes(content)


def verify_offline(folder: Path) -> dict[str, Verification]:
    """Run ``zheng-verify`` on bundle with documents, and on each package and the certificate by itself, side by side.

    Each is a process of its own, without a network if the system allows it. The policy was written by operator and
    platform: for a demonstration that is all there is, and the report says by its fingerprint which one it was.
    """
    policy = ["--policy", str(folder / POLICY)]
    commands = {
        BUNDLE: [str(folder / BUNDLE), *policy, "--language", "en"],
        **{
            name: [str(folder / name), *policy, "--report", "simple"]
            for name in (FULL, REDACTED, CERTIFICATE)
        },
    }
    for document in sorted((folder / DOCUMENTS).iterdir()):
        commands[BUNDLE] += ["--document", str(document)]
    isolation = _isolation()
    with ThreadPoolExecutor() as pool:
        done = pool.map(lambda arguments: _verify(isolation, arguments), commands.values())
    verified = dict(zip(commands, done, strict=True))
    (folder / REPORT).write_text(verified[BUNDLE].text, encoding="utf-8")
    return verified


def was_converted(folder: Path) -> bool:
    """Tell whether the contract was uploaded as a DOCX, which the service made a PDF."""
    return (folder / DOCUMENTS / "original.docx").is_file()


def certificate_number(folder: Path) -> str:
    """Give the number of the certificate in the folder."""
    return parse_record(read_certificate((folder / CERTIFICATE).read_bytes()).record).certificate_no


def _verify(isolation: list[str], arguments: list[str]) -> Verification:
    command = [*isolation, sys.executable, "-m", "zheng_verifier", *arguments]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120, stdin=subprocess.DEVNULL)
    text = done.stdout.decode() + done.stderr.decode()
    return Verification(" ".join(["zheng-verify", *arguments]), text, done.returncode, bool(isolation))


def _isolation() -> list[str]:
    """Give the words that start a program in a network namespace of its own, or none where that is not allowed."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return []
    words = [unshare, "--map-root-user", "--net"]
    tried = subprocess.run([*words, "true"], capture_output=True, check=False, timeout=10)
    return words if tried.returncode == 0 else []
