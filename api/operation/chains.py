"""Chains from settings: one `match`, where a new kind is added. Importing this brings the whole EVM."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import assert_never

from anchor.chain_embedded import EmbeddedChain
from anchor.chain_rpc import JsonRpcChain
from anchor.commitment import LogIdentity
from anchor.ethereum import ChainProfile, EthereumAnchor
from anchor.keys import KeyFileSigner
from anchor.ports import ChainIdentity, HeadSource
from anchor.store import AnchorStore
from api.settings import (
    ChainSettings,
    EmbeddedChainSettings,
    EthereumChainSettings,
    Settings,
)
from api.times import Clock, Random


@contextmanager
def open_chains(
    settings: Settings,
    *,
    log: LogIdentity,
    heads: HeadSource,
    store: AnchorStore,
    clock: Clock,
    random: Random,
) -> Iterator[Sequence[EthereumAnchor]]:
    """Open all chains; the embedded one belongs to this process until the end.

    Raises:
        ChainInUse: another process has the embedded chain.
    """
    with ExitStack() as stack:
        anchors = []
        for chain in settings.chains:
            port, profile, admin, publisher = _chain(chain, settings, stack, clock=clock, random=random)
            anchors.append(
                EthereumAnchor(
                    port=port,
                    profile=profile,
                    admin=admin,
                    publisher=publisher,
                    log=log,
                    heads=heads,
                    store=store,
                    clock=clock,
                )
            )
        yield anchors


def _chain(
    chain: ChainSettings, settings: Settings, stack: ExitStack, *, clock: Clock, random: Random
) -> tuple[EmbeddedChain | JsonRpcChain, ChainProfile, KeyFileSigner, KeyFileSigner]:
    match chain:
        case EmbeddedChainSettings():
            embedded = EmbeddedChain(settings.paths.chain, clock=clock, random=random)
            stack.callback(embedded.close)
            profile = ChainProfile(chain.name, "dev", embedded.identity(), finality=1)
            return embedded, profile, embedded.admin, embedded.publisher
        case EthereumChainSettings():
            profile = ChainProfile(
                chain.name,
                chain.chain_kind,
                ChainIdentity(chain.chain_id, bytes.fromhex(chain.genesis_hash.removeprefix("0x"))),
                finality=chain.finality,
                contract=None if chain.contract is None else bytes.fromhex(chain.contract.removeprefix("0x")),
            )
            admin, publisher = KeyFileSigner.open(chain.admin_key), KeyFileSigner.open(chain.publisher_key)
            return JsonRpcChain(chain.url), profile, admin, publisher
        case _:
            assert_never(chain)
