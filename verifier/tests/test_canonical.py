"""The JSON profile."""

import json
import os
import subprocess
import sys

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from zheng_verifier.canonical import (
    BUNDLE_LIMITS,
    CLAIM_LIMITS,
    ENTRY_LIMITS,
    LEAF_LIMITS,
    MAX_INTEGER,
    POLICY_LIMITS,
    Fields,
    Limits,
    check_json,
    format_json,
    parse_canonical,
    parse_json,
)
from zheng_verifier.errors import EvidenceError, MalformedError, UncheckableError

WIDE = Limits(max_bytes=1 << 20, max_depth=8, max_string=8_192)

FORBIDDEN = [
    *(chr(code) for code in [*range(0x0A), *range(0x0B, 0x20), 0x7F, 0x80, 0x9F]),
    *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    *"\ufdd0\ufdef\ufffe\uffff\U0001fffe\U0001ffff\U0010fffe\U0010ffff",
]
NAMES = st.from_regex(r"\A[a-z_][a-z0-9_]{0,11}\Z")
CHARACTERS = st.characters(codec="utf-8").filter(
    lambda char: char not in FORBIDDEN and not _noncharacter(char)
)
INTEGERS = st.integers(-MAX_INTEGER, MAX_INTEGER)
VALUES = st.recursive(
    st.booleans() | INTEGERS | st.text(CHARACTERS, max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
).filter(lambda value: _depth(value) <= WIDE.max_depth)


def _noncharacter(char):
    code = ord(char)
    return (
        code & 0xFFFE == 0xFFFE
        or 0xFDD0 <= code <= 0xFDEF
        or 0x7F <= code <= 0x9F
        or (code < 0x20 and code != 10)
    )


def _depth(value):
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if children is None else 1 + max(map(_depth, children), default=0)


def refused(data, code="FORMAT_FAILURE", limits=WIDE, parse=parse_json):
    """Read ``data`` and demand a refusal with ``code``."""
    with pytest.raises(MalformedError) as caught:
        parse(data if isinstance(data, bytes) else data.encode(), limits)
    assert caught.value.code == code
    return caught.value


# --- properties ---------------------------------------------------------------------------------------------


@given(VALUES)
def test_written_values_are_read_back(value):
    """parse ∘ format is the identity on the profile, and the canonical reader accepts it."""
    data = format_json(value)
    assert value == parse_canonical(data, WIDE)
    assert value == parse_json(json.dumps(value, indent=1).encode(), WIDE)


@given(VALUES)
def test_written_bytes_are_those_of_rfc8785(value):
    """The standard library's form is byte for byte that of an independent RFC 8785 implementation."""
    assert rfc8785.dumps(value) == format_json(value)


@given(VALUES)
def test_members_are_in_byte_order(value):
    """Canonical JSON of the profile is compositional: the bytes of a part stand verbatim in the whole."""
    assert format_json(value) in format_json({"a": 1, "part": value, "zz": [value]})


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_or_canonical(data):
    """Bytes that the canonical reader takes are exactly what the writer writes; nothing else escapes."""
    try:
        value = parse_canonical(data, WIDE)
    except MalformedError:
        return
    assert format_json(value) == data


@given(st.text(alphabet='{}[]",:\\u0123456789abtrfse-. \n', max_size=30))
def test_json_like_text_is_refused_or_of_the_profile(text):
    """Near-JSON never passes with a value outside the profile and never raises anything but MalformedError."""
    try:
        value = parse_json(text.encode(), WIDE)
    except MalformedError:
        return
    check_json(value, WIDE)
    assert value == parse_canonical(format_json(value), WIDE)


def test_every_changed_byte_is_refused_or_changes_the_value():
    """No byte of a canonical text is free."""
    value = {"a": [1, -20, True, {"b": '文\n"\\'}], "b_1": False, "c": "", "d": {}, "e": []}
    data = format_json(value)
    for position in range(len(data)):
        for flip in (0x01, 0x20, 0x80, 0xFF):
            changed = bytearray(data)
            changed[position] ^= flip
            try:
                assert value != parse_canonical(bytes(changed), WIDE)
            except MalformedError:
                continue


# --- refusals of format-review §1.2, each its own test -------------------------------------------------------


def test_null_is_refused():
    """Absent means absent."""
    for text in ("null", "[null]", '{"a":null}'):
        refused(text, "NULL")


@pytest.mark.parametrize("token", ["1.0", "0.5", "-0.0", "1e3", "1E3", "1e-3", "10E+2", "1.5e3"])
def test_float_tokens_are_refused_at_the_lexer(token):
    """A token with a point or an exponent is refused even where its value is an integer."""
    refused(token, "FLOAT")
    refused(f'{{"a":[{token}]}}', "FLOAT")


def test_minus_zero_is_refused():
    """-0 is another spelling of 0."""
    refused("-0")
    refused("[-0]")


@pytest.mark.parametrize("token", ["NaN", "Infinity", "-Infinity"])
def test_not_a_number_is_refused(token):
    """What JavaScript writes for no number is not JSON."""
    refused(token, "NOT_A_NUMBER")
    refused(f"[{token}]", "NOT_A_NUMBER")


@pytest.mark.parametrize(
    "token", ["9007199254740992", "-9007199254740992", "1" * 17, "1" * 5_000, "-" + "9" * 5_000]
)
def test_integers_beyond_53_bits_are_refused(token):
    """Integers that a double does not hold exactly are refused, at any length."""
    refused(token, "INTEGER_RANGE")


@pytest.mark.parametrize("token", ["9007199254740991", "-9007199254740991", "0", "1", "-1"])
def test_integers_of_53_bits_are_read(token):
    """The borders belong to the profile."""
    assert int(token) == parse_canonical(token.encode(), WIDE)


@pytest.mark.parametrize("token", ["01", "00", "-01", "+1", "1_000", "0x10", ".5", "1.", "-", "--1"])
def test_other_spellings_of_numbers_are_refused(token):
    """Leading zeros, signs and foreign notations are not JSON."""
    with pytest.raises(MalformedError):
        parse_json(token.encode(), WIDE)


@pytest.mark.parametrize(
    "name",
    ["", "A", "aB", "1a", "a-b", "a.b", "...", "é", "名", "a b", "a" * 65, "$ref", "a\\u0000", "\\udead"],
)
def test_property_names_outside_the_alphabet_are_refused(name):
    """Names are ASCII [a-z_][a-z0-9_]{0,63}."""
    refused(f'{{"{name}":1}}', "MEMBER_NAME")


@pytest.mark.parametrize("name", ["a", "_", "_sd", "a" * 64, "z9_"])
def test_property_names_of_the_alphabet_are_read(name):
    """The borders of the alphabet belong to the profile."""
    assert {name: 1} == parse_canonical(f'{{"{name}":1}}'.encode(), WIDE)


def test_duplicate_names_are_refused():
    """Also where both values agree, at any depth, and whatever the name."""
    assert refused('{"a":1,"a":2}', "DUPLICATE_NAME").where == "a"
    refused('[{"b":{"a":1,"a":1}}]', "DUPLICATE_NAME")
    refused('{"a":1,"\\u0061":1}', "DUPLICATE_NAME")


def test_duplicate_of_a_hostile_name_can_be_printed():
    """A duplicate is found before names are checked: its name is shown escaped."""
    error = refused('{"\\udead\\n":1,"\\udead\\n":1}', "DUPLICATE_NAME")
    assert error.where == "\\udead\\u000a"
    str(error).encode()


@pytest.mark.parametrize("char", FORBIDDEN, ids=lambda char: f"U+{ord(char):04X}")
def test_forbidden_characters_are_refused(char):
    """Controls but line feed, C1, bidirectional controls and noncharacters are refused, escaped or not."""
    refused(json.dumps(char), "FORBIDDEN_CHARACTER")
    if ord(char) >= 0x20:
        refused(json.dumps(char, ensure_ascii=False), "FORBIDDEN_CHARACTER")


@pytest.mark.parametrize("text", ['"\\udead"', '"\\ud800\\ud800"', '"a\\udc00b"', '"\\ude02\\ud83d"'])
def test_lone_surrogates_are_refused(text):
    """Half a character is none."""
    refused(text, "LONE_SURROGATE")


def test_a_pair_of_escaped_surrogates_is_one_character():
    """A pair in escapes is read; in canonical form it stands as itself."""
    assert parse_json(b'"\\ud83d\\ude02"', WIDE) == "\U0001f602"
    refused(b'"\\ud83d\\ude02"', "CANONICALIZATION_MISMATCH", parse=parse_canonical)


def test_line_feed_is_the_only_control_character():
    """Texts may have several lines; a raw line feed within a string is not JSON."""
    assert parse_canonical(b'"a\\nb"', WIDE) == "a\nb"
    refused(b'"a\nb"')


@pytest.mark.parametrize(
    "data", [b'"\xff"', b'"\xc0\xaf"', b'"\xed\xa0\x80"', b'"\xf4\x90\x80\x80"', b'"\xe6\x96"', b"\xff\xfe"]
)
def test_bytes_that_are_not_utf8_are_refused(data):
    """Overlong forms, encoded surrogates, beyond U+10FFFF, cut sequences."""
    refused(data, "INVALID_UTF8")


def test_a_byte_order_mark_is_refused():
    """UTF-8 needs none (RFC 8259 §8.1)."""
    refused(b"\xef\xbb\xbf{}")


@pytest.mark.parametrize("text", ["A\u030a", "\uf900", "\U0002f800", "ﬁ", "\u1100\u1161"])
def test_nothing_is_normalised(text):
    """Compatibility ideographs and decomposed letters come back as they were: they stand so on identity cards."""
    assert parse_canonical(format_json(text), WIDE) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "{",
        "[1,]",
        '{"a":1,}',
        '{"a"}',
        "{a:1}",
        "'a'",
        "tru",
        "{} {}",
        "[1] x",
        "// c\n1",
        '"\\x41"',
        '"',
        "[1 2]",
        "\x00",
    ],
)
def test_what_is_not_json_is_refused(text):
    """Trailing commas, comments, several values, cut texts."""
    refused(text)


