"""One installation whose portal is walked: over HTTP without a socket, and on a port of this machine for browsers."""

import asyncio
import sys
import time
from pathlib import Path

import pytest
import uvicorn

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "api"))

from api_world import World, new_id, viewed  # the path above leads there
from portal_visits import CONTENT, NAME, Told, Visits


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """An installation that serves; a burst that a test can use up from an address of its own."""
    made = World(
        tmp_path_factory.mktemp("portal") / "home",
        limits={"verify_body": 600_000, "body": 20_000, "public_rate": 50.0, "public_burst": 400},
        issuer={"name": "示例存证机构"},
    )
    yield made
    made.close()


@pytest.fixture(scope="session")
def told(world):
    """A case with a document and a sealed name, anchored, and three certificates of it with different standings."""
    tenant = world.tenant(name="示范平台 <b>&")
    case = tenant.open_case(external_ref="HT-<script>-7")
    seen = tenant.put(f"/v1/cases/{case}/documents", CONTENT).json()
    document = {"role": "original", "size": len(CONTENT), "media_type": "application/pdf"}
    party = {"party": new_id(), "kind": "person", "role": "signatory", "order": 1, "required": True}
    event = viewed(
        type="contract.created/1",
        documents=[document | {"digests": seen["digests"]}],
        data={"scene": "leasing", "signing_order": "parallel", "parties": [party]},
        private={"title": "房屋租赁合同", "parties": [{"name": NAME}]},
    )
    assert tenant.post(f"/v1/cases/{case}/events", event).status_code == 201
    world.settle()
    while world.services.documents.follow():
        pass

    def issue():
        answer = tenant.post(
            f"/v1/cases/{case}/certificates", {"id": new_id(), "evidence_name": "租赁合同 <i>"}
        )
        assert answer.status_code == 201, answer.text
        return answer.json()["certificate_no"]

    superseded, valid = issue(), issue()
    other = tenant.open_case()
    tenant.deposit(other)
    revoked = tenant.post(f"/v1/cases/{other}/certificates", {"id": new_id()}).json()["certificate_no"]
    tenant.post(f"/v1/certificates/{revoked}/revocation", {"reason": "issued_in_error"})
    bundle = tenant.post(f"/v1/cases/{case}/bundle", {"id": new_id()})
    pdf = world.get(f"/v1/certificates/{valid}.pdf").content
    return Told(case, seen["digests"], valid, superseded, revoked, bundle.content, pdf)


@pytest.fixture(scope="session")
def visits(world):
    """The portal as a browser without scripts asks for it."""
    return Visits(world)


@pytest.fixture(scope="session")
def site(world):
    """The address of the portal, listening on this machine."""
    server = uvicorn.Server(uvicorn.Config(world.app, host="127.0.0.1", port=0, log_config=None))
    served = asyncio.run_coroutine_threadsafe(server.serve(), world._loop)
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    served.result(timeout=20)
