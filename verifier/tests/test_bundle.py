"""The bundle's form: round trip, every refusal by name, and its limits."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from makers.mutations import altered
from makers.universe import standard
from zheng_verifier import bundle as module
from zheng_verifier.bundle import (
    MAX_EVENTS,
    MAX_INCLUSIONS,
    MAX_VALUES,
    Bundle,
    BundleEvent,
    BundleProof,
    ConsistencyStep,
    Inclusion,
    format_bundle,
    parse_bundle,
)
from zheng_verifier.canonical import BUNDLE_LIMITS
from zheng_verifier.errors import EvidenceError, MalformedError, UncheckableError

BUNDLE = standard().bundle()
DATA = format_bundle(BUNDLE)
VALUE = json.loads(DATA)

hashes = st.binary(min_size=32, max_size=32)
paths = st.lists(hashes, max_size=3).map(tuple)
blobs = st.binary(min_size=1, max_size=40)


@st.composite
def bundles(draw):
    events = draw(
        st.lists(
            st.builds(BundleEvent, st.just(b'{"a":1}'), st.none() | st.just(b'{"b":[]}')),
            min_size=1,
            max_size=3,
        )
    )
    context = draw(st.lists(st.builds(BundleEvent, st.just(b"{}"), st.none()), max_size=2))
    total = len(events) + len(context)
    proofs = []
    for number in range(draw(st.integers(0, 3))):
        covered = draw(st.sets(st.integers(0, total - 1)))
        inclusions = tuple(
            Inclusion(e, draw(st.integers(0, 2**53 - 1)), draw(paths)) for e in sorted(covered)
        )
        tokens = tuple(draw(st.lists(blobs, max_size=2)))
        proofs.append(BundleProof(f"note {number}\n".encode(), inclusions, tokens))
    sizes = draw(st.sets(st.tuples(st.integers(1, 99), st.integers(100, 999)), max_size=3))
    return Bundle(
        "zheng.example/TEST",
        VALUE["case"],
        tuple(events),
        tuple(proofs),
        tuple(context),
        tuple(ConsistencyStep(old, new, draw(paths)) for old, new in sorted(sizes)),
        tuple(draw(st.sets(blobs, max_size=2))),
    )


@given(bundles())
def test_what_is_written_reads_back(bundle):
    """parse ∘ format is the identity on bundles, and format ∘ parse on their bytes."""
    data = format_bundle(bundle)
    assert parse_bundle(data) == bundle
    assert format_bundle(parse_bundle(data)) == data


def test_a_whole_case_reads_back():
    """The universe's bundle, with tokens, anchors and context."""
    assert parse_bundle(DATA) == BUNDLE
    assert BUNDLE.items == BUNDLE.events + BUNDLE.context


@settings(max_examples=300)
@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_a_changed_byte_is_refused_or_another_bundle(position, flip):
    """No change of a byte reads as the same bundle."""
    changed = DATA[:position] + bytes([DATA[position] ^ flip]) + DATA[position + 1 :]
    try:
        read = parse_bundle(changed)
    except EvidenceError:
        return
    assert read != BUNDLE
    assert format_bundle(read) == changed


