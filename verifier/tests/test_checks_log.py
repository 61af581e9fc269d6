"""C06, C07, C08: the log's signature, the places of the leaves, the growth of the tree; a stolen key."""

from dataclasses import replace
from datetime import timedelta

import pytest
from makers.universe import (
    AT,
    LOG_CASE,
    ORIGIN,
    OURS,
    START,
    Mark,
    Universe,
    changed,
    codes,
    edit_proof,
    growth,
    minute,
    outcome,
    path,
    run,
    standard,
    verify,
)
from zheng_verifier.bundle import BundleProof, ConsistencyStep, Inclusion
from zheng_verifier.checks.evidence import Timed
from zheng_verifier.note import NoteSignature, ed25519_vkey, format_note
from zheng_verifier.policy import CompromisedKey, LogKey, TrustedLog, WitnessRule
from zheng_verifier.report.model import CheckId, Overall
from zheng_verifier.timestamp import Accuracy, TimestampResult

FORGER = Universe("forger")


def log(**changes):
    made = TrustedLog(ORIGIN, LOG_CASE, (LogKey(OURS.vkey, 0, None),), WitnessRule(0, ()))
    return {"logs": (replace(made, **changes),)}


def test_signed_included_and_growing():
    """The whole story passes C06, C07 and C08."""
    report = run()
    assert [outcome(report, check) for check in ("C06", "C07", "C08")] == [("PASSED", "")] * 3


def test_a_log_the_policy_does_not_know_is_not_judged():
    """Unknown origin: C07 and C03 of the context KEY_UNKNOWN, everything that rests on it SKIPPED; no A1–A3 passes."""
    report = run(policy=log(origin="zheng.example/TEST/elsewhere"))
    assert outcome(report, "C07") == ("INDETERMINATE", "KEY_UNKNOWN")
    assert "KEY_UNKNOWN" in codes(report, "C03")
    for check in ("C06", "C09", "C10", "C11"):
        assert outcome(report, check) == ("SKIPPED", "DEPENDENCY")
    assert "PASSED" not in {outcome(report, axis)[0] for axis in ("A1", "A2", "A3")}
    assert report.overall is Overall.INCOMPLETE


def test_another_key_of_the_same_name_is_unknown():
    """A forger's checkpoint under our origin carries another key id: KEY_UNKNOWN, nothing rests on it."""
    story = FORGER.story()
    report = verify(story.bundle(), OURS.policy(standard()))
    assert outcome(report, "C07") == ("INDETERMINATE", "KEY_UNKNOWN")
    assert outcome(report, "C06")[0] == "SKIPPED"


def test_a_signature_that_does_not_hold_fails():
    """The log's line over another text is false."""
    note = standard().marks[1][1].checkpoint
    body, _, lines = note.partition(b"\n\n")
    forged = body.replace(b"\n13\n", b"\n14\n") + b"\n\n" + lines
    report = run(edit=edit_proof(1, checkpoint=forged))
    assert outcome(report, "C07") == ("FAILED", "SIG_CRYPTO_FAILURE")
    assert report.overall is Overall.INCONSISTENT


def test_a_checkpoint_that_does_not_parse_fails():
    """A note without signature block is malformed."""
    assert outcome(run(edit=edit_proof(0, checkpoint=b"no note\n")), "C07") == ("FAILED", "FORMAT_FAILURE")


def test_a_checkpoint_of_another_origin_fails():
    """The right key over a text of another origin: WRONG_LOG."""
    other = Universe(origin="zheng.example/TEST/other")
    keyed = ed25519_vkey(ORIGIN, other.vkey.public_key)
    assert keyed == OURS.vkey
    note = OURS.note(standard().leaves)
    body, _, _ = note.partition(b"\n\n")
    text = body.replace(ORIGIN.encode(), b"zheng.example/TEST/other") + b"\n"
    line = NoteSignature(OURS.vkey.name, OURS.vkey.key_id, OURS.log_key.sign(text))
    report = run(edit=edit_proof(1, checkpoint=format_note(text.decode(), [line])))
    assert outcome(report, "C07") == ("FAILED", "WRONG_LOG")


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(0, 13, "INDETERMINATE"), (9, None, "INDETERMINATE"), (0, 14, "PASSED"), (8, None, "PASSED")],
)
def test_a_key_is_good_for_its_interval_of_sizes(first, last, expected):
    """Checkpoints of 8 and 13 leaves: a key from 9 on, or up to 13, does not sign both."""
    report = run(policy=log(keys=(LogKey(OURS.vkey, first, last),)))
    assert outcome(report, "C07")[0] == expected
    assert outcome(report, "C06")[0] == ("PASSED" if expected == "PASSED" else "SKIPPED")


