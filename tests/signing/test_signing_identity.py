"""Identities: compared or reviewed, ended once, recorded as they are; nothing said where nothing was checked."""

import hashlib
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from people_world import ADMIN_KEY, COMPANY, PERSON, SEEN, STRANGER, TENANT, World, new_id
from zheng_verifier.taxonomy.sequence import CaseEvent, sequence_warnings

from signing.assurance import LEVELS, enough
from signing.database import write
from signing.errors import Refused
from signing.identity.checks import NewCheck
from signing.identity.methods import METHODS
from signing.identity.ports import Answer
from signing.identity.reviews import Decision
from signing.people.roles import Role
from signing.principal import Principal

CARD = "6222020200001234567"
FACE = b"\xff\xd8\xff\xe0 the only face of its kind " + bytes(range(256)) * 8
LETTER = b"%PDF-1.7 we authorise " + bytes(range(256)) * 8
APPROVE = Decision(approved=True)


@pytest.fixture
def world(engine, tmp_path, clock):
    return World(engine, tmp_path, clock)


@pytest.fixture
def person(world):
    made = world.account()
    world.consent(made.id, "identity_verification", "biometric")
    return made


@pytest.fixture
def company(world, person):
    start(world, person.id, "telecom3")
    return world.account(COMPANY, kind="organization", agent=person.id)


def start(world, account, method, *, by=ADMIN_KEY, check=None, **values):
    new = NewCheck(check or new_id(), account, method, **values)
    return world.identities.checks.start(by, new)[0]


def refused(code, call, /, *args, **options):
    with pytest.raises(Refused) as caught:
        call(*args, **options)
    assert caught.value.code == code, caught.value
    return caught.value


def told(world, account, kind):
    dossier = world.people.accounts.get(ADMIN_KEY, account).dossier
    return [row for row in world.events(dossier) if row[0].startswith(kind)]


PERSON_WAYS = [
    ("id2", {}, "low", {"name", "id_number"}),
    ("telecom3", {}, "substantial", {"name", "id_number", "phone"}),
    ("bank3", {"bank_card": CARD}, "substantial", {"name", "id_number", "bank_card"}),
    ("eid", {"eid_token": "eyJ-token"}, "high", {"name", "id_number"}),
    ("alipay", {"alipay_code": "a1b2c3-code"}, "substantial", {"name", "id_number"}),
]


@pytest.mark.parametrize(("method", "values", "level", "fields"), PERSON_WAYS)
def test_a_person_is_compared(world, person, method, values, level, fields):
    """Each way records method, level, what was compared, and that a simulator answered."""
    check = start(world, person.id, method, **values)
    assert (check.state, check.level, check.simulated, check.provider) == (
        "verified",
        level,
        True,
        "simulator",
    )
    begun, verified = told(world, person.id, "identity.")
    assert begun[1] == {
        "subject_kind": "person",
        "level": level,
        "methods": [method],
        "account": person.id,
        "ip": "192.0.2.1",
        "user_agent": "Program/1.0",
    }
    data = verified[1]
    assert (data["method"], data["result"], data["simulated"]) == (method, "match", True)
    assert set(data["fields_verified"]) == fields
    assert (data["name"], data["id_number"]) == ("张三", PERSON.id_number)
    assert ("phone" in data) == ("phone" in fields)
    assert data.get("bank_card_last4") == (CARD[-4:] if values.get("bank_card") else None)
    assert world.identities.standing(ADMIN_KEY, person.id).level == level


