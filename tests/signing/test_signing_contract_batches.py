"""Many contracts at once: each row one contract, whatever is sent twice and wherever the process dies."""

import os
import signal
import time
from dataclasses import replace

import pytest
from contract_world import (
    APP,
    STRANGER,
    TENANT,
    Desk,
    new_id,
    refused,
)
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import Session, select

from signing.contracts.batch.models import BatchItemRow
from signing.contracts.batch.plan import Plan
from signing.contracts.batch.rows import (
    MAX_CSV,
    MAX_ROWS,
    Person,
    Row,
    check_count,
    format_row,
    parse_csv,
    parse_row,
    seated,
)
from signing.contracts.batch.service import Batches
from signing.contracts.draft import PartyDraft
from signing.contracts.models import ContractRow
from signing.database import open_engine, read, write
from signing.errors import Refused

PARTIES = (PartyDraft(), PartyDraft(group=2))


@pytest.fixture
def desk(engine, tmp_path, clock, notary):
    made = Desk(engine, tmp_path / "signing", clock, notary)
    yield made
    made.custody.keys.close()


def plan(**changes):
    return replace(Plan(new_id(), new_id(), "劳动合同", PARTIES), **changes)


def rows(count, start=1):
    return [
        Row(
            f"HR-{number}",
            (
                Person(name="公司", email="hr@example.org"),
                Person(name=f"员工{number}", phone="+8619900000001"),
            ),
            values={"salary": str(number)},
        )
        for number in range(start, start + count)
    ]


def begin(desk, made, given_rows):
    with write(desk.engine) as session:
        Batches(desk.contracts).create(session, APP, made, given_rows)


def finish(desk, batch, rounds=20):
    """Run and drain in turn, as the threads of the service do, until the batch has ended."""
    for _ in range(rounds):
        Batches(desk.contracts).run(100)
        desk.drain.run_once()
        desk.clock.advance(seconds=30)
        with read(desk.engine) as session:
            progress = Batches(desk.contracts).progress(session, APP, batch)
        if progress.ended_at is not None:
            return progress
    raise AssertionError(progress)


def test_batch_starts_each_row_once_and_says_which_were_refused(desk):
    """Good rows are sent; a row without an address, one with too few people, one with a number used and a bad value fail."""
    made = plan()
    bad = [
        Row("HR-10", (Person(name="公司"), Person(name="员工", phone="+8619900000001"))),
        Row("HR-11", (Person(name="公司", phone="+8619900000001"),)),
        replace(rows(1)[0], title="另一份"),
        replace(rows(1, 12)[0], values={"salary": "bad"}),
    ]
    begin(desk, made, [*rows(3), *bad])
    progress = finish(desk, made.id)
    assert (progress.total, progress.sent, progress.failed, progress.waiting) == (7, 3, 4, 0)
    with read(desk.engine) as session:
        items = Batches(desk.contracts).items(session, APP, made.id, after=0, limit=10)
        kept = session.exec(select(BatchItemRow.payload)).all()
    assert [(each.position, each.code) for each in items if each.state == "failed"] == [
        (4, "parties-invalid"),
        (5, "parties-invalid"),
        (6, "business-number-used"),
        (7, "field-value"),
    ]
    assert set(kept) == {None}
    with write(desk.engine) as session:
        again, fresh = Batches(desk.contracts).create(session, APP, made, [*rows(3), *bad])
    assert (again.id, fresh) == (made.id, False)
    refused("batch-started", begin, desk, made, rows(2))
    refused("id-reused", begin, desk, replace(made, title="x"), None)
    with read(desk.engine) as session, pytest.raises(Refused, match="batch-unknown"):
        Batches(desk.contracts).progress(session, STRANGER, made.id)


def test_batch_waits_for_the_evidence_service_and_then_sends_all(desk):
    """While no case can be opened the rows are drafts and fail nothing; afterwards all are sent."""
    made, calls = plan(), []

    def down(_operation):
        calls.append(1)
        raise OSError("nobody there")

    desk.notary.before = down
    begin(desk, made, rows(3))
    for _ in range(4):
        Batches(desk.contracts).run(100)
        desk.drain.run_once()
        desk.clock.advance(seconds=1)
    with read(desk.engine) as session:
        assert Batches(desk.contracts).progress(session, APP, made.id).made == 3
    desk.notary.before = lambda _operation: None
    desk.clock.advance(minutes=5)
    assert finish(desk, made.id).sent == 3
    assert calls


def test_batch_with_a_damaged_row_goes_on_with_the_others(desk):
    """A row that does not open is tried again later; no other row, and no other tenant's, waits for it."""
    made = plan()
    begin(desk, made, rows(3))
    with write(desk.engine) as session:
        item = session.get_one(BatchItemRow, (made.id, 1))
        item.payload = b"not what was sealed"
        session.add(item)
    Batches(desk.contracts).run(100)
    with read(desk.engine) as session:
        found = session.exec(select(BatchItemRow).order_by(BatchItemRow.position)).all()
    assert [each.state for each in found] == ["waiting", "made", "made"]


