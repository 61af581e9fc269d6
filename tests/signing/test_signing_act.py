"""The act of signing: confirmed, signed, recorded; refused where it must be; taken up again wherever it was cut off."""

import contextlib
import threading
from collections import Counter

import pytest
from act_world import ALICE, STROKES, TENANT, TERM, ActWorld, fresh
from sqlalchemy import event
from sqlmodel import select
from zheng_verifier.pdf_signatures import read_signatures

from signing.act.choices import BySeal
from signing.act.confirming import Answer
from signing.certificates.ports import AuthorityUnavailable
from signing.certificates.profiles import Profiles
from signing.certificates.tables import KeyRow
from signing.contracts.draft import PartyDraft
from signing.contracts.ports import Known
from signing.database import read
from signing.delivery.simulators import Behaviour
from signing.errors import Refused
from signing.intent.models import ChallengeRow
from signing.intent.simulator import NOT_ALIVE, OTHER_FACE, FaceBehaviour
from signing.intent.statements import Locale
from signing.intent.terms import Place, Term, TermKind
from signing.people.roles import Role
from signing.seals.making import Typed

BOTH_AT_ONCE = (ALICE, PartyDraft(name="李四", phone="13900000002"))
COMPANY = PartyDraft(name="青禾社", kind="organization", phone="13900000003")
SIGNING = ("intent.", "certificate.", "seal.", "party.", "signature.", "contract.completed", "case.closed")


@pytest.fixture
def world(tmp_path, engine, clock, random, uuid, notary):
    made = ActWorld(tmp_path, engine, clock, random, uuid, notary)
    yield made
    made.close()


def refused(code, call, *arguments, **options):
    """Have a call refused with a code; gives the refusal."""
    with pytest.raises(Refused) as caught:
        call(*arguments, **options)
    assert caught.value.code == code, caught.value
    return caught.value


def asked(world, party=ALICE, **options):
    """A contract of one party, who was sent a code: its session, the challenge."""
    contract = world.sent(party, **options)
    by = world.party(contract, party.name)
    world.ready(by)
    return by, world.ask(by)


def answer(world, by, challenge, code=None):
    return world.acts.answer(by, by.contract, challenge.id, Answer(world.code() if code is None else code))


def wrong(world):
    return f"{(int(world.code()) + 1) % 1_000_000:06d}"


# The way through


def test_two_sign_in_turn_and_every_step_is_recorded_in_its_order(world):
    """The file holds both signatures at B-LTA as revisions of what was shown; the case tells of each step, and is closed."""
    contract = world.sent()
    first, second = world.party(contract, "张三"), world.party(contract, "李四")
    assert world.sign(first).state == "signed"
    assert world.row(contract).state == "signing"
    assert world.sign(second, Typed("李四")).state == "signed"
    assert world.row(contract).state == "completed"
    one = [
        *("intent.challenge_sent/1", "intent.otp_verified/1", "intent.confirmed/1"),
        *("certificate.key_generated/1", "certificate.requested/1", "certificate.issued/1"),
        *("seal.created/1", "seal.used/1", "party.signed/1", "signature.timestamped/1"),
        "certificate.destroyed/1",
    ]
    end = ["signature.timestamped/1", "contract.completed/1", "case.closed/1"]
    assert world.types(contract, *SIGNING) == [*one, *one, *end]
    (final,) = world.bytes(contract)
    facts = read_signatures(final)
    assert [each.level for each in facts.signatures if not each.is_timestamp] == ["B-LTA", "B-LTA"]
    for claim in world.events(contract):
        if claim.type == "party.signed/1":
            assert bytes.fromhex(claim.data["before_sha256"]) in facts.digests() or facts.prefix(
                bytes.fromhex(claim.data["before_sha256"])
            )
            assert bytes.fromhex(claim.data["after_sha256"]) in facts.digests()


