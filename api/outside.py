"""The world outside the log, from settings: authorities and chains. One `match` each, where a new kind is added."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import assert_never

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from zheng_verifier.timestamp import TrustedTsa

from anchor.chain_embedded import EmbeddedChain
from anchor.chain_rpc import JsonRpcChain
from anchor.commitment import LogIdentity
from anchor.ethereum import ChainProfile, EthereumAnchor
from anchor.keys import KeyFileSigner
from anchor.ports import ChainIdentity, HeadSource
from anchor.store import AnchorStore
from anchor.tsa_http import HttpLimits, HttpTsa
from anchor.tsa_local import LocalTsa
from anchor.worker import Authority
from api.settings import (
    ChainSettings,
    EmbeddedChainSettings,
    EthereumChainSettings,
    HttpTsaSettings,
    LocalTsaSettings,
    Settings,
    TsaSettings,
)

Clock = Callable[[], datetime]
Random = Callable[[int], bytes]


def open_authorities(settings: Settings, *, clock: Clock, random: Random) -> tuple[Authority, ...]:
    """Make the drivers of all authorities, each with what our policy says of it."""
    return tuple(_authority(each, settings, clock=clock, random=random) for each in settings.tsas)


def _authority(tsa: TsaSettings, settings: Settings, *, clock: Clock, random: Random) -> Authority:
    match tsa:
        case LocalTsaSettings():
            local = LocalTsa(settings.paths.tsa, clock=clock, random=random, name=tsa.name)
            return Authority(local, local.trusted)
        case HttpTsaSettings():
            limits = HttpLimits(deadline=tsa.timeout, private_addresses=tsa.private_addresses)
            return Authority(HttpTsa(tsa.name, tsa.url, limits=limits), _trusted(tsa))
        case _:
            assert_never(tsa)


def _trusted(tsa: HttpTsaSettings) -> TrustedTsa:
    roots = x509.load_pem_x509_certificates(tsa.roots.read_bytes())
    return TrustedTsa(
        name=tsa.name,
        roots=tuple(root.public_bytes(Encoding.DER) for root in roots),
        pins=(),
        policy_oids=tsa.policy_oids,
        imprint_algs=tsa.imprint_algs,
        test=tsa.test,
    )


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
