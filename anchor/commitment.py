"""What of a log is anchored: pure functions from a signed note to the values a chain records."""

from dataclasses import dataclass
from hashlib import sha256

from zheng_verifier.checkpoint import SignedCheckpoint, open_checkpoint
from zheng_verifier.ethereum.anchor import compute_log_id
from zheng_verifier.note import VerifierKey, format_vkey

from anchor.lifecycle import Intent, Kind


@dataclass(frozen=True, slots=True)
class LogIdentity:
    """The log whose heads are anchored: its origin line and its genesis verification key."""

    origin: str
    key: VerifierKey

    @property
    def vkey_line(self) -> str:
        """The vkey line, without line end."""
        return format_vkey(self.key)

    @property
    def vkey_hash(self) -> bytes:
        """SHA-256 of the vkey line: what `registerLog` takes."""
        return sha256(self.vkey_line.encode()).digest()

    def log_id(self, *, chain_id: int, contract: bytes, creator: bytes) -> bytes:
        """Give the log's id in a contract."""
        return compute_log_id(chain_id=chain_id, contract=contract, creator=creator, vkey=self.vkey_line)

    def open(self, note: bytes) -> SignedCheckpoint:
        """Check that a note is a checkpoint of this log, signed by its key.

        Raises:
            EvidenceError: it is not.
        """
        return open_checkpoint(note, self.key, origin=self.origin)


def anchor_intent(signed: SignedCheckpoint) -> Intent:
    """Say what shall be on a chain for a checkpoint."""
    return Intent(Kind.ANCHOR, signed.checkpoint.size, signed.checkpoint.root_hash, signed.note_digest)
