"""What the contract allows and refuses, each refusal by its own error."""

import hashlib

import pytest
from eth_tester.exceptions import TransactionFailed
from web3.logs import DISCARD
from zheng_verifier.ethereum.event import parse_event
from zheng_verifier.ethereum.receipt import Log

from anchor.contract import compute_log_id

ZERO = bytes(32)
NOTE = hashlib.sha256(b"note").digest()


def address(text):
    return bytes.fromhex(text[2:])


@pytest.fixture
def anchored(chain, tree, request):
    """A log whose latest head has 100 leaves."""
    log_id = chain.new_log(request.node.name)
    chain.anchor(log_id, 0, 100, tree.head(100))
    return log_id


def test_registration_names_the_log_for_ever(chain):
    """The id commits to chain, contract, creator and vkey; origin and vkey hash are in the event."""
    vkey = "zheng.example/log+00000000+AAAA"
    vkey_hash = hashlib.sha256(vkey.encode()).digest()
    receipt = chain.send(chain.contract.functions.registerLog("zheng.example/log", vkey_hash, True))
    (event,) = chain.contract.events.LogRegistered().process_receipt(receipt, errors=DISCARD)
    expected = compute_log_id(
        chain_id=chain.w3.eth.chain_id,
        contract=address(chain.contract.address),
        creator=address(chain.admin),
        vkey=vkey,
    )
    assert event["args"]["logId"] == expected
    assert (event["args"]["origin"], event["args"]["vkeyHash"]) == ("zheng.example/log", vkey_hash)
    assert (event["args"]["creator"], event["args"]["proofRequired"]) == (chain.admin, True)
    assert chain.contract.functions.head(expected).call() == [0, ZERO]
    assert chain.refused(chain.contract.functions.registerLog("other", vkey_hash, True)) == "LogExists"
    other = chain.contract.functions.logIdOf(chain.stranger, vkey_hash).call()
    assert other != expected


@pytest.mark.parametrize("origin", ["", "x" * 256])
def test_an_origin_has_1_to_255_bytes(chain, origin):
    """An empty or over-long origin is refused, and so is a zero vkey hash."""
    register = chain.contract.functions.registerLog
    assert chain.refused(register(origin, b"\x01" * 32, True)) == "InvalidArgument"
    assert chain.refused(register("x", ZERO, True)) == "InvalidArgument"


def test_the_longest_origin_fits_the_gas_limit_for_setting_up(chain):
    """An origin of 255 bytes is registered within SETUP_GAS_LIMIT."""
    chain.send(chain.contract.functions.registerLog("x" * 255, b"\x03" * 32, True))


def test_a_chain_of_heads_is_recorded_and_read_from_its_receipts(chain, tree):
    """Each head of a growing log is stored, and our reader gets it from the receipt's log."""
    log_id = chain.new_log("growing")
    previous = 0
    for size in (1, 2, 3, 100, 4_096, 1_000_003):
        proof = tree.consistency(previous, size) if previous else []
        receipt = chain.anchor(log_id, previous, size, tree.head(size), proof)
        (log,) = receipt["logs"]
        event = parse_event(
            Log(address(log["address"]), tuple(bytes(topic) for topic in log["topics"]), bytes(log["data"]))
        )
        assert (event.log_id, event.publisher) == (log_id, address(chain.publisher))
        assert (event.head.size, event.head.root_hash) == (size, tree.head(size))
        assert (event.note, event.prev_tree_size) == (NOTE, previous)
        assert chain.contract.functions.head(log_id).call() == [size, tree.head(size)]
        previous = size


def test_the_same_head_again_is_a_replay(chain, tree, anchored):
    """The very call that succeeded is refused as already anchored, and so is it with the size it led to."""
    for previous in (0, 100):
        call = chain.anchor_call(anchored, previous, 100, tree.head(100))
        assert chain.refused(call, chain.publisher) == "AlreadyAnchored"


def test_a_smaller_head_is_a_rollback(chain, tree, anchored):
    """Heads below the latest are refused, also size zero, with or without a true old proof."""
    for previous, size in ((100, 99), (0, 99), (100, 0), (0, 0)):
        call = chain.anchor_call(anchored, previous, size, tree.head(size) if size else ZERO)
        assert chain.refused(call, chain.publisher) == "Rollback"


def test_the_same_size_with_another_root_is_a_conflict(chain, anchored):
    """Another root for the anchored size is told apart from a replay: it is proof of a fork."""
    call = chain.anchor_call(anchored, 100, 100, b"\x66" * 32)
    assert chain.refused(call, chain.publisher) == "ConflictingRoot"


