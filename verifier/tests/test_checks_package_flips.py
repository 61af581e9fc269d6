"""Every byte of a package flipped, as it is and with everything repaired that needs no key.

As it is, no flip goes unnoticed at all: the one form of the container sees to it. With checksums, list, roles and names
repaired, a time-stamp over the list sees to it; without a time-stamp exactly the files are free that nothing but the
list speaks of (docs/spec/package.md §5).
"""

import functools
import hashlib
import random
import re
import sys

import pytest
from makers.packages import judge, relist, signed_report, small, small_policy, stamp
from makers.universe import ORIGIN, Universe
from zheng_verifier.canonical import format_json
from zheng_verifier.checks import anchors, entries, log, timestamps
from zheng_verifier.encoding import parse_base64
from zheng_verifier.errors import EvidenceError
from zheng_verifier.package import names
from zheng_verifier.package.archive import ArchiveFile, format_archive, parse_archive
from zheng_verifier.package.manifest import (
    RoledFile,
    format_package_manifest,
    parse_package_manifest,
    role_of,
)
from zheng_verifier.report.model import Overall, Report

FORGER = Universe("forger", origin=ORIGIN)
FREE = {
    names.README_ZH,
    names.README_EN,
    names.REPORT_ZH,
    names.REPORT_EN,
    names.LIST_ZH,
    names.LIST_EN,
    names.CERTIFICATE,
}
"""What only the list speaks of: without a time-stamp over it, whoever packs a package again can exchange these."""


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Remember what pure functions gave: one flip touches one of them. Coverage is measured by the other tests."""
    tracer = sys.gettrace()
    sys.settrace(None)
    for module, name in (
        (entries, "_open_entry"),
        (entries, "parse_leaf"),
        (log, "open_checkpoint"),
        (timestamps, "verify_timestamp"),
        (timestamps, "parse_response"),
        (anchors, "verify_anchor_binding"),
        (anchors, "read_anchored_block"),
        (anchors, "verify_anchor_inclusion"),
    ):
        monkeypatch.setattr(module, name, functools.cache(getattr(module, name)))
    yield
    sys.settrace(tracer)


def look(data: bytes) -> Report:
    return judge(data, small_policy())


@functools.cache
def before(*, stamped: bool) -> Report:
    return look(small(stamped=stamped))


def noticed(data: bytes, *, stamped: bool) -> bool:
    """Tell whether some check says something else, or nothing can be read any more."""
    report = look(data)
    assert report.overall is not Overall.CONSISTENT
    return report.overall is Overall.UNREADABLE or report.checks != before(stamped=stamped).checks


def test_the_measure_passes():
    """Unchanged, both packages pass, and their reports agree with what is found."""
    for stamped, status in ((True, "PASSED"), (False, "NOT_PROVIDED")):
        report = before(stamped=stamped)
        assert report.checks[0].status == status
        assert [axis.status for axis in report.axes[:3]] == ["PASSED"] * 3
        assert report.container is not None
        assert report.container.enclosed is not None
        assert report.container.enclosed.agrees


def check_flips(positions) -> int:
    data = small()
    count = 0
    for position in positions:
        changed = bytearray(data)
        changed[position] ^= 1 << position % 8
        assert noticed(bytes(changed), stamped=True), position
        count += 1
    return count


def test_flips_of_the_container_are_noticed():
    """A sample over the whole file, and every byte of the last kilobyte, which is all structure: no exception."""
    data = small()
    assert check_flips([*range(0, len(data), 97), *range(len(data) - 1_000, len(data), 3)]) > 800


@pytest.mark.torture
def test_every_flip_of_the_container_is_noticed():
    """Each byte once: no exception."""
    assert check_flips(range(len(small()))) == len(small())


def repair(files: dict[str, bytes]) -> dict[str, bytes]:
    """Name documents by their digests again, and give every file its role."""
    repaired = {}
    for name, data in files.items():
        half = hashlib.sha256(data).hexdigest()[:16]
        document = name.startswith(names.DOCUMENTS)
        repaired[f"{names.DOCUMENTS}{half}.{name.rpartition('.')[2]}" if document else name] = data
    roles = sorted((name for name in repaired if role_of(name)), key=names.rank)
    try:
        manifest = parse_package_manifest(files[names.MANIFEST])
    except EvidenceError:
        return repaired
    listed = tuple(RoledFile(name, role_of(name) or "") for name in roles)
    changed = type(manifest)(manifest.origin, manifest.case, manifest.edition, listed)
    return repaired | {names.MANIFEST: format_package_manifest(changed)}


def pack(files: dict[str, bytes], token: bytes | None) -> bytes:
    kept = {file.name: file.data for file in parse_archive(relist(files, {}))}
    if token is not None:
        kept[names.TIMESTAMP] = token
    return format_archive(ArchiveFile(name, data) for name, data in kept.items())


def old_token(files):
    return pack(repair(files), files.get(names.TIMESTAMP))


def no_token(files):
    return pack(repair(files), None)


def own_token(files):
    bare = pack(repair(files), None)
    listing = {file.name: file.data for file in parse_archive(bare)}[names.ASIC_MANIFEST]
    return pack(repair(files), stamp(listing, FORGER))


def checksums(files):
    return format_archive(ArchiveFile(name, data) for name, data in files.items())


REPAIRS = {
    "checksums": checksums,
    "old token": old_token,
    "no token": no_token,
    "a token of his own": own_token,
}


def flips(every: int, seed: int = 1):
    """Give (name, files with one byte of that file flipped); the place within each stretch is drawn."""
    draw = random.Random(seed)
    files = {file.name: file.data for file in parse_archive(small())}
    for name, data in files.items():
        for start in range(0, len(data), every):
            position = min(start + draw.randrange(every), len(data) - 1)
            changed = bytearray(data)
            changed[position] ^= 1 << draw.randrange(8)
            yield name, position, files | {name: bytes(changed)}


def check_repaired(every: int) -> dict[str, int]:
    """Under a time-stamp every repaired flip is noticed; those of the token itself too."""
    counts = dict.fromkeys(REPAIRS, 0)
    for number, (name, position, files) in enumerate(flips(every)):
        kind = list(REPAIRS)[number % len(REPAIRS)]
        data = REPAIRS[kind](files)
        if data == small():  # the flip was of what is made anew: list or token
            continue
        assert noticed(data, stamped=True), (kind, name, position)
        counts[kind] += 1
    return counts


def test_no_repair_hides_a_flip_under_a_time_stamp():
    """Checksums, list, roles, names and even a token of the forger's own: some check says something else."""
    counts = check_repaired(600)
    assert min(counts.values()) > 10, counts


