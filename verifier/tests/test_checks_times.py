"""C09–C11, C16, C23: chain records, time-stamps, times against each other, algorithms."""

import hashlib
from dataclasses import replace
from datetime import datetime

import pytest
from makers import anchors
from makers.universe import (
    AT,
    DEV_CHAIN,
    OURS,
    START,
    Universe,
    changed,
    codes,
    edit_proof,
    minute,
    outcome,
    root,
    run,
    standard,
)
from zheng_verifier.checks.bounds import find_bounds
from zheng_verifier.checks.case import Facts
from zheng_verifier.checks.evidence import Anchored, Inclusions, Item, Timed
from zheng_verifier.claim import AfterBlock, AfterLeaf, AfterToken
from zheng_verifier.entry import parse_entry, parse_leaf
from zheng_verifier.ethereum.anchor import AnchoredBlock
from zheng_verifier.merkle import TreeHead, leaf_hash
from zheng_verifier.policy import AlgorithmRule, Quorum
from zheng_verifier.report.model import CheckId, Overall
from zheng_verifier.report.sentences import word
from zheng_verifier.timestamp import TimestampResult

FORGER = Universe("forger")
SIGNED = 9


def chains(*names, **changes):
    story = standard()
    known = {chain.chain_id: chain for chain in OURS.policy(story).chains}
    return {"chains": tuple(replace(known[OURS.chain_id(name)], **changes) for name in names)}


# --- C11 ---------------------------------------------------------------------------------------------------------


def test_stamped_by_a_trusted_authority():
    """Each event is covered; the test authority beside it is open and does no harm."""
    report = run()
    assert outcome(report, "C11") == ("PASSED", "")
    assert codes(report, "C11") == {"TEST_TSA"}


def test_test_tsa_is_indeterminate():
    """A test authority alone is no source of time: A2 stays open."""
    steps = changed(14, tsas=("test",))
    steps[8] = steps[8].but(tsas=("test",))
    report = run(steps, policy=chains("dev"))
    assert outcome(report, "C11") == ("INDETERMINATE", "TEST_TSA")
    assert outcome(report, "A2")[0] == "INDETERMINATE"
    assert not report.events[0].not_after.trusted


def test_an_authority_the_policy_does_not_know_is_untrusted():
    """Its tokens are open, and bound nothing."""
    report = run(policy={"tsas": (), "chains": ()})
    assert outcome(report, "C11") == ("INDETERMINATE", "UNTRUSTED_TSA")
    assert outcome(report, "C16") == ("NOT_PROVIDED", "NO_POE")
    assert report.events[0].not_after is None


def test_a_token_over_other_bytes_fails():
    """The token of the first checkpoint under the second."""
    token = standard().marks[0][1].tokens[0]
    report = run(edit=edit_proof(1, tokens=(token,)))
    assert outcome(report, "C11") == ("FAILED", "HASH_FAILURE")
    assert report.overall is Overall.INCONSISTENT


def test_a_token_that_does_not_parse_fails():
    """Bytes that are no response."""
    assert outcome(run(edit=edit_proof(1, tokens=(b"\x30\x00",))), "C11") == ("FAILED", "FORMAT_FAILURE")


def test_a_particular_shortcoming_is_told_before_another_authoritys_token():
    """The policy names the authority but not its policy: POLICY_NOT_ALLOWED, not merely UNTRUSTED_TSA."""
    tsas = (OURS.trusted_tsa("tsa", policy_oids=("1.2.3",)), FORGER.trusted_tsa("other"))
    assert outcome(run(policy={"tsas": tsas}), "C11") == ("INDETERMINATE", "POLICY_NOT_ALLOWED")


def test_one_authority_whose_path_fails_does_not_hide_another_that_holds():
    """The first entry pins the root but trusts it for another time; the second is good."""
    late = OURS.trusted_tsa("tsa", name="late", pins=(bytes(32),))
    good = OURS.trusted_tsa("tsa", pins=(_pin("tsa"),))
    assert outcome(run(policy={"tsas": (late, good)}), "C11") == ("PASSED", "")