def test_whoever_built_on_an_older_head_is_stale(chain, tree, anchored):
    """A larger head with a true proof from a head that is not the latest is refused."""
    for previous in (0, 50, 101):
        proof = tree.consistency(previous, 200) if previous else []
        call = chain.anchor_call(anchored, previous, 200, tree.head(200), proof)
        assert chain.refused(call, chain.publisher) == "StaleTreeHead"


def test_without_proof_a_log_does_not_grow(chain, tree, anchored):
    """The proof that registration demands cannot be left out."""
    call = chain.anchor_call(anchored, 100, 200, tree.head(200))
    assert chain.refused(call, chain.publisher) == "ConsistencyProofRequired"


def test_rewritten_history_is_refused_with_its_own_proof(chain, tree, anchored):
    """A head of another history, with the proof that is right for that history, does not extend the latest."""
    other = type(tree)(period=5)
    assert other.head(100) != tree.head(100)
    call = chain.anchor_call(anchored, 100, 200, other.head(200), other.consistency(100, 200))
    assert chain.refused(call, chain.publisher) == "InvalidConsistencyProof"


def test_a_proof_cut_or_lengthened_is_refused(chain, tree, anchored):
    """A proof without its last hash, with one more, or in another order is refused."""
    proof = tree.consistency(100, 200)
    for wrong in (proof[:-1], [*proof, ZERO], proof[::-1]):
        call = chain.anchor_call(anchored, 100, 200, tree.head(200), wrong)
        assert chain.refused(call, chain.publisher) == "InvalidConsistencyProof"


def test_a_first_head_has_no_proof(chain, tree):
    """Nothing can be proved from the empty tree: a proof given with the first head is refused."""
    log_id = chain.new_log("first")
    call = chain.anchor_call(log_id, 0, 2, tree.head(2), [ZERO])
    assert chain.refused(call, chain.publisher) == "InvalidConsistencyProof"


def test_empty_values_are_never_anchored(chain, tree):
    """Size zero, a zero root and a zero note are refused."""
    log_id = chain.new_log("empty")
    anchor = chain.contract.functions.anchor
    for size, root, note in ((0, tree.head(1), NOTE), (1, ZERO, NOTE), (1, tree.head(1), ZERO)):
        assert chain.refused(anchor(log_id, 0, size, root, note, []), chain.publisher) == "InvalidArgument"


def test_growth_is_bounded(chain, tree, anchored):
    """One call adds at most 2^32 leaves; a tree has fewer than 2^63; a first head may have any such size."""
    limit = chain.contract.functions.MAX_GROWTH().call()
    assert limit == 2**32
    too_large = chain.anchor_call(
        anchored, 100, 101 + limit, tree.head(101 + limit), tree.consistency(100, 101 + limit)
    )
    assert chain.refused(too_large, chain.publisher) == "TreeTooLarge"
    chain.anchor(anchored, 100, 100 + limit, tree.head(100 + limit), tree.consistency(100, 100 + limit))
    log_id = chain.new_log("moved here")
    assert (
        chain.refused(chain.anchor_call(log_id, 0, 2**63, ZERO[1:] + b"\x01"), chain.publisher)
        == "TreeTooLarge"
    )
    chain.anchor(log_id, 0, 2**63 - 2, tree.head(2**63 - 2))
    proof = tree.consistency(2**63 - 2, 2**63 - 1)
    chain.anchor(log_id, 2**63 - 2, 2**63 - 1, tree.head(2**63 - 1), proof)


def test_a_log_registered_without_proofs_still_checks_those_given(chain, tree):
    """With proofRequired false a head is taken without proof; a wrong proof is refused nevertheless."""
    log_id = chain.new_log("trusting", proof_required=False)
    chain.anchor(log_id, 0, 100, tree.head(100))
    wrong = chain.anchor_call(log_id, 100, 200, tree.head(200), [ZERO])
    assert chain.refused(wrong, chain.publisher) == "InvalidConsistencyProof"
    chain.anchor(log_id, 100, 200, tree.head(200))
    assert chain.contract.functions.status(log_id).call()[2] is False


def test_only_publishers_of_this_log_anchor(chain, tree, anchored):
    """Strangers, the administrator, and publishers of other logs are refused; a publisher can be removed."""
    call = chain.anchor_call(anchored, 100, 200, tree.head(200), tree.consistency(100, 200))
    functions = chain.contract.functions
    other = chain.new_log("another log")
    chain.send(functions.setPublisher(other, chain.stranger, True))
    for sender in (chain.stranger, chain.admin):
        assert chain.refused(call, sender) == "NotPublisher"
    chain.send(functions.setPublisher(anchored, chain.publisher, False))
    assert functions.isPublisher(anchored, chain.publisher).call() is False
    assert chain.refused(call, chain.publisher) == "NotPublisher"
    assert chain.refused(functions.setPublisher(anchored, "0x" + "00" * 20, True)) == "InvalidArgument"


