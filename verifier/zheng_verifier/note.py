"""C2SP signed notes: a text, an empty line, and signature lines over the text.

    If you think cryptography is the answer to your problem,
    then you don't know what your problem is.

    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

A signature line is an em dash, a space, the key name, a space and the base64 of a 4-byte key id and the signature.
Lines by unknown keys are ignored, as the specification demands; a line by a known key that does not verify makes
the note invalid. Of the key types only Ed25519 (0x01) signs notes here; ``cosignature.py`` reads 0x04 beside it.
Specification: C2SP signed-note v1.0.0.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from unicodedata import category

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from zheng_verifier.encoding import format_base64, parse_base64, parse_hex
from zheng_verifier.errors import MalformedError, UncheckableError, VerificationError

ED25519 = 0x01
COSIGNATURE_ED25519 = 0x04
"""A witness's time-stamped cosignature (``cosignature.py``)."""
MAX_NOTE_BYTES = 1 << 20
MAX_SIGNATURES = 100
_KEY_ID_SIZE = 4
_MAX_VKEY = 4_096  # a witness key of type ML-DSA-44 has about 1,800 characters: not malformed, only unknown
_DASH = "— "
_CONTROL = re.compile("[\u0000-\u0009\u000b-\u001f\u007f-\u009f]")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A key that notes are checked with: ``public_key`` of 32 bytes, ``key_id`` of 4 bytes bound to the name."""

    name: str
    key_id: bytes
    algorithm: int
    public_key: bytes


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: the key's name, its 4-byte id, and the signature bytes."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """The line as it stands in the note, without its line feed."""
        return f"{_DASH}{self.name} {format_base64(self.key_id + self.signature)}"


@dataclass(frozen=True, slots=True)
class Note:
    """A parsed note; nothing in it is verified. ``text`` ends in a line feed."""

    text: str
    signatures: tuple[NoteSignature, ...]


@dataclass(frozen=True, slots=True)
class VerifiedNote:
    """A note and the known keys whose signatures over its text hold; there is at least one."""

    note: Note
    verified: tuple[VerifierKey, ...]


def key_id(name: str, algorithm: int, public_key: bytes) -> bytes:
    """Compute the 4 bytes that name a key: SHA-256(name ‖ LF ‖ algorithm ‖ key)[:4]."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([algorithm]) + public_key).digest()[:_KEY_ID_SIZE]


def _check_name(name: str, where: str) -> None:
    # Cs: a lone surrogate, which a command line can hand over and no note can hold.
    if not name or "+" in name or any(char.isspace() or category(char) in ("Cc", "Cs") for char in name):
        raise MalformedError(
            "FORMAT_FAILURE", "a key name is not empty and has no space, control or plus", where
        )


def ed25519_vkey(name: str, public_key: bytes, algorithm: int = ED25519) -> VerifierKey:
    """Make the verifier key of an Ed25519 public key of 32 bytes; ``algorithm`` says what it signs.

    Raises:
        MalformedError: not a key name, or not 32 bytes.

    """
    _check_name(name, "vkey")
    if len(public_key) != 32:
        raise MalformedError("FORMAT_FAILURE", "an Ed25519 public key has 32 bytes", "vkey")
    return VerifierKey(name, key_id(name, algorithm, public_key), algorithm, public_key)


def format_vkey(key: VerifierKey) -> str:
    """Write ``<name>+<8 hex digits>+<base64 of algorithm ‖ key>``."""
    return f"{key.name}+{key.key_id.hex()}+{format_base64(bytes([key.algorithm]) + key.public_key)}"


def parse_vkey(text: str, algorithm: int = ED25519) -> VerifierKey:
    """Read a verifier key of type ``algorithm`` and demand that its id is the one its name and key give.

    Raises:
        MalformedError: not of the form, or the id does not match.
        UncheckableError: code UNKNOWN_ALGORITHM: a key of another type.

    """
    parts = text.split("+", 2)
    if len(text) > _MAX_VKEY or len(parts) != 3:
        raise MalformedError("FORMAT_FAILURE", "not <name>+<key id>+<key>", "vkey")
    name, identifier, encoded = parts
    _check_name(name, "vkey")
    stated = parse_hex(identifier, size=_KEY_ID_SIZE, where="vkey")
    key = parse_base64(encoded, where="vkey")
    if not key:
        raise MalformedError("FORMAT_FAILURE", "the key is empty", "vkey")
    if key[0] != algorithm:
        raise UncheckableError(
            "UNKNOWN_ALGORITHM", f"note keys of type 0x{key[0]:02x} are not supported here", "vkey"
        )
    made = ed25519_vkey(name, key[1:], algorithm)
    if made.key_id != stated:
        raise MalformedError("FORMAT_FAILURE", "the key id is not that of this name and key", "vkey")
    return made