def _pin(name, universe=OURS):
    return hashlib.sha256(universe.authority(name)[1].der).digest()


def test_an_event_without_a_token_is_not_covered():
    """The last checkpoint has none: its events are short of the quorum; without any token nothing is provided."""
    assert outcome(run(edit=edit_proof(1, tokens=())), "C11") == ("INDETERMINATE", "TEST_TSA")
    only = edit_proof(0, tokens=lambda tokens: tokens[:1])
    report = run(edit=lambda b: edit_proof(1, tokens=())(only(b)), policy={"chains": ()})
    assert outcome(report, "C11") == ("INDETERMINATE", "QUORUM_NOT_MET")
    assert outcome(report, "C16") == ("NOT_PROVIDED", "NO_POE")
    none = run(edit=lambda b: edit_proof(1, tokens=())(edit_proof(0, tokens=())(b)))
    assert outcome(none, "C11") == ("NOT_PROVIDED", "NOT_COVERED")


def test_a_quorum_of_two_is_not_met_by_one():
    """One trusted authority where the policy asks for two, and so for chains."""
    report = run(
        changed(14, tsas=("tsa",), chains=("public",)),
        edit=edit_proof(0, tokens=(), anchors=()),
        policy={"quorum": Quorum(2, 2, 0)},
    )
    for check in ("C09", "C10", "C11"):
        assert outcome(report, check)[0] == "INDETERMINATE"
        assert outcome(report, check)[1] in ("QUORUM_NOT_MET", "SELF_ASSERTED", "TEST_TSA")


def test_a_quorum_of_two_is_met_by_two():
    """Two authorities of the policy, each over every event."""
    steps = changed(14, tsas=("tsa", "second"))
    tsas = (OURS.trusted_tsa("tsa"), OURS.trusted_tsa("second"))
    report = run(steps, policy={"tsas": tsas, "quorum": Quorum(2, 1, 0)})
    assert outcome(report, "C11") == ("PASSED", "")


def test_duplicate_tokens_of_one_authority_count_once():
    """Two tokens of one TSA, even with two genTimes, are one supporter."""
    story = standard()
    message = OURS.note(story.leaves)
    tokens = tuple(OURS.token("tsa", message, minute(m)) for m in (30, 31))
    report = run(edit=edit_proof(1, tokens=tokens), policy={"quorum": Quorum(2, 1, 0)})
    assert outcome(report, "C11")[0] == "INDETERMINATE"
    assert "QUORUM_NOT_MET" in codes(report, "C11") or "TEST_TSA" in codes(report, "C11")


# --- C09, C10 ----------------------------------------------------------------------------------------------------


def test_anchored_in_a_pinned_block():
    """Contract, head, note, publisher and code as the policy names them, in a block it names."""
    report = run()
    assert (outcome(report, "C09"), outcome(report, "C10")) == (("PASSED", ""), ("PASSED", ""))
    assert codes(report, "C10") == {"SELF_ASSERTED"}


def test_dev_chain_is_self_asserted():
    """A single-machine chain alone: the record is there (C09), the block is the operator's own word (C10)."""
    report = run(policy=chains("dev"))
    assert outcome(report, "C09") == ("PASSED", "")
    assert outcome(report, "C10") == ("INDETERMINATE", "SELF_ASSERTED")
    assert outcome(report, "A3")[0] == "INDETERMINATE"
    assert report.events[0].anchored.trusted is False


