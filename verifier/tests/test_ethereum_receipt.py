"""Receipts, transactions and the contract's event: main-net data, and what is refused."""

import json

import pytest
import rlp
from eth_account import Account
from zheng_verifier.errors import MalformedError, UncheckableError, VerificationError
from zheng_verifier.ethereum.event import TOPIC, parse_event
from zheng_verifier.ethereum.keccak import keccak256
from zheng_verifier.ethereum.receipt import Log, Receipt, format_receipt, parse_receipt
from zheng_verifier.ethereum.transaction import parse_transaction
from zheng_verifier.merkle import TreeHead

MAINNET = ("block-14764013.json", "block-15537393.json", "block-19426587.json")
BLOOM = bytes(256)


def data_of(text):
    return bytes.fromhex(text.removeprefix("0x"))


def mainnet(vectors, what):
    for file in MAINNET:
        for text in json.loads((vectors("ethereum") / "mainnet" / file).read_text())[what]:
            yield data_of(text)


def test_every_mainnet_receipt_round_trips(vectors):
    """All receipts of three main-net blocks, legacy and typed, read and write to the same bytes."""
    types = set()
    for data in mainnet(vectors, "receipts"):
        receipt = parse_receipt(data)
        types.add(receipt.type)
        assert format_receipt(receipt) == data
    assert {0, 2} <= types


def test_every_mainnet_transaction_is_for_chain_1(vectors):
    """All transactions of three main-net blocks read, are for chain 1 or older than EIP-155, and hash."""
    chains = set()
    for data in mainnet(vectors, "transactions"):
        transaction = parse_transaction(data)
        assert transaction.hash == keccak256(data)
        chains.add(transaction.chain_id)
    assert 1 in chains
    assert chains <= {1, None}


def receipt_bytes(status=b"\x01", gas=b"\x52\x08", bloom=BLOOM, logs=(), kind=b""):
    return kind + rlp.encode([status, gas, bloom, list(logs)])


def test_success_and_failure_are_told_apart():
    """Status 1 is success, the empty status is failure, in each known type."""
    for kind in (0, 1, 2, 3, 4):
        prefix = bytes([kind]) if kind else b""
        good = parse_receipt(receipt_bytes(kind=prefix))
        assert good == Receipt(kind, True, 21_000, BLOOM, ())
        assert not parse_receipt(receipt_bytes(status=b"", kind=prefix)).succeeded
        assert format_receipt(good) == receipt_bytes(kind=prefix)
    failed = parse_receipt(receipt_bytes(status=b""))
    assert format_receipt(failed) == receipt_bytes(status=b"")


def test_a_receipt_before_byzantium_tells_no_status():
    """A state root in place of the status cannot be checked for success."""
    with pytest.raises(UncheckableError) as caught:
        parse_receipt(receipt_bytes(status=bytes(32)))
    assert caught.value.code == "NO_STATUS"


@pytest.mark.parametrize("kind", [b"\x00", b"\x05", b"\x7e", b"\x7f"])
def test_an_unknown_type_cannot_be_checked(kind):
    """A type that no main fork has (0x7e: a deposit on an OP chain) is unchecked, not false."""
    with pytest.raises(UncheckableError) as caught:
        parse_receipt(receipt_bytes(kind=kind))
    assert caught.value.code == "UNKNOWN_TYPE"


LOG = [b"\x11" * 20, [b"\x22" * 32] * 4, b"data"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80",
        b"\x02",
        b"\x02\x02" + receipt_bytes(),
        rlp.encode([b"\x01", b"", BLOOM]),
        rlp.encode([b"\x01", b"", BLOOM, [], b""]),
        receipt_bytes(status=b"\x02"),
        receipt_bytes(status=[]),
        receipt_bytes(gas=b"\x00"),
        receipt_bytes(gas=b"\x01" * 9),
        receipt_bytes(bloom=bytes(255)),
        rlp.encode([b"\x01", b"", BLOOM, b"logs"]),
        receipt_bytes(logs=[b"log"]),
        receipt_bytes(logs=[LOG[:2]]),
        receipt_bytes(logs=[[LOG[0][:19], *LOG[1:]]]),
        receipt_bytes(logs=[[LOG[0], b"topic", LOG[2]]]),
        receipt_bytes(logs=[[LOG[0], [b"\x22" * 31], LOG[2]]]),
        receipt_bytes(logs=[[LOG[0], [b"\x22" * 32] * 5, LOG[2]]]),
        receipt_bytes(logs=[[LOG[0], LOG[1], [LOG[2]]]]),
        receipt_bytes() + b"\x00",
    ],
)
def test_misshapen_receipts_are_malformed(data):
    """Wrong counts, sizes, kinds and numbers are refused."""
    with pytest.raises(MalformedError):
        parse_receipt(data)