def test_two_keys_in_turn():
    """After a rotation each checkpoint is judged by the key of its size; the old key signs no later one."""
    keys = (LogKey(FORGER.vkey, 0, 9), LogKey(OURS.vkey, 9, None))
    report = run(policy=log(keys=keys) | {"chains": ()})
    assert codes(report, "C07") == {"KEY_UNKNOWN", "NO_WITNESS"}
    statuses = [f.status for f in report.check(CheckId.C07).findings]
    assert statuses == ["INDETERMINATE", "PASSED", "NOT_PROVIDED"]


def test_no_checkpoint_is_nothing_proved():
    """Without proofs: C07 NO_CHECKPOINT, C06 no path, C08 and C11 nothing provided."""
    report = run(edit=lambda bundle: replace(bundle, proofs=(), consistency=()))
    assert outcome(report, "C07") == ("NOT_PROVIDED", "NO_CHECKPOINT")
    assert outcome(report, "C06") == ("NOT_PROVIDED", "NO_INCLUSION_PROOF")
    assert outcome(report, "C08") == ("NOT_PROVIDED", "NO_LATER_CHECKPOINT")
    assert outcome(report, "C11") == ("NOT_PROVIDED", "NOT_COVERED")


# --- C06 ---------------------------------------------------------------------------------------------------------


def inclusion(position, **changes):
    def edit(inclusions):
        items = list(inclusions)
        items[position] = replace(items[position], **changes)
        return tuple(items)

    return edit


@pytest.mark.parametrize("changes", [{"index": 3}, {"path": (bytes(32),) * 4}, {"index": 200}, {"path": ()}])
def test_a_path_that_leads_elsewhere_fails(changes):
    """Another index, other hashes, an index outside of the tree, a path of wrong length."""
    report = run(edit=edit_proof(1, inclusions=inclusion(0, **changes)))
    assert outcome(report, "C06")[0] == "FAILED"
    assert report.overall is Overall.INCONSISTENT


def test_a_leaf_without_a_path_is_not_included():
    """Every leaf needs one; the case's last events have none under the first checkpoint."""
    report = run(edit=lambda b: replace(b, proofs=b.proofs[:1], consistency=()))
    assert outcome(report, "C06") == ("NOT_PROVIDED", "NO_INCLUSION_PROOF")
    assert outcome(report, "A1")[0] == "NOT_PROVIDED"


def test_one_event_listed_twice_is_found():
    """The same leaf as two events: two leaves of one place, one number, one id."""

    def edit(bundle):
        events = (*bundle.events, bundle.events[-1])
        shift = len(bundle.events)
        proofs = []
        for proof in bundle.proofs:
            moved = [replace(i, event=i.event + (i.event >= shift)) for i in proof.inclusions]
            last = [replace(i, event=shift) for i in proof.inclusions if i.event == shift - 1]
            proofs.append(
                replace(proof, inclusions=tuple(sorted([*moved, *last], key=lambda item: item.event)))
            )
        return replace(bundle, events=events, proofs=tuple(proofs))

    report = run(edit=edit)
    assert outcome(report, "C06") == ("FAILED", "INCLUSION_FAILURE")
    assert "FORK" in codes(report, "C04")
    assert "DUPLICATE_ID" in codes(report, "C03")


def test_one_leaf_at_two_places_is_found():
    """The very same leaf deposited twice is in the tree twice; the bundle cannot say it stands at both."""
    story = standard()
    leaves = [*story.leaves, story.leaves[4]]
    later = BundleProof(OURS.note(leaves), (Inclusion(0, 13, path(13, leaves)),))

    def edit(bundle):
        step = ConsistencyStep(13, 14, growth(13, leaves))
        return replace(bundle, proofs=(*bundle.proofs, later), consistency=(*bundle.consistency, step))

    report = run(edit=edit)
    assert outcome(report, "C06") == ("FAILED", "INCLUSION_FAILURE")
    assert outcome(report, "C08") == ("PASSED", "")


# --- C08 ---------------------------------------------------------------------------------------------------------


def test_a_growth_that_does_not_hold_fails():
    """A consistency path of other hashes: CONSISTENCY_FAILURE, A1 and A3 fail."""
    report = run(
        edit=lambda b: replace(
            b, consistency=(replace(b.consistency[0], path=(bytes(32), *b.consistency[0].path[1:])),)
        )
    )
    assert outcome(report, "C08") == ("FAILED", "CONSISTENCY_FAILURE")
    assert (outcome(report, "A1")[0], outcome(report, "A3")[0]) == ("FAILED", "FAILED")


def test_two_heads_of_one_size_fail():
    """The log signed two trees of 13 leaves: a fork, seen without any path."""
    story = standard()
    forked = [*story.leaves[:-1], bytes(32)]
    other = replace(
        story.bundle().proofs[1], checkpoint=OURS.note(forked), inclusions=(), tokens=(), anchors=()
    )
    report = run(edit=lambda b: replace(b, proofs=(*b.proofs, other)))
    assert outcome(report, "C08") == ("FAILED", "CONSISTENCY_FAILURE")
    assert report.overall is Overall.INCONSISTENT


