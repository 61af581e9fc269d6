"""C2SP tlog-proof files: index, inclusion path and checkpoint in one small text.

    c2sp.org/tlog-proof@v1
    index 9
    91HQqaPzWlbBsUDk3JvSpOTK7Bc4ifZGxXZzfABOmuU=
    ...

    example.com/log/testdata
    15
    ...

The header ends at the first empty line; what follows is the checkpoint note, byte for byte. The optional line
``extra`` is authenticated by nothing and is a hint at most. Specification: C2SP tlog-proof (main).
"""

from dataclasses import dataclass

from zheng_verifier.checkpoint import SignedCheckpoint, open_checkpoint
from zheng_verifier.encoding import format_base64, parse_base64, parse_decimal
from zheng_verifier.errors import MalformedError
from zheng_verifier.merkle import HASH_SIZE, MAX_SIZE, verify_inclusion
from zheng_verifier.note import MAX_NOTE_BYTES, VerifierKey

_MAGIC = "c2sp.org/tlog-proof@v1"
_MAX_HASHES = 63
_MAX_HEADER = 96 * 1024


@dataclass(frozen=True, slots=True)
class TlogProof:
    """A proof file: ``hashes`` run from the leaf's sibling upwards; ``checkpoint`` is a signed note."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None


def format_tlog_proof(proof: TlogProof) -> bytes:
    """Write a proof file."""
    lines = [_MAGIC]
    if proof.extra is not None:
        lines.append(f"extra {format_base64(proof.extra)}")
    lines.append(f"index {proof.index}")
    lines.extend(format_base64(item) for item in proof.hashes)
    return ("\n".join(lines) + "\n\n").encode("ascii") + proof.checkpoint


def parse_tlog_proof(data: bytes) -> TlogProof:
    """Read a proof file; neither path nor checkpoint is checked.

    Raises:
        MalformedError: another first line, no index, bad base64, more than 63 hashes, no checkpoint.

    """
    head, separator, checkpoint = data.partition(b"\n\n")
    if len(head) > _MAX_HEADER or len(checkpoint) > MAX_NOTE_BYTES:
        raise MalformedError("TOO_LARGE", "header or checkpoint longer than a proof's", "tlog-proof")
    if not separator or not checkpoint:
        raise MalformedError("FORMAT_FAILURE", "not a header, an empty line and a checkpoint", "tlog-proof")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise MalformedError("FORMAT_FAILURE", "the header is not ASCII", "tlog-proof") from error
    if lines.pop(0) != _MAGIC:
        raise MalformedError("FORMAT_FAILURE", f"the first line is not {_MAGIC}", "tlog-proof")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = parse_base64(lines.pop(0).removeprefix("extra "), where="tlog-proof/extra")
    if not lines or not lines[0].startswith("index "):
        raise MalformedError("FORMAT_FAILURE", "no line 'index'", "tlog-proof")
    index = parse_decimal(lines.pop(0).removeprefix("index "), maximum=MAX_SIZE, where="tlog-proof/index")
    if len(lines) > _MAX_HASHES:
        raise MalformedError("TOO_MANY", f"more than {_MAX_HASHES} hashes", "tlog-proof")
    hashes = tuple(parse_base64(line, size=HASH_SIZE, where="tlog-proof/hash") for line in lines)
    return TlogProof(index, hashes, checkpoint, extra)


def verify_tlog_proof(
    proof: TlogProof, leaf_hash: bytes, key: VerifierKey, *, origin: str | None = None
) -> SignedCheckpoint:
    """Check the checkpoint's signature and that the leaf is number ``proof.index`` in its tree.

    Raises:
        MalformedError: the checkpoint does not parse, or the path has another length than index and size give.
        VerificationError: codes SIG_CRYPTO_FAILURE, WRONG_LOG, INCLUSION_FAILURE.
        UncheckableError: code KEY_UNKNOWN.

    """
    signed = open_checkpoint(proof.checkpoint, key, origin=origin)
    head = signed.checkpoint.head
    verify_inclusion(
        leaf_hash, index=proof.index, size=head.size, root_hash=head.root_hash, proof=proof.hashes
    )
    return signed
