"""Every byte of a bundle and of its documents flipped: what no check notices is on the list of verification.md §7."""

import functools
import re
import sys
from dataclasses import replace

import pytest
from makers import tokens
from makers.universe import (
    CONTRACT_FILE,
    DOCUMENTS,
    OURS,
    Document,
    Mark,
    Story,
    TrustPolicy,
    minute,
    verify,
)
from zheng_verifier import checks as checks_package
from zheng_verifier.bundle import format_bundle
from zheng_verifier.canonical import BUNDLE_LIMITS as LIMITS
from zheng_verifier.canonical import JsonValue, format_json, parse_json
from zheng_verifier.checkpoint import stamped_bytes
from zheng_verifier.checks import anchors, entries, log, submitter, timestamps
from zheng_verifier.encoding import parse_base64
from zheng_verifier.policy import format_policy
from zheng_verifier.report.model import Overall, Report
from zheng_verifier.timestamp.der import split

UNAUTHENTICATED = {"/certificates/0", "/proofs/1/checkpoint", "/proofs/1/tokens/0"}
"""Where a flip may go unnoticed; docs/spec/verification.md §7 says why, and the test below which bytes of each."""


@pytest.fixture(scope="module")
def small() -> tuple[bytes, bytes]:
    """Two events with sealed values and a document, two checkpoints, a token, an anchor, a witness' line."""
    steps = OURS.steps()
    played = Story(OURS).play(
        [steps[2], steps[4], Mark(5, (), ()), steps[5], Mark(10, (), ("public",), witness=True)]
    )
    size, proof = played.marks[1]
    making = tokens.Making(
        OURS.authority("tsa")[1],
        message=stamped_bytes(proof.checkpoint, OURS.vkey),
        info={"gen_time": minute(10)},
        digest="sha512",
        status={"status": "granted", "status_string": ["as you wish"]},
    )
    played.marks[1] = (size, replace(proof, tokens=(making.build(),)))
    surplus = tokens.party("TEST surplus", extensions=tokens.CA, kind="seeded-surplus")
    bundle = replace(played.bundle(), certificates=(surplus.der,))
    policy: TrustPolicy = OURS.policy(played)
    return format_bundle(bundle), format_policy(policy)


@pytest.fixture
def quick(monkeypatch):
    """Remember what pure functions gave: one flip touches one of them. Coverage is measured by the other tests."""
    tracer = sys.gettrace()
    sys.settrace(None)
    for module, name in (
        (entries, "_open_entry"),
        (entries, "parse_leaf"),
        (log, "open_checkpoint"),
        (submitter, "verify_jws"),
        (timestamps, "verify_timestamp"),
        (timestamps, "parse_response"),
        (anchors, "verify_anchor_binding"),
        (anchors, "read_anchored_block"),
        (anchors, "verify_anchor_inclusion"),
        (checks_package, "parse_policy"),
    ):
        monkeypatch.setattr(module, name, functools.cache(getattr(module, name)))
    yield
    sys.settrace(tracer)


def places(value: JsonValue, path: str = "", start: int = 0):
    """Give (path, start, end) of every scalar in the canonical form, in order."""
    if isinstance(value, dict):
        at = start + 1
        for name, item in sorted(value.items()):
            at += len(name) + 3
            yield from places(item, f"{path}/{name}", at)
            at += len(format_json([item])) - 2 + 1
    elif isinstance(value, list):
        at = start + 1
        for position, item in enumerate(value):
            yield from places(item, f"{path}/{position}", at)
            at += len(format_json([item])) - 2 + 1
    else:
        yield path, start, start + len(format_json([value])) - 2


def look(bundle: bytes, policy: bytes, document: bytes = CONTRACT_FILE) -> Report:
    return verify(bundle, policy, documents=[Document("contract.pdf", document)])


def flip_all(data: bytes, values, judge, step: int = 1) -> set[int]:
    """Give the positions, one in ``step``, at which some flip changed no check's result."""
    unnoticed = set()
    for position in range(0, len(data), step):
        for value in values(data[position]):
            changed = data[:position] + bytes([value]) + data[position + 1 :]
            if not judge(changed):
                unnoticed.add(position)
    return unnoticed


def one_bit(byte: int) -> list[int]:
    return [byte ^ 0x01]


def every_value(byte: int) -> list[int]:
    return [value for value in range(256) if value != byte]


def check_bundle(small: tuple[bytes, bytes], values, step: int = 1) -> None:
    data, policy = small
    before = look(data, policy)
    assert [axis.status for axis in before.axes[:3]] == ["PASSED"] * 3

    def noticed(changed: bytes) -> bool:
        report = look(changed, policy)
        assert report.overall is not Overall.CONSISTENT
        if report.checks != before.checks:
            return True
        # What nothing authenticates is shown nowhere: the report says the same of the events, too.
        assert (report.events, report.axes, report.notes) == (before.events, before.axes, before.notes)
        return False

    unnoticed = flip_all(data, values, noticed, step)
    found: dict[str, set[int]] = {}
    for path, start, end in places(parse_json(data, LIMITS)):
        inside = {position - start - 1 for position in unnoticed if start <= position < end}
        if inside:
            found[path] = inside
            unnoticed -= set(range(start, end))
    assert unnoticed == set(), "structure outside of any value"
    assert set(found) == UNAUTHENTICATED
    check_checkpoint(data, found["/proofs/1/checkpoint"])
    check_token(data, found["/proofs/1/tokens/0"])


def check_checkpoint(data: bytes, offsets: set[int]) -> None:
    """Of a checkpoint, only lines by keys that the policy does not name."""
    text = data[data.rindex(b'"checkpoint":"') + len(b'"checkpoint":"') :]
    witness = re.search("— witness".encode(), text)
    assert witness is not None
    assert min(offsets) >= witness.start()


def check_token(data: bytes, offsets: set[int]) -> None:
    """Of a time-stamp response, only the status part, which RFC 3161 leaves unsigned."""
    encoded = parse_json(data, LIMITS)["proofs"][1]["tokens"][0]
    raw = parse_base64(encoded)
    status = split(raw)[0]
    start = raw.index(status)
    assert max(offsets) * 6 // 8 < start + len(status)


def test_flips_of_the_bundle_change_a_result(small, quick):
    """One bit of one byte in eleven; exactly the listed places are the exceptions."""
    check_bundle(small, one_bit, step=11)


@pytest.mark.torture
def test_every_flip_of_the_bundle_changes_a_result(small, quick):
    """One bit of each byte."""
    check_bundle(small, one_bit)


@pytest.mark.torture
def test_every_value_of_every_byte_of_the_bundle_changes_a_result(small, quick):
    """All 255 other values."""
    check_bundle(small, every_value)


def test_every_flip_of_a_document_changes_a_result(small, quick):
    """Each byte of a document is held against its digests."""
    data, policy = small
    before = look(data, policy)
    judge = lambda changed: look(data, policy, changed).checks != before.checks  # noqa: E731
    assert flip_all(CONTRACT_FILE, one_bit, judge) == set()
    assert DOCUMENTS[0].data == CONTRACT_FILE
