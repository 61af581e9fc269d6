"""The step between a durable transaction and its answers: get the head signed, then prove each event under it."""

import threading
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Engine
from zheng_verifier.merkle import TreeHead

from ledger.ports import Signer
from ledger.reader import SignedHead, read_nodes
from ledger.receipts import Receipt, make_receipt, wanted_nodes
from ledger.sequencer import Placed
from ledger.tree import NodeId, consistency_plan, finish


class HeadSigner:
    """Brings committed heads to the signer and remembers the newest note.

    Nodes come from the transaction just committed where they can, else from the database; what is read there was
    committed too, and a wrong node only makes a proof that the signer refuses.
    """

    def __init__(self, signer: Signer, engine: Engine) -> None:
        self._signer = signer
        self._engine = engine
        self._newest: SignedHead | None = None
        self._mutex = threading.Lock()

    @property
    def newest(self) -> SignedHead | None:
        """The newest head signed in this process; None before the first."""
        return self._newest

    def sign(self, head: TreeHead, nodes: Mapping[NodeId, bytes]) -> SignedHead:
        """Get ``head`` signed, unless the newest signed head is as large.

        Raises:
            LedgerStoppedError: the signer refuses.
            SignerUnavailableError: it cannot remember just now.

        """
        with self._mutex:
            if self._newest is not None and self._newest.size >= head.size:
                return self._newest
            last = self._signer.last()
            plan = consistency_plan(min(last.size, head.size) if last else 0, head.size)
            proof = finish(plan, self._gather(plan.nodes, nodes))
            self._newest = SignedHead(head.size, self._signer.sign(head, proof))
            return self._newest

    def receipts(
        self, placed: Sequence[Placed], head: SignedHead, nodes: Mapping[NodeId, bytes]
    ) -> tuple[Receipt, ...]:
        """Prove each event under ``head``, which covers them all."""
        hashes = self._gather(wanted_nodes(placed, head.size), nodes)
        return tuple(make_receipt(item, head, hashes) for item in placed)

    def _gather(self, wanted: Iterable[NodeId], nodes: Mapping[NodeId, bytes]) -> Mapping[NodeId, bytes]:
        missing = [node for node in wanted if node not in nodes]
        if not missing:
            return nodes
        with self._engine.connect() as connection:
            return {**nodes, **read_nodes(connection, missing)}
