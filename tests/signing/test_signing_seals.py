"""The life of a seal: who may take which step, grants, uses, and the evidence of each."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seal_world import DESIGN, TENANT, fresh, member, open_world
from sqlalchemy import delete
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from signing.database import read, write
from signing.dossier.model import parse_statement
from signing.dossier.models import OutboxRow
from signing.errors import Refused
from signing.people.roles import Role
from signing.seals.drawing.handwriting import PenPoint
from signing.seals.grants import NewGrant
from signing.seals.making import ByHand, ByTemplate, Typed
from signing.seals.models import SealUseRow
from signing.seals.states import TABLE, SealState, Step, after
from signing.seals.use import Placement, Sealed

BEFORE, AFTER = "a" * 64, "b" * 64
PLACE = Placement(page=2, x_mpt=300_000, y_mpt=120_000, width_mpt=113_386, height_mpt=113_386)


@pytest.fixture
def world(tmp_path, engine, clock, random, uuid):
    made, store = open_world(tmp_path, engine, clock, random, uuid)
    yield made
    store.close()


def code(action, *arguments, **named):
    with pytest.raises(Refused) as refused:
        action(*arguments, **named)
    return refused.value.code


def events(world, dossier):
    """Every event of a dossier with its personal values opened, in order."""
    with write(world.context.engine) as session:
        rows = session.exec(
            select(OutboxRow)
            .where(OutboxRow.dossier == dossier, OutboxRow.kind == "event")
            .order_by(OutboxRow.position)
        )
        return [
            parse_statement(world.context.custody.open(session, dossier, row.payload)).claim for row in rows
        ]


def types(world, dossier):
    return [claim.type.split("/")[0] for claim in events(world, dossier)]


def grant_to(world, account, **changes):
    now = world.context.clock()
    given = {
        "id": fresh(),
        "grantee": account,
        "scope": "all",
        "valid_from": now,
        "valid_to": now + timedelta(days=1),
    }
    return NewGrant(**given | changes)


def use(world, principal, seal, subject, *, before=BEFORE, party=None):
    with write(world.context.engine) as session:
        usable = world.seals.usable(session, principal, seal, subject)
        sealed = Sealed(party or fresh(), fresh(), before, AFTER, PLACE)
        return world.seals.record_use(session, principal, usable, sealed)


def test_a_seal_is_put_in_force_by_two_people_and_each_step_is_an_event(world):
    """Made and submitted by its keeper, approved by another; four events in its own case, then its end closes it."""
    seal = world.enabled()
    assert seal.state is SealState.ENABLED
    world.seals.life.disable(world.keeper, seal.id, code="lost", reason="遗失")
    world.seals.life.enable(world.keeper, seal.id)
    destroyed = world.seals.life.destroy(world.keeper, seal.id, code="replaced")
    assert destroyed.state is SealState.DESTROYED
    assert types(world, seal.dossier) == [
        *("seal.created", "seal.approved", "seal.enabled", "seal.disabled", "seal.enabled", "seal.destroyed")
    ]
    created, approved = events(world, seal.dossier)[:2]
    assert approved.data["created_event"] == created.id == seal.created_event
    assert created.data["width_um"] == 40_000
    assert "青禾" not in str(created.data)


def test_nobody_approves_what_he_made_or_submitted(world):
    """Whoever made or submitted a seal, may he administer everything, does not decide about it."""
    seal, _ = world.seals.creating.create(world.approver, world.new())
    world.seals.life.submit(world.approver, seal.id)
    assert code(world.seals.life.decide, world.approver, seal.id, approve=True) == "four-eyes"
    boss = member(world.clerk.account, Role.SUPER_ADMIN)
    assert code(world.seals.life.decide, boss, seal.id, approve=False) == "reason-missing"
    rejected = world.seals.life.decide(boss, seal.id, approve=False, reason="字号不符")
    assert rejected.state is SealState.REJECTED
    assert types(world, seal.dossier) == ["seal.created", "seal.rejected"]


def test_each_administrator_keeps_the_seals_he_made(world):
    """Another seal administrator may not touch them (S4-37), a system administrator may; a member sees none."""
    seal, _ = world.seals.creating.create(world.keeper, world.new())
    other = member(world.clerk.account, Role.SEAL_ADMIN)
    assert code(world.seals.life.submit, other, seal.id) == "seal-not-kept"
    assert code(world.seals.shelf.get, other, seal.id) == "seal-unknown"
    assert code(world.seals.life.submit, world.clerk, seal.id) == "permission-missing"
    assert world.seals.shelf.listed(world.clerk) == []
    assert [each.id for each in world.seals.shelf.listed(world.approver)] == [seal.id]
    assert world.seals.life.submit(world.approver, seal.id).state is SealState.SUBMITTED


def test_a_seal_of_another_tenant_is_unknown(world):
    """Whatever another tenant's administrator may do at home, he finds nothing here, and cannot take the id."""
    seal = world.enabled()
    for action in (world.seals.shelf.get, world.seals.life.enable, world.seals.shelf.picture):
        assert code(action, world.stranger, seal.id) == "seal-unknown"
    assert world.seals.shelf.listed(world.stranger) == []
    assert code(world.seals.creating.create, world.stranger, world.new(id=seal.id)) == "id-reused"
    assert code(use, world, world.stranger, seal.id, world.contract()) == "seal-unknown"
    assert code(world.seals.grants.listed, world.stranger, seal.id) == "seal-unknown"


