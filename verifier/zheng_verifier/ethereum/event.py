"""The event TreeHeadAnchored of the EvidenceAnchor contract, read from a log.

    event TreeHeadAnchored(bytes32 indexed logId, uint64 indexed treeSize, address indexed publisher,
                           bytes32 rootHash, bytes32 note, uint64 prevTreeSize)

    topics  Keccak-256 of the signature | logId | treeSize | publisher     4 × 32 bytes
    data    rootHash | note | prevTreeSize                                 96 bytes

Numbers are big-endian and addresses right-aligned; the bytes before them must be zero (contract ABI, strict mode).
"""

from dataclasses import dataclass

from zheng_verifier.errors import MalformedError, VerificationError
from zheng_verifier.ethereum.keccak import keccak256
from zheng_verifier.ethereum.receipt import Log
from zheng_verifier.merkle import TreeHead

SIGNATURE = "TreeHeadAnchored(bytes32,uint64,address,bytes32,bytes32,uint64)"
TOPIC = keccak256(SIGNATURE.encode("ascii"))
_DATA_SIZE = 96


@dataclass(frozen=True, slots=True)
class AnchorEvent:
    """A tree head as the contract recorded it.

    ``log_id``, ``root_hash`` and ``note`` are 32 bytes, ``publisher`` 20: the account that called the contract.
    ``note`` is the SHA-256 of the signed note, ``prev_tree_size`` the size anchored before.
    """

    log_id: bytes
    tree_size: int
    publisher: bytes
    root_hash: bytes
    note: bytes
    prev_tree_size: int

    @property
    def head(self) -> TreeHead:
        """The tree head that was anchored."""
        return TreeHead(self.tree_size, self.root_hash)


def _right_aligned(word: bytes, size: int, where: str) -> bytes:
    if any(word[:-size]):
        raise MalformedError(
            "FORMAT_FAILURE", f"an ABI word of {size} bytes has other bytes before them", where
        )
    return word[-size:]


def parse_event(log: Log) -> AnchorEvent:
    """Read TreeHeadAnchored from a log; who emitted it is the caller's question.

    Raises:
        VerificationError: code ANCHOR_MISMATCH: the log is of another event.
        MalformedError: it has the event's signature and another shape.

    """
    if log.topics[:1] != (TOPIC,):
        raise VerificationError("ANCHOR_MISMATCH", "the log is not a TreeHeadAnchored event")
    if len(log.topics) != 4 or len(log.data) != _DATA_SIZE:
        raise MalformedError("FORMAT_FAILURE", "TreeHeadAnchored has 4 topics and 96 bytes of data")
    return AnchorEvent(
        log_id=log.topics[1],
        tree_size=int.from_bytes(_right_aligned(log.topics[2], 8, "treeSize")),
        publisher=_right_aligned(log.topics[3], 20, "publisher"),
        root_hash=log.data[:32],
        note=log.data[32:64],
        prev_tree_size=int.from_bytes(_right_aligned(log.data[64:], 8, "prevTreeSize")),
    )