def test_a_party_signs_all_documents_by_one_code_each_bound_by_its_own_challenge(world):
    """One code answers; every document has a challenge, a confirmation and a signature of its own."""
    contract = world.sent(ALICE, uploads=2)
    world.sign(world.party(contract, "张三"))
    claims = [
        each for each in world.events(contract) if each.type in ("intent.confirmed/1", "party.signed/1")
    ]
    for kind in ("intent.confirmed/1", "party.signed/1"):
        mine = [each.data for each in claims if each.type == kind]
        assert len(mine) == 2
        assert len({each["challenge"] for each in mine}) == len({each["document"] for each in mine}) == 2
    assert len(world.sms.inbox()) == 1
    assert world.row(contract).state == "completed"


def test_a_company_signs_by_a_seal_granted_to_it_and_by_nothing_else(world):
    """A place for a seal takes no handwriting; a seal nobody granted is refused; the use names grant and image."""
    seal, keeper = world.seal()
    clerk = world.account("王经办", Role.MEMBER)
    contract = world.sent(COMPANY)
    by = world.party(contract, "青禾社", clerk.account)
    world.ready(by)
    refused("seal-needed", world.ask, by)
    refused("seal-not-granted", world.acts.choose, by, contract, BySeal(seal))
    world.grant(seal, keeper, clerk.account)
    assert world.sign(by, BySeal(seal)).state == "signed"
    assert {"seal.created/1", "seal.granted/1", "seal.used/1"} <= set(world.types(contract, "seal."))


def test_persons_may_sign_for_long_and_companies_once_and_the_case_states_who_keeps_the_key(world):
    """The other way about than by default: one certificate for two contracts of a person, a company's key gone after one."""
    world.certificates.profiles = Profiles(person="long_term", organization="one_time")
    seal, keeper = world.seal()
    person, firm = world.account("张三", Role.MEMBER), world.account("王经办", Role.MEMBER)
    world.directory.accounts[TENANT, firm.account] = Known("青禾社", "organization")
    world.grant(seal, keeper, firm.account)
    for _ in range(2):
        contract = world.sent(
            PartyDraft(account=person.account, phone=ALICE.phone),
            PartyDraft(account=firm.account, kind="organization", phone=COMPANY.phone, group=2),
        )
        for name, account, choice in (("张三", person, STROKES), ("青禾社", firm, BySeal(seal))):
            assert world.sign(world.party(contract, name, account.account), choice).state == "signed"
        claims = world.events(contract)
        generated = [each.data for each in claims if each.type == "certificate.key_generated/1"]
        stated = ("software", True, "platform_custody")
        assert [(each["place"], each["exportable"], each["control"]) for each in generated] == [stated] * 2
        issued = [each.data for each in claims if each.type == "certificate.issued/1"]
        assert [each["profile"] for each in issued] == ["long_term", "one_time"]
        destroyed = [each.data["party"] for each in claims if each.type == "certificate.destroyed/1"]
        assert destroyed == [issued[1]["party"]]
    with read(world.engine) as session:
        rows = session.exec(select(KeyRow)).all()
    assert sorted((row.profile, row.state) for row in rows) == [
        ("long_term", "certified"),
        ("one_time", "destroyed"),
        ("one_time", "destroyed"),
    ]


def test_terms_are_found_marked_and_noted_before_anybody_is_asked(world):
    """Until each highlighted term of these bytes was noted, no code is sent; the event says where each stands."""
    world.reader.texts = (TERM, "Governing law: none.")
    mark = Term(TermKind.OTHER, Place(1, 10_000, 700_000, 100_000, 20_000), by_rule=False)
    contract = world.sent(ALICE, marks=(mark,))
    by = world.party(contract, "张三")
    world.view(by)
    world.acts.choose(by, contract, STROKES)
    refused("terms-not-acknowledged", world.ask, by)
    (paper,) = world.papers(contract)
    refused(
        "terms-missing",
        *(world.acts.acknowledge, by, contract, paper.document, [fresh()], Locale.ZH, "click"),
    )
    world.note_terms(by)
    world.note_terms(by)
    (noted,) = [each for each in world.events(contract) if each.type == "terms.acknowledged/1"]
    assert [(each["kind"], each["source"]) for each in noted.data["terms"]] == [
        ("automatic_renewal", "keyword"),
        ("dispute_resolution", "keyword"),
        ("other", "marked"),
    ]
    assert noted.data["terms"][2]["placement"]["y_mpt"] == 842_000 - 700_000 - 20_000
    assert answer(world, by, world.ask(by)).state == "signed"