def test_logs_are_read_in_order():
    """Logs come out as they stand: address, topics, data."""
    first, second = parse_receipt(receipt_bytes(logs=[LOG, [b"\x33" * 20, [], b""]])).logs
    assert first == Log(b"\x11" * 20, (b"\x22" * 32,) * 4, b"data")
    assert second == Log(b"\x33" * 20, (), b"")


KEY = b"\x01" * 32
TO = "0x" + "11" * 20
COMMON = {"nonce": 0, "gas": 21_000, "to": TO, "value": 0, "data": b""}
DYNAMIC = {"maxFeePerGas": 2, "maxPriorityFeePerGas": 1}


@pytest.mark.parametrize(
    ("fields", "chain_id"),
    [
        ({"gasPrice": 1}, None),
        ({"gasPrice": 1, "chainId": 1}, 1),
        ({"gasPrice": 1, "chainId": 2**52}, 2**52),
        ({"gasPrice": 1, "chainId": 7, "type": 1, "accessList": []}, 7),
        ({**DYNAMIC, "chainId": 131_277_322_940_537}, 131_277_322_940_537),
    ],
)
def test_the_chain_of_a_signed_transaction_is_read(fields, chain_id):
    """Legacy (EIP-155), access-list and dynamic-fee transactions made by eth-account tell their chain and hash."""
    signed = Account.sign_transaction({**COMMON, **fields}, KEY)
    transaction = parse_transaction(bytes(signed.raw_transaction))
    assert transaction.chain_id == chain_id
    assert transaction.hash == bytes(signed.hash)


@pytest.mark.parametrize(("kind", "count"), [(0, 9), (1, 11), (2, 12), (3, 14), (4, 13)])
def test_a_transaction_has_as_many_fields_as_its_type(kind, count):
    """One field more or less than the type has is malformed; a blob transaction stands without its blobs."""
    prefix = bytes([kind]) if kind else b""
    # In a legacy transaction the seventh field is v; 37 is chain 1. Elsewhere the first field is the chain.
    assert parse_transaction(prefix + rlp.encode([b"\x25"] * count)).chain_id == (37 if kind else 1)
    for wrong in (count - 1, count + 1):
        with pytest.raises(MalformedError, match="does not have"):
            parse_transaction(prefix + rlp.encode([b"\x25"] * wrong))


def test_a_signature_parity_below_eip_155_is_refused():
    """Values of v that belong to no chain are malformed."""
    for v in (b"", b"\x1a", b"\x1d", b"\x24"):
        with pytest.raises(MalformedError, match="parity"):
            parse_transaction(rlp.encode([b"\x01"] * 6 + [v] + [b"\x01"] * 2))


def word(value):
    return value.to_bytes(32)


def event_log(**changes):
    """Give the log of an anchored head; each part can be replaced."""
    parts = {
        "signature": TOPIC,
        "log_id": b"\xaa" * 32,
        "size": word(1_000),
        "publisher": bytes(12) + b"\xbb" * 20,
        "root": b"\xcc" * 32,
        "note": b"\xdd" * 32,
        "previous": word(900),
    } | changes
    topics = tuple(parts[name] for name in ("signature", "log_id", "size", "publisher"))
    return Log(b"\x11" * 20, topics, parts["root"] + parts["note"] + parts["previous"])


def test_the_event_is_read_exactly():
    """Topics and data of TreeHeadAnchored read to their values."""
    event = parse_event(event_log())
    assert (event.log_id, event.publisher) == (b"\xaa" * 32, b"\xbb" * 20)
    assert event.head == TreeHead(1_000, b"\xcc" * 32)
    assert (event.note, event.prev_tree_size) == (b"\xdd" * 32, 900)


def test_another_event_is_not_an_anchor():
    """A log with another signature, or none, is no anchor."""
    for log in (event_log(signature=bytes(32)), Log(b"\x11" * 20, (), b"")):
        with pytest.raises(VerificationError) as caught:
            parse_event(log)
        assert caught.value.code == "ANCHOR_MISMATCH"


@pytest.mark.parametrize(
    "log",
    [
        Log(b"\x11" * 20, event_log().topics[:3], event_log().data),
        Log(b"\x11" * 20, event_log().topics, event_log().data + b"\x00"),
        Log(b"\x11" * 20, event_log().topics, event_log().data[:-1]),
        event_log(size=word(2**64)),
        event_log(size=b"\x01" + bytes(31)),
        event_log(publisher=bytes(11) + b"\x01" + b"\xbb" * 20),
        event_log(previous=word(2**64)),
    ],
)
def test_a_misshapen_event_is_malformed(log):
    """Missing topics, other data sizes, and non-zero bytes before a number or address are refused."""
    with pytest.raises(MalformedError):
        parse_event(log)
