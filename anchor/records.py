"""Rows to values and back: the only place that knows both."""

from dataclasses import dataclass
from typing import Literal, cast

import rlp
from zheng_verifier.ethereum.anchor import AnchorProof, TrustedChain

from anchor.fees import Fee
from anchor.lifecycle import Attempt, Flight, Inclusion, Intent, Kind, Phase
from anchor.models import AttemptRow, CheckpointRow, DeploymentRow, FlightRow, ProofRow


@dataclass(frozen=True, slots=True)
class Deployment:
    """Our contract on one chain, as a verifier's trust policy names it. Addresses are 20 bytes, hashes 32."""

    chain: str
    kind: str
    finality: str
    chain_id: int
    genesis_hash: bytes
    contract: bytes
    code_hash: bytes
    log_id: bytes
    creator: bytes
    publisher: bytes
    ready: bool


def deployment_of(row: DeploymentRow) -> Deployment:
    """Read a deployment."""
    return Deployment(**row.model_dump())


def trusted_chain_of(deployment: Deployment) -> TrustedChain:
    """Name a deployment as a trust policy does; blocks are pinned by whoever publishes the policy."""
    return TrustedChain(
        chain_id=deployment.chain_id,
        genesis_hash=deployment.genesis_hash,
        kind=cast(Literal["dev", "consortium", "public"], deployment.kind),
        finality=deployment.finality,
        contract=deployment.contract,
        code_hash=deployment.code_hash,
        log_id=deployment.log_id,
        creator=deployment.creator,
        publishers=(deployment.publisher,),
        trusted_blocks=(),
    )


def intent_of_checkpoint(row: CheckpointRow) -> Intent:
    """Make the intent to anchor a checkpoint."""
    return Intent(Kind.ANCHOR, row.size, row.root_hash, row.note_digest)


def flight_of(row: FlightRow, attempts: list[AttemptRow]) -> Flight:
    """Read a flight with its attempts, in the order in which they were made."""
    inclusion = None
    if row.included_tx is not None and row.included_block is not None and row.included_hash is not None:
        inclusion = Inclusion(row.included_tx, row.included_block, row.included_hash, succeeded=True)
    return Flight(
        intent=Intent(Kind(row.kind), row.size, row.root_hash, row.note_digest),
        phase=Phase(row.phase),
        nonce=row.nonce,
        attempts=tuple(Attempt(a.tx_hash, a.nonce, a.raw, Fee(a.max_fee, a.tip)) for a in attempts),
        inclusion=inclusion,
        signed_at=row.signed_at,
        sent_at=row.sent_at,
        strange=row.strange,
        proof_kept=row.proof_kept,
    )


def write_flight(row: FlightRow, flight: Flight, at: str) -> None:
    """Put a flight's state into its row; the attempts have rows of their own."""
    row.kind = flight.intent.kind.value
    row.size = flight.intent.size
    row.root_hash = flight.intent.root_hash
    row.note_digest = flight.intent.note_digest
    row.phase = flight.phase.value
    row.live = flight.phase not in {Phase.FINALIZED, Phase.SUPERSEDED}
    row.nonce = flight.nonce
    row.included_tx = flight.inclusion.tx_hash if flight.inclusion else None
    row.included_block = flight.inclusion.block_number if flight.inclusion else None
    row.included_hash = flight.inclusion.block_hash if flight.inclusion else None
    row.signed_at = flight.signed_at
    row.sent_at = flight.sent_at
    row.strange = flight.strange
    row.proof_kept = flight.proof_kept
    row.changed_at = at


def attempt_row(flight_id: int, position: int, attempt: Attempt) -> AttemptRow:
    """Make the row of one attempt."""
    return AttemptRow(
        flight_id=flight_id,
        position=position,
        tx_hash=attempt.tx_hash,
        nonce=attempt.nonce,
        raw=attempt.raw,
        max_fee=attempt.fee.max_fee,
        tip=attempt.fee.tip,
    )


def proof_of(row: ProofRow) -> AnchorProof:
    """Read a proof."""
    return AnchorProof(
        chain_id=row.chain_id,
        contract=row.contract,
        block_number=row.block_number,
        tx_index=row.tx_index,
        log_index=row.log_index,
        header=row.header,
        receipt_proof=_nodes(row.receipt_proof),
        transaction_proof=_nodes(row.transaction_proof),
        account_proof=_nodes(row.account_proof),
    )


def proof_row(flight_id: int, proof: AnchorProof, *, final: bool, at: str) -> ProofRow:
    """Make the row of a proof."""
    return ProofRow(
        flight_id=flight_id,
        final=final,
        chain_id=proof.chain_id,
        contract=proof.contract,
        block_number=proof.block_number,
        tx_index=proof.tx_index,
        log_index=proof.log_index,
        header=proof.header,
        receipt_proof=rlp.encode(list(proof.receipt_proof)),
        transaction_proof=rlp.encode(list(proof.transaction_proof)),
        account_proof=rlp.encode(list(proof.account_proof)),
        collected_at=at,
    )


def _nodes(encoded: bytes) -> tuple[bytes, ...]:
    return tuple(bytes(node) for node in rlp.decode(encoded))
