"""The drain: whatever fails, the notary ends with exactly the recorded events, in order."""

import threading
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event as sqlalchemy_event
from sqlmodel import select
from zheng_verifier.claim import Actor
from zheng_verifier.encoding import format_base64url
from zheng_verifier.merkle import leaf_hash
from zheng_verifier.receipt import Receipt

from signing.database import open_engine, read, write
from signing.dossier.depositing import BATCH, NOT_KEPT, Depositor
from signing.dossier.drain import Drain, backlog
from signing.dossier.errors import RefusedNotaryError, UnavailableNotaryError
from signing.dossier.memory import MemorySealer, RecordingNotary
from signing.dossier.model import Event
from signing.dossier.models import DossierRow, OutboxRow
from signing.dossier.recorder import Recorder
from signing.tables import METADATA

TENANT = "7d2f0f6e-90ab-4c3e-a1d5-2a7a2f6d9c10"
PARTY = "9d3c7a44-52f1-4b1d-8d0e-1f6a2b3c4d5e"


class Died(BaseException):
    """The process was killed here."""


def expired(unsigned=0):
    return Event(
        "contract.expired/1",
        {"deadline": "2026-12-01T00:00:00.000Z", "unsigned_parties": [PARTY] * bool(unsigned)},
        actor=Actor("system", PARTY),
    )


def rejected(reason="租金与口头约定不符"):
    return Event(
        "party.rejected/1",
        {"party": PARTY, "document_sha256": "a1" * 32, "reason_code": "content"},
        private={"reason": reason},
    )


@dataclass
class House:
    """A pipeline without its service objects: a recorder, a notary that can fail, and a drain."""

    engine: object
    recorder: Recorder
    notary: RecordingNotary
    sealer: MemorySealer
    clock: object
    recorded: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def drain(self):
        """Begin anew, as a process that was just started does."""
        return Drain(
            self.engine,
            Depositor(self.engine, self.notary, self.sealer, clock=self.clock),
            clock=self.clock,
            threads=2,
        )

    def open(self, reference="contract-1", kind="contract"):
        with write(self.engine) as session:
            dossier = self.recorder.open(session, tenant=TENANT, kind=kind, reference=reference)
        self.recorded[dossier] = [("case.opened/1", "")]
        return dossier

    def record(self, dossier, event):
        with write(self.engine) as session:
            event_id = self.recorder.record(session, dossier, event)
        self.recorded[dossier].append((event.type, event_id))

    def close(self, dossier):
        with write(self.engine) as session:
            self.recorder.close(session, dossier, "completed")
        self.recorded[dossier].append(("case.closed/1", ""))

    def settle(self):
        """Drain until nothing waits."""
        for _ in range(60):
            self.drain().run_once()
            with read(self.engine) as session:
                if not backlog(session).rows:
                    return
            self.clock.advance(seconds=61)
        raise AssertionError("it never came to an end")

    def check(self):
        """See that the log holds what was recorded: all of it, once, in order, and nothing else."""
        with read(self.engine) as session:
            standings = {each: self.recorder.standing(session, each) for each in self.recorded}
            assert {row.payload for row in session.exec(select(OutboxRow))} <= {None}
        assert len(self.notary.cases(TENANT)) == len(self.recorded)
        for dossier, expected in self.recorded.items():
            standing = standings[dossier]
            events = self.notary.events(standing.case)
            ours = [each for each in events if each.claim.type != "evidence.attested/1"]
            assert [each.claim.type for each in ours] == [kind for kind, _ in expected]
            named = [(each.claim.id, want) for each, (_, want) in zip(ours, expected, strict=True) if want]
            assert all(found == want for found, want in named)
            last = ours[-1]
            assert (standing.head, standing.waiting, standing.trouble) == (leaf_hash(last.leaf), 0, None)


@pytest.fixture
def house(engine, recorder, notary, sealer, clock):
    return House(engine, recorder, notary, sealer, clock)


def test_a_case_arrives_whole_and_its_content_is_erased_here(house):
    """Opening, events with sealed values, and a close with count and head filled in; payloads are gone after."""
    dossier = house.open()
    house.record(dossier, rejected())
    house.record(dossier, expired())
    house.close(dossier)
    with read(house.engine) as session:
        assert house.recorder.standing(session, dossier).waiting == 4
        assert "租金".encode() not in b"".join(row.payload or b"" for row in session.exec(select(OutboxRow)))
    house.settle()
    house.check()
    events = house.notary.events(house.notary.cases(TENANT)[0])
    assert events[1].claim.sealed
    assert len(events[1].disclosures) == 1
    assert events[3].claim.data == {
        "count": 3,
        "head": format_base64url(leaf_hash(events[2].leaf)),
        "outcome": "completed",
    }


