"""C2SP checkpoints: a signed note whose text says origin, size and root hash of a log.

    zheng.example/log/7f3a
    15368405
    31JQUq8EyQx5lpqtKRqryJzA+77WD2xmTyuB4uIlXeE=

    — zheng.example/log/7f3a Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=

Specification: C2SP tlog-checkpoint v1.0.0. Extension lines are read but never written (docs/spec/checkpoint.md).
"""

import hashlib
from dataclasses import dataclass

from zheng_verifier.encoding import format_base64, parse_base64, parse_decimal
from zheng_verifier.errors import MalformedError, UncheckableError, VerificationError
from zheng_verifier.merkle import HASH_SIZE, MAX_SIZE, TreeHead
from zheng_verifier.note import VerifierKey, open_note, parse_note


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log signs: its ``origin``, its ``size`` in leaves, and the 32-byte ``root_hash``."""

    origin: str
    size: int
    root_hash: bytes
    extensions: tuple[str, ...] = ()

    @property
    def head(self) -> TreeHead:
        """The tree head without the name of the log."""
        return TreeHead(self.size, self.root_hash)


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint whose signature by the log's key was checked.

    ``note`` is the whole note as it came. ``stamped`` is the part that time-stamps and chains commit to: the text,
    an empty line and the log's own line, without the lines of witnesses, which come later and vary.
    """

    checkpoint: Checkpoint
    note: bytes
    stamped: bytes

    @property
    def note_digest(self) -> bytes:
        """SHA-256 of the stamped bytes: the field ``note`` of the contract's event."""
        return hashlib.sha256(self.stamped).digest()


def format_checkpoint_body(checkpoint: Checkpoint) -> str:
    """Write the text of a checkpoint note."""
    lines = (
        checkpoint.origin,
        str(checkpoint.size),
        format_base64(checkpoint.root_hash),
        *checkpoint.extensions,
    )
    return "".join(line + "\n" for line in lines)


def parse_checkpoint_body(text: str) -> Checkpoint:
    """Read the text of a checkpoint note.

    Raises:
        MalformedError: fewer than three lines, no origin, a size that is no decimal number, a root hash that is
            not 32 bytes in base64, or an empty extension line.

    """
    if not text.endswith("\n"):
        raise MalformedError("FORMAT_FAILURE", "the last line does not end in a line feed", "checkpoint")
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise MalformedError("FORMAT_FAILURE", "not the lines origin, size, root hash", "checkpoint")
    origin, size, root, *extensions = lines
    return Checkpoint(
        origin,
        parse_decimal(size, maximum=MAX_SIZE, where="checkpoint/size"),
        parse_base64(root, size=HASH_SIZE, where="checkpoint/root"),
        tuple(extensions),
    )


def stamped_bytes(note: bytes, key: VerifierKey) -> bytes:
    """Cut a note down to its text, an empty line and the one line of the log's own ``key``.

    Raises:
        MalformedError: not a note, or more than one line by this key.
        UncheckableError: code KEY_UNKNOWN: no line by this key.

    """
    parsed = parse_note(note)
    own = [s for s in parsed.signatures if (s.name, s.key_id) == (key.name, key.key_id)]
    if not own:
        raise UncheckableError("KEY_UNKNOWN", "no signature line is by the log's key", "checkpoint")
    if len(own) > 1:
        raise MalformedError(
            "FORMAT_FAILURE", f"{len(own)} signature lines by the log's key, not one", "checkpoint"
        )
    return f"{parsed.text}\n{own[0].line}\n".encode()


def open_checkpoint(note: bytes, key: VerifierKey, *, origin: str | None = None) -> SignedCheckpoint:
    """Check the log's signature on a checkpoint and that it is a checkpoint of this ``origin``.

    ``origin`` is the key's name unless the caller knows better: C2SP lets the two differ.

    Raises:
        MalformedError: not a note, not a checkpoint, or two lines by the log's key.
        VerificationError: codes SIG_CRYPTO_FAILURE, WRONG_LOG (another origin).
        UncheckableError: code KEY_UNKNOWN: no line by this key.

    """
    opened = open_note(note, [key])
    checkpoint = parse_checkpoint_body(opened.note.text)
    if checkpoint.origin != (key.name if origin is None else origin):
        raise VerificationError(
            "WRONG_LOG", f"the checkpoint is of the log '{checkpoint.origin}'", "checkpoint/origin"
        )
    return SignedCheckpoint(checkpoint, note, stamped_bytes(note, key))
