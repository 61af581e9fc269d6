"""Retention, holds and erasure: nothing goes before its time, and what goes is gone for good."""

import os
from datetime import timedelta

import pytest
from sqlmodel import select

from signing.context import Context
from signing.custody.archiving import archive
from signing.custody.erasure import Erasures
from signing.custody.files import blob_files
from signing.custody.opening import open_custody
from signing.custody.retention import DEFAULT_DAYS, Retention
from signing.custody.rows import FileRow
from signing.custody.upkeep import fsck
from signing.database import open_engine, read, write
from signing.dossier.models import OutboxRow
from signing.errors import Refused
from signing.people.roles import Role
from signing.principal import Principal

TENANT, OTHER = "7d2f0f6e-90ab-4c3e-a1d5-2a7a2f6d9c10", "9a2f0f6e-90ab-4c3e-a1d5-2a7a2f6d9c11"
LEASE, LOAN = "contract-lease", "contract-loan"
HOLD = "3f2f0f6e-90ab-4c3e-a1d5-2a7a2f6d9c77"
DOCUMENT = "5f2f0f6e-90ab-4c3e-a1d5-2a7a2f6d9c55"
ADMIN = Principal(TENANT, "member", "admin-1", frozenset({Role.SUPER_ADMIN}))
STRANGER = Principal(OTHER, "member", "admin-2", frozenset({Role.SUPER_ADMIN}))
MEMBER = Principal(TENANT, "member", "member-1", frozenset({Role.MEMBER}))


@pytest.fixture
def custody(tmp_path, clock):
    made = open_custody(tmp_path / "keys", tmp_path / "blobs", clock=clock, random=os.urandom)
    yield made
    made.keys.close()


@pytest.fixture
def context(engine, clock, uuid, recorder, custody):
    return Context(engine, clock, os.urandom, uuid, recorder, custody)


@pytest.fixture
def retention(context, custody):
    return Retention(context, custody.keys)


@pytest.fixture
def erasures(context, custody):
    return Erasures(context, custody)


@pytest.fixture
def kept(engine, custody):
    """A lease and a loan with one file each; gives the digest of the lease."""
    with write(engine) as session:
        for owner in (LEASE, LOAN):
            custody.create_owner(session, TENANT, owner)
            sha256 = custody.put(session, owner, owner.encode(), media_type="text/plain").sha256
        custody.get(session, LOAN, sha256, by=ADMIN, purpose="view")
        stored = custody.files(session, LEASE)[0].sha256
        custody.get(session, LEASE, stored, by=ADMIN, purpose="view")
    return stored


def erase(engine, erasures, owner=LEASE, *, by=ADMIN, basis="retention_ended", reason="", force=False):
    with write(engine) as session:
        return erasures.erase(session, by, owner, basis=basis, reason=reason, force=force)


def test_what_is_erased_is_gone_for_good(engine, custody, erasures, kept, tmp_path, clock):
    """Key, ciphertext and opened values; the log of accesses stays, and other owners keep everything."""
    with read(engine) as session:
        sealed = custody.seal(session, LEASE, b"13800000000")
    before = (tmp_path / "signing.db").read_bytes()
    erasure = erase(engine, erasures)
    assert erasure.destroyed_at is None
    with write(engine) as session:
        for ask in (
            lambda: custody.get(session, LEASE, kept, by=ADMIN, purpose="view"),
            lambda: custody.put(session, LEASE, b"more", media_type="text/plain"),
            lambda: custody.open(session, LEASE, sealed),
            lambda: custody.files(session, LEASE),
            lambda: custody.create_owner(session, TENANT, LEASE),
        ):
            with pytest.raises(Refused, match="erased"):
                ask()
    assert [each.code for each in fsck(engine, custody)] == ["ERASURE_UNFINISHED"]
    assert erasures.finish(engine) == 1
    assert erasures.finish(engine) == 0
    assert list(fsck(engine, custody)) == []
    assert custody.keys.check() == (2, 1)  # the loan's and the tenant's live
    assert len(blob_files(custody.blobs)) == 1
    with read(engine) as session:
        access = custody.accesses(session, TENANT, LEASE)[0]
        assert (access.who, access.purpose, access.sha256, access.ip) == ("admin-1", "view", None, None)
        assert custody.accesses(session, TENANT, LOAN)[0].sha256 is not None
        assert erasures.find(session, TENANT, LEASE).destroyed_at == clock()
        assert erasures.find(session, TENANT, LOAN) is None
    assert erase(engine, erasures).erased_at == erasure.erased_at
    (tmp_path / "older.db").write_bytes(before)
    older = open_engine(tmp_path / "older.db")
    with write(older) as session, pytest.raises(Refused, match="erased"):
        custody.get(session, LEASE, kept, by=ADMIN, purpose="view")
    assert "KEY_DESTROYED" in {each.code for each in fsck(older, custody)}
    older.dispose()