PROOF = VALUE["proofs"][0]
STEP = VALUE["consistency"][0]


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (["origin"], "a b", "FORMAT_FAILURE"),
        (["case"], "x", "FORMAT_FAILURE"),
        (["zheng"], "claim/v1", "FORMAT_FAILURE"),
        (["extra"], 1, "UNKNOWN_FIELD"),
        (["events"], [], "FORMAT_FAILURE"),
        (["events"], [1], "FORMAT_FAILURE"),
        (["events", 0, "leaf"], [], "WRONG_TYPE"),
        (["events", 0, "entry"], "x", "WRONG_TYPE"),
        (["events", 0, "more"], 1, "UNKNOWN_FIELD"),
        (["events", 0, "disclosures"], [1], "WRONG_TYPE"),
        (["events", 0, "disclosures"], ["x"] * 257, "TOO_MANY"),
        (["context"], [VALUE["context"][0]] * 257, "TOO_MANY"),
        (["proofs"], [PROOF] * 65, "TOO_MANY"),
        (["proofs"], [PROOF, PROOF], "FORMAT_FAILURE"),
        (["proofs", 0, "more"], 1, "UNKNOWN_FIELD"),
        (["proofs", 0, "checkpoint"], "x" * 262_145, "STRING_TOO_LONG"),
        (["proofs", 0, "inclusions", 0, "event"], 99, "FORMAT_FAILURE"),
        (["proofs", 0, "inclusions", 0, "event"], 1, "FORMAT_FAILURE"),
        (["proofs", 0, "inclusions", 0, "event"], -1, "FORMAT_FAILURE"),
        (["proofs", 0, "inclusions", 0, "event"], 20_000, "FORMAT_FAILURE"),
        (["proofs", 0, "inclusions", 0, "more"], 1, "UNKNOWN_FIELD"),
        (["proofs", 0, "inclusions", 0, "path"], ["AA=="], "FORMAT_FAILURE"),
        (["proofs", 0, "inclusions", 0, "path"], ["A" * 43 + "="] * 64, "TOO_MANY"),
        (["proofs", 0, "tokens"], [""], "TOO_LARGE"),
        (["proofs", 0, "tokens"], ["A" * 87_384], "TOO_LARGE"),
        (["proofs", 0, "tokens"], ["AA=="] * 17, "TOO_MANY"),
        (["proofs", 0, "anchors"], [{}], "FIELD_MISSING"),
        (["consistency", 0, "old_size"], 0, "FORMAT_FAILURE"),
        (["consistency", 0, "old_size"], STEP["new_size"], "FORMAT_FAILURE"),
        (["consistency", 0, "more"], 1, "UNKNOWN_FIELD"),
        (["certificates"], [1], "WRONG_TYPE"),
        (["consistency"], [STEP, STEP], "FORMAT_FAILURE"),
        (["certificates"], ["AA==", "AA=="], "FORMAT_FAILURE"),
        (["certificates"], ["AA=="] * 65, "TOO_MANY"),
        *(([name], None, "FIELD_MISSING") for name in sorted(VALUE)),
        *((["proofs", 0, name], None, "FIELD_MISSING") for name in sorted(PROOF)),
        *((["consistency", 0, name], None, "FIELD_MISSING") for name in sorted(STEP)),
    ],
)
def test_a_misshapen_bundle_is_malformed(path, value, code):
    """Each refusal by its code."""
    with pytest.raises(MalformedError) as caught:
        parse_bundle(altered(DATA, path, value))
    assert caught.value.code == code


def test_another_version_cannot_be_read():
    """It may be true; this version does not know."""
    with pytest.raises(UncheckableError):
        parse_bundle(altered(DATA, ["zheng"], "bundle/v2"))


def test_only_the_canonical_form_is_read():
    """A space more is refused."""
    with pytest.raises(MalformedError) as caught:
        parse_bundle(DATA + b" ")
    assert caught.value.code == "CANONICALIZATION_MISMATCH"


@pytest.mark.parametrize(
    "data",
    [
        b"[" + b"1," * (MAX_VALUES + 1) + b"1]",
        b"[" * (MAX_VALUES // 2 + 1),
        b"{" * (MAX_VALUES // 2 + 1),
    ],
)
def test_more_values_than_any_bundle_needs_are_refused_uncounted(data):
    """Commas and brackets are counted before anything is built."""
    with pytest.raises(MalformedError) as caught:
        parse_bundle(data)
    assert caught.value.code == "TOO_MANY"


def test_more_than_the_limit_of_bytes_is_refused():
    """One byte above 32 MiB."""
    with pytest.raises(MalformedError) as caught:
        parse_bundle(b" " * (BUNDLE_LIMITS.max_bytes + 1))
    assert caught.value.code == "TOO_LARGE"


def test_the_paths_of_a_whole_bundle_are_limited(monkeypatch):
    """Not only those of one proof; the limit is low here."""
    assert MAX_INCLUSIONS >= MAX_EVENTS
    for name, limit in (("MAX_INCLUSIONS", 13), ("MAX_TOKENS", 3)):
        with monkeypatch.context() as patched:
            patched.setattr(module, name, limit)
            with pytest.raises(MalformedError) as caught:
                parse_bundle(DATA)
        assert caught.value.code == "TOO_MANY"


def test_a_bundle_without_events_is_refused():
    """There is nothing to prove."""
    with pytest.raises(MalformedError) as caught:
        parse_bundle(format_bundle(Bundle(BUNDLE.origin, BUNDLE.case, (), ())))
    assert caught.value.where == "/events"
