"""The pipeline's notary over HTTP: claims signed by its own key, deposited once whatever is lost on the way."""

import json
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from api_world import new_id
from sqlmodel import select
from zheng_verifier.claim import Claim

from api.settings import ServerSettings, Settings, SettingsError, load_settings
from api.signing.depositors import LABEL
from api.signing.draining import make_drain, open_notary, own_url
from signing.database import read, write
from signing.dossier.depositing import NOT_KEPT
from signing.dossier.errors import RefusedNotaryError, UnavailableNotaryError
from signing.dossier.model import Event, Opening, Statement
from signing.dossier.models import OutboxRow

PARTY = "9d3c7a44-52f1-4b1d-8d0e-1f6a2b3c4d5e"
REJECTED = {"party": PARTY, "document_sha256": "a1" * 32, "reason_code": "content"}


class LosingAnswers(httpx.BaseTransport):
    """Carries requests to the service and loses the answers of those that ``lose`` names, once each."""

    def __init__(self, inner):
        self._inner = inner
        self.lose = set()

    def handle_request(self, request):
        response = self._inner.handle_request(request)
        for part in [each for each in self.lose if request.method != "GET" and each in request.url.path]:
            self.lose.discard(part)
            raise httpx.ReadError("the line is dead")
        return response


@pytest.fixture
def desk(world):
    return world.services.signing


@pytest.fixture
def draining(world, desk):
    """Give drains over transports of one's own, and close what they used."""
    made = []

    def drain(transport):
        made.append(world.notary(transport))
        return make_drain(world.settings, desk.context.engine, made[-1], desk.custody, clock=world.clock)

    yield drain
    for each in made:
        each.close()


def record(desk, tenant, count=3, close=True):
    with write(desk.context.engine) as session:
        owner = new_id()
        dossier = desk.recorder.open(session, tenant=tenant.id, kind="contract", reference=owner)
        desk.custody.create_owner(session, tenant.id, owner)
        file = desk.custody.put(session, owner, b"%PDF-1.7", media_type="application/pdf")
        for _ in range(count):
            desk.recorder.record(
                session, dossier, Event("party.rejected/1", REJECTED, private={"reason": "租金"})
            )
        desk.recorder.leave(session, dossier, file.sha256)
        if close:
            desk.recorder.close(session, dossier, "rejected")
    return dossier


def entries(tenant, case):
    return [json.loads(each["entry"]) for each in tenant.get(f"/v1/cases/{case}/events").json()["data"]]


def test_a_dossier_becomes_a_case_signed_by_the_pipeline(world, tenant, desk):
    """Every event is in the log, signed with the pipeline's registered key; the document is kept; the case is closed."""
    dossier = record(desk, tenant)
    world.drain_signing()
    with read(desk.context.engine) as session:
        standing = desk.recorder.standing(session, dossier)
    case = tenant.get(f"/v1/cases/{standing.case}").json()
    assert (case["events"], case["closed"]) == (5, True)
    assert (standing.seq, standing.waiting) == (5, 0)
    found = entries(tenant, standing.case)
    assert [each["submitter"]["kind"] for each in found] == ["api-key", *["signed"] * 4]
    assert [each["checked"]["sealed"] for each in found[1:4]] == [True] * 3
    assert found[4]["claim"]["data"]["count"] == 4
    labels = [each.label for each in world.services.store.keys(tenant.id)]
    assert labels.count(LABEL) == 1
    (file,) = world.settings.paths.signing_notary.glob(f"{tenant.id}.json*")
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("part", ["/v1/cases", "/submitter-keys", "/events", "/documents"])
def test_lost_answers_deposit_nothing_twice(world, tenant, desk, draining, part):
    """The request was done and its answer lost, at each kind of request: the next try takes the first answer."""
    dossier = record(desk, tenant)
    transport = LosingAnswers(world.transport())
    transport.lose = {part}
    draining(transport).run_once()
    with read(desk.context.engine) as session:
        assert "ReadError" in desk.recorder.standing(session, dossier).trouble
    world.clock.offset += timedelta(seconds=1)
    draining(transport).run_once()
    with read(desk.context.engine) as session:
        standing = desk.recorder.standing(session, dossier)
    assert (standing.seq, standing.waiting, standing.trouble) == (5, 0, None)
    assert len(entries(tenant, standing.case)) == 5


