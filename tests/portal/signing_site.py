"""An installation that signs: its threads run, it listens on this machine, and its simulated telephones can be read."""

import asyncio
import base64
import hashlib
import os
import re
import socket
import sys
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import uvicorn
from zheng_verifier.encoding import format_time
from zheng_verifier.pdf.render import render_pdf

sys.path.insert(0, str(Path(__file__).parents[1] / "api"))

from api_world import World, new_id  # the path above leads there

from api.operation.identity import log_identity
from api.operation.worker import open_worker
from api.signing.background import running
from signing.people.accounts import NewAccount
from signing.people.profile import Profile
from signing.people.roles import Role
from signing.principal import Principal, system

COMPANY = "杭州青禾科技有限公司"
DESIGN = {
    "kind": "company",
    "outline": "circle",
    "width_um": 40_000,
    "height_um": 40_000,
    "upper_text": COMPANY,
    "lines": ["合同专用章"],
    "lower_text": "3301060123456",
    "star": True,
}
RENEWAL = {"x": 70_000, "y": 418_000, "width": 455_000, "height": 30_000}


@cache
def lease():
    """A lease of two pages, Chinese and English."""
    source = Path(__file__).with_name("contract.typ").read_text("utf-8")
    return render_pdf(source, inputs={}, created=datetime(2026, 11, 1, tzinfo=UTC), standard="1.7")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(found, seconds=20.0):
    """Wait for something that threads of the service do."""
    deadline = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return value


class SigningSite:
    """The installation, one tenant of it, and what the tenant does over the API."""

    def __init__(self, world, address):
        self.world, self.address = world, address
        self.tenant = world.tenant(name="青禾")
        described = self.tenant.world.request(
            "PUT", "/v1/signing/organisation", key=self.tenant.key, json={"id": new_id(), "name": COMPANY}
        )
        assert described.status_code in (200, 201, 404, 405), described.text
        self.phones = 0

    @property
    def desk(self):
        return self.world.services.signing

    def phone(self):
        """A telephone of its own for each party, so that no test reads another's messages."""
        self.phones += 1
        return f"139{self.phones:08d}"

    def sent(self, *parties, title="房屋租赁合同", content=None, marks=(RENEWAL,), controls=()):
        """A contract with a draft, terms marked on its first page, sent to these parties; gives its id."""
        body = {"id": new_id(), "title": title, "parties": list(parties)}
        self._made("/v1/signing/contracts", body)
        encoded = base64.b64encode(content or lease()).decode()
        file = {"id": new_id(), "contract": body["id"], "name": "房屋租赁合同.pdf", "content": encoded}
        document = self._made("/v1/signing/documents", file).json()
        if controls:
            placed = f"/v1/signing/documents/{document['document']}/controls"
            put = self.world.request("PUT", placed, key=self.tenant.key, json={"controls": controls})
            assert put.status_code == 200, put.text
        terms = [{"kind": "automatic_renewal", "page": 1, "place": place} for place in marks]
        address = f"/v1/signing/contracts/{body['id']}/documents/{document['document']}/terms"
        marked = self.world.request("PUT", address, key=self.tenant.key, json={"terms": terms})
        assert marked.status_code == 200, marked.text
        send = f"/v1/signing/contracts/{body['id']}/send"
        until(lambda: self.tenant.post(send).status_code == 200)
        return body["id"]

    def _made(self, address, body):
        made = self.tenant.post(address, body)
        assert made.status_code in (200, 201), made.text
        return made

    def texts(self, phone):
        return [
            each["text"] for each in self.tenant.get(f"/v1/signing/simulators/sms?to={phone}").json()["data"]
        ]

    def link(self, phone, known=0):
        """The newest link that a telephone received, as an address of this site; ``known`` links came before."""

        def found():
            links = [text.split("/s#")[1][:43] for text in self.texts(phone) if "/s#" in text]
            return links[-1] if len(links) > known else None

        return f"{self.address}/s#{until(found)}"

    def code(self, phone):
        """The newest code that a telephone received."""
        found = [
            match for text in self.texts(phone) for match in re.findall(r"(?<![\w-])\d{6}(?![\w-])", text)
        ]
        return found[-1]

    def member(self, name, *roles):
        new = NewAccount(new_id(), "person", internal=True, profile=Profile(name))
        made, _ = self.desk.people.accounts.create(Principal(self.tenant.id, "system"), new)
        return Principal(self.tenant.id, "member", account=made.id, roles=frozenset(roles))

    def contact(self, name, phone):
        """The account of a person."""
        body = {"id": new_id(), "kind": "person", "name": name, "phone": phone}
        return self._made("/v1/signing/contacts", body).json()["id"]

    def keeper(self, name, login, *roles):
        """The account of a member who may be given a login."""
        held = frozenset(map(Role, roles)) or frozenset({Role.MEMBER})
        profile = Profile(name, login=login, phone=self.phone())
        new = NewAccount(new_id(), "person", internal=True, profile=profile, roles=held)
        return self.desk.people.accounts.create(system(self.tenant.id), new)[0].id

    def setup(self, account):
        """The one-time link by which a member sets up his login: the path on the site."""
        return f"/setup#{self.desk.people.setups.invite(system(self.tenant.id), account).token}"

    def sealed_person(self, phone):
        """The account of a person who may use the company's seal."""
        account = self.contact("赵敏", phone)
        self.granted_seal(account)
        return account

    def granted_seal(self, account):
        """Make the company's seal, and let an account use it; gives the seal's id."""
        made = {"id": new_id(), "name": "合同章", "seal_type": "contract", "design": DESIGN}
        seal = self._made("/v1/signing/seals", made).json()["id"]
        assert self.tenant.post(f"/v1/signing/seals/{seal}:submit").status_code == 200
        self.desk.seals.life.decide(self.member("主管", Role.SYSTEM_ADMIN), seal, approve=True)
        assert self.tenant.post(f"/v1/signing/seals/{seal}:enable", {}).status_code == 200
        now = self.world.clock()
        grant = {"id": new_id(), "grantee": account, "scope": "all"}
        grant |= {
            "valid_from": format_time(now - timedelta(hours=1)),
            "valid_to": format_time(now + timedelta(days=9)),
        }
        self._made(f"/v1/signing/seals/{seal}/grants", grant)
        return seal

    def deposited(self, content):
        """Tell whether a file is found among the deposits, as anybody may look it up."""
        self.world.services.documents.follow()
        return self.world.services.documents.find(hashlib.sha256(content).digest(), "sha256")

    def anchor(self):
        """Have what is deposited time-stamped and anchored, as the worker does."""
        log = log_identity(self.world.settings)
        with open_worker(self.world.settings, log=log, clock=self.world.clock, random=os.urandom) as worker:
            worker.run_once(force=True)


@contextmanager
def signing_site(folder):
    """Open it, and close it in the end."""
    port = free_port()
    world = World(
        folder / "home",
        server={"port": port},
        signing={"certificates": {"pool": 2}},
        limits={"public_rate": 200.0, "public_burst": 2000},
        issuer={"name": "示例存证机构"},
    )
    config = uvicorn.Config(world.app, host="127.0.0.1", port=port, log_config=None)
    server = uvicorn.Server(config)
    with ExitStack() as stack:
        stack.callback(world.close)
        served = asyncio.run_coroutine_threadsafe(server.serve(), world._loop)

        def stop():
            server.should_exit = True
            served.result(timeout=20)

        stack.callback(stop)
        until(lambda: server.started)
        stack.enter_context(running(world.services.signing))
        yield SigningSite(world, f"http://127.0.0.1:{port}")