def test_refusals_read_the_same_on_every_python():
    """Details never quote the standard decoder, whose words and positions differ between versions."""
    assert refused('{"a":1,}').detail == "not JSON"


# --- limits -------------------------------------------------------------------------------------------------


def test_size_is_checked_before_anything_else():
    """One byte too many is refused whatever the bytes are."""
    limits = Limits(max_bytes=10, max_depth=8, max_string=100)
    refused(b"\xff" * 11, "TOO_LARGE", limits)
    assert parse_json(b"1234567890", limits) == 1234567890


def test_depth_is_bounded():
    """Objects and arrays count alike; a value that is neither has depth 0."""
    limits = Limits(max_bytes=100, max_depth=2, max_string=100)
    for text in ('{"a":[1]}', '[["x"]]', "[[]]", '[{"a":1}]'):
        parse_json(text.encode(), limits)
    for text in ('{"a":[[]]}', "[[[1]]]", '[{"a":{}}]'):
        refused(text, "TOO_DEEP", limits)


@pytest.mark.parametrize(
    "data", [b"[" * 60_000, b"[" * 60_000 + b"]" * 60_000, b'{"a":' * 12_000, b"[" * (4 << 20)]
)
def test_a_tower_of_brackets_does_not_break_the_interpreter(data):
    """Depth far beyond the decoder's own limit is a refusal, not a crash."""
    refused(data, "TOO_DEEP", BUNDLE_LIMITS)


