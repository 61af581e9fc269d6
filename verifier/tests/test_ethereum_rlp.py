"""RLP: Ethereum's own vectors, an independent library, and what a strict reader refuses."""

import json

import pytest
import rlp
from hypothesis import given
from hypothesis import strategies as st
from zheng_verifier.errors import MalformedError
from zheng_verifier.ethereum.rlp import (
    MAX_DEPTH,
    MAX_SIZE,
    as_bytes,
    as_integer,
    as_list,
    format_integer,
    format_rlp,
    parse_list,
    parse_rlp,
)

ITEMS = st.recursive(
    st.binary(max_size=80), lambda inner: st.lists(inner, max_size=6).map(tuple), max_leaves=20
)


def item_of(value):
    """Turn the vectors' JSON into an item: '#' begins a number, text is UTF-8."""
    if isinstance(value, list):
        return tuple(item_of(inner) for inner in value)
    if isinstance(value, int):
        return format_integer(value)
    return format_integer(int(value[1:])) if value.startswith("#") else value.encode()


def hexadecimal(text):
    return bytes.fromhex(text.removeprefix("0x"))


def test_ethereums_valid_rlp_vectors_round_trip(vectors):
    """Each of Ethereum's RLP test cases reads to its value, and the value writes to its bytes."""
    cases = json.loads((vectors("ethereum") / "rlp/rlptest.json").read_text())
    assert len(cases) >= 18
    for name, case in cases.items():
        encoded = hexadecimal(case["out"])
        assert format_rlp(item_of(case["in"])) == encoded, name
        assert parse_rlp(encoded) == item_of(case["in"]), name


def test_ethereums_random_example_is_read(vectors):
    """The valid example among Ethereum's random RLP tests reads and writes to the same bytes."""
    case = json.loads((vectors("ethereum") / "rlp/RandomRLPTests-example.json").read_text())["listsoflists2"]
    assert format_rlp(parse_rlp(hexadecimal(case["out"]))) == hexadecimal(case["out"])


def test_ethereums_invalid_rlp_vectors_are_refused(vectors):
    """Each encoding that Ethereum's tests call invalid is refused as malformed, with no other error."""
    cases = json.loads((vectors("ethereum") / "rlp/invalidRLPTest.json").read_text())
    assert len(cases) >= 16
    for name, case in cases.items():
        with pytest.raises(MalformedError):
            pytest.fail(f"{name} was read as {parse_rlp(hexadecimal(case['out']))!r}")


@given(ITEMS)
def test_what_is_written_reads_back_and_is_what_the_rlp_library_writes(item):
    """Writing then reading gives the item again; the bytes are those of the `rlp` library."""
    encoded = format_rlp(item)
    assert parse_rlp(encoded) == item
    assert encoded == rlp.encode(item)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_as_the_rlp_library_reads_them_or_refused_by_both(data):
    """On arbitrary bytes our reader and the strict `rlp` library agree on the value or on the refusal."""

    def tuples(value):
        return bytes(value) if isinstance(value, bytes) else tuple(map(tuples, value))

    try:
        expected = tuples(rlp.decode(data))
    except (rlp.exceptions.DecodingError, TypeError, IndexError):
        expected = None
    try:
        actual = parse_rlp(data)
    except MalformedError:
        actual = None
    assert actual == expected


def test_nothing_and_two_items_are_refused():
    """Exactly one item is read: none is refused, and so are bytes after it."""
    for data in (b"", b"\x01\x02"):
        with pytest.raises(MalformedError, match="expected one RLP item"):
            parse_rlp(data)


def test_input_above_the_size_limit_is_refused():
    """One byte more than MAX_SIZE is refused before it is read."""
    largest = format_rlp(bytes(MAX_SIZE - 4))
    assert len(largest) == MAX_SIZE
    assert len(as_bytes(parse_rlp(largest))) == MAX_SIZE - 4
    with pytest.raises(MalformedError) as caught:
        parse_rlp(format_rlp(bytes(MAX_SIZE - 3)))
    assert caught.value.code == "TOO_LARGE"


def test_lists_nested_above_the_depth_limit_are_refused():
    """MAX_DEPTH lists within each other are read; one more, or a bomb of ten thousand, is refused."""

    def nested(depth):
        encoded = b""
        for _ in range(depth):
            encoded = rlp.codec.length_prefix(len(encoded), 0xC0) + encoded
        return encoded

    parse_rlp(nested(MAX_DEPTH))
    for depth in (MAX_DEPTH + 1, 10_000):
        with pytest.raises(MalformedError) as caught:
            parse_rlp(nested(depth))
        assert caught.value.code == "TOO_DEEP"


def test_demands_on_items_name_the_place():
    """A list where bytes should be, bytes where a list should be, and wrong sizes are refused by name."""
    with pytest.raises(MalformedError, match="at here"):
        as_list(b"x", "here")
    with pytest.raises(MalformedError, match="at here"):
        parse_list(b"\x01", "here")
    with pytest.raises(MalformedError, match="at here"):
        as_bytes((), where="here")
    with pytest.raises(MalformedError, match="expected 2 bytes, found 1"):
        as_bytes(b"x", size=2)


def test_numbers_are_read_in_their_shortest_form_only():
    """Zero is the empty string; a leading zero or more bytes than allowed are refused."""
    assert as_integer(b"", max_size=8) == 0
    assert as_integer(b"\x01\x00", max_size=8) == 256
    for data in (b"\x00", b"\x00\x01", bytes([1]) + bytes(8)):
        with pytest.raises(MalformedError):
            as_integer(data, max_size=8)


@pytest.mark.parametrize("data", [b"\xb9\x01", b"\xb8\x05hello", b"\xb9\x00\x38" + bytes(56), b"\x81\x05"])
def test_lengths_and_bytes_in_a_longer_form_are_refused(data):
    """Cut within its length, a short item in the long form, a leading zero, a single byte with a prefix."""
    with pytest.raises(MalformedError):
        parse_rlp(data)