FAULTS = st.lists(
    st.sampled_from(
        [None, "unavailable", "lost", "refused", "died before", "died after", "attested", "strange"]
    ),
    max_size=24,
)
STEPS = st.lists(
    st.sampled_from(["open", "rejected", "expired", "many", "close", "leave", "drain"]), max_size=16
)


@settings(max_examples=30, deadline=None)
@given(steps=STEPS, faults=FAULTS, batches=st.booleans())
def test_nothing_is_lost_doubled_or_invented(tmp_path_factory, steps, faults, batches):
    """Whatever each request comes to, killed processes included, the notary ends with the recorded events in order."""
    house = new_house(tmp_path_factory.mktemp("house"))
    arm(house, list(faults))
    dossier, closed = house.open(), False
    for step in steps:
        match step:
            case "open":
                dossier, closed = house.open(f"contract-{len(house.recorded)}"), False
            case "drain":
                survive(house.drain().run_once)
                house.clock.advance(seconds=61)
            case "close" if not closed:
                house.close(dossier)
                closed = True
            case "leave":
                leave(house, dossier, b"file")
            case "rejected" if not closed:
                house.record(dossier, rejected())
            case "expired" if not closed:
                house.record(dossier, expired())
            case "many" if not closed and batches:
                for _ in range(5):
                    house.record(dossier, expired(1))
    for _ in faults:
        survive(house.drain().run_once)
        house.clock.advance(seconds=61)
    house.settle()
    house.check()
    house.engine.dispose()


def survive(work):
    with suppress(Died):
        work()


def leave(house, dossier, content):
    from hashlib import sha256

    name = sha256(content).hexdigest()
    with write(house.engine) as session:
        house.recorder.leave(session, dossier, name, owner="contract")
    house.sealer.files["contract", name] = content
    return name


def new_house(folder):
    from datetime import UTC, datetime, timedelta
    from random import Random
    from uuid import UUID

    class Clock:
        now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

        def __call__(self):
            return self.now

        def advance(self, **parts):
            self.now += timedelta(**parts)

    random, clock = Random(5).randbytes, Clock()
    engine = open_engine(folder / "signing.db")
    # What would be lost with the machine's power is no matter here.
    sqlalchemy_event.listen(engine, "connect", lambda raw, _record: raw.execute("PRAGMA synchronous=OFF"))
    METADATA.create_all(engine, tables=[DossierRow.__table__, OutboxRow.__table__])

    def uuid():
        return str(UUID(bytes=random(16), version=4))

    sealer = MemorySealer(random)
    recorder = Recorder(sealer, clock=clock, random=random, uuid=uuid)
    return House(engine, recorder, RecordingNotary(clock, random, uuid), sealer, clock)


def arm(house, faults):
    """Let the notary's writes come to what ``faults`` says, one after the other; then all goes well."""
    now = [None]

    def before(operation):
        now[0] = faults.pop(0) if faults else None
        match now[0]:
            case "unavailable":
                raise UnavailableNotaryError("no answer")
            case "refused":
                raise RefusedNotaryError("rate-limited", "not so fast")
            case "died before":
                raise Died
            case "strange":
                raise KeyError(operation)
            case "attested":
                for case in house.notary.cases(TENANT):
                    house.notary.add_service_event(case)

    def after(_operation):
        match now[0]:
            case "lost":
                raise UnavailableNotaryError("the answer was lost")
            case "died after":
                raise Died

    house.notary.before, house.notary.after = before, after


@pytest.mark.parametrize("persisted", [False, True], ids=["failed", "failed but persisted"])
def test_every_commit_may_fail(engine, recorder, notary, sealer, clock, persisted):
    """Each write of the drain to its database fails once, or persists and then fails: all arrives once all the same."""
    house = House(engine, recorder, notary, sealer, clock)
    dossier = house.open()
    house.record(dossier, rejected())
    leave(house, dossier, b"file")
    house.close(dossier)
    failed_at, count = [0], [0]

    def fail(connection):
        count[0] += 1
        if count[0] == failed_at[0]:
            if persisted:
                connection.connection.driver_connection.execute("COMMIT")
            raise OSError("disk full")

    sqlalchemy_event.listen(engine, "commit", fail)
    for number in range(1, 12):
        failed_at[0], count[0] = number, 0
        survive_disk(house.drain().run_once)
        clock.advance(seconds=61)
    failed_at[0] = 0
    house.settle()
    house.check()


def survive_disk(work):
    with suppress(OSError):
        work()