@pytest.mark.parametrize("method", ["otp_email", "password", "face"])
def test_each_method_is_recorded_as_what_it_is(world, method):
    """By mail, by a member's password, by a face: the factor's event and the confirmation name the same method."""
    by = world.account("张三", Role.MEMBER)
    party = PartyDraft(
        account=by.account, name="张三", email="zhang@example.org" if method == "otp_email" else ""
    )
    contract = world.sent(party)
    by = world.member(by, contract)
    world.passwords.known[by.account] = "a password"
    world.ready(by)
    challenge = world.ask(by, method)
    text = {"password": "a password", "face": ""}.get(method) or (
        "" if method == "face" else world.mail.inbox()[-1].message.text.split("验证码为 ")[1][:6]
    )
    assert answer(world, by, challenge, text).state == "signed"
    factor = {"otp_email": "otp", "password": "password", "face": "face"}[method]
    assert f"intent.{factor}_verified/1" in world.types(contract)
    (confirmed,) = [each.data for each in world.events(contract) if each.type == "intent.confirmed/1"]
    assert confirmed["methods"] == [method]


# What is refused


def test_a_code_is_good_once_for_five_minutes_and_five_tries(world, clock):
    """Wrong, late and spent answers are recorded as such; the right one is refused afterwards; a replay too."""
    by, challenge = asked(world)
    for left in (4, 3, 2, 1):
        assert refused("answer-wrong", answer, world, by, challenge, wrong(world)).expected.startswith(
            str(left)
        )
    refused("too-many-attempts", answer, world, by, challenge, wrong(world))
    refused("challenge-closed", answer, world, by, challenge)
    refused("challenge-too-soon", world.ask, by)
    clock.advance(seconds=61)
    second = world.ask(by)
    clock.advance(minutes=5, seconds=1)
    refused("challenge-expired", answer, world, by, second)
    third = world.ask(by)
    refused("challenge-unknown", answer, world, by, type(third)(fresh(), *[""] * 6))
    assert answer(world, by, third).state == "signed"
    refused("contract-state", answer, world, by, third)
    failures = [each.data for each in world.events(by.contract) if each.type == "intent.failed/1"]
    assert [each["reason_code"] for each in failures] == ["wrong_answer"] * 4 + [
        "too_many_attempts",
        "expired",
    ]
    assert [each["attempts_left"] for each in failures] == [4, 3, 2, 1, 0, 0]


def test_only_the_newest_code_answers_and_asking_again_sends_no_second(world, clock):
    """A repeated request is the first one; a newer challenge closes the older; eight in an hour are enough."""
    by, first = asked(world)
    clock.advance(seconds=61)
    request = fresh()
    second = world.ask(by, request=request)
    assert world.ask(by, request=request).id == second.id
    assert len(world.sms.inbox()) == 2
    refused("challenge-closed", answer, world, by, first, world.code(0))
    for _ in range(6):
        clock.advance(seconds=61)
        newest = world.ask(by)
    clock.advance(seconds=61)
    refused("challenge-too-soon", world.ask, by)
    assert answer(world, by, newest).state == "signed"


def test_no_code_is_in_the_database_in_an_event_or_in_a_refusal(world, tmp_path):
    """What answers is kept as a keyed digest alone, and gone once it was used."""
    by, challenge = asked(world)
    code = world.code()
    kept = (tmp_path / "signing.db").read_bytes()
    assert code.encode() not in kept
    assert code.encode().hex().encode() not in kept
    assert code not in str(refused("answer-wrong", answer, world, by, challenge, wrong(world)))
    assert answer(world, by, challenge, code).state == "signed"
    assert all(code not in repr(claim.data) for claim in world.events(by.contract))
    assert world.get(ChallengeRow, challenge.id).code is None


