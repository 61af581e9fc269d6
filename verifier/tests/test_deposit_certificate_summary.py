"""What a bundle says of its case, in a record's terms: the last event of the platform, and what covers it."""

from dataclasses import replace

import pytest
from makers import certificates
from makers.universe import CASE, CONTRACT_FILE, OURS, PARTY, Deposit, Mark, Story, document, standard
from zheng_verifier.bundle import parse_bundle
from zheng_verifier.deposit_certificate.summary import summarise
from zheng_verifier.entry import parse_leaf
from zheng_verifier.errors import VerificationError

ATTESTED = {"seq": 1, "leaf": "A" * 43, "tree_size": 1}
CREATED = {
    "number": "HT-1",
    "parties": [{"ref": PARTY, "role": "landlord", "kind": "person", "name": {"_sd": ["A" * 43]}}, "x"],
}


def story(*steps):
    return summarise(Story(OURS).play(list(steps)).bundle())


def event(type_name="case.opened/1", data=None, kind="api-key", **more):
    return Deposit(type_name, data or {"kind": "contract"}, 1, kind, **more)


def test_what_the_service_adds_afterwards_is_not_counted():
    """The newest event covered is the last that a platform deposited."""
    shown = summarise(parse_bundle(certificates.bundle()))
    events = standard().bundle().events
    assert shown.event_count <= len(events)
    assert parse_leaf(events[shown.event_count - 1].leaf).case == CASE
    last = event()
    shown = story(last, event("evidence.attested/1", ATTESTED, "service"), Mark(2))
    assert (shown.event_count, shown.roles, shown.claimed) == (1, None, None)


def test_the_best_position_comes_last():
    """An anchored checkpoint is better than a later one that is only signed; else the larger one is."""
    shown = story(event(), Mark(2), event("case.closed/1", {}, "service"), Mark(3, chains=(), tsas=()))
    assert [position.tree_size for position in shown.positions] == [2, 1]
    shown = story(event(), Mark(2, chains=()), event("case.closed/1", {}, "service"), Mark(3, chains=()))
    assert [position.tree_size for position in shown.positions] == [1, 2]


def test_parties_are_given_by_their_roles():
    """Names are sealed; what is no party has no role."""
    created = Deposit(
        "contract.created/1", {}, 1, "api-key", tamper=lambda claim: replace(claim, data=CREATED)
    )
    assert story(event(), created, Mark(2)).roles == ("landlord", "")


def test_a_document_stands_once_in_each_role():
    """The same file deposited again is not listed again, unless in another role."""
    files = (document("original", CONTRACT_FILE), document("shown", CONTRACT_FILE))
    steps = [event(documents=files[:1]), event("case.closed/1", {}, documents=files), Mark(2)]
    assert [each.role for each in story(*steps).documents] == ["original", "shown"]


def changed(bundle, **changes):
    """Change the only event of a bundle."""
    return replace(bundle, events=(replace(bundle.events[0], **changes),))


@pytest.mark.parametrize(
    "change",
    [
        lambda bundle: changed(bundle, entry=None),
        lambda bundle: changed(bundle, entry=b"{}"),
        lambda bundle: changed(bundle, leaf=b"{}"),
        lambda bundle: changed(bundle, entry=standard().bundle().events[1].entry),
        lambda bundle: replace(bundle, case="0c9f4b1e-52d7-4a6e-9a3e-6d1f0b7a8c21"),
        lambda bundle: replace(bundle, proofs=()),
        lambda bundle: replace(bundle, proofs=(replace(bundle.proofs[0], inclusions=()),)),
        lambda bundle: replace(bundle, proofs=(replace(bundle.proofs[0], checkpoint=b"x"),)),
    ],
)
def test_nothing_to_certify_is_said(change):
    """Withheld, unreadable, of another leaf or case, or under no checkpoint: there is nothing to say."""
    bundle = Story(OURS).play([event(), Mark(2)]).bundle()
    assert summarise(bundle).event_count == 1
    with pytest.raises(VerificationError) as caught:
        summarise(change(bundle))
    assert caught.value.code == "NOTHING_TO_CERTIFY"


def test_what_does_not_parse_is_left_out():
    """A token or anchor that cannot be read gives no line; its own check says why."""
    bundle = Story(OURS).play([event(), Mark(2)]).bundle()
    (proof,) = bundle.proofs
    anchor = replace(proof.anchors[0], header=b"x")
    shown = summarise(replace(bundle, proofs=(replace(proof, tokens=(b"x",), anchors=(anchor,)),)))
    assert (shown.tokens, shown.anchors) == ((), ())