@pytest.mark.parametrize(
    ("changes", "c09", "c10"),
    [
        ({"trusted_blocks": ()}, "", "BLOCK_NOT_PINNED"),
        ({"finality": "qbft"}, "", "UNKNOWN_FINALITY"),
        ({"publishers": (bytes(20),)}, "UNTRUSTED_PUBLISHER", ""),
        ({"code_hash": bytes(32)}, "CODE_CHANGED", "DEPENDENCY"),
        ({"contract": b"\x01" * 20}, "UNTRUSTED_CHAIN", "DEPENDENCY"),
        ({"log_id": bytes(32)}, "UNTRUSTED_CHAIN", "DEPENDENCY"),
        ({"chain_id": 5}, "UNTRUSTED_CHAIN", "DEPENDENCY"),
    ],
)
def test_what_the_policy_does_not_name_does_not_pass(changes, c09, c10):
    """Another block, rule, publisher, code, contract, log or chain than the policy's."""
    report = run(policy=chains("public", **changes), edit=lambda b: b)
    assert c09 in codes(report, "C09") or not c09
    assert c10 in codes(report, "C10") or not c10
    assert outcome(report, "A3")[0] != "PASSED"
    assert report.check(CheckId.C10).status != "PASSED"


def test_one_contract_serves_many_logs():
    """The policy names the contract for another log first: the entry for this log is the one that counts."""
    both = chains("public", log_id=bytes(32))["chains"] + chains("public")["chains"]
    assert outcome(run(policy={"chains": both}), "C09") == ("PASSED", "")


def test_an_anchor_of_another_checkpoint_fails():
    """The chain's record of 8 leaves under the checkpoint of 13."""
    anchor = standard().marks[0][1].anchors[0]
    report = run(edit=edit_proof(1, anchors=(anchor,)))
    assert outcome(report, "C09") == ("FAILED", "ANCHOR_MISMATCH")
    assert outcome(report, "A3")[0] == "FAILED"


def test_a_proof_of_no_transaction_fails_c10():
    """The event is there, the transaction's proof is cut."""
    anchor = standard().marks[1][1].anchors[0]
    cut = replace(anchor, transaction_proof=anchor.transaction_proof[:-1])
    report = run(edit=edit_proof(1, anchors=(cut,)))
    assert outcome(report, "C10") == ("FAILED", "FORMAT_FAILURE")
    assert report.overall is Overall.INCONSISTENT


def test_a_failed_transaction_fails_both():
    """What it did does not stand."""
    story = standard()
    note = OURS.note(story.leaves)
    head = TreeHead(13, root(story.leaves))
    log = anchors.anchor_log(head, hashlib.sha256(note).digest(), OURS.log_id("public"))
    world = anchors.World(receipt=anchors.receipt((anchors.OTHER_LOG, log), status=b""))
    report = run(edit=edit_proof(1, anchors=(world.proof(),)))
    assert outcome(report, "C09") == ("FAILED", "TX_FAILED")


def test_no_anchor_is_not_covered():
    """NOT_PROVIDED, not open: nothing of the kind is there."""
    report = run(edit=lambda b: edit_proof(1, anchors=())(edit_proof(0, anchors=())(b)))
    assert outcome(report, "C09") == ("NOT_PROVIDED", "NOT_COVERED")
    assert outcome(report, "C10") == ("NOT_PROVIDED", "NOT_COVERED")
    assert outcome(report, "C12") == ("INDETERMINATE", "SECOND_NOT_TRUSTED")


# --- C16 ---------------------------------------------------------------------------------------------------------


def test_times_agree():
    """Not before the block that the claim names, not after the first token that covers it."""
    report = run()
    assert outcome(report, "C16") == ("PASSED", "")
    signed = report.events[3]
    assert (signed.not_before.moment, signed.not_after.moment) == (minute(11), minute(30))
    assert word(signed.not_before.source, "en").startswith("block 108")


def test_received_after_token_fails():
    """Received six minutes after the time-stamp over it: the clock was set back, or the token is of other times."""
    report = run(changed(5, minute=17))
    assert outcome(report, "C16") == ("FAILED", "TIMESTAMP_ORDER_FAILURE")
    assert outcome(report, "A2")[0] == "FAILED"
    assert outcome(run(changed(5, minute=14)), "C16")[0] != "FAILED"


