"""The same anchor on a real node, anvil, through a proxy that does to it what networks and providers do."""

import hashlib
import http.server
import itertools
import json
import socket
import subprocess
import threading
import time
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from eth_utils.address import to_checksum_address
from zheng_verifier.ethereum.anchor import read_anchored_block, verify_anchor_binding

from anchor.chain_rpc import JsonRpcChain
from anchor.ethereum import ChainProfile, EthereumAnchor
from anchor.fees import FeeMode, FeePolicy
from anchor.fsck import fsck
from anchor.keys import KeyFileSigner
from anchor.lifecycle import Kind, Phase, Rules
from anchor.ports import ChainError, ChainIdentity, ChainUnavailable, WrongChain

ANVIL = Path(__file__).resolve().parents[2] / "contracts_sol" / "node_modules" / ".bin" / "anvil"
PORTS = range(21200, 21400)
ADMIN = KeyFileSigner(hashlib.sha256(b"admin").digest())
PUBLISHER = KeyFileSigner(hashlib.sha256(b"publisher").digest())
RULES = Rules(resend_after=1.0, missing_after=0.2, bump_after=3.0, patience=3)
SIZES = (100, 250, 777)


def free_port():
    for port in PORTS:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                try:
                    probe.close()
                    with socket.socket() as taker:
                        taker.bind(("127.0.0.1", port))
                except OSError:
                    continue
                return port
    raise RuntimeError("no free port in the test range")