def test_string_length_counts_utf8_bytes():
    """Three bytes of a Chinese character are three."""
    limits = Limits(max_bytes=100, max_depth=1, max_string=6)
    assert parse_json('"证据"'.encode(), limits) == "证据"
    refused('"证据a"', "STRING_TOO_LONG", limits)
    refused('"1234567"', "STRING_TOO_LONG", limits)


def test_limits_nest():
    """A claim at its limits fits an entry, an entry a bundle: in depth, size and strings."""
    assert CLAIM_LIMITS.max_depth + 1 == ENTRY_LIMITS.max_depth
    assert CLAIM_LIMITS.max_bytes < ENTRY_LIMITS.max_bytes == 65_535
    assert ENTRY_LIMITS.max_depth + 3 <= BUNDLE_LIMITS.max_depth
    assert LEAF_LIMITS.max_bytes < CLAIM_LIMITS.max_bytes
    assert CLAIM_LIMITS.max_string == ENTRY_LIMITS.max_string == 8_192
    assert POLICY_LIMITS.max_bytes == 1 << 20


def test_values_made_in_memory_are_held_to_the_profile():
    """What a reader would refuse can be refused before it is written."""
    check_json({"a": [1, True, "x"]}, WIDE)
    for value, code in (
        (2**53, "INTEGER_RANGE"),
        (-(2**53), "INTEGER_RANGE"),
        (1.0, "FORMAT_FAILURE"),
        (None, "NULL"),
        ({"a": b"x"}, "FORMAT_FAILURE"),
        ({1: 2}, "MEMBER_NAME"),
        ("\udead", "LONE_SURROGATE"),
    ):
        with pytest.raises(MalformedError) as caught:
            check_json(value, WIDE)
        assert caught.value.code == code


