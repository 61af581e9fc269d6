"""Packages around the standard story, and containers as no good tool would write them.

``Entry`` and ``container`` write a ZIP field by field, so that a test can say exactly what is wrong with it.
"""

import hashlib
import struct
import zlib
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from makers.universe import (
    AT,
    CASE,
    DOCUMENTS,
    ORIGIN,
    OURS,
    Document,
    Mark,
    Story,
    Universe,
    minute,
    seed,
    spki,
    standard,
)
from zheng_verifier.bundle import format_bundle
from zheng_verifier.canonical import format_json
from zheng_verifier.checks import PolicyInput, verify_package
from zheng_verifier.package import names
from zheng_verifier.package.archive import ArchiveFile, format_archive, parse_archive
from zheng_verifier.package.asic import AsicManifest, ListedFile, format_asic_manifest
from zheng_verifier.package.package import (
    PackageContents,
    PackagedDocument,
    format_package,
    manifest_to_stamp,
    media_type_of,
)
from zheng_verifier.policy import TrustedIssuer, format_policy
from zheng_verifier.report.detailed import report_detailed
from zheng_verifier.report.model import PolicySource, Report
from zheng_verifier.report.signed import format_signed_report, report_signing_input
from zheng_verifier.timestamp import parse_response

STAMPED_AT = minute(45)


@cache
def policy() -> bytes:
    return format_policy(OURS.policy(standard()))


@cache
def bundle() -> bytes:
    return format_bundle(standard().bundle())


def documents(given: tuple[Document, ...] = DOCUMENTS) -> tuple[PackagedDocument, ...]:
    return tuple(PackagedDocument("application/pdf", document.data) for document in given)


def contents(**changes: Any) -> PackageContents:
    """The full edition of the standard story, with our policy suggested."""
    made = PackageContents(ORIGIN, CASE, "full", bundle(), documents(), policy=policy())
    return replace(made, **changes)


def stamp(listing: bytes, universe: Universe = OURS, name: str = "tsa") -> bytes:
    """The token of an authority over a list of files: bare, as a container holds it."""
    return parse_response(universe.token(name, listing, STAMPED_AT)).granted().der


def package(made: PackageContents | None = None, **changes: Any) -> bytes:
    """A whole package with a time-stamp of the trusted authority."""
    made = contents(**changes) if made is None else made
    return format_package(made, stamp(manifest_to_stamp(made)))


def edit(data: bytes, **files: bytes | None) -> bytes:
    """Exchange files of a canonical package by name (``zheng__bundle_json``: see ``SHORT``), None takes one out."""
    kept = {file.name: file.data for file in parse_archive(data)}
    for short, content in files.items():
        name = SHORT.get(short, short)
        kept.pop(name, None)
        if content is not None:
            kept[name] = content
    return format_archive(ArchiveFile(name, content) for name, content in kept.items())


SHORT = {
    "listing": names.ASIC_MANIFEST,
    "token": names.TIMESTAMP,
    "manifest": names.MANIFEST,
    "bundle": names.BUNDLE,
    "policy": names.POLICY,
    "report": names.REPORT,
    "readme": names.README_EN,
}


def judge(
    data: bytes, trusted: bytes | None = None, *, source: PolicySource = PolicySource.USER, **more: Any
) -> Report:
    """Verify a package as `zheng-verify` does."""
    chosen = PolicyInput(policy() if trusted is None else trusted, source)
    return verify_package(data, policy=chosen, at=AT, **more)


@dataclass(frozen=True)
class Entry:
    """A file of a ZIP; what is not given follows from name and data. ``local`` says otherwise in its own header."""

    name: str | bytes
    data: bytes = b""
    method: int = 0
    flags: int = 0
    crc: int | None = None
    size: int | None = None
    packed_size: int | None = None
    attributes: int = 0
    made_by: int = 10
    extra: bytes = b""
    comment: bytes = b""
    disk: int = 0
    date: int = 0x21
    offset: int | None = None
    local: dict[str, Any] = field(default_factory=dict)
    packed: bytes | None = None
    behind: bytes = b""

    @property
    def raw_name(self) -> bytes:
        return self.name if isinstance(self.name, bytes) else self.name.encode()

    @property
    def content(self) -> bytes:
        if self.packed is not None:
            return self.packed
        return deflate(self.data) if self.method == 8 else self.data

    @property
    def sums(self) -> tuple[int, int, int]:
        return (
            zlib.crc32(self.data) if self.crc is None else self.crc,
            len(self.content) if self.packed_size is None else self.packed_size,
            len(self.data) if self.size is None else self.size,
        )


def deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def deflate_plain(data: bytes) -> bytes:
    """Deflate without compressing (RFC 1951 §3.2.4): the same bytes with every version of zlib."""
    blocks = [data[start : start + 0xFFFF] for start in range(0, len(data), 0xFFFF)] or [b""]
    return b"".join(
        bytes([number == len(blocks) - 1]) + struct.pack("<HH", len(block), 0xFFFF - len(block)) + block
        for number, block in enumerate(blocks)
    )


MIME = Entry("mimetype", b"application/vnd.etsi.asic-e+zip")


def container(entries: list[Entry], *, before: bytes = b"", behind: bytes = b"", **end: Any) -> bytes:
    """Write a ZIP; ``end`` overrides fields of its last record: here, total, size, offset, comment, disk, first."""
    out, central = before, b""
    for entry in entries:
        offset = len(out) if entry.offset is None else entry.offset
        local = replace(entry, **entry.local)
        crc, packed, size = local.sums
        common = (local.method, 0, local.date, crc, packed, size, len(local.raw_name), len(local.extra))
        out += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 10, local.flags, *common)
        out += local.raw_name + local.extra + entry.content + entry.behind
        crc, packed, size = entry.sums
        central += struct.pack(
            "<4sHHHHHHIIIHHHHHII",
            *(b"PK\1\2", entry.made_by, 10, entry.flags, entry.method, 0, entry.date, crc, packed, size),
            *(
                len(entry.raw_name),
                len(entry.extra),
                len(entry.comment),
                entry.disk,
                0,
                entry.attributes,
                offset,
            ),
        )
        central += entry.raw_name + entry.extra + entry.comment
    comment = end.get("comment", b"")
    last = struct.pack(
        "<4sHHHHIIH",
        *(b"PK\5\6", end.get("disk", 0), end.get("first", 0), end.get("here", len(entries))),
        *(end.get("total", end.get("here", len(entries))), end.get("size", len(central))),
        *(end.get("offset", len(out)), end.get("comment_size", len(comment))),
    )
    return out + central + end.get("gap", b"") + last + comment + behind


def relist(files: dict[str, bytes], media_types: dict[str, str]) -> bytes:
    """Put files together with a list made over them, and no token: what anybody can do who has no key at all."""
    kept = {name: data for name, data in files.items() if name not in (names.ASIC_MANIFEST, names.TIMESTAMP)}
    listing = AsicManifest(
        tuple(
            ListedFile(
                name,
                media_types.get(name) or media_type_of(name) or "application/pdf",
                hashlib.sha256(kept[name]).digest(),
            )
            for name in sorted(kept, key=names.rank)
        )
    )
    kept[names.ASIC_MANIFEST] = format_asic_manifest(listing)
    return format_archive(ArchiveFile(name, data) for name, data in kept.items())


REPORT_KEY = Ed25519PrivateKey.from_private_bytes(seed("report key"))


def signed_report(body: bytes, key: Ed25519PrivateKey = REPORT_KEY) -> bytes:
    """Sign a report as a service does."""
    signature = key.sign(report_signing_input(body, spki(key)))
    return format_signed_report(body, spki(key), signature).encode()


@cache
def small_story() -> Story:
    """Two events with a document, two checkpoints, a token and an anchor: enough for every check to have its say."""
    steps = OURS.steps()
    return OURS.story(
        [steps[2], steps[4], Mark(5, (), ()), steps[5], Mark(10, ("tsa",), ("public",))],
    )


@cache
def small_policy() -> bytes:
    issuer = TrustedIssuer("TEST service", (), (spki(REPORT_KEY),), test=False)
    return format_policy(OURS.policy(small_story(), issuers=(issuer,)))


def small_contents() -> PackageContents:
    """Every part around the small story but the report."""
    return contents(
        bundle=format_bundle(small_story().bundle()),
        documents=documents(DOCUMENTS[:1]),
        policy=small_policy(),
        report_zh=b"%PDF-1.7 TEST zh",
        report_en=b"%PDF-1.7 TEST en",
        list_zh=b"%PDF-1.7 TEST list zh",
        list_en=b"%PDF-1.7 TEST list en",
        certificate=b"%PDF-1.7 TEST certificate",
    )


@cache
def small(*, stamped: bool = True) -> bytes:
    """The small story with every part, its report signed by a service that the policy knows."""
    made = small_contents()
    found = report_detailed(judge(format_package(made, None), small_policy()))
    made = replace(made, report=signed_report(format_json(found)))
    return package(made) if stamped else format_package(made, None)