def test_a_face_goes_to_the_provider_and_stays_nowhere(world, person):
    """The image, the card number and the token are in no file of the pipeline; what is kept of the image is a digest."""
    seen = []
    real = world.provider.check
    world.provider.check = lambda query: seen.append(query) or real(query)
    check = start(world, person.id, "face")
    assert check.state == "collecting"
    refused("material-unfit", world.identities.checks.add_material, ADMIN_KEY, check.id, FACE, "image/png")
    refused(
        "material-unfit", world.identities.checks.add_material, ADMIN_KEY, check.id, b"GIF89a", "image/gif"
    )
    done = world.identities.checks.add_material(ADMIN_KEY, check.id, FACE, "image/jpeg")
    start(world, person.id, "bank3", bank_card=CARD)
    start(world, person.id, "eid", eid_token="the-very-secret-eid-token")
    start(world, person.id, "alipay", alipay_code="the-very-secret-alipay-code")
    assert done.state == "verified"
    assert seen[0].frames == (FACE,)
    assert seen[1].bank_card == CARD
    verified = told(world, person.id, "identity.person_verified")[0][1]
    assert verified["score_ppm"] == 987_000
    digest = hashlib.sha256(FACE).hexdigest()
    assert verified["evidence"] == [{"sha256": digest, "media_type": "image/jpeg", "size": len(FACE)}]
    stored = world.stored()
    tokens = (b"the-very-secret-eid-token", b"the-very-secret-alipay-code")
    for value in (FACE, FACE[:64], CARD.encode(), *tokens, PERSON.id_number.encode()):
        assert value not in stored


REFUSALS = [
    ("9999", "failed", "mismatch", 4),
    ("8888", "failed", "not_found", 4),
    ("7777", "unavailable", "provider_error", 5),
    ("5555", "unavailable", "timed_out", 5),
]


@pytest.mark.parametrize(("ending", "state", "reason", "left"), REFUSALS)
def test_no_answer_is_no_mismatch(world, ending, state, reason, left):
    """A mismatch costs an attempt; a provider who does not answer costs none. Each is recorded as what it was."""
    made = world.account(replace(PERSON, id_number="11010119900101" + ending))
    world.consent(made.id, "identity_verification")
    check = start(world, made.id, "id2")
    assert (check.state, check.reason, check.attempts_left) == (state, reason, left)
    failed = told(world, made.id, "identity.failed")[0][1]
    assert (failed["reason_code"], failed["attempts_left"], failed["simulated"]) == (reason, left, True)
    assert world.identities.standing(ADMIN_KEY, made.id) is None


def test_attempts_are_bounded(world):
    """Five mismatches in a day, and no sixth check, whatever the way; the next day there are five again."""
    made = world.account(replace(PERSON, id_number="110101199001019999"))
    world.consent(made.id, "identity_verification")
    for _ in range(5):
        start(world, made.id, "id2")
    refused("attempts-exhausted", start, world, made.id, "telecom3")
    world.clock.advance(hours=25)
    assert start(world, made.id, "id2").attempts_left == 4