def test_received_after_the_block_fails():
    """The same for the block that anchors it, where the policy pins it."""
    report = run(changed(5, minute=17), policy={"tsas": ()})
    assert "TIMESTAMP_ORDER_FAILURE" in codes(report, "C16")
    assert outcome(report, "C16")[0] == "FAILED"


@pytest.mark.parametrize("name", ["tsas", "chains"])
def test_what_nobody_trusts_contradicts_without_making_false(name):
    """Anybody can make a block of his own chain: a contradiction by it leaves the question open."""
    policy = {"tsas": (OURS.trusted_tsa("test"),), "chains": ()}
    if name == "chains":
        policy = {"tsas": ()} | chains("dev")
    report = run(changed(5, minute=17), policy=policy)
    assert outcome(report, "C16") == ("INDETERMINATE", "TIMESTAMP_ORDER_FAILURE")


def test_a_lower_bound_above_the_upper_one_fails():
    """The claim names a token of 03:10, and stands under one of 03:05."""
    report = run(changed(14, minute=5))
    assert outcome(report, "C16")[0] == "FAILED"
    details = {f.detail.key for f in report.check(CheckId.C16).findings}
    assert "times.bounds_crossed" in details


@pytest.mark.parametrize(
    ("position", "changes", "detail"),
    [
        (5, {"claimed": 9}, "it claims to have happened after it was received"),
        (SIGNED, {"minute": 4}, "it names evidence younger than its own receipt"),
        (5, {"minute": -6}, "received before an earlier event of the case"),
    ],
)
def test_clock_skew_is_open(position, changes, detail):
    """More than five minutes between two clocks of the parties: CLOCK_SKEW."""
    report = run(changed(position, **changes))
    assert outcome(report, "C16") == ("INDETERMINATE", "CLOCK_SKEW")
    assert detail in {word(f.detail, "en") for f in report.check(CheckId.C16).findings}


def test_late_anchoring_is_flagged():
    """Stamped more than a day after receipt: PASSED, and the code says it."""
    report = run(changed(14, minute=60 * 25, tsas=("tsa",)), edit=lambda b: b)
    assert outcome(report, "C16") == ("PASSED", "LATE_ANCHOR")


@pytest.mark.parametrize("year", [1, 9999])
def test_the_ends_of_the_calendar_are_no_crash(year):
    """Received in the year 1 or 9999: contradictions, not exceptions."""
    moment = datetime(year, 1, 1, tzinfo=AT.tzinfo) if year == 1 else datetime.max.replace(tzinfo=AT.tzinfo)
    minutes = (moment - START).total_seconds() / 60
    report = run(changed(5, minute=minutes - (0.001 if year == 9999 else 0), claimed=None))
    assert outcome(report, "C16")[0] in ("FAILED", "INDETERMINATE")


def test_accuracy_widens_both_bounds():
    """A token of 03:30 ± 2 minutes bounds by 03:32; named as not-before it bounds by 03:08."""
    steps = changed(8, accuracy=120, chains=("dev",))
    steps[14] = steps[14].but(accuracy=120, chains=("dev",))
    steps[SIGNED] = steps[SIGNED].but(after=lambda story: (AfterToken(story.token_digest()),))
    signed = run(steps).events[3]
    assert (signed.not_before.moment, signed.not_after.moment) == (minute(8), minute(32))


def test_a_leaf_named_as_after_is_no_time():
    """Order inside the log says nothing of the clock."""
    leaf = leaf_hash(standard().bundle().events[0].leaf)
    steps = changed(SIGNED, after=lambda story: (AfterLeaf(leaf),))
    assert run(steps).events[3].not_before is None


def test_evidence_not_in_the_bundle_bounds_nothing():
    """A token and a block that the claim names, and nobody shows."""
    steps = changed(SIGNED, after=lambda story: (AfterToken(bytes(32)), AfterBlock(DEV_CHAIN, 1, bytes(32))))
    assert run(steps).events[3].not_before is None


