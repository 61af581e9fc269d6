"""The machine's clock is set back: what was over stays over, what waits does not wait for the clock to come again."""

from contextlib import suppress
from datetime import timedelta

import pytest
from act_world import ALICE, BOB, TENANT, ActWorld
from sqlmodel import select

from signing.act.confirming import Answer
from signing.act.models import ActRow
from signing.certificates.ports import AuthorityUnavailable
from signing.database import read, write
from signing.dossier.depositing import Depositor
from signing.dossier.drain import Drain
from signing.dossier.errors import UnavailableNotaryError
from signing.dossier.models import DossierRow, OutboxRow
from signing.errors import Refused
from signing.intent.codes import PAUSE, wait
from signing.people.secrets import matching_step, totp_code
from signing.people.sessions import Sessions
from signing.people.throttle import Throttle
from signing.principal import Seen
from signing.waiting import left

DAY = timedelta(days=1)
SEEN = Seen("192.0.2.8", "Tests", "pc")


@pytest.fixture
def world(tmp_path, engine, clock, random, uuid, notary):
    made = ActWorld(tmp_path, engine, clock, random, uuid, notary)
    yield made
    made.close()


def refused(call, *arguments):
    with pytest.raises(Refused) as raised:
        call(*arguments)
    return raised.value.code


def fails(operation):
    raise UnavailableNotaryError(operation) if operation == "open_case" else AuthorityUnavailable(operation)


def test_a_pause_is_never_longer_than_pauses_are(clock):
    """An end further off than the longest pause was written while the clock was ahead: the pause is over."""
    longest, now = timedelta(minutes=5), clock()
    ends = [-longest, timedelta(0), longest / 2, longest, longest + timedelta(seconds=1), DAY]
    assert [left(now + end, now, longest) for end in ends] == [
        timedelta(0),
        timedelta(0),
        longest / 2,
        longest,
        timedelta(0),
        timedelta(0),
    ]


def test_what_failed_a_day_ahead_is_deposited_at_once_when_the_clock_is_right_again(
    engine, recorder, notary, sealer, clock
):
    """A failed deposit, whose next try was written down for tomorrow, does not hold the evidence up for a day."""
    with write(engine) as session:
        dossier = recorder.open(session, tenant=TENANT, kind="subject", reference="somebody")
    notary.before = fails
    drain = Drain(engine, Depositor(engine, notary, sealer, clock=clock), clock=clock)
    clock.advance(days=1)
    drain.run_once()
    assert drain.due() == ()
    clock.advance(days=-1)
    notary.before = lambda operation: None
    drain.run_once()
    with read(engine) as session:
        assert session.get_one(DossierRow, dossier).case is not None
        assert session.exec(select(OutboxRow).where(OutboxRow.done_at == None)).all() == []  # noqa: E711


def test_an_act_that_was_put_off_a_day_ahead_goes_on(world, clock):
    """The authority failed while the clock was ahead; with the clock set back the signature is not a day late."""
    contract = world.sent(ALICE)
    by = world.party(contract, "张三")
    world.ready(by)
    clock.advance(days=1)
    asked = world.ask(by)
    world.ca.before = fails
    world.acts.answer(by, contract, asked.id, Answer(world.code()))
    clock.advance(days=-1)
    world.ca.before = lambda operation: None
    assert world.acts.resume(clock()) == 1
    assert world.row(contract).state == "completed"


def test_a_challenge_made_a_day_ahead_is_not_good_for_a_day(world, clock):
    """With the clock set back it is told as expired; a small step back leaves it good."""
    contract = world.sent(ALICE, BOB)
    by = world.party(contract, "张三")
    world.ready(by)
    clock.advance(days=1)
    asked, code = world.ask(by), world.code()
    clock.advance(days=-1)
    assert refused(world.acts.answer, by, contract, asked.id, Answer(code)) == "challenge-expired"
    asked, code = world.ask(by), world.code(0)  # those of tomorrow keep nobody waiting
    clock.advance(seconds=-30)
    world.acts.answer(by, contract, asked.id, Answer(code))
    assert [each.state for each in world.acts_kept()] != []


def test_no_code_is_good_twice_and_codes_of_tomorrow_keep_nobody_waiting(clock):
    """A one-time code that was used is refused when its time comes again; messages from the future do not count."""
    secret, used = bytes(range(20)), clock()
    step = matching_step(secret, totp_code(secret, used), used, after=0)
    for back in (timedelta(0), timedelta(seconds=30), timedelta(hours=1)):
        moment = used - back
        assert matching_step(secret, totp_code(secret, moment), moment, after=step) is None
    assert wait([used + DAY], used) == timedelta(0)
    assert wait([used], used) == PAUSE


def test_a_session_that_was_found_over_stays_over(world, clock):
    """Set back, the clock revives no session that was refused, and none that began at a time far off."""
    sessions = Sessions(world.context)
    contract = world.sent(ALICE)
    party = world.party(contract, "张三").party

    def opened():
        with write(world.engine) as session:
            return sessions.open_party(
                session, TENANT, contract=contract, party=party, account=None, seen=SEEN
            ).token

    first = opened()
    clock.advance(hours=1)
    assert refused(sessions.resolve, first, SEEN) == "session-invalid"
    clock.advance(hours=-1)
    assert refused(sessions.resolve, first, SEEN) == "session-invalid"
    clock.advance(days=1)
    ahead = opened()
    assert sessions.resolve(ahead, SEEN).party == party
    clock.advance(days=-1)
    assert refused(sessions.resolve, ahead, SEEN) == "session-invalid"


def test_nobody_is_kept_out_until_the_clock_comes_again(world, clock):
    """Failed logins of a day ahead pause nobody for a day."""
    throttle = Throttle(world.context)

    def enter():
        with write(world.engine) as session:
            throttle.enter(session, "name", "192.0.2.9")

    clock.advance(days=1)
    for _ in range(4):
        enter()
    assert refused(enter) == "login-paused"
    clock.advance(days=-1)
    enter()


def test_an_expired_contract_does_not_come_to_life(world, clock):
    """What the deadline ended stays ended, and its case says when: at the time the clock showed."""
    contract = world.sent(ALICE)
    by = world.party(contract, "张三")
    world.ready(by)
    clock.advance(days=60)
    world.contracts.tick(clock())
    assert world.row(contract).state == "expired"
    clock.advance(days=-60)
    world.contracts.tick(clock())
    assert refused(world.ask, by) == "contract-state"


def test_no_certificate_signs_before_its_time(world, clock):
    """With the clock behind the authority's certificates nothing is signed; right again, the party signs."""
    contract = world.sent(ALICE)
    by = world.party(contract, "张三")
    world.ready(by)
    clock.advance(hours=-1)
    asked = world.ask(by)
    with suppress(Refused):  # put off, or failed: there is no signature either way
        world.acts.answer(by, contract, asked.id, Answer(world.code()))
    assert world.row(contract).state == "signing"
    clock.advance(hours=1, minutes=2)
    world.acts.resume(clock())
    with read(world.engine) as session:
        states = session.exec(select(ActRow.state)).all()
    if states == ["failed"]:
        world.sign(by)
    assert world.row(contract).state == "completed"
