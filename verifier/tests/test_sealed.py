"""Sealed values: every refusal of the format review §2, each its own test."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zheng_verifier.canonical import MAX_INTEGER, format_json
from zheng_verifier.encoding import format_base64url
from zheng_verifier.errors import MalformedError, VerificationError
from zheng_verifier.sealed import (
    MAX_SEALED,
    Disclosure,
    disclosure_digest,
    format_disclosure,
    is_sealed,
    open_sealed,
    parse_disclosure,
    parse_sealed,
    reserved_names,
    sealed_digests,
    sealed_value,
)

SALT = bytes(range(16))
TEXT = format_disclosure(Disclosure(SALT, "13800000000"))
DIGEST = disclosure_digest(TEXT)
NAMES = st.from_regex(r"\A[a-z][a-z0-9_]{0,7}\Z")
VALUES = st.recursive(
    st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.sampled_from(["", "张三", "a\nb", "13800000000"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


def digest_of(number):
    return format_base64url(hashlib.sha256(str(number).encode()).digest())


def encoded(json_text):
    return format_base64url(json_text.encode())


def refused(error, code, call, *args, **options):
    with pytest.raises(error) as caught:
        call(*args, **options)
    assert caught.value.code == code
    return caught.value


# --- disclosures --------------------------------------------------------------------------------------------


@given(st.binary(min_size=16, max_size=40), VALUES)
def test_written_disclosures_are_read_back(salt, value):
    """parse ∘ format is the identity for salts of 16 bytes and more."""
    disclosure = Disclosure(salt, value)
    try:
        assert disclosure == parse_disclosure(format_disclosure(disclosure))
    except MalformedError as error:
        if error.code != "TOO_DEEP":
            raise


def test_the_digest_is_that_of_rfc9901():
    """SHA-256 over the ASCII of the base64url text, itself in base64url (RFC 9901 §4.2.3's rule, its own example)."""
    example = "WyI2cU1RdlJMNWhhaiIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    assert disclosure_digest(example) == "uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY"
    assert hashlib.sha256(TEXT.encode()).digest() == base64.urlsafe_b64decode(DIGEST + "=")


def test_any_changed_character_changes_the_digest_or_is_refused():
    """A changed disclosure opens nothing."""
    for position in range(len(TEXT)):
        changed = TEXT[:position] + chr(ord(TEXT[position]) ^ 1) + TEXT[position + 1 :]
        assert disclosure_digest(changed) != DIGEST


def test_recursion_is_refused():
    """Neither a sealed value nor a sealing algorithm stands within a disclosed value, at any depth."""
    for value in (
        {"_sd": [DIGEST]},
        {"a": {"_sd": [DIGEST]}},
        [{"_sd": [DIGEST]}],
        {"_sd": 1},
        {"a": [{"_sd_alg": "sha-256"}]},
    ):
        refused(
            MalformedError, "FORMAT_FAILURE", parse_disclosure, format_disclosure(Disclosure(SALT, value))
        )


def test_array_element_digests_are_refused():
    """RFC 9901's ``...`` is no property name of the profile, in a disclosed value or anywhere."""
    text = encoded(f'["{format_base64url(SALT)}","v",[{{"...":"{DIGEST}"}}]]')
    refused(MalformedError, "MEMBER_NAME", parse_disclosure, text)


def test_array_element_disclosures_are_refused():
    """RFC 9901's disclosure of two elements."""
    refused(
        MalformedError, "FORMAT_FAILURE", parse_disclosure, encoded(f'["{format_base64url(SALT)}","value"]')
    )


@pytest.mark.parametrize("name", ["w", "phone", "V", "", "_sd", "..."])
def test_another_name_is_refused(name):
    """A disclosure cannot name a member: nothing is injected beside the sealed value."""
    text = encoded(f'["{format_base64url(SALT)}","{name}","x"]')
    refused(MalformedError, "FORMAT_FAILURE", parse_disclosure, text)


@pytest.mark.parametrize("size", [0, 1, 15])
def test_a_short_salt_is_refused(size):
    """Below 16 bytes a value could be guessed."""
    refused(
        MalformedError, "FORMAT_FAILURE", parse_disclosure, format_disclosure(Disclosure(bytes(size), "x"))
    )


@pytest.mark.parametrize(
    "salt", ["=", "AAAAAAAAAAAAAAAAAAAAAA==", "AAAAAAAAAAAAAAAAAAAAAB", "AAAA AAAA", "文" * 8]
)
def test_a_salt_in_another_spelling_is_refused(salt):
    """The salt itself is canonical base64url."""
    refused(MalformedError, "FORMAT_FAILURE", parse_disclosure, encoded(f'["{salt}","v","x"]'))


@pytest.mark.parametrize(
    "text", [TEXT + "=", TEXT + "A", " " + TEXT, TEXT + "\n", TEXT.replace("W", "+", 1), "文", "\udead", "A"]
)
def test_non_canonical_base64url_is_refused(text):
    """Padding, other alphabets, blanks, and texts that are no ASCII at all."""
    with pytest.raises(MalformedError):
        parse_disclosure(text)


def test_text_beyond_ascii_has_no_digest():
    """Hostile text is refused, not a crash."""
    refused(MalformedError, "FORMAT_FAILURE", disclosure_digest, "文")
    refused(MalformedError, "FORMAT_FAILURE", disclosure_digest, "\udead")


@pytest.mark.parametrize("tail", [" ", "\n", "[]", "x", "\x00"])
def test_trailing_bytes_in_the_json_are_refused(tail):
    """Nothing follows the array."""
    with pytest.raises(MalformedError):
        parse_disclosure(encoded(f'["{format_base64url(SALT)}","v","x"]{tail}'))


def test_duplicate_keys_in_the_json_are_refused():
    """Also deep in the value."""
    text = encoded(f'["{format_base64url(SALT)}","v",{{"a":1,"a":2}}]')
    refused(MalformedError, "DUPLICATE_NAME", parse_disclosure, text)


def test_another_layout_of_the_json_is_refused():
    """RFC 9901 allows blanks; here one value has one disclosure."""
    text = encoded(f'["{format_base64url(SALT)}", "v", "x"]')
    refused(MalformedError, "CANONICALIZATION_MISMATCH", parse_disclosure, text)


@pytest.mark.parametrize(
    "text", ["{}", '"x"', "[]", '["AAAA"]', '[1,"v","x"]', '["AAAA","v","x","y"]', '[["AAAA"],"v","x"]']
)
def test_other_shapes_are_refused(text):
    """A disclosure is an array of three, the first of them text."""
    refused(MalformedError, "FORMAT_FAILURE", parse_disclosure, encoded(text))


def test_null_and_floats_are_refused_in_values():
    """The profile holds within disclosures."""
    refused(MalformedError, "NULL", parse_disclosure, encoded(f'["{format_base64url(SALT)}","v",null]'))
    refused(MalformedError, "FLOAT", parse_disclosure, encoded(f'["{format_base64url(SALT)}","v",1.5]'))


def test_a_disclosure_is_bounded():
    """12 KiB of JSON at most."""
    refused(
        MalformedError, "TOO_LARGE", parse_disclosure, format_disclosure(Disclosure(SALT, ["x" * 8_000] * 2))
    )


# --- sealed values ------------------------------------------------------------------------------------------


def test_a_sealed_value_is_found_under_its_visible_name():
    """Paths and digests come in the order of the canonical form, whatever the order in memory."""
    value = {"b": [sealed_value(digest_of(2))], "a": {"x": sealed_value(digest_of(1))}, "c": "open"}
    assert sealed_digests(value, "/data") == [("/data/a/x", digest_of(1)), ("/data/b/0", digest_of(2))]
    assert is_sealed(sealed_value(DIGEST))
    assert not is_sealed("open")
    assert not is_sealed({"a": sealed_value(DIGEST)})


@pytest.mark.parametrize(
    "value",
    [
        {"_sd": []},
        {"_sd": [1]},
        {"_sd": ["AAAA"]},
        {"_sd": [DIGEST + "="]},
        {"_sd": [DIGEST[:-1] + "B"]},
        {"_sd": [[DIGEST]]},
    ],
)
def test_ill_formed_digests_are_refused(value):
    """One digest of 32 bytes in canonical base64url."""
    refused(MalformedError, "FORMAT_FAILURE", parse_sealed, value, "/x")


def test_more_than_one_digest_is_refused():
    """One sealed value, one digest: no decoys."""
    refused(MalformedError, "TOO_MANY", parse_sealed, {"_sd": [digest_of(1), digest_of(2)]})


def test_members_beside_the_digest_are_refused():
    """A sealed value is nothing else, so a disclosure cannot be added to an open object."""
    refused(MalformedError, "UNKNOWN_FIELD", sealed_digests, {"a": {"_sd": [DIGEST], "open": 1}})


def test_a_digest_that_is_no_array_is_refused():
    """The member has its type."""
    refused(MalformedError, "WRONG_TYPE", parse_sealed, {"_sd": DIGEST})
    refused(MalformedError, "FIELD_MISSING", parse_sealed, {"a": 1})
    refused(MalformedError, "FORMAT_FAILURE", parse_sealed, "x")


def test_a_digest_twice_in_one_value_is_refused():
    """Two fields with one commitment would be opened by one disclosure."""
    value = {"a": sealed_value(DIGEST), "b": sealed_value(DIGEST)}
    refused(MalformedError, "DUPLICATE_DIGEST", sealed_digests, value)


def test_at_most_256_sealed_values():
    """The bound of the profile."""
    value = [sealed_value(digest_of(number)) for number in range(MAX_SEALED)]
    assert len(sealed_digests(value)) == MAX_SEALED
    refused(MalformedError, "TOO_MANY", sealed_digests, [*value, sealed_value(digest_of("one more"))])


def test_reserved_names_are_found_at_any_depth():
    """What must not stand in a disclosed value."""
    assert reserved_names({"a": [{"_sd": 1}, {"b": {"_sd_alg": 1}}]}) == {"_sd", "_sd_alg"}
    assert reserved_names(["_sd", 1, True, {}]) == set()


# --- a whole package ----------------------------------------------------------------------------------------


def made(number, value="x"):
    """A disclosure with a salt of its own, and its digest."""
    text = format_disclosure(Disclosure(hashlib.sha256(str(number).encode()).digest()[:16], value))
    return text, disclosure_digest(text)


def test_a_package_opens_what_it_discloses():
    """What has no disclosure stays closed."""
    (first, one), (second, two), (_, three) = made(1, "张三"), made(2, {"a": 1}), made(3)
    opened = open_sealed(
        [([("/data/name", one), ("/data/id", three)], [first]), ([("/data/x", two)], [second])]
    )
    assert [{path: item.value for path, item in entry.items()} for entry in opened] == [
        {"/data/name": "张三"},
        {"/data/x": {"a": 1}},
    ]
    assert open_sealed([]) == ()


def test_a_copied_commitment_is_refused():
    """A digest in two entries of one package: somebody repeats another's commitment as his own."""
    _, digest = made(1)
    entries = [([("/data/a", digest)], []), ([("/data/b", digest)], [])]
    refused(VerificationError, "COMMITMENT_MISMATCH", open_sealed, entries)


def test_a_disclosure_that_matches_nothing_is_refused():
    """Also one that belongs to another entry of the package."""
    (first, one), (second, two) = made(1), made(2)
    refused(VerificationError, "COMMITMENT_MISMATCH", open_sealed, [([("/data/a", one)], [second])])
    refused(
        VerificationError,
        "COMMITMENT_MISMATCH",
        open_sealed,
        [([("/a", one)], [second]), ([("/b", two)], [first])],
    )


def test_a_disclosure_used_twice_is_refused():
    """Once is enough."""
    first, one = made(1)
    refused(VerificationError, "COMMITMENT_MISMATCH", open_sealed, [([("/data/a", one)], [first, first])])


def test_a_repeated_salt_is_refused():
    """In one entry or across the package: equal values would show as equal digests."""
    first, second = (format_disclosure(Disclosure(SALT, value)) for value in ("a", "b"))
    one, two = disclosure_digest(first), disclosure_digest(second)
    refused(
        VerificationError, "COMMITMENT_MISMATCH", open_sealed, [([("/a", one), ("/b", two)], [first, second])]
    )
    refused(
        VerificationError,
        "COMMITMENT_MISMATCH",
        open_sealed,
        [([("/a", one)], [first]), ([("/b", two)], [second])],
    )


def test_a_malformed_disclosure_is_malformed_in_a_package_too():
    """The families stay apart."""
    refused(MalformedError, "FORMAT_FAILURE", open_sealed, [([], ["文"])])


def test_a_sealed_value_is_what_format_json_writes():
    """The object in place of the value is canonical as it is."""
    assert format_json(sealed_value(DIGEST)).decode() == f'{{"_sd":["{DIGEST}"]}}'
