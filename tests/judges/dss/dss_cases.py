"""Write packages for EU DSS to judge: ``python tests/judges/dss/dss_cases.py FOLDER``.

The authority has a P-256 key and encloses a revocation list, since DSS accepts neither Ed25519 in time-stamps nor a
certificate without revocation data. ``cases.json`` says what our verifier finds in each package, ``root.der`` is to
be trusted. `make agreement` has them judged, among everything else.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "verifier" / "tests"))

from makers import tokens
from makers.packages import MIME, STAMPED_AT, Entry, container, contents, edit, judge
from makers.universe import OURS, standard
from zheng_verifier.package import names
from zheng_verifier.package.archive import parse_archive
from zheng_verifier.package.package import format_package, manifest_to_stamp
from zheng_verifier.policy import format_policy

ROOT = tokens.party("TEST judge root", extensions=tokens.CA, kind="p256-root")
AUTHORITY = tokens.party("TEST judge authority", ROOT, kind="p256")


def token(listing: bytes) -> bytes:
    """Stamp a list of files."""
    making = tokens.Making(
        AUTHORITY,
        message=listing,
        info={"gen_time": STAMPED_AT},
        certificates=(AUTHORITY.der, ROOT.der),
        crls=(tokens.crl(ROOT),),
        bare=True,
    )
    return making.build()


def cases() -> dict[str, bytes]:
    """Make a whole package, and what may become of it."""
    made = contents()
    listing = manifest_to_stamp(made)
    whole = format_package(made, token(listing))
    files = parse_archive(whole)
    return {
        "whole": whole,
        "no-token": format_package(made, None),
        "token-over-another-list": edit(whole, token=token(listing + b" ")),
        "file-changed": edit(whole, readme=b"changed"),
        "file-not-listed": edit(whole, **{"zheng/more.json": b"{}"}),
        "file-missing": edit(whole, readme=None),
        "two-lists": edit(whole, **{"META-INF/ASiCManifest2.xml": listing}),
        "no-list": edit(whole, listing=None),
        "packed-again": container([MIME, *(Entry(file.name, file.data, method=8) for file in files)]),
        "two-files-of-one-name": container(
            [MIME, *(Entry(file.name, file.data) for file in files), Entry(names.README_EN, b"other")]
        ),
        "bytes-behind-the-end": whole + b"%PDF-1.7",
    }


def main(folder: Path) -> None:
    """Write the packages, the root, and what our verifier finds."""
    folder.mkdir(parents=True, exist_ok=True)
    story = standard()
    trusted = OURS.policy(story)
    tsa = replace(OURS.trusted_tsa("judge"), roots=(ROOT.der,))
    policy = format_policy(replace(trusted, tsas=(*trusted.tsas, tsa)))
    found = {}
    for name, data in cases().items():
        report = judge(data, policy)
        (folder / f"{name}.asice").write_bytes(data)
        refusal = "" if report.refusal is None else report.refusal.code
        c01 = report.checks[0] if report.checks else None
        found[name] = {
            "overall": report.overall.value,
            "c01": refusal if c01 is None else f"{c01.status.value} {c01.code}".strip(),
        }
    (folder / "root.der").write_bytes(ROOT.der)
    (folder / "cases.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
