"""C07 witnesses, C12, C17, C22 and the bounds: what independent sources say, and what nobody says."""

from dataclasses import replace
from datetime import timedelta

import pytest
from makers.fullcase import FILES, FullCase, full_steps
from makers.universe import (
    LOG_CASE,
    OPERATOR,
    OURS,
    START,
    TENANT,
    Deposit,
    changed,
    codes,
    edit_event,
    edit_proof,
    minute,
    outcome,
    run,
    spki,
    standard,
    uuid,
    verify,
)
from zheng_verifier.claim import AfterLeaf, AfterToken
from zheng_verifier.encoding import format_base64url
from zheng_verifier.errors import VerificationError
from zheng_verifier.jws import key_fingerprint
from zheng_verifier.policy import CompromisedKey, LogKey, Quorum, TrustedLog, WitnessRule
from zheng_verifier.report.model import AxisId, CheckId, Status
from zheng_verifier.report.sentences import word
from zheng_verifier.statement import Component, Interest, Operator, Statement, format_statement

LATER = START + timedelta(days=2)
W1, W2 = OURS.witness("w1")[0], OURS.witness("w2")[0]


def log(**changes):
    made = TrustedLog(OURS.origin, LOG_CASE, (LogKey(OURS.vkey, 0, None),), WitnessRule(0, ()))
    return {"logs": (replace(made, **changes),)}


def cosigned(first=(), last=()):
    steps = changed(14, cosigned=last)
    steps[8] = steps[8].but(cosigned=first)
    return steps


BOTH = (("w1", 29), ("w2", 28))


# --- C07: witnesses ----------------------------------------------------------------------------------------------


def test_nobody_asked_for_witnesses_and_none_is_assumed():
    """Not a shortcoming of C07, and said all the same."""
    report = run()
    assert outcome(report, "C07") == ("PASSED", "")
    assert "NO_WITNESS" in codes(report, "C07")
    seen = run(cosigned(last=BOTH), policy=log(witnesses=WitnessRule(0, (W1,))))
    assert "NO_WITNESS" not in codes(seen, "C07")


@pytest.mark.parametrize("quorum", [Quorum(1, 1, 0), Quorum(1, 1, 2)])
def test_a_threshold_that_is_met(quorum):
    """Two of two over the last checkpoint, which covers every event; asked for by the log's entry or the quorum."""
    rule = WitnessRule(2 if quorum.witness == 0 else 0, (W1, W2))
    report = run(cosigned(last=BOTH), policy=log(witnesses=rule) | {"quorum": quorum})
    assert outcome(report, "C07") == ("PASSED", "")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ((), ()),
        (BOTH, ()),  # the events after the first checkpoint are not covered
        ((), (("w1", 29),)),
        ((("w1", 9),), (("w2", 29),)),  # one each over two checkpoints is not two over one
        ((), (("w1", 29), ("w1", 28))),  # one witness counts once
    ],
)
def test_a_threshold_that_is_not_met(first, last):
    """Fewer different witnesses over one checkpoint than asked for: undecided, and A1 and A3 with it."""
    report = run(cosigned(first, last), policy=log(witnesses=WitnessRule(2, (W1, W2))))
    assert outcome(report, "C07") == ("INDETERMINATE", "WITNESS_THRESHOLD_NOT_MET")
    assert outcome(report, "A1")[0] == outcome(report, "A3")[0] == "INDETERMINATE"


def test_a_cosignature_that_does_not_hold_is_false():
    """Whatever the threshold: a line by a known witness over another text."""
    stolen = OURS.cosign("w1", "another text\n", minute(29))

    def edit(note):
        return note + f"{stolen.line}\n".encode()

    report = run(edit=edit_proof(1, checkpoint=edit), policy=log(witnesses=WitnessRule(0, (W1,))))
    assert outcome(report, "C07") == ("FAILED", "SIG_CRYPTO_FAILURE")


def test_witnesses_of_a_checkpoint_that_is_not_accepted_count_for_nothing():
    """Signed by a key that the policy does not have for that size."""
    keys = (LogKey(OURS.vkey, 0, 9),)
    report = run(cosigned(last=BOTH), policy=log(keys=keys, witnesses=WitnessRule(1, (W1, W2))))
    assert outcome(report, "C07")[0] == "INDETERMINATE"
    assert "WITNESS_THRESHOLD_NOT_MET" in codes(report, "C07")