@pytest.mark.torture
def test_no_repair_hides_any_flip_under_a_time_stamp():
    """Each byte of each file, the four repairs in turn."""
    counts = check_repaired(1)
    assert min(counts.values()) > 5_000, counts


def check_unstamped(every: int) -> set[str]:
    """Without a time-stamp at all: which files hold a repaired flip that nothing notices."""
    free = set()
    for name, position, files in flips(every, seed=2):
        if name in (names.ASIC_MANIFEST, names.TIMESTAMP):  # made anew, and taken away
            continue
        data = no_token(files)
        if data == small(stamped=False) or noticed(data, stamped=False):
            continue
        if name == names.BUNDLE:
            check_unauthenticated(files[name], position)
        else:
            free.add(name)
    return free


def check_unauthenticated(bundle: bytes, position: int) -> None:
    """Of the bundle, only what no signature covers in a time-stamp response (verification.md §7)."""
    for found in re.finditer(rb'"tokens":\["([^"]+)"\]', bundle):
        if found.start(1) <= position < found.end(1):
            assert (position - found.start(1)) * 6 // 8 < 12, "more than the status of the response"
            assert parse_base64(found[1].decode())
            return
    raise AssertionError(f"position {position} of the bundle is no part of a token")


def test_without_a_time_stamp_exactly_the_pages_for_people_are_free():
    """Evidence, documents, signed report, and log and case in the manifest prove themselves; pages and readmes do not."""
    assert check_unstamped(500) == FREE


@pytest.mark.torture
def test_without_a_time_stamp_nothing_but_the_pages_is_free():
    """Each byte of each file; of the manifest, the word for the edition has no second spelling that a flip reaches."""
    assert check_unstamped(1) == FREE


def test_whoever_exchanges_the_edition_without_a_time_stamp_is_believed():
    """The edition is a word of the manifest; the events show what is opened and what is not."""
    files = {file.name: file.data for file in parse_archive(small(stamped=False))}
    said = files[names.MANIFEST].replace(b'"full"', b'"redacted"')
    report = look(relist(files | {names.MANIFEST: said}, {}))
    assert report.container is not None
    assert report.container.edition == "redacted"
    assert report.events == before(stamped=False).events


def test_a_report_signed_by_somebody_else_is_not_compared():
    """The forger's own report, in a package that he packed: its key is unknown, and nothing of it is repeated."""
    files = {file.name: file.data for file in parse_archive(small(stamped=False))}
    body = format_json({"zheng": "report/v1", "overall": "CONSISTENT"})
    report = look(relist(files | {names.REPORT: signed_report(body, FORGER.log_key)}, {}))
    assert report.container is not None
    assert report.container.enclosed is None
    assert "KEY_UNKNOWN" in {finding.code for finding in report.checks[0].findings}
    assert report.overall is not Overall.CONSISTENT
