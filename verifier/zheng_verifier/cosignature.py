"""Cosignatures: a witness states that it saw a checkpoint, at a time by its own clock, and that the log only grew to it.

    — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWX…

The line is that of a signed note with a key of type 0x04; its signature bytes are the time in seconds since 1970 (8 bytes,
big-endian) and an Ed25519 signature over ``cosignature/v1``, ``time <seconds>`` and the text of the checkpoint.
Specification: C2SP tlog-cosignature v1. ML-DSA cosignatures (type 0x06) are not read: lines of keys that are not known
are ignored, as signed-note demands.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from zheng_verifier.errors import MalformedError, VerificationError
from zheng_verifier.note import Note, VerifierKey

_TIME_SIZE, _SIGNATURE_SIZE = 8, 64
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A cosignature that holds: the witness's ``key`` and the ``time`` that it states."""

    key: VerifierKey
    time: datetime


def cosigned_message(text: str, seconds: int) -> bytes:
    """Give the bytes that a witness signs for the ``text`` of a checkpoint, which ends in a line feed."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def verify_cosignatures(note: Note, key: VerifierKey) -> Cosignature | None:
    """Check every line of a note by a witness's key (type 0x04); of several the earliest counts. None without a line.

    Raises:
        MalformedError: a line by the key that is not a time and a signature.
        VerificationError: code SIG_CRYPTO_FAILURE: a line by the key that does not hold.

    """
    mine = [line for line in note.signatures if (line.name, line.key_id) == (key.name, key.key_id)]
    times = [_verify(note.text, line.signature, key) for line in mine]
    return Cosignature(key, min(times)) if times else None


def _verify(text: str, blob: bytes, key: VerifierKey) -> datetime:
    if len(blob) != _TIME_SIZE + _SIGNATURE_SIZE:
        raise MalformedError("FORMAT_FAILURE", "a cosignature is 8 bytes of time and 64 of signature", "note")
    seconds = int.from_bytes(blob[:_TIME_SIZE])
    try:
        message = cosigned_message(text, seconds)
        Ed25519PublicKey.from_public_bytes(key.public_key).verify(blob[_TIME_SIZE:], message)
    except InvalidSignature as error:
        detail = f"the cosignature of '{key.name}' does not hold over the text of the checkpoint"
        raise VerificationError("SIG_CRYPTO_FAILURE", detail, "note") from error
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError as error:
        raise MalformedError(
            "FORMAT_FAILURE", "the time of a cosignature is beyond the calendar", "note"
        ) from error
