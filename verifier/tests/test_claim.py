"""Claims."""

from dataclasses import replace
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zheng_verifier.canonical import MAX_INTEGER, format_json
from zheng_verifier.claim import (
    ACTOR_KINDS,
    MAX_AFTER,
    MAX_DOCUMENTS,
    Actor,
    AfterBlock,
    AfterLeaf,
    AfterToken,
    Claim,
    DocumentRef,
    format_claim,
    parse_claim,
    parse_origin,
    parse_type,
    read_claim,
    write_claim,
)
from zheng_verifier.encoding import format_base64url
from zheng_verifier.errors import EvidenceError, MalformedError, UncheckableError
from zheng_verifier.sealed import sealed_value

UUIDS = st.uuids().map(str)
MOMENTS = st.datetimes(timezones=st.just(UTC)).map(
    lambda m: m.replace(microsecond=m.microsecond // 1000 * 1000)
)
HASHES = st.binary(min_size=32, max_size=32)
SEALED = HASHES.map(format_base64url)
AFTER = st.one_of(
    HASHES.map(AfterToken),
    st.builds(AfterBlock, st.integers(1, MAX_INTEGER), st.integers(0, MAX_INTEGER), HASHES),
    HASHES.map(AfterLeaf),
)
DIGESTS = st.fixed_dictionaries(
    {"sha256": HASHES}, optional={"sm3": HASHES, "sha512": st.binary(min_size=64, max_size=64)}
)
ROLES = st.sampled_from(["original", "signed", "attachment_2"])
DOCUMENTS = st.one_of(
    st.builds(DocumentRef, ROLES, st.integers(0, MAX_INTEGER), st.just("application/pdf"), DIGESTS),
    st.builds(DocumentRef, ROLES, st.integers(0, 9), st.just("image/svg+xml"), st.none(), SEALED),
)
DATA = st.dictionaries(
    st.sampled_from(["method", "party", "amount", "note"]),
    st.sampled_from(["sms", 3, True, ["a", {"b": "c"}]]) | SEALED.map(sealed_value),
    max_size=4,
)
CLAIMS = st.builds(
    Claim,
    log=st.sampled_from(["zheng.example/log/test", "x"]),
    tenant=UUIDS,
    case=UUIDS,
    id=UUIDS,
    type=st.sampled_from(["party.signed/1", "document.page.shown/12"]),
    data=DATA,
    occurred_at=st.none() | MOMENTS,
    actor=st.none() | st.builds(Actor, st.sampled_from(ACTOR_KINDS), UUIDS),
    documents=st.lists(DOCUMENTS, max_size=3).map(tuple),
    after=st.lists(AFTER, max_size=4).map(tuple),
)

UUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
SMALL = {
    "zheng": "claim/v1",
    "log": "zheng.example/log/test",
    "tenant": UUID,
    "case": UUID,
    "id": UUID,
    "type": "party.signed/1",
    "documents": [],
    "data": {},
}
DOCUMENT = {"role": "original", "size": 1, "media_type": "application/pdf", "digests": {"sha256": "0" * 64}}
DIGEST = format_base64url(bytes(32))


def refused(change, code="FORMAT_FAILURE", where=None, error=MalformedError):
    """Parse the small claim with ``change`` (None removes a member) and demand a refusal."""
    body = {name: value for name, value in (SMALL | change).items() if value is not None}
    with pytest.raises(error) as caught:
        parse_claim(format_json(body))
    assert caught.value.code == code
    if where is not None:
        assert caught.value.where == where


@given(CLAIMS)
def test_written_claims_are_read_back(claim):
    """parse ∘ format is the identity, and the bytes are the only spelling."""
    try:
        data = format_claim(claim)
    except MalformedError as error:
        if error.code != "DUPLICATE_DIGEST":
            raise
        return
    assert claim == parse_claim(data)
    assert data == format_claim(parse_claim(data))
    assert write_claim(claim) == write_claim(read_claim(write_claim(claim)))


def test_the_smallest_claim_is_read():
    """Optional members are absent, not null."""
    claim = parse_claim(format_json(SMALL))
    assert (claim.occurred_at, claim.actor, claim.documents, claim.after, claim.sealed) == (
        None,
        None,
        (),
        (),
        [],
    )
    assert format_claim(claim) == format_json(SMALL)


FULL = format_json(
    SMALL
    | {
        "occurred_at": "2026-11-22T08:00:00.000Z",
        "actor": {"kind": "person", "ref": UUID},
        "documents": [DOCUMENT, DOCUMENT | {"digests": sealed_value(format_base64url(b"s" * 32))}],
        "after": [
            {"kind": "tst", "sha256": "0" * 64},
            {"kind": "block", "chain": 1, "number": 0, "hash": "1" * 64},
            {"kind": "leaf", "hash": DIGEST},
        ],
        "data": {"phone": sealed_value(DIGEST)},
        "_sd_alg": "sha-256",
    }
)


def test_every_changed_byte_is_refused_or_changes_the_claim():
    """No byte is free."""
    claim = parse_claim(FULL)
    for position in range(len(FULL)):
        for flip in (0x01, 0x20, 0x80):
            changed = bytearray(FULL)
            changed[position] ^= flip
            try:
                assert claim != parse_claim(bytes(changed))
            except EvidenceError:
                continue


def test_sealed_values_are_listed_with_their_paths():
    """Documents and data, in canonical order."""
    assert parse_claim(FULL).sealed == [
        ("/data/phone", DIGEST),
        ("/documents/1/digests", format_base64url(b"s" * 32)),
    ]


# --- refusals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["zheng", "log", "tenant", "case", "id", "type", "documents", "data"])
def test_required_members_are_required(name):
    """A claim without one of them is none."""
    refused({name: None}, "FIELD_MISSING", f"/{name}")


@pytest.mark.parametrize("name", ["prev", "nonce", "_sd", "submitter", "occurredat"])
def test_unknown_members_are_refused(name):
    """The object is closed; a flat ``_sd`` is no member of it."""
    refused({name: [DIGEST]}, "UNKNOWN_FIELD", f"/{name}")


@pytest.mark.parametrize("name", ["zheng", "log", "tenant", "case", "id", "type", "occurred_at", "_sd_alg"])
@pytest.mark.parametrize("value", [1, True, [], {}])
def test_texts_are_texts(name, value):
    """No member changes its type."""
    refused({name: value}, "WRONG_TYPE", f"/{name}")


def test_containers_are_containers():
    """Nor do arrays and objects."""
    for name, value in (("documents", {}), ("after", {}), ("data", []), ("actor", [])):
        refused({name: value}, "WRONG_TYPE", f"/{name}")
    refused({"documents": ["x"]}, where="/documents/0")
    refused({"after": ["x"]}, where="/after/0")


def test_an_entry_is_no_claim():
    """Another kind is malformed, another version is uncheckable."""
    refused({"zheng": "entry/v1"})
    refused({"zheng": "claim/v2"}, "UNKNOWN_VERSION", "/zheng", UncheckableError)


@pytest.mark.parametrize("name", ["tenant", "case", "id"])
@pytest.mark.parametrize("value", ["13800000000", UUID.upper(), "", UUID[:-1], "contract-2026-001"])
def test_ids_are_uuids(name, value):
    """No phone or business number slips in as an id."""
    refused({name: value}, where=f"/{name}")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "signed",
        "party.signed",
        "party.signed/0",
        "party.signed/01",
        "Party.signed/1",
        "party..signed/1",
        "party.signed/1000",
        ".signed/1",
        "party.signed/1 ",
        "p" * 90 + ".signed/1",
    ],
)
def test_types_are_dotted_names_with_a_version(value):
    """The schema's version is part of the type."""
    refused({"type": value}, where="/type")