def test_the_place_of_a_fault_is_named():
    """An error names the way to the value."""
    assert refused('{"a":[0,{"b":null}]}', "NULL").where == "/a/1/b"


# --- canonical form -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [' {"a":1}', '{"a":1}\n', '{"a": 1}', '{"b":1,"a":2}', '"\\u0061"', '"\\/"', '"\\u000a"', '"\\u8bc1"'],
)
def test_other_layouts_are_not_canonical(text):
    """Blanks, order and escapes have one form; the free reader takes them, the canonical one does not."""
    parse_json(text.encode(), WIDE)
    refused(text, "CANONICALIZATION_MISMATCH", parse=parse_canonical)


# --- third-party vectors ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_rfc8785_vectors_outside_the_profile_are_refused(vectors, name):
    """Each published RFC 8785 input leaves the profile (null, floats, other names): all are refused as malformed."""
    folder = vectors("jcs-rfc8785")
    for kind in ("input", "output"):
        with pytest.raises(MalformedError):
            parse_canonical((folder / kind / f"{name}.json").read_bytes(), WIDE)


def test_rfc8785_strings_within_the_profile_are_written_alike(vectors):
    """Every string of the published outputs that the profile allows is written byte for byte as published."""
    folder = vectors("jcs-rfc8785") / "output"
    found = 0
    for path in sorted(folder.glob("*.json")):
        published = path.read_text("utf-8")
        for text in _strings(json.loads(published)):
            try:
                data = format_json(text)
                parse_canonical(data, WIDE)
            except MalformedError:
                continue
            assert data.decode() in published
            found += 1
    assert found >= 10


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, child in value.items():
            yield name
            yield from _strings(child)
    elif isinstance(value, list):
        for child in value:
            yield from _strings(child)


def test_rfc8785_numbers_are_integers_or_refused(vectors):
    """Of the numbers of RFC 8785 Appendix B the profile takes the plain integers within 53 bits, and no other."""
    cases = json.loads((vectors("jcs-rfc8785") / "numbers.json").read_text())["cases"]
    taken = []
    for case in cases:
        if case["expect"] is None:
            continue
        try:
            taken.append(format_json(parse_json(case["expect"].encode(), WIDE)).decode())
        except MalformedError as error:
            if error.code not in ("FLOAT", "INTEGER_RANGE"):
                raise
        else:
            assert taken[-1] == case["expect"]
    assert "0" in taken
    assert all(abs(int(text)) <= MAX_INTEGER for text in taken)


def test_rfc8785_edge_cases_are_refused(vectors):
    """Every edge case of the published set is refused here, also -0.0, which RFC 8785 would convert."""
    for case in json.loads((vectors("jcs-rfc8785") / "edge.json").read_text())["cases"]:
        with pytest.raises(MalformedError):
            parse_json(case["json"].encode(), WIDE)


# --- the reader of closed objects ---------------------------------------------------------------------------