def test_what_was_deposited_before_is_found_by_its_id(world, tenant):
    """A claim sent again under another key is refused as reused; the event itself is found, and is the same claim."""
    notary = world.notary()
    case = _case_of(notary, tenant)
    data = {"deadline": "2026-12-01T00:00:00.000Z", "unsigned_parties": []}
    claim = Claim(notary.log().origin, tenant.id, case, new_id(), "contract.expired/1", data)
    first = notary.deposit(tenant.id, case, [Statement(claim)])[0]
    notary.close()
    (world.settings.paths.signing_notary / f"{tenant.id}.json").unlink()
    other = world.notary()
    again = other.deposit(tenant.id, case, [Statement(claim)])[0]
    assert (again.leaf, again.entry) == (first.leaf, first.entry)
    changed = replace(claim, data=data | {"unsigned_parties": [PARTY]})
    with pytest.raises(RefusedNotaryError, match="id-reused"):
        other.deposit(tenant.id, case, [Statement(changed)])
    other.close()
    minted = [each for each in world.services.store.keys(tenant.id) if each.label == LABEL]
    assert [each.revoked_at is None for each in minted] == [False, True]


def _case_of(notary, tenant):
    opening = Opening(new_id(), "contract", "elsewhere", None, ())
    return json.loads(notary.open_case(tenant.id, opening).leaf)["case"]


def test_a_registration_that_was_lost_is_made_again(world, tenant, desk, draining):
    """After a restored api.db the service does not know the key: it is registered again, and deposits go on."""
    record(desk, tenant, count=1, close=False)
    world.drain_signing()
    with world.services.store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM submitter_key WHERE tenant_id = ?", (tenant.id,))
    dossier = record(desk, tenant)
    drain = draining(world.transport())
    drain.run_once()
    world.clock.offset += timedelta(seconds=1)
    drain.run_once()
    with read(desk.context.engine) as session:
        assert desk.recorder.standing(session, dossier).waiting == 0


def test_a_file_too_large_for_the_service_does_not_hold_back_the_rest(world, tenant, desk):
    """It stays out of packages; its digest stands in the events all the same."""
    with write(desk.context.engine) as session:
        owner = new_id()
        dossier = desk.recorder.open(session, tenant=tenant.id, kind="contract", reference=owner)
        desk.custody.create_owner(session, tenant.id, owner)
        size = world.settings.limits.document_body + 1
        file = desk.custody.put(session, owner, bytes(size), media_type="application/pdf")
        desk.recorder.leave(session, dossier, file.sha256)
        desk.recorder.close(session, dossier, "ended")
    world.drain_signing()
    with read(desk.context.engine) as session:
        rows = session.exec(
            select(OutboxRow).where(OutboxRow.dossier == dossier, OutboxRow.kind == "document")
        )
        assert [row.type for row in rows] == [NOT_KEPT]


def test_no_service_is_a_delay(world, tenant):
    """Nobody listens there: everything stays as it was."""
    settings = world.settings.model_copy(update={"server": ServerSettings(host="0.0.0.0", port=21048)})
    assert own_url(settings) == "http://127.0.0.1:21048"
    assert (
        own_url(settings.model_copy(update={"server": ServerSettings(host="::", port=1)})) == "http://[::1]:1"
    )
    notary = open_notary(settings, world.services.store, uuid=new_id)
    with pytest.raises(UnavailableNotaryError):
        notary.head(tenant.id, new_id())
    notary.close()


def test_a_foreign_service_needs_its_policy_and_its_own_key(world, tenant, tmp_path):
    """An address without the log's key is refused at start; without an API key deposits say what is missing."""
    with pytest.raises(SettingsError, match="go together"):
        load_settings(signing={"notary": {"url": "https://zheng.example"}})
    policy = tmp_path / "policy.json"
    policy.write_bytes(world.settings.paths.policy.read_bytes())
    settings = Settings(
        home=tmp_path, signing={"notary": {"url": "http://127.0.0.1:21048", "policy": str(policy)}}
    )
    settings.paths.create()
    notary = open_notary(settings, world.services.store, uuid=new_id)
    assert notary.log().origin == world.services.ledger.origin
    with pytest.raises(RefusedNotaryError, match="key-missing"):
        notary.head(tenant.id, new_id())
    (settings.paths.signing_notary / f"{tenant.id}.json").write_text(json.dumps({"api_key": tenant.key}))
    with pytest.raises(UnavailableNotaryError):
        notary.head(tenant.id, new_id())
    notary.close()
