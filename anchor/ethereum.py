"""One Ethereum anchor for any chain behind a `ChainPort`: it carries out what `anchor.lifecycle` decides.

`take` puts a checkpoint into the lane, `advance` goes on with whatever is under way: deployment, registration of the
log, authorisation of the publisher, and then one head after another, each followed to finality. It is called again
and again; it never waits for a block. The lane is stored before each effect, so a crash at any point costs time only.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from zheng_verifier.checkpoint import SignedCheckpoint
from zheng_verifier.ethereum.anchor import AnchorProof, TrustedChain
from zheng_verifier.merkle import TreeHead

from anchor.chain_contract import ChainContract, contract_address
from anchor.commitment import LogIdentity, anchor_intent
from anchor.contract import load_artifact
from anchor.errors import ForkedLog
from anchor.fees import FeeMode, FeePolicy, quote, replacement
from anchor.lifecycle import (
    Ask,
    Attempt,
    CollectProof,
    Effect,
    Event,
    Flight,
    Inclusion,
    Intent,
    Kind,
    Lane,
    Look,
    Looked,
    NotRaised,
    Outcome,
    Phase,
    ProofKept,
    Rules,
    Send,
    Sent,
    Sign,
    Signed,
    Stop,
    Woke,
    begin,
    promote,
    step,
    want,
)
from anchor.ports import (
    ChainIdentity,
    ChainPort,
    ChainUnavailable,
    HeadSource,
    SendRefused,
    TransactionSigner,
    UnsignedTransaction,
    WrongChain,
)
from anchor.proofs import ProofError
from anchor.records import Deployment, trusted_chain_of
from anchor.store import AnchorStore

MAX_STEPS = 64
"""Effects in one `advance`: more than any honest course needs, so that a strange node cannot keep us here."""


@dataclass(frozen=True, slots=True)
class ChainProfile:
    """What the operator decided about a chain. ``identity`` is his word, never the node's.

    ``finality`` is a depth in blocks (1: a block is final at once, right for BFT chains and the embedded one), or
    None for the chain's own `finalized` tag. ``contract`` None: we deploy our own.
    """

    name: str
    kind: Literal["dev", "consortium", "public"]
    identity: ChainIdentity
    finality: int | None = None
    contract: bytes | None = None
    fees: FeePolicy = field(default_factory=FeePolicy)
    rules: Rules = field(default_factory=Rules)


class EthereumAnchor:
    """The anchor of one log on one chain. One instance per (chain, store), used by one thread."""

    def __init__(
        self,
        *,
        port: ChainPort,
        profile: ChainProfile,
        admin: TransactionSigner,
        publisher: TransactionSigner,
        log: LogIdentity,
        heads: HeadSource,
        store: AnchorStore,
        clock: Callable[[], datetime],
    ) -> None:
        self.profile = profile
        self._port = port
        self._admin = admin
        self._publisher = publisher
        self._log = log
        self._heads = heads
        self._store = store
        self._clock = clock
        self._trouble: str | None = None
        self._told = False

    @property
    def name(self) -> str:
        """The chain's name in settings, store and status."""
        return self.profile.name

    def take(self, signed: SignedCheckpoint) -> None:
        """Put a checkpoint that the store has into the lane: it, or a newer one, will be anchored."""
        before = self._store.lane(self.name)
        lane = want(before, anchor_intent(signed))
        if lane != before:
            self._save(lane, f"wanted: size {signed.checkpoint.size}")

    def advance(self) -> str | None:
        """Go on as far as is possible now. Gives what stood in the way, None when nothing did.

        Raises:
            ForkedLog: the contract's head is not in our tree; the chain is stopped for good. Raised when it is found
                and once in each later process; from then on the reason is given as what stands in the way.
            ChainError: the node does not answer, or is of another chain.
            ProofError: the node's answers do not make a proof.
        """
        stopped = self._store.stopped(self.name)
        if stopped is not None:
            if not self._told:
                self._told = (
                    True  # once per process: the one that found it may have died before it could tell
                )
                raise ForkedLog(stopped, size=0)
            return stopped
        lane = self._store.lane(self.name)
        if lane.flight is None and lane.queued is None and self._ready():
            return None
        self._check_identity()
        self._trouble = None
        for _ in range(MAX_STEPS):
            lane = self._next(lane)
            if lane.flight is None:
                break
            lane = self._run(lane)
            if lane.flight is not None and lane.flight.phase not in {Phase.FINALIZED, Phase.SUPERSEDED}:
                break
        return self._trouble

    def contract_head(self) -> TreeHead | None:
        """Give the head the contract holds: an outside memory for the log's start-up rules.

        Raises:
            ChainError: it cannot be read.
        """
        deployment = self._store.deployment(self.name)
        if deployment is None or not deployment.ready:
            return None
        self._check_identity()
        return self._contract(deployment).head()

    def trusted_chain(self) -> TrustedChain | None:
        """Give the chain as this installation's trust policy names it; None before it is set up."""
        deployment = self._store.deployment(self.name)
        return None if deployment is None else trusted_chain_of(deployment)

    # --- the lane

    def _next(self, lane: Lane) -> Lane:
        """Start what comes next when nothing is under way: a step of setting up, then the queued head."""
        if lane.flight is not None and lane.flight.phase not in {Phase.FINALIZED, Phase.SUPERSEDED}:
            return lane
        setup = self._setup()
        following = promote(lane) if setup is None else begin(lane, setup)
        if following == lane:
            return replace(lane, flight=None)
        self._save(following, "begun")
        return following

    def _run(self, lane: Lane) -> Lane:
        """Wake the flight and carry out effects until it wants time to pass."""
        lane, effects = self._feed(lane, Woke(self._now()))
        todo: deque[Effect] = deque(effects)
        for _ in range(MAX_STEPS):
            if not todo or lane.flight is None:
                break
            event, proof = self._carry_out(lane.flight, todo.popleft())
            if event is not None:
                lane, effects = self._feed(lane, event, proof)
                todo.extend(effects)
        return lane

    def _feed(
        self, lane: Lane, event: Event, proof: AnchorProof | None = None
    ) -> tuple[Lane, tuple[Effect, ...]]:
        if lane.flight is None:
            return lane, ()
        flight, effects = step(lane.flight, event, self.profile.rules)
        for effect in effects:
            if isinstance(effect, Stop):  # before the state: no crash in between may leave the lane going
                self._store.stop_lane(self.name, effect.detail)
        if flight != lane.flight:
            lane = replace(lane, flight=flight)
            self._save(lane, type(event).__name__, proof)
        return lane, effects

    def _save(self, lane: Lane, event: str, proof: AnchorProof | None = None) -> None:
        self._store.save_lane(self.name, lane, at=self._clock(), event=event, proof=proof)

    # --- setting up

    def _ready(self) -> bool:
        deployment = self._store.deployment(self.name)
        return deployment is not None and deployment.ready

    def _setup(self) -> Intent | None:
        """Find the next step of setting up, from what is final by now; None when the log can be anchored."""
        deployment = self._store.deployment(self.name)
        if deployment is None:
            contract = self.profile.contract or self._deployed()
            if contract is None:
                return Intent(Kind.DEPLOY)
            deployment = self._adopt(contract)
        if deployment.ready:
            return None
        for kind in (Kind.REGISTER, Kind.AUTHORIZE):
            if self._store.finished(self.name, kind) is None:
                return Intent(kind)
        self._store.put_deployment(replace(deployment, ready=True))
        return None

    def _deployed(self) -> bytes | None:
        """Give the address that our own, final deployment made."""
        flight = self._store.finished(self.name, Kind.DEPLOY)
        if flight is None or flight.inclusion is None:
            return None
        nonce = next(a.nonce for a in flight.attempts if a.tx_hash == flight.inclusion.tx_hash)
        return None if nonce is None else contract_address(self._admin.address, nonce)

    def _adopt(self, contract: bytes) -> Deployment:
        """Pin a contract, after a look at its code."""
        identity = self.profile.identity
        code_hash = load_artifact().code_hash
        deployment = Deployment(
            chain=self.name,
            kind=self.profile.kind,
            finality="pinned",
            chain_id=identity.chain_id,
            genesis_hash=identity.genesis_hash,
            contract=contract,
            code_hash=code_hash,
            log_id=self._log.log_id(
                chain_id=identity.chain_id, contract=contract, creator=self._admin.address
            ),
            creator=self._admin.address,
            publisher=self._publisher.address,
            ready=False,
        )
        self._contract(deployment).check_code()
        self._store.put_deployment(deployment)
        return deployment

    # --- effects

    def _carry_out(self, flight: Flight, effect: Effect) -> tuple[Event | None, AnchorProof | None]:
        """Carry out one effect; an event of None means that time has to pass first."""
        match effect:
            case Ask():
                return self._answer(flight), None
            case Sign(nonce=nonce):
                return self._sign(flight, effect, nonce), None
            case Send(attempt=attempt):
                return Sent(self._send(attempt), self._now()), None
            case Look():
                return self._look(flight), None
            case CollectProof(inclusion=inclusion, final=final):
                proof = self._prove(flight.intent, inclusion)
                return ProofKept(inclusion.block_hash, final), proof
            case Stop(detail=detail):
                self._told = True
                raise ForkedLog(detail, size=flight.intent.size)

    def _answer(self, flight: Flight) -> Event | None:
        if flight.intent.kind is Kind.DEPLOY:
            return self._contract(None).wanted(self._admin.address)
        return self._contract(self._store.deployment(self.name)).ask(
            flight.intent, self._sender(flight.intent).address, self._heads
        )

    def _sign(self, flight: Flight, effect: Sign, nonce: int) -> Event | None:
        market = self._port.market(self.profile.fees.mode)
        if effect.above is None:
            fee = quote(market, self.profile.fees)
        else:
            raised = replacement(effect.above, market, self.profile.fees)
            if raised is None:
                self._trouble = "the fee cap allows no higher fee: the last transaction has to do"
                return NotRaised(nonce, self._now())
            fee = raised
        call = self._contract(self._store.deployment(self.name)).transaction(flight.intent, self._heads)
        if call is None:
            return None  # the contract moved on meanwhile: the next look shows how
        signer = self._sender(flight.intent)
        raw, tx_hash = signer.sign(
            UnsignedTransaction(
                chain_id=self.profile.identity.chain_id,
                nonce=nonce,
                to=call.to,
                data=call.data,
                gas=call.gas,
                max_fee=fee.max_fee,
                tip=fee.tip,
                legacy=self.profile.fees.mode is FeeMode.LEGACY,
            )
        )
        return Signed(Attempt(tx_hash, nonce, raw, fee), self._now())

    def _send(self, attempt: Attempt) -> Outcome:
        try:
            self._port.send(attempt.raw)
        except SendRefused as refusal:
            self._trouble = f"the node refused the transaction: {refusal}"
            return Outcome.UNDERPRICED if refusal.underpriced else Outcome.REFUSED
        except ChainUnavailable as error:
            self._trouble = f"no answer to a send, which may have arrived: {error}"
            return Outcome.UNKNOWN
        return Outcome.ACCEPTED

    def _look(self, flight: Flight) -> Looked:
        # The nonce comes first: a receipt that appears in between is then merely good news.
        nonce = self._port.nonce(self._sender(flight.intent).address)
        receipts = [self._port.receipt(attempt.tx_hash) for attempt in flight.attempts]
        inclusions = tuple(
            Inclusion(receipt.tx_hash, receipt.block_number, receipt.block_hash, receipt.succeeded)
            for receipt in receipts
            if receipt is not None
        )
        head = self._port.head()
        depth = self.profile.finality
        finalized = self._port.finalized() if depth is None else max(0, head - depth + 1)
        current = flight.last_at(flight.nonce)
        known = bool(inclusions) or (current is not None and self._port.knows(current.tx_hash))
        return Looked(self._now(), nonce, head, finalized, inclusions, known)

    def _prove(self, intent: Intent, inclusion: Inclusion) -> AnchorProof | None:
        if intent.kind is not Kind.ANCHOR:
            return None
        deployment = self._store.deployment(self.name)
        if deployment is None:
            raise ProofError("the contract is not known")
        return self._contract(deployment).prove(intent, inclusion, trusted_chain_of(deployment))

    # --- small things

    def _contract(self, deployment: Deployment | None) -> ChainContract:
        return ChainContract(self._port, self._log, deployment)

    def _sender(self, intent: Intent) -> TransactionSigner:
        return self._publisher if intent.kind is Kind.ANCHOR else self._admin

    def _check_identity(self) -> None:
        """Refuse a node of another chain before it sees anything of ours."""
        found = self._port.identity()
        if found != self.profile.identity:
            raise WrongChain(
                f"the node is of chain {found.chain_id} with genesis 0x{found.genesis_hash.hex()},"
                f" not of {self.profile.identity.chain_id} with 0x{self.profile.identity.genesis_hash.hex()}"
            )

    def _now(self) -> float:
        return self._clock().timestamp()
