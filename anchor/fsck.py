"""Checks that `anchor.db` agrees with itself: every signature, token and proof again, and the rules of the outbox.

It reads bytes and derives from them; what a column says is compared with what the bytes say. The first thing that
differs is named, with its table and row; a difference is never repaired here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import rlp
from sqlalchemy import text
from sqlmodel import Session, col, select
from zheng_verifier.checkpoint import SignedCheckpoint
from zheng_verifier.encoding import parse_time
from zheng_verifier.errors import EvidenceError
from zheng_verifier.ethereum.anchor import AnchorProof, read_anchored_block
from zheng_verifier.ethereum.event import parse_event
from zheng_verifier.ethereum.header import BFT_MIX_HASH, block_hash, parse_header
from zheng_verifier.ethereum.receipt import parse_receipt
from zheng_verifier.ethereum.rlp import format_integer, format_rlp
from zheng_verifier.ethereum.transaction import parse_transaction
from zheng_verifier.ethereum.trie import verify_trie_proof
from zheng_verifier.timestamp import TrustedTsa, verify_timestamp

from anchor.chain_contract import check_proof
from anchor.commitment import LogIdentity, anchor_intent
from anchor.lifecycle import Kind, Phase
from anchor.models import (
    AttemptRow,
    CheckpointRow,
    DeploymentRow,
    FlightRow,
    HistoryRow,
    LaneRow,
    ProofRow,
    ServiceRow,
    TokenRow,
)
from anchor.proofs import ProofError
from anchor.records import deployment_of, flight_of, proof_of, trusted_chain_of
from anchor.store import AnchorStore

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FsckReport:
    """What was looked at, and the first ``difference``: None when there is none.

    ``unjudged`` counts tokens of authorities that no trust is configured for any more.
    """

    checkpoints: int
    tokens: int
    proofs: int
    flights: int
    unjudged: int
    difference: str | None


class _Differs(Exception):  # noqa: N818 - a finding, caught below
    """Something is not as its bytes say."""


class _Check:
    """One run, with what it has seen so far."""

    def __init__(self, session: Session, log: LogIdentity, authorities: Mapping[str, TrustedTsa]) -> None:
        self._session = session
        self._log = log
        self._authorities = authorities
        self._opened: dict[int, SignedCheckpoint] = {}
        self.tokens = self.proofs = self.flights = self.unjudged = 0

    @property
    def checkpoints(self) -> int:
        return len(self._opened)

    def all(self) -> None:
        """Check everything, what others rest on first."""
        answer = self._session.connection().execute(text("PRAGMA integrity_check")).scalar_one()
        if answer != "ok":
            raise _Differs(f"SQLite's integrity check: {answer}")
        for checkpoint in self._session.exec(select(CheckpointRow).order_by(col(CheckpointRow.size))):
            self._checkpoint(checkpoint)
        for token in self._session.exec(select(TokenRow).order_by(col(TokenRow.size))):
            self._token(token)
        for deployment in self._session.exec(select(DeploymentRow)):
            self._deployment(deployment)
        for flight in self._session.exec(select(FlightRow).order_by(col(FlightRow.id))):
            self._flight(flight)
        self._lanes()
        self._orphans()

    def _checkpoint(self, row: CheckpointRow) -> None:
        where = f"checkpoint {row.size}"
        signed = _evidence(where, lambda: self._log.open(row.note))
        found = (signed.checkpoint.size, signed.checkpoint.root_hash, signed.note_digest)
        if found != (row.size, row.root_hash, row.note_digest):
            raise _Differs(f"{where}: the note is of size {found[0]} with root {found[1].hex()}")
        _evidence(where, lambda: parse_time(row.taken_at))
        self._opened[row.size] = signed

    def _token(self, row: TokenRow) -> None:
        where = f"token {row.authority} of checkpoint {row.size}"
        signed = self._opened.get(row.size)
        if signed is None:
            raise _Differs(f"{where}: there is no such checkpoint")
        _evidence(where, lambda: parse_time(row.obtained_at))
        trusted = self._authorities.get(row.authority)
        if trusted is None:
            self.unjudged += 1
            return
        message = signed.stamped
        _evidence(
            where, lambda: verify_timestamp(row.raw, message=message, tsa=trusted, nonce=int(row.nonce, 16))
        )
        self.tokens += 1

    def _deployment(self, row: DeploymentRow) -> None:
        expected = self._log.log_id(chain_id=row.chain_id, contract=row.contract, creator=row.creator)
        if row.log_id != expected:
            raise _Differs(f"deployment {row.chain}: the log id should be {expected.hex()}")

    def _flight(self, row: FlightRow) -> None:
        where = f"flight {row.id} on {row.chain}"
        _evidence(where, lambda: Phase(row.phase))
        _evidence(where, lambda: Kind(row.kind))
        if row.live != (row.phase not in {Phase.FINALIZED.value, Phase.SUPERSEDED.value}):
            raise _Differs(f"{where}: live is {row.live} in phase {row.phase}")
        attempts = list(
            self._session.exec(
                select(AttemptRow).where(AttemptRow.flight_id == row.id).order_by(col(AttemptRow.position))
            )
        )
        flight = flight_of(row, attempts)
        if flight.intent.kind is Kind.ANCHOR:
            signed = self._opened.get(row.size)
            if signed is None or anchor_intent(signed) != flight.intent:
                raise _Differs(f"{where}: it does not anchor the checkpoint of size {row.size}")
        self._attempts(where, row, attempts)
        if row.phase in {Phase.MINED.value, Phase.CONFIRMED.value, Phase.FINALIZED.value} and (
            flight.inclusion is None or flight.inclusion.tx_hash not in {a.tx_hash for a in attempts}
        ):
            raise _Differs(f"{where}: no attempt is the one that was included")
        self._proof(where, row, attempts)
        self.flights += 1

    def _attempts(self, where: str, row: FlightRow, attempts: list[AttemptRow]) -> None:
        deployment = self._session.get(DeploymentRow, row.chain)
        for position, attempt in enumerate(attempts):
            place = f"{where}, attempt {position}"
            if attempt.position != position:
                raise _Differs(f"{place}: missing")
            if not attempt.raw:
                continue  # another publisher's
            transaction = _evidence(place, partial(parse_transaction, attempt.raw))
            if transaction.hash != attempt.tx_hash:
                raise _Differs(f"{place}: the raw bytes hash to {transaction.hash.hex()}")
            if deployment is not None and transaction.chain_id != deployment.chain_id:
                raise _Differs(f"{place}: signed for chain {transaction.chain_id}")

    def _proof(self, where: str, row: FlightRow, attempts: list[AttemptRow]) -> None:
        proof_row = self._session.get(ProofRow, row.id)
        if row.kind != Kind.ANCHOR.value:
            return
        if proof_row is None:
            if row.phase in {Phase.CONFIRMED.value, Phase.FINALIZED.value}:
                raise _Differs(f"{where}: {row.phase}, and there is no proof")
            return
        deployment = self._session.get(DeploymentRow, row.chain)
        if deployment is None:
            raise _Differs(f"{where}: a proof, and no deployment it could be of")
        if row.phase == Phase.FINALIZED.value and not proof_row.final:
            raise _Differs(f"{where}: the proof is not of the final block")
        chain = trusted_chain_of(deployment_of(deployment))
        proof = _evidence(where, lambda: proof_of(proof_row))
        _evidence(where, lambda: check_proof(proof, flight_of(row, attempts).intent, chain))
        ours = any(attempt.raw and attempt.tx_hash == row.included_tx for attempt in attempts)
        if ours and _evidence(where, partial(_publisher, proof)) != deployment.publisher:
            raise _Differs(f"{where}: another account than the deployment's published our transaction")
        self.proofs += 1
        if row.phase in {Phase.CONFIRMED.value, Phase.FINALIZED.value}:
            tx_hash = _evidence(where, lambda: read_anchored_block(proof, chain=chain)).tx_hash
            sealed = parse_header(proof.header).mix_hash == BFT_MIX_HASH
            proven = (tx_hash, proof.block_number, row.included_hash if sealed else block_hash(proof.header))
            if proven != (row.included_tx, row.included_block, row.included_hash):
                raise _Differs(f"{where}: the proof is of another block or transaction")

    def _lanes(self) -> None:
        live: dict[str, int | None] = {}
        final: set[tuple[str, int]] = set()
        for row in self._session.exec(select(FlightRow).order_by(col(FlightRow.id))):
            if row.live and row.chain in live:
                raise _Differs(f"flights {live[row.chain]} and {row.id}: two at once on {row.chain}")
            if row.live:
                live[row.chain] = row.id
            if row.kind == Kind.ANCHOR.value and row.phase == Phase.FINALIZED.value:
                if (row.chain, row.size) in final:
                    raise _Differs(f"flight {row.id}: size {row.size} is final twice on {row.chain}")
                final.add((row.chain, row.size))
        for lane in self._session.exec(select(LaneRow)):
            if lane.queued_size is not None and lane.queued_size not in self._opened:
                raise _Differs(
                    f"lane {lane.chain}: waits for a checkpoint of {lane.queued_size} that is not there"
                )

    def _orphans(self) -> None:
        flights = set(self._session.exec(select(FlightRow.id)))
        for table in (AttemptRow, ProofRow, HistoryRow):
            for flight_id in self._session.exec(select(table.flight_id).distinct()):
                if flight_id not in flights:
                    raise _Differs(f"{table.__tablename__}: of flight {flight_id}, which is not there")
        for service in self._session.exec(select(ServiceRow)):
            if service.failures < 0:
                raise _Differs(f"service {service.name}: {service.failures} failures")


def _evidence(where: str, judge: Callable[[], T]) -> T:
    """Let bytes be judged, and say where they stand when they do not hold."""
    try:
        return judge()
    except (EvidenceError, ProofError, rlp.exceptions.RLPException, ValueError) as error:
        raise _Differs(f"{where}: {error}") from error


def _publisher(proof: AnchorProof) -> bytes:
    """Read the publisher from the event of a proof that was checked."""
    value = verify_trie_proof(
        parse_header(proof.header).receipts_root,
        format_rlp(format_integer(proof.tx_index)),
        proof.receipt_proof,
    )
    return parse_event(parse_receipt(value).logs[proof.log_index]).publisher


def fsck(store: AnchorStore, log: LogIdentity, authorities: Mapping[str, TrustedTsa]) -> FsckReport:
    """Check a whole `anchor.db`; ``authorities`` are those whose tokens can be judged, by name."""
    with Session(store.engine) as session:
        check = _Check(session, log, authorities)
        difference = None
        try:
            check.all()
        except _Differs as differs:
            difference = str(differs)
        return FsckReport(
            check.checkpoints, check.tokens, check.proofs, check.flights, check.unjudged, difference
        )
