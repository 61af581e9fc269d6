"""The two tables of contracts, taken alone: every path through them, drawn at random."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from signing.contracts.guards import GUARDS, Guard, Situation
from signing.contracts.order import (
    PARTY_TRANSITIONS,
    PartyAct,
    PartyRole,
    PartyState,
    Seat,
    acting,
    after,
    all_acted,
    check_seats,
    may_act,
    open_group,
    signed,
    signing_order,
    unannounced,
    unsigned,
)
from signing.contracts.reminders import next_reminder
from signing.contracts.states import FINAL, STATE_LABELS, Basis, ContractState, Step, Who, standing_for
from signing.contracts.transitions import TRANSITIONS, decide, target_of
from signing.errors import Refused

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ROLES = st.sampled_from(PartyRole)


@st.composite
def seatings(draw):
    """Parties of a contract that could be sent: up to six, in up to three groups."""
    count = draw(st.integers(1, 6))
    roles = [draw(ROLES) for _ in range(count)]
    seats = []
    for place, role in enumerate(roles):
        copy = role is PartyRole.COPY
        group = 1 if copy else draw(st.integers(1, 3))
        seats.append(Seat(str(place), role, group, required=not copy and draw(st.booleans())))
    groups = sorted({seat.group for seat in seats if seat.acts})
    seats = [replace(seat, group=groups.index(seat.group) + 1) if seat.acts else seat for seat in seats]
    if not any(seat.signs and seat.required for seat in seats):
        seats.append(Seat("last", PartyRole.SIGNATORY, max(1, len(groups)), required=True))
    check_seats(seats)
    return tuple(seats)


class LifeOfAContract(RuleBasedStateMachine):
    """Whoever does whatever at whatever time: the table alone holds the promises."""

    @initialize(seats=seatings(), approvers=st.integers(0, 2))
    def draft(self, seats, approvers):
        self.case = Situation(
            ContractState.DRAFT,
            NOW,
            seats,
            NOW + 3 * DAY,
            approvals=(None,) * approvers,
            documents_ready=True,
            case_open=True,
        )
        self.first_deadline = self.case.deadline
        self.signed_at = {}
        self.was_final = None

    def take(self, step, who, **facts):
        """Take a step if the table allows it; gives the row, or None."""
        case = replace(self.case, **facts)
        before = case.state
        try:
            row = decide(step, who, case)
        except Refused:
            return None
        assert before in row.sources
        assert who in row.who
        assert all(GUARDS[guard].holds(case) for guard in row.guards)
        self.case = replace(self.case, state=target_of(row, before))
        if before in FINAL and self.case.state is not before:
            assert (before, self.case.state) == (ContractState.COMPLETED, ContractState.VOIDED)
            concerned = set(signed(case.seats))
            assert case.ordered or (concerned and concerned <= case.agreed)
        return row

    def move(self, ref, act):
        seats = tuple(after(seat, act) if seat.ref == ref else seat for seat in self.case.seats)
        self.case = replace(self.case, seats=seats)

    def announce(self):
        for ref in unannounced(self.case.seats):
            self.move(ref, PartyAct.NOTIFY)

    @rule(hours=st.integers(0, 40))
    def time_passes(self, hours):
        self.case = replace(self.case, now=self.case.now + timedelta(hours=hours))

    @rule()
    def submit(self):
        self.take(Step.SUBMIT, Who.SENDER)

    @rule(yes=st.booleans(), place=st.integers(0, 1))
    def decide_approval(self, yes, place):
        if self.case.state is not ContractState.PENDING_APPROVAL or place >= len(self.case.approvals):
            return
        assert self.take(Step.APPROVE if yes else Step.REFUSE, Who.APPROVER) is not None
        decided = [*self.case.approvals]
        decided[place] = True
        fresh = (None,) * len(decided) if not yes else tuple(decided)
        self.case = replace(self.case, approvals=fresh)

    @rule(opened=st.booleans())
    def send(self, opened):
        before = self.case
        row = self.take(Step.SEND, Who.SENDER, case_open=opened)
        if row is not None:
            assert opened
            assert all(before.approvals)
            assert before.now < before.deadline
            self.announce()

    @precondition(lambda self: hasattr(self, "case"))
    @rule(data=st.data())
    def party_acts(self, data):
        seat = data.draw(st.sampled_from(self.case.seats))
        turn = may_act(self.case.seats, seat.ref)
        if not (seat.told and seat.state in (PartyState.NOTIFIED, PartyState.VIEWED, PartyState.CONFIRMED)):
            return
        if self.take(Step.VIEW, Who.PARTY, party=seat.ref) is not None and seat.state is PartyState.NOTIFIED:
            self.move(seat.ref, PartyAct.VIEW)
        if data.draw(st.booleans()):
            return
        act = PartyAct.APPROVE if seat.role is PartyRole.APPROVER else PartyAct.SIGN
        step = Step.APPROVE if act is PartyAct.APPROVE else Step.SIGN
        if act is PartyAct.SIGN and self.take(Step.CONFIRM, Who.PARTY, party=seat.ref) is not None:
            self.move(seat.ref, PartyAct.CONFIRM)
        at, was = self.case, self.case.state
        if self.take(step, Who.PARTY, party=seat.ref) is None:
            assert not turn or at.now >= at.deadline or was is not ContractState.SIGNING
            return
        assert turn
        assert was is ContractState.SIGNING
        assert at.now < at.deadline
        assert all(
            not other.required or other.group >= seat.group or not other.acts or not other.open
            for other in at.seats
        ), "somebody signed out of order"
        self.move(seat.ref, act)
        assert seat.ref not in self.signed_at, "somebody signed twice"
        self.signed_at[seat.ref] = at.now
        self.announce()

    @rule(data=st.data(), step=st.sampled_from([Step.SIGN, Step.APPROVE, Step.REJECT, Step.DELEGATE]))
    def out_of_turn(self, data, step):
        seat = data.draw(st.sampled_from(self.case.seats))
        if not may_act(self.case.seats, seat.ref) and self.case.state is ContractState.SIGNING:
            assert self.take(step, Who.PARTY, party=seat.ref) is None

    @rule(data=st.data())
    def delegate(self, data):
        seat = data.draw(st.sampled_from(self.case.seats))
        if len(self.case.seats) < 9 and self.take(Step.DELEGATE, Who.PARTY, party=seat.ref) is not None:
            self.move(seat.ref, PartyAct.DELEGATE)
            fresh = Seat(f"{seat.ref}+", seat.role, seat.group, seat.required)
            self.case = replace(self.case, seats=(*self.case.seats, fresh))
            self.announce()

    def release(self, act):
        for seat in self.case.seats:
            if seat.open:
                self.move(seat.ref, act if seat.acts else PartyAct.RELEASE)

    @rule(data=st.data())
    def reject(self, data):
        seat = data.draw(st.sampled_from(self.case.seats))
        if self.take(Step.REJECT, Who.PARTY, party=seat.ref) is not None:
            self.move(seat.ref, PartyAct.REJECT)
            self.release(PartyAct.RELEASE)

    @rule()
    def withdraw(self):
        if self.take(Step.WITHDRAW, Who.SENDER) is not None:
            self.release(PartyAct.RELEASE)

    @rule()
    def complete(self):
        if self.take(Step.COMPLETE, Who.SERVICE) is not None:
            assert all_acted(self.case.seats)
            for seat in self.case.seats:
                if seat.role is PartyRole.COPY:
                    self.move(seat.ref, PartyAct.COPY)
            self.release(PartyAct.RELEASE)

    @rule()
    def expire(self):
        before = self.case
        if self.take(Step.EXPIRE, Who.SERVICE) is not None:
            assert before.now >= before.deadline
            assert not all_acted(before.seats)
            self.release(PartyAct.EXPIRE)

    @rule(hours=st.integers(-10, 100))
    def extend(self, hours):
        until = self.case.now + timedelta(hours=hours)
        if self.take(Step.EXTEND, Who.SENDER, until=until) is not None:
            assert until > self.case.deadline > self.case.now
            self.case = replace(self.case, deadline=until)

    @rule(basis=st.sampled_from(Basis), ordered=st.booleans(), all_agree=st.booleans())
    def void(self, basis, ordered, all_agree):
        agreed = frozenset(seat.ref for seat in self.case.seats) if all_agree else frozenset()
        if self.take(Step.VOID, Who.SENDER, basis=basis, ordered=ordered, agreed=agreed) is not None:
            self.release(PartyAct.RELEASE)

    @rule()
    def remind(self):
        if self.take(Step.REMIND, Who.SENDER) is not None:
            assert acting(self.case.seats)

    @invariant()
    def completed_iff_everybody_signed(self):
        if not hasattr(self, "case"):
            return
        done = {PartyState.SIGNED, PartyState.APPROVED, PartyState.DELEGATED}
        if self.case.state is ContractState.COMPLETED:
            assert all(seat.state in done for seat in self.case.seats if seat.required)
        for seat in self.case.seats:
            if seat.state is PartyState.SIGNED:
                assert seat.ref in self.signed_at
        assert all(at < self.case.deadline for at in self.signed_at.values())

    @invariant()
    def a_final_state_stays(self):
        state = getattr(self, "case", None) and self.case.state
        if self.was_final is not None and state is not self.was_final:
            assert (self.was_final, state) == (ContractState.COMPLETED, ContractState.VOIDED)
        self.was_final = state if state in FINAL else None

    was_final = None


LifeOfAContract.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestLifeOfAContract = LifeOfAContract.TestCase


def test_contract_rows_are_one_for_each_step_and_state_and_every_guard_is_used():
    """For a step out of a state there is one row at most, and no guard or state stands idle."""
    pairs = [(row.step, source) for row in TRANSITIONS for source in row.sources]
    assert len(pairs) == len(set(pairs))
    assert {guard for row in TRANSITIONS for guard in row.guards} == set(Guard)
    assert {row.step for row in TRANSITIONS} == set(Step)
    assert {row.target for row in TRANSITIONS} >= set(ContractState) - {ContractState.DRAFT}
    leaving = {
        (source, row.target)
        for row in TRANSITIONS
        for source in row.sources
        if source in FINAL and row.step is not Step.VIEW
    }
    assert leaving == {(ContractState.COMPLETED, ContractState.VOIDED)}
    assert set(STATE_LABELS) >= {*ContractState}


def test_contract_party_rows_never_leave_a_final_state():
    """A party that signed, refused or was let go stays so."""
    final = set(PartyState) - {
        PartyState.WAITING,
        PartyState.NOTIFIED,
        PartyState.VIEWED,
        PartyState.CONFIRMED,
    }
    assert not [row for row in PARTY_TRANSITIONS if final.intersection(row.sources)]
    with pytest.raises(Refused, match="party-state"):
        after(Seat("a", PartyRole.SIGNATORY, 1, required=True, state=PartyState.SIGNED), PartyAct.VIEW)


@given(seats=seatings())
def test_contract_order_lets_the_lowest_unfinished_group_act(seats):
    """Nobody behind the open group may act; in a group all may at once; optional parties hold nobody up."""
    rounds = 0
    while acting(seats):
        turn, group = acting(seats), open_group(seats)
        behind = [seat for seat in seats if seat.acts and seat.group > group]
        assert not {seat.ref for seat in behind}.intersection(turn)
        assert {s.ref for s in seats if s.acts and s.group == group and s.open} <= set(turn)
        assert unsigned(seats) == tuple(seat.ref for seat in seats if seat.signs and seat.open)
        done = next(seat.ref for seat in seats if seat.ref in turn and seat.required)
        acted = {True: PartyState.SIGNED, False: PartyState.APPROVED}
        seats = tuple(replace(s, state=acted[s.signs]) if s.ref == done else s for s in seats)
        rounds += 1
    assert all_acted(seats)
    assert rounds == sum(seat.required for seat in seats)


@pytest.mark.parametrize(
    ("seats", "code"),
    [
        ([Seat("a", PartyRole.COPY, 1, required=False)], "parties-invalid"),
        ([Seat("a", PartyRole.SIGNATORY, 1, required=False)], "parties-invalid"),
        ([Seat("a", PartyRole.SIGNATORY, 2, required=True)], "parties-invalid"),
        (
            [Seat("a", PartyRole.SIGNATORY, 1, required=True), Seat("b", PartyRole.COPY, 1, required=True)],
            "parties-invalid",
        ),
    ],
)
def test_contract_seats_that_could_never_complete_are_refused(seats, code):
    """Nobody to sign, a gap in the groups, a copy that is required."""
    with pytest.raises(Refused, match=code):
        check_seats(seats)


def test_contract_standing_is_the_viewers_own():
    """S4-21: the same contract waits for me, for others, or has ended, by who looks."""
    first = Seat("a", PartyRole.SIGNATORY, 1, required=True)
    second = Seat("b", PartyRole.SIGNATORY, 2, required=True)
    seats = (first, second)
    assert standing_for(ContractState.SIGNING, seats, frozenset({"a"})) == "waiting_for_me"
    assert standing_for(ContractState.SIGNING, seats, frozenset({"b"})) == "waiting_for_others"
    assert standing_for(ContractState.SIGNING, seats, frozenset()) == "waiting_for_others"
    for state in sorted(FINAL):
        assert standing_for(state, seats, frozenset({"a"})) == state
    assert signing_order(seats) == "sequential"
    assert signing_order([first]) == "parallel"


def situation(state, *states, **more):
    """A contract whose signers, named by their places, are in these states."""
    seats = tuple(
        Seat(
            str(place), PartyRole.SIGNATORY, 1, required=True, state=each, told=each is not PartyState.WAITING
        )
        for place, each in enumerate(states)
    )
    return Situation(state=state, now=NOW, seats=seats, deadline=NOW + DAY, **more)


def test_contract_is_void_by_its_sender_an_order_or_everybodys_agreement():
    """A court's order has to be named; all agree who signed, and before the end who was told and may; nobody else counts."""
    founded = GUARDS[Guard.VOID_FOUNDED].holds
    running = (ContractState.SIGNING, PartyState.SIGNED, PartyState.NOTIFIED, PartyState.WAITING)
    over = (ContractState.COMPLETED, PartyState.SIGNED, PartyState.DELEGATED)
    everybody, first = frozenset({"0", "1"}), frozenset({"0"})
    assert founded(situation(*running, basis=Basis.SENDER))
    assert founded(situation(*running, basis=Basis.ERROR))
    assert founded(situation(*over, basis=Basis.COURT_ORDER, ordered=True))
    assert not founded(situation(*over, basis=Basis.COURT_ORDER))
    assert founded(situation(*running, basis=Basis.AGREEMENT, agreed=everybody))
    assert not founded(situation(*running, basis=Basis.AGREEMENT, agreed=first))
    assert founded(situation(*over, basis=Basis.AGREEMENT, agreed=first))
    assert not founded(situation(*over, basis=Basis.AGREEMENT))