def test_types_of_the_taxonomy_are_read():
    """Two and more parts, one to three digits."""
    for text in ("party.signed/1", "a.b.c_2/999"):
        assert parse_type(text) == text


@pytest.mark.parametrize("value", ["", "a b", "a+b", "é", "a\n", "x" * 256, "cosignature/v1"])
def test_origins_are_key_names(value):
    """Printable ASCII without space and plus; never the first line of a cosignature's message."""
    refused({"log": value}, where="/log")


def test_origin_of_255_characters_is_read():
    """The bound belongs to the format."""
    assert parse_origin("x" * 255) == "x" * 255


@pytest.mark.parametrize("value", ["2026-11-22", "2026-11-22T08:00:00Z", "2026-11-22T08:00:00.000+08:00"])
def test_times_have_one_form(value):
    """UTC, milliseconds."""
    refused({"occurred_at": value}, where="/occurred_at")


def test_actors_are_closed():
    """A kind of the list and a random reference."""
    actor = {"kind": "person", "ref": UUID}
    refused({"actor": actor | {"kind": "robot"}}, where="/actor/kind")
    refused({"actor": actor | {"ref": "account-17"}}, where="/actor/ref")
    refused({"actor": actor | {"name": "x"}}, "UNKNOWN_FIELD", "/actor/name")
    refused({"actor": {"kind": "person"}}, "FIELD_MISSING", "/actor/ref")


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        ({"role": "Original"}, "FORMAT_FAILURE", "/role"),
        ({"role": ""}, "FORMAT_FAILURE", "/role"),
        ({"media_type": "pdf"}, "FORMAT_FAILURE", "/media_type"),
        ({"media_type": "application/pdf; charset=x"}, "FORMAT_FAILURE", "/media_type"),
        ({"media_type": "Application/PDF"}, "FORMAT_FAILURE", "/media_type"),
        ({"size": -1}, "FORMAT_FAILURE", "/size"),
        ({"size": True}, "WRONG_TYPE", "/size"),
        ({"digests": {}}, "FIELD_MISSING", "/digests/sha256"),
        ({"digests": {"sm3": "0" * 64}}, "FIELD_MISSING", "/digests/sha256"),
        ({"digests": {"sha256": "0" * 128}}, "FORMAT_FAILURE", "/digests/sha256"),
        ({"digests": {"sha256": "0" * 64, "sm3": "0" * 96}}, "FORMAT_FAILURE", "/digests/sm3"),
        ({"digests": {"sha256": "A" * 64}}, "FORMAT_FAILURE", "/digests/sha256"),
        ({"digests": {"sha256": "0" * 63}}, "FORMAT_FAILURE", "/digests/sha256"),
        ({"digests": {"sha256": "0" * 64, "sha512": "0" * 129}}, "FORMAT_FAILURE", "/digests/sha512"),
        ({"digests": {"sha256": "0" * 64, "sha512": "0" * 65}}, "FORMAT_FAILURE", "/digests/sha512"),
        ({"digests": {"sha256": 0}}, "FORMAT_FAILURE", "/digests/sha256"),
        ({"digests": {"sha256": "0" * 64} | {f"h{n}": "0" * 64 for n in range(8)}}, "TOO_MANY", "/digests"),
        ({"digests": sealed_value(DIGEST) | {"sha256": "0" * 64}}, "UNKNOWN_FIELD", "/digests/sha256"),
        ({"digests": []}, "WRONG_TYPE", "/digests"),
        ({"name": "lease.pdf"}, "UNKNOWN_FIELD", "/name"),
    ],
)
def test_documents_are_closed(change, code, where):
    """Role, size, media type and digests; no file name, SHA-256 always, every digest in lower hex."""
    refused({"documents": [DOCUMENT | change]}, code, f"/documents/0{where}")


