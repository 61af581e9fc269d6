"""OpenSSL's command line on time-stamps and on the CMS of PDF signatures: signature, path and time, nothing else."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from asn1crypto import pem, tsp
from model import FAILED, INDETERMINATE, NOT_APPLICABLE, NOT_AT_HAND, PASSED, REFUSED, Item, Verdict

_REASONS = (
    ("message imprint mismatch", FAILED),
    ("signature failure", FAILED),
    ("unsuitable certificate purpose", FAILED),
    ("unable to get", INDETERMINATE),
    ("signer certificate not found", INDETERMINATE),
    ("self-signed certificate", INDETERMINATE),
    ("certificate has expired", FAILED),
    ("certificate is not yet valid", FAILED),
    ("content verify error", FAILED),
    ("digest", FAILED),
)


def at_hand() -> bool:
    return shutil.which("openssl") is not None


def ask_about_tokens(items: Sequence[Item]) -> list[Verdict]:
    """Run ``openssl ts -verify`` over the stamped data, at the time of the item."""
    return [_ask(item, _token_command) for item in items]


def ask_about_signatures(items: Sequence[Item]) -> list[Verdict]:
    """Run ``openssl cms -verify`` over the signed bytes of the first signature; certificates are not judged."""
    return [_ask(item, _cms_command) for item in items]


def _ask(item: Item, command) -> Verdict:
    if not at_hand():
        return Verdict(NOT_AT_HAND)
    with TemporaryDirectory() as folder:
        made = command(item, Path(folder))
        if isinstance(made, Verdict):
            return made
        done = subprocess.run(made, capture_output=True, text=True, check=False)
    words = (done.stdout + done.stderr).strip()
    if done.returncode == 0:
        return Verdict(PASSED)
    for text, word in _REASONS:
        if text in words:
            return Verdict(word, text)
    errors = re.findall(r":([^:]+):[^:]*:[^:]*:\d+:?", words) or words.splitlines()
    return Verdict(REFUSED if "asn1" in words.lower() else FAILED, errors[-1][:60] if errors else "")


def _bundle(paths: Sequence[Path], to: Path) -> Path:
    """Put certificates, DER or PEM, into one PEM file."""
    armoured = []
    for path in paths:
        data = path.read_bytes()
        armoured.append(data if pem.detect(data) else pem.armor("CERTIFICATE", data))
    to.write_bytes(b"\n".join(armoured))
    return to


def _token_command(item: Item, folder: Path) -> list[str] | Verdict:
    if item.stamped is None:
        return Verdict(NOT_APPLICABLE, "nothing to hold it against")
    bare = not _is_response(item.file.read_bytes())
    command = ["openssl", "ts", "-verify", "-data", str(item.stamped), "-in", str(item.file)]
    command += ["-partial_chain"]  # some anchors of the vectors are no roots
    command += ["-token_in"] if bare else []
    command += ["-CAfile", str(_bundle(item.roots, folder / "roots.pem"))]
    command += ["-untrusted", str(_bundle(item.others, folder / "others.pem"))] if item.others else []
    return command + (["-attime", str(int(item.at.timestamp()))] if item.at else [])


def _is_response(data: bytes) -> bool:
    try:
        tsp.TimeStampResp.load(data)["status"]["status"].native  # noqa: B018
    except (ValueError, KeyError, TypeError):
        return False
    return True


def _cms_command(item: Item, folder: Path) -> list[str] | Verdict:
    pdf = item.file.read_bytes()
    found = re.search(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", pdf)
    if found is None:
        return Verdict(NOT_APPLICABLE, "no byte range in plain sight")
    first, length, second, rest = map(int, found.groups())
    gap = pdf[first + length : second]
    value = bytes.fromhex(re.sub(rb"[^0-9A-Fa-f]", b"", gap).decode())
    cms, content = folder / "signature.der", folder / "signed"
    cms.write_bytes(value)
    content.write_bytes(pdf[first : first + length] + pdf[second : second + rest])
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", str(cms)]
    return [*command, "-content", str(content), "-noverify", "-out", "/dev/null"]