def test_contract_that_expires_names_who_did_not_sign():
    """Those who still could have, and nobody else."""
    assert unsigned(situation(ContractState.SIGNING, PartyState.SIGNED, PartyState.WAITING).seats) == ("1",)


def test_contract_names_who_signed_and_whose_turn_nobody_told_them():
    """Only who waits in the open group is to be told; who signed is told apart from who handed it on."""
    states = (PartyState.SIGNED, PartyState.WAITING, PartyState.NOTIFIED, PartyState.DELEGATED)
    seats = situation(ContractState.SIGNING, *states).seats
    later = Seat("4", PartyRole.SIGNATORY, 2, required=True)
    assert unannounced((*seats, later)) == ("1",)
    assert signed(seats) == ("0",)


def test_contract_steps_are_refused_with_their_own_codes():
    """A wrong state, a wrong capacity and each failing guard are told apart."""
    seats = (Seat("a", PartyRole.SIGNATORY, 1, required=True),)
    draft = Situation(ContractState.DRAFT, NOW, seats, NOW + DAY, documents_ready=True, case_open=True)
    cases = [
        (Step.SIGN, Who.PARTY, draft, "contract-state"),
        (Step.SEND, Who.PARTY, draft, "permission-missing"),
        (Step.SEND, Who.SENDER, replace(draft, approvals=(None,)), "approval-missing"),
        (Step.SUBMIT, Who.SENDER, draft, "approvers-missing"),
        (Step.SEND, Who.SENDER, replace(draft, documents_ready=False), "document-missing"),
        (Step.SEND, Who.SENDER, replace(draft, case_open=False), "notary-unavailable"),
        (Step.SEND, Who.SENDER, replace(draft, now=NOW + DAY), "deadline-passed"),
    ]
    signing = replace(draft, state=ContractState.SIGNING)
    cases += [
        (Step.EXPIRE, Who.SERVICE, signing, "deadline-ahead"),
        (Step.VIEW, Who.PARTY, replace(signing, party="a"), "not-your-turn"),
        (Step.COMPLETE, Who.SERVICE, signing, "signatures-missing"),
        (Step.EXTEND, Who.SENDER, replace(signing, until=NOW), "deadline-invalid"),
        (Step.EXTEND, Who.SENDER, signing, "deadline-invalid"),
        (Step.VOID, Who.SENDER, replace(signing, basis=Basis.COURT_ORDER), "void-unfounded"),
    ]
    for step, who, case, code in cases:
        with pytest.raises(Refused) as caught:
            decide(step, who, case)
        assert caught.value.code == code


@given(
    every=st.none() | st.integers(60, 10**6),
    ahead=st.none() | st.integers(60, 10**6),
    left=st.integers(1, 10**6),
)
def test_contract_reminder_lies_between_now_and_the_deadline(every, ahead, left):
    """A reminder is never due at once again, and never after the deadline."""
    deadline = NOW + timedelta(seconds=left)
    moment = next_reminder(NOW, deadline, ahead=ahead, every=every)
    assert moment is None or NOW < moment < deadline
    due = [left - ahead] if ahead is not None and ahead < left else []
    due += [every] if every is not None and every < left else []
    assert moment == (NOW + timedelta(seconds=min(due)) if due else None)