def test_many_at_once_gain_no_attempts(world):
    """Checks under way count, so that ten threads get as many mismatches as one."""
    made = world.account(replace(PERSON, id_number="110101199001019999"))
    world.consent(made.id, "identity_verification")
    gate, ended = threading.Barrier(8), []

    def try_it():
        gate.wait()
        try:
            ended.append(start(world, made.id, "id2").state)
        except Refused as error:
            ended.append(error.code)

    threads = [threading.Thread(target=try_it) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(ended) == ["attempts-exhausted"] * 3 + ["failed"] * 5


def test_late_answers_count_once(world):
    """A pending check is ended by its first answer; a callback sent thrice, or another one later, changes nothing."""
    made = world.account(replace(PERSON, id_number="110101199001016666"))
    world.consent(made.id, "identity_verification")
    check = start(world, made.id, "id2")
    assert check.state == "pending"
    world.provider.deliver(check.id, world.identities.late.answered, times=3)
    world.identities.late.answered(check.id, Answer("mismatch", reason="mismatch"))
    world.identities.late.answered(new_id(), Answer("match"))
    assert world.identities.checks.get(ADMIN_KEY, check.id).state == "verified"
    assert len(told(world, made.id, "identity.person_verified")) == 1


def test_a_death_between_question_and_answer(world, person):
    """Killed while the provider is asked: the check is asked for later; what nobody answered ends as not answered."""

    class Death(BaseException):
        pass

    def die(_query):
        raise Death

    real, world.provider.check = world.provider.check, die
    lost, kept = new_id(), new_id()
    for check in (lost, kept):
        with pytest.raises(Death):
            start(world, person.id, "id2", check=check)
    world.provider.check = real
    collecting = start(world, person.id, "face")
    world.provider._answers[kept] = Answer("match", "txn-1")
    assert world.identities.tick(world.clock()) == 0
    world.clock.advance(minutes=11)
    assert world.identities.tick(world.clock()) == 2
    world.clock.advance(hours=24)
    assert world.identities.tick(world.clock()) == 1
    assert world.identities.tick(world.clock()) == 0
    states = {each: world.identities.checks.get(ADMIN_KEY, each) for each in (lost, kept, collecting.id)}
    assert (states[lost].state, states[lost].reason) == ("unavailable", "timed_out")
    assert states[kept].state == "verified"
    assert (states[collecting.id].state, states[collecting.id].reason) == ("unavailable", "cancelled")


def test_the_same_request_is_the_same_check(world, person):
    """An id names one check: the same again asks nobody, another under it is refused, also from another tenant."""
    first = start(world, person.id, "id2")
    assert start(world, person.id, "id2", check=first.id) == first
    assert world.provider.asked == 1
    refused("id-reused", start, world, person.id, "telecom3", check=first.id)
    refused("id-reused", start, world, person.id, "id2", check=first.id, by=STRANGER)
    refused("identity-unknown", world.identities.checks.get, STRANGER, first.id)
    refused("account-unknown", start, world, person.id, "id2", by=STRANGER)


def test_only_with_consent_and_by_whom_it_concerns(world):
    """Nothing is compared without the separate consent; a member may have himself checked, and nobody else."""
    made = world.account()
    refused("consent-missing", start, world, made.id, "id2")
    world.consent(made.id, "identity_verification")
    assert refused("consent-missing", start, world, made.id, "face").expected == "biometric"
    clerk = world.member()
    refused("permission-missing", start, world, made.id, "id2", by=clerk)
    assert refused("identity-incomplete", start, world, clerk.account, "id2", by=clerk).expected.startswith(
        "id_type"
    )
    himself = Principal(TENANT, "party", account=made.id, party=new_id(), seen=SEEN)
    assert start(world, made.id, "id2", by=himself).state == "verified"
    refused("field-missing", start, world, made.id, "bank3")
    refused("field-unknown", start, world, made.id, "id2", bank_card=CARD)
    refused("field-value", start, world, made.id, "bank3", bank_card="card")
    refused("method-unknown", start, world, made.id, "palm_reading")
    refused("method-unknown", start, world, made.id, "registry3")


# Companies


def test_first_the_person_then_the_company(world, person):
    """S1-23: a company is not checked before the person who acts for it."""
    made = world.account(COMPANY, kind="organization")
    refused("agent-unverified", start, world, made.id, "registry3")
    world.people.accounts.update(ADMIN_KEY, made.id, agent=person.id)
    refused("agent-unverified", start, world, made.id, "registry3")
    start(world, person.id, "telecom3")
    assert start(world, made.id, "registry3").state == "in_review"


def test_a_company_is_approved_by_a_system_administrator(world, company):
    """S4-41: what the register says is not enough for an external company; an examiner who is no administrator cannot."""
    check = start(world, company.id, "registry3")
    examiner, chief = world.member(roles={Role.REVIEWER}), world.member(roles={Role.SYSTEM_ADMIN})
    assert world.identities.reviews.waiting(examiner) == []
    assert [each.check for each in world.identities.reviews.waiting(chief)] == [check.id]
    refused("permission-missing", world.identities.reviews.decide, examiner, check.id, APPROVE)
    refused("account-needed", world.identities.reviews.decide, ADMIN_KEY, check.id, APPROVE)
    world.identities.reviews.decide(chief, check.id, APPROVE)
    world.identities.reviews.decide(chief, check.id, APPROVE)
    reviewed, verified = told(world, company.id, "identity.")[1:]
    assert reviewed[1]["result"] == "approved"
    assert reviewed[1]["reviewer"] == reviewed[2].ref != chief.account
    assert verified[1]["result"] == "match_after_review"
    assert (verified[1]["uscc"], verified[1]["simulated"]) == (COMPANY.uscc, True)
    refused("identity-state", world.identities.reviews.decide, chief, check.id, Decision(False, "mismatch"))


def test_the_tenants_own_company_needs_no_second_approval(world, person):
    """The organisation that runs the contracts is verified by the register at once."""
    start(world, person.id, "id2")
    organisation = world.people.organisations.describe(ADMIN_KEY, COMPANY, request=new_id())
    world.people.organisations.set_agent(ADMIN_KEY, person.id)
    assert start(world, organisation.id, "registry3").state == "verified"


def test_a_transfer_is_confirmed_by_its_amount(world, company):
    """The amount that came to the account; three tries, a provider's silence costs none of them."""
    checks = world.identities.checks
    check = start(world, company.id, "bank_transfer", bank_account="1100223344")
    assert check.state == "confirming"
    (transfer,) = world.provider.transfers()
    wrong = transfer.amount_fen + 1
    assert transfer.account_last4 == "3344"
    refused("amount-wrong", checks.confirm_amount, ADMIN_KEY, check.id, wrong)
    silent, world.provider.confirm = world.provider.confirm, lambda *_: Answer("unavailable")
    refused("provider-unavailable", checks.confirm_amount, ADMIN_KEY, check.id, transfer.amount_fen)
    world.provider.confirm = silent
    refused("amount-wrong", checks.confirm_amount, ADMIN_KEY, check.id, wrong)
    assert checks.confirm_amount(ADMIN_KEY, check.id, transfer.amount_fen).state == "in_review"
    refused("identity-state", checks.confirm_amount, ADMIN_KEY, check.id, transfer.amount_fen)
    second = start(world, company.id, "bank_transfer", bank_account="1100223344")
    for _ in range(2):
        refused("amount-wrong", checks.confirm_amount, ADMIN_KEY, second.id, 10_000)
    ended = checks.confirm_amount(ADMIN_KEY, second.id, 10_000)
    assert (ended.state, ended.reason) == ("failed", "too_many_attempts")
    assert told(world, company.id, "identity.failed")[0][1]["reason_code"] == "too_many_attempts"


def test_the_legal_representative_acts_himself(world, company, person):
    """By the representative's face only the representative is verified; his biometric consent is asked for."""
    other = world.account(replace(PERSON, name="李四", id_number="110101199001010011"))
    world.consent(other.id, "identity_verification")
    start(world, other.id, "id2")
    world.people.accounts.update(ADMIN_KEY, company.id, agent=other.id)
    refused("agent-not-representative", start, world, company.id, "legal_rep_face")
    world.people.accounts.update(ADMIN_KEY, company.id, agent=person.id)
    check = start(world, company.id, "legal_rep_face")
    done = world.identities.checks.add_material(ADMIN_KEY, check.id, FACE, "image/jpeg")
    assert (done.state, done.level) == ("in_review", "high")
    assert FACE not in world.stored()


def test_alipay_is_asked_by_a_code_of_its_account_for_persons_and_companies(world, company):
    """Both ways are by name, through the port; a company's is approved as others are; no other way takes a code."""
    seen, real = [], world.provider.check
    world.provider.check = lambda query: seen.append(query) or real(query)
    refused("field-missing", start, world, company.id, "alipay_enterprise")
    refused("field-unknown", start, world, company.id, "registry3", alipay_code="x")
    refused("method-unknown", start, world, company.id, "alipay", alipay_code="x")
    check = start(world, company.id, "alipay_enterprise", alipay_code="code-of-the-firm")
    assert (check.state, check.level, check.simulated) == ("in_review", "substantial", True)
    assert (seen[-1].method, seen[-1].kind, seen[-1].alipay_code) == (
        "alipay_enterprise",
        "organization",
        "code-of-the-firm",
    )
    assert seen[-1].uscc
    world.identities.reviews.decide(world.member(roles={Role.SYSTEM_ADMIN}), check.id, APPROVE)
    verified = told(world, company.id, "identity.organization_verified")[0][1]
    assert (verified["method"], verified["simulated"]) == ("alipay_enterprise", True)
    assert set(verified["fields_verified"]) == {"organization_name", "uscc", "legal_representative"}
    assert b"code-of-the-firm" not in world.stored()


def test_a_letter_is_examined_by_somebody_else(world, company, person):
    """The letter is kept encrypted, read by the examiner with a log entry, and decided by other eyes than its bringer's."""
    chief, second = world.member(roles={Role.SYSTEM_ADMIN}), world.member(roles={Role.SYSTEM_ADMIN})
    check = start(world, company.id, "authorization_letter", by=chief)
    assert (check.provider, check.simulated, check.state) == ("reviewer", False, "collecting")
    world.identities.checks.add_material(chief, check.id, LETTER, "application/pdf")
    refused("four-eyes", world.identities.reviews.decide, chief, check.id, APPROVE)
    digest = hashlib.sha256(LETTER).hexdigest()
    assert world.identities.reviews.file(second, check.id, digest) == (LETTER, "application/pdf")
    refused("file-unknown", world.identities.reviews.file, second, check.id, "0" * 64)
    refused("field-value", world.identities.reviews.decide, second, check.id, Decision(approved=False))
    world.identities.reviews.decide(second, check.id, APPROVE)
    verified = told(world, company.id, "identity.organization_verified")[0][1]
    assert (verified["authorization"], verified["method"]) == (digest, "authorization_letter")
    assert LETTER not in world.stored()


def test_a_refusal_is_recorded(world, person):
    """A refused review says why, in a code for all and in words for those who may open them; the person is not verified."""
    examiner = world.member(roles={Role.REVIEWER})
    check = start(world, person.id, "manual")
    world.identities.checks.add_material(ADMIN_KEY, check.id, FACE, "image/jpeg")
    decision = Decision(False, "suspected_forgery", "照片经过拼接")
    world.identities.reviews.decide(examiner, check.id, decision)
    reviewed, failed = told(world, person.id, "identity.")[1:]
    assert (reviewed[1]["reason_code"], reviewed[1]["reason"]) == ("suspected_forgery", "照片经过拼接")
    assert failed[1]["reason_code"] == "mismatch"
    assert world.identities.standing(ADMIN_KEY, person.id) is None
    assert "照片经过拼接".encode() not in world.stored()


def test_nobody_examines_himself(world):
    """An examiner's own check waits for another examiner."""
    examiner = world.member(roles={Role.REVIEWER})
    values = {"id_type": "id_card", "id_number": PERSON.id_number}
    world.people.accounts.update(ADMIN_KEY, examiner.account, **values)
    world.people.agreements.consent(examiner, examiner.account, consent())
    check = start(world, examiner.account, "manual", by=examiner)
    world.identities.checks.add_material(examiner, check.id, FACE, "image/jpeg")
    refused("four-eyes", world.identities.reviews.decide, examiner, check.id, APPROVE)


def consent():
    from people_world import yes

    return yes("identity_verification")


# What counts, and what is told of it


def test_a_verification_ends(world, person):
    """It counts for a year, for the name and number that were compared; a stronger one is preferred."""
    start(world, person.id, "eid", eid_token="t")
    start(world, person.id, "id2")
    assert world.identities.standing(ADMIN_KEY, person.id).method == "eid"
    world.people.accounts.update(ADMIN_KEY, person.id, name="张叁")
    assert world.identities.standing(ADMIN_KEY, person.id) is None
    world.people.accounts.update(ADMIN_KEY, person.id, name="张三", phone="+8619900000009")
    assert world.identities.standing(ADMIN_KEY, person.id) is not None
    world.clock.advance(days=366)
    assert world.identities.standing(ADMIN_KEY, person.id) is None


@pytest.fixture
def contract(world):
    with write(world.engine) as session:
        world.custody.create_owner(session, TENANT, reference := new_id())
        return world.recorder.open(session, tenant=TENANT, kind="contract", reference=reference)


def restate(world, contract, account, party):
    with write(world.engine) as session:
        return world.identities.restate(session, contract, tenant=TENANT, account=account, party_ref=party)


def test_a_party_is_told_once_in_the_contracts_case(world, company, person, contract):
    """The company's person first, then the company, with the same flags and number; again is the same as once."""
    chief = world.member(roles={Role.SYSTEM_ADMIN})
    check = start(world, company.id, "registry3")
    world.identities.reviews.decide(chief, check.id, APPROVE)
    party, other = new_id(), new_id()
    world.clock.advance(days=30)
    told_once = restate(world, contract, company.id, party)
    assert restate(world, contract, company.id, party) == told_once
    restate(world, contract, person.id, other)
    events = world.events(contract)
    assert [(row[0], row[1]["party"]) for row in events] == [
        ("identity.person_verified/2", party),
        ("identity.organization_verified/2", party),
        ("identity.person_verified/2", other),
    ]
    assert events[1][1]["agent_event"] == events[0][3] == told_once.agent_event
    assert told_once.event == events[1][3]
    assert events[0][1]["phone"] == PERSON.phone
    own = told(world, company.id, "identity.organization_verified")[0][1]
    shared = ("provider_txn", "simulated", "verified_at", "method", "level", "result", "organization_name")
    assert {name: events[1][1][name] for name in shared} == {name: own[name] for name in shared}
    case = [CaseEvent(n, row[3], row[0], row[1]) for n, row in enumerate(events, start=1)]
    assert sequence_warnings(case) == ()


def test_of_the_unverified_nothing_is_told(world, contract):
    """S3-4: no check, no event, and the level is none."""
    made = world.account()
    assert restate(world, contract, made.id, new_id()).level == "none"
    assert world.events(contract) == []
    refused("account-unknown", restate, world, contract, new_id(), new_id())


def test_the_table_of_methods():
    """Levels are ordered; every way of S0-9…13, S1-21…22 and S2-2 is there, in two languages."""
    assert [enough(level, "substantial") for level in ("none", *LEVELS)] == [False, False, True, True]
    assert {"face", "bank3", "telecom3", "id2", "eid", "alipay", "manual"} <= {
        m.name for m in METHODS.values() if m.kind == "person"
    }
    companies = {"registry3", "bank_transfer", "legal_rep_face", "alipay_enterprise", "authorization_letter"}
    assert companies <= {m.name for m in METHODS.values() if m.kind == "organization"}
    assert all(each.title_zh and each.title_en and each.compares for each in METHODS.values())


def test_the_simulator_does_as_it_is_told(world, person):
    """Scripted answers come first; a delay is kept; what it never saw it does not know."""
    naps = []
    from signing.identity.simulator import SimulatedIdentityProvider

    slow = SimulatedIdentityProvider(delay=2.5, sleep=naps.append)
    slow.script(Answer("mismatch", "s-1", "liveness_failed"))
    from signing.identity.ports import Query

    query = Query(new_id(), "person", "face", "张三")
    assert slow.check(query) == slow.check(query) == Answer("mismatch", "s-1", "liveness_failed")
    assert naps == [2.5, 2.5]
    assert slow.find(new_id(), "").outcome == "unavailable"
    assert slow.confirm(new_id(), "", 1).outcome == "unavailable"