def test_creating_twice_is_creating_once(world):
    """The same id and values give the same seal; other values under the id are refused."""
    new = world.new()
    first, made = world.seals.creating.create(world.keeper, new)
    again, made_again = world.seals.creating.create(world.keeper, new)
    assert (first, made, made_again) == (again, True, False)
    assert code(world.seals.creating.create, world.keeper, replace(new, name="别的")) == "id-reused"


def test_an_organisation_has_one_official_seal_at_a_time(world):
    """A second 公章 is refused until the first is destroyed or rejected."""
    first = world.enabled(seal_type="official")
    assert (
        code(world.seals.creating.create, world.keeper, world.new(seal_type="official"))
        == "official-seal-exists"
    )
    world.seals.life.destroy(world.keeper, first.id, code="replaced")
    assert world.seals.creating.create(world.keeper, world.new(seal_type="official"))[1]


def test_the_picture_comes_back_as_it_was_drawn(world):
    """The kept picture has the digest of the events, and drawing the same again gives it."""
    seal = world.enabled()
    content, media_type = world.seals.shelf.picture(world.keeper, seal.id)
    assert (media_type, content[:4]) == ("image/svg+xml", b"<svg")
    assert seal.image == world.enabled().image


@pytest.mark.parametrize(
    ("changes", "moved", "expected"),
    [
        ({}, {}, None),
        ({}, {"days": 2}, "seal-not-granted"),
        ({"scope": "document_kinds", "kinds": ("lease",)}, {}, None),
        ({"scope": "document_kinds", "kinds": ("labour", "sale")}, {}, "seal-not-granted"),
        ({"scope": "single_contract", "contract": fresh()}, {}, "seal-not-granted"),
    ],
)
def test_a_seal_is_used_under_a_grant_that_holds_at_that_moment(world, clock, changes, moved, expected):
    """Outside of its time, kinds or contract a grant gives nothing."""
    seal, subject = world.enabled(), world.contract("leasing")
    world.seals.grants.grant(world.keeper, seal.id, grant_to(world, world.clerk.account, **changes))
    clock.advance(**moved)
    if expected is None:
        use(world, world.clerk, seal.id, subject)
        assert types(world, subject.dossier) == ["seal.created", "seal.granted", "seal.used"]
    else:
        assert code(use, world, world.clerk, seal.id, subject) == expected
        assert types(world, subject.dossier) == []


