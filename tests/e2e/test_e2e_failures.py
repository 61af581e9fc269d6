"""What breaks around the service, and what it does about it: it goes on, or it stops and says which sizes disagree."""

import http.client
import os
import resource
import shutil
import socket
import sys
import threading
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from e2e_house import eventually, free_port, new_id, open_case, personal_event, plain_event, verify_receipt

from anchor.keys import KeyFileSigner
from anchor.tsa_local import LocalTsa

sys.path.insert(0, str(Path(__file__).parent.parent / "anchor"))

from test_anchor_anvil import Anvil, FaultProxy  # the path above leads there

QUICK = {"ZHENG_WORKER__INTERVAL": "0.2", "ZHENG_WORKER__POLL": "0.05"}
NO_CHAIN = {"ZHENG_CHAINS": "[]"}


def deposit(client, case, event=None):
    """Deposit one event, which must be taken."""
    answer = client.post(f"/v1/cases/{case}/events", event or plain_event())
    assert answer.status == 201, answer.body
    return answer.json


def readiness(client):
    answer = client.get("/readyz")
    return answer.status, answer.json["status"], answer.json["down"]


def proof(client, receipt):
    return client.get(f"/v1/events/{receipt['id']}/proof", headers={"Accept": "application/json"}).json


@contextmanager
def authority(local, port):
    """A time-stamping authority behind HTTP, for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = local.request(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_dead_authority_costs_time_only(new_house, tmp_path):
    """Nobody answers at its port: deposits go on, anchors on the chain go on, all is said; and it recovers by itself."""
    local = LocalTsa(tmp_path / "far", clock=lambda: datetime.now(UTC), random=os.urandom, name="far")
    port = free_port()
    oids = ",".join(f'"{oid}"' for oid in local.trusted.policy_oids)
    tsa = (
        f'[{{"kind":"http","name":"far","url":"http://127.0.0.1:{port}/","roots":"{tmp_path}/far/root.pem",'
        f'"policy_oids":[{oids}],"private_addresses":true,"test":true}}]'
    )
    house = new_house(ZHENG_TSAS=tsa, **QUICK)
    house.init()
    client = house.client(house.tenant())
    serve, worker = house.serve(), house.worker()
    case = open_case(client)
    receipt = deposit(client, case)
    eventually(lambda: readiness(client) == (200, "degraded", ["tsa:far"]), 20, "readyz names the authority")
    told = house.status()
    assert told["state"] == "degraded"
    assert "AuthorityUnavailable" in told["services"]["tsa:far"]
    assert told["services"].get("chain:embedded", "ok") == "ok"
    verify_receipt(deposit(client, case), house.vkey)
    eventually(lambda: house.status()["unanchored"] == 0, 20, "the chain is not held up")
    assert [each["timestamps"] for each in proof(client, receipt)["proofs"] if each["timestamps"]] == []

    with authority(local, port):
        eventually(lambda: readiness(client) == (200, "ready", []), 30, "it recovers")
        eventually(
            lambda: any(each["timestamps"] for each in proof(client, receipt)["proofs"]), 20, "a time-stamp"
        )
    assert house.status()["state"] == "ready"
    client.close()
    assert (worker.stop(), serve.stop()) == (0, 0)
    assert house.fsck()["timestamps"] >= 1


def test_a_dead_chain_costs_time_only(new_house, tmp_path):
    """The node goes away and comes back: deposits and time-stamps go on, the anchor waits, and is made in the end."""
    keys = [tmp_path / name for name in ("admin.key", "publisher.key")]
    admin, publisher = (KeyFileSigner.create(path, os.urandom) for path in keys)
    node = Anvil()
    proxy = FaultProxy(node.url)
    try:
        for signer in (admin, publisher):
            node.ask("anvil_setBalance", "0x" + signer.address.hex(), hex(10**21))
        genesis = node.ask("eth_getBlockByNumber", "0x0", False)["hash"]
        chain = (
            f'[{{"kind":"ethereum","name":"node","url":"{proxy.url}","chain_kind":"dev","genesis_hash":"{genesis}",'
            f'"chain_id":{int(node.ask("eth_chainId"), 16)},"finality":1,'
            f'"admin_key":"{keys[0]}","publisher_key":"{keys[1]}"}}]'
        )
        house = new_house(ZHENG_CHAINS=chain, **QUICK)
        assert house.init()["chains"] == ["node"]
        client = house.client(house.tenant())
        serve, worker = house.serve(), house.worker()
        case = open_case(client)
        first = deposit(client, case)
        eventually(lambda: house.status()["unanchored"] == 0, 30, "anchored while the node is there")

        proxy.fault = lambda _method: "refuse"
        waiting = deposit(client, case)
        eventually(
            lambda: readiness(client) == (200, "degraded", ["chain:node"]), 20, "readyz names the chain"
        )
        told = house.status()
        assert (told["state"], told["unanchored"] > 0) == ("degraded", True)
        verify_receipt(deposit(client, case), house.vkey)
        eventually(
            lambda: any(each["timestamps"] for each in proof(client, waiting)["proofs"]),
            20,
            "the authority is not held up",
        )
        assert proof(client, waiting)["level"] == "timestamped"

        proxy.fault = lambda _method: None
        eventually(lambda: readiness(client) == (200, "ready", []), 30, "it recovers")
        eventually(lambda: house.status()["unanchored"] == 0, 30, "what waited is anchored")
        assert (proof(client, first)["level"], proof(client, waiting)["level"]) == ("anchored", "anchored")
        client.close()
        assert (worker.stop(), serve.stop()) == (0, 0)
        house.fsck()
    finally:
        proxy.stop()
        node.stop()


def refused(house):
    """Try to serve; gives what it says."""
    command = house.start("serve", "--json")
    assert command.wait(30) == 1
    assert command.out == ""
    return command.err


def test_an_old_copy_put_back_is_refused(new_house):
    """Yesterday's data folder under today's signer: nothing is signed, both sizes are named; the newer one serves again."""
    house = new_house(**NO_CHAIN)
    house.init()
    client = house.client(house.tenant())
    serve = house.serve()
    case = open_case(client)
    deposit(client, case)
    client.close()
    assert serve.stop() == 0
    data, old, new = house.home / "data", house.folder / "old", house.folder / "new"
    shutil.copytree(data, old)
    old_size = house.status()["size"]
    serve = house.serve()
    receipts = [deposit(client, case) for _ in range(3)]
    client.close()
    assert serve.stop() == 0
    new_size = house.status()["size"]
    assert new_size == old_size + 3

    data.rename(new)
    old.rename(data)
    said = refused(house)
    assert "BEHIND" in said
    assert f"database {old_size}" in said
    assert f"signer {new_size}" in said
    assert "never delete the signer's memory" in said
    shutil.rmtree(data)
    new.rename(data)
    serve = house.serve()
    client = house.client(house.tenant())
    for receipt in receipts:
        verify_receipt(receipt, house.vkey)
    assert client.get("/checkpoint").body.decode().split("\n")[1] == str(new_size)
    client.close()
    assert serve.stop() == 0
    house.fsck()


def test_an_idle_connection_is_not_closed_before_its_client_does(new_house):
    """Clients keep one for five seconds, as a rule: a request sent just then must not meet a server that hangs up."""
    house = new_house(**NO_CHAIN)
    house.init()
    serve = house.serve()
    with closing(http.client.HTTPConnection("127.0.0.1", house.port)) as connection:
        for pause in (6, 0):
            connection.request("GET", "/checkpoint")
            answer = connection.getresponse()
            assert (answer.status, bool(answer.read())) == (200, True)
            time.sleep(pause)
    assert serve.stop() == 0


def test_a_home_serves_once_and_its_copy_never(new_house):
    """A second process on the same home finds it locked; one on a copy finds it copied, always."""
    house = new_house(**NO_CHAIN)
    house.init()
    serve = house.serve()
    assert "LOCKED" in refused_elsewhere(house)
    twin = new_house("twin", **NO_CHAIN)
    shutil.copytree(house.home, twin.home)
    assert "COPIED" in refused(twin)
    assert serve.stop() == 0
    assert "COPIED" in refused(twin)
    assert house.serve().stop() == 0


def refused_elsewhere(house):
    """Try to serve the same home at another port."""
    command = house.start("serve", "--json", ZHENG_SERVER__PORT="0")
    assert command.wait(30) == 1
    return command.err


def test_a_taken_port_is_said(new_house):
    """Somebody else listens there: one line that names the port and the way out."""
    house = new_house(**NO_CHAIN)
    house.init()
    with socket.create_server(("127.0.0.1", house.port)):
        said = refused(house)
    assert f"cannot listen on 127.0.0.1:{house.port}" in said
    assert "--port" in said


def test_a_poisoned_log_stops(new_house):
    """The marker appears while it serves: the next deposit gets 503, and so does /readyz; and it does not start again."""
    house = new_house(**NO_CHAIN)
    house.init()
    client = house.client(house.tenant())
    serve = house.serve()
    case = open_case(client)
    receipt = deposit(client, case)
    (house.home / "signer" / "POISONED").write_text("another history was seen\n")
    answer = client.post(f"/v1/cases/{case}/events", plain_event())
    assert (answer.status, answer.json["type"]) == (503, "urn:zheng:problem:ledger-stopped")
    assert readiness(client)[:2] == (503, "stopped")
    # What was proven stays to be read.
    assert client.get(f"/v1/events/{receipt['id']}").json["leaf"] == receipt["leaf"]
    assert house.status()["state"] == "stopped"
    client.close()
    assert serve.stop() == 0
    said = refused(house)
    assert "POISONED" in said
    assert "another history was seen" in said


def test_a_full_disk_loses_nothing(new_house):
    """No file may grow any more: 503 and "send it again"; with room again the same ids get their receipts, once."""
    house = new_house(**NO_CHAIN)
    house.init()
    room = 400_000 + max(path.stat().st_size for path in house.home.rglob("*") if path.is_file())
    serve = house.serve(file_limit=room)
    client = house.client(house.tenant())
    case = open_case(client)
    receipts, unanswered = [], []
    for _ in range(2000):
        event = personal_event()
        answer = client.post(f"/v1/cases/{case}/events", event)
        if answer.status == 201:
            receipts.append(answer.json)
            continue
        assert answer.status == 503, answer.body
        assert answer.json["type"] in ("urn:zheng:problem:busy", "urn:zheng:problem:signer-unavailable")
        unanswered.append(event)
        if len(unanswered) == 5:
            break
    assert len(receipts) >= 3
    assert len(unanswered) == 5
    assert readiness(client)[0] in (200, 503)
    assert client.get(f"/v1/events/{receipts[-1]['id']}").json["leaf"] == receipts[-1]["leaf"]

    resource.prlimit(serve.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    again = []
    for event in unanswered * 2:
        answer = eventually(lambda event=event: answered(client, case, event), 10, "it recovers")
        again.append(answer)
    places = [(each["id"], each["leaf_index"]) for each in again]
    assert places[:5] == places[5:]
    assert (
        len({index for _, index in places} | {each["leaf_index"] for each in receipts}) == len(receipts) + 5
    )
    for receipt in [*receipts, *again]:
        verify_receipt(receipt, house.vkey)
    client.close()
    assert serve.stop() == 0
    assert house.fsck()["leaves"] >= len(receipts) + 5
    print(f"{len(receipts)} receipts before the disk was full")


def answered(client, case, event):
    answer = client.post(f"/v1/cases/{case}/events", event)
    return answer.json if answer.status in (200, 201) else None


def test_a_database_that_was_tampered_with_is_named(new_house):
    """One byte of one stored leaf: `zheng fsck` ends with 1 and names the row."""
    from pysqlite3 import dbapi2

    house = new_house(**NO_CHAIN)
    house.init()
    connection = dbapi2.connect(str(house.home / "data" / "ledger.db"))
    with connection:
        connection.execute(
            "UPDATE leaf SET leaf = CAST(replace(leaf, 'seq', 'sEq') AS BLOB) WHERE leaf_index = 3"
        )
    connection.close()
    found = house.json("fsck", code=1)
    assert not found["ok"]
    assert found["differences"][0].startswith("ledger: leaf 3")


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (("status",), {}, "run `zheng init` first"),
        (("serve",), {}, "run `zheng init` first"),
        (("fsck",), {}, "run `zheng init` first"),
        (("status",), {"ZHENG_SERVER__PROT": "1"}, "prot"),
        (("status",), {"ZHENG_TSA": "x"}, "unknown environment variable ZHENG_TSA"),
    ],
)
def test_what_cannot_work_is_said_in_words(new_house, arguments, environment, said):
    """No installation, misspelt settings: a short message and a code, no traceback, and nothing is made."""
    house = new_house()
    command = house.run(*arguments, code=1, **environment)
    assert said in command.err
    assert "Traceback" not in command.err
    assert not (house.home / "data" / "ledger.db").exists()
    assert command.err.startswith("zheng: ")


def test_an_id_that_was_never_sent_is_unknown_after_a_crash(new_house):
    """Kill -9 between two deposits: the first is there, what was never sent is 404, and the next takes the next place."""
    house = new_house(**NO_CHAIN)
    house.init()
    client = house.client(house.tenant())
    serve = house.serve()
    case = open_case(client)
    first = deposit(client, case)
    serve.kill()
    client.close()
    serve = house.serve()
    assert client.get(f"/v1/events/{first['id']}").status == 200
    assert client.get(f"/v1/events/{new_id()}").status == 404
    assert deposit(client, case)["leaf_index"] == first["leaf_index"] + 1
    client.close()
    assert serve.stop() == 0


def test_a_signal_ends_the_service_at_any_moment(new_house):
    """SIGTERM as soon as it says that it listens, or a little later: it always ends, in order, with code 0."""
    house = new_house(**NO_CHAIN)
    house.init()
    for number in range(5):
        serve = house.serve()
        time.sleep(0.01 * number)
        assert serve.stop() == 0, serve.err
        assert not (house.home / "data" / "ledger.db-wal").exists(), "the log was not closed"