def test_an_unknown_digest_algorithm_is_kept():
    """Whether it can be checked is asked later: unknown means INDETERMINATE, not malformed."""
    body = SMALL | {"documents": [DOCUMENT | {"digests": {"sha256": "0" * 64, "sha3_512": "1" * 128}}]}
    claim = parse_claim(format_json(body))
    assert claim.documents[0].digests == {"sha256": bytes(32), "sha3_512": b"\x11" * 64}


def test_a_document_has_digests_or_a_sealed_digest():
    """A value made in memory cannot have both or neither."""
    for digests, sealed in ((None, None), ({"sha256": bytes(32)}, DIGEST)):
        with pytest.raises(MalformedError):
            DocumentRef("original", 1, "application/pdf", digests, sealed)


def test_at_most_64_documents_and_4_bounds():
    """The limits belong to the format."""
    parse_claim(format_json(SMALL | {"documents": [DOCUMENT] * MAX_DOCUMENTS}))
    refused({"documents": [DOCUMENT] * (MAX_DOCUMENTS + 1)}, "TOO_MANY", "/documents")
    bound = {"kind": "leaf", "hash": DIGEST}
    parse_claim(format_json(SMALL | {"after": [bound] * MAX_AFTER}))
    refused({"after": [bound] * (MAX_AFTER + 1)}, "TOO_MANY", "/after")


