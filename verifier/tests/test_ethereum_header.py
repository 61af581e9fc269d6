"""Block headers: real ones of every fork, and what no fork has."""

import json
from datetime import UTC, datetime

import pytest
import rlp
from zheng_verifier.errors import MalformedError, UncheckableError
from zheng_verifier.ethereum.header import BFT_MIX_HASH, block_hash, format_header, parse_header

MAINNET = ("block-14764013.json", "block-15537393.json", "block-19426587.json")


def data_of(text):
    return bytes.fromhex(text.removeprefix("0x"))


def test_mainnet_headers_hash_to_their_block_hash_and_give_their_fields(vectors):
    """Real headers before and after the merge and of Dencun read to the stated fields and round-trip."""
    for file in MAINNET:
        block = json.loads((vectors("ethereum") / "mainnet" / file).read_text())
        encoded = data_of(block["header_rlp"])
        header = parse_header(encoded)
        assert block_hash(encoded) == data_of(block["block_hash"])
        assert header.number == block["number"]
        assert header.time == datetime.fromtimestamp(block["timestamp"], UTC)
        assert header.parent_hash == data_of(block["parent_hash"])
        assert header.state_root == data_of(block["state_root"])
        assert header.transactions_root == data_of(block["transactions_root"])
        assert header.receipts_root == data_of(block["receipts_root"])
        assert format_header(header) == encoded


def test_a_chain_through_all_forks_round_trips_and_links(vectors):
    """Every block of the execution-apis test chain, Frontier to Prague and later, reads, and names its parent."""
    data = (vectors("ethereum") / "rpc/chain.rlp").read_bytes()
    counts, parent, position = set(), None, 0
    while position < len(data):
        _, _, length, begin = rlp.codec.consume_length_prefix(data, position)
        fields = rlp.decode(data[position : begin + length])[0]
        position = begin + length
        encoded = rlp.encode(fields)
        header = parse_header(encoded)
        assert format_header(header) == encoded
        assert parent is None or header.parent_hash == parent
        parent = block_hash(encoded)
        counts.add(len(fields))
    assert counts == {15, 16, 17, 20, 21}


def test_bft_headers_are_read_and_marked(vectors):
    """A header sealed by QBFT or IBFT 2.0 validators reads, carries the mark, and hashes to another value."""
    for file in ("qbft-sealed-headers.json", "ibft2-sealed-headers.json"):
        for case in json.loads((vectors("ethereum") / "besu" / file).read_text())["cases"]:
            encoded = data_of(case["header_rlp"])
            header = parse_header(encoded)
            assert header.mix_hash == BFT_MIX_HASH
            assert block_hash(encoded) != data_of(case["facts"]["block_hash"])


def fields(count=21):
    """Give the fields of a header of zeros, as bytes."""
    sizes = [32, 32, 20, 32, 32, 32, 256, 0, 0, 0, 0, 0, 0, 32, 8, 0, 32, 0, 0, 32, 32, 0, 0]
    return [bytes(size) for size in sizes[:count]]


@pytest.mark.parametrize("count", [15, 16, 17, 20, 21])
def test_each_forks_number_of_fields_is_read(count):
    """The five shapes that forks have given the header are read and written back."""
    encoded = rlp.encode(fields(count))
    assert format_header(parse_header(encoded)) == encoded


@pytest.mark.parametrize("count", [0, 14, 18, 19])
def test_no_fork_has_other_numbers_of_fields(count):
    """A header with a number of fields that no fork has is malformed."""
    with pytest.raises(MalformedError, match=f"no fork has block headers of {count} fields"):
        parse_header(rlp.encode(fields(count)))


def test_a_header_of_a_later_fork_cannot_be_checked():
    """More fields than known are not called false: they could not be checked."""
    with pytest.raises(UncheckableError) as caught:
        parse_header(rlp.encode(fields(22)))
    assert caught.value.code == "UNKNOWN_HEADER"


@pytest.mark.parametrize("position", range(21))
def test_each_field_has_its_size(position):
    """One byte more than a fixed size, or a number too long or with a leading zero, is refused in every field."""
    changed = fields()
    changed[position] = bytes(9_000) if position == 12 else changed[position] + b"\x00"
    with pytest.raises(MalformedError, match=f"header field {position}"):
        parse_header(rlp.encode(changed))


def test_a_time_beyond_the_calendar_is_refused():
    """A block time after the year 9999 is malformed; the last second of it is read."""
    last = int(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())
    for timestamp, fits in ((last, True), (last + 1, False), (2**64 - 1, False)):
        changed = fields()
        changed[11] = rlp.sedes.big_endian_int.serialize(timestamp)
        if fits:
            assert parse_header(rlp.encode(changed)).time.year == 9999
        else:
            with pytest.raises(MalformedError, match="9999"):
                parse_header(rlp.encode(changed))