def test_whoever_is_not_in_turn_or_did_not_look_is_not_asked(world):
    """Wrong order, wrong person, nothing seen, nothing chosen, another method: each has its refusal, and no code is sent."""
    contract = world.sent()
    first, second = world.party(contract, "张三"), world.party(contract, "李四")
    refused("not-your-turn", world.ask, second)
    refused("party-state", world.ask, first)
    world.view(first)
    refused("signature-not-chosen", world.ask, first)
    world.acts.choose(first, contract, STROKES)
    refused("method-unavailable", world.ask, first, "password")
    other = world.party(world.sent(), "张三")
    refused("contract-unknown", world.acts.start, other, contract, fresh(), "otp_sms", Locale.ZH)
    challenge = world.ask(first)
    refused("challenge-unknown", answer, world, second, challenge)
    assert len(world.sms.inbox()) == 1


def test_a_face_that_does_not_match_ends_its_challenge(world, clock):
    """No result yet changes nothing; another face, or none alive, is recorded; a silent provider asks for nothing."""
    account = world.account("张三", Role.MEMBER)
    contract = world.sent(PartyDraft(account=account.account, name="张三", phone="13900000001"))
    by = world.member(account, contract)
    world.ready(by)
    for result, reason in ((OTHER_FACE, "mismatch"), (NOT_ALIVE, "liveness_failed")):
        world.face.behave(FaceBehaviour(undecided=1, result=result))
        challenge = world.ask(by, "face")
        refused("face-undecided", answer, world, by, challenge, "")
        refused("answer-wrong", answer, world, by, challenge, "")
        refused("challenge-closed", answer, world, by, challenge, "")
        assert world.events(contract)[-1].data["reason_code"] == reason
        clock.advance(seconds=61)
    world.face.behave(FaceBehaviour(silent=1))
    refused("face-unavailable", world.ask, by, "face")


def test_a_code_that_no_carrier_takes_is_not_counted_as_asked(world, clock):
    """The failure is recorded; the next challenge goes out."""
    contract = world.sent(ALICE)
    by = world.party(contract, "张三")
    world.ready(by)
    world.sms.behave(Behaviour(fail=1))
    refused("code-not-sent", world.ask, by)
    assert world.types(contract, "intent.") == ["intent.failed/1"]
    clock.advance(seconds=61)
    assert answer(world, by, world.ask(by)).state == "signed"


def test_what_another_signed_in_between_is_looked_at_and_confirmed_anew(world, clock):
    """Two may sign at once; whoever comes second is told that the document changed, and confirms what it is now."""
    contract = world.sent(*BOTH_AT_ONCE)
    first, second = world.party(contract, "张三"), world.party(contract, "李四")
    world.ready(first)
    world.ready(second)
    mine, theirs = world.ask(first), world.ask(second)
    assert answer(world, first, mine, world.code(0)).state == "signed"
    refused("document-changed", answer, world, second, theirs, world.code(1))
    clock.advance(seconds=61)
    refused("document-changed", world.ask, second)
    assert world.sign(second).state == "signed"
    assert world.row(contract).state == "completed"
    assert len(read_signatures(world.bytes(contract)[0]).signatures) == 3


