"""A forger who repairs what can be repaired without keys: digests, links, a tree, tokens and anchors of his own.

Flips find corruption; only this finds forgery. What is asserted, under the user's policy: no axis that rests on
changed content passes. A changed leaf takes A1, A2 and A3 with it; an entry changed under an unchanged leaf fails A1.
"""

import hashlib
import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from makers.universe import (
    DOCUMENTS,
    ORIGIN,
    OURS,
    SIGNED_FILE,
    Document,
    Universe,
    growth,
    minute,
    path,
    root,
    standard,
    uuid,
    verify,
)
from zheng_verifier.bundle import Bundle, ConsistencyStep
from zheng_verifier.canonical import format_json
from zheng_verifier.checkpoint import Checkpoint, format_checkpoint_body, stamped_bytes
from zheng_verifier.checks.verdict import judge_overall
from zheng_verifier.encoding import format_base64url
from zheng_verifier.entry import entry_digest
from zheng_verifier.merkle import TreeHead, leaf_hash
from zheng_verifier.note import NoteSignature, format_note
from zheng_verifier.policy import format_policy
from zheng_verifier.report.model import AxisId, AxisResult, Overall, PolicySource, Status
from zheng_verifier.sealed import Disclosure, disclosure_digest, format_disclosure

FORGER = Universe("forger", origin=ORIGIN)
HONEST = standard().bundle()
LEAVES = {event.leaf for event in HONEST.items}


def change_entry(bundle: Bundle, position: int, change) -> Bundle:
    """Change the JSON of an entry; ``change`` may give new disclosures."""
    event = bundle.events[position]
    body = json.loads(event.entry)
    disclosures = change(body) or event.disclosures
    events = list(bundle.events)
    events[position] = replace(event, entry=format_json(body), disclosures=disclosures)
    return replace(bundle, events=tuple(events))


def set_member(*steps):
    *way, name, value = steps

    def change(body):
        for step in way:
            body = body[step]
        body[name] = value

    return change


def replace_title(body):
    text = format_disclosure(Disclosure(b"salt of a forger", "另一份合同"))
    body["claim"]["data"]["title"] = {"_sd": [disclosure_digest(text)]}
    return (text,)


def drop(position):
    """Leave an event out and renumber the rest, as if it had never been."""

    def change(bundle):
        kept = [number for number in range(len(bundle.items)) if number != position]
        events = list(bundle.events[:position])
        for event in bundle.events[position + 1 :]:
            leaf = json.loads(event.leaf)
            leaf["seq"] -= 1
            events.append(replace(event, leaf=format_json(leaf)))
        proofs = tuple(
            replace(
                proof,
                inclusions=tuple(
                    replace(i, event=kept.index(i.event)) for i in proof.inclusions if i.event != position
                ),
            )
            for proof in bundle.proofs
        )
        return replace(bundle, events=tuple(events), proofs=proofs)

    return change


def entry(position, change):
    return lambda bundle: change_entry(bundle, position, change)


OTHER_FILE = SIGNED_FILE + b", altered"
CHANGES = {
    "an earlier receipt": entry(3, set_member("received_at", "2026-05-04T03:04:00.000Z")),
    "another title": entry(1, replace_title),
    "another signed file": entry(
        3,
        set_member("claim", "documents", 0, "digests", {"sha256": hashlib.sha256(OTHER_FILE).hexdigest()}),
    ),
    "longer reading": entry(2, set_member("claim", "data", "dwell_ms", 999_999)),
    "another id": entry(2, set_member("claim", "id", uuid("of a forger"))),
    "another party": entry(3, set_member("claim", "data", "party", uuid("another party"))),
    "signed by the service": entry(3, set_member("submitter", {"kind": "service"})),
    "seen by the service": entry(3, set_member("checked", "documents", [0])),
    "another nonce": entry(0, set_member("nonce", format_base64url(bytes(16)))),
    "another type": entry(3, set_member("claim", "type", "party.rejected/1")),
    "no viewing": drop(2),
    "no signing": drop(3),
}


def relink(bundle: Bundle) -> Bundle:
    """Put the digest of each entry into its leaf, and each leaf's hash into the next."""
    events, before = [], None
    for event in bundle.events:
        leaf = json.loads(event.leaf) | {"entry": format_base64url(entry_digest(event.entry))}
        if before is not None:
            leaf["prev"] = format_base64url(before)
        data = format_json(leaf)
        before = leaf_hash(data)
        events.append(replace(event, leaf=data))
    return replace(bundle, events=tuple(events))