def test_a_cosignature_is_a_clock_of_its_own():
    """Earlier than the token it bounds the events; where no token is, it alone dates them."""
    policy = log(witnesses=WitnessRule(0, (W1, W2)))
    event = run(cosigned(last=BOTH), policy=policy).events[3]
    assert event.not_after.moment == minute(28)
    assert word(event.not_after.source, "en") == "cosignature of witness w2.example/TEST"
    assert len(event.upper) == 6
    alone = run(cosigned(last=BOTH), policy=policy | {"tsas": (), "chains": ()})
    assert outcome(alone, "C16")[0] == "PASSED"
    assert outcome(alone, "A2")[0] == "INDETERMINATE"


def test_a_cosignature_shows_that_a_stolen_key_signed_before():
    """The third source of existence of the log's signature (format-review §7)."""
    stolen = (CompromisedKey(OURS.vkey, LATER, minute(40)),)
    bare = {"tsas": (), "chains": ()}
    policy = log(witnesses=WitnessRule(0, (W1, W2)), compromised=stolen) | bare
    both = run(cosigned(BOTH, BOTH), policy=policy)
    assert "COMPROMISE_NOTICE" in codes(both, "C07")
    assert "KEY_COMPROMISED" not in codes(both, "C07")
    assert "KEY_COMPROMISED" in codes(run(policy=policy), "C07")


# --- C12 ---------------------------------------------------------------------------------------------------------


def test_a_second_authority_or_chain_the_policy_trusts():
    """Either is support beyond the first."""
    steps = changed(14, tsas=("tsa", "second"), chains=("public",))
    tsas = (OURS.trusted_tsa("tsa"), OURS.trusted_tsa("second"))
    assert outcome(run(steps, policy={"tsas": tsas}), "C12") == ("PASSED", "")
    story = OURS.story(changed(14, chains=("public", "third")))
    blocks = [anchor for _, proof in story.marks for anchor in proof.anchors]
    chains = (OURS.trusted_chain("public", blocks), OURS.trusted_chain("third", blocks))
    report = verify(story.bundle(), OURS.policy(story, chains=chains))
    assert outcome(report, "C12") == ("PASSED", "")


def test_one_of_each_is_no_second():
    """The first chain and the first authority are C10's and C11's."""
    steps = cosigned()
    steps[14] = steps[14].but(tsas=("tsa",), chains=("public",))
    steps[8] = steps[8].but(tsas=("tsa",), chains=("public",))
    assert outcome(run(steps), "C12") == ("NOT_PROVIDED", "NO_SECOND_SUPPORT")


def context(event_type, data, minute_=0):
    return Deposit(event_type, data, minute_, "service", case=LOG_CASE, tenant=OPERATOR)


def with_context(*deposits):
    steps = OURS.steps()
    return [*steps[:14], *deposits, steps[14]]


CHAIN = {
    "chain_id": 4005,
    "chain_kind": "public",
    "genesis_hash": "00" * 32,
    "contract": "11" * 20,
    "code_hash": "22" * 32,
    "log_id": "33" * 32,
    "creator": "44" * 20,
    "publishers": ["55" * 20],
    "finality": 1,
}


def test_a_chain_in_use_without_a_record_is_pending():
    """The log's own case says so: CROSS_ANCHOR_PENDING; what is not trusted is said beside."""
    report = run(with_context(context("anchor.registered/1", CHAIN)))
    assert outcome(report, "C12") == ("INDETERMINATE", "CROSS_ANCHOR_PENDING")
    assert "SECOND_NOT_TRUSTED" in codes(report, "C12")


# --- C17 ---------------------------------------------------------------------------------------------------------


def test_knowledge_is_as_old_as_the_policy():
    """Issued before the last deposit it cannot know: undecided. Issued after it, and nothing named: passed."""
    assert outcome(run(), "C17") == ("INDETERMINATE", "KNOWLEDGE_TOO_OLD")
    report = run(policy={"issued_at": LATER})
    assert outcome(report, "C17") == ("PASSED", "")
    first = report.check(CheckId.C17).findings[0]
    assert word(first.subject, "en") == "revocation knowledge as of policy issued at 2026-05-06T03:00:00.000Z"


def test_a_withheld_event_is_dated_by_its_bound():
    """Its receipt is not shown; what covers it is. Without any, nothing is known."""
    hidden = edit_event(3, entry=None, disclosures=())
    assert outcome(run(edit=hidden, policy={"issued_at": LATER}), "C17") == ("PASSED", "")
    assert outcome(run(edit=hidden, policy={"issued_at": minute(17)}), "C17")[1] == "KNOWLEDGE_TOO_OLD"


