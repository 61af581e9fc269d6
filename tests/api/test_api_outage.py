"""What is down outside costs time only; what is wrong inside stops the log, and says so."""

import os

import pytest
from api_world import Clock, World
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate

from anchor.tsa_local import LocalTsa
from api.operation.authorities import open_authorities
from api.operation.identity import log_identity
from api.operation.worker import open_worker
from api.settings import HttpTsaSettings, Settings, SettingsError


@pytest.fixture
def world(tmp_path):
    """An installation without a chain, whose one authority does not answer."""
    roots = tmp_path / "roots.pem"
    own = LocalTsa(tmp_path / "other-tsa", clock=Clock(), random=os.urandom).trusted.roots[0]
    roots.write_bytes(load_der_x509_certificate(own).public_bytes(Encoding.PEM))
    tsa = {
        "kind": "http",
        "name": "dead-tsa",
        "url": "http://127.0.0.1:21498/",
        "roots": str(roots),
        "policy_oids": ["1.2.3"],
        "timeout": 0.5,
        "private_addresses": True,
    }
    made = World(tmp_path / "home", chains=(), tsas=({"kind": "local"}, tsa))
    yield made
    made.close()


def test_a_dead_authority_degrades_and_deposits_go_on(world):
    """The worker notes the failure; /readyz is 200 and names who is down; deposits are answered as ever."""
    tenant = world.tenant()
    tenant.open_case()
    with open_worker(
        world.settings, log=log_identity(world.settings), clock=world.clock, random=os.urandom
    ) as worker:
        assert worker.run_once(force=True).trouble
    state = world.get("/readyz")
    assert (state.status_code, state.json()["status"]) == (200, "degraded")
    assert state.json()["down"] == ["tsa:dead-tsa"]
    assert tenant.open_case()


def test_a_poisoned_log_stops_and_says_so(world):
    """A stopped log answers 503 with Retry-After, /readyz too, and reading goes on."""
    tenant = world.tenant()
    case = tenant.open_case()
    world.services.ledger.poison("another history was seen")
    answer = tenant.deposit(case)
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:zheng:problem:ledger-stopped"
    assert "retry-after" in answer.headers
    assert "another history" not in answer.text
    state = world.get("/readyz")
    assert (state.status_code, state.json()["status"]) == (503, "stopped")
    assert tenant.get(f"/v1/cases/{case}").status_code == 200
    assert world.get("/checkpoint").status_code == 200


def test_roots_that_cannot_be_read_are_named(tmp_path):
    """A wrong roots file is a mistake of the settings, with its path."""
    tsa = HttpTsaSettings(
        kind="http", name="x", url="http://127.0.0.1/", roots=tmp_path / "none.pem", policy_oids=("1.2",)
    )
    with pytest.raises(SettingsError, match="none"):
        open_authorities(Settings(home=tmp_path, tsas=(tsa,)), clock=Clock(), random=os.urandom)