def test_an_unknown_log_is_refused_everywhere(chain, tree):
    """Every call about a log that nobody registered says so."""
    functions, nobody = chain.contract.functions, b"\x99" * 32
    for call in (
        chain.anchor_call(nobody, 0, 1, tree.head(1)),
        functions.setPublisher(nobody, chain.publisher, True),
        functions.setPaused(nobody, True),
        functions.closeLog(nobody, ZERO),
        functions.transferAdmin(nobody, chain.stranger),
        functions.acceptAdmin(nobody),
        functions.head(nobody),
        functions.status(nobody),
    ):
        assert chain.refused(call) == "UnknownLog"


def test_a_paused_log_waits(chain, tree, anchored):
    """Between pause and resume nothing is anchored; the head stays readable; other logs are not touched."""
    call = chain.anchor_call(anchored, 100, 200, tree.head(200), tree.consistency(100, 200))
    other = chain.new_log("not paused")
    chain.send(chain.contract.functions.setPaused(anchored, True))
    assert chain.refused(call, chain.publisher) == "LogIsPaused"
    assert chain.contract.functions.head(anchored).call()[0] == 100
    chain.anchor(other, 0, 1, tree.head(1))
    chain.send(chain.contract.functions.setPaused(anchored, False))
    chain.anchor(anchored, 100, 200, tree.head(200), tree.consistency(100, 200))


def test_a_closed_log_is_closed_for_ever(chain, tree, anchored):
    """Nothing can be done to a closed log, not even by its administrator; its last head and successor are told."""
    functions = chain.contract.functions
    successor = b"\x55" * 32
    chain.send(functions.transferAdmin(anchored, chain.stranger))
    receipt = chain.send(functions.closeLog(anchored, successor))
    (event,) = chain.contract.events.LogClosed().process_receipt(receipt)
    assert (event["args"]["successor"], event["args"]["treeSize"]) == (successor, 100)
    assert event["args"]["rootHash"] == tree.head(100)
    calls = [
        (chain.anchor_call(anchored, 100, 200, tree.head(200), tree.consistency(100, 200)), chain.publisher),
        (functions.setPublisher(anchored, chain.publisher, True), chain.admin),
        (functions.setPaused(anchored, False), chain.admin),
        (functions.closeLog(anchored, ZERO), chain.admin),
        (functions.transferAdmin(anchored, chain.stranger), chain.admin),
        (functions.acceptAdmin(anchored), chain.stranger),
    ]
    for call, sender in calls:
        assert chain.refused(call, sender) == "LogIsClosed"
    assert functions.head(anchored).call() == [100, tree.head(100)]
    assert functions.status(anchored).call()[4] is True


def test_administration_passes_in_two_steps(chain, anchored):
    """Only the one to whom it was offered can accept, and until he does nothing changes; an offer can be taken back."""
    functions = chain.contract.functions
    for call in (
        functions.setPublisher(anchored, chain.stranger, True),
        functions.setPaused(anchored, True),
        functions.closeLog(anchored, ZERO),
        functions.transferAdmin(anchored, chain.stranger),
    ):
        assert chain.refused(call, chain.stranger) == "NotAdmin"
    chain.send(functions.transferAdmin(anchored, chain.stranger))
    assert functions.status(anchored).call()[:2] == [chain.admin, chain.stranger]
    assert chain.refused(functions.acceptAdmin(anchored), chain.publisher) == "NotPendingAdmin"
    chain.send(functions.transferAdmin(anchored, "0x" + "00" * 20))
    assert chain.refused(functions.acceptAdmin(anchored), chain.stranger) == "NotPendingAdmin"
    chain.send(functions.transferAdmin(anchored, chain.stranger))
    chain.send(functions.acceptAdmin(anchored), chain.stranger)
    assert functions.status(anchored).call()[:2] == [chain.stranger, "0x" + "00" * 20]
    assert chain.refused(functions.setPaused(anchored, True), chain.admin) == "NotAdmin"
    chain.send(functions.setPaused(anchored, True), chain.stranger)


def test_the_contract_takes_no_money_and_no_other_call(chain):
    """A transfer, an unknown function, and a payment to a known one revert."""
    to = chain.contract.address
    for data, value in (
        ("0x", 1),
        ("0x12345678", 0),
        (chain.contract.functions.setPaused(ZERO, True)._encode_transaction_data(), 1),
    ):
        with pytest.raises(TransactionFailed, match="reverted: b''"):
            chain.w3.eth.call({"from": chain.admin, "to": to, "data": data, "value": value})