def _parse_signature(line: str) -> NoteSignature:
    if not line.startswith(_DASH):
        raise MalformedError("FORMAT_FAILURE", "a line after the text is not a signature line", "note")
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not space:
        raise MalformedError("FORMAT_FAILURE", "a signature line has a name and a signature", "note")
    _check_name(name, "note")
    blob = parse_base64(encoded, where="note")
    if len(blob) <= _KEY_ID_SIZE:
        raise MalformedError("FORMAT_FAILURE", "a signature line holds a key id and a signature", "note")
    return NoteSignature(name, blob[:_KEY_ID_SIZE], blob[_KEY_ID_SIZE:])


def parse_note(data: bytes) -> Note:
    """Read the form of a note; no signature is checked.

    Raises:
        MalformedError: not UTF-8, control characters, no signature block, more than 100 lines in it.

    """
    if len(data) > MAX_NOTE_BYTES:
        raise MalformedError("TOO_LARGE", f"a note has at most {MAX_NOTE_BYTES} bytes", "note")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError("INVALID_UTF8", f"not UTF-8 at byte {error.start}", "note") from error
    if _CONTROL.search(whole):
        raise MalformedError("FORMAT_FAILURE", "a note has no control character but line feed", "note")
    # The signatures follow the last empty line: the text itself may hold empty lines.
    split = whole.rfind("\n\n")
    if split < 0 or not whole.endswith("\n") or split + 2 == len(whole):
        raise MalformedError("FORMAT_FAILURE", "no signature block after an empty line", "note")
    lines = whole[split + 2 : -1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise MalformedError("TOO_MANY", f"more than {MAX_SIGNATURES} signature lines", "note")
    return Note(whole[: split + 1], tuple(_parse_signature(line) for line in lines))


def format_note(text: str, signatures: Sequence[NoteSignature]) -> bytes:
    """Write a note from its text and its signatures.

    Raises:
        MalformedError: the text does not end in a line feed.

    """
    if not text.endswith("\n"):
        raise MalformedError("FORMAT_FAILURE", "the text of a note ends in a line feed", "note")
    return (text + "\n" + "".join(signature.line + "\n" for signature in signatures)).encode()


def _verify(key: VerifierKey, text: str, signature: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public_key).verify(signature, text.encode())
    except InvalidSignature as error:
        detail = f"the signature of '{key.name}' does not hold over the text of the note"
        raise VerificationError("SIG_CRYPTO_FAILURE", detail, "note") from error


def open_note(data: bytes, keys: Iterable[VerifierKey]) -> VerifiedNote:
    """Read a note and check every signature line made by one of ``keys``; repeated lines count once.

    Raises:
        MalformedError: not a note, or two known keys share a name and id.
        VerificationError: code SIG_CRYPTO_FAILURE: a line by a known key does not verify.
        UncheckableError: code KEY_UNKNOWN: no line is by a known key.

    """
    known: dict[tuple[str, bytes], VerifierKey] = {}
    for key in keys:
        if known.setdefault((key.name, key.key_id), key) != key:
            raise MalformedError(
                "FORMAT_FAILURE", f"two known keys are named {key.name}+{key.key_id.hex()}", "note"
            )
    note = parse_note(data)
    verified: dict[tuple[str, bytes], VerifierKey] = {}
    for signature in note.signatures:
        found = known.get((signature.name, signature.key_id))
        if found is not None and (found.name, found.key_id) not in verified:
            _verify(found, note.text, signature.signature)
            verified[found.name, found.key_id] = found
    if not verified:
        raise UncheckableError("KEY_UNKNOWN", "no signature line is by a known key", "note")
    return VerifiedNote(note, tuple(verified.values()))