def key_event(event_type, minute_=0, **more):
    kid = format_base64url(key_fingerprint(spki(OURS.platform("ed25519"))))
    data = {"tenant": TENANT, "kid": kid, "reason_code": "superseded", "requested_by": "tenant"}
    return context(event_type, data | more, minute_)


def test_a_key_revoked_after_its_last_use_here():
    """REVOKED_SINCE passes; revoked before a use it does not."""
    policy = {"issued_at": LATER}
    since = run(with_context(key_event("key.revoked/1", 18)), policy=policy)
    assert outcome(since, "C17") == ("PASSED", "REVOKED_SINCE")
    steps = OURS.steps()
    early = run([*steps[:9], key_event("key.revoked/1", 11), *steps[9:]], policy=policy)
    assert outcome(early, "C17") == ("INDETERMINATE", "REVOKED")
    stranger = key_event("key.revoked/1", 18, kid="A" * 43)
    assert outcome(run(with_context(stranger), policy=policy), "C17") == ("PASSED", "")


def test_a_log_key_that_its_own_case_calls_compromised():
    """The policy does not say so, the log does: a notice all the same."""
    data = {
        "key_kind": "log",
        "kid": "A" * 43,
        "notice_at": "2026-05-04T03:18:00.000Z",
        "authority": "operator",
    }
    report = run(with_context(context("key.compromised/1", data, 18)), policy={"issued_at": LATER})
    assert outcome(report, "C17") == ("INDETERMINATE", "COMPROMISE_NOTICE")


def test_a_key_that_was_replaced():
    """SUPERSEDED says it, and it passes."""
    old = format_base64url(key_fingerprint(spki(OURS.platform("ed25519"))))
    data = {
        "tenant": TENANT,
        "old_kid": old,
        "new_kid": "A" * 43,
        "spki": "AAAA",
        "algorithm": "EdDSA",
        "possession": "eyJhbGciOiJFZERTQSJ9.e30." + "A" * 86,
        "authorization": "eyJhbGciOiJFZERTQSJ9.e30." + "A" * 86,
    }
    report = run(with_context(context("key.rotated/1", data, 18)), policy={"issued_at": LATER})
    assert outcome(report, "C17") == ("PASSED", "SUPERSEDED")


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("compromised", ("INDETERMINATE", "COMPROMISE_NOTICE")), ("ceased", ("PASSED", "TRUST_ENDED"))],
)
def test_an_authority_that_the_log_retired(reason, expected):
    """Compromised is a notice; ceased is none against what it stamped before."""
    data = {"name": "tsa1", "root_sha256": "00" * 32, "reason_code": reason}
    report = run(with_context(context("tsa.retired/1", data, 18)), policy={"issued_at": LATER})
    assert outcome(report, "C17") == expected


def test_an_authority_whose_trust_ended():
    """The policy trusts it only until a time before the verification: said, and passed for what it stamped."""
    tsas = (OURS.trusted_tsa("tsa", valid_until=LATER), OURS.trusted_tsa("test"))
    policy = {"issued_at": LATER, "tsas": tsas}
    assert outcome(run(policy=policy), "C17") == ("PASSED", "TRUST_ENDED")
    assert outcome(run(policy=policy, at=None), "C17") == ("PASSED", "")


def case_event(name, event_type, data, private=None):
    gone = dict.fromkeys(("count", "head", "outcome"))
    change = {"_type": event_type, "_private": private or {}} | gone | data
    return full_steps(**{name: change})


REVOKED = {
    "party": None,
    "ca": "ca1",
    "simulated": False,
    "revoked_at": "2026-05-04T03:20:00.000Z",
    "reason_code": "key_compromise",
    "status_kind": "crl",
    "status_sha256": "00" * 32,
}


@pytest.mark.parametrize(
    ("revoked_at", "key", "expected"),
    [
        ("2026-05-04T03:20:00.000Z", None, "REVOKED_SINCE"),
        ("2026-05-04T03:10:00.000Z", None, "REVOKED"),
        ("2026-05-04T03:10:00.000Z", uuid("another key"), "REVOKED_SINCE"),
        ("2026-05-04T03:10:00.000Z", uuid("key"), "REVOKED"),
    ],
)
def test_a_signers_certificate_that_the_case_says_is_revoked(revoked_at, key, expected):
    """By the time of a signature: undecided; after it, or of another key: said."""
    data = REVOKED | {"revoked_at": revoked_at} | ({} if key is None else {"key": key})
    steps = case_event("closed", "certificate.revoked/1", data, {"certificate": "e5" * 32})
    report = run(steps, documents=FILES, policy={"issued_at": LATER})
    assert expected in codes(report, "C17")


