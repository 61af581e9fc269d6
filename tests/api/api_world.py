"""A whole installation with its HTTP application, for tests: real log, real chain, real authority, no socket."""

import asyncio
import os
import threading
import uuid
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from zheng_verifier.canonical import format_json
from zheng_verifier.encoding import format_base64, format_time
from zheng_verifier.jws import (
    CLAIM_TYPE,
    KEY_TYPE,
    format_jws,
    format_protected,
    key_fingerprint,
    signing_input,
)

from api.accounts.apikeys import SCOPES
from api.operation.identity import log_identity
from api.operation.installation import initialise
from api.operation.worker import open_worker
from api.services import open_services
from api.settings import Settings
from api.signing.depositors import Depositors
from api.signing.notary_http import HttpNotary
from api.web.app import create_app
from signing.database import read
from signing.dossier.depositing import Depositor
from signing.dossier.drain import Drain, backlog
from signing.dossier.ports import LogIdentity


def new_id():
    return str(uuid.uuid4())


class Clock:
    """The machine's clock, which a test may move."""

    def __init__(self):
        self.offset = timedelta(0)

    def __call__(self):
        return datetime.now(UTC) + self.offset


class World:
    """One installation, and an event loop of its own in a thread that serves its application."""

    def __init__(self, home: Path, **settings):
        self.clock = Clock()
        self.settings = Settings(home=home, **settings)
        self.installed = initialise(
            self.settings, clock=self.clock, random=os.urandom, progress=lambda _step: None
        )
        self._stack = ExitStack()
        self.services = self._stack.enter_context(
            open_services(self.settings, clock=self.clock, random=os.urandom)
        )
        self.app = create_app(self.settings, self.services)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.client = self.make_client()
        self._fuzz_key = None

    def make_client(self, address="127.0.0.1", app=None):
        transport = httpx.ASGITransport(
            app=app or self.app, raise_app_exceptions=False, client=(address, 1234)
        )
        return httpx.AsyncClient(transport=transport, base_url="http://zheng.test")

    def transport(self, app=None):
        """Let a synchronous client speak to the application without a socket."""
        return WorldTransport(self, app)

    def notary(self, transport=None):
        """The pipeline's notary, which asks this very installation."""
        log = log_identity(self.settings)
        return HttpNotary(
            "http://zheng.test",
            lambda: LogIdentity(log.origin, log.key),
            Depositors(self.settings.paths.signing_notary, self.services.store, uuid=new_id),
            timeout=60,
            transport=transport or self.transport(),
        )

    def drain_signing(self):
        """Have all that the pipeline recorded deposited, as the serving process does by itself."""
        desk = self.services.signing
        notary = self.notary()
        depositor = Depositor(desk.context.engine, notary, desk.custody, clock=self.clock)
        drain = Drain(desk.context.engine, depositor, clock=self.clock)
        for row in drain.due(pauses=False):
            drain.deposit(row)
        notary.close()
        with read(desk.context.engine) as session:
            left = backlog(session)
        assert left.rows == 0, left

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=60)

    def request(self, method, url, *, key=None, client=None, **options):
        headers = dict(options.pop("headers", {}))
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        return self.run((client or self.client).request(method, url, headers=headers, **options))

    def get(self, url, **options):
        return self.request("GET", url, **options)

    def post(self, url, body=None, **options):
        if body is not None and "content" not in options:
            options["content"] = format_json(body)
            options.setdefault("headers", {})["Content-Type"] = "application/json"
        return self.request("POST", url, **options)

    def tenant(self, *, scopes=frozenset(SCOPES), lifetime=None, name="Platform"):
        tenant = self.services.store.create_tenant(new_id(), name)
        new, _ = self.services.store.create_key(
            tenant.id, label="test", scopes=frozenset(scopes), lifetime=lifetime
        )
        return Tenant(self, tenant.id, new.text)

    def fuzz_key(self):
        """The API key of a tenant that is there for random requests."""
        if self._fuzz_key is None:
            self._fuzz_key = self.tenant(name="fuzz").key
        return self._fuzz_key

    def settle(self):
        """Have everything signed so far timestamped and anchored, as the worker process would."""
        with open_worker(
            self.settings, log=log_identity(self.settings), clock=self.clock, random=os.urandom
        ) as worker:
            for _ in range(100):
                trouble = worker.run_once(force=True).trouble
                covers = self.services.evidence.covers(self.services.ledger.reader.size() - 1)
                checkpoints = [cover.checkpoint for cover in covers]
                if any(each.tokens for each in checkpoints) and any(each.anchors for each in checkpoints):
                    return
                threading.Event().wait(0.1)
        raise AssertionError(f"the checkpoint was not timestamped and anchored: {trouble}")

    def close(self):
        self.run(self.client.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._stack.close()


class WorldTransport(httpx.BaseTransport):
    """Carries the requests of a synchronous client into the world's event loop."""

    def __init__(self, world, app=None):
        self._world = world
        self._inner = httpx.ASGITransport(app=app or world.app, raise_app_exceptions=False)

    def handle_request(self, request):
        return self._world.run(self._answer(request))

    async def _answer(self, request):
        content = request.read()
        asked = httpx.Request(request.method, request.url, headers=request.headers, content=content)
        response = await self._inner.handle_async_request(asked)
        body = await response.aread()
        return httpx.Response(response.status_code, headers=response.headers, content=body)


@dataclass
class Tenant:
    """A platform with one API key, and a signing key if it registered one."""

    world: World
    id: str
    key: str
    signer: Ed25519PrivateKey | None = None

    def get(self, url, **options):
        return self.world.get(url, key=self.key, **options)

    def post(self, url, body=None, **options):
        return self.world.post(url, body, key=self.key, **options)

    def put(self, url, content, **options):
        headers = {"Content-Type": "application/octet-stream"} | options.pop("headers", {})
        return self.world.request("PUT", url, key=self.key, content=content, headers=headers, **options)

    def open_case(self, **members):
        answer = self.post("/v1/cases", {"id": new_id(), "kind": "contract"} | members)
        assert answer.status_code == 201, answer.text
        return answer.json()["case"]

    def deposit(self, case, **members):
        return self.post(f"/v1/cases/{case}/events", viewed(**members))

    def claim(self, case, **members):
        return {
            "zheng": "claim/v1",
            "log": self.world.services.ledger.origin,
            "tenant": self.id,
            "case": case,
            "documents": [],
        } | viewed(**members)

    def register_key(self, **changes):
        self.signer = self.signer or Ed25519PrivateKey.generate()
        return self.post("/v1/submitter-keys", self.key_request(**changes))

    def key_request(self, **changes):
        spki = spki_of(self.signer)
        statement = {"zheng": "key/v1", "log": self.world.services.ledger.origin, "tenant": self.id}
        statement |= changes.pop("statement", {})
        body = {
            "id": new_id(),
            "key": format_base64(spki),
            "statement": statement,
            "jws": sign(self.signer, format_json(statement), typ=KEY_TYPE),
        }
        return body | changes


def spki_of(signer):
    return signer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def sign(signer, payload, *, typ=CLAIM_TYPE):
    protected = format_protected("EdDSA", key_fingerprint(spki_of(signer)), typ)
    return format_jws(protected, signer.sign(signing_input(protected, payload)))


def viewed(**members):
    """The plain members of a small event without personal data."""
    return {
        "id": new_id(),
        "type": "contract.expired/1",
        "data": {"deadline": format_time(datetime(2026, 12, 1, tzinfo=UTC)), "unsigned_parties": []},
    } | members
