"""What outside the log's database remembers its heads: asked before anything is signed (DESIGN §6, start-up).

The worker's own store is one, and catches a data folder that was put back; it lies on this machine and counts for
nothing more. The contract on a chain that others run is the real one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from zheng_verifier.merkle import TreeHead

from anchor.commitment import LogIdentity
from anchor.store import AnchorStore
from api.settings import EthereumChainSettings, Settings
from ledger.ports import OutsideMemory


@dataclass(frozen=True, slots=True)
class TakenCheckpoints:
    """The checkpoints that the worker ever took, in a database of its own."""

    store: AnchorStore
    name: str = "the worker's store"
    elsewhere: bool = False

    def latest(self) -> bytes | None:
        """Give the newest note taken."""
        return self.store.newest_note()


@dataclass(frozen=True, slots=True)
class ContractMemory:
    """The head that the contract of one chain holds, asked of its node."""

    chain: EthereumChainSettings
    log: LogIdentity
    store: AnchorStore
    elsewhere: bool = True

    @property
    def name(self) -> str:
        """How errors call it."""
        return f"the contract on {self.chain.name}"

    def latest(self) -> TreeHead | None:
        """Ask the contract; None before it is set up.

        Raises:
            OSError: the node cannot be reached, or is one of another chain.

        """
        from anchor.chain_contract import ChainContract
        from anchor.chain_rpc import JsonRpcChain
        from anchor.ports import ChainError

        deployment = self.store.deployment(self.chain.name)
        if deployment is None or not deployment.ready:
            return None
        port = JsonRpcChain(self.chain.url)
        try:
            found = port.identity()
            genesis = bytes.fromhex(self.chain.genesis_hash.removeprefix("0x"))
            if (found.chain_id, found.genesis_hash) != (self.chain.chain_id, genesis):
                raise OSError(f"the node is of another chain ({found.chain_id})")
            return ChainContract(port, self.log, deployment).head()
        except ChainError as error:
            raise OSError(str(error)) from error


def outside_memories(settings: Settings, log: LogIdentity, store: AnchorStore) -> Iterator[OutsideMemory]:
    """Give every memory of the log's heads that the settings name."""
    yield TakenCheckpoints(store)
    for chain in settings.chains:
        if isinstance(chain, EthereumChainSettings):
            yield ContractMemory(chain, log, store)
