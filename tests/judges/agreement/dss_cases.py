"""Packages for EU DSS to judge: the cases of our own, under an authority that DSS can judge.

The authority has a P-256 key and encloses a revocation list, since DSS accepts neither Ed25519 in time-stamps nor a
certificate without revocation data.
"""

from dataclasses import replace

from makers import tokens
from makers.packages import MIME, STAMPED_AT, Entry, container, contents, edit
from makers.universe import OURS, standard
from zheng_verifier.package import names
from zheng_verifier.package.archive import parse_archive
from zheng_verifier.package.package import format_package, manifest_to_stamp
from zheng_verifier.policy import format_policy

ROOT = tokens.party("TEST judge root", extensions=tokens.CA, kind="p256-root", serial=1)
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


def policy() -> bytes:
    """The policy that knows the authority."""
    trusted = OURS.policy(standard())
    tsa = replace(OURS.trusted_tsa("judge"), roots=(ROOT.der,))
    return format_policy(replace(trusted, tsas=(*trusted.tsas, tsa)))