@pytest.mark.parametrize(
    ("event_type", "more", "code"),
    [
        ("evidence.certificate_revoked/1", {"reason": "error"}, "REVOKED"),
        ("evidence.certificate_superseded/1", {"successor": "AAAAA-AAAAA-AAAAA-AAAAA"}, "SUPERSEDED"),
    ],
)
def test_a_certificate_of_deposit_that_no_longer_stands(event_type, more, code):
    """The paper's standing is said; the evidence is judged by itself."""
    data = {"number": "AAAAA-AAAAA-AAAAA-AAAAA", "certificate_sha256": "00" * 32} | more
    gone = dict.fromkeys(("seq", "leaf", "tree_size"))
    case = FullCase()
    case.steps[case.place("attested")] = Deposit(event_type, gone | data, 25, "service", opened="all")
    step = case.steps[case.place("attested")]
    case.steps[case.place("attested")] = step.but(data={k: v for k, v in step.data.items() if v is not None})
    story_run = run(case.steps, documents=FILES, policy={"issued_at": LATER})
    assert code in codes(story_run, "C17")


def test_a_signature_that_does_not_parse_uses_no_key(monkeypatch):
    """C05 says so; C17 goes on."""
    from zheng_verifier.checks import revocations

    def refuse(_):
        raise VerificationError("FORMAT_FAILURE", "TEST")

    monkeypatch.setattr(revocations, "parse_jws", refuse)
    report = run(with_context(key_event("key.revoked/1", 18)), policy={"issued_at": LATER})
    assert outcome(report, "C17") == ("PASSED", "")


# --- C22 ---------------------------------------------------------------------------------------------------------

MINE = Component("log", "TEST log", "Example Ltd.", related=True)
PLAIN = Statement(Operator("Example Ltd."), components=(replace(MINE, related=False),), interests=())


@pytest.mark.parametrize(
    ("statement", "status", "code"),
    [
        (None, "NOT_PROVIDED", "NOT_PROVIDED"),
        (format_statement(PLAIN), "INDETERMINATE", "DISCLOSED"),
        (format_statement(replace(PLAIN, components=(MINE,))), "INDETERMINATE", "INTEREST_PRESENT"),
        (
            format_statement(replace(PLAIN, interests=(Interest("TEST platform", "shareholder"),))),
            "INDETERMINATE",
            "INTEREST_PRESENT",
        ),
        (b"{}", "FAILED", "FIELD_MISSING"),
    ],
)
def test_a_statement_is_disclosed_and_never_passes(statement, status, code):
    """A disclosure is not independence (ADR 0010); the overall word does not hear of it."""
    report = run(statement=statement)
    assert outcome(report, "C22") == (status, code)
    assert outcome(report, "A9")[0] == status
    assert report.overall is run().overall
    for finding in report.check(CheckId.C22).findings:
        assert finding.status is not Status.PASSED
        assert word(finding.subject, "zh-CN")
    assert report.axis(AxisId.A9).codes == (f"C22:{code}",)


# --- bounds ------------------------------------------------------------------------------------------------------


def test_a_certificates_start_is_a_weak_bound():
    """Listed with its source, and not the event's lower bound."""
    report = run(full_steps(), documents=FILES)
    signed = next(event for event in report.events if event.type == "party.signed/1")
    assert [(bound.weak, bound.trusted) for bound in signed.lower] == [(True, False)]
    assert signed.not_before is None


def test_a_certificate_of_another_key_bounds_nothing():
    """Or one whose start is not stated well."""
    report = run(full_steps(certificate={"key": uuid("other")}), documents=FILES)
    assert all(event.lower == () for event in report.events)


def test_a_leaf_named_as_after_brings_its_own_bound():
    """An event that names a leaf which names a token is not older than the token."""
    steps = OURS.steps()
    first = standard().token_digest()

    def after_leaf(story):
        return (AfterLeaf(story.leaves[8]),)

    steps[9] = steps[9].but(after=lambda story: (AfterToken(first),))
    steps[10] = steps[10].but(after=after_leaf)
    event = run(steps).events[4]
    assert event.not_before.moment == minute(10)
    assert event.lower[0].trusted