def regrow(bundle: Bundle, *, our_key_id: bool, evidence: bool) -> Bundle:
    """Make a tree with the changed leaves in their places, sign its heads, and get tokens and anchors for them."""
    leaves = list(standard().leaves)
    for proof in bundle.proofs:
        for inclusion in proof.inclusions:
            leaves[inclusion.index] = leaf_hash(bundle.items[inclusion.event].leaf)
    proofs = []
    sizes = [8, 13]
    for size, proof in zip(sizes, bundle.proofs, strict=True):
        head = TreeHead(size, root(leaves[:size]))
        body = format_checkpoint_body(Checkpoint(ORIGIN, *_pair(head)))
        key = OURS.vkey if our_key_id else FORGER.vkey
        line = NoteSignature(key.name, key.key_id, FORGER.log_key.sign(body.encode()))
        note = format_note(body, [line])
        stamped = stamped_bytes(note, key)
        changed = replace(
            proof,
            checkpoint=note,
            inclusions=tuple(replace(i, path=path(i.index, leaves[:size])) for i in proof.inclusions),
        )
        if evidence:
            tokens = (FORGER.token("tsa", stamped, minute(10)),)
            changed = replace(
                changed, tokens=tokens, anchors=(FORGER.anchor("public", head, stamped, minute(11)),)
            )
        proofs.append(changed)
    steps = tuple(ConsistencyStep(old, new, growth(old, leaves[:new])) for old, new in pairwise(sizes))
    return replace(bundle, proofs=tuple(proofs), consistency=steps)


def _pair(head: TreeHead) -> tuple[int, bytes]:
    return head.size, head.root_hash


REPAIRS = {
    "nothing": lambda bundle: bundle,
    "links": relink,
    "a tree under his key": lambda b: regrow(relink(b), our_key_id=False, evidence=False),
    "a tree under our key's id": lambda b: regrow(relink(b), our_key_id=True, evidence=False),
    "tokens and anchors of his own": lambda b: regrow(relink(b), our_key_id=False, evidence=True),
    "everything under our key's id": lambda b: regrow(relink(b), our_key_id=True, evidence=True),
}
POLICY = format_policy(OURS.policy(standard()))


def check(forged: Bundle, documents) -> None:
    report = verify(forged, POLICY, documents=documents)
    assert report.overall is not Overall.CONSISTENT
    statuses = [report.axis(axis).status for axis in (AxisId.A1, AxisId.A2, AxisId.A3)]
    assert statuses[0] is not Status.PASSED
    if any(event.leaf not in LEAVES for event in forged.items):
        assert Status.PASSED not in statuses
    else:
        assert statuses[0] is Status.FAILED
        assert report.overall is Overall.INCONSISTENT


@pytest.mark.parametrize("repair", REPAIRS)
@pytest.mark.parametrize("change", CHANGES)
def test_no_repair_makes_a_forgery_pass(change, repair):
    """Each change under each repair, with the forger's own file in place of ours."""
    documents = (DOCUMENTS[0], Document("signed.pdf", OTHER_FILE)) if "file" in change else DOCUMENTS
    check(REPAIRS[repair](CHANGES[change](HONEST)), documents)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([c for c in CHANGES if not c.startswith("no ")]), min_size=1, max_size=4),
    st.sampled_from(sorted(REPAIRS)),
)
def test_no_mixture_of_changes_passes(changes, repair):
    """Several changes at once, repaired together."""
    forged = HONEST
    for change in changes:
        forged = CHANGES[change](forged)
    check(REPAIRS[repair](forged), DOCUMENTS)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 6), st.integers(0, 40), st.binary(min_size=1, max_size=6), st.sampled_from(sorted(REPAIRS))
)
def test_no_scribbling_passes(position, place, text, repair):
    """Random digits and letters over an entry's values, then repaired."""
    event = HONEST.events[position]
    letters = text.hex().encode()
    start = event.entry.index(b'"nonce":"') + 9
    changed = (
        event.entry[:start]
        + letters[: 22 - place % 10]
        + event.entry[start + len(letters[: 22 - place % 10]) :]
    )
    if changed == event.entry:
        return
    events = list(HONEST.events)
    events[position] = replace(event, entry=changed)
    check(REPAIRS[repair](replace(HONEST, events=tuple(events))), DOCUMENTS)


def test_a_whole_universe_of_the_forger_is_not_ours():
    """Own log under our origin, own contract, authority and platforms: nothing of it passes under our policy."""
    story = FORGER.story()
    report = verify(story.bundle(), POLICY)
    assert not {report.axis(axis).status for axis in (AxisId.A1, AxisId.A2, AxisId.A3)} & {Status.PASSED}
    assert report.overall in (Overall.INCOMPLETE, Overall.INCONSISTENT)


def test_a_whole_universe_under_its_own_policy_is_capped():
    """All of it agrees with itself; its policy came with it, and the word stays below CONSISTENT even with A4."""
    story = FORGER.story()
    report = verify(story.bundle(), FORGER.policy(story), source=PolicySource.PACKAGE)
    assert [report.axis(axis).status for axis in (AxisId.A1, AxisId.A2, AxisId.A3)] == [Status.PASSED] * 3
    best = [AxisResult(axis, Status.PASSED, ()) for axis in AxisId]
    assert judge_overall(best, source=PolicySource.PACKAGE, policy_current=True) is Overall.INCOMPLETE
    assert report.overall is Overall.INCOMPLETE
    assert "POLICY_FROM_PACKAGE" in report.notes


def test_honest_evidence_passes_where_forgeries_do_not():
    """The measure of the tests above: unchanged, all three axes pass."""
    report = verify(HONEST, POLICY)
    assert [report.axis(axis).status for axis in (AxisId.A1, AxisId.A2, AxisId.A3)] == [Status.PASSED] * 3