class Anvil:
    """A node of its own, and its test methods."""

    def __init__(self, *arguments):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [ANVIL, "--port", str(self.port), "--slots-in-an-epoch", "1", "--silent", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while True:
            try:
                self.ask("eth_chainId")
                break
            except OSError:
                assert time.monotonic() < deadline, "anvil did not start"
                assert self.process.poll() is None, "anvil ended"
                time.sleep(0.05)
        for signer in (ADMIN, PUBLISHER):
            self.ask("anvil_setBalance", "0x" + signer.address.hex(), hex(10**21))

    def ask(self, method, *params):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as response:
            answer = json.load(response)
        assert "error" not in answer, answer
        return answer["result"]

    def mine(self, count=1):
        self.ask("anvil_mine", hex(count))

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


class FaultProxy:
    """Stands before a node; ``fault(method)`` names what to do to a call: see `Handler`."""

    def __init__(self, upstream):
        self.fault = lambda method: None
        self.calls = []
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def log_message(self, *arguments):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                method = json.loads(body)["method"]
                proxy.calls.append(method)
                match proxy.fault(method):
                    case "refuse":
                        return self.connection.close()
                    case int(status):
                        return self.answer(status, b"slow down")
                    case "html":
                        return self.answer(200, b"<html>Bad Gateway</html>")
                    case ("value", value):
                        return self.answer(
                            200, json.dumps({"jsonrpc": "2.0", "id": 0, "result": value}).encode()
                        )
                    case ("error", code, message):
                        error = {"code": code, "message": message}
                        return self.answer(
                            200, json.dumps({"jsonrpc": "2.0", "id": 0, "error": error}).encode()
                        )
                    case after:
                        request = urllib.request.Request(upstream, body, {"Content-Type": "application/json"})
                        with urllib.request.urlopen(request, timeout=10) as response:
                            answer = response.read()
                        if after == "drop answer":
                            return self.connection.close()
                        if after == "slow":
                            time.sleep(1.0)
                        return self.answer(200, answer)

            def answer(self, status, body):
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    pass  # the client did not wait

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Bench:
    """A node, the proxy before it, a log, and the anchor between."""

    def __init__(self, tmp_path, log, open_store, clock, arguments=(), **profile):
        self.node = Anvil(*arguments)
        self.proxy = FaultProxy(self.node.url)
        self.log, self.clock = log, clock
        self.port = JsonRpcChain(self.proxy.url, timeout=0.5)
        self.store = open_store(tmp_path / "anchor.db")
        settings = {"rules": RULES, "finality": None} | profile
        self.profile = ChainProfile("anvil", "dev", JsonRpcChain(self.node.url).identity(), **settings)
        self.connect()
        self.errors = []

    def connect(self):
        self.anchor = EthereumAnchor(
            port=self.port,
            profile=self.profile,
            admin=ADMIN,
            publisher=PUBLISHER,
            log=self.log.identity,
            heads=self.log,
            store=self.store,
            clock=self.clock,
        )

    def take(self, size):
        self.log.grow(size - len(self.log.leaves))
        signed = self.log.identity.open(self.log.note(size))
        self.store.add_checkpoint(signed.note, signed.checkpoint.head, signed.note_digest, self.clock())
        self.anchor.take(signed)

    def turn(self, *, mine=True):
        try:
            self.anchor.advance()
        except ChainError as error:
            self.errors.append(error)
        if mine:
            self.node.mine()
        self.clock.pass_seconds(1)

    def until_final(self, size, rounds=80):
        for _ in range(rounds):
            self.turn()
            done = [c for c in self.store.anchored() if c.size == size and c.state == "final"]
            if done:
                return done[0]
        raise AssertionError(f"size {size} is not final: {self.store.lane('anvil')} {self.errors[-3:]}")

    def sizes_on_chain(self):
        contract = self.store.deployment("anvil").contract
        logs = self.node.ask(
            "eth_getLogs", {"address": to_checksum_address(contract), "fromBlock": "0x0", "toBlock": "latest"}
        )
        return [int(log["topics"][2], 16) for log in logs if len(log["data"]) == 2 + 2 * 96]

    def check(self, sizes):
        """One event per size, every stored proof accepted, every proof of the block that is canonical now."""
        assert list(sizes) == self.sizes_on_chain()
        report = fsck(self.store, self.log.identity, {})
        assert (None, len(sizes)) == (report.difference, report.proofs)
        for done in self.store.anchored():
            for proof in done.anchors:
                block = read_anchored_block(proof, chain=self.anchor.trusted_chain())
                assert block.hash == self.port.block_hash(block.number)

    def stop(self):
        self.proxy.stop()
        self.node.stop()
        self.store.close()


@pytest.fixture
def make_bench(tmp_path, growing_log, open_store, hand_clock):
    if not ANVIL.exists():
        pytest.skip("anvil is not at hand: run `npm ci` in contracts_sol")
    benches = []

    def make(*arguments, **profile):
        benches.append(Bench(tmp_path, growing_log(), open_store, hand_clock, arguments, **profile))
        return benches[-1]

    yield make
    for bench in benches:
        bench.stop()


@pytest.fixture
def bench(make_bench):
    return make_bench()


def test_heads_become_final_on_a_real_node(bench):
    """Finality by the node's tag; header, receipts, transaction and account proof rebuilt from its JSON."""
    for size in SIZES:
        bench.take(size)
        done = bench.until_final(size)
    signed = bench.log.identity.open(done.note)
    trusted = bench.anchor.trusted_chain()
    event = verify_anchor_binding(
        done.anchors[0], head=signed.checkpoint.head, note_digest=signed.note_digest, chain=trusted
    )
    assert (event.tree_size, event.prev_tree_size) == (777, 250)
    assert done.anchors[0].account_proof
    bench.check(SIZES)


@pytest.mark.parametrize("hardfork", ["london", "shanghai", "cancun", "osaka"])
def test_the_same_code_works_on_older_and_newer_forks(make_bench, hardfork):
    """Header fields and receipts of each fork re-hash; the contract is compiled for the oldest of them."""
    bench = make_bench("--hardfork", hardfork, finality=1)
    bench.take(5)
    bench.until_final(5)
    bench.check([5])


def test_a_legacy_chain_gets_legacy_transactions(make_bench):
    """Before London there is a gas price, and depth is the rule of finality."""
    bench = make_bench("--hardfork", "berlin", finality=2, fees=FeePolicy(FeeMode.LEGACY))
    bench.take(5)
    bench.until_final(5)
    bench.take(6)
    bench.until_final(6)
    bench.check([5, 6])


class Every:
    """A fault for each call of a method."""

    def __init__(self, fault, *methods, limit=10**9):
        self.fault, self.methods, self.left = fault, methods, limit

    def __call__(self, method):
        if method in self.methods and self.left > 0:
            self.left -= 1
            return self.fault
        return None


SEND = "eth_sendRawTransaction"
RECEIPT = "eth_getTransactionReceipt"
FAULTS = {
    "the answer to every send is dropped": Every("drop answer", SEND),
    "every send times out and arrives": Every("slow", SEND),
    "the first sends do not arrive": Every("refuse", SEND, limit=4),
    "too many requests": Every(429, SEND, "eth_call", "eth_getBlockByNumber", limit=12),
    "no service": Every(503, RECEIPT, "eth_getTransactionCount", "eth_getCode", limit=12),
    "a web page instead of an answer": Every("html", RECEIPT, "eth_getBlockByHash", limit=12),
    "receipts are never there at first": Every(("value", None), RECEIPT, limit=12),
    "sends are rate-limited in words": Every(
        ("error", -32005, "daily request limit exceeded"), SEND, limit=4
    ),
    "sends are refused": Every(
        ("error", -32000, "insufficient funds for gas * price + value"), SEND, limit=3
    ),
    "no eth_getBlockReceipts": Every(("error", -32601, "method not found"), "eth_getBlockReceipts"),
    "nonsense instead of numbers": Every(("value", {"a": 1}), "eth_blockNumber", "eth_gasPrice", limit=9),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_of_the_network_cost_time_only(bench, name):
    """Whatever the network does: one event for each size, and a proof for each."""
    fault = FAULTS[name]
    bench.take(1)
    bench.until_final(1)
    bench.proxy.fault = Every(fault.fault, *fault.methods, limit=fault.left)
    for size in SIZES:
        bench.take(size)
        bench.until_final(size)
    bench.check((1, *SIZES))


def test_a_node_that_lies_about_its_chain_gets_nothing(bench):
    """The chain id is asked for anew in each round; not one transaction is signed for or sent to a stranger."""
    bench.proxy.fault = Every(("value", "0x1"), "eth_chainId")
    bench.take(5)
    for _ in range(5):
        bench.turn()
    assert {WrongChain} == {type(error) for error in bench.errors}
    assert SEND not in bench.proxy.calls
    bench.proxy.fault = lambda method: None
    bench.until_final(5)
    bench.check([5])


def test_a_wiped_mempool_is_filled_with_the_same_bytes(make_bench):
    """The node forgets what it took: it gets the same transaction again."""
    bench = make_bench()
    bench.take(1)
    bench.until_final(1)
    bench.node.ask("evm_setAutomine", False)
    bench.take(100)
    bench.turn(mine=False)
    (attempt,) = bench.store.lane("anvil").flight.attempts
    assert bench.port.knows(attempt.tx_hash)
    bench.node.ask("anvil_dropAllTransactions")
    assert not bench.port.knows(attempt.tx_hash)
    bench.until_final(100)
    assert (attempt,) == bench.store.finished("anvil", Kind.ANCHOR).attempts
    bench.check([1, 100])


def test_a_reorg_that_loses_the_transaction(make_bench):
    """Two blocks are replaced and do not give the transaction back: it is sent again, and proved where it ends up."""
    bench = make_bench(finality=6)
    bench.take(1)
    bench.until_final(1)
    bench.take(100)
    bench.turn()
    bench.turn()
    assert bench.store.lane("anvil").flight.phase in {Phase.MINED, Phase.CONFIRMED}
    bench.node.ask("anvil_reorg", 4, [])
    assert bench.sizes_on_chain() == [1]
    bench.until_final(100)
    bench.check([1, 100])


def test_a_spike_of_the_base_fee(make_bench):
    """The transaction is too cheap for the next blocks: its replacement has the same nonce and both fees higher."""
    bench = make_bench()
    bench.take(1)
    bench.until_final(1)
    bench.node.ask("evm_setAutomine", False)
    bench.take(100)
    bench.turn(mine=False)
    for _ in range(6):
        bench.node.ask("anvil_setNextBlockBaseFeePerGas", hex(40 * 10**9))
        bench.turn()
    bench.until_final(100)
    attempts = bench.store.finished("anvil", Kind.ANCHOR).attempts
    assert 1 < len(attempts) < 5
    assert len({attempt.nonce for attempt in attempts}) == 1
    for before, after in itertools.pairwise(attempts):
        assert after.fee.max_fee * 10 >= before.fee.max_fee * 11
        assert after.fee.tip * 10 >= before.fee.tip * 11
    bench.check([1, 100])


def test_somebody_else_uses_our_nonce(make_bench):
    """Our transaction can never be mined any more: after several looks it is signed at the next nonce."""
    bench = make_bench()
    bench.take(1)
    bench.until_final(1)
    bench.node.ask("evm_setAutomine", False)
    bench.take(100)
    bench.turn(mine=False)
    bench.node.ask("anvil_dropAllTransactions")
    sender = "0x" + PUBLISHER.address.hex()
    bench.node.ask("anvil_impersonateAccount", sender)
    bench.node.ask("eth_sendTransaction", {"from": sender, "to": "0x" + "11" * 20, "gas": "0x5208"})
    bench.node.mine()
    bench.until_final(100)
    first, last = bench.store.finished("anvil", Kind.ANCHOR).attempts
    assert first.nonce + 1 == last.nonce
    bench.check([1, 100])


def test_a_dead_node_is_a_matter_of_time(bench):
    """Nothing listens: an error that says so without the URL, and the head waits."""
    bench.take(1)
    bench.port = JsonRpcChain(f"http://127.0.0.1:{free_port()}/secret-key", timeout=0.5)
    bench.connect()
    with pytest.raises(ChainUnavailable) as error:
        bench.anchor.advance()
    assert "secret-key" not in str(error.value)


def test_identity_is_chain_id_and_genesis(bench):
    """Two chains with one id are told apart."""
    bench.profile = replace(bench.profile, identity=ChainIdentity(31337, bytes(32)))
    bench.connect()
    bench.take(1)
    with pytest.raises(WrongChain):
        bench.anchor.advance()
