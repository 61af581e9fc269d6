"""What anchoring remembers: an outbox written before anything is sent, and the evidence that came back.

`AnchorStore.open` is for the one process that owns `anchor.db`; `AnchorStore.read_only` for all others. Every method
that writes is one transaction with synchronous=FULL: when it returned, a power cut does not undo it.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, func
from sqlmodel import Session, col, select
from zheng_verifier.encoding import format_time, parse_time
from zheng_verifier.ethereum.anchor import AnchorProof
from zheng_verifier.merkle import TreeHead

from anchor.database import open_reader, open_writer
from anchor.errors import ForkedLog
from anchor.lifecycle import Flight, Kind, Lane, Phase
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
from anchor.records import (
    Deployment,
    attempt_row,
    deployment_of,
    flight_of,
    intent_of_checkpoint,
    proof_of,
    proof_row,
    write_flight,
)


@dataclass(frozen=True, slots=True)
class StoredToken:
    """A time-stamp response as it came, and the nonce it was asked with."""

    authority: str
    raw: bytes
    nonce: int


@dataclass(frozen=True, slots=True)
class ChainState:
    """How far one chain is with one checkpoint; ``tx_hash`` and ``block_number`` once it is in a block."""

    chain: str
    phase: Phase
    tx_hash: bytes | None
    block_number: int | None


@dataclass(frozen=True, slots=True)
class AnchoredCheckpoint:
    """A checkpoint with all evidence of its time. ``anchors`` are checked proofs, final or about to be.

    ``taken_at`` is our clock when it was taken; ``state`` the highest level reached: pending, timestamped, anchored
    or final.
    """

    note: bytes
    size: int
    taken_at: datetime
    tokens: tuple[StoredToken, ...]
    anchors: tuple[AnchorProof, ...]
    chains: tuple[ChainState, ...]
    state: str


@dataclass(frozen=True, slots=True)
class Taken:
    """When a service last took a checkpoint, and of which size."""

    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ServiceState:
    """How an authority (`tsa:NAME`) or a chain (`chain:NAME`) is doing."""

    name: str
    failures: int
    last_ok_at: str | None
    last_error: str | None
    last_error_at: str | None
    retry_at: float


class AnchorStore:
    """The database of one installation's timestamps and anchors."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._lock = threading.RLock()

    @classmethod
    def open(cls, path: Path) -> "AnchorStore":
        """Open for writing, as the one process that does; the migrations have run before."""
        return cls(open_writer(path))

    @classmethod
    def read_only(cls, path: Path) -> "AnchorStore":
        """Open for reading, from any process, while another one writes."""
        return cls(open_reader(path))

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            self.engine.dispose()

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with self._lock, Session(self.engine) as session, session.begin():
            yield session

    # --- checkpoints and tokens

    def add_checkpoint(self, note: bytes, head: TreeHead, note_digest: bytes, at: datetime) -> None:
        """Keep a checkpoint; one that is here already stays as it is.

        Raises:
            ForkedLog: another root hash is here for this size.
        """
        with self._session() as session:
            known = session.get(CheckpointRow, head.size)
            if known is None:
                session.add(
                    CheckpointRow(
                        size=head.size,
                        root_hash=head.root_hash,
                        note=note,
                        note_digest=note_digest,
                        taken_at=format_time(at),
                    )
                )
            elif known.root_hash != head.root_hash:
                raise ForkedLog(
                    f"two checkpoints of size {head.size}: root hashes {known.root_hash.hex()}"
                    f" and {head.root_hash.hex()}",
                    size=head.size,
                )

    def add_token(self, size: int, token: StoredToken, at: datetime) -> None:
        """Keep a time-stamp response that was checked. The first per checkpoint and authority stays."""
        with self._session() as session:
            if session.get(TokenRow, (size, token.authority)) is None:
                session.add(
                    TokenRow(
                        size=size,
                        authority=token.authority,
                        raw=token.raw,
                        nonce=f"{token.nonce:x}",
                        obtained_at=format_time(at),
                    )
                )

    def last_token(self, authority: str) -> Taken | None:
        """Tell which checkpoint an authority last stamped."""
        with self._session() as session:
            row = session.exec(
                select(TokenRow).where(TokenRow.authority == authority).order_by(col(TokenRow.size).desc())
            ).first()
            return None if row is None else Taken(row.size, parse_time(row.obtained_at))

    # --- lanes

    def lane(self, chain: str) -> Lane:
        """Load what is under way on a chain."""
        with self._session() as session:
            row = _live(session, chain)
            lane = session.get(LaneRow, chain)
            queued = None
            if lane is not None and lane.queued_size is not None:
                checkpoint = session.get(CheckpointRow, lane.queued_size)
                queued = None if checkpoint is None else intent_of_checkpoint(checkpoint)
            return Lane(None if row is None else flight_of(row, _attempts(session, row)), queued)

    def save_lane(
        self, chain: str, lane: Lane, *, at: datetime, event: str, proof: AnchorProof | None = None
    ) -> None:
        """Store a lane whole: state, new attempts, proof and one line of history, in one transaction."""
        with self._session() as session:
            row = session.get(LaneRow, chain) or LaneRow(chain=chain)
            row.queued_size = None if lane.queued is None else lane.queued.size
            session.add(row)
            if lane.flight is not None:
                self._save_flight(session, chain, lane.flight, at=format_time(at), event=event, proof=proof)

    def _save_flight(
        self, session: Session, chain: str, flight: Flight, *, at: str, event: str, proof: AnchorProof | None
    ) -> None:
        row = _live(session, chain) or FlightRow(
            chain=chain,
            kind=flight.intent.kind.value,
            size=flight.intent.size,
            root_hash=b"",
            note_digest=b"",
            phase=flight.phase.value,
            live=True,
            created_at=at,
            changed_at=at,
        )
        before = row.phase
        write_flight(row, flight, at)
        session.add(row)
        session.flush()
        flight_id = _id(row)
        stored = len(_attempts(session, row))
        for position, attempt in enumerate(flight.attempts[stored:], start=stored):
            session.add(attempt_row(flight_id, position, attempt))
        if proof is not None:
            session.merge(proof_row(flight_id, proof, final=flight.phase is Phase.FINALIZED, at=at))
        if before != row.phase or flight.attempts[stored:] or proof is not None:
            session.add(HistoryRow(flight_id=flight_id, at=at, phase=row.phase, event=event))

    def stop_lane(self, chain: str, detail: str) -> None:
        """Stop a chain for good: a person decides what happens next."""
        with self._session() as session:
            row = session.get(LaneRow, chain) or LaneRow(chain=chain)
            row.stopped = row.stopped or detail
            session.add(row)

    def stopped(self, chain: str) -> str | None:
        """Tell why a chain was stopped, None when it was not."""
        with self._session() as session:
            row = session.get(LaneRow, chain)
            return None if row is None else row.stopped

    def last_taken(self, chain: str) -> Taken | None:
        """Tell which checkpoint a chain last took, in flight, queued or done, and when that checkpoint was taken."""
        with self._session() as session:
            flown = session.exec(
                select(func.max(FlightRow.size)).where(
                    FlightRow.chain == chain, FlightRow.kind == Kind.ANCHOR.value
                )
            ).one()
            lane = session.get(LaneRow, chain)
            queued = None if lane is None else lane.queued_size
            row = session.get(CheckpointRow, max(flown or 0, queued or 0))
            return None if row is None else Taken(row.size, parse_time(row.taken_at))

    def finished(self, chain: str, kind: Kind) -> Flight | None:
        """Give the last finalized flight of a kind."""
        with self._session() as session:
            row = session.exec(
                select(FlightRow)
                .where(
                    FlightRow.chain == chain,
                    FlightRow.kind == kind.value,
                    FlightRow.phase == Phase.FINALIZED.value,
                )
                .order_by(col(FlightRow.id).desc())
            ).first()
            return None if row is None else flight_of(row, _attempts(session, row))

    # --- deployments and services

    def put_deployment(self, deployment: Deployment) -> None:
        """Keep what is known of our contract on a chain."""
        with self._session() as session:
            session.merge(
                DeploymentRow(
                    chain=deployment.chain,
                    kind=deployment.kind,
                    finality=deployment.finality,
                    chain_id=deployment.chain_id,
                    genesis_hash=deployment.genesis_hash,
                    contract=deployment.contract,
                    code_hash=deployment.code_hash,
                    log_id=deployment.log_id,
                    creator=deployment.creator,
                    publisher=deployment.publisher,
                    ready=deployment.ready,
                )
            )

    def deployments(self) -> tuple[Deployment, ...]:
        """Give our contracts, by chain name."""
        with self._session() as session:
            rows = session.exec(select(DeploymentRow).order_by(DeploymentRow.chain)).all()
            return tuple(deployment_of(row) for row in rows)

    def deployment(self, chain: str) -> Deployment | None:
        """Give our contract on one chain."""
        return next((found for found in self.deployments() if found.chain == chain), None)

    def service_ok(self, name: str, at: datetime) -> None:
        """Note that a service did what it should."""
        with self._session() as session:
            row = session.get(ServiceRow, name) or ServiceRow(name=name)
            row.failures, row.retry_at, row.last_ok_at = 0, 0.0, format_time(at)
            session.add(row)

    def service_failed(self, name: str, error: str, at: datetime, retry_at: float) -> None:
        """Note what went wrong with a service, and when to try it again."""
        with self._session() as session:
            row = session.get(ServiceRow, name) or ServiceRow(name=name)
            row.failures += 1
            row.last_error, row.last_error_at, row.retry_at = error[:2000], format_time(at), retry_at
            session.add(row)

    def services(self) -> tuple[ServiceState, ...]:
        """Give the state of all services, by name."""
        with self._session() as session:
            rows = session.exec(select(ServiceRow).order_by(ServiceRow.name)).all()
            return tuple(ServiceState(**row.model_dump()) for row in rows)

    # --- results

    def anchored(self) -> list[AnchoredCheckpoint]:
        """Give every checkpoint taken, oldest first, with the evidence there is by now."""
        with self._session() as session:
            rows = session.exec(select(CheckpointRow).order_by(col(CheckpointRow.size))).all()
            return [_anchored(session, row) for row in rows]

    def newest(self, limit: int) -> list[AnchoredCheckpoint]:
        """Give the ``limit`` checkpoints taken last, the newest first, with the evidence there is by now."""
        with self._session() as session:
            query = select(CheckpointRow).order_by(col(CheckpointRow.size).desc()).limit(limit)
            return [_anchored(session, row) for row in session.exec(query).all()]

    def first_covering(
        self, index: int, *, timestamped: bool = False, anchored: bool = False
    ) -> AnchoredCheckpoint | None:
        """Give the smallest checkpoint over leaf ``index`` that has a token and a chain proof, as far as asked for."""
        query = select(CheckpointRow).where(CheckpointRow.size > index).order_by(col(CheckpointRow.size))
        if timestamped:
            query = query.where(col(CheckpointRow.size).in_(select(TokenRow.size)))
        if anchored:
            proven = select(FlightRow.size).join(ProofRow, col(ProofRow.flight_id) == col(FlightRow.id))
            query = query.where(
                col(CheckpointRow.size).in_(proven.where(FlightRow.kind == Kind.ANCHOR.value))
            )
        with self._session() as session:
            row = session.exec(query.limit(1)).first()
            return None if row is None else _anchored(session, row)

    def newest_note(self) -> bytes | None:
        """Give the newest checkpoint ever taken to be stamped or anchored, as the log signed it."""
        with self._session() as session:
            query = select(CheckpointRow.note).order_by(col(CheckpointRow.size).desc()).limit(1)
            return session.exec(query).first()

    def newest_anchored_size(self) -> int:
        """Give the size of the newest checkpoint that has a chain proof; 0 if none has."""
        query = select(func.max(FlightRow.size)).join(ProofRow, col(ProofRow.flight_id) == col(FlightRow.id))
        with self._session() as session:
            return session.exec(query.where(FlightRow.kind == Kind.ANCHOR.value)).one() or 0

    def oldest_waiting(self, authorities: Sequence[str], chains: Sequence[str]) -> Taken | None:
        """Give the oldest checkpoint that no named service has covered yet, by it or by a newer one."""
        with self._session() as session:
            covered = [
                session.exec(select(func.max(TokenRow.size)).where(TokenRow.authority == authority)).one()
                for authority in authorities
            ] + [
                session.exec(
                    select(func.max(FlightRow.size)).where(
                        FlightRow.chain == chain, FlightRow.phase == Phase.FINALIZED.value
                    )
                ).one()
                for chain in chains
            ]
            least = min((size or 0 for size in covered), default=None)
            if least is None:
                return None
            row = session.exec(
                select(CheckpointRow).where(CheckpointRow.size > least).order_by(col(CheckpointRow.size))
            ).first()
            return None if row is None else Taken(row.size, parse_time(row.taken_at))