def test_a_grant_ends_when_it_is_used_up_taken_back_or_the_seal_is_out_of_force(world):
    """The second use of a single-use grant, use after revocation, and use of a disabled seal are refused."""
    seal, subject = world.enabled(), world.contract()
    once, _ = world.seals.grants.grant(
        world.keeper, seal.id, grant_to(world, world.clerk.account, max_uses=1)
    )
    use(world, world.clerk, seal.id, subject)
    assert code(use, world, world.clerk, seal.id, subject) == "seal-not-granted"
    more, _ = world.seals.grants.grant(world.keeper, seal.id, grant_to(world, world.clerk.account))
    world.seals.life.disable(world.keeper, seal.id, code="lost")
    assert code(use, world, world.clerk, seal.id, subject) == "seal-disabled"
    world.seals.life.enable(world.keeper, seal.id)
    world.seals.grants.revoke(world.keeper, seal.id, more.id, code="misuse")
    assert code(world.seals.grants.revoke, world.keeper, seal.id, more.id, code="misuse") == "grant-revoked"
    assert code(use, world, world.clerk, seal.id, subject) == "seal-not-granted"
    assert [row.grant for row in world.seals.uses.listed(world.keeper, seal.id)] == [once.id]
    with pytest.raises(DatabaseError, match="only ever added"), write(world.context.engine) as session:
        session.exec(delete(SealUseRow))


def test_a_right_lost_between_looking_and_using_is_lost(world):
    """What was usable in one transaction is asked for again in the one that records the use."""
    seal, subject = world.enabled(), world.contract()
    grant, _ = world.seals.grants.grant(world.keeper, seal.id, grant_to(world, world.clerk.account))
    with write(world.context.engine) as session:
        usable = world.seals.usable(session, world.clerk, seal.id, subject)
    world.seals.grants.revoke(world.keeper, seal.id, grant.id, code="holder_left")
    sealed = Sealed(fresh(), fresh(), BEFORE, AFTER, PLACE)
    with write(world.context.engine) as session:
        assert code(world.seals.record_use, session, world.clerk, usable, sealed) == "seal-not-granted"
    with read(world.context.engine) as session:
        assert session.exec(select(SealUseRow)).all() == []


def test_a_use_that_needs_approval_is_approved_for_these_very_bytes(world):
    """Not before the approval, not by who asked, not for another document; then the use names the approval."""
    seal, subject = world.enabled(approve_uses=True), world.contract()
    world.seals.grants.grant(world.keeper, seal.id, grant_to(world, world.clerk.account))
    assert code(use, world, world.clerk, seal.id, subject) == "seal-use-not-approved"
    with write(world.context.engine) as session:
        usable = world.seals.usable(session, world.clerk, seal.id, subject)
        request = world.seals.approvals.request(session, world.clerk, usable, BEFORE)
        assert world.seals.approvals.request(session, world.clerk, usable, BEFORE) == request
    asker = member(world.clerk.account, Role.SUPER_ADMIN)
    assert code(world.seals.approvals.decide, asker, request, approve=True) == "four-eyes"
    assert code(world.seals.approvals.decide, world.stranger, request, approve=True) == "use-request-unknown"
    decided = world.seals.approvals.decide(world.keeper, request, approve=True)
    assert code(world.seals.approvals.decide, world.keeper, request, approve=True) == "use-request-decided"
    assert code(use, world, world.clerk, seal.id, subject, before="c" * 64) == "seal-use-not-approved"
    event = use(world, world.clerk, seal.id, subject)
    claims = events(world, subject.dossier)
    assert [claim.type.split("/")[0] for claim in claims] == [
        *("seal.use_requested", "seal.use_approved", "seal.created", "seal.granted", "seal.used")
    ]
    assert (claims[-1].id, claims[-1].data["approval_event"]) == (event, decided.decided_event)


def test_ones_own_signature_needs_no_approval_and_is_not_lent(world):
    """Drawn or typed for oneself it is in force at once; nobody else may use it, nor make it for him."""
    stroke = tuple(PenPoint(x * 10, (x * 37) % 90, x * 8) for x in range(40))
    new = world.new(seal_type="personal", holder=world.clerk.account, making=ByHand((stroke,)))
    seal, _ = world.seals.creating.create(world.clerk, new)
    assert (seal.state, seal.method, seal.shape) == (SealState.ENABLED, "handwritten", "rectangle")
    subject = world.contract()
    with write(world.context.engine) as session:
        assert world.seals.uses.choices(session, world.clerk, subject) == [seal.id]
        assert world.seals.uses.choices(session, world.approver, subject) == []
    use(world, world.clerk, seal.id, subject)
    assert code(use, world, world.approver, seal.id, subject) == "seal-not-granted"
    made_for_him = replace(new, id=fresh(), making=Typed("张伟"))
    assert world.seals.creating.create(world.keeper, made_for_him)[0].state is SealState.CREATED


