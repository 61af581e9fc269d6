"""Entries and leaves."""

import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zheng_verifier.canonical import CLAIM_LIMITS, ENTRY_LIMITS, LEAF_LIMITS, MAX_INTEGER, format_json
from zheng_verifier.claim import MAX_DOCUMENTS, format_claim, parse_claim
from zheng_verifier.encoding import format_base64url
from zheng_verifier.entry import (
    Checked,
    Entry,
    Leaf,
    Submitter,
    entry_digest,
    format_entry,
    format_leaf,
    parse_entry,
    parse_leaf,
    read_entry,
    write_entry,
)
from zheng_verifier.errors import EvidenceError, MalformedError, UncheckableError
from zheng_verifier.jws import format_jws, format_protected

UUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
JWS = format_jws(format_protected("EdDSA", bytes(32)), bytes(64))
DOCUMENT = {"role": "original", "size": 1, "media_type": "application/pdf", "digests": {"sha256": "0" * 64}}
CLAIM = {
    "zheng": "claim/v1",
    "log": "zheng.example/log/test",
    "tenant": UUID,
    "case": UUID,
    "id": UUID,
    "type": "party.signed/1",
    "documents": [DOCUMENT] * 3,
    "data": {},
}
ENTRY = {
    "zheng": "entry/v1",
    "claim": CLAIM,
    "submitter": {"kind": "signed", "jws": JWS},
    "received_at": "2026-11-22T08:00:00.000Z",
    "checked": {"documents": [0, 2], "sealed": False},
    "nonce": format_base64url(bytes(16)),
}
HASH = format_base64url(bytes(32))
LEAF = {"zheng": "leaf/v1", "case": UUID, "seq": 2, "prev": HASH, "entry": HASH}
FIRST = {"zheng": "leaf/v1", "case": UUID, "seq": 1, "entry": HASH}


def refused(parse, body, code="FORMAT_FAILURE", where=None, error=MalformedError):
    """Parse ``body`` (None removes a member) and demand a refusal."""
    kept = {name: value for name, value in body.items() if value is not None}
    with pytest.raises(error) as caught:
        parse(format_json(kept))
    assert caught.value.code == code
    if where is not None:
        assert caught.value.where == where