def test_growth_not_shown_is_not_provided():
    """Two checkpoints without a path between them."""
    report = run(edit=lambda b: replace(b, consistency=()))
    assert outcome(report, "C08") == ("NOT_PROVIDED", "NO_CONSISTENCY_PROOF")


def test_a_step_between_sizes_that_are_not_there_is_skipped():
    """A path from 8 to 9 joins no two checkpoints that were accepted."""
    extra = ConsistencyStep(8, 9, ())
    report = run(edit=lambda b: replace(b, consistency=(*b.consistency, extra)))
    assert outcome(report, "C08") == ("SKIPPED", "DEPENDENCY")


def test_one_checkpoint_alone_shows_no_growth():
    """NO_LATER_CHECKPOINT."""
    steps: list = [step for step in OURS.steps() if not isinstance(step, Mark)]
    steps[-1:] = [Mark(30)]
    steps[8] = steps[8].but(after=lambda story: ())
    assert outcome(run(steps), "C08") == ("NOT_PROVIDED", "NO_LATER_CHECKPOINT")


# --- a stolen key ------------------------------------------------------------------------------------------------


def stolen(claimed, notice, key=OURS.vkey):
    return log(compromised=(CompromisedKey(key, minute(notice), minute(claimed)),))


@pytest.mark.parametrize(
    ("claimed", "notice", "expected"),
    [
        (60, 90, ("PASSED", "COMPROMISE_NOTICE")),
        (20, 90, ("INDETERMINATE", "COMPROMISE_WINDOW")),
        (
            -90,
            90,
            ("INDETERMINATE", "COMPROMISE_WINDOW"),
        ),  # a back-dated claim destroys nothing that was dated
        (20, 25, ("FAILED", "KEY_COMPROMISED")),
        (20, 30, ("FAILED", "KEY_COMPROMISED")),  # at the very moment of the notice
        (30, 90, ("INDETERMINATE", "COMPROMISE_WINDOW")),
    ],
)
def test_compromise_three_zones(claimed, notice, expected):
    """Dated before the claimed theft: good. Between claim and proven notice: open. Later: worthless."""
    report = run(policy=stolen(claimed, notice))
    assert outcome(report, "C07") == expected


def test_compromise_without_proof_of_existence_fails():
    """Only a test authority and a development chain dated it: nothing shows that it is older than the notice."""
    report = run(policy=stolen(60, 90) | {"tsas": (OURS.trusted_tsa("test"),), "chains": ()})
    assert outcome(report, "C07") == ("FAILED", "KEY_COMPROMISED")


def test_compromise_is_dated_by_a_trusted_block_too():
    """No token, but a pinned block before the claimed theft."""
    report = run(policy=stolen(60, 90) | {"tsas": ()})
    assert outcome(report, "C07") == ("PASSED", "COMPROMISE_NOTICE")


def test_compromise_counts_the_accuracy_of_the_token():
    """A token of 03:30 ± 45 minutes does not show that the signature is older than 04:00."""
    steps = changed(14, accuracy=45 * 60, chains=("public",))
    policy = stolen(60, 90)
    report = run(steps, policy=policy | {"chains": ()})
    assert "COMPROMISE_WINDOW" in codes(report, "C07")


def test_compromise_of_another_key_is_nobodys_business():
    """A line that merely carries the stolen key's name and id, signed by nobody, does not spoil our note."""
    other = ed25519_vkey("zheng.example/TEST/stolen", FORGER.vkey.public_key)
    note = standard().marks[1][1].checkpoint
    line = NoteSignature(other.name, other.key_id, bytes(64)).line.encode() + b"\n"
    report = run(edit=edit_proof(1, checkpoint=note + line), policy=stolen(20, 25, other))
    assert outcome(report, "C07") == ("PASSED", "")


def test_a_time_at_the_end_of_the_calendar_is_no_crash():
    """genTime and accuracy beyond the year 9999 are held at its end."""
    result = TimestampResult(
        AT.replace(year=9999), Accuracy(2**31 - 1, 0, 0), 1, "1.2", "", "sha256", "ed25519", False, ()
    )
    early = replace(result, gen_time=START.replace(year=1))
    assert Timed(0, 1, "", b"", result).not_after.year == 9999
    assert Timed(0, 1, "", b"", early).not_before.year == 1
    assert Timed(0, 1, "", b"", replace(result, accuracy=None)).not_after == result.gen_time
    assert Timed(0, 1, "", b"", replace(result, accuracy=Accuracy(60, 0, 0))).not_before == (
        result.gen_time - timedelta(minutes=1)
    )
