"""The tables of `anchor.db`. They know nothing of the ledger's: checkpoints are kept here as signed bytes.

checkpoint ─┬─ token          one per authority
            └─ flight ─┬─ attempt   every transaction signed or followed
                       ├─ proof     what was collected, replaced once by the final one
                       └─ history   one line per change
lane            what waits behind a chain's flight, and why a chain was stopped
deployment      our contract on a chain
service         how each authority and chain is doing

Amounts are wei per gas, times ISO 8601 (`…At`) or seconds since 1970 (`…_at` of the reducer, as REAL).
"""

from sqlalchemy import Index, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class AnchorBase(SQLModel, registry=registry()):
    """Base of this package's tables: their own metadata, so that each database has its own history."""


class CheckpointRow(AnchorBase, table=True):
    """A checkpoint that was taken to be timestamped or anchored; ``note`` as the log gave it."""

    __tablename__ = "checkpoint"

    size: int = Field(primary_key=True)
    root_hash: bytes
    note: bytes
    note_digest: bytes
    taken_at: str


class TokenRow(AnchorBase, table=True):
    """A time-stamp response, byte for byte as the authority sent it. ``nonce`` is hexadecimal."""

    __tablename__ = "token"

    size: int = Field(primary_key=True, foreign_key="checkpoint.size")
    authority: str = Field(primary_key=True)
    raw: bytes
    nonce: str
    obtained_at: str


class LaneRow(AnchorBase, table=True):
    """What is behind the flight of one chain, and the reason when the lane was stopped for good."""

    __tablename__ = "lane"

    chain: str = Field(primary_key=True)
    queued_size: int | None = Field(default=None, foreign_key="checkpoint.size")
    stopped: str | None = None


class FlightRow(AnchorBase, table=True):
    """One intent on one chain. ``live`` until it ended; the index keeps live ones to one per chain."""

    __tablename__ = "flight"
    __table_args__ = (
        Index("flight_one_live_per_chain", "chain", unique=True, sqlite_where=text("live")),
        Index("flight_of_chain", "chain", "kind", "size"),
    )

    id: int | None = Field(default=None, primary_key=True)
    chain: str
    kind: str
    size: int
    root_hash: bytes
    note_digest: bytes
    phase: str
    live: bool
    nonce: int | None = None
    included_tx: bytes | None = None
    included_block: int | None = None
    included_hash: bytes | None = None
    signed_at: float = 0.0
    sent_at: float = 0.0
    strange: int = 0
    proof_kept: bool = False
    created_at: str
    changed_at: str


class AttemptRow(AnchorBase, table=True):
    """A transaction: ours with nonce and raw bytes, stored before it is sent; another publisher's without."""

    __tablename__ = "attempt"

    flight_id: int = Field(primary_key=True, foreign_key="flight.id")
    position: int = Field(primary_key=True)
    tx_hash: bytes = Field(index=True)
    nonce: int | None = None
    raw: bytes
    max_fee: int
    tip: int


class ProofRow(AnchorBase, table=True):
    """The collected proof of a flight. The three ``…_proof`` columns are RLP lists of trie nodes."""

    __tablename__ = "proof"

    flight_id: int = Field(primary_key=True, foreign_key="flight.id")
    final: bool
    chain_id: int
    contract: bytes
    block_number: int
    tx_index: int
    log_index: int
    header: bytes
    receipt_proof: bytes
    transaction_proof: bytes
    account_proof: bytes
    collected_at: str


class HistoryRow(AnchorBase, table=True):
    """What happened to a flight, for people."""

    __tablename__ = "history"

    id: int | None = Field(default=None, primary_key=True)
    flight_id: int = Field(foreign_key="flight.id", index=True)
    at: str
    phase: str
    event: str


class DeploymentRow(AnchorBase, table=True):
    """Our contract on a chain: written when its deployment is final, ``ready`` when the publisher may anchor."""

    __tablename__ = "deployment"

    chain: str = Field(primary_key=True)
    kind: str
    finality: str
    chain_id: int
    genesis_hash: bytes
    contract: bytes
    code_hash: bytes
    log_id: bytes
    creator: bytes
    publisher: bytes
    ready: bool = False


class ServiceRow(AnchorBase, table=True):
    """How an authority or a chain is doing, as the worker last saw it."""

    __tablename__ = "service"

    name: str = Field(primary_key=True)
    failures: int = 0
    last_ok_at: str | None = None
    last_error: str | None = None
    last_error_at: str | None = None
    retry_at: float = 0.0