SUBMITTERS = st.sampled_from([Submitter("signed", JWS), Submitter("api-key"), Submitter("service")])
ENTRIES = st.builds(
    Entry,
    claim=st.just(parse_claim(format_json(CLAIM))),
    submitter=SUBMITTERS,
    received_at=st.datetimes(timezones=st.just(UTC)).map(
        lambda m: m.replace(microsecond=m.microsecond // 1000 * 1000)
    ),
    checked=st.builds(Checked, st.sets(st.integers(0, 2)).map(lambda s: tuple(sorted(s))), st.booleans()),
    nonce=st.binary(min_size=16, max_size=16),
)
HASHES = st.binary(min_size=32, max_size=32)
LEAVES = st.one_of(
    st.builds(Leaf, st.uuids().map(str), st.just(1), st.none(), HASHES),
    st.builds(Leaf, st.uuids().map(str), st.integers(2, MAX_INTEGER), HASHES, HASHES),
)


@given(ENTRIES)
def test_written_entries_are_read_back(entry):
    """parse ∘ format is the identity."""
    data = format_entry(entry)
    assert entry == parse_entry(data)
    assert data == format_entry(parse_entry(data))
    assert write_entry(entry) == write_entry(read_entry(write_entry(entry)))


@given(LEAVES)
def test_written_leaves_are_read_back(leaf):
    """parse ∘ format is the identity."""
    assert leaf == parse_leaf(format_leaf(leaf))


def test_the_claim_stands_verbatim_in_the_entry():
    """The bytes that were signed are a part of the bytes that are kept: nobody writes them anew."""
    data = format_json(ENTRY)
    claim = format_claim(parse_entry(data).claim)
    assert claim == format_json(CLAIM)
    assert claim in data


@pytest.mark.parametrize(("parse", "body"), [(parse_entry, ENTRY), (parse_leaf, LEAF), (parse_leaf, FIRST)])
def test_every_changed_byte_is_refused_or_changes_the_value(parse, body):
    """No byte is free."""
    data = format_json(body)
    value = parse(data)
    for position in range(len(data)):
        for flip in (0x01, 0x20, 0x80):
            changed = bytearray(data)
            changed[position] ^= flip
            try:
                assert value != parse(bytes(changed))
            except EvidenceError:
                continue


def test_the_digest_is_sha256_of_the_bytes():
    """What ``sha256sum`` prints for the file."""
    data = format_json(ENTRY)
    assert entry_digest(data) == hashlib.sha256(data).digest()


# --- entries ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(ENTRY))
def test_members_of_an_entry_are_required(name):
    """All six."""
    refused(parse_entry, ENTRY | {name: None}, "FIELD_MISSING", f"/{name}")


def test_an_entry_is_closed():
    """Nothing that depends on the position in the log stands in it."""
    for name in ("seq", "prev", "index", "signature"):
        refused(parse_entry, ENTRY | {name: 1}, "UNKNOWN_FIELD", f"/{name}")


def test_a_claim_is_no_entry_and_a_later_version_is_not_malformed():
    """Kind and version."""
    refused(parse_entry, ENTRY | {"zheng": "claim/v1"}, where="/zheng")
    refused(parse_entry, ENTRY | {"zheng": "entry/v2"}, "UNKNOWN_VERSION", "/zheng", UncheckableError)
    refused(
        parse_entry,
        ENTRY | {"claim": CLAIM | {"zheng": "claim/v2"}},
        "UNKNOWN_VERSION",
        "/claim/zheng",
        UncheckableError,
    )


def test_faults_of_the_claim_name_their_place_in_the_entry():
    """The claim's own rules hold within."""
    refused(parse_entry, ENTRY | {"claim": CLAIM | {"id": "x"}}, where="/claim/id")
    refused(parse_entry, ENTRY | {"claim": CLAIM | {"x": 1}}, "UNKNOWN_FIELD", "/claim/x")
    refused(parse_entry, ENTRY | {"claim": []}, "WRONG_TYPE", "/claim")


@pytest.mark.parametrize(
    ("submitter", "code", "where"),
    [
        ({"kind": "signed"}, "FIELD_MISSING", "/submitter/jws"),
        ({"kind": "api-key", "jws": JWS}, "UNKNOWN_FIELD", "/submitter/jws"),
        ({"kind": "service", "jws": JWS}, "UNKNOWN_FIELD", "/submitter/jws"),
        ({"kind": "unsigned"}, "FORMAT_FAILURE", "/submitter/kind"),
        ({}, "FIELD_MISSING", "/submitter/kind"),
        ({"kind": "signed", "jws": "x"}, "FORMAT_FAILURE", "/submitter/jws"),
        ({"kind": "signed", "jws": JWS, "kid": "x"}, "UNKNOWN_FIELD", "/submitter/kid"),
        ([], "WRONG_TYPE", "/submitter"),
    ],
)
def test_submitters_are_one_of_three(submitter, code, where):
    """Signed with the signature itself, by API key, or the service: recorded honestly, never both."""
    refused(parse_entry, ENTRY | {"submitter": submitter}, code, where)


def test_a_signature_by_an_unknown_algorithm_cannot_be_checked():
    """The entry is not called malformed for it."""
    jws = format_jws(format_protected("SM2", bytes(32)), bytes(64))
    body = ENTRY | {"submitter": {"kind": "signed", "jws": jws}}
    refused(parse_entry, body, "UNKNOWN_ALGORITHM", "/submitter/jws/alg", UncheckableError)


@pytest.mark.parametrize("documents", [[3], [-1], [1, 0], [0, 0], [True], ["0"], [[0]], [0, 1, 2, 3]])
def test_checked_documents_are_rising_positions(documents):
    """Each names a document of the claim, once."""
    refused(parse_entry, ENTRY | {"checked": {"documents": documents, "sealed": True}}, where="/checked")


def test_what_was_checked_is_closed():
    """Two members, a bounded list."""
    refused(parse_entry, ENTRY | {"checked": {"documents": []}}, "FIELD_MISSING", "/checked/sealed")
    refused(parse_entry, ENTRY | {"checked": {"documents": [], "sealed": 1}}, "WRONG_TYPE", "/checked/sealed")
    refused(
        parse_entry,
        ENTRY | {"checked": {"documents": [], "sealed": True, "x": 1}},
        "UNKNOWN_FIELD",
        "/checked/x",
    )
    many = {"documents": list(range(MAX_DOCUMENTS + 1)), "sealed": True}
    refused(parse_entry, ENTRY | {"checked": many}, "TOO_MANY", "/checked/documents")


@pytest.mark.parametrize("size", [0, 15, 17, 32])
def test_the_nonce_has_16_bytes(size):
    """Neither less nor more."""
    refused(parse_entry, ENTRY | {"nonce": format_base64url(bytes(size))}, where="/nonce")


def test_received_at_has_the_fixed_form():
    """As every time."""
    refused(parse_entry, ENTRY | {"received_at": "2026-11-22T08:00:00Z"}, where="/received_at")


def _largest_claim():
    """A valid claim of exactly the largest size, with 64 documents."""
    body = CLAIM | {
        "documents": [DOCUMENT] * MAX_DOCUMENTS,
        "data": {f"k{n}": "x" * 8_000 for n in range(6)} | {"rest": ""},
    }
    missing = CLAIM_LIMITS.max_bytes - len(format_json(body))
    body["data"] |= {"rest": "x" * missing}
    return parse_claim(format_json(body))


def test_the_largest_claim_fits_an_entry():
    """A claim that is accepted can be kept, whatever the service adds: all documents checked, signed, any time."""
    claim = _largest_claim()
    assert len(format_claim(claim)) == CLAIM_LIMITS.max_bytes
    protected = format_protected("EdDSA", bytes(32))
    entry = Entry(
        claim,
        Submitter("signed", format_jws(protected, bytes(64))),
        datetime(2026, 11, 22, tzinfo=UTC),
        Checked(tuple(range(MAX_DOCUMENTS)), sealed=False),
        bytes(16),
    )
    assert parse_entry(format_entry(entry)) == entry


def test_an_entry_has_65535_bytes_at_most():
    """The bound of tlog-tiles' entry bundles: not written, not read."""
    claim = _largest_claim()
    data = claim.data | {"more": "x" * 1_600}
    claim = type(claim)(
        claim.log, claim.tenant, claim.case, claim.id, claim.type, data, documents=claim.documents
    )
    entry = Entry(
        claim, Submitter("service"), datetime(2026, 11, 22, tzinfo=UTC), Checked((), sealed=False), bytes(16)
    )
    with pytest.raises(MalformedError) as caught:
        format_entry(entry)
    assert caught.value.code == "TOO_LARGE"
    refused(parse_entry, write_entry(entry), "TOO_LARGE")
    assert ENTRY_LIMITS.max_bytes == 65_535


# --- leaves -------------------------------------------------------------------------------------------------


def test_a_leaf_is_small():
    """About 180 bytes; the largest possible is within the limit."""
    assert len(format_json(LEAF)) == 180
    assert len(format_json(FIRST)) == 127
    assert len(format_json(LEAF | {"seq": MAX_INTEGER})) <= LEAF_LIMITS.max_bytes


@pytest.mark.parametrize("name", ["zheng", "case", "seq", "entry"])
def test_members_of_a_leaf_are_required(name):
    """Four always, ``prev`` from the second on."""
    refused(parse_leaf, LEAF | {name: None}, "FIELD_MISSING", f"/{name}")


def test_prev_stands_exactly_from_the_second_leaf_on():
    """No genesis value, no null."""
    refused(parse_leaf, LEAF | {"prev": None}, where="/prev")
    refused(parse_leaf, LEAF | {"seq": 1}, where="/prev")


def test_a_leaf_is_closed():
    """Nothing personal can be added to what is public for ever."""
    for name in ("tenant", "time", "index", "_sd"):
        refused(parse_leaf, LEAF | {name: "x"}, "UNKNOWN_FIELD", f"/{name}")


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        ({"seq": 0}, "FORMAT_FAILURE", "/seq"),
        ({"seq": -1}, "FORMAT_FAILURE", "/seq"),
        ({"seq": "2"}, "WRONG_TYPE", "/seq"),
        ({"seq": True}, "WRONG_TYPE", "/seq"),
        ({"case": UUID.upper()}, "FORMAT_FAILURE", "/case"),
        ({"entry": "0" * 64}, "FORMAT_FAILURE", "/entry"),
        ({"entry": HASH + "="}, "FORMAT_FAILURE", "/entry"),
        ({"entry": format_base64url(bytes(31))}, "FORMAT_FAILURE", "/entry"),
        ({"prev": "0" * 64}, "FORMAT_FAILURE", "/prev"),
        ({"prev": 1}, "WRONG_TYPE", "/prev"),
        ({"zheng": "entry/v1"}, "FORMAT_FAILURE", "/zheng"),
    ],
)
def test_members_of_a_leaf_have_one_form(change, code, where):
    """Each in its only spelling."""
    refused(parse_leaf, LEAF | change, code, where)


def test_the_sm3_twin_of_a_leaf_cannot_be_checked():
    """A version that is planned, and any later one."""
    for version in ("leaf/v1-sm3", "leaf/v2"):
        refused(parse_leaf, LEAF | {"zheng": version}, "UNKNOWN_VERSION", "/zheng", UncheckableError)


def test_a_leaf_is_canonical_and_bounded():
    """Another layout, a second level, more than 512 bytes."""
    with pytest.raises(MalformedError) as caught:
        parse_leaf(format_json(LEAF) + b" ")
    assert caught.value.code == "CANONICALIZATION_MISMATCH"
    refused(parse_leaf, LEAF | {"entry": [HASH]}, "TOO_DEEP", "/entry")
    refused(parse_leaf, LEAF | {"x": "y" * 400}, "TOO_LARGE")