def test_an_empty_after_is_left_out():
    """Absent means absent; nothing has two spellings."""
    refused({"after": []}, where="/after")


@pytest.mark.parametrize(
    ("item", "code", "where"),
    [
        ({"kind": "drand", "hash": DIGEST}, "FORMAT_FAILURE", "/kind"),
        ({"kind": "tst", "sha256": "0" * 63}, "FORMAT_FAILURE", "/sha256"),
        ({"kind": "tst", "sha256": "0" * 64, "hash": DIGEST}, "UNKNOWN_FIELD", "/hash"),
        ({"kind": "tst", "hash": DIGEST}, "FIELD_MISSING", "/sha256"),
        ({"kind": "block", "chain": 0, "number": 0, "hash": "0" * 64}, "FORMAT_FAILURE", "/chain"),
        ({"kind": "block", "chain": 1, "number": -1, "hash": "0" * 64}, "FORMAT_FAILURE", "/number"),
        ({"kind": "block", "chain": 1, "number": 0, "hash": DIGEST}, "FORMAT_FAILURE", "/hash"),
        ({"kind": "leaf", "hash": "0" * 64}, "FORMAT_FAILURE", "/hash"),
    ],
)
def test_bounds_are_closed(item, code, where):
    """Each kind of not-before evidence has its members and no others."""
    refused({"after": [item]}, code, f"/after/0{where}")


def test_sealing_algorithm_stands_exactly_where_something_is_sealed():
    """Missing where needed, present where not, or another one."""
    refused({"data": {"phone": sealed_value(DIGEST)}})
    refused({"_sd_alg": "sha-256"})
    refused({"data": {"phone": sealed_value(DIGEST)}, "_sd_alg": "sha-512"}, where="/_sd_alg")
    refused({"data": {"phone": sealed_value(DIGEST)}, "_sd_alg": "SHA-256"}, where="/_sd_alg")


def test_data_as_a_whole_is_not_sealed():
    """Its fields keep their visible names; and no second sealing algorithm hides in it."""
    refused({"data": sealed_value(DIGEST), "_sd_alg": "sha-256"})
    refused({"data": {"x": {"_sd_alg": "sha-256"}}})
    refused({"data": {"x": {"_sd_alg": "sha-256"}, "phone": sealed_value(DIGEST)}, "_sd_alg": "sha-256"})


def test_ill_formed_sealed_values_in_data_are_refused():
    """Two digests, members beside, one digest twice."""
    refused({"data": {"a": {"_sd": [DIGEST, DIGEST]}}}, "TOO_MANY")
    refused({"data": {"a": {"_sd": [DIGEST], "x": 1}}}, "UNKNOWN_FIELD", "/data/a/x")
    refused(
        {"data": {"a": sealed_value(DIGEST), "b": sealed_value(DIGEST)}, "_sd_alg": "sha-256"},
        "DUPLICATE_DIGEST",
    )


def test_a_claim_is_bounded():
    """64,000 bytes, seven levels."""
    refused({"data": {f"k{n}": "x" * 8_000 for n in range(8)}}, "TOO_LARGE")
    deep = {"a": [[[[["x"]]]]]}
    parse_claim(format_json(SMALL | {"data": deep}))
    refused({"data": {"a": [deep]}}, "TOO_DEEP")


def test_other_layouts_are_refused():
    """A claim is what was signed, byte for byte."""
    with pytest.raises(MalformedError) as caught:
        parse_claim(format_json(SMALL) + b"\n")
    assert caught.value.code == "CANONICALIZATION_MISMATCH"


def test_claims_are_values():
    """Equality is that of the content."""
    claim = parse_claim(FULL)
    assert claim == parse_claim(FULL)
    assert claim != replace(claim, log="other")