def _id(row: FlightRow) -> int:
    if row.id is None:
        raise ValueError("the flight has no row yet")
    return row.id


def _live(session: Session, chain: str) -> FlightRow | None:
    return session.exec(select(FlightRow).where(FlightRow.chain == chain, col(FlightRow.live))).one_or_none()


def _attempts(session: Session, row: FlightRow) -> list[AttemptRow]:
    return list(
        session.exec(
            select(AttemptRow).where(AttemptRow.flight_id == row.id).order_by(col(AttemptRow.position))
        ).all()
    )


def _anchored(session: Session, row: CheckpointRow) -> AnchoredCheckpoint:
    tokens = session.exec(
        select(TokenRow).where(TokenRow.size == row.size).order_by(TokenRow.authority)
    ).all()
    flights = session.exec(
        select(FlightRow, ProofRow)
        .join(ProofRow, col(ProofRow.flight_id) == col(FlightRow.id), isouter=True)
        .where(FlightRow.kind == Kind.ANCHOR.value, FlightRow.size == row.size)
        .order_by(FlightRow.chain, col(FlightRow.id))
    ).all()
    kept: list[ProofRow | None] = [proof for _, proof in flights]  # an outer join: None where there is none
    proofs = tuple(proof_of(proof) for proof in kept if proof is not None)
    if any(flight.phase == Phase.FINALIZED.value for flight, _ in flights):
        state = "final"
    elif proofs:
        state = "anchored"
    else:
        state = "timestamped" if tokens else "pending"
    return AnchoredCheckpoint(
        note=row.note,
        size=row.size,
        taken_at=parse_time(row.taken_at),
        tokens=tuple(StoredToken(token.authority, token.raw, int(token.nonce, 16)) for token in tokens),
        anchors=proofs,
        chains=tuple(
            ChainState(flight.chain, Phase(flight.phase), flight.included_tx, flight.included_block)
            for flight, _ in flights
        ),
        state=state,
    )