class Crash(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("at", ["destroy", "remove_blob", "commit"])
def test_a_crash_while_erasing_is_finished_later(engine, custody, erasures, kept, monkeypatch, at):
    """Whatever was done is done; the rest follows at the next start."""

    def crash(*_arguments):
        raise Crash

    erase(engine, erasures)
    with monkeypatch.context() as patch:
        match at:
            case "destroy":
                patch.setattr(custody.keys, "destroy", crash)
            case "remove_blob":
                patch.setattr("signing.custody.erasure.remove_blob", crash)
            case "commit":
                patch.setattr(engine.dialect, "do_commit", crash)
        with pytest.raises(Crash):
            erasures.finish(engine)
    assert erasures.finish(engine) == 1
    assert list(fsck(engine, custody)) == []
    assert len(blob_files(custody.blobs)) == 1


def test_an_erasure_that_was_not_decided_destroys_nothing(engine, custody, erasures, kept):
    """The deciding transaction was undone, by a hook that refuses or a crash."""

    def refuse(session, tenant, owner):
        raise Refused("deposits-waiting")

    with pytest.raises(Crash), write(engine) as session:
        erasures.erase(session, ADMIN, LEASE, basis="retention_ended", reason="")
        raise Crash
    erasures.on_erase(refuse)
    with pytest.raises(Refused, match="deposits-waiting"):
        erase(engine, erasures)
    assert erasures.finish(engine) == 0
    with write(engine) as session:
        assert custody.get(session, LEASE, kept, by=ADMIN, purpose="view") == LEASE.encode()


def test_hooks_remove_what_others_keep_in_the_open(engine, erasures, custody, kept):
    """They run in the deciding transaction, while values still open."""
    seen = []

    def hook(session, tenant, owner):
        seen.append((tenant, owner, len(custody.files(session, owner))))
        session.delete(session.exec(select(FileRow).where(FileRow.owner == owner)).one())

    erasures.on_erase(hook)
    erase(engine, erasures)
    assert seen == [(TENANT, LEASE, 1)]


def test_a_hold_stops_every_erasure(engine, erasures, retention, kept):
    """Even a forced one, until every hold is released; placing and releasing may be repeated."""
    second = HOLD.replace("3f", "4f")
    with write(engine) as session:
        hold = retention.hold(session, ADMIN, HOLD, LEASE, "诉讼 2026-17")
        assert retention.hold(session, ADMIN, HOLD, LEASE, "诉讼 2026-17") == hold
        retention.hold(session, ADMIN, second, LEASE, "second")
        for by, owner, reason in ((ADMIN, LEASE, "other"), (ADMIN, LOAN, "诉讼 2026-17")):
            with pytest.raises(Refused, match="id-reused"):
                retention.hold(session, by, HOLD, owner, reason)
        assert retention.release(session, ADMIN, LEASE, HOLD).released_by == "member admin-1"
        retention.release(session, ADMIN, LEASE, HOLD)
    for force in (False, True):
        with pytest.raises(Refused, match="case-held"):
            erase(engine, erasures, basis="request", reason="wish", force=force)
    with write(engine) as session:
        retention.release(session, ADMIN, LEASE, second)
        assert [each.reason for each in retention.holds(session, TENANT, LEASE)] == ["诉讼 2026-17", "second"]
    erase(engine, erasures)
    with write(engine) as session:
        with pytest.raises(Refused, match="erased"):
            retention.hold(session, ADMIN, HOLD.replace("3f", "5f"), LEASE, "too late")
        assert retention.holds(session, TENANT, LEASE)[0].reason == "诉讼 2026-17"


def test_retention_runs_by_business_type(engine, erasures, retention, kept, clock):
    """Five years unless the tenant says otherwise; a time is only ever moved further out."""
    ended = clock()
    with write(engine) as session:
        assert retention.until(session, TENANT, "lease", ended) == ended + timedelta(days=DEFAULT_DAYS)
        retention.set_rule(session, ADMIN, "lease", 10)
        retention.set_rule(session, ADMIN, "lease", 30)
        assert retention.rules(session, TENANT) == {"lease": 30}
        assert retention.rules(session, OTHER) == {}
        until = retention.keep(session, TENANT, LEASE, retention.until(session, TENANT, "lease", ended))
        assert until == ended + timedelta(days=30)
        assert retention.keep(session, TENANT, LEASE, ended) == until
        with pytest.raises(Refused, match="field-value"):
            retention.set_rule(session, ADMIN, "lease", 0)
    clock.advance(days=29)
    with pytest.raises(Refused, match="retention-running"):
        erase(engine, erasures)
    clock.advance(days=1)
    assert erase(engine, erasures).forced is False


def test_a_person_may_ask_before_the_retention_ends(engine, erasures, retention, kept, clock):
    """With a basis that allows it, and a reason that is kept."""
    with write(engine) as session:
        retention.keep(session, TENANT, LEASE, clock() + timedelta(days=1))
    for basis, reason, force, code in (
        ("request", "wish", False, "retention-running"),
        ("purpose_fulfilled", "wish", True, "retention-running"),
        ("request", " ", True, "reason-missing"),
    ):
        with pytest.raises(Refused, match=code):
            erase(engine, erasures, basis=basis, reason=reason, force=force)
    erasure = erase(engine, erasures, basis="request", reason="当事人要求", force=True)
    assert (erasure.forced, erasure.reason, erasure.erased_by) == (True, "当事人要求", "member admin-1")
    erasures.finish(engine)
    with read(engine) as session:
        assert erasures.find(session, TENANT, LEASE).reason == "当事人要求"


def test_only_those_who_manage_custody_may(engine, erasures, retention, kept):
    """Another tenant's administrator finds nothing; a member may not."""
    with write(engine) as session:
        for by, code in ((STRANGER, "custody-unknown"), (MEMBER, "permission-missing")):
            for ask in (
                lambda by=by: erasures.erase(session, by, LEASE, basis="request", reason=""),
                lambda by=by: retention.hold(session, by, HOLD, LEASE, "x"),
                lambda by=by: retention.release(session, by, LEASE, HOLD),
            ):
                with pytest.raises(Refused, match=code):
                    ask()
        with pytest.raises(Refused, match="hold-unknown"):
            retention.release(session, ADMIN, LEASE, HOLD)


def test_archiving_is_recorded_with_its_time(engine, context, recorder, retention, kept, clock):
    """document.archived says until when, how it is encrypted, and which bytes."""
    with write(engine) as session:
        dossier = recorder.open(session, tenant=TENANT, kind="contract", reference=LEASE)
        until = archive(
            context,
            retention,
            session,
            tenant=TENANT,
            owner=LEASE,
            dossier=dossier,
            document=DOCUMENT,
            sha256=kept,
            business_type="lease",
            ended=clock(),
        )
    assert until == clock() + timedelta(days=DEFAULT_DAYS)
    with read(engine) as session:
        types = session.exec(select(OutboxRow.type).order_by(OutboxRow.position)).all()
    assert types == ["case.opened/1", "document.archived/1"]