def test_fields_take_each_member_once_by_type():
    """Every kind of member is taken, and the object is then empty."""
    fields = Fields({"t": "x", "i": 3, "b": True, "a": [1], "o": {"k": 1}}, "/here")
    assert fields.has("t")
    assert fields.text("t", choices=("x", "y"), max_bytes=1) == "x"
    assert not fields.has("t")
    assert (fields.integer("i"), fields.boolean("b"), fields.array("a", max_items=1)) == (3, True, [1])
    assert fields.object("o") == {"k": 1}
    assert fields.optional("gone", fields.text) is None
    fields.end()
    with pytest.raises(MalformedError) as caught:
        fields.text("t")
    assert (caught.value.code, caught.value.where) == ("FIELD_MISSING", "/here/t")


def test_fields_leave_the_callers_object_alone():
    """Reading consumes a copy."""
    value = {"a": "x"}
    Fields(value).text("a")
    assert value == {"a": "x"}


@pytest.mark.parametrize(
    ("value", "take", "code"),
    [
        ([], lambda f: f, "FORMAT_FAILURE"),
        ("x", lambda f: f, "FORMAT_FAILURE"),
        ({}, lambda f: f.text("a"), "FIELD_MISSING"),
        ({"a": 1}, lambda f: f.text("a"), "WRONG_TYPE"),
        ({"a": True}, lambda f: f.integer("a"), "WRONG_TYPE"),
        ({"a": "1"}, lambda f: f.integer("a"), "WRONG_TYPE"),
        ({"a": 1}, lambda f: f.boolean("a"), "WRONG_TYPE"),
        ({"a": {}}, lambda f: f.array("a", max_items=1), "WRONG_TYPE"),
        ({"a": []}, lambda f: f.object("a"), "WRONG_TYPE"),
        ({"a": 1}, lambda f: f.integer("a", minimum=2), "FORMAT_FAILURE"),
        ({"a": 3}, lambda f: f.integer("a", maximum=2), "FORMAT_FAILURE"),
        ({"a": "z"}, lambda f: f.text("a", choices=("x",)), "FORMAT_FAILURE"),
        ({"a": "证"}, lambda f: f.text("a", max_bytes=2), "STRING_TOO_LONG"),
        ({"a": [1, 2]}, lambda f: f.array("a", max_items=1), "TOO_MANY"),
        ({"a": 1}, lambda f: f.end(), "UNKNOWN_FIELD"),
        ({"a": 1}, lambda f: f.optional("a", f.text), "WRONG_TYPE"),
        ({"zheng": "leaf/v1"}, lambda f: f.version("claim/v1"), "FORMAT_FAILURE"),
        ({"zheng": "claim/v01"}, lambda f: f.version("claim/v1"), "FORMAT_FAILURE"),
        ({"zheng": "claim"}, lambda f: f.version("claim/v1"), "FORMAT_FAILURE"),
        ({"zheng": 1}, lambda f: f.version("claim/v1"), "WRONG_TYPE"),
        ({}, lambda f: f.version("claim/v1"), "FIELD_MISSING"),
    ],
)
def test_fields_refuse(value, take, code):
    """Each way a member can be wrong has its code."""
    with pytest.raises(MalformedError) as caught:
        take(Fields(value))
    assert caught.value.code == code


@pytest.mark.parametrize("version", ["claim/v2", "claim/v10", "claim/v1-sm3"])
def test_another_version_cannot_be_checked(version):
    """A later version may be true: it is not called malformed."""
    with pytest.raises(UncheckableError) as caught:
        Fields({"zheng": version}).version("claim/v1")
    assert (caught.value.code, caught.value.where) == ("UNKNOWN_VERSION", "/zheng")


def test_the_known_version_is_taken():
    """The member counts as read."""
    fields = Fields({"zheng": "claim/v1"})
    fields.version("claim/v1")
    fields.end()


def test_hash_seed_does_not_decide_which_fault_is_named():
    """Reports are the same in every process: the order of sets never shows."""
    program = (
        "from zheng_verifier.canonical import Fields\n"
        "try:\n Fields({'q': 1, 'b': 2, 'x': 3}).end()\nexcept Exception as error:\n print(error)\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
    assert b"'b'" in said.pop()


def test_every_refusal_is_evidence_error():
    """Callers may catch one class."""
    assert issubclass(MalformedError, EvidenceError)