class Death(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("when", ["before_commit", "after_commit"])
def test_batch_killed_at_every_commit_makes_each_contract_once(desk, when):
    """Dying before or after each commit in turn: at the end one contract a row, each sent once, none doubled."""
    made, after = plan(), {"left": 0}
    begin(desk, made, rows(3))

    def die(session):
        if session.new or session.dirty or session.in_transaction():
            after["left"] -= 1
            if after["left"] == 0:
                raise Death

    event.listen(Session, when, die)
    try:
        for commits in (1, 2, 1, 3, 2, 4, 1):
            after["left"] = commits
            try:
                Batches(desk.contracts).run(100)
            except Death:
                desk.clock.advance(seconds=31)
            after["left"] = 0
            desk.drain.run_once()
    finally:
        event.remove(Session, when, die)
    assert finish(desk, made.id).sent == 3
    with read(desk.engine) as session:
        contracts = session.exec(select(ContractRow)).all()
    assert [contract.state for contract in contracts] == ["signing"] * 3
    for contract in contracts:
        assert desk.types(contract.id).count("contract.sent") == 1
        assert desk.types(contract.id).count("contract.created") == 1


def test_batch_killed_by_the_system_goes_on_where_it_was(desk, tmp_path):
    """kill -9 amid a batch, a new process: each business number one contract, nothing made twice."""
    made = plan(send=False)
    begin(desk, made, rows(25))
    desk.engine.dispose()
    desk.custody.keys._engine.dispose()
    child = os.fork()
    if child == 0:
        own = Desk(open_engine(tmp_path / "signing.db"), tmp_path / "signing", desk.clock, desk.notary)
        while Batches(own.contracts).run(1):
            pass
        os._exit(0)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with read(desk.engine) as session:
            done = len(session.exec(select(ContractRow.id)).all())
        if done >= 3:
            break
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert 3 <= done < 25
    assert finish(desk, made.id).made == 25
    with read(desk.engine) as session:
        assert len(session.exec(select(ContractRow.id).where(ContractRow.tenant == TENANT)).all()) == 25
        by_number = {
            desk.contracts.book.by_number(session, TENANT, "default", f"HR-{number}").id
            for number in range(1, 26)
        }
    assert len(by_number) == 25


def test_batch_rows_are_read_from_csv():
    """A header in any order, a byte order mark, quoted line feeds; what is not given is empty."""
    text = '\ufeffparty2.phone,business_number,party1.name,value.note,title\r\n13800000000,A-1,"张,三","a\nb",\r\n\r\n'
    assert parse_csv(text.encode()) == [
        Row("A-1", (Person(name="张,三"), Person(phone="13800000000")), values={"note": "a\nb"})
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "batch-malformed"),
        (b"business_number\n", "batch-empty"),
        (b"\xff\xfe", "batch-malformed"),
        (b"business_number,title,title\nA,b,c\n", "batch-malformed"),
        (b"business_number,colour\nA,b\n", "batch-malformed"),
        (b"business_number,party0.name\nA,b\n", "batch-malformed"),
        (b"business_number,title\nA\n", "batch-malformed"),
        (b'business_number,title\nA,"b\n', "batch-malformed"),
        (b"business_number\nA\x00\n", "batch-malformed"),
        (b"business_number\n" + b"A" * 4_001 + b"\n", "batch-malformed"),
        (b"business_number\n" + b"A\n" * 5_001, "batch-too-large"),
        (b" " * (MAX_CSV + 1), "batch-too-large"),
        (b",".join([b"business_number", *(b"value.a%d" % n for n in range(300))]), "batch-malformed"),
    ],
)
def test_batch_rows_that_are_no_rows_are_refused(content, code):
    """Nothing of a malformed upload is taken."""
    refused(code, parse_csv, content)


def test_batch_of_too_many_rows_is_refused_whoever_reads_them():
    """The bound holds for rows that came as objects too."""
    refused("batch-too-large", check_count, MAX_ROWS + 1)
    check_count(MAX_ROWS)


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@given(st.binary(max_size=60) | TEXT.map(lambda text: f"business_number,title\n{text}".encode()))
def test_batch_rows_read_or_refused_never_else(content):
    """Any bytes come to rows or to a refusal."""
    try:
        assert len(parse_csv(content)) >= 1
    except Refused as told:
        assert told.code.startswith("batch-")  # noqa: PT017


@given(number=TEXT, title=TEXT, name=TEXT, values=st.dictionaries(st.from_regex(r"[a-z]{1,5}"), TEXT))
def test_batch_row_kept_is_the_row_read(number, title, name, values):
    """What is kept for later is what was handed in."""
    row = Row(number, (Person(name=name), Person(account="a")), title, values)
    assert parse_row(format_row(row)) == row
    assert [each.name for each in seated(PARTIES, row)] == [name, ""]