def test_evidence_over_the_event_itself_is_no_lower_bound():
    """A token or block over a tree with the event in it cannot be older than the event: a circle bounds nothing."""
    event = standard().bundle().events[3]
    named = parse_entry(event.entry)
    token, block = named.claim.after
    item = Item(3, True, event, leaf_hash(event.leaf), parse_leaf(event.leaf), named)
    result = TimestampResult(minute(10), None, 1, "1.2", "", "sha256", "ed25519", False, ())
    anchored = AnchoredBlock(block.number, block.hash, minute(11), bytes(32), "pinned")
    for place, size, bounded in ((8, 8, True), (8, 9, False)):
        inclusions = Inclusions({3: place}, {0: frozenset()})
        bounds = find_bounds(
            [item],
            inclusions,
            [Timed(0, size, "t", token.sha256, result)],
            [],
            [Anchored(0, size, block.chain, anchored, trusted=True)],
            Facts((), 0, {}),
        )
        assert (bounds[3].not_before is not None) == bounded


# --- C23 ---------------------------------------------------------------------------------------------------------


def rules(**until):
    return {
        "algorithms": tuple(
            AlgorithmRule(rule.name, None, until.get(rule.name.replace("-", "_")))
            for rule in OURS.policy(standard()).algorithms
            if until.get(rule.name.replace("-", "_"), 1) is not None
        )
    }


def test_algorithms_of_the_policy_pass():
    """All that the evidence rests on is listed."""
    report = run()
    assert outcome(report, "C23") == ("PASSED", "")
    subjects = {word(f.subject, "en") for f in report.check(CheckId.C23).findings}
    assert subjects == {"sha256", "sm3", "ed25519", "ecdsa-sha256", "keccak256"}


def test_an_algorithm_that_is_not_listed_is_open():
    """A policy without SM3 gets no pass for documents named by it."""
    report = run(policy={"algorithms": tuple(AlgorithmRule(n, None, None) for n in ("sha256", "ed25519"))})
    assert outcome(report, "C23") == ("INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE")
    assert outcome(report, "A1")[0] == "INDETERMINATE"


def test_an_algorithm_that_aged_after_a_trusted_token_is_good():
    """ES256 until 03:40: what it signed existed by 03:30."""
    assert outcome(run(policy=rules(ecdsa_sha256=minute(40))), "C23") == ("PASSED", "")


def test_without_a_trusted_token_the_time_of_verification_decides():
    """A test authority's token does not save an aged algorithm, nor does none; without any time it is open."""
    policy = rules(ecdsa_sha256=minute(40)) | {"chains": ()}
    for tsas in ((OURS.trusted_tsa("test"),), ()):
        report = run(policy=policy | {"tsas": tsas})
        assert outcome(report, "C23") == ("INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE")
    assert outcome(run(policy=policy | {"tsas": ()}, at=None), "C23") == ("NOT_PROVIDED", "NO_POE")


def test_an_early_token_does_not_date_what_came_after_it():
    """Only the first checkpoint is stamped: events after it are judged now."""
    report = run(edit=edit_proof(1, tokens=(), anchors=()), policy=rules(ecdsa_sha256=minute(40)))
    assert outcome(report, "C23") == ("INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE")


@pytest.mark.parametrize("name", ["ed25519", "keccak256"])
def test_a_token_or_anchor_cannot_vouch_for_its_own_algorithm(name):
    """Who can forge a token chooses its genTime: its signature algorithm must be good at verification."""
    report = run(policy=rules(**{name: minute(40)}))
    assert outcome(report, "C23") == ("INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE")


def test_several_intervals_of_one_algorithm():
    """Accepted in one of them is accepted."""
    two = (
        AlgorithmRule("sm3", None, START),
        AlgorithmRule("sm3", START, None),
    )
    others = tuple(rule for rule in OURS.policy(standard()).algorithms if rule.name != "sm3")
    assert outcome(run(policy={"algorithms": others + two}), "C23") == ("PASSED", "")
    late = (AlgorithmRule("sm3", AT, None),)
    assert outcome(run(policy={"algorithms": others + late}), "C23")[0] == "INDETERMINATE"