def test_a_refused_event_holds_back_what_comes_after_it_and_nothing_else(house):
    """Order is kept: what stands before the refused one is deposited, what follows waits, and the trouble is told."""
    dossier, other = house.open(), house.open("contract-2")
    house.record(dossier, expired())
    house.record(dossier, rejected())
    house.record(dossier, expired())
    house.record(other, expired())
    original = house.notary.deposit

    def deposit(tenant, case, statements):
        if any(each.claim.type == "party.rejected/1" for each in statements):
            raise RefusedNotaryError("clock-skew", "our clock says otherwise")
        return original(tenant, case, statements)

    house.notary.deposit = deposit
    house.drain().run_once()
    with read(house.engine) as session:
        held, free = (house.recorder.standing(session, each) for each in (dossier, other))
        total = backlog(session)
    assert (held.seq, held.waiting, free.waiting) == (2, 2, 0)
    assert held.trouble == "clock-skew: our clock says otherwise"
    assert (total.rows, total.dossiers, total.troubled) == (2, 1, 1)
    del house.notary.deposit
    house.settle()
    house.check()


def forged(receipt, other):
    yield Receipt(receipt.leaf, receipt.entry, other.proof)
    yield other
    yield Receipt(receipt.leaf, other.entry, receipt.proof)
    yield Receipt(receipt.leaf, receipt.entry, receipt.proof[:-12] + b"AAAAAAAAAAA\n")
    yield Receipt(b"{}", receipt.entry, receipt.proof)


@pytest.mark.parametrize("number", range(5))
def test_a_receipt_that_does_not_hold_marks_nothing(house, number):
    """Another event's receipt, another's proof, a changed signature: the row goes on waiting until a true one comes."""
    dossier = house.open()
    house.settle()
    house.record(dossier, expired())
    house.record(dossier, expired(1))
    original = house.notary.deposit
    lies = [True]

    def deposit(tenant, case, statements):
        receipts = original(tenant, case, statements)
        if not lies:
            return receipts
        return [list(forged(receipts[0], receipts[1]))[number], receipts[1]]

    house.notary.deposit = deposit
    house.drain().run_once()
    with read(house.engine) as session:
        standing = house.recorder.standing(session, dossier)
    assert (standing.seq, standing.waiting) == (1, 2)
    assert standing.trouble.startswith("a receipt of event does not hold")
    lies.clear()
    house.settle()
    house.check()


def test_a_file_is_left_in_its_turn_and_one_that_was_erased_is_passed_over(house):
    """Documents go with the events; what custody may not give any more does not hold the others back."""
    dossier = house.open("contract")
    name = leave(house, dossier, b"%PDF-1.7 signed")
    with write(house.engine) as session:
        house.recorder.leave(session, dossier, "b2" * 32)
    house.record(dossier, expired())
    house.settle()
    house.check()
    assert house.notary.left == {(house.notary.cases(TENANT)[0], name): b"%PDF-1.7 signed"}
    with read(house.engine) as session:
        kinds = [(row.kind, row.type) for row in session.exec(select(OutboxRow).order_by(OutboxRow.position))]
    assert kinds == [
        ("opening", "case.opened/1"),
        ("document", ""),
        ("document", NOT_KEPT),
        ("event", "contract.expired/1"),
    ]


def test_pauses_grow_and_a_new_row_does_not_shorten_them(house):
    """After failures the pause doubles up to its longest; what was refused waits that long at once."""
    from signing.dossier.drain import Patience

    patience = Patience(0.5, 60.0)
    assert [patience.after(number, refused=False).total_seconds() for number in (1, 2, 3, 8, 400)] == [
        0.5,
        1,
        2,
        60,
        60,
    ]
    assert patience.after(1, refused=True).total_seconds() == 60
    asked = []

    def before(operation):
        asked.append(operation)
        raise UnavailableNotaryError("no answer")

    house.notary.before = before
    dossier = house.open()
    for seconds in (0.6, 0.6, 0.6, 0.6):
        house.drain().run_once()
        house.record(dossier, expired())
        house.clock.advance(seconds=seconds)
    assert len(asked) == 3


def test_a_row_wakes_the_drain_and_dossiers_go_side_by_side(house):
    """With its thread running, what is recorded is deposited by itself; a stop ends it."""
    drain, stop = house.drain(), threading.Event()
    house.recorder._wake = drain.wake
    thread = threading.Thread(target=drain.run, args=(stop,))
    thread.start()
    try:
        dossiers = [house.open(f"contract-{number}") for number in range(3)]
        for dossier in dossiers:
            for _ in range(3):
                house.record(dossier, expired())
        pause = threading.Event()
        for _ in range(200):
            with read(house.engine) as session:
                if not backlog(session).rows:
                    break
            pause.wait(0.02)
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()
    house.check()


def test_many_rows_go_in_few_requests(house):
    """More than a batch holds goes in batches, each all or none."""
    dossier = house.open()
    with write(house.engine) as session:
        ids = [house.recorder.record(session, dossier, expired()) for _ in range(BATCH + 5)]
    house.recorded[dossier] += [("contract.expired/1", each) for each in ids]
    asked = []
    house.notary.before = asked.append
    house.settle()
    house.check()
    assert asked == ["open_case", "deposit", "deposit"]