def test_ten_answer_at_once_and_one_signature_is_made(world):
    """The same right answer from many threads: one act, one signature, nine refusals."""
    by, challenge = asked(world)
    code, outcomes, start = world.code(), [], threading.Barrier(10)

    def one():
        start.wait()
        try:
            outcomes.append(answer(world, by, challenge, code).state)
        except Refused as caught:
            outcomes.append(caught.code)

    threads = [threading.Thread(target=one) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted = Counter(outcomes)
    assert counted["signed"] == 1
    assert set(counted) <= {"signed", "challenge-closed", "party-state", "contract-state", "not-your-turn"}
    assert Counter(world.types(by.contract))["party.signed/1"] == 1


def test_parallel_signers_in_threads_leave_one_chain_of_revisions(world):
    """Both answer at the same moment: one signs, the other is told so; no signature is lost or laid over another."""
    contract = world.sent(*BOTH_AT_ONCE)
    signers = [world.party(contract, name) for name in ("张三", "李四")]
    for by in signers:
        world.ready(by)
    challenges = [world.ask(by) for by in signers]
    codes, states, start = [world.code(0), world.code(1)], {}, threading.Barrier(2)

    def one(number):
        start.wait()
        try:
            states[number] = answer(world, signers[number], challenges[number], codes[number]).state
        except Refused as caught:
            states[number] = caught.code

    threads = [threading.Thread(target=one, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(states.values()) == ["document-changed", "signed"]
    (loser,) = [number for number, state in states.items() if state != "signed"]
    world.clock.advance(seconds=61)
    assert world.sign(signers[loser]).state == "signed"
    assert world.row(contract).state == "completed"
    signed = [each.data for each in world.events(contract) if each.type == "party.signed/1"]
    assert signed[1]["before_sha256"] == signed[0]["after_sha256"]


# What comes between the confirmation and the signature


def cut_in(world, by, change):
    """Have something happen after the answer was right, and before the signature is kept."""
    challenge = world.ask(by)
    done = []

    def between(operation):
        if operation == "certify" and not done:
            done.append(operation)
            change()

    world.ca.after = between
    return challenge


@pytest.mark.parametrize("at", ["certify", "crls"])
def test_whoever_was_overtaken_by_another_process_is_told_that_it_is_signed(world, clock, at):
    """The other one signs and ends the key while the first is at the authority, or has signed: one signature, no refusal."""
    by, challenge = asked(world)
    mine, others = world.acts, []

    def overtake(operation):
        if operation == at and not others:
            others.append(operation)
            world.reopen()
            world.acts.resume(clock())

    world.ca.after = overtake
    told = mine.answer(by, by.contract, challenge.id, Answer(world.code()))
    assert (others, told.state, told.reason) == ([at], "signed", "")
    assert world.row(by.contract).state == "completed"
    counted = Counter(world.types(by.contract))
    assert {counted[each] for each in ("party.signed/1", "certificate.destroyed/1", "case.closed/1")} == {1}
    (signed, _) = read_signatures(world.bytes(by.contract)[0]).signatures
    assert signed.level == "B-LTA"


def test_a_deadline_that_passes_while_signing_leaves_no_signature(world, clock):
    """The confirmed intent stays in the case; no signature is kept, and the act says why."""
    contract = world.sent(ALICE)
    by = world.party(contract, "张三")
    world.ready(by)
    challenge = cut_in(world, by, lambda: clock.advance(days=40))
    with pytest.raises(Refused) as caught:
        answer(world, by, challenge)
    assert caught.value.code in ("deadline-passed", "certificate-expired")
    assert world.acts_kept()[-1].state == "failed"
    assert "party.signed/1" not in world.types(contract)
    world.contracts.tick(clock())
    assert world.row(contract).state == "expired"


def test_a_grant_taken_back_while_signing_leaves_no_signature(world):
    """The right to a seal is asked for again when the signature is kept."""
    seal, keeper = world.seal()
    clerk = world.account("王经办", Role.MEMBER)
    grant = world.grant(seal, keeper, clerk.account)
    contract = world.sent(COMPANY)
    by = world.party(contract, "青禾社", clerk.account)
    world.ready(by, BySeal(seal))
    challenge = cut_in(world, by, lambda: world.revoke_grant(keeper, seal, grant))
    refused("seal-not-granted", answer, world, by, challenge)
    assert not {"seal.used/1", "party.signed/1"} & set(world.types(contract))


def test_a_certificate_revoked_while_signing_leaves_no_signature(world):
    """Whoever revokes after the certificate was asked about and before the signature is kept, keeps it out."""
    contract = world.sent(ALICE)
    by = world.party(contract, "张三")
    world.ready(by)
    challenge = world.ask(by)
    world.revoke_once_asked()
    refused("certificate-revoked", answer, world, by, challenge)
    assert "party.signed/1" not in world.types(contract)


def test_an_authority_that_is_silent_puts_the_signature_off(world, clock):
    """The act is confirmed and goes on by itself; asking the signer again is not needed."""

    def lost(operation):
        if operation == "certify":
            raise AuthorityUnavailable("no answer")

    by, challenge = asked(world)
    world.ca.before = lost
    assert answer(world, by, challenge).state == "confirmed"
    world.ca.before = lambda operation: None
    clock.advance(minutes=1)
    world.acts.resume(clock())
    assert world.row(by.contract).state == "completed"


def test_a_dead_time_stamping_authority_costs_the_level_and_is_made_up_for(world, clock):
    """Signed at B-B and complete, as the event says; when the authority answers again the file gets its time-stamp."""
    world.stamps.dead = True
    contract = world.sent(ALICE)
    world.sign(world.party(contract, "张三"))
    (signed,) = [each.data for each in world.events(contract) if each.type == "party.signed/1"]
    assert signed["level"] == "pades_b_b"
    assert signed["signing_time_source"] == "platform_clock"
    assert world.row(contract).state == "completed"
    world.stamps.dead = False
    clock.advance(minutes=1)
    world.acts.resume(clock())
    assert world.types(contract)[-1] == "signature.timestamped/1"
    assert any(each.is_timestamp for each in read_signatures(world.bytes(contract)[0]).signatures)
    count = len(world.events(contract))
    clock.advance(hours=2)
    world.acts.resume(clock())
    assert len(world.events(contract)) == count


# Cut off anywhere


class Killed(BaseException):
    """The process is gone."""


class Cut:
    """Kills at the n-th commit of the pipeline's databases: before it is durable, or right after."""

    def __init__(self, world, at, *, durable):
        self.at, self.durable, self.count, self.dead = at, durable, 0, False
        self.engines = (world.engine, world.context.custody.keys._engine)
        for engine in self.engines:
            event.listen(engine, "begin", self.begin)
            event.listen(engine, "commit", self.commit)

    def begin(self, _connection):
        if self.dead:
            raise Killed

    def commit(self, _connection):
        if self.dead:
            raise Killed
        self.count += 1
        if self.count == self.at:
            self.dead = True
            if not self.durable:
                raise Killed

    def revive(self):
        """The next process: nothing is left of the connections of the one before."""
        self.dead, self.at = False, 0
        for engine in self.engines:
            engine.dispose()


def go_on(world, contract):
    """What signer and service do until the contract is complete: whoever got no answer asks again."""
    by = world.party(contract, "张三")
    world.certificates.retiring.upkeep()
    world.acts.resume(world.clock())
    if world.row(contract).state == "completed":
        return
    if world.seat(by).state != "signed":
        try:
            world.sign(by)
        except Refused as caught:
            if caught.code != "challenge-too-soon":
                raise
            world.clock.advance(seconds=61)
            world.sign(by)


def killed_at(world, at, *, durable):
    """Kill at a commit, start anew, go on; gives whether there was such a commit."""
    world.clock.advance(hours=1)
    contract = world.sent(ALICE)
    cut = Cut(world, at, durable=durable)
    with contextlib.suppress(Killed):
        go_on(world, contract)
    reached = cut.dead
    cut.revive()
    world.reopen()
    world.clock.advance(hours=1)
    for _ in range(3):
        go_on(world, contract)
    assert world.row(contract).state == "completed"
    types = Counter(world.types(contract))
    for once in (
        "party.signed/1",
        "seal.used/1",
        "contract.completed/1",
        "case.closed/1",
        "contract.delivered/1",
    ):
        assert types[once] == 1, (at, durable, once, types)
    assert (
        types["intent.confirmed/1"] == types["intent.otp_verified/1"] == types["certificate.requested/1"] == 1
    )
    assert types["certificate.issued/1"] == types["certificate.destroyed/1"] == 1
    ids = [each.id for each in world.events(contract)]
    assert len(ids) == len(set(ids))
    signatures = read_signatures(world.bytes(contract)[0]).signatures
    assert [each.is_timestamp for each in signatures] == [False, True]
    return reached


@pytest.mark.parametrize(("at", "durable"), [(6, False), (8, True), (12, True)])
def test_killed_at_a_commit_the_contract_goes_on(world, at, durable):
    """Nothing is signed twice, no event is lost or invented, whatever was on its way."""
    assert killed_at(world, at, durable=durable)


@pytest.mark.torture
def test_killed_at_every_commit_the_contract_goes_on(world):
    """Every commit from the first look to the close, lost and kept."""
    for durable in (False, True):
        at = 1
        while killed_at(world, at, durable=durable):
            at += 1
        assert at > 10