def test_a_signature_for_one_contract_is_kept_with_the_contract(world):
    """A party who draws in the signing page leaves the picture in the contract's custody, and both events."""
    subject = world.contract()
    stroke = tuple(PenPoint(x * 10, (x * x) % 90, x * 8) for x in range(40))
    with write(world.context.engine) as session:
        made = world.seals.uses.signature(session, world.clerk, subject, ByHand((stroke,)))
        world.seals.record_use(session, world.clerk, made, Sealed(fresh(), fresh(), BEFORE, AFTER, PLACE))
        kept = world.context.custody.get(
            session, subject.contract, made.image_sha256, by=None, purpose="view"
        )
    assert kept.startswith(b"<svg")
    assert types(world, subject.dossier) == ["seal.created", "seal.used"]


STEPS = st.lists(st.sampled_from(Step), max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_seal_only_ever_goes_where_the_table_says(world, steps):
    """Any order of steps: each either follows the table or is refused and changes nothing; no event without a step."""
    life = world.seals.life
    seal, _ = world.seals.creating.create(world.keeper, world.new())
    state, recorded = SealState.CREATED, 1
    act = {
        Step.SUBMIT: lambda: life.submit(world.keeper, seal.id),
        Step.APPROVE: lambda: life.decide(world.approver, seal.id, approve=True),
        Step.REJECT: lambda: life.decide(world.approver, seal.id, approve=False, reason="否"),
        Step.ENABLE: lambda: life.enable(world.keeper, seal.id),
        Step.DISABLE: lambda: life.disable(world.keeper, seal.id, code="other"),
        Step.DESTROY: lambda: life.destroy(world.keeper, seal.id, code="other"),
    }
    for step in steps:
        if (state, step) in TABLE:
            state = TABLE[state, step]
            assert act[step]().state is state
            recorded += step is not Step.SUBMIT
        else:
            assert code(act[step]) == "seal-state-wrong"
        assert world.seals.shelf.get(world.keeper, seal.id).state is state
    assert len(types(world, seal.dossier)) == recorded


def test_destroyed_is_the_end(world):
    """No step leads out of it, and none into created."""
    assert not [step for step in Step if (SealState.DESTROYED, step) in TABLE]
    assert SealState.CREATED not in TABLE.values()
    with pytest.raises(Refused):
        after(SealState.DESTROYED, Step.ENABLE)


def field(action, *arguments):
    with pytest.raises(Refused) as refused:
        action(*arguments)
    return refused.value.code, refused.value.field


def test_seals_and_grants_are_described_in_known_words(world):
    """A refusal names the member that is wrong."""
    for changes, wrong in [
        ({"seal_type": "national"}, "/seal_type"),
        ({"name": " 章"}, "/name"),
        ({"filing_number": "12 34"}, "/filing_number"),
    ]:
        assert field(world.seals.creating.create, world.keeper, world.new(**changes)) == (
            "field-value",
            wrong,
        )
    for changes, wrong in [
        ({"scope": "some"}, "/scope"),
        ({"contract": TENANT}, "/contract"),
        ({"kinds": ("lease",)}, "/kinds"),
        ({"scope": "document_kinds", "kinds": ("lease", "lease")}, "/kinds"),
        ({"valid_to": world.context.clock()}, "/valid_to"),
        ({"max_uses": 0}, "/max_uses"),
    ]:
        given = grant_to(world, world.clerk.account, **changes)
        assert field(world.seals.grants.grant, world.keeper, fresh(), given) == ("field-value", wrong)


def test_two_designs_that_differ_have_two_digests(world):
    """One number more is another seal."""
    other = ByTemplate(replace(DESIGN, lower_text="3301060123457"))
    assert world.enabled().image != world.enabled(making=other).image
